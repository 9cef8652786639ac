"""How many months a customer is likely to stay, from here on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.churn.lifetimes import ALL, FloatArray, Lifetimes, group_names
from cxlib.churn.survival import RiskTable, greenwood, logit_limits, risk_table
from cxlib.inference import MIN_GROUP, ParameterError, require_level

CARRIED_MONTHS = 12.0  # the last so many observed months give the rate that is carried on


@dataclass(frozen=True)
class RemainingMonths:
    """Expected months to come of customers who are still there.

    `months`: a row a tenure as given: group, tenure_months, months, months_low, months_high,
    saved_months, saved_low, saved_high, beyond_rate (the share of the months that rests on the rate
    carried on), n (customers whose curve it is). `sentence` says how far the curves reach and what
    is carried on. `reason`: why there are none (`months` then has no values).
    """

    months: pd.DataFrame
    sentence: str
    reason: str


@dataclass(frozen=True)
class _Curve:
    """S and its discounted area at the times up to the reach, and Greenwood's terms a.

    `rate` is the monthly one carried on, of the times from the `since`-th on, over `span` months.
    """

    times: FloatArray
    log_survival: FloatArray
    area: FloatArray
    a: FloatArray
    reach: float
    discount: float
    rate: float
    since: int
    span: float

    def at(self, t: FloatArray) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
        """log S(t), area from 0 to t (t within the reach), and how many times are at most t."""
        place = np.searchsorted(self.times, t, "right")
        start = np.r_[0.0, self.times][place]
        log_s = np.r_[0.0, self.log_survival][place]
        area = np.r_[0.0, self.area][place]
        return log_s, area + np.exp(log_s) * _discounted(start, t, self.discount), place


def remaining_months(
    lifetimes: Lifetimes,
    tenure_months: ArrayLike,
    groups: pd.Series | None = None,
    *,
    within_months: float,
    horizon_months: float = 1.0,
    monthly_discount_rate: float = 0.0,
    level: float = 0.95,
) -> RemainingMonths:
    """Expected months that a customer stays within the next `within_months`, given the tenure.

    With the Kaplan-Meier curve S (of the customer's group, if `groups` gives a value a customer, in
    the order of `lifetimes` and of `tenure_months`), w months ahead and v = 1 / (1 + monthly
    rate): months(t) = integral over u from t to t + w of v^(u - t) S(u) / S(t), the restricted mean
    residual life (Klein & Moeschberger 2003, ch. 4.5). saved_months is the part of it after the
    coming `horizon_months` h of one who stays that long, v^h months(t + h; w - h): what is won by
    keeping a customer who would have left within h, if from then on leaving is as usual.

    Beyond the longest tenure at which 10 customers were watched, customers leave at the average
    rate of the last 12 months before it. Intervals: delta method on the steps of log S (Greenwood)
    with that rate, on the scale logit(months / most possible); none where nobody was seen to
    leave. A group below 10 customers gets the curve of all. Raises ParameterError for months that
    are not above zero, a horizon not below `within_months`, a negative rate, a wrong level.
    """
    require_level(level)
    if not 0 < horizon_months < within_months < np.inf:
        raise ParameterError(
            f"within_months: {within_months:g} must be above the {horizon_months:g} months in "
            "which leaving is foretold, and those above 0."
        )
    if not monthly_discount_rate >= 0:
        raise ParameterError(f"monthly_discount_rate: {monthly_discount_rate:g} is below 0.")
    tenure = np.asarray(tenure_months, dtype=float)
    if lifetimes.reason or not lifetimes.watched.any():
        reason = lifetimes.reason or "No customer has been watched for any time."
        empty = pd.DataFrame({"group": ALL, "tenure_months": tenure})
        return RemainingMonths(empty.reindex(columns=_COLUMNS), "", reason)
    counts = lifetimes.counts(groups)
    names, own = _curves_of(counts, groups, len(tenure))
    distinct, place = np.unique(tenure, return_inverse=True)
    pairs, of_pair = np.unique(own * len(distinct) + place, return_inverse=True)
    discount = float(np.log1p(monthly_discount_rate))
    found, reaches = [], []
    for code, name in enumerate(names):
        rows = counts if name == ALL else counts[counts["group"] == name]
        t = distinct[pairs[pairs // len(distinct) == code] % len(distinct)]
        curve = _curve(risk_table(rows), discount)
        figures = _figures(curve, t, within_months, horizon_months, level=level)
        n = int(rows["customers"].sum())
        found.append(pd.DataFrame({"group": name, "tenure_months": t, **figures, "n": n}))
        reaches.append(curve.reach)
    months = pd.concat(found).take(of_pair).reset_index(drop=True)
    return RemainingMonths(months[_COLUMNS], _sentence(reaches, months), "")


_COLUMNS = ["group", "tenure_months", "months", "months_low", "months_high"]
_COLUMNS += ["saved_months", "saved_low", "saved_high", "beyond_rate", "n"]


def _curves_of(
    counts: pd.DataFrame, groups: pd.Series | None, n: int
) -> tuple[list[str], NDArray[np.intp]]:
    """The curves that are needed, and which of them each customer has."""
    if groups is None:
        return [ALL], np.zeros(n, dtype=np.intp)
    named = group_names(groups)
    sizes = counts.groupby("group", observed=True)["customers"].sum()
    large = {str(name) for name, size in sizes.items() if size >= MIN_GROUP}
    options = [str(name) if str(name) in large else ALL for name in named.categories]
    used = sorted({options[code] for code in np.unique(named.codes)})
    of_option = np.array([used.index(one) if one in used else -1 for one in options])
    return used, of_option[named.codes]


def _figures(
    curve: _Curve, t: FloatArray, w: float, h: float, *, level: float
) -> dict[str, FloatArray]:
    discount = curve.discount
    months, error, beyond = _expected(curve, t, w)
    after, after_error, _ = _expected(curve, t + h, w - h)
    low, high = logit_limits(months, error, _discounted(0.0, w, discount), level)
    v = np.exp(-discount * h)
    cap = v * _discounted(0.0, w - h, discount)
    saved_low, saved_high = logit_limits(v * after, v * after_error, cap, level)
    return {
        "months": months,
        "months_low": low,
        "months_high": high,
        "saved_months": v * after,
        "saved_low": saved_low,
        "saved_high": saved_high,
        "beyond_rate": beyond / months,
    }


def _curve(table: RiskTable, discount: float) -> _Curve:
    # Where fewer than 10 were at risk and all left (early tenures, entered late) there is no rate:
    # the step is left out, as a curve of 0 could not say what comes after it.
    gone = table.left >= table.at_risk
    kept = ~gone | (table.at_risk >= MIN_GROUP)
    end = float(table.months[gone & kept].min(initial=np.inf))
    inside = kept & (table.months <= table.reach) & (table.months < end)
    times, n, left = table.months[inside], table.at_risk[inside], table.left[inside]
    if not len(times):
        nothing = np.array([])
        return _Curve(nothing, nothing, nothing, nothing, 0.0, discount, np.nan, 0, 1.0)
    reach = float(times[-1])
    log_s = np.cumsum(np.log(1 - left / n))
    before = np.exp(np.r_[0.0, log_s[:-1]])
    area = np.cumsum(before * _discounted(np.r_[0.0, times[:-1]], times, discount))
    span = min(CARRIED_MONTHS, reach)
    since = int(np.searchsorted(times, reach - span, "right"))
    earlier = float(log_s[since - 1]) if since else 0.0
    rate = (earlier - float(log_s[-1])) / span
    a = greenwood(RiskTable(times, n, left))
    return _Curve(times, log_s, area, a, reach, discount, rate, since, span)


def _expected(curve: _Curve, t: FloatArray, w: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Months, their standard error and those of them beyond the reach, for each tenure t.

    The steps l_i = log(1 - d_i / n_i) of log S are independent with variances a_i. A step after t
    moves all that follows it, by what remains after t_i; one of the last 12 months before the reach
    lowers the rate carried on too, and with it the months past the reach: by B / 12, B the integral
    of x S(x) over the months x past the reach.
    """
    reach, end = curve.reach, t + w
    inner = np.minimum(t, reach)
    log_t, area_t, first = curve.at(inner)
    _, area_end, last = curve.at(np.minimum(end, reach))
    # All is relative to S(t) v^t; past the reach S(t) is carried on as well.
    log_reach = float(curve.log_survival[-1]) if len(curve.times) else 0.0
    base = np.exp(log_t - curve.discount * inner)
    start = np.maximum(t, reach)
    length = np.maximum(end - start, 0)
    factor = np.where(t > reach, 1.0, np.exp(log_reach - curve.discount * reach) / base)
    zeroth, moment = _exponential(curve.rate + curve.discount, length)
    beyond = factor * zeroth
    months = np.where(t > reach, 0.0, (area_end - area_t) / base) + beyond
    pulled = factor * moment / curve.span
    until = np.where(t > reach, 0.0, area_end / base) + beyond
    sums = [np.r_[0.0, np.cumsum(curve.a * curve.area**power)] for power in (0, 1, 2)]
    parts = [np.where(t > reach, 0.0, one[last] - one[first]) for one in sums]
    own = until**2 * parts[0] - 2 * until * parts[1] / base + parts[2] / base**2
    late = np.maximum(first, curve.since)
    both = [np.where((t > reach) | (late >= last), 0.0, one[last] - one[late]) for one in sums]
    cross = until * both[0] - both[1] / base
    tail = sums[0][-1] - sums[0][curve.since]
    variance = own + 2 * pulled * cross + pulled**2 * tail
    return months, np.sqrt(np.maximum(variance, 0)), beyond


def _discounted(start: float | FloatArray, end: float | FloatArray, discount: float) -> FloatArray:
    """Integral of exp(-discount u) over u from start to end."""
    if discount == 0:
        return np.asarray(end - start, dtype=float)
    return np.asarray((np.exp(-discount * start) - np.exp(-discount * end)) / discount)


def _exponential(rate: float, length: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Integrals of exp(-rate x) and x exp(-rate x) over x from 0 to length."""
    x = rate * length
    if rate * float(length.max(initial=0)) < 1e-6:
        return length * (1 - x / 2), length**2 / 2 * (1 - 2 * x / 3)
    return -np.expm1(-x) / rate, (-np.expm1(-x) - x * np.exp(-x)) / rate**2


def _sentence(reaches: list[float], months: pd.DataFrame) -> str:
    reach = min(reaches)
    share = float(months["beyond_rate"].mean())
    return (
        f"Tenures up to {reach:,.0f} months were watched in 10 customers or more"
        + (" of every group" if len(reaches) > 1 else "")
        + f"; beyond, customers are taken to leave at the average rate of the last "
        f"{CARRIED_MONTHS:.0f} months before. On average {share:.0%} of the expected months rest "
        "on that."
    )
