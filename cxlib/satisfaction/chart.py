"""Control charts of the metrics: which periods are more than noise."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.calendars import Calendar, month_name
from cxlib.inference import MIN_GROUP, Estimate, suppressed
from cxlib.satisfaction.scores import FloatArray, Metric, estimate_of, sample_of

LEAST_PERIODS = 8  # below this the moving ranges say too little about the noise
LONG_RUN = 8
MOST_SKEWNESS = 0.9  # of a period's mean: beyond it too few answers differ to know the noise
# Simulated: of stable series of so many periods, at most so many show a false signal somewhere.
FALSE_SIGNALS = {LEAST_PERIODS: 0.01, 12: 0.02, 24: 0.09, 48: 0.23}


@dataclass(frozen=True)
class ControlChart:
    """A metric over time with the limits within which it moves by chance.

    `table`: a row a period with n, value, low, high (interval), centre, lower_limit, upper_limit,
    signal (text, "" for noise). `sigma_ratio` is the factor by which the limits were widened
    because the periods vary more than their answers explain (1: not at all). Where no limits can be
    drawn they are missing and `reason` says why. Dates are named by the `calendar`.
    """

    metric: Metric
    table: pd.DataFrame
    sigma_ratio: float
    reason: str
    calendar: Calendar = "gregorian"

    @property
    def signals(self) -> pd.DataFrame:
        return self.table[self.table["signal"] != ""]

    @property
    def caption(self) -> str:
        """What the orange points of its figure say, in two or three lines; "" without limits."""
        if self.reason:
            return ""
        outside = self.signals["signal"].isin([ABOVE, BELOW])
        told = "orange: more than chance, alone" if outside.any() else ""
        if (~outside).any():
            told += " or in a long run" if outside.any() else "orange: more than chance, together"
            told += " on one side of the centre"
        return f"band: what chance explains\n{told or 'no period stands out'}"

    @property
    def latest(self) -> str:
        """Whether the last long run lasts or is over, in a sentence; "" where there is none."""
        levels = self._levels()
        if not levels:
            return ""
        known = self.table[self.table["centre"].notna()]
        last, before = known.index[-1], known.index[-2]
        text = f"{self.metric.label}: {levels[-1]}"
        if levels[-1].endswith(f" to {self._name(before)}"):
            value, low, high = (
                self.metric.text(known.loc[last, one]) for one in ("value", "low", "high")
            )
            text += (
                f", in {self._name(last)} back at {value} ({low} to {high}), which can be chance"
            )
        return f"{text}."

    @property
    def sentence(self) -> str:
        """Which periods are more than noise, in a sentence."""
        label, shown = self.metric.label, int(self.table["centre"].notna().sum())
        if self.reason:
            return f"{label}: no control chart, {self.reason}."
        if self.signals.empty:
            return f"{label}: none of {shown} periods stands out, chance can explain them all."
        beyond = [
            f"{self._name(period)} ({signal.split()[0]})"
            for period, signal in self.signals["signal"].items()
            if signal in (ABOVE, BELOW)
        ]
        told = f"beyond the limits: {', '.join(beyond)}" if beyond else "none beyond the limits"
        if levels := self._levels():
            told += f"; the level was {' and '.join(levels)}"
        return f"{label}, {shown} periods: {told}. The rest may be noise."

    def _levels(self) -> list[str]:
        """The long runs in words, also where a period of them lies beyond a limit."""
        known = self.table[self.table["centre"].notna()]
        side = np.sign((known["value"] - known["centre"]).to_numpy(dtype=float))
        runs = pd.Series(_runs(side), index=known.index)
        levels = []
        for _, part in runs[runs != ""].groupby((runs != runs.shift()).cumsum()):
            first, last = self._name(part.index[0]), self._name(part.index[-1])
            word = "higher" if part.iloc[0] == RUN_ABOVE else "lower"
            since = part.index[-1] == known.index[-1]
            levels.append(f"{word} since {first}" if since else f"{word} from {first} to {last}")
        return levels

    def _name(self, period: Any) -> str:
        dated = isinstance(period, pd.Timestamp)
        return month_name(period, self.calendar) if dated else str(period)


ABOVE, BELOW = "above the limits", "below the limits"
RUN_ABOVE, RUN_BELOW = "long run above the centre", "long run below the centre"


def control_chart(
    counts: pd.DataFrame,
    metric: Metric,
    *,
    by: str = "period",
    calendar: Calendar = "gregorian",
    level: float = 0.95,
) -> ControlChart:
    """Separates noise from change over the periods of `counts` (answer_counts by period).

    centre + (4/3 g_i +- 3) s k / sqrt(n_i): s^2 the variance of the answers within periods
    (p(1 - p) of a share), n_i the period's effective size, centre the mean weighted by n_i, g_i =
    skewness / sqrt(n_i) that of a period's mean (Cornish & Fisher 1938; Chan & Cui 2003), cut at
    +-1: a share near 1 falls further by chance than it rises. k = max(1, median moving range of the
    standardized values / 0.954), as in the p' chart (Laney 2002): with many answers plain limits
    call every month a signal. The median moving range, as a single odd month then does not hide
    itself. Signals: beyond a limit, or at least 8 periods in a row on one side of the centre.
    Simulated (4,000 series each; shares of .5 to .98, net scores and means, 15 to 300 answers a
    period): of stable series of 12 periods 1 to 2 % show a false signal somewhere, of 24 periods 5
    to 9 %, of 48 periods 15 to 23 %; of 24 periods that themselves vary 12 to 15 %. A month off by
    5 standard errors is found in 87 % of series of 24 periods, 67 % of 12 (200 series): a silent
    chart of a year proves little. Where nearly all answers are alike (|g| of the median size above
    MOST_SKEWNESS), or fewer than LEAST_PERIODS periods are shown, there are no limits. Periods of
    fewer than MIN_GROUP answers are suppressed and passed over, and so is the next smallest where
    the others would give them away. Periods are taken in their order, a missing one not noticed;
    yearly patterns are not modelled.
    """
    dated = counts[counts[by].notna()]
    samples = {period: sample_of(part, metric) for period, part in dated.groupby(by)}
    known = ~suppressed([sample.n for sample in samples.values()])
    hidden = Estimate(None, None, None, level, 0, "suppressed")
    shown = [
        estimate_of(sample, metric, level) if one else hidden
        for sample, one in zip(samples.values(), known, strict=True)
    ]
    table = pd.DataFrame(
        {
            "n": pd.array([e.n if e.value is not None else None for e in shown], dtype="Int64"),
            "value": pd.Series([e.value for e in shown], dtype=float),
            "low": pd.Series([e.low for e in shown], dtype=float),
            "high": pd.Series([e.high for e in shown], dtype=float),
        }
    ).set_axis(pd.Index(list(samples), name=by))
    table = table.assign(centre=np.nan, lower_limit=np.nan, upper_limit=np.nan, signal="")
    used = [sample for sample, one in zip(samples.values(), known, strict=True) if one]
    value = np.array([sample.mean for sample in used])
    size = np.array([sample.effective for sample in used])
    n = np.array([sample.n for sample in used])
    within = float(n @ [s.variance for s in used] / max((n - 1).sum(), 1)) if used else 0.0
    skewness = _skewness(dated[dated[by].isin(table.index[known])], metric)
    reason = ""
    if len(used) < LEAST_PERIODS:
        reason = f"periods shown ({MIN_GROUP} answers or more): {len(used)}, {LEAST_PERIODS} needed"
    elif within == 0:
        reason = "the answers within periods do not differ"
    elif abs(skewness) > MOST_SKEWNESS * np.sqrt(np.median(size)):
        reason = "nearly all answers are alike, so chance cannot be told from change"
    if reason:
        return ControlChart(metric, table, np.nan, reason, calendar)
    centre = float(np.average(value, weights=size))
    noise = np.sqrt(within / size)
    ratio = max(1.0, float(np.median(np.abs(np.diff((value - centre) / noise))) / 0.954))
    shift = 4 / 3 * np.clip(skewness / np.sqrt(size), -1, 1)
    lower, upper = (centre + (shift + side) * ratio * noise for side in (-3, 3))
    signal = np.where(value > upper, ABOVE, np.where(value < lower, BELOW, ""))
    signal = np.where(signal == "", _runs(np.sign(value - centre)), signal)
    low, high = metric.bounds
    table.loc[known, "centre"] = centre
    table.loc[known, "lower_limit"] = np.maximum(low, lower)
    table.loc[known, "upper_limit"] = np.minimum(high, upper)
    table.loc[known, "signal"] = signal
    return ControlChart(metric, table, ratio, "", calendar)


def _runs(side: FloatArray) -> NDArray[np.str_]:
    """Names the periods of every run of at least LONG_RUN values on one side of the centre."""
    run = np.cumsum(np.concatenate([[True], side[1:] != side[:-1]]))
    length = np.bincount(run)[run]
    words = np.where(side > 0, RUN_ABOVE, RUN_BELOW)
    return np.where((length >= LONG_RUN) & (side != 0), words, "")


def _skewness(counts: pd.DataFrame, metric: Metric) -> float:
    """Skewness of the values of all (weighted) answers; 0 where they do not differ."""
    x, w = metric.values(counts["score"]), counts["weight"].to_numpy(dtype=float)
    x, w = x[~np.isnan(x)], w[~np.isnan(x)]
    if w.sum() == 0 or np.ptp(x[w > 0]) == 0:
        return 0.0
    deviation = x - np.average(x, weights=w)
    spread = np.average(deviation**2, weights=w)
    return float(np.average(deviation**3, weights=w) / spread**1.5)


def false_signals_sentence(charts: Collection[ControlChart]) -> str:
    """How often charts like these show a false signal, all of them read together.

    1 - (1 - rate)^charts with the simulated rate of FALSE_SIGNALS: charts as if independent, which
    is on the safe side as metrics of one survey move together. Empty where no chart has limits.
    """
    periods = [n for chart in charts if (n := int(chart.table["centre"].notna().sum()))]
    if not periods:
        return ""
    rates = np.interp(periods, list(FALSE_SIGNALS), list(FALSE_SIGNALS.values()))
    return (
        f"If nothing had changed, up to {100 * rates.max():.0f} % of such charts would still show"
        f" a signal, and at least one of the {len(periods)} here in up to"
        f" {100 * (1 - np.prod(1 - rates)):.0f} % of reports (more where the periods vary of"
        " themselves)."
    )
