import numpy as np
import pandas as pd
import pytest

from cxlib import churn
from cxlib.churn.choice import choose, mean_difference


def three_parts():
    rng = np.random.default_rng(1)
    for _ in range(3):
        y = rng.random(200) < 0.3
        yield y, y + rng.normal(0, 1, 200), y + rng.normal(0, 2, 200)


def test_differences_of_folds_are_averaged_and_their_shared_training_counted():
    parts = list(three_parts())
    single = [churn.auc_difference(*part) for part in parts]
    found = mean_difference(parts, 0.95, shared_training=True)
    assert found.value == pytest.approx(np.mean([one.value for one in single]))
    # Nadeau & Bengio (2003): 1 / 3 + 1 / 2 in place of the 1 / 3 of independent samples.
    squares = [((one.high - one.low) / 2) ** 2 for one in single]
    assert found.high - found.value == pytest.approx(np.sqrt(np.mean(squares) * (1 / 3 + 1 / 2)))
    assert found.n == 600


def test_differences_of_cutoffs_have_the_mean_of_their_ends():
    parts = list(three_parts())
    single = [churn.auc_difference(*part) for part in parts]
    found = mean_difference(parts, 0.95, shared_training=False)
    assert found.low == pytest.approx(np.mean([one.low for one in single]))
    assert found.high == pytest.approx(np.mean([one.high for one in single]))
    assert mean_difference(parts[:1], 0.95, shared_training=True) == single[0]


def test_a_better_model_is_chosen_and_a_worse_one_after_it_is_not():
    splits = [
        (y, pd.DataFrame({"none": 0.5, "good": good, "worse": worse}))
        for y, good, worse in three_parts()
    ]
    chosen, reasons = choose(splits, 0.95, shared_training=True)
    assert chosen == "good"
    assert "good ranks better than none" in reasons
    assert "worse is not shown to rank better than good (AUC -" in reasons
