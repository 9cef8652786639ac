"""What is looked at of a file: its columns, and rows from its beginning, middle and end."""

import codecs
import contextlib
import csv
import gzip
import io
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import python_calamine as calamine

from cxlib import engine
from cxlib.engine import encodings, folders
from cxlib.engine.letters import PADDING
from cxlib.proposing import days, numbers, second_headers
from cxlib.proposing.questions import Answer, NotProposedError, Question, quoted

# A file up to this size is looked at as a whole; of a larger one three such parts are.
_WHOLE_BYTES = 16 << 20
_PART_BYTES = 4 << 20
_PART_ROWS = 50_000
_HEAD_LINES = 400
_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_SQLITE = b"SQLite format 3\0"
_VISIBLE = calamine.SheetVisibleEnum.Visible
_SHOWN_LINES = 10
_ALIKE = 0.9  # share of lines with the same number of cells in what is a table at all
_ENCODINGS = {
    "cp1252": "Western European",
    "cp1256": "Arabic and Persian",
    "cp1250": "Central European",
}
_RARER_ENCODINGS = {
    "cp1251": "Cyrillic",
    "gb18030": "Chinese",
    "cp932": "Japanese",
    "cp1253": "Greek",
    "cp1254": "Turkish",
    "cp850": "Western European, of DOS",
    "cp437": "of DOS in America",
}
_NEARLY_BEST = 0.9
_ARABIC_WORD = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc\u200c]{2,}")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_TEXT_FILES = (".csv", ".csv.gz")
_OTHER_TEXT_FILES = (".tsv", ".txt", ".tsv.gz", ".txt.gz")


@dataclass(frozen=True)
class Sample:
    """Rows of a file as texts, blank cells as "", in the order of the file.

    `form`: how the file is written, the keys of its entry that differ from the usual, and `reasons`
    for each. `whole`: whether these are all rows. `typed`: columns that hold dates as such, which
    have no format. `questions`: what must be known before the rows can be read. `lines`: on which
    line of the file each row begins, empty where that is not known. `is_workbook`: of its numbers
    for days it is known whether they count from 1900 or, `counts_from_1904`, from 1904.
    """

    names: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    whole: bool = True
    form: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    typed: frozenset[str] = frozenset()
    questions: tuple[Question, ...] = ()
    lines: tuple[int, ...] = ()
    is_workbook: bool = False
    counts_from_1904: bool = False

    def lines_of(self, meant: Iterable[bool]) -> str:
        """The first lines, or rows of a sheet, of the rows that are meant; "" where not known."""
        lines = [line for line, is_meant in zip(self.lines, meant, strict=False) if is_meant]
        if not lines:
            return ""
        more = ", ..." if len(lines) > _SHOWN_LINES else ""
        called = f"{'row' if self.is_workbook else 'line'}{'s' * (len(lines) != 1)}"
        return f"{called} {', '.join(map(str, lines[:_SHOWN_LINES]))}{more}"


def sample(path: Path, given: Mapping[str, Any]) -> Sample:
    """Look at a file. `given`: keys of the entry that are known, such as its encoding.

    Raises NotProposedError for what is no table with a header line.
    """
    by_name = str(path).startswith(engine.BY_NAME)
    if not (path.exists() or by_name):
        raise NotProposedError(f"{path}: no such file. Correct the name.")
    if path.name.lower().endswith(_OTHER_TEXT_FILES):
        raise NotProposedError(
            f"{path}: a file of text is called .csv or .csv.gz, whatever stands between its cells."
            " Copy it under such a name."
        )
    if path.is_file() and path.name.lower().endswith(_TEXT_FILES):
        found = _text_sample(path, given)
    else:
        found = _table_sample(path, given)
    if not found.questions:
        _check_header(path, found)
        second_headers.check(path, found.rows, found.lines)
    return found


def _check_header(path: Path, found: Sample) -> None:
    if not found.rows:
        raise NotProposedError(f"{path}: no rows below the header. Export the file again.")
    twice = [name for name, count in Counter(found.names).items() if count > 1]
    if twice == [""] and (below := second_headers.names_below(found.names, found.rows)):
        raise NotProposedError(
            f"{path}: {found.names.count('')} columns have no name, and the row below the header"
            f" goes on with names ({', '.join(map(quoted, below[:3]))}). Write one header row, with"
            " a name above each column, in a copy of the file."
        )
    if twice:
        raise NotProposedError(
            f"{path}: the column name {quoted(twice[0])} stands {found.names.count(twice[0])} times"
            " in the header. Give each column a name of its own."
        )
    data = [
        name
        for name in found.names
        if numbers.PLAIN.read(name) is not None or days.fitting({name: 1})
    ]
    if 2 * len(data) > len(found.names):
        raise NotProposedError(
            f"{path}: the first line looks like data ({', '.join(map(quoted, data[:3]))}), not like"
            " names of columns. Write a line with the names above it."
        )


