"""How long a notebook may take."""

import time
from dataclasses import dataclass

START_SECONDS = 60.0


@dataclass(frozen=True)
class Limits:
    """How long a notebook may take, once its kernel has started, and each cell (None: no limit)."""

    report_seconds: float
    cell_seconds: float | None = None


class Deadline:
    """When the running step must have ended, on a clock that nobody sets; and what it is called."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._report = float("inf")
        self.at = time.monotonic() + START_SECONDS
        self.message = f"No kernel has started within {START_SECONDS:g} s."

    def begin_report(self) -> None:
        self._report = time.monotonic() + self._limits.report_seconds
        self.at = self._report

    def begin_cell(self) -> None:
        self.at, what, seconds = self._report, "report", self._limits.report_seconds
        if self._limits.cell_seconds is not None:
            cell = time.monotonic() + self._limits.cell_seconds
            if cell < self.at:
                self.at, what, seconds = cell, "cell", self._limits.cell_seconds
        self.message = f"The time limit for a {what}, {seconds:g} s, was reached."

    @property
    def left(self) -> float:
        return max(0.0, self.at - time.monotonic())
