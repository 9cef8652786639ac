"""How far forecasts missed, over all customers and by groups of them, with intervals.

`counts` holds how many customers share each row; forecasts are taken as given.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.grouping import quantile_groups
from cxlib.clv.histories import FloatArray
from cxlib.inference import MIN_GROUP, Estimate, counted_mean_interval, wald_interval

# The best share of the customers by forecast, and the shares between which its edge is looked at.
BEST, EDGE = 0.2, (0.15, 0.25)


def total_error(
    forecast: FloatArray, actual: FloatArray, counts: FloatArray, *, level: float
) -> Estimate:
    """100 (sum of forecasts / sum of actuals - 1), per cent.

    The ratio is linearized over customers, R +- z sqrt(n / (n - 1) sum (f - R a)^2) / sum a
    (Cochran 1977, ch. 6). No value where nothing happened.
    """
    n, happened = int(counts.sum()), float(counts @ actual)
    if n < 2 or happened == 0:
        return Estimate(None, None, None, level, n, "nothing happened to compare with")
    ratio = float(counts @ forecast) / happened
    spread = counts @ (forecast - ratio * actual) ** 2 * n / (n - 1)
    method = "error of the total, ratio linearized over customers"
    error = 100 * float(np.sqrt(spread)) / happened
    return wald_interval(100 * (ratio - 1), error, n, level=level, method=method)


def root_mean_square(missed: FloatArray, counts: FloatArray, *, level: float) -> Estimate:
    """Root mean square of forecast - actual, exp(log +- z se) with se by the delta method.

    Without a miss there is no interval.
    """
    n = int(counts.sum())
    root, influence = _root(missed, counts)
    if n < 2 or root == 0:
        reason = "no spread to tell an interval"
        return Estimate(root if n else None, None, None, level, n, reason)
    error = _error(influence, counts)
    method = "root mean square error, delta method on the log scale"
    return wald_interval(root, error, n, level=level, log_scale=True, method=method)


def root_mean_square_difference(
    mine: FloatArray, other: FloatArray, counts: FloatArray, *, level: float
) -> Estimate:
    """Root mean square of the first misses less that of the second, over the same customers.

    +- z se by the delta method, the two influences subtracted customer by customer.
    """
    n = int(counts.sum())
    (first, one), (second, two) = _root(mine, counts), _root(other, counts)
    if n < 2 or first == second == 0:
        reason = "no spread to tell an interval"
        return Estimate(first - second if n else None, None, None, level, n, reason)
    error = _error(one - two, counts)
    method = "difference of root mean square errors, delta method over the same customers"
    return wald_interval(first - second, error, n, level=level, method=method)


def capture(
    forecast: FloatArray, actual: FloatArray, counts: FloatArray, *, level: float
) -> Estimate:
    """Share of the purchases that the best fifth of the customers by forecast made, C +- z se.

    Customers of equal forecast at the edge share evenly in the places left. Linearized over
    customers: with w the part of a customer in the best fifth and a its purchases,
    u = (a (w - C) - e (w - 1/5)) / mean(a), where e is the mean of a around the edge (from the
    best 15 % to the best 25 %), as the sample determines the edge too (quantile shares: Langel &
    Tillé 2011, Journal of Statistical Planning and Inference 141:2976-2985). No value where nothing
    happened, no interval where all forecasts are equal.
    """
    n = int(counts.sum())
    found = _capture(forecast, actual, counts)
    if found is None:
        return Estimate(None, None, None, level, n, "nothing happened to compare with")
    if np.ptp(forecast) == 0:
        return Estimate(found[0], None, None, level, n, "all forecasts are equal")
    method = "share of purchases by the best fifth by forecast, linearized over customers"
    return wald_interval(found[0], _error(found[1], counts), n, level=level, method=method)


def capture_difference(
    mine: FloatArray, other: FloatArray, actual: FloatArray, counts: FloatArray, *, level: float
) -> Estimate:
    """`capture` of the first forecast less that of the second, over the same customers.

    +- z se, the two influences subtracted customer by customer.
    """
    n = int(counts.sum())
    first, second = (_capture(one, actual, counts) for one in (mine, other))
    if first is None or second is None:
        return Estimate(None, None, None, level, n, "nothing happened to compare with")
    error = _error(first[1] - second[1], counts)
    method = "difference of the shares captured, linearized over the same customers"
    return wald_interval(first[0] - second[0], error, n, level=level, method=method)


def _capture(
    forecast: FloatArray, actual: FloatArray, counts: FloatArray
) -> tuple[float, FloatArray] | None:
    """C and u (see capture)."""
    n, happened = counts.sum(), float(counts @ actual)
    if n < 2 or happened == 0:
        return None
    inside = _best(forecast, counts, BEST)
    captured = float(counts @ (inside * actual)) / happened
    few, many = (_best(forecast, counts, share) for share in EDGE)
    around = counts * (many - few)
    at_edge = around @ actual / around.sum()
    influence = actual * (inside - captured) - at_edge * (inside - BEST)
    return captured, influence * n / happened


def _best(forecast: FloatArray, counts: FloatArray, share: float) -> FloatArray:
    """The part of each row, 0 to 1, among the best `share` of the customers by forecast."""
    distinct, place = np.unique(-forecast, return_inverse=True)
    weight = np.bincount(place, weights=counts, minlength=len(distinct))
    before = np.cumsum(weight) - weight
    return np.clip((share * counts.sum() - before) / weight, 0, 1)[place]


def _error(influence: FloatArray, counts: FloatArray) -> float:
    n = counts.sum()
    return float(np.sqrt(counts @ influence**2 / n / (n - 1)))


def _root(missed: FloatArray, counts: FloatArray) -> tuple[float, FloatArray]:
    """The root mean square and each row's influence on it, (m^2 / root - root) / 2."""
    root = float(np.sqrt(counts @ missed**2 / max(counts.sum(), 1)))
    return root, (missed**2 / root - root) / 2 if root > 0 else np.zeros_like(missed)


