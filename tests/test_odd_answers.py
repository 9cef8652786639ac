"""Silent faults of survey scales: each made by hand, and the same answers without it."""

import numpy as np
import pandas as pd
import pytest

from cxlib import PROJECT
from cxlib.door.ends_of_scales import chance_of_none_above

LEVELS = {"nps": [0, 10], "csat": [1, 5], "ces": [1, 7]}


@pytest.fixture
def told(tmp_path, said):
    """What the door says of a survey that is given as columns of answers."""

    def load(columns, drivers=(), attributes=(), missing="{}", **scales):
        frame = pd.DataFrame(columns)
        frame.insert(0, "id", [f"R{row}" for row in range(len(frame))])
        frame.to_csv(tmp_path / "a.csv", index=False)
        asked = [name for name in ("date", *LEVELS) if name in columns]
        named = ", ".join(f'{name} = "{name}"' for name in asked)
        levels = {name: of for name, of in LEVELS.items() if name in columns} | scales
        levels |= {"drivers": [1, 5]} if drivers else {}
        entry = f'[feedback]\nuri = "a.csv"\ncolumns = {{ response_id = "id", {named} }}\n'
        entry += "scales = { " + ", ".join(f"{one} = {of}" for one, of in levels.items()) + " }\n"
        entry += f"attributes = {list(attributes)}\ndrivers = {list(drivers)}\n"
        entry += f"missing = {missing}\n"
        if "ces" in columns:
            entry += 'ces_easy = "high"\n'
        return said("feedback", entry)

    return load


def repeated(answers, times):
    return np.repeat(answers, times)


# --- scales that end early ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "is_told"),
    [
        # One in six goes on from 3 to 4: of 5 there would be 12 or fewer, and hardly that.
        ((600, 300, 80, 12), False),
        ((250, 250, 250, 250), True),
        ((100, 200, 400, 300), True),
    ],
)
def test_a_bad_year_is_no_scale_that_ends_early(told, times, is_told):
    csat = repeated([1, 2, 3, 4], times)
    found = told({"csat": csat})
    assert (
        "no answer is above 4, on a scale to 5: was the question asked on 1 to 4?" in found
    ) == (is_told)


def test_the_chance_of_none_above_is_that_of_the_share_above():
    # Half of a normal variable around 3 in steps of one lies at 3 or below, with half of 3 itself.
    bell = np.array([6.7, 24.2, 38.2]) * 10
    # 1 - p of it is about 0.69: of 691 answers none above is out of the question.
    assert chance_of_none_above(bell, 1) < 1e-50
    # Of one question the answers count fully, of three that one respondent gave half as much.
    rare = np.array([60.0, 30.0, 8.0, 1.0])
    alone, together = (chance_of_none_above(rare, 1, questions) for questions in (1, 3))
    assert 0.05 < alone < together <= 1


