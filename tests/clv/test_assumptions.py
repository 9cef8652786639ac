import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.special import digamma, ndtr, polygamma
from scipy.stats import chi2, gamma, geom, ncx2

from cxlib import clv
from cxlib.inference import Estimate
from cxlib.simulate import purchases as simulated

FITTED = dt.date(1997, 9, 30)


def estimate(value, low, high) -> Estimate:
    return Estimate(value, low, high, 0.95, 500, "")


# A spend law without scatter: its logarithms need no correction.
STEADY = clv.GammaGamma(p=1e9, q=3.0, gamma=1.0)
NOTHING = Estimate(None, None, None, 0.95, 3, "too few")


# independence of spend and frequency


def test_spend_goes_with_frequency_weakly_in_cdnow(cdnow):
    spend = clv.GammaGamma.fit(cdnow).model
    found = clv.spend_frequency_correlation(cdnow, spend)
    spenders = cdnow[cdnow["spend_days"] > 0]
    shape = spend.p * spenders["spend_days"]
    own = np.log(spenders["mean_spend"]) - digamma(shape) + np.log(shape)
    raw = np.corrcoef(np.log(spenders["frequency"]), own)[0, 1]
    between, within = polygamma(1, spend.q), polygamma(1, shape).mean()
    expected = raw / np.sqrt(between / (between + within))
    assert found.value == pytest.approx(expected)
    assert found.n == 946
    assert "weakly" in clv.independence_verdict(found)
    doubled = clv.spend_frequency_correlation(cdnow.assign(customers=2), spend)
    assert (doubled.value, doubled.n) == (pytest.approx(expected), 2 * 946)


def test_independent_spend_has_no_correlation():
    """Under Gamma-Gamma raw logarithms correlate .1 here; the standard error is .005."""
    rng = np.random.default_rng(2)
    x = rng.geometric(0.4, size=40_000)
    truth = clv.GammaGamma(p=2.0, q=4.0, gamma=30.0)
    nu = rng.gamma(truth.q, size=len(x)) / truth.gamma
    mean = rng.gamma(truth.p * x) / (nu * x)
    table = pd.DataFrame({"frequency": x, "spend_days": x, "mean_spend": mean})
    assert np.corrcoef(np.log(x), np.log(mean))[0, 1] > 0.08
    assert abs(clv.spend_frequency_correlation(table, truth).value) < 0.02


def tied_to_frequency(rho, truth, n, rng) -> pd.DataFrame:
    """Gamma-Gamma spenders whose own level goes with how often they buy."""
    z, other = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=n).T
    x = geom.ppf(ndtr(z), 0.6)
    nu = gamma.ppf(ndtr(-other), truth.q) / truth.gamma
    table = pd.DataFrame({"frequency": x, "spend_days": x, "level": -np.log(nu)})
    return table.assign(mean_spend=rng.gamma(truth.p * x) / (nu * x))


@pytest.mark.parametrize("rho", [0.15, 0.5])
def test_the_chance_in_a_few_amounts_does_not_hide_a_correlation(rho):
    # 1 to 3 purchases a customer: what is seen correlates .6 times as much as what they are like.
    rng = np.random.default_rng(20261122)
    table = tied_to_frequency(rho, clv.GammaGamma(2.0, 4.0, 30.0), 40_000, rng)
    truth = np.corrcoef(np.log(table["frequency"]), table["level"])[0, 1]
    found = clv.spend_frequency_correlation(table, clv.GammaGamma.fit(table).model)
    # The standard error is .005 / .6; three times that.
    assert found.value == pytest.approx(truth, abs=0.025)
    assert "corrected for attenuation: reliability 0.3" in found.method


def test_a_corrected_correlation_stays_within_one():
    rng = np.random.default_rng(3)
    table = tied_to_frequency(0.95, clv.GammaGamma(2.0, 4.0, 30.0), 300, rng)
    found = clv.spend_frequency_correlation(table, clv.GammaGamma(p=2.0, q=40.0, gamma=300.0))
    assert (found.value, found.high) == (1, 1)


