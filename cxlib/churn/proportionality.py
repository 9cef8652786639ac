"""Whether hazard ratios hold at every tenure, and what they are before and after where not."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri

from cxlib.churn.lifetimes import BoolArray
from cxlib.churn.partial_likelihood import AtRisk, PartialLikelihood, maximum_partial_likelihood
from cxlib.inference import correlation_interval, holm

PROPORTIONALITY = ["feature", "chi2", "df", "p", "p_holm", "contrast", "rho", "low", "high"]
PERIODS = ["feature", "contrast", "early", "early_low", "early_high", "late", "late_low"]
PERIODS += ["late_high", "change", "change_low", "change_high", "p", "p_holm"]


def proportionality(
    fit: PartialLikelihood, terms: pd.DataFrame, level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Grambsch & Therneau's test by feature, and of all at once in one row.

    With time g (centred ranks), residuals r, V = covariance, d leavers: u = V sum(g r), and for
    the columns J of a feature u_J' (V_JJ)^-1 u_J d / sum(g^2) is chi-squared with as many degrees
    of freedom as columns (Grambsch & Therneau 1994).
    """
    ranks = pd.Series(fit.event_times).rank()
    time = (ranks - ranks.mean()).to_numpy(dtype=float)
    scaled = fit.residuals @ fit.covariance
    u = time @ scaled
    scale = len(time) / float(time @ time)
    rows = []
    for name in pd.unique(terms["feature"]):
        own = np.flatnonzero(terms["feature"] == name)
        chi2 = float(u[own] @ np.linalg.solve(fit.covariance[np.ix_(own, own)], u[own])) * scale
        strength = np.abs(u[own]) / np.sqrt(np.diag(fit.covariance)[own])
        strongest = own[int(strength.argmax())]
        rho = correlation_interval(time, scaled[:, strongest], level=level)
        row = {"feature": name, "chi2": chi2, "df": len(own), "p": float(chdtrc(len(own), chi2))}
        row |= {"contrast": terms["contrast"].iloc[strongest]}
        rows.append(row | {"rho": rho.value, "low": rho.low, "high": rho.high})
    table = pd.DataFrame(rows)
    table = table.assign(p_holm=holm(table["p"]))[PROPORTIONALITY]
    total = float(u @ np.linalg.solve(fit.covariance, u)) * scale
    everything = {"feature": "(all)", "chi2": total, "df": len(u), "p": chdtrc(len(u), total)}
    return table, pd.DataFrame([everything])


def ratios_by_period(
    data: AtRisk, failing: Sequence[str], cut: float, level: float
) -> tuple[pd.DataFrame, list[str]]:
    """Ratios before and after the cut of the failing features, and those that can have none."""
    late = data.duration > cut
    left_early = data.left & ~late
    unfit = [one for one in failing if not _told_in_both(data, one, left_early, late)]
    names = [one for one in failing if one not in unfit]
    changing = np.flatnonzero(data.terms["feature"].isin(names))
    steady = np.setdiff1d(np.arange(len(data.terms)), changing)
    early = data.entry < cut
    if not len(changing):
        return pd.DataFrame(columns=PERIODS), unfit
    try:
        fit = _fit_of_both(data, early, late, cut, (steady, changing))
    except ValueError:
        return pd.DataFrame(columns=PERIODS), list(failing)
    first = len(steady) + np.arange(len(changing))
    second = first + len(changing)
    V, step = fit.covariance, data.step[changing]
    table = data.terms.iloc[changing][["feature", "contrast"]].reset_index(drop=True)
    change = fit.params[second] - fit.params[first]
    change_error = np.sqrt(V[first, first] + V[second, second] - 2 * V[first, second])
    p = 2 * ndtr(-np.abs(change / change_error))
    figures = {
        "early": (fit.params[first], np.sqrt(V[first, first])),
        "late": (fit.params[second], np.sqrt(V[second, second])),
        "change": (change, change_error),
    }
    z = float(ndtri(0.5 + level / 2))
    for name, (b, error) in figures.items():
        for ending, side in (("", 0), ("_low", -1), ("_high", 1)):
            table[f"{name}{ending}"] = np.exp((b + side * z * error) * step)
    return table.assign(p=p, p_holm=holm(p))[PERIODS], unfit


def _fit_of_both(
    data: AtRisk,
    early: BoolArray,
    late: BoolArray,
    cut: float,
    columns: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> PartialLikelihood:
    """Each customer once before the cut and once after it, the changing columns apart in both."""
    steady, changing = columns
    parts = []
    for rows, period in ((early, 0), (late, 1)):
        moved = data.design[rows][:, changing]
        both = [moved * (period == one) for one in (0, 1)]
        parts.append(np.hstack([data.design[rows][:, steady], *both]))
    return maximum_partial_likelihood(
        np.r_[data.entry[early], np.maximum(data.entry, cut)[late]],
        np.r_[np.minimum(data.duration, cut)[early], data.duration[late]],
        np.r_[(data.left & ~late)[early], data.left[late]],
        np.vstack(parts),
    )


def _told_in_both(data: AtRisk, feature: str, left_early: BoolArray, late: BoolArray) -> bool:
    """Whether in both periods some of each level left: else a ratio would be 0 or infinite."""
    for column in np.flatnonzero(data.terms["feature"] == feature):
        values = data.design[:, column]
        low, high = values.min(), values.max()
        if ((values > low) & (values < high)).any():
            continue
        for left in (left_early, data.left & late):
            if len(np.unique(values[left])) < 2:
                return False
    return True


def proportionality_sentence(
    periods: pd.DataFrame,
    failing: Sequence[str],
    unfit: Sequence[str],
    cut: float,
    *,
    p_together: float,
    level: float,
) -> str:
    """What the test and the ratios by period come to."""
    if not failing and p_together >= 1 - level:
        return "No ratio was found to change with tenure: one figure serves new and old customers."
    if not failing:
        return (
            "No single ratio was found to change with tenure, but all together they do (p = "
            f"{p_together:.2g}): read them as averages over the tenures at which customers left."
        )
    text = f"Ratios that change with tenure: {', '.join(failing)}."
    if len(periods):
        most = periods.loc[np.log(periods["change"]).abs().idxmax()]
        text += (
            f" Most of all {most['feature']} ({most['contrast']}): {most['early']:.2f} times up to "
            f"month {cut:.0f}, {most['late']:.2f} times after it. Read these features by period, "
            "not by their one ratio."
        )
    if unfit:
        text += (
            f" Of {', '.join(unfit)} no ratio by period can be had, as next to nobody of a level "
            "left in one of them: read the curves by group."
        )
    return text
