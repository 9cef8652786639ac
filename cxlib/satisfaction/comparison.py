"""Metrics between groups and periods: differences, what moved them, and what can be seen at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from cxlib.inference import MIN_GROUP, Estimate, holm, smaller_groups, suppressed
from cxlib.satisfaction.scores import (
    FEW_ANSWERS,
    FloatArray,
    Metric,
    Sample,
    estimate_of,
    group_samples,
    group_values,
    normal_quantile,
    sample_of,
    with_pseudo_answers,
)


def _hidden_note(least: int) -> str:
    return f"suppressed: fewer than {least} answers, or would give them away"


@dataclass(frozen=True)
class Comparison:
    """A metric in two samples: both values, the difference second - first, and its test.

    `effect_size` is Cohen's h of two shares, else Cohen's d, the difference over the pooled sd of
    the answers' values; `effect` names it. p is missing (None) when there is no test. `p_holm` is p
    corrected for all the metrics compared, where there are several.
    """

    metric: Metric
    first: Estimate
    second: Estimate
    difference: Estimate
    p: float | None
    effect_size: float | None
    p_holm: float | None = None

    @property
    def effect(self) -> str:
        return "Cohen's h" if self.metric.kind == "share" else "Cohen's d"

    @property
    def verdict(self) -> str:
        """The difference, how surely it is one, without saying of what."""
        change, text = self.difference, self.metric.change_text
        if change.value is None or change.low is None or change.high is None or self.p is None:
            return f"the two samples cannot be compared ({change.method})"
        p, name = (self.p, "p") if self.p_holm is None else (self.p_holm, "p (Holm)")
        judged = (
            "a difference that chance alone hardly explains"
            if p < 1 - change.level
            else "which chance alone can explain"
        ) + ", as several metrics were tested" * (self.p < 1 - change.level <= p)
        tested = f"{name} < 0.001" if p < 0.001 else f"{name} = {p:.3f}"
        level = f"{100 * change.level:.4g} % interval"
        interval = f"{level} {text(change.low, unit=False)} to {text(change.high, unit=False)}"
        return f"{text(change.value)} ({interval}, {tested}), {judged}"

    @property
    def beyond_chance(self) -> bool:
        """Whether chance alone hardly explains the difference; False where nothing was tested."""
        p = self.p if self.p_holm is None else self.p_holm
        return p is not None and p < 1 - self.difference.level

    @property
    def size(self) -> str:
        """The difference with its interval: "+7.9 (+3.0 to +12.7)"; "" where there is none."""
        change = self.difference
        if change.value is None or change.low is None or change.high is None:
            return ""
        value, low, high = (
            self.metric.change_text(one, unit=False)
            for one in (change.value, change.low, change.high)
        )
        return f"{value} ({low} to {high})"

    def since(self, earlier: str) -> str:
        """The difference to the `earlier` period as a clause: up, down, or perhaps chance alone."""
        if not self.size or self.p is None:
            method = self.difference.method
            return f"whether it changed since {earlier} cannot be told ({method})"
        value, _, interval = self.size.partition(" (")
        if not self.beyond_chance:
            return f"not changed beyond chance since {earlier} ({value}, {interval}"
        way = "up" if value.startswith("+") else "down"
        return f"{way} {value.lstrip('+-')} since {earlier} ({interval}"

    @property
    def sentence(self) -> str:
        """What changed, how surely, in a sentence."""
        label, text = self.metric.label, self.metric.text
        if self.p is None:
            return f"{label}: {self.verdict}."
        values = f"{text(self.first.value)} before, {text(self.second.value)} after"
        return f"{label}: {values}, {self.verdict}."


def compare(
    first: pd.DataFrame, second: pd.DataFrame, metric: Metric, *, level: float = 0.95
) -> Comparison:
    """Does the metric differ between two independent samples, such as two periods?

    Shares: Wald interval and test after adding a success and a failure to each sample (Agresti &
    Caffo 2000). Net: the same with 3/2 answers to each, 3/8 promoter, 3/4 passive, 3/8 detractor.
    Mean: Welch's t. Interval and p are of the same statistic, so that they agree. With survey
    weights sizes are effective ones and standard errors linearized, as in `estimate`. A sample of
    fewer than MIN_GROUP answers, or means without spread, give no comparison.
    """
    return _compare(sample_of(first, metric), sample_of(second, metric), metric, level)


def _compare(one: Sample, other: Sample, metric: Metric, level: float) -> Comparison:
    before, after = (estimate_of(sample, metric, level) for sample in (one, other))
    n = one.n + other.n
    if not (one.known and other.known):
        return Comparison(
            metric, before, after, Estimate(None, None, None, level, n, FEW_ANSWERS), None, None
        )
    raw = other.mean - one.mean
    if metric.kind == "mean":
        squares = one.standard_error**2, other.standard_error**2
        centre, error = raw, float(np.sqrt(sum(squares)))
        if error == 0:
            equal = Estimate(raw, None, None, level, n, "all answers are equal")
            return Comparison(metric, before, after, equal, None, None)
        # As in inference.welch_difference: with an effective size of one nothing is known.
        sizes = [max(sample.kish - 1, 1e-9) for sample in (one, other)]
        freedom = error**4 / (squares[0] ** 2 / sizes[0] + squares[1] ** 2 / sizes[1])
        margin = float(stdtrit(freedom, 0.5 + level / 2)) * error
        p, method = 2 * float(stdtr(freedom, -abs(centre) / error)), "Welch's t interval"
    else:
        added = 1.5 if metric.kind == "net" else 2.0
        adjusted = [with_pseudo_answers(sample, metric, added) for sample in (one, other)]
        centre = adjusted[1][0] - adjusted[0][0]
        error = float(np.sqrt(adjusted[0][1] + adjusted[1][1]))
        margin = normal_quantile(level) * error
        p, method = 2 * float(ndtr(-abs(centre) / error)), "adjusted Wald interval of a difference"
    widest = metric.bounds[1] - metric.bounds[0]
    low, high = max(-widest, centre - margin), min(widest, centre + margin)
    difference = Estimate(raw, float(min(low, raw)), float(max(high, raw)), level, n, method)
    return Comparison(metric, before, after, difference, p, _effect_size(one, other, metric))


def _effect_size(first: Sample, second: Sample, metric: Metric) -> float | None:
    if metric.kind == "share":
        return float(2 * np.arcsin(np.sqrt(second.mean)) - 2 * np.arcsin(np.sqrt(first.mean)))
    pooled = (first.n * first.variance + second.n * second.variance) / (first.n + second.n - 2)
    return (second.mean - first.mean) / float(np.sqrt(pooled)) if pooled > 0 else None


def group_table(
    counts: pd.DataFrame, metric: Metric, by: str, *, least: int = MIN_GROUP, level: float = 0.95
) -> pd.DataFrame:
    """The metric of each group beside that of all others together; a row a group.

    `counts` come from answer_counts by that one column; answers without a group form the
    group "not stated". Returns n, value, low, high (as `estimate`); rest; difference = group - rest
    with difference_low, difference_high, p (as `compare`), p_holm (Holm over the groups; two groups
    make a single test) and cohens_h or cohens_d; and note. A group of fewer than `least` answers
    (at least MIN_GROUP) is suppressed, and so is the next smallest where the others would give it
    away: together they make the last row, "3 smaller groups", without figures.
    """
    codes, names = pd.factorize(group_values(counts, by))
    own, rest = group_samples(counts, metric, codes, len(names))
    hidden, least = suppressed([one.n for one in own], least), max(least, MIN_GROUP)
    rows: dict[Any, dict[str, Any]] = {}
    for place in np.flatnonzero(~hidden).tolist():
        name, found = names[place], _compare(rest[place], own[place], metric, level)
        rows[name] = {
            "n": found.second.n,
            "value": found.second.value,
            "low": found.second.low,
            "high": found.second.high,
            "rest": found.first.value,
            "difference": found.difference.value,
            "difference_low": found.difference.low,
            "difference_high": found.difference.high,
            "p": found.p,
            "cohens_h" if metric.kind == "share" else "cohens_d": found.effect_size,
            "note": "",
        }
    if hidden.any():
        rows[smaller_groups(int(hidden.sum()))] = {"note": _hidden_note(least)}
    effect = "cohens_h" if metric.kind == "share" else "cohens_d"
    numbers = ["n", "value", "low", "high", "rest", "difference", "difference_low"]
    numbers += ["difference_high", "p", "p_holm", effect]
    table = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=[*numbers, "note"])
    table[numbers] = table[numbers].astype(float)
    corrected = table["p"].to_numpy() if len(names) == 2 else holm(table["p"])
    return table.assign(p_holm=corrected).astype({"n": "Int64"}).rename_axis(by)


@dataclass(frozen=True)
class Decomposition:
    """A change between two periods, split into what the mix did and what the rates did.

    `mix` + `rate` = `change` exactly. `table`: a row a group of `by` with share and value before
    and after, and its part of mix and rate with intervals; suppressed where answers are too few.
    """

    metric: Metric
    by: str
    change: Estimate
    mix: Estimate
    rate: Estimate
    table: pd.DataFrame

    @property
    def summary(self) -> pd.DataFrame:
        parts = {"change": self.change, "mix": self.mix, "rate": self.rate}
        rows = {k: (e.value, e.low, e.high, e.n, e.method) for k, e in parts.items()}
        columns = ["value", "low", "high", "n", "method"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("part")

    @property
    def sentence(self) -> str:
        """How much of the change is a different mix of customers, in a sentence."""
        if self.change.value is None or self.mix.value is None or self.rate.value is None:
            return f"{self.metric.label}: the change cannot be split ({self.change.method})."
        text = self.metric.change_text

        def interval(part: Estimate) -> str:
            if part.low is None or part.high is None:
                return ""
            ends = f"{text(part.low, unit=False)} to {text(part.high, unit=False)}"
            return f" ({100 * part.level:.4g} % interval {ends})"

        return (
            f"{self.metric.label} changed by {text(self.change.value)}: {text(self.mix.value)}"
            f"{interval(self.mix)} from a different mix of"
            f" {self.by.replace('_', ' ')} and"
            f" {text(self.rate.value)}{interval(self.rate)} from different answers within the"
            " groups."
        )


def mix_and_rate(
    before: pd.DataFrame,
    after: pd.DataFrame,
    metric: Metric,
    by: str,
    *,
    least: int = MIN_GROUP,
    level: float = 0.95,
) -> Decomposition:
    """Splits the change of a metric into a part of the mix and a part of the rates.

    With s the groups' shares of the (weighted) answers and r their values (Kitagawa 1955; Das Gupta
    1993): mix = sum (s2 - s1) (r1 + r2) / 2, rate = sum (r2 - r1) (s1 + s2) / 2. A group's own part
    of the mix is counted from the mean m of the two totals, (s2 - s1) ((r1 + r2) / 2 - m), which
    leaves the sum as it is. A group that is missing in one period has the value of the other there,
    so that all it brings is mix. Intervals are linearized (delta method), survey weights taken as
    fixed. `before` and `after` come from answer_counts by that one column; answers without a group
    form a group of their own. Fewer than MIN_GROUP answers in a period give no decomposition;
    groups of fewer than `least` (at least MIN_GROUP) answers in either, and what gives them away,
    stand in the table as its last row, "3 smaller groups", without figures.
    """
    least = max(least, MIN_GROUP)
    comparison = compare(before, after, metric, level=level)
    change = comparison.difference
    if comparison.p is None:
        nothing = Estimate(None, None, None, level, change.n, change.method)
        return Decomposition(metric, by, change, nothing, nothing, pd.DataFrame())
    cells = [_cells(counts, metric, by) for counts in (before, after)]
    groups = _groups(cells)
    mix = (groups.shares[1] - groups.shares[0]) * groups.middle
    rate = (groups.rates[1] - groups.rates[0]) * groups.shares.mean(axis=0)
    variances = np.zeros((2, len(groups.names) + 1))
    for period, cell in enumerate(cells):
        n, weight = cell["count"].sum(), cell["weight"].sum()
        variances += n / (n - 1) * _influence_squares(cell, groups, period) / weight**2
    errors = normal_quantile(level) * np.sqrt(variances)
    parts = [
        Estimate(
            float(part.sum()),
            float(part.sum() - error[-1]),
            float(part.sum() + error[-1]),
            level,
            change.n,
            f"Kitagawa decomposition by {by}, linearized interval",
        )
        for part, error in zip((mix, rate), errors, strict=True)
    ]
    value = np.where(groups.absent, np.nan, groups.rates)
    table = pd.DataFrame(
        {
            "n_before": groups.sizes[0],
            "n_after": groups.sizes[1],
            "share_before": groups.shares[0],
            "share_after": groups.shares[1],
            "value_before": value[0],
            "value_after": value[1],
            "mix": mix,
            "mix_low": mix - errors[0, :-1],
            "mix_high": mix + errors[0, :-1],
            "rate": rate,
            "rate_low": rate - errors[1, :-1],
            "rate_high": rate + errors[1, :-1],
        },
        index=pd.Index(groups.names, name=by),
    )
    hidden = np.zeros(len(table), dtype=bool)
    for size, gone in zip(groups.sizes, groups.absent, strict=True):
        hidden[~gone] |= suppressed(size[~gone], least)
    table = table[~hidden].assign(note="")
    if hidden.any():
        table.loc[smaller_groups(int(hidden.sum())), "note"] = _hidden_note(least)
    return Decomposition(metric, by, change, parts[0], parts[1], table)


@dataclass(frozen=True)
class _Groups:
    """Sizes, shares and values of the groups before and after, each of shape (2, groups).

    A group that is absent from a period has the value of the other period there.
    """

    names: list[Any]
    sizes: FloatArray
    shares: FloatArray
    rates: FloatArray
    absent: NDArray[np.bool_]

    @property
    def totals(self) -> FloatArray:
        return (self.shares * self.rates).sum(axis=1)

    @property
    def middle(self) -> FloatArray:
        """Each group's mean value of the two periods, from the mean of the two totals."""
        return self.rates.mean(axis=0) - self.totals.mean()


