"""Customer lifetime value without contracts: BG/NBD for purchases, Gamma-Gamma for spend.

Time is in weeks (days / 7). Models are fitted by maximum likelihood to distinct histories with
counts and read these columns:

frequency      repeat purchases (purchase days after the first), x
recency_weeks  from the first to the last purchase, t_x (0 without a repeat)
T_weeks        from the first purchase to the end of the observation, T
customers      how many share the row; absent: one each
spend_days, mean_spend   Gamma-Gamma: repeat purchase days with a positive amount, their mean amount

Nothing is dropped here but one case: customers without `spend_days` tell the Gamma-Gamma model
nothing and are left out of its fit; its `n` counts the rest.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1, polygamma

from cxlib.inference import (
    Estimate,
    correlation_interval,
    mean_interval,
    percentile_interval,
    wald_interval,
)

FloatArray = NDArray[np.float64]
Derivatives = tuple[float, FloatArray, FloatArray]

WEEKS_PER_YEAR = 365.2425 / 7
MIN_CUSTOMERS = 30
MIN_REPEAT_BUYERS = 10


class ConvergenceError(RuntimeError):
    """The likelihood has no maximum that could be found; the message says what to look at."""


Model = TypeVar("Model", "BetaGeoNBD", "GammaGamma")


@dataclass(frozen=True)
class Fit(Generic[Model]):
    """A fitted model: its parameters with their uncertainty.

    `cov_log` is the inverse of the observed information for the logarithms of the parameters (all
    are positive); `llf` the log-likelihood; `n` the customers it was fitted to. A fit that did not
    converge is never returned.
    """

    model: Model
    cov_log: FloatArray
    llf: float
    n: int
    iterations: int
    converged: bool

    @property
    def params(self) -> pd.Series:
        return pd.Series(asdict(self.model), name="estimate")

    @property
    def cov(self) -> pd.DataFrame:
        """Covariance of the parameters, diag(v) cov_log diag(v) (delta method)."""
        values = self.params.to_numpy()
        names = self.params.index
        return pd.DataFrame(self.cov_log * np.outer(values, values), index=names, columns=names)

    @property
    def bse(self) -> pd.Series:
        return pd.Series(np.sqrt(np.diag(self.cov)), index=self.params.index, name="standard_error")

    def estimate(self, parameter: str, *, level: float = 0.95) -> Estimate:
        """One parameter with its interval, exp(log v +- z se / v)."""
        return wald_interval(
            float(self.params[parameter]),
            float(self.bse[parameter]),
            self.n,
            level=level,
            log_scale=True,
            method="maximum likelihood, Wald interval on the log scale",
        )

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        bounds = [self.estimate(name, level=level) for name in self.params.index]
        rows = [(one.low, one.high) for one in bounds]
        return pd.DataFrame(rows, index=self.params.index, columns=["low", "high"])

    @property
    def aic(self) -> float:
        return 2 * len(self.params) - 2 * self.llf

    @property
    def bic(self) -> float:
        return float(len(self.params) * np.log(self.n) - 2 * self.llf)

    @property
    def summary(self) -> pd.DataFrame:
        """One row a parameter: estimate, standard_error, low, high (95 %)."""
        return pd.concat([self.params, self.bse, self.conf_int()], axis=1)

    def draw_models(self, draws: int, rng: np.random.Generator) -> list[Model]:
        """Models with parameters from the normal distribution of the log estimates.

        Draws of a Gamma-Gamma model without a mean (q <= 1) are drawn again.
        """
        drawn: list[Model] = []
        kind = type(self.model)
        while len(drawn) < draws:
            logs = rng.multivariate_normal(np.log(self.params), self.cov_log, size=draws)
            models = [kind(*row) for row in np.exp(logs).tolist()]
            drawn += [one for one in models if not isinstance(one, GammaGamma) or one.q > 1]
        return drawn[:draws]


@dataclass(frozen=True)
class BetaGeoNBD:
    """The BG/NBD model of purchases (Fader, Hardie & Lee 2005, Marketing Science 24:275-284).

    While alive a customer buys at random with rate lambda ~ Gamma(r, alpha) a week and after each
    purchase drops out with probability p ~ Beta(a, b), lambda and p independent.
    """

    r: float
    alpha: float
    a: float
    b: float

    @staticmethod
    def fit(histories: pd.DataFrame) -> Fit["BetaGeoNBD"]:
        """Maximum likelihood by Newton's method, gradient and Hessian analytic.

        Equal histories are added up first, so that the cost is one pass over the data and a few
        over the distinct histories. Raises ValueError when a column is missing or impossible, or
        when there are fewer than 30 customers or 10 repeat buyers (fewer do not determine four
        parameters), and ConvergenceError when no maximum is found.
        """
        data = _history_arrays(histories)
        n, repeat = int(data.customers.sum()), int(data.customers[data.x > 0].sum())
        _require_enough("BG/NBD", n, repeat)
        distinct = _collapse(data)
        # In units of the mean observation time the start is the same for every data set.
        weeks = max(float(np.average(distinct.T, weights=distinct.customers)), 1e-9)
        starts = [(0.5, 0.2 * weeks, 1.0, 2.0), (1, weeks, 1, 1), (0.2, 0.05 * weeks, 0.3, 3.0)]
        return _fit(
            BetaGeoNBD,
            lambda values: _beta_geo_nbd(values, distinct),
            starts,
            n,
            "a very small `a` means that nobody seems to drop out, very large `a` and `b` that all "
            "drop out alike",
        )

    def log_likelihood(self, histories: pd.DataFrame) -> float:
        """Log-likelihood of the histories, eq. (6) of the paper without the constant t's."""
        return _beta_geo_nbd(np.array(list(asdict(self).values())), _history_arrays(histories))[0]

    def probability_alive(self, histories: pd.DataFrame) -> FloatArray:
        """P(alive at T | x, t_x, T), one a row.

        1 / (1 + [x > 0] a / (b + x - 1) ((alpha + T) / (alpha + t_x))^(r + x))
        (Fader, Hardie & Lee 2008, note "Computing P(alive) using the BG/NBD model").
        """
        return _probability_alive(self, _history_arrays(histories))

    def expected_purchases_new(self, weeks: float) -> float:
        """E[X(t)], purchases after the first in the `weeks` after it, of a new customer.

        (a + b - 1) / (a - 1) * [1 - (alpha / (alpha + t))^r
        2F1(r, b; a + b - 1; t / (alpha + t))], eq. (9) of the paper.
        """
        return float(_purchases_if_alive(self, np.zeros(1), np.zeros(1), np.array([weeks]))[0, 0])

    def expected_purchases(self, histories: pd.DataFrame, weeks: float) -> FloatArray:
        """E[Y(t) | x, t_x, T], purchases in the `weeks` after T, one a row.

        P(alive) (a + b + x - 1) / (a - 1) * [1 - ((alpha + T) / (alpha + T + t))^(r + x)
        2F1(r + x, b + x; a + b + x - 1; t / (alpha + T + t))], eq. (10) of the paper, computed
        through Euler's transformation, which neither overflows nor cancels at large x.
        """
        return _expected_purchases(self, _history_arrays(histories), weeks)


