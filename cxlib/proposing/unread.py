"""Columns that are called like one of ours, and whose cells are no numbers or no dates."""

import json
import re
from collections.abc import Iterable, Sequence

from cxlib import contracts
from cxlib.proposing import days, numbers
from cxlib.proposing.columns import Column
from cxlib.proposing.drafts import joined
from cxlib.proposing.letters import plain
from cxlib.proposing.questions import printable, quoted

_NPS_GROUPS = {"promoter", "promoters", "passive", "passives", "neutral", "detractor", "detractors"}
_ZONED = re.compile(
    r".*[0-9:].*(?:UTC|GMT|Z|(?<=:).*[-+][0-9]{1,2}:?[0-9]{2})(?:[-+][0-9:]+)?", re.DOTALL
)
_FEW_WORDS, _FEW_CODES = 20, 3
_HAS_DIGIT = re.compile(r"\d")
_LUNAR_MONTHS = ("محرم", "صفر", "ربیع", "جمادی", "رجب", "شعبان", "رمضان", "شوال", "ذی")

BUDDHIST = (
    "the years are those of the Buddhist calendar: write Gregorian ones, 543 less (2567 is 2024)"
)
OTHER_MONTHS = (
    "months in words are read in English, and those of the Jalali calendar, in no other language:"
    " write each like 2026-01-31, or a month like 2026-01"
)
LUNAR = (
    "the years are those of the Islamic lunar calendar, which is not supported: write the dates in"
    " the Gregorian or the Jalali calendar"
)


def are_nps_groups(texts: Iterable[str]) -> bool:
    """Whether the values of a column are what NPS calls those who gave its answers."""
    return {plain(text).casefold() for text in texts} <= _NPS_GROUPS


def is_told(kind: str, column: Column, score: int) -> bool:
    """Whether a name as close as `score` says that a column whose cells are not so is meant.

    A longer name may be that of a comment about the matter: its cells differ from row to row.
    """
    if not column.filled or column.typed or kind not in ("number", "date"):
        return False
    return score > 2 or (score == 2 and len(column.counts) <= _FEW_WORDS)


def described(ours: str, kind: str, column: Column, named: str = "is called like") -> str:
    """What stands in the cells, and what to do, in words for a question."""
    texts = _not_dates(column) if kind == "date" else numbers.closest(column.counts)[1]
    rows = sum(column.counts[text] for text in texts)
    first = max(texts, key=lambda text: column.counts[text])
    has_numbers = len(texts) < len(column.counts)
    remedy = (
        date_remedy(ours, column)
        if kind == "date"
        else _number_remedy(ours, texts, has_numbers=has_numbers)
    )
    return (
        f"{quoted(column.name)} {named} {ours}, but {rows:,} of {column.filled:,} cells are"
        f" no {kind}s, such as {quoted(first)}: {remedy}"
    )


def _not_dates(column: Column) -> tuple[str, ...]:
    closest = days.closest(column.counts)
    return (closest.left if closest else ()) or tuple(column.counts)


def _number_remedy(ours: str, texts: Sequence[str], *, has_numbers: bool) -> str:
    written = [plain(text) for text in texts]
    if ours == "nps" and are_nps_groups(written):
        return "groups made of the answers: export the answers themselves, 0 to 10"
    if len(written) <= _FEW_CODES and has_numbers:
        codes = printable(joined(texts))
        return (
            f"where they mean that there is no answer, give --option 'missing.{ours}={codes}';"
            " otherwise write the number of each word"
        )
    if ours in contracts.METRICS and len(written) <= _FEW_WORDS:
        is_code = all(map(numbers.is_answer_code, written))
        what = "codes of answers, as LimeSurvey has them" if is_code else "words"
        order = sorted(texts) if is_code else texts
        example = printable(joined(f"{text}={number}" for number, text in enumerate(order, 1)))
        return (
            f"{what}: say which number each stands for, in the order that is true, by --option"
            f" 'value_labels.{ours}={example}'; or export the answers as numbers"
        )
    if all(map(numbers.before_words, written)):
        return f"keep only the number in each cell, here {numbers.before_words(written[0])}"
    if len(written) <= _FEW_WORDS and not any(map(str.isdecimal, "".join(written))):
        return "words: export the answers as numbers, or write the number of each word"
    return "write the number alone in each cell"


def date_remedy(ours: str, column: Column) -> str:
    """What to do about a column of dates that are not read."""
    texts = _not_dates(column)
    years = [days.year(text) for text in texts]
    if 2 * sum(year in days.BUDDHIST_YEARS for year in years) > len(years):
        return BUDDHIST
    if any(month in text for text in texts for month in _LUNAR_MONTHS):
        return LUNAR
    if all(_ZONED.fullmatch(plain(text)) for text in texts):
        return "times with a time zone: write the local day of each row, like 2026-01-31"
    if all(map(days.has_other_month, texts)):
        return OTHER_MONTHS
    name = json.dumps(f"columns.{ours}={column.name}", ensure_ascii=False)
    has_words = len(texts) <= _FEW_CODES and not _HAS_DIGIT.search("".join(texts))
    if ours == "ended" and has_words and len(texts) < len(column.counts):
        return (
            f"where it says that there is no end, give --option {printable(name)} --option"
            f" 'missing.{ours}={printable(joined(texts))}'"
        )
    return (
        "write each like 2026-01-31; or, where one format fits all, give it: --option"
        f" {printable(name)} --option date_format=..."
    )
