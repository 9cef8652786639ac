"""The order of waves, by what they are called: written by hand."""

import random
import shutil

import pandas as pd
import pytest

from cxlib import PROJECT, servqual, tables
from cxlib.contracts import InputError
from cxlib.waves import in_time, tells_order


@pytest.mark.parametrize(
    "ordered",
    [
        ["wave 9", "wave 10"],
        ["2", "10", "11"],
        ["2024", "2025"],
        ["2024-11", "2025-02"],
        ["2024-12-01", "2025-01-15"],
        ["Q4 2024", "Q1 2025"],
        ["2024-Q4", "2025-Q1", "2025-Q2"],
        ["Q3/24", "Q1/25"],
        ["H2 2024", "H1 2025"],
        ["Dec-24", "Jan-25", "Feb-25"],
        ["November 2024", "April 2025"],
        ["11/2024", "02/2025"],
        ["Spring 2024", "Fall 2024", "Spring 2025"],
        ["پاییز ۱۴۰۲", "زمستان ۱۴۰۲", "بهار ۱۴۰۳"],
        ["دی ۱۴۰۲", "فروردین ۱۴۰۳"],
        ["۱۴۰۲", "۱۴۰۳"],
        ["before", "after"],
        ["baseline", "follow-up"],
        ["موج اول", "موج دوم", "موج سوم"],
        ["قبل", "بعد"],
    ],
)
def test_names_that_tell_the_time_are_in_its_order(ordered):
    drawn = random.Random(1)
    for _ in range(5):
        assert in_time(drawn.sample(ordered, len(ordered))) == ordered
    assert tells_order(ordered)
    assert servqual.wave_names(pd.Series([*ordered[::-1], None])) == ordered


@pytest.mark.parametrize(
    "names",
    [
        ["spring", "fall"],
        ["Jan", "Feb"],
        ["north", "south"],
        ["Winter 2024", "Spring 2024"],
        ["3 old", "2 new"],
        ["2024 a", "2024 b"],
        ["Q1 2024", "2024-Q1"],
    ],
)
def test_names_that_do_not_are_told(names):
    assert not tells_order(names)
    assert sorted(in_time(names)) == sorted(names)


@pytest.mark.parametrize("names", [[], ["before"], ["whatever"]])
def test_of_one_wave_nothing_is_to_be_told(names):
    assert tells_order(names)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["before", "after"], ""),
        (["spring", "fall"], 'they are taken in the order "fall", "spring"; number them'),
    ],
)
def test_the_door_tells_the_order_it_takes(tmp_path, monkeypatch, names, says):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    shutil.copytree(PROJECT / "data" / "instruments", tmp_path / "instruments")
    survey = pd.read_csv(PROJECT / "data" / "raw" / "servqual_simulated.csv", dtype=str)
    waves = dict(zip(sorted(survey["wave"].unique()), names, strict=False))
    survey["wave"] = survey["wave"].map(waves)
    survey.dropna(subset="wave").to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "sources.toml").write_text(
        '[servqual_responses]\nuri = "a.csv"\ninstrument = "instruments/servqual_22.toml"\n'
        'columns = { respondent_id = "respondent", wave = "wave" }\nexpectation = "E{item}"\n'
        'perception = "P{item}"\n'
    )
    table = tables.load("servqual_responses", tmp_path / "sources.toml")
    told = [str(one) for one in table.warnings if one.column == "wave"]
    assert told == [] if not says else says in told[0]


def test_respondents_may_answer_once_in_each_wave(tmp_path, monkeypatch):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    shutil.copytree(PROJECT / "data" / "instruments", tmp_path / "instruments")
    survey = pd.read_csv(PROJECT / "data" / "raw" / "servqual_simulated.csv", dtype=str)
    first = survey[survey["wave"] == survey["wave"].min()]
    both = pd.concat([first, first.iloc[50:90].assign(wave="2099")])
    (tmp_path / "sources.toml").write_text(
        '[servqual_responses]\nuri = "a.csv"\ninstrument = "instruments/servqual_22.toml"\n'
        'columns = { respondent_id = "respondent", wave = "wave" }\nexpectation = "E{item}"\n'
        'perception = "P{item}"\n'
    )
    both.to_csv(tmp_path / "a.csv", index=False)
    table = tables.load("servqual_responses", tmp_path / "sources.toml")
    assert table.rows == len(both)
    (told,) = [one for one in table.warnings if one.column == "respondent_id"]
    assert (told.count, "answered in several waves" in told.rule) == (40, True)
    pd.concat([both, both.iloc[:2]]).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(InputError, match="the same respondent more than once in a wave: 4 rows"):
        tables.load("servqual_responses", tmp_path / "sources.toml")
