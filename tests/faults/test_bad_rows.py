"""Faults of rows and between tables, each planted at random rows, found there, and mended."""

import datetime
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cxlib import sources, tables
from cxlib.contracts import InputError, Violation
from cxlib.door.findings import Finding

seeds = pytest.mark.parametrize("seed", range(2))

PURCHASES = """
[transactions]
uri = "transactions.csv"
columns = { customer_id = "who", date = "day", amount = "paid" }
complete_to = 2021-12-31
"""
PURCHASES_HEADER = "invoice,who,day,paid,shop"
CUSTOMERS = """
[subscriptions]
uri = "subscriptions.csv"
columns = { customer_id = "id", started = "from", ended = "to", monthly_charges = "fee" }
complete_to = 2021-12-31
"""
CUSTOMERS_HEADER = "id,from,to,fee"
MONTHS = """
[subscription_months]
uri = "subscription_months.csv"
columns = { customer_id = "id", month = "month", revenue = "fee" }
complete_to = 2021-12-31
attributes = ["shop"]
"""
ANSWERS = """
[feedback]
uri = "feedback.csv"
columns = { response_id = "id", nps = "recommend" }
scales = { nps = [0, 10] }
attributes = ["age"]
"""
SURVEY = """
[servqual_responses]
uri = "servqual_responses.csv"
instrument = "instrument.toml"
columns = { respondent_id = "id", satisfaction = "overall" }
perception = "P{item}"
"""
INSTRUMENT = """
name = "two dimensions"
source = "nobody (2026)"
scale = [1, 7]
answers = ["perception"]
""" + "".join(
    f'[[items]]\nid = "{item}"\ndimension = "{"care" if item < 4 else "speed"}"\ntext = "T{item}"\n'
    for item in range(1, 7)
)
SURVEY_HEADER = "id,overall,P1,P2,P3,P4,P5,P6"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "instrument.toml").write_text(INSTRUMENT)
    return folder


