import numpy as np
import pandas as pd
import pytest

from cxlib import simulate
from cxlib.clv import BetaGeoNBD, ConvergenceError, ModifiedBetaGeoNBD, ParetoNBD, covariates
from cxlib.clv.covariates import LAWS, fit_with_covariates, likelihood_ratio_tests
from cxlib.clv.encoding import CovariateError
from cxlib.clv.histories import Histories, TooFewError, history_arrays

KINDS = [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD]
DROPOUT = {
    BetaGeoNBD: "after a repeat purchase",
    ModifiedBetaGeoNBD: "after any purchase",
    ParetoNBD: "at any time",
}
# r, alpha and a, b or s, beta of a customer at the reference.
TRUTH = {
    BetaGeoNBD: (0.8, 5.0, 0.9, 2.5),
    ModifiedBetaGeoNBD: (0.8, 5.0, 0.9, 2.5),
    ParetoNBD: (0.8, 5.0, 0.7, 8.0),
}


def simulated(kind, n, rng, *, rate=0.0, dropout=0.0, basket=0.0) -> pd.DataFrame:
    """Customers of the process: "web" against "shop" multiplies the purchase rate by exp(rate) and
    the odds (Pareto/NBD: the rate) of dropping out by exp(dropout); a standard deviation of basket
    multiplies the purchase rate by exp(basket)."""
    web, size = rng.uniform(size=n) < 0.4, rng.normal(size=n)
    r, alpha, first, second = TRUTH[kind]
    lift = np.exp(dropout * web)
    parameters = (
        np.broadcast_to(r, n),
        alpha * np.exp(-rate * web - basket * size),
        first * (1 if kind is ParetoNBD else lift),
        second / (lift if kind is ParetoNBD else np.ones(n)),
    )
    T = rng.integers(140, 280, size=n) / 7
    row, week = simulate.purchase_times(DROPOUT[kind], parameters, T, rng)
    table = simulate.purchase_histories(row, week, T)
    return table.assign(channel=np.where(web, "web", "shop"), basket=50 + 10 * size)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    rng = np.random.default_rng(20261122)
    return simulated(BetaGeoNBD, 3000, rng, rate=0.5, dropout=-0.6, basket=0.2)


@pytest.fixture(scope="module")
def fit(customers):
    return fit_with_covariates(BetaGeoNBD, customers, ["channel", "basket"])


# likelihood and derivatives


