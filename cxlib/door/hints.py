"""How to mend a column whose texts are not of its type: a declaration that would read them."""

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from cxlib import engine
from cxlib.contracts import Rule
from cxlib.door.casts import casts
from cxlib.engine import Cast
from cxlib.notation import ISO_DATE
from cxlib.sources import Source, keys

_JALALI_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f")
_TIMES = (*_JALALI_TIMES, "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_ORDERS = ("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d")
_MONTHLY = ("%Y-%m", "%m-%Y")
_MONTHS_IN_WORDS = ("%b-%y", "%b %y", "%b-%Y", "%b %Y", "%B %Y", "%Y%m")
_IN_WORDS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
_JALALI_ORDERS = ("%Y-%m-%d", "%d-%m-%Y")
_JALALI_WORDS = ("%d %B %Y", "%B %Y")
# Decimal and thousands mark.
_MARKS = (
    *((",", ""), (",", "."), (",", " "), (",", "'")),
    *((".", ","), (".", " "), (".", "'"), (".", "\u2019"), (".", "\u060c"), ("/", ""), ("/", ",")),
    (".", "/"),
)

# By which the ways to read a column are judged: of a long file all its rows would take as long as
# reading it did.
_JUDGED_ROWS = 20_000

# Rows that a form may leave unread, as typing errors.
_FEW, _FEW_ROWS = 0.05, 10
# What stands for no end: a day beyond all others, zeros, or words.
_NO_END = re.compile(r"(0000|20[5-9][0-9]|2[1-9][0-9]{2}|[3-9][0-9]{3})\b.*|[^0-9]+")
_CODE = re.compile("%[A-Za-z]")
_CODE_PARTS = re.compile("%([A-Za-z])")
_NUMBERS = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": "(?P<m>[0-9]{1,2})",
    "d": "(?P<d>[0-9]{1,2})",
    **dict.fromkeys("HMS", "[0-9]{1,2}"),
}
# Of 1954 to 2119.
_EXCEL_DAY = re.compile(r"[2-7][0-9]{4}(\.[0-9]+)?")

# A year up to 1409, or from 1395, and no day of a month.
_YEAR_FIRST = r"(0[0-9]|9[5-9])[-/.][0-9]{1,2}[-/.][0-9]{1,2}( .*)?"
_FOUR_DIGITS = (
    "years of two digits stand first, and days are those of Jalali months: write years of four"
    " digits"
)
_UNIX_TIME = r"1[0-9]{9}([0-9]{3})?(\.[0-9]+)?"
_ZONE = re.compile(engine.ZONE)
_ZONED = r".*[0-9:](Z|z| ?UTC| ?GMT|[-+][0-9]{2}:?[0-9]{2})"
_OTHER_MONTHS = (
    "(?i).*(januar|februar|märz|mai|juni|juli|oktober|dezember|janv|févr|avril|juin|juil|août"
    "|septembre|octobre|novembre|déc|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
    "|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre"
    "|dicembre|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık).*"
)
_DATE_REMEDIES = {
    _UNIX_TIME: "seconds or milliseconds since 1970: write the local day of each row into the file",
    _ZONED: "times with a time zone, which would move days: write the local day of each row",
    _OTHER_MONTHS: "months in words are read in English, and those of the Jalali calendar, in no"
    " other language: write numbers",
}
_OTHER_CALENDAR = {
    "gregorian": {
        r"1[2-4][0-9]{2}[-/. ].*|.*[-/. ]1[2-4][0-9]{2}": "years of the Jalali calendar beside"
        " others: write all dates in one calendar"
    },
    "jalali": {
        r"(19|20)[0-9]{2}[-/. ].*|.*[-/. ](19|20)[0-9]{2}": "years of the Gregorian calendar beside"
        " others: write all dates in one calendar"
    },
}
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SIDE = r"(?i)[-+]?[0-9][0-9.,]* ?(cr|dr|c|d|s|h)\.?"
_NUMBER_REMEDIES = {
    _SIDE: "the side of an account after the number (CR, DR): write a minus before the numbers of"
    " the side that takes money back, and the number alone",
    r"\(.*\)": "a number in brackets: write a negative one with a minus before it, as -12",
    r"[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}(\.[0-9]*)?": "groups of two digits (lakh and crore): write"
    " the number without commas, as 1234567.50",
    r".*[0-9][-\x{2212}]": "a minus after the number: write it before, as -12",
    r".*[%\x{066A}]": "a percent sign: write the number alone, 12 or 0.12 in all rows",
    r"(.*\p{Sc}.*|\p{L}{2,} ?[-0-9].*|.*[0-9] ?[\p{L}\x{200c} ]{2,})": "a currency or unit in the"
    " cell: write the number alone; where all amounts are in one currency declare currency = "
    '"...", else put the currency into a column of its own',
}


