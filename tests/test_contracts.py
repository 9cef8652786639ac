"""The contracts: rules count what breaks them, on any backend, and errors say all of it."""

import datetime
from pathlib import Path

import narwhals as nw
import pyarrow as pa
import pytest

from cxlib import contracts, engine, instruments, transactions
from cxlib.contracts import InputError, Violation

DAY = datetime.date

INSTRUMENT = """
name = "Two items"
source = "nobody (2026)"
scale = [1, 5]
[importance]
care = 60
speed = 40
[[items]]
id = "1"
dimension = "speed"
text = "They are quick."
[[items]]
id = "2"
dimension = "care"
text = "They care."
"""


def staged(columns: dict[str, list]) -> nw.LazyFrame:
    """A staged table on the pyarrow backend: the rules know nothing of DuckDB."""
    rows = len(next(iter(columns.values())))
    data = {engine.ROW: list(range(1, rows + 1))} | columns
    data |= {engine.state(name): [engine.AS_FOUND] * rows for name in columns}
    return nw.from_native(pa.table(data)).lazy()


def transaction_rules(
    frame: nw.LazyFrame, refunds: str = ""
) -> tuple[nw.LazyFrame, list[contracts.Rule]]:
    where = "[transactions] of sources.toml"
    rules = contracts.row_rules(
        contracts.TRANSACTIONS,
        ("customer_id", "date", "amount"),
        where,
        complete_to=DAY(2020, 12, 31),
        date_format="%Y-%m-%d",
        converted={},
        reverse={},
    )
    return transactions.applied(frame, transactions.Terms(refunds=refunds), rules, where)


TRANSACTION_ROWS = {
    "customer_id": ["a", None, "a", "b", None],
    "date": [DAY(2020, 1, 1), DAY(2020, 1, 2), DAY(2020, 3, 1), DAY(2021, 1, 1), DAY(2020, 4, 1)],
    "amount": [1.0, -2.0, -3.0, 4.0, 5.0],
}


def broken(found: contracts.Checked, rules: list[contracts.Rule]) -> dict[tuple[str, str], int]:
    return {
        (rule.column, rule.text[:15]): count
        for rule, count in zip(rules, found.counts, strict=True)
        if count
    }


def test_every_rule_is_counted_in_one_pass() -> None:
    frame, rules = transaction_rules(staged(TRANSACTION_ROWS))
    found = contracts.check(frame, contracts.TRANSACTIONS, rules, ())
    assert broken(found, rules) == {
        ("customer_id", "blank"): 2,
        ("date", "date after the "): 1,
        ("amount", "negative amount"): 2,
    }
    assert (found.rows_read, found.rows) == (5, 3)
    assert (found.first, found.last) == (DAY(2020, 1, 1), DAY(2021, 1, 1))


def test_exclusions_add_up_to_the_rows_left_out() -> None:
    frame, rules = transaction_rules(staged(TRANSACTION_ROWS), refunds="exclude")
    found = contracts.check(frame, contracts.TRANSACTIONS, rules, ())
    # Row 2 has no id and is a refund: it counts once, for the first rule.
    left_out = sum(
        count
        for rule, count in zip(rules, found.counts, strict=True)
        if rule.outcome == "exclusion"
    )
    assert left_out == found.rows_read - found.rows == 3
    kept = frame.filter(contracts.keep(rules)).collect("pyarrow")
    assert kept.get_column(engine.ROW).to_list() == [1, 4]


@pytest.mark.parametrize("near", [4, 11, 1000])
def test_first_rows_are_the_first_ten(monkeypatch: pytest.MonkeyPatch, near: int) -> None:
    monkeypatch.setattr(contracts, "_NEAR_ROWS", near)
    frame = staged({"amount": [-1.0] * 12 + [1.0]})
    rows = contracts.first_rows(frame, {3: nw.col("amount") < 0, 5: nw.col("amount") > 0})
    assert rows == {3: tuple(range(1, 11)), 5: (13,)}
    assert contracts.first_rows(frame, {}) == {}


def test_repeated_keys_stand_together() -> None:
    frame = staged({"customer_id": ["a", "b", None, "c", "b", "a", None, "b"]})
    assert contracts.repeated_keys(frame, "customer_id") == (5, (1, 6, 2, 5, 8))


def test_keys_are_counted_without_the_blank_ones() -> None:
    frame = staged(
        {"customer_id": ["a", None, "b", None, "b"], "churned": [True, False] * 2 + [True]}
    )
    found = contracts.check(frame, contracts.SUBSCRIPTIONS, [], ())
    assert found.repeated == 1
    assert not found.one_class


