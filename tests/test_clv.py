import datetime as dt
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import betaln

from cxlib import PROJECT, clv
from cxlib.clv import beta_geo_nbd, gamma_gamma, holdout
from cxlib.clv.correlation import correlation_difference, ranks, robust_correlation
from cxlib.clv.histories import history_arrays, spend_arrays
from cxlib.inference import Estimate

PURCHASES = clv.BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
SPEND = clv.GammaGamma(p=6.25, q=3.74, gamma=15.44)


def cdnow(until: str) -> pd.DataFrame:
    """One row a customer by plain pandas, apart from the reduction that cxlib.rfm makes."""
    path = Path(PROJECT) / "data" / "raw" / "cdnow_sample.csv"
    raw = pd.read_csv(path, dtype={"customer_id": str, "date": str})
    raw["date"] = pd.to_datetime(raw["date"], format="%Y%m%d")
    raw = raw[raw["date"] <= until]
    days = raw.groupby(["customer_id", "date"], as_index=False)["dollars"].sum()
    dates = days.groupby("customer_id")["date"]
    first, last = dates.min(), dates.max()
    repeats = days[days["date"] > days["customer_id"].map(first)]
    spend = repeats[repeats["dollars"] > 0].groupby("customer_id")["dollars"]
    table = pd.DataFrame(
        {
            "frequency": dates.size() - 1,
            "recency_weeks": (last - first).dt.days / 7,
            "T_weeks": (pd.Timestamp(until) - first).dt.days / 7,
            "spend_days": spend.size(),
            "mean_spend": spend.mean(),
        }
    )
    return table.fillna({"spend_days": 0})


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return cdnow("1997-09-30")


@pytest.fixture(scope="module")
def fit(customers):
    return clv.BetaGeoNBD.fit(customers)


@pytest.fixture(scope="module")
def spend_fit(customers):
    return clv.GammaGamma.fit(customers)


def history(x, t_x, T) -> pd.DataFrame:
    return pd.DataFrame({"frequency": [x], "recency_weeks": [t_x], "T_weeks": [T]})


def continuous_time_histories(model, n, weeks, rng) -> pd.DataFrame:
    """Histories as BG/NBD tells them: each customer's purchases one by one until dropping out."""
    rate = rng.gamma(model.r, 1 / model.alpha, size=n)
    dropout = rng.beta(model.a, model.b, size=n)
    T = rng.uniform(weeks / 2, weeks, size=n)
    x, t_x, now = np.zeros(n), np.zeros(n), np.zeros(n)
    alive = np.ones(n, dtype=bool)
    while alive.any():
        now[alive] += rng.exponential(size=alive.sum()) / rate[alive]
        alive &= now <= T
        x[alive] += 1
        t_x[alive] = now[alive]
        alive &= rng.uniform(size=n) >= dropout
    return pd.DataFrame({"frequency": x, "recency_weeks": t_x, "T_weeks": T})


# published figures


def test_bg_nbd_reproduces_fader_hardie_and_lee(fit):
    assert fit.params.to_numpy() == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.0005)
    assert fit.llf == pytest.approx(-9582.4, abs=0.05)
    assert (fit.n, fit.converged) == (2357, True)
    assert fit.aic == pytest.approx(2 * 4 + 2 * 9582.43, abs=0.01)
    assert fit.bic == pytest.approx(4 * np.log(2357) + 2 * 9582.43, abs=0.01)


def test_expected_purchases_of_a_new_customer_reproduce_the_published_ones(fit):
    for weeks, published in ((1, 0.0532), (3, 0.1506), (32, 1.0437)):
        assert fit.model.expected_purchases_new(weeks) == pytest.approx(published, abs=0.00005)


def test_the_published_figure_at_78_weeks_is_a_series_cut_short(fit):
    # 2F1 summed directly converges slowly there: 150 terms give the published 1.8576, all of them
    # 1.8580, and so does quadrature.
    r, alpha, a, b = fit.params
    z = 78 / (alpha + 78)
    terms = np.cumprod([(r + j) * (b + j) / (a + b - 1 + j) / (j + 1) * z for j in range(2000)])
    expected = [
        (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + 78)) ** r * (1 + terms[:n].sum()))
        for n in (150, 2000)
    ]
    assert expected[0] == pytest.approx(1.8576, abs=0.00005)
    assert fit.model.expected_purchases_new(78) == pytest.approx(expected[1], abs=1e-9)


