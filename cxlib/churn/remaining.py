"""How many months a customer is likely to stay, from here on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.churn.lifetimes import ALL, FloatArray, Lifetimes, group_names
from cxlib.churn.survival import RiskTable, greenwood, logit_limits, risk_table
from cxlib.inference import MIN_GROUP, ParameterError, require_level

CARRIED_MONTHS = 12.0  # the last so many observed months give the rate that is carried on
NEARLY_SURE = 1 - 1e-12  # a higher risk would have no finite rate
MOST_TIMES = 20.0  # a rate of leaving that many times the usual one says the usual one is not known
BLOCK = 1 << 17  # powers of the curve at once: what fits into the cache of a processor


@dataclass(frozen=True)
class RemainingMonths:
    """Expected months to come of customers who are still there.

    `months`: a row a tenure as given: group, tenure_months, months, months_low, months_high,
    beyond_rate (the share of the months that rests on the rate carried on), n (customers whose
    curve it is). `sentence` says how far the curves reach and what is carried on. `reason`: why
    there are none (`months` then has no values).
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

    def log_at(self, t: FloatArray) -> FloatArray:
        """log S(t) at any t; past the reach at the rate carried on."""
        inside, _, _ = self.at(np.minimum(t, self.reach))
        return inside - self.rate * np.maximum(t - self.reach, 0)


def remaining_months(
    lifetimes: Lifetimes,
    tenure_months: ArrayLike,
    groups: pd.Series | None = None,
    *,
    within_months: float,
    monthly_discount_rate: float = 0.0,
    level: float = 0.95,
) -> RemainingMonths:
    """Expected months that a customer stays within the next `within_months`, given the tenure.

    With the Kaplan-Meier curve S (of the customer's group, if `groups` gives a value a customer, in
    the order of `lifetimes` and of `tenure_months`), w months ahead and v = 1 / (1 + monthly
    rate): months(t) = integral over u from t to t + w of v^(u - t) S(u) / S(t), the restricted mean
    residual life (Klein & Moeschberger 2003, ch. 4.5).

    Beyond the longest tenure at which 10 customers were watched, customers leave at the average
    rate of the last 12 months before it. Intervals: delta method on the steps of log S (Greenwood)
    with that rate, on the scale logit(months / most possible); none where nobody was seen to
    leave. A group below 10 customers gets the curve of all. Raises ParameterError for months that
    are not above zero, a negative rate, a wrong level.
    """
    require_level(level)
    _require_terms(within_months, monthly_discount_rate)
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
        figures = _figures(curve, t, within_months, level=level)
        n = int(rows["customers"].sum())
        found.append(pd.DataFrame({"group": name, "tenure_months": t, **figures, "n": n}))
        reaches.append(curve.reach)
    months = pd.concat(found).take(of_pair).reset_index(drop=True)
    return RemainingMonths(months[_COLUMNS], _sentence(reaches, months), "")


_COLUMNS = ["group", "tenure_months", "months", "months_low", "months_high", "beyond_rate", "n"]


