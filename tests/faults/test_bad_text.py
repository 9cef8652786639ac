"""Faults of text files, planted at random lines: the answer names the lines, or says what it did.

Numbers in the names of tests are those of the list of faults.
"""

import gzip
import random
import re
from pathlib import Path

import pytest

from cxlib import sources, tables
from cxlib.contracts import InputError, Violation

TRANSACTIONS = """
[transactions]
uri = "{uri}"
columns = {{ customer_id = "who", date = "day", amount = "paid", product = "what" }}
complete_to = 2021-12-31
"""
HEADER = "who,day,paid,what"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


@pytest.fixture(params=range(2))
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


def purchases(chance: random.Random, word: str = "mug") -> list[str]:
    return [
        f"c{row},2021-{chance.randrange(1, 13):02}-{1 + row % 28:02},{row}.5,{word} {row}"
        for row in range(chance.randrange(20, 60))
    ]


def load(project: Path, content: bytes | str, keys: str = "", name: str = "t.csv") -> tables.Table:
    data = content.encode() if isinstance(content, str) else content
    text = TRANSACTIONS.format(uri=name) + keys
    (project / "data" / "sources.toml").write_text(text, encoding="utf-8")
    (project / "data" / name).write_bytes(data)
    return tables.load("transactions")


def refused(project: Path, content: bytes | str, keys: str = "", name: str = "t.csv") -> Violation:
    with pytest.raises(InputError) as caught:
        load(project, content, keys, name)
    assert list((project / "data").glob("processed/*")) == []
    (violation,) = caught.value.violations
    assert violation.remedy
    return violation


def whole(rows: list[str], end: str = "\n") -> str:
    return end.join([HEADER, *rows, ""])


def words(table: tables.Table) -> list[str]:
    return list(table.frame.collect("pandas").to_native()["product"])


