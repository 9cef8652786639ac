"""Text files as they stand: of which encoding they are, and a copy that the parser reads as one.

The parser reads plain UTF-8 from the first line on. Anything else (another encoding, a compressed
file, lines before the header) is copied first, every record on the line where it was.
"""

import codecs
import contextlib
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from cxlib.engine import encodings
from cxlib.engine.errors import IN_ENTRY, UnreadableFileError
from cxlib.engine.forms import Form

_CHUNK_BYTES = 1 << 22
_SNIFFED_BYTES = 1 << 20
# Zero bytes in every second place from which on a text is one of two bytes a letter.
_LEAST_ZEROS = 2
# Pairs of Arabic letters from which on they are no accident.
_LEAST_PAIRS = 10

# Python has these under its encodings: for names of domains, and for its own sources.
_OF_NO_FILE = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Two Arabic letters in a row as cp1256 reads them: in Western text no two such bytes meet often.
_ARABIC_PAIR = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af]{2}")
_WESTERN = ("cp1252", "iso8859-1", "iso8859-15", "cp1250", "iso8859-2")


def valid_encoding(encoding: str) -> bool:
    """Whether an encoding that files of text have is known by this name."""
    try:
        found = codecs.lookup(encoding)
        "a".encode(encoding)
    except (LookupError, ValueError):
        return False
    return found.name not in _OF_NO_FILE and found.incrementaldecoder is not None


def readable(path: Path, form: Form, scratch: Path | None) -> tuple[Path, dict[str, int]]:
    """The file itself, or a copy of it in `scratch`, in UTF-8 with the header as its first text.

    Also what was repaired, with counts. Line numbers stay: lines before the header become blank.
    Raises UnreadableFileError when the file is damaged or is not text of the declared encoding.
    """
    encoding = codecs.lookup(form.encoding).name.removesuffix("-sig")
    packed = path.name.lower().endswith(".gz")
    start = _start(path)
    repairs = {}
    if any(start.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        repairs["byte order mark at the beginning removed"] = 1
    if encoding == "utf-8":
        _refuse_wide(start)
        if not packed and not form.skip_lines:
            return path, repairs
    else:
        repairs[f"text read as {form.encoding}, as declared, and kept as UTF-8"] = 1
    if scratch is None:
        raise ValueError(
            "a text file that is not plain UTF-8 is copied into a folder: give scratch"
        )
    copy = scratch / "text.csv"
    with copy.open("wb") as target:
        skipped = 0
        for chunk in _as_utf8(path, encoding):
            rest = chunk
            while skipped < form.skip_lines and rest:
                before, end, rest = rest.partition(b"\n")
                target.write(b"\r" * before.endswith(b"\r") + end)
                skipped += len(end)
            target.write(rest)
    return copy, repairs


def proposed_encoding(sample: bytes) -> str:
    """The encoding that bytes which are not UTF-8 are probably of."""
    return next(iter(encodings.fits(sample)))


def not_utf8(encoding: str) -> tuple[str, str]:
    """What is wrong with bytes that are not UTF-8, and the remedy."""
    return (
        "not UTF-8 text",
        f'declare the encoding of the file {IN_ENTRY}, probably encoding = "{encoding}", or save'
        " the file as CSV UTF-8",
    )


def _opened(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with _opened(path) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFileError(
            f"damaged or cut off: it cannot be decompressed to its end ({error})",
            "fetch or export the file again",
        ) from error


def _start(path: Path) -> bytes:
    return next(_chunks(path), b"")[:_SNIFFED_BYTES]


def _refuse_wide(start: bytes) -> None:
    """Raise UnreadableFileError for text of two or four bytes a letter."""
    found = next((name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)), "")
    if found in ("", "utf-8"):
        # Delimiters, digits and line ends have a zero byte; in UTF-8 hardly one is.
        even, odd = start[::2].count(0), start[1::2].count(0)
        if max(even, odd) < max(_LEAST_ZEROS, len(start) / 10) or min(even, odd) > _LEAST_ZEROS:
            return
        found = "utf-16-le" if odd > even else "utf-16-be"
    raise UnreadableFileError(
        f"not UTF-8 text but {found.upper()}",
        f'declare {IN_ENTRY} encoding = "{found}", or save the file as CSV UTF-8',
    )


def _as_utf8(path: Path, encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        yield from _chunks(path)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    may_be_utf8 = _is_single_byte(encoding)
    utf8, beyond_ascii = codecs.getincrementaldecoder("utf-8")(), False
    for chunk, is_last in _with_last(_chunks(path)):
        if may_be_utf8:
            beyond_ascii = beyond_ascii or not chunk.isascii()
            try:
                utf8.decode(chunk, final=is_last)
            except UnicodeDecodeError:
                may_be_utf8 = False
        if encoding in _WESTERN and not may_be_utf8 and _is_arabic(chunk):
            raise UnreadableFileError(
                f"text in Arabic script, which {encoding} has not",
                f'declare {IN_ENTRY} encoding = "cp1256"',
            )
        state = decoder.getstate()
        try:
            text = decoder.decode(chunk, final=is_last)
        except UnicodeError as error:
            before = ""
            # A text without its mark of byte order is wrong from the beginning.
            with contextlib.suppress(UnicodeError):
                start = error.start if isinstance(error, UnicodeDecodeError) else 0
                lenient = codecs.getincrementaldecoder(encoding)("ignore")
                lenient.setstate(state)
                before = lenient.decode(chunk[: max(start - len(state[0]), 0)])
            raise UnreadableFileError(
                f"not text in {encoding}: a byte does not fit",
                f"declare the encoding that the file has {IN_ENTRY}, or export it as CSV UTF-8",
                lines=(line + before.count("\n"),),
            ) from error
        line += text.count("\n")
        yield text.encode("utf-8", "surrogatepass")
    if may_be_utf8 and beyond_ascii:
        raise UnreadableFileError(
            f"the file is UTF-8, and not {encoding} as declared",
            f'remove the line encoding = "..." {IN_ENTRY}',
        )


def _is_single_byte(encoding: str) -> bool:
    """Whether each byte is a letter of its own, so that any bytes are text of this encoding."""
    high = bytes(range(0x80, 0x100))
    return len(high.decode(encoding, "replace")) == len(high)


def _is_arabic(content: bytes) -> bool:
    """Whether bytes that are not UTF-8 are words in Arabic script, of which there are several."""
    pairs = len(_ARABIC_PAIR.findall(content.decode("cp1256", "ignore")))
    return pairs >= _LEAST_PAIRS and proposed_encoding(content) == "cp1256"


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    last = None
    for chunk in chunks:
        if last is not None:
            yield last, False
        last = chunk
    if last is not None:
        yield last, True
