"""Of which encoding bytes are that are not UTF-8: by what its letters would be, side by side."""

import itertools
import re

_LOOKED_AT_BYTES = 1 << 16
_HIGH = re.compile(rb"[\x80-\xff]+")
_AFTER_LETTER, _BEFORE_LETTER = (
    re.compile(rb"(?<=[A-Za-z])[\x80-\xff]"),
    re.compile(rb"[\x80-\xff](?=[A-Za-z])"),
)
_BESIDE_LETTERS = re.compile(
    rb"(?<=[A-Za-z])[\x80-\xff]+[A-Za-z]?|(?<![A-Za-z])[\x80-\xff]+[A-Za-z]"
)

# Letters of the languages that an encoding is used for. Turkish ones and those of the other codes
# are signs or letters of Iceland where they are read as cp1252.
_WESTERN = "äöüßéèêëàâçîïôûùñáíóúåæøãõœìòÿÄÖÜÉÈÊËÀÂÇÎÏÔÛÙÑÁÍÓÚÅÆØÃÕŒÌÒ"
# These are Turkish letters, which are more usual, in cp1254.
_ICELANDIC, _ICELANDIC_SHARE = "ðþÞýÝ", 0.5
# A blank that breaks no line stands between words, and is á in cp850 and cp437.
_NO_BREAK, _NO_BREAK_SHARE = "\u00a0", 0.5
_LATIN = {
    "cp1252": _WESTERN,
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰäöüÄÖÜßăâîșşţĂÂÎŞŢ",
    "cp1254": "ğışİĞŞçöüÇÖÜâîû",
    "cp850": _WESTERN,
    "cp437": _WESTERN,
}
_ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]")
_CYRILLIC = re.compile(
    "[\u0401\u0404\u0406\u0407\u0410-\u044f\u0451\u0454\u0456\u0457\u0490\u0491]"
)
_GREEK = re.compile("[\u0386\u0388-\u038a\u038c\u038e-\u03ce]")
_SCRIPTS = {"cp1256": _ARABIC, "cp1251": _CYRILLIC, "cp1253": _GREEK}
# The commonest letters: of Russian, and of Greek with and without its accents.
_COMMON = {
    "cp1251": frozenset("оеаинтсрвлкмдп"),
    "cp1253": frozenset("αοιετσνηυρπκμλςάίόέή"),
}
# The first level of GB 2312 has the common characters of Chinese, two high bytes each.
_CHINESE = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_CHINESE_MARKS = re.compile(rb"[\xa1-\xa3][\xa1-\xfe]")
# Words in Japanese: bytes of other languages seldom make two such letters side by side.
_JAPANESE = re.compile("[\u3001-\u30fe\u4e00-\u9fff]{2,}")
_JAPANESE_SHARE = 0.5
_ODD_SHARE = 0.01
_NAMES = (
    *("cp1252", "cp1256", "cp1250", "cp1251", "gb18030", "cp932"),
    *("cp1253", "cp1254", "cp850", "cp437"),
)


def fits(sample: bytes) -> dict[str, float]:
    """How well bytes that are not UTF-8 fit each encoding, from 0 to 1, the likeliest first.

    A word in Latin letters has one high byte between others; in another script high bytes stand
    side by side. Of those that fit alike the one in wider use is first.
    """
    first = _HIGH.search(sample)
    start = first.start() - 1 if first and first.start() else 0
    runs = _HIGH.findall(sample, start, start + _LOOKED_AT_BYTES)
    pairs = sum(len(run) - 1 for run in runs)
    beside = [
        sample[max(one.start() - 1, 0) : one.end()]
        for one in _BESIDE_LETTERS.finditer(sample, start, start + _LOOKED_AT_BYTES)
    ]
    of_letters = sum(
        len(neighbours.findall(sample, start, start + _LOOKED_AT_BYTES))
        for neighbours in (_AFTER_LETTER, _BEFORE_LETTER)
    )
    found = dict.fromkeys(_NAMES, 0.0)
    # The second byte of a Japanese letter may be one of ASCII.
    found["cp932"] = _japanese(sample[max(start, 0) : start + _LOOKED_AT_BYTES])
    is_latin = of_letters >= pairs and not found["cp932"]
    for name in _NAMES:
        if name in _LATIN:
            found[name] = _latin(beside or runs, name) if is_latin else 0.0
        elif not is_latin and name != "cp932":
            found[name] = _chinese(runs) if name == "gb18030" else _of_script(runs, name)
    if not is_latin and not any(found.values()):
        found["cp1256"] = 0.01
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def _latin(parts: list[bytes], name: str) -> float:
    """The share of high bytes that are letters of the languages of an encoding.

    `parts`: high bytes with what stands beside them. In a word no capital is behind a small letter.
    """
    usual, high = 0.0, 0
    for part in parts:
        letters = part.decode(name, "replace")
        for before, letter, after in zip(" " + letters, letters, letters[1:] + " ", strict=False):
            if letter.isascii():
                continue
            high += 1
            is_within = not (before.islower() and letter.isupper()) and not (
                letter.islower() and after.isupper()
            )
            if letter in _LATIN[name]:
                usual += is_within
            elif letter == _NO_BREAK:
                usual += _NO_BREAK_SHARE
            elif letter in _ICELANDIC and name == "cp1252":
                usual += _ICELANDIC_SHARE
    return usual / max(high, 1)


def _chinese(runs: list[bytes]) -> float:
    """The share of bytes that are common characters; none where half a character is left over."""
    # The place where a part of a file was cut may be within a character.
    if sum(len(run) % 2 for run in runs) > _ODD_SHARE * len(runs):
        return 0.0
    whole = [run for run in runs if len(run) % 2 == 0]
    cut = [run[at : at + 2] for run in whole for at in range(0, len(run), 2)]
    common = sum(bool(_CHINESE.fullmatch(one)) for one in cut)
    marks = sum(bool(_CHINESE_MARKS.fullmatch(one)) for one in cut)
    return common / max(len(cut) - marks, 1)


def _japanese(part: bytes) -> float:
    """The share of letters beyond ASCII that are of words in Japanese, none where it is small."""
    text = part.decode("cp932", "replace")
    beyond = sum(not letter.isascii() for letter in text)
    of_words = sum(map(len, _JAPANESE.findall(text)))
    # The place where a part of a file was cut may be within a letter.
    is_likely = text.count("\ufffd") <= 1 and of_words > _JAPANESE_SHARE * beyond
    return of_words / beyond if is_likely else 0.0


def _of_script(runs: list[bytes], name: str) -> float:
    """The share of neighbours that are letters of the script of an encoding, as words have them.

    Where letters have cases, no capital stands behind a small one, and half of them are common.
    """
    script, common = _SCRIPTS[name], _COMMON.get(name)
    likely = pairs = letters = usual = 0
    if "\ufffd" in b"".join(runs).decode(name, "replace"):
        return 0.0
    for run in runs:
        text = run.decode(name, "replace")
        for before, after in itertools.pairwise(text):
            pairs += 1
            likely += bool(
                script.match(before)
                and script.match(after)
                and not (before.islower() and after.isupper())
                and before != "ς"
            )
        if common:
            letters += len(text)
            usual += sum(letter in common for letter in text.lower())
    if not pairs:
        return 0.0
    of_language = min(2 * usual / letters, 1.0) if letters else 1.0
    return likely / pairs * of_language
