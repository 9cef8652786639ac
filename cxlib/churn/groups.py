"""Churn by group of customers, and whether the risks serve each group alike."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from cxlib.churn.features import MISSING
from cxlib.churn.lift import Cut, effective_interval, ranking, with_bounds
from cxlib.churn.ranking import auc, delong
from cxlib.inference import MIN_GROUP, Estimate, holm, proportion_interval, suppressed

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

EVERYONE = "all customers"
LARGE = 100  # customers; rates of smaller groups are not put first
# Differences of a group from the rest that matter little, by measure: AUC, shares, a ratio.
LITTLE = {
    "auc": (-0.05, 0.05),
    "captured": (-0.1, 0.1),
    "precision": (-0.1, 0.1),
    "observed_expected": (0.8, 1.25),
}


def churn_rates(
    X: pd.DataFrame, churned: ArrayLike, attributes: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """Churn rate by group of each attribute, with Wilson's interval.

    Groups are the levels, or the quarters of a number with more than five values; missing values
    are a group. Groups below 10 customers are suppressed (their figures are missing), and the next
    smallest too where the totals would give a single one away.
    Columns: attribute, group, customers, churned, rate, low, high, suppressed.
    """
    y = np.asarray(churned, dtype=bool)
    rows = []
    for attribute in attributes:
        groups = levels_or_quarters(X[attribute])
        sizes = groups.value_counts(sort=False)
        sizes = sizes[sizes > 0]
        hidden = set(sizes.index[suppressed(sizes)])
        for group, size in sizes.items():
            row = {"attribute": attribute, "group": str(group), "suppressed": group in hidden}
            if group not in hidden:
                left = int(y[(groups == group).to_numpy()].sum())
                row |= {"customers": int(size), "churned": left}
                row |= with_bounds("rate", "", proportion_interval(left, int(size), level=level))
            rows.append(row)
    columns = ["attribute", "group", "customers", "churned", "rate", "low", "high", "suppressed"]
    return pd.DataFrame(rows).reindex(columns=columns)


def likeliest_to_leave(rates: pd.DataFrame, overall: float, within: str = "") -> str:
    """The groups of `churn_rates` of which most left, one an attribute, in two sentences.

    At most three, each of LARGE customers or more and with an interval above the `overall` rate;
    "" where there is none. `within` says in how long they left: " within 90 days".
    """
    ahead = rates[rates["customers"].ge(LARGE) & rates["low"].gt(overall)]
    ahead = ahead.sort_values("rate", ascending=False, kind="stable").drop_duplicates("attribute")
    told = [
        f"{row['attribute'].replace('_', ' ')} {row['group']} ({row['rate']:.0%})"
        for row in ahead.head(3).to_dict("records")
    ]
    if not told:
        return ""
    listed = " or ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
    return (
        f"Most likely to leave{within}, by the share that left: customers with {listed}. Go by the "
        "list, not by these groups."
    )


@dataclass(frozen=True)
class GroupQuality:
    """How well the risks serve each group, where a group differs from the rest, in a sentence.

    `table` and `differences` are described at `by_group`.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    sentence: str

    @property
    def alike(self) -> bool | None:
        """Whether the risks serve all groups alike, by the intervals of the differences.

        True when all rule out more than a little (LITTLE); False when one that does not is beyond
        noise (Holm); otherwise None: not shown to differ is not shown to be alike.
        """
        found = self.differences
        if found.empty:
            return None
        least, most = np.array([LITTLE[one] for one in found["measure"]]).T
        little = found["low"].ge(least) & found["high"].le(most)
        if (found["differs"] & ~little).any():
            return False
        return True if little.all() else None

    @property
    def judged(self) -> str:
        """What `alike` says, in a sentence with its rule."""
        words = {
            True: "Every group is served alike",
            False: "Not every group is served alike",
            None: "Whether every group is served alike is not settled",
        }
        return (
            f"{words[self.alike]}: alike is an AUC within 0.05 of the rest's, shares within 10 "
            "points, and leavers for each one expected within a factor of 0.8 to 1.25."
        )


class _Share(NamedTuple):
    """found / base among the customers of a group, and each customer's influence on it."""

    found: int
    base: int
    influence: FloatArray