def test_05_rows_longer_than_the_header(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    violation = refused(project, whole([f"7,{row}" for row in rows]))
    assert violation.rule.startswith("long row")
    assert (violation.count, violation.places) == (len(rows), tuple(range(2, 12)))


@pytest.mark.parametrize("spoilt", ['mu"g', '"mu"g', '"mug', 'mug"', ' "mug"', '"mug" '])
def test_06_stray_quote(project: Path, chance: random.Random, spoilt: str) -> None:
    rows = purchases(chance)
    at = chance.randrange(len(rows))
    rows[at] = rows[at].rsplit(",", 1)[0] + "," + spoilt
    violation = refused(project, whole(rows))
    assert "quote" in violation.rule
    assert violation.places == (at + 2,)


def test_07_quote_closed_rows_later(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    at = chance.randrange(len(rows) - 4)
    column = chance.randrange(4)
    for row, end in ((at, False), (at + chance.randrange(1, 4), True)):
        cells = rows[row].split(",")
        cells[column] = cells[column] + '"' if end else '"' + cells[column]
        rows[row] = ",".join(cells)
    violation = refused(project, whole(rows))
    assert "closed only rows later" in violation.rule
    assert (violation.count, violation.places) == (1, (at + 2,))


def test_07_honest_comments_of_several_lines_are_fine(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    comment = "Dear all,\nthanks, and yes, and no,\nBob, from, the, South"
    at = chance.randrange(len(rows))
    rows[at] = rows[at].rsplit(",", 1)[0] + f',"{comment}"'
    assert words(load(project, whole(rows)))[at] == comment


@pytest.mark.parametrize("title", ["Sales 2021", "Sales 2021,,,", '"Sales, all shops"'])
def test_08_lines_before_the_header(project: Path, chance: random.Random, title: str) -> None:
    content = f"{title}\n\n" + whole(purchases(chance))
    violation = refused(project, content)
    assert (violation.places, "skip_lines = 2" in violation.remedy) == ((3,), True)
    table = load(project, content, "skip_lines = 2")
    assert table.rows == content.count("\n") - 3
    # Lines in messages stay those of the file.
    (project / "data" / "processed").rename(project / "old")
    assert refused(project, content + "x,y\n", "skip_lines = 2").places == (table.rows + 4,)


def test_09_two_header_rows(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    violation = refused(project, whole(["code,ISO,EUR,name", *rows]))
    assert violation.rule.startswith("a second header")
    assert violation.places == (2,)
    above = refused(project, "customer,sale,,\n" + whole(rows))
    assert "skip_lines = 1" in above.remedy


def test_10_two_tables_in_one_file(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    at = chance.randrange(1, len(rows))
    again = refused(project, whole([*rows[:at], HEADER, *rows[at:]]))
    assert (again.rule[:30], again.places) == ("the header stands there again:", (at + 2,))
    second = refused(project, whole([*rows[:at], "", "shop,city,chief,phone", *rows[at:]]))
    assert (second.rule[:20], second.places) == ("another table begins", (at + 3,))


def test_blank_lines_are_counted(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    at = chance.randrange(1, len(rows))
    table = load(project, whole([*rows[:at], "", "", *rows[at:]]))
    assert table.rows == len(rows)
    assert [(found.rule, found.count) for found in table.repairs] == [("blank lines left out", 2)]


def test_11_wrong_delimiter_and_decimal_comma(project: Path, chance: random.Random) -> None:
    content = whole(purchases(chance)).replace(",", ";").replace(".", ",")
    assert 'delimiter = ";"' in refused(project, content).remedy
    assert load(project, content, 'delimiter = ";"\ndecimal = ","').rows == content.count("\n") - 1


@pytest.mark.parametrize(
    ("encoding", "word", "proposed"),
    [
        ("utf-16", "mug", "utf-16"),
        ("utf-16-le", "لیوان", "utf-16-le"),
        ("utf-16-be", "mug", "utf-16-be"),
        ("cp1256", "ليوان", "cp1256"),
        ("cp1252", "café", "cp1252"),
    ],
)
def test_15_other_encodings(
    project: Path, chance: random.Random, encoding: str, word: str, proposed: str
) -> None:
    rows = purchases(chance, word)
    content = whole(rows, "\r\n").encode(encoding)
    assert f'encoding = "{proposed}"' in refused(project, content).remedy
    table = load(project, content, f'encoding = "{encoding}"')
    plain = load(project, whole(rows))
    assert words(table) == words(plain)
    assert encoding in str(table.repairs)


def test_15_a_byte_that_does_not_fit(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    at = chance.randrange(len(rows))
    lines = whole(rows).encode().split(b"\n")
    lines[at + 1] += b"\x81"  # cp1252 has no letter for it
    violation = refused(project, b"\n".join(lines), 'encoding = "cp1252"')
    assert (violation.rule[:18], violation.places) == ("not text in cp1252", (at + 2,))


@pytest.mark.parametrize("word", ["café", "سلام"])
def test_16_utf8_read_as_latin1(project: Path, chance: random.Random, word: str) -> None:
    rows = purchases(chance, word)
    assert words(load(project, whole(rows)))[0] == f"{word} 0"
    (project / "data" / "processed").rename(project / "old")
    violation = refused(project, whole(rows).encode().decode("latin-1"))
    assert "text was spoilt" in violation.rule
    assert (violation.count, violation.places) == (len(rows), tuple(range(2, 12)))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_17_byte_order_mark(project: Path, chance: random.Random, encoding: str) -> None:
    rows = purchases(chance)
    keys = "" if encoding == "utf-8-sig" else f'encoding = "{encoding}"'
    table = load(project, whole(rows).encode(encoding), keys)
    assert table.rows == len(rows)
    assert "byte order mark" in str(table.repairs[0])


def test_17_zero_byte(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    at = chance.randrange(len(rows))
    rows[at] = rows[at].replace("mug", "m\0g")
    violation = refused(project, whole(rows))
    assert (violation.rule[:10], violation.places) == ("zero bytes", (at + 2,))


def test_18_truncated_gzip(project: Path, chance: random.Random) -> None:
    content = gzip.compress(whole(purchases(chance)).encode())
    cut = content[: chance.randrange(20, len(content))]
    assert "cut off" in refused(project, cut, name="t.csv.gz").rule
    spoilt = content[:-6] + bytes([content[-6] ^ 8]) + content[-5:]  # the checksum
    assert "damaged" in refused(project, spoilt, name="t.csv.gz").rule
    assert load(project, content, name="t.csv.gz").rows >= 20


def test_two_kinds_of_line_end(project: Path, chance: random.Random) -> None:
    rows = purchases(chance)
    at = chance.randrange(len(rows))
    lines = whole(rows).split("\n")
    lines[at + 1] += "\r"
    violation = refused(project, "\n".join(lines))
    assert (violation.rule[:21], violation.places) == ("two kinds of line end", (at + 2,))
    lines[at + 1] = rows[at].replace("mug", "m\rg")
    assert refused(project, "\n".join(lines)).places == (at + 2,)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ('encoding = "klingon"', "is no encoding of text"),
        ('encoding = "base64"', "is no encoding of text"),
        ("skip_lines = -1", "skip_lines = -1"),
        ('delimiter = "§"', "delimiter is not one character"),
    ],
)
def test_keys_that_cannot_be_meant(project: Path, keys: str, rule: str) -> None:
    violation = refused(project, whole(["a,2021-01-01,1,mug"]), keys)
    assert re.search(rule, violation.rule)


@pytest.mark.parametrize("name", ["undefined", "a\\u0000b", "punycode", "idna", "unicode_escape"])
def test_1_an_encoding_that_no_file_has_is_refused(project: Path, name: str) -> None:
    violation = refused(project, f"{HEADER}\na,2021-01-01,1,x\n", f'encoding = "{name}"')
    assert "no encoding of text" in violation.rule


@pytest.mark.parametrize("name", ["utf-16", "utf-32", "hz"])
def test_1_a_text_of_another_encoding_is_refused(project: Path, name: str) -> None:
    violation = refused(project, f"{HEADER}\na~x,2021-01-01,1,x\n", f'encoding = "{name}"')
    assert "not text in" in violation.rule


def test_2_letters_that_were_replaced_are_refused(project: Path, chance: random.Random) -> None:
    rows = purchases(chance, "\ufffd\ufffd")
    violation = refused(project, "\n".join([HEADER, *rows]) + "\n")
    assert violation.rule.startswith("letters were lost")
    assert (violation.count, violation.places) == (len(rows), tuple(range(2, 12)))


def test_2_one_letter_that_was_replaced_is_a_warning(project: Path, chance: random.Random) -> None:
    rows = purchases(chance, "کتاب")
    rows.append("d,2021-01-01,1,caf\ufffd")
    table = load(project, "\n".join([HEADER, *rows]) + "\n")
    assert [(one.count, f"line {len(rows) + 1}" in one.rule) for one in table.warnings] == [
        (1, True)
    ]


def test_2_cells_of_question_marks_are_a_warning(project: Path, chance: random.Random) -> None:
    rows = [row.rpartition(",")[0] + ",???? ??" for row in purchases(chance)]
    table = load(project, "\n".join([HEADER, *rows]) + "\n")
    assert [one.count for one in table.warnings if "letters were lost?" in one.rule] == [len(rows)]
    asked = load(project, "\n".join([HEADER, *purchases(chance, "what??")]) + "\n")
    assert not [one for one in asked.warnings if "letters" in one.rule]


def test_14_columns_without_a_name_are_named_after_their_place(
    project: Path, chance: random.Random
) -> None:
    rows = [f"{number},{row}," for number, row in enumerate(purchases(chance))]
    table = load(project, "\n".join([f",{HEADER},", *rows]) + "\n")
    assert table.rows == len(rows)
    assert [(one.count, one.rule[-18:]) for one in table.repairs] == [(2, "column 1, column 6")]
