"""What an entry must say beside its columns: read off the rows where they settle it, else asked."""

import dataclasses
import datetime
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from cxlib import contracts, engine
from cxlib.proposing import days, labels, numbers, unread
from cxlib.proposing.columns import Column
from cxlib.proposing.days import Written
from cxlib.proposing.drafts import Draft, day, joined, scale, texts
from cxlib.proposing.letters import plain
from cxlib.proposing.numbers import Marks
from cxlib.proposing.questions import Answer, NotProposedError, Question, printable, quoted
from cxlib.proposing.sampling import Sample
from cxlib.proposing.unread import BUDDHIST, LUNAR, OTHER_MONTHS

_ISO = "%Y-%m-%d"
_TYPES = {
    column.name: column.type
    for contract in contracts.CONTRACTS.values()
    for column in contract.columns
}
_METRICS = contracts.METRICS
_NEVER_BLANK = {
    (name, column.name)
    for name, contract in contracts.CONTRACTS.items()
    for column in contract.columns
    if column.blank == "error"
}
_USUAL_SCALES = ((1, 5), (1, 7), (0, 10), (1, 10), (1, 3), (1, 4), (1, 6), (0, 5), (0, 100))
# Those that are in use but seldom: answers on them are as likely some of another scale, with a
# code for no answer or with one end that nobody chose.
_PLAIN_SCALES = ((1, 5), (1, 7), (0, 10), (1, 10), (1, 3), (1, 4), (0, 100))
_ENOUGH_ANSWERS = 100
# Zeros of a scale to 10 or 100 that may stand for no answer: a twentieth of all, and thrice the 1s.
_SHARE_OF_ZEROS, _ZEROS_TO_ONES = 0.05, 3
# From which on nobody having chosen 0 is doubtful, as the door has it.
_DOUBTFUL_ONES = 3
_YES = (
    "yes",
    "true",
    "1",
    "y",
    "left",
    "churned",
    "churn",
    "بله",
    "بلی",
    "آری",
    "ترک کرده",
    "رفته",
)
_NO = ("no", "false", "0", "n", "stayed", "active", "خیر", "نه", "مانده", "فعال")
_DEFAULT_YES, _DEFAULT_NO = ("true", "1", "yes"), ("false", "0", "no")
_CURRENCIES = {
    **{"ریال": "IRR", "rial": "IRR", "rials": "IRR", "irr": "IRR"},
    **{"تومان": "IRT", "toman": "IRT", "tomans": "IRT", "irt": "IRT"},
    **{"usd": "USD", "dollars": "USD", "eur": "EUR", "euro": "EUR", "gbp": "GBP"},
}
# Of one currency each, which $ is not.
_SIGNS = {"€": "EUR", "£": "GBP", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₪": "ILS"}
_CODES = (-1, -9, -99, 9, 88, 97, 98, 99, 999, 9999)
# Those that are on no scale of answers.
FAR_CODES = frozenset(_CODES) - {9}
_SHOWN = 3
_MAY_BE_BLANK = {
    column.name
    for contract in contracts.CONTRACTS.values()
    for column in contract.columns
    if column.blank == "keep"
}
_SCALE_IN_NAME = re.compile(r"(?<!\d)(\d{1,3}) ?(?:-|–|—|\.\.\.?|to|bis|à|تا) ?(\d{1,3})(?!\d)")
_MOSTLY_WITHIN = 0.9
_AHEAD_DAYS, _FAR_DAYS, _FEWEST_AHEAD, _MOST_AHEAD = 7, 1000, 5, 0.5
_NPS_SCALE = (0, 10)
_HIGHEST_OF_FEW = 10
_HAS_DIGIT = re.compile(r"\d")
_FEW_WORDS = 8
_NO_END = 2100
_OTHER_MONTHS = f"{OTHER_MONTHS[0].upper()}{OTHER_MONTHS[1:]}."
_CORRECT = "Correct those rows."
_SHORT_YEARS = (
    "years of two digits stand first, and days are those of Jalali months: write years of four"
    " digits, such as 1402/05/31."
)
_MOST_MEANS = 12


def number_marks(mapped: Mapping[str, Column], draft: Draft) -> Marks:
    """The marks of all number columns: they are one declaration of the file."""
    ours_of = {column.name: ours for ours, column in mapped.items() if _TYPES[ours] == "number"}
    columns = [mapped[ours] for ours in ours_of.values()]
    values = dict.fromkeys(
        text for column in columns for text in column.counts if text not in column.left
    )
    fitting = numbers.fitting(values)
    given = draft.take("decimal"), draft.take("thousands")
    if given != (None, None):
        if given == (".", None) and numbers.PLAIN in fitting and len(fitting) > 1:
            # Said aloud, for the door asks as well.
            draft.write("decimal", ".", draft.reason("decimal"))
            return numbers.PLAIN
        marks = Marks(given[0] or ".", given[1] if given[1] is not None else "")
        if given[1] is None:
            # The mark between thousands follows where only one fits.
            same = [one for one in fitting if one.decimal == marks.decimal]
            marks = same[0] if same else marks
        return _written_marks(marks, draft, draft.reason("decimal"))
    if not fitting and values:
        return _closest_marks(columns, ours_of, draft)
    if len(fitting) > 1:
        told = next(text for text in values if len({one.read(text) for one in fitting}) > 1)
        answers = tuple(
            Answer(one.decimal, f"{quoted(told)} is {one.read(told):,.10g}") for one in fitting
        )
        draft.ask(Question("decimal", "Which mark stands before the fraction?", answers))
        return fitting[0]
    if fitting and fitting[0].decimal == "٫" and numbers.may_be_grouped(values, "٫"):
        told = next(text for text in values if "٫" in text)
        only = Answer("٫", f"{quoted(told)} is {fitting[0].read(told):,.10g}")
        text = (
            'Three digits stand behind every "٫". Is it the mark before the fraction? If it stands'
            " between thousands, take it out of the file."
        )
        draft.ask(Question("decimal", text, (only,), free=False))
        return fitting[0]
    reason = f"only {fitting[0].described} fits all numbers" if fitting else ""
    return _written_marks(fitting[0], draft, reason) if fitting else numbers.PLAIN


def _closest_marks(columns: Sequence[Column], ours_of: Mapping[str, str], draft: Draft) -> Marks:
    """The marks that fit the most numbers; what they leave is a problem of the file.

    `ours_of`: name of a column -> our name of it.
    """
    counts = _together(columns)
    marks, left = numbers.closest(counts)
    names = " and ".join(quoted(column.name) for column in columns)
    shown = ", ".join(map(quoted, left[:_SHOWN]))
    worded = [
        one for one in columns if ours_of[one.name] in _METRICS and one.counts.keys() <= {*left}
    ]
    if worded:
        draft.problems += [
            unread.described(ours_of[one.name], "number", one, "is to be") for one in worded
        ]
        return marks
    if len(left) == len(counts):
        draft.problems.append(
            f"The cells of {names} are no numbers, such as {shown}. Write the number alone in each"
            " cell: a currency is declared, and other units are left out."
        )
        return numbers.PLAIN
    left = _without_unit(columns, left, draft)
    if not left:
        return _written_marks(marks, draft, "fits most numbers")
    of_column = _by_column(columns, left)
    if not any(map(_HAS_DIGIT.search, left)):
        for column, own in of_column:
            words = ", ".join(map(quoted, own[:_SHOWN]))
            ours = ours_of[column.name]
            code = printable(f"missing.{ours}={joined(own[:_SHOWN])}")
            may_be_blank = ours in _MAY_BE_BLANK
            none = f"; or, where such words say that there is none, --option '{code}'"
            draft.problems.append(
                f"{quoted(column.name)} has words among its numbers ({words}) in"
                f" {column.places(own)}. Write the numbers there{none if may_be_blank else ''}."
            )
        return _written_marks(marks, draft, "fits all numbers")
    fits = "; ".join(
        f"all of {quoted(column.name)} but {column.places(own)}" for column, own in of_column
    )
    shown = ", ".join(map(quoted, left[:_SHOWN]))
    draft.problems.append(
        f"The cells of {names} do not write their numbers alike: {marks.described} fits {fits}"
        f" (such as {shown}). Correct those rows, or export all with one way of writing numbers."
    )
    return _written_marks(marks, draft, "fits most numbers")


def _without_unit(columns: Sequence[Column], left: Sequence[str], draft: Draft) -> tuple[str, ...]:
    """The texts that are no numbers but for those with a unit, of which one problem is made."""
    bare = {text: numbers.bare(text) for text in left}
    units = {unit for _, unit in bare.values()} - {""}
    with_unit = [text for text in left if bare[text][1]]
    if len(units) != 1 or not numbers.fitting(bare[text][0] for text in with_unit):
        return tuple(left)
    of_all = " and ".join(
        f"{quoted(column.name)}, {column.places(own)}"
        for column, own in _by_column(columns, with_unit)
    )
    shown = ", ".join(map(quoted, with_unit[:_SHOWN]))
    draft.problems.append(
        f"{quoted(next(iter(units)))} stands in cells of {of_all} (such as {shown}). Take it out of"
        " the cells, as by search and replace; the marks in the numbers may stay."
    )
    return tuple(text for text in left if text not in with_unit)


def _by_column(columns: Sequence[Column], texts: Sequence[str]) -> list[tuple[Column, list[str]]]:
    """The columns that have some of the texts, each with its own."""
    found = [(column, [text for text in texts if text in column.counts]) for column in columns]
    return [(column, own) for column, own in found if own]


def _together(columns: Sequence[Column]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for column in columns:
        for text, count in column.counts.items():
            counts[text] = counts.get(text, 0) + count
    return counts


def _written_marks(marks: Marks, draft: Draft, reason: str) -> Marks:
    if marks.decimal != ".":
        draft.write("decimal", marks.decimal, reason)
    if marks.thousands:
        draft.write("thousands", marks.thousands, reason)
    return marks


def dates(
    mapped: Mapping[str, Column], draft: Draft, *, monthly: bool
) -> tuple[datetime.date, datetime.date] | None:
    """The format and the calendar of all date columns; first and last day, None where unknown."""
    columns = [
        column for ours, column in mapped.items() if _TYPES[ours] == "date" and column.counts
    ]
    counts = {
        text: column.counts[text]
        for column in columns
        if not column.typed
        for text in column.counts
    }
    if not counts:
        return _span(Written(_ISO, "gregorian"), columns)
    sample = columns[0].sample
    since_1904 = sample.counts_from_1904
    fitting = days.fitting(counts, monthly=monthly, counts_from_1904=since_1904)
    given = draft.take("date_format")
    calendar = draft.take("calendar")
    if odd := _odd_years(fitting, counts, calendar, is_given=given is not None):
        names = " and ".join(quoted(column.name) for column in columns)
        first = quoted(next(iter(counts)))
        draft.problems.append(f"The dates of {names} (such as {first}): {odd}")
        return None
    if given is not None:
        known = [one for one in fitting if one.date_format == given]
        written = known[0] if known else _of_format(given, calendar, counts, since_1904=since_1904)
        return _write_dates(written, columns, draft, draft.reason("date_format"))
    if not fitting:
        return _closest_dates(counts, columns, draft, monthly=monthly, ended=mapped.get("ended"))
    if len(fitting) > 1 or fitting[0].date_format == engine.EXCEL:
        unlike = (text for text in counts if len({one.day(text) for one in fitting}) > 1)
        told = next(unlike, next(iter(counts)))
        answers = tuple(
            Answer(one.date_format, _reading(one, told, is_workbook=sample.is_workbook))
            for one in fitting
        )
        draft.ask(Question("date_format", "How are the dates written?", answers))
        return None
    reason = "the only order of day, month and year that fits all of them"
    return _write_dates(fitting[0], columns, draft, reason)


def _of_format(
    date_format: str, calendar: str | None, counts: Mapping[str, int], *, since_1904: bool
) -> Written:
    """A format that was given, for dates of which it does not fit all."""
    year = next((one for one in map(days.year, counts) if one), 0)
    guess = "jalali" if year in days.JALALI_YEARS else "gregorian"
    written = Written(date_format, calendar or guess, counts_from_1904=since_1904)
    if not any(written.read(text) for text in counts):
        first = next(iter(counts))
        buddhist = f": {BUDDHIST}" if year in days.BUDDHIST_YEARS else ""
        raise NotProposedError(
            f"date_format = {quoted(date_format)} does not fit {quoted(first)}{buddhist}."
        )
    return written


def _reading(written: Written, text: str, *, is_workbook: bool) -> str:
    """What a date would mean; of a day number whose workbook is not known, both readings."""
    told = f"{quoted(text)} is {written.day(text)}"
    if written.date_format != engine.EXCEL or is_workbook:
        return told
    other = dataclasses.replace(written, counts_from_1904=True)
    return (
        f"{told}; in a workbook of the 1904 system {other.day(text)}: then export the dates as"
        " dates"
    )


def _odd_years(
    fitting: Sequence[Written], counts: Mapping[str, int], calendar: str | None, *, is_given: bool
) -> str:
    """What is wrong with years that every way of reading takes for others, "" where nothing is."""
    if not is_given and days.are_short_jalali(fitting, counts):
        return _SHORT_YEARS
    if calendar is None and any(days.is_lunar(one, counts) for one in fitting):
        later = 'Where they are Jalali ones of the future, say so: --option calendar="jalali".'
        return f"{LUNAR}. {later}"
    return ""


def _closest_dates(
    counts: dict[str, int],
    columns: Sequence[Column],
    draft: Draft,
    *,
    monthly: bool,
    ended: Column | None,
) -> tuple[datetime.date, datetime.date] | None:
    """The format that fits the most dates; what it leaves is a problem of the file."""
    names = " and ".join(quoted(column.name) for column in columns)
    closest = days.closest(counts, monthly=monthly)
    if closest is None:
        shown = ", ".join(map(quoted, list(counts)[:_SHOWN]))
        remedy = 'Write them alike, or name the format: --option date_format="%d/%m/%Y".'
        if all(map(days.has_other_month, counts)):
            remedy = _OTHER_MONTHS
        draft.problems.append(
            f"No way of writing dates fits all of {names} (such as {shown}). {remedy}"
        )
        return None
    fits = "; ".join(
        f"all of {quoted(column.name)} but {column.places(own)}"
        for column in columns
        if (own := [text for text in closest.left if text in column.counts])
    )
    shown = ", ".join(map(quoted, closest.left[:_SHOWN]))
    calendar = " in the Jalali calendar" if closest.calendar == "jalali" else ""
    remedy = _remedy_of_left(closest, columns[0].sample)
    if remedy == _CORRECT and ended and {*closest.left} & ended.counts.keys():
        remedy += " Where a contract has no end yet, leave the cell blank."
    draft.problems.append(
        f"No way of writing dates fits all of {names}: {closest.date_format}{calendar} fits {fits}"
        f" (such as {shown}). {remedy}"
    )
    return _write_dates(closest, columns, draft, "fits most dates")


def _remedy_of_left(closest: Written, sample: Sample) -> str:
    """How to mend dates that are written otherwise than most."""
    if all(map(days.has_other_month, closest.left)):
        return _OTHER_MONTHS
    years = [days.year(one) for one in closest.left]
    if closest.calendar == "jalali" and not {*years} & {0, *days.JALALI_YEARS}:
        return "Their years are no Jalali ones: write those days in the Jalali calendar, too."
    if closest.calendar == "gregorian" and min(years) >= _NO_END:
        return "Where they stand for no end, leave those cells blank; else correct those rows."
    since_1904 = sample.counts_from_1904
    times = [days.from_spreadsheet(one, since_1904=since_1904) for one in closest.left]
    if not (sample.is_workbook and all(times)) or closest.calendar != "gregorian":
        return _CORRECT
    time = times[0] or datetime.datetime.min
    return (
        f"Those cells are dates of the spreadsheet, and all others are texts: write"
        f" {quoted(time.strftime(closest.date_format))} as text in place of"
        f" {quoted(closest.left[0])}. Look at them first: a program that makes dates of some texts"
        " may have swapped their day and month."
    )


def _write_dates(
    written: Written, columns: Sequence[Column], draft: Draft, reason: str
) -> tuple[datetime.date, datetime.date] | None:
    first = next(text for one in columns for text in one.counts if one.typed or written.read(text))
    if written.date_format != _ISO:
        told = _reading(written, first, is_workbook=columns[0].sample.is_workbook)
        draft.write("date_format", written.date_format, f"{reason}: {told}")
    if written.calendar != "gregorian":
        draft.write(
            "calendar", written.calendar, f"years are those of the Jalali calendar: {quoted(first)}"
        )
    return _span(written, columns)


def _span(
    written: Written, columns: Sequence[Column]
) -> tuple[datetime.date, datetime.date] | None:
    """First and last of the days that can be read; None where there is none."""
    spans = [
        days.span(way, column.counts)
        for column in columns
        for way in [Written(_ISO, "gregorian") if column.typed else written]
        if any(map(way.read, column.counts))
    ]
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def missing(name: str, mapped: Mapping[str, Column], marks: Marks, draft: Draft) -> None:
    """Codes for "no answer" among numbers and dates: asked, and never taken for granted."""
    for ours, column in mapped.items():
        if ours in _METRICS or _TYPES[ours] not in ("number", "date"):
            continue
        if (name, ours) in _NEVER_BLANK:
            # A blank would be an error as well: the door lists the lines.
            ask_missing(ours, column, (), draft)
            continue
        codes = list(column.left) if _TYPES[ours] == "number" else list(_left_dates(column))
        if _TYPES[ours] == "number":
            codes += _suspects(column, marks)
        elif ours == "ended":
            codes += [text for text, end in _ends(mapped).items() if end >= _far(mapped)]
        ask_missing(ours, column, codes, draft)


def _left_dates(column: Column) -> tuple[str, ...]:
    """Texts among dates that are none; a day that never was is an error, and no code."""
    left = column.months[0].left if column.months else ()
    return tuple(text for text in left if not days.is_like_date(text))


def _suspects(column: Column, marks: Marks) -> list[str]:
    """Numbers that look like codes: far from all others, or the only negative one."""
    read = column.numbers(marks)
    found = []
    for text, value in read.items():
        if value not in _CODES or column.counts[text] < 2:
            continue
        others = [other for other in read.values() if other != value]
        if not others:
            continue
        lone_negative = value < 0 and min(others) >= 0
        far = value > 9 and value > 3 * max(others) > 0
        if lone_negative or far:
            found.append(text)
    return found


def ask_missing(ours: str, column: Column, codes: Sequence[str], draft: Draft) -> list[str]:
    """Ask whether some values are codes for "no answer"; those that are, written into the entry."""
    key = f"missing.{ours}"
    if not codes:
        given = draft.take(key)
        if given:
            draft.write(("missing", ours), texts(given), draft.reason(key))
        return texts(given or "")
    words = [one for one in codes if not _HAS_DIGIT.search(one)]
    others = [one for one in codes if one not in words]
    shown = ", ".join(
        f"{quoted(one)} in {column.places([one])}"
        if one in words
        else f"{quoted(one)} in {column.counts[one]:,} row{'s' * (column.counts[one] != 1)}"
        for one in codes
    )
    numbers_alone = (
        Answer(
            joined(others), "the numbers mean no answer; the words are answers, and will be errors"
        ),
    )
    nothing = "end" if ours == "ended" else "answer"
    called = f"{ours} (column {quoted(column.name)})" if column.sample.names else ours
    question = Question(
        key,
        f"{called} has {shown}: codes for no {nothing}?",
        (
            *(numbers_alone if words and others else ()),
            Answer(joined(codes), f"no {nothing}: these cells count as blank"),
            Answer("", "values like the others; what does not fit will be an error"),
        ),
    )
    answer = draft.ask(question)
    if answer:
        draft.write(("missing", ours), texts(answer), draft.reason(key, f"no answer; {shown}"))
    return texts(answer or "")


def complete_to(
    period: tuple[datetime.date, datetime.date] | None,
    draft: Draft,
    *,
    whole: bool,
    needed: bool,
    mapped: Mapping[str, Column],
) -> None:
    """The last day that the file covers, which may be later than its last date.

    Of contracts it may be earlier, too: an end may lie ahead of it.
    """
    if period is None:
        draft.take("complete_to")
        return
    last = _last_day(mapped, period[1])
    if ahead := _ends_ahead(mapped):
        day_of_last, count = ahead
        text = (
            f"{count:,} contracts end after the last one began, {day_of_last}. Up to which day is"
            " the file complete (Gregorian, like 2026-10-31)? Ends after it are notices: such"
            " customers have not left yet, and the cells are to be blank."
        )
        is_past = last <= datetime.date.today()
        ends = (Answer(last.isoformat(), "the last end: all of these have left"),) * is_past
        if answer := draft.ask(Question("complete_to", text, ends)):
            draft.write("complete_to", day("complete_to", answer), draft.reason("complete_to"))
        return
    known = whole and last <= datetime.date.today()
    proposed = last.isoformat() if known else None if needed else ""
    answers = (
        [Answer(last.isoformat(), "the last date in the file: nothing happened after it")]
        if known
        else []
    )
    if not needed:
        meaning = "leave it out: always the last date in the file, also in one that goes on"
        answers.append(Answer("", meaning))
    text = "Up to which day is the file complete (Gregorian, like 2026-10-31)?"
    answer = draft.ask(Question("complete_to", text, tuple(answers), proposed))
    if answer:
        draft.write(
            "complete_to",
            day("complete_to", answer),
            draft.reason("complete_to", f"the last date looked at is {last}"),
        )


def _ends_ahead(mapped: Mapping[str, Column]) -> tuple[datetime.date, int] | None:
    """The last day on which a contract began, and how many end more than a week after it.

    None where few do, or where most ends are: then nobody began any more.
    """
    ends = _ends(mapped)
    if not ends:
        return None
    last = _last_start(mapped)
    late = last + datetime.timedelta(_AHEAD_DAYS)
    counts = mapped["ended"].counts
    after = sum(counts[text] for text, end in ends.items() if late < end < _far(mapped))
    return (last, after) if _FEWEST_AHEAD <= after <= _MOST_AHEAD * mapped["ended"].filled else None


def _ends(mapped: Mapping[str, Column]) -> dict[str, datetime.date]:
    """The ends of contracts that are dates, by their text; none where not both days are known."""
    if not {"started", "ended"} <= mapped.keys():
        return {}
    begun, ended = (mapped[ours] for ours in ("started", "ended"))
    if not (begun.dates and ended.dates):
        return {}
    written = ended.dates[0]
    return {text: days.span(written, [text])[1] for text in ended.counts if written.read(text)}


def _last_start(mapped: Mapping[str, Column]) -> datetime.date:
    begun = mapped["started"]
    return days.span(begun.dates[0], begun.counts)[1]


def _far(mapped: Mapping[str, Column]) -> datetime.date:
    """The day from which on an end stands for none: long after the last contract began."""
    return _last_start(mapped) + datetime.timedelta(_FAR_DAYS)


def _last_day(mapped: Mapping[str, Column], last: datetime.date) -> datetime.date:
    """The last day of all dates, but for ends that stand for none; `last`: with those."""
    ends = _ends(mapped).values()
    if not ends or last < _far(mapped):
        return last
    return max([_last_start(mapped), *(one for one in ends if one < _far(mapped))])


def refunds(mapped: Mapping[str, Column], marks: Marks, draft: Draft) -> None:
    """What negative amounts mean."""
    negative = {
        ours: {text: value for text, value in mapped[ours].numbers(marks).items() if value < 0}
        for ours in ("amount", "quantity")
        if ours in mapped
    }
    found = [(mapped[ours], texts) for ours, texts in negative.items() if texts]
    if not found:
        return
    column, negatives = found[0]
    rows = sum(column.counts[text] for text in negatives)
    shown = f"{rows:,} of {column.rows:,} rows have a negative {quoted(column.name)}"
    first = next(iter(negatives))
    sample = column.sample
    lines = sample.lines_of(row[column.index] in negatives for row in sample.rows)
    question = Question(
        "refunds",
        f"{shown}, such as {quoted(first)}{lines and f' ({lines})'}. What are they?",
        (
            Answer("net", "refunds: taken off the customer's last purchase on or before their day"),
            Answer("exclude", "no purchases: these rows are left out and counted"),
        ),
        free=False,
    )
    if answer := draft.ask(question):
        draft.write("refunds", answer, draft.reason("refunds", shown))


def repeats(sample: Sample, draft: Draft) -> None:
    """What rows mean that are alike in every column."""
    counts = Counter(sample.rows)
    again = len(sample.rows) - len(counts)
    if draft.take("key") is not None:
        draft.write("key", texts(draft.given["key"]), draft.reason("key"))
        return
    if not again:
        return
    shown = f"{again:,} rows stand in the file again, alike in every column"
    lines = sample.lines_of(counts[row] > 1 for row in sample.rows)
    question = Question(
        "repeats",
        f"{shown}{lines and f' ({lines})'}. What are they?",
        (
            Answer("keep", "purchases of their own: each row counts"),
            Answer("once", "the same purchase written twice: each is taken once"),
        ),
        free=False,
    )
    if answer := draft.ask(question):
        draft.write("repeats", answer, draft.reason("repeats", shown))


def currency(mapped: Mapping[str, Column], draft: Draft) -> None:
    """The currency of the amounts: from the file, from the name of a column, or asked."""
    if "currency" in mapped:
        codes = list(mapped["currency"].counts)
        for code in codes if len(codes) > 1 else ():
            key = f"exchange_rates.{code}"
            text = f"What is one {code} worth in the currency of the report?"
            example = Answer("1", f"{code} is the currency of the report")
            answer = draft.ask(Question(key, text, (example,)))
            if answer is not None:
                rate = numbers.PLAIN.read(answer)
                if rate is None or rate <= 0:
                    raise NotProposedError(f'{key} = "{answer}": write a number, like 0.86.')
                value = int(rate) if rate == 1 else rate
                draft.write(("exchange_rates", code), value, draft.reason(key))
        return
    money = [mapped[ours] for ours in ("amount", "unit_price", "monthly_charges") if ours in mapped]
    for column in money:
        named = [code for word, code in _CURRENCIES.items() if word in column.words]
        named += [code for sign, code in _SIGNS.items() if sign in column.name]
        if named and "currency" not in draft.given:
            draft.write("currency", named[0], f"the column is called {quoted(column.name)}")
            return
    nothing = Answer("", "leave it out: reports show amounts without a currency")
    question = Question(
        "currency", "In which currency are the amounts (a code, like EUR)?", (nothing,), ""
    )
    if answer := draft.ask(question):
        draft.write("currency", answer, draft.reason("currency"))


def churn_words(column: Column, draft: Draft) -> None:
    """Which words of a column mean that the customer left."""
    found = [text.casefold() for text in column.counts]
    given = draft.take("true_values"), draft.take("false_values")
    if given != (None, None):
        left = texts(given[0] or "")
        stayed = texts(given[1] or "") or [text for text in column.counts if text not in left]
        left = left or [text for text in column.counts if text not in stayed]
        draft.write("true_values", left, draft.reason("true_values", "they left"))
        draft.write("false_values", stayed, draft.reason("true_values", "they stayed"))
        return
    if set(found) <= {*_DEFAULT_YES, *_DEFAULT_NO}:
        return
    if set(found) <= {*_YES, *_NO}:
        for key, words, meaning in (("true_values", _YES, "left"), ("false_values", _NO, "stayed")):
            own = [text for text in column.counts if text.casefold() in words]
            draft.write(key, own, f"the customer {meaning}, by the word")
        return
    answers = tuple(
        Answer(
            joined([text]), f"{quoted(text)} means left: {count:,} of {column.filled:,} customers"
        )
        for text, count in column.counts.items()
    )
    text = f"Which values of {quoted(column.name)} mean that the customer left (of several: a,b)?"
    draft.ask(Question("true_values", text, answers))


def leavers(draft: Draft) -> None:
    question = Question(
        "leavers",
        "Whose leaving does the file record?",
        (
            Answer("all", "of everybody who ever left"),
            Answer("last month", "of those of the last month: a snapshot of the customers"),
            Answer("", "leave it out: customers are then given no value"),
        ),
        "",
        free=False,
    )
    if answer := draft.ask(question):
        draft.write("leavers", answer, draft.reason("leavers"))


def scales(mapped: Mapping[str, Column], drivers: Sequence[Column], draft: Draft) -> None:
    """The lowest and the highest answer of each metric and of the drivers."""
    for ours in _METRICS:
        if ours in mapped:
            _scale(ours, mapped[ours], draft, mapped.get("nps"))
    if drivers:
        together: dict[str, int] = {}
        for column in drivers:
            for text, count in column.counts.items():
                together[text] = together.get(text, 0) + count
        words = labels.together(column.labels for column in drivers) or {}
        all_of_them = Column("drivers", together, sum(together.values()), labels=words)
        _scale("drivers", all_of_them, draft)


def _scale(ours: str, column: Column, draft: Draft, nps: Column | None = None) -> None:
    codes_given = {numbers.PLAIN.read(one) for one in texts(draft.given.get(f"missing.{ours}", ""))}
    answers = {one: n for one, n in column.whole_numbers.items() if one not in codes_given}
    key = f"scales.{ours}"
    if not answers:
        if (given := draft.take(key)) is None:
            shown = ", ".join(map(quoted, column.samples()))
            nothing: tuple[Answer, ...] = ()
            text = f"Lowest and highest answer of {ours} (like 1,5); there are {shown}"
            draft.ask(Question(key, text, nothing))
        else:
            draft.write(("scales", ours), scale(key, given), draft.reason(key))
        return
    chosen, reason = _named_scale(column, answers)
    if chosen is None:
        chosen, reason = _labelled_scale(column) or _settled(ours, _without_codes(answers))
    if key in draft.given or chosen is None:
        offered = _offered(ours, answers)
        answer = draft.ask(
            Question(
                key,
                f"What are the lowest and the highest answer to {quoted(column.name)} ({ours})?"
                f"{_mean_nps(ours, column, nps)}",
                tuple(
                    Answer(f"{low},{high}", _outside(answers, low, high)) for low, high in offered
                ),
            )
        )
        if answer is None:
            return
        low, high = scale(key, answer)
        chosen, reason = (low, high), draft.reason(key, _outside(answers, low, high))
    draft.write(("scales", ours), list(chosen), reason)
    if ours == "nps" and chosen[0] == min(answers) - 1 == 0 and answers[1] >= _DOUBTFUL_ONES:
        _ask_zero(column, answers, draft)
    read = column.numbers(numbers.PLAIN)
    codes = [
        text
        for text, value in read.items()
        if not chosen[0] <= value <= chosen[1] and value not in codes_given
    ]
    ask_missing(ours, column, [*column.left, *codes], draft)


def _without_codes(answers: Mapping[int, int]) -> Mapping[int, int]:
    """The answers but for codes that are on no scale of the others, which are asked about."""
    given = {one: n for one, n in answers.items() if one not in FAR_CODES}
    return given if given and max(given) <= _HIGHEST_OF_FEW else answers


def _ask_zero(column: Column, answers: Mapping[int, int], draft: Draft) -> None:
    """Ask whether customers could choose 0, where 1 is the lowest answer to NPS."""
    question = Question(
        "nps_zero",
        f"No answer to {quoted(column.name)} is 0 among {sum(answers.values()):,}, and"
        f" {answers[1]:,} are 1. Could 0 be chosen? If not, give --option scales.nps=1,10.",
        (Answer("offered", "0 could be chosen, and nobody did"),),
        free=False,
    )
    if answer := draft.ask(question):
        draft.write("nps_zero", answer, draft.reason("nps_zero"))


def _mean_nps(ours: str, column: Column, nps: Column | None) -> str:
    """The mean NPS of those who gave each answer, which tells the best end and codes; or ""."""
    if nps is None or ours == "nps" or nps.sample is not column.sample:
        return ""
    found: dict[int, list[int]] = {}
    for row in column.sample.rows:
        answer, recommends = (numbers.PLAIN.read(row[one.index]) for one in (column, nps))
        if answer is None or recommends is None or answer % 1:
            continue
        if 0 <= recommends <= _NPS_SCALE[1]:
            found.setdefault(int(answer), []).append(int(recommends))
    if not 1 < len(found) <= _MOST_MEANS:
        return ""
    means = ", ".join(f"{one}: {sum(of) / len(of):.1f}" for one, of in sorted(found.items()))
    return f" Mean nps by answer: {means}."


def _named_scale(column: Column, answers: Mapping[int, int]) -> tuple[tuple[int, int] | None, str]:
    """The scale that the name of a column says, as "(1-5)", where nearly all answers are of it."""
    found = _SCALE_IN_NAME.findall(plain(column.name))
    if len(found) != 1:
        return None, ""
    low, high = map(int, found[0])
    within = sum(n for value, n in answers.items() if low <= value <= high)
    if (low, high) not in _USUAL_SCALES or within < _MOSTLY_WITHIN * sum(answers.values()):
        return None, ""
    return (low, high), f"the column is called {quoted(column.name)}"


def _labelled_scale(column: Column) -> tuple[tuple[int, int], str] | None:
    """The scale whose every answer has a word, where enough have answered."""
    values = {*column.labels.values()}
    if not values or column.filled < _ENOUGH_ANSWERS:
        return None
    low, high = min(values), max(values)
    if values != {*range(low, high + 1)} or (low, high) not in _USUAL_SCALES:
        return None
    return (low, high), "the words of its answers"


def _settled(ours: str, answers: Mapping[int, int]) -> tuple[tuple[int, int] | None, str]:
    """The scale where the answers leave no doubt, and why."""
    low, high = min(answers), max(answers)
    total = sum(answers.values())
    every = set(answers) == set(range(low, high + 1))
    if ours == "nps":
        fits = low == 0 and 6 <= high <= 10
        return ((0, 10), "0 occurs and nothing above 10") if fits else (None, "")
    zeros = answers.get(0, 0)
    if zeros >= _SHARE_OF_ZEROS * total and zeros > _ZEROS_TO_ONES * answers.get(1, 0):
        return None, ""
    if (low, high) in _PLAIN_SCALES and every and total >= _ENOUGH_ANSWERS:
        return (
            low,
            high,
        ), f"every answer from {low} to {high} occurs among {total:,}, and no other"
    return None, ""


def _offered(ours: str, answers: Mapping[int, int]) -> list[tuple[int, int]]:
    if ours == "nps":
        return [(0, 10), (1, 10)]
    # 0 may stand for no answer, even in most rows.
    given = {value: n for value, n in answers.items() if value not in (0, *FAR_CODES)} or answers
    most = [
        (low, high)
        for low, high in _USUAL_SCALES
        if 2 * sum(n for value, n in given.items() if low <= value <= high) > sum(given.values())
    ]
    # A code is no end of a scale.
    ends = [value for value in answers if value not in FAR_CODES] or [*answers]
    own = (min(ends), max(ends))
    return most if own in most else [*most, own]


def _outside(answers: Mapping[int, int], low: int, high: int) -> str:
    outside = {value: n for value, n in sorted(answers.items()) if not low <= value <= high}
    if outside:
        shown = ", ".join(f"{value} in {n:,} rows" for value, n in outside.items())
        is_shifted = (min(answers), max(answers)) == (low - 1, high - 1)
        shifted = f"; nobody answered {high}: are they counted from {low - 1}?" * is_shifted
        return f"not of the scale: {shown}{shifted}"
    ends = [end for end in (low, high) if end not in answers]
    nobody = f"; nobody answered {' or '.join(map(str, ends))}" if ends else ""
    return f"all answers lie within{nobody}"


def roles(column: Column, draft: Draft) -> None:
    """Which word of the file is which role, where they are not ours."""
    if set(column.counts) <= set(contracts.ROLES):
        return
    words = tuple(
        Answer(text, f"{count:,} rows") for text, count in list(column.counts.items())[:_FEW_WORDS]
    )
    for role in contracts.ROLES:
        key = f"roles.{role}"
        nobody = Answer("", "not in the file")
        question = Question(
            key, f"Which word of {quoted(column.name)} means {role}?", (*words, nobody)
        )
        if answer := draft.ask(question):
            draft.write(("roles", role), answer, draft.reason(key))


def ces_easy(column: Column, draft: Draft) -> None:
    high = max(column.whole_numbers, default=0)
    question = Question(
        "ces_easy",
        f"Does a high answer to {quoted(column.name)} mean that it was easy?",
        (Answer("high", f"{high} is the easiest"), Answer("low", f"{high} is the hardest")),
        free=False,
    )
    if answer := draft.ask(question):
        draft.write("ces_easy", answer, draft.reason("ces_easy"))
