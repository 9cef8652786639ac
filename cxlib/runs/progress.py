"""What a run tells while it goes on, for people, logs and programs."""

import json
import sys
import time
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Literal, Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

Kind = Literal["started", "step", "finished", "resumed", "published", "warning", "refused"]


@dataclass(frozen=True)
class Event:
    """Something that happened in a run.

    `text` is the step for "step", the status for "finished", the run that was taken over for
    "resumed", the place of the index for "published"; `message` says what is wrong for "warning",
    "refused" and a report that "finished" with a failure; `expected_seconds` is what the report
    took last time, if it is known.
    """

    kind: Kind
    report: str = ""
    text: str = ""
    elapsed_seconds: float = 0.0
    expected_seconds: float | None = None
    message: str = ""


def tell_nothing(event: Event) -> None:
    """Keep still."""


def tell_json(event: Event, stream: TextIO | None = None) -> None:
    """Write an event as a line of JSON, on standard output when no stream is given."""
    content = asdict(event) | {"elapsed_seconds": round(event.elapsed_seconds, 1)}
    print(json.dumps(content, ensure_ascii=False), file=stream or sys.stdout, flush=True)


class Lines:
    """A line when a report starts and when it ends; on a terminal also the step it is in.

    Used as a context manager, so that the terminal is left tidy whatever happens.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._now: dict[str, tuple[Event, float]] = {}
        live = console.is_terminal and not console.is_dumb_terminal
        self._live = self._screen() if live else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, event: Event) -> None:
        """Tell an event."""
        if event.kind in ("started", "step"):
            self._now[event.report] = (event, time.monotonic() - event.elapsed_seconds)
        else:
            self._now.pop(event.report, None)
        if event.kind == "started" and not self._live:
            self._console.print(f"{event.report}: started{_expected(event)}")
        elif event.kind == "finished":
            self._console.print(f"{event.report}: {event.text}, {event.elapsed_seconds:.1f} s")
        elif event.kind == "resumed":
            self._console.print(f"{event.report}: was finished by run {event.text}; taken over")
        elif event.kind == "warning":
            self._console.print(f"warning: {event.message}")

    def _screen(self) -> Live:
        return Live(
            console=self._console,
            get_renderable=self._table,
            refresh_per_second=4,
            transient=True,
        )

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for event, begun in list(self._now.values()):
            step = event.text if event.kind == "step" else "starting"
            clock = f"{time.monotonic() - begun:.0f} s{_expected(event)}"
            table.add_row(Text(event.report, style="bold"), Text(step), Text(clock, style="dim"))
        return table


def _expected(event: Event) -> str:
    seconds = event.expected_seconds
    return "" if seconds is None else f" (last time {seconds:.0f} s)"
