"""Surveys as other people export them: each fault made by hand, and the same file without it."""

import numpy as np
import pandas as pd
import pytest

from cxlib import PROJECT

LEVELS = {"nps": [0, 10], "csat": [1, 5], "ces": [1, 7]}
CONTENT = np.tile([1, 2, 3, 4, 5], 60)
ROWS = np.arange(len(CONTENT))
# Answers go with contentment, though not one for one.
NPS = np.clip(2 * CONTENT + np.random.default_rng(1).integers(-3, 4, len(CONTENT)), 0, 10)


@pytest.fixture
def told(tmp_path, said):
    """What the door says of a survey that is given as columns of answers."""

    def load(columns, more="", *, drivers=(), attributes=(), with_ids=True, **scales):
        frame = pd.DataFrame(columns)
        named = [name for name in ("date", *LEVELS) if name in columns]
        mapped = [f'{name} = "{name}"' for name in named]
        if with_ids:
            frame.insert(0, "id", [f"R{row}" for row in range(len(frame))])
            mapped.insert(0, 'response_id = "id"')
        frame.to_csv(tmp_path / "a.csv", index=False)
        levels = {name: of for name, of in LEVELS.items() if name in columns} | scales
        levels |= {"drivers": [1, 5]} if drivers and "drivers" not in scales else {}
        entry = f'[feedback]\nuri = "a.csv"\ncolumns = {{ {", ".join(mapped)} }}\n'
        entry += "scales = { " + ", ".join(f"{one} = {of}" for one, of in levels.items()) + " }\n"
        entry += f"drivers = {list(drivers)}\n{more}"
        entry += f"attributes = {list(attributes)}\n" if attributes else ""
        if "ces" in columns:
            entry += 'ces_easy = "high"\n'
        return said("feedback", entry)

    return load


# --- 0 for no answer ------------------------------------------------------------------------


@pytest.mark.parametrize("is_coded", [True, False])
def test_nps_of_0_from_contented_customers_is_told(told, is_coded):
    # Either every sixth has no answer, or the least content have.
    coded = ROWS % 6 == 0 if is_coded else CONTENT == 1
    answers = {"csat": CONTENT, "nps": np.where(coded, 0, np.maximum(NPS, 1))}
    found = told(answers)
    assert ('does 0 stand for no answer? If so, declare missing = { nps = ["0"] }' in found) == (
        is_coded
    )
    if is_coded:
        for declared in ("missing = { nps = [] }\n", 'nps_zero = "offered"\n'):
            assert "does 0 stand" not in told(answers, declared)


def test_zeros_are_judged_by_the_lowest_answers_alone(told):
    # The lowest quarter of 1 to 5 ends at 1, where 3 is that of half.
    content = np.repeat([1, 2, 3, 4, 5], [40, 40, 180, 120, 60])
    zeros = np.arange(len(content)) % 9 == 0
    answers = {
        "nps": 2 * content - 2,
        "csat": np.where(zeros, 0, content),
    }
    assert "csat: 49 answers are 0, from customers who are more content" in told(
        answers, csat=[0, 5]
    )
    answers["csat"] = np.where(content == 1, 0, content)
    assert "are 0, from" not in told(answers, csat=[0, 5])


@pytest.mark.parametrize("none", ["", 0])
def test_nps_of_0_wherever_nothing_else_is_answered_is_told(told, none):
    skipped = ROWS % 7 == 0
    csat = pd.Series(CONTENT, dtype=object).mask(skipped, none)
    answers = {"nps": np.where(skipped, 0, np.maximum(NPS, 1)), "csat": csat}
    found = told(answers, csat=[0, 5])
    which = "without another answer" if none == "" else "whose other answers are 0 or blank"
    assert f"nps: all 43 customers {which} gave 0: does 0 stand for no answer?" in found
    assert "leave NPS of these rows blank" not in told(
        answers, 'nps_zero = "offered"\n', csat=[0, 5]
    )


def test_0_to_all_questions_of_those_who_are_angry_is_not_told(told):
    # Who gave 0 to csat gave 0 to NPS, as those who gave 1 gave 2.
    answers = {"nps": 2 * CONTENT - 2, "csat": CONTENT - 1}
    assert "gave 0" not in told(answers, csat=[0, 5])
    # Some who left csat blank gave other answers.
    skipped = ROWS % 7 == 0
    answers = {"nps": NPS, "csat": pd.Series(CONTENT, dtype=object).mask(skipped, "")}
    assert "gave 0" not in told(answers)


# --- which of two scores is turned ----------------------------------------------------------

GROUPS = [
    ("Promoter", "Passive", "Detractor"),
    ("Promotoren", "Passive", "Detraktoren"),
    ("مروج", "خنثی", "منتقد"),
]


def group_of(nps, words):
    return np.select([nps >= 9, nps >= 7], words[:2], words[2])


@pytest.mark.parametrize("words", GROUPS)
@pytest.mark.parametrize("with_csat", [True, False])
def test_nps_that_goes_against_its_groups_is_told(told, words, with_csat):
    answers = {"nps": NPS, "nps_group": group_of(NPS, words)}
    answers |= {"csat": CONTENT} if with_csat else {}
    assert "turn" not in told(answers, attributes=["nps_group"])
    found = told(answers | {"nps": 10 - NPS}, attributes=["nps_group"])
    assert "nps: promoters by nps_group gave lower answers than detractors: if the lowest" in found
    # Csat is right.
    assert "csat: goes down" not in found
    assert "promoters by nps_group gave lower answers" in told(answers | {"nps": 10 - NPS})


