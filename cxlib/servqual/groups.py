"""Gaps by group (branch, channel) and by wave: where they differ, how much and how surely."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.inference import (
    MIN_GROUP,
    NOT_STATED,
    effective_size,
    holm,
    mean_interval,
    smaller_groups,
    suppressed,
    welch_anova,
    welch_difference,
)
from cxlib.waves import in_time

FloatArray = NDArray[np.float64]


def group_gaps(
    gap: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    least: int = MIN_GROUP,
) -> pd.DataFrame:
    """The mean gap of each group with its t interval; small groups suppressed.

    `groups`: a column an attribute (branch, channel); a respondent without a value forms the group
    "not stated". Returns a row for all respondents, then one for each value of each attribute, and
    within it a row a column of `gap`: attribute, group, dimension, n, gap, low, high, method. A
    figure of fewer than `least` answers (at least MIN_GROUP; effective ones, with weights) is
    suppressed; so is the next smallest where the others and the total would give the suppressed
    answers away. Suppressed groups make one row together, the last: "3 smaller groups", without
    figures, and its method says why.
    """
    w = _weights(gap, weights)
    rows = []
    everyone = pd.DataFrame({"all respondents": "all"}, index=gap.index)
    for attribute, values in everyone.join(groups).items():
        by = _Groups(values)
        shares = by.split(w)
        for dimension in gap.columns:
            parts = by.split(gap[dimension].to_numpy(dtype=float))
            found = [
                mean_interval(x, weights=None if weights is None else v, level=level)
                for x, v in zip(parts, shares, strict=True)
            ]
            hidden = suppressed([one.effective_n or one.n for one in found], least)
            own = {"attribute": attribute, "dimension": dimension}
            for place in np.flatnonzero(~hidden):
                one, row = found[place], own | {"group": by.names[place]}
                row |= {"n": one.n, "gap": one.value, "low": one.low, "high": one.high}
                rows.append(row | {"method": one.method})
            if hidden.any():
                fewer = f"suppressed: fewer than {max(least, MIN_GROUP)} answers"
                together = own | {"group": smaller_groups(int(hidden.sum()))}
                rows.append(together | {"method": f"{fewer}, or would give them away"})
    order = ["attribute", "group", "dimension", "n", "gap", "low", "high", "method"]
    return pd.DataFrame(rows, columns=order).astype({"n": "Int64"})


def group_tests(
    gap: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    least: int = MIN_GROUP,
) -> pd.DataFrame:
    """Do the groups of an attribute differ in their mean gap? `inference.welch_anova`, Holm.

    Returns a row an attribute and a column of `gap`: attribute, dimension, groups compared, n of
    their answers, left_out groups (those that `group_gaps` suppresses) and left_out_n, the answers
    of these and of "not stated"; F, df_between, df_within, p, p_holm (Holm over all rows),
    omega_squared with low and high (the share of the variance that lies between the groups),
    method.
    """
    w = _weights(gap, weights)
    rows = []
    for attribute, values in groups.items():
        by = _Groups(values)
        shares = by.split(w)
        stated = np.array([name != NOT_STATED for name in by.names])
        for dimension in gap.columns:
            parts = by.split(gap[dimension].to_numpy(dtype=float))
            sizes = np.array(
                [(~np.isnan(x) & (v > 0)).sum() for x, v in zip(parts, shares, strict=True)]
            )
            effective = [
                effective_size(v[~np.isnan(x)]) for x, v in zip(parts, shares, strict=True)
            ]
            hidden = suppressed(effective, least)
            kept = np.flatnonzero(~hidden & stated)
            test = welch_anova(
                [parts[i] for i in kept],
                weights=None if weights is None else [shares[i] for i in kept],
                level=level,
            )
            omega = test.omega_squared
            row = {"attribute": attribute, "dimension": dimension, "groups": len(kept)}
            row |= {"n": omega.n, "left_out": int((hidden & stated).sum())}
            row |= {"left_out_n": int(sizes.sum() - sizes[kept].sum())}
            row |= {"F": test.f_statistic, "df_between": test.df_between}
            row |= {"df_within": test.df_within, "p": test.p, "omega_squared": omega.value}
            rows.append(row | {"low": omega.low, "high": omega.high, "method": omega.method})
    numbers = ["F", "df_between", "df_within", "p", "p_holm", "omega_squared", "low", "high"]
    counts = ["groups", "n", "left_out", "left_out_n"]
    order = ["attribute", "dimension", *counts, *numbers, "method"]
    table = pd.DataFrame(rows).reindex(columns=order)
    table = table.astype(dict.fromkeys(numbers, float) | dict.fromkeys(counts, "Int64"))
    return table.assign(p_holm=holm(table["p"]))


def group_verdict(
    gaps: pd.DataFrame, tests: pd.DataFrame, dimension: str, *, level: float = 0.95
) -> str:
    """Where a dimension is lowest, whether all fall short, and how sure that is, in words.

    Reads `group_gaps` and `group_tests`, made with the same `level`. An attribute speaks where its
    groups differ beyond chance (Holm). Its lowest group is called lowest beyond chance where its
    interval lies below those of all the others, which asks more than a test of the difference; else
    those that it is not told from are counted. Where the intervals of all groups lie below zero,
    all fall short. Groups that are suppressed or not stated are not named.
    """
    told = []
    for attribute in tests.loc[
        (tests["dimension"] == dimension) & (tests["p_holm"] < 1 - level), "attribute"
    ]:
        here = (gaps["attribute"] == attribute) & (gaps["dimension"] == dimension)
        rows = gaps[here & (gaps["group"] != NOT_STATED)].dropna(subset=["low", "high"])
        if len(rows) < 2:
            continue
        rows = rows.sort_values("gap")
        lowest, alike = rows.iloc[0], int((rows["low"] <= rows["high"].iloc[0]).sum()) - 1
        sure = f"not told from {alike} of {len(rows) - 1} others" if alike else "beyond chance"
        interval = f"{100 * level:.4g} % interval {lowest['low']:.2f} to {lowest['high']:.2f}"
        figures = f"{lowest['gap']:.2f}, {interval}, n = {lowest['n']:,}"
        place = f"is lowest by {attribute} in {lowest['group']}"
        if (rows["high"] < 0).all():
            every = f"all {len(rows)} groups by {attribute}"
            place = f"falls short in {every}, most in {lowest['group']}"
        told.append(f"{place} ({figures}), {sure}")
    if not told:
        return f"No groups differ beyond chance in {dimension}."
    return f"{dimension.capitalize()} {'; '.join(told)}."


def wave_names(waves: pd.Series) -> list[str]:
    """The names of the waves in the order of time, as far as they tell it: see `waves.in_time`."""
    return in_time([str(name) for name in waves.dropna().astype("string").unique()])


def wave_changes(
    gap: pd.DataFrame,
    waves: pd.Series,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """How each mean gap changed from the last wave but one to the last: Welch's t, Holm.

    See `inference.welch_difference`. Waves are ordered as by `wave_names`. `gap` may hold mean
    perceptions as well, where those are compared.
    Returns a row a column: earlier and later (the waves' names), n_earlier, n_later, gap_earlier,
    gap_later, change (later - earlier, positive where the gap improved) with low and high, t, df,
    p, p_holm (Holm over the rows), hedges_g with g_low and g_high, method. Fewer than 10 answers
    (effective ones, with weights) in a wave suppress the row, and its method says so; fewer than
    two waves give no rows. The waves are taken as samples of different people: where the same
    people answered both, the intervals are too wide. Respondents without a wave are left out.
    """
    w = _weights(gap, weights)
    labels = waves.astype("string")
    names = wave_names(labels)
    figures = ["gap_earlier", "gap_later", "change", "low", "high", "t", "df", "p", "p_holm"]
    figures += ["hedges_g", "g_low", "g_high"]
    rows = []
    for dimension in gap.columns if len(names) > 1 else []:
        earlier, later = names[-2:]
        before, after = ((labels == one).fillna(False).to_numpy(dtype=bool) for one in names[-2:])
        x = gap[dimension].to_numpy(dtype=float)
        found = welch_difference(
            x[before],
            x[after],
            weights=None if weights is None else (w[before], w[after]),
            level=level,
        )
        row: dict[str, object] = {"dimension": dimension, "earlier": earlier, "later": later}
        if found.least_effective_n < MIN_GROUP:
            reason = f"suppressed: fewer than {MIN_GROUP} (effective) answers in a wave"
            rows.append(row | {"method": reason})
            continue
        change, g = found.difference, found.hedges_g
        row |= {"n_earlier": found.n_first, "n_later": found.n_second}
        row |= {"gap_earlier": mean_interval(x[before], weights=w[before]).value}
        row |= {"gap_later": mean_interval(x[after], weights=w[after]).value}
        row |= {"change": change.value, "low": change.low, "high": change.high}
        row |= {"t": found.t, "df": found.df, "p": found.p, "hedges_g": g.value}
        rows.append(row | {"g_low": g.low, "g_high": g.high, "method": change.method})
    order = ["dimension", "earlier", "later", "n_earlier", "n_later", *figures, "method"]
    table = pd.DataFrame(rows).reindex(columns=order).astype(dict.fromkeys(figures, float))
    table = table.astype({"n_earlier": "Int64", "n_later": "Int64"}).set_index("dimension")
    return table.assign(p_holm=holm(table["p"]))


def wave_verdict(changes: pd.DataFrame, *, level: float = 0.95) -> str:
    """What got better or worse since the wave before, and where that is unclear.

    Reads the table of `wave_changes`, made with the same `level`; beyond chance: Holm's p below
    1 - level.
    """
    if changes.empty:
        return "There is no earlier wave to compare with."
    change, sure = changes["change"], changes["p_holm"] < 1 - level
    parts = []
    for word, chosen in {"better": sure & (change > 0), "worse": sure & (change < 0)}.items():
        told = [_change(row, level) for row in changes[chosen].reset_index().to_dict("records")]
        parts += [f"{word} beyond chance: {', '.join(told)}"] if told else []
    rest = {"unclear whether changed": change.notna() & ~sure, "too few answers": change.isna()}
    parts += [f"{word}: {', '.join(changes.index[of])}" for word, of in rest.items() if of.any()]
    return f"Since the wave named {changes['earlier'].iloc[0]}, {'; '.join(parts)}."


def wave_drop(changes: pd.DataFrame, *, level: float = 0.95) -> str:
    """What fell most since the wave before, in a short sentence; "" where nothing did.

    Reads `wave_changes` as `wave_verdict` does: the lowest change beyond chance.
    """
    worse = changes[(changes["p_holm"] < 1 - level) & (changes["change"] < 0)]
    if worse.empty:
        return ""
    row = worse.sort_values("change").reset_index().iloc[0].to_dict()
    if len(worse) == 1:
        wave, told = row["earlier"], _change(row, level)
        return f"Since the wave named {wave} only {told} is shown to be worse."
    return f"Worse than in the wave named {row['earlier']}, most of all {_change(row, level)}."


def _change(row: Mapping[Any, Any], level: float) -> str:
    interval = f"{100 * level:.4g} % interval {row['low']:+.2f} to {row['high']:+.2f}"
    return f"{row['dimension']} {row['change']:+.2f} ({interval})"


class _Groups:
    """The respondents of each value of an attribute; one sort serves every column."""

    def __init__(self, values: pd.Series) -> None:
        labels = values.astype("string").fillna(NOT_STATED)
        codes, names = pd.factorize(labels, sort=True)
        self.names = [str(name) for name in names]
        self._order = np.argsort(codes, kind="stable")
        self._bounds = np.cumsum(np.bincount(codes, minlength=len(names)))[:-1]

    def split(self, x: FloatArray) -> list[FloatArray]:
        return np.split(x[self._order], self._bounds)


def _weights(gap: pd.DataFrame, weights: ArrayLike | None) -> FloatArray:
    return np.ones(len(gap)) if weights is None else np.asarray(weights, dtype=float)
