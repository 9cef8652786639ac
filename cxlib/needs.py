"""Needs-based segments from a survey: latent classes of ratings and other attributes.

Respondents differ in what they rate high and low and in who they are: ratings on a scale, groups
in words and numbers at once, with blanks. A latent class model takes them as they are. Ratings
always share a general level, so classes are also asked whether they are more than that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score
from stepmix.stepmix import StepMix
from threadpoolctl import threadpool_limits

from cxlib.inference import (
    Estimate,
    mean_interval,
    percentile_interval,
    proportion_interval,
    suppressed,
    wald_interval,
)
from cxlib.privacy import suppression

FloatArray = NDArray[np.float64]
Verdict = Literal["segments", "levels", "weak", "none"]

FIT_ROWS = 1_000
LEAST_ROWS = 100
MOST_CLASSES = 6
STARTS = 3
BOOTSTRAP_DRAWS = 25
BOOTSTRAP_STARTS = 1
# Of the mean log-likelihood of a respondent.
TOLERANCE = 1e-5
BOOTSTRAP_TOLERANCE = 1e-4
MOST_STEPS = 5_000
# Answers with more different values than this are taken as continuous.
MOST_CATEGORIES = 10
# Hennig (2007): clusters with a stability above .75 are valid.
STABLE = 0.75
# Above this share of what sets the classes apart they are levels of one scale, not kinds.
LEVEL_SHARE = 0.8
# A class rates high or low what lies this many standard deviations from all respondents.
NOTABLE = 0.25


@dataclass(frozen=True)
class NeedsSegments:
    """Classes of respondents and the evidence for them.

    labels       class of each respondent, from 1, the largest first; 0 without any answer
    classes      their number
    criteria     for each number of classes: log_likelihood, parameters, bic, entropy
    sizes        for each class: n, rate with low and high, certainty with low and high, words
    ratings      for each class and rated aspect: mean, low, high, n, difference (in sd, of all)
    groups       for each class and value of an attribute: rate, low, high, n, all_rate
    stability    adjusted Rand index of bootstrap classes with these
    level_share  share of what sets the classes' ratings apart that is their general level
    verdict      "segments", "levels", "weak" or "none", explained by `statement`
    """

    labels: NDArray[np.int64]
    classes: int
    criteria: pd.DataFrame
    sizes: pd.DataFrame
    ratings: pd.DataFrame
    groups: pd.DataFrame
    stability: Estimate
    level_share: float
    verdict: Verdict
    statement: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.sizes

    @property
    def answer(self) -> str:
        """The `statement` without its figures."""
        return f"{_in_words(self.verdict, self.classes)}."


def needs_or_reason(
    answers: pd.DataFrame,
    ratings: Sequence[str],
    attributes: Sequence[str],
    *,
    rng: np.random.Generator,
    level: float = 0.95,
) -> tuple[NeedsSegments | None, str]:
    """Needs-based segments and their statement, or None and why there can be none.

    Needs at least three rated aspects with more than one answer, and 100 respondents who rated at
    least one.
    """
    varied = [name for name in ratings if answers[name].nunique() > 1]
    if len(varied) < 3:
        return None, f"{len(varied)} rated aspects are too few to look for needs; 3 are needed."
    rated = int(answers[varied].notna().any(axis=1).sum())
    if rated < LEAST_ROWS:
        return None, f"{rated} respondents are too few to look for needs; {LEAST_ROWS} are needed."
    found = find_needs(answers, varied, attributes, rng=rng, level=level)
    return found, found.statement


# In hundreds of small fits threads only wait for one another.
@threadpool_limits.wrap(limits=1)
def find_needs(
    answers: pd.DataFrame,
    ratings: Sequence[str],
    attributes: Sequence[str],
    *,
    rng: np.random.Generator,
    level: float = 0.95,
) -> NeedsSegments:
    """Latent classes (Lazarsfeld & Henry 1968) of ratings and attributes of mixed kind.

    Within a class all columns are independent. Columns of text, and those of up to 10 different
    numbers, have a probability for each value; other numbers are normal with a mean and variance
    for each class. A blank is left out of the likelihood of its respondent (full information:
    sound where blanks depend on what was answered alone). Attributes of a single value or of more
    than 10 words play no part. Fitted by EM from 3 random starts (StepMix: Morin et al. 2025) on at
    most 1,000 respondents chosen at random; all get the class of greatest probability.

    Number of classes: the least BIC, from 1 upwards until it rises (6 at most); one class means no
    segments. Stability: the adjusted Rand index with the classes of 25 bootstrap samples. The share
    of a class has the Wald interval of their spread about it and of sampling; the figures of a
    class take the classes as given.
    `level_share`: of the weighted squares of (class mean - mean) / sd over classes and aspects,
    what the mean over the aspects accounts for; above .8 the classes are levels of one scale.
    Verdict: "none" with one class, "levels" above .8, else "segments" with a stability above .75
    and "weak" with less.
    Respondents without any rating are left out, and all count alike: survey weights are not used.
    """
    columns = [*ratings, *(a for a in attributes if _usable(answers[a]))]
    rated = answers[list(ratings)].notna().any(axis=1).to_numpy()
    data = _Coded(answers.loc[rated, columns])
    rows = rng.permutation(len(data.X))[:FIT_ROWS]
    sample = data.X[rows]
    models, criteria = _fit_until_worse(data, sample, rng)
    classes = 1 + int(criteria["bic"].argmin())
    model = models[classes]
    certainty = model.predict_proba(data.X)
    order = np.argsort(-np.bincount(certainty.argmax(axis=1), minlength=classes), kind="stable")
    number = np.empty(classes, dtype=np.int64)
    number[order] = np.arange(1, classes + 1)
    labels = number[certainty.argmax(axis=1)]
    stability, errors = _resampled(data, sample, model, rng, level)
    known = answers[rated]
    rating_table, share = _rating_profiles(known, list(ratings), labels, level)
    sizes = _sizes(labels, certainty.max(axis=1), errors[order], level)
    sizes["words"] = _words(rating_table, sizes.index)
    verdict = _verdict(classes, share, stability)
    entropy = float(criteria["entropy"].loc[classes])
    every = np.zeros(len(answers), dtype=np.int64)
    every[rated] = labels
    return NeedsSegments(
        labels=every,
        classes=classes,
        criteria=criteria,
        sizes=sizes,
        ratings=rating_table,
        groups=_group_profiles(known, columns[len(ratings) :], labels, level),
        stability=stability,
        level_share=share,
        verdict=verdict,
        statement=_statement(verdict, classes, share, stability, entropy),
    )


def _usable(column: pd.Series) -> bool:
    return column.nunique() > 1 and (
        pd.api.types.is_numeric_dtype(column) or column.nunique() <= MOST_CATEGORIES
    )


class _Coded:
    """Answers as StepMix reads them: a block of 0 and 1 for each value, then the numbers.

    Coded here once: left to itself StepMix codes anew in every step (ten times the time).
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        many = [name for name in frame if frame[name].nunique() > MOST_CATEGORIES]
        few = [name for name in frame if name not in many]
        values = [np.sort(frame[name].dropna().unique()) for name in few]
        self.width = max(len(one) for one in values) if few else 0
        self.values = sum(len(one) for one in values)
        blocks = []
        for name, own in zip(few, values, strict=True):
            codes = pd.Categorical(frame[name], categories=own).codes
            block = np.zeros((len(frame), self.width))
            block[np.arange(len(frame)), np.maximum(codes, 0)] = 1
            block[codes < 0] = np.nan
            blocks.append(block)
        numbers = frame[many].to_numpy(dtype=float)
        spread = np.nanstd(numbers, axis=0) if many else 1.0
        blocks.append((numbers - np.nanmean(numbers, axis=0)) / spread if many else numbers)
        self.X: FloatArray = np.hstack(blocks)
        self.few, self.many = len(few), len(many)

    def measurement(self) -> dict[str, dict[str, Any]]:
        """What StepMix is told of the columns; new each time, as it empties what it is given."""
        blocks: dict[str, dict[str, Any]] = {}
        if self.few:
            blocks["values"] = {
                "model": "categorical_nan",
                "n_columns": self.few * self.width,
                "integer_codes": False,
                "max_n_outcomes": self.width,
                "total_outcomes": self.values,
            }
        if self.many:
            blocks["numbers"] = {"model": "gaussian_diag_nan", "n_columns": self.many}
        return blocks


