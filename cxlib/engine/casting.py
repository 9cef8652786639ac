"""How a column of a file becomes a canonical one, and how each value came about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from cxlib.engine import jalali, letters
from cxlib.engine.connection import connection, identifier, literal, literals
from cxlib.engine.files import TEMPORAL, File, column_in_file

# How a staged value came about; one column of these beside each cast column. A value that was
# repaired in several ways has the first of DIGITS, LETTERS, TRIMMED, INVISIBLE and CONVERTED.
AS_FOUND, TRIMMED, MISSING_CODE, NOT_OF_TYPE, DIGITS, LETTERS, INVISIBLE, CONVERTED, NO_DATE = (
    range(9)
)

# The same for two rows that are alike in every cell.
FINGERPRINT = "__fingerprint"
_STATE = "__state_"

ColumnType = Literal["text", "number", "date", "true/false"]

# The date format of a workbook's day numbers.
EXCEL = "excel"
# Of the days that stand for "no date" in one program or another.
NO_DATES = ("0001-01-01", "1900-01-01", "1970-01-01", "9999-12-31")
# A zone behind a time, which %z at the end of a date format stands for, with a blank or without.
ZONE = " ?(?:Z|UTC|GMT|(?:UTC|GMT)?[-+][0-9]{1,2}(?::?[0-9]{2})?)$"
_OF_ZONE = "%z"
_ISO_DATE, _LIKE_ISO = "%Y-%m-%d", "[0-9]+-[0-9]+-[0-9]+"
# Before it a year is one of another calendar, or of two digits.
_FIRST_DATE, _LAST_DATE = "1583-01-01", "9999-12-30"
# Workbooks count 29 February 1900, a day that never was: the day numbers before it are not days.
_EXCEL_DAYS = (61, 2_958_465)
_EXCEL_DAYS_SINCE_1904 = (0, 2_957_003)
_ARABIC_THOUSANDS = "\u066c"
_NANOSECONDS = "TIMESTAMP_NS"
# Of the codes of a date that are numbers.
_WIDTHS = {"Y": 4, "y": 2, "m": 2, "d": 2, "j": 3, "H": 2, "I": 2, "M": 2, "S": 2}
_NUMBER = r"[-+]?[0-9]+(\.[0-9]*)?"
# A number that another text may be, too; with a zero before it, it is an id.
_WRITTEN_OTHERWISE = r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?"
_NUMERIC = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
    *("FLOAT", "DOUBLE", "DECIMAL"),
)


@dataclass(frozen=True)
class Cast:
    """How one column of a file becomes a canonical column.

    `missing`, `true_values` and `false_values` are compared with the trimmed and folded text; the
    last two in any case of letters. `date_format`: codes of strptime, or EXCEL, with %z at its end
    for a zone, cut off: the day is that of the clock that wrote the time; of the `calendar`
    "gregorian" or "jalali". `decimal` and `thousands`: the marks in numbers. `key`: a text is an
    id, of which nothing invisible stays. `may_be_number`: a text that will be a number where all of
    its column are. Of a number, or what may be one, a code of `missing` is met however it is
    written: 999 as 999.0. `labels`: of a number, the texts that stand for one, with its number, in
    any case of letters. What the file holds as dates or numbers, not as text, is taken as it is.
    """

    name: str
    index: int
    type: ColumnType
    date_format: str = _ISO_DATE
    calendar: str = "gregorian"
    decimal: str = "."
    thousands: str = ""
    missing: tuple[str, ...] = ()
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()
    key: bool = False
    may_be_number: bool = False
    labels: tuple[tuple[str, int], ...] = ()

    @property
    def is_converted_date(self) -> bool:
        is_other = self.date_format == EXCEL or self.calendar == "jalali"
        return self.type == "date" and (is_other or has_time(self.date_format))

    @property
    def has_marks(self) -> bool:
        """Whether numbers are declared to be written with other marks than a decimal point."""
        return (self.decimal, self.thousands) != (".", "")

    @property
    def is_written_otherwise(self) -> bool:
        """Whether numbers are declared to be written with other marks, or as words."""
        return self.has_marks or bool(self.labels)


def has_time(date_format: str) -> bool:
    """Whether dates are written with a time of day, which is cut off."""
    return bool(re.search("%-?[HIXcT]", date_format))


def has_zone(date_format: str) -> bool:
    """Whether a zone stands behind the times, which is cut off with them."""
    form = date_format.removesuffix(_OF_ZONE)
    return form != date_format and has_time(form) and _OF_ZONE not in form


def state(name: str) -> str:
    """Name of the staged column that says how the values of column `name` came about."""
    return f"{_STATE}{name}"


def is_mark(name: str) -> bool:
    """Whether a staged column says something of the others."""
    return name.startswith(_STATE) or name == FINGERPRINT


def valid_date_format(date_format: str) -> bool:
    """Whether the engine understands a date format of the strptime kind."""
    try:
        connection().cursor().execute(f"SELECT try_strptime('', {literal(date_format)})")
    except duckdb.Error:
        return False
    return True


def query(file: File, casts: Sequence[Cast], rows: str, *, fingerprints: bool = False) -> str:
    """SQL that casts the columns of the table expression `rows`, each with its state beside.

    `fingerprints`: a column FINGERPRINT besides, a hash of what the cells of a row say: values of
    the columns that are cast, trimmed texts of the others.
    """
    found = [
        f"{column_in_file(file, wanted.index)} AS n{number}" for number, wanted in enumerate(casts)
    ]
    names = [
        f"v{number} AS {identifier(wanted.name)}, s{number} AS {identifier(state(wanted.name))}"
        for number, wanted in enumerate(casts)
    ]
    if fingerprints:
        others = sorted(set(range(len(file.names))) - {wanted.index for wanted in casts})
        found += [f"{_trimmed(file, index)} AS o{index}" for index in others]
        names.append(f"{_hash(file, casts, others)} AS {FINGERPRINT}")
    steps = _steps(file, casts, f"(SELECT {', '.join(found)} FROM {rows})")
    return f"SELECT {', '.join(names)} FROM {steps}"


def tally(file: File, casts: Sequence[Cast], patterns: Sequence[str], rows: str) -> str:
    """SQL that reads one column in several ways and counts, in a single row, what comes of it.

    How many rows there are, for each of the casts how many texts are not of its type, for each
    pattern how many texts it matches as a whole.
    """
    wrong = [f"sum(__count) FILTER (s{number} = {NOT_OF_TYPE})" for number, _ in enumerate(casts)]
    alike = [f"sum(__count) FILTER (regexp_full_match(t0, {literal(one)}))" for one in patterns]
    counts = ", ".join(f"coalesce({count}, 0)" for count in ["sum(__count)", *wrong, *alike])
    column = column_in_file(file, casts[0].index)
    found = ", ".join(f"{column} AS n{number}" for number, _ in enumerate(casts))
    distinct = f"(SELECT {found}, count(*) AS __count FROM {rows} GROUP BY {column})"
    return f"SELECT {counts} FROM {_steps(file, casts, distinct)}"


def _steps(file: File, casts: Sequence[Cast], rows: str) -> str:
    """Every stage of a value beside the next, of column number i, which `rows` has as ni:

    r its text in the file, p and d its Persian and Arabic digits as 0-9, t folded and trimmed,
    m a number with a decimal point and no thousands mark, j the parts of a Jalali date, x the
    value of the type, v the value that is kept, s its state.
    """
    select = rows
    for step in (_raw, _persian, _arabic, _text, _marked, _parts, _read, _value, _state):
        made = [step(file, wanted, number) for number, wanted in enumerate(casts)]
        select = f"(SELECT *, {', '.join(made)} FROM {select})"
    return select


def _raw(file: File, wanted: Cast, number: int) -> str:
    column = f"n{number}"
    if file.holds_floats(wanted.index):
        # pandas writes a missing value of a number column as NaN, and then whole numbers as floats:
        # the code 99 is not to be 99.0.
        # The engine may cast before it looks at the condition.
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        return (
            f"CASE WHEN isnan({column}) THEN NULL"
            f" WHEN {whole} THEN CAST(TRY_CAST({column} AS BIGINT) AS VARCHAR)"
            f" ELSE CAST({column} AS VARCHAR) END AS r{number}"
        )
    return f"CAST({column} AS VARCHAR) AS r{number}"


def _persian(file: File, wanted: Cast, number: int) -> str:
    text = f"r{number}"
    return (
        f"{letters.with_persian_digits(text) if _is_foldable(file, wanted) else text} AS p{number}"
    )


def _arabic(file: File, wanted: Cast, number: int) -> str:
    text = f"p{number}"
    return (
        f"{letters.with_arabic_digits(text) if _is_foldable(file, wanted) else text} AS d{number}"
    )


def _text(file: File, wanted: Cast, number: int) -> str:
    text = f"d{number}"
    if not _is_foldable(file, wanted):
        return f"{text} AS t{number}"
    folded = letters.folded_letters(text, key=wanted.key or wanted.type in ("number", "date"))
    suspect = letters.is_suspect(text)
    if wanted.type == "number":
        # The marks of numbers beyond ASCII mean one thing only.
        folded = f"replace({folded}, '\u066b', {literal(wanted.decimal)})"
        folded = f"replace({folded}, {literal(_ARABIC_THOUSANDS)}, {literal(_thousands(wanted))})"
        folded = f"replace({folded}, '\u2212', '-')"
        suspect = f"strlen({text}) <> length({text})"
    trimmed, padding = f"nullif(trim({folded}, ", f"{literal(letters.PADDING)}), '')"
    # trim() with a set of characters costs more than the parser itself: only where an end may be
    # blank, or where some character is outside ASCII (more bytes than letters).
    return (
        f"CASE WHEN {suspect} THEN {trimmed}{padding}"
        f" WHEN {text} < '!' OR right({text}, 1) < '!' THEN nullif(trim({text}, {padding}"
        f" ELSE {text} END AS t{number}"
    )


def _marked(file: File, wanted: Cast, number: int) -> str:
    value = _number(file, wanted, f"t{number}")
    if wanted.labels:
        whens = " ".join(
            f"WHEN {literal(label.lower())} THEN '{value_of}'" for label, value_of in wanted.labels
        )
        value = f"CASE lower(t{number}) {whens} ELSE {value} END"
    return f"{value} AS m{number}"


def _number(file: File, wanted: Cast, text: str) -> str:
    thousands, decimal = _thousands(wanted), wanted.decimal
    is_number = wanted.type == "number"
    if not _is_text(file, wanted) or not (
        is_number or (wanted.type == "text" and wanted.has_marks)
    ):
        return text
    if is_number and file.is_plain and (wanted.thousands, wanted.decimal) == ("", "."):
        # There can be no mark but the point.
        return text
    grouped = f"[0-9]{{1,3}}({re.escape(thousands)}[0-9]{{3}})+"
    fraction = f"({re.escape(decimal)}[0-9]*)?"
    whole = f"contains({text}, {literal(thousands)})"
    pure = f"replace(replace({text}, {literal(thousands)}, ''), {literal(decimal)}, '.')"
    if is_number:
        plain = text
        if decimal != ".":
            point = f"replace({text}, {literal(decimal)}, '.')"
            plain = f"CASE WHEN NOT contains({text}, '.') THEN {point} END"
        value = (
            f"CASE WHEN {whole} THEN CASE WHEN"
            f" regexp_full_match({text}, {literal(f'[-+]?{grouped}{fraction}')}) THEN {pure} END"
            f" ELSE {plain} END"
        )
    else:
        # An attribute is a number where all of it is; one with other words is a text as it stands.
        number_shape = f"-?({grouped}|[0-9]+){fraction}"
        value = (
            f"CASE WHEN regexp_full_match({text}, {literal(number_shape)}) THEN {pure}"
            f" ELSE {text} END"
        )
    return value


def _parts(file: File, wanted: Cast, number: int) -> str:
    parts = "NULL"
    if wanted.type == "date" and wanted.calendar == "jalali" and not _is_temporal(file, wanted):
        parts = jalali.parts(f"t{number}", wanted.date_format)
    return f"{parts} AS j{number}"


def _read(file: File, wanted: Cast, number: int) -> str:
    text = f"t{number}"
    if wanted.type == "number":
        # A text that it cannot take costs the cast ten times as much.
        value = f"CASE WHEN m{number} < ':' THEN try_cast(m{number} AS DOUBLE) END"
    elif wanted.type == "date" and _is_temporal(file, wanted):
        value = _day(f"n{number}", to_nanoseconds=file.types[wanted.index] == _NANOSECONDS)
    elif wanted.type == "date" and wanted.date_format == EXCEL:
        days = f"try_cast({text} AS DOUBLE)"
        first, last = _EXCEL_DAYS_SINCE_1904 if file.counts_from_1904 else _EXCEL_DAYS
        since = "1904-01-01" if file.counts_from_1904 else "1899-12-30"
        value = (
            f"CASE WHEN {days} >= {first} AND {days} < {last + 1}"
            f" THEN DATE '{since}' + CAST(floor({days}) AS INTEGER) END"
        )
    elif wanted.type == "date" and wanted.calendar == "jalali":
        value = jalali.day(f"j{number}", wanted.date_format)
    elif wanted.type == "date" and has_zone(wanted.date_format):
        # The parser would give the time of Greenwich, which may be on another day.
        time_alone = f"regexp_replace({text}, {literal(ZONE)}, '')"
        form = wanted.date_format.removesuffix(_OF_ZONE).rstrip()
        time = _time(time_alone, form)
        value = _day(
            f"CASE WHEN regexp_matches({text}, {literal(ZONE)}) THEN {time} END",
            to_nanoseconds="%n" in form,
        )
    elif wanted.type == "date":
        time = _time(text, wanted.date_format)
        value = _day(time, to_nanoseconds="%n" in wanted.date_format)
        if wanted.date_format == _ISO_DATE:
            # A text that it cannot take keeps the parser longer than ten that it can.
            like = f"contains({text}, '-') AND regexp_full_match({text}, '{_LIKE_ISO}')"
            others = f"WHEN {like} THEN {value}"
            value = f"CASE WHEN {_is_iso(text)} THEN try_cast({text} AS DATE) {others} END"
    elif wanted.type == "true/false" and file.types[wanted.index] == "BOOLEAN":
        value = f"n{number}"
    elif wanted.type == "true/false":
        yes, no = (
            literals(one.lower() for one in words)
            for words in (wanted.true_values, wanted.false_values)
        )
        value = f"CASE WHEN lower({text}) IN {yes} THEN true"
        value += f" WHEN lower({text}) IN {no} THEN false END"
    else:
        value = f"m{number}"
    return f"{value} AS x{number}"


def _value(file: File, wanted: Cast, number: int) -> str:
    value = f"x{number}"
    if wanted.type == "number":
        # The cast also takes "nan", "inf", two signs, and digits grouped by underscores.
        text = f"m{number}"
        sound = f"isfinite({value})"
        if not file.lacks_signs:
            sound += f" AND NOT contains({text}, '_') AND NOT starts_with({text}, '+-')"
        value = f"CASE WHEN {sound} THEN {value} END"
    elif wanted.type == "date":
        kept = f"{value} BETWEEN DATE '{_FIRST_DATE}' AND DATE '{_LAST_DATE}'"
        among = [day for day in NO_DATES if _FIRST_DATE <= day <= _LAST_DATE]
        value = f"CASE WHEN {kept} AND {value} NOT IN {_days(among)} THEN {value} END"
    if wanted.missing:
        value = f"CASE WHEN NOT {_is_code(wanted, number)} THEN {value} END"
    return f"{value} AS v{number}"


def _state(file: File, wanted: Cast, number: int) -> str:
    raw, text, value = f"r{number}", f"t{number}", f"v{number}"
    changes = _is_foldable(file, wanted) or wanted.is_written_otherwise or wanted.missing
    if wanted.type == "text" and not changes:
        return f"CAST({AS_FOUND} AS UTINYINT) AS s{number}"
    is_converted = wanted.is_converted_date and not _is_temporal(file, wanted)
    # Mostly the only condition that is looked at.
    cases = [] if changes or is_converted else [(f"{value} IS NOT NULL", AS_FOUND)]
    cases.append((f"{text} IS NULL", AS_FOUND))
    if wanted.missing:
        cases.append((_is_code(wanted, number), MISSING_CODE))
    if wanted.type == "date":
        # The engine also takes "infinity" and "epoch" for dates of 1900.
        no_date = f"{value} IS NULL AND x{number} IN {_days(NO_DATES)}"
        cases.append((f"{no_date} AND regexp_matches({text}, '[0-9]')", NO_DATE))
    cases.append((f"{value} IS NULL", NOT_OF_TYPE))
    if _is_foldable(file, wanted):
        marks = f"|{letters.MARKS}" if wanted.type == "number" else ""
        changed = f"{text} <> {raw} AND"
        cases += [
            (f"{changed} regexp_matches({raw}, '{letters.DIGITS}{marks}')", DIGITS),
            (f"{changed} regexp_matches({raw}, '{letters.LETTERS}')", LETTERS),
            (f"{changed} trim({raw}, {literal(letters.PADDING)}) = {text}", TRIMMED),
            (f"{text} <> {raw}", INVISIBLE),
        ]
    if is_converted:
        cases.append(("true", CONVERTED))
    elif wanted.is_written_otherwise:
        cases.append((f"m{number} <> {text}", CONVERTED))
    whens = " ".join(f"WHEN {condition} THEN {one}" for condition, one in cases)
    return f"CAST(CASE {whens} ELSE {AS_FOUND} END AS UTINYINT) AS s{number}"


def _is_iso(text: str) -> str:
    """Whether the engine's cast makes of a text the day that its parser makes, in half the time.

    The cast also takes blanks and strokes between the numbers, and what may follow a day; but of
    ten characters from such a year on, with a hyphen, it takes no more than the parser does.
    """
    return (
        f"strlen({text}) = 10 AND {text} >= '{_FIRST_DATE[:4]}' AND {text} < ':'"
        f" AND contains({text}, '-')"
    )


def _time(text: str, date_format: str) -> str:
    time = f"try_strptime({text}, {literal(date_format)})"
    if shape := _fixed_shape(date_format):
        time = f"CASE WHEN regexp_full_match({text}, {literal(shape)}) THEN {time} END"
    return time


def _fixed_shape(date_format: str) -> str:
    """The pattern of a date whose numbers no mark parts, "" where each is parted from the next.

    The parser takes 11124, which has lost a zero, for 1 December.
    """
    pieces = re.split("%-?([A-Za-z])", date_format)
    codes, between = pieces[1::2], pieces[2:-1:2]
    touching = {
        at
        for number, mark in enumerate(between)
        if not mark and {codes[number], codes[number + 1]} <= _WIDTHS.keys()
        for at in (number, number + 1)
    }
    if not touching:
        return ""
    shape = re.escape(pieces[0])
    for number, code in enumerate(codes):
        shape += f"[0-9]{{{_WIDTHS[code]}}}" if number in touching else ".+"
        shape += re.escape(pieces[2 * number + 2].replace("%%", "%"))
    return shape


def _hash(file: File, casts: Sequence[Cast], others: Sequence[int]) -> str:
    """A hash of what the cells of a row say, however written: of no value it is the cell's text.

    Of a time the hour, too: two purchases of one day at two hours are no repeat.
    """
    said, without_value = [f"o{index}" for index in others], []
    for number, wanted in enumerate(casts):
        value, text = f"v{number}", f"t{number}"
        is_time = wanted.date_format == EXCEL or has_time(wanted.date_format)
        if wanted.type == "text" or (
            wanted.type == "date" and (is_time or _is_temporal(file, wanted))
        ):
            said.append(text)
        else:
            said.append(value)
            without_value.append(
                (f"{value} IS NOT NULL", f"CASE WHEN {value} IS NULL THEN {text} END")
            )
    values = f"hash({', '.join(said)})"
    if not without_value:
        return values
    # Half the cost of the texts beside the values in every row.
    has_value, texts = zip(*without_value, strict=True)
    return (
        f"CASE WHEN {' AND '.join(has_value)} THEN {values}"
        f" ELSE hash({', '.join([*said, *texts])}) END"
    )


def _trimmed(file: File, index: int) -> str:
    column = column_in_file(file, index)
    if file.is_plain or file.types[index] != "VARCHAR":
        return column
    blank_end = f"{column} < '!' OR right({column}, 1) < '!'"
    beyond_ascii = f"strlen({column}) <> length({column})"
    return (
        f"CASE WHEN {blank_end} OR {beyond_ascii}"
        f" THEN nullif(trim({column}, {literal(letters.PADDING)}), '') ELSE {column} END"
    )


def _day(time: str, *, to_nanoseconds: bool) -> str:
    """The day of a time; to the engine's own cast the last microsecond is the next day."""
    if not to_nanoseconds:
        return f"CAST({time} AS DATE)"
    since, of_day = f"epoch_ns({time})", 86_400_000_000_000
    days = f"{since} // {of_day} - CAST({since} % {of_day} < 0 AS BIGINT)"
    return f"DATE '1970-01-01' + CAST({days} AS INTEGER)"


