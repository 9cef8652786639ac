"""What a campaign did: its effect on leaving, measured by those who were held out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxlib.inference import MIN_GROUP, Estimate, proportion_interval

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class CampaignEffect:
    """What a campaign did: leave rates of both arms, their difference, the success rate.

    `reduction` = rate held out - rate contacted; `success_rate` = reduction / rate held out, the
    share of the leavers that contact kept: the gamma of the next campaign.
    """

    held_out_rate: Estimate
    contacted_rate: Estimate
    reduction: Estimate
    success_rate: Estimate
    sentence: str


def campaign_effect(
    churned: ArrayLike, contacted: ArrayLike, *, level: float = 0.95
) -> CampaignEffect:
    """Leave rate of the held out less that of the contacted, once the campaign has run.

    Interval by Newcombe's (1998) hybrid of Wilson's limits; that of the success rate, 1 - ratio of
    the rates, by the same limits (Donner & Zou 2012); it is below 0 where more of the contacted
    left, and the sentence then tells limits below -100 % as such. Arms are as assigned. Fewer than
    10 customers in an arm give no value; where nobody held out left, there is no success rate.
    Raises ValueError when an outcome is missing: wait until it is known.
    """
    y = np.asarray(churned, dtype=float)
    if np.isnan(y).any():
        raise ValueError(f"{np.isnan(y).sum()} outcomes are not known yet: leave them out or wait.")
    treated = np.asarray(contacted, dtype=bool)
    arms = [
        proportion_interval(int(arm.sum()), len(arm), level=level)
        for arm in (y[~treated], y[treated])
    ]
    out, inside = arms
    n = len(y)
    if min(out.n, inside.n) < MIN_GROUP:
        none = Estimate(None, None, None, level, n, f"fewer than {MIN_GROUP} in an arm")
        text = f"No effect can be told: {none.method}."
        return CampaignEffect(out.published, inside.published, none, none, text)
    reduction = _newcombe(out, inside)
    success = _relative_reduction(out, inside)
    return CampaignEffect(out, inside, reduction, success, _effect_sentence(reduction, success))


def _limits(one: Estimate) -> tuple[float, float, float]:
    return float(one.value or 0), float(one.low or 0), float(one.high or 0)


def _newcombe(first: Estimate, second: Estimate) -> Estimate:
    (p, p_low, p_high), (q, q_low, q_high) = _limits(first), _limits(second)
    low = p - q - np.hypot(p - p_low, q_high - q)
    high = p - q + np.hypot(p_high - p, q - q_low)
    method = "difference of shares, Newcombe interval"
    return Estimate(p - q, float(low), float(high), first.level, first.n + second.n, method)


def _relative_reduction(out: Estimate, inside: Estimate) -> Estimate:
    (p, p_low, p_high), (q, q_low, q_high) = _limits(inside), _limits(out)
    n = out.n + inside.n
    if q == 0:
        return Estimate(None, None, None, out.level, n, "nobody held out left")
    root = [
        np.sqrt(max((p * q) ** 2 - a * b * (2 * p - a) * (2 * q - b), 0.0))
        for a, b in ((p_low, q_high), (p_high, q_low))
    ]
    # The smaller root in its form without a difference: 2 q - q_high may be 0 or below.
    least = p_low * (2 * p - p_low) / (p * q + root[0]) if p > 0 else 0.0
    most = (p * q + root[1]) / (q_low * (2 * q - q_low))
    method = "share of leavers kept, interval from Wilson's limits (Donner & Zou)"
    return Estimate(1 - p / q, float(1 - most), float(1 - least), out.level, n, method)


def _effect_sentence(reduction: Estimate, success: Estimate) -> str:
    value, low, high = _limits(reduction)
    interval = f"{reduction.level:.0%} interval {100 * low:.1f} to {100 * high:.1f}"
    span = f"{100 * value:.1f} points ({interval})"
    kept = _success_words(success)
    if low > 0:
        return f"Contact lowered leaving by {span}. {kept}"
    if value < 0:
        # The other way round, so that a rise is not told as a fall below 0.
        interval = f"{reduction.level:.0%} interval {-100 * high:.1f} to {-100 * low:.1f}"
        span = f"{-100 * value:.1f} points ({interval})"
    if high < 0:
        return f"Contact raised leaving, by {span}: stop it. {kept}"
    way = "more" if value < 0 else "fewer"
    return f"An effect of contact is not shown: of the contacted {span} {way} left. {kept}"


def _success_words(success: Estimate) -> str:
    if success.value is None:
        return f"The success rate cannot be told: {success.method}."
    kept, least, most = (
        f"{limit:.0%}" if limit >= -1 else "below -100%" for limit in _limits(success)
    )
    return (
        f"The success rate, the share of the leavers that contact kept, is {kept} ({least} to "
        f"{most})."
    )
