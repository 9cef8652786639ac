"""Workbooks: what the owner sees in a sheet is what is staged, or it is refused with its place."""

import datetime
import itertools
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from cxlib import engine, sources, tables
from cxlib.contracts import InputError
from cxlib.engine import Cast, Form, UnreadableFileError, sheet_xml, workbooks

ENTRY = """
[transactions]
uri = "{name}"
columns = {{ customer_id = "id", date = "day", amount = "sum" }}
"""
HEADER = ("id", "day", "sum")
DAY = datetime.datetime(2024, 1, 5)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    return tmp_path


def load(folder: Path, name: str, more: str = "") -> tables.Table:
    (folder / "sources.toml").write_text(ENTRY.format(name=name) + more, encoding="utf-8")
    return tables.load("transactions", "sources.toml")


def refused(folder: Path, name: str, more: str = "") -> str:
    with pytest.raises(InputError) as caught:
        load(folder, name, more)
    return str(caught.value)


def book(
    path: Path, rows: Sequence[Sequence[object]], **sheets: Sequence[Sequence[object]]
) -> None:
    """A workbook whose first sheet is "Data"; dates are stored as dates."""
    made = openpyxl.Workbook()
    made.active.title = "Data"
    for row in rows:
        made.active.append(row)
    for name, theirs in sheets.items():
        sheet = made.create_sheet(name)
        for row in theirs:
            sheet.append(row)
    made.save(path)


def purchases(count: int) -> list[tuple[object, ...]]:
    days = (DAY + datetime.timedelta(days=number) for number in range(count))
    return [HEADER, *((f"{n:03d}", day, n + 0.25) for n, day in enumerate(days))]


def test_sheet_is_read_as_its_owner_reads_it(tmp_path: Path) -> None:
    rows = [
        ("whole", "text", "day", "time", "amount", "flag", "mixed"),
        (12345678, "007", DAY, DAY, 0.1, True, "A7"),
        (7, " NA ", DAY, datetime.datetime(2024, 1, 5, 18, 30), 1e-7, False, 8.5),
    ]
    book(tmp_path / "a.xlsx", rows)
    file = engine.open_file(tmp_path / "a.xlsx", Form(decimal=","), tmp_path)
    assert file.names == rows[0]
    assert file.types == (
        "VARCHAR", "VARCHAR", "DATE", "TIMESTAMP", "VARCHAR", "VARCHAR", "VARCHAR",
    )  # fmt: skip
    assert engine.locate(file, [1, 2]) == {
        1: (2, ("12345678", "007", "2024-01-05", "2024-01-05 00:00:00", "0,1", "true", "A7")),
        2: (3, ("7", " NA ", "2024-01-05", "2024-01-05 18:30:00", "0,0000001", "false", "8,5")),
    }


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_workbook_loads_as_the_same_table(tmp_path: Path, name: str) -> None:
    if name == "a.xlsx":
        book(tmp_path / name, purchases(40))
    else:
        old_book(tmp_path / name, purchases(40))
    table = load(tmp_path, name)
    assert (table.rows_read, table.rows) == (40, 40)
    assert table.period == (datetime.date(2024, 1, 5), datetime.date(2024, 2, 13))
    frame = table.frame.collect("pandas").to_native()
    assert list(frame["customer_id"]) == [f"{n:03d}" for n in range(40)]
    assert frame["amount"].sum() == sum(range(40)) + 40 * 0.25


def old_book(
    path: Path,
    rows: Sequence[Sequence[object]],
    change: Callable[[xlwt.Workbook, xlwt.Worksheet], None] | None = None,
) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Data")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            style = [day] if isinstance(value, datetime.datetime) else []
            sheet.write(row, column, value, *style)
    if change:
        change(made, sheet)
    made.save(path)


def test_places_are_rows_of_the_sheet(tmp_path: Path) -> None:
    rows = purchases(20)
    rows[13] = ("x", DAY, "many")
    book(tmp_path / "a.xlsx", [("Sales",), (), *rows])
    message = refused(tmp_path, "a.xlsx", "skip_lines = 2")
    assert 'amount (column "sum"): not a number: 1 row, row 16 ("many")' in message
    assert "add skip_lines = 2" in refused(tmp_path, "a.xlsx")


