"""The survey notebooks on real surveys of others, from a source description alone.

The figures expected are recomputed here with pandas straight from the files, or published with
them.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import papermill
import pytest

from cxlib import PROJECT

DATA = PROJECT.parent / "shared" / "data"
AIRPORT = DATA / "sfo_customer_survey"
PANELS = DATA / "ecsi_satisfaction"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real surveys are not here")

DRIVERS = {
    "art": "Q7ART",
    "food": "Q7FOOD",
    "shops": "Q7STORE",
    "signs": "Q7SIGN",
    "walkways": "Q7WALKWAYS",
    "screens": "Q7SCREENS",
    "restrooms": "Q9RESTROOM",
    "boarding area": "Q9BOARDING",
    "safety": "Q10SAFE",
}
MOBILE_ITEMS = {
    "quality": [f"PERQ{k}" for k in range(1, 8)],
    "image": [f"IMAG{k}" for k in range(1, 6)],
    "value": ["PERV1", "PERV2"],
}
BANK_ITEMS = {
    "image": [f"imag{k}" for k in range(1, 6)],
    "quality": [f"qual{k}" for k in range(1, 6)],
    "value": [f"val{k}" for k in range(1, 5)],
}


class Report(NamedTuple):
    """The results of a run: results.json, its measures by name, and the folder."""

    content: dict
    measures: dict
    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "tables" / f"{name}.parquet")


def _run(notebook: str, sources: str, folder: Path) -> Report:
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    parameters = {"sources": str(folder / "sources.toml"), "output_dir": str(folder / "results")}
    papermill.execute_notebook(
        PROJECT / "notebooks" / notebook,
        folder / "out.ipynb",
        parameters=parameters,
        progress_bar=False,
    )
    content = json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))
    measures = {one["name"]: one for one in content["measures"]}
    return Report(content, measures, folder / "results")


def _airport(year: int, columns: str, scales: str, missing: str) -> str:
    drivers = "\n".join(f"{json.dumps(name)} = {json.dumps(q)}" for name, q in DRIVERS.items())
    return f"""
[feedback]
uri = {json.dumps(str(AIRPORT / f"sfo_customer_survey_{year}.csv"))}
columns = {{ {columns}, csat = "Q7ALL", ces = "Q14PASSTHRU", weight = "WEIGHT" }}
scales = {{ {scales}csat = [1, 5], ces = [1, 5], drivers = [1, 5] }}
ces_easy = "high"
attributes = ["BAREA", "PEAK", "Q19AGE"]
missing = {{ {missing}csat = ["Blank", "0", "6"], ces = ["0", "6"], drivers = ["0", "6"] }}

[feedback.drivers]
{drivers}
"""


def _panel(file: str, satisfaction: str, scale: str, items: dict[str, list[str]]) -> str:
    names = [item for members in items.values() for item in members]
    uri = json.dumps(str(PANELS / file))
    return f"""
[feedback]
uri = {uri}
columns = {{ csat = "{satisfaction}" }}
scales = {{ csat = {scale}, drivers = {scale} }}
drivers = {json.dumps(names)}

