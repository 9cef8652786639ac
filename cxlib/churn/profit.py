"""What a retention campaign earns: profit of a ranking, whom it pays to contact, how far down.

A campaign contacts customers (contact_cost f each) and makes them an offer (offer_cost d). A leaver
accepts it with probability gamma, the success rate, and stays, worth his value V; a stayer takes it
and would have stayed anyway. A contacted leaver so earns gamma (V - d) - f, a stayer -(d + f)
(Verbraken, Verbeke & Baesens 2013). gamma is not known: it has a Beta(alpha, beta) distribution.
Money is in the currency of the values and costs. A missing risk, score or value is an error.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

from cxlib.churn.gains import PERCENTS, FloatArray, Gains, cumulated_gains
from cxlib.inference import Estimate, ParameterError, wald_interval

PAPER_VALUE = 200.0  # what a kept customer is worth in Verbraken, Verbeke & Baesens (2013)

_DRAWS = 1000


@dataclass(frozen=True)
class Campaign:
    """Costs of a retention campaign and what is believed of its success.

    offer_cost d and contact_cost f in money; gamma ~ Beta(success_alpha, success_beta), by default
    with mean .3. The defaults are those of Verbraken, Verbeke & Baesens (2013). Raises
    ParameterError when a cost is negative or alpha or beta is not above zero.
    """

    offer_cost: float = 10.0
    contact_cost: float = 1.0
    success_alpha: float = 6.0
    success_beta: float = 14.0

    def __post_init__(self) -> None:
        for name in ("offer_cost", "contact_cost"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise ParameterError(f"{name}: {getattr(self, name)} should be 0 or more.")
        for name in ("success_alpha", "success_beta"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ParameterError(f"{name}: {getattr(self, name)} should be above 0.")

    @property
    def success_rate(self) -> float:
        """Mean of gamma, alpha / (alpha + beta)."""
        return self.success_alpha / (self.success_alpha + self.success_beta)

    def success_interval(self, level: float = 0.95) -> Estimate:
        """The success rate with the central interval of its Beta distribution: belief, not data."""
        tails = np.array([0.5 - level / 2, 0.5 + level / 2])
        low, high = betaincinv(self.success_alpha, self.success_beta, tails)
        method = f"assumed, Beta({self.success_alpha:g}, {self.success_beta:g})"
        return Estimate(self.success_rate, float(low), float(high), level, 0, method)

    def with_success_rate(self, rate: float) -> "Campaign":
        """The same campaign with this mean success rate and as much belief (alpha + beta) in it."""
        if not 0 < rate < 1:
            raise ParameterError(f"success_rate: {rate:g} is not a share above 0 and below 1.")
        belief = self.success_alpha + self.success_beta
        return dataclasses.replace(
            self, success_alpha=rate * belief, success_beta=(1 - rate) * belief
        )


PAPER_CAMPAIGN = Campaign()


@dataclass(frozen=True)
class ProfitCurve:
    """Profit by share contacted, the best share, and what it earned.

    `table`: share (the least to be taken), customers (those taken: equal scores are not parted),
    profit_per_1000 with _low and _high, among_best (the share is not shown to earn less than the
    best). `best_profit` is in money per 1,000 customers.
    """

    table: pd.DataFrame
    best_share: Estimate
    best_profit: Estimate
    sentence: str


def expected_profit(risk: ArrayLike, value: ArrayLike, campaign: Campaign) -> FloatArray:
    """Money that contacting a customer earns: p (gamma (V - d) - f) - (1 - p) (d + f).

    At the mean success rate, which is all it needs as it is linear in gamma; above zero the contact
    pays. With churned (0 or 1) as the risk p it is the profit seen in hindsight.
    """
    p, v = np.asarray(risk, dtype=float), np.asarray(value, dtype=float)
    kept = p * campaign.success_rate * (v - campaign.offer_cost)
    return kept - (1 - p) * campaign.offer_cost - campaign.contact_cost


def break_even_risk(value: float, campaign: Campaign, *, level: float = 0.95) -> Estimate:
    """The risk above which it pays to contact a customer of this value.

    (d + f) / (gamma (V - d) + d) at the mean success rate; the limits are those at the quantiles of
    gamma's Beta distribution. No value where it is 1 or more: then no risk is high enough; a limit
    of 1 or more is shown as 1.
    """
    success, d = campaign.success_interval(level), campaign.offer_cost
    rates = np.array([success.value, success.high, success.low], dtype=float)
    gain = rates * (value - d) + d
    with np.errstate(divide="ignore", invalid="ignore"):
        risk, low, high = np.where(
            gain > d + campaign.contact_cost, (d + campaign.contact_cost) / gain, 1.0
        )
    if risk >= 1:
        return Estimate(None, None, None, level, 0, "at this value no contact pays")
    method = f"from the costs; limits: {success.method}"
    return Estimate(float(risk), float(low), float(high), level, 0, method)


def campaign_amounts(
    churned: ArrayLike, score: ArrayLike, value: ArrayLike, campaign: Campaign
) -> tuple[FloatArray, FloatArray]:
    """a = Y (V - d) and b = f + (1 - Y) d: contacting a customer earned gamma a - b, in money.

    `churned` Y is what happened; `score` is only checked. Raises ValueError when an outcome, score
    or value is missing, when their numbers differ, or with fewer than two customers.
    """
    y, ranked = np.asarray(churned, dtype=float), np.asarray(score, dtype=float)
    v = np.asarray(value, dtype=float)
    if y.shape != ranked.shape or v.shape not in ((), y.shape) or len(y) < 2:
        raise ValueError("Profit needs churned, a score and a value for each of two or more.")
    if not np.isfinite(y + ranked + v).all():
        raise ValueError("Profit needs every customer's outcome, score and value: some is missing.")
    return y * (v - campaign.offer_cost), campaign.contact_cost + (1 - y) * campaign.offer_cost


def profit_curve(
    churned: ArrayLike,
    score: ArrayLike,
    *,
    value: ArrayLike = PAPER_VALUE,
    campaign: Campaign = PAPER_CAMPAIGN,
    shares: Sequence[float] = PERCENTS,
    level: float = 0.95,
    seed: int = 0,
) -> ProfitCurve:
    """What contacting the share s with the highest scores would have earned, at mean gamma.

    Money per 1,000 customers (of all, not of those contacted). Intervals hold share by share, for a
    cut on the sample (see `cumulated_gains`).

    The best share is where the curve peaks. A peak is flat and its place is not normal, so its
    interval runs over the shares that are not shown to earn less than the best: s stays when no
    other share t beats it by more than c_s r(s, t), c_s the `level` quantile of
    max over t of (Z_t - Z_s) / r(s, t), Z Gaussian with the curve's covariance (multiplier
    bootstrap, Chernozhukov, Chetverikov & Kato 2013). r is the root of the number of customers
    between the cuts, in place of a standard error that would rest on a handful of them where cuts
    are near. The shares hold the true best of the grid with about chance `level`. Share 0, nobody,
    is always a candidate. The profit at the peak is read where it is highest, which flatters it a
    little.
    """
    a, b = campaign_amounts(churned, score, value, campaign)
    grid = np.union1d(np.asarray(shares, dtype=float), [0.0])
    gains = cumulated_gains(campaign.success_rate * a - b, score, [float(s) for s in grid])
    among = _among_best(gains, level, seed)
    best = int(np.argmax(gains.gain))
    profits = [_per_1000(gains, k, level) for k in range(len(grid))]
    table = pd.DataFrame(
        {
            "share": grid,
            "customers": gains.customers,
            "profit_per_1000": [one.value for one in profits],
            "profit_per_1000_low": [one.low for one in profits],
            "profit_per_1000_high": [one.high for one in profits],
            "among_best": among,
        }
    )
    taken = gains.customers / gains.n
    low, high = taken[among].min(), taken[among].max()
    method = "share of the highest profit; shares not shown to earn less (multiplier bootstrap)"
    share = Estimate(float(taken[best]), float(low), float(high), level, gains.n, method)
    return ProfitCurve(table, share, profits[best], _peak_sentence(share, profits[best]))


def _per_1000(gains: Gains, k: int, level: float) -> Estimate:
    method = "profit per 1,000 customers in hindsight, influence-function interval"
    if gains.customers[k] == 0:
        return Estimate(0.0, 0.0, 0.0, level, gains.n, "nobody contacted")
    profit, error = 1000 * float(gains.gain[k]), 1000 * float(gains.error[k])
    return wald_interval(profit, error, gains.n, level=level, method=method)


def _among_best(gains: Gains, level: float, seed: int) -> NDArray[np.bool_]:
    """Which depths no other depth is shown to beat."""
    root, vectors = np.linalg.eigh(gains.covariance)
    normal = np.random.default_rng(seed).standard_normal((len(root), _DRAWS))
    draws = (vectors * np.sqrt(np.clip(root, 0, None))) @ normal
    between = np.abs(np.subtract.outer(gains.customers, gains.customers))
    weight = np.where(between > 0, 1 / np.sqrt(np.maximum(between, 1)), 0)
    stays = np.ones(len(root), dtype=bool)
    for k in range(len(root)):
        lead = ((gains.gain - gains.gain[k]) * weight[k]).max()
        worst = ((draws - draws[k]) * weight[k][:, None]).max(axis=0)
        stays[k] = lead <= np.quantile(worst, level)
    return stays


def _peak_sentence(share: Estimate, profit: Estimate) -> str:
    if share.value == 0:
        if share.high == 0:
            return "Contacting nobody earns most: at these costs every share is shown to lose."
        return (
            "Contacting nobody earned most here, but up to the riskiest "
            f"{share.high:.0%} is not shown to lose."
        )
    span = f"shares from {share.low:.0%} to {share.high:.0%} are not shown to earn less"
    return (
        f"Contacting the top {share.value:.0%} would have earned most, {profit.value:,.0f} per "
        f"1,000 customers ({profit.level:.0%} interval {profit.low:,.0f} to {profit.high:,.0f}); "
        f"{span}."
    )


def break_even_success(
    churned: ArrayLike,
    score: ArrayLike,
    share: float,
    *,
    value: ArrayLike = PAPER_VALUE,
    campaign: Campaign = PAPER_CAMPAIGN,
    level: float = 0.95,
) -> Estimate:
    """The success rate below which contacting the top `share` loses money: B / A.

    A and B are the sums of a and b over those contacted (see `campaign_amounts`); interval by the
    linearized ratio at a cut on the sample, on the log scale, cut to 1. No value where nobody is
    contacted or no leaver is worth more than the offer.
    """
    a, b = campaign_amounts(churned, score, value, campaign)
    gained, spent = (float(cumulated_gains(x, score, [share]).gain[0]) for x in (a, b))
    if share == 0 or gained <= 0:
        reason = "nobody is contacted" if share == 0 else "no success rate pays"
        return Estimate(None, None, None, level, len(a), reason)
    method = "costs over what the leavers are worth, linearized interval, log scale"
    rate = spent / gained
    if rate == 0:
        return Estimate(0.0, None, None, level, len(a), "the campaign costs nothing")
    error = float(cumulated_gains(b - rate * a, score, [share]).error[0]) / gained
    found = wald_interval(rate, error, len(a), level=level, log_scale=True, method=method)
    return dataclasses.replace(found, high=min(float(found.high or 1), max(1.0, rate)))


def sensitivity(
    churned: ArrayLike,
    risk: ArrayLike,
    *,
    offer_costs: Sequence[float],
    success_rates: Sequence[float],
    value: ArrayLike = PAPER_VALUE,
    campaign: Campaign = PAPER_CAMPAIGN,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """The best share and its profit for each offer cost and success rate.

    In each case customers are ranked anew by expected profit. Columns: offer_cost, success_rate,
    best_share and profit_per_1000 as in `profit_curve`, break_even_success_rate of the best share
    (`break_even_success`; missing where nobody is contacted), each with _low and _high, and n. The
    success rate is taken as known in each case.
    """
    rows = []
    for offer_cost in offer_costs:
        for rate in success_rates:
            case = dataclasses.replace(campaign, offer_cost=offer_cost).with_success_rate(rate)
            score = expected_profit(risk, value, case)
            curve = profit_curve(churned, score, value=value, campaign=case, level=level, seed=seed)
            share = float(curve.best_share.value or 0)
            even = break_even_success(
                churned, score, share, value=value, campaign=case, level=level
            )
            row: dict[str, float | None] = {"offer_cost": offer_cost, "success_rate": rate}
            for name, one in (
                ("best_share", curve.best_share),
                ("profit_per_1000", curve.best_profit),
                ("break_even_success_rate", even),
            ):
                row |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
            rows.append(row | {"n": curve.best_share.n})
    return pd.DataFrame(rows).astype({"n": "int64"})