@dataclass(frozen=True)
class GammaGamma:
    """The Gamma-Gamma model of spend (Fader & Hardie 2013, note 025).

    A purchase day's amount is Gamma(p, nu), nu ~ Gamma(q, gamma) differs between customers and is
    independent of how often they buy.
    """

    p: float
    q: float
    gamma: float

    @staticmethod
    def fit(histories: pd.DataFrame) -> Fit["GammaGamma"]:
        """Maximum likelihood by Newton's method on `spend_days` and `mean_spend`.

        Customers without a repeat purchase day of positive amount are left out. Raises ValueError
        for fewer than 10 others or a mean_spend that is not positive, ConvergenceError when no
        maximum is found or the fitted mean spend is infinite (q <= 1).
        """
        data = _spend_arrays(histories)
        n = int(data.customers.sum())
        if n < MIN_REPEAT_BUYERS:
            raise ValueError(
                f"Gamma-Gamma: {n} customers with a repeat purchase of positive amount are too few "
                f"to fit spend; at least {MIN_REPEAT_BUYERS} are needed."
            )
        mean = float(np.average(data.mean, weights=data.customers))
        fit = _fit(
            GammaGamma,
            lambda values: _gamma_gamma(values, data),
            [(5.0, 3.0, mean / 2), (1, 2, mean), (20, 20, mean)],
            n,
            "when customers do not differ in spend, `q` and `gamma` grow without end",
        )
        if fit.model.q <= 1:
            raise ConvergenceError(
                f"Gamma-Gamma: q = {fit.model.q:.3g} is not above 1, so expected spend is "
                "infinite: a few amounts dwarf the rest. Look at the largest amounts."
            )
        return fit

    def log_likelihood(self, histories: pd.DataFrame) -> float:
        """Log-likelihood of the mean amounts of the customers with `spend_days`, eq. (1a)."""
        return _gamma_gamma(np.array(list(asdict(self).values())), _spend_arrays(histories))[0]

    def expected_spend(self, histories: pd.DataFrame) -> FloatArray:
        """E[M | x, m], a customer's expected amount a purchase day, one a row.

        p (gamma + x m) / (p x + q - 1), eq. (5); x = 0 gives the population's p gamma / (q - 1).
        """
        x = histories["spend_days"].to_numpy(dtype=float)
        spent = x * np.where(x > 0, histories["mean_spend"].to_numpy(dtype=float), 0)
        return self.p * (self.gamma + spent) / (self.p * x + self.q - 1)


