"""The command `cx sources add`: from a file of one's own to a working entry."""

import os
import shlex
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from cxlib import PROJECT, engine, proposing, tables
from cxlib.contracts import InputError
from cxlib.proposing import Line, NotProposedError, Proposal, Question, Sample, quoted

_DEFAULT = Path("data/sources.toml")
_REPORTS = {
    "transactions": "clv segmentation",
    "subscriptions": "churn",
    "subscription_months": "churn",
    "servqual_responses": "servqual_gap",
    "servqual_internal": "servqual_gap",
    "feedback": "satisfaction",
    "indices": "satisfaction",
}
_FORM = ("encoding", "delimiter", "skip_lines", "sheet", "table", "query")
_CANNOT_TELL, _INPUT_ERROR = 2, 3
_SHOWN_LEFT = 30

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Describe files of your own in a sources file.",
)
console = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(highlight=False, markup=False, soft_wrap=True, stderr=True)


@app.callback()
def sources() -> None:
    """Describe files of your own in a sources file."""


@app.command()
def add(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A file with a table, such as orders.csv, or the database env:NAME.",
        ),
    ],
    *,
    name: Annotated[
        str, typer.Option("--input", metavar="NAME", help="Which input it is, if known.")
    ] = "",
    sources_file: Annotated[
        Path,
        typer.Option(
            "--sources",
            metavar="FILE",
            help="Where to write the entry; relative to the project folder.",
        ),
    ] = _DEFAULT,
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--option",
            "-o",
            metavar="KEY=VALUE",
            help="An answer beforehand, such as columns.amount=Total; as often as needed. Each"
            " question names its key.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take proposed answers, and write without asking.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the entry, and write nothing.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the entry in the place of the one there is.")
    ] = False,
) -> None:
    """Look at a file, propose its entry with reasons, ask what it cannot say, write and check it.

    The file itself is never changed.
    """
    path = file
    if not str(file).startswith(engine.BY_NAME):
        path = (Path.cwd() / file if (Path.cwd() / file).exists() else PROJECT / file).resolve()
    target = (PROJECT / sources_file).resolve()
    given = _given(option or [])
    if name:
        given["input"] = name
    asking = _is_at_terminal() and not yes
    try:
        content = proposing.read(target)
        if name and not dry_run:
            # Refused before any question is asked.
            proposing.with_entry(content, name, f"[{proposing.key(name)}]\n", replace=replace)
        proposal, rows = _proposed(path, target, given, yes=yes, asking=asking)
        about = f"Proposed by `cx sources add` from {path.name}, of which {rows} were looked at."
        table = proposing.entry(proposal.input, about, proposal.lines)
        _show(proposal)
        if dry_run:
            console.print(table)
            return
        changed = proposing.with_entry(content, proposal.input, table, replace=replace)
    except NotProposedError as error:
        if error.entry:
            _tell_of_the_door(error, path)
        _refuse(str(error))
    console.print(table)
    if asking and not typer.confirm(f"Write it to {_shown(target)}?", default=True):
        raise typer.Exit(_CANNOT_TELL)
    try:
        proposing.write(target, changed)
    except OSError as error:
        _refuse(f"{target} cannot be written: {error.strerror}.")
    console.print(f"Written to {_shown(target)}. Checking every row ...")
    _check(proposal.input, target)


def _tell_of_the_door(error: NotProposedError, path: Path) -> None:
    """Print what `cx check` says of a file under all that is known of its entry."""
    uri = str(error.entry["uri"])
    prefix = "sqlite:" if uri.startswith("sqlite:") else ""
    by_name = uri.startswith(engine.BY_NAME)
    lines = [
        Line(key, value)
        for key, value in _flat(error.entry | {"uri": uri if by_name else f"{prefix}{path}"})
    ]
    with tempfile.TemporaryDirectory(dir=engine.workspace()) as folder:
        target = Path(folder) / "sources.toml"
        proposing.write(target, proposing.entry(error.input, "Not whole.", lines))
        try:
            tables.load(error.input, target)
        except InputError as refusal:
            if target.name in refusal.file:
                # What is still to be asked.
                return
            # A sources file that is not kept is no place to mend anything.
            told = str(refusal).replace(str(target), "the entry").replace(target.name, "the entry")
            errors.print(f"What cx check says of it:\n{told}\n")


def _flat(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), value


def _is_at_terminal() -> bool:
    return sys.stdin.isatty()


