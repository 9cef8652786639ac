"""The SERVQUAL notebook on a real survey with other items, names and dimensions.

A source description and an instrument are all that it takes. The figures are recomputed here with
numpy straight from the file.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import papermill
import pytest
from scipy.stats import ttest_1samp, wilcoxon

from cxlib import PROJECT

KIOSK = PROJECT.parent / "shared" / "data" / "servqual_kiosk"
NOTEBOOK = PROJECT / "notebooks" / "01_servqual_gap.ipynb"
# Our own assignment of the 24 kiosk items.
DIMENSIONS = {
    "accuracy": ["01", "02", "03", "23"],
    "enjoyment": ["04", "05", "06", "22", "24"],
    "control": ["07", "08", "09", "13", "14", "15", "16"],
    "convenience": ["10", "11", "12", "17", "18"],
    "privacy": ["19", "20", "21"],
}
ITEMS = [item for members in DIMENSIONS.values() for item in members]

pytestmark = pytest.mark.skipif(not KIOSK.exists(), reason="the kiosk survey is not here")


def _describe(folder: Path, *, expectation: bool = True) -> Path:
    """Write the source description and the instrument; return the former's path."""
    texts = pd.read_csv(KIOSK / "items.csv", dtype=str)
    text_of = dict(zip(texts["item"].str.zfill(2), texts["text_en"], strict=True))
    lines = ['name = "Kiosk service, 24 items"', 'source = "Kim 2019"', "scale = [1, 7]"]
    if not expectation:
        lines.append('answers = ["perception"]')
    for dimension, items in DIMENSIONS.items():
        for item in items:
            lines += ["[[items]]", f'id = "{item}"', f'dimension = "{dimension}"']
            lines.append(f"text = {json.dumps(text_of[item])}")
    (folder / "kiosk.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources = folder / "sources.toml"
    sources.write_text(
        f"""
[servqual_responses]
uri = {json.dumps(str(KIOSK / "kiosk_servqual_dev.csv"))}
instrument = "kiosk.toml"
columns = {{ respondent_id = "respondent", satisfaction = "overall_satisfaction" }}
{'expectation = "E{item}"' if expectation else ""}
perception = "P{{item}}"
attributes = ["gender", "age_band"]
""",
        encoding="utf-8",
    )
    return sources


def _run(sources: Path) -> Path:
    """Execute the notebook on a source description; return the folder it is in."""
    folder = sources.parent
    papermill.execute_notebook(
        NOTEBOOK,
        folder / "out.ipynb",
        parameters={"sources": str(sources), "output_dir": str(folder / "results")},
        progress_bar=False,
    )
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the notebook executed on the kiosk survey."""
    return _run(_describe(tmp_path_factory.mktemp("kiosk")))


@pytest.fixture(scope="module")
def report(run: Path) -> Path:
    """The folder of its results."""
    return run / "results"


@pytest.fixture(scope="module")
def perceptions_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the notebook executed as if no expectations had been asked (SERVPERF)."""
    return _run(_describe(tmp_path_factory.mktemp("servperf"), expectation=False))


def _said(folder: Path) -> str:
    """Every Markdown text that the executed notebook shows, without its escapes."""
    cells = json.loads((folder / "out.ipynb").read_text(encoding="utf-8"))["cells"]
    shown = [
        "".join(output["data"].get("text/markdown", ""))
        for cell in cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    return "\n".join(shown).replace("\\", "")


@pytest.fixture(scope="module")
def answers() -> tuple[np.ndarray, np.ndarray]:
    """Expectations and perceptions, 24 columns in the order of ITEMS, as in the file."""
    survey = pd.read_csv(KIOSK / "kiosk_servqual_dev.csv")
    expectation, perception = (survey[[f"{x}{i}" for i in ITEMS]].to_numpy(float) for x in "EP")
    return expectation, perception


def _measure(report: Path, name: str) -> dict:
    measures = json.loads((report / "results.json").read_text(encoding="utf-8"))["measures"]
    return next(one for one in measures if one["name"] == name)


def _alpha(items: np.ndarray) -> float:
    """Cronbach's alpha by the covariance matrix: k / (k - 1) (1 - trace / sum of all)."""
    covariance = np.cov(items, rowvar=False)
    k = len(covariance)
    return k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())


def test_overall_gap(report, answers):
    expectation, perception = answers
    gap = (perception - expectation).mean(axis=1)
    gap = gap[~np.isnan(gap)]
    found = _measure(report, "overall_gap")
    interval = ttest_1samp(gap, 0).confidence_interval(0.95)
    assert found["n"] == len(gap) == 102
    assert found["value"] == pytest.approx(gap.mean(), abs=1e-9)
    assert found["value"] == pytest.approx(-1.14, abs=0.005)
    assert [found["low"], found["high"]] == pytest.approx([interval.low, interval.high])


def test_item_gaps(report, answers):
    expectation, perception = answers
    table = pd.read_parquet(report / "tables" / "items.parquet").set_index("id")
    expected = np.nanmean(perception - expectation, axis=0)
    np.testing.assert_allclose(table.loc[ITEMS, "gap"], expected, atol=1e-9)
    assert (table["n"] == 102).all()
    assert (table["missing"] == 3).all()
    assert table.loc["12", "text"].startswith("transaction cost")


def test_reliability(report, answers):
    table = pd.read_parquet(report / "tables" / "reliability.parquet")
    found = table.set_index(["dimension", "answer"])["alpha"]
    complete = ~np.isnan(answers[0]).any(axis=1)
    expectation, perception = (one[complete] for one in answers)
    privacy = [ITEMS.index(item) for item in DIMENSIONS["privacy"]]
    assert found["all items", "expectation"] == pytest.approx(_alpha(expectation))
    assert found["all items", "gap"] == pytest.approx(_alpha(perception - expectation))
    assert found["privacy", "perception"] == pytest.approx(_alpha(perception[:, privacy]))


def test_importance_falls_back_on_satisfaction_and_says_so(report):
    table = pd.read_parquet(report / "tables" / "importance.parquet")
    assert table.iloc[:, 0].tolist() == list(DIMENSIONS)
    assert table["importance"].between(-1, 1).all()
    content = json.loads((report / "results.json").read_text(encoding="utf-8"))
    notes = {one["name"]: one["note"] for one in content["measures"]}
    assert notes["weighted_score"] == "weighted by points derived from satisfaction"


def test_worst_dimension_by_hand(report, answers):
    survey = pd.read_csv(KIOSK / "kiosk_servqual_dev.csv")
    answered = ~np.isnan(answers[0]).any(axis=1)
    satisfaction = survey["overall_satisfaction"].to_numpy(float)
    products = {}
    for dimension, members in DIMENSIONS.items():
        columns = [ITEMS.index(item) for item in members]
        perception = answers[1][:, columns].mean(axis=1)
        expectation = answers[0][:, columns].mean(axis=1)
        r = np.corrcoef(perception[answered], satisfaction[answered])[0, 1]
        products[dimension] = max(r, 0) * np.nanmean(perception - expectation)
    assert _measure(report, "worst_chance")["note"] == min(products, key=products.__getitem__)


def test_small_groups_are_suppressed(report):
    survey = pd.read_csv(KIOSK / "kiosk_servqual_dev.csv").dropna(subset="E01")
    groups = pd.read_parquet(report / "tables" / "groups.parquet")
    shown = groups[groups["gap"].notna()].groupby("attribute")["group"].unique()
    sizes = survey["age_band"].value_counts()
    # One large age band: it and the total would give the few others away.
    assert (sizes >= 10).sum() == 1
    assert 0 < sizes[sizes < 10].sum() < 10
    assert "age_band" not in shown
    assert sorted(shown["gender"]) == ["female", "male"]


def test_the_rank_test_is_that_of_scipy(report, answers):
    table = pd.read_parquet(report / "tables" / "items.parquet").set_index("id")
    gap = (answers[1] - answers[0])[:, ITEMS.index("12")]
    judge = wilcoxon(
        gap[~np.isnan(gap)], zero_method="pratt", correction=False, method="asymptotic"
    )
    assert table.loc["12", "p_rank"] == pytest.approx(judge.pvalue)


def test_what_the_survey_lacks_is_said(run):
    said = _said(run)
    assert "There is no earlier wave to compare with" in said
    assert "There is no zone of tolerance" in said
    assert "Gaps 1 to 4 are not known" in said
    assert "Groups of too few answers stand together, without figures" in said


def test_only_sure_items_are_named(report):
    table = pd.read_parquet(report / "tables" / "priorities.parquet")
    headline = json.loads((report / "results.json").read_text(encoding="utf-8"))["headline"]
    named = [text in headline for text in table["text"]]
    assert sum(named) == min(2, table["sure"].sum()) > 0
    assert table["sure"][named].all()


def test_perceptions_alone_are_measured_against_the_own_mean(perceptions_alone, answers):
    content = json.loads((perceptions_alone / "results" / "results.json").read_text("utf-8"))
    measures = {one["name"]: one for one in content["measures"]}
    perception = answers[1][~np.isnan(answers[1]).all(axis=1)]
    own = np.nanmean(perception, axis=1, keepdims=True)
    assert measures["overall_gap"]["value"] is None
    assert measures["overall_gap"]["method"] == "no expectations were asked"
    assert measures["overall_perception"]["value"] == pytest.approx(own.mean())
    table = pd.read_parquet(perceptions_alone / "results" / "tables" / "items.parquet")
    expected = np.nanmean(perception - own, axis=0)
    np.testing.assert_allclose(table.set_index("id").loc[ITEMS, "gap"], expected, atol=1e-9)
    said = _said(perceptions_alone)
    assert content["headline"].startswith("Weakest")
    assert "fix first" not in said.split("## ")[0].lower()
    assert "Expectations were not asked" in said
    assert "fall short of expectations" not in said
    assert "Perceptions cannot be set beside gaps: no expectations were asked" in said