def customer_value(
    purchases: BetaGeoNBD,
    spend: GammaGamma,
    customers: pd.DataFrame,
    *,
    horizon_weeks: int,
    margin_rate: float,
    annual_discount_rate: float,
) -> pd.DataFrame:
    """Each customer's expected value over the `horizon_weeks` after T, row by row.

    sum over weeks k of (E[Y(k)] - E[Y(k - 1)]) * E[M] * margin_rate
    / (1 + annual_discount_rate)^(k / 52.1775): a purchase is discounted from the end of its week.

    Returns probability_alive, expected_purchases (not discounted), expected_spend, value (in the
    currency of the amounts). Raises ValueError for a horizon below one week, a margin outside
    (0, 1] or a negative discount rate.
    """
    discount = _discounts(horizon_weeks, margin_rate, annual_discount_rate) * margin_rate
    data = _history_arrays(customers)
    alive = _probability_alive(purchases, data)
    track, inverse = _if_alive(purchases, data, np.arange(1.0, horizon_weeks + 1))
    discounted = np.diff(track, axis=1, prepend=0) @ discount
    expected_spend = spend.expected_spend(customers)
    return pd.DataFrame(
        {
            "probability_alive": alive,
            "expected_purchases": alive * track[inverse, -1],
            "expected_spend": expected_spend,
            "value": alive * discounted[inverse] * expected_spend,
        },
        index=customers.index,
    )


def top_share(values: FloatArray, rate: float = 0.2) -> float:
    """Share of the total that the top `rate` of customers hold (their number rounded up)."""
    ordered = np.sort(values)[::-1]
    return float(ordered[: int(np.ceil(rate * len(ordered)))].sum() / ordered.sum())