def group_means(
    group: NDArray[Any],
    forecast: FloatArray,
    actual: FloatArray,
    counts: FloatArray,
    level: float,
) -> pd.DataFrame:
    """By group: customers, mean forecast, mean actual with Student's t interval (low, high).

    Purchases are not below 0, and so is no interval. A group of fewer than MIN_GROUP customers has
    no figure, one where all did the same no interval, and a `note` that says so.
    """
    columns = ["customers", "forecast", "actual", "low", "high", "note"]
    place, labels = pd.factorize(group, sort=True)
    rows = []
    for number in range(len(labels)):
        inside = place == number
        mean = counted_mean_interval(actual[inside], counts[inside], level=level)
        figures = [np.average(forecast[inside], weights=counts[inside])]
        low = mean.low if mean.low is None else max(mean.low, 0.0)
        figures += [mean.value, low, mean.high]
        known = mean.n >= MIN_GROUP
        note = mean.method if mean.low is None else ""
        note = note if known else f"fewer than {MIN_GROUP} customers"
        rows.append((mean.n, *(figures if known else 4 * [np.nan]), note))
    table = pd.DataFrame(rows, columns=columns, index=pd.Index(labels))
    return table.astype(dict.fromkeys(columns[1:-1], float))


def forecast_groups(forecast: FloatArray, counts: FloatArray) -> NDArray[np.int64]:
    """1 to 10, the tenth of the customers by forecast that a row falls in, lowest first.

    Equal forecasts stay together, where their middle customer falls. Fewer than 200 customers make
    fewer groups, of 20 or so.
    """
    groups = int(np.clip(counts.sum() // (2 * MIN_GROUP), 1, 10))
    return quantile_groups(forecast, counts, groups)
