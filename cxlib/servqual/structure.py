"""Structure: do the declared dimensions stand in these answers, and who answered without reading?

The rule of the verdict, fixed before it met any data. Two dimensions are told apart when their
heterotrait-monotrait ratio is below .90 and its interval below 1 (Henseler, Ringle & Sarstedt
2015). A dimension stands when it is told apart from every other one and at least two thirds of its
items load highest on its own factor, of as many rotated factors as there are dimensions, matched
to them one to one. All stand: the dimensions stand; some: they stand in part; none: they do not,
and parallel analysis counts how many factors the answers hold. A single declared dimension stands
when parallel analysis counts one factor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment
from scipy.special import chdtrc
from statsmodels.multivariate.factor_rotation import rotate_factors

from cxlib.inference import MIN_GROUP, Estimate, FloatArray, proportion_interval, wald_interval
from cxlib.servqual.factors import Factors, fit_factors
from cxlib.servqual.gaps import Dimensions

SAME = 0.90  # heterotrait-monotrait ratio from which two dimensions count as one
OWN_SHARE = 2 / 3  # of a dimension's items that must load highest on its own factor
LEAST_PER_ITEM = 3  # respondents for each item, below which factors are noise
LEAST_SAMPLING_ADEQUACY = 0.5  # Kaiser (1974) calls less unacceptable
LEAST_ITEMS = 10  # as many equal answers in a row do not come about by reading

Verdict = Literal["stand", "stand in part", "do not stand", "cannot be judged"]


@dataclass(frozen=True)
class Correlations:
    """Correlations between items, from answers (`correlations`) or published with their n.

    `n`: respondents; `constant`: items left out because all answers to them are the same.
    `standardized` (n, items) and `weights` (n) are there where the answers are.
    """

    matrix: pd.DataFrame
    n: int
    constant: tuple[str, ...] = ()
    standardized: FloatArray | None = None
    weights: FloatArray | None = None

    @property
    def effective_n(self) -> float:
        """(sum w)^2 / sum w^2 (Kish 1965): n where all weights are equal."""
        if self.weights is None or not self.n:
            return self.n
        return float(self.weights.sum() ** 2 / np.sum(self.weights**2))

    def standard_error(self, gradient: FloatArray) -> float:
        """The standard error of a function of the correlations, by the delta method.

        `gradient`: symmetric, its slope by each r_jk, zero on the diagonal. A respondent's
        influence is z' A z with A = G / 2 - diag(sum_k G_jk r_jk) / 2. From answers its (weighted,
        linearized) variance is taken as found, whatever their distribution; without them that under
        normal answers, 2 tr(A R A R) / n.
        """
        r = self.matrix.to_numpy()
        form = gradient / 2 - np.diag((gradient * r).sum(axis=1)) / 2
        if self.standardized is None or self.weights is None:
            product = form @ r
            return float(np.sqrt(2 * np.trace(product @ product) / self.n))
        used = np.flatnonzero(form.any(axis=0))
        z, w = self.standardized[:, used], self.weights
        influence = ((z @ form[np.ix_(used, used)]) * z).sum(axis=1)
        return float(np.sqrt(self.n / (self.n - 1) * np.sum((w * influence) ** 2)) / w.sum())


@dataclass(frozen=True)
class Structure:
    """Whether the declared dimensions stand, and what says so.

    `verdict` and `sentence`: by the rule at the head of this module. `dimensions`: a row a
    dimension: items, mean_r between its items with low and high, variance_extracted (average, of
    one factor; missing below three items or without a proper solution), own_share of its items that
    load highest on its own factor, same_as (dimensions it is not told apart from), stands. `pairs`:
    a row two dimensions: htmt with low, high, told_apart, fornell_larcker (Fornell & Larcker 1981:
    both variances extracted exceed htmt^2; shown, not used). `loadings`: a row an item: dimension,
    a column for each dimension's factor, highest_on, uniqueness, improper (Heywood case).
    `eigenvalues`: a row a factor: eigenvalue, reference (the quantile of pure noise), and whether
    it counts. `suitability`: sampling_adequacy (Kaiser-Meyer-Olkin), Bartlett's chi2, df and p, n,
    items, factors (counted by parallel analysis). Where it cannot be judged the tables not reached
    are empty.
    """

    verdict: Verdict
    sentence: str
    dimensions: pd.DataFrame
    pairs: pd.DataFrame
    loadings: pd.DataFrame
    eigenvalues: pd.DataFrame
    suitability: pd.Series

    @property
    def summary(self) -> pd.DataFrame:
        """A row a dimension: what stands and why."""
        return self.dimensions


@dataclass(frozen=True)
class StraightLiners:
    """Respondents who gave one answer throughout.

    `mask`: a row a respondent, True for a straight-liner. `share`: of those who answered enough
    items. `table`: a row an answer: how many gave it throughout.
    """

    mask: pd.Series
    share: Estimate
    table: pd.DataFrame

    @property
    def summary(self) -> pd.DataFrame:
        """How many gave each answer throughout."""
        return self.table


def correlations(answers: pd.DataFrame, *, weights: ArrayLike | None = None) -> Correlations:
    """(Weighted) Pearson correlations of the items, of respondents who answered all of them.

    An item that all of these answered alike has no correlation: it is left out and named. A weight
    that is missing or zero counts as no answer.
    """
    x = answers.to_numpy(dtype=float)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(x).any(axis=1) & (w > 0)
    x, w = x[known], w[known]
    varied = np.ptp(x, axis=0) > 0 if len(x) else np.zeros(x.shape[1], dtype=bool)
    names = answers.columns[varied]
    constant = tuple(str(name) for name in answers.columns[~varied]) if len(x) else ()
    z = x[:, varied]
    if z.size:
        z = z - np.average(z, axis=0, weights=w)
        z /= np.sqrt(np.average(z**2, axis=0, weights=w))
    r = (z * (w / w.sum())[:, None]).T @ z if z.size else np.empty((0, 0))
    np.fill_diagonal(r, 1)
    return Correlations(pd.DataFrame(r, index=names, columns=names), len(x), constant, z, w)


def factor_check(
    found: Correlations,
    dimensions: Dimensions,
    rng: np.random.Generator,
    *,
    draws: int = 500,
    level: float = 0.95,
) -> Structure:
    """Do the declared dimensions stand? The rule is at the head of this module.

    Counting factors: Horn's (1965) parallel analysis, the leading eigenvalues of R above the
    `level` quantile of those of `draws` samples of unrelated normal answers (Glorfeld 1995); where
    factors go together it counts too few. Loadings: maximum likelihood, oblique rotation
    (quartimin) from a varimax start, factors matched to dimensions so that the sum of squared
    loadings of items on their own factor is greatest. Telling apart: htmt_ab = mean r between the
    items of a and b / sqrt(mean r within a * mean r within b), which estimates the correlation of
    what the two measure without error, with its delta-method interval (at 100 respondents it
    covers .92 to .95 for 95 %, at 400 about .94: docs/coverage.md).

    A dimension with fewer than two (varying) items cannot be checked: it is left out and named. Not
    judged at all: fewer than three respondents an item, a sampling adequacy below .5, items that
    follow exactly from others, too many factors for the items. Weighted figures take the effective
    n (Kish).
    """
    names = set(found.matrix.columns)
    kept = {d: [i for i in ids if i in names] for d, ids in dimensions.items()}
    left_out = [d for d, ids in kept.items() if len(ids) < 2]
    kept = {d: ids for d, ids in kept.items() if len(ids) > 1}
    items = [item for ids in kept.values() for item in ids]
    z = found.standardized
    if z is not None:
        z = z[:, [list(found.matrix.columns).index(item) for item in items]]
    matrix = found.matrix.loc[items, items]
    found = replace(found, matrix=matrix, standardized=z)
    r = matrix.to_numpy(dtype=float)
    notes = ""
    if found.constant:
        notes += f" Left out, for all answers to them are the same: {', '.join(found.constant)}."
    if left_out:
        notes += f" Not checked, for want of two items: {', '.join(left_out)}."
    n, p, k = found.effective_n, len(items), len(kept)
    suitability = pd.Series({"n": found.n, "items": p}, dtype=float)
    obstacle = _obstacle(r, found.n, n, k)
    if obstacle:
        return _not_judged(obstacle, notes, suitability)
    eigenvalues = _parallel_analysis(r, n, rng, draws, level)
    factors = int(eigenvalues["counts"].sum())
    suitability = _suitability(r, n).combine_first(suitability)
    suitability["factors"] = factors
    if suitability["sampling_adequacy"] < LEAST_SAMPLING_ADEQUACY:
        reason = f"the items share too little (KMO {suitability['sampling_adequacy']:.2f})"
        return _not_judged(reason, notes, suitability, eigenvalues)
    try:
        fit = fit_factors(r, k)
    except RuntimeError:
        reason = f"the model of {k} factors did not converge"
        return _not_judged(reason, notes, suitability, eigenvalues)
    loadings = _matched_loadings(fit, kept, items)
    pairs = _pairs(found, kept, level)
    table = _dimension_table(found, kept, loadings, pairs, level)
    extracted = table["variance_extracted"]
    least = np.minimum(
        extracted.loc[pairs["dimension"]].to_numpy(), extracted.loc[pairs["other"]].to_numpy()
    )
    exceeds = pd.Series(least > pairs["htmt"] ** 2, index=pairs.index, dtype="boolean")
    pairs["fornell_larcker"] = exceeds.mask(np.isnan(least))
    if k == 1:
        table["stands"] = factors == 1
    verdict, sentence = _judged(table, pairs, factors, found.n)
    if loadings["improper"].any():
        improper = ", ".join(loadings.index[loadings["improper"]].astype(str))
        notes += f" Read the loadings with care: they leave no variance of its own to {improper}."
    return Structure(verdict, sentence + notes, table, pairs, loadings, eigenvalues, suitability)


def reversed_items(item_table: pd.DataFrame) -> pd.DataFrame:
    """Items that surely go against the others of their dimension: reversed and not keyed so?

    `item_table` as from `reliability.item_table`. Surely: the whole interval of the corrected
    item-total correlation lies below zero. Returns those rows: dimension, item, n, r, r_low,
    r_high, warning. Of a dimension of two items, or one whose items mostly go against each other,
    it cannot be said which are reversed; the warning says so.
    """
    against = item_table["r_high"] < 0
    rows = item_table.loc[against, ["dimension", "item", "n", "r", "r_low", "r_high"]]
    share = against.groupby(item_table["dimension"]).mean()
    warnings = []
    for row in rows.to_dict("records"):
        figure = f"r {row['r']:.2f}, {row['r_low']:.2f} to {row['r_high']:.2f}"
        start = f"Item {row['item']} goes against the other items of {row['dimension']} ({figure}):"
        if share[row["dimension"]] > 0.5:
            warnings.append(f"{start} so do most of them, so which are reversed is for the wording")
        else:
            warnings.append(f"{start} check its wording, and `reverse` in the instrument")
    return rows.assign(warning=pd.Series(warnings, index=rows.index, dtype=str))


def reversed_verdict(against: pd.DataFrame) -> str:
    """What to check before any result is used, in a sentence; empty where nothing goes against.

    Reads `reversed_items`.
    """
    if against.empty:
        return ""
    named = ", ".join(against["item"].astype(str))
    one = len(against) == 1
    return (
        f"Check the questionnaire first: item{'' if one else 's'} {named} look{'s' * one}"
        f" reverse-keyed, but {'is' if one else 'are'} not declared so; until that is settled, do"
        " not act on what follows."
    )


def straight_liners(
    answers: pd.DataFrame,
    *,
    reverse: Sequence[str] = (),
    scale: tuple[float, float] = (1, 7),
    level: float = 0.95,
) -> StraightLiners:
    """Respondents who gave the same answer to all items that they answered, ten at least.

    `answers`: perceptions, a column an item. Expectations are not the place to look: many people
    honestly expect the most of everything. `reverse`: items that were turned on reading; they are
    turned back (low + high - answer, by `scale`), for the sign is one answer down the form as
    printed. Equal answers are not proof: a respondent may mean them, so figures are to be shown
    with and without (answers[~mask]). The share is of the forms on which ten items or more were
    answered, with Wilson's interval; survey weights do not enter, for it speaks of forms and not of
    customers. Fewer than 10 such forms give no share.
    """
    printed = answers.astype(float)
    turned = [item for item in reverse if item in printed.columns]
    printed = printed.assign(**{item: sum(scale) - printed[item] for item in turned})
    judged = printed.notna().sum(axis=1) >= LEAST_ITEMS
    first = printed.max(axis=1)
    mask = judged & (first == printed.min(axis=1))
    counts = first[mask].value_counts().sort_index()
    table = counts.rename_axis("answer").rename("respondents").reset_index()
    share = proportion_interval(int(mask.sum()), int(judged.sum()), level=level)
    if share.n < MIN_GROUP:
        reason = f"fewer than {MIN_GROUP} respondents answered {LEAST_ITEMS} items or more"
        share = Estimate(None, None, None, level, share.n, reason)
    return StraightLiners(mask.rename("straight_liner"), share, table)


def _obstacle(r: FloatArray, respondents: int, effective_n: float, factors: int) -> str:
    """Why no factor model can be fitted to these correlations; empty where one can."""
    p = len(r)
    if effective_n < max(MIN_GROUP, LEAST_PER_ITEM * p):
        return f"{respondents} respondents answered all items, fewer than {LEAST_PER_ITEM} an item"
    if p < 3:
        return f"the dimensions hold {p} items that can be compared"
    if np.linalg.eigvalsh(r)[0] < 1e-8:
        return "some items follow exactly from others"
    if (p - factors) ** 2 < p + factors:
        return f"{p} items are too few for {factors} factors"
    return ""


def _suitability(r: FloatArray, n: float) -> pd.Series:
    """Kaiser-Meyer-Olkin (Kaiser 1974) and Bartlett's (1950) test that no items correlate."""
    p = len(r)
    inverse = np.linalg.inv(r)
    partial = inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    outside = ~np.eye(p, dtype=bool)
    shared, unshared = np.sum(r[outside] ** 2), np.sum(partial[outside] ** 2)
    chi2 = -(n - 1 - (2 * p + 5) / 6) * np.linalg.slogdet(r)[1]
    df = p * (p - 1) / 2
    figures = {"sampling_adequacy": shared / (shared + unshared)}
    return pd.Series(figures | {"chi2": chi2, "df": df, "p": chdtrc(df, chi2)})