def _fit(
    data: _Coded, X: FloatArray, classes: int, rng: np.random.Generator, *, repeated: bool = False
) -> StepMix:
    starts = BOOTSTRAP_STARTS if repeated else STARTS
    return StepMix(
        classes,
        measurement=data.measurement(),
        n_init=starts if classes > 1 else 1,
        abs_tol=BOOTSTRAP_TOLERANCE if repeated else TOLERANCE,
        max_iter=MOST_STEPS,
        random_state=int(rng.integers(2**31)),
        progress_bar=0,
    ).fit(X)


def _fit_until_worse(
    data: _Coded, X: FloatArray, rng: np.random.Generator
) -> tuple[dict[int, StepMix], pd.DataFrame]:
    """Models of 1, 2, ... classes up to the first whose BIC is above that of one before."""
    models: dict[int, StepMix] = {}
    rows: dict[int, dict[str, float]] = {}
    for classes in range(1, MOST_CLASSES + 1):
        models[classes] = model = _fit(data, X, classes, rng)
        rows[classes] = {
            "log_likelihood": float(model.score(X)) * len(X),
            "parameters": model.n_parameters,
            "bic": float(model.bic(X)),
            "entropy": float(model.relative_entropy(X)) if classes > 1 else np.nan,
        }
        if rows[classes]["bic"] > min(row["bic"] for row in rows.values()):
            break
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("classes")
    return models, table.astype({"parameters": int})


