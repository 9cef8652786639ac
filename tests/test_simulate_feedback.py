"""The simulated feedback, inside answers and indices: draws agree with the exact truth."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

from cxlib import simulate
from cxlib.simulate import feedback, indices, internal

LARGE = 200_000
DRIVERS = list(feedback.DRIVERS)


@pytest.fixture(scope="module")
def large() -> pd.DataFrame:
    return simulate.feedback_responses(LARGE, np.random.default_rng(11))


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    return simulate.expected_feedback()


def _points(nps: pd.Series) -> pd.Series:
    return 100.0 * (nps >= 9) - 100.0 * (nps <= 6)


def test_chances_of_combinations_have_the_normal_margins():
    chances = simulate.combination_chances("Harbour", "app", True)
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    waiting = chances.sum(axis=(1, 2, 3, 4, 5))
    mean = (
        feedback.DRIVERS["waiting_time"].mean
        + feedback.BRANCH_WAITING["Harbour"]
        + feedback.WAITING_TIME_GAIN
    )
    used = 1 - feedback.DRIVERS["waiting_time"].unused[1]
    bounds = [-np.inf, 1.5, 2.5, 3.5, 4.5, np.inf]
    rated = np.diff(norm.cdf(bounds, mean, feedback.RATING_SD))
    assert waiting == pytest.approx([1 - used, *(used * rated)], abs=1e-9)


def test_chances_of_combinations_have_the_normal_correlation():
    chances = simulate.combination_chances("Garden", "counter", False)
    staff, fees = DRIVERS.index("staff_help"), DRIVERS.index("fees")
    others = tuple(axis for axis in range(6) if axis not in (staff, fees))
    pair = chances.sum(axis=others)
    variance = feedback.RATING_SD**2
    latent = multivariate_normal(
        [feedback.DRIVERS[name].mean for name in ("staff_help", "fees")],
        variance * (np.eye(2) + feedback.RATING_CORRELATION * (1 - np.eye(2))),
    )
    used = [1 - feedback.DRIVERS[name].unused[0] for name in ("staff_help", "fees")]
    both_low = latent.cdf([3.5, 2.5]) * used[0] * used[1]
    assert pair[1:4, 1:3].sum() == pytest.approx(both_low, abs=1e-5)


@pytest.mark.parametrize("by", ["month", "branch", "channel", "age_band"])
def test_draws_agree_with_the_expected_metrics(large, expected, by):
    frame = large.assign(month=large["date"].str[:7])
    columns = {
        "nps": _points(frame["nps"]).where(frame["nps"].notna()),
        "csat_mean": frame["csat"],
        "ces_mean": frame["ces"],
    }
    truth = simulate.expected_metrics(expected, [by], "sample").set_index(by)
    shares = frame[by].value_counts(normalize=True)
    errors = np.sqrt(truth["share"] * (1 - truth["share"]) / LARGE)
    # At most 24 standardized deviations each: above 4 once in 660 samples or less.
    assert ((shares - truth["share"]) / errors).abs().max() < 4
    for metric, values in columns.items():
        groups = values.groupby(frame[by])
        z = (groups.mean() - truth[metric]) / groups.sem()
        assert z.abs().max() < 4, metric


def test_shares_of_the_highest_answers_agree_with_draws(large, expected):
    truth = simulate.expected_metrics(expected.assign(all=0), ["all"], "sample").iloc[0]
    for outcome, lowest in (("csat", 4), ("ces", 6)):
        high = (large[outcome].dropna() >= lowest).astype(float)
        assert abs(high.mean() - truth[f"{outcome}_top_two_share"]) < 4 * high.sem()


def test_weights_that_undo_the_response_recover_the_population(large, expected):
    weight = 1 / (
        large["age_band"].map(feedback.AGE_RESPONSE)
        * large["channel"].map(feedback.CHANNEL_RESPONSE)
    )
    known = large["nps"].notna()
    points, weight = _points(large["nps"])[known], weight[known]
    weighted = np.average(points, weights=weight)
    error = np.sqrt((weight**2 * (points - weighted) ** 2).sum()) / weight.sum()
    everyone = expected.assign(all=0)
    truth = simulate.expected_metrics(everyone, ["all"], "population")["nps"].iloc[0]
    assert abs(weighted - truth) < 4 * error
    # Raking must matter: the unweighted sample is off by far more than its error at 6,000.
    sample = simulate.expected_metrics(everyone, ["all"], "sample")["nps"].iloc[0]
    assert truth - sample > 4
    for column, shares in simulate.population_margins().items():
        assert sum(shares.values()) == pytest.approx(1)
        drawn = weight.groupby(large[column][known]).sum() / weight.sum()
        assert drawn.to_dict() == pytest.approx(shares, abs=0.01)


def test_metrics_of_groups_add_up_to_the_whole(expected):
    groups = simulate.expected_metrics(expected, ["channel", "branch"], "population")
    whole = simulate.expected_metrics(expected.assign(all=0), ["all"], "population")
    assert groups["share"].sum() == pytest.approx(1)
    assert (groups["share"] * groups["nps"]).sum() == pytest.approx(whole["nps"].iloc[0])


def test_shorter_waiting_adds_six_points_and_the_app_grows(expected):
    assert simulate.nps_change_at_fixed_mix() == pytest.approx(6, abs=0.1)
    months = simulate.expected_metrics(expected, ["month"], "population")
    steps = months.set_index("month")["nps"].diff().abs()
    assert steps.idxmax() == feedback.CHANGE
    assert steps.drop(feedback.CHANGE).max() < 0.1
    shares = simulate.expected_metrics(expected, ["month", "channel"], "population")
    app = shares[shares["channel"] == "app"].set_index("month")["share"]
    assert app.is_monotonic_increasing
    assert app.iloc[-1] > 1.3 * app.iloc[0]


def test_importance_agrees_with_regressions_on_draws(large):
    complete = large.dropna(subset=["nps", *DRIVERS])
    correlation = np.corrcoef(complete[[*DRIVERS, "nps"]].to_numpy().T)
    among, with_nps = correlation[:-1, :-1], correlation[:-1, -1]

    def r_squared(entered: list[int]) -> float:
        inverse = np.linalg.inv(among[np.ix_(entered, entered)])
        return float(with_nps[entered] @ inverse @ with_nps[entered])

    # By the definition: the mean over all 720 orders of entry.
    lmg = np.zeros(6)
    cache = {(): 0.0}
    for order in permutations(range(6)):
        for place, driver in enumerate(order):
            keys = [tuple(sorted(order[:end])) for end in (place, place + 1)]
            for key in keys:
                if key not in cache:
                    cache[key] = r_squared(list(key))
            lmg[driver] += (cache[keys[1]] - cache[keys[0]]) / 720
    truth = simulate.driver_importance("nps")
    # About 109,000 complete responses: sd of R squared 2 sqrt(.385) (1 - .385) / 330 = .0023, of a
    # part of it less.
    assert len(complete) == pytest.approx(109_000, rel=0.02)
    assert truth["lmg"].sum() == pytest.approx(r_squared(list(range(6))), abs=0.009)
    assert truth["lmg"].to_numpy() == pytest.approx(lmg, abs=0.006)
    means, errors = complete[DRIVERS].mean(), complete[DRIVERS].sem()
    assert ((means.to_numpy() - truth["mean_rating"]) / errors.to_numpy()).abs().max() < 4


def test_asymmetry_agrees_with_a_regression_on_draws(large):
    complete = large.dropna(subset=["nps", *DRIVERS])
    ratings = complete[DRIVERS].to_numpy()
    design = np.column_stack([np.ones(len(ratings)), ratings <= 2, ratings == 5])
    fitted, *_ = np.linalg.lstsq(design, complete["nps"].to_numpy(), rcond=None)
    truth = simulate.driver_asymmetry("nps")
    # Standard errors of the coefficients lie between .012 and .03.
    assert truth["penalty"].to_numpy() == pytest.approx(fitted[1:7], abs=0.09)
    assert truth["reward"].to_numpy() == pytest.approx(fitted[7:], abs=0.06)


def test_kinds_of_drivers_show_in_penalties_and_rewards():
    truth = simulate.driver_asymmetry("nps").set_index("driver")
    assert truth.loc["fees", "penalty"] < -0.8
    assert abs(truth.loc["fees", "reward"]) < 0.1
    assert truth.loc["app", "reward"] > 0.7
    assert abs(truth.loc["app", "penalty"]) < 0.2
    performance = truth.loc[["waiting_time", "staff_help", "problem_solving"]]
    assert (performance["reward"] / -performance["penalty"]).between(0.8, 1.25).all()


def test_importance_has_a_leader_and_a_last():
    truth = simulate.driver_importance("nps").set_index("driver")["lmg_share"]
    assert truth.sum() == pytest.approx(1)
    ranked = truth.sort_values(ascending=False)
    assert ranked.index[0] == "waiting_time"
    assert ranked.index[-1] == "branch_comfort"
    assert ranked.iloc[0] - ranked.iloc[1] > 0.05


def test_feedback_looks_like_feedback(large):
    assert list(large.columns[:5]) == ["response", "date", "branch", "channel", "age_band"]
    assert large["response"].is_unique
    assert large["date"].is_monotonic_increasing
    assert large["date"].min() == "2024-11-01"
    assert large["date"].max() == "2026-10-31"
    pd.to_datetime(large["date"], format="%Y-%m-%d")
    for name, outcome in feedback.OUTCOMES.items():
        assert set(large[name].dropna()) == set(range(outcome.low, outcome.high + 1))
        # sd of a rate near .03 in 200,000: .0004
        assert large[name].isna().mean() == pytest.approx(outcome.blank_rate, abs=0.002)
        # The ceiling: the highest answer is the commonest one, or nearly.
        assert (large[name] == outcome.high).mean() > 0.25
    app = large["channel"] == "app"
    assert large.loc[app, "app"].notna().all()
    assert large.loc[~app, "app"].isna().mean() > 0.2


def test_no_responses_is_an_error():
    with pytest.raises(ValueError, match="needs responses"):
        simulate.feedback_responses(0, np.random.default_rng(1))


def test_inside_truth_follows_from_the_marginal_normal():
    truth = simulate.expected_internal()
    cuts = simulate.CUTS
    belief = np.mean(
        [
            1 + norm.sf(cuts, mu - 1.1, internal.ANSWER_SD).sum()
            for mu, _ in simulate.LATENT_MEANS["responsiveness"]
        ]
    )
    wanted = np.mean(
        [
            1 + norm.sf(cuts, mu, simulate.EXPECTATION_SD).sum()
            for mu, _ in simulate.LATENT_MEANS["responsiveness"]
        ]
    )
    row = truth.loc["responsiveness"]
    assert row["gap_1"] == pytest.approx(belief - wanted, abs=1e-9)
    assert row["gap_4"] == pytest.approx(row["staff"] - row["promises"])


def test_each_inside_gap_has_its_dimension():
    truth = simulate.expected_internal()
    assert truth["gap_1"].idxmin() == "empathy"
    assert truth["gap_2"].idxmin() == "reliability"
    assert truth["gap_3"].idxmin() == "responsiveness"
    assert truth["gap_4"].idxmin() == "responsiveness"
    assert truth.loc["tangibles", ["gap_1", "gap_2", "gap_3", "gap_4"]].min() > -0.15


def test_inside_draws_agree_with_their_truth(monkeypatch):
    monkeypatch.setattr(internal, "ROLES", dict.fromkeys(internal.ROLES, 4000))
    drawn = simulate.internal_answers(np.random.default_rng(5))
    dimension = {}
    for name, means in simulate.LATENT_MEANS.items():
        for _ in means:
            dimension[f"{len(dimension) + 1:02d}"] = name
    people = drawn.groupby(["role", drawn["item"].map(dimension), "respondent"])["value"].mean()
    groups = people.groupby(level=[0, 1])
    truth = simulate.expected_internal()[list(internal.ROLES)].T.stack()
    z = (groups.mean() - truth.reindex(groups.mean().index)) / groups.sem()
    assert len(z) == 20
    assert z.abs().max() < 4


def test_inside_answers_are_complete_and_on_the_scale():
    drawn = simulate.internal_answers(np.random.default_rng(6))
    people = drawn.groupby("role")["respondent"].nunique()
    assert people.to_dict() == {"managers": 30, "standards": 12, "staff": 60, "promises": 12}
    assert len(drawn) == 114 * 22
    assert not drawn.duplicated(["respondent", "item"]).any()
    assert drawn["value"].between(1, 7).all()


def test_complaints_follow_their_rates():
    draws = pd.concat(
        simulate.monthly_indices(np.random.default_rng(seed)).query("index == 'complaints'")
        for seed in range(50)
    )
    rates = {
        "before": indices.COMPLAINTS_PER_1000_BEFORE,
        "after": indices.COMPLAINTS_PER_1000_AFTER,
    }
    period = np.where(draws["date"] >= feedback.CHANGE, "after", "before")
    for when, rows in draws.groupby(period):
        count, base = rows["value"].sum(), rows["base"].sum()
        # A Poisson count of about 200,000 to 460,000: relative sd below .0023.
        assert 1000 * count / base == pytest.approx(rates[when], rel=0.009)


def test_indices_cover_the_months_of_the_feedback():
    drawn = simulate.monthly_indices(np.random.default_rng(1))
    assert drawn.groupby("index")["date"].nunique().to_dict() == dict.fromkeys(
        ["complaints", "market_share_pct", "profit_billion_rials"], 24
    )
    assert drawn["date"].str[:7].unique().tolist() == list(feedback.MONTHS)
    assert drawn.loc[drawn["index"] != "complaints", "base"].isna().all()
