"""The parameters of a notebook: what its parameters cell declares, and values read by it."""

import ast
import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import papermill

Value = str | int | float | bool


class ParameterError(ValueError):
    """A report or a parameter was asked for that does not exist, or its value does not fit."""


@dataclass(frozen=True)
class Parameter:
    """A line of a notebook's parameters cell."""

    name: str
    type: str
    default: Value
    help: str

    def __str__(self) -> str:
        return f"{self.name}: {self.type} = {self.default!r}  {self.help}".rstrip()


def declared_parameters(notebook: Path) -> dict[str, Parameter]:
    """What the notebook's parameters cell declares, by name and in its order.

    Raises ParameterError when a default is not a literal.
    """
    declared = {}
    for name, one in papermill.inspect_notebook(str(notebook)).items():
        try:
            default = ast.literal_eval(one["default"])
        except (SyntaxError, ValueError):
            raise ParameterError(
                f"{notebook.name}: the default of {name} is not a literal: {one['default']}"
            ) from None
        declared[name] = Parameter(name, one["inferred_type_name"], default, one["help"])
    return declared


def read_value(text: str, parameter: Parameter) -> Value:
    """Read a text by the parameter's declared type; a str stays as typed ("007")."""
    try:
        if parameter.type == "str":
            return text
        if parameter.type == "int":
            return int(text)
        if parameter.type == "float" and math.isfinite(float(text)):
            return float(text)
        if parameter.type == "bool":
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError):
        pass
    fit = {"int": "a whole number", "float": "a number", "bool": "true or false"}
    raise ParameterError(
        f"{parameter.name} is {fit.get(parameter.type, parameter.type)}, not {text!r}.\n"
        f"  {parameter}"
    )


def closest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else "."
