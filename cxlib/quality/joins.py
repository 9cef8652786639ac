"""Do inputs speak of the same customers? How many ids of one are in another."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import ndtr

from cxlib.inference import require_level

KEY = "customer_id"
_WHOLE = "^[0-9]{1,15}$"
_FIGURES = ["ids", "other_ids", "shared", "shared_rate", "rows_joined", "expected_by_chance", "p"]


@dataclass(frozen=True)
class _Ids:
    """The ids of an input: `frame` with one row an id and its `rows`, and how many there are.

    `highest`: the largest where all are whole numbers written in digits, else None.
    """

    frame: nw.LazyFrame
    count: int
    rows: int
    highest: int | None


def key_joins(frames: Mapping[str, nw.LazyFrame], *, level: float = 0.95) -> pd.DataFrame:
    """Each ordered pair of inputs that have customer_id: what of the first is in the second.

    Index `input`, `other`. `ids` and `other_ids`: different ids of the two, blanks not among them;
    `shared`: ids in both; `shared_rate`: of `ids`; `rows_joined`: rows of the first whose id is in
    the second. They are counts of whole files. Where all ids of both are whole numbers, some are
    the same though the numbers were given independently: of N numbers (the largest seen) the one
    has a, the other b, and a b / N are shared, with the variance of the hypergeometric
    distribution; `p` is the chance of as many or more by its normal approximation. `verdict`:
    "shared"; "no more than chance" where p is above 1 - level; "none shared"; "none shared as
    written", where more ids than by chance agree once leading zeros and capital letters are put
    aside (`shared` stays 0). Empty with fewer than two such inputs.
    """
    require_level(level)
    keyed = {
        name: _ids(frame) for name, frame in frames.items() if KEY in frame.collect_schema().names()
    }
    rows = {
        names: found
        for one, other in combinations(keyed, 2)
        for names, found in zip(
            ((one, other), (other, one)), _pair(keyed[one], keyed[other], level), strict=True
        )
    }
    index = pd.MultiIndex.from_tuples(list(rows), names=["input", "other"]) if rows else None
    table = pd.DataFrame(list(rows.values()), index=index, columns=[*_FIGURES, "verdict"])
    counts = ["ids", "other_ids", "shared", "rows_joined"]
    return table.astype(dict.fromkeys(counts, "int64"))


def _ids(frame: nw.LazyFrame) -> _Ids:
    key = nw.col(KEY)
    ids = frame.filter(~key.is_null()).group_by(KEY).agg(nw.len().alias("rows"))
    whole = key.str.contains(_WHOLE).cast(nw.Int64).sum()
    counted = ids.select(ids=nw.len(), rows=nw.col("rows").sum(), whole=whole)
    [values] = counted.collect("pandas").to_native().fillna(0).to_dict("records")
    highest = None
    if values["ids"] and values["whole"] == values["ids"]:
        top = ids.select(top=key.cast(nw.Int64).max()).collect("pandas").to_native()
        highest = int(top["top"].iloc[0])
    return _Ids(ids, int(values["ids"]), int(values["rows"]), highest)


def _pair(one: _Ids, other: _Ids, level: float) -> list[dict[str, object]]:
    theirs = other.frame.rename({"rows": "others"})
    both = one.frame.join(theirs, on=KEY, how="inner")
    counted = both.select(shared=nw.len(), rows=nw.col("rows").sum(), others=nw.col("others").sum())
    [values] = counted.collect("pandas").to_native().fillna(0).to_dict("records")
    shared = int(values["shared"])
    expected, p = _chance(one, other, shared)
    verdict = "shared" if shared else "none shared"
    if shared and p > 1 - level:
        verdict = "no more than chance"
    elif not shared:
        alike = _alike(one, other)
        by_chance = _chance(one, other, alike)[1]
        # The chance of ids that are no numbers is not known, and small.
        if alike and not by_chance > 1 - level:
            verdict = "none shared as written"
    return [
        {
            "ids": mine.count,
            "other_ids": its.count,
            "shared": shared,
            "shared_rate": shared / mine.count if mine.count else np.nan,
            "rows_joined": int(values[joined]),
            "expected_by_chance": expected,
            "p": p,
            "verdict": verdict,
        }
        for mine, its, joined in ((one, other, "rows"), (other, one, "others"))
    ]


def _chance(one: _Ids, other: _Ids, shared: int) -> tuple[float, float]:
    """Ids shared by numbers given independently, and the chance of `shared` or more; else nan."""
    if one.highest is None or other.highest is None:
        return np.nan, np.nan
    numbers = max(one.highest, other.highest, one.count, other.count)
    expected = one.count * other.count / numbers
    left = (1 - one.count / numbers) * (numbers - other.count) / max(numbers - 1, 1)
    spread = np.sqrt(expected * left)
    # One that has all the numbers shares all of the other: that tells nothing.
    p = float(ndtr(-(shared - 0.5 - expected) / spread)) if spread else 1.0
    return expected, p


def _alike(one: _Ids, other: _Ids) -> int:
    """How many ids agree without leading zeros and capital letters."""
    plain = nw.col(KEY).str.to_lowercase().str.replace_all("^0+", "")
    first, second = (ids.frame.select(plain.alias(KEY)) for ids in (one, other))
    both = first.join(second, on=KEY, how="inner").select(shared=nw.len())
    return int(both.collect("pandas").to_native()["shared"].iloc[0])
