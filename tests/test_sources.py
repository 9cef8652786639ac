"""The description of an input: what it may say, and what is said when it is wrong."""

import dataclasses
import datetime
import re
from pathlib import Path

import pytest

from cxlib import PROJECT, contracts, instruments, sources, tables, transactions
from cxlib.contracts import InputError

INSTRUMENT = """
name = "Three items"
source = "nobody (2026)"
scale = [1, 5]
[[items]]
id = "a"
dimension = "speed"
text = "They are quick."
text_fa = "سریع هستند."
[[items]]
id = "b"
dimension = "speed"
text = "One waits for ever."
reverse = true
[[items]]
id = "c"
dimension = "care"
text = "They care."
"""

SURVEY = """
[servqual_responses]
uri = "survey.csv"
instrument = "instrument.toml"
columns = { wave = "round" }
perception = "p{item}"
"""
SURVEY_ROWS = "round,ea,eb,ec,pa,pb,pc,la,lb,lc\n1,5,1,5,4,2,3,3,3,3\n2,5,2,5,,1,3,2,4,3\n"

FEEDBACK = """
[feedback]
uri = "feedback.csv"
columns = { nps = "recommend", csat = "satisfied", ces = "effort", date = "day" }
scales = { nps = [0, 10], csat = [1, 5], ces = [1, 7], drivers = [1, 5] }
ces_easy = "low"
drivers = { waiting = "q1", "staff help" = "q2" }
attributes = ["channel", "site"]
missing = { nps = ["11"], drivers = ["0", "6"] }
complete_to = 2026-10-31
margins = { channel = { app = 60, desk = 40 } }
"""
FEEDBACK_ROWS = """recommend,satisfied,effort,day,q1,q2,channel,site
10,5,1,2026-10-01,5,0,app,1
11,4,2,2026-10-02,6,4,desk,2
6,,7,,3,3,app,2
0,2,3,2026-10-03,0,5,desk,1
"""