@pytest.mark.parametrize("seed", range(3))
def test_formula_never_computed_is_told_with_its_row(tmp_path: Path, seed: int) -> None:
    rows = purchases(50)
    spoiled = sorted(random.Random(seed).sample(range(1, 51), 4))
    for row in spoiled:
        rows[row] = (rows[row][0], DAY, "=1+1")
    book(tmp_path / "a.xlsx", rows)
    message = refused(tmp_path, "a.xlsx")
    places = ", ".join(str(row + 1) for row in spoiled)
    assert f"never computed: 4 rows, rows {places}. Mend: open the workbook" in message


def computed(path: Path, value: object, asks_for_computation: str) -> None:
    """A sheet with a formula that has this value, as a spreadsheet program stores it."""
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet("Data")
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["a"])
    sheet.write_datetime(1, 1, DAY, day)
    sheet.write_formula(1, 2, "=1+1", None, value)
    made.close()
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    asked = b'fullCalcOnLoad="1"'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        asked, asks_for_computation.encode()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_formula_computed_by_a_spreadsheet_program_is_its_value(tmp_path: Path) -> None:
    computed(tmp_path / "a.xlsx", 2, "")
    table = load(tmp_path, "a.xlsx")
    assert table.frame.collect("pandas").to_native()["amount"].tolist() == [2]


def test_value_that_a_library_guessed_for_a_formula_is_refused(tmp_path: Path) -> None:
    computed(tmp_path / "a.xlsx", 0, 'fullCalcOnLoad="1"')
    assert "never computed: 1 row, row 2" in refused(tmp_path, "a.xlsx")


def test_error_of_a_formula_is_an_error_until_declared(tmp_path: Path) -> None:
    computed(tmp_path / "a.xlsx", "#DIV/0!", "")
    assert "the error #DIV/0! of a formula: 1 row, row 2" in refused(tmp_path, "a.xlsx")
    declared = 'missing = { amount = ["#DIV/0!"] }'
    assert "blank: 1 row, row 2" in refused(tmp_path, "a.xlsx", declared)


def test_error_in_an_old_workbook_is_told(tmp_path: Path) -> None:
    rows = purchases(6)
    old_book(tmp_path / "a.xls", rows, change=lambda _, sheet: spoil(sheet))
    assert "the error #N/A of a formula: 1 row, row 8" in refused(tmp_path, "a.xls")


def spoil(sheet: xlwt.Worksheet) -> None:
    sheet.row(7).set_cell_error(0, 42)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_id_with_lost_digits_is_refused_and_an_amount_is_not(tmp_path: Path, name: str) -> None:
    rows = [HEADER, (1234567890123456, DAY, 1), (999999999999999, DAY, 1e15)]
    if name == "a.xlsx":
        book(tmp_path / name, rows)
    else:
        old_book(tmp_path / name, rows)
    message = refused(tmp_path, name)
    assert "customer_id" in message
    assert "digits were lost" in message
    assert "1 row, row 2" in message
    assert "amount" not in message


