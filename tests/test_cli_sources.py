"""`cx sources add` from a file to an entry that the door has checked."""

import contextlib
import sqlite3
import tomllib

import openpyxl
import pytest
from typer.testing import CliRunner

from cxlib import cli, cli_sources

ORDERS = "client,bought on,total\n" + "".join(
    f"0{i % 5}{i % 7},{i % 27 + 1:02}/01/2026,{i}.50\n" for i in range(60)
)
ALL = ["-o", "refunds=exclude", "-o", "currency=EUR", "-o", "complete_to=2026-01-31"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    for module in ("cli_sources", "sources", "tables"):
        monkeypatch.setattr(f"cxlib.{module}.PROJECT", tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "orders.csv").write_text(ORDERS + "099,05/01/2026,-3\n")
    return tmp_path


def add(*arguments, typed=None):
    return CliRunner().invoke(cli.app, ["sources", "add", *arguments], input=typed)


def entries(project, name="sources"):
    return tomllib.loads((project / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def test_open_questions_end_with_the_options_that_answer_them(project):
    done = add("data/raw/orders.csv")
    assert done.exit_code == 2
    assert "--option refunds=net" in done.output
    assert "--option refunds=exclude" in done.output
    assert "--option complete_to=2026-01-27" in done.output
    assert not (project / "data" / "sources.toml").exists()


def test_yes_takes_what_is_proposed_and_nothing_else(project):
    done = add("data/raw/orders.csv", "--yes")
    assert done.exit_code == 2
    assert "refunds" in done.output
    assert "complete_to" not in done.output
    done = add("data/raw/orders.csv", "--yes", "-o", "refunds=net")
    assert done.exit_code == 0
    assert "proposed, and taken without asking" in (project / "data/sources.toml").read_text()


def test_what_the_door_says_is_told_where_nothing_can_be_proposed(project):
    file = project / "data" / "raw" / "orders.csv"
    file.write_text(ORDERS.replace("03/01/2026", "2026-01-03") + "099,31/01/2026,-3\n")
    done = add("data/raw/orders.csv", *ALL)
    assert done.exit_code == 2
    # The third day of the month is in rows 3, 30 and 57, below the header.
    assert 'fits all of "bought on" but 3: lines 4, 31, 58' in done.output
    assert "What cx check says of it" in done.output
    assert "not a date of the form %d/%m/%Y: 3 rows, lines 4, 31, 58" in done.output
    assert not (project / "data" / "sources.toml").exists()


def test_a_format_that_leaves_rows_is_taken_as_given_and_checked(project):
    file = project / "data" / "raw" / "orders.csv"
    file.write_text(ORDERS.replace("03/01/2026", "2026-01-03"))
    done = add("data/raw/orders.csv", *ALL, "-o", "date_format=%d/%m/%Y")
    assert done.exit_code == 3, done.output
    assert "not a date of the form %d/%m/%Y: 3 rows" in done.output


def test_a_wrong_answer_is_asked_again_at_once(project, monkeypatch):
    monkeypatch.setattr(cli_sources, "_is_at_terminal", lambda: True)
    file = project / "data" / "raw" / "orders.csv"
    file.write_text(ORDERS.replace("client", "who"))
    options = ["--input", "transactions", *ALL]
    done = add("data/raw/orders.csv", *options, typed="nobody\nwho\ny\n")
    assert done.exit_code == 0, done.output
    assert 'columns.customer_id = "nobody": the file has no such column' in done.output
    assert entries(project)["transactions"]["columns"]["customer_id"] == "who"


def test_an_entry_is_written_checked_and_the_next_command_told(project):
    file = project / "data" / "raw" / "orders.csv"
    before = file.read_bytes()
    done = add("data/raw/orders.csv", *ALL)
    assert done.exit_code == 0, done.output
    assert entries(project)["transactions"] == {
        "uri": "raw/orders.csv",
        "columns": {"customer_id": "client", "date": "bought on", "amount": "total"},
        "date_format": "%d/%m/%Y",
        "refunds": "exclude",
        "currency": "EUR",
        "complete_to": entries(project)["transactions"]["complete_to"],
    }
    assert str(entries(project)["transactions"]["complete_to"]) == "2026-01-31"
    assert "60  rows of the table" in done.output
    assert "2026-01-01 to 2026-01-27" in done.output
    assert "Next: cx run clv segmentation" in done.output
    assert file.read_bytes() == before


def test_ids_are_not_shown(project):
    done = add("data/raw/orders.csv", *ALL, "--dry-run")
    assert '"***"' in done.output
    assert '"000"' not in done.output


def test_a_dry_run_writes_nothing(project):
    done = add("data/raw/orders.csv", *ALL, "--dry-run")
    assert done.exit_code == 0
    assert tomllib.loads(done.output[done.output.index("# Proposed") :])["transactions"]
    assert sorted(one.name for one in (project / "data").iterdir()) == ["raw"]


def test_an_entry_that_is_there_is_replaced_only_when_asked(project):
    path = project / "data" / "sources.toml"
    path.write_text('# Mine.\n[transactions]\nuri = "a"\n\n# Others.\n[feedback]\nuri = "b"\n')
    refused = add("data/raw/orders.csv", *ALL)
    assert refused.exit_code == 2
    assert "--replace" in refused.output
    assert 'uri = "a"' in path.read_text()
    assert add("data/raw/orders.csv", *ALL, "--replace").exit_code == 0
    text = path.read_text()
    assert text.startswith("# Mine.\n# Proposed by")
    assert text.endswith('\n# Others.\n[feedback]\nuri = "b"\n')
    assert entries(project)["transactions"]["uri"] == "raw/orders.csv"


def test_another_sources_file_is_named_in_the_next_command(project):
    done = add("data/raw/orders.csv", *ALL, "--sources", "data/north.toml")
    assert done.exit_code == 0
    assert "cx run clv segmentation -p sources=data/north.toml" in done.output
    assert "transactions" in entries(project, "north")


def test_what_the_door_refuses_is_written_told_and_exit_code_3(project):
    done = add("data/raw/orders.csv", *ALL[:-1], "complete_to=2026-01-10")
    assert done.exit_code == 3
    assert "The entry is written, but the file cannot be used yet" in done.output
    assert "transactions" in entries(project)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.csv"], "no such file"),
        (["data/raw/orders.csv", "-o", "refunds"], "KEY=VALUE"),
        (["data/raw/orders.csv", "-o", "a=1", "-o", "a=2"], "given twice"),
        (["data/raw/orders.csv", "--input", "orders"], "is no input"),
        (["data/raw/orders.csv", "-o", "refunds=maybe"], "the answers are"),
        (["data/raw/orders.csv", "-o", "columns.date=when"], "no such column"),
    ],
)
def test_what_does_not_fit_is_said_with_exit_code_2(project, arguments, message):
    done = add(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())


def test_at_a_terminal_each_question_is_asked_once(project, monkeypatch):
    monkeypatch.setattr(cli_sources, "_is_at_terminal", lambda: True)
    # refunds: a wrong number, then the second answer; currency: other text; last day: as proposed.
    done = add("data/raw/orders.csv", typed="7\n2\nEUR\n\ny\n")
    assert done.exit_code == 0, done.output
    entry = entries(project)["transactions"]
    assert (entry["refunds"], entry["currency"]) == ("exclude", "EUR")
    assert str(entry["complete_to"]) == "2026-01-27"
    assert done.output.count("What are they?") == 1


def test_nothing_is_written_when_the_last_question_is_answered_no(project, monkeypatch):
    monkeypatch.setattr(cli_sources, "_is_at_terminal", lambda: True)
    assert add("data/raw/orders.csv", *ALL, typed="n\n").exit_code == 2
    assert not (project / "data" / "sources.toml").exists()


def test_a_persian_file_of_another_encoding_with_jalali_dates(project):
    rows = "".join(
        f"{i % 9:03};1403/{i % 12 + 1:02}/{i % 29 + 1:02};{i}.000\n" for i in range(1, 90)
    )
    text = f"گزارش فروش\nكد مشتري;تاريخ خريد;مبلغ (ريال)\n{rows}"
    (project / "data" / "raw" / "فروش.csv").write_bytes(text.encode("cp1256"))
    done = add("data/raw/فروش.csv", "-o", "decimal=,", "--yes")
    assert done.exit_code == 0, done.output
    entry = entries(project)["transactions"]
    assert (entry["encoding"], entry["delimiter"], entry["skip_lines"]) == ("cp1256", ";", 1)
    assert (entry["thousands"], entry["calendar"], entry["currency"]) == (".", "jalali", "IRR")
    assert "89  rows of the table" in done.output


def test_a_table_of_a_database(project):
    path = project / "data" / "raw" / "shop.db"
    rows = [(f"c{i % 9}", f"2026-01-{i % 28 + 1:02}", i + 0.5) for i in range(50)]
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE orders (customer TEXT, date TEXT, amount REAL)")
        database.execute("CREATE TABLE others (x TEXT)")
        database.executemany("INSERT INTO orders VALUES (?, ?, ?)", rows)
    done = add("data/raw/shop.db", "--yes")
    assert done.exit_code == 2
    assert "--option table=orders" in done.output
    done = add("data/raw/shop.db", "--yes", "-o", "table=orders")
    assert done.exit_code == 0, done.output
    assert entries(project)["transactions"]["uri"] == "sqlite:raw/shop.db"
    assert "50  rows of the table" in done.output


def test_the_sheet_is_asked_where_there_are_several(project):
    book = openpyxl.Workbook()
    book.active.append(["x", "y"])
    book.active.append([1, 2])
    book.create_sheet("Orders").append(["customer", "date", "amount"])
    book["Orders"].append(["a", "2026-01-02", 5])
    book.save(project / "data" / "raw" / "book.xlsx")
    done = add("data/raw/book.xlsx")
    assert done.exit_code == 2
    assert "--option sheet=Orders" in done.output
    done = add("data/raw/book.xlsx", "-o", "sheet=Orders", "--yes")
    assert done.exit_code == 0, done.output
    assert entries(project)["transactions"]["sheet"] == "Orders"


def test_a_workbook(project):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["شناسه پاسخ", "تاریخ پاسخ", "احتمال توصیه", "شعبه"])
    for i in range(120):
        sheet.append([f"r{i}", f"۱۴۰۳/۰۱/{i % 28 + 1:02}", i % 11, ["مرکزی", "شمال"][i % 2]])
    book.save(project / "data" / "raw" / "survey.xlsx")
    done = add("data/raw/survey.xlsx", "--yes")
    assert done.exit_code == 0, done.output
    assert entries(project)["feedback"]["scales"] == {"nps": [0, 10]}
    assert "120  rows of the table" in done.output
