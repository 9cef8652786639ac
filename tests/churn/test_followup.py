import datetime as dt
import json
import shutil
from types import SimpleNamespace

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from cxlib import churn, results
from cxlib.inference import ParameterError, wilson_limits

SCORE = "churn_probability"
CUTOFF, OVER = dt.date(2024, 3, 31), dt.date(2024, 6, 29)


def scored(risk, cutoff=CUTOFF, horizon_days=90):
    ids = [f"c{i}" for i in range(len(risk))]
    table = pd.DataFrame({"customer_id": ids, "cutoff": pd.to_datetime(cutoff)})
    return table.assign(horizon_days=horizon_days, **{SCORE: risk})


def contracts(ended):
    ids = [f"c{i}" for i in range(len(ended))]
    return pd.DataFrame({"customer_id": ids, "ended": pd.to_datetime(pd.Series(ended))})


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=80), "plan": pd.Categorical(["a", "b"] * 40)})
    risk = rng.random(80)
    tables = {"reference": churn.reference_shares(X, risk), "risks": scored(risk)}
    return results.save(
        "churn",
        headline="12 left",
        measures=[],
        tables=tables,
        inputs=[SimpleNamespace(provenance={"input": "t", "rows": 80, "ids": "plain"})],
        output_dir=tmp_path,
    )


def test_a_saved_run_is_read_as_it_was(folder):
    run = churn.previous_run(folder)
    assert run.reason == ""
    assert run.headline == "12 left"
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=80), "plan": pd.Categorical(["a", "b"] * 40)})
    risk = rng.random(80)
    saved = scored(risk).assign(to_contact=False)
    pd.testing.assert_frame_equal(run.risks, saved, check_dtype=False)
    assert (churn.drift(run.reference, X, risk).summary["psi"] == 0).all()


def test_risks_without_a_cutoff_are_read(folder):
    risks = pd.DataFrame({"customer_id": [7, 8], SCORE: [0.1, 0.2]})
    risks.to_parquet(folder / "tables" / "risks.parquet")
    run = churn.previous_run(folder)
    assert run.reason == ""
    assert run.risks["customer_id"].tolist() == ["7", "8"]
    assert run.risks["cutoff"].isna().all()
    assert (run.risks["horizon_days"] == 0).all()


def spoilt(change):
    def write(folder):
        path = folder / "results.json"
        content = json.loads(path.read_text())
        path.write_text(json.dumps(content | change))

    return write


def other_risks(**columns):
    def write(folder):
        scored([0.1, 0.2]).assign(**columns).to_parquet(folder / "tables" / "risks.parquet")

    return write


SPOILT = {
    "results.json is not there": lambda folder: (folder / "results.json").unlink(),
    "reference.parquet is not there": lambda folder: (
        folder / "tables" / "reference.parquet"
    ).unlink(),
    "its files cannot be read": lambda folder: (folder / "results.json").write_text("{"),
    "cannot be read": lambda folder: (folder / "tables" / "risks.parquet").write_bytes(b"PAR1x"),
    "be compared: its files": lambda folder: (folder / "results.json").write_bytes(b"\xff\xfe{"),
    "compared: its files cannot": lambda folder: (folder / "results.json").write_text("[" * 99999),
    "not one of this version": spoilt({"schema": 3}),
    "another report than churn": spoilt({"report": "clv"}),
    "no churn_probability": lambda folder: (
        scored([0.1]).drop(columns=SCORE).to_parquet(folder / "tables" / "risks.parquet")
    ),
    "risks outside 0 to 1": other_risks(churn_probability=[0.1, 1.2]),
    "has risks outside": other_risks(churn_probability=[0.1, np.nan]),
    "files cannot be read": other_risks(churn_probability=["low", "high"]),
    "a customer twice": other_risks(customer_id="same"),
}


