"""The parameters of a notebook: what its parameters cell declares, and values checked by it.

The cell is read here and not by papermill, which passes over lines that it cannot read, such as one
with two "=", and takes a "#" in a text for the help. What it does read is read alike.
"""

import ast
import datetime as dt
import difflib
import io
import json
import math
import os
import reprlib
import shutil
import textwrap
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxlib import PROJECT
from cxlib.runs import dates
from cxlib.runs.domains import Domain, read_domain, split_help

Value = str | int | float | bool

_TYPES = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}
# The words that the sources file takes for a column of truth values.
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_KINDS = {
    "date": "a date (2026-03-31, month-end, -3 months)",
    "file": "a file (relative to the project folder)",
    "folder": "a folder (relative to the project folder)",
}
_HOW_TO_DECLARE = "write name: type = value  # help [what it takes]"
_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60
_FREE = Domain()


class ParameterError(ValueError):
    """A report or a parameter was asked for that does not exist, or its value does not fit."""


@dataclass(frozen=True)
class Parameter:
    """A line of a notebook's parameters cell: `horizon_weeks: int = 52  # weeks [1 to 520]`."""

    name: str
    type: str
    default: Value
    help: str
    domain: Domain = _FREE

    @property
    def takes(self) -> str:
        """What it takes, as "a whole number, 1 to 520"."""
        domain, or_empty = self.domain, " or empty" if "" in self.domain.choices else ""
        if domain.kind:
            return f"{_KINDS[domain.kind]}{or_empty}"
        if domain.choices:
            return domain.text
        return f"{_TYPES[self.type]}{', ' if domain.text else ''}{domain.text}"


