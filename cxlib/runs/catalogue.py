"""The reports there are, by the names of their notebooks."""

import re
from collections.abc import Sequence
from pathlib import Path

from cxlib.runs.parameters import ParameterError, closest


def find(notebooks: Path) -> dict[str, Path]:
    """The reports there are, in order: 05_clv.ipynb makes clv; other names make no report.

    Raises ParameterError when two notebooks make a report of the same name.
    """
    found: dict[str, Path] = {}
    for path in sorted(notebooks.glob("*.ipynb")):
        if name := re.fullmatch(r"\d+_(\w+)", path.stem):
            if name[1] in found:
                both = f"{found[name[1]].name} and {path.name}"
                raise ParameterError(f"{both} both make the report {name[1]!r}: rename one.")
            found[name[1]] = path
    return found


def choose(names: Sequence[str], notebooks: Path) -> dict[str, Path]:
    """The notebooks of the named reports (none named: all) in the order of `find`.

    Raises ParameterError, with the closest name, for a report that does not exist.
    """
    available = find(notebooks)
    if not available:
        raise ParameterError(f"There is no notebook in {notebooks}.")
    for name in names:
        if name not in available:
            raise ParameterError(
                f"There is no report {name!r}{closest(name, available)} "
                f"Reports: {', '.join(available)}"
            )
    return {name: path for name, path in available.items() if not names or name in names}