def _parallel_analysis(
    r: FloatArray, n: float, rng: np.random.Generator, draws: int, level: float
) -> pd.DataFrame:
    """Eigenvalues against those of noise; the leading ones that exceed it count."""
    p = len(r)
    # Bartlett's decomposition: cross products of n normal answers without drawing the answers.
    lower = np.tril(rng.normal(size=(draws, p, p)), -1)
    lower[:, range(p), range(p)] = np.sqrt(rng.chisquare(n - 1 - np.arange(p), size=(draws, p)))
    lower /= np.sqrt((lower**2).sum(axis=2, keepdims=True))
    noise = np.linalg.eigvalsh(lower @ lower.transpose(0, 2, 1))[:, ::-1]
    values = np.linalg.eigvalsh(r)[::-1]
    reference = np.quantile(noise, level, axis=0)
    return pd.DataFrame(
        {
            "eigenvalue": values,
            "reference": reference,
            "counts": np.logical_and.accumulate(values > reference),
        },
        index=pd.RangeIndex(1, p + 1, name="factor"),
    )


def _matched_loadings(
    fit: Factors, dimensions: Mapping[str, list[str]], items: list[str]
) -> pd.DataFrame:
    """Rotated loadings, each factor under the name of the dimension it is matched to."""
    rotated = fit.loadings
    if len(dimensions) > 1:
        rotated, _ = rotate_factors(rotated, "varimax")
        rotated, _ = rotate_factors(rotated, "oblimin", 0, "oblique")
    own = [dimension for dimension, ids in dimensions.items() for _ in ids]
    names = list(dimensions)
    member = np.array([[name == one for one in own] for name in names], dtype=float)
    _, order = linear_sum_assignment(member @ rotated**2, maximize=True)
    matched = rotated[:, order]
    matched = matched * np.where((member.T * matched).sum(axis=0) < 0, -1, 1)
    table = pd.DataFrame(matched, index=pd.Index(items, name="item"), columns=names)
    highest = np.array(names)[np.abs(matched).argmax(axis=1)]
    table.insert(0, "dimension", own)
    return table.assign(highest_on=highest, uniqueness=fit.uniquenesses, improper=fit.improper)


