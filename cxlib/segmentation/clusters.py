"""K-means with a choice of the number of clusters, its evidence and a plain verdict."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from sklearn import config_context
from threadpoolctl import threadpool_limits

from cxlib.inference import Estimate, ParameterError
from cxlib.segmentation.centroids import STARTS, FloatArray, Labels, k_means, nearest
from cxlib.segmentation.criteria import SIGNIFICANCE, STABLE, separation, stabilities, votes
from cxlib.segmentation.mixtures import mixture_criteria
from cxlib.segmentation.reference import against_reference

# Rows for the repeated fits of the reference and of the bootstrap.
REPEATED_ROWS = 1_000

# Kaufman & Rousseeuw (1990, p. 88): a mean silhouette above .7 is a strong structure. Their .5 for
# a reasonable one is reached by a cloud cut in two.
STRONG_SILHOUETTE = 0.7

# Without evidence for another number: few enough to treat each group differently.
BUSINESS_CLUSTERS = 4

MOST_CLUSTERS = 8
LEAST_ROWS_EACH = 10

Verdict = Literal["clusters", "weak", "none"]


@dataclass(frozen=True)
class Clustering:
    """Clusters of customers and the evidence for them.

    labels        cluster of each row, 1 to `clusters`, 1 with the greatest mean spend
    clusters      their number
    criteria      for each k: inertia, silhouette (simplified), calinski_harabasz, mixture_bic, and
                  against data without groups: cluster_index, reference_index, index_difference,
                  p_adjusted; stability with stability_low and stability_high
    votes         for each criterion the k that it names, and the rule
    mixtures      BIC of Gaussian mixtures by number of components, from 1, and covariance
    stability     adjusted Rand index of bootstrap clusterings with this one
    verdict       "clusters", "weak" or "none" (see `find_clusters`), explained by `statement`
    reason        why this number of clusters
    """

    labels: Labels
    clusters: int
    criteria: pd.DataFrame
    votes: pd.DataFrame
    mixtures: pd.DataFrame
    stability: Estimate
    verdict: Verdict
    statement: str
    reason: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.criteria

    @property
    def answer(self) -> str:
        """The verdict for everybody; `statement` has its evidence."""
        return {
            "clusters": f"The customers form {self.clusters} natural groups, described below.",
            "weak": "The customers hardly form natural groups: those below are slices to plan by.",
            "none": "The customers form no natural groups: those below are slices to plan by.",
        }[self.verdict]


def require_clusters(clusters: int, most: int = MOST_CLUSTERS) -> None:
    """Raises ParameterError for a number of clusters that is neither 0 nor 2 to `most`."""
    if clusters != 0 and not 2 <= clusters <= most:
        raise ParameterError(f"clusters: {clusters} is neither 0 (by the data) nor 2 to {most}.")


def clusters_or_reason(
    features: pd.DataFrame,
    *,
    rng: np.random.Generator,
    clusters: int = 0,
    level: float = 0.95,
) -> tuple[Clustering | None, str]:
    """Clusters and their answer, or None and why there can be none (see `find_clusters`)."""
    require_clusters(clusters)
    if reason := _too_few(features, MOST_CLUSTERS):
        return None, f"No groups by the data: {reason}"
    found = find_clusters(features, rng=rng, clusters=clusters, level=level)
    return found, found.answer


def _too_few(features: pd.DataFrame, most: int) -> str:
    """Why these rows are too few to look for up to `most` clusters, "" where they are enough."""
    if len(features) < LEAST_ROWS_EACH * most:
        return (
            f"{len(features)} customers are too few to look for up to {most} clusters; at least "
            f"{LEAST_ROWS_EACH * most} are needed."
        )
    distinct = len(features.drop_duplicates())
    if distinct <= most:
        names = ", ".join(name.replace("_", " ") for name in features.columns)
        return (
            f"the {len(features):,} customers have only {distinct} different combinations of "
            f"{names}, too few to look for up to {most} clusters."
        )
    return ""


@threadpool_limits.wrap(limits=1)
@config_context(assume_finite=True, skip_parameter_validation=True)
def find_clusters(
    features: pd.DataFrame,
    *,
    rng: np.random.Generator,
    clusters: int = 0,
    most: int = MOST_CLUSTERS,
    level: float = 0.95,
) -> Clustering:
    """K-means with a choice of k from 2 to `most`, its stability and a plain verdict.

    Criteria for each k: inertia; simplified silhouette, the mean of (b - a) / max(a, b) with a and
    b the distances to the nearest and second centroid (Hruschka et al. 2006); Calinski & Harabasz
    (1974); the least BIC of a Gaussian mixture of k components (see mixtures.py).
    Against no groups: the cluster index inertia(k) / inertia(1) (Liu, Hayes, Nobel & Marron 2008)
    is compared with that of 39 data sets which keep what needs no groups to explain it (Hennig &
    Lin 2015): the size, the margins (with a heap of one-time buyers, say) and the correlations, put
    together by a Gaussian copula. Monte Carlo p = (1 + as extreme) / 40, adjusted
    for the several k by the largest standardized difference of each (Westfall & Young 1993).
    Stability for each k: the adjusted Rand index of this clustering with those of 50 bootstrap
    samples, each assigning all rows to its nearest centroid. Both work on at most 1,000 rows chosen
    at random, the mixtures on 3,000; K-means starts on 20,000 and then passes over all rows.

    Verdict: "none" when no k beats the data without groups at 5 %; "clusters" when the chosen k
    does, its silhouette is above .7 and its median stability above .75; otherwise "weak".
    k: `clusters` when it is not 0. Otherwise the k that is best by both silhouette and
    Calinski-Harabasz when the verdict on it is "clusters", and 4 when it is not or they disagree.

    The order of the rows plays a part only through which of them `rng` samples. Raises ValueError
    for fewer than 10 rows a cluster or no more than `most` distinct rows, ParameterError for
    `clusters` outside 2..`most`.
    """
    require_clusters(clusters, most)
    if reason := _too_few(features, most):
        raise ValueError(reason)
    X = features.to_numpy(dtype=float)
    centres = {k: k_means(X, k, STARTS, rng) for k in range(2, most + 1)}
    sample = X[rng.permutation(len(X))[:REPEATED_ROWS]]
    mixtures = mixture_criteria(X, most, rng)
    stable = stabilities(sample, centres, rng, level)
    criteria = pd.DataFrame({k: separation(X, centre) for k, centre in centres.items()}).T
    criteria = criteria.join(mixtures.min(axis=1).rename("mixture_bic"))
    criteria = criteria.join(against_reference(sample, most, rng)).rename_axis("k")
    ends = {"stability": "value", "stability_low": "low", "stability_high": "high"}
    for name, end in ends.items():
        criteria[name] = [getattr(stable[k], end) for k in criteria.index]
    named = votes(criteria, mixtures.min(axis=1))
    k, reason = _choice(criteria, named["k"], stable, clusters, min(BUSINESS_CLUSTERS, most))
    verdict = _verdict(criteria, k, stable[k])
    silhouette = float(criteria["silhouette"].loc[k])
    return Clustering(
        labels=_ordered_labels(X, centres[k], features),
        clusters=k,
        criteria=criteria,
        votes=named,
        mixtures=mixtures,
        stability=stable[k],
        verdict=verdict,
        statement=_statement(verdict, k, silhouette, stable[k]),
        reason=reason,
    )


def _choice(
    criteria: pd.DataFrame,
    named: pd.Series,
    stable: dict[int, Estimate],
    asked: int,
    convenient: int,
) -> tuple[int, str]:
    """The number of clusters and why; what each criterion names is said with it."""
    best = int(named["silhouette"])
    agreed = best == named["Calinski-Harabasz"]
    named_by = "; ".join(f"{name}: {'none' if pd.isna(k) else k}" for name, k in named.items())
    told = f"(Named by each criterion: {named_by}.)"
    if asked:
        return asked, f"{asked} clusters, as asked for. {told}"
    if agreed and _verdict(criteria, best, stable[best]) == "clusters":
        why = "silhouette and Calinski-Harabasz are both best there"
        return best, f"{best} clusters: {why}. {told}"
    why = "the evidence for any number is weak" if agreed else "the criteria disagree"
    return (
        convenient,
        f"{convenient} clusters, a convenient number to act on, because {why}. {told}",
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
    return number[nearest(X, centres)]
