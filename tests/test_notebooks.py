"""Every notebook, executed as a scheduler would: bare papermill, from a folder of no meaning.

Each report runs under the two parameter sets of COMMON and those of its own in RUNS, each once,
and its numbers are read from results.json. EXPECTED holds what they must be and where that is from.
"""

import csv
import json
import math
import subprocess
import sys
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator

from cxlib import PROJECT, runs

NOTEBOOKS = runs.find(PROJECT / "notebooks")

COMMON = {"plain": {}, "level 90 %": {"level": 0.9}}

# report -> name of the run -> parameters
RUNS: dict[str, dict[str, dict[str, object]]] = {
    "clv": {
        "39 weeks": {"as_of": "1997-09-30", "model": "BG/NBD", "holdout_weeks": 39},
        "Pareto": {"as_of": "1997-09-30", "model": "Pareto/NBD", "holdout_weeks": 39},
    },
    "segmentation": {
        "given cut-offs": {
            "cutoffs": "R 30 90 180 365; F 1 2 4 8; M 50 100 200 500",
            "as_of": "1998-03-31",
            "compare_weeks": 39,
            "clusters": 5,
        }
    },
    "churn": {
        "dates": {"sources": "data/simulated_subscriptions.toml"},
        "silence": {"customers": "transactions", "margin_rate": 0.3, "success_rate": 0.8},
    },
    "servqual_gap": {"fa": {"language": "fa"}},
}


# The number that the headline is about comes first.
LEADING = {
    "data_quality": "inputs_refused",
    "clv": "value",
    "segmentation": "top_segment_revenue_rate",
    "churn": "campaign_profit",
    "satisfaction": "nps_latest",
    "servqual_gap": "overall_gap",
}
SCHEMA = Draft202012Validator(
    json.loads((PROJECT / "docs" / "schemas" / "results.schema.json").read_text())
)


class Expected(NamedTuple):
    """What a measure must be in a named run of a report, and who says so."""

    report: str
    run: str
    measure: str
    value: float
    tolerance: float
    source: str


BGNBD = "Fader, Hardie & Lee (2005), table 2"
PARETO = "Fader & Hardie (2005), a note on Pareto/NBD"
GAMMA = "Fader & Hardie, note 025"
SIMULATED = "the simulator's truth file"
COUNTED = "counted straight from the raw file with pandas"

