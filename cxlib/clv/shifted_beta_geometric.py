"""The shifted beta-geometric model: how long customers keep a contract they may end each period."""

import math
from dataclasses import asdict, dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betaln

from cxlib.clv.fitting import Derivatives, Fit, maximize
from cxlib.clv.histories import MIN_CUSTOMERS, FloatArray, TooFewError, read_columns

MIN_LEFT = 10


class Periods(NamedTuple):
    """One entry a contract period 1, 2, ...: who entered it and who left at its end."""

    at_risk: FloatArray
    left: FloatArray


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """The shifted beta-geometric model of contracts (Fader & Hardie 2007, J. Interactive Marketing
    21:76-90).

    At the end of every period a customer leaves with an own chance theta ~ Beta(alpha, beta) that
    never changes; retention rises with tenure only because those likely to leave are gone.

    Contracts are a frame with one row a customer, or with a count `customers`:
    periods    whole periods completed: the period at whose end the customer left (1, 2, ...), or
               the renewals made so far by a customer still there (0, 1, ...)
    left       whether the customer left (True) or is still there (False)
    entered    optional: renewals made before the record begins (absent: 0). A customer counts in
               the periods after it only; a file that holds the leavers of the last month alone
               watched each customer for one period, entered = periods - 1 (delayed entry)
    """

    alpha: float
    beta: float

    has_mean: ClassVar[bool] = True  # of the discounted values, at any discount rate above 0

    @staticmethod
    def fit(contracts: pd.DataFrame) -> Fit["ShiftedBetaGeometric"]:
        """Maximum likelihood by Newton's method: P(T = t) of who left, S(t) of who is there.

        Raises ValueError when a column is missing or impossible, TooFewError when there are fewer
        than 30 customers or 10 who left, or when nobody was seen for more than one period (two
        parameters need two), and ConvergenceError when no maximum is found.
        """
        n, data = _by_period(contracts)
        if n < MIN_CUSTOMERS or data.left.sum() < MIN_LEFT:
            raise TooFewError(
                f"Shifted beta-geometric: {n} customers of whom {data.left.sum():.0f} left are too "
                f"few to fit the model; at least {MIN_CUSTOMERS} and {MIN_LEFT} are needed."
            )
        if len(data.left) < 2:
            raise TooFewError(
                "Shifted beta-geometric: nobody was seen for more than one period, which does not "
                "tell how retention changes with tenure. Take shorter periods or a longer record."
            )
        return maximize(
            ShiftedBetaGeometric,
            lambda values: likelihood(values, data),
            [(1.0, 3.0), (0.5, 0.5), (5.0, 50.0)],
            n,
            "when customers are alike, so that retention does not rise with tenure, `alpha` and "
            "`beta` grow without end",
        )

    def log_likelihood(self, contracts: pd.DataFrame) -> float:
        """Log-likelihood of the contracts: log P(T = t) of who left, log S(t) of the others."""
        return likelihood(np.array(list(asdict(self).values())), _by_period(contracts)[1])[0]

    def survival(self, periods: ArrayLike) -> FloatArray:
        """S(t) = B(alpha, beta + t) / B(alpha, beta), still there after t = `periods` of them."""
        t = _not_negative(periods)
        return np.exp(betaln(self.alpha, self.beta + t) - betaln(self.alpha, self.beta))

    def retention(self, periods: ArrayLike) -> FloatArray:
        """S(t) / S(t - 1) = (beta + t - 1) / (alpha + beta + t - 1) for t = 1, 2, ..."""
        t = _not_negative(np.asarray(periods, dtype=float) - 1) + 1
        return (self.beta + t - 1) / (self.alpha + self.beta + t - 1)

    def discounted_residual_lifetime(
        self, tenure_periods: ArrayLike, discount_rate: float
    ) -> FloatArray:
        """DERL, the discounted renewals to come of customers with n = `tenure_periods` renewals.

        Sum of S(n + 1 + j) / S(n) (1 + d)^-j over j = 0, 1, ..., seen at the moment before renewal
        n + 1 is decided, so that this one counts in full (Fader & Hardie 2010, Marketing Science
        29:85-93, where a customer with n renewals has had n + 1 contracts):
        (beta + n) / (alpha + beta + n) 2F1(1, beta + n + 1; alpha + beta + n + 1; 1 / (1 + d)).
        d = `discount_rate` a period, (1 + annual rate)^(years a period) - 1; it may be 0, and the
        result then infinite. Raises ValueError for a rate below 0.
        """
        n = _not_negative(tenure_periods)
        return self.retention(n + 1) * discounted_survival(
            self.alpha, self.beta + n + 1, discount_rate
        )


