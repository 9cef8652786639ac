"""Simple rules that forecast purchases, to hold the models against.

Customers are rows with frequency, recency_weeks and T_weeks, and `customers`, how many share each
(absent: one each).
"""

import math
from typing import NamedTuple, Self

import numpy as np
import pandas as pd

from cxlib.clv.histories import FloatArray

LAST_PERIOD, SAME_RATE, RECENCY_RULE = (
    "same as the last period",
    "same rate as before",
    "recency rule",
)
BASELINES = (LAST_PERIOD, SAME_RATE, RECENCY_RULE)
# No baseline to beat: it shows what an error rewards.
NOBODY = "nobody buys"


class RecencyRule(NamedTuple):
    """Customers silent for longer than `silence_weeks` (infinite: nobody) are gone.

    The others go on at `rate_factor` times their rate so far. A hiatus heuristic (Wuebben & v.
    Wangenheim 2008, Journal of Marketing 72:82-93).
    """

    silence_weeks: float
    rate_factor: float

    @classmethod
    def learnt(cls, customers: pd.DataFrame, weeks: float) -> Self:
        """The rule for repeat buyers whose `purchases` in the `weeks` after T are known.

        The factor gives their total; of all silences T - t_x the one of least squared error, of
        nobody taken as gone where it is the longest. Without repeat buyers nobody is gone.
        """
        repeat = customers[customers["frequency"] > 0]
        if repeat.empty:
            return cls(math.inf, 1.0)
        rate, silence = _rates(repeat, weeks), _silence(repeat)
        bought, counts = column(repeat, "purchases"), column(repeat, "customers")
        distinct, place = np.unique(silence, return_inverse=True)
        kept, squared, together = (
            np.bincount(place, weights=counts * one).cumsum()
            for one in (rate, rate**2, rate * bought)
        )
        factor = counts @ bought / kept
        best = int(np.argmin(factor * (factor * squared - 2 * together)))
        last = best == len(distinct) - 1
        return cls(math.inf if last else float(distinct[best]), float(factor[best]))

    def __str__(self) -> str:
        expects = f"as gone and expects {self.rate_factor:.2f} times the rate so far"
        if self.silence_weeks == math.inf:
            return f"The recency rule takes nobody {expects}."
        weeks = f"{self.silence_weeks:.0f} weeks"
        return f"The recency rule takes those silent for more than {weeks} {expects} of the others."


def baseline_forecasts(
    customers: pd.DataFrame, weeks: float, rule: RecencyRule | None
) -> dict[str, FloatArray]:
    """Purchases in the next `weeks` by each baseline, and 0 for all, one a row.

    `previous` again, the purchases in the equally long period before; x / T * weeks, 0 where T is
    0; and the recency rule, where there is one.
    """
    rate = _rates(customers, weeks)
    forecasts = {LAST_PERIOD: column(customers, "previous"), SAME_RATE: rate}
    if rule is not None:
        kept = _silence(customers) <= rule.silence_weeks
        forecasts[RECENCY_RULE] = np.where(kept, rule.rate_factor * rate, 0)
    return forecasts | {NOBODY: np.zeros_like(rate)}


def column(customers: pd.DataFrame, name: str) -> FloatArray:
    if name == "customers" and name not in customers:
        return np.ones(len(customers))
    return customers[name].to_numpy(dtype=float)


def _rates(customers: pd.DataFrame, weeks: float) -> FloatArray:
    x, T = column(customers, "frequency"), column(customers, "T_weeks")
    return np.divide(x, T, out=np.zeros_like(x), where=T > 0) * weeks


def _silence(customers: pd.DataFrame) -> FloatArray:
    return column(customers, "T_weeks") - column(customers, "recency_weeks")
