"""A text file in blocks of whole records, with the places of quotes and line ends."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

LINE_FEED, RETURN, QUOTE = 10, 13, 34
# How many lines a message names.
FIRST_LINES = 10
# What fits in the cache of a core: each block is looked at several times.
_CHUNK_BYTES = 1 << 19
# No cell is longer. A quote that is never closed would else take the whole file into memory.
_MOST_CELL_BYTES = 64 << 20
_MARK = b"\xef\xbb\xbf"

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rejected:
    """Records of a text file that are no rows, all for one reason, and the first of their lines.

    `ends_table`: with such a record nothing is known about the rest of the file.
    """

    problem: str
    remedy: str
    count: int
    lines: tuple[int, ...]
    ends_table: bool


@dataclass
class Lines:
    """How many lines have something in common, and the first of them."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, lines: Positions | list[int]) -> None:
        self.count += len(lines)
        self.first += [int(line) for line in lines[: FIRST_LINES - len(self.first)]]

    def drop_first(self) -> None:
        self.count, self.first = max(self.count - 1, 0), self.first[1:]

    def rejected(self, problem: str, remedy: str, *, ends_table: bool = True) -> list[Rejected]:
        if not self.count:
            return []
        return [Rejected(problem, remedy, self.count, tuple(self.first), ends_table)]


@dataclass(frozen=True)
class Block:
    """Whole records in a row. `quotes`: the places of all quotes, which come in pairs."""

    content: bytes
    first_line: int
    codes: npt.NDArray[np.uint8]
    quotes: Positions

    @functools.cached_property
    def feeds(self) -> Positions:
        return self.places(LINE_FEED)

    @functools.cached_property
    def feed_count(self) -> int:
        # In most blocks nobody asks where they are, which costs more.
        return int(np.count_nonzero(self.codes == LINE_FEED))

    def places(self, code: int) -> Positions:
        return np.flatnonzero(self.codes == code)

    def outside(self, places: Positions) -> Positions:
        """Those of the places that are not within quotes."""
        if not len(self.quotes):
            return places
        return places[np.searchsorted(self.quotes, places) % 2 == 0]

    def beside(self, places: Positions) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """The bytes before and after each place; a line end before the first, after the last."""
        before, after = self.codes[places - 1], self.codes[(places + 1) % len(self.codes)]
        before[places == 0] = LINE_FEED
        after[places == len(self.codes) - 1] = LINE_FEED
        return before, after

    def lines_of(self, places: Positions) -> Positions:
        """The line of the file on which each place is."""
        return self.first_line + np.searchsorted(self.feeds, places)

    def records(self, mark: int) -> "Records":
        """The records of the block, whose cells `mark` parts."""
        stops = self.outside(self.feeds)
        if not self.content.endswith(b"\n"):
            stops = np.append(stops, len(self.content))
        starts = np.concatenate([[0], stops[:-1] + 1]) if len(stops) else stops
        ends = stops - ((stops > starts) & (self.codes[np.maximum(stops - 1, 0)] == RETURN))
        marks = self.outside(self.places(mark))
        first = np.searchsorted(marks, starts)
        return Records(starts, ends, marks, first, np.searchsorted(marks, ends) - first + 1)