@pytest.mark.parametrize(
    ("values", "is_text"),
    [
        (["1", "0", None], False),
        (["-1.5", "20"], False),
        (["007", "8"], True),
        (["1E5", "2"], True),
        (["0.12345678901234567", "1e-05", "1.5e+20"], False),
        (["9007199254740993123"], True),
        (["", "x"], True),
    ],
)
def test_an_attribute_is_a_number_only_when_nothing_is_lost(values: list, is_text: bool) -> None:
    frame = staged(
        {
            "customer_id": list(map(str, range(len(values)))),
            "churned": [True] * len(values),
            "a": values,
        }
    )
    found = contracts.check(frame, contracts.SUBSCRIPTIONS, [], ("a",))
    assert found.texts == (("a",) if is_text else ())


def test_answers_outside_the_scale_or_between_its_points_break_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    path.write_text(INSTRUMENT)
    contract = contracts.servqual_responses(instruments.load_instrument(path))
    rules = contracts.row_rules(
        contract,
        ("E_1",),
        "here",
        complete_to=DAY(2020, 1, 1),
        date_format="",
        converted={},
        reverse={},
    )
    frame = staged({"E_1": [0.0, 1.0, 3.0, 3.5, 5.0, 6.0, None], "respondent_id": list("abcdefg")})
    found = contracts.check(frame, contract, rules, ())
    assert broken(found, rules) == {("E_1", "not a whole num"): 3}


def test_importance_that_does_not_add_up_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    path.write_text(INSTRUMENT)
    contract = contracts.servqual_responses(instruments.load_instrument(path))
    names = ("importance_speed", "importance_care")
    rules = contracts.row_rules(
        contract,
        names,
        "here",
        complete_to=DAY(2020, 1, 1),
        date_format="",
        converted={},
        reverse={},
    )
    frame = staged(
        {
            "importance_speed": [40.0, 40.0, None],
            "importance_care": [60.0, 70.0, 60.0],
            "respondent_id": list("abc"),
        }
    )
    found = contracts.check(frame, contract, rules, ())
    assert [
        (rule.outcome, count) for rule, count in zip(rules, found.counts, strict=True) if count
    ] == [("warning", 1)]


def test_instrument(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    path.write_text(INSTRUMENT)
    instrument = instruments.load_instrument(path)
    assert instrument.dimensions == ("speed", "care")
    assert instrument.scale == (1, 5)
    assert instrument.importance == {"care": 60.0, "speed": 40.0}
    names = [column.name for column in contracts.servqual_responses(instrument).columns]
    answers = ["E_1", "E_2", "P_1", "P_2", "A_1", "A_2"]
    assert names[5:] == [*answers, "importance_speed", "importance_care"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("scale = [1, 5]", "scale = [5, 1]", "scale must be"),
        ("scale = [1, 5]", "", "scale"),
        ('id = "2"', 'id = "1"', "id of its own"),
        ("care = 60", "kindness = 60", "speed, care"),
        ('text = "They care."', "", "text"),
        ("[[items]]", "[[items", "not a TOML file"),
    ],
)
def test_instrument_that_is_none(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "instrument.toml"
    path.write_text(INSTRUMENT.replace(old, new))
    with pytest.raises(ValueError, match=message):
        instruments.load_instrument(path)


def test_missing_instrument(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such file"):
        instruments.load_instrument(tmp_path / "none.toml")


def test_the_error_names_file_column_rule_count_lines_and_remedy() -> None:
    violation = Violation(
        "data/raw/x.csv",
        "negative amount",
        "correct the rows",
        column="amount",
        source_column="dollars",
        count=1200,
        places=(12, 40),
        examples=("-5.00", "a\nb", "x" * 60),
    )
    assert str(InputError("transactions", "data/raw/x.csv", [violation])).splitlines() == [
        "transactions: data/raw/x.csv cannot be used: 1 problem.",
        '  amount (column "dollars"): negative amount: 1,200 rows, lines 12, 40, ...'
        f' ("-5.00", "a\\nb", "{"x" * 40}..."). Mend: correct the rows.',
    ]


def test_a_hundred_problems_fit_on_one_screen() -> None:
    violations = [Violation("x.csv", "blank", "fill it", column=f"E_{n}") for n in range(100)]
    error = InputError("servqual_responses", "x.csv", violations)
    assert len(str(error).splitlines()) <= 24
    assert "and 88 more" in str(error)
    assert len(error.violations) == 100


def test_columns_of_contracts_are_described() -> None:
    for contract in contracts.CONTRACTS.values():
        assert contract.help
        assert all(column.help for column in contract.columns)
        names = [column.name for column in contract.columns]
        assert {contract.key, contract.date} - {""} <= set(names)


def test_a_turned_item_says_so_in_its_wording():
    item = instruments.Item("1", "staff", "Service is slow", "خدمت کند است", reverse=True)
    assert item.wording() == "Service is slow (turned: high means good)"
    assert item.wording("fa") == "خدمت کند است (وارونه)"
    assert item.wording(width=10) == "Service… (turned: high means good)"
    plain = instruments.Item("2", "staff", "Service is prompt")
    assert plain.wording("fa") == "Service is prompt"