@pytest.mark.parametrize("reason", SPOILT)
def test_a_spoilt_run_gives_a_reason(folder, reason):
    SPOILT[reason](folder)
    run = churn.previous_run(folder)
    assert reason in run.reason
    assert run.reference.empty
    assert run.risks.empty


def test_the_folder_of_the_whole_run_will_do(folder, tmp_path):
    run = tmp_path / "20260101-080000-1a2b"
    shutil.copytree(folder, run / "churn")
    found = churn.previous_run(run)
    assert found.reason == ""
    pd.testing.assert_frame_equal(found.risks, churn.previous_run(folder).risks)


def test_a_wrong_path_gives_a_reason(tmp_path):
    (tmp_path / "run").write_text("")
    for name in ("run", "nowhere"):
        reason = churn.previous_run(tmp_path / name).reason
        assert reason == f"The earlier run cannot be compared: there is no folder {name}."


def test_those_to_be_contacted_by_the_earlier_list_are_known(folder):
    listed = pd.DataFrame({"customer_id": ["c3", "c4", "c9"], "group": "contact"})
    listed.loc[1, "group"] = "hold out"
    listed.to_parquet(folder / "tables" / "contact_list.parquet")
    risks = churn.previous_run(folder).risks
    assert risks["customer_id"][risks["to_contact"]].tolist() == ["c3", "c9"]
    listed.head(0).to_parquet(folder / "tables" / "contact_list.parquet")
    assert not churn.previous_run(folder).risks["to_contact"].any()


def test_a_campaign_does_not_spoil_the_calibration_of_those_left_alone():
    rng = np.random.default_rng(4)
    risk = expit(rng.normal(-1, 1, 2000))
    # The riskier half is listed, four of five of it are contacted, and contact keeps all of them.
    to_contact = (risk > np.median(risk)) & (rng.random(2000) < 0.8)
    left = (rng.random(2000) < risk) & ~to_contact
    ended = [CUTOFF + dt.timedelta(days=9) if one else None for one in left]
    risks = scored(risk).assign(to_contact=to_contact)
    found = churn.outcomes_since(risks, contracts(ended), complete_to=OVER)
    alone = found.estimates
    assert alone["observed_over_expected"].value == pytest.approx(
        left[~to_contact].sum() / risk[~to_contact].sum()
    )
    assert alone["observed_over_expected"].low < 1 < alone["observed_over_expected"].high
    assert alone["calibration_slope"].low < 1 < alone["calibration_slope"].high
    blind = churn.outcomes_since(scored(risk), contracts(ended), complete_to=OVER)
    assert blind.estimates["observed_over_expected"].high < 1
    assert found.counts.tolist() == [2000, (~to_contact).sum(), 0, 0, to_contact.sum()]
    assert f"{to_contact.sum():,} of these were to be contacted by the list" in found.sentence
    everybody = churn.outcomes_since(
        scored(risk).assign(to_contact=True), contracts(ended), complete_to=OVER
    )
    assert "all customers who can be followed were to be contacted" in everybody.reason


def test_contracts_that_ended_in_the_horizon_are_leavers():
    day = dt.timedelta(days=1)
    ended = [CUTOFF, CUTOFF + day, OVER, OVER + day, None, None]
    risks = scored([0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.9])
    found = churn.outcomes_since(risks, contracts(ended), complete_to=OVER)
    assert found.counts.tolist() == [7, 5, 1, 1, 0]
    # Left: c1 and c2 of c1 ... c5, whose risks add up to 1.5.
    ratio = found.estimates["observed_over_expected"]
    assert ratio.value == pytest.approx(2 / 1.5)
    low, high = wilson_limits(2 / 5, 5)
    assert (ratio.low, ratio.high) == pytest.approx((low / 0.3, high / 0.3))
    assert found.estimates["auc"].value is None
    assert "fewer than 10 leavers" in found.estimates["auc"].method
    assert (
        "7 customers scored as of 2024-03-31, 5 could be followed; 2 of them left within 90 "
        in (found.sentence)
    )


