"""Covariates told: which go with buying and leaving, which could not be used."""

import numpy as np
import pandas as pd
import pytest

from cxlib import simulate
from cxlib.clv import ParetoNBD, covariate_report, covariates


def customers(rate_ratio, seed):
    """Two channels whose purchase rates differ by `rate_ratio`, Pareto/NBD else alike."""
    rng = np.random.default_rng(seed)
    parts = []
    for channel, alpha in (("shop", 10.0), ("web", 10.0 / rate_ratio)):
        T = rng.uniform(30, 60, size=1500)
        times = simulate.purchase_times("at any time", (0.6, alpha, 0.6, 12.0), T, rng)
        part = simulate.purchase_histories(*times, T)
        parts.append(part.assign(channel=channel, constant="same"))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def told():
    return covariate_report(ParetoNBD, customers(2.0, 7), ["channel", "constant"])


def test_a_planted_difference_is_told_with_its_size(told):
    assert told.sentence.startswith("What customers bring with them goes with")
    rate = told.effects.query("quantity == 'purchase rate'").iloc[0]
    ratio = rate["ratio"] if rate["contrast"] == "web" else 1 / rate["ratio"]
    # The standard error of the log ratio is about .08 here: four of them.
    assert abs(np.log(ratio / 2)) < 0.32
    assert told.tests.set_index("covariate").loc["channel", "p_holm"] < 1e-6


def test_a_covariate_that_cannot_be_used_is_named(told):
    [note] = [note for note in told.notes if "constant" in note]
    assert note.startswith("Left out: constant:")


def test_a_covariate_may_be_called_all():
    table = customers(2.0, 7).rename(columns={"channel": "all"})
    told = covariate_report(ParetoNBD, table, ["all"])
    assert "all (" in told.sentence
    assert told.tests["covariate"].isna().tolist() == [False, True]


def test_an_absent_column_is_no_covariate_left_out():
    with pytest.raises(ValueError, match="lack the column chanel"):
        covariate_report(ParetoNBD, customers(1.0, 8), ["chanel"])


def test_nothing_usable_is_said():
    told = covariate_report(ParetoNBD, customers(1.0, 8), ["constant"])
    assert told.sentence == "No covariate could be used."
    assert told.effects.empty


def test_no_difference_is_not_told():
    told = covariate_report(ParetoNBD, customers(1.0, 9), ["channel"])
    assert told.sentence.startswith("Nothing is shown to go with channel")


def test_covariates_that_determine_one_another_are_said_to():
    table = customers(2.0, 7).assign(again=lambda one: one["channel"])
    told = covariate_report(ParetoNBD, table, ["channel", "again"])
    assert told.sentence == "No covariate could be used."
    assert told.notes[0].startswith("Together they cannot be fitted: channel, again: some")


def test_what_is_no_matter_of_the_covariate_is_raised(monkeypatch):
    def broken(*_, **__):
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr(covariates, "likelihood", broken)
    with pytest.raises(ValueError, match="broadcast"):
        covariate_report(ParetoNBD, customers(1.0, 8), ["channel"])