def _resampled(
    data: _Coded, X: FloatArray, model: StepMix, rng: np.random.Generator, level: float
) -> tuple[Estimate, FloatArray]:
    """Stability, and the bootstrap standard error of the share of each class.

    The classes of a resample are matched with those of `model` so that most rows agree.
    """
    classes = int(model.n_components)
    if classes == 1:
        return Estimate(None, None, None, level, len(X), "a single class"), np.zeros(1)
    labels, agreement, shares = model.predict(X), [], []
    for _ in range(BOOTSTRAP_DRAWS):
        resample = X[rng.integers(len(X), size=len(X))]
        found = _fit(data, resample, classes, rng, repeated=True).predict(X)
        agreement.append(adjusted_rand_score(labels, found))
        common = np.zeros((classes, classes))
        np.add.at(common, (labels, found), 1)
        _, match = linear_sum_assignment(common, maximize=True)
        shares.append(common.sum(axis=0)[match] / len(X))
    method = f"median adjusted Rand index of {BOOTSTRAP_DRAWS} bootstrap samples, percentiles"
    stability = percentile_interval(
        float(np.median(agreement)), agreement, len(X), level=level, method=method
    )
    sampling = np.bincount(labels, minlength=classes) / len(X)
    return stability, np.sqrt(np.var(shares, axis=0, ddof=1) + sampling * (1 - sampling) / len(X))


