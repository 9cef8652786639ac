"""What customers are worth: purchases and spend put together, with their uncertainty."""

import numpy as np
import pandas as pd

from cxlib.clv.beta_geo_nbd import (
    BetaGeoNBD,
    expected_if_alive,
    expected_purchases,
    probability_alive,
    simulate,
)
from cxlib.clv.fitting import Fit
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.histories import FloatArray, history_arrays
from cxlib.inference import Estimate, percentile_interval

WEEKS_PER_YEAR = 365.2425 / 7


def paid_rate(customers: pd.DataFrame) -> float:
    """Share of the repeat purchase days, of all customers together, with a positive amount.

    sum of spend_days / sum of frequency: `frequency` counts every purchase day, expected spend is
    that of a paid one. 1 when nobody bought again.
    """
    days = float(customers["frequency"].sum())
    return float(customers["spend_days"].sum()) / days if days > 0 else 1.0


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

    sum over weeks k of (E[Y(k)] - E[Y(k - 1)]) * paid_rate * E[M] * margin_rate
    / (1 + annual_discount_rate)^(k / 52.1775): a purchase is discounted from the end of its week,
    and the share `paid_rate` of these customers' purchases has an amount.

    Returns probability_alive, expected_purchases (not discounted), expected_spend (of a paid
    purchase day), value (in the currency of the amounts). Raises ValueError for a horizon below
    one week, a margin outside (0, 1] or a negative discount rate.
    """
    discount = _discounts(horizon_weeks, margin_rate, annual_discount_rate) * margin_rate
    data = history_arrays(customers)
    alive = probability_alive(purchases, data)
    track, inverse = expected_if_alive(purchases, data, np.arange(1.0, horizon_weeks + 1))
    discounted = np.diff(track, axis=1, prepend=0) @ discount
    expected_spend = spend.expected_spend(customers)
    return pd.DataFrame(
        {
            "probability_alive": alive,
            "expected_purchases": alive * track[inverse, -1],
            "expected_spend": expected_spend,
            "value": alive * discounted[inverse] * paid_rate(customers) * expected_spend,
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
    data = history_arrays(histories)
    rows = []
    for model in fit.draw_models(draws, rng):
        expected = expected_purchases(model, data, weeks)
        simulated = simulate(model, data, weeks, rng)
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
    nu ~ Gamma(q + p x, gamma + x m) and each amount ~ Gamma(p, nu), or 0 at the rate
    1 - paid_rate, which is taken as known); top_share: what the top 20 % by expected value hold of
    it. Discounting as in `customer_value`.
    Cost a draw: horizon_weeks times the distinct (x, T), and the customers.
    """
    discount = _discounts(horizon_weeks, margin_rate, annual_discount_rate)
    data = history_arrays(customers)
    x = customers["spend_days"].to_numpy(dtype=float)
    spent = x * np.where(x > 0, customers["mean_spend"].to_numpy(dtype=float), 0)
    paid = paid_rate(customers)
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
        simulated = simulate(model, data, horizon_weeks, rng)
        nu = rng.gamma(money.q + money.p * x) / (money.gamma + spent)
        amount = rng.gamma(money.p, size=len(simulated.week)) / nu[simulated.row]
        amount *= rng.uniform(size=len(amount)) < paid
        received = margin_rate * (amount @ discount[simulated.week - 1])
        expected = value[["expected_purchases", "value"]].sum()
        share = top_share(value["value"].to_numpy())
        rows.append((*expected, len(simulated.week), received, share))
    columns = ["expected_purchases", "expected_value", "purchases", "value", "top_share"]
    return pd.DataFrame(rows, columns=columns)


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