def purchase_draws(
    fit: Fit[BetaGeoNBD],
    histories: pd.DataFrame,
    weeks: int,
    *,
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Total purchases in the `weeks` after T under `draws` sets of parameters.

    expected_purchases: the expected total, so it varies with the parameters alone. purchases: a
    total with the customers' own randomness too, simulated exactly: of those who share a history
    Binomial(customers, P(alive)) are alive; each has lambda ~ Gamma(r + x, alpha + T),
    p ~ Beta(a, b + x), and buys at Poisson times until the G-th, G ~ Geometric(p) on 1, 2, ...
    Cost a draw: the distinct (x, T) and the customers alive.
    """
    data = _history_arrays(histories)
    rows = []
    for model in fit.draw_models(draws, rng):
        expected = _expected_purchases(model, data, weeks)
        simulated = _simulate(model, data, weeks, rng)
        rows.append((data.customers @ expected, len(simulated.week)))
    return pd.DataFrame(rows, columns=["expected_purchases", "purchases"])


def value_draws(
    purchases: Fit[BetaGeoNBD],
    spend: Fit[GammaGamma],
    customers: pd.DataFrame,
    *,
    horizon_weeks: int,
    margin_rate: float,
    annual_discount_rate: float,
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Totals of a customer base (one row a customer) under `draws` sets of parameters.

    expected_purchases, expected_value: expected totals, varying with the parameters alone;
    purchases, value: with the customers' own randomness too (as in `purchase_draws`, with
    nu ~ Gamma(q + p x, gamma + x m) and each amount ~ Gamma(p, nu)); top_share: what the top 20 %
    by expected value hold of it. Discounting as in `customer_value`.
    Cost a draw: horizon_weeks times the distinct (x, T), and the customers.
    """
    discount = _discounts(horizon_weeks, margin_rate, annual_discount_rate)
    data = _history_arrays(customers)
    x = customers["spend_days"].to_numpy(dtype=float)
    spent = x * np.where(x > 0, customers["mean_spend"].to_numpy(dtype=float), 0)
    models = zip(purchases.draw_models(draws, rng), spend.draw_models(draws, rng), strict=True)
    rows = []
    for model, money in models:
        value = customer_value(
            model,
            money,
            customers,
            horizon_weeks=horizon_weeks,
            margin_rate=margin_rate,
            annual_discount_rate=annual_discount_rate,
        )
        simulated = _simulate(model, data, horizon_weeks, rng)
        nu = rng.gamma(money.q + money.p * x) / (money.gamma + spent)
        amount = rng.gamma(money.p, size=len(simulated.week)) / nu[simulated.row]
        received = margin_rate * (amount @ discount[simulated.week - 1])
        expected = value[["expected_purchases", "value"]].sum()
        share = top_share(value["value"].to_numpy())
        rows.append((*expected, len(simulated.week), received, share))
    columns = ["expected_purchases", "expected_value", "purchases", "value", "top_share"]
    return pd.DataFrame(rows, columns=columns)


def holdout_dates(
    as_of: dt.date, complete_to: dt.date, holdout_weeks: int
) -> tuple[dt.date, dt.date]:
    """(date to fit at, date to test up to): the weeks after `as_of` when the file reaches so far,
    otherwise the last `holdout_weeks` before it.
    """
    length = dt.timedelta(weeks=holdout_weeks)
    if complete_to - as_of >= length:
        return as_of, as_of + length
    return as_of - length, as_of


@dataclass(frozen=True)
class HoldoutCheck:
    """What a model fitted to the past says of the weeks after, against what happened.

    actual         repeat purchases in the test weeks (a count); no value without a check
    predicted      expected total with the interval of what may happen (both kinds of uncertainty)
    expected       the same with the interval from the parameters alone
    by_frequency   by repeat purchases before (0 to 7+): customers, actual mean with interval (low,
                   high) and predicted mean
    errors         model and baselines: total, error_pct of the total, mae with interval, rmse and
                   rank correlation with interval over customers
    model          the model fitted to the past; None without a check
    passed         the actual total lies in the interval of `predicted`; None without a check
    verdict        the same in a sentence
    baselines      which baselines did better and in what, in a sentence
    """

    actual: Estimate
    predicted: Estimate
    expected: Estimate
    by_frequency: pd.DataFrame
    errors: pd.DataFrame
    model: BetaGeoNBD | None
    passed: bool | None
    verdict: str
    baselines: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.errors


MODEL_ROW, RATE_ROW, LAST_ROW = "BG/NBD", "same rate as before", "same as the last period"


def holdout_check(
    customers: pd.DataFrame,
    holdout_weeks: int,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> HoldoutCheck:
    """Fit BG/NBD to `customers` and compare its forecast of `holdout_weeks` with what they bought.

    Reads, beside the history columns, `purchases` (repeat purchases in the weeks after T) and
    `previous` (repeat purchases in the equally long period before T), one row a customer.
    Baselines: x / T * weeks (0 where T is 0), and `previous` again. Rank correlation is Spearman's
    with Fisher's z interval. When the customers are too few to fit or the fit does not converge,
    there is no check and `verdict` says why.
    """
    try:
        fit = BetaGeoNBD.fit(customers)
    except (ValueError, ConvergenceError) as error:
        none = Estimate(None, None, None, level, len(customers), "no hold-out check was possible")
        verdict = f"No hold-out check was possible, a shorter one may be. {error}"
        empty = pd.DataFrame(columns=["actual", "low", "high", "predicted"], dtype=float)
        return HoldoutCheck(none, none, none, empty, pd.DataFrame(), None, None, verdict, "")
    actual = customers["purchases"].to_numpy(dtype=float)
    x, observed = (customers[name].to_numpy(dtype=float) for name in ("frequency", "T_weeks"))
    forecasts = {
        MODEL_ROW: fit.model.expected_purchases(customers, holdout_weeks),
        RATE_ROW: np.divide(x, observed, out=np.zeros_like(x), where=observed > 0) * holdout_weeks,
        LAST_ROW: customers["previous"].to_numpy(dtype=float),
    }
    errors = pd.DataFrame(
        {name: _forecast_errors(actual, made, level) for name, made in forecasts.items()}
    ).T
    total = draws_intervals(
        purchase_draws(fit, customers, holdout_weeks, draws=draws, rng=rng),
        {"expected_purchases": float(forecasts[MODEL_ROW].sum())},
        n=fit.n,
        level=level,
    )
    expected, predicted = total["expected_purchases"], total["purchases"]
    bought = int(actual.sum())
    counted = Estimate(bought, None, None, level, fit.n, "a count")
    low, high = predicted.low or 0.0, predicted.high or 0.0
    passed = low <= bought <= high
    error_pct = float(errors["error_pct"].loc[MODEL_ROW])
    verdict = (
        f"The hold-out check {'passed' if passed else 'FAILED'}: in {holdout_weeks} weeks not used "
        f"for the fit {fit.n:,} customers made {bought:,} repeat purchases; the model said "
        f"{predicted.value:,.0f} ({100 * level:.4g} % prediction interval {low:,.0f} to "
        f"{high:,.0f}), an error of {error_pct:+.0f} %."
    )
    by_frequency = _by_frequency(x, actual, forecasts[MODEL_ROW], level)
    return HoldoutCheck(
        counted,
        predicted,
        expected,
        by_frequency,
        errors,
        fit.model,
        passed,
        verdict,
        _winners(errors),
    )


def draws_intervals(
    draws: pd.DataFrame, expected: dict[str, float], *, n: int, level: float = 0.95
) -> dict[str, Estimate]:
    """Estimates from the columns of `purchase_draws` or `value_draws`.

    `expected` holds the value at the fitted parameters of expected_purchases, expected_value,
    top_share, as far as wanted; the interval is the central `level` share of the draws. Each
    expected total also gives the prediction (purchases, value): the same value with the interval
    of what may happen.
    """
    estimates = {}
    for name, value in expected.items():
        parameters = "parameter uncertainty (normal draws of the log parameters)"
        estimates[name] = percentile_interval(value, draws[name], n, level=level, method=parameters)
        happening = name.removeprefix("expected_")
        if happening != name:
            both = "prediction: parameter uncertainty and the customers' own randomness, simulated"
            estimates[happening] = percentile_interval(
                value, draws[happening], n, level=level, method=both
            )
    return estimates


def tracking(
    model: BetaGeoNBD | None, histories: pd.DataFrame, weekly: pd.DataFrame, fitted_at: dt.date
) -> pd.DataFrame:
    """Cumulative repeat purchases by week, actual and expected of these customers when new.

    `weekly` has `ends` (the last day of each week) and `purchases`; T of the histories ends at
    `fitted_at`. Expected at a date is the sum of E[X(time since the first purchase)] over the
    customers, which uses no customer's own history (Fader, Hardie & Lee 2005, figure 4); it is
    missing without a model.
    """
    week = pd.Index(weekly["week"], name="week")
    actual = weekly["purchases"].cumsum().to_numpy()
    if model is None:
        return pd.DataFrame({"actual": actual, "expected": np.nan}, index=week)
    data = _history_arrays(histories)
    ages, inverse = np.unique(data.T, return_inverse=True)
    customers = np.bincount(inverse, weights=data.customers)
    later = np.array([(end - fitted_at).days / 7 for end in weekly["ends"]])
    age = np.maximum(ages[:, None] + later, 0)
    distinct, place = np.unique(age, return_inverse=True)
    expected = _purchases_if_alive(model, np.zeros(1), np.zeros(1), distinct)[0]
    total = customers @ expected[place].reshape(age.shape)
    return pd.DataFrame({"actual": actual, "expected": total}, index=week)


def spend_frequency_correlation(customers: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """Pearson correlation of frequency and mean_spend among customers with repeat spend.

    Gamma-Gamma assumes independence of the two (Fader & Hardie 2013, sec. 2).
    """
    spenders = customers[customers["spend_days"] > 0]
    return correlation_interval(spenders["frequency"], spenders["mean_spend"], level=level)


def independence_verdict(correlation: Estimate) -> str:
    """What the correlation of spend and frequency means for the value, in a sentence.

    By the ends of its interval: within +-0.1 negligible, within +-0.3 weak (Cohen 1988), beyond
    that the assumption is not safe.
    """
    if correlation.value is None or correlation.low is None or correlation.high is None:
        return f"Whether spend goes with frequency cannot be said: {correlation.method}."
    side = "under" if correlation.value > 0 else "over"
    worst = max(abs(correlation.low), abs(correlation.high))
    if worst <= 0.1:
        return "Frequent buyers spend per purchase as others do: the assumption holds."
    if worst <= 0.3:
        return (
            "Spend and frequency go together weakly at most: the total is usable, the value of the "
            f"most frequent buyers is slightly {side}stated."
        )
    return (
        "Spend and frequency may be clearly related: treat the values as a ranking, not as money; "
        f"frequent buyers are {side}stated. Value such customers by their own past spend."
    )


class _Histories(NamedTuple):
    x: FloatArray
    t_x: FloatArray
    T: FloatArray
    customers: FloatArray


class _Spending(NamedTuple):
    x: FloatArray
    mean: FloatArray
    customers: FloatArray


class _Simulated(NamedTuple):
    """One entry a purchase: the row of its customer and its week, 1 for the first after T."""

    row: NDArray[np.int64]
    week: NDArray[np.int64]


def _columns(frame: pd.DataFrame, names: Sequence[str]) -> list[FloatArray]:
    if missing := [name for name in names if name not in frame]:
        raise ValueError(f"The histories lack the column {', '.join(missing)}.")
    columns = [frame[name].to_numpy(dtype=float) for name in names]
    counts = frame["customers"].to_numpy(dtype=float) if "customers" in frame else None
    return [*columns, np.ones(len(frame)) if counts is None else counts]


def _history_arrays(histories: pd.DataFrame) -> _Histories:
    data = _Histories(*_columns(histories, ["frequency", "recency_weeks", "T_weeks"]))
    possible = (data.x >= 0) & (data.t_x >= 0) & (data.t_x <= data.T) & (data.customers > 0)
    possible &= ((data.x > 0) | (data.t_x == 0)) & (data.x == np.floor(data.x))
    if not possible.all():
        raise ValueError(
            f"{(~possible).sum()} histories are impossible: frequency must be whole, 0 <= "
            "recency_weeks <= T_weeks, recency 0 without a repeat purchase, counts above 0, and "
            "nothing missing."
        )
    return data


def _spend_arrays(histories: pd.DataFrame) -> _Spending:
    x, mean, customers = _columns(histories, ["spend_days", "mean_spend"])
    known = x > 0
    if not (mean[known] > 0).all():
        raise ValueError("mean_spend must be above 0 where spend_days is.")
    return _Spending(x[known], mean[known], customers[known])


def _require_enough(name: str, n: int, repeat: int) -> None:
    if n < MIN_CUSTOMERS or repeat < MIN_REPEAT_BUYERS:
        raise ValueError(
            f"{name}: {n} customers with {repeat} repeat buyers are too few to fit the model; at "
            f"least {MIN_CUSTOMERS} and {MIN_REPEAT_BUYERS} are needed. Take a later as_of or more "
            "customers."
        )


def _collapse(data: _Histories) -> _Histories:
    order = np.lexsort((data.T, data.t_x, data.x))
    x, t_x, T, customers = (column[order] for column in data)
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(x) != 0) | (np.diff(t_x) != 0) | (np.diff(T) != 0)
    first = np.flatnonzero(new)
    return _Histories(x[first], t_x[first], T[first], np.add.reduceat(customers, first))


def _beta_geo_nbd(values: FloatArray, data: _Histories) -> Derivatives:
    """Log-likelihood in (r, alpha, a, b) with gradient and Hessian.

    L = Gamma(r + x) alpha^r / Gamma(r) * B(a, b + x) ... is split as in the authors' note on Excel:
    A1 + A2 + log(exp(l3) + [x > 0] exp(l4)).
    """
    r, alpha, a, b = values
    x, t_x, T, customers = data
    n = customers.sum()
    gradient, hessian = np.zeros(4), np.zeros((4, 4))

    # A1 and A2 depend on the frequency alone.
    by_frequency = np.bincount(x.astype(np.int64), weights=customers)
    distinct = np.flatnonzero(by_frequency)
    count = by_frequency[distinct]
    value = n * (r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b))
    value += count @ (gammaln(r + distinct) + gammaln(b + distinct) - gammaln(a + b + distinct))
    gradient[0] = count @ digamma(r + distinct) - n * (digamma(r) - np.log(alpha))
    gradient[1] = n * r / alpha
    both = n * digamma(a + b) - count @ digamma(a + b + distinct)
    gradient[2] = both
    gradient[3] = both + count @ digamma(b + distinct) - n * digamma(b)
    hessian[0, 0] = count @ polygamma(1, r + distinct) - n * polygamma(1, r)
    hessian[0, 1] = n / alpha
    hessian[1, 1] = -n * r / alpha**2
    both = n * polygamma(1, a + b) - count @ polygamma(1, a + b + distinct)
    hessian[2:, 2:] = both
    hessian[3, 3] += count @ polygamma(1, b + distinct) - n * polygamma(1, b)

    # l3: alive at T; l4: dropped out after the last purchase; w is the share of l4.
    repeat = x > 0
    last = np.where(repeat, b + x - 1, 1)
    in_T, in_t = np.log(alpha + T), np.log(alpha + t_x)
    l3 = -(r + x) * in_T
    l4 = np.where(repeat, np.log(a) - np.log(last) - (r + x) * in_t, -np.inf)
    value += customers @ np.logaddexp(l3, l4)
    w = expit(l4 - l3)
    to_T, to_t = 1 / (alpha + T), 1 / (alpha + t_x)
    gradient[0] -= customers @ ((1 - w) * in_T + w * in_t)
    gradient[1] -= customers @ ((r + x) * ((1 - w) * to_T + w * to_t))
    gradient[2] += customers @ w / a
    gradient[3] -= customers @ (w / last)
    hessian[0, 1] -= customers @ ((1 - w) * to_T + w * to_t)
    hessian[1, 1] += customers @ ((r + x) * ((1 - w) * to_T**2 + w * to_t**2))
    hessian[2, 2] -= customers @ w / a**2
    hessian[3, 3] += customers @ (w / last**2)
    slope = np.stack([in_T - in_t, (r + x) * (to_T - to_t), np.full_like(x, 1 / a), -1 / last])
    upper = np.triu(hessian)
    hessian = upper + np.triu(upper, 1).T + (slope * (customers * w * (1 - w))) @ slope.T
    return float(value), gradient, hessian


def _gamma_gamma(values: FloatArray, data: _Spending) -> Derivatives:
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


def _fit(
    kind: type[Model],
    likelihood: Callable[[FloatArray], Derivatives],
    starts: Sequence[Sequence[float]],
    n: int,
    advice: str,
) -> Fit[Model]:
    """Newton's method on the log parameters from the first start that leads to a maximum."""

    def of_logs(logs: FloatArray) -> Derivatives:
        values = np.exp(logs)
        value, gradient, hessian = likelihood(values)
        by_log = gradient * values
        return value, by_log, hessian * np.outer(values, values) + np.diag(by_log)

    for start in starts:
        found = _newton(of_logs, np.log(start))
        if found is not None:
            logs, llf, information, iterations = found
            model = kind(*np.exp(logs).tolist())
            cov_log = np.asarray(np.linalg.inv(information), dtype=float)
            return Fit(model, cov_log, llf, n, iterations, True)
    names = ", ".join(field.name for field in fields(kind))
    raise ConvergenceError(
        f"{kind.__name__} did not converge from {len(starts)} starting points ({names}): the "
        f"{n:,} customers do not determine its parameters; {advice}. Take a longer period or more "
        "customers, or check that repeat purchases are recorded."
    )


MAX_ITERATIONS = 200
# Gain in log-likelihood that a further step promises; far below any difference that matters.
TOLERANCE = 1e-9
# exp(12): parameters beyond are a limit of the model, not an estimate.
MAX_LOG = 12.0


def _newton(
    objective: Callable[[FloatArray], Derivatives], start: FloatArray
) -> tuple[FloatArray, float, FloatArray, int] | None:
    """Maximum of `objective`, its value, its observed information and the steps; None if none.

    Steps follow the absolute eigenvalues of the Hessian, so they go uphill where it is not
    concave, are at most 2 long and are halved until the objective rises.
    """
    point = np.asarray(start, dtype=float)
    value, gradient, hessian = objective(point)
    for iteration in range(1, MAX_ITERATIONS + 1):
        eigenvalues, vectors = np.linalg.eigh(-hessian)
        floor = max(1e-10 * np.abs(eigenvalues).max(), 1e-300)
        step = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(eigenvalues), floor))
        gain = gradient @ step / 2
        if gain < TOLERANCE and eigenvalues.min() > floor:
            return point, value, -hessian, iteration
        step *= min(1.0, 2 / np.linalg.norm(step))
        for _ in range(40):
            candidate = objective(point + step)
            if candidate[0] > value:
                break
            step /= 2
        else:
            return None
        point = point + step
        value, gradient, hessian = candidate
        if np.abs(point).max() > MAX_LOG + np.abs(start).max():
            return None
    return None


