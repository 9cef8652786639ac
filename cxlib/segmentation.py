"""Customer groups by K-means on RFM features, and whether the data hold any groups at all.

K-means cuts every cloud of points into pieces, so `find_clusters` also asks whether the pieces are
more than that: against data without groups, by their separation, and by how they survive
resampling.
"""

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score
from threadpoolctl import threadpool_limits

from cxlib.inference import Estimate, percentile_interval, suppressed, total_shares

FloatArray = NDArray[np.float64]
Labels = NDArray[np.int32]

FEATURES = ["days_since_last", "frequency", "total_spend"]

# Starts are tried on a sample of this many rows; passes over all rows follow (full quality at a
# seventh of the time for a million customers).
SAMPLE_ROWS = 20_000
STARTS = 10
# Rows and starts for the repeated fits of the reference and of the bootstrap.
REPEATED_ROWS = 1_000
REPEATED_STARTS = 2
REFERENCE_DRAWS = 39
BOOTSTRAP_DRAWS = 50
# Steps to the correlation of the reference, and draws that each is measured on.
LATENT_STEPS = 8
LATENT_DRAWS = 10

# Kaufman & Rousseeuw (1990, p. 88): a mean silhouette above .7 is a strong structure. Their .5 for
# a reasonable one is reached by a cloud cut in two. Hennig (2007): clusters with a stability above
# .75 are valid.
STRONG_SILHOUETTE = 0.7
STABLE = 0.75
SIGNIFICANCE = 0.05

# Without evidence for another number: few enough to treat each group differently.
BUSINESS_CLUSTERS = 4

Verdict = Literal["clusters", "weak", "none"]


@dataclass(frozen=True)
class Clustering:
    """Clusters of customers and the evidence for them.

    labels        cluster of each row, 1 to `clusters`, 1 with the greatest mean spend
    clusters      their number
    criteria      for each k: inertia, silhouette (simplified), calinski_harabasz, and against data
                  without groups: cluster_index, reference_index, p_adjusted
    stability     adjusted Rand index of bootstrap clusterings with this one
    verdict       "clusters", "weak" or "none" (see `find_clusters`), explained by `statement`
    reason        why this number of clusters
    """

    labels: Labels
    clusters: int
    criteria: pd.DataFrame
    stability: Estimate
    verdict: Verdict
    statement: str
    reason: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.criteria


def rfm_features(customers: pd.DataFrame) -> pd.DataFrame:
    """log(1 + v) of days_since_last, frequency and total_spend, each with mean 0 and sd 1.

    The logarithm draws in the few very large customers, who would be clusters of their own. A
    constant measure becomes 0. Raises ValueError when a column is missing, holds missing or
    negative values, or there are no rows.
    """
    if missing := [name for name in FEATURES if name not in customers]:
        raise ValueError(f"The customers lack the column {', '.join(missing)}.")
    values = customers[FEATURES].astype(float)
    if values.empty or not (values >= 0).all(axis=None):
        raise ValueError(
            f"{', '.join(FEATURES)} must be known and not negative for every customer; customers "
            "whose refunds exceed their purchases cannot be scaled by logarithm."
        )
    logs = np.log1p(values)
    return (logs - logs.mean()) / logs.std(ddof=0).replace(0, 1)


