"""What customers are worth: purchases and spend put together, for each and for all of them.

Value is margin * sum of the amounts of the purchases to come, each discounted from its own moment.
Customers are scored by their history: what can be computed once for all who share one is, and the
engine joins it to the customers, so that no customer needs a row here.
"""

import math
from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import ndtri

from cxlib.clv.fitting import log_changes
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.histories import FloatArray, Histories, history_arrays
from cxlib.clv.model import PurchaseModel
from cxlib.clv.negative_binomial import NegativeBinomial
from cxlib.clv.terms import DELTA, Parameters, Terms, Valuation
from cxlib.inference import Estimate, central_limits, require_draws, wald_interval

# What two customers must share to be scored as one but for the money they spent.
KEYS = ("frequency", "recency_days", "T_days", "spend_days")
MONEY = ("mean_spend", "first_spend", "total_spend")
VALUES = (
    "expected_spend",
    "value_so_far",
    "value",
    "value_low",
    "value_high",
    "likely_low",
    "likely_high",
)
LIKELY = ("likely_low_unit", "likely_high_unit")
NO_END = "in NBD nobody ever leaves, so all time to come has no value that holds"
# Significant digits of sums: beyond, the order of the rows would show.
DIGITS = 11


def value_groups(customers: nw.LazyFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Customers added up by history, paid repeat days and the columns `by`, in the engine.

    Reads frequency, recency_days, T_days, spend_days, mean_spend (missing where spend_days is 0),
    first_spend and total_spend of each customer. Returns the keys, recency_weeks and T_weeks
    (days / 7) and, for each combination of them,

    customers                     how many
    spent, spent_squared          sums of spend_days * mean_spend and of its square
    first_spend, first_squared    the same of first_spend
    total_spend, total_squared    the same of total_spend

    The sums have 11 significant digits, and so do not depend on the order of the rows. Expected
    spend is linear in `spent` given the keys, so expected totals need nothing else.
    """
    keys = [*KEYS, *by]
    spent, first, total = _spent(), nw.col("first_spend"), nw.col("total_spend")
    sums = {
        "spent": spent,
        "spent_squared": spent**2,
        "first_spend": first,
        "first_squared": first**2,
        "total_spend": total,
        "total_squared": total**2,
    }
    counted = (
        customers.select(*keys, **sums)
        .group_by(keys)
        .agg(nw.len().alias("customers"), nw.col(*sums).sum())
    )
    groups = counted.collect(backend="pandas").to_native().sort_values(keys, ignore_index=True)
    groups = groups.assign(**{name: rounded(groups[name].to_numpy()) for name in sums})
    return groups.assign(recency_weeks=groups["recency_days"] / 7, T_weeks=groups["T_days"] / 7)


def history_scores(valued: Valuation, groups: pd.DataFrame) -> pd.DataFrame:
    """What the purchase model says of each group of customers, beside its columns.

    probability_alive
    expected_purchases    within the horizon; missing for an endless one, where it may be infinite
    discounted_purchases  the same discounted (see PurchaseModel.discounted_purchases)
    discounted_log_error  standard error of its logarithm by the delta method
                          (fitting.log_changes)
    `groups` may also be distinct histories without money.
    """
    data, terms = history_arrays(groups), valued.terms
    model = valued.purchases.model
    changes = log_changes(
        valued.purchases, lambda one: discounted_purchases(one, data, terms), len(groups)
    )
    counted = math.isfinite(terms.horizon_weeks)
    return groups.assign(
        probability_alive=model.alive(data),
        expected_purchases=(
            model.expected_purchases(data, terms.horizon_weeks) if counted else np.nan
        ),
        discounted_purchases=discounted_purchases(model, data, terms),
        discounted_log_error=np.sqrt(np.sum(changes**2, axis=1)),
    )


def customer_values(
    histories: nw.LazyFrame, scores: nw.LazyFrame, valued: Valuation, *, level: float = 0.95
) -> nw.LazyFrame:
    """One row a customer, by a join of `scores` in the engine.

    `histories`: frequency, recency_days, T_days, spend_days, mean_spend, first_spend, total_spend
    of each customer. `scores`: from `history_scores` (and `likely_ranges`), lent to the same
    engine. Returns customer_id, these columns and

    probability_alive, expected_purchases (within the horizon, not discounted)
    expected_spend   of a paid purchase day, p (gamma + x m) / (p x + q - 1) (Fader & Hardie 2013,
                     eq. 5), x = spend_days, m = mean_spend
    value_so_far     margin_rate * total_spend
    value            margin_rate * paid_rate * discounted purchases * expected_spend
    value_low, value_high    interval of `value` for the parameters' uncertainty, log-normal by the
                     delta method over all parameters and the paid rate
    likely_low, likely_high  what the customer may really bring, chance included; missing when
                     `scores` lack them
    """
    added = ["probability_alive", "expected_purchases", "discounted_purchases"]
    added += ["discounted_log_error"]
    likely = [name for name in LIKELY if name in scores.collect_schema().names()]
    z, margin = float(ndtri(0.5 + level / 2)), valued.terms.margin_rate
    spread = (z * _log_variance(valued).sqrt()).exp()
    rate = margin * valued.paid_rate
    money = nw.lit(valued.spend.model.gamma) + _spent()
    bounds = {
        name.removesuffix("_unit"): margin * nw.col(name) * money if likely else nw.lit(None)
        for name in LIKELY
    }
    joined = histories.join(scores.select(*KEYS, *added, *likely), on=list(KEYS), how="left")
    valued_rows = joined.with_columns(expected_spend=_expected_spend(valued.spend.model))
    valued_rows = valued_rows.with_columns(
        value_so_far=margin * nw.col("total_spend"),
        value=rate * nw.col("discounted_purchases") * nw.col("expected_spend"),
        **bounds,
    )
    valued_rows = valued_rows.with_columns(
        value_low=nw.col("value") / spread, value_high=nw.col("value") * spread
    )
    return valued_rows.select("customer_id", *KEYS, *MONEY, *added[:2], *VALUES)


def expected_value(valued: Valuation, groups: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """Expected value of all customers together; for any horizon, the endless one included.

    The interval holds the parameters' uncertainty, log-normal by the delta method. In NBD nobody
    ever leaves: an endless value is suppressed.
    """
    if math.isinf(valued.terms.horizon_weeks) and _nobody_leaves(valued):
        return Estimate(None, None, None, level, valued.purchases.n, NO_END)
    values = group_values(valued.fitted, groups, valued.terms)
    value = float(values.sum())
    variance = np.sum((values @ value_changes(valued, groups)) ** 2) / value**2 if value else 0.0
    return wald_interval(
        value,
        value * math.sqrt(variance),
        valued.purchases.n,
        level=level,
        log_scale=True,
        method=DELTA,
    )


def new_customer(
    valued: Valuation,
    groups: pd.DataFrame,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """What a customer still to be won is worth, on average.

    first_purchase     margin_rate * the customers' mean amount of the first day
    later_purchases    margin_rate * paid_rate * p gamma / (q - 1) * discounted purchases of a new
                       customer within the horizon
    value              both less acquisition_cost
    endless_value      the same with the purchases of all time to come; only with discounting, and
                       suppressed in NBD, where nobody ever leaves
    Intervals from draws of the parameters and of the mean of the first amounts. Raises
    ParameterError when these are too few.
    """
    require_draws(draws, level)
    terms, zero = valued.terms, np.zeros(1)
    new = Histories(zero, zero, zero, np.ones(1))
    n = int(groups["customers"].sum())
    mean = groups["first_spend"].sum() / n
    variance = max(groups["first_squared"].sum() / n - mean**2, 0.0)
    first = mean + math.sqrt(variance / n) * rng.standard_normal(draws)
    # The fitted parameters stand first, then the draws.
    first = terms.margin_rate * np.concatenate([[mean], first])
    drawn = [valued.fitted, *valued.draw(draws, rng)]

    def later(weeks: float) -> FloatArray:
        rate = terms.annual_discount_rate
        bought = [one.purchases.discounted_purchases(new, weeks, rate)[0] for one in drawn]
        spend = [one.paid_rate * _mean_spend(one.spend) for one in drawn]
        return terms.margin_rate * np.array(bought) * np.array(spend)

    found = {"first_purchase": first, "later_purchases": later(terms.horizon_weeks)}
    found["value"] = first + found["later_purchases"] - terms.acquisition_cost
    if terms.annual_discount_rate > 0:
        found["endless_value"] = first + later(math.inf) - terms.acquisition_cost
    method = "parameter uncertainty (normal draws of the log parameters, first amounts' mean)"
    estimates = {}
    for name, one in found.items():
        low, high = central_limits(one[1:], level).tolist()
        estimates[name] = Estimate(float(one[0]), low, high, level, n, method)
    if "endless_value" in found and _nobody_leaves(valued):
        estimates["endless_value"] = Estimate(None, None, None, level, n, NO_END)
    return estimates


def _nobody_leaves(valued: Valuation) -> bool:
    return isinstance(valued.purchases.model, NegativeBinomial)


def group_values(one: Parameters, groups: pd.DataFrame, terms: Terms) -> FloatArray:
    """Expected value of each group, all its customers together; linear in `spent`."""
    bought = discounted_purchases(one.purchases, history_arrays(groups), terms)
    return terms.margin_rate * one.paid_rate * bought * group_spend(one.spend, groups)


def value_changes(valued: Valuation, groups: pd.DataFrame) -> FloatArray:
    """How the logarithms of `group_values` move with all that is estimated (delta method).

    Shape (groups, parameters), those of purchases, of spend and the paid rate: fitting.log_changes.
    """
    data, rows = history_arrays(groups), len(groups)
    bought = log_changes(
        valued.purchases, lambda one: discounted_purchases(one, data, valued.terms), rows
    )
    spend = log_changes(valued.spend, lambda one: group_spend(one, groups), rows)
    paid = np.full((rows, 1), valued.paid_error / valued.paid_rate)
    return np.hstack([bought, spend, paid])


def discounted_purchases(model: PurchaseModel, data: Histories, terms: Terms) -> FloatArray:
    """Discounted purchases within the horizon of the terms, one a row."""
    return model.discounted_purchases(data, terms.horizon_weeks, terms.annual_discount_rate)


def spend_weight(spend: GammaGamma, spend_days: FloatArray) -> FloatArray:
    """Expected spend of a paid day for each unit of gamma + spent: p / (p x + q - 1)."""
    return spend.p / (spend.p * spend_days + spend.q - 1)


def group_spend(spend: GammaGamma, groups: pd.DataFrame) -> FloatArray:
    """Expected spend of a paid day of each group, all its customers together."""
    customers, spent, days = (
        groups[name].to_numpy(dtype=float) for name in ("customers", "spent", "spend_days")
    )
    return spend_weight(spend, days) * (customers * spend.gamma + spent)


def rounded(values: FloatArray) -> FloatArray:
    """To DIGITS significant digits."""
    known = np.isfinite(values) & (values != 0)
    size = np.floor(np.log10(np.abs(values), out=np.zeros_like(values), where=known))
    # Two powers of ten that are whole numbers, so that both are exact.
    up, down = (10.0 ** np.maximum(sign * (DIGITS - 1 - size), 0) for sign in (1, -1))
    return np.where(known, np.round(values * up / down) / up * down, values)


def _mean_spend(spend: GammaGamma) -> float:
    return spend.p * spend.gamma / (spend.q - 1)


def _spent() -> nw.Expr:
    """Sum of a customer's amounts of the paid repeat days."""
    days = nw.col("spend_days")
    return nw.when(days > 0).then(days * nw.col("mean_spend")).otherwise(nw.lit(0.0))


def _expected_spend(spend: GammaGamma) -> nw.Expr:
    weight = nw.col("spend_days") * spend.p + (spend.q - 1)
    return (_spent() + spend.gamma) * spend.p / weight


def _log_variance(valued: Valuation) -> nw.Expr:
    """Variance of log(value): discounted purchases, expected spend, paid rate.

    The gradient of log(expected_spend) by (log p, log q, log gamma) is ((q - 1) / w, -q / w,
    gamma / (gamma + x m)), w = p x + q - 1.
    """
    spend, cov = valued.spend.model, valued.spend.cov_log
    weight = nw.col("spend_days") * spend.p + (spend.q - 1)
    gradient = (
        (spend.q - 1) / weight,
        -spend.q / weight,
        spend.gamma / (_spent() + spend.gamma),
    )
    variance = nw.col("discounted_log_error") ** 2
    variance = variance + (valued.paid_error / valued.paid_rate) ** 2
    for i, one in enumerate(gradient):
        for j, other in enumerate(gradient):
            variance = variance + float(cov[i, j]) * one * other
    return variance
