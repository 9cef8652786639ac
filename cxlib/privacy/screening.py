"""Addresses and numbers that belong to one person, taken out of free text.

What is found is replaced by a mark, such as [e-mail], whatever digits it is written with: 0912...,
۰۹۱۲... or ٠٩١٢.... Names of people are not found, nor addresses of houses, nor numbers in words.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

EMAIL, ACCOUNT, CARD = "[e-mail]", "[account]", "[card]"
PHONE, NATIONAL_ID = "[phone]", "[national id]"
# What a text must hold for anything to be found; no look-around, so that an engine has it too.
CANDIDATE = r"[@＠]|[0-9۰-۹٠-٩０-９]([^0-9A-Za-z۰-۹٠-٩０-９]{0,3}[0-9۰-۹٠-٩０-９]){7}"

# Marks that are not seen, between digits too: joiners, directions, the soft hyphen.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ـ"), "-") | dict.fromkeys(
    map(ord, "\u00a0\u2007\u202f\t\n"), " "
)
# Two numbers may stand side by side, 09.../09...; what follows a point may be a fraction.
_WHOLE = r"(?<!\d)(?<!\d\.){}(?!\d)(?!\.\d)"
# Of what is told by its shape alone: beside a mark it may be part of an amount or a date.
_ENDS = r"(?<!\d)(?<!\d[.,/-]){}(?!\d)(?![.,/-]\d)"
_SHORTEST_IBAN = 15


@dataclass(frozen=True)
class Screened:
    """A text that may be shown, and how often each mark stands in it for what was taken out."""

    text: str
    found: Counter[str]


def screen(text: str) -> Screened:
    """Replace e-mail addresses and numbers of phones, accounts, cards and persons by marks.

    E-mail addresses; IBANs, and Iranian Sheba numbers without their IR (mod 97); cards of 16 digits
    (Luhn); phones: international with + or 00 and a country code of ITU-T E.164, Iranian mobile
    with or without 0 (then 90 to 93 and 99), national with area code and 0 (10 or 11 digits), and
    3-3-4 digits apart; Iranian national ids (10 digits and check digit). Of numbers without a check
    digit a wrong one is found like a right one.
    """
    if not re.search(CANDIDATE, text):
        return Screened(text, Counter())
    plain, places = _plain(text)
    taken: list[tuple[int, int, str]] = []
    for mark, pattern, is_one in _KINDS:
        for match in pattern.finditer(plain):
            length = next((n for n in _lengths(match[0]) if is_one(_dense(match[0][:n]))), 0)
            start, end = match.start(), match.start() + length
            if length and all(end <= one or other <= start for one, other, _ in taken):
                taken.append((start, end, mark))
                # What is taken bars no number beside it.
                plain = plain[:start] + "\0" * length + plain[end:]
    parts, at = [], 0
    for start, end, mark in sorted(taken):
        parts += [text[at : places[start]], mark]
        at = places[end - 1] + 1
    return Screened("".join([*parts, text[at:]]), Counter(mark for _, _, mark in taken))


def screened(text: str) -> str:
    """A text that may be shown (see `screen`)."""
    return screen(text).text


def screen_all(texts: Iterable[str]) -> tuple[list[str], Counter[str]]:
    """As `screen`, of many texts; the counts are of all together."""
    every = [screen(text) for text in texts]
    return [one.text for one in every], sum((one.found for one in every), Counter[str]())


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with digits 0 to 9 and plain dashes, unseen marks left out, and where each stood."""
    letters, places = [], []
    for place, letter in enumerate(text.translate(_DASHES)):
        if not _UNSEEN.match(letter):
            digit = unicodedata.digit(letter, None)
            letters.append(("@" if letter == "＠" else letter) if digit is None else str(digit))
            places.append(place)
    return "".join(letters), places


def _lengths(found: str) -> Iterable[int]:
    """How much of what was found may be meant: all of it, or without the last words after it."""
    yield len(found)
    if found[:2].isalpha():
        yield from (one.start() for one in reversed([*re.finditer(r"[ -]", found)]))


