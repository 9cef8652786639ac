"""The reports there are, by the names of their notebooks."""

import re
from collections.abc import Sequence
from pathlib import Path

from cxlib.runs.parameters import ParameterError, closest


def find(notebooks: Path) -> dict[str, Path]:
    """The reports there are, in order: 05_clv.ipynb makes clv; other names make no report."""
    names = {path: re.fullmatch(r"\d+_(\w+)", path.stem) for path in notebooks.glob("*.ipynb")}
    return {name[1]: path for path, name in sorted(names.items()) if name}


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
