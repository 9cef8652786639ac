"""Did the money come true: the value forecast at a date in the past, against what was received."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxlib.clv.backtest import too_wide
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.histories import TooFewError
from cxlib.clv.predictions import value_draws
from cxlib.clv.terms import Terms, valuation
from cxlib.inference import Estimate


@dataclass(frozen=True)
class MoneyCheck:
    """What the customers of a past date were forecast to bring, and what they brought.

    predicted   not discounted, the whole amounts: interval with parameters and chance
    actual      sum of the amounts of their repeat purchase days in the weeks after
    passed      whether it lies in the interval; None without a check, or where it does but the
                interval is too wide to be one (backtest.too_wide)
    verdict     the same in a sentence
    """

    predicted: Estimate
    actual: float
    passed: bool | None
    verdict: str


def money_check(
    purchases: Fit[Any],
    spenders: pd.DataFrame,
    groups: pd.DataFrame,
    actual: float,
    weeks: float,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> MoneyCheck:
    """Compare the value forecast for the `weeks` after a past date with `actual`.

    `purchases`, the customers with repeat spend `spenders`, to whom Gamma-Gamma is fitted, and
    `groups` (see value_groups) are of that date and know nothing after it; `actual` is what the
    same customers brought in those weeks, first purchase days not counted. Nothing is discounted
    and margins are left aside: amounts against amounts. Where spend cannot be fitted there is no
    check and the verdict says why.
    """
    try:
        spend = GammaGamma.fit(spenders)
    except (TooFewError, ConvergenceError) as error:
        none = Estimate(None, None, None, level, 0, "no check of the money was possible")
        return MoneyCheck(none, actual, None, f"The money could not be checked. {error}")
    valued = valuation(purchases, spend, groups, Terms(weeks, 1.0, 0.0))
    predicted = value_draws(valued, groups, draws=draws, rng=rng).totals(level=level)["value"]
    low, high = predicted.low or 0.0, predicted.high or 0.0
    held, wide = low <= actual <= high, too_wide(predicted)
    passed = None if held and wide else held
    words = {True: "held", False: "FAILED", None: "is not settled"}
    miss = f", an error of {100 * (predicted.value or 0) / actual - 100:+.0f} %" if actual else ""
    verdict = (
        f"In money the newest forecast {words[passed]}: in its {weeks:.4g} test "
        f"weeks customers brought {actual:,.0f}; the forecast was {predicted.value:,.0f} "
        f"({100 * level:.4g} % prediction interval {low:,.0f} to {high:,.0f}){miss}."
    )
    verdict += " An interval so wide holds nearly whatever happens." if wide else ""
    return MoneyCheck(predicted, actual, passed, verdict)
