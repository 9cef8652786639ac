"""Which stretches of time to compare, and what changes their answers could show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cxlib.calendars import Calendar, month_name, moved
from cxlib.inference import suppressed
from cxlib.satisfaction.comparison import answers_needed
from cxlib.satisfaction.scores import MONTHS_OF, Every, Metric, normal_quantile, sample_of

LENGTHS_MONTHS = (1, 3, 6, 12)
POWER = 0.8

_EVERY: dict[str, Every] = {"month": "1mo", "quarter": "1q", "year": "1y"}


def every_of(period: str) -> Every:
    """How long a period is, for answer_counts, from its name.

    Raises ValueError unless it is month, quarter or year.
    """
    if period not in _EVERY:
        raise ValueError(f"period: {period!r} is none of {', '.join(_EVERY)}.")
    return _EVERY[period]


@dataclass(frozen=True)
class Windows:
    """Two neighbouring stretches of `months` months; the latter ends with the last answers.

    `before` and `after` are the first days of their first months in the `calendar` (None when there
    is nothing to compare, and `reason` says why); `reason` else says why they are so long.
    """

    before: pd.Timestamp | None
    after: pd.Timestamp | None
    months: int
    reason: str
    calendar: Calendar = "gregorian"

    def split(self, counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The counts of the two stretches; of nothing where there is nothing to compare.

        Periods whose figures are suppressed have no part: the stretch less the other periods would
        give them away.
        """
        if self.before is None or self.after is None:
            return counts.head(0), counts.head(0)
        counts = counts[~counts["period"].isin(suppressed_periods(counts))]
        earlier, later = self.sides(counts["period"])
        return counts[earlier], counts[later]

    def sides(self, periods: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Which of the periods lie in the earlier stretch, and which in the latter."""
        starts = pd.to_datetime(periods)
        if self.before is None or self.after is None:
            nowhere = pd.Series(False, index=starts.index)
            return nowhere, nowhere
        end = moved(self.after, self.months, self.calendar)
        earlier = (starts >= self.before) & (starts < self.after)
        return earlier, (starts >= self.after) & (starts < end)

    @property
    def text(self) -> str:
        """The two stretches by name, the latter first."""
        if self.before is None or self.after is None:
            return "no two periods"
        return f"{self._name(self.after)} against {self._name(self.before)}"

    @property
    def latest(self) -> str:
        """The latter stretch by name; empty where there is none."""
        return "" if self.after is None else self._name(self.after)

    @property
    def earlier(self) -> str:
        """The earlier stretch by name; empty where there is none."""
        return "" if self.before is None else self._name(self.before)

    def _name(self, start: pd.Timestamp) -> str:
        first = month_name(start, self.calendar)
        last = month_name(moved(start, self.months - 1, self.calendar), self.calendar)
        return first + f" to {last}" * (self.months > 1)


def suppressed_periods(counts: pd.DataFrame) -> list[pd.Timestamp]:
    """The periods of too few answers, and what would give them away (as in control_chart)."""
    answered = counts["count"].where(counts["score"].notna() & (counts["weight"] > 0), 0)
    sizes = answered.groupby(counts["period"]).sum()
    return list(sizes.index[suppressed(sizes.to_numpy())])


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
    calendar: Calendar = "gregorian",
    level: float = 0.95,
) -> Windows:
    """The two latest stretches of time to compare, by a rule that does not look at the change.

    `counts` from answer_counts by period (`every`: how long one is, in the `calendar`). Of
    stretches of 1, 3, 6 and 12 months that are whole periods and fit twice into the data, the
    shortest whose answers would show a change of `points` (change_of) with 80 % power; if none
    would, the longest. Suppressed periods are left out, and `reason` says so.
    """
    known = counts[counts["period"].notna() & counts["score"].notna()]
    period = pd.to_datetime(known["period"])
    if known.empty:
        return Windows(None, None, 0, "there are no answers with a date")
    if period.nunique() < 2:
        return Windows(None, None, 0, "the answers lie in a single period")
    few = len(suppressed_periods(known))
    without = f"; without {few} suppressed period{'s' * (few > 1)}" * (few > 0)
    first, step = period.min(), MONTHS_OF[every]
    end = moved(period.max(), step, calendar)
    fitting: list[Windows] = []
    smallest = np.nan
    for months in LENGTHS_MONTHS:
        after = moved(end, -months, calendar)
        before = moved(after, -months, calendar)
        if months % step or before < first:
            continue
        fitting.append(Windows(before, after, months, "", calendar))
        smallest = _visible(fitting[-1].split(known), metric, level)
        if smallest <= change_of(metric, points):
            reason = f"the shortest stretch whose answers would show a change of {points:g} points"
            return Windows(before, after, months, reason + without, calendar)
    if not fitting:
        return Windows(None, None, 0, "no stretch of time fits twice into the data")
    longest, seen = fitting[-1], metric.change_text(smallest).lstrip("+")
    reason = f"the longest that fits twice; its answers would show a change of {seen} or more"
    if np.isnan(smallest):
        reason = "the longest that fits twice, but its answers are too few"
    return replace(longest, reason=reason + without)


def _visible(parts: Sequence[pd.DataFrame], metric: Metric, level: float) -> float:
    """The change that the answers of the two stretches would show with 80 % power."""
    samples = [sample_of(part, metric) for part in parts]
    if not all(sample.known for sample in samples):
        return np.nan
    quantiles = normal_quantile(level) + normal_quantile(2 * POWER - 1)
    return float(quantiles * np.sqrt(sum(one.variance / one.effective for one in samples)))


def visibility(
    counts: Mapping[str, pd.DataFrame],
    chosen: Mapping[str, Metric],
    points: float,
    windows: Windows,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """How many answers a change of `points` takes, beside what there is; a row a metric.

    `counts` by the metric's column, by period where `windows` compares two stretches of time; else
    two surveys like this one are compared. Returns n_before and n_after, the answers of the two;
    visible_change, which they would show with 80 % power; change (change_of) and answers_needed in
    each of the two to show it; and unit. Missing with fewer than MIN_GROUP answers.
    """
    rows = {}
    for metric in chosen.values():
        own = counts[metric.column]
        parts = windows.split(own) if windows.months else (own, own)
        change, both = change_of(metric, points), pd.concat(parts)
        known = sample_of(both, metric).known
        rows[metric.label] = {
            "n_before": sample_of(parts[0], metric).n,
            "n_after": sample_of(parts[1], metric).n,
            "visible_change": _visible(parts, metric, level),
            "change": change,
            "answers_needed": answers_needed(both, metric, change, power=POWER, level=level)
            if known
            else None,
            "unit": metric.unit,
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")
    return table.astype(dict.fromkeys(["n_before", "n_after", "answers_needed"], "Int64"))


def answers_text(visible: pd.DataFrame, points: float) -> str:
    """How many answers it takes to see a change of `points` in each metric of `visibility`.

    Of those in points or per cent: `points` of a mean are another size of change. "" where none is
    known.
    """
    known = visible[visible["unit"].isin(["%", "points"])].dropna(subset="answers_needed")
    told = "; ".join(f"{count:,} for {label}" for label, count in known["answers_needed"].items())
    alike = "More if whole places are drawn, for answers of one place are alike."
    what = f"To see a change of {points:g} points, in a trial too, takes on each side"
    return f"{what} so many answers: {told}. {alike}" if told else ""