def test_customers_who_spend_alike_have_nothing_to_go_with_frequency(cdnow):
    alike = clv.GammaGamma(p=2.0, q=1e6, gamma=1e7)
    found = clv.spend_frequency_correlation(cdnow, alike)
    assert (found.value, found.n) == (None, 946)
    assert "by chance alone" in clv.independence_verdict(found)
    assert "the assumption holds" in clv.independence_verdict(found)


def test_a_clear_relation_is_called_so(cdnow):
    tied = cdnow.assign(mean_spend=10 + cdnow["frequency"])
    tied["mean_spend"] += np.random.default_rng(1).uniform(0, 5, size=len(tied))
    found = clv.spend_frequency_correlation(tied, STEADY)
    assert "not as money" in clv.independence_verdict(found)
    nothing = clv.spend_frequency_correlation(cdnow.head(0), STEADY)
    assert "cannot be said" in clv.independence_verdict(nothing)


def test_a_direction_needs_an_interval_without_zero():
    for low, high, words in (
        (-0.05, 0.25, "slightly off at most"),
        (0.05, 0.25, "slightly understated"),
        (-0.25, -0.05, "slightly overstated"),
        (-0.1, 0.4, "may be under- or overstated"),
        (0.1, 0.5, "are understated"),
    ):
        assert words in clv.independence_verdict(estimate((low + high) / 2, low, high))


def test_the_correlation_of_skewed_spend_covers_the_truth():
    # Amounts of few purchases are spread out more, as under Gamma-Gamma, and their sd is skewed.
    rng = np.random.default_rng(20261122)
    truth, covered = None, 0
    for n in [400_000] + 200 * [500]:
        x = rng.geometric(0.3, size=n)
        spend = 30 * x**0.4 * np.exp(1.5 * rng.normal(size=n) / np.sqrt(x))
        table = pd.DataFrame({"frequency": x, "spend_days": x, "mean_spend": spend})
        found = clv.spend_frequency_correlation(table, STEADY)
        truth = found.value if truth is None else truth
        covered += n == 500 and found.low <= truth <= found.high
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= covered <= 197


# the histogram


@pytest.mark.parametrize(
    ("label", "chi_square", "p"), [("BG/NBD", 4.82, 0.19), ("Pareto/NBD", 11.99, 0.007)]
)
def test_the_histogram_of_cdnow_fits_as_published(cdnow, label, chi_square, p):
    # Fader, Hardie & Lee 2005, p. 281.
    found = clv.frequency_fit(clv.PURCHASE_MODELS[label].fit(cdnow), cdnow)
    assert found.chi_square == pytest.approx(chi_square, abs=0.005)
    assert (found.df, found.p) == (3, pytest.approx(p, abs=0.005))
    assert found.by_purchases.loc["0", "observed"] == 1411
    assert found.by_purchases["expected"].sum() == pytest.approx(2357)
    assert found.misfit.value == pytest.approx(np.sqrt((found.chi_square - 3) / 2357))


def test_the_interval_of_the_misfit_inverts_the_noncentral_chi_square(cdnow):
    fit = clv.BetaGeoNBD.fit(cdnow)
    other = clv.Fit(clv.BetaGeoNBD(0.3, 4.4, 0.8, 2.4), fit.cov_log, fit.llf, fit.n, 1, True)
    found = clv.frequency_fit(other, cdnow)
    assert found.p == pytest.approx(chi2.sf(found.chi_square, 3))
    low, high = (2357 * end**2 for end in (found.misfit.low, found.misfit.high))
    assert ncx2.sf(found.chi_square, 3, low) == pytest.approx(0.025, rel=1e-6)
    assert ncx2.cdf(found.chi_square, 3, high) == pytest.approx(0.025, rel=1e-6)


