"""A column of currencies that is not taken as such, beside amounts that are taken for one."""

import json
import re

import pandas as pd

from cxlib import contracts, engine
from cxlib.contracts import Violation, quoted
from cxlib.sources import Source, shown

_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"})
# Codes that are words as well, such as ALL, CUP or TOP, are left out.
_CODES = (
    "EUR USD GBP JPY CHF CAD AUD NZD CNY HKD SGD TWD KRW INR IDR MYR THB PHP VND PKR BDT LKR NPR"
    " SEK NOK DKK ISK PLN CZK HUF BGN RSD UAH RUB BYN KZT UZS AZN AMD TRY ILS AED SAR QAR KWD BHD"
    " OMR JOD LBP IQD IRR IRT TMN AFN SYP EGP TND DZD LYD ZAR NGN KES GHS ETB UGX TZS BRL MXN ARS"
    " CLP COP UYU CRC DOP"
)
# What a word or a sign may stand for.
_WORDS = {code.casefold(): frozenset({code}) for code in _CODES.split()} | {
    **dict.fromkeys(("ریال", "rial", "rials", "﷼"), frozenset({"IRR"})),
    **dict.fromkeys(("تومان", "تومن", "toman", "tomans", "tmn"), frozenset({"IRT"})),
    **dict.fromkeys(("€", "euro", "euros", "یورو"), frozenset({"EUR"})),
    **dict.fromkeys(("$", "dollar", "dollars", "دلار"), _DOLLARS),
    "us$": frozenset({"USD"}),
    **dict.fromkeys(("£", "pound", "pounds", "پوند"), frozenset({"GBP", "EGP", "LBP", "SYP"})),
    **dict.fromkeys(("¥", "元"), frozenset({"JPY", "CNY"})),
    **dict.fromkeys(("yen", "ین"), frozenset({"JPY"})),
    **dict.fromkeys(("yuan", "rmb", "یوان"), frozenset({"CNY"})),
    **dict.fromkeys(("₺", "tl", "lira", "لیر"), frozenset({"TRY"})),
    **dict.fromkeys(("kr", "kr."), frozenset({"SEK", "NOK", "DKK", "ISK"})),
    **dict.fromkeys(("₹",), frozenset({"INR"})),
    **dict.fromkeys(("₽",), frozenset({"RUB"})),
    **dict.fromkeys(("₩",), frozenset({"KRW"})),
    **dict.fromkeys(("درهم", "dirham"), frozenset({"AED"})),
    **dict.fromkeys(("دینار", "dinar"), frozenset({"IQD", "KWD", "BHD", "JOD"})),
}
_ANY = f"(?i)({'|'.join(re.escape(word) for word in _WORDS)})"
_MONEY = {"amount", "unit_price", "monthly_charges", "total_charges", "revenue"}
_LEAST_ROWS = 2
# In which the whole of a column of one currency is looked through for another.
_JUDGED_ROWS = 1_000_000
_SHOWN = 5


def stray_currencies(source: Source, file: engine.File, first: pd.DataFrame) -> list[Violation]:
    """Columns of currencies that are not mapped as `currency`: with several, or another one.

    All their values, in the `first` rows of the file, are currencies by code, sign or word. Of a
    column with one currency in these rows the first million are looked through for another. An
    attribute under a name of its own is what its owner says it is, and left in peace.
    """
    if "currency" in source.columns or not _MONEY & source.columns.keys():
        return []
    own = {theirs for name, theirs in source.attributes.items() if name != theirs}
    asked = {source.attributes.get(name, name) for name in source.only}
    known = {*source.columns.values(), *source.terms.leave_out, *own, *asked}
    found = []
    for name in file.names:
        if name in known:
            continue
        texts = [engine.folded(text) for text in first[name].unique()]
        words = [text for text in texts if text]
        if not words or not all(word.casefold() in _WORDS for word in words):
            continue
        if (first[name] != "").sum() < _LEAST_ROWS:
            continue
        found += _contradictions(source, file, name, first[name], words)
    return found


def _contradictions(
    source: Source, file: engine.File, theirs: str, cells: pd.Series, words: list[str]
) -> list[Violation]:
    """What is wrong with a column of currencies, in the texts `words`, beside what is declared."""
    name = json.dumps(theirs, ensure_ascii=False)
    kept = (
        "or, where all amounts are in one currency all the same, keep the column in"
        f" {source.where} under a name of its own: attributes = {{ charged_in = {name} }}"
    )
    meanings = [_WORDS[word.casefold()] for word in words]
    together = frozenset.intersection(*meanings)
    rows = int((cells != "").sum())
    if not together or _has_others(file, theirs, meanings[0]):
        said = ", ".join(map(quoted, words[:_SHOWN]))
        rule = f"currencies beside amounts that are taken for one: {said}"
        if source.input != contracts.TRANSACTIONS.name:
            remedy = f"write all amounts of the file in one currency; {kept}"
            return [_violation(source, theirs, rule, remedy, rows)]
        remedy = (
            f"map it in columns of {source.where}: currency = {name}; say what each is worth:"
            f" exchange_rates = {_rates(words)}; take a currency that is declared out of the entry;"
            f" {kept}"
        )
        return [_violation(source, theirs, rule, remedy, rows)]
    declared = source.terms.currency
    ours = _WORDS.get(engine.folded(declared).casefold(), frozenset())
    if ours and not ours & together:
        rule = f"{quoted(words[0])} in all rows, though currency = {quoted(declared)} is declared"
        remedy = f"correct currency in {source.where}; {kept}"
        return [_violation(source, theirs, rule, remedy, rows)]
    return []


def _violation(source: Source, theirs: str, rule: str, remedy: str, rows: int) -> Violation:
    return Violation(
        shown(source.path), rule, remedy, column="currency", source_column=theirs, count=rows
    )


def _has_others(file: engine.File, theirs: str, meaning: frozenset[str]) -> bool:
    """Whether a column of nothing but currencies has another one than that, further down."""
    same = [re.escape(word) for word, codes in _WORDS.items() if codes & meaning]
    cast = engine.Cast(name="currency", index=file.names.index(theirs), type="text")
    patterns = [f"(?i)({'|'.join(same)})", _ANY, "(?s).+"]
    read = engine.readings(file, [cast], patterns, first_rows=_JUDGED_ROWS)
    alike, currencies, filled = read.alike
    return alike < currencies == filled


def _rates(words: list[str]) -> str:
    """The rates to declare: those of rial and toman, of others only that the first has 1."""
    codes = [min(_WORDS[word.casefold()]) for word in words]
    name = [json.dumps(word, ensure_ascii=False) for word in words]
    if set(codes) == {"IRR", "IRT"} and len(words) == 2:
        worth = {"IRR": 1, "IRT": 10}
        rates = ", ".join(f"{n} = {worth[code]}" for n, code in zip(name, codes, strict=True))
        return f"{{ {rates} }}"
    return f"{{ {name[0]} = 1, ... }}"
