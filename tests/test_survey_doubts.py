"""The test of wrongly keyed items against permutations that are made one by one."""

import numpy as np
import pytest

from cxlib.door.correlations import by_permutation


@pytest.mark.parametrize("opposite", [False, True])
def test_the_probability_is_that_of_permutations(opposite):
    rng = np.random.default_rng(12)
    shares = [0.5, 0.3, 0.1, 0.06, 0.02, 0.01, 0.01]
    item = rng.choice(7, 60, p=shares).astype(float)
    rest = rng.choice(7, (60, 4), p=shares).sum(axis=1) * (-1.0 if opposite else 1.0)
    drawn = rng.permuted(np.tile(rest, (40_000, 1)), axis=1)
    # Scores of permutations by themselves; the one at their 1 % is judged.
    order = np.argsort(drawn @ item)
    one = drawn[order[400]]
    made = np.mean(drawn @ item <= one @ item)
    # 1 % of 40,000 is known to a twentieth; type III holds to a fifth there, to the left.
    found = by_permutation(item, one)
    if opposite:
        assert found == pytest.approx(made, rel=0.25)
    else:
        # Skewed to the right: the normal distribution is used, which is on the safe side.
        assert found > made


def test_few_alarms_where_item_and_rest_are_rare_at_opposite_ends():
    # The correlation of 30 such answers passes Fisher's z at 1 in 22,000 far too often.
    rng = np.random.default_rng(13)
    item = rng.choice(7, (4000, 30), p=[0.93, 0.01, 0.01, 0.01, 0.01, 0.01, 0.02])
    rest = 6 - rng.choice(7, (4000, 30), p=[0.93, 0.01, 0.01, 0.01, 0.01, 0.01, 0.02])
    pairs = [(x, y) for x, y in zip(item, rest, strict=True) if np.ptp(x) and np.ptp(y)]
    chance = 0.001 / 22
    alike = [np.corrcoef(x, y)[0, 1] for x, y in pairs]
    fisher = np.arctanh(np.clip(alike, -1 + 1e-12, 0)) * np.sqrt(27) < -3.91
    assert fisher.mean() > 50 * chance
    assert not any(by_permutation(x, y) < chance for x, y in pairs)
