"""The simulated telephone customers: who leaves agrees with the hazards they were drawn with."""

import datetime
import json

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import PROJECT, simulate, tables
from cxlib.simulate import subscriptions as company

LARGE = 20_000


@pytest.fixture(scope="module")
def large() -> simulate.SimulatedSubscriptions:
    return simulate.telephone_customers(LARGE, np.random.default_rng(5))


@pytest.fixture(scope="module")
def merged(large) -> pd.DataFrame:
    """The file beside the truth, with dates and what is left of the tenure in days."""
    frame = pd.concat([large.customers, large.truth], axis=1)
    end = frame["left"].replace("", str(company.LAST_DAY))
    days = (pd.to_datetime(end) - pd.to_datetime(frame["signed_up"])).dt.days
    return frame.assign(
        days=days,
        gone=frame["left"] != "",
        involuntary=frame["reason"] == company.INVOLUNTARY_REASON,
    )


def z_scores(events: pd.Series, expected: pd.Series, by: pd.Series) -> pd.Series:
    """Events less summed hazards is a martingale whose variance is the summed hazard."""
    total = expected.groupby(by).sum()
    return (events.groupby(by).sum() - total) / np.sqrt(total)


@pytest.mark.parametrize("by", ["contract", "channel", "payment", "age_band", "region"])
def test_leavers_of_each_group_are_as_many_as_their_hazards(merged, by):
    voluntary = merged["gone"] & ~merged["involuntary"]
    early = merged["days"] - 1 < 6 * company.MONTH_DAYS
    for events, expected in (
        (voluntary & early, "expected_early"),
        (voluntary & ~early, "expected_late"),
        (merged["involuntary"], "expected_involuntary"),
    ):
        # Below 4 in one of 16,000 draws of a group.
        assert z_scores(events, merged[expected], merged[by]).abs().max() < 4


def test_hazards_of_new_customers_by_hand():
    """On its first day a customer of known attributes has the product of the known ratios."""
    months = len(pd.period_range(company.FIRST_DAY, company.LAST_DAY, freq="M"))
    people = {
        "contract": np.array(["yearly"], dtype=object),
        "channel": np.array(["promotion"], dtype=object),
        "payment": np.array(["transfer"], dtype=object),
        "age_band": np.array(["60+"], dtype=object),
    }
    drawn = company._Drawn(
        people,
        np.array([company._DAYS - 1]),
        np.full((1, months), 40),
        np.full((1, months), 1),
        np.array([True]),
    )
    followed = company._follow(drawn, np.random.default_rng(1))
    # One day in the window of the campaign: base, contract, age, price 40, a recent complaint,
    # promotion, campaign on a yearly contract.
    voluntary = 0.03 * 0.35 * 0.75 * 1.2 * 1.9 * 2.2 * 2 / 30.436875
    assert followed.expected["early"] == pytest.approx([voluntary])
    assert followed.expected["late"] == pytest.approx([0])
    assert followed.expected["involuntary"] == pytest.approx([0.004 * 2.5 / 30.436875])


def test_promotion_is_not_proportional(merged):
    """Rates a month of otherwise alike groups, before and after six months of tenure."""
    alike = merged[merged["contract"] == "monthly"]
    early = np.minimum(alike["days"], 6 * company.MONTH_DAYS)
    late = alike["days"] - early
    ratios = []
    for expected, time in (("expected_early", early), ("expected_late", late)):
        by = alike["channel"] == "promotion"
        rates = alike[expected].groupby(by).sum() / time.groupby(by).sum()
        ratios.append(rates[True] / rates[False])
    # Complaints, prices and tenure differ a little between the groups.
    assert ratios == pytest.approx(company.PROMOTION_RATIOS, rel=0.12)


def test_the_campaign_keeps_some_and_drives_others_away(merged):
    there = merged.dropna(subset=["risk_contacted"])
    assert there["contacted"].isin(["yes", "no"]).all()
    assert (merged.drop(there.index)["contacted"] == "").all()
    contacted = there["contacted"] == "yes"
    # The throw of a coin: 3.5 standard errors.
    assert abs(contacted.mean() - 0.5) < 3.5 * 0.5 / np.sqrt(len(there))
    risk = there["risk_contacted"].where(contacted, there["risk_left_alone"])
    by = there["response"] + there["contacted"]
    variance = (risk * (1 - risk)).groupby(by).sum()
    z = (there["gone"].groupby(by).sum() - risk.groupby(by).sum()) / np.sqrt(variance)
    assert z.abs().max() < 4
    effect = (there["risk_contacted"] - there["risk_left_alone"]).groupby(there["response"]).mean()
    assert effect["persuadable"] < -0.05
    assert effect["sleeping dog"] > 0.01
    assert effect["indifferent"] == pytest.approx(0, abs=1e-12)


