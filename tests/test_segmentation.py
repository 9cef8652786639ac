import dataclasses

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score

from cxlib import segmentation
from cxlib.inference import ParameterError
from cxlib.segmentation import centroids, criteria, mixtures, reference, tree

CENTRES = np.array([[0, 0, 0], [6, 0, 1], [0, 6, 2], [6, 6, 6]])


def planted(rows_each=150, seed=1) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(CENTRES)), rows_each)
    points = CENTRES[truth] + 0.5 * rng.normal(size=(len(truth), 3))
    return pd.DataFrame(points, columns=segmentation.FEATURES), truth


def one_cloud(seed) -> pd.DataFrame:
    # Correlated, as spend and frequency are: a long cloud splits stably into two halves.
    rng = np.random.default_rng(seed)
    covariance = [[1, 0.5, 0.3], [0.5, 1, 0.7], [0.3, 0.7, 1]]
    points = rng.multivariate_normal([0, 0, 0], covariance, size=600)
    return pd.DataFrame(points, columns=segmentation.FEATURES)


def shop_without_groups(seed, parameters, shortest_weeks) -> pd.DataFrame:
    """RFM of customers who differ by degrees alone: BG/NBD purchases, Gamma-Gamma spend."""
    (r, alpha, a, b), n = parameters, 600
    rng = np.random.default_rng(seed)
    rate, dropout = rng.gamma(r, 1 / alpha, size=n), rng.beta(a, b, size=n)
    T = rng.uniform(shortest_weeks, 78, size=n)
    x, last, now, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    while alive.any():
        now[alive] += rng.exponential(size=alive.sum()) / rate[alive]
        alive &= now <= T
        x[alive] += 1
        last[alive] = now[alive]
        alive &= rng.uniform(size=n) >= dropout
    spend = rng.gamma(6.25 * (x + 1)) / rng.gamma(3.74, 1 / 15.44, size=n)
    columns = [np.floor(7 * (T - last)), x, spend]
    return pd.DataFrame(dict(zip(segmentation.FEATURES, columns, strict=True)))


@pytest.fixture(scope="module")
def found() -> segmentation.Clustering:
    return segmentation.find_clusters(planted()[0], rng=np.random.default_rng(2), most=5)


def test_planted_clusters_are_recovered(found):
    assert found.clusters == 4
    assert adjusted_rand_score(planted()[1], found.labels) == 1.0
    assert found.verdict == "clusters"
    assert found.stability.value == 1.0
    assert found.statement.startswith("These data hold 4 clusters")


def test_every_criterion_names_the_planted_number(found):
    assert found.votes["k"].tolist() == [4] * 5
    assert found.mixtures.min(axis=1).idxmin() == 4
    assert found.criteria["stability"].loc[4] == found.stability.value
    assert "silhouette: 4; Calinski-Harabasz: 4" in found.reason


def test_bic_is_that_of_the_normal_likelihood(found):
    X = planted()[0].to_numpy()
    n = len(X)
    # One spherical component: three means and a variance.
    variance = X.var(axis=0).mean() + mixtures.VARIANCE_FLOOR
    deviation = ((X - X.mean(axis=0)) ** 2).sum()
    likelihood = -0.5 * (3 * n * np.log(2 * np.pi * variance) + deviation / variance)
    expected = -2 * likelihood + 4 * np.log(n)
    assert found.mixtures.loc[1, "spherical"] == pytest.approx(expected, rel=1e-9)


def test_three_methods_find_the_planted_groups(found):
    compared = segmentation.compare_methods(planted()[0], found, rng=np.random.default_rng(3))
    assert compared.methods["clusters"].tolist() == [4, 4, 4]
    # HDBSCAN leaves out a few rows at the edge of each group.
    assert compared.methods.loc["HDBSCAN", "noise_rate"] < 0.1
    assert (compared.agreement["adjusted_rand"] == 1).all()
    assert "They are the same groups" in compared.statement


def test_agreement_of_labels_without_relation_is_none():
    rng = np.random.default_rng(5)
    first, second = rng.integers(3, size=400), rng.integers(3, size=400)
    draws = criteria.agreement_draws(first, second, rng)
    # Chance: mean 0; the sd of the index of 400 rows is about .003.
    assert draws.mean() == pytest.approx(0, abs=0.02)
    same = criteria.agreement_draws(first, first, rng)
    assert same.tolist() == pytest.approx([1] * len(same))
    first, second = (np.repeat(one, [30, 10, 5, 55]) for one in ([0, 0, 1, 1], [0, 1, 0, 1]))
    found = criteria.agreement_draws(first, second, rng)
    whole = adjusted_rand_score(first, second)
    # Its sd is .09 over 1,000 draws: Monte Carlo error .003, bias of the bootstrap below .01.
    assert found.mean() == pytest.approx(whole, abs=0.02)


