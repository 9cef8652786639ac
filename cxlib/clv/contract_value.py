"""What customers with a contract are worth: how long they stay, times what they pay."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.fitting import ConvergenceError, Fit, log_changes
from cxlib.clv.histories import FloatArray
from cxlib.clv.model import WEEKS_PER_YEAR
from cxlib.clv.shifted_beta_geometric import ShiftedBetaGeometric, life_table
from cxlib.clv.terms import CHANCE, DELTA, PARAMETERS, SAMPLED, Terms
from cxlib.inference import (
    Estimate,
    ParameterError,
    percentile_interval,
    require_draws,
    wald_interval,
)

MONTHS_PER_YEAR = 12
# A larger relative difference of the expected leavers of next month is called a misfit.
MISFIT_RATE = 0.1
# Below, the rates seen cannot be those under which half of the customers came to stay so long.
UNLIKELY_SHARE = 0.05


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
    suits          whether the model has as many leave as were seen to leave; None: not known
    outlived       what speaks against the rates seen: customers who by these would long have left;
                   "" where nothing does
    sentence       what it comes to
    """

    fit: Fit[ShiftedBetaGeometric]
    retention: pd.DataFrame
    expected_value: Estimate
    value: Estimate
    endless_value: Estimate
    suits: bool | None
    outlived: str
    sentence: str

    @property
    def doubtful(self) -> bool:
        """Whether something speaks against the value; where nothing does it is still not tested."""
        return bool(self.outlived) or self.suits is False

    @property
    def trust(self) -> str:
        """How far to trust the value, in a sentence or two."""
        if self.outlived:
            return f"Do not budget on it: {self.outlived}"
        if self.suits is False:
            return "Take it for a rough figure: the model does not suit these contracts."
        return (
            "Take it for a rough figure: no past forecast of it was tested, and leaving is taken "
            "to go on as it was seen."
        )

    def answer(self, told: str) -> str:
        """How far to trust the value, and the value as `told`, unless it cannot be budgeted on."""
        if self.outlived:
            return (
                f"Separately, the value of {self.value.n:,} customers with a contract cannot be "
                f"budgeted on: {self.outlived} What the model says stands below (customers with a "
                "contract)."
            )
        return (
            f"Separately, {self.value.n:,} customers with a contract should bring {told} over the "
            f"same weeks, on the same terms. {self.trust}"
        )

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


def watched(contracts: pd.DataFrame, leavers: str) -> pd.DataFrame:
    """The contracts with `entered`, from which month of tenure on the file watched them.

    leavers "all": from the first on, the file holds everybody who ever left. "last month": it holds
    those who left within the last month alone, so that each customer was watched for one month of
    tenure, the last (delayed entry). Raises ValueError where it is not declared.
    """
    if leavers == "all":
        return contracts.assign(entered=0)
    if leavers == "last month":
        return contracts.assign(entered=np.maximum(contracts["periods"] - 1, 0))
    raise ValueError(
        'The source does not say whose leaving it records: declare leavers = "all" (everybody who '
        'ever left) or leavers = "last month" in its entry [subscriptions].'
    )