# --- text ----------------------------------------------------------------------------------


def _text_sample(path: Path, given: Mapping[str, Any]) -> Sample:
    parts, whole = _parts(path)
    if not any(part.strip() for part in parts):
        raise NotProposedError(f"{path}: the file is empty. Export it again.")
    form: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    encoding, reason, question = _encoding(parts)
    if "encoding" in given:
        encoding = str(given["encoding"])
    elif question:
        return Sample(questions=(question,))
    elif encoding != "utf-8":
        form["encoding"], reasons["encoding"] = encoding, reason
    texts = [_decoded(path, parts[0], encoding)]
    # Only the beginning has the mark that tells the order of bytes.
    inner = "utf-16-be" if parts[0].startswith(codecs.BOM_UTF16_BE) else encoding
    texts += [_decoded(path, part, inner) for part in parts[1:]]
    lines = texts[0].split("\n", _HEAD_LINES + 1)[: _HEAD_LINES + (len(parts) > 1)]
    head = "\n".join(lines[:_HEAD_LINES])
    marks = [given["delimiter"]] if "delimiter" in given else list(_DELIMITERS)
    shapes = [shape for mark in marks if (shape := _shape(head, mark))]
    if not shapes:
        raise NotProposedError(
            f"{path}: no table of two columns or more, whatever stands between the cells. Export"
            ' the table alone as CSV, or name the mark: --option delimiter="..."'
        )
    fewest = min(shape.skip_lines for shape in shapes)
    best = [shape for shape in shapes if shape.skip_lines == fewest]
    _refuse_cut_amounts(path, head, shapes)
    if len(best) > 1:
        return Sample(questions=(_delimiter_question(best, head),))
    shape = best[0]
    if "delimiter" not in given and shape.delimiter != ",":
        form["delimiter"] = shape.delimiter
        reasons["delimiter"] = (
            f"{_DELIMITERS[shape.delimiter]} gives {shape.cells} cells in nearly every line"
        )
    skip_lines = int(given.get("skip_lines", shape.skip_lines))
    if "skip_lines" not in given and skip_lines:
        form["skip_lines"] = skip_lines
        first = next(line for line in lines if line.strip())
        reasons["skip_lines"] = (
            f"the table begins below line {skip_lines}; {quoted(first.strip())} is above it"
        )
    names, rows, first_lines = _rows(texts, shape.delimiter, skip_lines)
    return Sample(names, rows, whole, form, reasons, lines=first_lines if whole else ())


