"""The contact list, and what contacting it should earn, with what is not known of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from cxlib.churn.calibration import log_odds
from cxlib.churn.experiment import assign_holdout
from cxlib.churn.likelihood import maximum_likelihood
from cxlib.churn.profit import Campaign, expected_profit
from cxlib.inference import Estimate, ParameterError, central_limits

FloatArray = NDArray[np.float64]

CONTACT, HOLD_OUT = "contact", "hold out"

SUCCESS = "success rate"

_DRAWS = 4000


@dataclass(frozen=True)
class CampaignProfit:
    """Expected profit of contacting a list, in money, and where its uncertainty comes from.

    `profit` has one interval for all that is not known. `parts`: a row a source (calibration of the
    risks, success rate, both, and with the chance of who leaves and accepts) with the profit's low
    and high if only that were uncertain, and its share of the variance. `listed` is the sum of the
    list's own figures, before the risks are calibrated on the judged customers.
    """

    profit: Estimate
    listed: float
    parts: pd.DataFrame
    sentence: str


def contact_list(
    customer_id: ArrayLike,
    risk: ArrayLike,
    value: ArrayLike,
    campaign: Campaign,
    *,
    share: float | None = None,
    reasons: pd.DataFrame | None = None,
    holdout_share: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Whom to contact: customers whose expected profit is above zero, the most profitable first.

    `value` is one amount or each customer's own, in money, taken as given. With `share` (0-1, of
    all customers) at most so many of them. Columns: rank, customer_id, churn_probability, value,
    expected_profit (money, `profit.expected_profit`), the columns of `reasons` (a row a customer,
    same order), and group: "contact", or "hold out" for a random part (`assign_holdout`). Equal
    profits stand in the order of the ids. Raises ParameterError when a share is out of range,
    ValueError when a risk or value is missing or a risk lies outside 0 to 1.
    """
    if share is not None and not 0 < share <= 1:
        raise ParameterError(f"share: {share} should be above 0 and at most 1, or None.")
    p, ids = np.asarray(risk, dtype=float), np.asarray(customer_id, dtype=object)
    worth = np.broadcast_to(np.asarray(value, dtype=float), p.shape)
    if not (np.isfinite(worth).all() and ((p >= 0) & (p <= 1)).all()):
        raise ValueError("Every customer needs a value and a risk from 0 to 1: some has none.")
    profit = expected_profit(p, worth, campaign)
    table = pd.DataFrame(
        {"customer_id": ids, "churn_probability": p, "value": worth, "expected_profit": profit}
    )
    pays = np.flatnonzero(profit > 0)
    listed = table.iloc[pays].assign(place=pays)
    listed = listed.sort_values(
        ["expected_profit", "customer_id"], ascending=[False, True], ignore_index=True
    )
    if share is not None:
        listed = listed.head(int(np.ceil(round(share * len(p), 6))))
    if reasons is not None:
        chosen = reasons.iloc[listed["place"].to_numpy()].reset_index(drop=True)
        listed = pd.concat([listed, chosen], axis=1)
    out = assign_holdout(listed["customer_id"], holdout_share, seed=seed)
    listed = listed.drop(columns="place").assign(group=np.where(out, HOLD_OUT, CONTACT))
    listed.insert(0, "rank", np.arange(1, len(listed) + 1))
    return listed


def contacts_sentence(listed: pd.DataFrame, customers: int) -> str:
    """How many of all customers are on a contact list, how many of them held out, and why."""
    if listed.empty:
        return f"None of {customers:,} customers pays a contact at these costs: contact nobody."
    out = int((listed["group"] == HOLD_OUT).sum())
    text = (
        f"{len(listed):,} of {customers:,} customers ({len(listed) / customers:.0%}) are on the "
        "list: for each of them the expected profit of a contact is above zero."
    )
    if out:
        text += f" {out:,} of them are held out at random, so that the effect can be measured."
    return text


