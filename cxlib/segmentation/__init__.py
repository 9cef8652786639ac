"""Customer groups by the data, whether there are any, and how a new customer finds theirs.

K-means cuts every cloud of points into pieces, so `find_clusters` also asks whether the pieces are
more than that: against data without groups, by their separation, and by how they survive
resampling. `compare_methods` sets a Gaussian mixture and HDBSCAN beside it, `profiles` says what
each cluster is like, and `assignment_tree` turns them into rules in days, purchases and money.
"""

from cxlib.segmentation.clusters import (
    BUSINESS_CLUSTERS,
    Clustering,
    clusters_or_reason,
    find_clusters,
    require_clusters,
)
from cxlib.segmentation.features import FEATURES, rfm_features
from cxlib.segmentation.methods import MethodComparison, compare_methods
from cxlib.segmentation.profiles import describe, profiles
from cxlib.segmentation.reference import REFERENCE_DRAWS
from cxlib.segmentation.tree import AssignmentTree, assignment_tree

__all__ = [
    "BUSINESS_CLUSTERS",
    "FEATURES",
    "REFERENCE_DRAWS",
    "AssignmentTree",
    "Clustering",
    "MethodComparison",
    "assignment_tree",
    "clusters_or_reason",
    "compare_methods",
    "describe",
    "find_clusters",
    "profiles",
    "require_clusters",
    "rfm_features",
]
