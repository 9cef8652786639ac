"""Databases: read-only, as they stood at one moment, and their URL in no message."""

import datetime
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from cxlib import engine, sources, tables
from cxlib.contracts import InputError
from cxlib.engine import Form, cells, databases

COLUMNS = 'columns = { customer_id = "id", date = "day", amount = "sum" }'
PASSWORD = "p@ss/w:rd 1"
USER = "postgres"  # the servers refuse to run as root


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    return tmp_path


def load(folder: Path, entry: str) -> tables.Table:
    content = f"[transactions]\n{COLUMNS}\n{entry}\n"
    (folder / "sources.toml").write_text(content, encoding="utf-8")
    return tables.load("transactions", "sources.toml")


def refused(folder: Path, entry: str) -> str:
    with pytest.raises(InputError) as caught:
        load(folder, entry)
    return str(caught.value)


def rows(table: tables.Table) -> list[list[object]]:
    frame = table.frame.collect("pandas").to_native()
    return frame[["customer_id", "amount"]].to_numpy().tolist()


def shop(folder: Path, count: int = 3) -> Path:
    """An SQLite database with purchases of customers 000, 001, ..., each of 1.5 more."""
    path = folder / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sales (id TEXT, day TEXT, sum REAL)")
        connection.executemany(
            "INSERT INTO sales VALUES (?, ?, ?)",
            [(f"{n:03d}", f"2024-01-{n % 28 + 1:02d}", 1.5 * n) for n in range(count)],
        )
    connection.close()
    return path


POSTGRES = 'uri = "env:SHOP_URL"\n'
TABLE = 'uri = "sqlite:shop.db"\ntable = "sales"'


def test_table_of_sqlite_is_read(tmp_path: Path) -> None:
    shop(tmp_path)
    assert rows(load(tmp_path, TABLE)) == [["000", 0], ["001", 1.5], ["002", 3]]


def test_query_has_bound_values(tmp_path: Path) -> None:
    shop(tmp_path, 20)
    query = (
        'uri = "sqlite:shop.db"\nquery = "SELECT * FROM sales WHERE day >= :since AND sum < :top"'
    )
    table = load(tmp_path, f"{query}\nbind = {{ since = 2024-01-10, top = 16 }}")
    assert rows(table) == [["009", 13.5], ["010", 15]]
    injected = f'{query}\nbind = {{ since = "x\' OR 1=1 --", top = 16 }}'
    assert "no rows" in refused(tmp_path, injected)
    assert "binding" in refused(tmp_path, query).lower()


def test_row_of_the_result_is_its_place(tmp_path: Path) -> None:
    shop(tmp_path, 9)
    query = "SELECT id, day, CASE WHEN sum = 6 THEN 'many' ELSE sum END AS sum FROM sales"
    message = refused(tmp_path, f'uri = "sqlite:shop.db"\nquery = "{query}"')
    assert 'amount (column "sum"): not a number: 1 row, row 5 ("many")' in message


def test_values_are_text_as_they_are_read(tmp_path: Path) -> None:
    query = "SELECT 12345678901234567 AS whole, 7.0 AS float, '' AS blank, NULL AS none, x'00' AS b"
    file = engine.open_file(shop(tmp_path), Form(query=query), tmp_path)
    assert engine.locate(file, [1])[1][1][:4] == ("12345678901234567", "7", "", "")
    assert [fault.index for fault in file.faults] == [4]


def test_id_that_a_float_cannot_hold_is_refused(tmp_path: Path) -> None:
    shop(tmp_path)
    query = "SELECT 1e17 + sum AS id, day, sum FROM sales"
    message = refused(tmp_path, f'uri = "sqlite:shop.db"\nquery = "{query}"')
    assert "digits were lost" in message
    assert "3 rows, rows 1, 2, 3" in message


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM sales",
        "SELECT 1; DELETE FROM sales",
        "WITH x AS (SELECT 1) DELETE FROM sales",
        "WITH x AS (SELECT 1) DELETE FROM sales RETURNING id, day, sum",
        "PRAGMA journal_mode = WAL",
    ],
)
def test_nothing_is_written(tmp_path: Path, query: str) -> None:
    before = shop(tmp_path).read_bytes()
    refused(tmp_path, f'uri = "sqlite:shop.db"\nquery = "{query}"')
    assert (tmp_path / "shop.db").read_bytes() == before


def test_sqlite_itself_writes_nothing(tmp_path: Path) -> None:
    before = shop(tmp_path).read_bytes()
    query = "WITH x AS (SELECT 1) DELETE FROM sales RETURNING *"
    with pytest.raises(engine.UnreadableFileError, match="readonly"):
        engine.open_file(tmp_path / "shop.db", Form(query=query), tmp_path)
    assert (tmp_path / "shop.db").read_bytes() == before