def life_table(contracts: pd.DataFrame) -> pd.DataFrame:
    """Retention as observed, one row a period: at_risk, left, retention, survival.

    retention is 1 - left / at_risk and survival their product (Kaplan & Meier 1958), to be laid
    beside the model's; missing from a period on in which nobody was watched. Raises ValueError when
    a column is missing or impossible.
    """
    _, data = _by_period(contracts)
    rate = np.full_like(data.left, np.nan)
    np.divide(data.left, data.at_risk, out=rate, where=data.at_risk > 0)
    retention = 1 - rate
    table = {"at_risk": data.at_risk, "left": data.left, "retention": retention}
    period = pd.RangeIndex(1, len(retention) + 1, name="period")
    return pd.DataFrame({**table, "survival": np.cumprod(retention)}, index=period)


def discounted_survival(alpha: float, beta: FloatArray, discount_rate: float) -> FloatArray:
    """Sum of v^j B(alpha, beta + j) / B(alpha, beta) over j = 0, 1, ..., v = 1 / (1 + rate).

    That is 2F1(1, beta; alpha + beta; v), by Gauss's continued fraction (Abramowitz & Stegun
    15.3, Wall 1948), all of whose terms are positive: the library's function is not finite from
    `beta` of a few hundred with v near 1, a long-standing customer at a low rate a period. Terms
    taken: 12 / sqrt(1 - v), for a relative error far below 1e-9. Raises ValueError for a rate
    below 0.
    """
    if not 0 <= discount_rate < math.inf:
        raise ValueError(f"discount_rate: {discount_rate} is not 0 or more.")
    if discount_rate == 0:
        undiscounted = (alpha + beta - 1) / (alpha - 1) if alpha > 1 else np.inf
        return np.broadcast_to(undiscounted, beta.shape).astype(float)
    v = 1 / (1 + discount_rate)
    total, fraction = alpha + beta, np.ones_like(beta)
    for m in range(10 + math.ceil(12 / math.sqrt(1 - v)), 0, -1):
        even = m * (alpha + m - 1) / ((total + 2 * m - 2) * (total + 2 * m - 1))
        odd = (beta + m) * (total + m - 1) / ((total + 2 * m - 1) * (total + 2 * m))
        fraction = 1 - v * even / (1 - v * odd / fraction)
    return 1 / (1 - v * beta / total / fraction)


def likelihood(values: FloatArray, data: Periods) -> Derivatives:
    """Log-likelihood in (alpha, beta) with gradient and Hessian.

    S(t) and P(T = t) are products of retention and churn rates, so that the sum over customers is
    sum over t of left log alpha + stayed log(beta + t - 1) - at_risk log(alpha + beta + t - 1).
    """
    alpha, beta = values
    at_risk, left = data
    past = np.arange(len(left))
    gone, stayed = left.sum(), at_risk - left
    one, both = beta + past, alpha + beta + past
    value = gone * np.log(alpha) + stayed @ np.log(one) - at_risk @ np.log(both)
    shared, curved = at_risk @ (1 / both), at_risk @ (1 / both**2)
    gradient = np.array([gone / alpha - shared, stayed @ (1 / one) - shared])
    hessian = np.full((2, 2), curved)
    hessian[0, 0] -= gone / alpha**2
    hessian[1, 1] -= stayed @ (1 / one**2)
    return float(value), gradient, hessian


def _by_period(contracts: pd.DataFrame) -> tuple[int, Periods]:
    """The number of customers, and how many entered each period and left at its end."""
    periods, left, customers = read_columns(contracts, ["periods", "left"])
    possible = (periods >= 0) & (periods == np.floor(periods)) & np.isfinite(periods)
    possible &= ((left == 0) | ((left == 1) & (periods > 0))) & (customers > 0)
    if not possible.all():
        raise ValueError(
            f"{(~possible).sum()} contracts are impossible: periods must be whole and not "
            "negative, 1 or more of a customer who left, left True or False, counts above 0, and "
            "nothing missing."
        )
    start = contracts["entered"].to_numpy(dtype=float) if "entered" in contracts else 0 * periods
    if not ((start >= 0) & (start == np.floor(start)) & (start <= periods - left)).all():
        raise ValueError("entered must be whole, not negative, and before the period of leaving.")
    last, size = periods.astype(np.int64), int(periods.max(initial=0)) + 1
    until, before = (
        np.bincount(one, weights=customers, minlength=size)[::-1].cumsum()[::-1][1:]
        for one in (last, start.astype(np.int64))
    )
    gone = np.bincount(last, weights=customers * left, minlength=size)[1:]
    return int(customers.sum()), Periods(until - before, np.asarray(gone, dtype=float))


def _not_negative(periods: ArrayLike) -> FloatArray:
    values = np.asarray(periods, dtype=float)
    if not (values >= 0).all():
        raise ValueError("Periods must not be negative or missing (retention is from period 1 on).")
    return values
