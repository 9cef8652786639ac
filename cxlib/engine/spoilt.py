"""Text that was UTF-8 and was read as Latin-1 or cp1252 on its way: "Ã©" for "é".

A line counts as spoilt when every letter beyond ASCII in it is part of a sequence that stands for
a letter or a mark in use, and one of the sequences is no pair that real text has. Real text has
"OÙ…" and "»PÅ»", whose bytes happen to be letters of other scripts, but no "Ã©" and no runs.

The other way round, letters of one byte each (cp1256, cp1251, ...) may have been read as Latin-1,
"ãÍãÏ" for "محمد", or UTF-8 as cp1256, "ط§ظ†" for "ان". Words in Latin letters are not of accented
letters alone, and no word in Arabic ones is of ط, ظ, ع and غ at every second place.
"""

import re

# What a byte of 0x80 to 0x9F is read as by cp1252; Latin-1 has controls there.
_CP1252 = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    letter: byte for byte, letter in _CP1252.items()
}
_ENDS = "\u0080-\u00bf" + "".join(_CP1252.values())
# What closes a word in real text, perhaps after a capital letter.
_CLOSING = "\u00a0\u00bb\u2026\u2018\u2019\u201c\u201d\u2013\u2014\u2122\u00ae"
_PAIR = f"[\u00c2-\u00c5\u00ce-\u00d1\u00d7-\u00db][{_ENDS}]"
_TRIPLE = f"[\u00e2-\u00ed][{_ENDS}]{{2}}"
_SEQUENCE = re.compile(f"{_PAIR}|{_TRIPLE}")
_NEVER_MEANT = re.compile(
    f"[\u00c2-\u00c5](?![{_CLOSING}])[{_ENDS}]|\u00e2[\u0080\u20ac][{_ENDS}]"
    f"|(?:{_PAIR}){{2}}|(?:{_TRIPLE}){{2}}"
)
_LIKELY = re.compile(
    "[\u0080-\u017f\u0391-\u03c9\u0400-\u045f\u05d0-\u05ea\u060c-\u06f9"
    "\u2013-\u203a\u20ac\u2122\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"
)
# A quick look at the bytes: the first letter of a sequence, as UTF-8, and what may follow it.
_FOLLOWING = rb"(?:\xc2|\xc5|\xc6|\xcb|\xe2[\x80\x82\x84])"
_SUSPECT = re.compile(
    rb"\xc3[\x82-\x85\x8e-\x91\x97-\x9b]"
    + _FOLLOWING
    + rb"|\xc3[\xa2-\xad]"
    + _FOLLOWING
    + rb"[\x80-\xbf]{1,2}"
    + _FOLLOWING
)
# Words of three letters or more from À to ÿ, as UTF-8: no Latin letter of ASCII beside them.
_ACCENTED_ALONE = re.compile(
    rb"(?<![A-Za-z\x80-\xbf])\xc3[\x80-\xbf](?:\xc3[\x80-\xbf]){2,}(?![A-Za-z\xc2-\xf4])"
)
# Bytes D8 to DB of UTF-8, as cp1256 reads them, each followed by a second byte.
_EVERY_SECOND = re.compile(
    rb"(?:\xd8[\xb7-\xba](?:\xc2[\xa0-\xbf]|\xe2\x80[\x80-\xbf]|\xe2\x82\xac|\xe2\x84\xa2"
    rb"|\xcb\x86|\xc5[\x80-\xbf]|\xc6\x92|\xd8[\x8c\x9b\x9f]"
    rb"|[\xd9-\xdb][\x80-\xbf])){3}"
)
# ا and ن so read, of which hardly a line is without.
_SIGNS_OF_CP1256 = ("\u0637\u00a7".encode(), "\u0638\u2020".encode())


def spoilt_offsets(block: bytes) -> list[int]:
    """Where the spoilt lines of a block of whole lines begin."""
    found: list[int] = []
    end = -1
    for suspect in _SUSPECT.finditer(block):
        if suspect.start() < end:
            continue
        start = block.rfind(b"\n", 0, suspect.start()) + 1
        end = block.find(b"\n", start)
        end = len(block) if end < 0 else end
        if is_spoilt(block[start:end].decode("utf-8", "replace")):
            found.append(start)
    return found


def misread_offsets(block: bytes) -> list[int]:
    """Where the lines of a block begin in which letters of another script were read as others."""
    patterns = [_ACCENTED_ALONE]
    if any(sign in block for sign in _SIGNS_OF_CP1256):
        patterns.append(_EVERY_SECOND)
    found = {
        block.rfind(b"\n", 0, one.start()) + 1
        for pattern in patterns
        for one in pattern.finditer(block)
    }
    return sorted(found)


def is_spoilt(line: str) -> bool:
    """Whether all that is beyond ASCII in a line is UTF-8 read as something else."""
    return _NEVER_MEANT.search(line) is not None and _SEQUENCE.sub(_mended, line).isascii()


def _mended(sequence: re.Match[str]) -> str:
    """A plain letter for a sequence that was a likely one; else the sequence."""
    try:
        letter = bytes(_BYTES[one] for one in sequence[0]).decode("utf-8")
    except UnicodeDecodeError:
        return sequence[0]
    return "x" if _LIKELY.fullmatch(letter) else sequence[0]
