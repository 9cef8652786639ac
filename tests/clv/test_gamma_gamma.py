from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import gammaln
from scipy.stats import gamma

from cxlib import PROJECT
from cxlib.clv import ConvergenceError, GammaGamma, gamma_gamma
from cxlib.clv.histories import TooFewError

MODEL = GammaGamma(p=6.25, q=3.74, gamma=15.44)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    """Spend of the CDNOW customers up to 1997-09-30 by plain pandas."""
    path = Path(PROJECT) / "data" / "raw" / "cdnow_sample.csv"
    raw = pd.read_csv(path, dtype={"customer_id": str, "date": str})
    raw = raw[raw["date"] <= "19970930"]
    days = raw.groupby(["customer_id", "date"], as_index=False)["dollars"].sum()
    first = days.groupby("customer_id")["date"].transform("min")
    repeat = days[(days["date"] > first) & (days["dollars"] > 0)].groupby("customer_id")["dollars"]
    table = pd.DataFrame(index=sorted(set(raw["customer_id"])))
    table = table.assign(spend_days=repeat.size(), mean_spend=repeat.mean())
    return table.fillna({"spend_days": 0})


@pytest.fixture(scope="module")
def fit(customers):
    return GammaGamma.fit(customers)


def spend(x, mean) -> pd.DataFrame:
    return pd.DataFrame({"spend_days": x, "mean_spend": mean})


def simulated(model, n, rng) -> pd.DataFrame:
    """x days with amounts of rate nu each; a third of the customers have no repeat day."""
    x = rng.poisson(1.1, size=n)
    nu = rng.gamma(model.q, size=n) / model.gamma
    with np.errstate(divide="ignore", invalid="ignore"):
        return spend(x, rng.gamma(model.p * x) / (nu * x))


# published figures


def test_reproduces_fader_and_hardie(customers, fit):
    spenders = customers[customers["spend_days"] > 0]
    assert (fit.n, len(spenders), fit.converged) == (946, 946, True)
    assert spenders["mean_spend"].mean() == pytest.approx(35.08, abs=0.005)
    assert fit.params[["p", "q"]].to_numpy() == pytest.approx([6.25, 3.74], abs=0.005)
    assert fit.params["gamma"] == pytest.approx(15.44, abs=0.005)
    assert fit.llf == pytest.approx(-4055.92, abs=0.005)


def test_expected_spend_by_hand():
    # 6.25 * 15.44 / 2.74 and 6.25 * (15.44 + 60) / (12.5 + 2.74)
    found = MODEL.expected_spend(spend([0, 2], [np.nan, 30.0]))
    assert found == pytest.approx([35.2190, 30.9383], abs=0.0001)


# likelihood and derivatives


@pytest.mark.parametrize(("x", "mean"), [(1, 35.0), (4, 12.5), (60, 300.0)])
def test_log_likelihood_of_one_customer(x, mean):
    """m ~ Gamma(p x, nu x) and nu ~ Gamma(q, gamma), nu integrated out by quad over log nu."""
    p, q, gamma = MODEL.p, MODEL.q, MODEL.gamma

    def density(log_nu):
        amount = p * x * (log_nu + np.log(x)) + (p * x - 1) * np.log(mean) - gammaln(p * x)
        of_nu = q * (np.log(gamma) + log_nu) - gammaln(q)
        return np.exp(amount + of_nu - np.exp(log_nu) * (x * mean + gamma))

    top = np.log((p * x + q) / (x * mean + gamma))
    integral, _ = quad(density, top - 6, top + 6, points=[top], epsabs=0, epsrel=1e-11, limit=200)
    found = MODEL.log_likelihood(spend([x], [mean]))
    assert found == pytest.approx(np.log(integral), abs=1e-9)


def test_gradient_and_hessian_are_those_of_the_likelihood(customers):
    data = gamma_gamma._prepared(*gamma_gamma._spenders(customers))
    values = np.array([5.0, 3.0, 20.0])
    _, gradient, hessian = gamma_gamma.likelihood(values, data)
    for i, step in enumerate(np.diag(1e-5 * values)):
        above = gamma_gamma.likelihood(values + step, data)
        below = gamma_gamma.likelihood(values - step, data)
        width = 2 * step[i]
        assert gradient[i] == pytest.approx((above[0] - below[0]) / width, rel=1e-6, abs=1e-4)
        assert hessian[i] == pytest.approx((above[1] - below[1]) / width, rel=1e-6, abs=1e-4)


