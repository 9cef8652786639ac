"""Rows of a file of purchases that are none: cancelled, returned, offered, owed from before."""

import json
import re
from collections.abc import Collection, Iterator

import pandas as pd

from cxlib import contracts, engine
from cxlib.door.findings import Finding, at
from cxlib.door.first_rows import as_numbers
from cxlib.sources import Source

# Words that say what a row is stand again and again; a remark is another one in each row.
_MOST_WORDS, _MOST_ROWS = 50, 0.6
# What no sale is, wherever it is said, and whatever is said behind it.
_NONE = re.compile(
    r"(wc-)?(cancell?ed|refunded|voided|trash)|(order|payment) (cancell?ed|failed|refunded)"
    r"|(driver|rider|customer|buyer|seller|user|merchant|system)[ -]cancell?ed"
    r"|storno|storniert|retourniert|zahlung fehlgeschlagen|devuelt[ao]|rechazad[ao]"
    r"|rifiutat[ao]|annul(iert|ée?s?)|geannuleerd|anulowan[aeoy]|cancelad[ao]"
    r"|makulera(d|t|de)|annull?er(ade?|et|t)|kansellert|krediterade?|peruttu|mitätöity"
    r"|anulad[ao]|annullat[ao]|iptal( edildi)?"
    r"|отмен[её]н[ао]?|аннулирован[ао]?|交易关闭|已(取消|退款|关闭)|退款成功|キャンセル(済み?)?"
    r"|credit[ -](memo|note)s?|gutschrift|chargeback|closed[ -]lost"
    r"|(opening|previous) balance|balance (brought|carried) forward|saldovortrag|anfangsbestand"
    r"|لغو|کنسل|ابطال|باطل|ملغ[یيا]ة?|ملغاه|برگشت از فروش|ناموفق|در انتظار پرداخت"
    r"|(پرداخت|تراکنش) ناموفق|مرجوع شده|انصراف|عودت( داده شده)?"
    r"|پیش[ \u200c]?فاکتور|مانده (اول دوره|از قبل)|نقل از صفحه قبل",
    re.IGNORECASE,
)
# The same where nothing is said behind it, which might be the name of a product.
_ENTIRELY = re.compile(
    r"void|failed|declined|rejected|reverted|deleted|refunds?|avoir|quot(e|ation)s?"
    r"|pro[ -]?forma( invoice)?|angebot|devis"
    r"|برگشتی|مرجوعی?",
    re.IGNORECASE,
)
# What may be one, too: a ticket there and back, a draught beer, an order that will be paid.
_HARDLY = re.compile(
    r"(sales? )?returns?|returned( to sender)?|retoure?|rückgabe|iade|devolu(ción|ção)|zwrot"
    r"|возврат( от .*)?|отказ|remboursée?|reembolsad[ao]|退货|退款|返品|返金"
    r"|(wc-)?(pending( payment)?|on[ -]?hold)"
    r"|(wc-)?(failed|draft|checkout-draft)|(grand |sub-?)?totals?|جمع( کل)?|expired"
    r"|unavailable|requires \w+|authori[sz]ation|(payment )?disputes?( \w+)?|pendiente( de pago)?"
    r"|auftragsbestätigung|order confirmation|lieferschein|delivery note|bon de livraison"
    r"|unpaid|drafts?|payments?|payouts?|.* fee|fees?|.*\bhold( reversal)?|discounts?|coupons?"
    r"|denied|refused|reversed|reversal|error|blocked|uncaptured|incomplete|abandoned|unclaimed"
    r"|removed|(suspected )?fraud|(awaiting|not|no) (payment|paid)|no[ -]?show"
    r"|fehlgeschlagen|abgelehnt|abgebrochen|rückbuchung|rücklastschrift|unbezahlt|nicht bezahlt"
    r"|ausstehend|échouée?|refusée?|impayée?|en attente|fallid[ao]|fallit[ao]|stornat[ao]"
    r"|in attesa|mislukt|geweigerd|odrzucon[aey]|nieudan[aey]|başarısız|reddedildi|iade edildi"
    r"|отклон[её]н[ао]?|не оплачен[ао]?"
    r"|支付失败|待(付款|支付)|失敗|入金待ち|支払い?待ち|未(入金|払い?)|فشل|مرفوض"
    r"|برگشت|تخفیف|پیش[ \u200c]?نویس|رد شده|برگشت[ \u200c]?خورده|(پرداخت|تأ?یید) نشده",
    re.IGNORECASE,
)
_WON = re.compile("closed[ -]?won|won", re.IGNORECASE)
# Columns that say how far a row has come, and what they call one that was paid, or will be soon.
_STATUS = re.compile(
    r"status|statut|stato|estado|état|\bstate\b|durum|статус|状态|状態|وضعیت", re.IGNORECASE
)
_DONE = re.compile(
    r"(payment )?(completed?|paid|received|success(ful)?|succeeded)|settled|captured|cleared"
    r"|bezahlt|abgeschlossen|erledigt|payée?|réglée?|terminée?|pagad[ao]|completad[ao]|pagat[ao]"
    r"|completat[ao]|betaald|voltooid|opłacon[aey]|zakończon[aey]|tamamlandı|ödendi|başarılı"
    r"|оплачен[ао]?|выполнен[ао]?|завершен[ао]?|已完成|已支付|支付成功|完了|مدفوع|مكتمل"
    r"|(پرداخت )?موفق|(پرداخت|انجام|تکمیل|تسویه) شده",
    re.IGNORECASE,
)
_UNDER_WAY = re.compile(
    r"process(ed|ing)|in progress|(partially |un)?(fulfilled|shipped|delivered)|dispatched"
    r"|in transit|out for delivery|ready( for .*)?|confirmed|approved|(payment )?accepted"
    r"|authori[sz]ed|closed"
    r"|in bearbeitung|versandt|versendet|geliefert|zugestellt|en cours|expédiée?|livrée?|enviad[ao]"
    r"|entregad[ao]|en proceso|spedit[ao]|consegnat[ao]|verzonden|geleverd|wysłan[aey]"
    r"|kargoda|kargoya verildi|teslim edildi|hazırlanıyor|отправлен[ао]?|доставлен[ао]?|已发货"
    r"|(ارسال|تحویل|تأ?یید) شده|در حال (ارسال|پردازش|آماده[ \u200c]?سازی)",
    re.IGNORECASE,
)
# Columns that say of what kind a row is.
_KIND = re.compile(
    r"type|tipo|status|statut|stato|estado|état|rodzaj|soort|state|stage|kind|document|\bdoc\b|voucher|transaction|posting|typ\b|\bart\b|beleg"
    r"|durum|tip[i\u0131]|tür[ü\u0131]?\b|fakturatyp|laji|вид|тип|статус|операци"
    r"|状态|状態|类型|種別|ステータス|نوع|وضعیت|شرح|سند",
    re.IGNORECASE,
)
# Columns that tell how often an order was written anew.
_REVISION = re.compile(r"revision|version|rev\.?( no\.?)?|نسخه", re.IGNORECASE)
# Columns that say it by being filled or true.
_FLAG = re.compile(
    r"((is|was)[ _]?)?(cancel(l?ed)?|cancellation|storno|void(ed)?|deleted|test|refund(ed)?"
    r"|return(s|ed)?|reversed|annul(é|ée|iert)|cancelad[ao]|anulad[ao]|annullat[ao]|iptal"
    r"|geannuleerd|anulowan[aeoy]|makulera(d|t)|annull?er(ade?|et|t)|kansellert|krediterad|mitätöity"
    r"|لغو( شده)?|ابطال( شده)?|برگشتی|حذف شده)([ _]?(at|on|date|flag|mode|order|time))?[?؟]?",
    re.IGNORECASE,
)
_TAX_INCLUDED = re.compile(
    r"\b(tax|vat|gst|mwst|ust|tva|iva|kdv)\b.*\b(in|ex)(cl|kl)|\b(in|ex)(cl|kl)\w*\b.*"
    r"\b(tax|vat|gst|mwst|ust|tva|iva|kdv)\b|(با|شامل) مالیات",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(credits?|debits?|haben|soll|crédit|débit|haber|debe|alacak|borç|بستانکار|بدهکار)"
    r"([ _]?(amount|betrag|montant|importe))?|(amount|مبلغ)[ _]?(credit|debit|بستانکار|بدهکار)",
    re.IGNORECASE,
)
# Columns of money that was given back.
_GIVEN_BACK = re.compile(
    r"((amount|total|value|money|sum|مبلغ)[ _]?)?(refund(s|ed)?|returns?|returned|reimbursed"
    r"|erstattet|erstattung|remboursée?|برگشتی|مرجوعی|استرداد)([ _]?(amount|total|value|مبلغ))?",
    re.IGNORECASE,
)
_MOST_GIVEN_BACK = 0.5
_CAPTURED = re.compile(r"(is[ _]?)?captured", re.IGNORECASE)
_YES = {"1", "true", "yes", "y", "x", "t", "ja", "oui", "sí", "si", "evet", "tak", "بله", "بلی"}
_NO = {"", "-", "0", "false", "no", "n", "f", "nein", "non", "nej", "nei", "nee", "nie", "hayır"}
_NO |= {"نه", "خیر"}
_DAY = re.compile(r"[0-9۰-۹]{1,4}[-/.][0-9۰-۹]{1,2}[-/.][0-9۰-۹]{1,4}.*")
_MOST_FLAGGED = 0.5
_BACK = re.compile("refund|return", re.IGNORECASE)
# An amount as it is after all, where it was changed.
_ADJUSTED = re.compile(
    r"adjusted|corrected|revised|after refunds?|korrigiert|angepasst|corrigée?|ajusté|ajustado"
    r"|düzeltilmiş|اصلاح[ \u200c]?شده|تعدیل[ \u200c]?شده",
    re.IGNORECASE,
)
_AMOUNTS, _MOSTLY_LESS = re.compile("((order )?total|amount|price|مبلغ)"), 0.95
# Of statements of accounts: the two sides, where the amounts have no sign; letters only where the
# name of the column says so.
_SIDES = (
    {"dr", "cr"},
    {"debit", "credit"},
    {"soll", "haben"},
    {"débit", "crédit"},
    {"debe", "haber"},
    {"borç", "alacak"},
    {"بدهکار", "بستانکار"},
    {"بد", "بس"},
    {"مدين", "دائن"},
)
_LETTERS = ({"d", "c"}, {"s", "h"}, {"+", "-"})
_SIDE = re.compile(
    r"\bsigns?\b|\bind(icator)?\b|debit|credit|\bd ?[/-]? ?c\b|\bs ?[/-]? ?h\b|shkzg|soll|haben"
    r"|vorzeichen|\bside\b|ماهیت|تشخیص",
    re.IGNORECASE,
)
_CENT = 0.005
_CREDIT_NOTE, _PLAIN_NUMBER = re.compile(r"C[0-9]{4,}"), re.compile(r"[0-9]{4,}")
_MOST_CREDIT_NOTES, _MOSTLY = 0.3, 0.9


