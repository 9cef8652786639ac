"""The metrics NPS, CSAT and CES, their estimates and what the silent ones could change.

Every figure is the mean of a value given to each answer (Metric), so all of them come from one
reduction: how often each score was given, and with what weight (answer_counts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from cxlib.calendars import Calendar, first_days, period_number
from cxlib.inference import MIN_GROUP, NOT_STATED, Estimate, wilson_limits

FloatArray = NDArray[np.float64]
Every = Literal["1mo", "1q", "1y"]
MONTHS_OF: dict[Every, int] = {"1mo": 1, "1q": 3, "1y": 12}

FEW_ANSWERS = f"not shown: fewer than {MIN_GROUP} answers"

# Detractors answer up to the first, promoters from the second number.
_PROMOTER_SCALES = {(0, 10): (6, 9), (1, 10): (6, 9)}


@dataclass(frozen=True)
class Metric:
    """A figure of a survey: the mean of a value given to each answer.

    `kind` net: -100, 0 or 100 for detractors, passives and promoters; share: 1 for the two best
    answers of the scale, else 0; mean: the answer itself. `turned` says that low answers are the
    good ones: they are turned (low + high - answer), so that higher is better in every metric.
    """

    name: str
    column: str
    kind: Literal["net", "share", "mean"]
    label: str
    scale: tuple[float, float]
    turned: bool = False

    @property
    def bounds(self) -> tuple[float, float]:
        return {"net": (-100.0, 100.0), "share": (0.0, 1.0), "mean": self.scale}[self.kind]

    @property
    def direction(self) -> str:
        """What a high figure means, and what was done to the answers for it."""
        low, high = self.scale
        asked = f"asked on {low:g} to {high:g}"
        if self.kind == "mean" and not _has_top_two(self.scale):
            asked += ", too short a scale for a share of the two best answers"
        return f"{asked} with {low:g} the best, turned" if self.turned else asked

    def values(self, scores: ArrayLike) -> FloatArray:
        """The value of each score; missing scores stay missing.

        Raises ValueError for a score outside the scale or, where answers are sorted into classes,
        between two answers.
        """
        score = np.asarray(scores, dtype=float)
        low, high = self.scale
        known = score[~np.isnan(score)]
        wrong = (known < low) | (known > high)
        if self.kind != "mean":
            wrong |= known != np.round(known)
        if wrong.any():
            raise ValueError(
                f"{self.column}: {known[wrong][0]:g} is no answer on the scale {low:g} to {high:g};"
                " declare the scale that was asked."
            )
        if self.turned:
            score = low + high - score
        if self.kind == "mean":
            return score
        if self.kind == "share":
            return np.where(np.isnan(score), np.nan, score >= high - 1)
        detractors_to, promoters_from = _PROMOTER_SCALES[(int(low), int(high))]
        value = 100.0 * (score >= promoters_from) - 100.0 * (score <= detractors_to)
        return np.where(np.isnan(score), np.nan, value)

    @property
    def question(self) -> str:
        """What was asked, as a name for the answers themselves."""
        names = {"nps": "willingness to recommend", "csat": "overall satisfaction"}
        return names.get(self.column, "ease")

    @property
    def answers(self) -> str:
        """The column of `with_outcome`: the question, kept apart from drivers of that name."""
        return f"__{self.question}"

    @property
    def unit(self) -> str:
        """The unit in which `in_units` writes the figures."""
        low, high = self.scale
        return {"net": "points", "share": "%", "mean": f"{low:g} to {high:g}"}[self.kind]

    def reading(self, estimate: Estimate) -> str:
        """An estimate with its interval and n, for a sentence."""
        if estimate.value is None:
            return estimate.method
        if estimate.low is None or estimate.high is None:
            return f"{self.text(estimate.value)} (no interval: {estimate.method})"
        return (
            f"{self.text(estimate.value)} ({100 * estimate.level:.4g} % interval"
            f" {self.text(estimate.low)} to {self.text(estimate.high)}, n = {estimate.n:,})"
        )

    def statement(self, estimate: Estimate, people: str, n: str = "") -> str:
        """An estimate of what `people` answered as a clause, with its scale and interval."""
        if estimate.value is None:
            return f"{self.label} cannot be told ({estimate.method})"
        value, ends = self.text(estimate.value), "no interval"
        if estimate.low is not None and estimate.high is not None:
            ends = f"{100 * estimate.level:.4g} % interval"
            ends += f" {self.text(estimate.low)} to {self.text(estimate.high)}"
        if self.kind == "share":
            are = "are satisfied" if self.column == "csat" else "find it easy"
            return f"{value} of {people} {are} ({ends}{n})"
        name = "the net promoter score" if self.kind == "net" else f"mean {self.question}"
        low, high = self.bounds
        return f"{name} is {value} (scale {low:g} to {high:g}, {ends}{n})"

    def text(self, value: float | None) -> str:
        """A value as a manager reads it: points, percent, or a place on the scale."""
        if value is None or np.isnan(value):
            return "not shown"
        return {"net": f"{value:z.1f}", "share": f"{100 * value:.1f} %", "mean": f"{value:.2f}"}[
            self.kind
        ]

    def change_text(self, difference: float, *, unit: bool = True) -> str:
        """A difference of two values, with its sign and, if wanted, its unit."""
        units = {
            "net": " points",
            "share": " percentage points",
            "mean": f" on the scale {self.scale[0]:g} to {self.scale[1]:g}",
        }
        number = 100 * difference if self.kind == "share" else difference
        text = f"{number:+z.2f}" if self.kind == "mean" else f"{number:+z.1f}"
        return text + units[self.kind] * unit


def metrics(
    scales: Mapping[str, tuple[float, float]], *, ces_easy: Literal["high", "low"] = "high"
) -> dict[str, Metric]:
    """The metrics of the questions asked (nps, csat, ces), by name, on their declared scales.

    nps: net promoter score, promoters - detractors in points (Reichheld 2003); detractors answer up
    to 6, promoters 9 or 10, on 0 to 10 or 1 to 10. csat_share, ces_share: share of the two best
    answers (top two box), on scales of at least four: on three the middle would be one of the best;
    csat_mean, ces_mean: mean answer. `ces_easy` says which end of the effort scale is easy; the
    answers are turned when it is the low one. Other names in `scales` are not metrics and are
    passed over. Raises ValueError for an NPS asked on another scale.
    """
    found: list[Metric] = []
    if "nps" in scales:
        low, high = scales["nps"]
        if (low, high) not in _PROMOTER_SCALES:
            raise ValueError(
                f"nps: asked on {low:g} to {high:g}, but promoters and detractors are defined on"
                " 0 to 10 (and 1 to 10) only; declare it as csat instead."
            )
        found.append(Metric("nps", "nps", "net", "Net promoter score", (low, high)))
    for column, best, whole in (("csat", "Satisfied", "Satisfaction"), ("ces", "Easy", "Ease")):
        if column not in scales:
            continue
        scale, turned = scales[column], column == "ces" and ces_easy == "low"
        low, high = scale
        if _has_top_two(scale):
            first, second = (low, low + 1) if turned else (high - 1, high)
            label = f"{best} ({first:g} and {second:g} of {low:g} to {high:g})"
            found.append(Metric(f"{column}_share", column, "share", label, scale, turned))
        found.append(Metric(f"{column}_mean", column, "mean", f"{whole}, mean", scale, turned))
    return {metric.name: metric for metric in found}


def _has_top_two(scale: tuple[float, float]) -> bool:
    return scale[1] - scale[0] >= 3


def one_each(chosen: Mapping[str, Metric]) -> dict[str, Metric]:
    """The first metric of each question: not the mean where there is a share."""
    first = {metric.column: metric for metric in reversed(list(chosen.values()))}
    return {name: metric for name, metric in chosen.items() if first[metric.column] is metric}


def answered(chosen: Mapping[str, Metric], counts: Mapping[str, pd.DataFrame]) -> dict[str, Metric]:
    """The metrics with at least MIN_GROUP answers, for a report to speak of; all if none has them.

    `counts`: answer_counts by the metric's column.
    """
    known = {
        name: metric
        for name, metric in chosen.items()
        if sample_of(counts[metric.column], metric).known
    }
    return known or dict(chosen)


def answer_counts(
    frame: nw.LazyFrame,
    column: str,
    by: Sequence[str] = (),
    *,
    every: Every | None = None,
    calendar: Calendar = "gregorian",
) -> pd.DataFrame:
    """How often each score was given, counted where the data are.

    Returns the columns `by`, score, count, weight (sum of w) and weight_squared (sum of w^2), both
    equal to count where the frame has no column weight; and period where `every` is given: the
    first day of the month, quarter or year of the date in the `calendar`. A column of `by` that has
    one of these names gets "__" before it; `group_values` finds it. A missing score is a row like
    any other; an answer whose weight is missing or zero counts as a missing score.
    """
    weighted = "weight" in frame.collect_schema().names()
    weight = nw.col("weight").cast(nw.Float64) if weighted else nw.lit(1.0)
    # To some engines not a number is above zero.
    answered = ~nw.col(column).is_null() & (weight > 0) & ~weight.is_nan()
    # No attribute is called by a name that begins with two underscores; case does not count.
    months = 0 if every is None else MONTHS_OF[every]
    number = period_number(nw.col("date"), calendar, months=months or 1).alias("__period")
    period = [number] * (months > 0)
    keys = [*by, *["__period"] * len(period), "__score"]
    counts = (
        frame.select(
            *(nw.col(name) for name in by),
            *period,
            nw.when(answered).then(nw.col(column).cast(nw.Float64)).alias("__score"),
            nw.when(answered).then(weight).otherwise(nw.lit(0.0)).alias("__weight"),
        )
        .with_columns((nw.col("__weight") * nw.col("__weight")).alias("__weight_squared"))
        .group_by(*keys)
        .agg(
            nw.len().alias("__count"),
            nw.col("__weight").sum(),
            nw.col("__weight_squared").sum(),
        )
        .collect("pandas")
        .to_pandas()
        .sort_values(keys, ignore_index=True)
    )
    ours = [name.removeprefix("__") for name in counts.columns[len(by) :]]
    theirs = [f"__{name}" if name in ours else name for name in by]
    counts = counts.set_axis([*theirs, *ours], axis=1)
    if months:
        counts["period"] = first_days(counts["period"], calendar, months=months)
    without = counts["score"].isna() & (counts["weight"] == 0)
    if not weighted:
        counts.loc[without, ["weight", "weight_squared"]] = counts.loc[without, "count"]
    return counts


def group_values(counts: pd.DataFrame, by: str) -> pd.Series:
    """The group of each row of answer_counts; those without one form the group "not stated"."""
    values = counts[f"__{by}" if f"__{by}" in counts else by]
    return values.astype(object).where(values.notna(), NOT_STATED)


def unweighted(counts: pd.DataFrame) -> pd.DataFrame:
    """The same answers with every weight 1; answers of weight zero stay missing ones."""
    return counts.assign(weight=counts["count"], weight_squared=counts["count"])


@dataclass(frozen=True)
class Sample:
    """Moments of a metric over a table of answer counts.

    `variance` is that of the values, sum(w (x - mean)^2) / sum(w); `effective` is the size of the
    simple random sample that would know the mean as well: the smaller of variance / linearized
    variance of the mean (Korn & Graubard 1998) and (sum w)^2 / sum w^2 (Kish 1965). The first alone
    is too sure of itself where few answers differ from the others; `kish` is the second.
    """

    n: int
    mean: float
    variance: float
    effective: float
    kish: float
    standard_error: float
    weighted: bool

    @property
    def known(self) -> bool:
        return self.n >= MIN_GROUP


def sample_of(counts: pd.DataFrame, metric: Metric) -> Sample:
    """The moments of a metric over a table of answer_counts; missing answers are left out."""
    return group_samples(counts, metric, np.zeros(len(counts), dtype=np.intp), 1)[0][0]


def group_samples(
    counts: pd.DataFrame, metric: Metric, codes: NDArray[np.intp], groups: int
) -> tuple[list[Sample], list[Sample]]:
    """The moments of each group (rows of `counts` by code, 0 to groups - 1) and of all others.

    One pass over the rows: the others' sums are those of all less the group's.
    """
    columns = ["score", "count", "weight", "weight_squared"]
    score, count, w, squared = (counts[name].to_numpy(dtype=float) for name in columns)
    given = ~np.isnan(score) & (w > 0)
    count, w, squared, code = count[given], w[given], squared[given], codes[given]
    x = metric.values(score[given])
    centre = 0.0 if not len(x) else float(x[0] if np.ptp(x) == 0 else w @ x / w.sum())
    y = x - centre
    amounts = (count, w != count, w, w * y, w * y**2, squared, squared * y, squared * y**2)
    sums = np.stack([np.bincount(code, one, minlength=groups) for one in amounts])
    others = sums.sum(axis=1, keepdims=True) - sums
    width = metric.bounds[1] - metric.bounds[0]
    own, rest = ([_sample(one, centre, width) for one in part.T] for part in (sums, others))
    return own, rest


def _sample(sums: FloatArray, centre: float, width: float) -> Sample:
    n, unlike, w, wy, wyy, squared, squared_y, squared_yy = sums.tolist()
    if n == 0:
        return Sample(0, np.nan, np.nan, 0.0, 0.0, np.nan, False)
    shift, kish, weighted = wy / w, round(w**2 / squared, 9), unlike > 0
    variance = wyy / w - shift**2
    # What rounding leaves of equal answers is no spread.
    if n == 1 or variance <= 1e-12 * width**2:
        return Sample(int(n), centre + shift, 0.0, kish, kish, 0.0, weighted)
    linearized = (squared_yy - 2 * shift * squared_y + shift**2 * squared) / w**2
    error = float(np.sqrt(linearized * n / (n - 1)))
    effective = min(variance / linearized, kish)
    return Sample(int(n), centre + shift, variance, effective, kish, error, weighted)


def normal_quantile(level: float) -> float:
    """z of a two-sided interval of this level."""
    return float(ndtri(0.5 + level / 2))


def with_pseudo_answers(sample: Sample, metric: Metric, added: float) -> tuple[float, float]:
    """Mean and its variance after `added` answers spread evenly over the metric's two ends.

    Half of the pseudo-answers to a net score are passives, so that each end has a quarter.
    """
    low, high = metric.bounds
    size = sample.effective + added
    square = (low**2 + high**2) / (4 if metric.kind == "net" else 2)
    mean = (sample.effective * sample.mean + added * (low + high) / 2) / size
    second = (sample.effective * (sample.variance + sample.mean**2) + added * square) / size
    return mean, (second - mean**2) / size


def estimate(counts: pd.DataFrame, metric: Metric, *, level: float = 0.95) -> Estimate:
    """The metric over all answers of `counts` (from answer_counts) with its interval and n.

    Net: adjusted Wald, a Wald interval after adding 3 answers, 3/4 promoter, 3/2 passive, 3/4
    detractor (Rocks 2016), cut at -100 and 100; `net_intervals` shows it beside others. Share:
    Wilson's score interval. Mean: Student's t. With survey weights the mean is weighted, the t
    interval takes the linearized standard error and (sum w)^2 / sum w^2 - 1 (Kish 1965) degrees of
    freedom, and the other two take for n the effective size:
    the smaller of variance / linearized variance (Korn & Graubard 1998) and (sum w)^2 / sum w^2
    (Kish 1965). Missing answers are left out. Fewer than MIN_GROUP answers give no value, answers
    that are all equal no interval of a mean.
    """
    return estimate_of(sample_of(counts, metric), metric, level)


def estimate_of(sample: Sample, metric: Metric, level: float) -> Estimate:
    """As `estimate`, from the moments."""
    if not sample.known:
        reason = FEW_ANSWERS if sample.n else "no answers"
        return Estimate(None, None, None, level, sample.n, reason)
    weights = "weighted, " if sample.weighted else ""
    if metric.kind == "net":
        low, high = _adjusted_wald(sample, metric, level)
        method = f"{weights}adjusted Wald interval (3 pseudo-answers)"
    elif metric.kind == "share":
        low, high = wilson_limits(sample.mean, sample.effective, level=level)
        method = f"{weights}Wilson interval"
    elif sample.variance == 0:
        return Estimate(sample.mean, None, None, level, sample.n, "all answers are equal")
    elif sample.kish < 2:
        reason = "no interval: a single answer has most of the weight"
        return Estimate(sample.mean, None, None, level, sample.n, reason)
    else:
        margin = float(stdtrit(sample.kish - 1, 0.5 + level / 2)) * sample.standard_error
        low, high = sample.mean - margin, sample.mean + margin
        method = f"{weights}mean, t interval"
    return Estimate(sample.mean, low, high, level, sample.n, method)


def _adjusted_wald(sample: Sample, metric: Metric, level: float) -> tuple[float, float]:
    mean, variance = with_pseudo_answers(sample, metric, 3)
    margin = normal_quantile(level) * np.sqrt(variance)
    low, high = max(-100.0, mean - margin), min(100.0, mean + margin)
    return float(min(low, sample.mean)), float(max(high, sample.mean))


def net_intervals(counts: pd.DataFrame, metric: Metric, *, level: float = 0.95) -> pd.DataFrame:
    """The net score with three intervals side by side: value, low, high, n; a row a method.

    Wald: value +- z sqrt((p + d - (p - d)^2) / n). Adjusted Wald: as in `estimate`. Score: the net
    scores that the test with the constrained maximum-likelihood variance does not reject (Tango
    1998, there for paired proportions, the same trinomial). Enumerated over all samples of 20 to
    200 answers the score interval covers best, the adjusted Wald nearly as well, the Wald too
    little. With weights n is the effective size as in `estimate`. Fewer than MIN_GROUP answers give
    missing figures.
    """
    sample = sample_of(counts, metric)
    rows: dict[str, tuple[float, float]] = dict.fromkeys(
        ["Wald", "adjusted Wald", "score"], (np.nan, np.nan)
    )
    if sample.known:
        margin = normal_quantile(level) * np.sqrt(sample.variance / sample.effective)
        rows["Wald"] = max(-100.0, sample.mean - margin), min(100.0, sample.mean + margin)
        rows["adjusted Wald"] = _adjusted_wald(sample, metric, level)
        promoters = (sample.variance + sample.mean**2 + 100 * sample.mean) / 2 / 100**2
        share = np.array([promoters]), np.array([promoters - sample.mean / 100])
        low, high = score_interval(*share, sample.effective, level=level)
        rows["score"] = float(100 * low[0]), float(100 * high[0])
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"])
    table.insert(0, "value", sample.mean if sample.known else np.nan)
    return table.assign(n=sample.n).rename_axis("method")


def score_interval(
    promoter_rate: FloatArray, detractor_rate: FloatArray, n: float, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Limits of p - d by inverting the score test, for many samples of one size at once (rates).

    Tango's (1998) statistic (p - d - D) / sqrt((2 q + D (1 - D)) / n), q the maximum-likelihood
    rate of detractors given that p - d = D; the limits are found by halving.
    """
    difference, z = promoter_rate - detractor_rate, normal_quantile(level)

    def accepted(net: FloatArray) -> NDArray[np.bool_]:
        linear = (2 - difference) * net - promoter_rate - detractor_rate
        root = np.sqrt(np.maximum(linear**2 + 8 * detractor_rate * net * (1 - net), 0))
        variance = 2 * (root - linear) / 4 + net * (1 - net)
        return (difference - net) ** 2 <= z**2 * np.maximum(variance, 0) / n + 1e-15

    limits = []
    for end in (-1.0, 1.0):
        inside, outside = difference.copy(), np.full_like(difference, end)
        for _ in range(50):
            middle = (inside + outside) / 2
            kept = accepted(middle)
            inside, outside = np.where(kept, middle, inside), np.where(kept, outside, middle)
        limits.append(inside)
    return limits[0], limits[1]


