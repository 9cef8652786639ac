"""Faults 35 to 55, 58 and 60: of rows, of answers and between tables, planted."""

import itertools
import random
from collections.abc import Mapping

from .planting import Faults, Planted, Told, changed, places, planted, some
from .samples import CSV, FORMS, GZIP, SAMPLES, WORKBOOK, Row, Sample, entry

FAULTS = Faults()
PURCHASES = ("CDNOW", "invoices", "Persian")


@FAULTS(35, "duplicate customer id in a customer table", "E", "telco", "contracts", "SERVQUAL")
def same_id(chance: random.Random, sample: Sample) -> Planted:
    form, (first, second) = chance.choice(FORMS), sorted(chance.sample(range(150), 2))
    ours = next(iter(sample.columns))
    index = sample.at(ours)
    rows = changed(sample, [second], index, lambda _: sample.rows[first][index])
    told = Told(
        "E", "the same id in more than one row", ours, sample.columns[ours], 2,
        places([first, second], form),
    )  # fmt: skip
    return planted(sample, rows, told, form=form)


def _repeated(chance: random.Random, sample: Sample) -> tuple[list[Row], list[int], int]:
    """Rows with some again elsewhere; those alike, side by side; how many are there again."""
    rows, again = list(sample.rows), some(chance, sample)
    for row in again:
        rows.insert(chance.randrange(len(rows) + 1), sample.rows[row])
    chosen: dict[Row, list[int]] = {sample.rows[row]: [] for row in again}
    for number, row in enumerate(rows):
        chosen.get(row, []).append(number)
    return rows, list(itertools.chain(*sorted(chosen.values()))), len(again)


@FAULTS(36, "same transaction twice, no key declared", "E", *PURCHASES)
def repeats(chance: random.Random, sample: Sample) -> Planted:
    form = chance.choice(FORMS)
    rows, alike, _ = _repeated(chance, sample)
    told = Told(
        "E", "the same row more than once", count=len(alike), places=places(alike, form),
        remedy='repeats = "keep"',
    )  # fmt: skip
    return planted(sample, rows, told, form=form, mend={"repeats": '"keep"'})


@FAULTS(36, "same transaction twice, key declared", "R", "CDNOW", "invoices", "Persian")
def keyed_repeats(chance: random.Random, sample: Sample) -> Planted:
    numbers = tuple(f"k{number}" for number in range(len(sample.rows)))
    keyed = Sample(
        sample.name,
        sample.input,
        (*sample.header, "line"),
        tuple((*row, number) for row, number in zip(sample.rows, numbers, strict=True)),
        sample.columns,
        {**sample.keys, "key": '["line"]'},
    )
    rows, _, again = _repeated(chance, keyed)
    told = Told("R", "taken once", count=again)
    seen = list(dict.fromkeys(rows))
    ids = {"customer_id": [row[keyed.at("customer_id")] for row in seen]}
    return planted(keyed, rows, told, form=chance.choice(FORMS), values=ids)


@FAULTS(37, "conflicting attributes for one id", "E", "invoices", "Persian")
def conflicting(chance: random.Random, sample: Sample) -> Planted:
    form, at = chance.choice(FORMS), chance.randrange(len(sample.rows))
    theirs = {"invoices": "Country", "Persian": "استان"}[sample.name]
    rows = changed(sample, [at], sample.header.index(theirs), lambda _: "elsewhere")
    who = sample.at("customer_id")
    all_of = [number for number, row in enumerate(rows) if row[who] == rows[at][who]]
    told = Told(
        "E", "several values for one customer, though declared as fixed", theirs, theirs,
        len(all_of), places(all_of, form), f"take {theirs} out of fixed",
    )  # fmt: skip
    keys = {**sample.keys, "attributes": f'["{theirs}"]', "fixed": f'["{theirs}"]'}
    return planted(sample, rows, told, form=form, keys=keys)


def _two(first: Sample, second: Sample) -> tuple[str, Mapping[str, bytes]]:
    """The entries and the files of two inputs."""
    files = {f"raw/{one.input}.csv": CSV.written(one.header, one.rows) for one in (first, second)}
    text = "".join(entry(one, f"raw/{one.input}.csv", one.keys) for one in (first, second))
    return text, files


def _customers(ids: list[str], started: str, repeated: int = -1) -> Sample:
    rows = [(one, started, "" if number % 7 else "2026-01-05") for number, one in enumerate(ids)]
    if repeated >= 0:
        rows.append(rows[repeated])
    return Sample(
        "customers",
        "subscriptions",
        ("id", "from", "to", "fee"),
        tuple((*row, "5") for row in rows),
        {"customer_id": "id", "started": "from", "ended": "to", "monthly_charges": "fee"},
        {"complete_to": "2026-10-31"},
    )


