"""Numbers, months and quarters as a Persian text has them."""

import re

_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_JALALI = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
]
_GREGORIAN = [
    "ژانویه",
    "فوریه",
    "مارس",
    "آوریل",
    "مه",
    "ژوئن",
    "ژوئیه",
    "اوت",
    "سپتامبر",
    "اکتبر",
    "نوامبر",
    "دسامبر",
]
_LAST_JALALI_YEAR = 1500

# A sign belongs before its number, which the writing from right to left would put behind it.
_SIGNED = re.compile(r"(?<![\w۰-۹])[-+−](?=[۰-۹])")
_LEFT_TO_RIGHT = "\u200e"

_MONTH = re.compile(r"(?<![\d-])(\d{4})-(0[1-9]|1[0-2])(?![\d-])")
_QUARTER = re.compile(r"(?<!\d)(\d{4})[- ]Q([1-4])(?!\d)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_DECIMAL = re.compile(r"(?<![\d.])(\d*)\.(?=\d)")
_PERCENT = re.compile(r"(?<=\d)\s?%")


def in_persian_digits(text: str) -> str:
    """The text with Persian digits, marks and month names; words stay as they are.

    1,234.5 becomes ۱٬۲۳۴٫۵, 12 % ۱۲٪ and 1403-01 فروردین ۱۴۰۳. A year up to 1500 is Jalali.
    """
    text = _MONTH.sub(_month, text)
    text = _QUARTER.sub(r"سه‌ماههٔ \2 سال \1", text)
    text = _PERCENT.sub("٪", _DECIMAL.sub(r"\1٫", _GROUPED.sub("٬", text)))
    return text.translate(_DIGITS)


def isolated(text: str) -> str:
    """A text of a picture with signs that stay before their numbers."""
    return _SIGNED.sub(lambda found: _LEFT_TO_RIGHT + found[0], text)


def _month(found: re.Match[str]) -> str:
    year, month = int(found[1]), int(found[2])
    names = _JALALI if year <= _LAST_JALALI_YEAR else _GREGORIAN
    return f"{names[month - 1]} {year}"