def test_a_misfit_of_two_kinds_of_customers_is_found():
    # Half hardly come back, half buy every week or so until they stop: no Gamma has both.
    rng, T = np.random.default_rng(2), np.full(1500, 40.0)
    kinds = [(1.0, 1000.0, 0.9, 6.0), (30.0, 60.0, 0.9, 6.0)]
    bought = [simulated.purchase_times("after a repeat purchase", one, T, rng) for one in kinds]
    table = pd.concat([simulated.purchase_histories(*one, T) for one in bought])
    found = clv.frequency_fit(clv.BetaGeoNBD.fit(table), table)
    assert found.misfit.low > 0.2
    assert found.misplaced_rate > 5 * found.by_chance_rate
    assert found.verdict.startswith("The model does not tell how often customers bought")


def test_a_fitted_right_model_misplaces_what_chance_does():
    rng = np.random.default_rng(20261122)
    T = np.repeat([27.0, 31.0, 35.0, 38.0], 590)
    misplaced, told = [], []
    for _ in range(40):
        truth = (0.24, 4.4, 0.8, 2.4)
        bought = simulated.purchase_times("after a repeat purchase", truth, T, rng)
        table = simulated.purchase_histories(*bought, T)
        found = clv.frequency_fit(clv.BetaGeoNBD.fit(table), table)
        misplaced.append(found.misplaced_rate)
        told.append(found.by_chance_rate)
    # Single shares scatter by a third: the mean of 40 has an error of 5 %; three times that.
    # Were the parameters not fitted, chance would misplace 1.7 times as much.
    assert np.mean(misplaced) == pytest.approx(np.mean(told), rel=0.15)
    assert found.verdict.startswith("The model tells how often customers bought")


def test_thin_groups_are_put_together_and_too_thin_ones_have_no_figure(cdnow):
    fit = clv.BetaGeoNBD.fit(cdnow)
    some = cdnow.iloc[::14]
    # Of some 170 customers about 5 to 9 are expected with 3 purchases, 4 or so with 4.
    found = clv.frequency_fit(fit, some)
    assert found.by_purchases.index.tolist() == ["0", "1", "2", "3", "4", "5+"]
    assert found.by_purchases["observed"].sum() == len(some)
    assert found.misfit.value is None
    assert "fewer than 5 customers expected" in found.verdict
    half = clv.frequency_fit(fit, cdnow.iloc[::4])
    assert half.by_purchases["expected"].iloc[-1] >= 5
    assert half.misfit.value is not None


def test_too_few_bars_are_refused(cdnow):
    with pytest.raises(ValueError, match="no degree of freedom"):
        clv.frequency_fit(clv.BetaGeoNBD.fit(cdnow), cdnow, most=4)


# the track


@pytest.mark.parametrize("label", list(clv.PURCHASE_MODELS))
def test_the_track_adds_up_the_curves_of_new_customers(cdnow, label):
    model = clv.PURCHASE_MODELS[label].fit(cdnow).model
    days = [-3500, 0, 273]
    ends = [FITTED + dt.timedelta(days=one) for one in days]
    weekly = pd.DataFrame({"week": [1, 2, 3], "ends": ends, "purchases": [0, 5, 7]})
    found = clv.tracking(model, cdnow, weekly, FITTED)
    assert found["cumulative_actual"].tolist() == [0, 5, 12]
    assert found["weekly_actual"].tolist() == [0, 5, 7]
    ages = cdnow["T_weeks"].value_counts()
    now, later = (
        sum(n * model.expected_purchases_new(age + more) for age, n in ages.items())
        for more in (0, 39)
    )
    assert found["cumulative_expected"].to_numpy() == pytest.approx([0, now, later], rel=1e-9)
    assert found["weekly_expected"].to_numpy() == pytest.approx([0, now, later - now], rel=1e-9)


