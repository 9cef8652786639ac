"""Faults 23 to 34: of digits, letters, numbers and dates, planted."""

import datetime
import random

from .planting import Faults, Planted, Told, changed, places, planted, some
from .samples import CSV, DATABASE, FORMS, GZIP, PARQUET, Sample

FAULTS = Faults()
IDS = ("CDNOW", "invoices", "telco", "contracts")
PURCHASES = ("CDNOW", "invoices", "Persian")


def _text_ids(chance: random.Random, sample: Sample, written: tuple[str, ...]) -> Planted:
    """Ids that must come out as they stand, in every form of file."""
    where, index = some(chance, sample, len(written)), sample.at("customer_id")
    rows = list(sample.rows)
    for row, identity in zip(where, chance.sample(written, len(where)), strict=True):
        rows[row] = (*rows[row][:index], identity, *rows[row][index + 1 :])
    values = {"customer_id": [row[index] for row in rows]}
    told = Told("R", "")
    return planted(sample, rows, told, form=chance.choice(FORMS), values=values)


@FAULTS(23, "id with leading zeros", "R", *IDS)
def leading_zeros(chance: random.Random, sample: Sample) -> Planted:
    return _text_ids(chance, sample, ("007", "0000", "0012345", "00", "0x1F"))


@FAULTS(24, 'id "NA" or "null"', "R", *IDS)
def words_for_nothing(chance: random.Random, sample: Sample) -> Planted:
    words = ("NA", "null", "NULL", "None", "nan", "N/A", "#N/A", "-", "none", "NaN")
    return _text_ids(chance, sample, words)


@FAULTS(25, "19-digit id, id 1E5", "R", *IDS)
def long_ids(chance: random.Random, sample: Sample) -> Planted:
    written = ("9007199254740993123", "1E5", "1e05", "1.0", "9007199254740993", "12345678901234567")
    return _text_ids(chance, sample, written)


@FAULTS(25, "19-digit id beside a blank", "W", "CDNOW", "invoices")
def long_id_beside_blank(chance: random.Random, sample: Sample) -> Planted:
    index, (blank, long) = sample.at("customer_id"), chance.sample(range(len(sample.rows)), 2)
    rows = changed(sample, [blank], index, lambda _: "")
    rows[long] = (*rows[long][:index], "9007199254740993123", *rows[long][index + 1 :])
    ids = [row[index] for row in rows if row[index]]
    told = Told("W", "blank", "customer_id", sample.columns["customer_id"], 1)
    return planted(sample, rows, told, form=chance.choice(FORMS), values={"customer_id": ids})


@FAULTS(26, "Persian or Arabic digits", "R", *PURCHASES, "telco", "contracts", "indices")
def persian_digits(chance: random.Random, sample: Sample) -> Planted:
    digits = str.maketrans("0123456789", chance.choice(("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")))
    written = [
        one
        for one, theirs in sample.columns.items()
        if sample.rows[0][sample.header.index(theirs)].strip(".").replace(".", "").isdecimal()
        or one in ("date", "started")
    ]
    ours = chance.choice(written)
    # A base of an index may be blank: there is no digit to write otherwise.
    where = [row for row in some(chance, sample, 20) if sample.rows[row][sample.at(ours)]]
    where = where or [0]
    rows = changed(sample, where, sample.at(ours), lambda cell: cell.translate(digits))
    told = Told("R", "Persian or Arabic digits", ours, sample.columns[ours], len(where))
    return planted(sample, rows, told, form=chance.choice(FORMS), same=True)


@FAULTS(27, "Arabic and Persian yeh, kaf in keys", "R", "Persian")
def arabic_letters(chance: random.Random, sample: Sample) -> Planted:
    arabic = str.maketrans("یک", chance.choice(("يك", "ىك")))
    ours, theirs = chance.choice((("customer_id", "شناسه مشتری"), ("استان", "استان")))
    index = sample.header.index(theirs)
    where = [row for row in some(chance, sample, 60) if set("یک") & set(sample.rows[row][index])]
    if not where:
        where = [0]
    rows = changed(sample, where, index, lambda cell: cell.translate(arabic))
    told = Told("R", "Arabic letters", ours, theirs, len(where))
    return planted(sample, rows, told, form=chance.choice(FORMS), same=True)


_NUMBERS = ("CDNOW", "invoices", "contracts", "telco", "indices")