def _sizes(
    labels: NDArray[np.int64], certainty: FloatArray, errors: FloatArray, level: float
) -> pd.DataFrame:
    rows = {}
    for number, error in enumerate(errors, 1):
        inside = labels == number
        n, share = int(inside.sum()), float(inside.mean())
        one = wald_interval(share, float(error), len(labels), level=level)
        sure = mean_interval(certainty[inside], level=level)
        rows[number] = {
            "n": n,
            "rate": share,
            "low": max(0.0, one.low or 0.0),
            "high": min(1.0, one.high or 1.0),
            "certainty": sure.value,
            "certainty_low": sure.low,
            "certainty_high": sure.high,
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("class")
    table = table.astype(dict.fromkeys(table.columns, float)).astype({"n": "Int64"})
    table.loc[suppressed(table["n"])] = pd.NA
    return table


def _rating_profiles(
    answers: pd.DataFrame, ratings: list[str], labels: NDArray[np.int64], level: float
) -> tuple[pd.DataFrame, float]:
    """Mean rating of each class and aspect, and the share of their differences that is level."""
    values = answers[ratings].astype(float)
    standard = (values - values.mean()) / values.std()
    means = standard.groupby(labels).mean()
    weight = pd.Series(labels).value_counts().reindex(means.index).to_numpy(dtype=float)
    squares = float(weight @ (means.to_numpy() ** 2).sum(axis=1))
    of_level = float(weight @ (len(ratings) * means.mean(axis=1).to_numpy() ** 2))
    rows = []
    for number in means.index:
        for name in ratings:
            one = mean_interval(values.loc[labels == number, name], level=level).published
            rows.append(
                {
                    "class": int(number),
                    "aspect": name,
                    "mean": one.value,
                    "low": one.low,
                    "high": one.high,
                    "difference": means[name].loc[number] if one.value is not None else None,
                    "n": one.n,
                }
            )
    table = pd.DataFrame(rows).set_index(["class", "aspect"])
    figures = ["mean", "low", "high", "difference"]
    table[figures] = table[figures].astype(float)
    return table, of_level / squares if squares > 0 else 0.0


def _group_profiles(
    answers: pd.DataFrame, attributes: list[str], labels: NDArray[np.int64], level: float
) -> pd.DataFrame:
    """Share of each value of an attribute within each class, beside that of all.

    The shares of a class and of all give the counts of the table of values and classes, with its
    sums: what is hidden of it is hidden here, a sum being the share of all, or the n of a class.
    """
    rows = []
    for name in attributes:
        if answers[name].nunique() > MOST_CATEGORIES:
            continue
        known = answers[name].notna().to_numpy()
        counts = pd.crosstab(answers.loc[known, name].to_numpy(), labels[known])
        hidden = suppression.hidden(counts)
        all_rates = np.where(hidden.rows, np.nan, counts.sum(axis=1) / counts.to_numpy().sum())
        sizes = np.where(hidden.columns, np.nan, counts.sum(axis=0))
        for at, number in enumerate(counts.columns):
            own = counts[number].to_numpy()
            for value, of_all, count, few in zip(
                counts.index, all_rates, own, hidden.cells[:, at], strict=True
            ):
                one = proportion_interval(int(count), int(own.sum()), level=level)
                figures = (np.nan,) * 3 if few else (one.value, one.low, one.high)
                rows.append((int(number), name, str(value), *figures, sizes[at], of_all))
    columns = ["class", "attribute", "value", "rate", "low", "high", "n", "all_rate"]
    return pd.DataFrame(rows, columns=columns).set_index(columns[:3])


def _words(ratings: pd.DataFrame, classes: pd.Index) -> list[str]:
    """What each class rates higher and lower than all respondents, the furthest first."""
    texts = []
    for number in classes:
        own = ratings["difference"].loc[number].dropna()
        parts = [
            f"rates {word} than all: {', '.join(map(str, chosen.index))}"
            for word, chosen in (
                ("higher", own[own > NOTABLE].sort_values(ascending=False)),
                ("lower", own[own < -NOTABLE].sort_values()),
            )
            if len(chosen)
        ]
        texts.append("; ".join(parts) or ("like all" if len(own) else "too few to describe"))
    return texts


def _verdict(classes: int, level_share: float, stability: Estimate) -> Verdict:
    if classes == 1:
        return "none"
    # Cuts of one scale come back no more than other cuts: first what the classes are.
    if level_share > LEVEL_SHARE:
        return "levels"
    stable = stability.value is not None and stability.value > STABLE
    return "segments" if stable else "weak"


def _statement(
    verdict: Verdict, classes: int, level_share: float, stability: Estimate, entropy: float
) -> str:
    if verdict == "none":
        return f"{_in_words(verdict, classes)}."
    measured = (
        f"stability {stability.value:.2f} ({100 * stability.level:.4g} % of resamples "
        f"{stability.low:.2f} to {stability.high:.2f}); how clearly respondents belong to their "
        f"class {entropy:.2f} of 1 (entropy); {level_share:.0%} of the difference between the "
        "classes is that some rate everything higher"
    )
    return f"{_in_words(verdict, classes)} ({measured})."


def _in_words(verdict: Verdict, classes: int) -> str:
    """What the verdict says, without figures and without a full stop."""
    if verdict == "none":
        return (
            "No needs-based segments: one class is enough to describe the answers (least BIC), as "
            "ratings and attributes do not go together"
        )
    if verdict == "weak":
        return (
            f"The evidence for needs-based segments is weak: BIC asks for {classes} classes, but "
            "they do not come back when the respondents are drawn anew"
        )
    if verdict == "levels":
        return (
            f"No needs-based segments: the {classes} classes are levels of satisfaction, high and "
            "low in all aspects alike, not different needs"
        )
    return f"The survey holds {classes} needs-based segments"