def test_zeros_of_a_number_format_are_no_part_of_the_id(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(HEADER)
    for number in (42, 12345, 7):
        made.active.append((number, DAY, 1))
        made.active.cell(made.active.max_row, 1).number_format = "00000"
    made.save(tmp_path / "a.xlsx")
    assert "leading zeros" in (message := refused(tmp_path, "a.xlsx"))
    assert "2 rows, rows 2, 4" in message


def test_merged_cells_in_the_table_are_refused_with_the_range(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", [("Sales of the year",), *purchases(9)])
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    made["Data"].merge_cells("A1:C1")
    made.save(tmp_path / "title.xlsx")
    assert load(tmp_path, "title.xlsx", "skip_lines = 1").rows == 9
    made["Data"].merge_cells("A4:A6")
    made.save(tmp_path / "b.xlsx")
    told = refused(tmp_path, "b.xlsx", "skip_lines = 1")
    assert "merged cells in the table: A4:A6" in told
    assert "above the header, so that it is row 7, declare skip_lines = 6; else unmerge" in told


def test_merged_cells_in_an_old_workbook_are_refused(tmp_path: Path) -> None:
    old_book(tmp_path / "a.xls", purchases(4), lambda _, sheet: sheet.write_merge(6, 8, 0, 1, "x"))
    assert "merged cells in the table: A7:B9" in refused(tmp_path, "a.xls")


@pytest.mark.parametrize(
    ("first", "state", "reason"),
    [
        ([], "visible", "the first sheet is empty"),
        ([("Cover",)], "hidden", "first sheet is hidden"),
    ],
)
def test_sheet_is_not_guessed(
    tmp_path: Path, first: list[tuple[str]], state: str, reason: str
) -> None:
    book(tmp_path / "a.xlsx", first, Sales=purchases(3))
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    made["Data"].sheet_state = state
    made.active = made["Sales"]
    made.save(tmp_path / "a.xlsx")
    message = refused(tmp_path, "a.xlsx")
    assert reason in message
    assert 'sheet = "Sales"' in message
    assert '"Sales" (4 rows x 3 columns)' in message
    assert load(tmp_path, "a.xlsx", 'sheet = "Sales"').rows == 3
    assert 'no sheet "sales"' in refused(tmp_path, "a.xlsx", 'sheet = "sales"')


def test_several_sheets_are_listed(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", purchases(3), Other=purchases(5), Empty=[])
    message = refused(tmp_path, "a.xlsx")
    listed = '"Data" (4 rows x 3 columns), "Other" (6 rows x 3 columns), "Empty" (empty)'
    assert listed in message
    book(tmp_path / "b.xlsx", purchases(3), Empty=[])
    assert load(tmp_path, "b.xlsx").rows == 3


def test_table_that_ends_at_the_last_row_is_possibly_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_LAST_ROWS", (30, 60))
    for rows, cut in ((29, False), (30, True), (31, False), (60, True)):
        book(tmp_path / "a.xlsx", purchases(rows - 1))
        outcome = refused(tmp_path, "a.xlsx") if cut else load(tmp_path, "a.xlsx").rows
        assert f"possibly cut: row {rows}" in outcome if cut else outcome == rows - 1


def test_limits_are_those_of_the_formats() -> None:
    assert workbooks._LAST_ROWS == (2**16, 2**20)


def test_second_table_below_an_empty_row_is_refused(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", [*purchases(5), (), ("Source: the shop",)])
    assert "row 7 of the sheet is empty, but row 8 is not" in refused(tmp_path, "a.xlsx")


def test_value_beside_the_named_columns_is_refused(tmp_path: Path) -> None:
    rows = [list(row) for row in purchases(5)]
    rows[3].append("see note")
    book(tmp_path / "a.xlsx", rows)
    assert "cell D4 is in no named column" in refused(tmp_path, "a.xlsx")


def test_column_without_a_name_is_one_of_the_table_where_its_first_row_has_a_value(
    tmp_path: Path,
) -> None:
    # As pandas and R write it: the numbers of the rows, and nothing above them.
    header, *rows = purchases(5)
    book(tmp_path / "a.xlsx", [(None, *header), *((at, *row) for at, row in enumerate(rows))])
    table = load(tmp_path, "a.xlsx")
    assert table.rows == 5
    (found,) = [one for one in table.repairs if "without a name" in one.rule]
    assert (found.rule[-8:], found.count) == ("column 1", 1)
    book(tmp_path / "b.xlsx", [(None, *header), (None, *rows[0]), *((7, *row) for row in rows[1:])])
    assert "cell A3 is in no named column" in refused(tmp_path, "b.xlsx")


def test_table_may_begin_anywhere_and_have_gaps_between_its_columns(tmp_path: Path) -> None:
    rows = [(None, a, None, b, c) for a, b, c in purchases(5)]
    book(tmp_path / "a.xlsx", [(), (), *rows])
    assert load(tmp_path, "a.xlsx").rows == 5


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.xlsx", b"id,day,sum\n1,2024-01-01,2\n", "a text file"),
        ("a.xls", "id\tday\n".encode("utf-16"), "a text file"),
        ("a.xls", b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "XML"),
        ("a.xlsx", b"", "the file is empty"),
        ("a.xlsx", b"PK\x03\x04" + bytes(100), "damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_file_that_is_no_workbook_is_named_for_what_it_is(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert what in refused(tmp_path, name)


def test_cut_and_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    book(tmp_path / "whole.xlsx", purchases(300))
    old_book(tmp_path / "whole.xls", purchases(300))
    chance = random.Random(1)
    for suffix, _ in itertools.product(("xlsx", "xls"), range(10)):
        content = (tmp_path / f"whole.{suffix}").read_bytes()
        kept = chance.randrange(100, len(content) - 600)
        (tmp_path / f"cut.{suffix}").write_bytes(content[:kept])
        with pytest.raises(UnreadableFileError):
            engine.open_file(tmp_path / f"cut.{suffix}", Form(), tmp_path)


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_spoiled_bytes_never_crash(tmp_path: Path, suffix: str) -> None:
    (book if suffix == "xlsx" else old_book)(tmp_path / f"a.{suffix}", purchases(20))
    content = (tmp_path / f"a.{suffix}").read_bytes()
    chance, refusals = random.Random(2), 0
    for _ in range(25):
        spoiled = bytearray(content)
        for _ in range(4):
            spoiled[chance.randrange(len(content))] = chance.randrange(256)
        (tmp_path / f"b.{suffix}").write_bytes(spoiled)
        try:
            engine.open_file(tmp_path / f"b.{suffix}", Form(), tmp_path)
        except UnreadableFileError:
            refusals += 1
    assert refusals > 5


def test_sheet_that_reaches_far_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", [HEADER])
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    made["Data"]["XFD1048576"] = 1
    made.save(tmp_path / "a.xlsx")
    assert "reaches to row 1,048,576 and column 16,384" in refused(tmp_path, "a.xlsx")


def test_workbook_that_unpacks_to_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(tmp_path / "a.xlsx", purchases(3))
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 1000)
    assert "unpacks to" in refused(tmp_path, "a.xlsx")


def test_serial_date_is_no_date_until_declared(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", [HEADER, ("a", 45000, 1)])
    assert '1 row, row 2 ("45000")' in refused(tmp_path, "a.xlsx")


def test_staged_columns_are_those_of_the_sheet(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", [HEADER, ("a", DAY, 1.5), ("b", None, 2)])
    file = engine.open_file(tmp_path / "a.xlsx", Form(), tmp_path)
    engine.stage(file, [Cast("d", 1, "date"), Cast("n", 2, "number")], tmp_path / "s.parquet")
    rows = engine.staged(tmp_path / "s.parquet").collect("pyarrow").rows(named=True)
    assert [(row["d"], row["n"]) for row in rows] == [(DAY.date(), 1.5), (None, 2)]


@pytest.mark.parametrize(
    ("number_format", "width"),
    [
        ("000\\-00\\-0000", 9),
        ("000-000", 6),
        ("[$-409]000", 3),
        ('000"x00"', 3),
        ("000;-00000", 3),
        ("000_0", 3),
        ("0", 0),
        ("0.00", 0),
        ("#,##0", 0),
        ("00%", 0),
        ("General", 0),
        ("@", 0),
    ],
)
def test_zeros_that_a_number_format_shows(number_format: str, width: int) -> None:
    assert sheet_xml.zeros_shown(number_format) == width


@pytest.mark.parametrize(("number_format", "told"), [("000\\-000", True), ("0.00", False)])
@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_zeros_between_marks_are_no_part_of_the_id(
    tmp_path: Path, name: str, number_format: str, told: bool
) -> None:
    if name == "a.xlsx":
        made = openpyxl.Workbook()
        made.active.append(HEADER)
        made.active.append((42, DAY, 1))
        made.active["A2"].number_format = number_format
        made.save(tmp_path / name)
    else:
        old = xlwt.Workbook()
        sheet = old.add_sheet("x")
        for column, title in enumerate(HEADER):
            sheet.write(0, column, title)
        sheet.write(1, 0, 42, xlwt.easyxf(num_format_str=number_format))
        sheet.write(1, 1, DAY, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
        sheet.write(1, 2, 1)
        old.save(tmp_path / name)
    if told:
        assert "leading zeros" in refused(tmp_path, name)
    else:
        assert load(tmp_path, name).rows == 1


@pytest.mark.parametrize(("since", "number"), [("1900", 45296), ("1904", 43834)])
def test_day_numbers_count_from_the_first_day_of_their_workbook(
    tmp_path: Path, since: str, number: int
) -> None:
    made = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": since == "1904"})
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ("a", number, 1))
    made.close()
    days = load(tmp_path, "a.xlsx", 'date_format = "excel"').period
    assert days == (datetime.date(2024, 1, 5), datetime.date(2024, 1, 5))


@pytest.mark.parametrize(("empty", "starts"), [(2, "if the header"), (40, "delete empty rows")])
def test_of_an_empty_row_the_likelier_remedy_comes_first(
    tmp_path: Path, empty: int, starts: str
) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 60):
        if row != empty:
            book.active.append(["id", "amount"] if row == 1 else [f"C{row}", row])
        else:
            book.active.append([])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UnreadableFileError) as told:
        engine.open_file(tmp_path / "a.xlsx", scratch=tmp_path)
    assert told.value.remedy.startswith(starts)
