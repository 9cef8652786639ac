"""Text files: the strict look at the bytes, against a grammar and the csv module of Python."""

import csv
import io
import random
import re
from pathlib import Path

import pytest

from cxlib import engine
from cxlib.engine import Cast, UnreadableFileError, staging, structure
from cxlib.engine.spoilt import is_spoilt, misread_offsets
from cxlib.engine.structure import MOST_RECORD_BYTES, examine

# A record of RFC 4180: quotes only around whole cells, written twice inside.
CELL = r'(?:"(?:[^"]|"")*"|[^",\r\n]*)'
TOKENS = ["a", "1", "é", " ", ",", ",", ",", "\n", "\n", "\r\n", '"', '"', '""', "\r", "", "x,y\n"]


def by_the_book(content: str) -> list[list[str]] | None:
    """The rows of a valid table below its header, None for a file that is none."""
    record = f"{CELL}(?:,{CELL})*"
    if not any(re.fullmatch(f"(?:{record}{end})*{record}", content) for end in ("\n", "\r\n")):
        return None
    try:
        records = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error:
        return None
    header, *rows = [one for one in records if one]
    # Empty cells beyond the last column are nothing.
    if any(len(row) < len(header) or any(row[len(header) :]) for row in rows):
        return None
    return [row[: len(header)] for row in rows]


def read(path: Path) -> list[list[str]] | None:
    """The rows that the engine stages, a blank as "", each cell trimmed; None if it refuses."""
    target = path.with_suffix(".parquet")
    try:
        file = engine.open_file(path, scratch=path.parent)
        casts = [Cast(f"c{index}", index, "text") for index in range(len(file.names))]
        if engine.stage(file, casts, target).rejected:
            return None
    except UnreadableFileError:
        return None
    rows = engine.staged(target).collect("pyarrow").rows(named=True)
    return [[row[cast.name] or "" for cast in casts] for row in rows]


def random_file(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return "h,k\n" + "".join(chance.choices(TOKENS, k=chance.randrange(20)))
    # Most of these are valid, but for one token put somewhere.
    end = chance.choice(["\n", "\r\n"])
    cells = ["a", "b7", "", '"q"', '"a,b"', '"a""b"', f'"two{end}lines"', "é", " a", '" b "']
    rows = [",".join(chance.choices(cells, k=2)) for _ in range(chance.randrange(8))]
    content = end.join(["h,k", *rows]) + chance.choice(["", end])
    if chance.random() < 0.6:
        at = chance.randrange(3, len(content) + 1)
        content = content[:at] + chance.choice(TOKENS) + content[at:]
    return content


@pytest.mark.parametrize("is_ahead", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_random_files_are_read_as_the_book_says_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, is_ahead: bool
) -> None:
    if is_ahead:
        # As long files are, and by parts so small that much is overlooked.
        monkeypatch.setattr(staging, "LARGE_BYTES", 0)
        monkeypatch.setattr(structure, "_PART_BYTES", 3)
    chance = random.Random(seed)
    path = tmp_path / "file.csv"
    taken = refused = 0
    for _ in range(500):
        content = random_file(chance)
        path.write_bytes(content.encode())
        ours, theirs = read(path), by_the_book(content)
        if ours is None:
            refused += 1
        else:
            taken += 1
            assert theirs is not None, repr(content)
            assert ours == [[cell.strip() for cell in row] for row in theirs], repr(content)
    assert min(taken, refused) > 100


def test_what_the_book_allows_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    for content in (
        'h,k\n"a ""b"" c","x\ny, z"\n,\n1,2',
        '"h","k"\r\n"1\r\n2","3"\r\n\r\n4,5\r\n',
        'h,k\n"",""\n"""",","\n',
    ):
        path.write_bytes(content.encode())
        assert read(path) == by_the_book(content) is not None


@pytest.mark.parametrize(
    ("cell", "times"),
    # Between the parts that are looked at beforehand; quotes alone are plain, too.
    [("2.5", 1), ('"2.5"', 1), (" 2.5", 2), ("1_000", 2), ("\u06f2", 2)],
)
def test_a_file_is_cast_once_where_it_is_as_plain_as_it_seems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, times: int
) -> None:
    path = tmp_path / "file.csv"
    rows = ["7"] * 40 + ["1", cell, "-3"] + ["8"] * 60
    path.write_text("h,k\n" + "".join(f"{one},a\n" for one in rows), encoding="utf-8")

    def staged() -> tuple[object, list[object]]:
        casts, target = [Cast("h", 0, "number")], path.with_suffix(".parquet")
        said = engine.stage(engine.open_file(path, scratch=tmp_path), casts, target)
        return said, engine.staged(target).collect("pyarrow").rows()

    expected = staged()
    copied, copy = [], staging._copy
    monkeypatch.setattr(staging, "LARGE_BYTES", 0)
    monkeypatch.setattr(structure, "_PART_BYTES", 16)
    monkeypatch.setattr(
        staging, "_copy", lambda *a, **k: (copied.append(a[0].is_plain), copy(*a, **k))
    )
    assert staged() == expected
    assert len(copied) == times


