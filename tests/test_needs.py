import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from sklearn.metrics import adjusted_rand_score

from cxlib import needs
from cxlib.inference import Estimate

ASPECTS = ["speed", "price", "advice", "app"]


def rated(means: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Ratings of 1 to 5 about these means, one in ten left blank."""
    values = np.clip(np.round(means + 0.6 * rng.normal(size=means.shape)), 1, 5)
    values[rng.uniform(size=means.shape) < 0.1] = np.nan
    return pd.DataFrame(values, columns=ASPECTS)


def kinds(seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """Two kinds of customer who rate different things high, by age (a number) and channel."""
    rng = np.random.default_rng(seed)
    kind = rng.permutation(np.repeat([0, 1], [240, 160]))
    answers = rated(np.array([[5, 2, 5, 2], [2, 5, 2, 5]])[kind], rng)
    answers["channel"] = np.where(rng.uniform(size=400) < 0.2 + 0.6 * kind, "app", "counter")
    answers["age"] = np.round(60 - 20 * kind + 8 * rng.normal(size=400))
    answers["nothing"] = "same"
    return answers, kind


@pytest.fixture(scope="module")
def found() -> needs.NeedsSegments:
    answers, _ = kinds()
    attributes = ["channel", "age", "nothing"]
    return needs.find_needs(answers, ASPECTS, attributes, rng=np.random.default_rng(2))


def test_planted_kinds_are_found(found):
    answers, kind = kinds()
    assert found.classes == 2
    assert found.verdict == "segments"
    # A respondent with two or three blanks may be taken for the other kind.
    assert adjusted_rand_score(kind, found.labels) > 0.97
    assert found.statement.startswith("The survey holds 2 needs-based segments (stability")
    assert found.answer == "The survey holds 2 needs-based segments."
    assert found.stability.value > 0.97
    share = found.sizes["rate"].to_numpy()
    assert share == pytest.approx([0.6, 0.4], abs=0.01)
    # Clear classes: the error is that of sampling, .0245, and little more.
    width = (found.sizes["high"] - found.sizes["low"]).to_numpy() / 2 / 1.959964
    assert width == pytest.approx(np.sqrt(share * (1 - share) / 400), rel=0.1)
    inside = found.labels == 1
    assert found.ratings.loc[(1, "speed"), "mean"] == pytest.approx(
        answers.loc[inside, "speed"].mean()
    )
    assert found.level_share < 0.1


def test_classes_are_told_in_words(found):
    assert found.sizes.loc[1, "words"].startswith("rates higher than all: ")
    higher, lower = found.sizes.loc[1, "words"].split("; ")
    assert {"speed", "advice"} == set(higher.split(": ")[1].split(", "))
    assert {"price", "app"} == set(lower.split(": ")[1].split(", "))
    groups = found.groups.xs("channel", level="attribute")
    assert groups.loc[(1, "app"), "rate"] < groups.loc[(1, "app"), "all_rate"]
    assert "nothing" not in found.groups.index.get_level_values("attribute")


def test_one_class_has_the_likelihood_of_the_margins(found):
    answers, _ = kinds()
    expected = 0.0
    for name in [*ASPECTS, "channel"]:
        counts = answers[name].value_counts().to_numpy()
        expected += float(counts @ np.log(counts / counts.sum()))
    age = answers["age"]
    standard = (age - age.mean()) / age.std(ddof=0)
    expected += float((-0.5 * np.log(2 * np.pi) - standard**2 / 2).sum())
    row = found.criteria.loc[1]
    assert row["log_likelihood"] == pytest.approx(expected, rel=1e-6)
    values = sum(answers[name].nunique() - 1 for name in [*ASPECTS, "channel"])
    assert row["parameters"] == values + 2
    assert row["bic"] == pytest.approx(-2 * expected + (values + 2) * np.log(400), rel=1e-6)


def test_answers_without_relation_are_one_class():
    rng = np.random.default_rng(3)
    answers = rated(np.full((400, 4), 3.5), rng)
    answers["channel"] = rng.choice(["app", "counter"], size=400)
    found, text = needs.needs_or_reason(answers, ASPECTS, ["channel"], rng=rng)
    assert (found.classes, found.verdict) == (1, "none")
    assert text.startswith("No needs-based segments: one class")
    assert found.stability.value is None
    assert found.sizes["rate"].tolist() == [1]


def test_high_and_low_ratings_alike_are_levels_and_not_needs():
    rng = np.random.default_rng(4)
    happy = rng.permutation(np.repeat([2.0, 4.5], 250))
    found, text = needs.needs_or_reason(
        rated(np.repeat(happy[:, None], 4, axis=1), rng), ASPECTS, [], rng=rng
    )
    assert found.verdict == "levels"
    assert found.level_share > 0.95
    assert "levels of satisfaction" in text
    assert "of the difference between the classes is that some rate everything higher" in text


@pytest.mark.parametrize(
    ("classes", "level_share", "stability", "verdict"),
    [
        (1, 0.0, None, "none"),
        (3, 0.81, 0.4, "levels"),
        (3, 0.8, 0.76, "segments"),
        (3, 0.1, 0.75, "weak"),
    ],
)
def test_verdicts_in_their_order(classes, level_share, stability, verdict):
    found = Estimate(stability, None, None, 0.95, 100, "")
    assert needs._verdict(classes, level_share, found) == verdict


def test_few_aspects_or_respondents_are_a_reason():
    answers, _ = kinds()
    rng = np.random.default_rng(5)
    found, text = needs.needs_or_reason(answers, ["speed", "price"], [], rng=rng)
    assert (found, text) == (None, "2 rated aspects are too few to look for needs; 3 are needed.")
    found, text = needs.needs_or_reason(answers.head(99), ASPECTS, [], rng=rng)
    assert found is None
    assert text.startswith("99 respondents are too few")


def test_respondents_without_any_rating_have_no_class(monkeypatch):
    answers, _ = kinds()
    answers.loc[[3, 8], ASPECTS] = np.nan
    monkeypatch.setattr(needs, "BOOTSTRAP_DRAWS", 2)
    found = needs.find_needs(answers, ASPECTS, ["channel"], rng=np.random.default_rng(6))
    assert np.flatnonzero(found.labels == 0).tolist() == [3, 8]
    assert found.sizes["n"].sum() == 398


def test_classes_of_few_people_have_no_figures():
    labels = np.repeat([1, 2], [91, 9])
    sizes = needs._sizes(labels, np.ones(100), np.full(2, 0.05), 0.95)
    assert sizes.isna().all(axis=None)
    answers = pd.DataFrame({name: np.arange(100) % 5 for name in ASPECTS})
    ratings, _ = needs._rating_profiles(answers, ASPECTS, labels, 0.95)
    assert ratings.loc[2].drop(columns="n").isna().all(axis=None)
    assert needs._words(ratings, pd.Index([2])) == ["too few to describe"]


def test_a_hidden_share_cannot_be_told_from_the_shares_of_all_and_the_other_class():
    labels = np.repeat([1, 2], 200)
    branches = np.repeat(["X", "Y", "Z", "X", "Y", "Z"], [40, 100, 60, 3, 9, 188])
    found = needs._group_profiles(pd.DataFrame({"branch": branches}), ["branch"], labels, 0.95)
    counts = pd.crosstab(branches, labels)
    shown = found["rate"].unstack("class").notna().to_numpy()
    of_all = found["all_rate"].unstack("class").notna().to_numpy()[:, 0]
    sizes = found["n"].unstack("class").notna().to_numpy()[0]
    # 3 of X and 9 of Y in class 2 are below ten; a row with all shares less one tells it.
    rows, columns = [], []
    for at in range(3):
        rows += [np.eye(3)[at][:, None] * np.ones(2)] if of_all[at] else []
    for at in range(2):
        columns += [np.ones((3, 1)) * np.eye(2)[at]] if sizes[at] else []
    known = np.array([one.ravel() for one in (*rows, *columns, np.ones((3, 2)))])
    bounds = [
        (count, count) if seen else (0, None)
        for count, seen in zip(counts.to_numpy().ravel(), shown.ravel(), strict=True)
    ]
    for place in np.flatnonzero(~shown.ravel()):
        ends = [
            linprog(
                side * np.eye(6)[place],
                A_eq=known,
                b_eq=known @ counts.to_numpy().ravel(),
                bounds=bounds,
            )
            for side in (1, -1)
        ]
        assert all(one.status == 0 for one in ends)
        assert -ends[1].fun - ends[0].fun >= 10
    assert not shown[0, 1]
    assert not shown[1, 1]