def _parts(path: Path) -> tuple[list[bytes], bool]:
    """The whole file if it is small, else parts from its beginning, middle and end."""
    if path.name.lower().endswith(".gz"):
        return _unpacked_parts(path)
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= _WHOLE_BYTES:
            return [stream.read()], True
        parts = []
        # An even place, for the letters of UTF-16 are two bytes long.
        for place in (0, size // 4 * 2, (size - _PART_BYTES) // 2 * 2):
            stream.seek(place)
            parts.append(stream.read(_PART_BYTES))
    return parts, False


def _unpacked_parts(path: Path) -> tuple[list[bytes], bool]:
    """As `_parts`; the middle is a block whose number is a power of 2: the size is not known."""
    blocks: list[bytes] = []
    middle = last = b""
    try:
        with gzip.open(path, "rb") as stream:
            number = 0
            while block := stream.read(_PART_BYTES):
                number += 1
                if number <= _WHOLE_BYTES // _PART_BYTES:
                    blocks.append(block)
                elif number & (number - 1) == 0:
                    middle = block
                last = block
    except (OSError, EOFError) as error:
        raise NotProposedError(
            f"{path}: damaged, or not a gzip file ({error}). Fetch or export it again."
        ) from error
    if number <= _WHOLE_BYTES // _PART_BYTES:
        return [b"".join(blocks)], True
    return [blocks[0], middle or blocks[-1], last], False


def _encoding(parts: Sequence[bytes]) -> tuple[str, str, Question | None]:
    """The encoding of a file with the reason, or the question where several may be meant."""
    head = parts[0]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "the file begins with the mark of UTF-16", None
    # Of two bytes that are a letter of ASCII, one is zero.
    zeros = [head[place:8192:2].count(0) for place in (0, 1)]
    if min(zeros) == 0 < max(zeros):
        encoding = "utf-16-be" if zeros[0] else "utf-16-le"
        return encoding, "of two bytes one is zero, always at the same place", None
    if all(_is_utf8(part, cut=len(parts) > 1) for part in parts):
        return "utf-8", "", None
    fits = encodings.fits(b"".join(parts))
    likely = next(iter(fits))
    # Rarer ones are offered where they fit better than all of those.
    usual = max(fits[name] for name in _ENCODINGS)
    offered = _ENCODINGS | {
        name: what
        for name, what in _RARER_ENCODINGS.items()
        if fits[name] > usual and fits[name] >= _NEARLY_BEST * fits[likely]
    }
    texts = {name: "".join(part.decode(name, "replace") for part in parts) for name in offered}
    foreign = [letter for letter in texts["cp1256"] if letter > "\x7f"]
    arabic = sum(map(len, _ARABIC_WORD.findall(texts["cp1256"])))
    if likely == "cp1256" and arabic > 0.8 * len(foreign):
        return "cp1256", "not UTF-8; read as cp1256 the text is words in Arabic script", None
    alike: dict[str, list[str]] = {}
    for name in sorted(offered, key=lambda name: -fits[name]):
        alike.setdefault(texts[name], []).append(name)
    if len(alike) == len(parts) == 1:
        return likely, "not UTF-8; every likely reading of the file is the same", None
    # A character may be of two bytes: then places differ from the first on.
    differ = (i for i, letters in enumerate(zip(*alike, strict=False)) if len({*letters}) > 1)
    first = (i for i, letter in enumerate(texts[likely]) if letter > "\x7f")
    place = next(differ, None) or next(first)
    answers = tuple(
        Answer(
            names[0],
            f"{' or '.join(offered[name] for name in names)}:"
            f" {quoted(text[max(0, place - 12) : place + 12])} stands in the file",
        )
        for text, names in alike.items()
    )
    # Of two that differ in the letters of Western and Central Europe nobody but the user can tell.
    proposed = likely if len(alike) == 2 and "cp1250" not in map(_alone, alike.values()) else None
    text = "The file is not UTF-8. Which reading is right?"
    return "", "", Question("encoding", text, answers, proposed)


def _alone(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _is_utf8(part: bytes, *, cut: bool) -> bool:
    # A part may begin and end within a letter, which has up to four bytes.
    for first in range(4 if cut else 1):
        try:
            codecs.getincrementaldecoder("utf-8")().decode(part[first:], final=not cut)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _decoded(path: Path, part: bytes, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
        text = part.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace")
    except (LookupError, UnicodeError) as error:
        raise NotProposedError(
            f"{path} cannot be read as {encoding}: {error}. Give another --option encoding=..."
        ) from error
    if "\0" in text:
        raise NotProposedError(f"{path}: NUL bytes, so no text file. Export it again as CSV UTF-8.")
    return text.removeprefix("\ufeff")


@dataclass(frozen=True)
class _Shape:
    """What a delimiter makes of a file: the lines above the table and the cells in its rows."""

    delimiter: str
    skip_lines: int
    cells: int


def _shape(head: str, delimiter: str) -> _Shape | None:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    # Lines before the record, its cells, any text in it, and whether most of it is padding.
    counted: list[tuple[int, int, bool, bool]] = []
    line = 0
    try:
        for record in reader:
            texts = [cell for cell in record if cell.strip()]
            padded = 2 * len(texts) <= len(record) and not "".join(record[-1:]).strip()
            counted.append((line, len(record), bool(texts), padded))
            line = reader.line_num
    except csv.Error:
        return None
    filled = [cells for _, cells, any_text, _ in counted if any_text]
    if not filled:
        return None
    cells = Counter(filled).most_common(1)[0][0]
    wide = [i for i, (_, number, text, _) in enumerate(counted) if text and number == cells]
    # A title above the table may be as wide as it, with blank cells behind.
    first = next((i for i in wide if not counted[i][3]), wide[0])
    below = [number for _, number, text, _ in counted[first:] if text]
    if cells < 2 or below.count(cells) < _ALIKE * len(below):
        return None
    preamble = any(text for _, _, text, _ in counted[:first])
    return _Shape(delimiter, counted[first][0] if preamble else 0, cells)


def _refuse_cut_amounts(path: Path, head: str, shapes: Sequence[_Shape]) -> None:
    """Raise NotProposedError where each row has one cell more than the header, which has words."""
    shape = next((one for one in shapes if one.delimiter == ","), None)
    if shape is None or len(shapes) > 1:
        return
    records = [one for one in csv.reader(io.StringIO(head, newline="")) if any(map(str.strip, one))]
    header = records[0]
    named = not any(letter.isdigit() for cell in header for letter in cell)
    if named and len(header) == shape.cells - 1:
        raise NotProposedError(
            f'{path}: each row has one cell more than the header: is "," both decimal mark and'
            ' delimiter? Export the file again with ";" between the cells.'
        )


def _delimiter_question(shapes: Sequence[_Shape], head: str) -> Question:
    lines = [line for line in head.split("\n") if line.strip()]
    answers = tuple(
        Answer(
            shape.delimiter,
            f"{_DELIMITERS.get(shape.delimiter, 'it')} gives {shape.cells} columns: "
            + ", ".join(map(quoted, next(csv.reader([lines[0]], delimiter=shape.delimiter))[:3])),
        )
        for shape in shapes
    )
    return Question("delimiter", "What stands between two cells?", answers)


def _rows(
    texts: Sequence[str], delimiter: str, skip_lines: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """The header, the rows as wide as it, and the lines of these, which hold for a single text."""
    names: tuple[str, ...] = ()
    lines: list[int] = []
    rows: list[tuple[str, ...]] = []
    for number, text in enumerate(texts):
        whole = text
        if number:
            whole = whole[whole.find("\n") + 1 :]
        if len(texts) > 1 and number < len(texts) - 1:
            whole = whole[: whole.rfind("\n") + 1]
        if not number:
            whole = "".join(whole.split("\n", skip_lines)[-1:])
        reader = csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter)
        line = skip_lines
        try:
            for record in reader:
                begun, line = line + 1, skip_lines + reader.line_num
                if not any(cell.strip() for cell in record):
                    continue
                if not names:
                    names = tuple(name.strip(PADDING) for name in record)
                elif len(record) == len(names):
                    rows.append(tuple(cell.strip(PADDING) for cell in record))
                    lines.append(begun)
        except csv.Error:
            # A part that begins within a quoted cell; the door looks at every row.
            continue
    return names, tuple(rows), tuple(lines)


# --- what is read into Parquet -------------------------------------------------------------


def _table_sample(path: Path, given: Mapping[str, Any]) -> Sample:
    is_database = _is_sqlite(path) or str(path).startswith(engine.BY_NAME)
    if is_database and not ("table" in given or "query" in given):
        return Sample(questions=(_table_question(path),))
    form = {key: given[key] for key in ("sheet", "table", "query") if key in given}
    form |= {"skip_lines": int(given["skip_lines"])} if "skip_lines" in given else {}
    with tempfile.TemporaryDirectory(dir=engine.workspace()) as scratch:
        try:
            file = engine.open_file(path, engine.Form.of(form), Path(scratch))
        except engine.UnreadableFileError as error:
            if "sheet" not in given and len(sheets := _sheets(path)) > 1:
                answers = tuple(Answer(name, "this sheet") for name in sheets)
                return Sample(questions=(Question("sheet", "Which sheet is it?", answers),))
            raise NotProposedError(
                f"{path}: {error.problem}. Mend: {error.remedy} (a key is given as --option"
                " KEY=VALUE)."
            ) from error
        is_workbook = path.name.lower().endswith(_WORKBOOKS)
        return _parquet_sample(file, is_workbook=is_workbook)


def _sheets(path: Path) -> list[str]:
    """The visible sheets of a workbook; none of what is no workbook."""
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            return [one.name for one in book.sheets_metadata if one.visible == _VISIBLE]
    except (calamine.CalamineError, OSError):
        return []


def _is_sqlite(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE


def _table_question(path: Path) -> Question:
    text = "Which table of the database is it?"
    if not path.exists():
        return Question("table", text, ())
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute(query)]
    answers = tuple(Answer(name, "this table") for name in names)
    return Question("table", text, answers)


def _parquet_sample(file: engine.File, *, is_workbook: bool) -> Sample:
    paths = [path for path, _ in file.parts] or [file.path]
    chosen = sorted({0, len(paths) // 2, len(paths) - 1})
    whole = len(chosen) == len(paths)
    rows: list[tuple[str, ...]] = []
    for path in (paths[number] for number in chosen):
        table = pyarrow.parquet.ParquetFile(path)
        groups = sorted({0, table.num_row_groups // 2, max(table.num_row_groups - 1, 0)})
        whole = whole and len(groups) >= table.num_row_groups
        named = folders.keys(file.path, path) if file.parts else {}
        for group in groups[: table.num_row_groups]:
            part = table.read_row_group(group)
            whole = whole and part.num_rows <= _PART_ROWS
            part = part.slice(0, _PART_ROWS)
            cells = [
                [named[name]] * part.num_rows
                if name in named
                else _texts(part.column(f"c{index}" if file.is_extract else name))
                for index, name in enumerate(file.names)
            ]
            rows += zip(*cells, strict=True)
    typed = frozenset(
        name
        for name, kind in zip(file.names, file.types, strict=True)
        if kind.startswith(("DATE", "TIMESTAMP"))
    )
    is_placed = whole and not file.parts
    return Sample(
        file.names,
        tuple(rows),
        whole,
        typed=typed,
        lines=tuple(file.rows_before + row for row in range(1, len(rows) + 1)) if is_placed else (),
        is_workbook=is_workbook,
        counts_from_1904=file.counts_from_1904,
    )


def _texts(column: pyarrow.ChunkedArray) -> list[str]:
    return ["" if value is None else str(value).strip() for value in column.to_pylist()]