def test_gamma_gamma_reproduces_fader_and_hardie(customers, spend_fit):
    spenders = customers[customers["spend_days"] > 0]
    assert (spend_fit.n, len(spenders)) == (946, 946)
    assert spenders["mean_spend"].mean() == pytest.approx(35.08, abs=0.005)
    assert spend_fit.params[["p", "q"]].to_numpy() == pytest.approx([6.25, 3.74], abs=0.005)
    assert spend_fit.params["gamma"] == pytest.approx(15.44, abs=0.005)
    assert spend_fit.llf == pytest.approx(-4055.92, abs=0.005)


def test_expected_spend_by_hand():
    frame = pd.DataFrame({"spend_days": [0, 2], "mean_spend": [np.nan, 30.0]})
    # 6.25 * 15.44 / 2.74 and 6.25 * (15.44 + 60) / (12.5 + 2.74)
    assert SPEND.expected_spend(frame) == pytest.approx([35.2190, 30.9383], abs=0.0001)


# likelihood, derivatives, standard errors


def by_hand(model, x, t_x, T) -> float:
    """The likelihood of one history by integrating over lambda and p (eq. 3 of the paper)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b

    def of_rate(end):
        scale = alpha**r / (alpha + end) ** (r + x)
        return scale * np.exp(np.sum(np.log(r + np.arange(x))))

    stay = np.exp(betaln(a, b + x) - betaln(a, b))
    left = np.exp(betaln(a + 1, b + x - 1) - betaln(a, b)) if x > 0 else 0
    return stay * of_rate(T) + left * of_rate(t_x)


@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 30), (1, 3, 20), (5, 12.5, 39)])
def test_log_likelihood_of_one_history(x, t_x, T):
    expected = np.log(by_hand(PURCHASES, x, t_x, T))
    assert PURCHASES.log_likelihood(history(x, t_x, T)) == pytest.approx(expected, abs=1e-10)


def differences(function, values):
    """Central differences of a vector function, relative steps of 1e-5."""
    columns = []
    for i, value in enumerate(values):
        step = np.zeros(len(values))
        step[i] = 1e-5 * value
        columns.append((function(values + step) - function(values - step)) / (2 * step[i]))
    return np.array(columns)


@pytest.mark.parametrize("name", ["purchases", "spend"])
def test_gradient_and_hessian_are_those_of_the_likelihood(name, customers):
    if name == "purchases":
        likelihood, data = beta_geo_nbd.likelihood, history_arrays(customers)
        values = np.array([0.4, 6.0, 1.3, 2.0])
    else:
        likelihood, data = gamma_gamma.likelihood, spend_arrays(customers)
        values = np.array([5.0, 3.0, 20.0])
    _, gradient, hessian = likelihood(values, data)
    numerical = differences(lambda v: np.array(likelihood(v, data)[0]), values)
    assert gradient == pytest.approx(numerical, rel=1e-5, abs=1e-4)
    curvature = differences(lambda v: likelihood(v, data)[1], values)
    assert hessian == pytest.approx(curvature, rel=1e-6, abs=1e-5)


def test_standard_errors_are_the_inverse_numerical_hessian(fit, spend_fit, customers):
    for found, likelihood, data in (
        (fit, beta_geo_nbd.likelihood, history_arrays(customers)),
        (spend_fit, gamma_gamma.likelihood, spend_arrays(customers)),
    ):
        values = found.params.to_numpy()
        step = 1e-4 * values
        size = range(len(values))
        hessian = np.empty((len(values), len(values)))
        for i in size:
            for j in size:
                e, f = np.eye(len(values))[i] * step[i], np.eye(len(values))[j] * step[j]
                corners = [
                    sign * likelihood(values + s * e + t * f, data)[0]
                    for s, t, sign in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
                ]
                hessian[i, j] = sum(corners) / (4 * step[i] * step[j])
        expected = np.sqrt(np.diag(np.linalg.inv(-hessian)))
        assert found.bse.to_numpy() == pytest.approx(expected, rel=1e-3)


def test_summary_holds_estimates_errors_and_intervals(fit):
    row = fit.summary.loc["r"]
    factor = np.exp(1.959964 * row["standard_error"] / row["estimate"])
    assert row["low"] == pytest.approx(row["estimate"] / factor, rel=1e-6)
    assert row["high"] == pytest.approx(row["estimate"] * factor, rel=1e-6)


# what must not matter


def test_counts_row_order_and_duplicates(fit, customers):
    shuffled = clv.BetaGeoNBD.fit(customers.sample(frac=1, random_state=1))
    assert (shuffled.model, shuffled.llf) == (fit.model, fit.llf)
    columns = ["frequency", "recency_weeks", "T_weeks"]
    counted = customers.groupby(columns).size().rename("customers").reset_index()
    assert clv.BetaGeoNBD.fit(counted).model == fit.model
    twice = clv.BetaGeoNBD.fit(counted.assign(customers=2 * counted["customers"]))
    assert twice.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-6)
    assert twice.bse.to_numpy() == pytest.approx(fit.bse.to_numpy() / np.sqrt(2), rel=1e-6)


def test_another_currency_and_another_time_unit_change_the_scale_alone(fit, spend_fit, customers):
    dear = customers.assign(mean_spend=1000 * customers["mean_spend"])
    scaled = clv.GammaGamma.fit(dear)
    assert scaled.model.gamma == pytest.approx(1000 * spend_fit.model.gamma, rel=1e-6)
    assert scaled.model.q == pytest.approx(spend_fit.model.q, rel=1e-6)
    days = customers.assign(
        recency_weeks=7 * customers["recency_weeks"], T_weeks=7 * customers["T_weeks"]
    )
    assert clv.BetaGeoNBD.fit(days).model.alpha == pytest.approx(7 * fit.model.alpha, rel=1e-6)


# recovery and coverage


def test_intervals_cover_the_truth_in_95_of_100_data_sets():
    truth = clv.BetaGeoNBD(r=0.8, alpha=5.0, a=0.9, b=2.5)
    rng = np.random.default_rng(20261122)
    covered, estimates = np.zeros(4), []
    for _ in range(200):
        found = clv.BetaGeoNBD.fit(continuous_time_histories(truth, 800, 60, rng))
        bounds = found.conf_int()
        values = found.params.index.map(lambda name: getattr(truth, name))
        covered += (bounds["low"] <= values) & (values <= bounds["high"])
        estimates.append(np.log(found.params.to_numpy()))
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert ((covered >= 181) & (covered <= 197)).all()
    # The median of 200 log estimates errs by about 1.25 sd / sqrt(200); four times that.
    error = np.median(estimates, axis=0) - np.log([truth.r, truth.alpha, truth.a, truth.b])
    assert (np.abs(error) < 4 * 1.25 * np.std(estimates, axis=0) / np.sqrt(200)).all()


def test_gamma_gamma_intervals_cover_the_truth():
    truth = clv.GammaGamma(p=4.0, q=4.0, gamma=30.0)
    rng = np.random.default_rng(20261122)
    covered = np.zeros(3)
    for _ in range(200):
        x = 1 + rng.poisson(2, size=600)
        nu = rng.gamma(truth.q, 1 / truth.gamma, size=600)
        frame = pd.DataFrame({"spend_days": x, "mean_spend": rng.gamma(truth.p * x) / (nu * x)})
        bounds = clv.GammaGamma.fit(frame).conf_int()
        values = np.array([truth.p, truth.q, truth.gamma])
        covered += (bounds["low"] <= values) & (values <= bounds["high"])
    assert ((covered >= 181) & (covered <= 197)).all()


# expected purchases


def by_integration(model, x, t_x, T, weeks) -> float:
    """P(alive) times the mean over p ~ Beta(a, b + x) of (1 - (1 + p t / (alpha + T))^-(r+x)) / p,
    by quad over logit(p), with the tails, where the bracket is linear or constant, by hand."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b + x
    ratio = weeks / (alpha + T)

    def density(logit):
        log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        bought = -np.expm1(-(r + x) * np.log1p(np.exp(log_p) * ratio))
        return np.exp((a - 1) * log_p + b * log_q - betaln(a, b)) * bought

    knots = [-60, -40, -25, *range(-15, 16), 25, 40]
    pieces = [
        quad(density, low, high, epsabs=1e-15, epsrel=1e-12)[0]
        for low, high in itertools.pairwise(knots)
    ]
    tails = density(-60) / a + density(40) / b
    return by_hand_alive(model, x, t_x, T) * (sum(pieces) + tails)


