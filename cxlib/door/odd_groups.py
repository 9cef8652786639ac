"""Attributes whose values are no groups of their own: written in two ways, blank in words, sums."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import narwhals as nw

from cxlib import contracts, engine
from cxlib.door.findings import Finding
from cxlib.sources import Source

# Of a longer file some rows, evenly spread, show its groups.
_ALL_ROWS = 1_000_000
# More values than these are texts of their own, or ids.
_MOST_VALUES = 20_000
# So many groups are meant one by one; of more, some may differ in capitals alone on purpose.
_FEW_VALUES, _LEAST_PAIRS, _SHARE_OF_PAIRS = 200, 3, 0.01
_SHOWN = 3
_LONGEST_SHOWN = 40

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_JOINERS = str.maketrans("", "", "\u200c\u200d\u0654")
# A blank between two figures tells numbers apart.
_LATIN, _ARABIC = re.compile("[A-Za-z]"), re.compile("[\u0620-\u06d3]")
_LEAST_TRANSLATED = 3
_BLANK = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")

_NO_VALUE = re.compile(
    r"#?n/a\.?|na|n\.a\.|nan|nil|\(?(null|blank|empty|none|not set|unknown)\)?"
    r"|[-\u2013\u2014]+|[?._]+|undefined|unspecified"
    r"|not (set|specified|known|available|applicable|given)"
    r"|no (answer|response|data|value)|missing|unbekannt|k\. ?a\.|keine angabe|nicht angegeben"
    r"|inconnue?|non (renseigné|précisé)e?|desconocid[oa]|sin datos|bilinmiyor|belirtilmemiş"
    r"|неизвестно|не указано|نامشخص|نامعلوم|ندارد|ثبت نشده|وارد نشده|بدون پاسخ|نامعین"
    r"|غیر معروف|غیر محدد",
    re.IGNORECASE,
)
_CODE = re.compile("[A-Z]{2,4}")
_TESTS = re.compile(r"(test|testing|asdf+|qwert[yz]|dummy|تست|آزمایشی)[ _-]?[0-9]?", re.IGNORECASE)
# Where more rows are called so, or others a control, tests are what the file is about.
_MOST_TESTS = 0.1
_CONTROL = re.compile(r"(control|kontroll|baseline|کنترل|گواه|شاهد).*", re.IGNORECASE)

_DELIMITERS = (";", "|", ",", "،", " / ")
_LEAST_CHOICES, _LEAST_COMBINED, _KNOWN_CHOICES = 3, 3, 0.8
_LEAST_ROWS = 30

_SUMS = (
    r"(grand )?(sub-?)?totals?|sum|count|average|mean|max|min|summe|gesamt(summe)?|ergebnis|anzahl"
    r"|mittelwert|somme|moyenne|toplam|ortalama|جمع( کل)?|مجموع"
)
_SUM_OF = re.compile(rf"({_SUMS}|میانگین|متوسط|تعداد|المجموع)[ :_-]+(?P<of>.+)", re.IGNORECASE)
_OF_SUM = re.compile(rf"(?P<of>.+)[ :_-]+({_SUMS})", re.IGNORECASE)

_OF_ALL = re.compile(rf"grand ({_SUMS})|gesamtergebnis|genel toplam|جمع کل", re.IGNORECASE)

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|mär|okt|dez"
_TRUE_DATE = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]([ T]00:00(:00(\.0+)?)?)?")
_SHORT_DATE = re.compile(
    rf"[0-9]{{1,2}}[-. ]({_MONTHS})|({_MONTHS})[-. ][0-9]{{1,2}}", re.IGNORECASE
)
# More days than these are those of something that happened.
_MOST_DAYS = 12

_MOST_FILLED = 0.1


@dataclass(frozen=True)
class _Groups:
    """The values of an attribute with their numbers of rows, and where each stands first."""

    source: Source
    name: str
    rows: dict[str, int]
    first: dict[str, int]
    blank: int
    first_blank: int
    is_workbook: bool

    def finding(self, text: str, values: Collection[str]) -> Finding:
        theirs = self.source.wanted[self.name]
        return Finding(self.name, theirs, text, sum(self.rows[value] for value in values))


def odd_groups(
    source: Source,
    file: engine.File,
    kept: nw.LazyFrame,
    sample: nw.LazyFrame,
    unseen: Collection[str],
    *,
    rows: int,
) -> list[Finding]:
    """Warnings about values of attributes that are no groups of their own.

    Values that are one written in several ways (also of products and waves) or in two scripts;
    words for no value, and of tests; combinations of choices; sums of other groups; texts that a
    spreadsheet has made dates; a value in the first row of each group alone. `kept`: those of the
    `rows` rows that are not left out; `unseen`: attributes that are numbers, or may not be shown.
    Of purchases `sample`, and of more than a million others some, are looked at, and counted.
    """
    attributes = [name for name in source.kept_attributes if name not in unseen]
    names = [*attributes, *(name for name in ("product", "wave") if name in source.columns)]
    is_bought = source.input == contracts.TRANSACTIONS.name
    some = kept
    if is_bought or rows > _ALL_ROWS:
        some = sample if is_bought else contracts.sampled(kept, rows)
    is_whole = some is kept or rows // contracts.SAMPLE_ROWS <= 1
    told: list[Finding] = []
    for name in names:
        groups = _groups(source, some, name, is_workbook=not file.is_csv)
        if not groups.rows or len(groups.rows) > _MOST_VALUES:
            continue
        told += _in_several_ways(groups)
        if name in attributes:
            told += [*_no_value(groups), *_tests(groups), *_combined(groups), *_sums(groups)]
            told += [*_made_dates(groups), *_in_two_scripts(groups)]
            told += _first_row_alone(groups) if is_whole else ()
    return told


def _groups(source: Source, some: nw.LazyFrame, name: str, *, is_workbook: bool) -> _Groups:
    counted = some.group_by(name).agg(
        nw.len().alias("__rows"), nw.col(engine.ROW).min().alias("__first")
    )
    found = {
        value: (count, first)
        for value, count, first in counted.select(name, "__rows", "__first")
        .collect("pyarrow")
        .iter_rows()
    }
    blank, first_blank = found.pop(None, (0, 0))
    values = sorted(found, key=lambda value: found[value][1])
    return _Groups(
        source,
        name,
        {value: found[value][0] for value in values},
        {value: found[value][1] for value in values},
        blank,
        first_blank,
        is_workbook,
    )


def _in_several_ways(groups: _Groups) -> Iterator[Finding]:
    alike: dict[str, list[str]] = {}
    for value in groups.rows:
        alike.setdefault(_plain(value), []).append(value)
    several = [values for values in alike.values() if len(values) > 1]
    enough = 1
    if len(alike) > _FEW_VALUES:
        enough = max(_LEAST_PAIRS, int(_SHARE_OF_PAIRS * len(alike)))
    if not several or len(several) < enough:
        return
    several.sort(key=lambda values: -sum(groups.rows[value] for value in values))
    rarer = [
        value
        for values in several
        for value in sorted(values, key=lambda value: -groups.rows[value])[1:]
    ]
    text = (
        f"{len(several):,} values are written in several ways ({_some(several[0])}), each a group"
        " of its own: write each in one way in the file"
    )
    yield groups.finding(text, rarer)


def _in_two_scripts(groups: _Groups) -> Iterator[Finding]:
    """As many values in Latin as in Arabic letters, each group of its own."""
    latin = [value for value in groups.rows if _LATIN.search(value) and not _ARABIC.search(value)]
    arabic = [value for value in groups.rows if _ARABIC.search(value) and not _LATIN.search(value)]
    if len(latin) != len(arabic) or len(latin) < _LEAST_TRANSLATED:
        return
    text = (
        f"as many values are written in one script as in another ({_some([latin[0], arabic[0]])}):"
        " are they the same in two languages? Then write each in one"
    )
    yield groups.finding(text, arabic)


def _plain(value: str) -> str:
    """A value without what a reader does not see: capitals, blanks, joiners, forms of letters."""
    text = engine.folded(unicodedata.normalize("NFKC", value), key=True).casefold()
    return _BLANK.sub("", text.translate(_JOINERS).translate(_DASHES)) or value


def _no_value(groups: _Groups) -> Iterator[Finding]:
    # Whoever has declared the codes of a column has declared all of them.
    declared = groups.source.entry.get("missing")
    if declared == [] or (isinstance(declared, dict) and groups.name in declared):
        return
    found = [value for value in groups.rows if _NO_VALUE.fullmatch(_seen(value))]
    others = [value for value in groups.rows if value not in found]
    if "+" in others:
        found = [value for value in found if value != "-"]
    if others and all(map(_CODE.fullmatch, others)):
        # North America, or Namibia, among other codes.
        found = [value for value in found if value != "NA"]
    if not found or not others:
        return
    name = json.dumps(groups.name, ensure_ascii=False)
    if isinstance(declared, list):
        code = f"missing = {json.dumps([*declared, *found], ensure_ascii=False)}"
    else:
        code = f"missing = {{ {name} = {json.dumps(found, ensure_ascii=False)} }}"
    text = (
        f"words for no value count as groups ({_some(found)}): declare {code} in"
        f" {groups.source.where}; or, where they are groups, missing = {{ {name} = [] }}"
    )
    yield groups.finding(text, found)


def _tests(groups: _Groups) -> Iterator[Finding]:
    found = [value for value in groups.rows if _TESTS.fullmatch(_seen(value))]
    others = [value for value in groups.rows if value not in found]
    if not found or not others or any(map(_CONTROL.fullmatch, others)):
        return
    if sum(groups.rows[value] for value in found) > _MOST_TESTS * sum(groups.rows.values()):
        return
    text = f"groups of test entries ({_some(found)}): take the rows out of the file"
    yield groups.finding(text, found)


def _combined(groups: _Groups) -> Iterator[Finding]:
    for delimiter in _DELIMITERS:
        parts = {
            value: [part.strip() for part in value.split(delimiter) if part.strip()]
            for value in groups.rows
        }
        combined = {value: found for value, found in parts.items() if len(found) > 1}
        if len(combined) < _LEAST_COMBINED:
            continue
        times = Counter(part for found in combined.values() for part in set(found))
        choices = {part for part, count in times.items() if count > 1}
        if len(choices) < _LEAST_CHOICES or not _is_free(parts, choices):
            continue
        known = sum(set(found) <= choices for found in combined.values())
        rows = sum(groups.rows[value] for value in combined)
        if known < _KNOWN_CHOICES * len(combined) or rows < _LEAST_ROWS:
            continue
        text = (
            f"values are combinations of choices ({_some(list(combined))}), each a group of its"
            " own: give each choice a column with yes or no"
        )
        yield groups.finding(text, combined)
        return


def _is_free(parts: dict[str, list[str]], choices: set[str]) -> bool:
    """Whether choices stand now here, now there, as parts of a place or of a plan do not."""
    starts: dict[str, set[int]] = {}
    ends: dict[str, set[int]] = {}
    for found in parts.values():
        for number, part in enumerate(found):
            starts.setdefault(part, set()).add(number)
            ends.setdefault(part, set()).add(len(found) - number)
    return any(len(starts[part]) > 1 and len(ends[part]) > 1 for part in choices)


def _sums(groups: _Groups) -> Iterator[Finding]:
    known = {_plain(value) for value in groups.rows}
    found = [value for value in groups.rows if _is_sum_of(value, known)]
    if found:
        found += [value for value in groups.rows if _OF_ALL.fullmatch(_seen(value))]
        text = f"sums or means of other groups ({_some(found)}): take the rows out of the file"
        yield groups.finding(text, found)


def _is_sum_of(value: str, known: set[str]) -> bool:
    tried = (pattern.fullmatch(_seen(value)) for pattern in (_SUM_OF, _OF_SUM))
    return any(one is not None and _plain(one["of"]) in known for one in tried)


def _made_dates(groups: _Groups) -> Iterator[Finding]:
    pattern = _TRUE_DATE if groups.is_workbook else _SHORT_DATE
    dates = [value for value in groups.rows if pattern.fullmatch(value)]
    others = [
        value
        for value in groups.rows
        if value not in dates and any(map(str.isdigit, value)) and not _TRUE_DATE.match(value)
    ]
    if not dates or not others or len(dates) > _MOST_DAYS:
        return
    text = (
        f"dates beside {_some(others)} ({_some(dates)}): a spreadsheet makes a day of a text such"
        " as 1-5; format the column as text and enter these anew"
    )
    yield groups.finding(text, dates)


def _first_row_alone(groups: _Groups) -> Iterator[Finding]:
    filled = len(groups.rows)
    rows = sum(groups.rows.values())
    if filled != rows or not _LEAST_CHOICES <= filled <= _MOST_FILLED * (rows + groups.blank):
        return
    if min(groups.first.values()) > groups.first_blank:
        return
    text = (
        f"blank in all but {filled:,} rows, the first among them, each with a value of its own:"
        " only in the first row of each group? Then fill the value down in the file"
    )
    yield groups.finding(text, groups.rows)


def _seen(value: str) -> str:
    return engine.folded(value).strip()


def _some(values: Collection[str]) -> str:
    shown = [
        value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}..."
        for value in values
    ]
    return ", ".join(f'"{value}"' for value in shown[:_SHOWN])