def test_errors_of_the_track_by_hand():
    ends = [dt.date(2020, 1, 7) + dt.timedelta(weeks=k) for k in range(5)]
    tracked = pd.DataFrame(
        {
            "ends": ends,
            "weekly_actual": [4, 6, 8, 20, 2],
            "weekly_expected": [5.0, 5.0, 20.0, 20.0, 20.0],
        }
    )
    found = clv.track_errors(tracked, ends[1])
    assert found["weeks"].tolist() == [2, 3]
    assert found["error_pct"].tolist() == pytest.approx([0, 100])
    assert found["weekly_error_pct"].tolist() == pytest.approx([20, 100 * 30 / 30])
    # At the actual level 10 a week are expected: (1 + 1) / 5 / 1 and (4 + 100 + 64) / 10 / 2.
    assert found["dispersion"].tolist() == pytest.approx([0.4, 8.4])
    after = found.loc["after it"]
    assert after["dispersion_low"] < 8.4 < after["dispersion_high"]
    assert found["variation_pct"].tolist() == pytest.approx([0, 100 * np.sqrt(7.4 / 10)])
    high = 100 * np.sqrt((after["dispersion_high"] - 1) / 10)
    assert (after["variation_pct_low"], after["variation_pct_high"]) == pytest.approx((0, high))


def track_of(n: int, season: float, rng) -> pd.DataFrame:
    """Errors of a BG/NBD fitted to 39 weeks of customers won in 12, and followed for 78."""
    start = rng.integers(0, 85, size=n) / 7
    truth = (0.24, 4.4, 0.8, 2.4)
    customer, week = simulated.purchase_times("after a repeat purchase", truth, 78 - start, rng)
    date = week + start[customer]
    # Purchases are thinned by the season: as many as 1 - 2 season of them fall in the low weeks.
    low = season * (1 - np.sin(2 * np.pi * date / 52))
    kept = rng.uniform(size=len(date)) >= low
    customer, week, date = customer[kept], week[kept], date[kept]
    past = date <= 39
    known = simulated.purchase_histories(customer[past], week[past], 39 - start)
    weeks = np.arange(1, 79)
    ends = [dt.date(2020, 1, 1) + dt.timedelta(weeks=int(k)) for k in weeks]
    bought = np.bincount(np.ceil(date).astype(int), minlength=79)[1:]
    weekly = pd.DataFrame({"week": weeks, "ends": ends, "purchases": bought})
    fit = clv.BetaGeoNBD.fit(known)
    tracked = clv.tracking(fit.model, known, weekly, ends[38])
    return clv.track_errors(tracked, ends[38])


@pytest.mark.parametrize("seed", [0, 5])
def test_a_large_base_without_a_season_gives_no_alarm(seed):
    # With the level left in, these two scatter 1.8 and 1.4 times as much as by chance.
    errors = track_of(100_000, 0, np.random.default_rng(seed))
    assert "nothing to do" in clv.track_verdict(errors)
    # The level, which all weeks share, counts as no scatter.
    assert (errors["dispersion_low"] < 1).all()


def test_a_planted_season_is_found():
    errors = track_of(20_000, 0.35, np.random.default_rng(1))
    assert "Seasons, campaigns or a trend" in clv.track_verdict(errors)


def test_the_verdict_on_the_track_goes_by_size_and_the_longer_row():
    errors = pd.DataFrame(
        {
            "weeks": [39, 12],
            "weekly_error_pct": [8.0, 50.0],
            "variation_pct": [3.0, 60.0],
            "variation_pct_low": [1.0, 50.0],
            "variation_pct_high": [6.0, 70.0],
        },
        index=["up to the fit", "after it"],
    )
    # More than chance, but little; the 12 weeks after it do not speak.
    told = clv.track_verdict(errors)
    assert "nothing to do" in told
    assert "weeks stray by 3 % (1 to 6 %, 39 weeks)" in told
    wide = errors.assign(variation_pct_high=20.0)
    assert "perhaps by little" in clv.track_verdict(wide)
    assert "nor not to" in clv.track_verdict(wide.assign(variation_pct_low=0.0))
    assert "cannot be said" in clv.track_verdict(errors.assign(variation_pct_low=np.nan))
    assert "after it" in clv.track_verdict(errors.assign(weeks=[12, 39]))