# In hundreds of small fits threads only wait for one another.
@threadpool_limits.wrap(limits=1)
def find_clusters(
    features: pd.DataFrame,
    *,
    rng: np.random.Generator,
    clusters: int = 0,
    most: int = 8,
    level: float = 0.95,
) -> Clustering:
    """K-means with a choice of k from 2 to `most`, its stability and a plain verdict.

    Criteria for each k: inertia; simplified silhouette, the mean of (b - a) / max(a, b) with a and
    b the distances to the nearest and second centroid (Hruschka et al. 2006); Calinski & Harabasz
    (1974). Against no groups: the cluster index inertia(k) / inertia(1) (Liu, Hayes, Nobel & Marron
    2008) is compared with that of 39 data sets which keep what needs no groups to explain it
    (Hennig & Lin 2015): the size, the margins (with a heap of one-time buyers, say) and the
    correlations, put together by a Gaussian copula. Monte Carlo p = (1 + as extreme) / 40, adjusted
    for the several k by the largest standardized difference of each (Westfall & Young 1993).
    Stability: the adjusted Rand index of this clustering with that of 50 bootstrap samples, each
    assigning all rows to its nearest centroid. Both work on at most 1,000 rows chosen at random.

    Verdict: "none" when no k beats the data without groups at 5 %; "clusters" when the chosen k
    does, its silhouette is above .7 and its median stability above .75; otherwise "weak".
    k: `clusters` when it is not 0. Otherwise the k that is best by both silhouette and
    Calinski-Harabasz when the verdict on it is "clusters", and 4 when it is not or they disagree.

    The order of the rows plays a part only through which of them `rng` samples. Raises ValueError
    for fewer than 10 rows a cluster, no more than `most` distinct rows, or `clusters` outside
    2..`most`.
    """
    X = features.to_numpy(dtype=float)
    if len(X) < 10 * most:
        raise ValueError(
            f"{len(X)} customers are too few to look for up to {most} clusters; at least "
            f"{10 * most} are needed."
        )
    distinct = len(features.drop_duplicates())
    if distinct <= most:
        raise ValueError(
            f"The {len(X):,} customers have only {distinct} different combinations of "
            f"{', '.join(features.columns)}, too few to look for up to {most} clusters: group them "
            "by those combinations. Check that the amounts and dates are the right columns."
        )
    if clusters != 0 and not 2 <= clusters <= most:
        raise ValueError(f"clusters: {clusters} is neither 0 (by the data) nor 2 to {most}.")
    centres = {k: _k_means(X, k, STARTS, rng) for k in range(2, most + 1)}
    sample = X[rng.permutation(len(X))[:REPEATED_ROWS]]
    criteria = pd.DataFrame({k: _criteria(X, centre) for k, centre in centres.items()}).T
    criteria = criteria.join(_against_reference(sample, most, rng)).rename_axis("k")

    silhouettes, ratios = criteria["silhouette"], criteria["calinski_harabasz"]
    best = int(criteria.index[int(silhouettes.argmax())])
    agreed = silhouettes.argmax() == ratios.argmax()
    stability = _stability(sample, centres[best], rng, level)
    verdict = _verdict(criteria, best, stability)
    if clusters:
        k, reason = clusters, f"{clusters} clusters, as asked for."
    elif verdict == "clusters" and agreed:
        k, reason = best, f"{best} clusters: silhouette and Calinski-Harabasz are both best there."
    else:
        k = min(BUSINESS_CLUSTERS, most)
        why = "the criteria disagree" if not agreed else "the evidence for any number is weak"
        reason = f"{k} clusters, a convenient number to act on, because {why}."
    if k != best:
        stability = _stability(sample, centres[k], rng, level)
        verdict = _verdict(criteria, k, stability)
    statement = _statement(verdict, k, float(silhouettes.loc[k]), stability)
    return Clustering(
        _ordered_labels(X, centres[k], features),
        k,
        criteria,
        stability,
        verdict,
        statement,
        reason,
    )


def profiles(customers: pd.DataFrame, labels: Labels, *, level: float = 0.95) -> pd.DataFrame:
    """One row a cluster: size, share of customers and of revenue with intervals, typical values.

    Medians of the three measures, and for each the standardized difference of the cluster from all
    others, (mean - mean of the others) / pooled sd, of log(1 + v). The differences describe: the
    clusters were made from these measures, so a test of them would always be significant. The
    figures of clusters with fewer than 10 customers are missing, and what would give them away (see
    inference.suppressed).
    """
    data = customers[FEATURES].astype(float).assign(cluster=np.asarray(labels))
    data["squared"] = data["total_spend"] ** 2
    grouped = data.groupby("cluster")
    table = grouped[FEATURES].median().add_prefix("median_")
    table.insert(0, "customers", grouped.size())
    totals = grouped[["total_spend", "squared"]].sum()
    shares = total_shares(table["customers"], totals["total_spend"], totals["squared"], level=level)
    logs = np.log1p(data[FEATURES])
    differences = {
        number: _standardized_difference(logs[inside], logs[~inside])
        for number in table.index
        for inside in [data["cluster"] == number]
    }
    table = table.join(shares).join(pd.DataFrame(differences).T.add_prefix("difference_"))
    table = table.astype({"customers": "Int64"})
    table.loc[suppressed(table["customers"])] = pd.NA
    return table


