"""Values that are missing more often for leavers or stayers than before the leaving they were."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import fisher_exact

from cxlib.churn.features import MISSING
from cxlib.churn.leak_checks import Check, CheckedTable
from cxlib.inference import wilson_limits

RATE_RATIO, RATE_DIFFERENCE, RATE_LEAST = 3.0, 0.4, 0.01
COLUMNS = [
    "missing",
    "leavers",
    "stayers",
    *("difference", "difference_low", "difference_high"),
    *("auc", "auc_low", "auc_high"),
    *("ratio", "ratio_low", "ratio_high"),
    *("rarer", "n", "p", "explained"),
]


def missing_rates(table: CheckedTable, level: float) -> pd.DataFrame:
    """Of each feature with missing values how often it is missing for leavers and for stayers.

    By all rows: of a leaver the newest is an older one than of a stayer. Difference of the rates
    with Newcombe's (1998) interval, AUC = (1 + difference) / 2 of the missing as a feature, ratio
    of the rates of the rarer state (missing, or there) with the interval of its log, half a
    customer added to each cell (Walter 1975, Katz et al. 1978), Fisher's exact p. `explained`: why
    a difference is no sign of a leak: the feature is computed as of the cut-off, or missing exactly
    for certain values of another one.
    """
    X, y = table.features.X, table.features.churned
    computed = _computed(table)
    m, n = int(y.sum()), int((~y).sum())
    rows = {}
    for name in X:
        blank = _blank(X[name])
        if not blank.any() or min(m, n) == 0:
            continue
        a, b = int(blank[y].sum()), int(blank[~y].sum())
        low, high = _newcombe(a, m, b, n, level)
        row = {"missing": a + b, "leavers": a / m, "stayers": b / n}
        row |= {"difference": a / m - b / n, "difference_low": low, "difference_high": high}
        row |= {
            "auc": (1 + a / m - b / n) / 2,
            "auc_low": (1 + low) / 2,
            "auc_high": (1 + high) / 2,
        }
        if a + b > (m + n) / 2:
            a, b = m - a, n - b
        ratio = ((a + 0.5) / (m + 0.5)) / ((b + 0.5) / (n + 0.5))
        error = np.sqrt(1 / (a + 0.5) - 1 / (m + 0.5) + 1 / (b + 0.5) - 1 / (n + 0.5))
        factor = float(np.exp(ndtri(0.5 + level / 2) * error))
        row |= {"ratio": ratio, "ratio_low": ratio / factor, "ratio_high": ratio * factor}
        row |= {"rarer": max(a / m, b / n), "n": m + n}
        row["p"] = float(fisher_exact([[a, m - a], [b, n - b]]).pvalue)
        explained = "computed as of the cut-off" if name in computed else ""
        if not explained and _differs(row):
            explained = _determined_by(X, str(name), blank)
        rows[name] = row | {"explained": explained}
    rates = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=COLUMNS)
    return rates.rename_axis("feature")


def _blank(values: pd.Series) -> NDArray[np.bool_]:
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values.isna().to_numpy()
    unknown = np.flatnonzero(values.cat.categories == MISSING)
    return np.isin(values.cat.codes.to_numpy(), [-1, *unknown])


def _computed(table: CheckedTable) -> set[str]:
    if table.windows is None:
        return set()
    dated = table.windows[table.windows["last_day"].astype(float) <= 0]
    # The master file of customers holds what is known of them today, and may be wiped.
    return set(dated.loc[dated["source"] != "subscriptions", "feature"])


def _newcombe(a: int, m: int, b: int, n: int, level: float) -> tuple[float, float]:
    """Limits of a / m - b / n from Wilson's limits of both (Newcombe 1998, method 10)."""
    first, second = a / m, b / n
    low, high = wilson_limits(first, m, level=level)
    other_low, other_high = wilson_limits(second, n, level=level)
    below = np.hypot(first - low, other_high - second)
    above = np.hypot(high - first, second - other_low)
    return float(first - second - below), float(first - second + above)


def blanks(missing: pd.DataFrame) -> Iterator[Check]:
    """Features missing so differently that the leaving may have filled or wiped them."""
    for name, row in missing.iterrows():
        if row["explained"] == "":
            found = f"missing for {row['leavers']:.1%} of leavers, {row['stayers']:.1%} of stayers"
            yield Check(str(name), _differs(row), found, int(row["missing"]), p=row["p"])


def _differs(row: Mapping[str, Any] | pd.Series) -> bool:
    """Whether leavers and stayers miss it so differently that it would matter."""
    ratio = max(row["ratio_low"], 1 / row["ratio_high"])
    difference = max(row["difference_low"], -row["difference_high"])
    large = ratio > RATE_RATIO or difference > RATE_DIFFERENCE
    return bool(large and row["rarer"] >= RATE_LEAST)


def _determined_by(X: pd.DataFrame, name: str, blank: NDArray[np.bool_]) -> str:
    """The feature whose values tell exactly where `name` is missing, in words; "" if none does."""
    for other in X.columns.drop(name):
        values = X[other]
        if pd.api.types.is_numeric_dtype(values):
            x = values.to_numpy(dtype=float)
            below, above = x[blank], x[~blank]
            exact = below.max() < above.min() or above.max() < below.min()
        else:
            shares = pd.Series(blank).groupby(values.to_numpy()).mean()
            # What is missing in the same rows may have been wiped along with it.
            exact = bool(shares.isin([0, 1]).all()) and MISSING not in shares.index
        if exact:
            return f"missing exactly for certain values of {other}"
    return ""
