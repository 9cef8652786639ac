"""What columns are called: words for the columns of each input, in English and in Persian.

Of purchases the commonest in a few other languages, too.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cxlib.proposing.columns import FEW_VALUES, Column
from cxlib.proposing.letters import words

_NAMES: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "customer id, customer, customer no, customer number, customer code, cust id, custid,"
        " client, client id, client no, client code, user id, userid, user, member id, member,"
        " account id, account no, buyer, buyer id, subscriber, subscriber id, msisdn, email,"
        " e mail, email address, loyalty card, loyalty id, loyalty no, membership no, member no",
        "مشتری, شناسه مشتری, کد مشتری, شماره مشتری, کد اشتراک, شماره اشتراک, مشترک, شماره مشترک,"
        " کد مشترک, شناسه کاربر, کد کاربر, کاربر, خریدار, کد خریدار, شناسه خریدار",
        "kunde, kunden id, kundennr, kunden nr, kundennummer, n client, numéro client, cliente,"
        " id cliente, müşteri, müşteri no, müşteri kodu, клиент, код клиента, 客户, 客户编号,"
        " 会員番号, 顧客番号",
    ),
    "date": (
        "date, order date, invoice date, purchase date, transaction date, sale date,"
        " date of purchase, response date, survey date, answer date, bought on, ordered at,"
        " ordered on, purchased on, purchased at, sold on, paid on, order day, order time,"
        " purchase time, created at, day, timestamp",
        "تاریخ, تاریخ خرید, تاریخ سفارش, تاریخ فاکتور, تاریخ تراکنش, تاریخ فروش, تاریخ پاسخ,"
        " تاریخ نظرسنجی, روز",
        "datum, belegdatum, buchungsdatum, bestelldatum, rechnungsdatum, date commande,"
        " date de commande, date d achat, date achat, date de facture, date facture, fecha,"
        " fecha de compra, fecha de pedido, fecha pedido, fecha factura, data ordine,"
        " data acquisto, data da compra, data do pedido, tarih, fatura tarihi, sipariş tarihi,"
        " дата, 日期, 購入日",
    ),
    "amount": (
        "amount, total, total amount, order total, net amount, invoice amount, order value, sales,"
        " sale amount, revenue, spend, spent, paid, payment, amount paid, dollars, value,"
        " gross amount, gross, gross total, grand total, gross sales, net sales",
        "مبلغ, مبلغ کل, مبلغ خرید, مبلغ فاکتور, مبلغ سفارش, مبلغ پرداختی, مبلغ تراکنش, جمع, جمع کل,"
        " جمع مبلغ, قیمت کل, مبلغ فروش, قابل پرداخت, مبلغ قابل پرداخت",
        "betrag, gesamtbetrag, rechnungsbetrag, umsatz, montant, importe, importo, valor, tutar,"
        " toplam tutar, сумма, 金额, 付款金额, 金額",
    ),
    "quantity": ("quantity, qty, pieces, units, number of items", "تعداد, مقدار, تعداد کالا"),
    "unit_price": (
        "unit price, price, item price, price each, sales price, sale price, selling price,"
        " price per unit",
        "قیمت واحد, بهای واحد, قیمت, فی, مبلغ واحد",
    ),
    "currency": ("currency, currency code", "ارز, واحد پول, نوع ارز"),
    "product": (
        "product, product id, product code, sku, stock code, item, item code, article, article no",
        "کالا, محصول, کد کالا, کد محصول, شناسه کالا, شناسه محصول, نام کالا, نام محصول",
    ),
    "churned": (
        "churned, churn, left, has left, attrition, exited, cancelled, is churn, churn flag,"
        " kündiger, kuendiger, gekündigt",
        "ریزش, رویگردانی, رویگردان, ترک, ترک کرده, انصراف, خروج, وضعیت ریزش",
    ),
    "tenure_months": (
        "tenure, tenure months, tenure in months, months, months as customer",
        "سابقه, سابقه ماه, سابقه به ماه, مدت عضویت, ماه های عضویت, مدت اشتراک, ماه عضویت",
    ),
    "monthly_charges": (
        "monthly charges, monthly charge, monthly fee, monthly price, monthly payment,"
        " monthly bill, monthly amount, mrr, fee",
        "هزینه ماهانه, شارژ ماهانه, مبلغ ماهانه, حق اشتراک, حق اشتراک ماهانه, آبونمان",
        "grundgebühr, grundgebuehr, monatsbeitrag, monatspreis, monatsgebühr, monatliche gebühr,"
        " monatlicher beitrag,"
        " mensualité, prix mensuel, cuota mensual, precio mensual, canone mensile,"
        " mensalidade, aylık ücret, aylık tutar",
    ),
    "total_charges": (
        "total charges, total charge, charges so far, total bill, total billed",
        "هزینه کل, جمع هزینه, کل پرداختی",
    ),
    "started": (
        "started, start date, started on, created, created on, signup date, sign up date, signup,"
        " signed up, join date, joined, joined on, registered, registered on, registration date,"
        " opened on,"
        " contract start, activation date, subscribed on, start, begin, begin date, from,"
        " valid from, member since, customer since",
        "تاریخ شروع, تاریخ عضویت, شروع, تاریخ فعال سازی, تاریخ آغاز, تاریخ ثبت نام, شروع قرارداد",
        "beginn, vertragsbeginn, startdatum, début, date de début, inicio, fecha inicio, başlangıç,"
        " başlangıç tarihi, начало, дата начала, 开始日期, 開始日",
    ),
    "ended": (
        "ended, end date, ended on, ended at, cancel date, cancelled on, cancelled at, canceled at,"
        " cancellation date, churn date, churned at, termination date, left on, contract end, end,"
        " until, to, valid to, valid until",
        "تاریخ پایان, پایان, تاریخ لغو, تاریخ انصراف, تاریخ خروج, پایان قرارداد",
        "ende, vertragsende, enddatum, gekündigt am, fin, date de fin, fecha fin, bitiş,"
        " bitiş tarihi, дата окончания, 结束日期, 終了日, 解約日",
    ),
    "leaving": (
        "leaving, leaving reason, churn reason, reason for leaving",
        "علت ریزش, دلیل ترک, علت لغو",
    ),
    "treated": ("treated, contacted, in campaign, treatment", "تماس گرفته شده, در کمپین"),
    "month": ("month, billing month, period", "ماه, دوره, ماه صورتحساب"),
    "revenue": (
        "revenue, monthly revenue, bill, billed, charges",
        "درآمد, مبلغ صورتحساب, صورتحساب",
    ),
    "response_id": (
        "response id, response, respondent, respondent id, resp num, respnum, answer id, survey id",
        "شناسه پاسخ, پاسخ دهنده, کد پاسخ دهنده, شماره پرسشنامه, شماره پاسخ",
    ),
    "nps": (
        "nps, netpro, net promoter, net promoter score, recommend, likelihood to recommend, would"
        " recommend, nps score, q recommend",
        "توصیه, احتمال توصیه, میزان توصیه, ان پی اس, توصیه به دیگران, شاخص خالص مروجان,"
        " معرفی به دوستان, معرفی به دیگران, احتمال معرفی, پیشنهاد به دوستان, پیشنهاد به دیگران,"
        " احتمال پیشنهاد, میزان معرفی",
        "weiterempfehlung, weiterempfehlungsbereitschaft, recommandation, recomendación,"
        " raccomandazione, recomendação, tavsiye",
    ),
    "csat": (
        "csat, satisfaction, overall satisfaction, satisfaction score, csat score, rating, stars,"
        " how satisfied",
        "رضایت, رضایت کلی, میزان رضایت, امتیاز رضایت, رضایت مندی, رضایتمندی",
        "zufriedenheit, gesamtzufriedenheit, satisfaction globale, satisfacción,"
        " satisfacción general, soddisfazione, satisfação, memnuniyet, genel memnuniyet",
    ),
    "ces": (
        "ces, effort, customer effort, effort score, ease, ces score, how easy, made it easy,"
        " it was easy, was it easy",
        "سهولت, تلاش, میزان تلاش, راحتی, سهولت کار",
    ),
    "weight": ("weight, survey weight, weighting", "وزن, ضریب وزن"),
    "wave": ("wave, survey wave, survey round", "موج, دور نظرسنجی"),
    "satisfaction": (
        "overall satisfaction, satisfaction, overall",
        "رضایت کلی, رضایت, رضایت مندی",
    ),
    "role": ("role", "نقش"),
    "item": ("item, question", "گویه, سوال, پرسش"),
    "index": ("index, indicator, kpi, measure", "شاخص, نام شاخص"),
    "value": ("value, answer", "مقدار, ارزش, پاسخ"),
    "base": ("base, customers, number of customers", "پایه, تعداد مشتریان"),
}
_NAMES["respondent_id"] = _NAMES["response_id"]
_KNOWN = {
    ours: tuple(dict.fromkeys(words(name) for names in given for name in names.split(",")))
    for ours, given in _NAMES.items()
}
_CALLED_SO, _CONTAINED = 3, 1

# Words that make another thing of a sum or a day, and those that take it out again: "amount after
# discount", "total incl. tax".
_NOT_OF: dict[str, tuple[str, str]] = {
    "customer_id": (
        "value, lifetime, satisfaction, effort, experience, score, rating, type, segment, group,"
        " class, category, age, gender, since, service, care, calls, tenure, status, city, country,"
        " ارزش, رضایت, امتیاز, نوع, گروه, سن, جنسیت, وضعیت, شهر",
        "id, code, no, number, کد, شناسه, شماره",
    ),
    "amount": (
        "discount, discounts, rebate, tax, taxes, vat, shipping, freight, postage, delivery, fee,"
        " fees, balance, due, gift, tip, deposit, تخفیف, مالیات, مانده, بدهی, عوارض, حمل, ارسال,"
        " کارمزد",
        "incl, including, inclusive, inc, excl, excluding, exclusive, ex, with, without, after,"
        " before, net, gross, با, بدون, پس, بعد, قبل, خالص, کسر, احتساب",
    ),
    "nps": ("group, groups, category, segment, class, type, گروه, دسته", ""),
    "csat": ("group, groups, category, segment, class, type, گروه, دسته", ""),
    "tenure_months": (
        "day, days, week, weeks, year, years, yrs, tage, jahre, روز, هفته, سال",
        "month, months, ماه",
    ),
    "monthly_charges": (
        "year, yearly, annual, annually, quarterly, weekly, daily, سالانه, سالیانه, هفتگی, روزانه",
        "month, monthly, ماهانه",
    ),
    "date": (
        "due, delivery, delivered, expiry, expiration, expires, birth, birthday, birthdate, born,"
        " dob, سررسید, تحویل, تولد, انقضا",
        "",
    ),
}
_NEVER, _BUT = (
    {
        ours: frozenset(word for (word,) in map(words, given[place].split(",")) if word)
        for ours, given in _NOT_OF.items()
        if given[place]
    }
    for place in (0, 1)
)
_COMMENTS = frozenset(
    words(
        "comment comments text texts remark remarks verbatim suggestion suggestions kommentar"
        " kommentare bemerkung commentaire commentaires comentario comentarios yorum yorumlar نظر"
        " نظرات توضیح توضیحات پیشنهاد پیشنهادات"
    )
)
_BIRTH = frozenset(words("birth birthday birthdate born dob تولد"))
_ANY_DAYS = {
    words(name)
    for name in ("survey date", "day", "timestamp", "created at", "تاریخ نظرسنجی", "روز")
}
# Of a person who may be a customer as well as one who works there.
_USERS = {words(name) for name in ("user", "user id", "userid", "کاربر", "شناسه کاربر", "کد کاربر")}
# Of people, and not of a number that is theirs alone; and what belongs to one of them.
_PEOPLE = frozenset(words("name names fullname surname نام خانوادگی اسم"))
_NUMBERED = frozenset(words("id code no number nr کد شماره شناسه"))
_OF_ONE = frozenset(
    words(
        "phone mobile cell cellphone telephone tel msisdn email mail gsm telefon handy موبایل تلفن"
        " همراه تماس ایمیل ملی"
    )
)
_CUSTOMERS = frozenset(words("customer client buyer subscriber مشتری خریدار مشترک"))


@dataclass(frozen=True)
class Match:
    """A column whose name is one for a canonical column. `score`: the higher the closer."""

    column: Column
    score: int
    reason: str


def is_known(ours: str) -> bool:
    """Whether columns are told by their names to be this one of ours."""
    return ours in _KNOWN


def match(ours: str, column: Column) -> Match | None:
    """Whether a column is called like a canonical one, and why; None where it is not."""
    named = words(column.name)
    if is_of_another_kind(ours, column):
        return None
    if named == words(ours) or named in _KNOWN[ours] or "".join(named) in _joined(ours):
        return Match(column, _CALLED_SO, "it is called so")
    # A word too many may be a unit or a prefix; of several names the longest says most.
    contained = [one for one in _KNOWN[ours] if _stands_in(one, named)]
    if not contained:
        return None
    longest = max(contained, key=len)
    return Match(column, _CONTAINED + (len(longest) > 1), f'its name has "{" ".join(longest)}"')


def is_of_another_kind(ours: str, column: Column) -> bool:
    """Whether a word of the name makes a column another sum or day: "tax amount", "due date"."""
    named = words(column.name)
    others = _NEVER.get(ours, frozenset()) & {*named}
    return bool(others) and named not in _KNOWN[ours] and not _BUT.get(ours, frozenset()) & {*named}


def is_birth(column: Column) -> bool:
    """Whether a column is called after a day of birth."""
    return bool(_BIRTH & {*words(column.name)})


def is_comment(column: Column) -> bool:
    """Whether a column is called after what people have written in their own words."""
    return bool(_COMMENTS & {*words(column.name)})


def is_any_day(found: Match) -> bool:
    """Whether the name of a date does not say of what: "timestamp", "created at", "end date"."""
    return found.score < _CALLED_SO or words(found.column.name) in _ANY_DAYS


def customers_beside(column: Column, columns: Iterable[Column]) -> list[Column]:
    """Columns that may tell customers apart better than one that is taken for them.

    Those that name customers beside one of the few users of a till; and such as telephones beside
    names of people, of whom several may have the same, where there are more of them.
    """
    others = [one for one in columns if one is not column and one.filled > column.filled // 2]
    if words(column.name) in _USERS and len(column.counts) <= FEW_VALUES:
        return [one for one in others if _is_of(_CUSTOMERS, one) and _has_more(one, column)]
    if (_is_of(_PEOPLE, column) or _is_without_digits(column)) and not _is_of(_NUMBERED, column):
        return [one for one in others if _is_of(_OF_ONE, one) and _has_more(one, column)]
    return []


def is_address(column: Column) -> bool:
    """Whether a column is called after what reaches a person, such as a telephone."""
    return _is_of(_OF_ONE, column)


def _is_of(named: Collection[str], column: Column) -> bool:
    return bool({*named} & {*words(column.name)})


def _is_without_digits(column: Column) -> bool:
    return not any(one.isdigit() for text in column.counts for one in text)


def _has_more(column: Column, other: Column) -> bool:
    return len(column.counts) > len(other.counts)


def _joined(ours: str) -> Collection[str]:
    return {"".join(one) for one in _KNOWN[ours]}


def _stands_in(name: tuple[str, ...], named: tuple[str, ...]) -> bool:
    return any(named[i : i + len(name)] == name for i in range(len(named) - len(name) + 1))