def _probability_alive(model: BetaGeoNBD, data: _Histories) -> FloatArray:
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    repeat = data.x > 0
    odds = np.log(a) - np.log(np.where(repeat, b + data.x - 1, 1))
    odds += (r + data.x) * (np.log(alpha + data.T) - np.log(alpha + data.t_x))
    return np.where(repeat, expit(-odds), 1.0)


def _expected_purchases(model: BetaGeoNBD, data: _Histories, weeks: float) -> FloatArray:
    track, inverse = _if_alive(model, data, np.array([float(weeks)]))
    return _probability_alive(model, data) * track[inverse, 0]


def _if_alive(
    model: BetaGeoNBD, data: _Histories, weeks: FloatArray
) -> tuple[FloatArray, NDArray[np.intp]]:
    """Expected purchases if alive, shape (distinct (x, T), weeks), and which of them a row has.

    Given that a customer is alive, t_x plays no part: there are far fewer (x, T) than histories.
    """
    distinct, inverse = np.unique(data.x + 1j * data.T, return_inverse=True)
    return _purchases_if_alive(model, distinct.real, distinct.imag, weeks), inverse


# Distance from a removable singularity within which the closed form loses digits.
NEAR = 1e-3


def _purchases_if_alive(
    model: BetaGeoNBD, x: FloatArray, T: FloatArray, weeks: FloatArray
) -> FloatArray:
    """Expected purchases of customers alive at T in each of `weeks`, shape (len(x), len(weeks)).

    With u = (alpha + T) / (alpha + T + t) and Euler's transformation of 2F1:
    (a + b + x - 1) / (a - 1) * [1 - u^(a - 1) 2F1(a + b - 1 - r, a - 1; a + b + x - 1; 1 - u)].
    Near its removable singularities a = 1 and a + b + x = 1, and where 2F1 is not finite (b in the
    hundreds with t far above alpha + T), the integral over p takes its place.
    """
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    x, T, weeks = np.broadcast_arrays(x[:, None], T[:, None], weeks)
    if abs(a - 1) < NEAR:
        return _purchases_by_quadrature(model, x, T, weeks)
    u = (alpha + T) / (alpha + T + weeks)
    last = a + b + x - 1
    with np.errstate(all="ignore"):
        series = hyp2f1(a + b - 1 - r, a - 1, last, 1 - u)
        expected = last / (a - 1) * (1 - u ** (a - 1) * series)
    lost = ~np.isfinite(expected) | (np.abs(last) < NEAR)
    if lost.any():
        expected[lost] = _purchases_by_quadrature(model, x[lost], T[lost], weeks[lost])
    return expected


