"""Jalali days: each of 1300 to 1500 as two other libraries have it, and no day that is none."""

import datetime
from pathlib import Path

import duckdb
import jdatetime
import persiantools.jdatetime
import pytest

from cxlib.engine import Cast, jalali, letters, open_file, stage, staged


def read(texts: list[str], date_format: str) -> list[datetime.date | None]:
    parts = jalali.parts("text", date_format)
    day = jalali.day("parts", date_format)
    query = f"SELECT {day} FROM (SELECT {parts} AS parts FROM (SELECT unnest(?) AS text))"
    return [found for (found,) in duckdb.connect().execute(query, [texts]).fetchall()]


def days(year: int) -> list[tuple[int, int]]:
    """Months and days of a year, those that a leap year alone has included."""
    return [(month, day) for month in range(1, 13) for day in range(1, 32 if month < 7 else 31)]


def test_every_day_of_1300_to_1500_is_that_of_two_other_libraries() -> None:
    texts, theirs = [], []
    for year in range(1300, 1501):
        for month, day in days(year):
            texts.append(f"{year}/{month:02d}/{day:02d}")
            try:
                theirs.append(jdatetime.date(year, month, day).togregorian())
            except ValueError:
                theirs.append(None)
            try:
                other = persiantools.jdatetime.JalaliDate(year, month, day).to_gregorian()
            except ValueError:
                other = None
            assert other == theirs[-1]
    assert read(texts, "%Y/%m/%d") == theirs
    # 201 years, 8 leap years in each cycle of 33.
    assert theirs.count(None) == 201 - len([one for one in range(1300, 1501) if leap(one)])


def leap(year: int) -> bool:
    return jdatetime.date(year, 1, 1).isleap()


@pytest.mark.parametrize("year", [1200, 1250, 1299])
def test_first_and_last_day_of_years_before(year: int) -> None:
    first, last = f"{year}/01/01", f"{year}/12/{30 if leap(year) else 29}"
    assert read([first, last], "%Y/%m/%d") == [
        jdatetime.date(year, 1, 1).togregorian(),
        jdatetime.date(year + 1, 1, 1).togregorian() - datetime.timedelta(days=1),
    ]


@pytest.mark.parametrize(
    ("text", "date_format", "day"),
    [
        # Nowruz 1403 was on 20 March 2024, 1403 a leap year; 15 Farvardin is 14 days later.
        ("1403/01/15", "%Y/%m/%d", "2024-04-03"),
        ("1403-1-15", "%Y-%m-%d", "2024-04-03"),
        ("14030115", "%Y%m%d", "2024-04-03"),
        ("15 فروردین 1403", "%d %B %Y", "2024-04-03"),
        ("15  Farvardin 1403", "%d %B %Y", "2024-04-03"),
        ("فروردین 1403", "%B %Y", "2024-03-20"),
        ("1403/01", "%Y/%m", "2024-03-20"),
        ("30 اسفند 1403", "%d %B %Y", "2025-03-20"),
        ("1 امرداد 1403", "%d %B %Y", "2024-07-22"),
        ("1 مرداد 1403", "%d %B %Y", "2024-07-22"),
        ("1403/01/15 23:59:59", "%Y/%m/%d %H:%M:%S", "2024-04-03"),
        ("1357/11/22", "%Y/%m/%d", "1979-02-11"),
    ],
)
def test_a_known_day(text: str, date_format: str, day: str) -> None:
    assert read([text], date_format) == [datetime.date.fromisoformat(day)]


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("1402/12/30", "%Y/%m/%d"),  # no leap year
        ("1403/07/31", "%Y/%m/%d"),
        ("1403/13/01", "%Y/%m/%d"),
        ("1403/00/01", "%Y/%m/%d"),
        ("1403/01/00", "%Y/%m/%d"),
        ("2024/04/03", "%Y/%m/%d"),
        ("403/01/15", "%Y/%m/%d"),
        ("1403/01/15 10:00", "%Y/%m/%d"),
        ("1403-01-15", "%Y/%m/%d"),
        ("1403.01.15", "%Y/%m/%d"),
        ("15 محرم 1403", "%d %B %Y"),
        ("1403115", "%Y%m%d"),
        ("", "%Y/%m/%d"),
    ],
)
def test_what_is_no_day(text: str, date_format: str) -> None:
    assert read([text], date_format) == [None]


def test_month_names_are_written_as_folded_texts_are() -> None:
    spellings = [one for names in jalali.MONTHS for one in names]
    assert [letters.folded(one).lower() for one in spellings] == spellings
    assert len(set(spellings)) == len(spellings)


def test_each_month_by_its_name_is_the_month_by_its_number() -> None:
    for month, name in enumerate(jdatetime.date.j_months_fa, start=1):
        assert read([f"1 {letters.folded(name)} 1400"], "%d %B %Y") == [
            jdatetime.date(1400, month, 1).togregorian()
        ]
    for month, name in enumerate(jdatetime.date.j_months_en, start=1):
        assert read([f"1 {name} 1400"], "%d %B %Y") == [
            jdatetime.date(1400, month, 1).togregorian()
        ]


def test_persian_digits_and_arabic_letters_of_a_date(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("id,day\na,۱۵ فروردين ۱۴۰۳\nb,15 اردي\u200cبهشت 1403\n", encoding="utf-8")
    cast = Cast("day", 1, "date", date_format="%d %B %Y", calendar="jalali")
    stage(open_file(path), [cast], tmp_path / "staged.parquet")
    found = staged(tmp_path / "staged.parquet").collect("pyarrow").get_column("day").to_list()
    # The second of the 31 days of Farvardin is 21 March, so 15 Ordibehesht is 4 May.
    assert found == [datetime.date(2024, 4, 3), datetime.date(2024, 5, 4)]


def test_codes_that_are_not_read() -> None:
    assert jalali.unknown_codes("%Y/%m/%d %H:%M:%S.%f") == []
    assert jalali.unknown_codes("%A %d %b %y") == ["%A", "%b", "%y"]