def by_hand_alive(model, x, t_x, T) -> float:
    if x == 0:
        return 1.0
    odds = np.log(model.a / (model.b + x - 1))
    odds += (model.r + x) * np.log((model.alpha + T) / (model.alpha + t_x))
    return 1 / (1 + np.exp(odds))


@pytest.mark.parametrize("a", [0.3, 0.793, 1 - 1e-3, 1 - 1e-7, 1.0, 1.0005, 1.002, 3.0])
@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 0), (0, 0, 430), (3, 20, 39), (500, 429, 430)])
def test_expected_purchases_by_integration(a, x, t_x, T):
    model = clv.BetaGeoNBD(PURCHASES.r, PURCHASES.alpha, a, PURCHASES.b)
    for weeks in (1, 52, 520):
        found = model.expected_purchases(history(x, t_x, T), weeks)[0]
        assert found == pytest.approx(by_integration(model, x, t_x, T, weeks), rel=1e-7)


def test_expected_purchases_where_the_closed_form_fails():
    # a + b = 1 is a removable singularity for x = 0; at b = 400 scipy's 2F1 is not finite.
    for model, T in (
        (clv.BetaGeoNBD(2.0, 4.0, 0.4, 0.6), 10),
        (clv.BetaGeoNBD(0.5, 0.5, 0.9, 400.0), 0),
    ):
        found = model.expected_purchases(history(0, 0, T), 520)[0]
        assert found == pytest.approx(by_integration(model, 0, 0, T, 520), rel=1e-6)