def _purchases_by_quadrature(
    model: BetaGeoNBD, x: FloatArray, T: FloatArray, weeks: FloatArray
) -> FloatArray:
    """The mean over p ~ Beta(a, b + x) of [1 - (1 + p t / (alpha + T))^-(r + x)] / p.

    That is E[(1 - exp(-lambda p t)) / p]. Trapezoids in logit(p) from -60 to 40 converge
    exponentially; beyond, where the bracket is linear or constant, the tails are exact.
    """
    grid = np.linspace(-60, 40, 1001)
    step = np.full(len(grid), grid[1] - grid[0])
    step[[0, -1]] /= 2
    log_p, log_q = -np.logaddexp(0, -grid), -np.logaddexp(0, grid)
    p = np.exp(log_p)
    expected = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        power, ratio = model.r + x[place], weeks[place] / (model.alpha + T[place])
        beta = (model.a, model.b + x[place])
        density = np.exp(beta[0] * log_p + beta[1] * log_q - betaln(*beta))
        bought = -np.expm1(-power * np.log1p(p * ratio)) / p
        tails = density[0] / beta[0] * bought[0] + density[-1] / beta[1] * bought[-1]
        expected[place] = step @ (density * bought) + tails
    return expected


def _simulate(
    model: BetaGeoNBD, data: _Histories, weeks: int, rng: np.random.Generator
) -> _Simulated:
    """Purchases in the `weeks` after T of all customers, given their histories."""
    alive = rng.binomial(data.customers.astype(np.int64), _probability_alive(model, data))
    row = np.repeat(np.arange(len(alive)), alive)
    rate = rng.gamma(model.r + data.x[row]) / (model.alpha + data.T[row])
    dropout = rng.beta(model.a, model.b + data.x[row])
    occasions = rng.poisson(rate * weeks)
    # Geometric on 1, 2, ... by inversion: the purchase after which the customer drops out.
    with np.errstate(divide="ignore"):
        lasting = 1 + np.floor(rng.standard_exponential(len(row)) / -np.log1p(-dropout))
    owner = np.repeat(np.arange(len(row)), occasions)
    time = rng.uniform(0, weeks, size=len(owner))
    order = np.lexsort((time, owner))
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(occasions) - occasions, occasions)
    kept = rank < lasting[owner]
    week = np.minimum(np.floor(time[order][kept]).astype(np.int64) + 1, weeks)
    return _Simulated(row[owner[kept]], week)