def _is_code(wanted: Cast, number: int) -> str:
    """Whether a value is a declared code, never null."""
    same = f"t{number} IN {literals(wanted.missing)}"
    numbers = [code for code in wanted.missing if re.fullmatch(_NUMBER, code)]
    if numbers and (wanted.type == "number" or wanted.may_be_number):
        value = f"try_cast(m{number} AS DOUBLE)"
        of_code = ", ".join(f"CAST({literal(code)} AS DOUBLE)" for code in numbers)
        like = f"{value} IN ({of_code})"
        if wanted.type != "number":
            like += f" AND regexp_full_match(m{number}, {literal(_WRITTEN_OTHERWISE)})"
        same += f" OR ({like})"
    return f"coalesce({same}, false)"


def _days(days: Sequence[str]) -> str:
    return "(" + ", ".join(f"DATE '{day}'" for day in days) + ")"


def _thousands(wanted: Cast) -> str:
    return wanted.thousands or _ARABIC_THOUSANDS


def _is_text(file: File, wanted: Cast) -> bool:
    kind = file.types[wanted.index]
    return not (kind.startswith((*TEMPORAL, *_NUMERIC)) or kind == "BOOLEAN")


def _is_foldable(file: File, wanted: Cast) -> bool:
    """Whether a text may have blanks at its ends, or letters and digits of other kinds."""
    return _is_text(file, wanted) and not file.is_plain


def _is_temporal(file: File, wanted: Cast) -> bool:
    return file.types[wanted.index].startswith(TEMPORAL)