def test_extreme_histories_stay_finite():
    x = np.array([0, 0, 1, 500, 500, 500, 5000])
    t_x = np.array([0, 0, 0.0, 430, 10, 1e-3, 430])
    frame = pd.DataFrame({"frequency": x, "recency_weeks": t_x, "T_weeks": 430.0})
    alive = PURCHASES.probability_alive(frame)
    expected = PURCHASES.expected_purchases(frame, 520)
    assert np.isfinite(expected).all()
    assert ((alive >= 0) & (alive <= 1) & (expected >= 0)).all()
    assert alive[[0, 1]] == pytest.approx(1)
    assert alive[4] == pytest.approx(0, abs=1e-12)


def test_probability_alive_by_hand():
    # 1 + .793 / (2.426 + 1) * ((4.414 + 38.86) / (4.414 + 30.43))^2.243
    ratio = 0.793 / 3.426 * (43.274 / 34.844) ** 2.243
    found = PURCHASES.probability_alive(history(2, 30.43, 38.86))
    assert found == pytest.approx(1 / (1 + ratio), abs=1e-12)


# simulation


def test_simulated_future_agrees_with_expectation_and_with_the_process():
    """Purchases after T given a history: by formula, by `_simulate`, and by running the process
    from the start and keeping the customers who happen to have that history."""
    model = clv.BetaGeoNBD(r=1.5, alpha=6.0, a=0.8, b=2.0)
    rng = np.random.default_rng(7)
    row = history(2, 8.0, 20.0).assign(customers=400_000)
    simulated = beta_geo_nbd.simulate(model, history_arrays(row), 30, rng)
    mean = len(simulated.week) / 400_000
    # A customer's purchases have an sd of about 3: Monte Carlo error .005, four times that.
    assert mean == pytest.approx(model.expected_purchases(row, 30)[0], abs=0.02)
    early = (simulated.week <= 10).sum() / 400_000
    assert early == pytest.approx(model.expected_purchases(row, 10)[0], abs=0.01)

    n = 400_000
    rate, dropout = rng.gamma(1.5, 1 / 6.0, size=n), rng.beta(0.8, 2.0, size=n)
    now, later, before = np.zeros(n), np.zeros(n), np.zeros(n)
    last, alive = np.zeros(n), np.ones(n, dtype=bool)
    while alive.any():
        now[alive] += rng.exponential(size=alive.sum()) / rate[alive]
        alive &= now <= 50
        past = alive & (now <= 20)
        before[past] += 1
        last[past] = now[past]
        later[alive & ~past] += 1
        alive &= rng.uniform(size=n) >= dropout
    like = (before == 2) & (np.abs(last - 8) < 1)
    # About 2,500 customers have it: error .05 or so.
    assert later[like].mean() == pytest.approx(mean, abs=0.2)
    assert like.sum() > 1500


