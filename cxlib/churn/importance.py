"""What a model's risks rest on: permutation importance, and features that tell the same."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from cxlib.churn.features import number_and_category_names
from cxlib.churn.models import BASE_RATE
from cxlib.churn.ranking import delong
from cxlib.churn.reasons import encoded, encoded_log_odds
from cxlib.churn.validation import Validation
from cxlib.inference import ParameterError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

MOST_ROWS = 20_000  # intervals are narrow by then
SAME = 0.8  # an association from which features are looked at together as well


@dataclass(frozen=True)
class Importance:
    """How much worse the chosen model does without a feature, on customers it was not fitted to.

    `summary` has a row for each feature, and one for each group of features that tell much the same
    (`together` is true), the most important first: auc_drop, log_loss_rise, each with _low and
    _high, and n. `associations` are the pairs that made the groups: feature, other, measure, value,
    n. `note` says of whom and how.
    """

    summary: pd.DataFrame
    associations: pd.DataFrame
    groups: list[list[str]]
    note: str


def permutation_importance(
    validation: Validation, X: pd.DataFrame, *, repeats: int = 5, seed: int = 0
) -> Importance:
    """Fall of the AUC and rise of the log loss when a feature is shuffled (Breiman 2001).

    Among the customers held out together the values of one feature are dealt anew, `repeats` times,
    and the chosen model that was not fitted to them predicts again: importance is the AUC less the
    mean AUC over the shuffles, and the mean over the shuffles of the log loss a customer less that
    of the true values. X is the model table that was validated. Of features that tell much the same
    each alone may look unimportant, as the other stands in for it, or too important, as pairs of
    values arise that no customer has: those with an association of .8 or more (`associations`),
    directly or through others, are shuffled together as well, and that row is to be trusted.

    Intervals are of the sampling of customers and the shuffling, given the fitted models: for the
    AUC DeLong's, from the covariance S of all AUCs, c'S c with c = (1, -1/repeats, ...), so that
    what the shuffles have in common counts in full and their own noise by 1/repeats; for the log
    loss that of a mean. No interval (NaN) where an AUC is exactly 0 or 1. A feature the model does
    not use has exactly 0. Of more than 20,000 held-out customers a random sample of that size is
    taken, in the proportions of leavers and stayers. A missing value is shuffled like any other.
    Empty, with a note, where the base rate was chosen or fewer than two of either kind were judged.
    Raises ParameterError for fewer than 2 repeats.
    """
    if repeats < 2:
        raise ParameterError(f"repeats: {repeats} is too few; 2 are needed at least.")
    rng = np.random.default_rng(seed)
    taken = sample_rows(validation.churned, MOST_ROWS, rng)
    churned, table = validation.churned[taken], X.iloc[validation.rows[taken]]
    pairs = associations(table)
    groups = same_groups(pairs)
    columns = ["auc_drop", "auc_drop_low", "auc_drop_high", "log_loss_rise", "log_loss_rise_low"]
    columns += ["log_loss_rise_high", "n", "together"]
    rows = {}
    note = ""
    if validation.chosen == BASE_RATE:
        note = "The base rate was chosen: no feature matters to it."
    elif min(churned.sum(), (~churned).sum()) < 2:
        note = "Fewer than two of the customers judged left, or fewer than two stayed."
    else:
        units = [[str(name)] for name in X.columns] + groups
        true, shuffled = _shuffled_log_odds(
            validation, taken, table, units=units, repeats=repeats, rng=rng
        )
        for unit, odds in zip(units, shuffled, strict=True):
            figures = _importance(churned, true, odds, validation.level)
            rows[" + ".join(unit)] = [*figures, len(taken), len(unit) > 1]
        of = f" (a sample of {len(validation.rows):,})" if len(taken) < len(validation.rows) else ""
        note = (
            f"Each feature's values were dealt anew {repeats} times among {len(taken):,} customers"
            f"{of} that the model {validation.chosen} was not fitted to."
        )
    summary = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("feature")
    summary = summary.astype(dict.fromkeys(columns[:6], float) | {"n": int, "together": bool})
    summary = summary.sort_values("auc_drop", ascending=False, kind="stable")
    return Importance(summary, pairs, groups, note)


def associations(X: pd.DataFrame, *, least: float = SAME) -> pd.DataFrame:
    """Pairs of features that tell much the same, the closest first.

    Two numbers: size of Spearman's (1904) rank correlation. Two categories: Cramér's V with the
    bias correction of Bergsma (2013). A number and a category: correlation ratio of the ranks, the
    root of the share of their variance that lies between the levels. Rows where a number is missing
    are left out of its pairs; a missing category is a level. Columns: feature, other, measure,
    value (0 to 1, at least `least`), n.
    """
    numbers, _ = number_and_category_names(X)
    codes = {str(name): pd.factorize(X[name])[0] for name in X if name not in numbers}
    found = []
    for one, two in combinations(map(str, X.columns), 2):
        known = (X[one].notna() & X[two].notna()).to_numpy()
        if one in codes and two in codes:
            measure, value = "Cramér's V", _cramers_v(codes[one][known], codes[two][known])
        elif one in codes or two in codes:
            level, number = (one, two) if one in codes else (two, one)
            ranks = X.loc[known, [number]].rank().to_numpy(dtype=float)
            measure, value = "correlation ratio of ranks", _ratio(ranks[:, 0], codes[level][known])
        else:
            ranks = X.loc[known, [one, two]].rank().to_numpy(dtype=float)
            measure = "Spearman's correlation"
            steady = not known.any() or (np.ptp(ranks, axis=0) == 0).any()
            value = 0.0 if steady else abs(float(np.corrcoef(ranks, rowvar=False)[0, 1]))
        found.append((one, two, measure, value, int(known.sum())))
    table = pd.DataFrame(found, columns=["feature", "other", "measure", "value", "n"])
    close = table[table["value"] >= least].sort_values("value", ascending=False, kind="stable")
    return close.reset_index(drop=True)


def same_groups(pairs: pd.DataFrame) -> list[list[str]]:
    """Features tied by the pairs of `associations`, directly or through others."""
    groups: list[list[str]] = []
    for one, two in zip(pairs["feature"], pairs["other"], strict=True):
        tied = [group for group in groups if one in group or two in group]
        rest = [group for group in groups if group not in tied]
        merged = [name for group in tied for name in group]
        groups = [*rest, merged + [name for name in (one, two) if name not in merged]]
    return groups


def sample_rows(churned: BoolArray, most: int, rng: np.random.Generator) -> IntArray:
    """Positions of at most `most` rows, leavers and stayers in their proportion, in order."""
    if len(churned) <= most:
        return np.arange(len(churned))
    parts = [np.flatnonzero(churned == kind) for kind in (True, False)]
    sizes = [round(most * len(part) / len(churned)) for part in parts]
    taken = [rng.choice(part, size, False) for part, size in zip(parts, sizes, strict=True)]
    return np.sort(np.concatenate(taken))


def _shuffled_log_odds(
    validation: Validation,
    taken: IntArray,
    table: pd.DataFrame,
    *,
    units: list[list[str]],
    repeats: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Log odds as they are, shape (rows,), and shuffled, shape (units, repeats, rows)."""
    true = np.empty(len(taken))
    shuffled = np.empty((len(units), repeats, len(taken)))
    for number, model in enumerate(validation.fitted[validation.chosen]):
        held = np.flatnonzero(validation.fold[taken] == number)
        if not len(held):
            continue
        Z, owner = encoded(model, table.iloc[held])
        true[held] = encoded_log_odds(model, Z)
        repeated = np.tile(Z, (repeats, 1))
        order = np.concatenate([rng.permutation(len(held)) for _ in range(repeats)])
        for place, unit in enumerate(units):
            own = np.isin(owner, unit)
            if own.any():
                repeated[:, own] = Z[order][:, own]
                odds = encoded_log_odds(model, repeated).reshape(repeats, len(held))
                repeated[:, own] = np.tile(Z[:, own], (repeats, 1))
            else:
                odds = true[held]
            shuffled[place][:, held] = odds
    return true, shuffled


