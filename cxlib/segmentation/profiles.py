"""What each cluster is like: size, revenue, typical values and what sets it apart."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cxlib.inference import suppressed, total_means, total_shares
from cxlib.segmentation.centroids import Labels
from cxlib.segmentation.features import FEATURES


def profiles(customers: pd.DataFrame, labels: Labels, *, level: float = 0.95) -> pd.DataFrame:
    """One row a cluster: size, share of customers and of revenue with intervals, typical values.

    spend_per_customer with its interval, medians of the three measures, and for each the
    standardized difference of the cluster from all others, d = (mean - mean of the others) / pooled
    sd, of log(1 + v), with the large-sample interval d +- z sqrt(1/n + 1/m + d^2 / (2 (n + m)))
    (Hedges & Olkin 1985), which takes the clusters as given. The differences describe: the clusters
    were made from these measures, so a test of them would always be significant. The
    figures of clusters with fewer than 10 customers are missing, and what would give them away (see
    inference.suppressed).
    """
    data = customers[FEATURES].astype(float).assign(cluster=np.asarray(labels))
    data["squared"] = data["total_spend"] ** 2
    grouped = data.groupby("cluster")
    table = grouped[FEATURES].median().add_prefix("median_")
    table.insert(0, "customers", grouped.size())
    totals = grouped[["total_spend", "squared"]].sum()
    sums = (table["customers"], totals["total_spend"], totals["squared"])
    shares = total_shares(*sums, level=level).join(total_means(*sums, level=level))
    logs = np.log1p(data[FEATURES])
    differences = {
        number: _standardized_difference(logs[inside], logs[~inside], level)
        for number in table.index
        for inside in [data["cluster"] == number]
    }
    # mean_spend is that of a purchase day in the histories; here it is a customer's total.
    shares.columns = shares.columns.str.replace("mean_spend", "spend_per_customer")
    table = table.join(shares).join(pd.DataFrame(differences).T)
    table = table.astype({"customers": "Int64"})
    table.loc[suppressed(table["customers"])] = pd.NA
    return table


def describe(profile: pd.DataFrame) -> pd.Series:
    """What sets each cluster apart, in words: its measures beyond 0.5 sd from all others."""
    words = {
        "days_since_last": ("last bought longer ago", "bought more recently"),
        "frequency": ("buys more often", "buys more rarely"),
        "total_spend": ("spends more", "spends less"),
    }
    texts = {}
    for cluster, row in profile.iterrows():
        differences = row[[f"difference_{name}" for name in FEATURES]].to_numpy(dtype=float)
        parts = [
            words[name][0 if difference > 0 else 1]
            for name, difference in zip(FEATURES, differences, strict=True)
            if abs(difference) > 0.5
        ]
        texts[cluster] = ", ".join(parts) or "like the others"
        if np.isnan(differences).any():
            texts[cluster] = "too few customers to describe"
    return pd.Series(texts, name="what sets it apart").rename_axis("cluster")


def _standardized_difference(
    inside: pd.DataFrame, outside: pd.DataFrame, level: float
) -> dict[str, float]:
    """difference_<measure> with _low and _high; 0 and no interval where a measure is constant."""
    n, m = len(inside), len(outside)
    found: dict[str, float] = {}
    for name in FEATURES:
        low = high = d = np.nan
        if min(n, m) >= 2:
            squares = (n - 1) * inside[name].var() + (m - 1) * outside[name].var()
            pooled = np.sqrt(squares / (n + m - 2))
            # Rounding leaves a trace of spread in equal values.
            d = (inside[name].mean() - outside[name].mean()) / pooled if pooled > 1e-9 else 0.0
            error = np.sqrt(1 / n + 1 / m + d**2 / (2 * (n + m))) if pooled > 1e-9 else np.nan
            margin = ndtri(0.5 + level / 2) * error
            low, high = d - margin, d + margin
        found |= {
            f"difference_{name}{end}": x for end, x in (("", d), ("_low", low), ("_high", high))
        }
    return found