def test_groups_of_nps_tell_that_csat_is_turned(told):
    answers = {"nps": NPS, "csat": 6 - CONTENT, "group": group_of(NPS, GROUPS[0])}
    found = told(answers, attributes=["group"])
    assert "csat: goes down where nps goes up" in found
    assert "if the lowest answer is the best one, turn the column in the file" in found
    assert "promoters" not in found
    without = told(answers)
    assert "csat: goes down where nps goes up" in without
    assert "if the lowest answer is the best one in either, turn that column" in without


def test_nps_against_all_other_answers_may_be_right(told):
    drivers = dict.fromkeys(("staff", "price"), 6 - CONTENT)
    answers = {"nps": NPS, "csat": 6 - CONTENT, **drivers}
    found = told(answers, drivers=["staff", "price"])
    assert (
        "if the lowest answer to nps is the best one, turn it in the file; if it is to csat,"
        " drivers, turn these instead" in found
    )
    # Against nps and the drivers, csat is turned itself.
    answers |= dict.fromkeys(drivers, CONTENT)
    found = told(answers, drivers=["staff", "price"])
    assert "csat: goes down" in found
    assert "if the lowest answer is the best one, turn the column in the file" in found


# --- rows that are no answers ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["Is Test", "is_test", "Test response?", "Deleted", "آزمایشی"])
def test_tests_among_the_answers_are_told(told, name):
    flags = np.where(ROWS % 50 == 0, "Yes", "No")
    found = told({"nps": NPS, name: flags})
    assert f"{name} marks rows that count as answers: take the rows out of the file" in found
    assert "marks rows" not in told({"nps": NPS, name: np.where(ROWS, "No", "no")})
    # They are not reported.
    only = f'only = {{ flag = ["No"] }}\nattributes = {{ flag = "{name}" }}\n'
    assert "marks rows" not in told({"nps": NPS, name: flags}, only)


@pytest.mark.parametrize("name", ["Test", "test group", "Member"])
def test_other_flags_are_groups(told, name):
    assert told({"nps": NPS, name: np.where(ROWS % 10 == 0, "Yes", "No")}) == ""


@pytest.mark.parametrize("word", ["Terminated", "Invalid", "نامعتبر"])
def test_questionnaires_that_were_ended_are_told(told, word):
    status = np.where(ROWS % 12 == 0, word, "Completed")
    found = told({"nps": NPS, "Status": status})
    assert f'ended or rejected (Status, "{word}") count like all others' in found
    assert told({"nps": NPS, "Status": np.where(ROWS % 12 == 0, "Completed", "completed")}) == ""
    # Of contracts, which are not completed.
    assert told({"nps": NPS, "Status": np.where(ROWS % 12 == 0, word, "Active")}) == ""


# --- rows of many answers -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["responses", "n", "Count", "number of answers"])
def test_counts_above_the_number_of_questions_are_told(told, name):
    draw = np.random.default_rng(3)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 90, len(NPS)), unit="D")
    answers = {"date": days.strftime("%Y-%m-%d"), "nps": NPS}
    counts = draw.integers(1, 40, len(NPS))
    assert f"as many answers as {name} says" in told(answers | {name: counts}, with_ids=False)
    # Questions that were answered, numbers of rows, and of visits.
    for number in (draw.integers(1, 4, len(NPS)), ROWS + 1):
        assert "says, and counts" not in told(answers | {name: number}, with_ids=False)
    assert "says, and counts" not in told(answers | {"frequency": counts}, with_ids=False)


# --- dimensions that are turned -------------------------------------------------------------


@pytest.fixture
def servqual(tmp_path, said):
    """What the door says of perceptions, a dimension of items turned where it is named."""

    def load(turned=(), respondents=150, opposite=()):
        instrument = (PROJECT / "data" / "instruments" / "servqual_22.toml").read_text("utf-8")
        (tmp_path / "i.toml").write_text(instrument, "utf-8")
        draw = np.random.default_rng(5)
        content = draw.normal(4.5, 1, respondents)
        groups = {"T": range(1, 5), "R": range(5, 10), "S": range(10, 14)}
        groups |= {"A": range(14, 18), "E": range(18, 23)}
        frame = {"id": [f"R{row}" for row in range(respondents)]}
        for group, items in groups.items():
            # Of a dimension that is not turned, and yet has nothing to do with the others.
            own = draw.normal(4.5, 1, respondents) if group in opposite else content
            for item in items:
                answer = np.clip(np.rint(own + draw.normal(0, 0.8, respondents)), 1, 7).astype(int)
                frame[f"P{item:02d}"] = 8 - answer if group in turned else answer
        frame["overall"] = np.clip(np.rint(content), 1, 7).astype(int)
        pd.DataFrame(frame).to_csv(tmp_path / "a.csv", index=False)
        return said(
            "servqual_responses",
            '[servqual_responses]\nuri = "a.csv"\ninstrument = "i.toml"\nperception = "P{item}"\n'
            'columns = { respondent_id = "id", satisfaction = "overall" }\n',
        )

    return load


def test_dimensions_that_go_against_all_others_are_told(servqual):
    found = servqual(turned="SE")
    for name in ("responsiveness", "empathy"):
        assert f"perception: {name} goes down where the other dimensions go up" in found
    assert found.count("goes down where the other dimensions go up") == 2
    assert "add reverse = true to each of them in the instrument" in found


def test_dimensions_that_go_together_or_apart_are_not_told(servqual):
    assert servqual() == ""
    assert "goes down" not in servqual(opposite="SE")
    # Too few to judge by.
    assert "other dimensions" not in servqual(turned="SE", respondents=80)