def _ids(sample: Sample) -> list[str]:
    return list(dict.fromkeys(row[sample.at("customer_id")] for row in sample.rows))


@FAULTS(32, "purchase before sign-up", "E", "CDNOW", "invoices")
def bought_before_start(chance: random.Random, sample: Sample) -> Planted:
    where, index = some(chance, sample, 3), sample.at("date")
    early = "19000203" if sample.name == "CDNOW" else "1900-02-03 10:00"
    rows = tuple(changed(sample, where, index, lambda _: early))
    spoilt = Sample(sample.name, sample.input, sample.header, rows, sample.columns, sample.keys)
    text, files = _two(spoilt, _customers(_ids(sample), "1950-01-01"))
    told = Told(
        "E", "before the customer's sign-up", "date", sample.columns["date"], len(where),
        places(where),
    )  # fmt: skip
    return Planted(sample.input, files, text, told)


@FAULTS(38, "join key repeated on both sides", "E", "CDNOW")
def repeated_key(chance: random.Random, sample: Sample) -> Planted:
    ids = _ids(sample)
    at = chance.randrange(len(ids))
    months = [(one, "2026-02-01", "5") for one in ids]
    several = Sample(
        "months",
        "subscription_months",
        ("id", "month", "fee"),
        (*months, months[at]),
        {"customer_id": "id", "month": "month", "revenue": "fee"},
        {"complete_to": "2026-10-31"},
    )
    text, files = _two(_customers(ids, "2020-01-01", at), several)
    name = chance.choice(("subscriptions", "subscription_months"))
    rule = {
        "subscriptions": "the same id in more than one row",
        "subscription_months": "more than one row of a customer and month",
    }[name]
    told = Told("E", rule, count=2, places=places([at, len(ids)]))
    return Planted(name, files, text, told)


@FAULTS(39, "transactions of unknown customers", "W", "CDNOW", "invoices")
def unknown_customers(chance: random.Random, sample: Sample) -> Planted:
    ids = _ids(sample)
    unknown = set(chance.sample(ids, chance.randint(1, 5)))
    known = [one for one in ids if one not in unknown] + ["another"]
    text, files = _two(sample, _customers(known, "1950-01-01"))
    index = sample.at("customer_id")
    count = sum(row[index] in unknown for row in sample.rows)
    share = f"subscriptions does not have: {100 * count / len(sample.rows):.1f} % of the rows"
    told = Told("W", share, "customer_id", sample.columns["customer_id"], count)
    return Planted(sample.input, files, text, told)


@FAULTS(40, "missing key that a group-by drops", "W", *PURCHASES)
def missing_key(chance: random.Random, sample: Sample) -> Planted:
    where, index = some(chance, sample), sample.at("customer_id")
    rows = changed(sample, where, index, lambda _: chance.choice(("", " ")))
    share = f"{100 * len(where) / len(rows):.1f} % of the rows left out"
    told = Told("W", share, "customer_id", sample.columns["customer_id"], len(where))
    ids = [row[index] for row in rows if row[index].strip()]
    form = chance.choice(FORMS)
    return planted(sample, rows, told, form=form, values={"customer_id": ids})


def _money(sample: Sample) -> tuple[str, str, str]:
    """What of the amount is written in the file; how a message calls the amount."""
    if "quantity" in sample.columns:
        return "quantity", "amount", "Quantity x UnitPrice"
    return "amount", "amount", sample.columns["amount"]


