"""Corrections of p-values for many tests. Needs nothing, so that a run can use it at no cost."""

import math
from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted for several tests by Holm's step-down method (Holm 1979).

    The i-th smallest of m becomes max over j <= i of min(1, (m - j + 1) p_(j)). Missing ones (nan)
    stay missing and do not count among the m.
    """
    adjusted = [math.nan] * len(p_values)
    tested = [place for place, p in enumerate(p_values) if not math.isnan(p)]
    largest = 0.0
    for step, place in enumerate(sorted(tested, key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(tested) - step) * p_values[place]))
        adjusted[place] = largest
    return adjusted
