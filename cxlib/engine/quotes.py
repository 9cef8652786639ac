"""Quotes of a text file that stand where no cell begins or ends, or that close too late."""

import csv

import numpy as np

from cxlib.engine.blocks import LINE_FEED, QUOTE, RETURN, Block, Positions

_COMPARED_RECORDS = 50


def bad_quotes(block: Block, mark: int) -> Positions:
    """Quotes that open or close where no cell begins or ends."""
    allowed = np.zeros(256, bool)
    allowed[[mark, LINE_FEED, RETURN, QUOTE]] = True
    before, after = block.beside(block.quotes)
    opening, wrong = block.quotes[::2], ~allowed[before[::2]] | ~allowed[after[1::2]]
    if not wrong.any():
        return opening[:0]
    # From the first one on it is not known which quotes open; those amid letters are strays.
    amid = ~(allowed[before] | allowed[after])
    return np.union1d(opening[wrong][:1], block.quotes[amid])


def swallowing(block: Block, delimiter: str, width: int, pattern: list[str]) -> list[int]:
    """The lines of quoted cells which hold the rest of a row, whole rows and the start of one."""
    opening, closing = block.quotes[::2], block.quotes[1::2]
    feeds = block.feeds
    held = np.searchsorted(feeds, closing) > np.searchsorted(feeds, opening)
    # A quote written twice ends no cell.
    ends = np.append(opening[1:] != closing[:-1] + 1, True)
    begins = np.concatenate([[True], ends[:-1]])
    cells = np.unique((np.cumsum(begins) - 1)[held]) if width > 1 else ()
    marks = block.outside(block.places(ord(delimiter)))
    found = []
    for start, end in zip(opening[begins][cells], closing[ends][cells], strict=True):
        content = block.content[start + 1 : end].decode("utf-8", "replace")
        pieces = content.replace("\r", "").split("\n")
        begun = block.content.rfind(b"\n", 0, start) + 1
        column = int(np.diff(np.searchsorted(marks, [begun, start]))[0])
        counts = [piece.count(delimiter) for piece in pieces]
        expected = [width - 1 - column, *[width - 1] * (len(pieces) - 2), column]
        if counts == expected and _fits(pieces, column, pattern, delimiter):
            found.append(int(block.lines_of(np.array([start]))[0]))
    return found


def _fits(pieces: list[str], column: int, pattern: list[str], delimiter: str) -> bool:
    """Whether lines inside a cell are rows: where the table has numbers, they have numbers."""
    # The last line is the start of a row, as far as the column in which the quote was closed.
    rows = [*(piece.split(delimiter) for piece in pieces[1:-1]), pieces[-1].split(delimiter)[:-1]]
    shapes = [
        (_shape(cell), kind) for row in rows for cell, kind in zip(row, pattern, strict=False)
    ]
    first = pieces[0].split(delimiter)[1:]
    shapes += [
        (_shape(cell), kind) for cell, kind in zip(first, pattern[column + 1 :], strict=False)
    ]
    known = [(found, kind) for found, kind in shapes if found and kind != "text"]
    if known:
        return all(found == kind for found, kind in known)
    # Only words: a row of several of them is hardly prose with as many delimiters in every line.
    return len(pattern) > 3 and len(shapes) > 2


def shapes(content: bytes, delimiter: str, width: int) -> list[str]:
    """What the cells of each column are: "number" or "text", of the rows of the first lines."""
    lines = content[: 1 << 16].decode("utf-8", "replace").splitlines()[1 : _COMPARED_RECORDS + 1]
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if len(row) == width]
    columns = list(zip(*rows, strict=True)) or [()] * width
    return [
        "number" if sum(_shape(cell) == "number" for cell in column) > len(column) / 2 else "text"
        for column in columns
    ]


def _shape(cell: str) -> str:
    """What a cell is: "number" where half of it or more is digits, "text", or "" if blank."""
    text = cell.strip(' "')
    if not text:
        return ""
    digits = sum(letter.isdigit() for letter in text)
    return "number" if digits * 2 >= len(text) and " " not in text.strip() else "text"
