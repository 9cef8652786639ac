"""An entry as TOML, and a sources file with it: everything else stays byte for byte."""

import datetime
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxlib.proposing.drafts import Line
from cxlib.proposing.questions import NotProposedError, printable

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 98


def key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else text(name)


def text(value: str) -> str:
    """A TOML string on one line."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{printable(escaped)}"'


def value(content: Any) -> str:
    if isinstance(content, str):
        return text(content)
    if isinstance(content, datetime.date):
        return content.isoformat()
    if isinstance(content, list):
        items = [value(one) for one in content]
        short = f"[{', '.join(items)}]"
        return short if len(short) <= _WIDTH - 20 else "[\n    " + ",\n    ".join(items) + ",\n]"
    return json.dumps(content)


def comment(reason: str) -> list[str]:
    """A comment in lines of some length, whatever stands in the text."""
    lines, line = [], "#"
    for word in printable(reason).split(" "):
        if len(line) + len(word) + 1 > _WIDTH and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def entry(name: str, about: str, lines: Sequence[Line]) -> str:
    """The table of an input: every line with its reason above it."""
    written = [*comment(about), f"[{key(name)}]"]
    last = ""
    for line in lines:
        if line.reason and line.reason != last:
            written += comment(f"{'.'.join(line.key[:2])}: {line.reason}")
        last = line.reason
        written.append(f"{'.'.join(map(key, line.key))} = {value(line.value)}")
    return "\n".join(written) + "\n"


def with_entry(content: str, name: str, table: str, *, replace: bool) -> str:
    """The text of a sources file with a new entry at its end, or in the place of the old one.

    Raises NotProposedError where there is an entry of this name and `replace` is not asked for, or
    where the file is no sources file that an entry can be added to.
    """
    described = _parsed(content)
    if "from" in described:
        raise NotProposedError(
            "The sources file narrows another one down (from): add the entry to that one."
        )
    newline = "\r\n" if "\r\n" in content else "\n"
    own = table.replace("\n", newline)
    if name not in described:
        gap = "" if not content.strip() else newline if content.endswith("\n") else 2 * newline
        changed = content + gap + own
    elif not replace:
        raise NotProposedError(
            f"The sources file has an entry [{name}] already. Give --replace to put the new one"
            " in its place, or --sources FILE for a file of your own."
        )
    else:
        changed = _replaced(content, name, own)
    wanted = described | tomllib.loads(table)
    if _parsed(changed) != wanted:
        raise NotProposedError(
            f"[{name}] is written so that it cannot be replaced alone: take it out by hand first."
        )
    return changed


def _parsed(content: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise NotProposedError(
            f"The sources file is not TOML: {error}. Correct it there."
        ) from error


def _replaced(content: str, name: str, own: str) -> str:
    """The text with the table of an input, and those within it, taken out and `own` put there."""
    lines = re.findall(r"[^\n]*\n|[^\n]+$", content)
    starts = [
        (number, table)
        for number, line in enumerate(lines)
        if line.lstrip(" \t").startswith("[") and (table := _header(lines, number)) is not None
    ]
    kept: list[str] = []
    put = False
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    kept += lines[: starts[0][0]] if starts else lines
    for (number, table), end in zip(starts, ends, strict=True):
        section = lines[number:end]
        if table != name:
            kept += section
            continue
        # Comments and blank lines above the next table belong to that.
        last = max(i for i, line in enumerate(section) if line.strip() and not _is_comment(line))
        kept += [] if put else [own]
        kept += section[last + 1 :]
        put = True
    return "".join(kept)


def _is_comment(line: str) -> bool:
    return line.lstrip(" \t").startswith("#")


def _header(lines: Sequence[str], number: int) -> str | None:
    """The input whose table a line begins; None where the line is within a longer value."""
    try:
        tomllib.loads("".join(lines[:number]).removeprefix("\ufeff"))
        return next(iter(tomllib.loads(lines[number])), None)
    except tomllib.TOMLDecodeError:
        return None


def write(path: Path, content: str) -> None:
    """Write a file whole or not at all, with the rights of the one it takes the place of."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".toml", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(content)
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read(path: Path) -> str:
    """The text of a sources file as it stands, "" where there is none yet."""
    if not path.exists():
        return ""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise NotProposedError(f"{path} cannot be read: {error}.") from error
