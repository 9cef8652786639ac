"""The header of a file against the columns that its description names."""

import dataclasses
import json
from collections.abc import Iterable

from cxlib import engine
from cxlib.contracts import InputError, Violation
from cxlib.door.first_lines import check_first_lines
from cxlib.sources import Source, closest, shown

_SHOWN_NAMES = 30


def spelled_as_in(file: engine.File, source: Source) -> tuple[Source, tuple[str, ...]]:
    """The source with its columns named as the file names them, and the names that differ.

    Two names are the same when their `engine.folded` keys are: digits, Arabic and Persian letters,
    blanks at the ends and invisible characters make no difference. A name that stands in the file
    as it is declared is that column; one that two columns of the file could be stays as it is, and
    is not found.
    """
    spelled = _spellings(file.names, source.staged.values())
    leave_out = {spelled.get(name, name): words for name, words in source.terms.leave_out.items()}
    respelled = dataclasses.replace(
        source,
        columns={ours: spelled.get(name, name) for ours, name in source.columns.items()},
        attributes={ours: spelled.get(name, name) for ours, name in source.attributes.items()},
        terms=dataclasses.replace(source.terms, leave_out=leave_out),
    )
    return respelled, tuple(spelled.values())


def with_names(file: engine.File) -> engine.File:
    """The file with its unnamed columns named after their place, as a repair.

    Programs write the numbers of rows into a column without a name, and a delimiter at the end of
    every line.
    """
    unnamed = {
        index: f"column {index + 1}" for index, name in enumerate(file.names) if not name.strip()
    }
    if not unnamed:
        return file
    names = tuple(unnamed.get(index, name) for index, name in enumerate(file.names))
    what = f"header: columns without a name, called here {', '.join(unnamed.values())}"
    padded = tuple(name for name in file.padded_names if name.strip())
    return dataclasses.replace(
        file,
        names=names,
        padded_names=padded,
        repairs=file.repairs | {what: len(unnamed)},
        doubts=file.doubts | _side_by_side(file),
    )


def _side_by_side(file: engine.File) -> dict[str, int]:
    """The doubt that an empty column without a name parts two tables; none at either end."""
    below = [cells for _, cells in file.first_records[1:]]
    parting = [
        index
        for index, name in enumerate(file.names[1:-1], 1)
        if not (name.strip() or any(cells[index].strip() for cells in below if len(cells) > index))
    ]
    if not below or not any(any(file.names[index + 1 :]) for index in parting):
        return {}
    first = next(index for index in parting if any(file.names[index + 1 :]))
    text = f"two tables side by side? The empty column {first + 1} parts the columns of the file"
    return {text: 1}


def _spellings(names: Iterable[str], declared: Iterable[str]) -> dict[str, str]:
    """Declared name -> name in the file, of those that differ."""
    by_key: dict[str, list[str]] = {}
    for name in names:
        by_key.setdefault(engine.folded(name, key=True), []).append(name)
    found = {name: by_key.get(engine.folded(name, key=True), []) for name in declared}
    return {
        name: alike[0] for name, alike in found.items() if name not in alike and len(alike) == 1
    }


def check_header(source: Source, file: engine.File) -> None:
    file_name = shown(source.path)
    names = file.names
    if problems := check_first_lines(source, file):
        raise InputError(source.input, file_name, problems)
    if len(names) == 1 and len(source.columns) > 1:
        found = next((mark for mark in (";", "\t", "|", ",") if mark in names[0]), None)
        remedy = f"declare what stands between the columns in {source.where}: delimiter = "
        rule = "the file has a single column, so another delimiter"
        raise InputError(
            source.input,
            file_name,
            [Violation(file_name, rule, remedy + json.dumps(found or "..."))],
        )
    problems = [
        Violation(
            file_name,
            f'column name "{name}" occurs {names.count(name)} times',
            "give each column a name of its own in the header line",
            places=(file.skipped_lines,) if file.is_csv else (),
        )
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    has = ", ".join(names[:_SHOWN_NAMES]) + (", ..." if len(names) > _SHOWN_NAMES else "")
    for canonical, theirs in source.staged.items():
        if theirs not in names:
            remedy = f"correct the name in {source.where}{closest(theirs, names)}"
            if not any(violation.column for violation in problems):
                remedy += f"; the file has {has}"
            problems.append(
                Violation(
                    file_name,
                    "no such column in the file",
                    remedy,
                    column=canonical,
                    source_column=theirs,
                )
            )
    for name in source.ids & source.columns.keys():
        theirs = source.columns[name]
        if theirs in names and file.holds_floats(names.index(theirs)):
            problems.append(
                Violation(
                    file_name,
                    "ids stored as floating-point numbers, which lose digits and leading zeros",
                    "write the file again with the ids as text",
                    column=name,
                    source_column=theirs,
                )
            )
    zoned = [
        Violation(
            file_name,
            "times with a time zone, which would move days",
            "write the local day of each row into the file",
            column=canonical,
            source_column=theirs,
        )
        for canonical, theirs in source.wanted.items()
        if theirs in names and file.types[names.index(theirs)] == engine.ZONED
    ]
    if problems or zoned:
        raise InputError(source.input, file_name, problems + zoned)
