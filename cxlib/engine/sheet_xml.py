"""What only the XML of an .xlsx sheet says: errors, formulas never computed, how far it reaches.

The XML is searched, not parsed: a million rows take a second or two.
"""

import posixpath
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

_CHUNK_BYTES = 1 << 20
_LONGEST_ROW_BYTES = 64 << 20
_MOST_BOOK_BYTES = 16 << 20
_LETTERS = 26

# These two begin with a fixed text: they look through every cell.
_ROW = re.compile(rb'row\s[^>]*?\br="(\d+)"')
_HIDDEN_ROW = re.compile(rb'row\s(?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_FAR_COLUMN = re.compile(rb' r="([A-Z]{2,3})\d')
_FORMULA = re.compile(rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b(.*?)</(?:\w+:)?c>", re.DOTALL)
_MAYBE_FORMULA = re.compile(rb"[<:]f[\s>/]")
_ERROR = re.compile(rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_STYLED = re.compile(rb'<(?:\w+:)?c\s([^>]*\bs="(\d+)"[^>]*)>\s*<(?:\w+:)?v>(\d+)<')
_FORMATTED = re.compile(rb'<(?:\w+:)?c\s([^>]*\bs="(\d+)"[^>]*[^/])>')
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_RANGE = re.compile(rb'\b(min|max)="(\d+)"')
_LAST_COLUMN = 16_384
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
# Of a number format: what stands for itself, and colours, conditions and languages.
_NO_DIGITS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_EXACT = set("#?.,%Ee")
# The mark of a currency stands in brackets, with a language behind it, or by itself.
_MARKED_CURRENCY = re.compile(r"\[\$([^\]-]+)")
# Of a number format: colours, widths and fillings; a sign that only the format shows.
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|_.|\*.")
_MINUS_SHOWN = re.compile(r'(\\?-|"-\s*")\D*[0#?]')
_SIDE_SHOWN = re.compile(r"\b(Cr|Dr)\b", re.IGNORECASE)
_CURRENCY_WORDS = re.compile(
    r"\b(USD|EUR|GBP|CHF|IRR|TRY|AED|RUB|Rls?|TL|kr|zł|Ft|lei)\b|ریال|تومان|درهم|руб"
)


@dataclass
class Marks:
    """What the XML says of the cells of a sheet; places are (row, column), both from 1.

    `rows`, `columns`: how far the sheet reaches, cells that only have a format included.
    `errors`: the text of each error cell. `never_computed`: formulas without a value. `padded`:
    numbers that the number format shows with leading zeros. `hidden`: rows that are not shown,
    such as those that a filter leaves out. `struck`: rows with a cell that is struck out.
    `currencies`: of a column, the rows that the number format shows in each currency.
    `signs`: of a column, the rows that the number format shows with each sign, "-", "Cr" or "Dr".
    `hidden_columns`: those that are not shown. `formulas`: how many cells have one, where the
    workbook computes them only when told to.
    `counts_from_1904`: the day numbers of the workbook do, not from 1900.
    """

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    never_computed: list[tuple[int, int]] = field(default_factory=list)
    padded: list[tuple[int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    currencies: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    signs: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: int = 0
    counts_from_1904: bool = False

    def add_format(self, row: int, column: int, style: "Style") -> None:
        """Take in how a cell with a value is shown."""
        if style.is_struck:
            self.struck.add(row)
        if style.currency:
            self.currencies.setdefault(column, {}).setdefault(style.currency, []).append(row)
        if style.sign:
            self.signs.setdefault(column, {}).setdefault(style.sign, []).append(row)


@dataclass(frozen=True)
class Style:
    """How cells are shown: with so many digits by zeros, in a currency, struck out, with a sign."""

    zeros: int = 0
    currency: str = ""
    is_struck: bool = False
    sign: str = ""

    @property
    def is_telling(self) -> bool:
        return bool(self.currency or self.sign) or self.is_struck


_PLAIN = Style()
_SAME_CURRENCY = {"EUR": "€", "USD": "$", "GBP": "£", "TRY": "₺", "TL": "₺"}
_SAME_CURRENCY |= dict.fromkeys(("IRR", "Rls", "Rl", "\ufdfc"), "ریال")


def read_marks(path: Path, sheet: str) -> Marks:
    """The marks of the sheet of this name.

    Raises KeyError, ValueError, zipfile.BadZipFile or ElementTree.ParseError when the workbook
    is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        book = _small(archive, "xl/workbook.xml")
        # Its writer asks for a computation at opening: the values are not those of the formulas.
        uncomputed = any(one.get("fullCalcOnLoad") in ("1", "true") for one in _all(book, "calcPr"))
        ids = {
            one.get("name"): next(value for key, value in one.items() if key.endswith("}id"))
            for one in _all(book, "sheet")
        }
        targets = {
            one.get("Id"): one.get("Target", "")
            for one in _all(_small(archive, "xl/_rels/workbook.xml.rels"), "Relationship")
        }
        part = posixpath.normpath(posixpath.join("/xl", targets[ids[sheet]])).lstrip("/")
        styles = _styles(archive)
        marks = Marks()
        marks.counts_from_1904 = any(
            one.get("date1904") in ("1", "true") for one in _all(book, "workbookPr")
        )
        by_hand = any(one.get("calcMode") == "manual" for one in _all(book, "calcPr"))
        for rows in _whole_rows(archive, part):
            if not marks.rows:
                marks.hidden_columns |= _hidden_columns(rows)
            _search(rows, marks, styles, uncomputed=uncomputed)
            marks.formulas += len(_FORMULA.findall(rows)) if by_hand else 0
    return marks


def _small(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    if archive.getinfo(part).file_size > _MOST_BOOK_BYTES:
        raise ValueError(f"{part} is too large")
    return ElementTree.fromstring(archive.read(part))


def _all(root: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return root.iterfind(f".//{{*}}{tag}")


def _styles(archive: zipfile.ZipFile) -> dict[bytes, Style]:
    """The styles of cells that say more than the values, by their numbers."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = _small(archive, "xl/styles.xml")
    formats = {one.get("numFmtId"): one.get("formatCode", "") for one in _all(root, "numFmt")}
    struck = {
        str(number)
        for number, font in enumerate(root.iterfind("{*}fonts/{*}font"))
        if any(one.get("val", "1") in ("1", "true") for one in font.iterfind("{*}strike"))
    }
    styles = {}
    for number, one in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        text = formats.get(one.get("numFmtId"), "")
        style = Style(
            zeros_shown(text), currency_shown(text), one.get("fontId") in struck, sign_shown(text)
        )
        if style != Style():
            styles[str(number).encode()] = style
    return styles


def currency_shown(number_format: str) -> str:
    """The mark or the word of the currency in which a number format shows numbers, "" for none."""
    section = number_format.split(";", 1)[0]
    found = ""
    if marked := _MARKED_CURRENCY.search(section):
        found = marked[1].strip()
    elif signs := [letter for letter in section if unicodedata.category(letter) == "Sc"]:
        found = signs[0]
    elif word := _CURRENCY_WORDS.search(section):
        found = word[0]
    return _SAME_CURRENCY.get(found, found)


def sign_shown(number_format: str) -> str:
    """The sign that a number format shows with positive numbers: "-", "Cr", "Dr" or ""."""
    if re.search(r"\[[<>=]", number_format):
        return ""
    section = _NOT_SHOWN.sub("", number_format.split(";", 1)[0]).strip()
    if side := _SIDE_SHOWN.search(section):
        return side[1].title()
    return "-" if _MINUS_SHOWN.match(section) else ""


def zeros_shown(number_format: str) -> int:
    """To how many digits a number format fills up a whole number with zeros, 0 if it does not.

    Of its first section; what stands in quotes, in brackets or after a backslash is no digit. A
    format with a fraction, an exponent or digits that are left out is one of amounts.
    """
    section = _NO_DIGITS.sub("", number_format).split(";")[0]
    width = section.count("0")
    return width if width > 1 and not _EXACT & set(section) else 0


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            rest += chunk
            end = rest.rfind(b"row>") + len(b"row>")
            if end >= len(b"row>"):
                yield rest[:end]
                rest = rest[end:]
            if len(rest) > _LONGEST_ROW_BYTES:
                raise ValueError("a row is too long")
    yield rest


def _hidden_columns(xml: bytes) -> set[int]:
    found: set[int] = set()
    for attributes in _COLUMN.findall(xml.split(b"sheetData", 1)[0]):
        ends = {name: int(number) for name, number in _RANGE.findall(attributes)}
        if _HIDDEN.search(attributes) and len(ends) == len((b"min", b"max")):
            found.update(range(ends[b"min"], min(ends[b"max"], _LAST_COLUMN) + 1))
    return found


def _search(xml: bytes, marks: Marks, styles: dict[bytes, Style], *, uncomputed: bool) -> None:
    marks.rows = max(marks.rows, *map(int, _ROW.findall(xml)), 0)
    if b"hidden=" in xml:
        marks.hidden += map(int, _HIDDEN_ROW.findall(xml))
    far = {_column(letters) for letters in set(_FAR_COLUMN.findall(xml))}
    marks.columns = max(marks.columns, *far, _LETTERS)
    for attributes, body in _FORMULA.findall(xml) if _MAYBE_FORMULA.search(xml) else ():
        empty_text = b't="str"' in attributes
        if uncomputed or not (empty_text or _VALUE.search(body)):
            marks.never_computed.append(_place(attributes))
    for attributes, body in _ERROR.findall(xml) if b't="e"' in xml else ():
        found = _VALUE.search(body)
        marks.errors[_place(attributes)] = found[1].decode() if found else "#N/A"
    if any(style.zeros for style in styles.values()):
        for attributes, number, digits in _STYLED.findall(xml):
            if len(digits) < styles.get(number, _PLAIN).zeros:
                marks.padded.append(_place(attributes))
    if any(style.is_telling for style in styles.values()):
        for attributes, number in _FORMATTED.findall(xml):
            if (style := styles.get(number, _PLAIN)).is_telling:
                marks.add_format(*_place(attributes), style)


def _place(attributes: bytes) -> tuple[int, int]:
    found = _PLACE.search(attributes)
    if found is None:
        raise ValueError("a cell without a place")
    return int(found[2]), _column(found[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