def no_sales(source: Source, first: pd.DataFrame, unit: str) -> list[Finding]:
    """Warnings about rows that count as purchases, and that a column beside them calls otherwise.

    `first`: the texts of the first rows of a file of transactions, "" where blank, under the places
    in the file, which are lines or rows (`unit`). Counts are those of these rows.
    """
    if source.input != contracts.TRANSACTIONS.name:
        return []
    first = _without_left_out(source, first)
    mapped = {*source.columns.values(), *source.terms.leave_out}
    mapped |= {source.attributes.get(name, name) for name in source.only}
    numbers = [name for name in ("amount", "quantity", "unit_price") if name in source.columns]
    negative = pd.Series(data=False, index=first.index)
    for name in numbers:
        negative |= first[source.columns[name]].str.match("[-\u2212(]|.*[-\u2212]$")
    told: list[Finding] = []
    amounts = as_numbers(first[source.columns[numbers[0]]], source.form).fillna(0)
    for theirs in (one for one in first.columns if one not in mapped):
        cells = first[theirs]
        # A minus says already that money went back.
        told += _called_otherwise(source, theirs, cells, ~negative, unit)
        told += _flagged(theirs, cells[~negative], unit)
        values = as_numbers(cells, source.form)
        told += _given_back(theirs, cells, values, unit)
        if _is_adjusted(theirs, source.columns[numbers[0]]):
            told += _adjusted(theirs, values, amounts, unit)
        told += _revised(theirs, cells, unit)
        told += _of_both_kinds(theirs, cells)
        told += _other_side(theirs, values, amounts, unit)
        if not negative.any():
            told += _two_sides(theirs, cells)
        told += _credit_notes(theirs, cells, negative, unit)
    return told