def test_words_in_quotes_change_nothing() -> None:
    assert not databases.query_problem("SELECT 'into', \"update\", deleted_at FROM t;", {})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM t WHERE x <> 'a;b'",
        "SELECT * FROM t -- don't create; drop\n",
        "/* insert; */ SELECT * FROM t /* 'x */",
    ],
)
def test_texts_and_comments_of_a_query_change_nothing(query: str) -> None:
    assert not databases.query_problem(query, {})


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT 1 -- x\n; DELETE FROM t", "DELETE"),
        ("SELECT 1 /*! INTO OUTFILE 'x' */", "INTO"),
        ("SELECT '--'; SELECT 2", "semicolon"),
        ("SELECT ':since' -- :since", "no :since"),
        ("SELECT :since_when", "no :since"),
    ],
)
def test_what_is_no_comment_is_read(query: str, told: str) -> None:
    assert told in databases.query_problem(query, {"since": 1})


@pytest.mark.parametrize("after", [1, 150, 399])
def test_rows_are_those_of_one_moment(tmp_path: Path, after: int) -> None:
    path = shop(tmp_path, 400)
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    with databases.select(path, Form(table="sales")) as selection:
        read = [next(selection.rows) for _ in range(after)]
        writer.execute("UPDATE sales SET sum = -1")
        writer.execute("DELETE FROM sales WHERE id > '100'")
        writer.commit()
        read += list(selection.rows)
    assert [row[2] for row in read] == [1.5 * n for n in range(400)]
    with databases.select(path, Form(table="sales")) as selection:
        assert {row[2] for row in selection.rows} == {-1}
    writer.close()


def test_rows_in_use_are_those_of_the_hash(tmp_path: Path) -> None:
    path = shop(tmp_path)
    first = load(tmp_path, TABLE)
    assert load(tmp_path, TABLE).sha256 == first.sha256
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sales SET sum = 7 WHERE id = '000'")
    connection.close()
    second = load(tmp_path, TABLE)
    assert second.sha256 != first.sha256
    assert rows(second)[0] == ["000", 7]


def test_batches_do_not_change_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(tmp_path, 50)
    whole = rows(load(tmp_path, TABLE))
    monkeypatch.setattr(cells, "_BATCH_ROWS", 7)
    shutil.rmtree(tmp_path / "data")
    assert rows(load(tmp_path, TABLE)) == whole


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('uri = "sqlite:none.db"\ntable = "sales"', "no such file"),
        ('uri = "sqlite:text.db"\ntable = "sales"', "file is not a database"),
        ('uri = "sqlite:shop.db"\ntable = "sale"', "no such table: sale"),
        ('uri = "sqlite:shop.db"', "neither table nor query given"),
        ('uri = "sqlite:shop.db"\ntable = "sales"\nquery = "SELECT 1"', "table and query given"),
        ('uri = "sqlite:shop.db"\ntable = "sales"\nsheet = "a"', "sheet is given"),
        ('uri = "sqlite:shop.db"\ntable = "sales"\nbind = { a = [1] }', "bind = {'a': [1]}"),
        ('uri = "sqlite:shop.db"\nquery = "SELECT 1"\nbind = { a = 1 }', "the query has no :a"),
        ('uri = "sqlite:shop.db"\nquery = "SELECT id, id FROM sales"', "two columns of the query"),
        ('uri = "a.csv"\ntable = "sales"', "table is given, but uri names no database"),
        ('uri = "env:SHOP_URL"\ntable = "sales"', "the environment has no SHOP_URL"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, entry: str, problem: str) -> None:
    shop(tmp_path)
    (tmp_path / "text.db").write_text("id,day,sum\n" * 100)
    assert problem in refused(tmp_path, entry)


@pytest.mark.parametrize(
    "uri", ["postgresql://greta:secret@shop/db", "sqlite:///shop.db", "env:mysql:greta:secret"]
)
def test_url_is_refused_and_not_repeated(tmp_path: Path, uri: str) -> None:
    message = refused(tmp_path, f'uri = "{uri}"\ntable = "sales"')
    assert "env:SHOP_DATABASE_URL" in message
    assert "secret" not in message
    assert "greta" not in message