def declared_parameters(notebook: Path) -> dict[str, Parameter]:
    """What the notebook's parameters cell declares, by name and in its order.

    A line is `name: type = value  # help [domain]`, of type str, int, float or bool, the value a
    literal within the domain (`cxlib.runs.domains`); a date is written out there, for a notebook
    also runs without `cx`. Raises ParameterError naming the notebook and the line otherwise.
    """
    declared: dict[str, Parameter] = {}
    cell = _parameters_cell(notebook)
    try:
        statements = ast.parse(cell).body
    except SyntaxError as error:
        raise _undeclared(notebook, error.text or "", error.msg) from None
    comments = {
        token.start[0]: token.string.lstrip("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(cell).readline)
        if token.type == tokenize.COMMENT
    }
    for statement in statements:
        try:
            one = _declared(statement, comments.get(statement.end_lineno or 0, ""))
        except ValueError as error:
            raise _undeclared(notebook, ast.unparse(statement), str(error)) from None
        declared[one.name] = one
    return declared


def read_value(text: str, parameter: Parameter, today: dt.date) -> Value:
    """A value as typed, read by the parameter's type and within its domain; a date as ISO text.

    Text stays as typed ("007"). Numbers and dates may be in digits of any script. `today` is what
    relative dates count from. Raises ParameterError in one line that tells what it takes.
    """
    value: object = None
    try:
        if parameter.type == "str":
            value = text
        elif parameter.type == "bool":
            value = _TRUTH.get(text.strip().lower())
        elif parameter.type == "int":
            value = int(dates.latin_digits(text))
        else:
            value = float(dates.latin_digits(text))
    except ValueError:
        pass
    return _checked(value, parameter, today, text)


def check_value(value: object, parameter: Parameter, today: dt.date) -> Value:
    """As `read_value` for a value that has a type already, as from a TOML file.

    A whole number does for a float and a date for a [date]; nothing else is converted.
    """
    given = value
    if type(value) is dt.date and parameter.domain.kind == "date":
        value = value.isoformat()
    if type(value) is int and parameter.type == "float":
        try:
            value = float(value)
        except OverflowError:
            value = None
    return _checked(value, parameter, today, given)


def closest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else "."


def describe(notebook: Path) -> str:
    """The notebook's question and what can be set: what each takes, its default and its help.

    Without output_dir: where a report is written is settled by the run.
    """
    declared = declared_parameters(notebook)
    declared.pop("output_dir", None)
    columns = min(shutil.get_terminal_size().columns, 100)
    lines = [*textwrap.wrap(_title(notebook), columns), ""]
    indent = " " * (max(map(len, declared), default=0) + 4)
    for one in declared.values():
        default = one.default if isinstance(one.default, str) else json.dumps(one.default)
        first = f"  {one.name}".ljust(len(indent)) + f"{one.takes}; default {default or 'empty'}"
        for part in (first, indent + one.help):
            lines += textwrap.wrap(part, columns, subsequent_indent=indent)
    if any(one.domain.kind == "date" for one in declared.values()):
        lines += ["", *textwrap.wrap(f"Relative dates: {dates.RELATIVE}.", columns)]
    return "\n".join(lines)


def _checked(value: object, parameter: Parameter, today: dt.date, given: object) -> Value:
    domain, why = parameter.domain, ""
    if not _is_unicode(value):
        why = "it is not in UTF-8"
    elif type(value).__name__ == parameter.type and isinstance(value, str | int | float):
        if _is_within(value, domain):
            return value
        try:
            if domain.kind == "date":
                return dates.resolve(str(value), today).isoformat()
        except ValueError as error:
            why = str(error)
        why = why or _hint(value, domain)
    raise ParameterError(
        f"{parameter.name} takes {parameter.takes}, not {_SHOWN.repr(given)}"
        f"{' (' if why else ''}{why}{')' if why else ''}"
        f"{': ' if parameter.help else ''}{parameter.help}"
    )


def _is_within(value: Value, domain: Domain) -> bool:
    """Whether it can be taken as it stands; a date that is not empty is yet to be resolved."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if value and domain.kind in ("file", "folder"):
        is_there = os.path.isfile if domain.kind == "file" else os.path.isdir
        return _is_inside(str(value)) and is_there(PROJECT / str(value))
    if isinstance(value, str):
        return not domain.text or value in domain.choices
    return not domain.ranges or any(value in one for one in domain.ranges)


def _is_inside(path: str) -> bool:
    """Whether a path is one of the project's by its name, so that nobody else chooses what is read.

    A link in the project is taken for what it names: who put it there chose that. After a link ".."
    would lead elsewhere, so it is never taken.
    """
    named = PROJECT / path
    return named.is_relative_to(PROJECT) and ".." not in named.parts


def _is_unicode(value: object) -> bool:
    """Whether it is no text, or one that can be written: no bytes that the terminal made up."""
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _hint(value: Value, domain: Domain) -> str:
    if value == "empty" and "" in domain.choices:
        return 'empty is ""'
    if value and domain.kind in ("file", "folder"):
        if _is_inside(str(value)):
            return f"there is no such {domain.kind}"
        return "it is outside the project folder: copy or link it there"
    if isinstance(value, float) and value > 1 and _is_within(value / 100, domain):
        return f"{value:g} % is {value / 100:g}"
    return ""


def _declared(statement: ast.stmt, comment: str) -> Parameter:
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
        raise ValueError(_HOW_TO_DECLARE)
    type_name = ast.unparse(statement.annotation)
    if type_name not in _TYPES or statement.value is None:
        raise ValueError(f"{_HOW_TO_DECLARE}, the type one of {', '.join(_TYPES)}")
    try:
        default: Any = ast.literal_eval(statement.value)
    except (TypeError, ValueError):
        raise ValueError("its value is not a literal") from None
    says, takes = split_help(comment)
    one = Parameter(statement.target.id, type_name, default, says, read_domain(takes, type_name))
    _check_default(one)
    return one


def _check_default(one: Parameter) -> None:
    domain, default = one.domain, one.default
    if domain.kind == "date" and isinstance(default, str):
        is_fit = default in domain.choices or _is_iso(default)
    elif domain.kind:
        # Whether the file is there is seen when it is read.
        is_fit = isinstance(default, str) and (bool(default) or "" in domain.choices)
    else:
        number = type(default) is int and one.type == "float"
        is_fit = (type(default).__name__ == one.type or number) and _is_within(default, domain)
    if not is_fit:
        raise ValueError(f"its value is not {one.takes}")


def _is_iso(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _undeclared(notebook: Path, line: str, why: str) -> ParameterError:
    return ParameterError(
        f"{notebook.name}: the parameters line {line.strip()!r} cannot be read: {why}."
    )


def _cells(notebook: Path) -> list[dict[str, Any]]:
    try:
        return json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ParameterError(f"{notebook.name} is no notebook that can be read: {error}.") from None


def _parameters_cell(notebook: Path) -> str:
    for cell in _cells(notebook):
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            return "".join(cell["source"])
    return ""


def _title(notebook: Path) -> str:
    for cell in _cells(notebook):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and source.startswith("# "):
            return source.partition("\n")[0].removeprefix("# ").strip()
    return notebook.stem