def test_customers_who_bought_in_the_horizon_have_not_left():
    day = dt.timedelta(days=1)
    purchases = pd.DataFrame(
        {
            "customer_id": ["c0", "c0", "c1", "c2", "c2", "c3", "c3"],
            "date": [CUTOFF, CUTOFF + day, CUTOFF, CUTOFF - day, OVER, CUTOFF, OVER + day],
        }
    )
    purchases["date"] = pd.to_datetime(purchases["date"])
    for now in (purchases, nw.from_native(purchases).lazy()):
        found = churn.outcomes_since(scored([0.1, 0.2, 0.3, 0.4, 0.5]), now, complete_to=OVER)
        assert found.counts.tolist() == [5, 4, 1, 0, 0]
        assert found.estimates["observed_rate"].value == 0.5  # c1 and c3
        assert found.estimates["observed_over_expected"].value == pytest.approx(2 / 1)


def test_nothing_is_said_before_the_horizon_is_over():
    early = OVER - dt.timedelta(days=1)
    found = churn.outcomes_since(scored([0.1, 0.2]), contracts([None, None]), complete_to=early)
    assert "over on 2024-06-29, the data reach to 2024-06-28" in found.reason
    assert not found.estimates
    with pytest.raises(ParameterError, match="complete_to"):
        churn.outcomes_since(scored([0.1, 0.2]), contracts([None, None]))


def test_true_risks_are_found_calibrated():
    rng = np.random.default_rng(1)
    risk = expit(rng.normal(-1, 1, 3000))
    left = rng.random(3000) < risk
    ended = [CUTOFF + dt.timedelta(days=9) if one else None for one in left]
    found = churn.outcomes_since(scored(risk), contracts(ended), complete_to=OVER).estimates
    for name, right in (
        ("observed_over_expected", 1),
        ("calibration_slope", 1),
        ("calibration_intercept", 0),
    ):
        assert found[name].low < right < found[name].high
    assert found["auc"].value == pytest.approx(roc_auc_score(left, risk), abs=1e-12)
    halved = churn.outcomes_since(scored(risk / 2), contracts(ended), complete_to=OVER)
    assert halved.estimates["observed_over_expected"].value == pytest.approx(
        2 * found["observed_over_expected"].value
    )
    assert halved.estimates["calibration_intercept"].low > 0
    assert "too low on the whole" in halved.sentence


def test_without_a_horizon_only_the_ranking_is_judged():
    rng = np.random.default_rng(2)
    risk = rng.random(400)
    now = pd.DataFrame({"customer_id": [f"c{i}" for i in range(400)]})
    now = now.assign(churned=rng.random(400) < risk)
    found = churn.outcomes_since(scored(risk, None, 0), now)
    assert found.estimates["auc"].value == pytest.approx(roc_auc_score(now["churned"], risk))
    assert found.estimates["observed_over_expected"].value is None
    assert "no horizon" in found.estimates["observed_over_expected"].method
    assert "left since. They ranked with an AUC of" in found.sentence


def test_only_the_newest_cutoff_is_followed():
    older = scored([0.9, 0.9], cutoff=CUTOFF - dt.timedelta(days=90))
    risks = pd.concat([older, scored([0.2, 0.3, 0.4])])
    found = churn.outcomes_since(risks, contracts([None] * 3), complete_to=OVER)
    assert found.counts["scored"] == 3


def test_nobody_found_and_nobody_scored_are_told():
    strangers = contracts([None, None]).assign(customer_id=["x", "y"])
    found = churn.outcomes_since(scored([0.1, 0.2]), strangers, complete_to=OVER)
    assert "none of the customers scored then" in found.reason
    assert "scored nobody" in churn.outcomes_since(scored([]), strangers, complete_to=OVER).reason
    undated = churn.outcomes_since(scored([0.1], None, 0), strangers, complete_to=OVER)
    assert "no cut-off and horizon" in undated.reason