def remedy(source: Source, file: engine.File, rule: Rule, texts: Sequence[str]) -> str:
    """How to mend the rows that break `rule`: its own remedy, or a closer one.

    For texts that are no numbers or no dates the column is read in other ways, those that `texts`,
    the first of them, may be of: the declarations that read every row are named, all of them where
    there are several; of none, that which leaves the fewest rows. Nothing is taken without a
    declaration.
    """
    if rule.column == "ended" and len(texts) == 1 and _NO_END.fullmatch(texts[0]):
        missing = f"missing = {{ ended = [{json.dumps(texts[0], ensure_ascii=False)}] }}"
        return (
            f"if it stands for no end, declare in {source.where}: {missing}; else correct the rows"
        )
    found = next((one for one in casts(source, file) if one.name == rule.column), None)
    if rule.of_type and found and found.type == "number":
        return _remedy_of_numbers(source, file, found, texts) or rule.remedy
    if rule.of_type and found and found.type == "date":
        others = _likely_dates(found, [engine.folded(text) for text in texts])
        said = _DATE_REMEDIES | _OTHER_CALENDAR[found.calendar]
        closer = _closer(source, file, found, others, said)
        if closer and (theirs := _read_as_declared(source, file, found, others)):
            return (
                f"the dates of {theirs} are read as declared, those of"
                f" {source.wanted[found.name]} are not: write both columns in one calendar and form"
            )
        if not closer and texts and all(_never_was(found.date_format, text) for text in texts):
            return "there is no such day: correct the rows, or take them out of the file"
        return closer or rule.remedy
    return rule.remedy


def _remedy_of_numbers(source: Source, file: engine.File, found: Cast, texts: Sequence[str]) -> str:
    if "value_labels" in keys(source.input) and all(map(_WORDS.search, texts)):
        return _labels(source, found.name, texts)
    others = [_written(found, marks) for marks in _MARKS]
    return _closer(source, file, found, others, _NUMBER_REMEDIES)


def _labels(source: Source, name: str, texts: Sequence[str]) -> str:
    """How to declare words for answers; `texts`: the first of them."""
    column, label = (json.dumps(one, ensure_ascii=False) for one in (name, (*texts, "")[0]))
    column = name if name.isidentifier() else column
    return (
        "correct the rows; or, where words stand for answers, declare the number of each in"
        f" {source.where}: value_labels = {{ {column} = {{ {label} = N }} }}; or, where they"
        f' stand for no answer: missing = {{ {column} = ["..."] }}'
    )


def _never_was(date_format: str, text: str) -> bool:
    """Whether a text that is no date has the form of one, as 2024-02-31 or 2024-13-05."""
    pieces = _CODE_PARTS.split(date_format)
    pattern = "".join(
        _NUMBERS.get(one, "") if number % 2 else re.escape(one) for number, one in enumerate(pieces)
    )
    if not {"m", "d"} <= {*pieces[1::2]} <= _NUMBERS.keys():
        return False
    found = re.fullmatch(pattern, engine.folded(text))
    return found is not None and int(found["m"]) > 0 and int(found["d"]) > 0


def _closer(
    source: Source,
    file: engine.File,
    found: Cast,
    others: Sequence[Cast],
    said: Mapping[str, str],
) -> str:
    """The remedy for a column that is read as `found` and could be read in other ways, or ""."""
    patterns = [*said, _YEAR_FIRST]
    read = engine.readings(file, [found, *others], patterns, first_rows=_JUDGED_ROWS)
    if not read.unread[0]:
        return ""  # what is wrong comes later
    all_of = f"of the first {read.rows:,}" if read.rows == _JUDGED_ROWS else ""
    counted = zip(others, read.unread[1:], strict=True)
    unread = {one: count for one, count in counted if one != found}
    special = [said[one] for one, count in zip(said, read.alike, strict=False) if count]
    if said.get(_SIDE) in special:
        special = special[:1]
    fit = [one for one, count in unread.items() if not count]
    if fit:
        is_short = read.alike[-1] == read.unread[0] and _have_years_last(fit)
        ways = _without_idle_marks(fit)
        return _FOUR_DIGITS if is_short else _declare(source, ways, found, all_of)
    if special:
        return "; ".join(special)
    best = min(unread, key=lambda one: unread[one], default=found)
    few = max(_FEW_ROWS, _FEW * read.rows)
    forms = (read.unread[0], unread.get(best, 0))
    if found.type == "date" and all(few < one < read.rows - few for one in forms):
        return (
            f"dates of two forms, {found.date_format} and {best.date_format}: export each part of"
            " the file again in one form; a day up to the 12th may be wrong in either, and a"
            " program that has made dates of some may have swapped their day and month"
        )
    if unread.get(best, read.unread[0]) >= read.unread[0]:
        return ""
    way = _declare(source, [best], found, all_of)
    those = f"all {all_of or 'rows'} but {unread[best]:,}"
    return f"{way}, which reads {those}, and correct those"