def _groups(cells: Sequence[pd.DataFrame]) -> _Groups:
    names = sorted({name for cell in cells for name in cell["group"]}, key=str)
    sums = [
        cell.groupby("group")[["count", "weight", "total"]].sum().reindex(names) for cell in cells
    ]
    weight = np.stack([one["weight"] for one in sums]).astype(float)
    rates = np.stack([one["total"] for one in sums]).astype(float) / weight
    absent = np.isnan(rates)
    return _Groups(
        names=names,
        sizes=np.stack([one["count"].fillna(0) for one in sums]).astype(float),
        shares=np.nan_to_num(weight / np.nansum(weight, axis=1, keepdims=True)),
        rates=np.where(absent, rates[::-1], rates),
        absent=absent,
    )


def _cells(counts: pd.DataFrame, metric: Metric, by: str) -> pd.DataFrame:
    answered = counts[counts["score"].notna()]
    value = metric.values(answered["score"])
    return answered.assign(
        group=group_values(answered, by), value=value, total=answered["weight"] * value
    )


def _influence_squares(cell: pd.DataFrame, groups: _Groups, period: int) -> FloatArray:
    """Sums of w^2 influence^2 of the answers on each group's mix and rate, and on their totals.

    An answer of group h with value x moves the mix and the rate of a group g by
    steady_g + slope_g (x - total), and those of h by `own` more; so no array of answers by groups
    is needed. Shape (2, groups + 1), the totals last.
    """
    sign = 2 * period - 1
    shares, rates = groups.shares, groups.rates
    squared = cell["weight_squared"].to_numpy(dtype=float)
    x = cell["value"].to_numpy(dtype=float)
    place = pd.Index(groups.names).get_indexer(cell["group"])
    # A group that the other period lacks lends it its value: then both halves move with this one.
    alone = groups.absent[1 - period]
    half, kept = np.where(alone, 1.0, 0.5), np.where(alone, 0.0, shares.mean(axis=0))
    moved, risen = shares[1] - shares[0], (rates[1] - rates[0]) / 2
    of_rate, y = (x - rates[period][place]) / shares[period][place], x - groups.totals[period]
    own = np.stack(
        [
            sign * groups.middle[place] + (moved * half)[place] * of_rate,
            risen[place] + sign * of_rate * kept[place],
        ]
    )
    steady = -shares[period] * np.stack([sign * groups.middle, risen])
    slope = np.stack([-moved / 2, np.zeros_like(moved)])
    squares = np.zeros((2, len(groups.names) + 1))
    for part in range(2):
        a, b, more = steady[part], slope[part], own[part]
        common = a**2 * squared.sum() + 2 * a * b * (squared @ y) + b**2 * (squared @ y**2)
        extra = squared * more * (2 * (a[place] + b[place] * y) + more)
        squares[part, :-1] = common + np.bincount(place, extra, minlength=len(a))
        squares[part, -1] = squared @ (a.sum() + b.sum() * y + more) ** 2
    return squares


def answers_needed(
    counts: pd.DataFrame, metric: Metric, change: float, *, power: float = 0.8, level: float = 0.95
) -> int:
    """How many answers a period are needed to see a change of the metric, in the metric's unit.

    (z_level + z_power)^2 * 2 * variance / change^2 * design effect, for two periods of that size
    with the variance and the design effect n / effective size of these answers. Raises ValueError
    when the change is not positive or there are fewer than MIN_GROUP answers to learn from.
    """
    sample = sample_of(counts, metric)
    if change <= 0 or not sample.known:
        raise ValueError(f"Needs a positive change and {MIN_GROUP} answers, not {sample.n}.")
    quantiles = normal_quantile(level) + float(ndtri(power))
    effect = sample.n / sample.effective
    return int(np.ceil(quantiles**2 * 2 * sample.variance / change**2 * effect))