@dataclass(frozen=True)
class _Part:
    """Some customers and all others: what is counted of both.

    `counts` and `near` are indexed by (belongs, churned, contacted) and (belongs, churned); `near`
    counts the customers about the cut. `sums` has for others and some the sums of risk, risk^2
    and risk of the leavers.
    """

    counts: FloatArray
    near: FloatArray
    sums: FloatArray

    def share(self, measure: str, side: int, moves: bool) -> _Share:
        """captured, precision or contacted_rate of one side, 1 some or 0 the others.

        With M the customers asked about, K what is counted of them, r their share at the cut, I
        contacted: influence (M (K - value) - r I) / P(M), r = 0 where the cut does not move.
        """
        belongs, churned, contacted = np.indices(self.counts.shape)
        inside, n = belongs == side, self.counts.sum()
        asked, counted = {
            "captured": (inside & (churned == 1), contacted),
            "precision": (inside & (contacted == 1), churned),
            "contacted_rate": (inside, contacted),
        }[measure]
        base = float(self.counts[asked].sum())
        found = float((self.counts * counted)[asked].sum())
        value = found / max(base, 1)
        of_leaver, of_stayer = self.near[side, 1], self.near[side, 0]
        at_cut = {
            "captured": of_leaver,
            "precision": of_leaver * (1 - value) - of_stayer * value,
            "contacted_rate": of_leaver + of_stayer,
        }[measure] / max(self.near.sum(), 1)
        influence = (asked * (counted - value) - moves * at_cut * contacted) * n / max(base, 1)
        return _Share(int(found), int(base), influence)

    def variance(self, influence: FloatArray) -> float:
        """Of the mean of the customers' influences."""
        n = self.counts.sum()
        mean = np.sum(self.counts * influence) / n
        return float(np.sum(self.counts * (influence - mean) ** 2) / (n - 1) / n)

    def churned_and_variance(self, side: int) -> tuple[int, int, float, float]:
        """Leavers, customers, their mean risk, and the variance of the churn rate given the risks.

        With R = observed / expected it is the mean of (churned - R risk)^2 over the customers.
        """
        n, left = int(self.counts[side].sum()), int(self.counts[side, 1].sum())
        risk, square, of_leavers = self.sums[side]
        ratio = left / risk
        variance = (left - 2 * ratio * of_leavers + ratio**2 * square) / n**2
        return left, n, float(risk / n), float(variance)


def by_group(
    groups: pd.DataFrame, churned: ArrayLike, risk: ArrayLike, *, share: float, level: float = 0.95
) -> GroupQuality:
    """How well the risks serve each group of the columns of `groups`, and who differs.

    Groups are those of `churn_rates`. `table` has a row for all customers and one a group, each
    measure with _low and _high: customers, churned, rate (churn rate, Wilson), mean_risk,
    auc (DeLong), observed_expected = leavers / sum of risks (linearized, Wilson form),
    contacted (customers among the riskiest `share` of all), contacted_rate of the group,
    captured (leavers reached / leavers of the group), precision (leavers / contacted); intervals of
    the last three as in `targeting`. Groups are suppressed as in `churn_rates`; so is a measure
    that rests on fewer than 10 leavers, stayers (auc) or contacted (precision), as `note` says.

    `differences` compares each group with the rest of the customers (of two groups the smaller
    one): difference of auc, captured, precision; ratio of observed_expected; value, low, high,
    n (customers), p, p_holm (Holm over all rows) and differs (p_holm < 1 - level). Groups that
    leave at different rates cannot be alike in calibration, captured and precision at once
    (Chouldechova 2017): a difference asks for a look, not for a verdict. `sentence` sums up.
    Raises ParameterError for a share outside 0 to 1.
    """
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    cut = ranking(y, p).top(share)
    rows = [_row("", EVERYONE, np.ones(len(y), dtype=bool), y, p, cut=cut, level=level)]
    compared: list[dict[str, object]] = []
    for attribute in groups.columns:
        names = levels_or_quarters(groups[attribute])
        sizes = names.value_counts(sort=False)
        sizes = sizes[sizes > 0]
        hidden = set(sizes.index[suppressed(sizes)])
        alone = {sizes.idxmax()} if len(sizes) <= 2 else set()
        for name in sizes.index:
            if name in hidden:
                rows.append({"attribute": attribute, "group": str(name), "note": "suppressed"})
                continue
            inside = (names == name).to_numpy()
            rows.append(_row(attribute, str(name), inside, y, p, cut=cut, level=level))
            if name not in alone:
                label = {"attribute": attribute, "group": str(name)}
                found = _differences(inside, y, p, cut, level)
                compared += [label | one for one in found]
    differences = pd.DataFrame(compared, columns=_DIFFERENCE_COLUMNS)
    differences = differences.assign(p_holm=holm(differences["p"].astype(float)))
    differences["differs"] = differences["p_holm"] < 1 - level
    table = pd.DataFrame(rows)
    numbers = [name for name in table.columns if name not in ("attribute", "group", "note")]
    table = table.astype(dict.fromkeys(numbers, float))
    return GroupQuality(table, differences, _sentence(differences, list(groups.columns)))