# regularity


def gaps_of(shape: float, n: int, mean_days: float, rng) -> pd.DataFrame:
    """Two gaps each of customers with Erlang gaps and own rates, in whole days."""
    own = mean_days * rng.gamma(4, 1 / 4, size=n)
    start = rng.uniform(size=n)
    first, second = rng.gamma(shape, own / shape, size=(2, n))
    days = np.floor([start, start + first, start + first + second])
    table = pd.DataFrame(
        {"earlier_gap_days": days[1] - days[0], "later_gap_days": days[2] - days[1]}
    )
    # Purchases of a day are one: such a pair has no gap.
    return table[(table > 0).all(axis=1)].assign(customers=1)


@pytest.mark.parametrize(("shape", "words"), [(1, "nothing to do"), (2, "more regularly")])
def test_regularity_finds_the_planted_shape(shape, words):
    found = clv.regularity(gaps_of(shape, 20_000, 60, np.random.default_rng(5)))
    # The error of k is near sqrt(.8 / n) (2 k + 1)^2 / 4 at k = 1: .016, and .04 at 2; three times.
    assert found.value == pytest.approx(shape, abs=0.05 * shape**1.5)
    assert found.low < shape * 1.03
    assert words in clv.regularity_verdict(found)


def test_bursts_are_called_so():
    found = clv.regularity(gaps_of(0.4, 5000, 90, np.random.default_rng(6)))
    assert found.high < 0.6
    assert "in bursts" in clv.regularity_verdict(found)


def test_whole_days_do_not_look_regular():
    # Gaps of 10 days on average: a bias of 1 / 7 in the variance would give k of 1.2.
    found = clv.regularity(gaps_of(1, 20_000, 10, np.random.default_rng(7)))
    assert found.value == pytest.approx(1, abs=0.06)
    assert "shorter gaps left out" in found.method


def test_the_interval_of_k_covers():
    rng = np.random.default_rng(20261122)
    covered = 0
    for _ in range(200):
        found = clv.regularity(gaps_of(1, 150, 60, rng))
        covered += found.low <= 1 <= found.high
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= covered <= 197


def test_k_by_hand():
    gaps = pd.DataFrame(
        {"earlier_gap_days": [10, 30, 5], "later_gap_days": [30, 10, 5], "customers": [6, 6, 9]}
    )
    # M is 1/4 or 3/4, so V = 1/16 / (1 - 2/40); the pairs of ten days are left out.
    variance = 1 / 16 / 0.95
    found = clv.regularity(gaps)
    assert found.n == 12
    assert found.low is None
    uneven = clv.regularity(gaps.assign(later_gap_days=[30, 30, 5]))
    variance = (6 * variance + 6 * 0) / 12
    assert uneven.value == pytest.approx((1 - 4 * variance) / (8 * variance))
    assert "9 customers with shorter gaps left out" in uneven.method
    assert "cannot be said" in clv.regularity_verdict(clv.regularity(gaps.tail(1)))
    assert "not settled" in clv.regularity_verdict(estimate(1.4, 0.9, 2.1))


def test_days_next_to_one_another_are_counted():
    gaps = pd.DataFrame({"gap_days": [1, 2, 7], "gaps": [30, 20, 150]})
    found = clv.day_collapse(gaps)
    assert (found.value, found.n) == (0.15, 200)
    assert "hides part of them: 15.0%" in clv.day_collapse_verdict(found)
    few = clv.day_collapse(gaps.assign(gaps=[3, 97, 100]))
    assert "next to nothing" in clv.day_collapse_verdict(few)
    assert "cannot be said" in clv.day_collapse_verdict(clv.day_collapse(gaps.head(0)))


# spend drift


