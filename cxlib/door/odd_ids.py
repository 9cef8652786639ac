"""Ids that are no ids of one customer each: spoilt by a spreadsheet, sums, or many in one."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

import narwhals as nw

from cxlib import contracts, engine
from cxlib.contracts import Violation
from cxlib.door.findings import Finding
from cxlib.sources import Source, shown

# With fewer, customers may not have come again yet, where no name speaks of their last purchase.
_ENOUGH_IDS, _ENOUGH_LAST = 100, 30
_LAST = re.compile(r"\b(last|latest|most recent|letzte\w*|dernier\w*|son)\b|آخرین", re.IGNORECASE)
# Spreadsheets keep 15 digits of a number, and write zeros for the others.
_KEPT_DIGITS = 15
_CUT, _LEAST_CUT = re.compile(r"[1-9][0-9]{14}0+"), 20
# Of an id that stands for many: its rows, as a share of all and as times the mean of an id.
_LEAST_ROWS, _LEAST_SHARE, _TIMES_MEAN = 3, 0.01, 5
# The same where no word says so.
_HEAVY_SHARE, _HEAVY_TIMES, _HEAVY_IDS = 0.1, 20, 20
# Of a file with a single id.
_ENOUGH_ROWS = 30
# Of all ids: fewer may be meant to differ in zeros or in case alone.
_SHARE_OF_PAIRS, _LEAST_PAIRS = 0.01, 3
# Names of nobody, with or without a number behind them.
_NOBODY = re.compile(
    r"(#?n/a|na|none|null|nan|\\n|\(null\)|unknown( customer)?|anonym(ous|e)?|guest( customer)?"
    r"|walk[ -]?in( customer)?|cash( (customer|sale|client))?|test|dummy|unbekannt|gast|inconnu"
    r"|privat(kunde|person)?|laufkundschaft|barverkauf|barzahler|misafir|perakende( müşteri)?"
    r"|client (de )?passage|no ?(e-?mail|reply|name)|ناشناس|نامشخص|مهمان|بدون نام|متفرقه|تست|زائر"
    r"|مجهول|(مشتری )?(نقدی|متفرقه|عمومی|گذری|حضوری))[ _-]?[0-9]{0,3}"
    r"|(no-?reply|no-?e?mail|none|test|unknown|guest)@.+|0+|(?P<one>[0-9])(?P=one){3,}|-1",
    re.IGNORECASE,
)
# Telephone numbers with the code of the country, and within it.
_ABROAD, _AT_HOME = re.compile(r"(\+|00)[1-9][0-9]{9,13}"), re.compile("0[1-9][0-9]{8,10}")
_SUBSCRIBER = 9
_PHONE = re.compile(r"(\+|0)([ ()./-]?[0-9]){9,14}")
_SHARE_OF_MASKED = 0.2
_COMMA, _NUMBER_BEHIND = re.compile(" ?[,\u060c] ?"), re.compile(" [0-9]+$")
_LOOKALIKES = str.maketrans("авекмнорстухіјѕ", "abekmhopctyxijs")


_BEGINNING = re.compile(
    r"(grand total|sub-?total|total|sum|summe|zwischensumme|gesamt(summe)?|toplam"
    r"|جمع|مجموع|المجموع)[ :/(-]+(?P<of>.*)",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?P<of>.+)[ _-](sub-?total|total|summe|ergebnis|result|toplam|جمع|مجموع)", re.IGNORECASE
)
_TOTALS = (
    (_BEGINNING, "ids begin with a word for totals: sums among the rows, which count as rows?"),
    (_END, "ids end in a word for totals: sums among the rows, which count as rows?"),
)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class _Odd:
    """What ids look like that were spoilt, what that means, and how to mend it ("" for a doubt)."""

    pattern: str
    rule: str
    remedy: str = ""


_ODD = (
    _Odd(
        r"^[-+]?[0-9][.,][0-9]+[eE][+]?[0-9]+$",
        "ids in scientific notation, such as 1.23E+12: a spreadsheet has cut their digits",
        "export the ids as text again; the digits that were cut are not in this file",
    ),
    _Odd(
        r"^#(REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$",
        "an error of a spreadsheet in place of an id",
        "correct the cells, or leave them blank where the customer is not known",
    ),
    _Odd(
        r"(?i)^([0-9]{1,2}-)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(-[0-9]{1,4})?$",
        "ids look like days: a spreadsheet makes 1-May of an id such as 1-5; export them as text",
    ),
    _Odd(
        r"^[0-9]+\.0$",
        "ids end in .0, as a program writes whole numbers: they are not the same as ids without it",
    ),
    _Odd(
        "^(=\"|')",
        'ids begin with an apostrophe or =", as spreadsheets mark text: not the same as without it',
    ),
    _Odd(
        r"(?i)^(test|qa|demo|dummy)[0-9._+-]*@",
        "ids of test entries: take the rows out of the file",
    ),
)


def odd_ids(
    source: Source, file: engine.File, kept: nw.LazyFrame, sample: nw.LazyFrame, rows: int
) -> tuple[list[Violation], list[Finding]]:
    """Violations and warnings about the ids of customers, respondents and responses.

    Ids that a spreadsheet has cut or replaced by an error are violations; ids written in two ways
    (zeros before them, capital letters), or as programs write numbers or text, words for totals,
    and ids that stand for many customers (among transactions) are warnings. Looked for in
    `sample`, rows evenly spread over the `rows` of `kept`; counted in all rows where they are
    found. Among transactions also where no customer is there twice. No id is told.
    """
    violations: list[Violation] = []
    warnings: list[Finding] = []
    for name in (one for one in source.columns if one.endswith("_id")):
        counted = sample.group_by(name).agg(nw.len().alias("__rows")).collect("pyarrow")
        found = {one: n for one, n in counted.iter_rows() if one is not None}
        theirs = source.columns[name]
        ids = nw.from_native(counted.to_native(), eager_only=True).get_column(name)
        for odd in _ODD:
            if not ids.str.contains(odd.pattern).any():
                continue
            spoilt = nw.col(name).str.contains(odd.pattern).fill_null(False)
            count = int(kept.filter(spoilt).select(nw.len()).collect("pyarrow").item())
            if not odd.remedy:
                warnings.append(Finding(name, theirs, odd.rule, count))
                continue
            first = contracts.first_rows(kept, {0: spoilt})[0]
            places = engine.locate(file, first)
            violations.append(
                Violation(
                    shown(source.path),
                    odd.rule,
                    odd.remedy,
                    column=name,
                    source_column=theirs,
                    count=count,
                    places=tuple(places[row][0] for row in first),
                    unit="line" if file.is_csv else "row",
                )
            )
        warnings += [Finding(name, theirs, *one) for one in _with_totals(found)]
        warnings += [Finding(name, theirs, text, 0) for text in _in_two_ways(found)]
        if name == "customer_id":
            warnings += [Finding(name, theirs, *one) for one in _of_many(found)]
        if _are_cut(found):
            text = (
                "all ids of 16 digits or more end in zeros from the 16th on: a spreadsheet has cut"
                " them, and several customers may have the same. Export them as text"
            )
            warnings.append(Finding(name, theirs, text, len(found)))
        if _are_once(source, found, name, kept, rows):
            text = (
                "no customer is there twice: is each row what a customer bought in all, or this the"
                " number of an order? Each purchase has a row of its own"
            )
            warnings.append(Finding(name, theirs, text, rows))
    return violations, warnings


def _are_cut(found: Collection[str]) -> bool:
    long = [one for one in found if len(one) > _KEPT_DIGITS and one.isdecimal()]
    return len(long) >= _LEAST_CUT and all(map(_CUT.fullmatch, long))


def _are_once(
    source: Source, found: dict[str, int], name: str, kept: nw.LazyFrame, rows: int
) -> bool:
    """Whether no buyer is there twice; `found`: how often each id is in a sample of the rows."""
    if source.input != contracts.TRANSACTIONS.name:
        return False
    day = source.columns["date"].replace("_", " ")
    enough = _ENOUGH_LAST if _LAST.search(day) else _ENOUGH_IDS
    if len(found) < enough or max(found.values()) > 1:
        return False
    if len(found) == rows:
        return True
    counted = kept.select(nw.col(name).n_unique(), __rows=nw.col(name).count())
    distinct, there = counted.collect("pyarrow").rows()[0]
    return bool(distinct == there)


def _with_totals(found: dict[str, int]) -> list[tuple[str, int]]:
    """Warnings about ids such as "Total 2024" or "K17 Total": text and number of rows."""
    told: list[tuple[str, int]] = []
    if _are_plain(found):
        return told
    for pattern, text in _TOTALS:
        named = {one: match["of"] for one in found if (match := pattern.fullmatch(one.strip()))}
        count = sum(found[one] for one, of in named.items() if _is_sum(of, found, found[one]))
        if count:
            told.append((text, count))
    return told


def _is_sum(of: str, found: Collection[str], rows: int) -> bool:
    """Whether the rest of an id says what was summed up; a company may be called Total Energies 5.

    A year or number, another id, or one word that stands in a single row, as a sum does.
    """
    return not _LETTER.search(of) or of in found or (rows == 1 and of.isalpha())


def _in_two_ways(found: Collection[str]) -> list[str]:
    """Warnings about pairs of ids that are one but for how they are written, or that are masked."""
    enough = max(_LEAST_PAIRS, _SHARE_OF_PAIRS * len(found))
    begun = [one for one in found if one.startswith(("+", "0"))]
    zeros = sum(one.isdecimal() and one.lstrip("0") in found for one in begun)
    lower = set(map(str.lower, found))
    bare = lower if _are_plain(found) else {_bare(one) for one in lower}
    # The last nine digits are those of a subscriber in most countries.
    phones = {digits for one in begun if (digits := _digits(one))}
    abroad = {one[-_SUBSCRIBER:] for one in phones if _ABROAD.fullmatch(one)}
    codes = sum(one[-_SUBSCRIBER:] in abroad for one in phones if _AT_HOME.fullmatch(one))
    masked = sum("**" in one for one in found)
    # "Smith, Anna" is Anna Smith.
    turned = sum(_turned(one) in found for one in found if _COMMA.search(one))
    texts = {
        f"{zeros:,} ids are there with and without zeros before them, as two customers each": zeros,
        f"{len(found) - len(lower):,} ids are there in capital and in small letters, as two"
        " customers each": len(found) - len(lower),
        f"{codes:,} ids are telephone numbers, with and without the code of the country, as two"
        " customers each": codes,
        f"{turned:,} ids are names of which the first stands once before the last and once behind"
        " it, as two customers each": turned,
        f"{len(lower) - len(bare):,} ids differ only in blanks, marks or letters that look alike,"
        " and are customers of their own": len(lower) - len(bare),
    }
    told = [text for text, pairs in texts.items() if pairs >= enough]
    if masked > _SHARE_OF_MASKED * len(found):
        told.append("ids are masked by stars: several customers may have the same")
    return told


def _turned(one: str) -> str:
    """A name such as "Smith, Anna" as Anna Smith; a number behind it stays there."""
    last, rest = _COMMA.split(one, maxsplit=1)
    first = _NUMBER_BEHIND.sub("", rest)
    return f"{first} {last}{rest[len(first) :]}"


def _are_plain(found: Collection[str]) -> bool:
    """Whether all ids are of Latin letters and digits alone, as most are, and there may be many."""
    written = "".join(found)
    return written.isascii() and written.isalnum()


def _bare(one: str) -> str:
    """An id without blanks and marks, and with Latin letters for those that look like them.

    A mark between two digits stays, but in telephone numbers: 1-23 is not 12-3.
    """
    if one.isascii() and one.isalnum():
        return one.casefold()
    text = unicodedata.normalize("NFKC", one).casefold().translate(_LOOKALIKES)
    return _digits(text) or re.sub(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])", "", text) or one


def _digits(one: str) -> str:
    """A telephone number without what stands between its digits; of any other id nothing."""
    may_be = one.startswith(("+", "0")) and _PHONE.fullmatch(one)
    return re.sub(r"[ ()./-]", "", one) if may_be else ""


def _of_many(found: dict[str, int]) -> list[tuple[str, int]]:
    """Warnings about ids that stand for more than one customer: text and number of rows."""
    rows = sum(found.values())
    mean = rows / max(1, len(found))
    told = []
    for one, count in found.items():
        if len(found) > 1 and count < max(_LEAST_ROWS, _LEAST_SHARE * rows, _TIMES_MEAN * mean):
            continue
        share = f"{100 * count / rows:.1f} % of the rows"
        if _NOBODY.fullmatch(engine.folded(one, key=True).lower()):
            text = f"an id that names nobody has {share} and counts as one customer: leave it blank"
            told.append((text, count))
        elif (len(found) == 1 and rows >= _ENOUGH_ROWS) or (
            len(found) >= _HEAVY_IDS
            and count >= _HEAVY_SHARE * rows
            and count > _HEAVY_TIMES * mean
        ):
            text = f"one id has {share}, as one customer: a till, or customers without a name?"
            told.append((text, count))
    return told