@pytest.mark.parametrize("kind", KINDS)
def test_gradient_and_hessian_are_those_of_the_likelihood(kind, customers):
    data = history_arrays(customers.head(300))
    rng = np.random.default_rng(3)
    design, law = rng.normal(size=(300, 2)), LAWS[kind.label]
    point = np.log(TRUTH[kind])
    point = np.append(point, 0.3 * rng.normal(size=2 * len(covariates._entered(law))))
    _, gradient, hessian = covariates.likelihood(point, law, data, design)
    for i, step in enumerate(1e-5 * np.eye(len(point))):
        above = covariates.likelihood(point + step, law, data, design)
        below = covariates.likelihood(point - step, law, data, design)
        assert gradient[i] == pytest.approx((above[0] - below[0]) / 2e-5, rel=1e-6, abs=1e-5)
        assert hessian[i] == pytest.approx((above[1] - below[1]) / 2e-5, rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_likelihood_is_that_of_each_profile(kind, customers):
    found = fit_with_covariates(kind, customers.head(500), ["channel"])
    parts = [
        model.log_likelihood(customers.head(500).iloc[rows])
        for model, rows in found.profiles(customers.head(500))
    ]
    assert len(parts) == 2
    assert sum(parts) == pytest.approx(found.llf, abs=1e-5)


def test_blocks_add_up(customers, monkeypatch):
    data, design = history_arrays(customers), customers[["basket"]].to_numpy() / 50 - 1
    point, law = np.log([0.8, 5.0, 0.9, 2.5, 1.2, 0.9, 1.1]), LAWS["BG/NBD"]
    whole = covariates.likelihood(point, law, data, design)
    monkeypatch.setattr(covariates, "BLOCK", 700)
    for one, other in zip(whole, covariates.likelihood(point, law, data, design), strict=True):
        assert one == pytest.approx(other, rel=1e-10)


# limits known by hand


@pytest.mark.parametrize("kind", KINDS)
def test_halves_that_are_alike_have_no_effect(kind, customers):
    histories = customers[["frequency", "recency_weeks", "T_weeks"]].head(1000)
    twice = pd.concat([histories.assign(half="one"), histories.assign(half="two")])
    found, plain = fit_with_covariates(kind, twice, ["half"]), kind.fit(twice)
    assert found.params[4:].to_numpy() == pytest.approx(0, abs=1e-5)
    assert found.params[:4].to_numpy() == pytest.approx(plain.params.to_numpy(), rel=1e-4)
    table = likelihood_ratio_tests(found, twice)
    assert table["likelihood_ratio"].to_numpy() == pytest.approx(0, abs=1e-5)
    assert table["p_value"].to_numpy() == pytest.approx(1, abs=1e-3)
    lost = table["parameters"].to_numpy() * np.log(2000)
    assert table["bic_gain"].to_numpy() == pytest.approx(-lost, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_half_the_pace_is_half_the_rate(kind, customers):
    # The same histories with all times doubled: alpha (and beta of Pareto/NBD) double, a and b of
    # the others stay.
    histories = customers[["frequency", "recency_weeks", "T_weeks"]].head(1000)
    slow = histories.assign(
        recency_weeks=2 * histories["recency_weeks"], T_weeks=2 * histories["T_weeks"]
    )
    both = pd.concat([histories.assign(pace="1 quick"), slow.assign(pace="2 slow")])
    found = fit_with_covariates(kind, both, ["pace"])
    plain = kind.fit(histories).params.to_numpy()
    assert found.params[:4].to_numpy() == pytest.approx(plain, rel=1e-4)
    quantities = found.effects().set_index("quantity")["ratio"]
    assert quantities["purchase rate"] == pytest.approx(1 / 2, rel=1e-4)
    dropout = 1 / 2 if kind is ParetoNBD else 1.0
    assert quantities.iloc[1] == pytest.approx(dropout, rel=1e-4)
    model = found.model_for({"pace": "2 slow"})
    assert model.alpha == pytest.approx(2 * plain[1], rel=1e-4)


# recovery


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_is_recovered(kind):
    rng = np.random.default_rng(7)
    table = simulated(kind, 12_000, rng, rate=0.5, dropout=-0.6, basket=0.2)
    found = fit_with_covariates(kind, table, ["channel", "basket"])
    base = np.log(found.params[:4]) - np.log(TRUTH[kind])
    assert (base.abs() < 4 * np.sqrt(np.diag(found.cov))[:4]).all()
    effects = found.effects().set_index(["covariate", "quantity"])
    logs = np.log(effects[["ratio", "low", "high"]])
    error = (logs["high"] - logs["low"]) / 2 / 1.959964
    # The order of the effects: channel on buying and on dropping out, then basket.
    z = (logs["ratio"] - [0.5, -0.6, 0.2, 0.0]) / error
    assert (z.abs() < 4).all()
    assert (error < [0.06, 0.13, 0.03, 0.06]).all()


def test_without_an_effect_p_values_are_uniform():
    rng = np.random.default_rng(20261122)
    p = []
    for _ in range(20):
        table = simulated(ParetoNBD, 600, rng)
        found = fit_with_covariates(ParetoNBD, table, ["channel"])
        p.append(likelihood_ratio_tests(found, table)["p_value"].iloc[0])
    # Kolmogorov-Smirnov: 99 of 100 samples of 20 uniform values stay within .352.
    rank = np.arange(1, 21) / 20
    assert np.abs(np.sort(p) - rank + 1 / 40).max() < 0.352 - 1 / 40
    assert min(p) > 0.01 / 20


# what the result says


def test_tests_and_effects_by_hand(fit, customers):
    table = likelihood_ratio_tests(fit, customers).fillna({"covariate": "together"})
    table = table.set_index("covariate")
    plain = BetaGeoNBD.fit(customers)
    alone = fit_with_covariates(BetaGeoNBD, customers, ["basket"])
    assert table["parameters"].tolist() == [3, 3, 6]
    assert table.loc["together", "likelihood_ratio"] == pytest.approx(2 * (fit.llf - plain.llf))
    assert table.loc["channel", "likelihood_ratio"] == pytest.approx(2 * (fit.llf - alone.llf))
    assert table.loc["together", "bic_gain"] == pytest.approx(plain.bic - fit.bic)
    # Of chi-square with 6 degrees of freedom, P(> x) = exp(-y) (1 + y + y^2 / 2), y = x / 2.
    y = table.loc["together", "likelihood_ratio"] / 2
    by_hand = np.exp(-y) * (1 + y + y**2 / 2)
    assert table.loc["together", "p_value"] == pytest.approx(by_hand, rel=1e-6)
    assert np.isnan(table.loc["together", "p_holm"])
    low, high = sorted(table.loc[["channel", "basket"], "p_value"])
    assert min(table["p_holm"][:2]) == pytest.approx(min(2 * low, 1))
    assert max(table["p_holm"][:2]) == pytest.approx(max(2 * low, high))

    web = fit.effects().iloc[1]
    assert (web["contrast"], web["against"], web["quantity"]) == ("web", "shop", "dropout odds")
    a, b = fit.params["a: channel = web"], fit.params["b: channel = web"]
    assert web["ratio"] == pytest.approx(np.exp(a - b))
    assert web["n"] == (customers["channel"] == "web").sum()
    size = fit.effects().iloc[2]
    sd = customers["basket"].std(ddof=0)
    assert size["contrast"] == f"one standard deviation ({sd:.4g}) more"
    assert (size["n"], fit.n) == (3000, 3000)


def test_intervals_of_parameters(fit):
    bounds, values, errors = fit.conf_int(), fit.params, fit.bse
    factor = np.exp(1.959964 * errors["r"] / values["r"])
    assert bounds.loc["r", "high"] == pytest.approx(values["r"] * factor, rel=1e-6)
    name = "alpha: basket"
    assert bounds.loc[name, "low"] == pytest.approx(values[name] - 1.959964 * errors[name])
    assert fit.aic == pytest.approx(2 * 10 - 2 * fit.llf)
    assert fit.summary.columns.tolist() == ["estimate", "standard_error", "low", "high"]


def test_a_profile_is_a_plain_model(fit, customers):
    model = fit.model_for({"channel": "web", "basket": 60.0})
    # The class of 60 is that of its tenth of the customers, and is read as their mean.
    tenth = pd.qcut(customers["basket"], 10, labels=False)
    least = customers["basket"].groupby(tenth).min()
    mean = customers.loc[tenth == (least <= 60).sum() - 1, "basket"].mean()
    step = (mean - customers["basket"].mean()) / customers["basket"].std(ddof=0)
    g = fit.params
    alpha = g["alpha"] * np.exp(-g["alpha: channel = web"] - step * g["alpha: basket"])
    a = g["a"] * np.exp(g["a: channel = web"] + step * g["a: basket"])
    assert (model.r, model.alpha) == pytest.approx((g["r"], alpha))
    assert model.a == pytest.approx(a)
    some = customers.iloc[[5, 0, 17, 5]]
    expected = fit.expected_purchases(some, 10)
    alive = fit.probability_alive(some)
    for place, (_, row) in enumerate(some.iterrows()):
        own = fit.model_for(row)
        one = pd.DataFrame([row]).astype({"frequency": int})
        assert expected[place] == pytest.approx(own.expected_purchases(one, 10)[0])
        assert alive[place] == pytest.approx(own.probability_alive(one)[0])


# what must not matter


def test_counts_order_and_scale_do_not_matter(fit, customers):
    other = customers.assign(basket=100 * customers["basket"] + 7).sample(frac=1, random_state=1)
    found = fit_with_covariates(BetaGeoNBD, other, ["channel", "basket"])
    assert found.llf == pytest.approx(fit.llf, rel=1e-10)
    assert found.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-5, abs=1e-6)
    keys = ["frequency", "recency_weeks", "T_weeks", "channel"]
    counted = customers.groupby(keys).size().rename("customers").reset_index()
    rows, counts = (
        fit_with_covariates(BetaGeoNBD, one, ["channel"])
        for one in (customers[keys], counted.assign(customers=counted["customers"] * 2))
    )
    assert counts.params.to_numpy() == pytest.approx(rows.params.to_numpy(), rel=1e-5, abs=1e-6)
    assert counts.bse.to_numpy() == pytest.approx(rows.bse.to_numpy() / np.sqrt(2), rel=1e-4)
    assert counts.n == 6000


def test_a_start_from_a_sample_leads_to_the_same(fit, customers, monkeypatch):
    monkeypatch.setattr(covariates, "MANY", 1000)
    monkeypatch.setattr(covariates, "THINNED", 2)
    found = fit_with_covariates(BetaGeoNBD, customers, ["channel", "basket"])
    assert found.llf == pytest.approx(fit.llf, abs=1e-5)
    assert found.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-3, abs=1e-3)