def _have_years_last(ways: Sequence[Cast]) -> bool:
    return all(one.type == "date" and not one.date_format.startswith("%y") for one in ways)


def _likely_dates(found: Cast, texts: Sequence[str]) -> list[Cast]:
    """The ways to read a date that have the marks of one of the texts at the same places."""
    if texts and all(_EXCEL_DAY.fullmatch(text) for text in texts):
        return [dataclasses.replace(found, date_format=engine.EXCEL, calendar="gregorian")]
    times = [_ZONE.sub("", text) if ":" in text else text for text in texts]
    if texts and not {*times} & {*texts}:
        of_times = [one for one in _likely_dates(found, times) if engine.has_time(one.date_format)]
        return [
            dataclasses.replace(one, date_format=f"{one.date_format}%z")
            for one in of_times
            if one.calendar == "gregorian"
        ]
    marks = {_marks(text) for text in texts}
    return [one for one in _dates(found) if _marks(_CODE.sub("", one.date_format)) in marks]


def _read_as_declared(
    source: Source, file: engine.File, found: Cast, others: Sequence[Cast]
) -> str:
    """Another column of dates that is read as declared, and in no way that reads more of `found`.

    "" where there is none. What an entry says of dates holds for all of its columns.
    """
    read = engine.readings(file, [found, *others], [], first_rows=_JUDGED_ROWS)
    better = [
        one for one, count in zip(others, read.unread[1:], strict=True) if count < read.unread[0]
    ]
    for cast in casts(source, file):
        if cast.type != "date" or cast.name == found.name:
            continue
        ways = [dataclasses.replace(one, name=cast.name, index=cast.index) for one in better]
        read = engine.readings(file, [cast, *ways], [], first_rows=_JUDGED_ROWS)
        if better and not read.unread[0] and all(read.unread[1:]):
            return source.wanted[cast.name]
    return ""


def _marks(text: str) -> str:
    """What stands between the numbers and words of a text."""
    return re.sub(r"\w", "", text)


def _written(found: Cast, marks: tuple[str, str]) -> Cast:
    decimal, thousands = marks
    return dataclasses.replace(found, decimal=decimal, thousands=thousands)


def _without_idle_marks(fit: Sequence[Cast]) -> list[Cast]:
    """The ways to read a column without those whose decimal or thousands mark no text needs."""
    marks = {(one.decimal, one.thousands) for one in fit}
    idle = {
        (decimal, thousands)
        for decimal, thousands in marks
        if decimal != "." and thousands and marks & {(decimal, ""), (".", thousands)}
    }
    return [one for one in fit if (one.decimal, one.thousands) not in idle]


def _dates(found: Cast) -> Iterator[Cast]:
    """The column read by each form of dates that is in use."""
    forms = [order.replace("-", mark) for order in _ORDERS for mark in "-/."]
    forms += ["%Y%m%d", *_IN_WORDS]
    for form, time in itertools.product(forms, _TIMES):
        yield dataclasses.replace(found, date_format=form + time, calendar="gregorian")
    if found.name == "month":
        monthly = [order.replace("-", mark) for order in _MONTHLY for mark in "-/."]
        for form in (*monthly, *_MONTHS_IN_WORDS):
            yield dataclasses.replace(found, date_format=form, calendar="gregorian")
    jalali = [order.replace("-", mark) for order in _JALALI_ORDERS for mark in "-/."]
    jalali += ["%Y%m%d", *_JALALI_WORDS]
    for form, time in itertools.product(jalali, _JALALI_TIMES):
        yield dataclasses.replace(found, date_format=form + time, calendar="jalali")


def _declare(source: Source, ways: Sequence[Cast], found: Cast, all_of: str) -> str:
    """The remedy that declares one of several ways to read a column otherwise than `found`.

    `all_of`: what is said of the rows by which they were judged, where those are not all."""
    declared = list(dict.fromkeys(_declaration(one, found) for one in ways))
    if len(declared) == 1:
        return f"declare in {source.where}: {declared[0]}"
    return (
        f"declare in {source.where} which of these it is, for each reads every row"
        f"{' ' * bool(all_of)}{all_of}:"
        f" {', or '.join(declared)}"
    )


def _declaration(way: Cast, found: Cast) -> str:
    usual = {"date_format": ISO_DATE, "calendar": "gregorian", "decimal": ".", "thousands": ""}
    parts = [
        f"{key} = {json.dumps(getattr(way, key), ensure_ascii=False)}"
        for key in usual
        if getattr(way, key) != usual[key] or getattr(way, key) != getattr(found, key)
    ]
    return " and ".join(parts)
