"""Tables of a notebook set for reading: headings, kinds of columns, names, captions of frames."""

import re

from bs4 import BeautifulSoup, Tag

_NUMBER = re.compile(r"[-+−]?[\d,]*\.?\d+(e[-+]?\d+)?( ?%)?|[-+]?inf|–|suppressed|")
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?|–|")
_MISSING = {"NaN", "nan", "None", "<NA>", "NaT"}
_LONG_TEXT = 24


def set_tables(page: BeautifulSoup, name: str) -> None:
    """Tidy every table of the page and put each into a frame that scrolls, numbered from one.

    `name` is the page's word for a table. A frame can be reached by keyboard, and is called by its
    number and the heading above it, as the table in it is.
    """
    for number, table in enumerate(page.find_all("table"), start=1):
        _join_headings(table)
        _drop_row_numbers(table)
        _name_headings(table)
        _classify_columns(table)
        frame = table.find_parent(class_="frame")
        if frame is None:
            frame = table.wrap(page.new_tag("div", attrs={"class": "frame"}))
        heading = table.find_previous(["h1", "h2", "h3"])
        label = f"{name} {number}: {heading.get_text()}" if heading else f"{name} {number}"
        label = " ".join(label.split())
        table["aria-label"] = label
        frame.attrs |= {
            "id": f"table-{number}",
            "tabindex": "0",
            "role": "group",
            "aria-label": label,
        }


def _cells(table: Tag, part: str) -> list[list[Tag]]:
    rows = [row for found in table.find_all(part) for row in found.find_all("tr")]
    return [list(row.find_all(["th", "td"])) for row in rows]


def _join_headings(table: Tag) -> None:
    """Lift the names of a frame's index, which have a row of their own, into the headings above.

    There the name of all columns together may stand, which gives way.
    """
    heads = _cells(table, "thead")
    if len(heads) < 2 or len(heads[-1]) != len(heads[-2]):
        return
    pairs = list(zip(heads[-2], heads[-1], strict=True))
    named = max((i for i, (_, name) in enumerate(pairs, start=1) if name.get_text()), default=0)
    clashes = [i for i, pair in enumerate(pairs, start=1) if all(cell.get_text() for cell in pair)]
    if clashes and (clashes != [named] or named == len(pairs)):
        return
    for above, name in pairs[:named]:
        above.string = name.get_text()
    table.find_all("thead")[-1].find_all("tr")[-1].decompose()


def _drop_row_numbers(table: Tag) -> None:
    """Leave out the index of a frame that has none of its own: unnamed, 0 to n - 1."""
    heads = _cells(table, "thead")
    firsts = [row[0] for row in _cells(table, "tbody")]
    if len(heads) != 1 or heads[0][0].get_text():
        return
    if [cell.get_text() for cell in firsts] == [str(i) for i in range(len(firsts))]:
        for cell in [heads[0][0], *firsts]:
            cell.decompose()


def _name_headings(table: Tag) -> None:
    """Say which heads a row and which a column; an empty one is no heading."""
    for row in _cells(table, "thead"):
        for cell in row:
            if cell.get_text(strip=True):
                cell["scope"] = "colgroup" if cell.has_attr("colspan") else "col"
            else:
                cell.name = "td"
    for row in _cells(table, "tbody"):
        for cell in row:
            if cell.name == "th":
                cell["scope"] = "rowgroup" if cell.has_attr("rowspan") else "row"


def _classify_columns(table: Tag) -> None:
    """Mark columns as number, date or text, with their headings, and show what is missing as –."""
    heads, rows = _cells(table, "thead"), _cells(table, "tbody")
    for cell in (cell for row in rows for cell in row):
        if cell.get_text() in _MISSING:
            cell.string = "–"
    width = max((len(row) for row in rows), default=0)
    # A heading that spans columns, or a row cut short by a spanning index, is left alone.
    heads, rows = ([row for row in part if len(row) == width] for part in (heads, rows))
    for position, column in enumerate(zip(*rows, strict=True)):
        texts = [cell.get_text().strip() for cell in column]
        kind = "long" if max(map(len, texts)) > _LONG_TEXT else "short"
        if all(_NUMBER.fullmatch(text) for text in texts):
            kind = "number"
        elif all(_DATE.fullmatch(text) for text in texts):
            kind = "date"
        for cell in [*column, *(head[position] for head in heads)]:
            cell["class"] = kind