def test_a_large_file_of_long_quoted_cells(tmp_path: Path) -> None:
    # Quotes and line ends lie on every border between the blocks that threads read.
    chance = random.Random(7)
    csv.field_size_limit(2**20)
    path, rows = tmp_path / "file.csv", []
    for _ in range(700):
        inner = chance.choice([",", "\n", '""', "word "]) * chance.randrange(1, 60_000)
        rows.append(f'{len(rows)},"a{inner}b",{chance.randrange(10)}\n')
    path.write_text("id,note,n\n" + "".join(rows), encoding="utf-8", newline="")
    assert path.stat().st_size > 32 << 20
    target = tmp_path / "staged.parquet"
    casts = [Cast("id", 0, "text"), Cast("note", 1, "text"), Cast("n", 2, "text")]
    assert not engine.stage(engine.open_file(path), casts, target).rejected
    found = engine.staged(target).collect("pyarrow").rows(named=True)
    with path.open(newline="", encoding="utf-8") as stream:
        expected = list(csv.reader(stream, strict=True))[1:]
    assert [[row["id"], row["note"], row["n"]] for row in found] == expected


def test_a_cell_of_very_many_lines_and_quotes_is_one_cell(tmp_path: Path) -> None:
    # Its time grows with its length: by the square of it this would take half an hour.
    cell = 'he said ""no""\n' * 100_000 + "end"
    path = tmp_path / "a.csv"
    path.write_text(f'h,k\n1,"{cell}"\n2,b\n')
    assert path.stat().st_size < MOST_RECORD_BYTES
    assert read(path) == [["1", cell.replace('""', '"')], ["2", "b"]]


@pytest.mark.parametrize("length", [MOST_RECORD_BYTES - 10, MOST_RECORD_BYTES + 10])
def test_the_longest_record_is_taken_wherever_it_begins_and_a_longer_one_told(
    tmp_path: Path, length: int
) -> None:
    path = tmp_path / "a.csv"
    for before in (1, 1000, 500_000):
        rows = [["1", "x"]] * before + [["2", "y" * (length - 2)], ["3", "z"]]
        path.write_text("h,k\n" + "".join(f"{one},{two}\n" for one, two in rows))
        assert read(path) == (rows if length < MOST_RECORD_BYTES else None)


def test_a_stray_quote_on_any_line_of_a_large_file_is_found(tmp_path: Path) -> None:
    chance = random.Random(11)
    path = tmp_path / "file.csv"
    lines = [f"{row},word,{row % 7}" for row in range(500_000)]
    for quote in ('wo"rd', '"wo"rd', '"word', ' "word"', '"word" '):
        at = chance.randrange(len(lines))
        spoilt = [*lines[:at], lines[at].replace("word", quote), *lines[at + 1 :]]
        path.write_text("\n".join(["id,note,n", *spoilt]), encoding="utf-8")
        (found,) = examine(path, ",", 3, b"id,note,n").rejected
        assert (found.count, found.lines, found.ends_table) == (1, (at + 2,), True)


@pytest.mark.parametrize(
    "text", ["é", "café", "سلام دنیا", "naïve — “x”", "Ærø", "日本語", "Ελλάδα"]
)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_spoilt_text_is_known(text: str, encoding: str) -> None:
    spoilt = text.encode().decode(encoding, "replace")
    if "\ufffd" not in spoilt:
        assert is_spoilt(f"7,{spoilt},2021")
    assert not is_spoilt(f"7,{text},2021")


@pytest.mark.parametrize(
    "line",
    [
        "« café »\u00a0!",
        "D'OÙ…",
        "»PÅ»",
        "GRÖSSE “XL”",
        "AMANHÃ…",
        "5 €",
        "n° 7",
        "±3 ×2",
        "É»",
        "été\u00a0»",
        "Å",
        "São Tomé é",
        "IRMÃ’",
        "naïf",
        "½ kg",
        "Þórður",
        "Ñandú",
        "10 µg",
    ],
)
def test_real_text_is_not_taken_for_spoilt(line: str) -> None:
    assert not is_spoilt(line)


@pytest.mark.parametrize(
    ("text", "encoding", "read_as"),
    [
        ("محمد", "cp1256", "latin-1"),
        ("تهران", "cp1256", "cp1252"),
        ("Москва", "cp1251", "latin-1"),
        ("Αθήνα", "iso8859-7", "latin-1"),
        ("اصفهان", "utf-8", "cp1256"),
        ("شیراز و تهران", "utf-8", "cp1256"),
    ],
)
def test_letters_of_another_script_are_known(text, encoding, read_as):
    spoilt = text.encode(encoding).decode(read_as)
    block = f"id,city\nC1,Paris\nC2,{spoilt}\n".encode()
    assert misread_offsets(block) == [block.index(b"C2")]


@pytest.mark.parametrize(
    "text",
    [
        "créée, Übergröße, São João, Ærøskøbing, Çeşme",
        "jäätelöä, hääyöaie, pääöljy, töölöö",
        "à ô é, né à Orléans",
        "عکس، ظاهر، طلا، غذا، عطر، ططط",
        "شیراز و تهران",
        "Москва, Αθήνα, Tiếng Việt",
    ],
)
def test_words_as_they_should_be_are_not_taken_for_others(text):
    assert misread_offsets(f"id,city\nC1,{text}\n".encode()) == []