def test_criteria_are_those_of_the_literature(found):
    features = planted()[0].to_numpy()
    row = found.criteria.loc[4]
    reference = KMeans(4, n_init=10, random_state=0).fit(features)
    assert row["inertia"] == pytest.approx(reference.inertia_, rel=1e-9)
    assert row["calinski_harabasz"] == pytest.approx(
        calinski_harabasz_score(features, reference.labels_), rel=1e-9
    )
    distances = np.sort(reference.transform(features), axis=1)
    width = (distances[:, 1] - distances[:, 0]) / distances[:, 1]
    assert row["silhouette"] == pytest.approx(width.mean(), rel=1e-9)
    assert row["cluster_index"] == pytest.approx(
        reference.inertia_ / (len(features) * features.var(axis=0).sum()), rel=1e-9
    )


def test_clusters_are_numbered_by_spend(found):
    spend = planted()[0]["total_spend"].groupby(found.labels).mean()
    assert spend.index.tolist() == [1, 2, 3, 4]
    assert spend.is_monotonic_decreasing


def test_one_cloud_holds_no_clusters():
    found = segmentation.find_clusters(one_cloud(1), rng=np.random.default_rng(1), most=4)
    assert found.verdict == "none"
    assert found.votes.loc["BIC of Gaussian mixtures", "k"] == 1
    assert pd.isna(found.votes.loc["against data without groups", "k"])
    assert (found.criteria["p_adjusted"] > 0.05).all()
    assert found.clusters == segmentation.BUSINESS_CLUSTERS
    assert found.statement.startswith("These data hold no clusters")
    assert "convenient" in found.reason


@pytest.mark.parametrize("seed", range(3))
def test_a_shop_without_groups_holds_no_clusters(seed):
    # A heap of one-time buyers is no cluster.
    shop = shop_without_groups(seed, (0.6, 6.0, 0.8, 2.5), shortest_weeks=26)
    features = segmentation.rfm_features(shop)
    found = segmentation.find_clusters(features, rng=np.random.default_rng(1), most=3)
    assert found.verdict != "clusters"


@pytest.mark.parametrize("seed", range(2))
def test_one_cohort_like_that_of_cdnow_holds_no_clusters(seed):
    # Published parameters; nearly all have the same T, so one-time buyers are alike in all three.
    shop = shop_without_groups(seed, (0.243, 4.414, 0.793, 2.426), shortest_weeks=66)
    features = segmentation.rfm_features(shop)
    found = segmentation.find_clusters(features, rng=np.random.default_rng(1), most=3)
    assert found.verdict != "clusters"


def test_three_independent_exponentials_hold_no_clusters():
    points = np.random.default_rng(1).exponential(size=(600, 3))
    features = pd.DataFrame(points, columns=segmentation.FEATURES)
    found = segmentation.find_clusters(features, rng=np.random.default_rng(1), most=3)
    assert found.verdict == "none"


def test_the_reference_keeps_margins_and_correlations():
    shop = shop_without_groups(1, (0.6, 6.0, 0.8, 2.5), shortest_weeks=26)
    X = segmentation.rfm_features(shop).to_numpy()
    rng = np.random.default_rng(1)
    latent = reference.latent_correlation(X, rng)
    clouds = [reference.without_groups(X, latent, rng) for _ in range(40)]
    assert (np.sort(clouds[0], axis=0) == np.sort(X, axis=0)).all()
    reached = np.mean([np.corrcoef(cloud, rowvar=False) for cloud in clouds], axis=0)
    # A correlation of 600 rows has an sd below .04: .0065 for the mean of 40, and .013 for the
    # mean of 10 that the last step was measured on; three times both together.
    assert reached == pytest.approx(np.corrcoef(X, rowvar=False), abs=0.045)


def test_customers_all_alike_get_a_plain_message():
    same = pd.DataFrame(dict.fromkeys(segmentation.FEATURES, [3.0] * 100))
    features = segmentation.rfm_features(same)
    with pytest.raises(ValueError, match="100 customers have only 1 different combinations"):
        segmentation.find_clusters(features, rng=np.random.default_rng(1))