EXPECTED = [
    Expected("data_quality", "plain", "repeated_rows", 21, 0.5, COUNTED),
    Expected("data_quality", "plain", "days_without_rows", 1, 0.4, COUNTED),
    Expected("data_quality", "plain", "missing_rate", 4644 / 338980, 1e-9, COUNTED),
    Expected("clv", "39 weeks", "r", 0.243, 0.0005, BGNBD),
    Expected("clv", "39 weeks", "alpha", 4.414, 0.0005, BGNBD),
    Expected("clv", "39 weeks", "a", 0.793, 0.0005, BGNBD),
    Expected("clv", "39 weeks", "b", 2.426, 0.0005, BGNBD),
    Expected("clv", "39 weeks", "log_likelihood", -9582.4, 0.05, BGNBD),
    Expected("clv", "Pareto", "r", 0.553, 0.0005, PARETO),
    Expected("clv", "Pareto", "alpha", 10.578, 0.0005, PARETO),
    Expected("clv", "Pareto", "s", 0.606, 0.0005, PARETO),
    Expected("clv", "Pareto", "beta", 11.669, 0.0005, PARETO),
    Expected("clv", "Pareto", "log_likelihood", -9595.0, 0.05, PARETO),
    Expected("clv", "39 weeks", "p", 6.25, 0.005, GAMMA),
    Expected("clv", "39 weeks", "q", 3.74, 0.005, GAMMA),
    Expected("clv", "39 weeks", "gamma", 15.44, 0.005, GAMMA),
    Expected("clv", "39 weeks", "holdout_actual", 1882, 0.5, COUNTED),
    Expected("clv", "plain", "holdout_actual", 1156, 0.5, COUNTED),
    Expected("clv", "plain", "top_share_so_far", 0.67455, 0.00001, COUNTED),
    Expected("churn", "plain", "churn_rate", 1869 / 7043, 1e-9, COUNTED),
    Expected("churn", "plain", "auc_logistic", 0.845, 0.01, "refitted with scikit-learn alone"),
    Expected("churn", "plain", "auc_boosting", 0.847, 0.01, "refitted with scikit-learn alone"),
    Expected("churn", "plain", "calibration_slope_logistic", 1, 0.1, "right risks"),
    Expected("churn", "dates", "churn_rate", 173 / 1666, 1e-9, COUNTED),
    Expected("churn", "silence", "churn_rate", 215 / 385, 1e-9, COUNTED),
    Expected("satisfaction", "plain", "nps_unweighted", 21.35823, 0.00001, COUNTED),
    Expected("satisfaction", "plain", "csat_share_unweighted", 0.7963213, 1e-7, COUNTED),
    Expected("satisfaction", "plain", "ces_share_unweighted", 0.6018917, 1e-7, COUNTED),
    # The answers are weighted to a population whose figures are known; three standard errors.
    Expected("satisfaction", "plain", "nps", 25.7546, 3.8, SIMULATED),
    Expected("satisfaction", "plain", "csat_share", 0.81156, 0.018, SIMULATED),
    Expected("satisfaction", "plain", "leading_driver", 0.24887, 0.065, SIMULATED),
    Expected("segmentation", "plain", "top_segment_customer_rate", 651 / 2357, 1e-9, COUNTED),
    Expected("segmentation", "plain", "top_segment_revenue_rate", 0.69432, 0.00001, COUNTED),
    Expected(
        "segmentation", "plain", "top_segment_spend_per_customer", 169478.95 / 651, 1e-5, COUNTED
    ),
    Expected("segmentation", "plain", "rose_rate", 194 / 2357, 1e-9, COUNTED),
    Expected("segmentation", "plain", "fell_rate", 1412 / 2357, 1e-9, COUNTED),
    Expected(
        "segmentation", "given cut-offs", "top_segment_customer_rate", 141 / 2357, 1e-9, COUNTED
    ),
    Expected(
        "segmentation", "given cut-offs", "top_segment_revenue_rate", 0.31065, 0.00001, COUNTED
    ),
    Expected("segmentation", "given cut-offs", "rose_rate", 361 / 2357, 1e-9, COUNTED),
    Expected("segmentation", "given cut-offs", "fell_rate", 1843 / 2357, 1e-9, COUNTED),
    Expected("servqual_gap", "plain", "overall_gap", -1.15982, 0.00001, COUNTED),
    Expected("servqual_gap", "fa", "overall_gap", -1.15982, 0.00001, COUNTED),
    Expected("servqual_gap", "plain", "overall_perception", 4.85658, 0.00001, COUNTED),
    Expected("servqual_gap", "plain", "gap_responsiveness", -1.65056, 0.00001, COUNTED),
    Expected("servqual_gap", "plain", "gap_responsiveness", -1.59440, 0.14, "truth, 3 se"),
    Expected("servqual_gap", "plain", "gap_reliability", -1.29395, 0.12, "truth, 3 se"),
    Expected("servqual_gap", "plain", "weighted_score", -1.24199, 0.00001, COUNTED),
    Expected("servqual_gap", "plain", "worst_weighted_gap", -0.43582, 0.00001, COUNTED),
    Expected("servqual_gap", "plain", "wave_change", -0.12832, 0.00001, COUNTED),
    Expected("servqual_gap", "plain", "satisfaction_r", 0.37498, 0.00001, COUNTED),
    Expected("servqual_gap", "plain", "straight_liner_share", 0, 1e-9, COUNTED),
]


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """The results.json of a report under a named run; each is executed once."""
    done = {}

    def read(report, run):
        if (report, run) not in done:
            parameters = (COMMON | RUNS.get(report, {}))[run]
            done[report, run] = execute(report, parameters, tmp_path_factory.mktemp(report))
        return done[report, run]

    return read