def _mean_correlation(
    found: Correlations, first: list[str], second: list[str]
) -> tuple[float, FloatArray]:
    """The mean r between two sets of items, or within one, and its slopes by each r."""
    rows = found.matrix.index.isin(first)
    columns = found.matrix.index.isin(second)
    chosen = np.outer(rows, columns) | np.outer(columns, rows)
    np.fill_diagonal(chosen, False)
    slopes = chosen / (chosen.sum() / 2)
    return float(found.matrix.to_numpy()[chosen].mean()), slopes


def _pairs(found: Correlations, dimensions: Mapping[str, list[str]], level: float) -> pd.DataFrame:
    rows = []
    for a, b in combinations(dimensions, 2):
        between, slopes = _mean_correlation(found, dimensions[a], dimensions[b])
        within = [_mean_correlation(found, dimensions[one], dimensions[one]) for one in (a, b)]
        row: dict[str, object] = {"dimension": a, "other": b, "told_apart": False}
        if min(mean for mean, _ in within) > 0:
            scale = np.sqrt(within[0][0] * within[1][0])
            ratio = between / scale
            change = sum(slope / mean for mean, slope in within)
            error = found.standard_error(slopes / scale - ratio / 2 * change)
            one = wald_interval(ratio, error, found.n, level=level)
            row |= {"htmt": ratio, "low": one.low, "high": one.high}
            row["told_apart"] = bool(ratio < SAME and one.high is not None and one.high < 1)
        rows.append(row)
    columns = ["dimension", "other", "htmt", "low", "high", "told_apart"]
    table = pd.DataFrame(rows, columns=columns)
    numbers = dict.fromkeys(["htmt", "low", "high"], float)
    return table.astype(numbers | {"told_apart": bool})


