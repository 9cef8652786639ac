"""Answers in words: read by their declared numbers, and proposed where words leave no doubt."""

import numpy as np
import pandas as pd
import pytest

from cxlib import PROJECT, engine, proposing, sources, tables
from cxlib.contracts import InputError
from cxlib.door.casts import casts
from cxlib.engine import Cast
from cxlib.proposing import NotProposedError
from cxlib.proposing.labels import labels
from cxlib.proposing.labels import of_others as labels_of

SATISFIED = (
    "Very dissatisfied",
    "Dissatisfied",
    "Neither satisfied nor dissatisfied",
    "Satisfied",
    "Very satisfied",
)
NUMBERS = dict(zip(SATISFIED, range(1, 6), strict=True))
ROWS = 200
CONTENT = np.random.default_rng(5).integers(1, 6, ROWS)
WORDS = [SATISFIED[one - 1] for one in CONTENT]
ENTRY = '[feedback]\nuri = "a.csv"\ncolumns.csat = "csat"\nscales.csat = [1, 5]\n'


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)


def written(folder, **columns):
    pd.DataFrame(columns).to_csv(folder / "a.csv", index=False)
    return folder / "a.csv"


def loaded(folder, entry):
    (folder / "sources.toml").write_text(entry, encoding="utf-8")
    return tables.load("feedback", folder / "sources.toml")


def rows(table):
    return table.frame.collect("pandas").to_native()


def declared(key, numbers):
    return "".join(f'value_labels.{key}."{label}" = {one}\n' for label, one in numbers.items())


# --- read -----------------------------------------------------------------------------------


def test_words_give_the_numbers_that_are_declared(tmp_path):
    written(tmp_path, csat=WORDS)
    table = loaded(tmp_path, ENTRY + declared("csat", NUMBERS))
    assert rows(table)["csat"].tolist() == CONTENT.tolist()
    rule = "words for answers read as the numbers that are declared"
    assert [(one.column, one.rule, one.count) for one in table.repairs] == [("csat", rule, ROWS)]
    # Words that nobody chose are no fault.
    assert not [one for one in table.warnings if "in no row" in one.rule]


def test_numbers_beside_words_are_counted_as_found(tmp_path):
    written(tmp_path, csat=[word if word == SATISFIED[4] else NUMBERS[word] for word in WORDS])
    table = loaded(tmp_path, ENTRY + declared("csat", {SATISFIED[4]: 5}))
    assert rows(table)["csat"].tolist() == CONTENT.tolist()
    assert [one.count for one in table.repairs] == [(CONTENT == 5).sum()]


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("راضی‌ام", 4, engine.INVISIBLE),
        ("راضي ام", 3, engine.LETTERS),  # counted once, as the first of its repairs
        ("VERY Good", 5, engine.CONVERTED),
        (" very good", 5, engine.TRIMMED),
        ("۵ - عالی", 5, engine.DIGITS),
        ("2.0", 2, engine.AS_FOUND),
        ("good", None, engine.NOT_OF_TYPE),
        ("بی‌پاسخ", None, engine.MISSING_CODE),
        ("", None, engine.AS_FOUND),
    ],
)
def test_a_word_is_met_as_cells_are_folded(tmp_path, text, value, state):
    path = written(tmp_path, csat=[text, "1"])
    words = {"راضی‌ام": 4, "راضی ام": 3, "Very good": 5, "5 - عالی": 5}
    entry = ENTRY + declared("csat", words) + 'missing = { csat = ["بی‌پاسخ"] }\n'
    (tmp_path / "sources.toml").write_text(entry, encoding="utf-8")
    folder = tmp_path / "sources.toml"
    source = sources.describe("feedback", *sources.read("feedback", folder))
    file = engine.open_file(path)
    engine.stage(file, casts(source, file), tmp_path / "staged.parquet")
    found = engine.staged(tmp_path / "staged.parquet").select("csat", engine.state("csat"))
    assert found.collect("pyarrow").rows()[0] == (value, state)


def test_a_file_with_types_may_have_words_as_well(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"v": pd.Categorical(["Low", None, "High"])}).to_parquet(path)
    wanted = Cast("v", 0, "number", labels=(("low", 1), ("high", 2)))
    engine.stage(engine.open_file(path), [wanted], tmp_path / "staged.parquet")
    found = engine.staged(tmp_path / "staged.parquet").select("v").collect("pyarrow")
    assert found["v"].to_list() == [1, None, 2]