def kept_months(
    lifetimes: Lifetimes,
    tenure_months: ArrayLike,
    risk: ArrayLike,
    *,
    within_months: float,
    horizon_months: float,
    monthly_discount_rate: float = 0.0,
) -> FloatArray:
    """Months won by keeping a customer who would have left within the coming horizon, one each.

    `risk` p is the customer's own probability of leaving within `horizon_months` h. Its rate of
    leaving is taken as a multiple of that of all customers at the same tenure t, their Kaplan-Meier
    curve S, and to stay that multiple once it was kept: a kept customer is as restless as before.
        HR = log(1 - p) / log(S(t + h) / S(t))
        months won = integral over u from h to w of v^u [S(t + u) / S(t + h)]^HR du
    (proportional hazards, Cox 1972; v = 1 / (1 + monthly rate), w = `within_months`). Where p is
    the curve's own, HR is 1. Beyond the reach of S its rate is carried on as in `remaining_months`.

    Where nobody was seen to leave from t to t + h, where HR is above 20 (so few leave there that
    the ratio rests on chance), and without lifetimes the own rate is constant: (1 - p)^((u - h) /
    h) in place of the power, u - h in whole months begun where all tenures are whole (a month begun
    is stayed, as on the curve). HR needs no lower bound: near 0 all months are won, as for a p of
    0. A p of 1 counts as just below. A missing tenure wins a missing number. Raises ParameterError
    for a risk that is missing or outside 0 to 1, months that are not above zero, a horizon not
    below `within_months`, a negative rate.
    """
    _require_terms(within_months, monthly_discount_rate)
    h, w, discount = horizon_months, within_months, float(np.log1p(monthly_discount_rate))
    if not 0 < h < w:
        raise ParameterError(
            f"within_months: {w:g} must be above the {h:g} months in which leaving is foretold, "
            "and those above 0."
        )
    tenure, p = np.asarray(tenure_months, dtype=float), np.asarray(risk, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ParameterError("risk: each customer needs a probability of leaving, from 0 to 1.")
    own, known = -np.log1p(-np.minimum(p, NEARLY_SURE)), ~np.isnan(tenure)
    whole = bool((tenure[known] == np.floor(tenure[known])).all())
    months = np.where(known, _won_at(own / h, h, w, discount, whole=whole), np.nan)
    if lifetimes.reason or not lifetimes.watched.any():
        return months
    curve = _curve(risk_table(lifetimes.counts()), discount)
    distinct, place = np.unique(tenure, return_inverse=True)
    usual = (curve.log_at(distinct) - curve.log_at(distinct + h))[place]
    measured = np.flatnonzero((usual > 0) & (own <= MOST_TIMES * usual))
    measured = measured[np.argsort(place[measured], kind="stable")]
    found, first = np.unique(place[measured], return_index=True)
    parts = np.split(measured, first[1:]) if len(found) else []
    for t, rows in zip(distinct[found], parts, strict=True):
        months[rows] = _won(curve, float(t), h, w, own[rows] / usual[rows])
    return months


def _require_terms(within_months: float, discount_rate: float) -> None:
    if not 0 < within_months < np.inf:
        raise ParameterError(f"within_months: {within_months:g} is no number of months above 0.")
    if not discount_rate >= 0:
        raise ParameterError(f"monthly_discount_rate: {discount_rate:g} is below 0.")


def _won_at(rate: FloatArray, h: float, w: float, discount: float, *, whole: bool) -> FloatArray:
    """Months won at a constant rate of leaving, at the ends of months if these are `whole`."""
    if not whole:
        return np.exp(-discount * h) * _decayed(rate + discount, w - h)
    months = np.zeros_like(rate)
    for month in range(int(np.ceil(w - h))):
        months += np.exp(-rate * month) * _discounted(h + month, min(h + month + 1, w), discount)
    return months


def _won(curve: _Curve, t: float, h: float, w: float, ratio: FloatArray) -> FloatArray:
    """Months won of customers of one tenure: the steps up to the reach, and what is beyond."""
    start, end, discount = t + h, t + w, curve.discount
    beyond = max(start, curve.reach)
    first = int(np.searchsorted(curve.times, start, "right"))
    last = max(int(np.searchsorted(curve.times, min(end, curve.reach))), first)
    times = np.r_[start, curve.times[first:last], beyond]
    logs = curve.log_at(times) - curve.log_at(times[:1])
    edges = np.r_[times[:-1], min(end, beyond)] - t
    steps, widths = logs[:-1], _discounted(edges[:-1], edges[1:], discount)
    months = np.exp(ratio * logs[-1] - discount * (beyond - t))
    months *= _decayed(ratio * curve.rate + discount, max(end - beyond, 0.0))
    size = max(BLOCK // len(steps), 1)
    for one in range(0, len(ratio), size):
        block = slice(one, one + size)
        months[block] += np.exp(np.multiply.outer(ratio[block], steps)) @ widths
    return months


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


def _figures(curve: _Curve, t: FloatArray, w: float, *, level: float) -> dict[str, FloatArray]:
    months, error, beyond = _expected(curve, t, w)
    low, high = logit_limits(months, error, _discounted(0.0, w, curve.discount), level)
    return {
        "months": months,
        "months_low": low,
        "months_high": high,
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
        return _no_curve(discount)
    reach = float(times[-1])
    log_s = np.cumsum(np.log(1 - left / n))
    before = np.exp(np.r_[0.0, log_s[:-1]])
    area = np.cumsum(before * _discounted(np.r_[0.0, times[:-1]], times, discount))
    span = min(CARRIED_MONTHS, reach)
    since = int(np.searchsorted(times, reach - span, "right"))
    earlier = float(log_s[since - 1]) if since else 0.0
    rate = (earlier - float(log_s[-1])) / span
    a = greenwood(n, left)
    return _Curve(times, log_s, area, a, reach, discount, rate, since, span)


def _no_curve(discount: float) -> _Curve:
    nothing = np.array([])
    return _Curve(nothing, nothing, nothing, nothing, 0.0, discount, np.nan, 0, 1.0)


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


def _decayed(rate: FloatArray, length: float) -> FloatArray:
    """Integral of exp(-rate x) over x from 0 to length."""
    x = rate * length
    small = x < 1e-6
    return np.where(small, length * (1 - x / 2), -np.expm1(-x) / np.where(small, 1.0, rate))


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