INTERNAL = """
[servqual_internal]
uri = "internal.csv"
instrument = "instrument.toml"
columns = { role = "who", item = "item", value = "points" }
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "instrument.toml").write_text(INSTRUMENT, encoding="utf-8")
    return tmp_path


def load(project: Path, name: str, description: str, rows: str) -> tables.Table:
    (project / "data" / "sources.toml").write_text(description, encoding="utf-8")
    (project / "data" / f"{name.removeprefix('servqual_')}.csv").write_text(rows, encoding="utf-8")
    return tables.load(name)


def survey(project: Path, description: str = SURVEY, rows: str = SURVEY_ROWS) -> tables.Table:
    (project / "data" / "survey.csv").write_text(rows)
    return load(project, "servqual_responses", description, rows)


def test_a_survey_of_perceptions_alone_needs_no_id(project):
    table = survey(project)
    frame = table.frame.collect("pandas").to_native()
    assert list(frame) == ["wave", "P_a", "P_b", "P_c"]
    assert frame["wave"].tolist() == ["1", "2"]


def test_reverse_keyed_answers_are_turned_and_counted(project):
    table = survey(project, SURVEY + 'expectation = "e{item}"\nadequate = "l{item}"\n')
    frame = table.frame.collect("pandas").to_native()
    # lowest + highest - answer = 6 - answer
    assert frame["P_b"].tolist() == [4, 5]
    assert frame["E_b"].tolist() == [5, 4]
    assert frame["A_b"].tolist() == [3, 2]
    assert frame["P_c"].tolist() == [3, 3]
    turned = {one.column: one.count for one in table.repairs if "reverse-keyed" in one.rule}
    assert turned == {"P_b": 2, "E_b": 2, "A_b": 2}


def test_wording_in_both_languages(project):
    instrument = survey(project).instrument
    assert instrument is not None
    assert [item.text_fa for item in instrument.items] == ["سریع هستند.", "", ""]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reverse = true", "revers = true", "unknown key revers"),
        ("reverse = true", 'reverse = "yes"', "reverse is true or false"),
        ("scale = [1, 5]", 'scale = [1, 5]\nanswers = ["expectation"]', "answers holds"),
        ("scale = [1, 5]", 'scale = [1, 5]\nnames_fa = { speeed = "x" }', "speeed"),
        ("scale = [1, 5]", 'scale = [1, 5]\nnames_fa = { speed = "x", care = "x" }', "same name"),
        ('"care"', '"Overall"', "a name of ours"),
    ],
)
def test_an_instrument_that_is_wrong_is_refused(project, old, new, message):
    (project / "data" / "instrument.toml").write_text(INSTRUMENT.replace(old, new))
    with pytest.raises(InputError, match=message):
        survey(project)


def test_a_form_of_perceptions_refuses_expectations(project):
    perceptions = INSTRUMENT.replace("[1, 5]", '[1, 5]\nanswers = ["perception"]')
    (project / "data" / "instrument.toml").write_text(perceptions, encoding="utf-8")
    with pytest.raises(InputError, match="does not ask for it"):
        survey(project, SURVEY + 'expectation = "e{item}"\n')


def test_feedback_as_declared(project):
    table = load(project, "feedback", FEEDBACK, FEEDBACK_ROWS)
    frame = table.frame.collect("pandas").to_native()
    assert table.drivers == ("waiting", "staff help")
    assert table.scales["nps"] == (0, 10)
    assert table.ces_easy == "low"
    assert table.margins == {"channel": {"app": 0.6, "desk": 0.4}}
    assert frame["nps"].isna().tolist() == [False, True, False, False]
    assert frame["waiting"].isna().tolist() == [False, True, False, True]
    assert frame["staff help"].isna().tolist() == [True, False, False, False]
    assert frame["site"].tolist() == [1, 2, 2, 1]
    # 6 is an answer to NPS and a code only of the drivers.
    assert frame["nps"].tolist()[2:] == [6, 0]
    warned = {one.column: one.count for one in table.warnings}
    assert warned == {"date": 1, "csat": 1, "nps": 1, "drivers": 3}


def test_attributes_can_be_given_names(project):
    named = FEEDBACK.replace('["channel", "site"]', '{ channel = "channel", branch = "site" }')
    table = load(project, "feedback", named, FEEDBACK_ROWS)
    assert table.attributes == ("channel", "branch")
    assert table.frame.collect("pandas").to_native()["branch"].tolist() == [1, 2, 2, 1]


@pytest.mark.parametrize(("form", "day"), [("%Y-%m", "2026-10"), ("%Y", "2026")])
def test_a_month_or_a_year_stands_for_its_first_day(project, form, day):
    rows = re.sub(r"2026-10-\d\d", day, FEEDBACK_ROWS)
    described = FEEDBACK.replace("complete_to", f'date_format = "{form}"\ncomplete_to')
    table = load(project, "feedback", described, rows)
    first = {"2026-10": datetime.date(2026, 10, 1), "2026": datetime.date(2026, 1, 1)}[day]
    assert table.period == (first, first)


def test_an_attribute_with_declared_shares_stays_text(project):
    margins = FEEDBACK.replace("channel = { app = 60, desk = 40 }", "site = { 1 = 0.5, 2 = 0.5 }")
    table = load(project, "feedback", margins, FEEDBACK_ROWS)
    frame = table.frame.collect("pandas").to_native()
    assert frame["site"].tolist() == ["1", "2", "2", "1"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("nps = [0, 10], csat", "csat", "scale of nps is not declared"),
        ("nps = [0, 10]", "nps = [1, 5]", r"\[0, 10\] or \[1, 10\]"),
        ("nps = [0, 10]", "nps = [0, 100]", r"\[0, 10\] or \[1, 10\]"),
        ("nps = [0, 10]", 'nps = "0-10"', "lowest and the highest answer"),
        ('ces_easy = "low"', "", "direction of ces is not declared"),
        ('attributes = ["channel", "site"]', "", 'margins names "channel", which is no attribute'),
        ("{ app = 60, desk = 40 }", "{ app = 60, desk = -4 }", "shares or counts"),
        ('drivers = ["0", "6"]', 'divers = ["0", "6"]', "missing names divers"),
        ('nps = "recommend", csat = "satisfied", ces = "effort", ', "", "no metric is mapped"),
        ("drivers = [1, 5] }", "drivers = [1, 5], nqs = [0, 1] }", "scales names nqs"),
        ("{ waiting", "{ nps", 'a driver is called "nps"'),
        ('"staff help"', "WAITING", 'a driver is called "WAITING"'),
        ('"q2"', '"satisfied"', 'column "satisfied" is read as csat and as staff help'),
        ('["channel", "site"]', '["channel", "All respondents"]', "named twice or is a name of"),
    ],
)
def test_feedback_that_is_declared_wrong_is_refused(project, old, new, message):
    assert old in FEEDBACK
    with pytest.raises(InputError, match=message):
        load(project, "feedback", FEEDBACK.replace(old, new), FEEDBACK_ROWS)


def test_answers_off_the_scale_are_refused_with_line_and_count(project):
    rows = FEEDBACK_ROWS.replace("10,5,1,", "10,6,1,")
    with pytest.raises(InputError) as caught:
        load(project, "feedback", FEEDBACK, rows)
    assert 'csat (column "satisfied"): not a whole number from 1 to 5: 1 row, line 2' in str(
        caught.value
    )


def test_answers_of_five_stars_are_not_taken_for_nps(project):
    rows = "recommend\n" + "".join(f"{1 + row % 5}\n" for row in range(40))
    stars = '[feedback]\nuri = "feedback.csv"\ncolumns = { nps = "recommend" }\n'
    stars += "scales = { nps = [0, 10] }\n"
    with pytest.raises(InputError, match="no answer is above 5"):
        load(project, "feedback", stars, rows)


def test_a_scale_whose_lowest_answer_never_occurs_is_a_warning(project):
    rows = "recommend\n" + "".join(f"{1 + row % 10}\n" for row in range(60))
    ten = '[feedback]\nuri = "feedback.csv"\ncolumns = { nps = "recommend" }\n'
    table = load(project, "feedback", ten + "scales = { nps = [0, 10] }\n", rows)
    assert any("no answer is 0" in one.rule for one in table.warnings)
    table = load(project, "feedback", ten + "scales = { nps = [1, 10] }\n", rows)
    assert not table.warnings


def test_roles_and_items_of_the_internal_survey(project):
    rows = "who,item,points\nmanagers,a,5\nstaff,b,2\n"
    table = load(project, "servqual_internal", INTERNAL, rows)
    frame = table.frame.collect("pandas").to_native()
    assert frame["role"].tolist() == ["managers", "staff"]
    # The answer to a reverse-keyed item is turned here as everywhere.
    assert frame["value"].tolist() == [5, 4]
    words = 'roles = { managers = "مدیر", staff = "کارمند" }\n'
    table = load(project, "servqual_internal", INTERNAL + words, "who,item,points\nمدیر,a,5\n")
    assert table.frame.collect("pandas").to_native()["role"].tolist() == ["managers"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("managers,a", "manager,a", 'role (column "who"): none of managers, standards'),
        ("managers,a", "managers,z", "item: none of a, b, c"),
        ("5\n", "9\n", "not a number from 1 to 5"),
    ],
)
def test_an_internal_survey_that_breaks_a_rule_is_refused(project, old, new, message):
    rows = "who,item,points\nmanagers,a,5\n".replace(old, new)
    with pytest.raises(InputError) as caught:
        load(project, "servqual_internal", INTERNAL, rows)
    assert message in str(caught.value)


def test_two_answers_to_an_item_without_respondents_are_refused(project):
    rows = "who,item,points\nstandards,a,5\nmanagers,a,5\nmanagers,b,4\nmanagers,a,3\n"
    with pytest.raises(InputError, match="id of their own") as caught:
        load(project, "servqual_internal", INTERNAL, rows)
    assert "2 rows, lines 3, 5" in str(caught.value)


def test_two_answers_of_a_respondent_to_an_item_are_refused(project):
    with_ids = INTERNAL.replace("{ role", '{ respondent_id = "id", role')
    rows = "id,who,item,points\n1,staff,a,5\n2,staff,a,5\n1,managers,a,3\n1,staff,a,4\n"
    with pytest.raises(InputError, match="2 rows, lines 2, 5"):
        load(project, "servqual_internal", with_ids, rows)


def test_a_word_for_two_roles_is_refused(project):
    words = 'roles = { managers = "in", staff = "in" }\n'
    with pytest.raises(InputError, match='roles gives "in" twice'):
        load(project, "servqual_internal", INTERNAL + words, "who,item,points\nin,a,5\n")


def test_shares_are_declared_of_the_values_that_occur(project):
    rows = FEEDBACK_ROWS.replace("app,2", "App,2").replace("desk", "phone")
    with pytest.raises(InputError) as caught:
        load(project, "feedback", FEEDBACK, rows)
    text = str(caught.value)
    assert 'margins gives no share to "App": 1 row' in text
    assert 'the closest is "app"' in text
    assert 'margins gives no share to "phone": 2 rows' in text
    assert 'margins names "desk", which is in no row' in text


def test_an_input_that_is_not_described_is_none(project):
    load(project, "feedback", FEEDBACK, FEEDBACK_ROWS)
    assert tables.load_if_described("indices") is None
    found = tables.load_if_described("feedback")
    assert found is not None
    assert found.rows == 4


@pytest.mark.parametrize("file", ["sources", "simulated_subscriptions"])
def test_the_sample_inputs_are_described(file):
    for name, outcome in tables.check(PROJECT / "data" / f"{file}.toml").items():
        assert isinstance(outcome, tables.Table), name


GUIDE = (PROJECT / "docs" / "surveys.md").read_text(encoding="utf-8")
GUIDES = "".join(
    (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("surveys", "purchases", "churn")
)


@pytest.mark.parametrize("text", re.findall(r"```toml\n(\[.*?)```", GUIDES, re.DOTALL))
def test_examples_of_the_guide_are_understood(project, text):
    (project / "data" / "instruments").mkdir()
    for name in ("kiosk", "servqual_22"):
        path = project / "data" / "instruments" / f"{name}.toml"
        path.write_text((PROJECT / "data" / "instruments" / "servqual_22.toml").read_text("utf-8"))
    (project / "data" / "sources.toml").write_text(text, encoding="utf-8")
    path, entries = sources.read("guide", "data/sources.toml")
    for name in entries:
        assert sources.describe(name, path, entries).input == name


def test_the_guide_explains_every_key_of_purchases():
    text = (PROJECT / "docs" / "purchases.md").read_text(encoding="utf-8")
    keys = {"uri", *(field.name for field in dataclasses.fields(transactions.Terms))}
    keys |= {column.name for column in contracts.TRANSACTIONS.columns}
    assert [key for key in keys if f"`{key}`" not in text] == []


@pytest.mark.parametrize("name", ["subscriptions", "subscription_months"])
def test_the_guide_explains_every_key_of_contracts(name):
    guides = ("churn.md", "inputs.md")
    text = "".join((PROJECT / "docs" / guide).read_text(encoding="utf-8") for guide in guides)
    keys = {*sources._KEYS[name]} | {one.name for one in contracts.CONTRACTS[name].columns}
    assert [key for key in keys if f"`{key}`" not in text] == []


def test_the_instrument_of_the_guide_is_one(tmp_path):
    found = re.search(r"```toml\n(name = .*?)```", GUIDE, re.DOTALL)
    assert found is not None
    (tmp_path / "kiosk.toml").write_text(found[1], encoding="utf-8")
    assert instruments.load_instrument(tmp_path / "kiosk.toml").items[0].text_fa
