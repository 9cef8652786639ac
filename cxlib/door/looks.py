"""Rows that are right one by one, looked at together: what is wrong with them, or odd."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from cxlib import contracts, engine, transactions
from cxlib.contracts import Rule, Violation
from cxlib.door import repeats
from cxlib.door.beside import said_beside
from cxlib.door.cells import hidden_columns
from cxlib.door.codes import undeclared_codes
from cxlib.door.conflicts import conflicting_attributes
from cxlib.door.findings import Finding
from cxlib.door.first_rows import JUDGED_ROWS, first_rows, some_rows
from cxlib.door.marks import doubtful_points
from cxlib.door.odd_contracts import JUDGED, reversed_leaving
from cxlib.door.odd_ids import odd_ids
from cxlib.door.odd_texts import odd_texts
from cxlib.door.survey_rows import survey_rows
from cxlib.door.totals import note_at_end, totals_among_ids, totals_row
from cxlib.sources import Source


@dataclass(frozen=True)
class Looks:
    """What looks at rows that are right one by one found, and the rows that were looked at.

    `first_problems`: those that explain others. `sample`: rows evenly spread over the table;
    `head`: those of the first rows of the file that are kept.
    """

    first_problems: list[Violation]
    problems: list[Violation]
    apart: list[Finding]
    doubtful: list[Finding]
    sample: nw.LazyFrame
    head: nw.LazyFrame


def looks(
    source: Source,
    file: engine.File,
    frame: nw.LazyFrame,
    rules: Sequence[Rule],
    found: contracts.Checked,
    *,
    spread: nw.LazyFrame,
    numbers: set[str],
    when_idle: Callable[[], object],
) -> Looks:
    """Look at the rows of a staged file together.

    `frame`: the staged table with all that `rules` need; `found`: what the check counted;
    `spread`: some rows of `frame`, evenly spread; `numbers`: the attributes that are numbers;
    `when_idle`: called when the engine has given what takes all cores.
    """
    kept = contracts.kept(frame, rules, found)
    # Rows that must be corrected may be alike only until they are.
    sound = contracts.without_errors(kept, rules, found)
    rows = found.rows_read
    with ThreadPoolExecutor(2) as beside:
        # What is seen in the file itself, while the engine gives the fingerprints.
        seen = beside.submit(_texts, file, rows)
        points = beside.submit(doubtful_points, source, file, numbers)
        shared = repeats.shared_fingerprints(source, sound, found.rows, beside)
        when_idle()
        sample = _sample(source, contracts.kept(spread, rules, found), numbers)
        head = _head(frame, rules, found)
        # They may lack cells, and what is said of these is no help.
        first = note_at_end(source, file, frame, rows) + totals_row(source, file, frame, rows)
        problems = conflicting_attributes(source, file, kept)
        undeclared, apart = undeclared_codes(source, file, kept, numbers)
        texts, some = seen.result()
        odd, doubtful = points.result()
        for problems_of, doubts_of in (
            odd_ids(source, file, kept, sample, rows),
            said_beside(source, file, head, sample, rows, first=texts, some=some),
        ):
            odd, doubtful = odd + problems_of, doubtful + doubts_of
        odd += reversed_leaving(source, file)
        problems += undeclared + odd
        doubtful += totals_among_ids(source, kept, sample, found.rows)
        doubtful += odd_texts(source, file, some) + hidden_columns(source, file)
        unit = "line" if file.is_csv else "row"
        doubtful += survey_rows(source, kept, texts, some, unit)
        problems = repeats.broken_repeats(source, file, sound, shared) + problems
    return Looks(first, problems, apart, doubtful, sample, head)


def _texts(file: engine.File, rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The first of the `rows` rows as they stand in the file, and these with some later ones."""
    first = first_rows(file, rows)
    return first, some_rows(file, rows, first)


def _sample(source: Source, some: nw.LazyFrame, numbers: Collection[str]) -> nw.LazyFrame:
    """Rows of the canonical table evenly spread over the file, looked at in one go.

    Numbers of rows, ids, and of transactions what was bought, when, for how much and with which
    attributes but those in `numbers`; of contracts how long they lasted and what they brought.
    """
    names = [engine.ROW, *(name for name in source.columns if name.endswith("_id"))]
    if source.input == contracts.TRANSACTIONS.name:
        names += ["date", "amount", *({"product"} & source.columns.keys())]
        names += [name for name in source.kept_attributes if name not in numbers]
    if source.input == contracts.SUBSCRIPTIONS.name:
        names += [name for name in JUDGED if name in source.kept]
    return engine.keep(transactions.canonical(some, source.terms).select(*names))


def _head(frame: nw.LazyFrame, rules: Sequence[Rule], found: contracts.Checked) -> nw.LazyFrame:
    """Those of the first rows of the file that are kept."""
    # This filter is quick only where it is the only one.
    some = engine.keep(frame.filter(nw.col(engine.ROW) <= JUDGED_ROWS))
    return contracts.kept(some, rules, found)