@dataclass(frozen=True)
class Records:
    """Where the records of a block begin and end, its marks between cells, and for each record the
    number of its first mark and of its cells."""

    starts: Positions
    ends: Positions
    marks: Positions
    first: Positions
    cells: Positions

    def __getitem__(self, some: slice | npt.NDArray[np.bool_]) -> "Records":
        return Records(
            self.starts[some], self.ends[some], self.marks, self.first[some], self.cells[some]
        )

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        return self.ends == self.starts

    def empty_cells(self, number: int) -> npt.NDArray[np.bool_]:
        """Whether cell `number`, counted from 0, is empty, of records that have more cells."""
        begins = self.marks[self.first + number - 1] + 1 if number else self.starts
        return self.marks[self.first + number] == begins

    @property
    def ends_empty(self) -> npt.NDArray[np.bool_]:
        """Whether the last cell is empty, of records of two cells or more."""
        return self.marks[self.first + self.cells - 2] == self.ends - 1

    def padded(self, width: int) -> npt.NDArray[np.bool_]:
        """Those of more cells where nothing but marks stands from the last wanted cell on."""
        more = self.cells > width
        if not more.any():
            return more
        last = self.marks[np.minimum(self.first + width - 1, len(self.marks) - 1)]
        return more & (self.ends - last == self.cells - width)

    def rows(self, width: int) -> npt.NDArray[np.bool_]:
        """Those that are rows of `width` cells."""
        return ((self.cells == width) & ~self.blank) | self.padded(width)


class UnclosedError(Exception):
    """A quote that nothing closes, on this line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def blocks(path: Path) -> Iterator[Block]:
    """The file in blocks of whole records; raises UnclosedError where a quote is never closed."""
    line, rest, is_first = 1, b"", True
    with path.open("rb") as stream:
        # Up to the end of a line, so that mostly nothing is left over to be copied once more.
        while chunk := stream.read(_CHUNK_BYTES):
            content = b"".join((rest, chunk, stream.readline(_CHUNK_BYTES)))
            if is_first:
                content, is_first = content.removeprefix(_MARK), False
            end = content.rfind(b"\n") + 1
            quotes = _quotes(content[:end])
            while end and len(quotes) % 2:
                # The last line ends within quotes: the record begins before that quote.
                end = content.rfind(b"\n", 0, int(quotes[-1])) + 1
                quotes = quotes[: np.searchsorted(quotes, end)]
            if not end:
                if len(content) > _MOST_CELL_BYTES:
                    raise UnclosedError(line + content.count(b"\n", 0, max(content.find(b'"'), 0)))
                rest = content
                continue
            block = _block(content[:end], line, quotes)
            yield block
            line += block.feed_count
            rest = content[end:]
    if not rest:
        return
    quotes = _quotes(rest)
    if len(quotes) % 2:
        raise UnclosedError(line + rest.count(b"\n", 0, int(quotes[-1])))
    yield _block(rest, line, quotes)


def whole_block(content: bytes) -> Block:
    """A part of a file as a block, whatever it begins and ends with."""
    return _block(content, 1, _quotes(content))


def _block(content: bytes, line: int, quotes: Positions) -> Block:
    return Block(content, line, np.frombuffer(content, np.uint8), quotes)


def _quotes(content: bytes) -> Positions:
    if b'"' not in content:
        return np.empty(0, np.int64)
    return np.flatnonzero(np.frombuffer(content, np.uint8) == QUOTE)


def sort_ends(block: Block, ends: dict[str, Lines], lone: Lines) -> tuple[int, int, int]:
    """Add the line ends of a block, outside quotes, to those of their kind.

    Gives the number of line feeds outside quotes, of returns, and of returns within quotes.
    """
    feeds, returns = block.outside(block.feeds), block.places(RETURN)
    outer_returns = block.outside(returns)
    before_feed = block.codes[np.maximum(feeds - 1, 0)] == RETURN
    paired = feeds[before_feed]
    add_ends(block, ends["\r\n"], paired)
    add_ends(block, ends["\n"], feeds[~before_feed])
    lone.add(block.lines_of(np.setdiff1d(outer_returns, paired - 1)))
    return len(feeds), len(returns), len(returns) - len(outer_returns)


def add_ends(block: Block, kind: Lines, feeds: Positions | None) -> None:
    """Add the line ends at these places, or all of a block of which no line is asked for."""
    if feeds is None:
        kind.count += block.feed_count
        return
    # Lines are wanted of the first ones only.
    few = feeds[: FIRST_LINES - len(kind.first)]
    kind.first += [int(line) for line in block.lines_of(few)] if len(few) else []
    kind.count += len(feeds)