def execute(report, parameters, folder):
    parameters = parameters | {"output_dir": str(folder / "out")}
    options = []
    for name, value in parameters.items():
        # -r keeps a text as it is; -p would read "007" as a number.
        options += ["-r" if isinstance(value, str) else "-p", name, str(value)]
    command = [sys.executable, "-m", "papermill", str(NOTEBOOKS[report]), "executed.ipynb"]
    done = subprocess.run(
        [*command, "--no-progress-bar", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    content = json.loads((folder / "out" / "results.json").read_text())
    content["folder"] = folder / "out"
    content["measures"] = {one["name"]: one for one in content["measures"]}
    return content


def test_a_survey_of_seven_people_is_called_too_small(tmp_path):
    survey = (PROJECT / "data" / "raw" / "servqual_simulated.csv").read_text().splitlines()[:8]
    (tmp_path / "few.csv").write_text("\n".join(survey) + "\n")
    instrument = PROJECT / "data" / "instruments" / "servqual_22.toml"
    (tmp_path / "sources.toml").write_text(
        f"""
[servqual_responses]
uri = "few.csv"
instrument = {json.dumps(str(instrument))}
columns = {{ respondent_id = "respondent", wave = "wave", satisfaction = "overall_satisfaction" }}
expectation = "E{{item}}"
perception = "P{{item}}"
adequate = "A{{item}}"
importance = "points_{{dimension}}"
attributes = ["branch"]
"""
    )
    found = execute("servqual_gap", {"sources": str(tmp_path / "sources.toml")}, tmp_path)
    assert "7 respondents are too few to tell" in found["headline"]
    assert found["measures"]["worst_chance"]["value"] is None


def test_sixty_customers_get_segments_without_clusters(tmp_path):
    lines = (PROJECT / "data" / "raw" / "cdnow_sample.csv").read_text().splitlines()
    people = sorted({line.split(",")[0] for line in lines[1:]}, key=int)
    kept = {"customer_id", *people[:60]}
    few = [line for line in lines if line.split(",")[0] in kept]
    (tmp_path / "few.csv").write_text("\n".join(few) + "\n")
    (tmp_path / "sources.toml").write_text(
        """
[transactions]
uri = "few.csv"
columns = { customer_id = "customer_id", date = "date", amount = "dollars" }
date_format = "%Y%m%d"
complete_to = 1998-06-30
"""
    )
    found = execute("segmentation", {"sources": str(tmp_path / "sources.toml")}, tmp_path)
    assert "of the 60 customers of 1998-06-30" in found["headline"]
    assert "silhouette" not in found["measures"]
    assert {"customers", "segments"} <= set(found["tables"])
    assert "clusters" not in found["tables"]


def test_a_refused_input_is_told_and_the_others_are_looked_at(tmp_path):
    (tmp_path / "sales.csv").write_text("who,day,paid\n7,2026-01-01,1\n8,2026-01-02,secret\n")
    feedback = json.dumps(str(PROJECT / "data" / "raw" / "feedback_simulated.csv"))
    (tmp_path / "sources.toml").write_text(
        f"""
[transactions]
uri = "sales.csv"
columns = {{ customer_id = "who", date = "day", amount = "paid" }}
[feedback]
uri = {feedback}
columns = {{ response_id = "response", date = "date", nps = "nps" }}
scales = {{ nps = [0, 10] }}
"""
    )
    found = execute("data_quality", {"sources": str(tmp_path / "sources.toml")}, tmp_path)
    assert found["headline"].startswith("1 of 2 inputs can be used, not transactions;")
    assert found["measures"]["inputs_refused"]["value"] == 1
    assert found["checks"][0]["passed"] is False
    assert [one["input"] for one in found["inputs"]] == ["feedback"]
    table = (found["folder"] / "tables" / "findings.csv").read_text(encoding="utf-8")
    [error] = [row for row in csv.DictReader(table.splitlines()) if row["kind"] == "error"]
    assert (error["input"], error["column"], error["rows"]) == ("transactions", "paid", "1")
    assert error["what"].startswith("not a number (line 3)")
    # A report may be passed on.
    assert "secret" not in (tmp_path / "executed.ipynb").read_text() + table


def test_satisfaction_leads_with_the_latest_stretch_and_its_change(results):
    found = results("satisfaction", "plain")
    latest, pooled = found["measures"]["nps_latest"], found["measures"]["nps"]
    assert latest["n"] < pooled["n"]
    start, score = f"{latest['note']}: ", f"{latest['value']:.1f} (scale -100 to 100, 95 % interval"
    assert found["headline"].startswith(start)
    assert f"the net promoter score is {score}" in found["headline"]
    table = (found["folder"] / "tables" / "changes.csv").read_text(encoding="utf-8")
    changes = {row["metric"]: row for row in csv.DictReader(table.splitlines())}
    change = float(changes["Net promoter score"]["difference"])
    assert f", up {change:.1f} since " in found["headline"]


@pytest.mark.parametrize("run", COMMON)
@pytest.mark.parametrize("report", NOTEBOOKS)
def test_results_are_whole(results, report, run):
    found = results(report, run)
    written = json.loads((found["folder"] / "results.json").read_text(encoding="utf-8"))
    assert [error.message for error in SCHEMA.iter_errors(written)] == []
    assert found["report"] == report
    assert next(iter(found["measures"])) == LEADING[report]
    assert 3 <= len(found["checks"]) <= 8
    assert found["inputs"]
    assert (found["folder"] / f"{report}.xlsx").exists()
    for name in found["tables"]:
        assert (found["folder"] / "tables" / f"{name}.csv").exists()
        assert (found["folder"] / "tables" / f"{name}.parquet").exists()


@pytest.mark.parametrize("run", COMMON)
@pytest.mark.parametrize("report", NOTEBOOKS)
def test_measures_lie_within_their_intervals(results, report, run):
    for one in results(report, run)["measures"].values():
        assert one["n"] > 0, one
        assert one["level"] == COMMON[run].get("level", 0.95), one
        if one["low"] is not None:
            assert one["low"] <= one["value"] <= one["high"], one


@pytest.mark.parametrize("report", NOTEBOOKS)
def test_a_lower_level_narrows_the_intervals_and_moves_no_value(results, report):
    wide, narrow = (results(report, run)["measures"] for run in COMMON)
    assert list(wide) == list(narrow)
    for name, one in wide.items():
        other = narrow[name]
        # A choice (of a model, say) may depend on the level; the measure then says what was chosen.
        if (other["method"], other["note"]) != (one["method"], one["note"]):
            continue
        assert other["value"] == pytest.approx(one["value"], rel=1e-9), name
        if one["low"] is not None and one["high"] > one["low"]:
            assert other["high"] - other["low"] < one["high"] - one["low"], name


@pytest.mark.parametrize("one", EXPECTED, ids=lambda one: f"{one.report}-{one.run}-{one.measure}")
def test_numbers_are_those_of_the_source(results, one):
    # A tolerance as wide as the value would pass anything.
    assert one.value == 0 or one.tolerance < abs(one.value) / 2
    found = results(one.report, one.run)["measures"][one.measure]["value"]
    assert math.isclose(found, one.value, rel_tol=0, abs_tol=one.tolerance), one.source
