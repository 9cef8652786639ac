"""Cells of a workbook or a database that hold nothing to be trusted."""

from cxlib import engine
from cxlib.contracts import InputError, Violation
from cxlib.door.findings import Finding
from cxlib.sources import Source, shown


def check_cells(source: Source, file: engine.File) -> None:
    """Raise InputError for every such cell in a column that is read.

    An error such as #N/A that is declared as a missing code of its column is no fault, but ids
    have no missing codes.
    """
    problems = []
    for canonical, theirs in source.staged.items():
        for fault in file.faults:
            if file.names[fault.index] != theirs or (fault.of_ids and canonical not in source.ids):
                continue
            missing = () if canonical in source.ids else source.missing.get(canonical, ())
            if fault.code and fault.code in missing:
                continue
            problems.append(
                Violation(
                    shown(source.path),
                    fault.problem,
                    fault.remedy,
                    column=canonical,
                    source_column=theirs,
                    count=fault.count,
                    places=fault.places,
                    unit="row",
                )
            )
    if problems:
        raise InputError(source.input, shown(source.path), problems)


def hidden_columns(source: Source, file: engine.File) -> list[Finding]:
    """Warnings about columns that are read though their workbook does not show them."""
    text = "the column is hidden in the workbook: is it the one that is meant?"
    return [
        Finding(name, theirs, text, 1)
        for name, theirs in source.staged.items()
        if theirs in file.hidden_columns
    ]
