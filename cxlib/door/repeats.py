"""Rows that stand in a file more than once: an export made twice, or purchases of their own.

Rows are told apart by a fingerprint of all their cells, also of the columns that nobody wants;
however they are written, "1" as "1.0", with or without blanks at the ends.
Fingerprints have 64 bits: two of 10 million unlike rows share one in 3 of a million files.
"""

from collections.abc import Sequence
from concurrent.futures import Executor, Future

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib import contracts, engine, transactions
from cxlib.contracts import Violation
from cxlib.door.breaches import repeated_rows
from cxlib.sources import Source

# Fingerprints sorted at a time: 128 MB.
_PART_ROWS = 1 << 24


def marked(source: Source, frame: nw.LazyFrame) -> nw.LazyFrame:
    """The staged table with the mark `transactions.AGAIN`: an earlier row is alike in every cell.

    Asked for by a declared key or "once"; without them the table is given back as it is.
    """
    if not source.terms.takes_once:
        return frame
    cells = [engine.FINGERPRINT, *transactions.key_columns(source.terms)]
    first = (
        frame.group_by(*cells)
        .agg(nw.len().alias("__count"), nw.col(engine.ROW).min().alias("__first"))
        .filter(nw.col("__count") > 1)
        .select(*cells, "__first")
    )
    again = (nw.col(engine.ROW) > nw.col("__first")).fill_null(False)
    # A row with a blank in its key finds no partner: the blank is an error by itself.
    joined = frame.join(first, on=cells, how="left")
    return joined.with_columns(again.alias(transactions.AGAIN))


def shared_fingerprints(
    source: Source, kept: nw.LazyFrame, rows: int, beside: Executor
) -> list[Future[np.ndarray]]:
    """The fingerprints that several rows share, sought beside other work; [] where none count.

    `kept`: the staged rows that are neither left out nor wrong, at most `rows` of them. Sorted in
    parts: a third of the time, and a fifth of the memory, of a count by groups.
    """
    is_compared = source.input == contracts.TRANSACTIONS.name and source.terms.compares_rows
    if not is_compared or source.terms.takes_once:
        return []
    parts = rows // _PART_ROWS + 1
    fingerprint = nw.col(engine.FINGERPRINT)
    shared: list[Future[np.ndarray]] = []
    for part in range(parts):
        if shared:
            # One part at a time, for the memory.
            shared[-1].result()
        some = kept.filter(fingerprint % parts == part) if parts > 1 else kept
        shared.append(beside.submit(_twice, engine.array(some, engine.FINGERPRINT)))
    return shared


def _twice(values: np.ndarray) -> np.ndarray:
    # In place where they may be: memory that was never used is dearer than the sort.
    ordered = values if values.flags.writeable else values.copy()
    ordered.sort()
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def broken_repeats(
    source: Source, file: engine.File, kept: nw.LazyFrame, shared: Sequence[Future[np.ndarray]]
) -> list[Violation]:
    """Rows alike in every column of the file; with a declared key, unlike rows of the same key.

    `kept`: the staged rows that are neither left out nor wrong; `shared`: their
    `shared_fingerprints`.
    """
    if source.input != contracts.TRANSACTIONS.name or not source.terms.compares_rows:
        return []
    if key := source.terms.key:
        columns = list(transactions.key_columns(source.terms))
        filled = ~nw.any_horizontal(nw.col(*columns).is_null(), ignore_nulls=False)
        return repeated_rows(
            source,
            file,
            contracts.repeated(kept.filter(filled), columns),
            column="",
            rule=f"rows with the same key ({', '.join(key)}) and other values",
            remedy=f"correct the rows, or name in key of {source.where} all the columns that tell"
            " rows apart",
        )
    if source.terms.takes_once:
        return []
    return repeated_rows(
        source,
        file,
        _alike(kept, np.concatenate([one.result() for one in shared])),
        column="",
        rule="the same row more than once, alike in every column of the file",
        remedy=f'take the repeats out of the file; or declare repeats = "once" in {source.where},'
        " and each is taken once; or, where such rows are purchases of their own, repeats ="
        ' "keep"',
    )


def _alike(frame: nw.LazyFrame, twice: np.ndarray) -> tuple[int, tuple[int, ...]]:
    """As `contracts.repeated_keys`, for rows with one of the fingerprints that stand `twice`."""
    if not len(twice):
        return 0, ()
    these = engine.lend(pd.DataFrame({engine.FINGERPRINT: twice}))
    named = [engine.FINGERPRINT]
    return contracts.repeated(frame.join(these, on=named, how="semi"), named)