# levels


def test_small_and_missing_levels(customers):
    # Twenty fairs of nine customers each, and 300 customers without a channel.
    channel = customers["channel"].copy()
    channel.iloc[:180] = [f"fair {number // 9:02d}" for number in range(180)]
    channel.iloc[180:480] = None
    table = customers.assign(channel=channel)
    found = fit_with_covariates(BetaGeoNBD, table, ["channel"])
    (read,) = found.covariates
    assert read.levels == ("shop", "web", "not stated", "20 other levels")
    assert read.counts[2:] == (300, 180)
    assert sum(read.counts) == 3000
    assert (
        "fewer than 10 customers and all but the 10 largest (fair 00, fair 01, " in found.notes[0]
    )
    assert "without a value" in found.notes[1]
    together = found.model_for({"channel": "fair 03"})
    assert together == found.model_for({"channel": "fair 19"})
    assert found.model_for({"channel": None}) != together
    assert found.model_for({"channel": "shop"}) == found.base
    with pytest.raises(ValueError, match="no level 'phone'; it knows shop, web"):
        found.model_for({"channel": "phone"})
    with pytest.raises(ValueError, match="lack the column channel"):
        found.model_for({"basket": 3})


def test_many_levels_take_no_more_parameters_than_ten(customers):
    rng = np.random.default_rng(6)
    table = customers.assign(shop=rng.choice([f"shop {one:03d}" for one in range(120)], 3000))
    found = fit_with_covariates(BetaGeoNBD, table, ["shop"])
    (read,) = found.covariates
    assert read.levels[-1] == "110 other levels"
    assert len(found.params) == 4 + 3 * 10
    assert "110 other levels" in found.notes[0]


