"""NPS of 0 wherever nothing else was answered: blanks that a program wrote as 0."""

import pandas as pd

from cxlib.sources import Source

_LEAST_ROWS, _SHARE = 10, 0.02
_NEVER, _OF_ZEROS = 1e-6, 0.5
# Where the answers of the least content are nearly one and the same, 0 follows from 0.
_MOSTLY = 0.5


def zeros_for_none(source: Source, answers: pd.DataFrame) -> list[tuple[str, str, int]]:
    """A warning about NPS that is 0 in all rows without another answer: column, text, rows.

    Ten rows or more, a fiftieth of the answers to NPS and half of those that are 0, whose CSAT, CES
    and drivers are blank, or blank or 0 where these scales begin at 0. Such rows are all 0 by
    chance in one of a million surveys, if 0 is as frequent as in all others; where they hold zeros,
    as among the least content of the others, whose NPS must not be nearly one and the same.
    """
    names = [one for one in ("csat", "ces", *source.drivers) if one in answers]
    if "nps" not in answers or not names or _is_declared(source):
        return []
    given = answers[answers["nps"].notna()]
    nps, others = given["nps"].astype("float64"), given[names].astype("float64")
    blank = others.isna().all(axis=1)
    nothing = (others.isna() | (others == 0)).all(axis=1)
    if _are_none(nps, blank) and _chance(nps[~blank], blank) < _NEVER:
        return [_told(f"all {blank.sum():,} customers without another answer gave 0", blank)]
    lowest = _of_least_content(nps, others[~nothing].mean(axis=1))
    is_spread = lowest.value_counts(normalize=True).max() <= _MOSTLY
    if _are_none(nps, nothing) and is_spread and _chance(lowest, nothing) < _NEVER:
        count = nothing.sum()
        return [
            _told(f"all {count:,} customers whose other answers are 0 or blank gave 0", nothing)
        ]
    return []


def _is_declared(source: Source) -> bool:
    """Whether what 0 means has been said."""
    declared = source.entry.get("missing", {})
    return "nps_zero" in source.entry or isinstance(declared, list) or "nps" in declared


def _told(said: str, rows: pd.Series) -> tuple[str, str, int]:
    text = (
        f"{said}: does 0 stand for no answer? If so, leave NPS of these rows blank in the file,"
        ' else declare nps_zero = "offered"'
    )
    return "nps", text, int(rows.sum())


def _of_least_content(nps: pd.Series, means: pd.Series) -> pd.Series:
    """NPS of the ten least content, and of all who are as content as the last of them."""
    if len(means) < _LEAST_ROWS:
        return nps.iloc[:0]
    end = means.nsmallest(_LEAST_ROWS).iloc[-1]
    return nps[means.index[means <= end]]


def _are_none(nps: pd.Series, rows: pd.Series) -> bool:
    # Who is angry may answer nothing else, though hardly half of them.
    least = max(_LEAST_ROWS, _SHARE * len(nps), _OF_ZEROS * (nps == 0).sum())
    return bool(rows.sum() >= least and (nps[rows] == 0).all())


def _chance(others: pd.Series, rows: pd.Series) -> float:
    """The chance of nothing but 0 in these rows, as if one more of the others were 0."""
    return float((((others == 0).sum() + 1) / (len(others) + 1)) ** int(rows.sum()))
