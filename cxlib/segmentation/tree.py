"""Which group a new customer belongs to: a tree of at most three questions, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from cxlib.inference import MIN_GROUP, Estimate, proportion_interval
from cxlib.segmentation.centroids import Labels
from cxlib.segmentation.features import FEATURES

DEPTH = 3
FOLDS = 10
# Cross-validation fits the tree ten times; its accuracy is known well enough from this many rows.
VALIDATED_ROWS = 20_000

Bounds = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class AssignmentTree:
    """At most three questions that put a customer into a cluster.

    rules          one row a leaf: rule (in words), cluster, customers, right_rate (share of them
                   that K-means put into this cluster) with right_low and right_high
    accuracy       share of customers put right by a tree that was fitted without them
    largest_rate   what calling everybody a member of the largest cluster would reach
    statement      both in a sentence
    """

    tree: DecisionTreeClassifier
    rules: pd.DataFrame
    accuracy: Estimate
    largest_rate: float
    statement: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.rules

    def assign(self, customers: pd.DataFrame) -> Labels:
        """Cluster of each customer by the rules; reads the three measures."""
        found: Labels = self.tree.predict(customers[FEATURES].to_numpy(dtype=float))
        return found


def assignment_tree(
    customers: pd.DataFrame, labels: Labels, *, rng: np.random.Generator, level: float = 0.95
) -> AssignmentTree:
    """A classification tree (Breiman et al. 1984) of depth 3 from raw measures to the clusters.

    Reads days_since_last, frequency and total_spend in their own units. A leaf has at least 10
    customers; two neighbours with the same cluster are told as one rule. Accuracy is that of
    10-fold cross-validation, on at most 20,000 customers chosen at random, with Wilson's interval,
    which takes the clusters as given. Raises ValueError when a measure is missing.
    """
    values = customers[FEATURES].to_numpy(dtype=float)
    if np.isnan(values).any():
        raise ValueError(f"{', '.join(FEATURES)} must be known for every customer.")
    seed = int(rng.integers(2**31))
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=MIN_GROUP, random_state=seed
    ).fit(values, labels)
    rows = rng.permutation(len(values))[:VALIDATED_ROWS]
    folds = KFold(FOLDS, shuffle=True, random_state=seed)
    guessed = cross_val_predict(tree, values[rows], labels[rows], cv=folds)
    right = proportion_interval(int((guessed == labels[rows]).sum()), len(rows), level=level)
    accuracy = replace(right, method=f"{FOLDS}-fold cross-validation, Wilson interval")
    largest = float(pd.Series(labels).value_counts(normalize=True).iloc[0])
    rules = pd.DataFrame(_rules(tree, values, labels, level))
    statement = (
        f"{len(rules)} rules put {accuracy.value:.1%} of customers they have not seen into their "
        f"cluster ({100 * level:.4g} % interval {accuracy.low:.1%} to {accuracy.high:.1%}, n = "
        f"{accuracy.n:,}); calling all a member of the largest cluster would reach {largest:.1%}."
    )
    return AssignmentTree(tree, rules, accuracy, largest, statement)


def _rules(
    tree: DecisionTreeClassifier, values: np.ndarray, labels: Labels, level: float
) -> Iterator[dict[str, object]]:
    bounds = dict.fromkeys(FEATURES, (-np.inf, np.inf))
    for within, cluster in _leaves(tree, 0, bounds):
        inside = np.ones(len(values), dtype=bool)
        for column, (low, high) in zip(values.T, within.values(), strict=True):
            # As the tree does it, in single precision.
            single = column.astype(np.float32)
            inside &= (single > low) & (single <= high)
        right = proportion_interval(
            int((labels[inside] == cluster).sum()), int(inside.sum()), level=level
        )
        yield {
            "rule": in_words(within),
            "cluster": cluster,
            "customers": right.n,
            "right_rate": right.value,
            "right_low": right.low,
            "right_high": right.high,
        }


def _leaves(tree: DecisionTreeClassifier, node: int, bounds: Bounds) -> list[tuple[Bounds, int]]:
    """Bounds (above, up to) and cluster of each leaf; neighbours with one cluster are joined."""
    inner = tree.tree_
    if inner.children_left[node] < 0:
        return [(bounds, int(tree.classes_[inner.value[node][0].argmax()]))]
    name, cut = FEATURES[inner.feature[node]], float(inner.threshold[node])
    low, high = bounds[name]
    left = _leaves(tree, inner.children_left[node], bounds | {name: (low, cut)})
    right = _leaves(tree, inner.children_right[node], bounds | {name: (cut, high)})
    clusters = {cluster for _, cluster in left + right}
    return [(bounds, clusters.pop())] if len(clusters) == 1 else left + right


def in_words(bounds: Bounds) -> str:
    """A rule as a person says it: whole days, purchase days (repeats and the first), money."""
    parts = []
    low, high = (np.floor(end) for end in bounds["days_since_last"])
    if low < 0 < high < np.inf:
        parts.append(f"bought in the last {high:.0f} days")
    elif high < np.inf:
        parts.append(f"last bought {low + 1:.0f} to {high:.0f} days ago")
    elif low >= 0:
        parts.append(f"last bought more than {low:.0f} days ago")
    low, high = (np.floor(end) for end in bounds["frequency"])
    if high < np.inf:
        most = f"{high + 1:.0f} day{'s' if high > 0 else ''}"
        few = f"at most {most}" if low < 0 and high > 0 else most
        parts.append(f"on {few if low < 0 else f'{low + 2:.0f} to {most}'}")
    elif low >= 0:
        parts.append(f"on {low + 2:.0f} days or more")
    low, high = bounds["total_spend"]
    if np.isfinite(low):
        parts.append(f"spent more than {_money(low)}")
    if high < np.inf:
        parts.append(f"{'and' if np.isfinite(low) else 'spent'} at most {_money(high)}")
    return ", ".join(parts) or "every customer"


def _money(amount: float) -> str:
    """Cut to the cent below: amounts in cents lie on the same side of it."""
    return f"{np.floor(100 * amount) / 100:,.2f}"
