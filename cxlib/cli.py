"""The command `cx`: run the reports, check the inputs, list the parameters.

Everything is imported when the module is: even `cx --help` takes the seconds that papermill needs
for that, and no import is hidden in a function.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer
from rich.console import Console

from cxlib import PROJECT, checking, cli_sources, increments, pages, runs, tables
from cxlib.contracts import InputError
from cxlib.privacy import pseudonyms

EXIT_CODES = (
    "Exit codes: 0 all is well; 1 a fault of this program; 2 an unknown report or parameter, a "
    "value that does not fit, or a place where nothing can be written; 3 an input is not as it "
    "must be; 4 a notebook failed; 5 a time limit was reached; 6 a kernel died; 7 out of memory; "
    "8 disk full; 128 + n stopped by signal n. Of several, 1 comes first, then the highest."
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Customer-experience reports from the notebooks of this project.",
    epilog=EXIT_CODES,
)
app.add_typer(cli_sources.app, name="sources", epilog=EXIT_CODES)
console = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(highlight=False, markup=False, soft_wrap=True, stderr=True)


# The help of `run` is an option of its own, for what it lists hangs on the reports that are named.
@app.command(epilog=EXIT_CODES, context_settings={"help_option_names": []})
def run(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="Reports, such as clv; none named: all.")
    ] = None,
    *,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="As often as needed."),
    ] = None,
    suite: Annotated[
        Path | None,
        typer.Option("--suite", metavar="FILE", help="A suite.toml that names the reports."),
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option("--reports", metavar="FOLDER", help="Where to publish; else reports/."),
    ] = None,
    time_limit_seconds: Annotated[int, typer.Option(min=1, help="Limit for each report.")] = 600,
    cell_time_limit_seconds: Annotated[
        int | None, typer.Option(min=1, help="Limit for each cell; else that of the report.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Reports made at a time; else one a processor.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but what failed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Tell each event as JSON.")] = False,
    names_only: Annotated[
        bool, typer.Option("--list", help="Name the reports, one a line, and make none.")
    ] = False,
    show_help: Annotated[
        bool, typer.Option("--help", help="Show this and the parameters of the named reports.")
    ] = False,
) -> None:
    """Make reports and publish them on reports/index.html."""
    if show_help:
        typer.echo(context.get_help())
        if names:
            _describe(names)
        return
    texts = _texts(parameter or [])
    if names_only:
        _list(names or [], texts, suite)
        return
    limits = runs.Limits(time_limit_seconds, cell_time_limit_seconds)
    with contextlib.ExitStack() as stack:
        tell = runs.tell_nothing
        if as_json:
            tell = runs.tell_json
        elif not quiet:
            tell = stack.enter_context(runs.Lines(console))
        try:
            done = runs.run(
                names or [],
                texts,
                suite=suite,
                notebooks=PROJECT / "notebooks",
                reports=reports or PROJECT / "reports",
                workers=workers,
                limits=limits,
                tell=tell,
            )
        except (runs.ParameterError, runs.DiskFullError, runs.Stopped) as error:
            stack.close()
            _end(error, tell)
    # Nobody may be listening any more: the exit code still tells.
    with contextlib.suppress(OSError):
        for name, cause in done.causes.items():
            where = f", cell {cause.cell}" if cause.cell else ""
            errors.print(f"\n{name}: {cause.status}{where}", style="bold red")
            errors.print(cause.message)
        if not (quiet or as_json):
            console.print(f"\n{done.index}")
    _close_output()
    raise typer.Exit(done.exit_code)


@app.command(epilog=EXIT_CODES)
def verify(
    run: Annotated[str, typer.Argument(help="A run, as its folder or its name in reports/.")],
) -> None:
    """Tell whether every byte of a published run is as it was published."""
    folder = Path(run) if Path(run).is_dir() else PROJECT / "reports" / run
    try:
        problems = runs.verify(folder)
    except runs.ParameterError as error:
        _refuse(str(error))
    for problem in problems:
        errors.print(problem, style="bold red")
    if problems:
        raise typer.Exit(runs.EXIT_CODES["input error"])
    console.print(f"{folder.name}: every file is as it was published.")


@app.command(epilog=EXIT_CODES)
def check(
    sources: Annotated[
        Path,
        typer.Option(
            "--sources",
            metavar="FILE",
            help="Which file is which input; relative to the project folder.",
        ),
    ] = Path("data/sources.toml"),
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Tell it as JSON: docs/schemas/check.schema.json.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as one HTML page.")
    ] = None,
    language: Annotated[
        Literal["en", "fa"], typer.Option("--language", help="The language of that page.")
    ] = "en",
) -> None:
    """Read every input as a report would, and tell its rows, period, repairs and errors."""
    if as_json and html:
        _refuse("Give --json or --html, not both.")
    found = checking.check(sources)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    elif html:
        try:
            html.write_text(pages.inputs(found, language), encoding="utf-8")
        except OSError as error:
            _refuse(f"{html} cannot be written: {error.strerror}.")
        console.print(html.resolve())
    else:
        for one in found["inputs"]:
            screen = errors if one["errors"] else console
            screen.print(checking.described(one), soft_wrap=False)
        if usable := [one["input"] for one in found["inputs"] if not one["errors"]]:
            console.print(cli_sources.next_command(usable, (PROJECT / sources).resolve()))
    raise typer.Exit(runs.EXIT_CODES["input error"] if found["status"] == checking.REFUSED else 0)


@app.command(epilog=EXIT_CODES)
def histories(
    folder: Annotated[Path, typer.Argument(help="Where they are kept.")],
    sources: Annotated[
        Path,
        typer.Option(
            "--sources",
            metavar="FILE",
            help="Which file the purchases are; relative to the project folder.",
        ),
    ] = Path("data/sources.toml"),
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Begin again, with these purchases alone.")
    ] = False,
) -> None:
    """Add the purchases of later days to histories that are kept, one row a customer."""
    try:
        table = tables.load("transactions", sources)
        kept = (increments.rebuild if rebuild else increments.add)(folder, table)
    except (InputError, increments.IncrementError) as error:
        errors.print(str(error), style="bold red")
        raise typer.Exit(runs.EXIT_CODES["input error"]) from None
    console.print(increments.described(kept))


@app.command(epilog=EXIT_CODES)
def pseudonym(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(pseudonyms.ID_COLUMNS)}.")],
    ids: Annotated[list[str], typer.Argument(help="Ids as they stand in the data.")],
) -> None:
    """Tell under which pseudonyms ids stand in reports, by the key in CX_PSEUDONYM_KEY."""
    try:
        key = pseudonyms.environment_key()
        names = pseudonyms.Pseudonyms(key, "environment", are_ids=False).names(kind, ids)
    except ValueError as error:
        _refuse(str(error))
    for one, name in zip(ids, names, strict=True):
        console.print(f"{one}  {name}" if len(ids) > 1 else name)


@app.command(epilog=EXIT_CODES)
def parameters(
    names: Annotated[
        list[str] | None, typer.Argument(help="Reports, such as clv; none named: all.")
    ] = None,
) -> None:
    """List the parameters of reports: what each takes, its default and its meaning."""
    _describe(names or [])


def _list(names: list[str], texts: dict[str, str], suite: Path | None) -> None:
    try:
        planned = runs.planned(names, texts, suite=suite, notebooks=PROJECT / "notebooks")
    except runs.ParameterError as error:
        _refuse(str(error))
    typer.echo("\n".join(planned))


def _describe(names: list[str]) -> None:
    try:
        chosen = runs.choose(names, PROJECT / "notebooks")
        described = [f"{name}\n{runs.describe(path)}" for name, path in chosen.items()]
    except runs.ParameterError as error:
        _refuse(str(error))
    console.print("\n\n".join(described))


def _close_output() -> None:
    """Let a full disk or a closed pipe below standard output not become the exit code."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _texts(typed: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for text in typed:
        name, equals, value = text.partition("=")
        if not equals:
            _refuse(f"A parameter is given as NAME=VALUE, not {text!r}.")
        if name in texts:
            _refuse(f"The parameter {name!r} is given twice.")
        texts[name] = value
    return texts


def _end(error: Exception | runs.Stopped, tell: runs.Tell) -> NoReturn:
    """End as an error of the run wants it: told once, with its exit code."""
    tell(runs.Event("refused", message=str(error)))
    errors.print(str(error), style="bold red")
    if isinstance(error, runs.Stopped):
        raise typer.Exit(error.exit_code)
    full = isinstance(error, runs.DiskFullError)
    raise typer.Exit(runs.EXIT_CODES["disk full" if full else "parameter error"])


def _refuse(message: str) -> NoReturn:
    errors.print(message, style="bold red")
    raise typer.Exit(2)