def _given(options: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for typed in options:
        key, equals, text = typed.partition("=")
        if not equals:
            _refuse(f"An option is given as KEY=VALUE, not {typed!r}.")
        if key in given:
            _refuse(f"The option {key!r} is given twice.")
        # A tab cannot be typed at most prompts.
        given[key] = text.replace("\\t", "\t") if key == "delimiter" else text
    return given


def _proposed(
    path: Path, target: Path, given: dict[str, str], *, yes: bool, asking: bool
) -> tuple[Proposal, str]:
    """The whole proposal, all its questions answered, and how many rows were looked at."""
    assumed: set[str] = set()
    looked_at = proposing.sample(path, given)
    while True:
        if looked_at.questions:
            open_questions = looked_at.questions
        else:
            proposal = _propose(looked_at, path, target, given, assumed)
            open_questions = proposal.questions
            if not open_questions:
                rows = f"{len(looked_at.rows):,} rows"
                return proposal, rows if looked_at.whole else f"{rows} (beginning, middle, end)"
        for question in open_questions:
            if yes and question.proposed is not None:
                given[question.key] = question.proposed
                assumed.add(question.key)
            elif asking:
                given[question.key] = _asked(question, looked_at, path, target, given)
        if not asking and (left := [one for one in open_questions if one.key not in assumed]):
            _list(left)
        if looked_at.questions:
            looked_at = proposing.sample(path, given)


def _propose(
    looked_at: Sample,
    path: Path,
    target: Path,
    given: Mapping[str, str],
    assumed: Collection[str] = (),
) -> Proposal:
    return proposing.propose(
        looked_at,
        proposing.columns.of(looked_at),
        _uri(path, target, database="table" in given or "query" in given),
        target.parent,
        given=given,
        assumed=frozenset(assumed),
    )


def _asked(
    question: Question, looked_at: Sample, path: Path, target: Path, given: Mapping[str, str]
) -> str:
    """Ask until the answer can be taken: what is wrong with one is told at once."""
    while True:
        tried = {**given, question.key: _ask(question)}
        try:
            if looked_at.questions:
                proposing.sample(path, tried)
            else:
                _propose(looked_at, path, target, tried)
        except NotProposedError as error:
            if error.entry:
                raise
            console.print(str(error), style="bold red")
            continue
        return tried[question.key]


def _ask(question: Question) -> str:
    """Ask at the terminal: the number of an answer, or another text where that is one."""
    console.print(f"\n{question.text}", style="bold")
    for number, answer in enumerate(question.answers, 1):
        console.print(f"  {number}) {_worded(answer.value)}: {answer.meaning}")
    values = [answer.value for answer in question.answers]
    while True:
        default = question.proposed
        hint = "a number" + (" or another text" if question.free else "")
        typed = typer.prompt(hint, default=default, show_default=bool(default))
        if typed.isdecimal() and 1 <= int(typed) <= len(values):
            return values[int(typed) - 1]
        if question.free or typed in values:
            return str(typed)
        console.print(f"Type a number from 1 to {len(values)}.")


def _worded(value: str) -> str:
    return quoted(value) if value else "nothing"


def _list(questions: list[Question]) -> NoReturn:
    """Name the questions as options to give, and end."""
    errors.print("The file does not say all of it. Answer by option:", style="bold red")
    for question in questions:
        errors.print(f"\n{question.text}")
        for answer in question.answers:
            option = _option(question.key, answer.value)
            proposed = " (proposed: --yes takes it)" if answer.value == question.proposed else ""
            errors.print(f"  {option:<40} {answer.meaning}{proposed}")
        if question.free:
            errors.print(f"  {_option(question.key, '...'):<40} any other")
    raise typer.Exit(_CANNOT_TELL)


def _option(key: str, value: str) -> str:
    if key == "input":
        return f"--input {shlex.quote(value)}"
    return f"--option {shlex.quote(proposing.printable(f'{key}={value}'))}"


def _show(proposal: Proposal) -> None:
    console.print(f"{proposal.input}:", style="bold")
    for ours, column in proposal.mapped.items():
        shown = proposing.samples(ours, column)
        console.print(f"  {ours:<16} {quoted(column.name):<28} such as {shown}")
    for column in proposal.attributes:
        console.print(f"  {'attribute':<16} {quoted(column.name):<28} {len(column.counts)} values")
    if proposal.left:
        names = ", ".join(quoted(column.name) for column in proposal.left[:_SHOWN_LEFT])
        more = f" and {len(proposal.left) - _SHOWN_LEFT} others" * (
            len(proposal.left) > _SHOWN_LEFT
        )
        console.print(f"  {'not taken':<16} {names}{more}")
    console.print()


def _check(name: str, target: Path) -> None:
    try:
        table = tables.load(name, target)
    except InputError as error:
        errors.print(str(error))
        errors.print(
            "\nThe entry is written, but the file cannot be used yet. Mend it as told, and run"
            f" cx check{_sources(target, '--sources ')}."
        )
        raise typer.Exit(_INPUT_ERROR) from error
    for line in table.summary.astype("string").fillna("").itertuples(index=False):
        console.print(f"  {line.kind:<12}{line.rows:>10}  {line.what}")
    console.print(f"\n{next_command([name], target)}")


def next_command(names: Iterable[str], target: Path) -> str:
    """The command that makes the reports on these inputs."""
    reports = dict.fromkeys(report for name in names for report in _REPORTS[name].split())
    return f"Next: cx run {' '.join(reports)}{_sources(target, '-p sources=')}"


def _sources(target: Path, option: str) -> str:
    """The option that names a sources file, "" for the usual one."""
    usual = target == (PROJECT / _DEFAULT).resolve()
    return "" if usual else f" {option}{shlex.quote(_shown(target))}"


def _shown(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else str(path)


def _uri(path: Path, target: Path, *, database: bool) -> str:
    """The path of a file as an entry gives it: from the folder of the sources file if near."""
    if str(path).startswith(engine.BY_NAME):
        return str(path)
    if database:
        return f"sqlite:{Path(os.path.relpath(path, target.parent)).as_posix()}"
    near = path.is_relative_to(target.parent) or path.is_relative_to(PROJECT)
    return Path(os.path.relpath(path, target.parent)).as_posix() if near else path.as_posix()


def _refuse(message: str) -> NoReturn:
    errors.print(message, style="bold red")
    raise typer.Exit(_CANNOT_TELL)
