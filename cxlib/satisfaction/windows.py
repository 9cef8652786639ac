"""Which stretches of time to compare, and what changes their answers could show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cxlib.satisfaction.comparison import answers_needed, smallest_visible_change
from cxlib.satisfaction.scores import Metric, normal_quantile, sample_of

LENGTHS_MONTHS = (1, 3, 6, 12)
POWER = 0.8

Every = Literal["1mo", "1q", "1y"]

_MONTHS_OF = {"1mo": 1, "1q": 3, "1y": 12}
_EVERY: dict[str, Every] = {"month": "1mo", "quarter": "1q", "year": "1y"}


def every_of(period: str) -> Every:
    """How long a period is, for with_period, from its name.

    Raises ValueError unless it is month, quarter or year.
    """
    if period not in _EVERY:
        raise ValueError(f"period: {period!r} is none of {', '.join(_EVERY)}.")
    return _EVERY[period]


@dataclass(frozen=True)
class Windows:
    """Two neighbouring stretches of `months` months; the latter ends with the last answers.

    `before` and `after` are their first months (None when there is nothing to compare, and `reason`
    says why); `reason` else says why they are so long.
    """

    before: pd.Timestamp | None
    after: pd.Timestamp | None
    months: int
    reason: str

    def split(self, counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The counts of the two stretches; of nothing where there is nothing to compare."""
        period = pd.to_datetime(counts["period"])
        if self.before is None or self.after is None:
            return counts.head(0), counts.head(0)
        end = self.after + pd.DateOffset(months=self.months)
        earlier = (period >= self.before) & (period < self.after)
        return counts[earlier], counts[(period >= self.after) & (period < end)]

    @property
    def text(self) -> str:
        """The two stretches by name, the latter first."""
        if self.before is None or self.after is None:
            return "no two periods"
        last = pd.DateOffset(months=self.months - 1)
        names = [
            f"{start:%Y-%m}" + f" to {start + last:%Y-%m}" * (self.months > 1)
            for start in (self.after, self.before)
        ]
        return " against ".join(names)


def change_of(metric: Metric, points: float) -> float:
    """A change of so many points in the metric's unit.

    Points of the net promoter score, percentage points of a share, and per cent of the width of the
    scale of a mean.
    """
    low, high = metric.scale
    return {"net": points, "share": points / 100, "mean": points / 100 * (high - low)}[metric.kind]


def latest_windows(
    counts: pd.DataFrame,
    metric: Metric,
    points: float,
    *,
    every: Every = "1mo",
    level: float = 0.95,
) -> Windows:
    """The two latest stretches of time to compare, by a rule that does not look at the change.

    `counts` from answer_counts by period (`every`: how long one is). Of stretches of 1, 3, 6 and 12
    months that are whole periods and fit twice into the data, the shortest whose answers would show
    a change of `points` (change_of) with 80 % power; if none would, the longest.
    """
    known = counts[counts["period"].notna() & counts["score"].notna()]
    period = pd.to_datetime(known["period"])
    if period.nunique() < 2:
        return Windows(None, None, 0, "the answers lie in a single period")
    first, step = period.min(), _MONTHS_OF[every]
    end = period.max() + pd.DateOffset(months=step)
    fitting: list[Windows] = []
    smallest = np.nan
    for months in LENGTHS_MONTHS:
        after = end - pd.DateOffset(months=months)
        before = after - pd.DateOffset(months=months)
        if months % step or before < first:
            continue
        fitting.append(Windows(before, after, months, ""))
        smallest = _visible(fitting[-1], known, metric, level)
        if smallest <= change_of(metric, points):
            reason = f"the shortest stretch whose answers would show a change of {points:g} points"
            return Windows(before, after, months, reason)
    if not fitting:
        return Windows(None, None, 0, "no stretch of time fits twice into the data")
    longest, seen = fitting[-1], metric.change_text(smallest).lstrip("+")
    reason = f"the longest that fits twice; its answers would show a change of {seen} or more"
    if np.isnan(smallest):
        reason = "the longest that fits twice, but its answers are too few"
    return Windows(longest.before, longest.after, longest.months, reason)


def _visible(windows: Windows, counts: pd.DataFrame, metric: Metric, level: float) -> float:
    """The change that the answers of the two stretches would show with 80 % power."""
    samples = [sample_of(part, metric) for part in windows.split(counts)]
    if not all(sample.known for sample in samples):
        return np.nan
    quantiles = normal_quantile(level) + normal_quantile(2 * POWER - 1)
    return float(quantiles * np.sqrt(sum(one.variance / one.effective for one in samples)))


def visibility(
    counts: Mapping[str, pd.DataFrame],
    chosen: Mapping[str, Metric],
    points: float,
    *,
    periods: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How many answers a change of `points` takes, beside what there is; a row a metric.

    `counts` by the metric's column, over `periods` periods. Returns n; answers_a_period = n /
    periods; visible_change, which two such periods would show with 80 % power; change (change_of)
    and answers_needed a period to show it; and unit. Missing with fewer than MIN_GROUP answers.
    """
    rows = {}
    for metric in chosen.values():
        own = counts[metric.column]
        change, sample = change_of(metric, points), sample_of(own, metric)
        visible = smallest_visible_change(own, metric, power=POWER, level=level)
        needed = (
            answers_needed(own, metric, change, power=POWER, level=level) if sample.known else None
        )
        rows[metric.label] = {
            "n": sample.n,
            "answers_a_period": sample.n / periods,
            "visible_change": visible * np.sqrt(periods),
            "change": change,
            "answers_needed": needed,
            "unit": metric.unit,
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")
    return table.astype({"n": "Int64", "answers_needed": "Int64"})
