"""What nobody can call wrong but a reader must know: the warnings about a whole table."""

import narwhals as nw

from cxlib import contracts, selection, subscriptions, transactions
from cxlib.door import survey_doubts
from cxlib.door.doubtful_days import doubtful_days
from cxlib.door.findings import TIMES, Finding
from cxlib.door.odd_answers import odd_answers
from cxlib.door.odd_contracts import odd_contracts
from cxlib.door.units import mixed_units, unlike_groups
from cxlib.sources import Source

_ENOUGH_FOR_NPS = 30
# Answers of 1 without one of 0. With one or two the doubt would be false in up to a quarter of the
# surveys where both are as likely; with three in at most 4.4 %.
_DOUBTFUL_ONES = 3


def doubts(
    source: Source,
    staged: nw.LazyFrame,
    kept: nw.LazyFrame,
    canonical: nw.LazyFrame,
    *,
    sample: nw.LazyFrame,
    head: nw.LazyFrame,
    found: contracts.Checked,
) -> list[Finding]:
    """The warnings that no single row gives rise to.

    `staged`: all rows of the file; `kept`: those of them not left out; `canonical`: the table made
    of these, with the number of each row; `sample`: rows evenly spread over it; `head`: those kept
    of the first rows of the file; `found`: what the check counted.
    """
    told: list[tuple[str, str, int]] = []
    if source.kept_margins != source.margins:
        said = f"not weighted: margins are shares of all, not {selection.described(source.only)}"
        told.append(("", said, 0))
    if source.input == contracts.TRANSACTIONS.name:
        told += _about("amount", transactions.lost_refunds(staged, source.terms))
        unlike = transactions.unlike_amounts(canonical, sample)
        # A month in another unit explains amounts of two kinds.
        if not any(text.startswith(transactions.JUMP) for text, _ in unlike):
            unlike += mixed_units(sample, found.rows)
        # Where a column says the currencies, each is converted.
        if "currency" not in source.columns:
            unlike += unlike_groups(
                sample, source.kept_attributes, found.rows, source.terms.currency
            )
        told += _about("amount", unlike)
        if "complete_to" in source.entry:
            silent = transactions.silent_end(canonical, source.entry["complete_to"])
            told += _about("date", silent)
    if "ended" in source.columns and source.input == contracts.SUBSCRIPTIONS.name:
        silent = subscriptions.silent_ends(
            canonical, source.entry["complete_to"], source.entry.get("observed_from")
        )
        told += _about("ended", silent)
    told += odd_contracts(source, sample, found.rows)
    told += doubtful_days(source, canonical, sample, head, found)
    told += _nps(source, found)
    told += odd_answers(source, kept, canonical, found.rows)
    told += survey_doubts.odd_scores(source, kept)
    told += survey_doubts.unanswered(source, kept)
    told += survey_doubts.waves_in_doubt(source, kept)
    told += survey_doubts.panel(source, kept)
    return [
        Finding(column, TIMES.join(source.in_file(column)), text, count)
        for column, text, count in told
    ]


def _about(column: str, found: list[tuple[str, int]]) -> list[tuple[str, str, int]]:
    return [(column, text, count) for text, count in found]


def _nps(source: Source, found: contracts.Checked) -> list[tuple[str, str, int]]:
    """Too few answers for an error (`breaches`), or none that are low."""
    if not found.nps or "nps_zero" in source.entry:
        return []
    lowest, highest, answers = found.nps
    if highest <= 5 and answers < _ENOUGH_FOR_NPS:
        text = f"no answer is above 5 among {answers:,}: was the question answered up to 10?"
        return [("nps", text, answers)]
    if lowest == 1 and found.nps_ones >= _DOUBTFUL_ONES and source.scales["nps"][0] == 0:
        text = (
            f"no answer is 0 among {answers:,}, though {found.nps_ones} are 1: if the question was"
            " asked on 1 to 10, declare nps = [1, 10]"
        )
        return [("nps", text, answers)]
    return []