def _dimension_table(
    found: Correlations,
    dimensions: Mapping[str, list[str]],
    loadings: pd.DataFrame,
    pairs: pd.DataFrame,
    level: float,
) -> pd.DataFrame:
    own = loadings["highest_on"] == loadings["dimension"]
    share = own.groupby(loadings["dimension"]).mean()
    merged = pairs[~pairs["told_apart"]]
    rows = []
    for name, ids in dimensions.items():
        mean, slopes = _mean_correlation(found, ids, ids)
        within = wald_interval(mean, found.standard_error(slopes), found.n, level=level)
        same = [*merged.loc[merged["dimension"] == name, "other"]]
        same += [*merged.loc[merged["other"] == name, "dimension"]]
        same = [one for one in dimensions if one in same]
        row = {"dimension": name, "items": len(ids), "mean_r": mean, "low": within.low}
        row |= {"high": within.high, "variance_extracted": _variance_extracted(found, ids)}
        row |= {"own_share": share[name], "same_as": ", ".join(same)}
        rows.append(row | {"stands": bool(not same and share[name] >= OWN_SHARE - 1e-9)})
    return pd.DataFrame(rows).set_index("dimension")


def _variance_extracted(found: Correlations, items: list[str]) -> float:
    if len(items) < 3:
        return np.nan
    try:
        fit = fit_factors(found.matrix.loc[items, items].to_numpy(), 1)
    except RuntimeError:
        return np.nan
    return np.nan if fit.improper.any() else float(np.mean(fit.loadings**2))


