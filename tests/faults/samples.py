"""Small samples of the inputs, as text, and the ways in which a file of them can be written."""

import csv
import datetime
import gzip
import io
import json
import random
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa
from pyarrow import parquet

RAW = Path(__file__).parents[2] / "data" / "raw"
Row = tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """An input as text. `columns`: our names and theirs; `keys`: the rest of its entry, as TOML."""

    name: str
    input: str
    header: Row
    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    keys: Mapping[str, str]

    def at(self, column: str) -> int:
        """The place of a column of ours in a row."""
        return self.header.index(self.columns[column])


@dataclass(frozen=True)
class Form:
    """A way to write a file: its name, its bytes, and on which line or row the first row stands."""

    suffix: str
    written: Callable[[Row, Sequence[Row]], bytes]
    first_place: int
    prefix: str = ""
    keys: Mapping[str, str] | None = None


def text(header: Row, rows: Sequence[Row], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue()


def _csv(header: Row, rows: Sequence[Row]) -> bytes:
    return text(header, rows).encode()


def _compressed(header: Row, rows: Sequence[Row]) -> bytes:
    return gzip.compress(_csv(header, rows), mtime=0)


def workbook(header: Row, rows: Sequence[Sequence[object]]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.title = "Data"
    for row in (header, *rows):
        book.active.append([None if cell == "" else cell for cell in row])
        for cell in book.active[book.active.max_row]:
            # "#N/A" would be written as the error of a formula; typed in, it is a text.
            cell.data_type = "s" if cell.data_type == "e" else cell.data_type
    book.save(stream)
    return stream.getvalue()


def _parquet(header: Row, rows: Sequence[Row]) -> bytes:
    columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    stream = io.BytesIO()
    parquet.write_table(pa.table(columns), stream)
    return stream.getvalue()


def _database(header: Row, rows: Sequence[Row]) -> bytes:
    connection = sqlite3.connect(":memory:")
    names = ", ".join(f'"{name}" TEXT' for name in header)
    connection.execute(f"CREATE TABLE t ({names})")
    marks = ", ".join("?" * len(header))
    connection.executemany(f"INSERT INTO t VALUES ({marks})", rows)
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


CSV = Form("csv", _csv, 2)
GZIP = Form("csv.gz", _compressed, 2)
WORKBOOK = Form("xlsx", workbook, 2)
PARQUET = Form("parquet", _parquet, 1)
DATABASE = Form("db", _database, 1, "sqlite:", {"table": '"t"'})
FORMS = (CSV, GZIP, WORKBOOK, PARQUET, DATABASE)


def entry(sample: Sample, uri: str, keys: Mapping[str, str], **columns: str) -> str:
    """The entry of a sample in sources.toml; `columns`: those called otherwise."""
    names = ", ".join(
        f"{ours} = {json.dumps(theirs, ensure_ascii=False)}"
        for ours, theirs in {**sample.columns, **columns}.items()
    )
    lines = [f"[{sample.input}]", f'uri = "{uri}"', f"columns = {{ {names} }}"]
    return "\n".join([*lines, *(f"{key} = {value}" for key, value in keys.items())]) + "\n\n"


def _shipped(name: str) -> tuple[Row, list[Row]]:
    with (RAW / name).open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return tuple(header), [tuple(row) for row in rows]


def _cdnow() -> Sample:
    header, rows = _shipped("cdnow_sample.csv")
    return Sample(
        "CDNOW",
        "transactions",
        header,
        tuple(dict.fromkeys(rows[:150])),
        {"customer_id": "customer_id", "date": "date", "amount": "dollars"},
        {"date_format": '"%Y%m%d"', "complete_to": "1998-06-30"},
    )


def _invoices() -> Sample:
    """Lines of invoices, as a shop has them: several a purchase, with quantity and price."""
    chance, rows = random.Random(1), []
    start = datetime.datetime(2011, 1, 3, 8)
    for number in range(150):
        when = start + datetime.timedelta(hours=52 * (number // 3), minutes=number)
        rows.append(
            (
                f"5{36000 + number // 3}",
                f"S{number % 17:02d}",
                str(chance.randint(1, 12)),
                f"{when:%Y-%m-%d %H:%M}",
                f"{chance.randint(85, 995) / 100}",
                str(12346 + 7 * (number // 3 % 25)),
                ("France", "Norway", "Spain")[number // 3 % 25 % 3],
            )
        )
    names = "Invoice", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"
    columns = {
        "customer_id": "CustomerID",
        "date": "InvoiceDate",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
    }
    keys = {"date_format": '"%Y-%m-%d %H:%M"', "complete_to": "2011-04-30"}
    return Sample("invoices", "transactions", names, tuple(rows), columns, keys)


def _persian() -> Sample:
    """Purchases written in Persian, with days of the Jalali calendar."""
    chance = random.Random(2)
    rows = tuple(
        (
            f"کاربر{1000 + number % 40}",
            f"1403/{1 + number % 12:02d}/{1 + number % 29:02d}",
            str(10_000 * chance.randint(10, 90) + number),
            ("کیش", "یزد", "تهران")[number % 40 % 3],
        )
        for number in range(120)
    )
    return Sample(
        "Persian",
        "transactions",
        ("شناسه مشتری", "تاریخ خرید", "مبلغ", "استان"),
        rows,
        {"customer_id": "شناسه مشتری", "date": "تاریخ خرید", "amount": "مبلغ"},
        {
            "date_format": '"%Y/%m/%d"',
            "calendar": '"jalali"',
            "complete_to": "2025-03-20",
            "attributes": '["استان"]',
        },
    )


def _telco() -> Sample:
    header, rows = _shipped("telco_churn.csv")
    columns = {
        "customer_id": "rownames",
        "churned": "churn",
        "tenure_months": "tenure",
        "monthly_charges": "monthly_charges",
    }
    keys = {
        "true_values": '["Yes"]',
        "false_values": '["No"]',
        "attributes": '["contract", "payment_method"]',
    }
    return Sample("telco", "subscriptions", header, tuple(rows[:150]), columns, keys)


def _contracts() -> Sample:
    header, rows = _shipped("subscriptions_simulated.csv")
    columns = {
        "customer_id": "customer",
        "started": "signed_up",
        "ended": "left",
        "monthly_charges": "monthly_fee",
    }
    keys = {"complete_to": "2026-10-31", "attributes": '["contract", "region"]'}
    return Sample("contracts", "subscriptions", header, tuple(rows[:150]), columns, keys)


def _feedback() -> Sample:
    header, rows = _shipped("feedback_simulated.csv")
    columns = {"response_id": "response", "date": "date", "nps": "nps", "csat": "csat"}
    keys = {
        "scales": "{ nps = [0, 10], csat = [1, 5] }",
        "attributes": '["branch", "channel"]',
        "complete_to": "2026-10-31",
    }
    return Sample("feedback", "feedback", header, tuple(rows[:300]), columns, keys)


INSTRUMENT = """
name = "nine items of two dimensions"
source = "the first nine items of the shipped instrument"
scale = [1, 7]
answers = ["perception"]
""" + "".join(
    f'[[items]]\nid = "{item:02d}"\ndimension = "{"tangibles" if item < 5 else "reliability"}"\n'
    f'text = "Item {item}"\n'
    for item in range(1, 10)
)


def _servqual() -> Sample:
    header, rows = _shipped("servqual_simulated.csv")
    names = ["respondent", "branch", "channel", "overall_satisfaction"]
    names += [f"P{item:02d}" for item in range(1, 10)]
    places = [header.index(name) for name in names]
    answers = tuple(tuple(row[place] for place in places) for row in rows[:200])
    columns = {"respondent_id": "respondent", "satisfaction": "overall_satisfaction"}
    keys = {
        "instrument": '"instrument.toml"',
        "perception": '"P{item}"',
        "attributes": '["branch", "channel"]',
    }
    return Sample("SERVQUAL", "servqual_responses", tuple(names), answers, columns, keys)


def _indices() -> Sample:
    header, rows = _shipped("indices_simulated.csv")
    columns = {one: one for one in ("date", "index", "value", "base")}
    return Sample("indices", "indices", header, tuple(rows), columns, {"complete_to": "2026-10-31"})


SAMPLES = {
    one.name: one
    for one in (
        _cdnow(),
        _invoices(),
        _persian(),
        _telco(),
        _contracts(),
        _feedback(),
        _servqual(),
        _indices(),
    )
}
