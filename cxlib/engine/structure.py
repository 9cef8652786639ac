"""The records of a text file, told apart strictly: RFC 4180 and one kind of line end.

The parser is the fast way to the same table, but laxer: it takes quotes beside blanks, skips what
it cannot take and counts nothing. Here the bytes are looked at without it. `examine` is one quick
pass that finds what makes a table doubtful as a whole, and counts its lines; only where their
number is not that of the parser's rows, `odd_records` says which lines are no rows, and why.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cxlib.engine.blocks import (
    FIRST_LINES,
    LINE_FEED,
    QUOTE,
    RETURN,
    Block,
    Lines,
    Rejected,
    UnclosedError,
    add_ends,
    blocks,
    sort_ends,
    whole_block,
)
from cxlib.engine.quotes import bad_quotes, shapes, swallowing
from cxlib.engine.spoilt import misread_offsets, spoilt_offsets
from cxlib.engine.text import not_utf8, proposed_encoding

# The longest record that the parser takes.
MOST_RECORD_BYTES = 2_000_000
# Of the lines with letters beyond ASCII: fewer may be the work of those who typed them.
_SPOILT_SHARE = 0.05
_SPOILT = 'text was spoilt: it was UTF-8 and was read as Latin-1, as "Ã©" for "é"'
# Of the rows: with one cell more in so many of them, amounts were cut at their decimal comma.
_DECIMAL_SHARE = 0.5
_MISREAD = 'text was spoilt: letters were read as those of another script, as "ãÍãÏ" for "محمد"'
_REPLACED = "letters were lost: a program put \ufffd where it could not read them"
_REPLACEMENT = "\ufffd".encode()
# Cells of nothing but question marks: what becomes of letters that an encoding does not have.
_UNKNOWN = 'letters were lost? cells of nothing but "?"'
_UNKNOWN_SHARE = 0.01
_FEW_LINES = 2
_MOST_CHANCE = 1e-3
_BLANK = 32
_PART_BYTES = 1 << 18
_AGAIN = "export the file again"
_CLOSE = (
    "where it is part of the text, take it out, or write it twice in a cell that stands in quotes;"
    f" else close it, or {_AGAIN}"
)


@dataclass(frozen=True)
class Structure:
    """What a quick look at all bytes says.

    `lines`: line ends outside quotes, a last line without one included; the parser's rows are as
    many, less those up to the header, where every line is a row. `is_plain`: all is ASCII, and no
    cell begins or ends with a blank. `lacks_signs`: there is neither _ nor + in it. `doubts`: what
    is taken all the same, with counts.
    """

    lines: int
    has_more_cells: bool
    is_plain: bool
    lacks_signs: bool
    rejected: tuple[Rejected, ...]
    doubts: dict[str, int]


@dataclass
class _Wrong:
    """The lines that make a table doubtful as a whole, by reason."""

    damaged: Lines = field(default_factory=Lines)
    zeros: Lines = field(default_factory=Lines)
    lone: Lines = field(default_factory=Lines)
    ends: dict[str, Lines] = field(default_factory=lambda: {"\n": Lines(), "\r\n": Lines()})
    quotes: Lines = field(default_factory=Lines)
    unclosed: Lines = field(default_factory=Lines)
    swallowed: Lines = field(default_factory=Lines)
    spoilt: Lines = field(default_factory=Lines)
    misread: Lines = field(default_factory=Lines)
    headers: Lines = field(default_factory=Lines)
    replaced: Lines = field(default_factory=Lines)
    unknown: Lines = field(default_factory=Lines)
    encoding: str = ""

    def rejected(self) -> list[Rejected]:
        fewer = min(self.ends.values(), key=lambda kind: kind.count)
        return [
            *self.damaged.rejected(*not_utf8(self.encoding)),
            *self.zeros.rejected("zero bytes, which no text has", f"the file is damaged: {_AGAIN}"),
            *self.lone.rejected(
                "a line end of another kind (CR alone)",
                f"put quotes around cells that hold line ends, or {_AGAIN}",
            ),
            *fewer.rejected(
                "two kinds of line end in one file (LF and CR LF)",
                "save the file with one kind: it was made of two, or cells hold line ends unquoted",
            ),
            *self.quotes.rejected(
                "a stray quote: a quoted cell begins and ends with its quotes",
                f"put the whole cell into quotes and write a quote inside it twice, or {_AGAIN}",
            ),
            *self.unclosed.rejected("a quote that is never closed", _CLOSE),
            *self.swallowed.rejected(
                "a quote that is closed only rows later: the rows between are inside one cell",
                f"close the quote on its line, or {_AGAIN}",
            ),
            *self.headers.rejected(
                "the header stands there again: several tables in one file",
                "leave one header line, and one table in the file",
            ),
        ]


def examine(path: Path, delimiter: str, width: int, header: bytes) -> Structure:
    """Look at a UTF-8 file once. `header`: the line of `width` names, without its line end."""
    mark, wrong, lines, more = ord(delimiter), _Wrong(), 0, 0
    is_plain = lacks_signs = True
    pattern: list[str] = []
    header_line = re.compile(rb"^" + re.escape(header) + rb"\r?$", re.MULTILINE)
    try:
        for block in blocks(path):
            outer, returns, inner_returns = block.feed_count, 0, 0
            if len(block.quotes) or b"\r" in block.content:
                outer, returns, inner_returns = sort_ends(block, wrong.ends, wrong.lone)
            else:
                asked = len(wrong.ends["\n"].first) < FIRST_LINES
                add_ends(block, wrong.ends["\n"], block.feeds if asked else None)
            lines += outer + (not block.content.endswith(b"\n"))
            more += _more_marks(block, mark, width, header, outer)
            if len(block.quotes):
                bad = bad_quotes(block, mark)
                wrong.quotes.add(np.unique(block.lines_of(bad)))
                pattern = pattern or shapes(block.content, delimiter, width)
                if not len(bad):
                    wrong.swallowed.add(swallowing(block, delimiter, width, pattern))
            # A line end within quotes may be the end of a cell.
            is_plain = is_plain and outer == block.feed_count and not inner_returns
            is_plain = is_plain and block.content.isascii()
            is_plain = is_plain and not _has_padding(block, mark, block.feed_count + returns)
            # Names of columns are no cells.
            is_first = block.first_line == 1
            cells = block.content.replace(header, b"", 1) if is_first else block.content
            lacks_signs = lacks_signs and not (b"_" in cells or b"+" in cells)
            _look_at_letters(block, mark, wrong)
            if header in block.content:
                places = [one.start() for one in header_line.finditer(block.content)]
                wrong.headers.add(block.lines_of(block.outside(np.array(places, np.int64))))
    except UnclosedError as error:
        wrong.unclosed.add([error.line])
    # The header itself is the first of them.
    wrong.headers.drop_first()
    rejected, doubts = wrong.rejected(), {}
    for text, found, from_where in (
        (_SPOILT, wrong.spoilt, "it is still right"),
        (_MISREAD, wrong.misread, "it is still right"),
        (_REPLACED, wrong.replaced, "the letters still are"),
    ):
        if found.count > _SPOILT_SHARE * _lines_beyond_ascii(path, found.count):
            remedy = f"export it again from where {from_where}, as CSV UTF-8"
            rejected += found.rejected(text, remedy)
        elif found.count:
            doubts[f"{text} (first on line {found.first[0]})"] = found.count
    if wrong.unknown.count > max(_FEW_LINES, _UNKNOWN_SHARE * lines):
        doubts[f"{_UNKNOWN} (first on line {wrong.unknown.first[0]})"] = wrong.unknown.count
    return Structure(lines, more > 0, is_plain, lacks_signs, tuple(rejected), doubts)


def glance(path: Path, delimiter: str, header: bytes) -> tuple[bool, bool]:
    """Whether a file seems plain, and to lack signs, by its beginning, its middle and its end.

    As `Structure` has them; not plain where there are quotes, within which a line may end.
    """
    with path.open("rb") as stream:
        last = max(0, stream.seek(0, os.SEEK_END) - _PART_BYTES)
        parts = []
        for start in (0, last // 2, last):
            stream.seek(start)
            parts.append(stream.read(_PART_BYTES))
    for part in parts:
        block = whole_block(part)
        ends = block.feed_count + part.count(b"\r")
        if len(block.quotes) or not part.isascii() or _has_padding(block, ord(delimiter), ends):
            return False, False
    cells = b"".join(parts).replace(header, b"", 1)
    return True, not (b"_" in cells or b"+" in cells)


def _more_marks(block: Block, mark: int, width: int, header: bytes, outer: int) -> int:
    """How many marks between cells are beyond those of `width` cells in each of its records.

    `outer`: its line ends outside quotes. What stands before the header is no record.
    """
    codes, expected = block.codes, outer * (width - 1)
    if block.first_line == 1:
        begun = block.content.find(header)
        codes = codes[begun + len(header) :] if begun >= 0 else codes[:0]
        before = block.outside(block.feeds)
        expected -= (width - 1) * (1 + int((before < begun).sum())) if begun >= 0 else expected
    if not block.content.endswith(b"\n"):
        expected += width - 1
    more = int(np.count_nonzero(codes == mark)) - expected
    if more > 0 and len(block.quotes):
        places = block.outside(block.places(mark))
        more = int((places >= len(block.codes) - len(codes)).sum()) - expected
    return more


def _only_unknown(mark: int) -> re.Pattern[bytes]:
    """A cell of at least two question marks, and blanks."""
    ends = rb'\r\n"' + re.escape(bytes([mark]))
    return re.compile(rb"(?<![^" + ends + rb"])(\?[? ]*\?)(?![^" + ends + rb"])")


def _look_at_letters(block: Block, mark: int, wrong: _Wrong) -> None:
    # A single letter is found many times as fast as two.
    if b"?" in block.content and b"??" in block.content:
        unknown = [one.start(1) for one in _only_unknown(mark).finditer(block.content)]
        wrong.unknown.add(np.unique(block.lines_of(np.array(unknown, np.int64))))
    if b"\0" in block.content:
        wrong.zeros.add(np.unique(block.lines_of(block.places(0))))
    if block.content.isascii():
        return
    if _REPLACEMENT in block.content:
        places = [one.start() for one in re.finditer(_REPLACEMENT, block.content)]
        wrong.replaced.add(np.unique(block.lines_of(np.array(places, np.int64))))
    damaged = _not_utf8(block)
    wrong.damaged.add(damaged)
    if damaged and not wrong.encoding:
        wrong.encoding = proposed_encoding(block.content)
    wrong.spoilt.add(block.lines_of(np.array(spoilt_offsets(block.content), np.int64)))
    wrong.misread.add(block.lines_of(np.array(misread_offsets(block.content), np.int64)))


def odd_records(
    path: Path, delimiter: str, width: int
) -> tuple[tuple[Rejected, ...], dict[str, int], int]:
    """The records that are no rows of `width` cells; repairs with counts; the number of rows.

    Only for a file of whose quotes and line ends `examine` complains not. Empty cells beyond the
    last column and blank lines are repaired: they are nothing, but where the last column is filled
    in those rows alone, for then an unquoted mark has moved their cells. Of a single column it is
    not known whether a blank line is one or an empty cell. Where every row has one cell more than
    the header, cells stand below the wrong names, unless all that is more is empty and the last
    column is not.
    """
    mark = ord(delimiter)
    short, long, endless, tables, nothing, wide, moved = (Lines() for _ in range(7))
    blank_lines = padded = rows = one_more = bare = plain = filled = 0
    after_blank = header_seen = False
    for block in blocks(path):
        found = block.records(mark)
        blank = found.blank
        if not header_seen and not blank.all():
            # Up to the header; blank lines before it are none of the table.
            at = int(np.flatnonzero(~blank)[0])
            header_seen = True
            found = found[at + 1 :]
            blank = found.blank
        elif not header_seen:
            continue
        starts, ends, cells = found.starts, found.ends, found.cells
        blank_lines += int(blank.sum())
        follows = np.concatenate([[after_blank], blank[:-1]]) & ~blank if len(blank) else blank
        after_blank = bool(blank[-1]) if len(blank) else after_blank
        heads = [
            starts[at]
            for at in np.flatnonzero(follows)
            if _like_header(block.content[starts[at] : ends[at]], delimiter)
        ]
        tables.add(block.lines_of(np.array(heads, np.int64)))
        if width == 1:
            nothing.add(block.lines_of(starts[blank]))
        more = cells > width
        empty = found.padded(width)
        endless.add(block.lines_of(starts[(ends - starts) > MOST_RECORD_BYTES]))
        short.add(block.lines_of(starts[(cells < width) & ~blank]))
        long.add(block.lines_of(starts[more & ~empty]))
        one_more += int(((cells == width + 1) & ~empty).sum())
        wide.add(block.lines_of(starts[cells == width + 1]))
        if empty.any():
            bare += int(found[empty].empty_cells(width - 1).sum())
            moved.add(block.lines_of(starts[empty]))
        whole = found[(cells == width) & ~blank]
        plain += len(whole.starts)
        filled += int((~whole.ends_empty).sum()) if width > 1 else 0
        padded += int(empty.sum())
        rows += int(found.rows(width).sum())
    is_shifted = wide.count == rows + long.count + short.count and (
        long.count > 0 or bare == wide.count > 0
    )
    # As many rows with a last cell, where a row has one so rarely.
    chance = ((filled + 1) / (plain + 2)) ** (padded - bare)
    is_moved = padded > 0 and bare == 0 and plain > 0 and chance < _MOST_CHANCE
    is_cut = delimiter == "," and one_more > _DECIMAL_SHARE * (rows + long.count + short.count)
    rejected = [
        *tables.rejected(
            "another table begins after a blank line: no cell of its first row has a digit",
            "leave one table in the file; or take the blank line out",
        ),
        *short.rejected(
            "short row: fewer cells than the header",
            f"complete the rows or take them out, or {_AGAIN}",
            ends_table=False,
        ),
        *(wide if is_shifted else long).rejected(
            "long row: more cells than the header",
            "each row has one cell more than the header: write a name above each column; or, where"
            ' "," is both decimal mark and delimiter, export the file again with ";" between cells'
            if is_cut
            else "each row has one cell more than the header: write a name above each column"
            if is_shifted
            else f"put quotes around cells that hold the delimiter, or {_AGAIN}",
            ends_table=is_shifted,
        ),
        *(moved if is_moved else Lines()).rejected(
            "an empty cell beyond the last column, and the last one filled, which others leave"
            " empty: a cell with an unquoted delimiter has moved the others",
            "put quotes around cells that hold the delimiter, or take the empty cells away",
            ends_table=False,
        ),
        *nothing.rejected(
            "blank line in a table of one column: an empty cell, or nothing?",
            'take the blank lines out; an empty cell is written ""',
        ),
        *endless.rejected("a row of more than 2 MB", f"shorten its cells, or {_AGAIN}"),
    ]
    repairs = {"blank lines left out": blank_lines, "empty cells beyond the last column": padded}
    return tuple(rejected), {text: n for text, n in repairs.items() if n}, rows


def _has_padding(block: Block, mark: int, line_ends: int) -> bool:
    """Whether some cell may begin or end with a blank, or holds a control character."""
    low = block.codes <= _BLANK
    if mark > _BLANK and np.count_nonzero(low) == line_ends:
        return False
    padding = np.flatnonzero(low & (block.codes != LINE_FEED) & (block.codes != RETURN))
    padding = padding[block.codes[padding] != mark]
    if not len(padding):
        return False
    ends = np.zeros(256, bool)
    ends[[mark, QUOTE, *range(_BLANK + 1)]] = True
    before, after = block.beside(padding)
    inner = ~(ends[before] | ends[after])
    return not (inner.all() and (block.codes[padding] == _BLANK).all())


def _not_utf8(block: Block) -> list[int]:
    """The lines that are not UTF-8."""
    try:
        block.content.decode("utf-8")
    except UnicodeDecodeError:
        return [
            block.first_line + number
            for number, line in enumerate(block.content.split(b"\n"))
            if not line.isascii() and not _decodes(line)
        ]
    return []


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines_beyond_ascii(path: Path, spoilt: int) -> int:
    if not spoilt:
        return 0
    with path.open("rb") as stream:
        return sum(not line.isascii() for line in stream)


def _like_header(record: bytes, delimiter: str) -> bool:
    text = record.decode("utf-8", "replace")
    cells = text.split(delimiter)
    return len(cells) > 1 and all(map(str.strip, cells)) and not any(map(str.isdigit, text))