def put(data: Path, name: str, header: str, rows: Sequence[str]) -> None:
    (data / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def load(data: Path, entry: str, header: str, rows: Sequence[str]) -> tables.Table:
    name = entry.strip().splitlines()[0].strip("[]")
    (data / "sources.toml").write_text(entry, encoding="utf-8")
    put(data, name, header, rows)
    return tables.load(name)


def refused(data: Path, entry: str, header: str, rows: Sequence[str]) -> Violation:
    with pytest.raises(InputError) as caught:
        load(data, entry, header, rows)
    (violation,) = caught.value.violations
    return violation


def told(table: tables.Table, text: str) -> list[Finding]:
    return [one for one in table.warnings if text in one.rule]


def purchases(count: int = 60) -> list[str]:
    return [
        f"i{row},c{row % 20},2021-{1 + row % 12:02d}-11,{100 + row},{'ab'[row % 20 % 2]}"
        for row in range(count)
    ]


def lines_of(rows: Sequence[str], wanted: set[str]) -> tuple[int, ...]:
    """The lines of the file on which some rows stand, the header being the first."""
    return tuple(line for line, row in enumerate(rows, 2) if row in wanted)


# --- purchases -----------------------------------------------------------------------------


@seeds
@pytest.mark.parametrize("word", ["Total", "sum", "جمع", "مجموع", "کل"])
def test_21_totals_row(data: Path, seed: int, word: str) -> None:
    rows = random.Random(seed).sample(purchases(), 40)
    total = sum(int(row.split(",")[3]) for row in rows)
    with pytest.raises(InputError) as caught:
        load(data, PURCHASES, PURCHASES_HEADER, [*rows, f"{word}:,,,{total},"])
    found = [one for one in caught.value.violations if "totals" in one.rule]
    assert [(one.column, one.source_column, one.count, one.places) for one in found] == [
        ("amount", "paid", 1, (42,))
    ]
    assert "take the last row out" in found[0].remedy
    assert load(data, PURCHASES, PURCHASES_HEADER, rows).rows == 40


def test_21_a_word_or_a_sum_alone_is_no_totals_row(data: Path) -> None:
    rows = purchases(40)
    assert load(data, PURCHASES, PURCHASES_HEADER, [*rows, "i99,sum,2021-01-01,7,a"]).rows == 41
    assert load(data, PURCHASES, PURCHASES_HEADER, [*rows, "i99,c1,2021-01-01,7,"]).rows == 41
    total = sum(int(row.split(",")[3]) for row in rows)
    kept = load(data, PURCHASES, PURCHASES_HEADER, [*rows, f"i99,c1,2021-01-01,{total},a"])
    assert kept.rows == 41


@seeds
def test_36_same_purchase_twice(data: Path, seed: int) -> None:
    rng = random.Random(seed)
    rows = purchases()
    again = rng.sample(rows, 3)
    for row in again:
        rows.insert(rng.randrange(len(rows)), row)
    violation = refused(data, PURCHASES, PURCHASES_HEADER, rows)
    assert violation.rule.startswith("the same row more than once")
    assert violation.count == 6
    assert tuple(sorted(violation.places)) == lines_of(rows, set(again))
    assert 'repeats = "keep"' in violation.remedy
    assert load(data, PURCHASES + 'repeats = "keep"', PURCHASES_HEADER, rows).rows == 63
    # Each amount is that of one invoice: none is lost, and they stand as in the file.
    firsts = [float(row.split(",")[3]) for row in dict.fromkeys(rows)]
    for declared in ('key = ["invoice"]', 'repeats = "once"'):
        once = load(data, PURCHASES + declared, PURCHASES_HEADER, rows)
        assert (once.rows_read, once.rows) == (63, 60)
        assert [one.count for one in once.repairs if "taken once" in one.rule] == [3]
        frame = once.frame.collect("pandas").to_native()
        assert frame["amount"].tolist() == firsts


@seeds
def test_36_same_key_and_other_values(data: Path, seed: int) -> None:
    rows = purchases()
    chosen = random.Random(seed).choice(rows)
    other = chosen.rsplit(",", 1)[0] + ",z"
    entry = PURCHASES + 'key = ["invoice"]'
    violation = refused(data, entry, PURCHASES_HEADER, [*rows, other])
    assert violation.rule == "rows with the same key (invoice) and other values"
    assert (violation.count, violation.places) == (2, (*lines_of(rows, {chosen}), 62))
    assert load(data, PURCHASES + 'key = ["invoice", "shop"]', PURCHASES_HEADER, [*rows, other])


@seeds
def test_36_blank_in_the_key(data: Path, seed: int) -> None:
    rows = purchases()
    bad = random.Random(seed).randrange(len(rows))
    rows[bad] = rows[bad].removeprefix(f"i{bad}")
    violation = refused(data, PURCHASES + 'key = ["invoice"]', PURCHASES_HEADER, rows)
    assert violation.rule == 'blank in "invoice", a column of the key'
    assert violation.places == (bad + 2,)


def test_36_rows_left_out_are_not_compared(data: Path) -> None:
    rows = [*purchases(), "x,,2021-01-01,5,a", "x,,2021-01-01,5,a"]
    assert load(data, PURCHASES, PURCHASES_HEADER, rows).rows == 60


def test_36_repeats_are_taken_once_before_refunds_are_set_off(data: Path) -> None:
    # The refund stands twice; once taken off, 100 - 30 is left of the purchase.
    rows = ["1,a,2021-01-01,100,s", "2,a,2021-01-05,-30,s", "2,a,2021-01-05,-30,s"]
    entry = PURCHASES + 'key = ["invoice"]\nrefunds = "net"'
    frame = load(data, entry, PURCHASES_HEADER, rows).frame.collect("pandas").to_native()
    assert frame["amount"].tolist() == [100, -30]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('repeats = "drop"', 'repeats = "drop"'),
        ('repeats = "keep"\nkey = ["invoice"]', "key is given beside repeats"),
        ('fixed = ["shop"]', "fixed names shop, which is no attribute"),
        ('key = ["invoic"]', "no such column in the file"),
    ],
)
def test_36_37_declared_wrong(data: Path, keys: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        load(data, PURCHASES + keys, PURCHASES_HEADER, purchases())
    assert problem in str(caught.value)


@seeds
def test_37_conflicting_attributes_of_a_customer(data: Path, seed: int) -> None:
    entry = PURCHASES + 'attributes = ["shop"]\nfixed = ["shop"]'
    rows = purchases()
    assert load(data, entry, PURCHASES_HEADER, rows).rows == 60
    bad = random.Random(seed).randrange(len(rows))
    rows[bad] = rows[bad].rsplit(",", 1)[0] + ",elsewhere"
    violation = refused(data, entry, PURCHASES_HEADER, rows)
    # The three rows of the customer.
    theirs = {row for row in rows if row.split(",")[1] == f"c{bad % 20}"}
    assert (violation.column, violation.source_column, violation.count) == ("shop", "shop", 3)
    assert violation.places == lines_of(rows, theirs)
    assert violation.examples == ()
    blank = [*rows[:bad], rows[bad].removesuffix("elsewhere"), *rows[bad + 1 :]]
    assert load(data, entry, PURCHASES_HEADER, blank).rows == 60


def test_37_conflicting_attributes_between_months(data: Path) -> None:
    rows = [f"{one},2021-{month:02d}-01,5,s" for one in range(3) for month in (1, 2)]
    entry = MONTHS + 'fixed = ["shop"]'
    assert load(data, entry, "id,month,fee,shop", rows).rows == 6
    rows[3] = rows[3].removesuffix("s") + "t"
    assert refused(data, entry, "id,month,fee,shop", rows).places == (4, 5)


@seeds
def test_43_refunds_above_all_purchases_of_a_customer(data: Path, seed: int) -> None:
    bad = random.Random(seed).randrange(20)
    # Each customer bought three times, for less than 1,000 in all.
    refunds = [f"r1,c{bad},2021-12-01,-600,a", f"r2,c{bad},2021-12-02,-600,a"]
    table = load(
        data, PURCHASES + 'refunds = "exclude"', PURCHASES_HEADER, [*purchases(), *refunds]
    )
    (warning,) = told(table, "larger than all their purchases")
    assert warning.count == 2
    assert "1 customer " in warning.rule
    fair = load(
        data,
        PURCHASES + 'refunds = "exclude"',
        PURCHASES_HEADER,
        [*purchases(), refunds[0][:-5] + "50,a"],
    )
    assert not told(fair, "larger")


# --- between tables ------------------------------------------------------------------------


def customers() -> list[str]:
    return [
        f"c{row},2020-12-{1 + row % 28:02d},{'2021-06-01' * (row % 5 == 0)},5" for row in range(20)
    ]


@seeds
def test_38_key_repeated_on_both_sides_of_a_join(data: Path, seed: int) -> None:
    rng = random.Random(seed)
    (data / "sources.toml").write_text(CUSTOMERS + MONTHS)
    chosen = rng.randrange(20)
    put(data, "subscriptions", CUSTOMERS_HEADER, [*customers(), customers()[chosen]])
    months = [f"c{row},2021-01-01,5,s" for row in range(20)]
    put(data, "subscription_months", "id,month,fee,shop", [*months, months[chosen]])
    found = tables.check()
    for name, rule in (
        ("subscriptions", "the same id in more than one row"),
        ("subscription_months", "more than one row of a customer and month"),
    ):
        outcome = found[name]
        assert isinstance(outcome, InputError)
        (violation,) = outcome.violations
        assert (violation.rule, violation.count) == (rule, 2)
        assert violation.places == (chosen + 2, 22)


@seeds
def test_39_purchases_of_unknown_customers(data: Path, seed: int) -> None:
    rng = random.Random(seed)
    (data / "sources.toml").write_text(PURCHASES + CUSTOMERS)
    put(data, "transactions", PURCHASES_HEADER, purchases())
    unknown = set(rng.sample(range(20), 3))
    put(
        data,
        "subscriptions",
        CUSTOMERS_HEADER,
        [
            row
            for number, row in enumerate([*customers(), "x,2020-01-01,2021-01-01,5"])
            if number not in unknown
        ],
    )
    table = tables.check()["transactions"]
    assert isinstance(table, tables.Table)
    (warning,) = told(table, "does not have")
    # Three purchases of each of the three.
    assert (warning.column, warning.count) == ("customer_id", 9)
    assert warning.rule.startswith("3 customers that subscriptions does not have: 15.0 %")
    put(data, "subscriptions", CUSTOMERS_HEADER, customers())
    mended = tables.check()["transactions"]
    assert isinstance(mended, tables.Table)
    assert not told(mended, "does not have")


def test_39_no_customer_in_common(data: Path) -> None:
    (data / "sources.toml").write_text(PURCHASES + CUSTOMERS)
    put(data, "transactions", PURCHASES_HEADER, purchases())
    put(data, "subscriptions", CUSTOMERS_HEADER, ["0" + row for row in customers()])
    table = tables.check()["transactions"]
    assert isinstance(table, tables.Table)
    assert [one.count for one in told(table, "none of its customers")] == [60]


@seeds
def test_32_purchase_before_sign_up(data: Path, seed: int) -> None:
    rows = purchases()
    bad = random.Random(seed).randrange(len(rows))
    cells = rows[bad].split(",")
    cells[2] = "2020-11-30"
    (data / "sources.toml").write_text(PURCHASES + CUSTOMERS)
    put(data, "subscriptions", CUSTOMERS_HEADER, customers())
    put(data, "transactions", PURCHASES_HEADER, [*rows[:bad], ",".join(cells), *rows[bad + 1 :]])
    outcome = tables.check()["transactions"]
    assert isinstance(outcome, InputError)
    (violation,) = outcome.violations
    assert (violation.column, violation.count) == ("date", 1)
    assert "before the customer's sign-up" in violation.rule
    put(data, "transactions", PURCHASES_HEADER, rows)
    assert isinstance(tables.check()["transactions"], tables.Table)


@seeds
def test_32_left_before_sign_up(data: Path, seed: int) -> None:
    rows = customers()
    bad = random.Random(seed).randrange(20)
    rows[bad] = f"c{bad},2021-03-01,2021-02-01,5"
    violation = refused(data, CUSTOMERS, CUSTOMERS_HEADER, rows)
    assert (violation.column, violation.rule) == ("ended", "ended before it started")
    assert violation.places == (bad + 2,)


def test_32_a_month_in_which_the_customer_signs_up_is_no_fault(data: Path) -> None:
    (data / "sources.toml").write_text(CUSTOMERS + MONTHS)
    put(data, "subscriptions", CUSTOMERS_HEADER, ["a,2021-02-10,,5", "b,2021-02-10,2021-03-01,5"])
    put(data, "subscription_months", "id,month,fee,shop", ["a,2021-02-01,5,s"])
    assert isinstance(tables.check()["subscription_months"], tables.Table)
    put(data, "subscription_months", "id,month,fee,shop", ["a,2021-01-31,5,s"])
    assert isinstance(tables.check()["subscription_months"], InputError)


# --- answers -------------------------------------------------------------------------------


def scores(seed: int, count: int = 200) -> list[int]:
    """Answers on 0 to 10, with eight of each but one of 0."""
    rng = random.Random(seed)
    fixed = [one for one in range(1, 11) for _ in range(8)]
    answers = [*fixed, *rng.choices(range(5, 11), k=count - len(fixed))]
    rng.shuffle(answers)
    return answers


def answered(values: Sequence[object], ages: Sequence[object] = ()) -> list[str]:
    ages = ages or [20 + row % 60 for row in range(len(values))]
    return [f"r{row},{one},{age}" for row, (one, age) in enumerate(zip(values, ages, strict=True))]


HEADER = "id,recommend,age"


@seeds
def test_49_answers_of_1_to_10_declared_as_0_to_10(data: Path, seed: int) -> None:
    values = scores(seed)
    violation = refused(data, ANSWERS, HEADER, answered(values))
    assert (violation.column, violation.source_column) == ("nps", "recommend")
    assert violation.rule == "no answer is 0 among 200, though 8 are 1: asked on 1 to 10?"
    for mended in (
        ANSWERS.replace("[0, 10]", "[1, 10]"),
        ANSWERS + 'nps_zero = "offered"',
    ):
        assert not load(data, mended, HEADER, answered(values)).warnings
    values[values.index(10)] = 0
    assert not load(data, ANSWERS, HEADER, answered(values)).warnings


@seeds
def test_49_few_ones_are_a_warning(data: Path, seed: int) -> None:
    values = [one for one in scores(seed) if one > 1] + [1] * 6
    assert len(told(load(data, ANSWERS, HEADER, answered(values)), "no answer is 0")) == 1
    values = [one for one in values if one > 1]
    assert (
        len(told(load(data, ANSWERS, HEADER, answered([*values, 1, 1, 1])), "though 3 are 1")) == 1
    )
    assert not load(data, ANSWERS, HEADER, answered([*values, 1, 1])).warnings


@seeds
def test_50_five_stars_or_percentages_as_nps(data: Path, seed: int) -> None:
    rng = random.Random(seed)
    stars = [rng.randint(1, 5) for _ in range(60)]
    violation = refused(data, ANSWERS, HEADER, answered(stars))
    assert "no answer is above 5 among 60" in violation.rule
    assert "groups made of the answers" in violation.remedy
    few = [rng.randint(2, 5) for _ in range(12)]
    assert told(load(data, ANSWERS, HEADER, answered(few)), "no answer is above 5 among 12")
    percent = [rng.randrange(11, 101) for _ in range(30)]
    violation = refused(data, ANSWERS, HEADER, answered(percent))
    assert (violation.rule, violation.count) == ("not a whole number from 0 to 10", 30)


@seeds
@pytest.mark.parametrize("code", ["99", "-1"])
def test_51_code_off_the_scale(data: Path, seed: int, code: str) -> None:
    values: list[object] = [0, *scores(seed)]
    bad = sorted(random.Random(seed).sample(range(len(values)), 5))
    for row in bad:
        values[row] = code
    violation = refused(data, ANSWERS, HEADER, answered(values))
    assert (violation.column, violation.count) == ("nps", 5)
    assert violation.places == tuple(row + 2 for row in bad)
    assert f'missing = ["{code}"]' in violation.remedy
    table = load(data, ANSWERS + f'missing = ["{code}"]', HEADER, answered(values))
    assert [(one.column, one.count) for one in table.repairs] == [("nps", 5)]


@seeds
@pytest.mark.parametrize("code", ["999", "-1", "-99"])
def test_51_code_in_an_attribute(data: Path, seed: int, code: str) -> None:
    values = [0, *scores(seed)]
    ages: list[object] = [20 + row % 60 for row in range(len(values))]
    bad = sorted(random.Random(seed).sample(range(len(values)), 4))
    for row in bad:
        ages[row] = code
    violation = refused(data, ANSWERS, HEADER, answered(values, ages))
    assert (violation.column, violation.count) == ("age", 4)
    assert violation.places == tuple(row + 2 for row in bad)
    assert f'missing = {{ "age" = ["{code}"] }}' in violation.remedy
    as_missing = load(
        data, ANSWERS + f'missing = {{ "age" = ["{code}"] }}', HEADER, answered(values, ages)
    )
    assert as_missing.frame.collect("pandas").to_native()["age"].isna().sum() == 4
    as_value = load(data, ANSWERS + 'missing = { "age" = [] }', HEADER, answered(values, ages))
    assert as_value.frame.collect("pandas").to_native()["age"].isna().sum() == 0


def test_51_numbers_among_their_like_are_no_codes(data: Path) -> None:
    values = [0, *scores(0)]
    ages = [-3 + row % 110 for row in range(len(values))]
    assert load(data, ANSWERS, HEADER, answered(values, ages)).rows == len(values)


@seeds
def test_52_non_response(data: Path, seed: int) -> None:
    values: list[object] = [0, *scores(seed, 199)]
    for row in random.Random(seed).sample(range(200), 14):
        values[row] = ""
    (warning,) = load(data, ANSWERS, HEADER, answered(values)).warnings
    assert (warning.column, warning.count) == ("nps", 14)
    assert warning.rule == "blank: no answer, 7.0 % of the rows"


# --- questionnaires ------------------------------------------------------------------------


def survey(seed: int, count: int = 100) -> np.ndarray:
    """Answers to six items in two dimensions, from what a respondent feels and some noise."""
    rng = np.random.default_rng(seed)
    felt = np.repeat(rng.normal(4, 1.2, (count, 2)), 3, axis=1)
    answers = np.clip(np.round(felt + rng.normal(0, 0.7, (count, 6))), 1, 7).astype(int)
    alike = answers.min(axis=1) == answers.max(axis=1)
    answers[alike, 0] = 8 - answers[alike, 0] + (answers[alike, 0] == 4)
    return answers


def responses(answers: np.ndarray) -> list[str]:
    return [
        f"r{row},5,{','.join('' if one == 0 else str(one) for one in given)}"
        for row, given in enumerate(answers)
    ]


@seeds
def test_48_reverse_item_that_is_not_keyed(data: Path, seed: int) -> None:
    answers = survey(seed)
    assert not load(data, SURVEY, SURVEY_HEADER, responses(answers)).warnings
    item = seed % 6
    answers[:, item] = 8 - answers[:, item]
    found = told(load(data, SURVEY, SURVEY_HEADER, responses(answers)), "goes down where")
    assert [one.column for one in found] == [f"P_{item + 1}"]
    # As numpy has it, of the item and the other two of its dimension.
    others = [one for one in range(item // 3 * 3, item // 3 * 3 + 3) if one != item]
    r = np.corrcoef(answers[:, item], answers[:, others].sum(axis=1))[0, 1]
    assert f"(correlation {r:.2f})" in found[0].rule
    text = INSTRUMENT.replace(f'text = "T{item + 1}"\n', f'text = "T{item + 1}"\nreverse = true\n')
    (data / "instrument.toml").write_text(text)
    assert not load(data, SURVEY, SURVEY_HEADER, responses(answers)).warnings


@seeds
def test_52_unanswered_questions(data: Path, seed: int) -> None:
    answers = survey(seed)
    rng = random.Random(seed)
    for row in rng.sample(range(100), 12):
        answers[row, 1] = 0
    (warning,) = load(data, SURVEY, SURVEY_HEADER, responses(answers)).warnings
    # 12 of 600 answers.
    assert warning.rule == "2.0 % of the answers are blank, most of them in P2 (12.0 %)"
    assert (warning.column, warning.count) == ("perception", 12)


@seeds
def test_53_straight_lining(data: Path, seed: int) -> None:
    answers = survey(seed)
    rng = random.Random(seed)
    for row in rng.sample(range(100), 7):
        answers[row] = rng.randint(1, 7)
    # Five answers alike are enough, four are not.
    answers[rng.choice(np.flatnonzero(answers.min(axis=1) < answers.max(axis=1)))] = (3,) * 5 + (0,)
    answers[rng.choice(np.flatnonzero(answers.min(axis=1) > 0))] = (2, 2, 2, 2, 0, 0)
    found = told(load(data, SURVEY, SURVEY_HEADER, responses(answers)), "straight-lining")
    alike = [{*map(int, row)} - {0} for row in answers if (row > 0).sum() >= 5]
    count = sum(len(one) == 1 for one in alike)
    assert count >= 7
    assert [(one.column, one.count) for one in found] == [("perception", count)]
    assert found[0].rule.endswith(f"{count}.0 % of the rows")


def test_53_no_variance_at_all(data: Path) -> None:
    answers = np.full((40, 6), 5)
    table = load(data, SURVEY, SURVEY_HEADER, responses(answers))
    assert [one.count for one in told(table, "straight-lining")] == [40]
    assert table.frame.collect("pandas").to_native().filter(like="P_").eq(5).all().all()


# --- the outcome ---------------------------------------------------------------------------


@seeds
def test_58_outcome_after_the_last_day_of_the_file(data: Path, seed: int) -> None:
    # Nobody can have left, or stayed, on a day that the file does not cover.
    rows = customers()
    bad = random.Random(seed).randrange(20)
    late = datetime.date(2022, 1, 1)
    rows[bad] = f"c{bad},2021-03-01,{late},5"
    violation = refused(data, CUSTOMERS, CUSTOMERS_HEADER, rows)
    assert (violation.column, violation.places) == ("ended", (bad + 2,))
    assert "after the last day the file is complete to" in violation.rule


@seeds
def test_45_rial_for_toman_from_some_day_on(data: Path, seed: int) -> None:
    # From the middle of a month on all amounts are tenfold: its own median lies between the two.
    rng = random.Random(seed)
    month = rng.randint(3, 9)
    rows = []
    for number in range(12 * 60):
        day = datetime.date(2021, 1 + number // 60, 1 + number % 28)
        amount = rng.randint(80, 120) * (10 if day >= datetime.date(2021, month, 15) else 1)
        rows.append(f"i{number},c{number},{day},{amount},a")
    (warning,) = told(load(data, PURCHASES, PURCHASES_HEADER, rows), "rial and toman")
    assert warning.column == "amount"
    assert warning.rule.startswith(
        (f"median of 2021-{month:02d} is", f"median of 2021-{month + 1:02d} is")
    )