def _without_left_out(source: Source, first: pd.DataFrame) -> pd.DataFrame:
    """The rows that are not left out by what the source declares of them."""
    for theirs, words in source.terms.leave_out.items():
        first = first[~first[theirs].map(engine.folded).isin(words)]
    if source.terms.zero_amounts == "exclude" and "amount" in source.columns:
        amounts = as_numbers(first[source.columns["amount"]], source.form)
        first = first[amounts != 0]
    return first


def _called_otherwise(
    source: Source, theirs: str, cells: pd.Series, counts: pd.Series, unit: str
) -> Iterator[Finding]:
    words = [one for one in cells.unique() if one]
    if len(words) > _MOST_WORDS:
        return
    says_kind = _KIND.search(theirs)
    # Magento calls orders that were given back closed, and the others complete.
    lower = {one.casefold() for one in words}
    gives_back = {"complete", "closed"} <= lower
    # Deals that are not won are none yet.
    is_of_deals = bool(says_kind) and any(map(_WON.fullmatch, words))
    spelled = {one: one.replace("_", " ") for one in words}
    # Beside rows that were paid, what is called by an unknown word may not have been.
    is_of_payments = bool(_STATUS.search(theirs)) and any(map(_DONE.fullmatch, words))
    none = [
        one
        for one, spelt in spelled.items()
        if _begins(_NONE, spelt)
        or _ENTIRELY.fullmatch(spelt)
        or (says_kind and _HARDLY.fullmatch(spelt))
        or (gives_back and one.casefold() == "closed")
        or (is_of_deals and not _WON.fullmatch(one))
        or (is_of_payments and not (_DONE.fullmatch(spelt) or _UNDER_WAY.fullmatch(spelt)))
    ]
    found = cells[cells.isin(none) & counts]
    none = [one for one in none if (found == one).any()]
    if not none or len(found) > _MOST_ROWS * (cells != "").sum():
        return
    text = (
        f"rows called {_some(none)} count as purchases: declare {_left_out(theirs, none)} in"
        f" {source.where}; or, where they are rows of their own that take money back, write a minus"
        f' before their amounts, and declare refunds = "net" (first: {at(unit, found.index)})'
    )
    yield Finding("", theirs, text, len(found))