def test_a_word_without_a_number_is_an_error_that_says_how_to_declare_it(tmp_path):
    written(tmp_path, csat=["Delighted" if row == 7 else word for row, word in enumerate(WORDS)])
    with pytest.raises(InputError) as raised:
        loaded(tmp_path, ENTRY + declared("csat", NUMBERS))
    (violation,) = raised.value.violations
    assert (violation.rule, violation.count, violation.places) == ("not a number", 1, (9,))
    assert 'value_labels = { csat = { "Delighted" = N } }' in violation.remedy
    assert 'missing = { csat = ["..."] }' in violation.remedy


def test_a_number_outside_the_scale_stays_an_error(tmp_path):
    written(tmp_path, csat=WORDS)
    with pytest.raises(InputError, match="not a whole number from 1 to 5"):
        loaded(tmp_path, ENTRY + declared("csat", NUMBERS | {SATISFIED[4]: 6}))


def test_labels_of_drivers_are_those_of_all_but_of_one_with_its_own(tmp_path):
    written(tmp_path, csat=CONTENT, food=WORDS, staff=WORDS)
    turned = {label: 6 - number for label, number in NUMBERS.items()}
    entry = ENTRY + 'drivers = ["food", "staff"]\nscales.drivers = [1, 5]\n'
    table = rows(loaded(tmp_path, entry + declared("drivers", NUMBERS) + declared("staff", turned)))
    assert table["food"].tolist() == CONTENT.tolist()
    assert table["staff"].tolist() == (6 - CONTENT).tolist()


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ('value_labels = { csat = ["Good"] }\n', "value_labels = "),
        ('value_labels.csat."Good" = 4.5\n', "value_labels = "),
        ('value_labels.csat."Good" = true\n', "value_labels = "),
        ('value_labels.csat."Good" = 4\nvalue_labels.csat."good" = 5\n', "value_labels = "),
        ('value_labels.cast."Good" = 4\n', "value_labels names cast, which is no column"),
        ('value_labels.nps."Good" = 4\n', "value_labels names nps, which is no column"),
    ],
)
def test_labels_that_are_wrong_are_refused(tmp_path, lines, rule):
    written(tmp_path, csat=CONTENT)
    with pytest.raises(InputError) as raised:
        loaded(tmp_path, ENTRY + lines)
    assert rule in str(raised.value)


# --- which number a word has -----------------------------------------------------------------


def found(*words, each=40, is_named=False):
    return labels(dict.fromkeys(words, each), is_named=is_named)


SEVEN = (
    *("Strongly disagree", "Disagree", "Somewhat disagree", "Neutral"),
    *("Somewhat agree", "Agree", "Strongly agree"),
)


@pytest.mark.parametrize(
    "words",
    [
        SATISFIED,
        SEVEN,
        (
            "Extremely unlikely",
            "Somewhat unlikely",
            "Neutral",
            "Somewhat likely",
            "Extremely likely",
        ),
        ("Very difficult", "Difficult", "Neither easy nor difficult", "Easy", "Very easy"),
        ("Very bad", "Bad", "OK", "Good", "Very good"),
        ("Poor", "Fair", "Good", "Very good", "Excellent"),
        ("خیلی ناراضی", "ناراضی", "نه راضی نه ناراضی", "راضی", "خیلی راضی"),
        ("کاملاً مخالفم", "مخالفم", "بی‌طرف", "موافقم", "کاملا موافقم"),
        ("خیلی بد", "بد", "متوسط", "خوب", "خیلی خوب"),
        ("Dissatisfied", "Neutral", "Satisfied"),
        ("Very dissatisfied", "Dissatisfied", "Satisfied", "Very satisfied"),
    ],
)
def test_known_words_are_numbered_from_the_worst_on(words):
    numbered = {word: number for number, word in enumerate(words, 1)}
    assert found(*reversed(words)) == numbered
    assert found(*words, "N/A", "Don't know") == numbered


def test_a_step_that_nobody_chose_has_its_number():
    assert [*found(*SATISFIED[1:]).values()] == [1, 2, 3, 4, 5]
    assert found(*SATISFIED[1:])["Very satisfied"] == 5


