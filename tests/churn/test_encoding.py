import numpy as np
import pandas as pd
import pytest

from cxlib import churn
from cxlib.churn.encoding import LevelNumbers, encoded_features, linear_encoder, tree_encoder


def test_levels_are_ordered_by_rates_drawn_towards_the_mean():
    # Leavers of customers: a 6 of 20, b 2 of 2, c 0 of 8, d 5 of 10; 13 of 40 over all, so rates
    # (leavers + 3.25) / (customers + 10): a .308, b .438, c .181, d .413. By itself b would be 1.
    plan = pd.Categorical(
        np.repeat(["a", "b", "c", "d"], [20, 2, 8, 10]), ["a", "b", "c", "d", "e"]
    )
    y = np.concatenate([np.arange(20) < 6, [1, 1], np.zeros(8), np.arange(10) < 5])
    levels = LevelNumbers().fit(pd.DataFrame({"plan": plan}), y)
    assert levels.levels_ == [["c", "a", "d", "b"]]
    other = pd.DataFrame({"plan": pd.Categorical(["b", "new", None, "c"])})
    assert np.array_equal(levels.transform(other).ravel(), [3, np.nan, np.nan, 0], equal_nan=True)


@pytest.mark.parametrize("encoder_of", [linear_encoder, tree_encoder])
def test_each_encoded_column_moves_with_the_feature_that_it_is_said_to_belong_to(
    encoder_of, small_company
):
    table = churn.features(small_company(5))
    X = table.X.assign(note=pd.Categorical(np.where(np.arange(600) < 4, "rare", "usual")))
    X.loc[::9, "monthly_charges"] = np.nan
    encoder = encoder_of(X)
    before = encoder.fit_transform(X, table.churned)
    names = np.array(encoded_features(encoder))
    assert len(names) == before.shape[1]
    for name in X:
        shuffled = X.assign(**{name: X[name].sample(frac=1, random_state=1).array})
        moved = (np.nan_to_num(encoder.transform(shuffled)) != np.nan_to_num(before)).any(axis=0)
        assert not moved[names != name].any()
        assert moved[names == name].all() or name == "note"


@pytest.mark.parametrize("columns", [["plan"], ["tenure_months"]])
def test_features_of_one_kind_alone_can_be_encoded(columns, small_company):
    table = churn.features(small_company(6))
    for encoder_of in (linear_encoder, tree_encoder):
        encoder = encoder_of(table.X[columns])
        encoded = encoder.fit_transform(table.X[columns], table.churned)
        assert encoded_features(encoder) == columns * encoded.shape[1]