def trend_sums(days: pd.DataFrame) -> pd.Series:
    """What purchases.spend_trend_sums gives, from customer, t (years) and y (log spend)."""
    customer = days["customer"].to_numpy()
    n, t, y = np.bincount(customer), days["t"].to_numpy(), days["y"].to_numpy()
    t, y = (one - (np.bincount(customer, one) / n)[customer] for one in (t, y))
    xx, xy = np.bincount(customer, t**2), np.bincount(customer, t * y)
    sums = {"customers": len(n), "days": len(days), "xx": xx.sum(), "xy": xy.sum()}
    return pd.Series(sums | {"xx_xx": xx @ xx, "xx_xy": xx @ xy, "xy_xy": xy @ xy})


def purchase_days(n, growth, rng) -> pd.DataFrame:
    customer = np.repeat(np.arange(n), 2 + rng.poisson(2, size=n))
    t = rng.uniform(-3, 0, size=len(customer))
    # Customers who buy late spend more throughout: between customers, not within.
    level = rng.normal(3, 1, size=n)[customer] + 0.5 * t.round()
    own = np.random.default_rng(1).normal(size=n)[customer]
    y = level - 0.5 * t.round() + own + np.log1p(growth) * t + rng.normal(0, 0.6, len(t))
    return pd.DataFrame({"customer": customer, "t": t, "y": y})


@pytest.mark.parametrize(
    ("growth", "words"), [(0.2, "it is too low"), (0, "nothing to do"), (-0.2, "it is too high")]
)
def test_a_planted_drift_is_found_and_none_on_flat_data(growth, words):
    sums = trend_sums(purchase_days(8000, growth, np.random.default_rng(8)))
    found = clv.spend_trend(sums)
    # The error of the slope is .6 / sqrt(24,000 * .75), .45 %; three times that.
    assert found.value == pytest.approx(100 * growth, abs=1.6)
    assert found.low < found.value < found.high
    assert words in clv.spend_trend_verdict(found)


def test_the_slope_is_that_of_least_squares_with_a_level_a_customer():
    days = purchase_days(40, 0.1, np.random.default_rng(9))
    levels = pd.get_dummies(days["customer"]).to_numpy(dtype=float)
    design = np.column_stack([days["t"], levels])
    slope = np.linalg.lstsq(design, days["y"], rcond=None)[0][0]
    found = clv.spend_trend(trend_sums(days))
    assert found.value == pytest.approx(100 * np.expm1(slope))
    assert found.n == 40
    assert "nor ruled out" in clv.spend_trend_verdict(estimate(3.0, -4.0, 11.0))
    assert "cannot be said" in clv.spend_trend_verdict(clv.spend_trend(trend_sums(days.head(9))))


def test_the_interval_of_the_drift_covers():
    rng = np.random.default_rng(20261122)
    covered = 0
    for _ in range(200):
        found = clv.spend_trend(trend_sums(purchase_days(150, 0.1, rng)))
        covered += found.low <= 10 <= found.high
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= covered <= 197


def test_mean_spend_by_month_by_hand():
    # Ten customers, one day each of 10 or 20 in May; nine in June.
    sums = pd.DataFrame(
        {
            "month": pd.to_datetime(["2020-05-01", "2020-06-01"]),
            "customers": [10, 9],
            "days": [10.0, 9.0],
            "spend": [150.0, 90.0],
            "days_days": [10.0, 9.0],
            "days_spend": [150.0, 90.0],
            "spend_spend": [5 * 100 + 5 * 400.0, 900.0],
        }
    )
    found = clv.mean_spend_by_month(sums)
    error = np.std([10, 20] * 5, ddof=1) / np.sqrt(10)
    may, june = (found.loc[pd.Timestamp(2020, month, 1)] for month in (5, 6))
    assert may["mean"] == 15
    assert may["high"] == pytest.approx(15 + 1.959964 * error)
    assert june[["mean", "low", "high"]].isna().all()
    assert "fewer than 10" in june["note"]
    assert "cannot be said" in clv.regularity_verdict(NOTHING)