def _dense(found: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", found)


def _is_account(text: str) -> bool:
    """ISO 13616: the first four moved to the end, letters as 10 to 35, remainder 1 of 97."""
    if len(text) < _SHORTEST_IBAN:
        return False
    whole = text if text[0].isalpha() else f"IR{text}"
    moved = whole[4:] + whole[:4]
    return int("".join(str(int(one, 36)) for one in moved)) % 97 == 1


def _is_card(digits: str) -> bool:
    """Luhn: every second digit from the right doubled, digits of all added, a multiple of 10."""
    doubled = [int(one) * (1 + place % 2) for place, one in enumerate(reversed(digits))]
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0 and int(digits) > 0


def _is_national_id(digits: str) -> bool:
    """The sum of digits by weights 10 to 2, mod 11, tells the last; equal digits are none."""
    if len(set(digits)) == 1:
        return False
    rest = (
        sum(int(one) * weight for one, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    )
    return int(digits[-1]) == (rest if rest < 2 else 11 - rest)


def _is_international(digits: str) -> bool:
    """A country code that is assigned, and as many digits as its numbers have (10 to 15)."""
    number = digits.removeprefix("00")
    code = _COUNTRY.match(number)
    if code is None or not 10 <= len(number) <= 15:
        return False
    return len(number) in _LENGTHS.get(code[0], range(10, 16))


def _is_national(digits: str) -> bool:
    return len(digits) in (10, 11)


def _always(_: str) -> bool:
    return True


def _pattern(digits: str, ends: str = _ENDS) -> re.Pattern[str]:
    return re.compile(ends.replace("{}", f"(?:{digits})"))


# ITU-T E.164, the codes of two or three digits by their first two.
_COUNTRY = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|(?:2[1-689]|3[578]|42|5[09]|6[7-9]|8[0578]|9[679])\d"
)
# Iran with the 0 too that is written in brackets.
_LENGTHS = {"1": (11,), "7": (11,), "98": (12, 13)}
# The first that fits a place has it.
_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    (EMAIL, re.compile(r"(?<![\w.+%'-])[\w.+%'-]+ ?@ ?[\w-]+(?:\.[\w-]+)+"), _always),
    (
        ACCOUNT,
        re.compile(
            r"(?<![A-Za-z0-9])[A-Z]{2}[ -]?\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])",
            re.I | re.A,
        ),
        _is_account,
    ),
    (ACCOUNT, _pattern(r"\d(?:[ -]?\d){23}", _WHOLE), _is_account),
    (CARD, _pattern(r"\d{4}(?:[ ./_-]?\d{4}){3}", _WHOLE), _is_card),
    (PHONE, _pattern(r"\+[1-9](?:[ ()-]{0,3}\d){7,14}"), _is_international),
    (PHONE, _pattern(r"\+[1-9]\d{0,2}(?:\.\d{2,4}){2,4}"), _is_international),
    (PHONE, _pattern(r"00[1-9](?:[ .()-]{0,2}\d){9,13}", _WHOLE), _is_international),
    (PHONE, _pattern(r"(?:(?:98[ -]?|0)9\d{2}|\(09\d{2}\))(?:[ ./_-]?\d){7}", _WHOLE), _always),
    (PHONE, _pattern(r"9[0-39]\d(?:[ .-]?\d){7}", _WHOLE), _always),
    (NATIONAL_ID, _pattern(r"\d{3}-?\d{6}-?\d", _WHOLE), _is_national_id),
    (
        PHONE,
        _pattern(r"0[1-9]\d{8,9}|(?:\(0[1-9]\d\)|0[1-9]\d)[ -]{0,2}\d{8}", _WHOLE),
        _is_national,
    ),
    (
        PHONE,
        _pattern(r"(?:\(0[1-9]\d{0,3}\)|0[1-9]\d{0,3})[ -]{0,2}\d{3,8}(?:[ -]?\d{3,5}){0,2}"),
        _is_national,
    ),
    (
        PHONE,
        _pattern(
            r"(?:\(0[1-9]\d{1,3}\)|0[1-9]\d{1,3})[ -]{0,2}\d{2,4}"
            r"(?:(?: \d{2,4}){1,4}|(?:-\d{2,4}){1,4})"
        ),
        _is_national,
    ),
    (PHONE, _pattern(r"(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}"), _always),
)