def describe(profile: pd.DataFrame) -> pd.Series:
    """What sets each cluster apart, in words: its measures beyond 0.5 sd from the rest."""
    words = {
        "days_since_last": ("bought long ago", "bought lately"),
        "frequency": ("buys often", "buys rarely"),
        "total_spend": ("spends much", "spends little"),
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


def _k_means(X: FloatArray, k: int, starts: int, rng: np.random.Generator) -> FloatArray:
    """Centroids, shape (k, features): the best of `starts` on a sample, then passes over all."""
    sample = X if len(X) <= SAMPLE_ROWS else X[rng.choice(len(X), SAMPLE_ROWS, replace=False)]
    with warnings.catch_warnings():
        # Fewer distinct rows than clusters: the criteria then show it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = KMeans(k, n_init=starts, random_state=int(rng.integers(2**31))).fit(sample)
        if sample is not X:
            fit = KMeans(k, init=fit.cluster_centers_, n_init=1, max_iter=3).fit(X)
    return fit.cluster_centers_


def _inertia(X: FloatArray, centres: FloatArray) -> float:
    return float((_distances(X, centres).min(axis=1) ** 2).sum())


def _distances(X: FloatArray, centres: FloatArray) -> FloatArray:
    """Euclidean distance of each row to each centroid, shape (rows, k)."""
    return np.sqrt(np.stack([((X - centre) ** 2).sum(axis=1) for centre in centres], axis=1))


def _criteria(X: FloatArray, centres: FloatArray) -> dict[str, float]:
    distances = _distances(X, centres)
    nearest, second = np.partition(distances, 1, axis=1)[:, :2].T
    width = np.divide(second - nearest, second, out=np.zeros_like(second), where=second > 0)
    return {
        "inertia": float((nearest**2).sum()),
        "silhouette": float(width.mean()),
        "calinski_harabasz": float(calinski_harabasz_score(X, distances.argmin(axis=1))),
    }


def _cluster_index(X: FloatArray, k: int, rng: np.random.Generator) -> float:
    """Inertia of K-means with k clusters as a share of that with one (lower: tighter)."""
    centres = _k_means(X, k, REPEATED_STARTS, rng)
    return _inertia(X, centres) / _inertia(X, X.mean(axis=0, keepdims=True))


def _against_reference(X: FloatArray, most: int, rng: np.random.Generator) -> pd.DataFrame:
    """Cluster index for each k beside its mean over data without groups, and the adjusted p."""
    numbers = list(range(2, most + 1))
    observed = np.array([_cluster_index(X, k, rng) for k in numbers])
    latent = _latent_correlation(X, rng)
    reference = np.empty((REFERENCE_DRAWS, len(numbers)))
    for row in reference:
        cloud = _without_groups(X, latent, rng)
        row[:] = [_cluster_index(cloud, k, rng) for k in numbers]
    centre, spread = reference.mean(axis=0), reference.std(axis=0, ddof=1)
    largest = ((centre - reference) / spread).max(axis=1)
    reached = (largest[:, None] >= (centre - observed) / spread).sum(axis=0)
    return pd.DataFrame(
        {
            "cluster_index": observed,
            "reference_index": centre,
            "p_adjusted": (1 + reached) / (REFERENCE_DRAWS + 1),
        },
        index=numbers,
    )


def _without_groups(X: FloatArray, latent: FloatArray, rng: np.random.Generator) -> FloatArray:
    """As many rows with X's margins and the Gaussian copula of correlation `latent`."""
    drawn = rng.multivariate_normal(np.zeros(len(latent)), latent, size=len(X))
    order = drawn.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(X, axis=0), order, axis=0)


