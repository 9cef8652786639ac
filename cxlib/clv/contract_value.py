"""What customers with a contract are worth: how long they stay, times what they pay."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.fitting import Fit
from cxlib.clv.histories import FloatArray
from cxlib.clv.model import WEEKS_PER_YEAR
from cxlib.clv.shifted_beta_geometric import ShiftedBetaGeometric, life_table
from cxlib.clv.value import Terms
from cxlib.inference import Estimate, percentile_interval, wald_interval

MONTHS_PER_YEAR = 12
# Beyond, the chance is simulated for a sample of so many customers and scaled.
SAMPLED = 20_000
# A larger difference of survival, as a rate, is called a misfit.
MISFIT_RATE = 0.03
# Step in a log parameter of the central differences behind the delta method.
STEP = 1e-3
PARAMETERS = "parameter uncertainty (normal draws of the log parameters)"
CHANCE = "prediction: parameter uncertainty and the customers' own chance, simulated"


class Base(NamedTuple):
    """The customers still there: one entry a tenure."""

    tenure: FloatArray
    paid: FloatArray
    customers: NDArray[np.int64]


@dataclass(frozen=True)
class ContractValue:
    """Customers with a monthly contract, and what those still there are worth.

    fit            shifted beta-geometric model of all customers, those who left included
    retention      one row a month of tenure: at_risk, left, retention and survival as observed,
                   retention_model and survival_model
    expected_value, value   of those still there within the horizon: interval for the parameters,
                   and with the customers' own chance
    endless_value  the same for all time to come; no value where it is infinite
    sentence       what it comes to
    """

    fit: Fit[ShiftedBetaGeometric]
    retention: pd.DataFrame
    expected_value: Estimate
    value: Estimate
    endless_value: Estimate
    sentence: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.fit.summary


def contract_counts(subscriptions: nw.LazyFrame) -> pd.DataFrame:
    """Customers by whole months of tenure and whether they left: what the model needs.

    Reads tenure_months, churned and monthly_charges. periods (whole months; a customer who left
    within the first month left at its end, in period 1), left, customers, charges (sum of
    monthly_charges). Counted in the engine and collected, in order.
    """
    months = nw.col("tenure_months").floor().cast(nw.Int64)
    left_at_once = nw.col("churned") & (months < 1)
    keys = ["periods", "left"]
    each = subscriptions.select(
        "monthly_charges",
        periods=nw.when(left_at_once).then(nw.lit(1)).otherwise(months),
        left=nw.col("churned"),
    )
    counted = each.group_by(keys).agg(
        nw.len().cast(nw.Int64).alias("customers"), nw.col("monthly_charges").sum().alias("charges")
    )
    return counted.collect(backend="pandas").to_native().sort_values(keys, ignore_index=True)


def contract_value(
    contracts: pd.DataFrame,
    terms: Terms,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> ContractValue:
    """The value of the customers of `contracts` (see `contract_counts`) who are still there.

    margin_rate * charge * sum of P(T > n + j | T > n) v^(j - 1) over the months j = 1, 2, ... of
    the horizon, v = (1 + annual_discount_rate)^(-1 / 12), n the months so far: the next renewal is
    about to be decided and paid at once (Fader & Hardie 2010, Marketing Science 29:85-93). A
    customer's charge stays as it is. Intervals are central shares of draws: of the parameters, and
    of what customers with theta ~ Beta(alpha, beta + n) then do; of more than 20,000 customers a
    sample is simulated and its deviation scaled. Of the endless value: the delta method. Raises
    what the fit of the model raises.
    """
    fit = ShiftedBetaGeometric.fit(contracts)
    months = round(terms.horizon_weeks / WEEKS_PER_YEAR * MONTHS_PER_YEAR)
    v = (1 + terms.annual_discount_rate) ** (-1 / MONTHS_PER_YEAR)
    base = _base(contracts, terms.margin_rate)
    n = int(base.customers.sum())
    fitted = float(base.paid @ _discounted_renewals(fit.model, base, months, v))
    models = fit.draw_models(draws, rng)
    drawn = np.array([base.paid @ _discounted_renewals(one, base, months, v) for one in models])
    chance = np.array([_chance(one, base, months, v, rng=rng) for one in models])
    expected = percentile_interval(fitted, drawn, n, level=level, method=PARAMETERS)
    value = percentile_interval(fitted, drawn + chance, n, level=level, method=CHANCE)
    endless = _endless(fit, base, v, level=level)
    observed = life_table(contracts)
    modelled = {
        "retention_model": fit.model.retention(observed.index.to_numpy()),
        "survival_model": fit.model.survival(observed.index.to_numpy()),
    }
    retention = observed.assign(**modelled)
    sentence = f"{_sentence(fit, n, months)} {_misfit(retention)}"
    return ContractValue(fit, retention, expected, value, endless, sentence)


def _base(contracts: pd.DataFrame, margin_rate: float) -> Base:
    there = contracts[~contracts["left"].astype(bool)]
    return Base(
        tenure=there["periods"].to_numpy(dtype=float),
        paid=margin_rate * there["charges"].to_numpy(dtype=float),
        customers=there["customers"].to_numpy(dtype=np.int64),
    )


def _discounted_renewals(
    model: ShiftedBetaGeometric, base: Base, months: int, v: float
) -> FloatArray:
    """Expected discounted renewals within `months`, one a tenure."""
    ahead = np.arange(1, months + 1)
    staying = model.survival(base.tenure[:, None] + ahead)
    staying /= model.survival(base.tenure)[:, None]
    return np.asarray(staying @ v ** (ahead - 1.0), dtype=float)


def _chance(
    model: ShiftedBetaGeometric, base: Base, months: int, v: float, *, rng: np.random.Generator
) -> float:
    """How far chance takes the total from its expectation, in one simulated future."""
    n = int(base.customers.sum())
    sampled = base.customers if n <= SAMPLED else rng.multinomial(SAMPLED, base.customers / n)
    row = np.repeat(np.arange(len(sampled)), sampled)
    theta = rng.beta(model.alpha, model.beta + base.tenure[row])
    with np.errstate(divide="ignore"):
        renewals = np.floor(rng.standard_exponential(len(row)) / -np.log1p(-theta))
    renewals = np.minimum(renewals, months)
    worth = renewals if v == 1 else (1 - v**renewals) / (1 - v)
    each = base.paid / base.customers
    expected = _discounted_renewals(model, base, months, v)
    deviation = float(each[row] @ (worth - expected[row]))
    return deviation * math.sqrt(n / max(int(sampled.sum()), 1))


def _endless(fit: Fit[ShiftedBetaGeometric], base: Base, v: float, *, level: float) -> Estimate:
    n = int(base.customers.sum())
    if v == 1:
        reason = "without discounting the value of all time to come may be infinite"
        return Estimate(None, None, None, level, n, reason)

    def log_total(logs: FloatArray) -> float:
        model = ShiftedBetaGeometric(*np.exp(logs).tolist())
        renewals = model.discounted_residual_lifetime(base.tenure, 1 / v - 1)
        return math.log(base.paid @ renewals)

    logs = np.log(fit.params.to_numpy())
    steps = STEP * np.eye(len(logs))
    slope = np.array([log_total(logs + one) - log_total(logs - one) for one in steps]) / (2 * STEP)
    total = math.exp(log_total(logs))
    error = total * math.sqrt(slope @ fit.cov_log @ slope)
    method = "parameter uncertainty, log-normal by the delta method"
    return wald_interval(total, error, n, level=level, log_scale=True, method=method)


def _sentence(fit: Fit[ShiftedBetaGeometric], n: int, months: int) -> str:
    first, later = fit.model.retention([1, 24])
    return (
        f"Of {fit.n:,} customers with a contract {n:,} are still there. In the first month "
        f"{1 - first:.1%} leave, in the 24th {1 - later:.1%}: those likely to leave go first. The "
        f"value counts the charges of the next {months} months."
    )


def _misfit(retention: pd.DataFrame) -> str:
    """How far the model's survival strays from the observed, in a sentence."""
    stray = (retention["survival_model"] - retention["survival"]).abs()
    month, most = 1 + int(stray.argmax()), float(stray.max())
    found = (
        f"By the model as many customers are left as in fact, to within {100 * most:.1f} "
        f"percentage points (month {month})"
    )
    if most <= MISFIT_RATE:
        return f"{found}."
    return (
        f"{found}: kinds of contracts differ, so value them apart, and do not lean on the endless "
        "value."
    )
