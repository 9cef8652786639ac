"""What contacting the riskiest finds: deciles, lift, share of the leavers reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from cxlib.inference import Estimate, ParameterError, proportion_interval, wilson_limits

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Cut(NamedTuple):
    """Where a ranking by risk is cut, and what lies about the cut.

    `customers` and `churned` count those above it; `risk` is the least of theirs. `rate` is the
    churn rate of the 2 sqrt(n) customers about the cut, whose risks go from `lowest` to `highest`.
    The cut `moves` with the sample unless more customers than these share one risk at it.
    """

    customers: int
    churned: int
    risk: float
    rate: float
    lowest: float
    highest: float
    moves: bool


@dataclass(frozen=True)
class Ranking:
    """Distinct risks, the highest first, with the customers and leavers at or above each."""

    risk: FloatArray
    customers: IntArray
    churned: IntArray

    def cut(self, step: int) -> Cut:
        """The cut below distinct risk number `step`; -1 cuts above all."""
        customers = np.concatenate([[0], self.customers])
        churned = np.concatenate([[0], self.churned])
        n, above = int(customers[-1]), int(customers[step + 1])
        root = int(np.ceil(np.sqrt(n)))
        first = int(np.searchsorted(self.customers, max(above - root, 0), side="right"))
        last = int(np.searchsorted(self.customers, min(above + root, n)))
        rate = (churned[last + 1] - churned[first]) / (customers[last + 1] - customers[first])
        about = np.diff(customers[max(step, 0) : step + 3])
        return Cut(
            above,
            int(churned[step + 1]),
            float(self.risk[max(step, 0)]),
            float(rate),
            float(self.risk[last]),
            float(self.risk[first]),
            bool(about.max() <= 2 * root),
        )

    def top(self, share: float) -> Cut:
        """The cut below the riskiest `share`, and below all as risky as the last of these."""
        if not 0 < share <= 1:
            raise ParameterError(f"A share to contact lies between 0 and 1, not {share}.")
        # The rounding keeps .1 of 70 customers at 7 where floating point makes it 7.000000001.
        least = np.ceil(round(share * int(self.customers[-1]), 6))
        return self.cut(int(np.searchsorted(self.customers, least)))


def ranking(churned: ArrayLike, risk: ArrayLike) -> Ranking:
    """The ranking of customers by risk; the order of those of equal risk does not enter."""
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    order = np.argsort(-p)
    p, left = p[order], np.cumsum(y[order])
    ends = np.flatnonzero(np.append(np.diff(p) != 0, True))
    return Ranking(p[ends], ends + 1, left[ends].astype(np.int64))


def risk_decile(risk: ArrayLike) -> IntArray:
    """1 for the riskiest tenth to 10; customers of equal risk share a decile, by midrank."""
    p = np.asarray(risk, dtype=float)
    return (1 + np.floor(10 * (rankdata(-p) - 0.5) / len(p))).astype(np.int64)


def deciles(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """Calibration and lift by decile of risk, 1 the riskiest.

    Columns: customers, churned, predicted (mean risk), observed (churn rate) with low and high,
    lift = observed / overall rate with lift_low and lift_high. The interval of observed (Wilson) is
    for these customers, to be held against their mean risk; that of the lift is for the tenth, as
    in `targeting`, whose cuts vary with the sample. Equal risks are never parted, so deciles can
    differ in size and one can be empty and absent.
    """
    ranked = ranking(churned, risk)
    sizes = np.diff(ranked.customers, prepend=0)
    middle = ranked.customers - sizes / 2
    decile = (1 + np.floor(10 * middle / ranked.customers[-1])).astype(np.int64)
    expected = np.bincount(decile, weights=sizes * ranked.risk)
    rows, start = {}, ranked.cut(-1)
    for step in np.flatnonzero(np.diff(decile, append=11)):
        stop, last = ranked.cut(int(step)), int(decile[step])
        size, left = stop.customers - start.customers, stop.churned - start.churned
        row: dict[str, float] = {"customers": size, "churned": left}
        row["predicted"] = float(expected[last] / size)
        row |= with_bounds("observed", "", proportion_interval(left, size, level=level))
        lift = _between(ranked, start, stop, level)["lift"]
        rows[last] = row | with_bounds("lift", "lift_", lift)
        start = stop
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="decile"))


def targeting(
    churned: ArrayLike, risk: ArrayLike, shares: Sequence[float], *, level: float = 0.95
) -> pd.DataFrame:
    """What contacting the riskiest `shares` (rates) of the customers finds.

    Columns, each measure with its _low and _high: customers contacted, churned (leavers among
    them), precision = churned / customers, captured (gain: their share of all leavers) and
    lift = captured / share contacted. Customers as risky as the last one contacted are contacted
    too, so the share in the index is the least contacted and the order of the rows does not matter.

    Intervals are for the share contacted: who is above the cut varies with the sample (Davidson &
    Duclos 1997). Where more than 2 sqrt(n) customers share the risk at the cut, it does not vary
    and the intervals are for that risk. They are Wilson's (1927) with the effective number of
    customers, p (1 - p) / variance (Korn & Graubard 1998), from each customer's influence; captured
    and lift end at what a perfect ranking could reach. With nobody who left, captured and lift are
    missing. Raises ParameterError for a share that is not above 0 and at most 1.
    """
    ranked = ranking(churned, risk)
    rows = {}
    for share in shares:
        cut = ranked.top(share)
        row: dict[str, float] = {"customers": cut.customers, "churned": cut.churned}
        for name, one in _between(ranked, ranked.cut(-1), cut, level).items():
            row |= with_bounds(name, f"{name}_", one)
        rows[share] = row
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="share"))


def with_bounds(name: str, prefix: str, one: Estimate) -> dict[str, float]:
    """The columns of an estimate; what it lacks is not a number."""
    ends = (name, one.value), (f"{prefix}low", one.low), (f"{prefix}high", one.high)
    return {column: np.nan if end is None else end for column, end in ends}


def effective_interval(
    found: int, n: int, variance: float, *, level: float, method: str
) -> Estimate:
    """The share found / n = p with Wilson's interval for the effective n, p (1 - p) / variance.

    Where none or all are found, n is that of the share; what does not vary has no width.
    """
    if n == 0 or found in (0, n):
        return proportion_interval(found, n, level=level)
    share = found / n
    if variance <= 0:
        return Estimate(share, share, share, level, n, method)
    low, high = wilson_limits(share, share * (1 - share) / variance, level=level)
    return Estimate(share, low, high, level, n, method)


def _between(ranked: Ranking, start: Cut, stop: Cut, level: float) -> dict[str, Estimate]:
    """Precision, captured share of all leavers and lift of those between two cuts.

    With Y leaving, I1, I2 being above start and stop, I = I2 - I1, r the churn rate at a cut that
    moves (else 0), f 1 at a cut that does not (else 0), p precision, c captured, s the share of
    customers and q the churn rate, the influences are, less their means,
    of p (Y I - D - p F) / s, of c (Y (I - c) - D) / q, of c / s (Y (I - c) - D - p F) / (q s),
    where D = r2 I2 - r1 I1 and F = f2 I2 - f1 I1.
    """
    n, leavers = int(ranked.customers[-1]), int(ranked.churned[-1])
    size, found = stop.customers - start.customers, stop.churned - start.churned
    # Columns: above both cuts, between them, below both; rows: stayers, leavers.
    everyone = np.array([start.customers, size, n - stop.customers])
    left = np.array([start.churned, found, leavers - stop.churned])
    counts, y = np.stack([everyone - left, left]), np.array([[0.0], [1.0]])
    inside, above_stop, above_start = np.array([[0, 1, 0], [1, 1, 0], [1, 0, 0]])
    moving = stop.moves * stop.rate * above_stop - start.moves * start.rate * above_start
    precision, captured = found / size, found / max(leavers, 1)
    still = precision * ((not stop.moves) * above_stop - (not start.moves) * above_start)

    def variance(influence: FloatArray) -> float:
        """Of the mean of n influences."""
        mean = np.sum(counts * influence) / n
        return float(np.sum(counts * (influence - mean) ** 2) / (n - 1) / n)

    of_precision = variance((y * inside - moving - still) / (size / n))
    of_captured = variance((y * (inside - captured) - moving) / (max(leavers, 1) / n))
    of_lift = variance((y * (inside - captured) - moving - still) / (max(leavers, 1) / n))
    how = "Wilson interval with the effective n of a share of the ranking"
    gain, lift = (
        _possible(effective_interval(found, leavers, one, level=level, method=how), size, n)
        for one in (of_captured, of_lift)
    )
    value, low, high = (
        None if one is None else one * n / size for one in (lift.value, lift.low, lift.high)
    )
    return {
        "precision": effective_interval(found, size, of_precision, level=level, method=how),
        "captured": gain,
        "lift": Estimate(value, low, high, level, n, how),
    }


def _possible(captured: Estimate, size: int, n: int) -> Estimate:
    """A share of the leavers, its interval not beyond what a perfect ranking of `size` reaches.

    That is size / leavers; the churn rate's lower limit (Wilson) says how few leavers there may be.
    """
    low, high, leavers = captured.low, captured.high, captured.n
    if low is None or high is None:
        return captured
    if size == n:
        return replace(captured, low=1.0, high=1.0, method="all of them, by definition")
    fewest = wilson_limits(leavers / n, n, level=captured.level)[0]
    return replace(captured, high=min(high, size / n / fewest))


def risk_table(customer_id: ArrayLike, churned: ArrayLike, risk: ArrayLike) -> pd.DataFrame:
    """customer_id, churned, churn_probability, decile (of all customers); the riskiest first."""
    table = pd.DataFrame({"customer_id": np.asarray(customer_id), "churned": np.asarray(churned)})
    table = table.assign(churn_probability=np.asarray(risk, dtype=float), decile=risk_decile(risk))
    order = ["churn_probability", "customer_id"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)
