"""The command `cx`: run the reports, check the inputs, list the parameters.

Everything is imported when the module is: even `cx --help` takes the seconds that papermill needs
for that, and no import is hidden in a function.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cxlib import PROJECT, runs, tables

EXIT_CODES = (
    "Exit codes: 0 all is well; 1 a fault of this program; 2 an unknown report or parameter, or a "
    "value that does not fit; 3 an input is not as it must be; 4 a notebook "
    "failed; 5 a kernel died or the time limit was reached. Of several, 1 comes first, then the "
    "highest."
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Customer-experience reports from the notebooks of this project.",
    epilog=EXIT_CODES,
)
console = Console(highlight=False, markup=False, soft_wrap=True)
errors = Console(highlight=False, markup=False, soft_wrap=True, stderr=True)


@app.command(epilog=EXIT_CODES)
def run(
    names: Annotated[
        list[str] | None, typer.Argument(help="Reports, such as clv; none named: all.")
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="As often as needed."),
    ] = None,
    time_limit_seconds: Annotated[int, typer.Option(min=1, help="Limit for each report.")] = 600,
) -> None:
    """Make reports and publish them on reports/index.html."""
    texts = {}
    for text in parameter or []:
        name, equals, value = text.partition("=")
        if not equals:
            _refuse(f"A parameter is given as NAME=VALUE, not {text!r}.")
        if name in texts:
            _refuse(f"The parameter {name!r} is given twice.")
        texts[name] = value
    try:
        done = runs.run(
            names or [],
            texts,
            notebooks=PROJECT / "notebooks",
            reports=PROJECT / "reports",
            time_limit_seconds=time_limit_seconds,
            tell=console.print,
        )
    except runs.ParameterError as error:
        _refuse(str(error))
    for name, cause in done.causes.items():
        where = f", cell {cause.cell}" if cause.cell else ""
        errors.print(f"\n{name}: {cause.status}{where}", style="bold red")
        errors.print(cause.message)
    console.print(f"\n{done.index}")
    raise typer.Exit(done.exit_code)


@app.command(epilog=EXIT_CODES)
def check(
    sources: Annotated[
        Path, typer.Argument(help="Which file is which input; relative to the project folder.")
    ] = Path("data/sources.toml"),
) -> None:
    """Read every input as a report would, and tell its rows, period, repairs and errors."""
    try:
        outcomes = tables.check(sources)
    except tables.InputError as error:
        outcomes = {"sources": error}
    failed = False
    for name, outcome in outcomes.items():
        if isinstance(outcome, tables.InputError):
            failed = True
            errors.print(f"{name}: input error", style="bold red")
            errors.print(f"{outcome}\n")
        else:
            console.print(f"{name}: {outcome.rows:,} rows", style="bold")
            for line in outcome.summary.astype("string").fillna("").itertuples(index=False):
                console.print(f"  {line.kind:<12}{line.rows:>10}  {line.what}")
            console.print()
    raise typer.Exit(runs.EXIT_CODES["input error"] if failed else 0)


@app.command(epilog=EXIT_CODES)
def parameters(name: Annotated[str, typer.Argument(help="A report, such as clv.")]) -> None:
    """List the parameters of a report: type, default and meaning."""
    try:
        notebook = runs.choose([name], PROJECT / "notebooks")[name]
    except runs.ParameterError as error:
        _refuse(str(error))
    for one in runs.declared_parameters(notebook).values():
        console.print(str(one))


def _refuse(message: str) -> None:
    errors.print(message, style="bold red")
    raise typer.Exit(2)