def test_a_number_asked_for_is_kept():
    asked = segmentation.find_clusters(
        planted(60)[0], rng=np.random.default_rng(3), clusters=3, most=3
    )
    assert (asked.clusters, sorted(set(asked.labels))) == (3, [1, 2, 3])
    assert asked.reason.startswith("3 clusters, as asked for.")


def test_the_same_seed_gives_the_same_clusters():
    features = planted(30)[0]
    once, again = (
        segmentation.find_clusters(features, rng=np.random.default_rng(2), most=2) for _ in range(2)
    )
    assert (again.labels == once.labels).all()
    pd.testing.assert_frame_equal(again.criteria, once.criteria)


def test_many_rows_start_from_a_sample(monkeypatch):
    features, truth = planted(400)
    monkeypatch.setattr(centroids, "SAMPLE_ROWS", 500)
    centres = centroids.k_means(features.to_numpy(), 4, 10, np.random.default_rng(1))
    means = features.groupby(truth).mean().to_numpy()
    order = np.lexsort(centres.T)
    assert centres[order] == pytest.approx(means[np.lexsort(means.T)], abs=1e-9)


def test_features_are_standardized_logarithms():
    customers = pd.DataFrame(
        {"days_since_last": [0, 10, 100], "frequency": [0, 0, 0], "total_spend": [1.0, 5, 50]}
    )
    features = segmentation.rfm_features(customers)
    logs = np.log([1, 11, 101])
    assert features["days_since_last"].tolist() == pytest.approx((logs - logs.mean()) / logs.std())
    assert features["frequency"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"total_spend": -1.0}, "not negative"),
        ({"frequency": np.nan}, "must be known"),
    ],
)
def test_features_that_cannot_be_scaled(change, message):
    customers = pd.DataFrame({name: [1.0, 2.0] for name in segmentation.FEATURES})
    with pytest.raises(ValueError, match=message):
        segmentation.rfm_features(customers.assign(**change))
    with pytest.raises(ValueError, match="lack the column frequency"):
        segmentation.rfm_features(customers.drop(columns="frequency"))


def test_too_few_customers_and_impossible_numbers():
    features = planted(30)[0]
    with pytest.raises(ValueError, match="79 customers are too few"):
        segmentation.find_clusters(features.head(79), rng=np.random.default_rng(1))
    with pytest.raises(ParameterError, match="clusters: 9"):
        segmentation.find_clusters(features, rng=np.random.default_rng(1), clusters=9)


def test_without_enough_customers_there_is_a_reason_and_no_clusters():
    features, rng = planted(30)[0], np.random.default_rng(1)
    found, text = segmentation.clusters_or_reason(features.head(79), rng=rng)
    assert found is None
    assert text.startswith("No groups by the data: 79 customers are too few")
    eight = pd.concat([features.head(8)] * 20)
    found, text = segmentation.clusters_or_reason(eight, rng=rng)
    assert found is None
    assert "only 8 different combinations of days since last, frequency, total spend" in text
    # A number that cannot be is an error whether or not there are customers enough.
    with pytest.raises(ParameterError, match="clusters: 1"):
        segmentation.clusters_or_reason(eight, rng=rng, clusters=1)


@pytest.mark.parametrize(
    ("verdict", "told"),
    [("clusters", "form 4 natural groups"), ("weak", "hardly form"), ("none", "form no natural")],
)
def test_the_answer_is_short_and_without_statistics(found, verdict, told):
    answer = dataclasses.replace(found, verdict=verdict).answer
    assert told in answer
    assert "silhouette" not in answer


def test_profiles_by_hand():
    customers = pd.DataFrame(
        {
            "days_since_last": [5.0] * 20 + [300.0] * 30,
            "frequency": [4] * 20 + [0, 1] * 15,
            "total_spend": [100.0] * 20 + [10.0] * 30,
        }
    )
    labels = np.repeat([1, 2], [20, 30]).astype(np.int32)
    found = segmentation.profiles(customers, labels)
    assert found["customers"].tolist() == [20, 30]
    assert found["revenue_rate"].tolist() == pytest.approx([2000 / 2300, 300 / 2300])
    assert found["customer_rate"].tolist() == pytest.approx([0.4, 0.6])
    assert found["median_frequency"].tolist() == [4, 0.5]
    logs = np.log1p(np.array([0, 1] * 15))
    pooled = np.sqrt(29 * logs.var(ddof=1) / 48)
    expected = (np.log(5) - logs.mean()) / pooled
    assert found["difference_frequency"].tolist() == pytest.approx([expected, -expected])
    d = found.loc[1, "difference_frequency"]
    error = np.sqrt(1 / 20 + 1 / 30 + d**2 / 100)
    assert found.loc[1, "difference_frequency_low"] == pytest.approx(d - 1.959964 * error)
    assert found["spend_per_customer"].tolist() == pytest.approx([100, 10])
    assert found[["spend_per_customer_low", "spend_per_customer_high"]].isna().all(axis=None)
    # No spread inside either cluster: no unit to measure in.
    assert found["difference_total_spend"].tolist() == [0, 0]
    assert "buys more often" in segmentation.describe(found).loc[1]
    assert "buys more rarely" in segmentation.describe(found).loc[2]