def _part(inside: BoolArray, y: BoolArray, p: FloatArray, cut: Cut) -> _Part:
    belongs = inside.astype(np.int64)
    cell = 4 * belongs + 2 * y + (p >= cut.risk)
    near = (p >= cut.lowest) & (p <= cut.highest)
    sums = [np.bincount(belongs, weights=one, minlength=2) for one in (p, p**2, p * y)]
    return _Part(
        np.bincount(cell, minlength=8).reshape(2, 2, 2).astype(float),
        np.bincount((2 * belongs + y)[near], minlength=4).reshape(2, 2).astype(float),
        np.column_stack(sums),
    )


def _row(
    attribute: str,
    group: str,
    inside: BoolArray,
    y: BoolArray,
    p: FloatArray,
    *,
    cut: Cut,
    level: float,
) -> dict[str, object]:
    """A group's row of the table."""
    part, notes = _part(inside, y, p, cut), []
    left, n, mean_risk, variance = part.churned_and_variance(1)
    row: dict[str, object] = {"attribute": attribute, "group": group, "customers": n}
    row["churned"] = left
    row |= with_bounds("rate", "rate_", proportion_interval(left, n, level=level))
    row["mean_risk"] = mean_risk
    few = Estimate(None, None, None, level, n, "too few")
    enough = min(left, n - left) >= MIN_GROUP
    row |= with_bounds("auc", "auc_", auc(y[inside], p[inside], level=level) if enough else few)
    if not enough:
        notes.append(f"auc: fewer than {MIN_GROUP} left or stayed")
    observed = effective_interval(left, n, variance, level=level, method="")
    ratios = (
        one / mean_risk for one in (observed.value, observed.low, observed.high) if one is not None
    )
    names = ["observed_expected", "observed_expected_low", "observed_expected_high"]
    row |= dict(zip(names, ratios, strict=True))
    row["contacted"] = part.counts[1, :, 1].sum()
    for measure, of in (("contacted_rate", ""), ("captured", "left"), ("precision", "contacted")):
        share = part.share(measure, 1, cut.moves)
        one = few
        if share.base >= MIN_GROUP:
            spread = part.variance(share.influence)
            one = effective_interval(share.found, share.base, spread, level=level, method="")
        else:
            notes.append(f"{measure}: fewer than {MIN_GROUP} {of}")
        row |= with_bounds(measure, f"{measure}_", one)
    return row | {"note": "; ".join(notes)}


_DIFFERENCE_COLUMNS = ["attribute", "group", "measure", "value", "low", "high", "n", "p"]


def _differences(
    inside: BoolArray, y: BoolArray, p: FloatArray, cut: Cut, level: float
) -> list[dict[str, object]]:
    """A group against all others, a row for each measure that both have and that varies."""
    part, rows = _part(inside, y, p, cut), []
    z = float(ndtri(0.5 + level / 2))

    def add(measure: str, value: float, error: float) -> None:
        if error > 0:
            ends = np.array([value, value - z * error, value + z * error])
            if measure == "observed_expected":
                ends = np.exp(ends)
            found = dict(zip(("value", "low", "high"), ends.tolist(), strict=True))
            tail = 2 * float(ndtr(-abs(value) / error))
            rows.append({"measure": measure, "n": len(y), "p": tail} | found)

    kinds = [(y & side).sum() for side in (inside, ~inside)]
    kinds += [(~y & side).sum() for side in (inside, ~inside)]
    if min(kinds) >= MIN_GROUP:
        (first, spread), (second, other) = (delong(y[side], p[side]) for side in (inside, ~inside))
        ends = np.isin([first[0], second[0]], [0, 1]).any()
        error = 0.0 if ends else float(np.sqrt(spread[0, 0] + other[0, 0]))
        add("auc", float(first[0] - second[0]), error)
    for measure in ("captured", "precision"):
        mine, rest = (part.share(measure, side, cut.moves) for side in (1, 0))
        if min(mine.base, rest.base) >= MIN_GROUP:
            value = mine.found / mine.base - rest.found / rest.base
            add(measure, value, _share_error(part, mine, rest, value, level))
    told = [part.churned_and_variance(side) for side in (1, 0)]
    if min(left for left, *_ in told) >= MIN_GROUP:
        logs = [np.log(left / n / mean) for left, n, mean, _ in told]
        error = float(np.sqrt(sum(spread * (n / left) ** 2 for left, n, _, spread in told)))
        add("observed_expected", float(logs[0] - logs[1]), error)
    return rows