def _comma(sample: Sample) -> tuple[str, Sample]:
    """A column of numbers, and the sample with a decimal comma in all of its rows."""
    ours = next(
        one for one in ("amount", "unit_price", "monthly_charges", "value") if one in sample.columns
    )
    index = sample.at(ours)
    rows = changed(
        sample,
        range(len(sample.rows)),
        index,
        lambda cell: f"{float(cell):.2f}".replace(".", ","),
    )
    return ours, Sample(
        sample.name, sample.input, sample.header, tuple(rows), sample.columns, sample.keys
    )


@FAULTS(28, "decimal comma, not declared", "E", *_NUMBERS)
def decimal_comma(chance: random.Random, sample: Sample) -> Planted:
    ours, written = _comma(sample)
    lines, form = range(len(sample.rows)), chance.choice(FORMS)
    told = Told(
        "E", "not a number", ours, sample.columns[ours], len(lines), places(lines, form),
        'decimal = ","', alone=False,
    )  # fmt: skip
    mend = None if _has_points(sample, ours) else {"decimal": '","'}
    return planted(sample, written.rows, told, form=form, mend=mend, same=mend is not None)


def _has_points(sample: Sample, ours: str) -> bool:
    """Whether another column that is read holds decimal points: no declaration fits both."""
    others = [sample.header.index(theirs) for one, theirs in sample.columns.items() if one != ours]
    return any("." in row[index] for row in sample.rows for index in others)


@FAULTS(28, "decimal comma, declared", "R", "CDNOW", "invoices", "contracts", "telco")
def declared_comma(chance: random.Random, sample: Sample) -> Planted:
    ours, written = _comma(sample)
    form, keys = chance.choice(FORMS), {**sample.keys, "decimal": '","'}
    told = Told("R", "decimal", ours, sample.columns[ours], len(sample.rows))
    return planted(sample, written.rows, told, form=form, keys=keys, same=True)


def _day_column(sample: Sample) -> str:
    return "started" if "started" in sample.columns else "date"


def _redated(sample: Sample, days: list[str]) -> list[tuple[str, ...]]:
    index = sample.at(_day_column(sample))
    return [
        (*row[:index], day, *row[index + 1 :]) for row, day in zip(sample.rows, days, strict=True)
    ]


def _days(chance: random.Random, sample: Sample) -> list[datetime.date]:
    """A day of the first 12 of a month for every row: both readings of it are days."""
    return [datetime.date(1998, chance.randint(1, 5), chance.randint(1, 12)) for _ in sample.rows]


def _without(sample: Sample, *names: str) -> dict[str, str]:
    return {name: value for name, value in sample.keys.items() if name not in names}


@FAULTS(29, "ambiguous dd/mm", "E", "CDNOW", "invoices", "feedback")
def ambiguous_days(chance: random.Random, sample: Sample) -> Planted:
    days, form = _days(chance, sample), chance.choice((CSV, GZIP, PARQUET, DATABASE))
    rows = _redated(sample, [f"{day:%d/%m/%Y}" for day in days])
    lines = range(len(rows))
    told = Told(
        "E", "not a date", "date", sample.columns["date"], len(rows), places(lines, form),
        'date_format = "%d/%m/%Y", or date_format = "%m/%d/%Y"',
    )  # fmt: skip
    keys = {**_without(sample, "date_format"), "complete_to": "1999-01-31"}
    return planted(
        sample, rows, told, form=form, keys=keys, mend={"date_format": '"%d/%m/%Y"'},
        values={"date": [str(day) for day in days]},
    )  # fmt: skip