def _judged(
    table: pd.DataFrame, pairs: pd.DataFrame, factors: int, respondents: int
) -> tuple[Verdict, str]:
    k, stands, these = len(table), table["stands"], f"these answers (n = {respondents:,})"
    counted = f"about {factors} factor{'' if factors == 1 else 's'}"
    if k == 1:
        if stands.all():
            return "stand", f"The one dimension stands: {these} hold about 1 factor."
        return "do not stand", f"One dimension is not enough: {these} hold {counted}."
    if stands.all():
        sentence = (
            f"All {k} dimensions stand in {these}: each is told apart from the others, and"
            " its items gather on a factor of their own."
        )
        if factors != k:
            sentence += f" They hold {counted}"
            sentence += ", as is found where dimensions go together." if factors < k else "."
        return "stand", sentence
    reasons = [f"not told apart: {', '.join(group)}" for group in _run_together(pairs)]
    scattered = table.index[table["own_share"] < OWN_SHARE - 1e-9]
    if len(scattered):
        reasons.append(f"items that do not gather on a factor of their own: {', '.join(scattered)}")
    why = "; ".join(reasons)
    if not stands.any():
        return "do not stand", f"The {k} dimensions do not stand: {these} hold {counted} ({why})."
    return "stand in part", (
        f"{stands.sum()} of {k} dimensions {'stands' if stands.sum() == 1 else 'stand'} in {these}"
        f": {', '.join(table.index[stands])}; {why}. The answers hold {counted}."
    )


def _run_together(pairs: pd.DataFrame) -> list[list[str]]:
    """The groups of dimensions linked, directly or by others, by not being told apart."""
    order = list(dict.fromkeys([*pairs["dimension"], *pairs["other"]]))
    groups: list[set[str]] = []
    for row in pairs[~pairs["told_apart"]].to_dict("records"):
        linked = {row["dimension"], row["other"]}
        joined = [group for group in groups if group & linked]
        groups = [group for group in groups if not group & linked]
        groups.append(linked.union(*joined))
    return [sorted(group, key=order.index) for group in groups]


def _not_judged(
    reason: str, notes: str, suitability: pd.Series, eigenvalues: pd.DataFrame | None = None
) -> Structure:
    empty = pd.DataFrame()
    return Structure(
        "cannot be judged",
        f"Whether the dimensions stand cannot be judged: {reason}." + notes,
        empty,
        empty,
        empty,
        empty if eigenvalues is None else eigenvalues,
        suitability,
    )