@FAULTS(41, "negative amount, no policy declared", "E", *PURCHASES)
def negative(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    written, ours, theirs = _money(sample)
    rows = changed(sample, where, sample.at(written), lambda cell: f"-{cell}")
    told = Told(
        "E", "negative amount", ours, theirs, len(where), places(where, form),
        'refunds = "exclude"',
    )  # fmt: skip
    index = sample.at("customer_id")
    ids = [row[index] for number, row in enumerate(rows) if number not in where]
    mend = {"refunds": '"exclude"'}
    return planted(sample, rows, told, form=form, mend=mend, values={"customer_id": ids})


@FAULTS(43, "refund larger than the purchases", "W", "CDNOW", "Persian")
def large_refund(chance: random.Random, sample: Sample) -> Planted:
    at = chance.randrange(len(sample.rows))
    amount, who = sample.at("amount"), sample.at("customer_id")
    refund = list(sample.rows[at])
    refund[amount] = "-9999999999"
    keys = {**sample.keys, "refunds": chance.choice(('"exclude"', '"net"'))}
    rule = "larger than all their purchases" if "exclude" in keys["refunds"] else "larger than the"
    told = Told("W", rule, "amount", sample.columns["amount"])
    assert sample.rows[at][who]
    form = chance.choice(FORMS)
    return planted(sample, [*sample.rows, tuple(refund)], told, form=form, keys=keys)


@FAULTS(44, "mixed currencies", "E", *PURCHASES)
def currencies(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    rows = [(*row, "EUR" if number in where else "GBP") for number, row in enumerate(sample.rows)]
    rule = f'"GBP" ({len(rows) - len(where)}), "EUR" ({len(where)})'
    columns = {**sample.columns, "currency": "unit"}
    header = (*sample.header, "unit")
    mixed = Sample(sample.name, sample.input, header, tuple(rows), columns, sample.keys)
    told = Told("E", rule, "currency", "unit", remedy="exchange_rates")
    mend = {"exchange_rates": "{ GBP = 1, EUR = 0.8 }"}
    return planted(mixed, rows, told, form=form, mend=mend)


@FAULTS(45, "rial and toman mixed (a tenfold jump)", "W", "CDNOW")
def tenfold(chance: random.Random, sample: Sample) -> Planted:
    jump = chance.randint(2, 5)
    rows = [
        (
            f"c{number}",
            f"c{number}",
            f"1997{1 + number // 40:02d}{1 + number % 28:02d}",
            "1",
            str(chance.randint(80, 120) * (10 if number // 40 + 1 >= jump else 1)),
        )
        for number in range(240)
    ]
    keys = {**sample.keys, "complete_to": "1997-06-30"}
    told = Told("W", f"median of 1997-{jump:02d} is", "amount", sample.columns["amount"], 40)
    return planted(sample, rows, told, form=chance.choice(FORMS), keys=keys)


@FAULTS(46, "outlier above 1000 medians", "W", *PURCHASES)
def outlier(chance: random.Random, sample: Sample) -> Planted:
    where = some(chance, sample, 5)
    written, ours, theirs = _money(sample)
    rows = changed(sample, where, sample.at(written), lambda _: "999999999999")
    rule = "above 1,000 times the median amount of"
    told = Told("W", rule, ours, theirs, len(where))
    return planted(sample, rows, told, form=chance.choice(FORMS))


def _answers(chance: random.Random, sample: Sample) -> tuple[str, str]:
    """A question: our column, and theirs."""
    if sample.input == "feedback":
        ours = chance.choice(("nps", "csat"))
        return ours, sample.columns[ours]
    item = f"{chance.randint(1, 9):02d}"
    return f"P_{item}", f"P{item}"


@FAULTS(47, "answer out of range", "E", "SERVQUAL", "feedback")
def out_of_range(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    ours, theirs = _answers(chance, sample)
    wrong = chance.choice(("12", "77", "3.5"))
    rows = changed(sample, where, sample.header.index(theirs), lambda _: wrong)
    told = Told(
        "E", "not a whole number from", ours, theirs, len(where), places(where, form),
        alone=False,
    )  # fmt: skip
    return planted(sample, rows, told, form=form)


@FAULTS(48, "reverse item not keyed", "W", "SERVQUAL")
def reversed_item(chance: random.Random, sample: Sample) -> Planted:
    item = f"{chance.randint(1, 9):02d}"
    rows = changed(
        sample,
        range(len(sample.rows)),
        sample.header.index(f"P{item}"),
        lambda cell: str(8 - int(cell)) if cell else "",
    )
    told = Told("W", "goes down where the rest", f"P_{item}", f"P{item}")
    return planted(sample, rows, told, form=chance.choice((CSV, GZIP, WORKBOOK)))


def _scores(sample: Sample, answers: list[str]) -> list[Row]:
    left = iter(answers)
    return changed(sample, range(len(sample.rows)), sample.at("nps"), lambda _: next(left))


@FAULTS(49, "1-10 answers declared as 0-10 NPS", "E", "feedback")
def one_to_ten(chance: random.Random, sample: Sample) -> Planted:
    answers = ["1"] * 8 + [str(chance.randint(1, 10)) for _ in sample.rows[8:]]
    chance.shuffle(answers)
    ones = answers.count("1")
    rule = f"no answer is 0 among {len(answers)}, though {ones} are 1: asked on 1 to 10?"
    told = Told("E", rule, "nps", sample.columns["nps"])
    mend = {"nps_zero": '"offered"'}
    form = chance.choice(FORMS)
    return planted(sample, _scores(sample, answers), told, form=form, mend=mend)


@FAULTS(50, "1-5 answers as NPS", "E", "feedback")
def stars(chance: random.Random, sample: Sample) -> Planted:
    answers = [str(chance.randint(1, 5)) for _ in sample.rows]
    rule = f"no answer is above 5 among {len(answers)}"
    told = Told("E", rule, "nps", sample.columns["nps"], alone=False)
    return planted(sample, _scores(sample, answers), told, form=chance.choice(FORMS))


@FAULTS(50, "percentages as NPS", "E", "feedback")
def percentages(chance: random.Random, sample: Sample) -> Planted:
    answers, form = [str(chance.randint(11, 98)) for _ in sample.rows], chance.choice(FORMS)
    lines = range(len(answers))
    told = Told(
        "E", "not a whole number from 0 to 10", "nps", sample.columns["nps"], len(answers),
        places(lines, form),
    )  # fmt: skip
    return planted(sample, _scores(sample, answers), told, form=form)


@FAULTS(51, "99 or -1 as missing code", "E", "SERVQUAL", "feedback")
def codes(chance: random.Random, sample: Sample) -> Planted:
    where, form, code = some(chance, sample), chance.choice(FORMS), chance.choice(("99", "-1"))
    ours, theirs = _answers(chance, sample)
    rows = changed(sample, where, sample.header.index(theirs), lambda _: code)
    written = f'missing = ["{code}"]'
    told = Told(
        "E", "not a whole number from", ours, theirs, len(where), places(where, form), written
    )
    return planted(sample, rows, told, form=form, mend={"missing": f'["{code}"]'})


@FAULTS(52, "non-response", "W", "SERVQUAL", "feedback")
def non_response(chance: random.Random, sample: Sample) -> Planted:
    ours, theirs = _answers(chance, sample)
    index = sample.header.index(theirs)
    rows = changed(sample, some(chance, sample, 60), index, lambda _: "")
    if sample.input == "feedback":
        blank = sum(not row[index] for row in rows)
        rule = f"blank: no answer, {100 * blank / len(rows):.1f} % of the rows"
        told = Told("W", rule, ours, theirs, blank)
    else:
        answers = [row[4:] for row in rows]
        blanks = sum(cell == "" for row in answers for cell in row)
        rule = f"{100 * blanks / (9 * len(rows)):.1f} % of the answers are blank"
        told = Told("W", rule, "perception", count=sum("" in row for row in answers))
    return planted(sample, rows, told, form=chance.choice(FORMS))


@FAULTS(53, "straight-lining", "W", "SERVQUAL")
def straight_lining(chance: random.Random, sample: Sample) -> Planted:
    rows = list(sample.rows)
    for row in some(chance, sample, 40):
        rows[row] = (*rows[row][:4], *[str(chance.randint(1, 7))] * 9)
    alike = [{*row[4:]} - {""} for row in rows if sum(cell != "" for cell in row[4:]) >= 5]
    count = sum(len(one) == 1 for one in alike)
    told = Told("W", f"{100 * count / len(rows):.1f} % of the rows", "perception", count=count)
    return planted(sample, rows, told, form=chance.choice(FORMS))


@FAULTS(53, "no variance at all", "W", "SERVQUAL")
def no_variance(chance: random.Random, sample: Sample) -> Planted:
    answer = str(chance.randint(1, 7))
    rows = [(*row[:4], *[answer] * 9) for row in sample.rows]
    told = Told("W", "straight-lining", "perception", count=len(rows))
    values = {"P_01": [float(answer)] * len(rows)}
    return planted(sample, rows, told, form=chance.choice(FORMS), values=values)


@FAULTS(55, "churn with one class", "E", "telco", "contracts")
def one_class(chance: random.Random, sample: Sample) -> Planted:
    ours = "churned" if sample.name == "telco" else "ended"
    same = chance.choice(("No", "Yes")) if ours == "churned" else ""
    lines = range(len(sample.rows))
    rows = changed(sample, lines, sample.at(ours), lambda _: same)
    told = Told("E", "every customer has the same value", "churned")
    return planted(sample, rows, told, form=chance.choice(FORMS))


@FAULTS(58, "outcome on a day that the file does not cover", "E", "contracts")
def censored(chance: random.Random, sample: Sample) -> Planted:
    where, form = some(chance, sample), chance.choice(FORMS)
    rows = changed(sample, where, sample.at("ended"), lambda _: "2026-11-20")
    told = Told(
        "E", "after the last day the file is complete to", "ended", sample.columns["ended"],
        len(where), places(where, form),
    )  # fmt: skip
    return planted(sample, rows, told, form=form)


assert set(PURCHASES) <= set(SAMPLES)
