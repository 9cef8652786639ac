"""The Gamma-Gamma model: how much customers spend a purchase day."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.special import digamma, gammaln, polygamma

from cxlib.clv.correlation import robust_correlation
from cxlib.clv.fitting import ConvergenceError, Derivatives, Fit, maximize
from cxlib.clv.histories import MIN_REPEAT_BUYERS, FloatArray, Spending, spend_arrays
from cxlib.inference import Estimate


@dataclass(frozen=True)
class GammaGamma:
    """The Gamma-Gamma model of spend (Fader & Hardie 2013, note 025).

    A purchase day's amount is Gamma(p, nu), nu ~ Gamma(q, gamma) differs between customers and is
    independent of how often they buy.
    """

    p: float
    q: float
    gamma: float

    @property
    def has_mean(self) -> bool:
        """Whether expected spend is finite, q > 1."""
        return self.q > 1

    @staticmethod
    def fit(histories: pd.DataFrame) -> Fit["GammaGamma"]:
        """Maximum likelihood by Newton's method on `spend_days` and `mean_spend`.

        Customers without a repeat purchase day of positive amount are left out. Raises ValueError
        for fewer than 10 others or a mean_spend that is not positive, ConvergenceError when no
        maximum is found or the fitted mean spend is infinite (q <= 1).
        """
        data = spend_arrays(histories)
        n = int(data.customers.sum())
        if n < MIN_REPEAT_BUYERS:
            raise ValueError(
                f"Gamma-Gamma: {n} customers with a repeat purchase of positive amount are too few "
                f"to fit spend; at least {MIN_REPEAT_BUYERS} are needed."
            )
        mean = float(np.average(data.mean, weights=data.customers))
        found = maximize(
            GammaGamma,
            lambda values: likelihood(values, data),
            [(5.0, 3.0, mean / 2), (1, 2, mean), (20, 20, mean)],
            n,
            "when customers do not differ in spend, `q` and `gamma` grow without end",
        )
        if not found.model.has_mean:
            raise ConvergenceError(
                f"Gamma-Gamma: q = {found.model.q:.3g} is not above 1, so expected spend is "
                "infinite: a few amounts dwarf the rest. Look at the largest amounts."
            )
        return found

    def log_likelihood(self, histories: pd.DataFrame) -> float:
        """Log-likelihood of the mean amounts of the customers with `spend_days`, eq. (1a)."""
        return likelihood(np.array(list(asdict(self).values())), spend_arrays(histories))[0]

    def expected_spend(self, histories: pd.DataFrame) -> FloatArray:
        """E[M | x, m], a customer's expected amount a purchase day, one a row.

        p (gamma + x m) / (p x + q - 1), eq. (5); x = 0 gives the population's p gamma / (q - 1).
        """
        x = histories["spend_days"].to_numpy(dtype=float)
        spent = x * np.where(x > 0, histories["mean_spend"].to_numpy(dtype=float), 0)
        return self.p * (self.gamma + spent) / (self.p * x + self.q - 1)


def spend_frequency_correlation(customers: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """Correlation of log frequency and log mean_spend among customers with repeat spend.

    Gamma-Gamma assumes independence of frequency and the customer's spend a day (Fader & Hardie
    2013, sec. 2). Under it the mean amount of x days has the same expectation for every x but less
    spread for more days: so the interval takes no equal spread (see robust_correlation), and the
    expected log mean is lower by about 1 / (2 p x), a correlation near 0 but not quite (.04 with
    p = 6.25, q = 3.74). Raw amounts would leave the figure to the few largest.
    """
    spenders = customers[customers["spend_days"] > 0]
    logs = (
        np.log(spenders[column].to_numpy(dtype=float)) for column in ("frequency", "mean_spend")
    )
    return robust_correlation(*logs, level=level, name="Pearson r of logarithms")


def independence_verdict(correlation: Estimate) -> str:
    """What the correlation of spend and frequency means for the value, in a sentence.

    By the ends of its interval: within +-0.1 negligible, within +-0.3 weak (Cohen 1988), beyond
    that the assumption is not safe. A direction is named only when the interval excludes 0.
    """
    if correlation.value is None or correlation.low is None or correlation.high is None:
        return f"Whether spend goes with frequency cannot be said: {correlation.method}."
    side = "under" if correlation.value > 0 else "over"
    directed = correlation.low > 0 or correlation.high < 0
    worst = max(abs(correlation.low), abs(correlation.high))
    if worst <= 0.1:
        return "Frequent buyers spend per purchase as others do: the assumption holds."
    if worst <= 0.3:
        return (
            "Spend and frequency go together weakly at most: the total is usable, the value of the "
            f"most frequent buyers is slightly {side + 'stated' if directed else 'off at most'}."
        )
    return (
        "Spend and frequency may be clearly related: treat the values as a ranking, not as money; "
        f"frequent buyers {'are ' + side if directed else 'may be under- or over'}stated. Value "
        "such customers by their own past spend."
    )


def likelihood(values: FloatArray, data: Spending) -> Derivatives:
    """Log-likelihood in (p, q, gamma) with gradient and Hessian."""
    p, q, gamma = values
    x, mean, customers = data
    shape, scale = p * x + q, gamma + mean * x
    log_scale = np.log(scale)
    terms = gammaln(shape) - gammaln(p * x) - shape * log_scale
    terms += (p * x - 1) * np.log(mean) + p * x * np.log(x)
    n = customers.sum()
    value = customers @ terms + n * (q * np.log(gamma) - gammaln(q))
    by_p = x * (digamma(shape) - digamma(p * x) + np.log(mean * x) - log_scale)
    gradient = [
        customers @ by_p,
        customers @ (digamma(shape) - log_scale) + n * (np.log(gamma) - digamma(q)),
        n * q / gamma - customers @ (shape / scale),
    ]
    curvature = polygamma(1, shape)
    p_q, p_gamma = customers @ (x * curvature), -customers @ (x / scale)
    q_gamma = n / gamma - customers @ (1 / scale)
    hessian = [
        [customers @ (x**2 * (curvature - polygamma(1, p * x))), p_q, p_gamma],
        [p_q, customers @ curvature - n * polygamma(1, q), q_gamma],
        [p_gamma, q_gamma, customers @ (shape / scale**2) - n * q / gamma**2],
    ]
    return float(value), np.array(gradient), np.array(hessian)