def test_risk_left_alone_multiplies_the_hazard_alone(merged):
    """The hazards of the window are proportional: log survival differs by the known ratio."""
    there = merged.dropna(subset=["risk_contacted"])
    automatic = there[there["payment"] == "automatic"]
    window = (company.LAST_DAY - company.CAMPAIGN_DAY).days
    other = window * company.INVOLUNTARY_HAZARD / company.MONTH_DAYS
    contacted = -np.log1p(-automatic["risk_contacted"]) - other
    alone = -np.log1p(-automatic["risk_left_alone"]) - other
    expected = automatic["response"].map(company.CAMPAIGN_RATIOS)
    np.testing.assert_allclose(contacted / alone, expected, rtol=1e-9)


def test_months_are_those_under_contract(large):
    months, customers = large.months, large.customers.set_index("customer")
    assert months["month"].nunique() == company.SHOWN_MONTHS
    assert not months.duplicated(["customer", "month"]).any()
    joined = months.join(customers, on="customer")
    assert (joined["signed_up"].str[:7] <= joined["month"]).all()
    gone = joined[joined["left"] != ""]
    assert (gone["month"] <= gone["left"].str[:7]).all()
    # The fee of the last month is that of the file of customers.
    last = months.sort_values("month").groupby("customer").tail(1).set_index("customer")
    assert (last["fee"] == customers.loc[last.index, "monthly_fee"]).all()
    by_month = months.groupby("month").agg(
        fee=("fee", "mean"), complaints=("recent_complaints", "mean")
    )
    # Prices rise in January and grow by changes of plan.
    assert by_month["fee"].diff().idxmax() == "2026-01"
    # Twice those of a month, less what is cut at two: 15 % start with a bad line and leave sooner.
    assert by_month["complaints"].between(2 * 0.03, 2 * (0.85 * 0.03 + 0.15 * 0.35)).all()
    assert months["recent_complaints"].max() == 2


def test_dates_are_within_the_years(merged):
    first, last = str(company.FIRST_DAY), str(company.LAST_DAY)
    assert merged["signed_up"].between(first, last).all()
    gone = merged[merged["gone"]]
    assert (gone["left"] > gone["signed_up"]).all()
    assert (gone["left"] <= last).all()
    assert (merged.loc[~merged["gone"], "reason"] == "").all()


def test_shipped_truth_of_the_campaign_is_that_of_the_customers():
    path = PROJECT / "data" / "raw" / "subscriptions_simulated_truth.json"
    effects = pd.DataFrame(json.loads(path.read_text())["campaign_effects"]).set_index("response")
    shipped = pd.read_csv(path.with_name("subscriptions_simulated.csv"), keep_default_na=False)
    there = shipped[shipped["contacted"] != ""]
    assert effects["customers"].sum() == len(there)
    assert effects.loc["sleeping dog", "customers"] == (there["contract"] == "yearly").sum()
    np.testing.assert_allclose(
        effects["effect"], effects["risk_contacted"] - effects["risk_left_alone"], atol=2e-8
    )


def test_the_door_reads_the_shipped_files_as_they_were_drawn():
    sources = PROJECT / "data" / "simulated_subscriptions.toml"
    drawn = simulate.subscribers()
    table = tables.load("subscriptions", sources)
    frame = table.frame.collect("pandas").to_native()
    customers = drawn.customers
    assert table.rows == len(customers)
    assert frame["churned"].tolist() == (customers["left"] != "").tolist()
    involuntary = customers["reason"] == company.INVOLUNTARY_REASON
    assert (frame["leaving"] == "involuntary").tolist() == involuntary.tolist()
    drawn_for = frame["treated"].map({True: "yes", False: "no"}).fillna("")
    assert drawn_for.tolist() == customers["contacted"].tolist()
    assert table.campaign_day == company.CAMPAIGN_DAY
    months = tables.load("subscription_months", sources)
    last = months.frame.filter(nw.col("month") == datetime.date(2026, 10, 1)).collect("pandas")
    current = set(frame.loc[~frame["churned"], "customer_id"])
    assert current <= set(last.to_native()["customer_id"])


def test_no_customers_is_an_error():
    with pytest.raises(ValueError, match="needs customers"):
        simulate.telephone_customers(0, np.random.default_rng(1))
