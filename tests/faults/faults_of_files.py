"""Faults 1 to 22 and 30: of the file as such, planted."""

import functools
import gzip
import io
import itertools
import random

import openpyxl
import xlwt

from .planting import Faults, Planted, Told, changed, places, planted, some
from .samples import CSV, GZIP, PARQUET, WORKBOOK, Form, Row, Sample, text, workbook

FAULTS = Faults()
TEXT = ("CDNOW", "invoices", "Persian", "telco", "contracts", "feedback", "SERVQUAL", "indices")
BOOKS = ("CDNOW", "invoices", "Persian", "contracts", "feedback")


@FAULTS(1, "empty file", "E", *TEXT)
def empty(chance: random.Random, sample: Sample) -> Planted:
    form = chance.choice((CSV, GZIP, WORKBOOK))
    content = gzip.compress(b"") if form is GZIP else b""
    return planted(sample, content, Told("E", "the file is empty"), form=form)


@FAULTS(2, "header only", "E", *TEXT)
def header_only(chance: random.Random, sample: Sample) -> Planted:
    return planted(sample, [], Told("E", "no rows"), form=chance.choice((CSV, GZIP, WORKBOOK)))


@FAULTS(3, "short row", "E", *TEXT)
def short_row(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice((CSV, GZIP))
    rows = list(sample.rows)
    for row in where:
        rows[row] = rows[row][: chance.randrange(1, len(sample.header))]
    told = Told("E", "short row", count=len(where), places=places(where))
    return planted(sample, rows, told, form=form)


@FAULTS(4, "long row", "E", *TEXT)
def long_row(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice((CSV, GZIP))
    rows = list(sample.rows)
    for row in where:
        rows[row] = (*rows[row], *["x"] * chance.randint(1, 3))
    told = Told("E", "long row", count=len(where), places=places(where))
    return planted(sample, rows, told, form=form)


@FAULTS(5, "every row one cell longer than the header", "E", *TEXT)
def longer_rows(chance: random.Random, sample: Sample) -> Planted:
    rows = [(str(number), *row) for number, row in enumerate(sample.rows)]
    told = Told("E", "long row", count=len(rows), places=places(range(len(rows))))
    return planted(sample, rows, told)


def _lines(sample: Sample) -> list[str]:
    return text(sample.header, sample.rows).splitlines()


def _content(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


@FAULTS(6, "stray quote", "E", *TEXT)
def stray_quote(chance: random.Random, sample: Sample) -> Planted:
    lines = _lines(sample)
    at, column = chance.randrange(len(sample.rows)), chance.randrange(len(sample.header))
    cells = lines[at + 1].split(",")
    cells[column] = chance.choice(('{0}"x', '"{0}"x', 'x"{0}"', ' "{0}"')).format(cells[column])
    lines[at + 1] = ",".join(cells)
    told = Told("E", "quote", count=1, places=(at + 2,))
    return planted(sample, _content(lines), told)


@FAULTS(7, "unclosed quote closed rows later", "E", *TEXT)
def unclosed_quote(chance: random.Random, sample: Sample) -> Planted:
    lines, column = _lines(sample), chance.randrange(len(sample.header))
    at = chance.randrange(len(sample.rows) - 6)
    for row, spoilt in ((at, '"{}'), (at + chance.randint(1, 5), '{}"')):
        cells = lines[row + 1].split(",")
        cells[column] = spoilt.format(cells[column])
        lines[row + 1] = ",".join(cells)
    told = Told("E", "closed only rows later", count=1, places=(at + 2,))
    return planted(sample, _content(lines), told)


@FAULTS(8, "preamble before the header", "E", *TEXT)
def preamble(chance: random.Random, sample: Sample) -> Planted:
    above = ["Report of the shop", *chance.sample(["", "All branches", "made by night"], 2)]
    count = chance.randint(1, 3)
    told = Told(
        "E", "the header is not on the first line", places=(count + 1,),
        remedy=f"skip_lines = {count}",
    )  # fmt: skip
    content = _content([*above[:count], *_lines(sample)])
    return planted(sample, content, told, mend={"skip_lines": str(count)}, same=True)


@FAULTS(9, "two header rows", "E", *TEXT)
def two_headers(chance: random.Random, sample: Sample) -> Planted:
    names = tuple(f"{chance.choice(('unit', 'code', 'label'))} {letter}" for letter in "abcdefgh")
    second = tuple(itertools.islice(itertools.cycle(names), len(sample.header)))
    told = Told("E", "a second header", places=(2,))
    return planted(sample, [second, *sample.rows], told)


@FAULTS(10, "two tables in one file", "E", *TEXT)
def two_tables(chance: random.Random, sample: Sample) -> Planted:
    rows, at = list(sample.rows), chance.randrange(5, len(sample.rows) - 5)
    if chance.random() < 0.5:
        told = Told("E", "the header stands there again", count=1, places=(at + 2,))
        return planted(sample, [*rows[:at], sample.header, *rows[at:]], told)
    lines = _lines(sample)
    letters = itertools.islice(itertools.product("abcdefgh", repeat=2), len(sample.header))
    other = ",".join(f"name {first}{second}" for first, second in letters)
    told = Told("E", "another table begins", places=(at + 3,))
    return planted(sample, _content([*lines[: at + 1], "", other, *lines[at + 1 :]]), told)


@FAULTS(11, "wrong delimiter", "E", *TEXT)
def wrong_delimiter(chance: random.Random, sample: Sample) -> Planted:
    mark, written = chance.choice(((";", '";"'), ("\t", r'"\t"'), ("|", '"|"')))
    content = text(sample.header, sample.rows, mark).encode()
    told = Told("E", "a single column, so another delimiter", remedy=f"delimiter = {written}")
    return planted(sample, content, told, mend={"delimiter": written}, same=True)


@FAULTS(12, "duplicate column names", "E", *TEXT)
def duplicate_name(chance: random.Random, sample: Sample) -> Planted:
    name = chance.choice(sample.header)
    rows = [(*row, "1") for row in sample.rows]
    told = Told("E", f'column name "{name}" occurs 2 times', places=(1,))
    return planted(sample, rows, told, header=(*sample.header, name))


@FAULTS(13, "renamed or missing column", "E", *TEXT)
def renamed(chance: random.Random, sample: Sample) -> Planted:
    ours, theirs = chance.choice(list(sample.columns.items()))
    at = chance.randrange(1, len(theirs))
    other = theirs[:at] + "x" + theirs[at:]
    header = tuple(other if name == theirs else name for name in sample.header)
    told = Told("E", "no such column", ours, theirs, remedy=f'the closest is "{other}"')
    form = chance.choice((CSV, GZIP, WORKBOOK, PARQUET))
    return planted(
        sample, sample.rows, told, header=header, form=form, columns={ours: other}, same=True
    )


@FAULTS(14, "blank, padded or zero-width-joined header", "R", *TEXT)
def padded_header(chance: random.Random, sample: Sample) -> Planted:
    if chance.random() < 0.3:
        return _blank_header(chance, sample)
    theirs = chance.choice(list(sample.columns.values()))
    half = len(theirs) // 2
    spoilt = chance.choice(
        (f"  {theirs} ", f"{theirs[:half]}\u200c{theirs[half:]}", f"\u200f{theirs}")
    )
    header = tuple(spoilt if name == theirs else name for name in sample.header)
    form = chance.choice((CSV, GZIP, WORKBOOK, PARQUET))
    told = Told("R", "header:", count=1)
    return planted(sample, sample.rows, told, header=header, form=form, same=True)


def _blank_header(chance: random.Random, sample: Sample) -> Planted:
    """Numbers of the rows in a column without a name, as programs write them."""
    rows = [(str(number), *row) for number, row in enumerate(sample.rows)]
    told = Told("R", "columns without a name, called here column 1", count=1)
    header, form = ("", *sample.header), chance.choice((CSV, GZIP, WORKBOOK))
    return planted(sample, rows, told, header=header, form=form, same=True)


def _with_label(sample: Sample, label: str) -> Sample:
    """The sample with one more column that holds a word, kept as an attribute."""
    kept = [*_attributes(sample), "label"]
    written = ", ".join(f'"{name}"' for name in kept)
    return Sample(
        sample.name,
        sample.input,
        (*sample.header, "label"),
        tuple((*row, label) for row in sample.rows),
        sample.columns,
        {**sample.keys, "attributes": f"[{written}]"},
    )


def _attributes(sample: Sample) -> list[str]:
    listed = sample.keys.get("attributes", "[]").strip("[]")
    return [one.strip().strip('"') for one in listed.split(",") if one]


@FAULTS(15, "UTF-16 or cp1256, not declared", "E", "CDNOW", "invoices", "telco", "feedback")
def other_encoding(chance: random.Random, sample: Sample) -> Planted:
    encoding, label = chance.choice(
        (("utf-16", "سلام"), ("utf-16-le", "café"), ("cp1256", "ليوان"), ("cp1252", "café"))
    )
    labelled = _with_label(sample, label)
    content = text(labelled.header, labelled.rows).encode(encoding)
    lines = range(len(labelled.rows))
    if encoding.startswith("utf"):
        told = Told(
            "E", f"not UTF-8 text but {encoding.upper()}", remedy=f'encoding = "{encoding}"'
        )
    else:
        told = Told(
            "E", "not UTF-8 text", count=len(lines), places=places(lines),
            remedy=f'encoding = "{encoding}"',
        )  # fmt: skip
    return planted(labelled, content, told, mend={"encoding": f'"{encoding}"'}, same=True)


@FAULTS(15, "UTF-16 or cp1256, declared", "R", "CDNOW", "invoices", "telco", "feedback")
def declared_encoding(chance: random.Random, sample: Sample) -> Planted:
    encoding = chance.choice(("utf-16", "cp1256"))
    labelled = _with_label(sample, "ليوان")
    content = text(labelled.header, labelled.rows).encode(encoding)
    keys = {**labelled.keys, "encoding": f'"{encoding}"'}
    told = Told("R", f"text read as {encoding}, as declared, and kept as UTF-8")
    return planted(labelled, content, told, keys=keys, same=True)


@FAULTS(16, "UTF-8 read as Latin-1", "E", "CDNOW", "invoices", "telco", "feedback")
def spoilt_text(chance: random.Random, sample: Sample) -> Planted:
    labelled = _with_label(sample, chance.choice(("café", "سلام", "Zürich")))
    content = text(labelled.header, labelled.rows).encode().decode("latin-1").encode()
    lines = range(len(labelled.rows))
    told = Told("E", "text was spoilt", count=len(lines), places=places(lines))
    return planted(labelled, content, told)


@FAULTS(17, "byte order mark", "R", *TEXT)
def byte_order_mark(chance: random.Random, sample: Sample) -> Planted:
    content = text(sample.header, sample.rows).encode("utf-8-sig")
    form = chance.choice((CSV, GZIP))
    if form is GZIP:
        content = gzip.compress(content)
    return planted(sample, content, Told("R", "byte order mark"), form=form, same=True)


@FAULTS(17, "zero byte", "E", *TEXT)
def zero_byte(chance: random.Random, sample: Sample) -> Planted:
    lines, at = _lines(sample), chance.randrange(len(sample.rows))
    cut = chance.randrange(len(lines[at + 1]))
    lines[at + 1] = lines[at + 1][:cut] + "\0" + lines[at + 1][cut:]
    return planted(sample, _content(lines), Told("E", "zero bytes", count=1, places=(at + 2,)))


@FAULTS(18, "truncated gzip, Parquet or workbook", "E", *TEXT)
def truncated(chance: random.Random, sample: Sample) -> Planted:
    form, rule, remedy = chance.choice(
        (
            (GZIP, "damaged or cut off: it cannot be decompressed to its end", "fetch or export"),
            (PARQUET, "damaged, or not a Parquet file", "fetch or export the file again"),
            (WORKBOOK, "damaged, or not a workbook", "export the file again"),
        )
    )
    content = form.written(sample.header, sample.rows)
    content = content[: chance.randrange(20, len(content) - 1)]
    return planted(sample, content, Told("E", rule, remedy=remedy), form=form)


OLD = Form("xls", lambda header, rows: b"", 2)


@functools.cache
def _full_sheet(last_row: int) -> bytes:
    book, stream = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Data")
    for column, name in enumerate(("customer_id", "date", "dollars")):
        sheet.write(0, column, name)
    for row in range(1, last_row):
        for column, cell in enumerate((f"c{row}", "19970101", "5")):
            sheet.write(row, column, cell)
    book.save(stream)
    return stream.getvalue()


@FAULTS(19, ".xls with 65,536 rows", "E", "CDNOW")
def full_sheet(chance: random.Random, sample: Sample) -> Planted:
    return planted(sample, _full_sheet(65_536), Told("E", "possibly cut: row 65,536"), form=OLD)


@FAULTS(20, "hidden or empty first sheet", "E", *BOOKS)
def hidden_sheet(chance: random.Random, sample: Sample) -> Planted:
    book = openpyxl.load_workbook(io.BytesIO(workbook(sample.header, sample.rows)))
    cover = book.create_sheet("Cover", 0)
    is_hidden = chance.random() < 0.5
    if is_hidden:
        cover.append(["Sales"])
        cover.sheet_state = "hidden"
        book.active = book["Data"]
    stream = io.BytesIO()
    book.save(stream)
    told = Told("E", "hidden" if is_hidden else "empty", remedy='sheet = "Data"')
    return planted(
        sample, stream.getvalue(), told, form=WORKBOOK, mend={"sheet": '"Data"'}, same=True
    )


@FAULTS(21, "merged cells", "E", *BOOKS)
def merged_cells(chance: random.Random, sample: Sample) -> Planted:
    book = openpyxl.load_workbook(io.BytesIO(workbook(sample.header, sample.rows)))
    first = chance.randrange(2, len(sample.rows) - 5)
    last = first + chance.randint(1, 4)
    book["Data"].merge_cells(f"A{first}:A{last}")
    stream = io.BytesIO()
    book.save(stream)
    told = Told("E", f"merged cells in the table: A{first}:A{last}")
    return planted(sample, stream.getvalue(), told, form=WORKBOOK)


@FAULTS(21, "totals row", "E", "CDNOW", "Persian", "contracts")
def totals_row(chance: random.Random, sample: Sample) -> Planted:
    ours = "amount" if "amount" in sample.columns else "monthly_charges"
    money, form = sample.at(ours), chance.choice((CSV, GZIP, WORKBOOK, PARQUET))
    total = round(sum(float(row[money]) for row in sample.rows), 2)
    last = [""] * len(sample.header)
    last[sample.at("customer_id")] = chance.choice(("Total", "sum", "جمع", "مجموع:", "کل"))
    if chance.random() < 0.5:
        # The total of the years before as well: then a day is the first cell that only it lacks.
        total, ours = 2 * total + 1, "started" if "started" in sample.columns else "date"
    last[money] = f"{total:.2f}"
    number = len(sample.rows)
    told = Told(
        "E", "a row of totals", ours, sample.columns[ours], 1, places([number], form),
        "take the last row out", alone=False,
    )  # fmt: skip
    return planted(sample, [*sample.rows, tuple(last)], told, form=form)


@FAULTS(22, "formula without a cached value", "E", "CDNOW", "Persian", "feedback", "contracts")
def formula(chance: random.Random, sample: Sample) -> Planted:
    where = some(chance, sample)
    ours = chance.choice([one for one in sample.columns if one not in ("customer_id", "date")])
    rows: list[Row] = changed(sample, where, sample.at(ours), lambda _: "=1+1")
    told = Told("E", "never computed", count=len(where), places=places(where))
    return planted(sample, workbook(sample.header, rows), told, form=WORKBOOK)