def _begins(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text is one of the words, or begins with it."""
    found = pattern.match(text)
    return found is not None and not text[found.end() : found.end() + 1].isalnum()


def _flagged(theirs: str, cells: pd.Series, unit: str) -> Iterator[Finding]:
    # Of a column with blanks programs make 1.0 and 0.0.
    lower = cells.str.casefold().str.removesuffix(".0")
    if _FLAG.fullmatch(theirs.strip()):
        flagged = lower.isin(_YES) | cells.str.fullmatch(_DAY)
        others = lower[~flagged]
    elif _CAPTURED.fullmatch(theirs.strip()):
        flagged = lower.isin(_NO)
        others = lower[~flagged]
        if not others.isin(_YES).all():
            return
    else:
        return
    is_flag = others.isin(_NO | _YES).all()
    if is_flag and 0 < flagged.mean() < _MOST_FLAGGED:
        remedy = "take the rows out of the file"
        if _BACK.search(theirs):
            remedy = "write what is left of their amounts, or take out those of which nothing is"
        text = (
            f"{theirs} marks rows that count as purchases: {remedy}"
            f" (first: {at(unit, cells.index[flagged])})"
        )
        yield Finding("", theirs, text, int(flagged.sum()))


def _given_back(theirs: str, cells: pd.Series, numbers: pd.Series, unit: str) -> Iterator[Finding]:
    back = numbers.abs() > 0
    are_sums = (numbers.notna() | cells.isin(_NO)).all() and numbers[back].nunique() > 1
    if _GIVEN_BACK.fullmatch(theirs.strip()) and are_sums and 0 < back.mean() <= _MOST_GIVEN_BACK:
        text = (
            f"{theirs} holds money that was given back, and the whole amounts of these rows count:"
            " write what is left of them; or, where that is done, take the column out of the file"
            f" (first: {at(unit, cells.index[back])})"
        )
        yield Finding("", theirs, text, int(back.sum()))


def _is_adjusted(theirs: str, amount: str) -> bool:
    """Whether a column is called like that of the amounts, and adjusted."""
    spelled, other = (one.replace("_", " ").casefold() for one in (theirs, amount))
    rest, count = _ADJUSTED.subn("", spelled)
    rest = " ".join(rest.split())
    return count > 0 and (rest == other.strip() or _AMOUNTS.fullmatch(rest) is not None)


def _adjusted(theirs: str, numbers: pd.Series, amounts: pd.Series, unit: str) -> Iterator[Finding]:
    """Amounts as they were changed later, in the few rows in which they were."""
    changed = numbers.notna() & (numbers - amounts).abs().gt(_CENT)
    few = 0 < changed.mean() <= _MOST_GIVEN_BACK
    if few and (numbers <= amounts)[changed].mean() >= _MOSTLY_LESS:
        text = (
            f"{theirs} holds other amounts, which are less, and is not used: if they are what was"
            f" paid after all, write them in place of these (first:"
            f" {at(unit, numbers.index[changed])})"
        )
        yield Finding("", theirs, text, int(changed.sum()))


def _of_both_kinds(theirs: str, cells: pd.Series) -> Iterator[Finding]:
    lower = cells.str.casefold()
    without = lower.isin(_NO)
    is_flag = bool(lower.isin(_YES | _NO).all()) and 0 < without.sum() < len(lower)
    if is_flag and _TAX_INCLUDED.search(theirs.replace("_", " ")):
        text = f"{theirs} says that some amounts hold tax and others none: write all alike"
        yield Finding("", theirs, text, int(without.sum()))


def _other_side(
    theirs: str, numbers: pd.Series, amounts: pd.Series, unit: str
) -> Iterator[Finding]:
    """Sums of the other side of an account, which stand where the amount is nothing."""
    other = (numbers.abs() > 0) & (amounts == 0)
    if _CREDIT.fullmatch(theirs.strip()) and other.any():
        text = (
            f"{theirs} holds sums in rows whose amount is nothing, and none of them counts: write"
            f" both sides of the account into one column (first: {at(unit, numbers.index[other])})"
        )
        yield Finding("", theirs, text, int(other.sum()))


def _revised(theirs: str, cells: pd.Series, unit: str) -> Iterator[Finding]:
    numbers = pd.to_numeric(cells, errors="coerce")
    again = numbers > numbers.min()
    if _REVISION.fullmatch(theirs.strip()) and numbers.notna().all() and again.any():
        text = (
            f"orders written anew ({theirs}) count once for each time: leave the last of each in"
            f" the file (first: {at(unit, cells.index[again])})"
        )
        yield Finding("", theirs, text, int(again.sum()))


def _two_sides(theirs: str, cells: pd.Series) -> Iterator[Finding]:
    sides = {one.casefold() for one in cells.unique() if one}
    if sides in _SIDES or (sides in _LETTERS and _SIDE.search(theirs)):
        text = (
            f"{theirs} names two sides of an account, and no amount is negative: put a minus"
            " before the amounts of one side, or take these rows out of the file"
        )
        yield Finding("", theirs, text, int((cells != "").sum()))


def _credit_notes(
    theirs: str, cells: pd.Series, negative: pd.Series, unit: str
) -> Iterator[Finding]:
    notes = cells.str.fullmatch(_CREDIT_NOTE)
    rest = cells[~notes & (cells != "")]
    positive = notes & ~negative
    few = 0 < positive.sum() <= _MOST_CREDIT_NOTES * (cells != "").sum()
    if few and rest.str.fullmatch(_PLAIN_NUMBER).sum() >= _MOSTLY * len(rest):
        text = (
            f"numbers of {theirs} that begin with C, as cancelled invoices do, count as"
            f" purchases: leave those rows out of the file"
            f" (first: {at(unit, cells.index[positive])})"
        )
        yield Finding("", theirs, text, int(positive.sum()))


def _some(words: Collection[str]) -> str:
    return ", ".join(f'"{one}"' for one in list(words)[:3])


def _left_out(theirs: str, words: Collection[str]) -> str:
    column, values = (json.dumps(one, ensure_ascii=False) for one in (theirs, [*words]))
    return f"leave_out = {{ {column} = {values} }}"