@pytest.mark.parametrize(
    "words",
    [
        ("Very dissatisfied", "Satisfied", "Very satisfied"),  # of four or of five
        ("Satisfied", "Very satisfied"),  # one side alone
        ("Neutral", "Satisfied", "Very satisfied"),
        ("North", "South", "West"),
        ("Satisfied", "Dissatisfied", "Delighted"),
        ("Poor", "Good", "Excellent"),  # of several scales
        ("کم", "متوسط", "زیاد"),  # of anything
        ("1 - North", "2 - South"),
        ("Very dissatisfied", "Extremely dissatisfied", "Neutral", "Satisfied", "Very satisfied"),
    ],
)
def test_words_that_leave_a_doubt_have_none(words):
    assert found(*words) == {}


def test_a_scale_without_a_middle_needs_a_hundred_answers():
    words = ("Very dissatisfied", "Dissatisfied", "Satisfied", "Very satisfied")
    assert found(*words, each=24) == {}
    assert found(*words, each=25)


def test_a_number_before_words_is_theirs_where_the_column_is_one_of_answers():
    ends = {"0 - Not at all likely": 0, "10 - Extremely likely": 10}
    assert found(*ends, *"123456789", is_named=True) == ends
    assert found("1 - North", "2 - South", is_named=True) == {"1 - North": 1, "2 - South": 2}
    assert found(*ends, *"123456789", "10", is_named=True) == ends
    assert found("10 - Sure", "10 - Certain", *"123456789", is_named=True) == {}
    known = {f"{number} = {word}": number for word, number in NUMBERS.items()}
    assert found(*known) == known


def test_numbers_that_go_from_best_to_worst_are_turned_or_asked_about():
    turned = {f"{6 - number} = {word}": number for word, number in NUMBERS.items()}
    assert found(*turned) == turned
    ends = ("1 - Very satisfied", "5 - Very dissatisfied")
    assert found(*ends, *"234", is_named=True) == {}
    muddled = ("1 - Dissatisfied", "2 - Very dissatisfied", "3 - Neutral", "4 - Satisfied")
    assert found(*muddled, "5 - Very satisfied", is_named=True) == {}


def test_words_of_a_column_of_few_answers_are_those_of_the_others():
    known = [labels(dict.fromkeys(SATISFIED, 40), is_named=False)]
    assert labels_of(dict.fromkeys(("Satisfied", "Very satisfied"), 5), known) == known[0]
    assert labels_of(dict.fromkeys(("Satisfied", "Delighted"), 5), known) == {}
    turned = {label: 6 - number for label, number in NUMBERS.items()}
    assert labels_of(dict.fromkeys(("Satisfied",), 5), [*known, turned]) == {}


# --- proposed -------------------------------------------------------------------------------


def proposed(path, **given):
    typed = {key.replace("__", "."): value for key, value in given.items()}
    looked_at = proposing.sample(path, typed)
    columns = proposing.columns.of(looked_at)
    return proposing.propose(looked_at, columns, path.name, PROJECT / "data", given=typed)


def days():
    return [f"2025-{1 + row % 9:02}-{10 + row % 18}" for row in range(ROWS)]


def test_a_survey_in_words_is_proposed_whole(tmp_path):
    satisfied = "How satisfied are you overall?"
    recommend = [f"{n} - Never" if n == 0 else n for n in np.arange(ROWS) % 11]
    path = written(
        tmp_path, date=days(), recommend=recommend, city=["A", "B"] * 100, **{satisfied: WORDS}
    )
    entry = proposed(path, complete_to="2025-09-30").entry
    assert entry["columns"]["csat"] == satisfied
    assert entry["value_labels"] == {"csat": NUMBERS, "nps": {"0 - Never": 0}}
    assert entry["scales"] == {"nps": [0, 10], "csat": [1, 5]}
    assert entry["attributes"] == ["city"]


def test_words_that_are_not_known_are_asked_and_taken(tmp_path):
    fabulous = ["Yuck", "Meh", "Fab"]
    path = written(tmp_path, date=days(), csat=[fabulous[one % 3] for one in CONTENT], nps=CONTENT)
    (question,) = [one for one in proposed(path).questions if one.key == "columns.csat"]
    assert "say which number each stands for" in question.text
    given = proposed(path, value_labels__csat="Yuck=1,Meh=2,Fab=3")
    assert given.entry["value_labels"]["csat"] == {"Yuck": 1, "Meh": 2, "Fab": 3}
    assert given.entry["scales"]["csat"] == [1, 3]
    with pytest.raises(NotProposedError, match="write each word with its number"):
        proposed(path, value_labels__csat="Yuck,Meh,Fab")


