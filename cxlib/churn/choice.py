"""Whether one model ranks better than another, and which of several to use."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.churn.ranking import auc_difference
from cxlib.inference import Estimate

BoolArray = NDArray[np.bool_]


def choose(
    splits: Sequence[tuple[BoolArray, pd.DataFrame]], level: float, *, shared_training: bool
) -> tuple[str, str]:
    """The simplest model that no later one is shown to beat, and the reasons.

    `splits` hold who left and the risks of each model, the simplest first.
    """
    chosen, *others = splits[0][1].columns
    reasons = []
    for name in others:
        parts = [(y, risks[name], risks[chosen]) for y, risks in splits]
        gain = mean_difference(parts, level, shared_training=shared_training)
        numbers, least = f"AUC {gain.value:+.4f}", gain.low
        if least is None:
            numbers, least = f"{numbers}, no interval", gain.value
        else:
            numbers = f"{numbers}, {least:+.4f} to {gain.high:+.4f}"
        if least is not None and least > 0:
            reasons.append(f"{name} ranks better than {chosen} ({numbers})")
            chosen = name
        else:
            reasons.append(f"{name} is not shown to rank better than {chosen} ({numbers})")
    text = f"Used from here on: {chosen}. " + "; ".join(reasons)
    return chosen, text + ". The simpler model wins ties."


def mean_difference(
    parts: Sequence[tuple[BoolArray, ArrayLike, ArrayLike]],
    level: float,
    *,
    shared_training: bool,
) -> Estimate:
    """Mean over several parts of the AUC of one risk less that of another.

    With `shared_training` the parts are folds, whose models learn from each other's customers: the
    variance of the mean is (1 / k + 1 / (k - 1)) times the mean of DeLong's (Nadeau & Bengio 2003).
    DeLong's of the pooled folds alone would show noise to beat the base rate in 6 % of cases, not
    in 2.5 %. Else they are cut-offs with the same customers: the ends are averaged.
    """
    found = [auc_difference(*part, level=level) for part in parts]
    k, n = len(found), sum(one.n for one in found)
    if k == 1:
        return found[0]
    value = float(np.mean([one.value for one in found]))
    halves = [
        (one.high - one.low) / 2 for one in found if one.low is not None and one.high is not None
    ]
    if len(halves) < k:
        method = "mean difference of AUC, no DeLong interval at an AUC of exactly 0 or 1"
        return Estimate(value, None, None, level, n, method)
    if shared_training:
        margin = float(np.sqrt(np.mean(np.square(halves)) * (1 / k + 1 / (k - 1))))
        method = f"difference of AUC, mean of {k} folds, DeLong, corrected for shared training"
    else:
        margin = float(np.mean(halves))
        method = f"difference of AUC, mean of {k} cut-offs, mean ends of DeLong's intervals"
    return Estimate(value, value - margin, value + margin, level, n, method)
