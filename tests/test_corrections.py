import math

import pytest

from cxlib.corrections import holm


def test_holm_steps_down_and_never_falls():
    # By hand: .01 * 3, then .02 * 2, then .03 * 1, which may not be below the one before.
    assert holm([0.03, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])


def test_holm_ends_at_one_and_leaves_missing_ones_out():
    assert holm([0.6, math.nan, 0.7]) == pytest.approx([1, math.nan, 1], nan_ok=True)
    assert holm([]) == []