def contract_value_or_reason(
    contracts: pd.DataFrame,
    leavers: str,
    terms: Terms,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> tuple[ContractValue | None, str]:
    """`contract_value` of the `watched` contracts and its sentence, or None and why there is none.

    That is where they raise ValueError or ConvergenceError; ParameterError is raised here too.
    """
    try:
        seen = watched(contracts, leavers)
        found = contract_value(seen, terms, draws=draws, rng=rng, level=level)
    except ParameterError:
        raise
    except (ValueError, ConvergenceError) as error:
        return None, f"The customers with a contract have no value here. {error}"
    return found, found.sentence


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
    about to be decided and paid at once (Fader & Hardie 2010, Marketing Science 29:85-93), so that
    a month begun within the horizon counts in full. A customer's charge stays as it is. Intervals
    are central shares of draws: of the parameters, and of what customers with theta ~ Beta(alpha,
    beta + n) then do; of more than 20,000 customers a sample is simulated and its deviation scaled.
    Of the endless value: the delta method. Raises ParameterError for too few draws, ValueError for
    an endless horizon (what chance may do is simulated for a finite one), where nobody is still
    there and where they are charged nothing, and what the fit of the model raises.
    """
    require_draws(draws, level)
    if math.isinf(terms.horizon_weeks):
        raise ValueError("Their months to come are simulated for a finite horizon_weeks only.")
    base = _base(contracts, terms.margin_rate)
    if not len(base.tenure):
        raise ValueError("Nobody is still there.")
    if not base.paid.sum() > 0:
        raise ValueError("The monthly charges of those still there add up to nothing.")
    fit = ShiftedBetaGeometric.fit(contracts)
    # Rounded first, so that a horizon of whole months is not carried over by the last digit.
    months = math.ceil(round(terms.horizon_weeks / WEEKS_PER_YEAR * MONTHS_PER_YEAR, 6))
    v = (1 + terms.annual_discount_rate) ** (-1 / MONTHS_PER_YEAR)
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
    suits, how = _misfit(retention, base)
    outlived = _outlived(observed, base)
    sentence = f"{_sentence(fit, n, months, terms)} {how}"
    return ContractValue(fit, retention, expected, value, endless, suits, outlived, sentence)


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

    def total(model: ShiftedBetaGeometric) -> FloatArray:
        renewals = model.discounted_residual_lifetime(base.tenure, 1 / v - 1)
        return np.atleast_1d(base.paid @ renewals)

    fitted = float(total(fit.model)[0])
    error = fitted * math.sqrt(np.sum(log_changes(fit, total, 1) ** 2))
    return wald_interval(fitted, error, n, level=level, log_scale=True, method=DELTA)


def _sentence(fit: Fit[ShiftedBetaGeometric], n: int, months: int, terms: Terms) -> str:
    return (
        f"Of {fit.n:,} customers with a contract {n:,} are still there. The value counts the "
        f"charges of the {months} months that begin within {terms.horizon_weeks:g} weeks, as far "
        "as customers stay by the model, in which those likely to leave go first."
    )


def _outlived(observed: pd.DataFrame, base: Base) -> str:
    """Who by the rates seen would long have left, in a sentence; "" where nobody would."""
    order = np.argsort(base.tenure)
    reached = np.cumsum(base.customers[order])
    median = int(base.tenure[order][np.searchsorted(reached, reached[-1] / 2)])
    until = observed["retention"].loc[:median].to_numpy()
    if np.nanprod(until) >= UNLIKELY_SHARE:  # a month in which nobody was watched does not count
        return ""
    return (
        f"half of these customers have stayed for {median} months or more, but at the rates of "
        f"leaving in this file fewer than {UNLIKELY_SHARE:.0%} of new ones would. If it holds the "
        "leavers of more than a month, the value is too low."
    )


def _misfit(retention: pd.DataFrame, base: Base) -> tuple[bool | None, str]:
    """Whether the model leaves as many as were seen to leave, at the tenures of those there."""
    seen = retention[retention["at_risk"] > 0]
    weight = np.bincount(base.tenure.astype(np.int64) + 1, weights=base.customers)
    weight = np.pad(weight, (0, max(0, int(seen.index.max()) + 1 - len(weight))))
    there = weight[seen.index.to_numpy()]
    if not there.sum():
        return None, (
            "Nobody is at a tenure whose next month was seen, so whether the model suits cannot be "
            "said."
        )
    modelled, observed = (
        float(there @ (1 - seen[name].to_numpy())) for name in ("retention_model", "retention")
    )
    found = (
        f"Of {there.sum():,.0f} of them at tenures that were seen, the model has {modelled:,.0f} "
        f"leave next month; the rates seen there give {observed:,.0f}"
    )
    if abs(modelled - observed) <= MISFIT_RATE * observed:
        return True, f"{found}."
    return False, (
        f"{found}: the model does not suit these contracts. Take the value for a rough figure, "
        "whatever its interval, and value kinds of contracts apart."
    )
