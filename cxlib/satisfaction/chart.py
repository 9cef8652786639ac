"""Control charts of the metrics: which periods are more than noise."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.inference import MIN_GROUP
from cxlib.satisfaction.scores import FloatArray, Metric, estimate_of, sample_of

LEAST_PERIODS = 8  # below this the moving ranges say too little about the noise
LONG_RUN = 8


@dataclass(frozen=True)
class ControlChart:
    """A metric over time with the limits within which it moves by chance.

    `table`: a row a period with n, value, low, high (interval), centre, lower_limit, upper_limit,
    signal (text, "" for noise). `sigma_ratio` is the factor by which the limits were widened
    because the periods vary more than their answers explain (1: not at all). Where no limits can be
    drawn they are missing and `reason` says why.
    """

    metric: Metric
    table: pd.DataFrame
    sigma_ratio: float
    reason: str

    @property
    def signals(self) -> pd.DataFrame:
        return self.table[self.table["signal"] != ""]

    @property
    def sentence(self) -> str:
        """Which periods are more than noise, in a sentence."""
        label, shown = self.metric.label, int(self.table["centre"].notna().sum())
        if self.reason:
            return f"{label}: no control chart, {self.reason}."
        if self.signals.empty:
            return f"{label}: none of {shown} periods stands out, chance can explain them all."
        named = "; ".join(self._stretches())
        return (
            f"{label}: of {shown} periods {len(self.signals)} stand out: {named}. The others may be"
            " noise."
        )

    def _stretches(self) -> list[str]:
        """The signals in words, neighbours with the same signal together."""
        signal = self.table["signal"]
        names = []
        for _, part in signal.groupby((signal != signal.shift()).cumsum()):
            first, last = _period_text(part.index[0]), _period_text(part.index[-1])
            stretch = first if len(part) == 1 else f"{first} to {last}"
            names += [f"{stretch} ({part.iloc[0]})"] * (part.iloc[0] != "")
        return names


def _period_text(period: Any) -> str:
    return f"{period:%Y-%m}" if isinstance(period, pd.Timestamp) else str(period)


def control_chart(
    counts: pd.DataFrame, metric: Metric, *, by: str = "period", level: float = 0.95
) -> ControlChart:
    """Separates noise from change over the periods of `counts` (answer_counts by period).

    centre +- 3 s k / sqrt(n_i): s^2 the variance of the answers within periods (p(1 - p) of a
    share), n_i the period's effective size, centre the mean weighted by n_i, and k = max(1, median
    moving range of the standardized values / 0.954), as in the p' chart (Laney 2002): with many
    answers plain limits call every month a signal. The median moving range, as a single odd month
    then does not hide itself. Signals: beyond a limit, or at least 8 periods in a row on one side
    of the centre. Simulated (200 series each): of stable series of 24 periods 6 to 7 % show a false
    signal somewhere, 15 % where the periods themselves vary; a month off by 5 standard errors is
    found in 87 % of series of 24 periods, 67 % of 12: a silent chart of a year proves little.
    Periods of fewer than MIN_GROUP answers are suppressed and passed over; fewer than LEAST_PERIODS
    others give no limits. Periods are taken in their order, a missing one not noticed; yearly
    patterns are not modelled.
    """
    dated = counts[counts[by].notna()]
    samples = {period: sample_of(part, metric) for period, part in dated.groupby(by)}
    known = [sample.known for sample in samples.values()]
    shown = [estimate_of(sample, metric, level) for sample in samples.values()]
    table = pd.DataFrame(
        {
            "n": pd.array([e.n if e.value is not None else None for e in shown], dtype="Int64"),
            "value": pd.Series([e.value for e in shown], dtype=float),
            "low": pd.Series([e.low for e in shown], dtype=float),
            "high": pd.Series([e.high for e in shown], dtype=float),
        }
    ).set_axis(pd.Index(list(samples), name=by))
    table = table.assign(centre=np.nan, lower_limit=np.nan, upper_limit=np.nan, signal="")
    used = [sample for sample in samples.values() if sample.known]
    value = np.array([sample.mean for sample in used])
    size = np.array([sample.effective for sample in used])
    n = np.array([sample.n for sample in used])
    within = float(n @ [s.variance for s in used] / max((n - 1).sum(), 1)) if used else 0.0
    if len(used) < LEAST_PERIODS or within == 0:
        few = (
            f"periods with {MIN_GROUP} answers or more: {len(used)}, and {LEAST_PERIODS} are needed"
        )
        reason = few if len(used) < LEAST_PERIODS else "the answers within periods do not differ"
        return ControlChart(metric, table, np.nan, reason)
    centre = float(np.average(value, weights=size))
    noise = np.sqrt(within / size)
    ratio = max(1.0, float(np.median(np.abs(np.diff((value - centre) / noise))) / 0.954))
    margin = 3 * ratio * noise
    signal = np.where(value > centre + margin, "above the limits", "")
    signal = np.where(value < centre - margin, "below the limits", signal)
    signal = np.where(signal == "", _runs(np.sign(value - centre)), signal)
    low, high = metric.bounds
    table.loc[known, "centre"] = centre
    table.loc[known, "lower_limit"] = np.maximum(low, centre - margin)
    table.loc[known, "upper_limit"] = np.minimum(high, centre + margin)
    table.loc[known, "signal"] = signal
    return ControlChart(metric, table, ratio, "")


def _runs(side: FloatArray) -> NDArray[np.str_]:
    """Names the periods of every run of at least LONG_RUN values on one side of the centre."""
    run = np.cumsum(np.concatenate([[True], side[1:] != side[:-1]]))
    length = np.bincount(run)[run]
    words = np.where(side > 0, "long run above the centre", "long run below the centre")
    return np.where((length >= LONG_RUN) & (side != 0), words, "")