def _importance(
    churned: BoolArray, true: FloatArray, shuffled: FloatArray, level: float
) -> list[float]:
    """Fall of the AUC with its ends, rise of the log loss with its ends."""
    if (shuffled == true).all():
        return [0.0] * 6
    values, covariance = delong(churned, np.vstack([true, shuffled]))
    contrast = np.append(1.0, np.full(len(shuffled), -1 / len(shuffled)))
    # Rounding can leave a variance of -1e-20 where all rank alike.
    error = np.sqrt(max(float(contrast @ covariance @ contrast), 0.0))
    if np.isin(values, [0, 1]).any():
        error = np.nan
    losses = np.logaddexp(0, shuffled).mean(axis=0) - churned * shuffled.mean(axis=0)
    rise = losses - (np.logaddexp(0, true) - churned * true)
    rise_error = float(rise.std(ddof=1) / np.sqrt(len(rise)))
    z = float(ndtri(0.5 + level / 2))
    drop, loss = float(values @ contrast), float(rise.mean())
    ends = [drop, drop - z * error, drop + z * error]
    return [*ends, loss, loss - z * rise_error, loss + z * rise_error]


def _cramers_v(one: IntArray, two: IntArray) -> float:
    """Bias-corrected Cramér's V of two codings; 0 where one is constant."""
    counts = np.zeros((one.max(initial=-1) + 1, two.max(initial=-1) + 1))
    np.add.at(counts, (one, two), 1)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n, (r, c) = counts.sum(), counts.shape
    if min(r, c) < 2:
        return 0.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi = max(0.0, np.sum((counts - expected) ** 2 / expected) / n - (r - 1) * (c - 1) / (n - 1))
    rows, columns = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return float(min(1.0, np.sqrt(phi / min(rows - 1, columns - 1))))


def _ratio(x: FloatArray, codes: IntArray) -> float:
    """Correlation ratio of numbers and a coding; 0 where either is constant."""
    if len(x) == 0 or np.ptp(x) == 0:
        return 0.0
    counts = np.bincount(codes)
    sums = np.bincount(codes, weights=x - x.mean())
    between = np.sum(sums[counts > 0] ** 2 / counts[counts > 0])
    return float(np.sqrt(between / np.sum((x - x.mean()) ** 2)))