[servqual_responses]
uri = {uri}
instrument = "instrument.toml"
columns = {{ satisfaction = "{satisfaction}" }}
perception = "{{item}}"
"""


def _instrument(folder: Path, scale: str, items: dict[str, list[str]]) -> None:
    lines = ['name = "Panel"', 'source = "cSEM"', f"scale = {scale}", 'answers = ["perception"]']
    for dimension, members in items.items():
        for item in members:
            lines += ["[[items]]", f'id = "{item}"', f'dimension = "{dimension}"']
            lines.append(f'text = "{dimension} {item}"')
    (folder / "instrument.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def airport_2017(tmp_path_factory: pytest.TempPathFactory) -> Report:
    sources = _airport(
        2017,
        'response_id = "RESPNUM", nps = "NETPRO"',
        "nps = [0, 10], ",
        'nps = ["11", "11.0"], ',
    )
    return _run("02_satisfaction.ipynb", sources, tmp_path_factory.mktemp("sfo2017"))


@pytest.fixture(scope="module")
def airport_2016(tmp_path_factory: pytest.TempPathFactory) -> Report:
    sources = _airport(2016, 'response_id = "*RESPNUM"', "", "")
    return _run("02_satisfaction.ipynb", sources, tmp_path_factory.mktemp("sfo2016"))


def test_published_net_promoter_score(airport_2017):
    weighted, plain = (airport_2017.measures[name] for name in ("nps", "nps_unweighted"))
    assert plain["value"] == pytest.approx(39.84, abs=0.005)
    assert weighted["value"] == pytest.approx(40.4, abs=0.05)
    assert (plain["n"], weighted["n"]) == (2746, 2746)


def test_published_top_two_box(airport_2017):
    assert airport_2017.measures["csat_share_unweighted"]["value"] == pytest.approx(
        0.8207, abs=0.00005
    )


def test_a_survey_without_dates_says_so(airport_2017):
    assert "the answers have no dates" in airport_2017.content["headline"]
    assert not [name for name in airport_2017.measures if name.endswith("_change")]


def test_small_groups_are_suppressed(airport_2017):
    survey = pd.read_csv(AIRPORT / "sfo_customer_survey_2017.csv", low_memory=False)
    score = pd.to_numeric(survey["NETPRO"], errors="coerce")
    sizes = score.where(score <= 10).groupby(survey["Q19AGE"]).count()
    groups = airport_2017.table("groups_nps")
    shown = groups[(groups["attribute"] == "Q19AGE") & groups["value"].notna()]
    assert (sizes < 10).any()
    assert shown.set_index("group")["n"].to_dict() == {
        str(int(age)): n for age, n in sizes[sizes >= 10].items()
    }


def test_without_the_question_there_is_no_nps_and_the_report_goes_on(airport_2016):
    assert not [name for name in airport_2016.measures if name.startswith("nps")]
    assert " are satisfied (95 % interval " in airport_2016.content["headline"]
    survey = pd.read_csv(AIRPORT / "sfo_customer_survey_2016.csv", low_memory=False)
    answer = pd.to_numeric(survey["Q7ALL"], errors="coerce").where(lambda x: x.between(1, 5))
    found = airport_2016.measures["csat_share_unweighted"]
    assert found["n"] == answer.notna().sum()
    assert found["value"] == pytest.approx((answer.dropna() >= 4).mean())


@pytest.mark.parametrize(
    ("file", "satisfaction", "scale", "items"),
    [
        ("ecsi_mobile.csv", "CUSA1", "[1, 10]", MOBILE_ITEMS),
        ("bank_satisfaction.csv", "sat1", "[0, 10]", BANK_ITEMS),
    ],
)
def test_perceptions_alone(tmp_path, file, satisfaction, scale, items):
    sources = _panel(file, satisfaction, scale, items)
    survey = pd.read_csv(PANELS / file)
    report = _run("02_satisfaction.ipynb", sources, tmp_path)
    assert report.measures["csat_mean"]["value"] == pytest.approx(survey[satisfaction].mean())
    names = [item for members in items.values() for item in members]
    # 1 / (1 - R squared) is the outcome's diagonal element of the inverse correlation matrix.
    inverse = np.linalg.inv(survey[[*names, satisfaction]].corr().to_numpy())
    r_squared = 1 - 1 / inverse[-1, -1]
    assert report.measures["r_squared"]["value"] == pytest.approx(r_squared)
    table = report.table("importance")
    assert sorted(table["driver"]) == sorted(names)

    _instrument(tmp_path, scale, items)
    gaps = _run("01_servqual_gap.ipynb", sources, tmp_path)
    assert gaps.content["headline"]
    assert gaps.measures