def test_sqlite_is_not_reached_by_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sqlalchemy")
    monkeypatch.setenv("SHOP_URL", f"sqlite:///{shop(tmp_path)}")
    assert "holds the URL of an SQLite file" in refused(tmp_path, f'{POSTGRES}table = "sales"')


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server that runs while these tests do."""
    pytest.importorskip("sqlalchemy")
    pytest.importorskip("psycopg")
    found = [*Path("/usr/lib/postgresql").glob("*/bin/postgres"), *_on_path("postgres")]
    if not found:
        pytest.skip("PostgreSQL is not installed on this machine")
    programs = found[0].resolve().parent
    # Not below the folder of the tests, which is closed to the user of the server.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    as_user = {"user": USER} if os.geteuid() == 0 else {}
    data, secret = folder / "data", folder / "secret"
    secret.write_text(PASSWORD)
    if as_user:
        for one in (folder, secret):
            shutil.chown(one, USER)
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder} | as_user
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "shopkeeper", "-A", "scram-sha-256",
         f"--pwfile={secret}", "--no-sync", "-E", "UTF8", "--locale=C"],
        check=True, **quiet,
    )  # fmt: skip
    options = f"-c listen_addresses= -c fsync=off -k {folder}"
    control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], check=True, **quiet)
    try:
        yield (
            f"postgresql+psycopg://shopkeeper:{quote(PASSWORD, safe='')}@/postgres?host={folder}"
        )
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
        shutil.rmtree(folder)


def _on_path(program: str) -> list[Path]:
    found = shutil.which(program)
    return [Path(found)] if found else []


@pytest.fixture
def filled(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SHOP_URL", server)
    run(
        server,
        'DROP TABLE IF EXISTS "Sales"',
        'CREATE TABLE "Sales" (id varchar, day date, sum numeric(12, 2), at timestamptz, j jsonb)',
        """INSERT INTO "Sales" SELECT lpad(n::text, 4, '0'), '2024-01-01'::date + n % 300,
        n * 0.25, now(), '{}' FROM generate_series(1, 1000) AS n""",
    )
    return server


def run(url: str, *statements: str) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    database = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with database.begin() as connection:
        for statement in statements:
            connection.execute(sqlalchemy.text(statement))


def test_table_of_postgresql_is_read(tmp_path: Path, filled: str) -> None:
    table = load(tmp_path, f'{POSTGRES}table = "Sales"')
    assert table.rows == 1000
    assert table.period == (datetime.date(2024, 1, 1), datetime.date(2024, 10, 26))
    assert rows(table)[6] == ["0007", 1.75]
    assert load(tmp_path, f'{POSTGRES}table = "public.Sales"').sha256 == table.sha256
    assert table.uri == "env:SHOP_URL"


def test_values_are_bound_in_postgresql(tmp_path: Path, filled: str) -> None:
    query = """query = 'SELECT * FROM "Sales" WHERE day >= :since AND id::text <> :id'"""
    bind = "bind = { since = 2024-10-25, id = '0299' }"
    days = {n for n in range(1, 1001) if n % 300 >= 298} - {299}
    found = rows(load(tmp_path, f"{POSTGRES}{query}\n{bind}"))
    assert sorted(found) == sorted([f"{n:04d}", n * 0.25] for n in days)


def test_postgresql_is_read_at_one_moment(filled: str) -> None:
    with databases.select(Path("env:SHOP_URL"), Form(table="Sales")) as selection:
        read = [next(selection.rows)]
        run(filled, 'UPDATE "Sales" SET sum = -1', """DELETE FROM "Sales" WHERE id > '0500'""")
        read += list(selection.rows)
    assert sorted(float(row[2]) for row in read) == [n * 0.25 for n in range(1, 1001)]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            'WITH x AS (DELETE FROM "Sales" RETURNING *) SELECT * FROM x',
            "DELETE: it must only read",
        ),
        ("SELECT *, nextval('counter') FROM \"Sales\"", "read-only transaction"),
        ("SELECT 1; COMMIT; SELECT 2", "semicolon"),
        ('SELECT 1 AS id INTO "Copy"', "INTO: it must only read"),
    ],
)
def test_nothing_is_written_into_postgresql(
    tmp_path: Path, filled: str, query: str, reason: str
) -> None:
    run(filled, "CREATE SEQUENCE IF NOT EXISTS counter")
    assert reason in refused(tmp_path, f"{POSTGRES}query = '''{query}'''")
    assert load(tmp_path, f'{POSTGRES}table = "Sales"').rows == 1000


@pytest.mark.parametrize("column", ["at", "j"])
def test_values_without_a_meaning_are_refused(tmp_path: Path, filled: str, column: str) -> None:
    query = f"""query = 'SELECT id, day, sum, {column} AS extra FROM "Sales"'"""
    message = refused(tmp_path, f'{POSTGRES}{query}\nattributes = ["extra"]')
    assert ("time zone" if column == "at" else "several in one cell") in message
    assert "1,000 rows" in message


def test_day_beyond_all_days_is_refused(tmp_path: Path, filled: str) -> None:
    query = """query = "SELECT 'a' AS id, 'infinity'::date AS day, 1 AS sum" """
    assert "cannot be read" in refused(tmp_path, POSTGRES + query)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (quote(PASSWORD, safe=""), "another-secret"),
        ("shopkeeper", "stranger"),
        ("@/", "@nowhere.invalid:1/"),
        ("postgresql+psycopg", "nosuchkind"),
        ("?host=", "?no_such_option="),
    ],
)
def test_url_is_in_no_message(
    tmp_path: Path, filled: str, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    url = filled.replace(old, new)
    assert url != filled
    monkeypatch.setenv("SHOP_URL", url)
    with pytest.raises(InputError) as caught:
        load(tmp_path, f'{POSTGRES}table = "Sales"')
    told = caught.getrepr(style="short", chain=True)
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "another-secret", "stranger", "nowhere"):
        assert secret not in str(told)
    assert "the database of SHOP_URL cannot be reached" in str(caught.value)


def test_nothing_that_is_kept_has_the_secret(tmp_path: Path, filled: str) -> None:
    load(tmp_path, f'{POSTGRES}table = "Sales"')
    message = refused(tmp_path, f"{POSTGRES}query = 'SELECT shopkeeper FROM \"Sales\"'")
    assert "column" in message
    assert "shopkeeper" not in message
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()