def test_draws_tell_the_two_uncertainties_apart(fit, customers):
    rng = np.random.default_rng(3)
    draws = clv.purchase_draws(fit, customers, 39, draws=200, rng=rng)
    total = fit.model.expected_purchases(customers, 39).sum()
    # Means of 200 draws with sds of about 70 and 90: errors 5 and 6.5, four times that.
    assert draws["expected_purchases"].mean() == pytest.approx(total, abs=25)
    assert draws["purchases"].mean() == pytest.approx(total, abs=30)
    assert draws["purchases"].std() > 1.1 * draws["expected_purchases"].std()
    intervals = clv.draws_intervals(draws, {"expected_purchases": total}, n=fit.n)
    wide, narrow = intervals["purchases"], intervals["expected_purchases"]
    assert wide.value == narrow.value == total
    assert wide.high - wide.low > narrow.high - narrow.low


def test_value_draws_centre_on_the_expected_value(fit, spend_fit, customers):
    terms = {"horizon_weeks": 26, "margin_rate": 0.4, "annual_discount_rate": 0.1}
    rng = np.random.default_rng(4)
    draws = clv.value_draws(fit, spend_fit, customers, draws=100, rng=rng, **terms)
    value = clv.customer_value(fit.model, spend_fit.model, customers, **terms)["value"]
    for column in ("expected_value", "value"):
        error = draws[column].std() / np.sqrt(100)
        assert draws[column].mean() == pytest.approx(value.sum(), abs=4 * error)
        assert error < 0.01 * value.sum()
    assert draws["top_share"].mean() == pytest.approx(clv.top_share(value.to_numpy()), abs=0.01)


# value


def test_customer_value_by_hand(customers):
    few = customers.head(3)
    terms = {"horizon_weeks": 2, "margin_rate": 0.5, "annual_discount_rate": 0.1}
    found = clv.customer_value(PURCHASES, SPEND, few, **terms)
    one, two = (PURCHASES.expected_purchases(few, weeks) for weeks in (1, 2))
    week = 1.1 ** (-7 / 365.2425)
    paid = few["spend_days"].sum() / few["frequency"].sum()
    expected = 0.5 * paid * SPEND.expected_spend(few) * (one * week + (two - one) * week**2)
    assert found["value"].to_numpy() == pytest.approx(expected, rel=1e-9)
    undiscounted = clv.customer_value(
        PURCHASES, SPEND, few, horizon_weeks=2, margin_rate=1, annual_discount_rate=0
    )
    assert undiscounted["value"].to_numpy() == pytest.approx(paid * two * SPEND.expected_spend(few))


