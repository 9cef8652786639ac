"""Whether groups of customers leave at different rates, at the same tenure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtri

from cxlib.churn.lifetimes import FloatArray, Lifetimes, shown_groups
from cxlib.churn.survival import risk_table
from cxlib.inference import holm, require_level, smaller_groups


@dataclass(frozen=True)
class GroupComparison:
    """Do groups of an attribute leave at different rates, at the same tenure?

    `tests`: attribute, groups, n, left, chi2, df, p, p_holm (over the attributes), and the effect
    size: the group that differs most from the others, with its risk_ratio, low and high.
    `groups`: attribute, group, n, left, expected, risk_ratio, low, high.
    """

    tests: pd.DataFrame
    groups: pd.DataFrame
    reason: str


def compare_groups(
    lifetimes: Lifetimes, X: pd.DataFrame, *, level: float = 0.95
) -> GroupComparison:
    """For each column of X: do its groups leave at different rates at the same tenure?

    Log-rank test (Mantel 1966; Peto & Peto 1972) with the hypergeometric covariance, Holm's
    correction over the columns. Effect size: the Mantel-Haenszel ratio of the risk of leaving, of a
    group against all other customers at the same tenure, sum(d1 n0 / n) / sum(d0 n1 / n), with
    Greenland & Robins's (1985) variance of its log. For exact dates it is a hazard ratio. Its
    intervals hold together for all groups of an attribute (Bonferroni), as the group that differs
    most is looked for among them. Groups below 10 customers are left out of figures and tests.
    """
    require_level(level)
    tests, groups = [], []
    for name in X if not lifetimes.reason else ():
        counts = lifetimes.counts(X[name])
        shown, hidden = shown_groups(counts)
        if len(shown) < 2:
            continue
        test, ratios = _log_rank(counts[counts["group"].isin(shown)], shown, level)
        tests.append({"attribute": name, "groups": len(shown), **test})
        groups.append(ratios.assign(attribute=str(name)))
        if hidden:
            rest = {"attribute": [name], "group": [smaller_groups(len(hidden))]}
            groups.append(pd.DataFrame(rest))
    columns = ["attribute", "groups", "n", "left", "chi2", "df", "p", "p_holm"]
    columns += ["differs_most", "risk_ratio", "low", "high"]
    table = pd.DataFrame(tests).reindex(columns=columns)
    table["p_holm"] = holm(table["p"])
    names = ["attribute", "group", "n", "left", "expected", "risk_ratio", "low", "high"]
    each = pd.concat(groups, ignore_index=True) if groups else pd.DataFrame(columns=names)
    reason = lifetimes.reason or ("" if tests else "No attribute has two groups of 10 customers.")
    return GroupComparison(table, each[names], reason)


def _log_rank(
    counts: pd.DataFrame, shown: list[str], level: float
) -> tuple[dict[str, object], pd.DataFrame]:
    pooled = risk_table(counts)
    event = pooled.left > 0
    d, n = pooled.left[event], pooled.at_risk[event]
    at_risk, left = np.zeros((2, len(shown), len(d)))
    for row, name in enumerate(shown):
        own = counts[counts["group"] == name]
        table = risk_table(own)
        # A group's at-risk set between its own times is that of all who came less all who went.
        weight = own["customers"].to_numpy(dtype=float)
        came, gone = (
            _counted_before(own[column].to_numpy(), weight, pooled.months[event])
            for column in ("entry", "duration")
        )
        at_risk[row] = came - gone
        place = np.searchsorted(pooled.months[event], table.months[table.left > 0])
        left[row, place] = table.left[table.left > 0]
    expected = at_risk * d / n
    gap = (left - expected).sum(axis=1)
    scale = np.divide(d * (n - d), n**2 * (n - 1), out=np.zeros_like(d), where=n > 1)
    covariance = np.diag(at_risk @ (scale * n)) - (at_risk * scale) @ at_risk.T
    compared = np.diag(covariance) > 0
    df = max(int(compared.sum()) - 1, 0)
    inverse = np.linalg.pinv(covariance[np.ix_(compared, compared)], hermitian=True)
    chi2 = float(gap[compared] @ inverse @ gap[compared])
    ratios = _risk_ratios(at_risk, left, n, d, 1 - (1 - level) / len(shown))
    sizes = counts.groupby("group", observed=True)["customers"].sum()
    each = pd.DataFrame(
        {
            "group": shown,
            "n": sizes.loc[shown].to_numpy(),
            "left": left.sum(axis=1).astype(int),
            "expected": expected.sum(axis=1),
        }
    ).join(ratios)
    test: dict[str, object] = {"n": int(sizes.loc[shown].sum()), "left": int(d.sum())}
    test |= {"chi2": chi2, "df": df}
    test["p"] = float(chdtrc(df, chi2)) if df else np.nan
    distance = np.abs(np.log(ratios["risk_ratio"].where(ratios["low"].notna())))
    if distance.notna().any():
        most = each.loc[distance.idxmax()]
        test |= {"differs_most": most["group"]} | most[["risk_ratio", "low", "high"]].to_dict()
    return test, each


def _counted_before(times: FloatArray, weight: FloatArray, limits: FloatArray) -> FloatArray:
    """How many have their time strictly before each limit."""
    order = np.argsort(times, kind="stable")
    total = np.r_[0.0, np.cumsum(weight[order])]
    return total[np.searchsorted(times[order], limits, "left")]


def _risk_ratios(
    at_risk: FloatArray, left: FloatArray, n: FloatArray, d: FloatArray, level: float
) -> pd.DataFrame:
    """Mantel-Haenszel ratios of each group against the others, strata being times."""
    others, others_left = n - at_risk, d - left
    upper = (left * others / n).sum(axis=1)
    lower = (others_left * at_risk / n).sum(axis=1)
    spread = ((at_risk * others * d - left * others_left * n) / n**2).sum(axis=1)
    known = (upper > 0) & (lower > 0)
    ratio = np.divide(upper, lower, out=np.full_like(upper, np.nan), where=known)
    error = np.sqrt(np.divide(spread, upper * lower, out=np.full_like(upper, np.nan), where=known))
    factor = np.exp(float(ndtri(0.5 + level / 2)) * error)
    return pd.DataFrame({"risk_ratio": ratio, "low": ratio / factor, "high": ratio * factor})
