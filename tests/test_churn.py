import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from cxlib import PROJECT, churn, inference


@pytest.fixture(scope="module")
def telco():
    names = {"rownames": "customer_id", "churn": "churned", "tenure": "tenure_months"}
    raw = pd.read_csv(PROJECT / "data" / "raw" / "telco_churn.csv").rename(columns=names)
    return raw.assign(churned=raw["churned"] == "Yes", customer_id=raw["customer_id"].astype(str))


@pytest.fixture(scope="module")
def table(telco):
    return churn.features(telco)


@pytest.fixture(scope="module")
def validation(table):
    X = table.X
    models = {
        "tenure alone": churn.logistic(X[["tenure_months"]]),
        "logistic": churn.logistic(X),
        "boosting": churn.boosting(X),
    }
    return churn.cross_validate(models, X, table.churned, seed=1)


def small_company(seed, n=600):
    """Two numbers and a category with known effects on leaving."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i:04d}" for i in range(n)],
            "tenure_months": rng.integers(0, 60, n).astype(float),
            "monthly_charges": rng.gamma(5, 10, n),
            "plan": rng.choice(["basic", "plus", "max"], n),
        }
    )
    score = 0.5 - 0.05 * frame["tenure_months"] + 0.5 * (frame["plan"] == "max")
    return frame.assign(churned=rng.random(n) < expit(score))


# --- measures of prediction


@pytest.mark.parametrize(("model", "published"), [("logistic", 0.845), ("boosting", 0.847)])
def test_telco_auc_is_the_published_one(validation, model, published):
    assert validation.estimates[model, "auc"].value == pytest.approx(published, abs=0.01)


def test_telco_risks_are_calibrated_and_beat_the_baselines(validation):
    estimates = validation.estimates
    assert estimates["logistic", "calibration_slope"].value == pytest.approx(1, abs=0.1)
    brier = [estimates[name, "brier"].value for name in ("logistic", "tenure alone", "base rate")]
    assert brier == sorted(brier)
    # 1,869 of 7,043 left: the base rate's Brier score is p (1 - p).
    assert brier[2] == pytest.approx(1869 / 7043 * (1 - 1869 / 7043), abs=1e-12)
    assert estimates["base rate", "brier_skill"].value == pytest.approx(0, abs=1e-12)


def brute_force_delong(y, risks):
    """DeLong, DeLong & Clarke-Pearson (1988), eq. 4 to 6, pair by pair."""
    wins = [
        np.array([[(a > b) + (a == b) / 2 for b in risk[~y]] for a in risk[y]]) for risk in risks
    ]
    v10 = np.array([won.mean(axis=1) for won in wins])
    v01 = np.array([won.mean(axis=0) for won in wins])
    covariance = np.cov(v10) / y.sum() + np.cov(v01) / (~y).sum()
    return np.array([won.mean() for won in wins]), covariance


@pytest.mark.parametrize("seed", range(5))
def test_delong_is_the_brute_force_count(seed):
    rng = np.random.default_rng(seed)
    y = np.arange(24) < 9
    # Rounding makes ties, within and between the classes.
    risks = np.round(rng.normal(y * 0.8, 1, size=(2, 24)), 1)
    values, covariance = churn.delong(y, risks)
    expected_values, expected_covariance = brute_force_delong(y, risks)
    assert values == pytest.approx(expected_values, abs=1e-12)
    assert covariance == pytest.approx(expected_covariance, abs=1e-12)
    difference = churn.auc_difference(y, risks[0], risks[1])
    error = np.sqrt(np.array([1, -1]) @ expected_covariance @ np.array([1, -1]))
    assert difference.high - difference.value == pytest.approx(1.959963985 * error, abs=1e-9)


def test_auc_agrees_with_sklearn(validation):
    for name in validation.predictions:
        expected = roc_auc_score(validation.churned, validation.predictions[name])
        assert validation.estimates[name, "auc"].value == pytest.approx(expected, abs=1e-12)


def test_delong_interval_covers_in_95_of_100():
    rng = np.random.default_rng(20)
    y = np.arange(240) < 80
    # Normal risks one sd apart have AUC = Phi(1 / sqrt 2).
    truth = stats.norm.cdf(1 / np.sqrt(2))
    intervals = [churn.auc(y, rng.normal(y * 1.0)) for _ in range(200)]
    covered = sum(one.low <= truth <= one.high for one in intervals)
    # Of 200 simulated samples 181 to 197 is the 99 % band of a true 95 % (binomial).
    assert 181 <= covered <= 197


def test_auc_difference_of_equally_good_models_covers_zero():
    rng = np.random.default_rng(21)
    y = np.arange(240) < 80
    covered = 0
    for _ in range(200):
        common = rng.normal(y * 1.0)
        first, second = common + rng.normal(size=(2, 240))
        one = churn.auc_difference(y, first, second)
        covered += one.low <= 0 <= one.high
    assert 181 <= covered <= 197


def test_auc_limits():
    y = np.array([True, True, False, False, False])
    for risk, value in (([0.9, 0.8, 0.3, 0.2, 0.1], 1), ([0.1, 0.2, 0.3, 0.8, 0.9], 0)):
        one = churn.auc(y, risk)
        assert (one.value, one.low, one.high) == (value, None, None)
        assert "no DeLong interval" in one.method
    difference = churn.auc_difference(y, [0.9, 0.8, 0.3, 0.2, 0.1], [0.4] * 5)
    assert (difference.value, difference.low, difference.high) == (0.5, None, None)
    assert churn.auc(y, [0.4] * 5).value == 0.5
    with pytest.raises(ValueError, match="two who left"):
        churn.auc([True, False, False], [0.2, 0.1, 0.3])


def test_shuffled_labels_cannot_be_told():
    table, rng = churn.features(small_company(22, 400)), np.random.default_rng(22)
    model = {"logistic": churn.logistic(table.X)}
    values = [
        churn.cross_validate(model, table.X, rng.permutation(table.churned), folds=3)
        .estimates["logistic", "auc"]
        .value
        for _ in range(20)
    ]
    # Each AUC has a standard error of about .04, their mean .01; three of it are allowed.
    assert np.mean(values) == pytest.approx(0.5, abs=0.03)
    assert 0.02 < np.std(values) < 0.06


def test_brier_by_hand():
    y, risk = [1, 0, 1, 0], [0.9, 0.2, 0.6, 0.5]
    squares = [0.01, 0.04, 0.16, 0.25]
    one = churn.brier(y, risk)
    assert one.value == pytest.approx(0.115)
    margin = stats.t.ppf(0.975, 3) * stats.sem(squares)
    assert (one.low, one.high) == pytest.approx((0.115 - margin, 0.115 + margin))
    assert churn.brier_skill(y, risk).value == pytest.approx(1 - 0.115 / 0.25)


def test_brier_skill_interval_covers_in_95_of_100():
    rng = np.random.default_rng(23)
    # Risks .1 and .5 for halves: Brier (.09 + .25) / 2 = .17, base rate .3 * .7 = .21.
    truth, covered = 1 - 0.17 / 0.21, 0
    for _ in range(200):
        drawn = np.where(rng.random(400) < 0.5, 0.1, 0.5)
        one = churn.brier_skill(rng.random(400) < drawn, drawn)
        covered += one.low <= truth <= one.high
    assert 181 <= covered <= 197


def test_average_precision_by_hand():
    one = churn.average_precision([1, 0, 1, 0], [0.9, 0.7, 0.6, 0.1])
    # Precision 1 at the first leaver, 2/3 at the second: AP = 5/6, logit = ln 5.
    margin = 1.959963985 / np.sqrt(2 * 5 / 6 * 1 / 6)
    assert one.value == pytest.approx(5 / 6)
    assert (one.low, one.high) == pytest.approx(
        (expit(np.log(5) - margin), expit(np.log(5) + margin))
    )
    assert churn.average_precision([1, 0], [0.9, 0.1]).low is None


def test_calibration_by_hand():
    # Risks .2 and .6 with 3 of 10 and 5 of 10 leavers: two points fix slope and intercept.
    risk = np.repeat([0.2, 0.6], 10)
    y = np.r_[np.arange(10) < 3, np.arange(10) < 5]
    expected = (logit(0.5) - logit(0.3)) / (logit(0.6) - logit(0.2))
    slope = churn.calibration_slope(y, risk)
    assert slope.value == pytest.approx(expected, abs=1e-8)
    # Woolf's error of the log odds ratio of the 2x2 table, carried to the slope.
    error = np.sqrt(1 / 3 + 1 / 7 + 1 / 5 + 1 / 5) / (logit(0.6) - logit(0.2))
    assert slope.high - slope.value == pytest.approx(1.959963985 * error, abs=1e-7)
    perfect = churn.calibration_slope([1, 1, 0, 0], [1.0, 0.8, 0.2, 0.0])
    assert (perfect.value, perfect.low) == (None, None)
    intercept = churn.calibration_intercept(y[:10], risk[:10])
    assert intercept.value == pytest.approx(logit(0.3) - logit(0.2), abs=1e-8)


def test_calibration_verdict_follows_the_intervals():
    def between(low, high):
        return inference.Estimate((low + high) / 2, low, high, 0.95, 100, "test")

    verdict = churn.calibration_verdict
    assert "can be read as probabilities" in verdict(between(0.9, 1.1), between(-0.1, 0.1))
    for slope, intercept in (
        (between(0.75, 1.2), between(-0.1, 0.1)),
        (between(0.9, 1.3), between(-0.1, 0.1)),
        (between(0.9, 1.1), between(-0.3, 0.1)),
    ):
        assert "cannot be judged with so few customers" in verdict(slope, intercept)
    assert "too extreme" in verdict(between(0.7, 0.9), between(-0.1, 0.1))
    assert "too low on the whole" in verdict(between(0.9, 1.1), between(0.1, 0.2))
    nothing = churn.calibration_slope([1, 0, 1], [0.5, 0.5, 0.5])
    assert "cannot be judged" in verdict(nothing, between(-0.1, 0.1))


def test_the_simpler_model_wins_ties():
    table = churn.features(small_company(3))
    model = churn.logistic(table.X)
    result = churn.cross_validate({"first": model, "same": model}, table.X, table.churned)
    assert result.chosen == "first"
    assert "same is not shown to rank better than first" in result.choice
    noise = {"noise": churn.logistic(table.X[["monthly_charges"]])}
    assert churn.cross_validate(noise, table.X, table.churned).chosen == "base rate"


def test_a_perfect_model_is_chosen_without_an_interval():
    rng = np.random.default_rng(24)
    X = pd.DataFrame({"closed": np.repeat([1.0, 0.0], 60), "noise": rng.normal(size=120)})
    models = {"noise": churn.logistic(X[["noise"]]), "all": churn.logistic(X)}
    result = churn.cross_validate(models, X, X["closed"] == 1)
    assert result.estimates["all", "auc"].low is None
    assert result.chosen == "all"
    assert "no interval" in result.choice


def test_every_customer_is_predicted_once_and_folds_are_stratified(validation):
    assert validation.predictions.notna().all(axis=None)
    sizes = pd.Series(validation.fold).value_counts()
    leavers = pd.Series(validation.churned).groupby(validation.fold).sum()
    assert sizes.max() - sizes.min() <= 1
    assert leavers.max() - leavers.min() <= 1
    part = validation.fold == 0
    first = roc_auc_score(validation.churned[part], validation.predictions["logistic"][part])
    variation = validation.fold_variation.loc["logistic"]
    assert variation["lowest"] <= first <= variation["highest"]
    assert variation["folds"] == 5


def test_row_order_ids_and_currency_change_nothing():
    frame = small_company(4)
    rng = np.random.default_rng(5)
    order = rng.permutation(len(frame))
    other = frame.iloc[order].assign(
        customer_id=rng.permutation(frame["customer_id"]),
        monthly_charges=frame["monthly_charges"].iloc[order] * 1000,
    )
    risks = []
    for data in (frame, other):
        table = churn.features(data)
        models = {"logistic": churn.logistic(table.X), "boosting": churn.boosting(table.X)}
        risks.append(churn.cross_validate(models, table.X, table.churned, seed=6).predictions)
    difference = risks[1].to_numpy() - risks[0].to_numpy()[order]
    assert np.abs(difference).max() < 1e-7


# --- the model table


def test_features_leave_out_what_cannot_be_used_and_say_so():
    frame = small_company(7).assign(
        country="NL",
        contract_no=[f"A{i}" for i in range(600)],
        since=pd.Timestamp("2024-01-01"),
        newsletter=pd.array([True, None, False] * 200, dtype="boolean"),
    )
    frame["plan"] = frame["plan"].where(frame["plan"] != "plus")
    table = churn.features(frame)
    assert list(table.X) == ["tenure_months", "monthly_charges", "plan", "newsletter"]
    assert table.summary.loc["country", "reason"] == "constant"
    assert "identifier" in table.summary.loc["contract_no", "reason"]
    assert "date" in table.summary.loc["since", "reason"]
    assert table.summary.loc["newsletter", "missing"] == 200
    assert table.X["newsletter"].isna().sum() == 200
    assert (table.X["plan"] == "(missing)").sum() == (frame["plan"].isna()).sum()


@pytest.mark.parametrize(("leavers", "n"), [(49, 600), (0, 600), (600, 600)])
def test_too_few_events_stop_with_advice(leavers, n):
    frame = small_company(8, n).assign(churned=np.arange(n) < leavers)
    with pytest.raises(ValueError, match=rf"{leavers} of {n} customers left.*report the churn"):
        churn.features(frame)


def test_models_take_missing_numbers_and_unseen_levels():
    table = churn.features(small_company(9))
    X, y = table.X.copy(), table.churned
    X.loc[::7, "monthly_charges"] = np.nan
    seen = (X["plan"] != "max").to_numpy()
    for model in (churn.logistic(X), churn.boosting(X)):
        risk = model.fit(X[seen], y[seen]).predict_proba(X[~seen])[:, 1]
        assert ((risk > 0) & (risk < 1)).all()


@pytest.mark.parametrize("kind", ["number", "category", "missing"])
def test_a_planted_leak_is_named(kind):
    for seed in range(20):
        table = churn.features(small_company(seed))
        y = table.churned
        rng = np.random.default_rng(seed)
        leak = {
            "number": pd.Series(-1.0 * y + rng.normal(0, 0.1, len(y))),
            "category": pd.Series(np.where(y, "closed", "open")).astype("category"),
            "missing": pd.Series(rng.normal(size=len(y))).where(~y),
        }[kind]
        found = churn.single_features(table.X.assign(leak=leak), y)
        assert list(found.index[found["suspicious"]]) == ["leak"]


def test_a_leak_at_both_ends_of_a_number_is_named():
    table = churn.features(small_company(25))
    rng = np.random.default_rng(25)
    refund = table.churned * rng.choice([-1, 1], 600) * rng.gamma(5, 10, 600)
    found = churn.single_features(table.X.assign(refund=refund), table.churned)
    assert list(found.index[found["suspicious"]]) == ["refund"]


def test_a_leak_of_two_features_together_is_told_of_the_model():
    table = churn.features(small_company(26))
    rng = np.random.default_rng(26)
    noise = rng.normal(0, 5, 600)
    X = table.X.assign(opened=noise, closed=noise + table.churned)
    single = churn.single_features(X, table.churned)
    assert not single["suspicious"].any()
    models = {"honest": churn.logistic(table.X), "leaky": churn.logistic(X)}
    models["leaky"] = models["leaky"].set_params(logisticregression__C=1e6)
    warning = churn.leak_warning(single, churn.cross_validate(models, X, table.churned))
    assert "the model leaky ranks almost perfectly" in warning
    assert "honest" not in warning
    del models["leaky"]
    assert churn.leak_warning(single, churn.cross_validate(models, X, table.churned)) == ""


def test_a_category_of_pure_noise_does_not_rank():
    rng = np.random.default_rng(27)
    covered = 0
    for _ in range(200):
        X = pd.DataFrame({"area": pd.Categorical(rng.integers(0, 50, 600).astype(str))})
        one = churn.single_features(X, rng.random(600) < 0.27).iloc[0]
        covered += one["low"] <= 0.5 <= one["high"]
    assert covered >= 181


def test_telco_has_no_leak(table):
    single = churn.single_features(table.X, table.churned)
    assert not single["suspicious"].any()
    tenure = roc_auc_score(~table.churned, table.X["tenure_months"])
    # The twentieths of tenure rank like tenure itself, but for ties within a twentieth.
    assert single.loc["tenure_months", "auc"] == pytest.approx(tenure, abs=0.005)


# --- deciles, targeting, groups


def test_deciles_sum_to_the_total_and_rank_by_risk(validation):
    table = churn.deciles(validation.churned, validation.predictions["logistic"])
    assert table["customers"].sum() == 7043
    assert table["churned"].sum() == 1869
    assert table["predicted"].is_monotonic_decreasing
    weighted = np.average(table["lift"], weights=table["customers"])
    assert weighted == pytest.approx(1, abs=1e-12)


def test_equal_risks_share_a_decile():
    risk = np.r_[np.full(15, 0.9), np.linspace(0.5, 0.1, 85)]
    table = churn.deciles(np.arange(100) < 30, risk)
    assert table.loc[1, "customers"] == 15
    assert table["customers"].sum() == 100
    assert churn.deciles(np.arange(100) < 30, np.full(100, 0.3))["customers"].tolist() == [100]


def test_targeting_by_hand():
    y = np.zeros(100, dtype=bool)
    y[[0, 1, 2, 3, 4, 50, 60, 70, 80, 90]] = True
    table = churn.targeting(y, np.linspace(0.9, 0.1, 100), [0.1, 1.0])
    first = table.loc[0.1]
    assert (first["customers"], first["churned"]) == (10, 5)
    assert (first["precision"], first["captured"], first["lift"]) == (0.5, 0.5, 5.0)
    # Of the 20 customers around the cut 5 left: r = .25, c = .5, s = .1, churn rate .1. Influence
    # (Y (I - c) - r (I - s)) / .1 of the 5 found, the 5 missed, the 5 contacted and the 85 others:
    influence = np.repeat([0.275, -0.475, -0.225, 0.025], [5, 5, 5, 85]) / 0.1
    margin = 1.959963985 * influence.std(ddof=1) / 10
    bounds = [(0.5 - margin) / 0.1, (0.5 + margin) / 0.1]
    assert [first["lift_low"], first["lift_high"]] == pytest.approx(bounds)
    assert table.loc[1.0, ["captured", "lift", "lift_low", "lift_high"]].tolist() == [1, 1, 1, 1]
    with pytest.raises(ValueError, match="between 0 and 1"):
        churn.targeting(y, np.linspace(0.9, 0.1, 100), [0.0])


def logistic_population(rng, n):
    risk = expit(-1.5 + 1.5 * rng.normal(size=n))
    return rng.random(n) < risk, risk


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_captured_interval_covers_in_95_of_100(share):
    nodes = np.linspace(-8, 8, 200_001)
    leaving = expit(-1.5 + 1.5 * nodes) * stats.norm.pdf(nodes)
    truth = leaving[nodes >= stats.norm.isf(share)].sum() / leaving.sum()
    rng = np.random.default_rng(28)
    rows = [churn.targeting(*logistic_population(rng, 800), [share]).iloc[0] for _ in range(200)]
    covered = sum(row["captured_low"] <= truth <= row["captured_high"] for row in rows)
    # At .1 Wilson's interval, for a depth that is not fixed, covers in more than 197 of them.
    assert 181 <= covered <= 197


def test_lift_interval_of_a_decile_covers_in_95_of_100():
    nodes = np.linspace(-8, 8, 200_001)
    leaving = expit(-1.5 + 1.5 * nodes) * stats.norm.pdf(nodes)
    third = (nodes < stats.norm.isf(0.2)) & (nodes >= stats.norm.isf(0.3))
    truth = leaving[third].sum() / leaving.sum() / 0.1
    rng = np.random.default_rng(29)
    rows = [churn.deciles(*logistic_population(rng, 800)).loc[3] for _ in range(200)]
    covered = sum(row["lift_low"] <= truth <= row["lift_high"] for row in rows)
    assert 181 <= covered <= 197


def test_lift_of_a_perfect_ranking_stays_possible():
    y = np.arange(1000) < 265
    risk = np.linspace(1, 0, 1000)
    assert churn.targeting(y, risk, [0.1]).loc[0.1, "lift_high"] <= 1 / 0.265 + 1e-12
    # A decile without a leaver still has an upper bound.
    assert churn.deciles(y, risk).loc[10, "lift_high"] > 0


def test_targeting_agrees_with_a_share_of_a_round_number():
    risk = np.linspace(0.9, 0.1, 70)
    assert churn.targeting(np.arange(70) < 9, risk, [0.1]).loc[0.1, "customers"] == 7


def test_risk_table_is_sorted_and_keeps_every_customer():
    table = churn.risk_table(["b", "a", "c"], [True, False, False], [0.4, 0.4, 0.9])
    assert table["customer_id"].tolist() == ["c", "a", "b"]
    assert table["decile"].tolist() == [2, 7, 7]
    assert table["churned"].tolist() == [False, False, True]


def test_churn_rates_sum_to_the_total_and_suppress_small_groups():
    X = pd.DataFrame({"size": pd.Categorical(["s"] * 60 + ["m"] * 31 + ["l"] * 9)})
    X["tenure"] = np.r_[np.arange(98.0), np.nan, np.nan]
    y = np.arange(100) % 4 == 0
    rates = churn.churn_rates(X, y, ["size"]).set_index("group")
    assert rates["suppressed"].to_dict() == {"l": True, "m": True, "s": False}
    assert rates.loc[["l", "m"], ["customers", "churned", "rate"]].isna().all(axis=None)
    assert rates.loc["s", "rate"] == 0.25
    full = churn.churn_rates(X.iloc[:98], y[:98], ["tenure"])
    assert full["customers"].sum() == 98
    assert full["churned"].sum() == y[:98].sum()
    assert full["group"].iloc[0] == "0 to 24"


# --- odds ratios


def test_odds_ratio_of_a_2x2_table_is_woolfs():
    a, b, c, d = 40, 60, 12, 108
    X = pd.DataFrame({"exposed": np.repeat([1.0, 1.0, 0.0, 0.0], [a, b, c, d])})
    y = np.repeat([True, False, True, False], [a, b, c, d])
    row = churn.odds_ratios(X, y).summary.iloc[0]
    ratio, error = a * d / (b * c), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    assert row["odds_ratio"] == pytest.approx(ratio, rel=1e-9)
    bounds = ratio * np.exp(np.array([-1, 1]) * 1.959963985 * error)
    assert [row["low"], row["high"]] == pytest.approx(bounds, rel=1e-8)
    assert row["p"] == pytest.approx(2 * stats.norm.sf(np.log(ratio) / error), rel=1e-7)


def test_odds_ratios_agree_with_a_generalized_linear_model():
    table = churn.features(small_company(11))
    odds = churn.odds_ratios(table.X, table.churned, units={"tenure_months": 12}, level=0.9)
    reference = table.X["plan"].value_counts().idxmax()
    design = pd.get_dummies(table.X, dtype=float).drop(columns=f"plan_{reference}")
    fit = GLM(table.churned.astype(float), design.assign(one=1.0), family=Binomial()).fit(tol=1e-12)
    by_hand = fit.params.drop("one").to_numpy() * [12, 1, 1, 1]
    assert odds.summary["odds_ratio"].to_numpy() == pytest.approx(np.exp(by_hand), rel=1e-6)
    bounds = np.exp(fit.conf_int(0.1).loc["tenure_months"].to_numpy() * 12)
    assert odds.summary.loc[0, ["low", "high"]].tolist() == pytest.approx(bounds, rel=1e-6)
    assert odds.summary["p"].to_numpy() == pytest.approx(fit.pvalues.drop("one"), rel=1e-5)
    assert odds.summary["contrast"][0] == "per 12"
    sd = table.X["tenure_months"].std(ddof=0)
    per_sd = np.exp(fit.params["tenure_months"] * sd)
    assert odds.summary["odds_ratio_per_sd"][0] == pytest.approx(per_sd, rel=1e-6)
    assert odds.aliased.empty


def test_scaled_currency_changes_only_the_unit():
    table = churn.features(small_company(12))
    dear = table.X.assign(monthly_charges=table.X["monthly_charges"] * 1000)
    first = churn.odds_ratios(table.X, table.churned, units={"monthly_charges": 10})
    second = churn.odds_ratios(dear, table.churned, units={"monthly_charges": 10_000})
    columns = ["odds_ratio", "low", "high", "odds_ratio_per_sd", "p", "vif"]
    expected = first.summary[columns].to_numpy()
    assert second.summary[columns].to_numpy() == pytest.approx(expected, rel=1e-8, nan_ok=True)


def test_duplicated_customers_shrink_the_error_by_root_2():
    table = churn.features(small_company(13))
    twice = pd.concat([table.X, table.X], ignore_index=True)
    once = churn.odds_ratios(table.X, table.churned).summary
    double = churn.odds_ratios(twice, np.tile(table.churned, 2)).summary
    widths = [np.log(each["high"] / each["low"]) for each in (once, double)]
    assert double["odds_ratio"].to_numpy() == pytest.approx(once["odds_ratio"], rel=1e-8)
    assert (widths[0] / widths[1]).to_numpy() == pytest.approx(np.sqrt(2), rel=1e-8)


def test_columns_that_others_determine_are_listed():
    table = churn.features(small_company(14))
    X = table.X.assign(
        tenure_years=table.X["tenure_months"] / 12,
        line=(table.X["plan"] != "max").astype(float),
        bill=table.X["tenure_months"] + table.X["monthly_charges"],
    )
    odds = churn.odds_ratios(X, table.churned)
    aliased = odds.aliased.set_index("feature")["determined_by"]
    assert list(aliased.index) == ["tenure_years", "line", "bill"]
    assert aliased["tenure_years"] == "tenure_months: per 1"
    assert "plan: max" in aliased["line"] or aliased["line"].count("plan") == 2
    assert aliased["bill"] == "tenure_months: per 1, monthly_charges: per 1"
    alone = churn.odds_ratios(table.X, table.churned).summary
    assert odds.summary["odds_ratio"].to_numpy() == pytest.approx(alone["odds_ratio"], rel=1e-9)


def test_telco_no_internet_levels_are_aliased(table):
    odds = churn.odds_ratios(table.X.drop(columns="total_charges"), table.churned)
    assert len(odds.aliased) == 7
    assert odds.aliased["contrast"].str.startswith("No ").all()
    assert (odds.n, odds.incomplete) == (7043, 0)
    assert churn.odds_ratios(table.X, table.churned).incomplete == 11


def test_variance_inflation_by_hand():
    table = churn.features(small_company(15))
    X = table.X[["tenure_months", "monthly_charges"]]
    rng = np.random.default_rng(15)
    X = X.assign(total=X["tenure_months"] + rng.normal(0, 2, len(X)))
    summary = churn.odds_ratios(X, table.churned).summary.set_index("feature")
    others = np.column_stack([np.ones(len(X)), X[["monthly_charges", "total"]]])
    rest = X["tenure_months"] - others @ np.linalg.lstsq(others, X["tenure_months"])[0]
    expected = X["tenure_months"].var() / (rest**2).sum() * (len(X) - 1)
    assert summary.loc["tenure_months", "vif"] == pytest.approx(expected, rel=1e-8)
    assert summary["unstable"].to_dict() == {
        "tenure_months": True,
        "monthly_charges": False,
        "total": True,
    }


def test_collinearity_agrees_with_the_odds_ratios(table):
    found = churn.collinearity(table.X)
    summary = churn.odds_ratios(table.X, table.churned).summary
    expected = summary.groupby("feature")["vif"].first()
    assert found["vif"].to_numpy() == pytest.approx(expected[found.index], rel=1e-10)
    assert found["vif"].is_monotonic_decreasing
    assert found["aliased"].sum() == 7
    assert found.loc["payment_method", ["columns", "aliased"]].tolist() == [3, 0]


def test_a_rare_level_is_merged_and_the_others_keep_their_odds_ratios():
    table = churn.features(small_company(16))
    stayed = np.flatnonzero(~table.churned)
    plan = table.X["plan"].astype(str)
    plan.iloc[stayed[:4]] = "legacy"
    X = table.X.assign(plan=plan.astype("category"))
    odds = churn.odds_ratios(X, table.churned)
    most = X["plan"].value_counts().idxmax()
    assert odds.merged.to_numpy().tolist() == [["plan", "legacy", 4, most]]
    assert (len(odds.summary), odds.n, odds.left_out.empty, odds.reason) == (4, 600, True, "")
    plan.iloc[stayed[4:12]] = "trial"
    odds = churn.odds_ratios(X.assign(plan=plan.astype("category")), table.churned)
    assert odds.merged.to_numpy().tolist() == [["plan", "legacy, trial", 12, "(other levels)"]]
    assert odds.left_out.to_numpy().tolist() == [
        ["plan", "none of the 12 with (other levels) left"]
    ]


def test_a_feature_with_a_one_sided_level_is_left_out():
    table = churn.features(small_company(16))
    plan = table.X["plan"].astype(str).where(~table.churned | (table.X["plan"] != "plus"), "basic")
    X = table.X.assign(plan=plan.astype("category"), vip=(~table.churned) * (plan == "plus") * 1.0)
    odds = churn.odds_ratios(X, table.churned)
    assert odds.left_out["feature"].tolist() == ["plan", "vip"]
    size = (plan == "plus").sum()
    assert odds.left_out["reason"][0] == f"none of the {size} with plus left"
    alone = churn.odds_ratios(table.X[["tenure_months", "monthly_charges"]], table.churned)
    pd.testing.assert_frame_equal(odds.summary, alone.summary)


def test_without_odds_ratios_the_reason_is_said():
    table = churn.features(small_company(16))
    perfect = pd.DataFrame({"score": table.churned + np.linspace(0, 0.5, len(table.X))})
    odds = churn.odds_ratios(perfect, table.churned)
    assert odds.summary.empty
    assert "separates" in odds.reason
    columns = churn.odds_ratios(table.X, table.churned).summary.columns
    assert list(odds.summary.columns) == list(columns)
    nothing = churn.odds_ratios(pd.DataFrame({"left": table.churned * 1.0}), table.churned)
    assert nothing.reason == "no feature is left"


def test_too_few_complete_customers_have_no_odds_ratios():
    table = churn.features(small_company(18))
    X = table.X.assign(income=pd.Series(np.arange(600.0)).where(np.arange(600) < 60))
    odds = churn.odds_ratios(X, table.churned)
    assert odds.summary.empty
    assert "only 60 customers" in odds.reason
    assert "first income" in odds.reason


def test_a_unit_of_nothing_is_refused():
    table = churn.features(small_company(17))
    with pytest.raises(ValueError, match="plan"):
        churn.odds_ratios(table.X, table.churned, units={"plan": 2})