def test_unpaid_purchase_days_do_not_count_as_spend():
    # 30 % of the purchase days have an amount of zero; every paid one brings about 20.
    rng = np.random.default_rng(11)
    table = future_of(clv.BetaGeoNBD(r=0.8, alpha=5.0, a=0.9, b=2.5), 3000, rng)
    table["spend_days"] = rng.binomial(table["frequency"].astype(int), 0.7)
    spread = rng.normal(scale=0.05, size=3000) + rng.normal(size=3000) / 50
    table["mean_spend"] = np.where(table["spend_days"] > 0, 20 * np.exp(spread), np.nan)
    fit, money = clv.BetaGeoNBD.fit(table), clv.GammaGamma(p=100.0, q=101.0, gamma=20.0)
    terms = {"horizon_weeks": 40, "margin_rate": 1.0, "annual_discount_rate": 0.0}
    worth = clv.customer_value(fit.model, money, table, **terms)
    # The rate of some 3,000 purchase days has an error of .008, 1.2 %; three times that.
    assert clv.paid_rate(table) == pytest.approx(0.7, abs=0.025)
    truth = 0.7 * 20 * worth["expected_purchases"].sum()
    assert worth["value"].sum() == pytest.approx(truth, rel=0.04)
    futures = clv.value_draws(
        fit,
        clv.Fit(money, np.eye(3) * 1e-12, 0.0, 3000, 1, True),
        table,
        draws=50,
        rng=rng,
        **terms,
    )
    assert (futures["value"] / futures["purchases"]).mean() == pytest.approx(0.7 * 20, rel=0.04)
    nobody = table.assign(frequency=0.0, spend_days=0)
    assert clv.paid_rate(nobody) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"horizon_weeks": 0}, "horizon_weeks"),
        ({"margin_rate": 40}, "margin_rate"),
        ({"annual_discount_rate": -0.1}, "annual_discount_rate"),
    ],
)
def test_impossible_terms_are_named(change, message, customers):
    terms = {"horizon_weeks": 2, "margin_rate": 0.5, "annual_discount_rate": 0.1} | change
    with pytest.raises(ValueError, match=message):
        clv.customer_value(PURCHASES, SPEND, customers, **terms)


def test_top_share_by_hand():
    assert clv.top_share(np.array([1.0, 5.0, 2.0, 1.0, 1.0])) == 0.5
    assert clv.top_share(np.ones(10)) == pytest.approx(0.2)


# too little, too odd


def test_ten_customers_are_too_few(customers):
    with pytest.raises(ValueError, match=r"10 customers .* too few"):
        clv.BetaGeoNBD.fit(customers.head(10))
    with pytest.raises(ValueError, match="too few"):
        clv.BetaGeoNBD.fit(customers[customers["frequency"] == 0])
    with pytest.raises(ValueError, match="too few"):
        clv.GammaGamma.fit(customers[customers["spend_days"] > 0].head(9))


def test_nobody_who_drops_out_does_not_converge():
    rng = np.random.default_rng(2)
    # Regular buyers who all bought last just before the end: a is driven to 0.
    x = rng.integers(5, 30, size=200)
    frame = pd.DataFrame({"frequency": x, "recency_weeks": 39.9, "T_weeks": 40.0})
    with pytest.raises(clv.ConvergenceError, match=r"did not converge.*nobody seems to drop out"):
        clv.BetaGeoNBD.fit(frame)


def test_impossible_histories_are_refused(customers):
    late = customers.assign(recency_weeks=customers["T_weeks"] + 1)
    with pytest.raises(ValueError, match="impossible"):
        clv.BetaGeoNBD.fit(late)
    with pytest.raises(ValueError, match="impossible"):
        clv.BetaGeoNBD.fit(customers.assign(T_weeks=np.nan))
    with pytest.raises(ValueError, match="lack the column T_weeks"):
        clv.BetaGeoNBD.fit(customers.drop(columns="T_weeks"))
    with pytest.raises(ValueError, match="mean_spend"):
        clv.GammaGamma.fit(customers.assign(mean_spend=0.0))


# hold-out check


def test_holdout_dates():
    end = dt.date(1998, 6, 30)
    assert clv.holdout_dates(dt.date(1997, 9, 30), end, 39) == (dt.date(1997, 9, 30), end)
    assert clv.holdout_dates(end, end, 39) == (dt.date(1997, 9, 30), end)
    assert clv.holdout_dates(dt.date(1997, 10, 1), end, 39)[1] == dt.date(1997, 10, 1)