def _latent_correlation(X: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Correlation of the normal scores that gives data with X's margins the correlation of X.

    Ties and skew weaken a correlation, so it is corrected by what is missing, a few times (normal
    to anything, Cario & Nelson 1997).
    """
    wanted = _correlation(X)
    latent = wanted
    for _ in range(LATENT_STEPS):
        reached = np.mean(
            [_correlation(_without_groups(X, latent, rng)) for _ in range(LATENT_DRAWS)], axis=0
        )
        latent = latent + wanted - reached
        values, vectors = np.linalg.eigh(latent)
        latent = vectors * np.maximum(values, 1e-6) @ vectors.T
        scale = np.sqrt(np.diag(latent))
        latent = latent / np.outer(scale, scale)
    return latent


def _correlation(X: FloatArray) -> FloatArray:
    """Correlations of the columns; 0 with a constant one."""
    spread = X.std(axis=0)
    scaled = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1)
    found = scaled.T @ scaled / len(X)
    np.fill_diagonal(found, 1)
    return found


def _stability(
    X: FloatArray, centres: FloatArray, rng: np.random.Generator, level: float
) -> Estimate:
    labels = _distances(X, centres).argmin(axis=1)
    agreement = []
    for _ in range(BOOTSTRAP_DRAWS):
        resample = X[rng.integers(len(X), size=len(X))]
        found = _k_means(resample, len(centres), REPEATED_STARTS, rng)
        agreement.append(adjusted_rand_score(labels, _distances(X, found).argmin(axis=1)))
    method = f"median adjusted Rand index of {BOOTSTRAP_DRAWS} bootstrap clusterings, percentiles"
    return percentile_interval(
        float(np.median(agreement)), agreement, len(X), level=level, method=method
    )


def _verdict(criteria: pd.DataFrame, k: int, stability: Estimate) -> Verdict:
    if (criteria["p_adjusted"] > SIGNIFICANCE).all():
        return "none"
    chosen = criteria.loc[k]
    stable = stability.value is not None and stability.value > STABLE
    separate = chosen["p_adjusted"] <= SIGNIFICANCE
    separate &= chosen["silhouette"] > STRONG_SILHOUETTE
    return "clusters" if separate and stable else "weak"


def _statement(verdict: Verdict, k: int, silhouette: float, stability: Estimate) -> str:
    measured = (
        f"silhouette {silhouette:.2f}, stability {stability.value:.2f} "
        f"({100 * stability.level:.4g} % of resamples {stability.low:.2f} to {stability.high:.2f})"
    )
    if verdict == "none":
        return (
            "These data hold no clusters: they cannot be told from data without groups that have "
            f"the same margins and correlations ({k} groups: {measured}). The groups below are "
            "slices, useful at most for planning."
        )
    if verdict == "weak":
        return (
            "The evidence for clusters is weak: some structure goes beyond margins and "
            f"correlations, but {k} groups are a convenient cut, not natural groups ({measured})."
        )
    return f"These data hold {k} clusters ({measured})."


def _ordered_labels(X: FloatArray, centres: FloatArray, features: pd.DataFrame) -> Labels:
    """Nearest centroid of each row, numbered from 1 by falling total_spend (the last feature)."""
    by_spend = np.argsort(-centres[:, list(features.columns).index("total_spend")])
    number = np.empty(len(centres), dtype=np.int32)
    number[by_spend] = np.arange(1, len(centres) + 1)
    return number[_distances(X, centres).argmin(axis=1)]


def _standardized_difference(inside: pd.DataFrame, outside: pd.DataFrame) -> pd.Series:
    """(mean inside - mean outside) / pooled sd by column; 0 where a column is constant."""
    n, m = len(inside), len(outside)
    if min(n, m) < 2:
        return pd.Series(np.nan, index=inside.columns)
    pooled = np.sqrt(((n - 1) * inside.var() + (m - 1) * outside.var()) / (n + m - 2))
    # Rounding leaves a trace of spread in equal values.
    return ((inside.mean() - outside.mean()) / pooled.where(pooled > 1e-9, np.inf)).astype(float)