def test_a_number_of_many_values_leaves_few_distinct_rows(customers, monkeypatch):
    table = pd.concat([customers] * 4, ignore_index=True)
    table["basket"] += np.random.default_rng(1).uniform(size=len(table))
    seen = []
    of = covariates.likelihood
    monkeypatch.setattr(
        covariates, "likelihood", lambda *one: seen.append(len(one[2].x)) or of(*one)
    )
    fit_with_covariates(BetaGeoNBD, table, ["basket"])
    tenth = pd.qcut(table["basket"], 10, labels=False)
    distinct = table.groupby(["frequency", "recency_weeks", "T_weeks", tenth]).ngroups
    # Without classes there are 12,000 rows.
    assert (set(seen), table["basket"].nunique()) == ({distinct}, 12_000)
    assert distinct < 8_000


def test_the_plain_model_is_fitted_once(customers, monkeypatch):
    fitted = []
    of = BetaGeoNBD.fit.__func__
    monkeypatch.setattr(
        BetaGeoNBD, "fit", classmethod(lambda cls, data: fitted.append(1) or of(cls, data))
    )
    found = fit_with_covariates(BetaGeoNBD, customers, ["channel", "basket"])
    likelihood_ratio_tests(found, customers)
    assert len(fitted) == 1
    again = fit_with_covariates(BetaGeoNBD, customers, ["channel"], plain=found.plain)
    assert len(fitted) == 1
    assert again.plain is found.plain


def test_true_and_false_are_levels(customers):
    table = customers.assign(member=customers["channel"].eq("web"))
    found = fit_with_covariates(BetaGeoNBD, table, ["member"])
    assert found.covariates[0].levels == ("False", "True")
    assert found.model_for({"member": False}) == found.base


def test_what_cannot_be_fitted_is_said(customers):
    def fitted(table, names):
        return fit_with_covariates(BetaGeoNBD, table, names)

    with pytest.raises(ValueError, match="at least one"):
        fitted(customers, [])
    with pytest.raises(TooFewError, match="too small: 25 customers"):
        fitted(customers.iloc[:25], ["basket"])
    with pytest.raises(ValueError, match="none twice"):
        fitted(customers, ["channel", "channel"])
    with pytest.raises(ValueError, match="lack the column shop"):
        fitted(customers, ["shop"])
    again = customers.assign(double=2 * customers["basket"])
    with pytest.raises(CovariateError, match="determine one another"):
        fitted(again, ["basket", "double"])
    once = np.where(customers["frequency"] == 0, customers["channel"], "shop")
    with pytest.raises(CovariateError, match="nobody of level 'web' bought again"):
        fitted(customers.assign(channel=once), ["channel"])


def test_a_level_without_dropout_does_not_converge(customers):
    # Members buy regularly until the very end: their `a` is driven to 0.
    rng = np.random.default_rng(2)
    members = Histories(rng.integers(5, 30, size=200), np.full(200, 39.9), np.full(200, 40), None)
    frame = pd.DataFrame(members._asdict()).rename(
        columns={"x": "frequency", "t_x": "recency_weeks", "T": "T_weeks"}
    )
    table = pd.concat([customers.assign(member="no"), frame.assign(member="yes")])
    table = table.drop(columns="customers")
    with pytest.raises(ConvergenceError, match=r"with member did not .* smallest level is 'yes'"):
        fit_with_covariates(BetaGeoNBD, table, ["member"])