def future_of(model, n, rng) -> pd.DataFrame:
    """Customers of the process with T = 40 weeks, and what they buy in the 40 weeks after."""
    rate, dropout = rng.gamma(model.r, 1 / model.alpha, size=n), rng.beta(model.a, model.b, size=n)
    now, alive = np.zeros(n), np.ones(n, dtype=bool)
    table = pd.DataFrame(0.0, range(n), ["frequency", "recency_weeks", "purchases", "previous"])
    while alive.any():
        now[alive] += rng.exponential(size=alive.sum()) / rate[alive]
        alive &= now <= 80
        past = alive & (now <= 40)
        table.loc[past, "frequency"] += 1
        table.loc[past, "recency_weeks"] = now[past]
        table.loc[alive & ~past, "purchases"] += 1
        alive &= rng.uniform(size=n) >= dropout
    return table.assign(T_weeks=40.0, previous=table["frequency"])


def test_holdout_check_passes_on_its_own_process_and_fails_on_another():
    rng = np.random.default_rng(5)
    table = future_of(clv.BetaGeoNBD(r=0.8, alpha=5.0, a=0.9, b=2.5), 1500, rng)
    check = clv.holdout_check(table, 40, draws=200, rng=rng)
    assert check.passed
    assert check.actual.value == table["purchases"].sum()
    assert "passed" in check.verdict
    assert check.by_frequency["customers"].sum() == 1500
    assert check.errors.loc["same rate as before", "total"] == table["frequency"].sum()
    assert check.errors.loc["BG/NBD", "mae"] < check.errors.loc["same rate as before", "mae"]
    tripled = clv.holdout_check(
        table.assign(purchases=3 * table["purchases"]), 40, draws=200, rng=rng
    )
    assert tripled.passed is False
    assert "FAILED" in tripled.verdict


def test_holdout_check_names_the_baseline_that_wins():
    rng = np.random.default_rng(6)
    table = future_of(clv.BetaGeoNBD(r=0.8, alpha=5.0, a=0.9, b=2.5), 500, rng)
    prophecy = table.assign(previous=table["purchases"])
    check = clv.holdout_check(prophecy, 40, draws=50, rng=rng)
    assert check.errors.loc["same as the last period", "mae"] == 0
    assert "did better" in check.baselines
    assert '"same as the last period" in the mean absolute error' in check.baselines
    assert '"same as the last period" in the rank correlation' in check.baselines
    assert "in the total" not in check.baselines


def test_a_baseline_like_the_model_is_about_equal():
    rng = np.random.default_rng(8)
    table = future_of(clv.BetaGeoNBD(r=0.8, alpha=5.0, a=0.9, b=2.5), 500, rng)
    fit = clv.BetaGeoNBD.fit(table)
    forecast = fit.model.expected_purchases(table, 40)
    # Better by a hair in both, and only by chance.
    nearer = forecast * np.exp(0.05 * rng.normal(size=500)) - 0.02
    check = clv.holdout_check(table.assign(previous=nearer), 40, draws=50, rng=rng)
    model, baseline = (check.errors.loc[n] for n in ("BG/NBD", "same as the last period"))
    assert baseline["mae"] < model["mae"]
    assert baseline["rank_r"] > model["rank_r"]
    assert check.baselines.startswith("No simple baseline did better.")
    assert (
        '"same as the last period" in the mean absolute error' in check.baselines.split("About")[1]
    )


def test_a_total_within_the_prediction_interval_is_no_defeat():
    actual, model = np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 2, 3, 4, 6])
    forecasts = {"BG/NBD": model, "rate": np.array([5.0, 4, 3, 2, 1])}
    assert "in the total" not in holdout._winners(actual, forecasts, True, 0.95)
    assert '"rate" in the total' in holdout._winners(actual, forecasts, False, 0.95)


def test_holdout_check_says_when_there_are_too_few(customers):
    few = customers.head(12).assign(purchases=1.0, previous=0.0)
    check = clv.holdout_check(few, 39, draws=10, rng=np.random.default_rng(1))
    assert check.passed is None
    assert check.predicted.value is None
    assert check.model is None
    assert check.verdict.startswith(
        "No hold-out check was possible, a shorter one may be. BG/NBD: 12 "
    )


