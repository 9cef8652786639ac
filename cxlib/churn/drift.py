"""Have the customers changed since an earlier run? Their features and their risks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.churn.features import MISSING
from cxlib.inference import holm, require_level
from cxlib.stability import pooled, stability, verdicts

SCORE = "churn_probability"  # the row of the risks among those of the features
BINS = 10
STRONG = ("moderate", "large")


@dataclass(frozen=True)
class Drift:
    """What has changed against an earlier run.

    `summary`: one row a feature and one for the risks (`churn_probability`), the largest shift
    first: psi, shift with shift_low and shift_high, p, p_holm, n_before, n_now, bins, new_levels,
    vanished_levels (names), verdict. `sentence` says it in words.
    """

    summary: pd.DataFrame
    sentence: str


def reference_shares(X: pd.DataFrame, risk: ArrayLike) -> pd.DataFrame:
    """What a later run is compared with: the share of customers in each bin of each feature.

    Bins of a number are its tenths here, (low, high], fewer where many share a value; of a category
    its levels; missing values are a bin of their own. The risks stand as `churn_probability`.
    Columns: feature, bin, low, high (missing for levels), level ("" for intervals), share, n (rows
    of X). Raises ValueError where a feature has the name of the risks.
    """
    if SCORE in X:
        raise ValueError(f"{SCORE} is the name of the risks: no feature can have it.")
    rows = []
    for name, values in _with_risk(X, risk).items():
        bins = _number_bins(values) if pd.api.types.is_numeric_dtype(values) else _levels(values)
        counts = _counts(values, bins)
        rows.append(bins.assign(feature=str(name), share=counts / len(values), n=len(values)))
    columns = ["feature", "bin", "low", "high", "level", "share", "n"]
    return pd.concat(rows, ignore_index=True)[columns]


def drift(
    reference: pd.DataFrame, X: pd.DataFrame, risk: ArrayLike, *, level: float = 0.95
) -> Drift:
    """Population stability index of each feature and of the risks against an earlier run's shares.

    With p the shares before (n customers) and q those now (m), in B bins of at least five expected
    customers (smaller ones together): psi = sum (q - p) ln(q / p) (Siddiqi 2006); half a customer
    is added to each bin where one is empty. Without any change psi / (1/n + 1/m) is chi-square with
    B - 1 degrees of freedom (Yurdakul & Naranjo 2020), so chance alone makes a psi of
    (B - 1) (1/n + 1/m): `shift` is psi less that, not below 0. Its interval turns the noncentral
    chi-square around, which holds for shifts up to some .5 and is rough beyond. p_holm is corrected
    for all rows (Holm 1979). Both runs are taken as independent samples; where they share
    customers, the test is too careful. Verdict: "no change shown" unless p_holm < 1 - level, then
    "small" (shift below .1), "moderate" (below .25) or "large"; "not compared", with the reason,
    for a feature that only one run has or that changed its kind.

    `reference` comes from `reference_shares`. Raises ParameterError for a level outside 0..1.
    """
    require_level(level)
    now = dict(_with_risk(X, risk).items())
    before = {str(name): bins for name, bins in reference.groupby("feature", sort=False)}
    rows: dict[str, dict[str, object]] = {}
    for name in [*before, *(name for name in now if name not in before)]:
        if name not in now or name not in before:
            which = "the earlier run" if name in before else "this run"
            rows[name] = {"verdict": f"not compared: only in {which}"}
        elif (before[name]["level"] == "").any() != pd.api.types.is_numeric_dtype(now[name]):
            rows[name] = {"verdict": "not compared: a number in one run, a category in the other"}
        else:
            rows[name] = _compared(before[name], now[name], level)
    figures = ["psi", "shift", "shift_low", "shift_high", "p", "n_before", "n_now", "bins"]
    columns = [*figures, "new_levels", "vanished_levels", "verdict"]
    table = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=columns)
    table = table.astype(dict.fromkeys(figures, float)).rename_axis("feature")
    table.insert(5, "p_holm", holm(table["p"]))
    told = verdicts(table["shift"].to_numpy(), (table["p_holm"] < 1 - level).to_numpy())
    table["verdict"] = table["verdict"].where(table["p"].isna(), pd.Series(told, table.index))
    names = ["new_levels", "vanished_levels", "verdict"]
    table[names] = table[names].fillna("")
    summary = table.sort_values("shift", ascending=False, kind="stable")
    return Drift(summary, _sentence(summary))


def _with_risk(X: pd.DataFrame, risk: ArrayLike) -> Mapping[str, pd.Series]:
    score = pd.Series(np.asarray(risk, dtype=float), index=X.index)
    return {str(name): X[name] for name in X} | {SCORE: score}


def _number_bins(values: pd.Series) -> pd.DataFrame:
    """Tenths of a number, and a bin for missing values if there are any."""
    x = values.to_numpy(dtype=float)
    known = x[~np.isnan(x)]
    inner = np.empty(0)
    if len(known):
        tenths = np.arange(1, BINS) / BINS
        inner = np.unique(np.quantile(known, tenths, method="inverted_cdf"))
        inner = inner[inner < known.max()]
    bins = pd.DataFrame({"low": np.r_[-np.inf, inner], "high": np.r_[inner, np.inf], "level": ""})
    if len(known) < len(x):
        bins = pd.concat([bins, _level_bins([MISSING])], ignore_index=True)
    return bins.assign(bin=range(len(bins)))


def _levels(values: pd.Series) -> pd.DataFrame:
    levels = _level_bins(sorted(_level_counts(values).index))
    return levels.assign(bin=range(len(levels)))


def _level_counts(values: pd.Series) -> pd.Series:
    """How many have each level, those without a value as "(missing)"."""
    counts = values.value_counts(dropna=False)
    names = [MISSING if pd.isna(level) else str(level) for level in counts.index]
    counts = counts.set_axis(names)[counts.to_numpy() > 0]
    return counts.groupby(level=0).sum() if counts.index.has_duplicates else counts


def _level_bins(levels: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"low": np.nan, "high": np.nan, "level": levels})


def _counts(values: pd.Series, bins: pd.DataFrame) -> NDArray[np.float64]:
    """How many of the values lie in each bin; those of no bin are not counted."""
    found = np.zeros(len(bins))
    spans = (bins["level"] == "").to_numpy()
    if pd.api.types.is_numeric_dtype(values):
        x = values.to_numpy(dtype=float)
        known = x[~np.isnan(x)]
        place = np.searchsorted(bins["high"].to_numpy()[spans], known, side="left")
        found[spans] = np.bincount(place, minlength=spans.sum())
        found[~spans] = len(x) - len(known)
    else:
        counts = _level_counts(values)
        found[:] = counts.reindex(bins["level"], fill_value=0).to_numpy()
    return found


def _compared(before: pd.DataFrame, values: pd.Series, level: float) -> dict[str, object]:
    n, m = int(before["n"].iloc[0]), len(values)
    numeric = pd.api.types.is_numeric_dtype(values)
    unseen = [MISSING] if numeric and values.isna().any() else []
    if not numeric:
        unseen = sorted(_level_counts(values).index)
    unseen = [one for one in unseen if one not in set(before["level"])]
    bins = pd.concat([before, _level_bins(unseen).assign(share=0.0)], ignore_index=True)
    was, now = np.round(bins["share"].to_numpy() * n), _counts(values, bins)
    gone = bins["level"][(bins["level"] != "") & (was > 0) & (now == 0)]
    row: dict[str, object] = {"n_before": n, "n_now": m, "new_levels": ", ".join(unseen)}
    row["vanished_levels"] = ", ".join(gone)
    was, now = pooled(was, now)
    row["bins"] = len(was)
    if len(was) < 2:
        return row | {"verdict": "not compared: fewer than two bins of five expected customers"}
    return row | stability(was, now, level)


def _sentence(summary: pd.DataFrame) -> str:
    """How many have changed, which the most, and what became of the risks."""
    tested = summary[summary["p"].notna()]
    features = tested.drop(index=SCORE, errors="ignore")
    strong = features[features["verdict"].isin(STRONG)]
    small = int((features["verdict"] == "small").sum())
    names = [
        f"{row.Index} ({row.verdict}: shift {row.shift:.2f}, {row.shift_low:.2f} to "
        f"{row.shift_high:.2f})"
        for row in strong.head(3).itertuples()
    ]
    text = f"Of {len(features)} features compared, {len(strong)} changed by .1 or more"
    text += f" ({', '.join(names)}{' and others' * (len(strong) > 3)})" if names else ""
    text += f" and {small} by less, beyond chance."
    if SCORE in tested.index:
        risks = tested.loc[SCORE]
        text += (
            f" The risks: {risks['verdict']} (shift {risks['shift']:.2f}, "
            f"{risks['shift_low']:.2f} to {risks['shift_high']:.2f})."
        )
        if risks["verdict"] in STRONG and len(features) and strong.empty:
            text += (
                " As no feature has changed by as much, it is the model that has changed, and not "
                "the customers."
            )
    unseen = features.index[features["new_levels"] != ""]
    if len(unseen):
        text += f" Values that the model has not seen: in {', '.join(unseen)}."
    only = summary.index[summary["verdict"].str.startswith("not compared: only")]
    if len(only):
        text += f" Not in both runs: {', '.join(only)}."
    return text