def test_profiles_of_small_clusters_are_hidden():
    customers = pd.DataFrame({name: np.arange(1.0, 41) for name in segmentation.FEATURES})
    labels = np.r_[np.ones(9), np.full(31, 2)].astype(np.int32)
    found = segmentation.profiles(customers, labels)
    assert found.loc[1].drop("customers").isna().all()
    assert segmentation.describe(found).loc[1] == "too few customers to describe"


def three_kinds(rows=200) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers whom two questions tell apart: days since the last purchase, then spend."""
    rng = np.random.default_rng(7)
    labels = np.repeat([1, 2, 3], rows).astype(np.int32)
    days = np.r_[rng.integers(0, 50, 2 * rows), rng.integers(100, 200, rows)]
    spend = np.r_[rng.integers(10000, 20000, rows), rng.integers(0, 5000, 2 * rows)] / 100
    columns = [days, rng.integers(0, 5, 3 * rows), spend]
    return pd.DataFrame(dict(zip(segmentation.FEATURES, columns, strict=True))), labels


def test_the_tree_finds_the_questions():
    customers, labels = three_kinds()
    found = segmentation.assignment_tree(customers, labels, rng=np.random.default_rng(1))
    assert found.accuracy.value == 1
    assert found.accuracy.n == 600
    assert found.accuracy.low == pytest.approx(1 / (1 + 1.959964**2 / 600))
    assert found.largest_rate == pytest.approx(1 / 3)
    assert len(found.rules) == 3
    assert found.rules["customers"].tolist() == [200] * 3
    assert (found.rules["right_rate"] == 1).all()
    assert (found.assign(customers) == labels).all()
    assert found.tree.get_depth() <= 3


def test_labels_by_chance_are_put_right_no_more_often_than_by_guessing():
    customers, labels = three_kinds()
    shuffled = np.random.default_rng(2).permutation(labels)
    found = segmentation.assignment_tree(customers, shuffled, rng=np.random.default_rng(1))
    # A third, standard error .019: three of them, and cross-validation leans below.
    assert found.accuracy.value == pytest.approx(1 / 3, abs=0.06)


def test_rules_hold_for_the_customers_they_name():
    rng = np.random.default_rng(3)
    customers = shop_without_groups(1, (0.6, 6.0, 0.8, 2.5), shortest_weeks=26)
    found = segmentation.find_clusters(segmentation.rfm_features(customers), rng=rng, most=3)
    grown = segmentation.assignment_tree(customers, found.labels, rng=rng)
    assert grown.rules["customers"].sum() == len(customers)
    assert grown.rules["customers"].min() >= 10
    right = (grown.assign(customers) == found.labels).mean()
    weighted = np.average(grown.rules["right_rate"], weights=grown.rules["customers"])
    assert weighted == pytest.approx(right)


INF = np.inf


@pytest.mark.parametrize(
    ("days", "frequency", "spend", "words"),
    [
        ((-INF, 50.5), (-INF, INF), (-INF, INF), "bought in the last 50 days"),
        ((50.5, 90.5), (-INF, INF), (-INF, INF), "last bought 51 to 90 days ago"),
        ((90.5, INF), (-INF, 0.5), (-INF, INF), "last bought more than 90 days ago, on 1 day"),
        ((-INF, INF), (-INF, 1.5), (-INF, INF), "on at most 2 days"),
        ((-INF, INF), (0.5, 2.5), (-INF, INF), "on 2 to 3 days"),
        ((-INF, INF), (1.5, INF), (-INF, 9.985), "on 3 days or more, spent at most 9.98"),
        (
            (-INF, INF),
            (-INF, INF),
            (1234.5, 2000.0),
            "spent more than 1,234.50, and at most 2,000.00",
        ),
        ((-INF, INF), (-INF, INF), (-INF, INF), "every customer"),
    ],
)
def test_rules_in_words(days, frequency, spend, words):
    bounds = dict(zip(segmentation.FEATURES, (days, frequency, spend), strict=True))
    assert tree.in_words(bounds) == words