def test_drivers_in_words_have_their_labels_together_and_one_scale(tmp_path):
    fair = ["Poor", "Fair", "Good", "Excellent"]
    path = written(
        tmp_path,
        **{"date": days(), "nps": CONTENT, "food": WORDS, "staff": WORDS[::-1]},
        price=[fair[one % 4] for one in CONTENT],
    )
    entry = proposed(path, drivers="food,staff", scales__nps="0,10").entry
    assert entry["value_labels"] == {"drivers": NUMBERS}
    assert entry["scales"]["drivers"] == [1, 5]
    # What is no driver stays a group.
    assert entry["attributes"] == ["price"]
    with pytest.raises(NotProposedError, match='"food" has 5, "price" has 4'):
        proposed(path, drivers="food,price")
    (asked,) = [one for one in proposed(path, scales__nps="0,10").questions if one.key == "drivers"]
    assert asked.proposed == ""


def test_drivers_of_numbers_before_words_may_lack_an_end(tmp_path):
    ends = {0: "0 - Very unlikely", 10: "10 - Very likely"}
    food, staff = np.arange(ROWS) % 11, np.arange(ROWS) % 10
    path = written(
        tmp_path,
        **{"date": days(), "nps": CONTENT},
        food=[ends.get(one, str(one)) for one in food],
        staff=[ends.get(one, str(one)) for one in staff],
    )
    entry = proposed(path, drivers="food,staff", scales__nps="0,10", scales__drivers="0,10").entry
    assert entry["value_labels"] == {"drivers": {"0 - Very unlikely": 0, "10 - Very likely": 10}}


def test_words_that_are_given_for_drivers_are_met_as_cells_are_folded(tmp_path):
    bad = ["YUCK ", "Meh", "fab"]
    path = written(tmp_path, date=days(), nps=CONTENT, food=[bad[one % 3] for one in CONTENT])
    entry = proposed(path, drivers="food", value_labels__drivers="yuck=1,meh=2,FAB=3").entry
    assert entry["value_labels"] == {"drivers": {"yuck": 1, "meh": 2, "FAB": 3}}
    assert entry["scales"]["drivers"] == [1, 3]


def test_a_servqual_survey_in_words(tmp_path):
    random = np.random.default_rng(3)
    items = [f"{item:02}" for item in range(1, 23)]
    expected = {f"E{one}": random.choice(SEVEN[4:], ROWS) for one in items}
    perceived = {f"P{one}": random.choice(SEVEN, ROWS) for one in items}
    path = written(tmp_path, **expected, **perceived)
    found = proposed(path)
    assert found.input == "servqual_responses"
    seven = {label: number for number, label in enumerate(SEVEN, 1)}
    assert found.entry["value_labels"] == {"expectation": seven, "perception": seven}
    shipped = PROJECT / "data" / "instruments" / "servqual_22.toml"
    (tmp_path / "i.toml").write_bytes(shipped.read_bytes())
    lines = "".join(declared(key, seven) for key in ("expectation", "perception"))
    (tmp_path / "sources.toml").write_text(
        '[servqual_responses]\nuri = "a.csv"\ninstrument = "i.toml"\ncolumns = {}\n'
        f'expectation = "E{{item}}"\nperception = "P{{item}}"\n{lines}'
    )
    table = tables.load("servqual_responses", tmp_path / "sources.toml")
    rule = "words for answers read as the numbers that are declared in 44 columns (E_01 to P_22)"
    assert [(one.column, one.rule, one.count) for one in table.repairs] == [("", rule, 44 * ROWS)]
    assert rows(table)["P_07"].tolist() == [seven[one] for one in perceived["P07"]]


def test_a_column_of_purchases_in_words_stays_a_group(tmp_path):
    path = written(tmp_path, date=days(), customer=CONTENT, amount=CONTENT, level=WORDS)
    found = proposed(path, input="transactions")
    assert "value_labels" not in found.entry
    assert found.entry["attributes"] == ["level"]