def campaign_profit(
    listed: pd.DataFrame,
    campaign: Campaign,
    *,
    churned: ArrayLike,
    risk: ArrayLike,
    level: float = 0.95,
    seed: int = 0,
) -> CampaignProfit:
    """Expected profit of contacting the "contact" group of a `contact_list`, in money.

    sum of p gamma (V - d) - (1 - p) d - f. The risks p are calibrated on customers that were judged
    out of the model's sight (`churned`, `risk`): logit p = a + b logit(listed risk), so that the
    list's optimism is taken off. Uncertain are a and b (normal, with their maximum-likelihood
    covariance) and gamma (its Beta), drawn together; the interval is the central part of the draws.
    Values V and costs are taken as known, and the judged customers as like the listed. What one
    campaign brings varies beyond the interval by the chance of who leaves and accepts: see `parts`.
    Where a and b cannot be estimated the risks are taken as they are, and `method` says so.
    """
    called = listed[listed["group"] == CONTACT]
    n, own = len(called), float(called["expected_profit"].sum())
    if n == 0:
        none = Estimate(0.0, None, None, level, 0, "nobody is contacted")
        columns = ["source", "low", "high", "variance_share"]
        return CampaignProfit(none, 0.0, pd.DataFrame(columns=columns), "Nobody is contacted.")
    method = "calibration of the risks and success rate drawn together"
    try:
        odds = log_odds(risk)
        line, covariance = maximum_likelihood(churned, np.column_stack([np.ones_like(odds), odds]))
    except (ValueError, np.linalg.LinAlgError):
        line, covariance = np.array([0.0, 1.0]), np.zeros((2, 2))
        method = "success rate drawn; the risks could not be calibrated and are taken as they are"
    rng = np.random.default_rng(seed)
    lines = np.vstack([line, rng.multivariate_normal(line, covariance, _DRAWS, method="eigh")])
    gamma = rng.beta(campaign.success_alpha, campaign.success_beta, _DRAWS)
    kept, costs = _kept_and_costs(called, campaign, lines)
    mean = campaign.success_rate
    value = float(mean * kept[0] - costs[0])
    both = gamma * kept[1:] - costs[1:]
    success = gamma * kept[0] - costs[0]
    chance = rng.normal(0, _chance_error(called, campaign, line), _DRAWS)
    draws = {
        "calibration of the risks": mean * kept[1:] - costs[1:],
        SUCCESS: success,
        "both": both,
        "both, and who leaves and accepts": both + chance,
    }
    parts = pd.DataFrame(
        [[name, *central_limits(x, level), x.var() / both.var()] for name, x in draws.items()],
        columns=["source", "low", "high", "variance_share"],
    )
    low, high = central_limits(both, level)
    profit = Estimate(value, float(low), float(high), level, n, method)
    return CampaignProfit(profit, own, parts, _profit_sentence(profit, parts))


def _kept_and_costs(
    called: pd.DataFrame, campaign: Campaign, lines: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """For each calibration line: sum of p (V - d), and of f + (1 - p) d.

    Both are smooth in the log odds, so customers within .01 of them are taken together: a million
    cost no more than a thousand.
    """
    odds = log_odds(called["churn_probability"])
    worth = called["value"].to_numpy(dtype=float) - campaign.offer_cost
    _, place, count = np.unique(np.round(odds, 2), return_inverse=True, return_counts=True)
    middle = np.bincount(place, odds) / count
    p = expit(lines[:, [0]] + lines[:, [1]] * middle)
    costs = len(called) * (campaign.contact_cost + campaign.offer_cost)
    return p @ np.bincount(place, worth), costs - campaign.offer_cost * (p @ count)


def _chance_error(called: pd.DataFrame, campaign: Campaign, line: FloatArray) -> float:
    """Standard deviation of the profit when risks and success rate are known."""
    p = expit(line[0] + line[1] * log_odds(called["churn_probability"]))
    worth = called["value"].to_numpy(dtype=float) - campaign.offer_cost
    accepts, d = p * campaign.success_rate, campaign.offer_cost
    mean = accepts * worth - (1 - p) * d
    return float(np.sqrt(np.sum(accepts * worth**2 + (1 - p) * d**2 - mean**2)))


def _profit_sentence(profit: Estimate, parts: pd.DataFrame) -> str:
    success = float(parts["variance_share"][parts["source"] == SUCCESS].iloc[0])
    part = "Nearly all" if success > 0.99 else f"{success:.0%}"
    return (
        f"Contacting these {profit.n:,} customers should earn {profit.value:,.0f} "
        f"({profit.level:.0%} interval {profit.low:,.0f} to {profit.high:,.0f}). "
        f"{part} of the variance behind that interval is the success rate, which only an "
        "experiment can tell."
    )
