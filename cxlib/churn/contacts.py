"""The contact list, and what contacting it should earn, with what is not known of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from cxlib.churn.experiment import ExperimentPlan, assign_holdout
from cxlib.churn.profit import Campaign, expected_profit
from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    ParameterError,
    central_limits,
    mean_interval,
    proportion_interval,
)

FloatArray = NDArray[np.float64]

CONTACT, HOLD_OUT = "contact", "hold out"

CALIBRATION, CHANGE = "calibration of the risks", "change between periods"
SUCCESS, CHANCE, ALL = "success rate", "who leaves and accepts", "all together"

TAU_SCALE = 0.2  # of log(observed / expected) between periods, before tests are looked at

_DRAWS = 10_000
_SAID = {
    CALIBRATION: "how well the tests tell the size of the risks",
    CHANGE: "how leaving changes from period to period",
    SUCCESS: "the assumed success rate",
    CHANCE: "the chance of who leaves and accepts",
}


@dataclass(frozen=True)
class CampaignProfit:
    """What contacting a list should earn, in money, and where its uncertainty comes from.

    `profit` has one interval for all that is not known of what the campaign will bring. `listed` is
    the sum of the list's own figures, its risks taken as they are. `success` is the assumed share
    of the contacted leavers who stay, `break_even` the one (0-1) from which on the list pays, None
    where none does. `periods`: a row a test with
    listed and left (those whom the rule lists there), observed_expected with low and high (leavers
    by value, sampling alone) and log_error. `parts`: a row a source (calibration of the risks,
    change between periods, success rate, who leaves and accepts, all together) with the profit's
    low and high if only that were uncertain, and its share of the variance: they add up to about 1.
    `rests_on` says in sentences what that takes for granted and what is known least. `loss_chance`
    is the share of the draws behind the interval in which the campaign loses money, None without.
    """

    profit: Estimate
    listed: float
    success: Estimate
    break_even: float | None
    periods: pd.DataFrame
    parts: pd.DataFrame
    rests_on: str
    sentence: str
    loss_chance: float | None = None

    @property
    def is_trial_advised(self) -> bool:
        """Whether the profit is expected to be above zero and yet a loss is possible."""
        return (self.profit.value or 0.0) > 0 > (self.profit.low or 0.0)

    def advice(self, plan: ExperimentPlan) -> str:
        """Whether to contact the list, all or as a trial by the `plan` first, in sentences."""
        profit, compare = self.profit, ""
        if not profit.n:
            return self.sentence
        if self.is_trial_advised:
            return f"Not shown to pay yet. {plan.trial}"
        if plan.held_out:
            compare = f" and leave {plan.held_out:,} alone to compare"
        low, high = profit.low or 0.0, profit.high or 0.0
        between = f"({100 * profit.level:.4g} % interval {low:,.0f} to {high:,.0f})"
        listed, value = f"Calling the {profit.n:,} listed", profit.value or 0.0
        if value <= 0:
            return f"{listed} is not expected to pay: it should bring {value:,.0f} {between}."
        return f"{listed} should pay and bring {value:,.0f} {between}: call them{compare}."

    @property
    def assumption(self) -> str:
        """What calling all should bring at the assumed success rate, and from which rate on the
        list pays, in sentences.
        """
        profit, low = self.profit, self.profit.low or 0.0
        text = (
            f"If the offer keeps {self.success.value:.0%} of the leavers called (your guess: "
            f"success_rate), {profit.n:,} calls would bring about {_about(profit.value)}"
        )
        if low < 0 and self.loss_chance is not None:
            text += (
                f"; by these guesses the chance of losing money is {self.loss_chance:.0%}, and at"
                f" most {50 * (1 - profit.level):.3g}% would count as shown"
            )
        if self.break_even is None:
            return f"{text}."
        even = f"{self.break_even:.0%} kept (break-even)"
        return (
            f"{text}. The trial decides: call all where its whole interval lies above {even}, stop"
            " where all of it lies below, else go on with the trial."
        )

    @property
    def doubt(self) -> str:
        """How far off the assumed success rate may be, and what the profit rests on."""
        return (
            f"That the offer keeps {_share(self.success)} of the leavers called is assumed, not "
            "measured; put in its place what a trial tells (parameter success_rate). "
            f"{self.rests_on}"
        )


def contact_list(
    customer_id: ArrayLike,
    risk: ArrayLike,
    value: ArrayLike,
    campaign: Campaign,
    *,
    share: float | None = None,
    reasons: pd.DataFrame | None = None,
    tie_order: ArrayLike | None = None,
    holdout_share: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Whom to contact: customers whose expected profit is above zero, the most profitable first.

    `value` is one amount or each customer's own, in money, taken as given. With `share` (0-1, of
    all customers) at most so many of them. Columns: rank, customer_id, churn_probability, value,
    expected_profit (money, `profit.expected_profit`), the columns of `reasons` (a row a customer,
    same order), and group: "contact", or "hold out" for a random part (`assign_holdout`). Equal
    profits stand in the order of `tie_order` (a value a customer), else of the ids: of a list under
    pseudonyms give these, for ids in order would say which pseudonym is whose. Raises
    ParameterError when a share is out of range, ValueError when a risk or value is missing or a
    risk lies outside 0 to 1.
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
    ties = ids if tie_order is None else np.asarray(tie_order, dtype=object)
    listed = table.iloc[pays].assign(place=pays, tie=ties[pays])
    listed = listed.sort_values(
        ["expected_profit", "tie"], ascending=[False, True], ignore_index=True
    )
    if share is not None:
        listed = listed.head(int(np.ceil(round(share * len(p), 6))))
    if reasons is not None:
        chosen = reasons.iloc[listed["place"].to_numpy()].reset_index(drop=True)
        listed = pd.concat([listed, chosen], axis=1)
    out = assign_holdout(listed["customer_id"], holdout_share, seed=seed)
    listed = listed.drop(columns=["place", "tie"]).assign(group=np.where(out, HOLD_OUT, CONTACT))
    listed.insert(0, "rank", np.arange(1, len(listed) + 1))
    return listed


def contacts_sentence(
    listed: pd.DataFrame, customers: int, trial: ExperimentPlan | None = None
) -> str:
    """How many of all customers are on a contact list, and how many of them to call.

    With a plan of a `trial` to be made first: how to have its arms drawn.
    """
    if listed.empty:
        return f"None of {customers:,} customers pays a contact at these costs: contact nobody."
    out = int((listed["group"] == HOLD_OUT).sum())
    verb = "is" if len(listed) == 1 else "are"
    text = f"{len(listed):,} of {customers:,} customers {verb} worth calling by expected profit"
    if trial is not None and not trial.is_trial and trial.trial_per_arm.value is not None:
        share = trial.trial_holdout_share
        alone = round(float(share) * len(listed))
        return (
            f"{text}, if all is as assumed; run again with holdout_share = {share} to have the"
            f" trial drawn: it calls about {len(listed) - alone:,}. The other {alone:,} are not"
            " called: they are the comparison."
        )
    if not out:
        return f"{text}: call them all."
    return f"{text}: call {len(listed) - out:,}, leave {out:,} alone, drawn at random to compare."


@dataclass(frozen=True)
class RuleProfit:
    """What a rule would have earned on customers whose outcome is known.

    `contacted` of `judged` customers; profit in money per 1,000 judged; `captured` is the share of
    all leavers among those contacted, `precision` the share of those contacted who left (0-1).
    """

    contacted: int
    judged: int
    profit_per_1000: Estimate
    captured: Estimate
    precision: Estimate
    sentence: str


def rule_profit(
    churned: ArrayLike,
    risk: ArrayLike,
    value: ArrayLike,
    campaign: Campaign,
    *,
    least_profit: float = 0.0,
    level: float = 0.95,
) -> RuleProfit:
    """What contacting all whose expected profit is above zero would have earned, in hindsight.

    The rule is that of `contact_list` without `share`, fixed before the outcomes are seen, so the
    profit per 1,000 judged is a plain mean (t interval), flattered by no search for the best depth;
    shares have Wilson intervals. The success rate is its mean, as believed. A list cut by a share
    is had with `least_profit`, the smallest expected profit on it, in money. Raises ValueError when
    an outcome, risk or value is missing or a risk lies outside 0 to 1.
    """
    y, p, worth = _judged(churned, risk, value)
    called = _by_rule(p, worth, campaign, least_profit)
    earned = np.where(called, expected_profit(y, worth, campaign), 0)
    contacted, reached = int(called.sum()), int(y[called].sum())
    profit = mean_interval(1000 * earned, level=level)
    captured = proportion_interval(reached, int(y.sum()), level=level)
    precision = proportion_interval(reached, contacted, level=level)
    if contacted == 0:
        sentence = f"By the same rule none of {len(y):,} customers judged would have been called."
        return RuleProfit(0, len(y), profit, captured, precision, sentence)
    held = "" if captured.value is None else f"they held {_share(captured)} of all who left, and "
    between = "" if profit.low is None else f" ({profit.low:,.0f} to {profit.high:,.0f})"
    sentence = (
        f"By the same rule {contacted:,} of {len(y):,} customers judged would have been called; "
        f"{held}the campaign would have earned {profit.value:,.0f} per 1,000 judged{between} at "
        "the assumed success rate."
    )
    return RuleProfit(contacted, len(y), profit, captured, precision, sentence)


def _about(amount: float | None) -> str:
    return f"{float(f'{amount or 0:.2g}'):,.0f}"


def _share(one: Estimate) -> str:
    return f"{one.value:.0%} ({one.low:.0%} to {one.high:.0%})"


def _judged(
    churned: ArrayLike, risk: ArrayLike, value: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    y, p = np.asarray(churned, dtype=float), np.asarray(risk, dtype=float)
    worth = np.broadcast_to(np.asarray(value, dtype=float), p.shape)
    if not (np.isfinite(y + worth).all() and ((p >= 0) & (p <= 1)).all()):
        raise ValueError("Every customer judged needs an outcome, a value and a risk from 0 to 1.")
    return y, p, worth


def _by_rule(
    p: FloatArray, worth: FloatArray, campaign: Campaign, least_profit: float
) -> NDArray[np.bool_]:
    profit = expected_profit(p, worth, campaign)
    return (profit > 0) & (profit >= least_profit)


def campaign_profit(
    listed: pd.DataFrame,
    campaign: Campaign,
    tests: pd.DataFrame,
    *,
    level: float = 0.95,
    seed: int = 0,
) -> CampaignProfit:
    """Expected profit of contacting the "contact" group of a `contact_list`, in money.

    r sum p w - n (d + f), where w = gamma (V - d) + d is what a leaver on the list is worth more
    than a stayer, and r is observed over expected: how the risks p of those whom the same rule
    lists compare with what they do, weighted by w, so that a list of dear customers is judged by
    dear customers. `tests` (Validation.tests with a column value, in money) tells r: in each test,
    of those with an expected profit above 0 and not below the list's least,
    r_k = sum y w / sum p w (w at the mean gamma; half a leaver added to both sums, so that none has
    a ratio too), with the variance of leaving at r p, r of all tests together.

    log r of the coming period is drawn from the predictive distribution of a random-effects model
    over the tests (DerSimonian & Laird 1986). One to three tests hardly tell its variance tau^2
    between periods, so that is integrated over (Friede et al. 2017): flat in the mean, tau
    half-normal with scale .2, periods taken to differ by some 13 %, seldom by 40 %, before the
    tests are looked at. With one test that belief is all there is, and the sentence says so. r is
    cut where everybody leaves. gamma is drawn from its Beta; who leaves and accepts is normal with
    its variance at the middle, cut to what is possible. The middle of r and the mean gamma give the
    value; the interval is the central part of the draws, of what the campaign will bring.

    Values and costs are taken as known. Tests with fewer than 10 listed do not count; without any
    the risks are taken as they are, and `method` says so. Raises ValueError when an outcome, risk
    or value of the tests is missing or a risk lies outside 0 to 1.
    """
    called = listed[listed["group"] == CONTACT]
    n, own = len(called), float(called["expected_profit"].sum())
    least = float(listed["expected_profit"].min()) if len(listed) else 0.0
    periods, success = _periods(tests, campaign, least, level), campaign.success_interval(level)
    if n == 0:
        none = Estimate(0.0, None, None, level, 0, "nobody is contacted")
        columns = ["source", "low", "high", "variance_share"]
        why = "all of the list are held out" if len(listed) else "at these costs no contact pays"
        sentence = f"The campaign would contact nobody, as {why}, and earn 0."
        parts = pd.DataFrame(columns=columns)
        return CampaignProfit(none, 0.0, success, None, periods, parts, "", sentence)
    known = periods.dropna(subset=["observed_expected"])
    rng = np.random.default_rng(seed)
    middle, sampling, change = _log_ratio(known, rng)
    gamma = rng.beta(campaign.success_alpha, campaign.success_beta, _DRAWS)
    chance = rng.standard_normal(_DRAWS)
    still, mean = np.zeros(_DRAWS), np.full(_DRAWS, campaign.success_rate)
    figure = _ListProfit(called, campaign, float(np.exp(middle)))
    drawn = {
        CALIBRATION: figure.profit(sampling, mean, still),
        CHANGE: figure.profit(change, mean, still),
        SUCCESS: figure.profit(still, gamma, still),
        CHANCE: figure.profit(still, mean, chance),
        ALL: figure.profit(sampling + change, gamma, chance),
    }
    whole = drawn[ALL].var()
    parts = pd.DataFrame(
        [[name, *central_limits(x, level), x.var() / whole] for name, x in drawn.items()],
        columns=["source", "low", "high", "variance_share"],
    )
    value = float(figure.profit(still[:1], mean[:1], still[:1])[0])
    low, high = central_limits(drawn[ALL], level)
    method = f"risks calibrated on {len(known)} tests by value, success rate and chance drawn"
    if known.empty:
        method = "risks as they are: no test has 10 such customers; success rate and chance drawn"
    profit = Estimate(value, float(low), float(high), level, n, method)
    rests_on = _rests_on(parts, len(known))
    sentence = f"{_profit_sentence(profit)} {rests_on}"
    pays = figure.break_even()
    loss = float((drawn[ALL] < 0).mean())
    return CampaignProfit(profit, own, success, pays, periods, parts, rests_on, sentence, loss)


def _periods(
    tests: pd.DataFrame, campaign: Campaign, least_profit: float, level: float
) -> pd.DataFrame:
    """Of each test, those the rule lists: observed over expected leavers by value, and error."""
    y, p, worth = _judged(tests["churned"], tests["risk"], tests["value"])
    called = _by_rule(p, worth, campaign, least_profit)
    weight = campaign.success_rate * (worth - campaign.offer_cost) + campaign.offer_cost
    columns = {"listed": np.ones(len(y)), "left": y, "observed": y * weight, "expected": p * weight}
    columns |= {"squares": p * weight**2, "twice": (p * weight) ** 2}
    sums = pd.DataFrame(columns).mul(called.astype(float), axis=0)
    sums = sums.groupby(tests["test"].to_numpy(), sort=False).sum()
    sums = sums.astype({"listed": "int64", "left": "int64"})
    enough = (sums["listed"] >= MIN_GROUP) & (sums["expected"] > 0)
    known = sums[enough]
    half = 0.5 * known["squares"] / known["expected"]
    observed, expected = known["observed"] + half, known["expected"] + half
    together = observed.sum() / expected.sum() if len(known) else 1.0
    # Leaving cannot be told to the last customer, however high the risks.
    spread = np.maximum(known["squares"] - together * known["twice"], 0.05 * known["squares"])
    sums["observed_expected"] = observed / expected
    sums["log_error"] = np.sqrt(spread / together) / expected
    factor = np.exp(ndtri(0.5 + level / 2) * sums["log_error"])
    sums["low"], sums["high"] = (sums["observed_expected"] * one for one in (1 / factor, factor))
    shown = ["listed", "left", "observed_expected", "low", "high", "log_error"]
    return sums[shown].rename_axis("test").reset_index()


def _log_ratio(
    periods: pd.DataFrame, rng: np.random.Generator
) -> tuple[float, FloatArray, FloatArray]:
    """The middle of log r, and draws of what sampling and the change between periods add to it."""
    x = np.log(periods["observed_expected"].to_numpy())
    tau = TAU_SCALE * np.linspace(0, 4, 201)
    if len(x) == 0:
        change = np.abs(rng.normal(0, TAU_SCALE, _DRAWS)) * rng.standard_normal(_DRAWS)
        return 0.0, np.zeros(_DRAWS), change
    variance = periods["log_error"].to_numpy() ** 2
    precision = 1 / (variance + tau[:, None] ** 2)
    total = precision.sum(axis=1)
    mean = precision @ x / total
    away = np.sum(precision * (x - mean[:, None]) ** 2, axis=1)
    log_posterior = (np.log(precision).sum(axis=1) - np.log(total) - away) / 2
    log_posterior -= (tau / TAU_SCALE) ** 2 / 2
    chance = np.exp(log_posterior - log_posterior.max())
    chance /= chance.sum()
    middle, known = float(chance @ mean), 1 / np.sum(1 / variance)
    k = rng.choice(len(tau), _DRAWS, p=chance)
    added = np.sqrt(np.maximum(1 / total - known, 0) + tau**2)[k]
    change = mean[k] - middle + added * rng.standard_normal(_DRAWS)
    return middle, np.sqrt(known) * rng.standard_normal(_DRAWS), change


class _ListProfit:
    """Profit of the customers called for draws of log r (about its middle), gamma and chance."""

    def __init__(self, called: pd.DataFrame, campaign: Campaign, ratio: float) -> None:
        self._d, rate = campaign.offer_cost, campaign.success_rate
        p = called["churn_probability"].to_numpy(dtype=float)
        gain = called["value"].to_numpy(dtype=float) - self._d
        self._ratio, self._n, self._leavers, self._gain = ratio, len(p), p.sum(), p @ gain
        self._costs = self._n * (self._d + campaign.contact_cost)
        self._everybody, self._most = gain.sum(), gain.sum() + self._n * self._d
        # What a customer brings beyond -(d + f): gain + d, d or 0.
        q = np.minimum(ratio * p, 1)
        squares = rate * (gain + self._d) ** 2 + (1 - rate) * self._d**2
        self._error = float(np.sqrt(q @ squares - np.sum((q * (rate * gain + self._d)) ** 2)))

    def profit(self, log_change: FloatArray, gamma: FloatArray, chance: FloatArray) -> FloatArray:
        if_all_leave = gamma * self._everybody + self._n * self._d
        kept = self._ratio * np.exp(log_change) * (gamma * self._gain + self._d * self._leavers)
        brought = np.minimum(kept, if_all_leave) + chance * self._error
        return np.clip(brought, 0, self._most) - self._costs

    def break_even(self) -> float | None:
        """The gamma at which the profit at the middle is 0; None where it would be above 1."""
        if min(self._gain, self._everybody) <= 0:
            return None
        kept = (self._costs / self._ratio - self._d * self._leavers) / self._gain
        everybody = (self._costs - self._n * self._d) / self._everybody
        rate = float(max(kept, everybody, 0))
        return rate if rate <= 1 else None


def _profit_sentence(profit: Estimate) -> str:
    loss = ", which is not shown to pay" if (profit.low or 0) < 0 else ""
    return (
        f"Contacting these {profit.n:,} customers should earn {profit.value:,.0f} ("
        f"{profit.level:.0%} interval {profit.low:,.0f} to {profit.high:,.0f}){loss}."
    )


def _rests_on(parts: pd.DataFrame, tests: int) -> str:
    sources = parts.set_index("source")["variance_share"].drop(ALL)
    sources = sources.clip(upper=1).sort_values(ascending=False, kind="stable")
    told = sources[sources >= min(0.01, sources.max())]
    listed = [f"{share:.0%} from {_SAID[str(source)]}" for source, share in told.items()]
    alike = "that tested" if tests == 1 else "those tested"
    text = f"The coming period is taken to be like {alike}. Shares of what is uncertain in "
    text += f"the profit (of its variance): {', '.join(listed)}."
    if tests == 0:
        text += " Too few such customers were tested to calibrate the risks."
    if tests <= 1:
        text += " How much periods differ is assumed, as no two were tested."
    return text
