"""Can the shares of R squared be believed? Collinearity, a forest, and other orders of drivers."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit
from sklearn.ensemble import RandomForestRegressor

from cxlib.drivers.answers import Answers, Moments, correlations, of_all, standardized_sample
from cxlib.drivers.shares import Importance
from cxlib.inference import Estimate

FloatArray = NDArray[np.float64]

FOREST_ROWS = 6_000  # more answers change the verdict little
UNSTABLE_VIF = 10.0  # Belsley, Kuh & Welsch 1980, as is the condition number
UNSTABLE_CONDITION = 30.0
PAIRS_SHOWN = 5
SMALL_GAIN = 0.02  # of the variance; less is not even a small effect (Cohen 1988, ch. 9)
FOLDS = 3
TREES = 60


@dataclass(frozen=True)
class Collinearity:
    """How much the drivers say the same: `vif` a driver, `pairs` the closest, one sentence."""

    vif: pd.Series
    condition_number: float
    pairs: pd.DataFrame
    sentence: str


def collinearity(moments: Moments, *, level: float = 0.95) -> Collinearity:
    """Variance inflation, condition number and the most correlated pairs of drivers.

    VIF_k = 1 / (1 - R2 of driver k on the others), infinite where they determine it. The condition
    number is the root of the ratio of the largest to the smallest eigenvalue of the correlation
    matrix. Over 10, or over 30 (Belsley, Kuh & Welsch 1980), coefficients are unstable; LMG and
    Johnson's weights stay defined but share out between such drivers what belongs to them
    together. `pairs` has the five largest |r| with Fisher's interval (n is Kish's effective size).
    """
    matrix = correlations(moments.blocks.sum(axis=0))[:-1, :-1]
    p = len(matrix)
    vif = np.ones(p)
    for k in range(p):
        others = np.delete(np.arange(p), k)
        with_k = matrix[others, k]
        inverse = np.linalg.pinv(matrix[np.ix_(others, others)], rcond=1e-10, hermitian=True)
        left = 1 - with_k @ inverse @ with_k
        vif[k] = 1 / left if left > 1e-8 else np.inf
    values = np.linalg.eigvalsh(matrix)
    condition = float(np.sqrt(values[-1] / values[0])) if values[0] > 1e-8 else np.inf
    margin = float(ndtri(0.5 + level / 2)) / np.sqrt(max(moments.effective - 3, 1))
    rows = []
    for i, j in combinations(range(p), 2):
        r = float(matrix[i, j])
        with np.errstate(divide="ignore"):
            low, high = np.tanh(np.arctanh(r) + np.array([-margin, margin]))
        row = {"first": moments.drivers[i], "second": moments.drivers[j]}
        rows.append(row | {"correlation": r, "low": float(low), "high": float(high)})
    pairs = pd.DataFrame(rows, columns=["first", "second", "correlation", "low", "high"])
    pairs = pairs.sort_values("correlation", key=np.abs, ascending=False, ignore_index=True)
    named = pd.Series(vif, index=pd.Index(moments.drivers, name="driver"), name="vif")
    return Collinearity(
        named, condition, pairs.head(PAIRS_SHOWN), _collinearity_sentence(named, condition, pairs)
    )


def _collinearity_sentence(vif: pd.Series, condition: float, pairs: pd.DataFrame) -> str:
    """What collinearity means for reading the shares."""
    unstable = [str(name) for name in vif.index[vif > UNSTABLE_VIF]]
    if not unstable and condition <= UNSTABLE_CONDITION:
        return (
            f"The drivers say different things (largest VIF {vif.max():.1f}, condition number "
            f"{condition:.0f}): their shares can be read one by one."
        )
    closest = pairs.iloc[0]
    named = ", ".join(unstable) or f"{closest['first']}, {closest['second']}"
    largest = "without limit" if np.isinf(vif.max()) else f"{vif.max():.0f}"
    return (
        f"{named} repeat what other drivers say (largest VIF {largest}; {closest['first']} and "
        f"{closest['second']} correlate {closest['correlation']:.2f}): their coefficients are "
        "unstable and their importance is split between them. Read them together, or keep one."
    )


@dataclass(frozen=True)
class Forest:
    """A random forest beside the linear model, judged on the same answers that neither saw.

    `forest` and `linear` are their R squared, `difference` forest minus linear; `importance` the
    rise of the squared error when a driver's ratings are shuffled, as a share of the variance.
    """

    forest: Estimate
    linear: Estimate
    difference: Estimate
    importance: pd.Series

    @property
    def sentence(self) -> str:
        """Whether bends and interactions that matter (SMALL_GAIN) are there to be missed."""
        gain = self.difference
        if gain.value is None or gain.low is None or gain.high is None:
            return f"Whether straight lines miss something cannot be told: {gain.method}."
        figure = (
            f"({gain.value:+.3f} of the variance, {100 * gain.level:.0f} % interval "
            f"{gain.low:+.3f} to {gain.high:+.3f})"
        )
        if gain.low > SMALL_GAIN:
            return (
                f"A random forest foretells unseen answers better than the linear model {figure}: "
                "there are bends or interactions that the linear shares do not show."
            )
        if gain.high <= SMALL_GAIN:
            return (
                f"A random forest foretells unseen answers hardly better, if at all, than the "
                f"linear model {figure}: no bends or interactions are missed that explain more "
                f"than {SMALL_GAIN:g} of the variance."
            )
        return (
            f"Whether a random forest foretells unseen answers better than the linear model is not "
            f"settled {figure}: bends or interactions that explain more than {SMALL_GAIN:g} of the "
            "variance are neither shown nor ruled out."
        )


def forest_check(answers: Answers, rng: np.random.Generator, *, level: float = 0.95) -> Forest:
    """Does a forest, which bends and combines drivers freely, explain more than straight lines?

    On at most 6,000 answers drawn at random, in three folds: a forest of 60 trees (Breiman 2001;
    a third of the drivers tried at each split, leaves of 5 or more) and weighted least squares are
    fitted to two folds and judged on the third. R squared = 1 - sum w e^2 / sum w (y - mean)^2,
    with the linearized t interval of a ratio over the answers; it describes new answers given
    these fits, not the variation of fitting again. Importance is by permutation within the held-out
    fold.
    """
    x, y, w = standardized_sample(answers, rng, most=FOREST_ROWS)
    n, p = x.shape
    fold = rng.permutation(n) % FOLDS
    error_forest, error_linear, rise = np.empty(n), np.empty(n), np.zeros((n, p))
    for held in range(FOLDS):
        test, train = fold == held, fold != held
        trees = RandomForestRegressor(
            TREES,
            min_samples_leaf=5,
            max_features=max(1, p // 3),
            n_jobs=2,
            random_state=int(rng.integers(2**31)),
        )
        trees.fit(x[train], y[train], sample_weight=w[train])
        trees.set_params(n_jobs=1)  # handing trees to threads costs more than predicting
        error_forest[test] = (y[test] - trees.predict(x[test])) ** 2
        root = np.sqrt(w[train])[:, None]
        design = np.column_stack([np.ones(n), x])
        slopes = np.linalg.lstsq(design[train] * root, y[train] * root[:, 0], rcond=None)[0]
        error_linear[test] = (y[test] - design[test] @ slopes) ** 2
        for k in range(p):
            shuffled = x[test].copy()
            shuffled[:, k] = rng.permutation(shuffled[:, k])
            rise[test, k] = (y[test] - trees.predict(shuffled)) ** 2 - error_forest[test]
    spread = (y - np.average(y, weights=w)) ** 2
    names = {"forest": "random forest", "linear": "linear model"}
    tail = "on held-out answers, linearized t interval" + of_all(answers, n)
    shares = rise.T @ w / (w @ spread)
    return Forest(
        forest=_ratio(
            spread - error_forest, spread, w, level, f"{names['forest']} R squared {tail}"
        ),
        linear=_ratio(
            spread - error_linear, spread, w, level, f"{names['linear']} R squared {tail}"
        ),
        difference=_ratio(
            error_linear - error_forest, spread, w, level, f"difference of R squared {tail}"
        ),
        importance=pd.Series(shares, pd.Index(answers.drivers, name="driver"), name="importance"),
    )


def _ratio(
    above: FloatArray, below: FloatArray, w: FloatArray, level: float, method: str
) -> Estimate:
    """sum w above / sum w below, with n / (n - 1) * sum (w (a - ratio b))^2 / (sum w b)^2."""
    n = len(above)
    value = float(w @ above / (w @ below))
    error = np.sqrt(n / (n - 1) * np.sum((w * (above - value * below)) ** 2)) / (w @ below)
    margin = float(stdtrit(n - 1, 0.5 + level / 2) * error)
    return Estimate(value, value - margin, value + margin, level, n, method)


@dataclass(frozen=True)
class Agreement:
    """How another measure of the same drivers orders them: Spearman's correlation, a sentence."""

    spearman: float | None
    sentence: str


def agreement(found: Importance, strength: pd.Series, name: str) -> Agreement:
    """Does another measure (`strength`, more is more; `name` for the sentence) order them alike?

    Spearman's correlation of the two orders; it describes these drivers, which are no sample of
    drivers, and has no interval. What counts is whether the measure's leader is one of those that
    cannot be told from the leader here.
    """
    both = found.summary[["rank", "leading"]].join(strength.rename("strength"))
    both = both[both["strength"].notna()].sort_values("strength", ascending=False)
    if len(both) < 3:
        return Agreement(None, f"{name} has no order of at least three drivers to compare.")
    spearman = float(both["rank"].rank(ascending=False).corr(both["strength"].rank()))
    leader, first = both.index[0], both.iloc[0]
    text = f"{name} orders the drivers with a Spearman correlation of {spearman:.2f} to"
    if first["leading"]:
        verdict = f"its leader, {leader}, is among those that may lead here too"
    else:
        verdict = (
            f"its leader, {leader}, has rank {first['rank']} here: the two disagree, look closer"
        )
    return Agreement(spearman, f"{text} {found.ranked_by}; {verdict}.")
