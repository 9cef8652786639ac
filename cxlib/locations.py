"""Where an input lies: a file, a folder, or a database, which then says what to read of it."""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxlib import engine

_SQLITE = "sqlite:"
_WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_SELECTING = ("table", "query", "bind")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def path_of(uri: str, folder: Path) -> Path:
    """The path of a file, a folder or an SQLite file; "env:NAME" as it stands.

    `folder`: that of the sources file, from which paths count.
    """
    if uri.startswith(engine.BY_NAME):
        return Path(uri)
    return (folder / uri.removeprefix(_SQLITE)).resolve()


def problems(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with `uri` and the keys that go with it, and how to mend it.

    The text of a `uri` that may hold a password is in no message.
    """
    uri = entry["uri"]
    if "://" in uri or uri.startswith("sqlite:/"):
        remedy = (
            'put the URL into a variable of the environment and write its name, like uri = "env:'
            'SHOP_DATABASE_URL"; for an SQLite file write uri = "sqlite:raw/shop.db"'
        )
        return [("uri holds a URL, which may hold a password", remedy)]
    if uri.startswith((_SQLITE, engine.BY_NAME)):
        return _database_problems(entry)
    found = [
        (f"{key} is given, but uri names no database", 'write uri = "sqlite:..." or "env:..."')
        for key in _SELECTING
        if key in entry
    ]
    if "sheet" in entry and not uri.lower().endswith(_WORKBOOKS):
        found.append(("sheet is given, but uri names no workbook", "take it out, or correct uri"))
    return found


def _database_problems(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    name = entry["uri"].removeprefix(engine.BY_NAME)
    if name != entry["uri"] and not _VARIABLE.fullmatch(name):
        remedy = 'write the name of a variable of the environment, like "env:SHOP_DATABASE_URL"'
        # Whoever wrote something else may have written the secret.
        found.append(('uri = "env:..." has no name of a variable', remedy))
    given = [key for key in ("table", "query") if key in entry]
    if len(given) != 1:
        remedy = 'write table = "...", or query = "SELECT ..."'
        found.append((f"{' and '.join(given) or 'neither table nor query'} given", remedy))
    bind = entry.get("bind", {})
    if not isinstance(bind, dict) or not all(map(_is_bindable, bind.values())):
        found.append((f"bind = {bind!r}", "write values by name, like { since = 2024-01-01 }"))
    elif "query" in entry and (wrong := engine.query_problem(entry["query"], bind)):
        found.append((wrong, "write one SELECT, with a :name for each value of bind"))
    elif bind and "query" not in entry:
        found.append(("bind is given without query", "take it out, or write a query"))
    found += [
        (f"{key} is given, but uri names a database", "take it out")
        for key in ("sheet", "encoding", "delimiter", "skip_lines")
        if key in entry
    ]
    return found


def _is_bindable(value: object) -> bool:
    return isinstance(value, str | int | float | datetime.date) and not isinstance(value, bool)
