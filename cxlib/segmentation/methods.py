"""Other ways to find groups, set beside K-means: a Gaussian mixture and HDBSCAN."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from cxlib.inference import MIN_GROUP, percentile_interval, proportion_interval
from cxlib.segmentation.clusters import Clustering, Verdict
from cxlib.segmentation.criteria import agreement_draws
from cxlib.segmentation.mixtures import MIXTURE_ROWS, VARIANCE_FLOOR, fit_mixture

# HDBSCAN: the least share of the customers that makes a group, and the neighbours that measure
# density (Campello, Moulavi & Sander 2013).
MIN_CLUSTER_RATE = 0.05
NEIGHBOURS = 10
NOISE = -1
# Steinley (2004): an adjusted Rand index above .9 is excellent recovery.
SAME_GROUPS = 0.9


@dataclass(frozen=True)
class MethodComparison:
    """K-means, a Gaussian mixture and HDBSCAN on the same customers.

    methods      one row a method: clusters, noise_rate with noise_low and noise_high (of HDBSCAN:
                 the customers it leaves out), n, how
    agreement    one row a pair: adjusted_rand with low and high, and n, those neither leaves out
    statement    both in a sentence
    """

    methods: pd.DataFrame
    agreement: pd.DataFrame
    statement: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.methods


@threadpool_limits.wrap(limits=1)
def compare_methods(
    features: pd.DataFrame,
    found: Clustering,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
) -> MethodComparison:
    """How many groups three methods find in the same customers, and whether they are the same.

    K-means as in `found`; the Gaussian mixture with the least BIC there; HDBSCAN, which finds
    dense regions of any shape and leaves the rest out as noise (Campello, Moulavi & Sander 2013),
    with groups of at least 5 % of the customers. Agreement is the adjusted Rand index (Hubert &
    Arabie 1985: 1 the same groups, 0 no more than by chance) with bootstrap percentiles over
    customers, the groups taken as found. All on at most 3,000 customers chosen at random.
    """
    rows = rng.permutation(len(features))[:MIXTURE_ROWS]
    sample, n = features.to_numpy(dtype=float)[rows], len(rows)
    shape = str(found.mixtures.min().idxmin())
    components = 1 + int(found.mixtures[shape].argmin())
    mixture = fit_mixture(sample, components, shape, int(rng.integers(2**31)))
    least = max(MIN_GROUP, round(MIN_CLUSTER_RATE * n))
    dense = HDBSCAN(min_cluster_size=least, min_samples=NEIGHBOURS, copy=True)
    labels = {
        "K-means": found.labels[rows],
        "Gaussian mixture": mixture.predict(sample),
        "HDBSCAN": dense.fit_predict(sample),
    }
    how = {
        "K-means": "round groups; number as chosen above",
        "Gaussian mixture": f"elliptic groups ({shape}); number by BIC, 1 to "
        f"{found.mixtures.index.max()}, variances at least {VARIANCE_FLOOR}",
        "HDBSCAN": f"dense regions of at least {least} customers, density by {NEIGHBOURS} "
        "neighbours; number by the method",
    }
    methods = pd.DataFrame({name: _found(label, level) for name, label in labels.items()}).T.astype(
        {"clusters": int, "n": int}
    )
    pairs = {
        f"{one} and {other}": _agreement(labels[one], labels[other], rng, level)
        for one, other in combinations(labels, 2)
    }
    agreement = pd.DataFrame(pairs).T.rename_axis("methods").astype({"n": int})
    return MethodComparison(
        methods.assign(how=pd.Series(how)).rename_axis("method"),
        agreement,
        _statement(methods, agreement, found.verdict),
    )


def _found(labels: NDArray[np.integer], level: float) -> dict[str, float | None]:
    noise = proportion_interval(int((labels == NOISE).sum()), len(labels), level=level)
    return {
        "clusters": len(np.unique(labels[labels != NOISE])),
        "noise_rate": noise.value,
        "noise_low": noise.low,
        "noise_high": noise.high,
        "n": len(labels),
    }


def _agreement(
    first: NDArray[np.integer],
    second: NDArray[np.integer],
    rng: np.random.Generator,
    level: float,
) -> dict[str, float | None]:
    kept = (first != NOISE) & (second != NOISE)
    n = int(kept.sum())
    if n < MIN_GROUP:
        return {"adjusted_rand": np.nan, "low": np.nan, "high": np.nan, "n": n}
    value = float(adjusted_rand_score(first[kept], second[kept]))
    draws = agreement_draws(first[kept], second[kept], rng)
    estimate = percentile_interval(value, draws, n, level=level, method="bootstrap percentiles")
    return {"adjusted_rand": value, "low": estimate.low, "high": estimate.high, "n": n}


def _statement(methods: pd.DataFrame, agreement: pd.DataFrame, verdict: Verdict) -> str:
    counts = methods["clusters"]
    told = ", ".join(f"{name} {k}" for name, k in counts.items())
    noise = float(methods["noise_rate"].loc["HDBSCAN"])
    text = f"Groups found: {told} (with {noise:.1%} of the customers in none)."
    if verdict != "clusters" and counts["Gaussian mixture"] > 1:
        text += (
            " A mixture spends components on heaps of equal values and on skew, so its number is "
            "by itself no number of groups."
        )
    pairs = agreement["adjusted_rand"].dropna()
    if len(pairs):
        alike = "the same groups" if pairs.min() > SAME_GROUPS else "not the same groups"
        text += f" They are {alike}: agreement {pairs.min():.2f} to {pairs.max():.2f} of 1."
    return text