def score_table(
    frame: nw.LazyFrame, chosen: Mapping[str, Metric], *, level: float = 0.95
) -> pd.DataFrame:
    """Each metric of the survey, weighted and unweighted side by side; a row a metric.

    Returns n answers and blank_rate (share of rows without an answer, unweighted); value, low,
    high, method; unweighted, unweighted_low, unweighted_high; and design_effect = n / effective
    size, what the weights cost: 1 without weights.
    """
    rows = {}
    for metric in chosen.values():
        counts = answer_counts(frame, metric.column)
        sample = sample_of(counts, metric)
        with_weights = estimate_of(sample, metric, level)
        without = estimate(unweighted(counts), metric, level=level)
        total = int(counts["count"].sum())
        rows[metric.label] = {
            "n": sample.n,
            "blank_rate": 1 - sample.n / total if total else np.nan,
            "value": with_weights.value,
            "low": with_weights.low,
            "high": with_weights.high,
            "unweighted": without.value,
            "unweighted_low": without.low,
            "unweighted_high": without.high,
            "design_effect": sample.n / sample.effective if sample.known else np.nan,
            "method": f"{with_weights.method}; {metric.direction}",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")


Figure = str | tuple[str, str, str]


def in_units(
    table: pd.DataFrame,
    chosen: Sequence[Metric],
    columns: Sequence[Figure],
    *,
    signed: Sequence[Figure] = (),
) -> pd.DataFrame:
    """The figures as they are read, as text: points, per cent, or places on the scale.

    Row i is in the unit of chosen[i]; `columns` are values, `signed` differences. A triple of
    columns is a figure with its interval, written "27.0 (23.1 to 30.8)" in the place of the first.
    A missing figure is blank.
    """
    texts: dict[str, list[str]] = {}
    bounds: list[str] = []
    for figure, sign in [(one, "") for one in columns] + [(one, "+") for one in signed]:
        name, *ends = (figure,) if isinstance(figure, str) else figure
        numbers = table[[name, *ends]].to_numpy(dtype=float)
        texts[name] = [
            _figure_text(row, metric, sign) for row, metric in zip(numbers, chosen, strict=True)
        ]
        bounds += ends
    return table.assign(**texts).drop(columns=bounds)


def _figure_text(numbers: FloatArray, metric: Metric, sign: str) -> str:
    scale = 100 if metric.kind == "share" else 1
    digits = 2 if metric.kind == "mean" else 1
    value, *ends = (f"{scale * number:{sign}z.{digits}f}" for number in numbers)
    if np.isnan(numbers[0]):
        return ""
    return f"{value} ({' to '.join(ends)})" if ends and not np.isnan(numbers).any() else value


def outcome_metric(chosen: Mapping[str, Metric], column: str = "") -> Metric:
    """The metric whose answers the drivers shall explain: that of `column` (nps, csat or ces).

    An empty `column` means csat where it is asked, else what is asked first. Raises ValueError when
    the survey does not ask it.
    """
    asked = list(dict.fromkeys(metric.column for metric in chosen.values()))
    wanted = column or ("csat" if "csat" in asked else asked[0])
    if wanted not in asked:
        raise ValueError(f"outcome: {column!r} is not asked; this survey has {', '.join(asked)}.")
    return next(metric for metric in chosen.values() if metric.column == wanted)


def with_outcome(frame: nw.LazyFrame, metric: Metric) -> nw.LazyFrame:
    """The frame with the answers to the metric's question, turned so that high is good.

    The column is called `metric.answers`.
    """
    answer = nw.col(metric.column).cast(nw.Float64)
    turned = metric.scale[0] + metric.scale[1] - answer if metric.turned else answer
    return frame.with_columns(turned.alias(metric.answers))


def nonresponse_bounds(
    score: Estimate, metric: Metric, response_rate: float, *, difference: float
) -> pd.DataFrame:
    """What the metric among all who were asked could be, given what the silent ones think.

    total = response_rate * value + (1 - response_rate) * value of the non-respondents (Cochran
    1977, ch. 13), whose value is taken to be that of the respondents, `difference` (in the metric's
    unit) lower or higher, or the worst or best end. low and high carry the respondents' interval
    along; the assumption itself has none. Returns a row an assumption: value, low, high. Raises
    ValueError when response_rate is not within 0..1 or there is no score.
    """
    if not 0 < response_rate <= 1 or score.value is None:
        raise ValueError(f"Needs a score and a response rate above 0, not {response_rate}.")
    worst, best = metric.bounds
    by_this = metric.change_text(difference).lstrip("+")
    ends = {"value": score.value, "low": score.low, "high": score.high}
    rows = {}
    for assumption, shift, fixed in (
        ("all at the worst end", 0.0, worst),
        (f"lower by {by_this}", -difference, None),
        ("like the respondents", 0.0, None),
        (f"higher by {by_this}", difference, None),
        ("all at the best end", 0.0, best),
    ):
        row = {}
        for name, end in ends.items():
            answered = np.nan if end is None else end
            silent = float(np.clip(answered + shift, worst, best)) if fixed is None else fixed
            row[name] = response_rate * answered + (1 - response_rate) * silent
        rows[assumption] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("assumption")


def nonresponse_harmless(bounds: pd.DataFrame, most: float) -> bool | None:
    """Whether non-response leaves the figure where it is, give or take `most` (its unit).

    Reads `nonresponse_bounds`: True when it does whatever the silent ones think, False when it does
    not even if they differ as assumed, None between the two.
    """
    worst, lower, same, higher, best = bounds["value"].to_numpy(dtype=float).round(9)
    if max(same - worst, best - same) <= most:
        return True
    return False if max(same - lower, higher - same) > most else None


def nonresponse_sentence(bounds: pd.DataFrame, metric: Metric, response_rate: float) -> str:
    """What the non-response could mean at worst and under the assumed differences."""
    worst, lower, same, higher, best = (metric.text(value) for value in bounds["value"])
    return (
        f"{metric.label}: {100 * response_rate:.0f} % answered, {same} among them. Among all who"
        f" were asked it is between {worst} and {best} whatever the others think, and between"
        f" {lower} and {higher} if they differ as assumed."
    )