def test_tracking_adds_up_new_customers_curves(fit, customers):
    fitted_at = dt.date(1997, 9, 30)
    ends = [fitted_at - dt.timedelta(weeks=500), fitted_at, fitted_at + dt.timedelta(weeks=39)]
    weekly = pd.DataFrame({"week": [1, 2, 3], "ends": ends, "purchases": [0, 5, 7]})
    found = clv.tracking(fit.model, customers, weekly, fitted_at)
    assert found["actual"].tolist() == [0, 5, 12]
    ages = customers["T_weeks"].to_numpy()
    now, later = (
        sum(fit.model.expected_purchases_new(age + more) for age in ages) for more in (0, 39)
    )
    assert found["expected"].to_numpy() == pytest.approx([0, now, later], rel=1e-9)
    assert clv.tracking(None, customers, weekly, fitted_at)["expected"].isna().all()


# independence


def test_spend_goes_with_frequency_weakly_in_cdnow(customers):
    found = clv.spend_frequency_correlation(customers)
    spenders = customers[customers["spend_days"] > 0]
    expected = np.corrcoef(np.log(spenders["frequency"]), np.log(spenders["mean_spend"]))[0, 1]
    assert found.value == pytest.approx(expected)
    assert found.n == 946
    assert "weakly" in clv.independence_verdict(found)


def test_a_clear_relation_is_called_so(customers):
    tied = customers.assign(mean_spend=10 + customers["frequency"])
    tied["mean_spend"] += np.random.default_rng(1).uniform(0, 5, size=len(tied))
    found = clv.spend_frequency_correlation(tied)
    assert "not as money" in clv.independence_verdict(found)
    nothing = clv.spend_frequency_correlation(customers.head(0))
    assert "cannot be said" in clv.independence_verdict(nothing)


def test_a_direction_needs_an_interval_without_zero():
    for low, high, words in (
        (-0.05, 0.25, "slightly off at most"),
        (0.05, 0.25, "slightly understated"),
        (-0.25, -0.05, "slightly overstated"),
        (-0.1, 0.4, "may be under- or overstated"),
        (0.1, 0.5, "are understated"),
    ):
        found = clv.independence_verdict(Estimate((low + high) / 2, low, high, 0.95, 50, ""))
        assert words in found


def test_the_correlation_of_skewed_spend_covers_the_truth():
    # Amounts of few purchases are spread out more, as under Gamma-Gamma, and their sd is skewed.
    rng = np.random.default_rng(20261122)
    truth, covered = None, 0
    for n in [400_000] + 200 * [500]:
        x = rng.geometric(0.3, size=n)
        spend = 30 * x**0.4 * np.exp(1.5 * rng.normal(size=n) / np.sqrt(x))
        table = pd.DataFrame({"frequency": x, "spend_days": x, "mean_spend": spend})
        found = clv.spend_frequency_correlation(table)
        truth = found.value if truth is None else truth
        covered += n == 500 and found.low <= truth <= found.high
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= covered <= 197


def test_intervals_of_correlations_are_those_of_the_bootstrap():
    rng = np.random.default_rng(3)
    rate = rng.gamma(0.8, 2, size=600)
    actual, forecast = rng.poisson(rate), rng.poisson(rate)
    a, b, c = ranks(actual), ranks(forecast), ranks(rate)
    draws = []
    for _ in range(3000):
        row = rng.integers(600, size=600)
        draws.append([np.corrcoef(a[row], other[row])[0, 1] for other in (b, c)])
    one, other = np.array(draws).T
    found = robust_correlation(a, b, level=0.95, name="r")
    # A percentile of 3,000 draws of sd .025 has an error of .0012; four times that.
    assert [found.low, found.high] == pytest.approx(np.quantile(one, [0.025, 0.975]), abs=0.005)
    difference = correlation_difference(a, b, c, level=0.95)
    assert difference == pytest.approx(np.quantile(one - other, [0.025, 0.975]), abs=0.005)
    assert np.isnan(correlation_difference(a, np.ones(600), c, level=0.95)).all()