@FAULTS(29, "mixed dd/mm and mm/dd", "E", "CDNOW", "invoices", "feedback")
def mixed_days(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    written = [f"{day:%d/%m/%Y}" for day in _days(chance, sample)]
    for row in where:
        written[row] = f"0{chance.randint(1, 5)}/{chance.randint(13, 28)}/1998"
    told = Told("E", "not a date", "date", sample.columns["date"], len(where), places(where, form))
    keys = {**sample.keys, "date_format": '"%d/%m/%Y"', "complete_to": "1999-01-31"}
    return planted(sample, _redated(sample, written), told, form=form, keys=keys)


@FAULTS(30, "day numbers of a workbook", "E", "CDNOW", "invoices", "feedback")
def serial_days(chance: random.Random, sample: Sample) -> Planted:
    days, form = _days(chance, sample), chance.choice(FORMS)
    # Day 1 is 1 January 1900, and 29 February 1900 is counted as if it had been.
    numbers = [str((day - datetime.date(1899, 12, 30)).days) for day in days]
    told = Told(
        "E", "not a date", "date", sample.columns["date"], len(days),
        places(range(len(days)), form), 'date_format = "excel"',
    )  # fmt: skip
    keys = {**_without(sample, "date_format"), "complete_to": "1999-01-31"}
    return planted(
        sample, _redated(sample, numbers), told, form=form, keys=keys,
        mend={"date_format": '"excel"'}, values={"date": [str(day) for day in days]},
    )  # fmt: skip


@FAULTS(30, "Jalali days, not declared", "E", "Persian")
def jalali_days(chance: random.Random, sample: Sample) -> Planted:
    form, lines = chance.choice(FORMS), range(len(sample.rows))
    told = Told(
        "E", "not a date", "date", sample.columns["date"], len(lines), places(lines, form),
        'date_format = "%Y/%m/%d" and calendar = "jalali"',
    )  # fmt: skip
    mend = {"date_format": '"%Y/%m/%d"', "calendar": '"jalali"'}
    keys = _without(sample, "date_format", "calendar")
    return planted(sample, sample.rows, told, form=form, keys=keys, mend=mend, same=True)


@FAULTS(31, "date after the last day", "E", *PURCHASES, "contracts", "feedback", "indices")
def late_day(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    late = {"Persian": "1404/05/05", "CDNOW": "20260101", "invoices": "2026-01-01 10:00"}
    ours = _day_column(sample)
    rows = changed(sample, where, sample.at(ours), lambda _: late.get(sample.name, "2026-11-05"))
    told = Told(
        "E", "date after", ours, sample.columns[ours], len(where), places(where, form),
        alone=ours == "date",
    )  # fmt: skip
    return planted(sample, rows, told, form=form)


@FAULTS(32, "last event before sign-up", "E", "contracts")
def left_before_start(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    rows = changed(sample, where, sample.at("ended"), lambda _: "2001-02-03")
    told = Told(
        "E", "ended before it started", "ended", sample.columns["ended"], len(where),
        places(where, form),
    )  # fmt: skip
    return planted(sample, rows, told, form=form)


@FAULTS(33, "1900 or 1970 for no date, where it may be blank", "W", "contracts")
def sentinel(chance: random.Random, sample: Sample) -> Planted:
    day = chance.choice(("1900-01-01", "1970-01-01", "9999-12-31", "0001-01-01"))
    index = sample.at("ended")
    stayed = [row for row, cells in enumerate(sample.rows) if not cells[index]]
    where = sorted(chance.sample(stayed, chance.randint(1, min(12, len(stayed)))))
    rows = changed(sample, where, index, lambda _: day)
    told = Told("W", "stand for no date", "ended", sample.columns["ended"], len(where))
    return planted(sample, rows, told, form=chance.choice(FORMS), same=True)


@FAULTS(33, "1900 or 1970 for no date, where it may not be blank", "E", "CDNOW", "invoices")
def sentinel_purchase(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    year = chance.choice(("1900", "1970"))
    day = f"{year}0101" if sample.name == "CDNOW" else f"{year}-01-01 00:00"
    rows = changed(sample, where, sample.at("date"), lambda _: day)
    told = Told(
        "E", "stand for no date", "date", sample.columns["date"], len(where), places(where, form)
    )
    return planted(sample, rows, told, form=form)


# Berlin, Tehran and New York: hours that did not exist, or came twice.
_GAPS = ("2011-03-27 02:30", "2011-03-22 00:30", "2011-03-13 02:30", "2010-10-31 02:30")


@FAULTS(34, "daylight-saving gap or repeat", "R", "invoices")
def summer_time(chance: random.Random, sample: Sample) -> Planted:
    where, time = some(chance, sample), chance.choice(_GAPS)
    rows = changed(sample, where, sample.at("date"), lambda _: time)
    days = [row[sample.at("date")][:10] for row in rows]
    told = Told("R", "time of day cut off", "date", sample.columns["date"], len(rows))
    return planted(sample, rows, told, form=chance.choice(FORMS), values={"date": days})