def _discounts(horizon_weeks: int, margin_rate: float, annual_discount_rate: float) -> FloatArray:
    """Discount factor of each week of the horizon, after checking the three parameters."""
    if horizon_weeks < 1:
        raise ValueError(f"horizon_weeks: {horizon_weeks} is not at least 1.")
    if not 0 < margin_rate <= 1:
        raise ValueError(f"margin_rate: {margin_rate} is not a rate above 0 and up to 1.")
    if annual_discount_rate < 0:
        raise ValueError(f"annual_discount_rate: {annual_discount_rate} is below 0.")
    week = np.arange(1, horizon_weeks + 1)
    return (1 + annual_discount_rate) ** (-week / WEEKS_PER_YEAR)


def _forecast_errors(actual: FloatArray, forecast: FloatArray, level: float) -> pd.Series:
    mae = mean_interval(np.abs(forecast - actual), level=level)
    ranks = [pd.Series(values).rank() for values in (actual, forecast)]
    rank = correlation_interval(*ranks, level=level)
    total = forecast.sum()
    error = 100 * (total / actual.sum() - 1) if actual.sum() > 0 else np.nan
    row = {"total": total, "error_pct": error}
    row |= {"mae": mae.value, "mae_low": mae.low, "mae_high": mae.high}
    row |= {"rmse": np.sqrt(np.mean((forecast - actual) ** 2))}
    row |= {"rank_r": rank.value, "rank_r_low": rank.low, "rank_r_high": rank.high}
    return pd.Series(row, dtype=float)


def _winners(errors: pd.DataFrame) -> str:
    """Which baselines did better than the model, and in what."""
    model, baselines = errors.loc[MODEL_ROW], errors.drop(index=MODEL_ROW)
    better = {
        "the total": baselines["error_pct"].abs() < abs(model["error_pct"]),
        "the mean absolute error": baselines["mae"] < model["mae"],
        "the rank correlation": baselines["rank_r"] > model["rank_r"],
    }
    found = [f'"{name}" in {what}' for what, wins in better.items() for name in wins[wins].index]
    if not found:
        return "No simple baseline did better."
    return f"A simple baseline did better: {'; '.join(found)}."


def _by_frequency(
    x: FloatArray, actual: FloatArray, predicted: FloatArray, level: float
) -> pd.DataFrame:
    labels = [*map(str, range(7)), "7+"]
    group = np.minimum(x, 7).astype(int)
    rows = {}
    for number in np.unique(group):
        inside = group == number
        mean = mean_interval(actual[inside], level=level)
        rows[labels[number]] = {
            "customers": int(inside.sum()),
            "actual": mean.value,
            "low": mean.low,
            "high": mean.high,
            "predicted": predicted[inside].mean(),
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.rename_axis("repeat purchases before")