def test_standard_errors_are_the_inverse_numerical_hessian(fit, customers):
    def llf(values):
        return GammaGamma(*values).log_likelihood(customers)

    values = fit.params.to_numpy()
    steps = np.diag(1e-4 * values)
    hessian = np.array(
        [
            [
                (llf(values + a + b) - llf(values + a - b) - llf(values - a + b))
                + llf(values - a - b)
                for b in steps
            ]
            for a in steps
        ]
    ) / (4 * np.outer(1e-4 * values, 1e-4 * values))
    expected = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert fit.bse.to_numpy() == pytest.approx(expected, rel=1e-3)


# what must not matter


def test_blocks_and_a_start_from_a_sample_change_nothing(fit, customers, monkeypatch):
    monkeypatch.setattr(gamma_gamma, "BLOCK", 100)
    monkeypatch.setattr(gamma_gamma, "MANY", 500)
    monkeypatch.setattr(gamma_gamma, "THINNED", 3)
    found = GammaGamma.fit(customers)
    assert found.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-4)
    assert found.llf == pytest.approx(fit.llf, abs=1e-6)


def test_a_sample_that_has_no_maximum_is_passed_over(fit, customers, monkeypatch):
    # Every third customer spends alike, so that a sample of these has no maximum.
    monkeypatch.setattr(gamma_gamma, "MANY", 500)
    monkeypatch.setattr(gamma_gamma, "THINNED", 3)
    spenders = customers[customers["spend_days"] > 0]
    mean = spenders["mean_spend"].to_numpy(copy=True)
    mean[::3] = 35.0
    mixed = spenders.assign(mean_spend=mean)
    with pytest.raises(ConvergenceError):
        GammaGamma.fit(mixed[::3])
    found = GammaGamma.fit(mixed)
    monkeypatch.setattr(gamma_gamma, "MANY", 10_000)
    assert found.llf == pytest.approx(GammaGamma.fit(mixed).llf, abs=1e-6)


def test_counts_order_and_currency(fit, customers):
    shuffled = GammaGamma.fit(customers.sample(frac=1, random_state=1))
    assert shuffled.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-6)
    dear = GammaGamma.fit(customers.assign(mean_spend=1e6 * customers["mean_spend"]))
    assert dear.model.gamma == pytest.approx(1e6 * fit.model.gamma, rel=1e-5)
    assert (dear.model.p, dear.model.q) == pytest.approx((fit.model.p, fit.model.q), rel=1e-5)
    twice = GammaGamma.fit(customers.assign(customers=2))
    assert twice.n == 2 * 946
    assert twice.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-5)
    assert twice.bse.to_numpy() == pytest.approx(fit.bse.to_numpy() / np.sqrt(2), rel=1e-5)


# recovery, extremes


def test_the_truth_is_recovered():
    found = GammaGamma.fit(simulated(MODEL, 200_000, np.random.default_rng(5)))
    # Standard errors of the logarithms are below 3 %: a value off by 12 % would be seen.
    z = (np.log(found.params) - np.log([MODEL.p, MODEL.q, MODEL.gamma])) * found.params / found.bse
    assert (z.abs() < 4).all()
    assert (found.bse / found.params < 0.03).all()


def test_extremes_stay_finite():
    x = np.array([1, 1, 500, 500, 20_000])
    mean = np.array([1e-6, 1e9, 1e-6, 1e9, 30.0])
    table = spend(x, mean)
    assert np.isfinite(MODEL.log_likelihood(table))
    # Of many days the own mean is what counts: p x m / (p x + q - 1) is within 1e-3 of it.
    expected = MODEL.expected_spend(table)
    assert np.isfinite(expected).all()
    assert expected[3:] == pytest.approx(mean[3:], rel=1e-3)
    endless = GammaGamma(p=6.0, q=0.9, gamma=10.0).expected_spend(spend([0, 1], [np.nan, 10.0]))
    assert endless == pytest.approx([np.inf, 6 * 20 / 5.9])


# too little, too odd


def test_what_cannot_be_fitted_is_said(customers):
    spenders = customers[customers["spend_days"] > 0]
    with pytest.raises(TooFewError, match=r"9 customers .* too few"):
        GammaGamma.fit(spenders.head(9))
    with pytest.raises(TooFewError, match="too few"):
        GammaGamma.fit(customers[customers["spend_days"] == 0])
    for wrong in (0.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="mean_spend"):
            GammaGamma.fit(customers.assign(mean_spend=wrong))
    for wrong in (-1, 1.5, np.nan, np.inf):
        with pytest.raises(ValueError, match="spend_days"):
            GammaGamma.fit(customers.assign(spend_days=wrong))
    with pytest.raises(ValueError, match="lack the column mean_spend"):
        GammaGamma.fit(customers.drop(columns="mean_spend"))


