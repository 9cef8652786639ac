"""A column that calls each customer a promoter or a detractor, against NPS beside it."""

import re

import pandas as pd

from cxlib import engine

_LEAST_ROWS, _MOST_WORDS = 10, 12
_PROMOTER = re.compile(
    r"(nps )?promot(er|ore|or|eur)s?|promotor(en|es)|fürsprecher|empfehler"
    r"|مروج(ان|ین)?|ترویج[ \u200c]?کنند(ه|گان)|مبلغ(ان)?|توصیه[ \u200c]?کنند(ه|گان)",
    re.IGNORECASE,
)
_DETRACTOR = re.compile(
    r"(nps )?detra[ck]tor(e?s|en)?|détracteurs?|kritiker"
    r"|منتقد(ان|ین)?|بدگو(یان)?|مخالف(ان|ین)?",
    re.IGNORECASE,
)


def turned_by_groups(nps: pd.Series, columns: pd.DataFrame) -> dict[str, bool]:
    """The columns that name promoters and detractors, ten each: whether NPS goes down with them.

    It does where the median of promoters is below that of detractors, and goes up where it is
    above; where both are one and the same the column tells nothing.
    """
    found: dict[str, bool] = {}
    for name, words in columns.items():
        if words.nunique() > _MOST_WORDS:
            continue
        called = {one: engine.folded(str(one)).strip() for one in words.dropna().unique()}
        promoters, detractors = (
            nps[words.isin([one for one, word in called.items() if pattern.fullmatch(word)])]
            for pattern in (_PROMOTER, _DETRACTOR)
        )
        if min(promoters.count(), detractors.count()) < _LEAST_ROWS:
            continue
        gap = promoters.median() - detractors.median()
        if gap:
            found[str(name)] = bool(gap < 0)
    return found


def told_of_groups(name: str) -> str:
    """What is told where the column of this name says that NPS is turned."""
    return (
        f"promoters by {name} gave lower answers than detractors: if the lowest answer is the best"
        " one, turn the column in the file"
    )