def _share_error(part: _Part, mine: _Share, rest: _Share, value: float, level: float) -> float:
    """Standard error of a difference of two shares.

    That of the influences; where a share is 0 or 1, and so without any, the distance of both
    Wilson limits on the side of no difference (Newcombe 1998), over z.
    """
    if 0 < mine.found < mine.base and 0 < rest.found < rest.base:
        return float(np.sqrt(part.variance(mine.influence - rest.influence)))
    squares = 0.0
    for one, downwards in ((mine, value > 0), (rest, value <= 0)):
        spread = part.variance(one.influence)
        ends = effective_interval(one.found, one.base, spread, level=level, method="")
        limit = ends.low if downwards else ends.high
        squares += ((limit or 0.0) - one.found / one.base) ** 2
    return float(np.sqrt(squares) / ndtri(0.5 + level / 2))


_NAMED = 3  # differences told in the sentence


def _sentence(differences: pd.DataFrame, attributes: Sequence[str]) -> str:
    """How many groups differ from the rest, and the clearest of these differences."""
    if differences.empty:
        return "No group can be compared with the rest of the customers: too few left or stayed."
    names = ", ".join(attributes)
    tests = f"{len(differences)} comparisons of groups ({names}) with the rest of the customers"
    found = differences[differences["differs"]].sort_values("p", kind="stable")
    if found.empty:
        return (
            f"None of {tests} shows a difference beyond noise (Holm). That is no proof of "
            "likeness: the intervals say how large a difference may be."
        )
    told = "; ".join(_clause(row) for row in found.head(_NAMED).to_dict("records"))
    return (
        f"{len(found)} of {tests} show a difference beyond noise (Holm). The clearest: {told}. "
        "Groups that leave at different rates cannot be alike in every measure: look at each "
        "difference before calling it unfair."
    )


def _clause(row: Mapping[Hashable, Any]) -> str:
    """One difference from the rest in words, with its interval."""
    value, low, high = row["value"], row["low"], row["high"]
    measure, label = row["measure"], f"{row['attribute']} = {row['group']}"
    if measure == "auc":
        words = "better" if value > 0 else "worse"
        return f"{label}: ranked {words} (AUC {value:+.3f}, {low:+.3f} to {high:+.3f})"
    if measure == "observed_expected":
        words = "low" if value > 1 else "high"
        return (
            f"{label}: risks too {words} against the rest's (leavers for each one expected "
            f"× {value:.2f}, {low:.2f} to {high:.2f})"
        )
    of = {"captured": "leavers reached", "precision": "leavers among those contacted"}[measure]
    words = "more" if value > 0 else "fewer"
    points = f"{100 * value:+.0f} points, {100 * low:+.0f} to {100 * high:+.0f}"
    return f"{label}: {words} {of} ({points})"


def _told(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def levels_or_quarters(values: pd.Series) -> pd.Series:
    """Levels of a category, values of a number with at most five of them, else its quarters."""
    if not pd.api.types.is_numeric_dtype(values):
        groups = values.astype("category")
    elif values.nunique() <= 5:
        groups = values.map("{:.10g}".format, na_action="ignore").astype("category")
    else:
        quarter = pd.qcut(values, 4, labels=False, duplicates="drop")
        ends = values.groupby(quarter).agg(["min", "max"])
        labels = [f"{_told(low)} to {_told(high)}" for low, high in ends.itertuples(index=False)]
        if len(set(labels)) < len(labels):
            labels = [f"{low:.10g} to {high:.10g}" for low, high in ends.itertuples(index=False)]
        groups = quarter.map(dict(enumerate(labels))).astype(pd.CategoricalDtype(labels))
    if MISSING not in groups.cat.categories:
        groups = groups.cat.add_categories(MISSING)
    return groups.fillna(MISSING)