def test_a_scale_is_corrected_before_it_is_turned(told):
    nps = np.tile([2, 4, 6, 8, 10], 40)
    found = told({"nps": nps, "csat": 6 - nps // 2}, csat=[1, 7])
    assert "was the question asked on 1 to 5? Correct the scale first, and turn answers" in found
    assert "goes down where nps goes up (correlation -1.00)" in found
    assert "Correct the scale first" not in told({"nps": nps, "csat": nps // 2}, csat=[1, 7])


# --- scales that are turned -----------------------------------------------------------------


def of_drivers(rng, rows):
    """Three drivers from 1 to 5 that go together, and their mean, rounded."""
    content = rng.normal(3, 1, rows)
    drivers = {
        name: np.clip(np.rint(content + rng.normal(0, 0.5, rows)), 1, 5).astype(int)
        for name in ("wait", "staff", "app")
    }
    return drivers, np.clip(np.rint(content), 1, 5).astype(int)


def test_csat_against_the_drivers_is_told(told):
    drivers, csat = of_drivers(np.random.default_rng(1), 200)
    found = told({"csat": 6 - csat} | drivers, drivers=drivers)
    assert "csat: goes down where the mean of the drivers goes up" in found
    assert "goes down" not in told({"csat": csat} | drivers, drivers=drivers)


def test_a_single_driver_that_is_turned_is_told(told):
    drivers, csat = of_drivers(np.random.default_rng(2), 200)
    found = told({"csat": csat} | drivers | {"wait": 6 - drivers["wait"]}, drivers=drivers)
    assert "wait: goes down where csat goes up" in found
    assert "app: goes down" not in found


def test_a_wrong_direction_of_ces_is_told(told):
    csat = np.tile([1, 2, 3, 4, 5], 30)
    found = told({"nps": 2 * csat, "csat": csat, "ces": 7 - csat})
    assert 'if a low answer to ces means that it was easy, declare ces_easy = "low"' in found
    assert "ces_easy" not in told({"nps": 2 * csat, "csat": csat, "ces": 1 + csat})


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_scale_turned_in_one_branch_or_some_months_is_told(told, is_turned):
    rng = np.random.default_rng(4)
    csat = np.tile([1, 2, 3, 4, 5], 80)
    nps = 2 * csat - rng.integers(0, 3, 400)
    branch = repeated(["East", "West"], [320, 80])
    date = pd.date_range("2024-01-01", periods=400, freq="D").strftime("%Y-%m-%d")
    odd = branch == "West"
    answers = {"nps": nps, "csat": np.where(odd & is_turned, 6 - csat, csat)}
    by_branch = told(answers | {"branch": branch}, attributes=["branch"])
    by_month = told(answers | {"date": date})
    assert ('goes down where nps goes up in branch "West"' in by_branch) == is_turned
    assert ("goes down where nps goes up in 2024-1" in by_month) == is_turned
    assert "East" not in by_branch


def test_a_branch_that_is_bad_at_one_thing_turns_no_scale(told):
    rng = np.random.default_rng(5)
    # Within each branch both scores are drawn apart from one another, and between them opposite.
    nps = np.r_[rng.integers(0, 4, 100), rng.integers(7, 11, 100)]
    csat = np.r_[rng.integers(4, 6, 100), rng.integers(1, 3, 100)]
    branch = repeated(["East", "West"], 100)
    answers = {"nps": nps, "csat": csat, "branch": branch}
    assert "csat: goes down where nps" not in told(answers, attributes=["branch"])
    assert "csat: goes down where nps" in told({"nps": nps, "csat": csat})


# --- groups on a scale of their own ---------------------------------------------------------


def test_a_branch_on_a_scale_of_five_is_told(told):
    branch = np.tile(["East", "North", "South", "West"], 75)
    content = np.tile(repeated([1, 2, 3, 4, 5], 4), 15)
    csat = np.where(branch == "West", content, 2 * content)
    answers = {"nps": 2 * content, "csat": csat, "branch": branch}
    found = told(answers, attributes=["branch"], csat=[1, 10])
    # Of the others 3, 4 and 5 are 6, 8 and 10.
    assert (
        'no answer of branch "West" is above 5, of the others 60 % are, on a scale to 10' in found
    )
    assert "East" not in found


def test_a_branch_that_is_bad_by_all_answers_is_not_told(told):
    branch = np.tile(["East", "North", "South", "West"], 75)
    content = np.tile(repeated([1, 2, 3, 4, 5], 4), 15)
    bad = np.where(branch == "West", np.minimum(content, 2), content)
    answers = {"nps": 2 * bad, "csat": 2 * bad, "branch": branch}
    assert "was the question asked on" not in told(answers, attributes=["branch"], csat=[1, 10])


def test_a_branch_that_is_bad_at_one_question_is_not_told(told):
    branch = np.tile(["East", "North", "South", "West"], 75)
    content = np.tile(repeated([1, 2, 3, 4, 5], 4), 15)
    # Of 1 to 4 they would be at 0.4 of the scale, where the others are at 0.65.
    csat = np.where(branch == "West", np.array([1, 1, 2, 3, 4])[content - 1], 0)
    csat = np.where(branch == "West", csat, np.array([1, 2, 5, 5, 5])[content - 1])
    answers = {"nps": 2 * content, "csat": csat, "branch": branch}
    assert "was the question asked on" not in told(answers, attributes=["branch"])
    # As content as the others on a scale of their own.
    csat = np.where(branch == "West", np.minimum(csat + 2, 4), csat)
    answers["csat"] = np.where((branch == "West") & (content == 1), 1, csat)
    assert "was the question asked on 1 to 4 there" in told(answers, attributes=["branch"])


# --- a scale of five doubled ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "is_told"),
    [
        # Odd ones by a third of the rarer neighbour: (10 + 20 + 30 + 30) / 3 = 30 expected.
        ([10, 20, 40, 30], True),
        # Nearly all of them 10: (2 + 2) / 3 expected.
        ([0, 2, 2, 96], False),
    ],
)
def test_doubled_stars_are_told(told, times, is_told):
    nps = repeated([4, 6, 8, 10], times)
    assert ("only even answers: were stars" in told({"nps": nps})) == is_told
    assert "only even answers" not in told({"nps": np.r_[nps, 9]})


def test_doubled_stars_in_some_months_are_told(told):
    whole = np.tile(np.arange(11), 10)
    nps = np.r_[whole, np.tile([2, 4, 6, 8, 10], 22)]
    date = repeated(["2024-01-05", "2024-02-05", "2024-03-05"], [110, 55, 55])
    found = told({"nps": nps, "date": date})
    assert "only even answers in 2024-02 to 2024-03" in found
    assert "[110]" in found
    assert "even" not in told({"nps": np.r_[whole, whole], "date": date})


# --- codes within the scale -----------------------------------------------------------------


@pytest.mark.parametrize("is_coded", [True, False])
def test_zeros_of_contented_customers_are_told(told, is_coded):
    content = np.tile([1, 2, 3, 4, 5], 60)
    # Either every sixth has no answer, or the least content have: nobody knows which but by NPS.
    coded = np.arange(300) % 6 == 0 if is_coded else content == 1
    csat = np.where(coded, 0, content)
    found = told({"nps": 2 * content, "csat": csat}, csat=[0, 5])
    assert ("does 0 stand for no answer? If so, declare missing = { csat" in found) == is_coded


@pytest.mark.parametrize("is_coded", [True, False])
def test_a_code_at_the_top_is_told(told, is_coded):
    content = np.tile([1, 2, 3, 4, 5], 60)
    coded = np.arange(300) % 6 == 0 if is_coded else content == 5
    found = told({"nps": 2 * content, "csat": np.where(coded, 9, content)}, csat=[1, 9])
    assert ("those who answered 9 are less content" in found) == is_coded


def test_codes_that_are_declared_are_not_told(told):
    content = np.tile([1, 2, 3, 4, 5], 60)
    answers = {"nps": 2 * content, "csat": np.where(np.arange(300) % 6 == 0, 0, content)}
    assert "does 0 stand" in told(answers, csat=[0, 5])
    assert "does 0 stand" not in told(answers, missing='{ csat = ["0"] }', csat=[0, 5])
    assert "does 0 stand" not in told(answers, missing="{ csat = [] }", csat=[0, 5])


# --- answers beside the scale ---------------------------------------------------------------


def test_answers_coded_from_zero_are_no_codes_for_no_answer(told):
    found = told({"csat": np.tile([0, 1, 2, 3, 4], 20)})
    assert "the answers are 0 to 4 and none is 5: coded from 0, so add 1 to each" in found
    found = told({"csat": np.tile([0, 1, 2, 3, 4, 5], 20)})
    assert "add 1" not in found
    assert 'if it is a code for "no answer"' in found
    # Nobody counts from -1.
    assert "coded from" not in told({"csat": np.tile(np.arange(-1, 10), 20)}, csat=[0, 10])


def test_nps_coded_from_one_is_told(told):
    found = told({"nps": np.tile(np.arange(1, 12), 10)})
    assert "the answers are 1 to 11 and none is 0: coded from 1, so subtract 1 from each" in found
    assert "asked on 1 to 10?" not in found
    assert "subtract 1" not in told({"nps": np.tile(np.arange(12), 10)})


# --- levels of SERVQUAL ---------------------------------------------------------------------

ITEMS = [f"{number:02d}" for number in range(1, 23)]


@pytest.fixture
def servqual(tmp_path, said):
    """What the door says of answers of 60 respondents, the same to all items of a level."""

    def load(**levels):
        frame = pd.DataFrame(
            {
                f"{letter}{item}": levels[letter] + number % 2
                for letter in "EPA"
                if letter in levels
                for number, item in enumerate(ITEMS)
            }
        )
        columns = 'columns = { respondent_id = "id"'
        for name in ("satisfaction", "wave"):
            if name in levels:
                frame[name] = levels[name]
                columns += f', {name} = "{name}"'
        frame.insert(0, "id", [f"R{row}" for row in range(len(frame))])
        frame.to_csv(tmp_path / "a.csv", index=False)
        instrument = PROJECT / "data" / "instruments" / "servqual_22.toml"
        (tmp_path / "i.toml").write_text(instrument.read_text(encoding="utf-8"), encoding="utf-8")
        named = "".join(
            f'{name} = "{letter}{{item}}"\n'
            for letter, name in (("E", "expectation"), ("P", "perception"), ("A", "adequate"))
            if letter in levels
        )
        entry = f'[servqual_responses]\nuri = "a.csv"\ninstrument = "i.toml"\n{columns} }}\n{named}'
        return said("servqual_responses", entry)

    return load


LOW, HIGH = np.tile([2, 3, 4], 20), np.tile([5, 6, 6, 5], 15)


def test_swapped_expectations_are_told(servqual):
    said_so = "above expectations in 22 of 22 items: are the columns of expectation and perception"
    assert said_so in servqual(E=LOW, P=HIGH)
    assert said_so not in servqual(E=HIGH, P=LOW)
    # Satisfaction goes with what is called the expectation: they are swapped.
    assert said_so in servqual(E=LOW + 2, P=HIGH, satisfaction=LOW)
    # It goes with the perception, above high expectations: excellent service.
    assert said_so not in servqual(E=LOW + 2, P=HIGH, satisfaction=HIGH)
    # So it does here, but nobody expects so little.
    assert said_so in servqual(E=LOW - 1, P=HIGH, satisfaction=HIGH)


def test_perceptions_that_are_turned_are_told(servqual):
    goes_down = "perception: goes down where satisfaction goes up"
    assert goes_down in servqual(P=8 - HIGH, satisfaction=HIGH)
    assert goes_down not in servqual(P=HIGH, satisfaction=HIGH)


def test_perceptions_that_are_turned_in_one_wave_are_told(servqual):
    wave = repeated(["2023", "2024"], 30)
    content = np.tile([2, 3, 4, 5, 6], 12)
    turned = np.where(wave == "2024", 8 - content, content)
    said_so = 'perception: goes down where satisfaction goes up in wave "2024" (correlation -1.00)'
    assert said_so in servqual(P=turned, satisfaction=content, wave=wave)
    assert said_so not in servqual(P=content, satisfaction=content, wave=wave)


def test_a_least_acceptable_level_above_the_desired_one_is_told(servqual):
    said_so = "the least acceptable level is above the desired one in 22 of 22 items"
    assert said_so in servqual(E=LOW, P=LOW, A=HIGH)
    assert said_so not in servqual(E=HIGH, P=LOW, A=LOW)
