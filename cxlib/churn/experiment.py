"""A campaign as an experiment: how many to hold out, who, and are the arms alike.

Contacted customers are compared with a random part of the same list that is left alone. The arms
are compared as assigned, whoever was reached.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtr, ndtri

from cxlib.churn.profit import Campaign
from cxlib.inference import (
    Estimate,
    ParameterError,
    holm,
    welch_difference,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_MOST_PER_ARM = 1e9  # above it the limit of the customers needed is told as "or more"


@dataclass(frozen=True)
class ExperimentPlan:
    """What an experiment on a contact list can find, before it is run.

    `leave_rate` is the mean risk on the list, `contacted_rate` what it should be with contact.
    `required_per_arm` has limits from the belief in the success rate; `power` (0-1) likewise.
    `trial_per_arm` is what it takes to show not only an effect but one that pays: that more than
    `break_even` (0-1) of the leavers contacted stay.
    `detectable_reduction` of the leave rate is missing where even its fall to 0 would not be found;
    `least_holdout_share` where no division of the list is enough; the upper limit of
    `required_per_arm` and of `trial_per_arm` above a thousand million. Where there is
    nothing to measure, the estimates have no value and say why.
    """

    contacted: int
    held_out: int
    leave_rate: float | None
    contacted_rate: Estimate
    required_per_arm: Estimate
    trial_per_arm: Estimate
    break_even: float
    power: Estimate
    detectable_reduction: float | None
    least_holdout_share: float | None
    sentence: str

    @property
    def short(self) -> str:
        """Whether the effect can be shown, in one sentence."""
        power, least = self.power, self.least_holdout_share
        if power.value is None:
            return self.sentence
        if least is None:
            chance = f" (chance {power.value:.0%})" if self.held_out else ""
            return (
                f"The list is too short to measure the effect in one round{chance}: repeat it over "
                "several."
            )
        if not self.held_out:
            return f"Nobody is held out, so no effect can be shown: {_would_do(least)}."
        text = (
            f"With the held-out group the effect can be shown with a chance of {power.value:.0%} "
            f"({power.low:.0%} to {power.high:.0%})"
        )
        share = self.held_out / (self.held_out + self.contacted)
        return text + ("." if least <= share <= 1 - least else f": {_would_do(least)}.")

    @property
    def is_trial(self) -> bool:
        """Whether so few are contacted already that it is a trial, and the others are left alone.

        That is about as many as one arm needs, or about half of a list too short for two such
        arms: who is held out is drawn one by one, so that the number varies.
        """
        return self.contacted <= 1.25 * max(self._called, 1)

    @property
    def needed(self) -> str:
        """How many customers each arm of a trial needs, however the list is held out now."""
        arm = self.trial_per_arm
        if self.leave_rate is None or arm.value is None:
            return self.sentence
        if not self.break_even:
            return f"{_needed(self.leave_rate, self.contacted_rate, self.required_per_arm)}."
        most = "or more" if arm.high is None else f"to {arm.high:,.0f}"
        return (
            f"To show that calling keeps more than {self.break_even:.0%} of the leavers, each arm"
            f" needs {arm.value:,.0f} customers ({arm.low:,.0f} {most} as the success rate is not"
            " known)."
        )

    @property
    def trial(self) -> str:
        """What to try first where the list is not shown to pay, in a sentence or two."""
        if self.is_trial and self.held_out:
            return (
                f"Call these {self.contacted:,} as a trial, leave {self.held_out:,} alone, and "
                f"compare{self._when}."
            )
        listed, arm = self.contacted + self.held_out, self.trial_per_arm
        first = f"Do not call the whole list of {listed:,} yet"
        if arm.value is None:
            return f"{first}."
        if _rounded_up(arm.value) > self._half:
            return (
                f"{first}: first call half of it, drawn at random, leave the other half alone, and "
                f"compare{self._when}; one round will not settle it, repeat it over several."
            )
        return (
            f"{first}: first call about {self._called:,} drawn at random from it, leave at least as"
            f" many alone, and compare{self._when}."
        )

    @property
    def trial_holdout_share(self) -> str:
        """The share (0-1) of the list to hold out, so that only the arm of the trial is called.

        As text, with three digits, or as many as a share near 1 needs.
        """
        share = self._called / (self.contacted + self.held_out)
        digits = max(3, 1 + int(np.ceil(-np.log10(share))))
        # Rounded down, so that no fewer are called.
        return f"{np.floor((1 - share) * 10**digits) / 10**digits:.{digits}f}"

    @property
    def _called(self) -> int:
        """How many a trial calls: an arm, or half of a list too short for two."""
        return min(_rounded_up(self.trial_per_arm.value or 0), self._half)

    @property
    def _half(self) -> int:
        return (self.contacted + self.held_out) // 2

    @property
    def _when(self) -> str:
        """The sizes count on as many leavers as this: before, there are too few to compare."""
        rate = self.leave_rate or 0
        # Neither 0 % nor, of a list of which nearly all leave, 100 %.
        return f" once {rate:.0%} of these have left" if 0.005 <= rate < 0.995 else ""

    @property
    def steps(self) -> str:
        """What to do with the list until the effect is known; "" where it cannot be measured."""
        if not self.held_out or self.power.value is None:
            return ""
        return (
            f"Leave the {self.held_out:,} held out alone for the whole horizon; then add `treated` "
            "and, where customers have dates, `campaign_day` to the sources, and run the report "
            "again."
        )


@dataclass(frozen=True)
class Balance:
    """Whether two arms are alike before the campaign.

    `table`: a row a feature with the means of both arms, standardized difference (Hedges' g) with
    low and high, p_holm and n. `p` is that of the omnibus test over all features.
    """

    table: pd.DataFrame
    chi2: float
    df: int
    p: float
    sentence: str


def assign_holdout(customer_id: ArrayLike, share: float, *, seed: int) -> BoolArray:
    """Who is left alone, so that the campaign's effect can be measured.

    A customer is held out when the BLAKE2b hash of his id, keyed by the seed, falls in the lowest
    `share` of its range. So neither order nor batch nor day changes it, the same seed holds out the
    same customers, and another seed others. The number held out is binomial around share x n.
    Raises ParameterError unless 0 <= share < 1.
    """
    if not 0 <= share < 1:
        raise ParameterError(f"holdout_share: {share} should be at least 0 and below 1.")
    key, limit = str(seed).encode(), int(share * 2**64)
    ids = [str(one).encode() for one in np.asarray(customer_id, dtype=object)]
    hashes = (hashlib.blake2b(one, digest_size=8, key=key).digest() for one in ids)
    return np.fromiter((int.from_bytes(h) < limit for h in hashes), dtype=bool, count=len(ids))


def required_per_arm(
    rate: float, other_rate: float, *, level: float = 0.95, power: float = 0.8
) -> int:
    """Customers in each of two equal arms to tell two rates apart.

    2 ((z_level + z_power) / h)^2, h = 2 asin sqrt p1 - 2 asin sqrt p2 (Cohen 1988, ch. 6), two
    sided. Raises ValueError when the rates are equal or not within 0 to 1.
    """
    size = _arcsine_difference(rate, other_rate)
    if not abs(size) > 0:
        raise ValueError(f"Two different rates from 0 to 1 are needed, not {rate}, {other_rate}.")
    return int(np.ceil(2 * (_z(level, power) / size) ** 2))


def trial_per_arm(
    rate: float, kept: float, break_even: float, *, level: float = 0.95, power: float = 0.8
) -> int:
    """Customers in each of two equal arms to show that more than `break_even` leavers stay.

    p leave when left alone, q = p (1 - kept) when contacted; shown when the interval of
    (1 - break_even) p - q lies above 0, which is that of the share kept above break_even:
    (z_level + z_power)^2 ((1 - break_even)^2 p (1 - p) + q (1 - q)) / (p (kept - break_even))^2
    (Wald on the ratio of two rates, with the variances at the rates supposed, not the restricted
    ones of Farrington & Manning 1990). Raises ValueError unless break_even < kept <= 1 and
    0 < rate <= 1.
    """
    if not (0 <= break_even < kept <= 1 and 0 < rate <= 1):
        raise ValueError(f"Of a rate {rate} no {kept} can be shown to lie above {break_even}.")
    q = rate * (1 - kept)
    variance = (1 - break_even) ** 2 * rate * (1 - rate) + q * (1 - q)
    return int(np.ceil(_z(level, power) ** 2 * variance / (rate * (kept - break_even)) ** 2))


def achieved_power(
    rate: float, other_rate: float, n: float, n_other: float, *, level: float = 0.95
) -> float:
    """Chance (0-1) that two arms of n and n_other tell the rates apart, two sided (Cohen 1988)."""
    noncentrality = abs(_arcsine_difference(rate, other_rate)) * np.sqrt(_harmonic(n, n_other))
    z = ndtri(0.5 + level / 2)
    return float(ndtr(noncentrality - z) + ndtr(-noncentrality - z))


def detectable_reduction(
    rate: float, n: float, n_other: float, *, level: float = 0.95, power: float = 0.8
) -> float | None:
    """The least fall of a rate that two arms find with chance `power`, None where there is none."""
    if not min(n, n_other) > 0:
        return None
    angle = 2 * np.arcsin(np.sqrt(rate)) - _z(level, power) / np.sqrt(_harmonic(n, n_other))
    return float(rate - np.sin(angle / 2) ** 2) if angle >= 0 else None


def plan_experiment(
    risk: ArrayLike,
    campaign: Campaign,
    *,
    holdout_share: float,
    break_even: float | None = None,
    level: float = 0.95,
    power: float = 0.8,
) -> ExperimentPlan:
    """What holding out `holdout_share` of a contact list with these risks can find.

    The share is the one intended or, where the list has been drawn, the one it came to.
    Contact is expected to lower the leave rate p, the mean risk, to p (1 - gamma). Sizes and power
    by the arcsine test of two rates (Cohen 1988); of a trial by `trial_per_arm` where `break_even`,
    the share of leavers that must stay (0-1), is above 0. Limits are those at the quantiles of
    gamma's Beta distribution: they show what is not known of the success, not sampling. An empty
    list, or one of customers without any risk, gives a plan without figures. Raises
    ParameterError when holdout_share is not within 0 to 1 or power not between .5 and 1, ValueError
    when a risk is missing or not within 0 to 1.
    """
    if not 0 <= holdout_share < 1:
        raise ParameterError(f"holdout_share: {holdout_share} should be at least 0 and below 1.")
    if not 0.5 <= power < 1:
        raise ParameterError(f"power: {power} should be at least 0.5 and below 1.")
    p = np.asarray(risk, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("Every customer on the list needs a risk from 0 to 1: some has none.")
    n = len(p)
    out = round(holdout_share * n)
    if not p.any():
        return _nothing_to_measure(n, out, level)
    rate = float(p.mean())
    success = campaign.success_interval(level)
    gammas = np.array([success.value, success.low, success.high], dtype=float)
    low_rates = [float(rate * (1 - gamma)) for gamma in gammas]
    # A success next to none lowers the rate by less than a number can hold.
    needed = [
        required_per_arm(rate, q, level=level, power=power) if q < rate else np.inf
        for q in low_rates
    ]
    chance = [achieved_power(rate, q, n - out, out, level=level) if out else 0.0 for q in low_rates]
    basis = f"two rates, arcsine; limits: success {success.method}"
    contacted = Estimate(low_rates[0], low_rates[2], low_rates[1], level, n, basis)
    arm, trial, even = _size(needed, level, n, basis), None, break_even or 0.0
    if even > 0:
        sizes = [
            trial_per_arm(rate, gamma, even, level=level, power=power) if gamma > even else np.inf
            for gamma in gammas
        ]
        trial = _size(sizes, level, n, f"ratio of two rates; limits: success {success.method}")
    found = Estimate(chance[0], chance[1], chance[2], level, n, basis)
    least = _least_holdout(n, (_z(level, power) / _arcsine_difference(rate, low_rates[0])) ** 2)
    detectable = detectable_reduction(rate, n - out, out, level=level, power=power)
    sentence = _plan_sentence(rate, contacted, arm, found if out else None, least)
    return ExperimentPlan(
        n - out, out, rate, contacted, arm, trial or arm, even, found, detectable, least, sentence
    )


def _size(sizes: list[float], level: float, n: int, method: str) -> Estimate:
    """The size of an arm at the mean of the belief in the success, and at its limits."""
    told = [size if size < _MOST_PER_ARM else None for size in sizes]
    return Estimate(told[0], told[2], told[1], level, n, method)


def _z(level: float, power: float) -> float:
    return float(ndtri(0.5 + level / 2) + ndtri(power))


def _harmonic(n: float, n_other: float) -> float:
    return 1 / (1 / n + 1 / n_other)


def _arcsine_difference(rate: float, other_rate: float) -> float:
    return float(2 * np.arcsin(np.sqrt(rate)) - 2 * np.arcsin(np.sqrt(other_rate)))


def _least_holdout(n: int, needed: float) -> float | None:
    """The least share x with x (1 - x) n >= needed."""
    if n < 4 * needed:
        return None
    return float((1 - np.sqrt(1 - 4 * needed / n)) / 2)


def _nothing_to_measure(n: int, out: int, level: float) -> ExperimentPlan:
    why = "nobody on the list has any risk of leaving" if n else "nobody is on the list"
    none = Estimate(None, None, None, level, n, why)
    sentence = f"{why.capitalize()}: there is nothing to measure."
    rate = 0.0 if n else None
    return ExperimentPlan(n - out, out, rate, none, none, none, 0.0, none, None, None, sentence)


def _rounded_up(n: float) -> int:
    """A number to be told as "about": to two digits, never too few."""
    unit = 10 ** max(0, len(str(int(n))) - 2)
    return int(np.ceil(n / unit) * unit)


def _would_do(least: float) -> str:
    # Rounded up, so that the share named is not one that just fails.
    return f"holding out {np.ceil(100 * least):.0f}% of the list would do"


def _needed(rate: float, contacted: Estimate, arm: Estimate) -> str:
    most = "or more" if arm.high is None else f"to {arm.high:,.0f}"
    return (
        f"To show that contact lowers leaving from {rate:.1%} to {contacted.value:.1%}, each arm "
        f"needs {arm.value:,.0f} customers ({arm.low:,.0f} {most} as the success rate is not "
        f"known)"
    )


def _plan_sentence(
    rate: float, contacted: Estimate, arm: Estimate, power: Estimate | None, least: float | None
) -> str:
    chance = "nobody is held out, so that nothing can be shown"
    if power is not None:
        chance = (
            f"as planned the chance to show it is {power.value:.0%} ({power.low:.0%} to "
            f"{power.high:.0%})"
        )
    text = f"{_needed(rate, contacted, arm)}; {chance}."
    if least is None:
        return text + " The list is too short for it, however it is divided: measure over several."
    would = _would_do(least)
    return f"{text} {would[0].upper()}{would[1:]}."


def balance(features: pd.DataFrame, held_out: ArrayLike, *, level: float = 0.95) -> Balance:
    """Are contacted and held-out customers alike? As they are if chance alone divided them.

    Categories become one 0/1 column a level and missing numbers a 0/1 column beside the mean in
    their place. Standardized differences are Hedges' g (contacted less held out) with Welch tests,
    Holm over all rows. The omnibus test is Hansen & Bowers' (2008): m n1 n0 / n with m = d' S^- d,
    d the differences of means and S the covariance of the features over all, chi-squared with the
    rank of S as df. Raises ValueError without at least two customers in each arm.
    """
    out = np.asarray(held_out, dtype=bool)
    if min(out.sum(), (~out).sum()) < 2:
        raise ValueError("Balance needs at least two customers in each arm.")
    numbers = _as_numbers(features)
    rows = {}
    for name in numbers:
        x = numbers[name].to_numpy()
        test = welch_difference(x[out], x[~out], level=level)
        g = test.hedges_g
        rows[name] = {
            "contacted": x[~out].mean(),
            "held_out": x[out].mean(),
            "standardized_difference": np.nan if g.value is None else g.value,
            "standardized_difference_low": np.nan if g.low is None else g.low,
            "standardized_difference_high": np.nan if g.high is None else g.high,
            "p": test.p,
            "n": len(x),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("feature")
    table = table.assign(p_holm=holm(table["p"])).drop(columns="p")
    X = numbers.to_numpy()
    # Standardized, so that the rank does not hang on the features' units.
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    covariance = X.T @ X / (len(X) - 1)
    root = np.linalg.eigvalsh(covariance)
    df = int((root > 1e-9 * root.max()).sum())
    d = X[~out].mean(axis=0) - X[out].mean(axis=0)
    inverse = np.linalg.pinv(covariance, rcond=1e-9, hermitian=True)
    chi2 = float(d @ inverse @ d / (1 / out.sum() + 1 / (~out).sum()))
    p = float(chdtrc(df, chi2))
    return Balance(table, chi2, df, p, _balance_sentence(table, p))


def _as_numbers(features: pd.DataFrame) -> pd.DataFrame:
    """Numbers only, none missing and none constant."""
    columns = {}
    for name, x in features.items():
        if pd.api.types.is_numeric_dtype(x):
            number = x.astype(float)
            columns[str(name)] = number.fillna(number.mean())
            columns[f"{name} is missing"] = number.isna().astype(float)
        else:
            for one in sorted(x.dropna().astype(str).unique()):
                columns[f"{name}: {one}"] = (x.astype(str) == one).astype(float)
    table = pd.DataFrame(columns)
    return table.loc[:, table.nunique() > 1]


def _balance_sentence(table: pd.DataFrame, p: float) -> str:
    size = table["standardized_difference"].abs()
    worst = f"the largest standardized difference is {size.max():.2f} ({size.idxmax()})"
    if p < 0.001:
        return f"The arms differ by more than chance (p < .001): {worst}. They were not randomized."
    if p < 0.05:
        return f"The arms differ somewhat more than chance tells (p = {p:.3f}): {worst}."
    return f"The arms are as alike as chance makes them (p = {p:.2f}): {worst}."