def test_amounts_that_are_all_the_same_do_not_converge():
    x = np.random.default_rng(3).integers(1, 30, size=500)
    with pytest.raises(ConvergenceError, match="do not differ in spend"):
        GammaGamma.fit(spend(x, np.full(500, 25.0)))


def test_a_few_amounts_that_dwarf_the_rest():
    truth = GammaGamma(p=5.0, q=0.6, gamma=10.0)
    with pytest.raises(ConvergenceError, match="infinite"):
        GammaGamma.fit(simulated(truth, 3000, np.random.default_rng(4)))


def alike_customers(n=2000, p=3.0, mean=30.0, seed=1):
    """Customers of one and the same spend law: the mean of x amounts Gamma(p, p / mean)."""
    rng = np.random.default_rng(seed)
    days = rng.integers(1, 6, size=n)
    return pd.DataFrame({"spend_days": days, "mean_spend": rng.gamma(p * days) * mean / (p * days)})


def test_customers_who_do_not_differ_get_the_mean():
    """Seed 1: more alike than by chance, so that no inner maximum exists."""
    customers = alike_customers()
    fit = GammaGamma.fit(customers)
    assert fit.model.is_alike
    days = customers["spend_days"]
    average = (days * customers["mean_spend"]).sum() / days.sum()
    assert fit.model.expected_spend(customers) == pytest.approx(average, rel=2e-3)


def test_the_law_of_customers_alike_is_the_gamma_of_scipy():
    amounts = np.random.default_rng(1).gamma(3.0, 10.0, size=800)
    found = gamma_gamma._alike(np.ones(800), amounts, np.ones(800))
    p, _, scale = gamma.fit(amounts, floc=0)
    assert found.model.p == pytest.approx(p, rel=1e-5)
    assert found.llf == pytest.approx(gamma.logpdf(amounts, p, scale=scale).sum(), rel=1e-9)


def test_the_limit_is_no_better_than_large_q_and_no_worse():
    customers = alike_customers()
    fit = GammaGamma.fit(customers)
    p, q, scale = fit.params
    nearly = GammaGamma(p, q / 100, (q / 100 - 1) * scale / (q - 1))
    assert fit.llf == pytest.approx(fit.model.log_likelihood(customers), abs=1e-3)
    assert fit.llf > nearly.log_likelihood(customers)


def test_the_errors_of_the_limit_are_those_of_the_gamma_law():
    """log p and the log of the mean, p gamma, of 400 data sets: their sd against the errors."""
    found = []
    for seed in range(400):
        customers = alike_customers(n=200, seed=seed)
        alike = gamma_gamma._alike(*(customers[c].to_numpy(float) for c in customers), np.ones(200))
        cov = alike.cov_log[np.ix_([0, 2], [0, 2])]
        log_p, log_gamma = np.log([alike.model.p, alike.model.gamma])
        found.append((log_p, log_p + log_gamma, cov[0, 0] ** 0.5, cov.sum() ** 0.5))
    log_p, log_mean, of_p, of_mean = np.transpose(found)
    # The sd of 400 draws has an error of 1 / sqrt(800), 3.5 %; three times that.
    assert log_p.std(ddof=1) == pytest.approx(of_p.mean(), rel=0.106)
    assert log_mean.std(ddof=1) == pytest.approx(of_mean.mean(), rel=0.106)


def test_customers_who_always_spend_the_same_keep_their_own_mean():
    """1,000 customers who always pay 10, 20 or 50: far from alike."""
    rng = np.random.default_rng(4)
    own = rng.choice([10.0, 20.0, 50.0], size=1000)
    customers = pd.DataFrame({"spend_days": rng.integers(1, 9, size=1000), "mean_spend": own})
    fit = GammaGamma.fit(customers)
    assert fit.model.is_steady
    assert not fit.model.is_alike
    assert fit.model.expected_spend(customers) == pytest.approx(own, rel=1e-4)
    # 1 / m is a gamma variate: scipy fits the same law.
    q, _, scale = gamma.fit(1 / own, floc=0)
    assert fit.model.q == pytest.approx(q, rel=1e-5)
    expected = (gamma.logpdf(1 / own, q, scale=scale) - 2 * np.log(own)).sum()
    assert fit.llf == pytest.approx(expected, rel=1e-9)
