"""What contacting the riskiest finds: deciles, lift, share of the leavers reached."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from cxlib.inference import Estimate, proportion_interval, wald_interval

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def risk_decile(risk: ArrayLike) -> NDArray[np.int64]:
    """1 for the riskiest tenth to 10; customers of equal risk share a decile, by midrank."""
    p = np.asarray(risk, dtype=float)
    return (1 + np.floor(10 * (rankdata(-p) - 0.5) / len(p))).astype(np.int64)


def deciles(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """Calibration and lift by decile of risk, 1 the riskiest.

    Columns: customers, churned, predicted (mean risk), observed (churn rate) with Wilson's low and
    high, lift = observed / overall rate with lift_low and lift_high. The lift's interval is that of
    the decile's share among all leavers (Wilson), divided by its share of customers. Equal risks
    are never parted, so deciles can differ in size and one can be empty and absent.
    """
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    rows, start = {}, 0
    for decile, part in pd.Series(range(len(y))).groupby(risk_decile(p)):
        index = part.to_numpy()
        left, size = int(y[index].sum()), len(index)
        row: dict[str, float | None] = {"customers": size, "churned": left}
        row["predicted"] = float(p[index].mean())
        row |= with_bounds("observed", "", proportion_interval(left, size, level=level))
        captured = _captured(y, p, start, start + size, level)
        rows[decile] = row | _lift(captured, size / len(y))
        start += size
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("decile")


def targeting(
    churned: ArrayLike, risk: ArrayLike, shares: Sequence[float], *, level: float = 0.95
) -> pd.DataFrame:
    """What contacting the riskiest `shares` (rates) of the customers finds.

    Columns: customers contacted, churned (leavers among them), precision with precision_low and
    _high (Wilson), captured (their share of all leavers) with its interval, and lift = captured /
    share contacted with its interval. The intervals of captured and lift hold for a fixed depth:
    who is above the cut varies with the sample (Davidson & Duclos 1997). Customers as risky as
    the last one contacted are contacted too, so the share in the index is the least contacted.
    """
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    descending = np.sort(p)[::-1]
    rows = {}
    for share in shares:
        if not 0 < share <= 1:
            raise ValueError(f"A share to contact lies between 0 and 1, not {share}.")
        # The rounding keeps .1 of 70 customers at 7 where floating point makes it 7.000000001.
        contacted = p >= descending[int(np.ceil(round(share * len(p), 6))) - 1]
        left, size = int(y[contacted].sum()), int(contacted.sum())
        captured = _captured(y, p, 0, size, level)
        row: dict[str, float | None] = {"customers": size, "churned": left}
        row |= with_bounds("precision", "precision_", proportion_interval(left, size, level=level))
        row |= with_bounds("captured", "captured_", captured)
        rows[share] = row | _lift(captured, size / len(y))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("share")


def with_bounds(name: str, prefix: str, one: Estimate) -> dict[str, float | None]:
    return {name: one.value, f"{prefix}low": one.low, f"{prefix}high": one.high}


def _captured(y: BoolArray, p: FloatArray, start: int, stop: int, level: float) -> Estimate:
    """Share c of the leavers who rank after `start` to `stop` by risk, at this fixed depth.

    Influence-function interval of a concentration curve (Davidson & Duclos 1997), cut to what a
    perfect ranking reaches. With none or all captured it has no width: then Wilson's.
    """
    leavers, n = int(y.sum()), len(y)
    ranked = np.argsort(-p, kind="stable")
    found = int(y[ranked[start:stop]].sum())
    if stop - start < n and found in (0, leavers):
        return proportion_interval(found, leavers, level=level)
    influence = _depth_influence(y, p, stop) - _depth_influence(y, p, start)
    error = float(influence.std(ddof=1) / np.sqrt(n))
    method = "share of leavers captured at a fixed depth, influence-function interval"
    wald = wald_interval(found / leavers, error, n, level=level, method=method)
    low, high = np.clip([wald.low, wald.high], 0, min(1, (stop - start) / leavers))
    return Estimate(wald.value, float(low), float(high), level, n, method)


def _depth_influence(y: BoolArray, p: FloatArray, contacted: int) -> FloatArray:
    """Influence of each customer on the share c of leavers among the `contacted` riskiest.

    (Y (I - c) - r (I - s)) / rate: I is contacted, s the share contacted, and r the churn rate at
    the cut, from the 2 sqrt(n) customers around it, accounts for the cut moving with the sample.
    """
    n = len(y)
    ranked, root = np.argsort(-p, kind="stable"), int(np.ceil(np.sqrt(n)))
    inside = np.zeros(n)
    inside[ranked[:contacted]] = 1
    # Customers of equal risk share their rate, so that their order in the table does not matter.
    rates = pd.Series(y.astype(float)).groupby(p).transform("mean").to_numpy()
    at_cut = rates[ranked[max(contacted - root, 0) : contacted + root]].mean()
    captured = inside[y].mean()
    centred = at_cut * (inside - contacted / n)
    return np.asarray((y * (inside - captured) - centred) / y.mean())


def _lift(captured: Estimate, share: float) -> dict[str, float | None]:
    bounds = with_bounds("lift", "lift_", captured)
    return {name: np.nan if bound is None else bound / share for name, bound in bounds.items()}


def risk_table(customer_id: ArrayLike, churned: ArrayLike, risk: ArrayLike) -> pd.DataFrame:
    """customer_id, churned, churn_probability, decile (of all customers); the riskiest first."""
    table = pd.DataFrame({"customer_id": np.asarray(customer_id), "churned": np.asarray(churned)})
    table = table.assign(churn_probability=np.asarray(risk, dtype=float), decile=risk_decile(risk))
    order = ["churn_probability", "customer_id"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)
