"""Complete rows, their counts, and moments by blocks against direct computation."""

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import drivers
from cxlib.drivers.answers import correlations


def _feedback(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 6, size=(n, 3)).astype(float), columns=["a", "b", "c"])
    return frame.assign(csat=frame.mean(axis=1) + rng.normal(size=n), weight=rng.uniform(1, 2, n))


def _lazy(frame: pd.DataFrame) -> nw.LazyFrame:
    return nw.from_native(frame).lazy()


def test_rows_are_counted_and_left_out():
    frame = _feedback()
    frame.loc[0, "csat"] = np.nan
    frame.loc[1, "a"] = np.nan
    frame.loc[2, "weight"] = np.nan
    frame.loc[3, "weight"] = 0
    answers = drivers.complete_answers(_lazy(frame), "csat", ["a", "b", "c"], weight="weight")
    assert (answers.rows, answers.complete) == (57, 56)
    assert answers.summary["answered"].tolist() == [56, 57, 57]
    assert answers.sentence.startswith("56 of 57 answers to csat rate all 3 drivers")
    assert answers.outcome.tolist() == sorted(frame["csat"].iloc[4:])
    assert answers.others.tolist() == [frame.loc[1, "csat"]]
    assert "Fewer than 10 answers do not rate all" in answers.others_sentence()


def test_a_rarely_answered_driver_is_left_out_and_named():
    frame = _feedback()
    frame.loc[: len(frame) * 0.6, "b"] = np.nan
    answers = drivers.complete_answers(_lazy(frame), "csat", ["a", "b", "c"])
    assert answers.drivers == ("a", "c")
    assert answers.complete == len(frame)
    assert "Left out: b (answered by 38 %, under 50 %)." in answers.sentence


def test_a_constant_driver_is_left_out_also_where_only_complete_rows_make_it_so():
    frame = _feedback().assign(c=4.0)
    frame["b"] = 3.0
    frame.loc[0, ["a", "b"]] = [np.nan, 5.0]
    answers = drivers.complete_answers(_lazy(frame), "csat", ["a", "b", "c"])
    assert answers.drivers == ("a",)
    assert answers.summary["reason"].tolist()[1:] == [
        "constant among the complete answers",
        "constant",
    ]


def test_too_few_complete_rows_say_what_to_do():
    frame = _feedback(29)
    with pytest.raises(ValueError, match=r"29 of 29 answers .* at least one driver and 30"):
        drivers.complete_answers(_lazy(frame), "csat", ["a", "b"])


def test_equal_outcomes_leave_nothing_to_explain():
    with pytest.raises(ValueError, match="All 60 answers to csat are equal"):
        drivers.complete_answers(_lazy(_feedback().assign(csat=4.0)), "csat", ["a"])


def test_the_outcome_is_no_driver():
    with pytest.raises(ValueError, match="other than csat itself"):
        drivers.complete_answers(_lazy(_feedback()), "csat", ["a", "csat"])


def test_duckdb_and_pandas_give_the_same_answers():
    frame = _feedback().convert_dtypes()
    frame.loc[5, "a"] = pd.NA
    relation = duckdb.connect().from_df(frame)
    plain = drivers.complete_answers(_lazy(frame), "csat", ["a", "b"], weight="weight")
    engine = drivers.complete_answers(nw.from_native(relation), "csat", ["a", "b"], weight="weight")
    np.testing.assert_array_equal(plain.ratings, engine.ratings)
    np.testing.assert_array_equal(plain.weights, engine.weights)


def test_effective_size_of_two_weights():
    frame = _feedback().assign(weight=np.tile([1.0, 3.0], 30))
    answers = drivers.complete_answers(_lazy(frame), "csat", ["a"], weight="weight")
    # (30 + 90)^2 / (30 + 270)
    assert answers.effective == pytest.approx(48)


@pytest.mark.parametrize("blocks", [7, 60, 2_000])
def test_blocks_sum_to_the_weighted_correlations(blocks):
    frame = _feedback()
    answers = drivers.complete_answers(_lazy(frame), "csat", ["a", "b", "c"], weight="weight")
    moments = drivers.block_moments(answers, np.random.default_rng(0), blocks=blocks)
    assert len(moments.blocks) == min(blocks, 60)
    covariance = np.cov(frame[["a", "b", "c", "csat"]].T, aweights=frame["weight"])
    spread = np.sqrt(np.diag(covariance))
    expected = covariance / np.outer(spread, spread)
    np.testing.assert_allclose(correlations(moments.blocks.sum(axis=0)), expected, atol=1e-12)


def test_blocks_hold_each_respondent_once():
    answers = drivers.complete_answers(_lazy(_feedback()), "csat", ["a"])
    moments = drivers.block_moments(answers, np.random.default_rng(0), blocks=7)
    sizes = moments.blocks[:, 0, 0]
    assert sizes.sum() == 60
    assert sizes.max() <= 9


def test_a_constant_in_a_resample_correlates_zero():
    z = np.column_stack([np.ones(5), np.full(5, 0.1), np.arange(5.0)])
    assert correlations(z.T @ z).tolist() == [[1, 0], [0, 1]]
