"""What each input must be: columns, types, units, ranges, keys and rules, and the one checker.

A rule is a narwhals expression that is true on a row that breaks it. All rules of an input are
counted in one aggregate query, the first rows of the broken ones are found in a second, and what
is wrong leaves as one `InputError` that names file, line, column, rule, count and remedy.
"""

import datetime
import functools
import operator
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import narwhals as nw

from cxlib import engine
from cxlib.instruments import Instrument
from cxlib.privacy.screening import screened

FIRST_ROWS = 10
BLANK = "blank"
SAMPLE_ROWS = 50_000
_NEAR_ROWS = 100_000
_SHOWN_PROBLEMS = 12
_SHOWN_TEXTS = 3
_SHOWN_TEXT_LETTERS = 40
_SHOWN_ALLOWED = 12


@dataclass(frozen=True)
class Column:
    """A canonical column.

    `required`: the source must map a column of the file to it. `blank`: what an empty cell means:
    an "error", a row to "exclude" (counted, with a warning), or a null to "keep". `low`, `high`:
    the smallest and largest value, both allowed. `whole`: only whole numbers. `allowed`: the only
    texts that may stand there, any if empty. `say_blank`: kept blanks are a warning.
    """

    name: str
    type: engine.ColumnType
    unit: str = ""
    help: str = ""
    required: bool = True
    blank: Literal["error", "exclude", "keep"] = "error"
    low: float | datetime.date | None = None
    high: float | datetime.date | None = None
    whole: bool = False
    allowed: tuple[str, ...] = ()
    say_blank: bool = False


@dataclass(frozen=True)
class Contract:
    """A canonical table. `key`: the column that identifies a row, "" if none does.

    `date`: the column that `period` and `complete_to` speak of, "" if none. `attributes`: whether
    a source may bring further columns under their own names.
    """

    name: str
    help: str
    columns: tuple[Column, ...]
    key: str = ""
    date: str = ""
    attributes: bool = False


# One of amount and its two parts; currency and the parts are not kept: see `transactions`.
TRANSACTIONS = Contract(
    name="transactions",
    help="One row per purchase.",
    columns=(
        Column("customer_id", "text", help="who bought", blank="exclude"),
        Column(
            "date",
            "date",
            unit="day",
            help="day of the purchase; a time of day is cut off",
            low=datetime.date(1900, 1, 1),
        ),
        Column("amount", "number", unit="currency", help="value of the purchase", required=False),
        Column("quantity", "number", help="pieces, where the file has no amount", required=False),
        Column(
            "unit_price",
            "number",
            unit="currency",
            help="price of a piece: amount = quantity x unit_price",
            required=False,
        ),
        Column("currency", "text", help="code of the currency of the amount", required=False),
        Column("product", "text", help="what was bought", required=False, blank="keep"),
    ),
    date="date",
    attributes=True,
)

WHY_LEFT = ("voluntary", "involuntary")
_EARLIEST = datetime.date(1900, 1, 1)

# Either churned and tenure_months or started and ended: see `subscriptions`.
SUBSCRIPTIONS = Contract(
    name="subscriptions",
    help="One row per customer of a subscription service.",
    columns=(
        Column("customer_id", "text", help="the customer"),
        Column("churned", "true/false", help="whether the customer has left"),
        Column("tenure_months", "number", unit="months", help="time since sign-up", low=0),
        Column("monthly_charges", "number", unit="currency a month", help="current charge", low=0),
        Column(
            "total_charges",
            "number",
            unit="currency",
            help="charges since sign-up; blank before the first bill",
            required=False,
            blank="keep",
            low=0,
        ),
        Column("started", "date", "day", "day of sign-up", required=False, low=_EARLIEST),
        Column(
            "ended",
            "date",
            "day",
            "first day without the contract; blank: still a customer",
            required=False,
            blank="keep",
            low=_EARLIEST,
        ),
        Column(
            "leaving",
            "text",
            help="why a customer left: by the customer's own will or not",
            required=False,
            blank="keep",
            allowed=WHY_LEFT,
        ),
        Column(
            "treated",
            "true/false",
            help="whether a campaign contacted the customer, drawn at random; blank: not in it",
            required=False,
            blank="keep",
        ),
    ),
    key="customer_id",
    attributes=True,
)

SUBSCRIPTION_MONTHS = Contract(
    name="subscription_months",
    help="One row per customer of a subscription service and month.",
    columns=(
        Column("customer_id", "text", help="the customer"),
        Column(
            "month", "date", "month", "any day of the month; its first day is kept", low=_EARLIEST
        ),
        Column("revenue", "number", "currency a month", "what the customer pays for it", low=0),
    ),
    date="month",
    attributes=True,
)

_CUSTOMER = Column(
    "customer_id", "text", help="the respondent as a customer", required=False, blank="keep"
)
_WEIGHT = Column("weight", "number", help="survey weight", required=False, low=0)

# The instrument adds the columns of its items and dimensions: see `servqual_responses`.
SERVQUAL_RESPONSES = Contract(
    name="servqual_responses",
    help="One row per respondent of a SERVQUAL survey.",
    columns=(
        Column("respondent_id", "text", help="the respondent", required=False),
        _CUSTOMER,
        Column(
            "wave",
            "text",
            help="round of the survey; the last is reported, numbers in names count as numbers",
            required=False,
            blank="exclude",
        ),
        Column(
            "satisfaction",
            "number",
            unit="points of the survey's own scale",
            help="overall satisfaction",
            required=False,
            blank="keep",
        ),
        _WEIGHT,
    ),
    key="respondent_id",
    attributes=True,
)

ROLES = ("managers", "standards", "staff", "promises")

# The instrument says which items and answers there may be: see `servqual_internal`.
SERVQUAL_INTERNAL = Contract(
    name="servqual_internal",
    help="One row per answer of managers and staff about an item of the questionnaire.",
    columns=(
        Column("respondent_id", "text", help="who answered", required=False, blank="keep"),
        Column(
            "role",
            "text",
            help="managers (what they believe customers expect), standards (what is laid down),"
            " staff (what is delivered), promises (what is promised outside)",
            allowed=ROLES,
        ),
        Column("item", "text", help="id of the item in the questionnaire"),
        Column("value", "number", unit="scale points", help="the answer"),
    ),
)

METRICS = ("nps", "csat", "ces")

# The source adds the scales and the drivers: see `feedback`.
FEEDBACK = Contract(
    name="feedback",
    help="One row per answered questionnaire about satisfaction; at least one of the metrics.",
    columns=(
        Column("response_id", "text", help="the response", required=False),
        _CUSTOMER,
        Column(
            "date",
            "date",
            unit="day",
            help="day of the response",
            required=False,
            blank="keep",
            low=datetime.date(1900, 1, 1),
            say_blank=True,
        ),
        _WEIGHT,
        *(
            Column(name, "number", "scale points", asked, False, "keep", say_blank=True)
            for name, asked in (
                ("nps", "how likely the customer is to recommend the company"),
                ("csat", "overall satisfaction"),
                ("ces", "how easy it was"),
            )
        ),
    ),
    key="response_id",
    date="date",
    attributes=True,
)

INDICES = Contract(
    name="indices",
    help="One row per objective index and day or month: complaints, market share, profit.",
    columns=(
        Column("date", "date", unit="day", help="first day of the month, or any day in it"),
        Column("index", "text", help="name of the index"),
        Column("value", "number", help="value, or a count where base is given"),
        Column(
            "base",
            "number",
            help="what a count refers to, such as the number of customers",
            required=False,
            blank="keep",
            low=0,
        ),
    ),
    date="date",
)

CONTRACTS = {
    contract.name: contract
    for contract in (
        TRANSACTIONS,
        SUBSCRIPTIONS,
        SUBSCRIPTION_MONTHS,
        SERVQUAL_RESPONSES,
        SERVQUAL_INTERNAL,
        FEEDBACK,
        INDICES,
    )
}


def subscriptions(mapped: Collection[str], involuntary: Collection[str] = ()) -> Contract:
    """The contract of a file of subscriptions that maps the columns `mapped`.

    With a date it is one of dates, which say who has left and for how long customers stayed; else
    it has neither. `involuntary`: the file's words for leaving against one's will, if not ours.
    """
    dates, derived = {"started", "ended"}, {"churned", "tenure_months"}
    dated = not dates.isdisjoint(mapped)
    changed: dict[str, dict[str, Any]] = {name: {"required": True} for name in dates if dated}
    if involuntary:
        changed["leaving"] = {"allowed": ()}
    columns = tuple(
        replace(one, **changed.get(one.name, {}))
        for one in SUBSCRIPTIONS.columns
        if not (dated and one.name in derived)
    )
    return replace(SUBSCRIPTIONS, columns=columns, date="started" if dated else "")


def servqual_responses(instrument: Instrument) -> Contract:
    """The contract of answers to an instrument: E_, P_ and A_<item>, importance_<dimension>."""
    low, high = instrument.scale
    answers = tuple(
        Column(
            f"{letter}_{item.id}",
            "number",
            unit="scale points",
            help=f"{what}: {item.text}",
            required=letter == "P",
            blank="keep",
            low=low,
            high=high,
            whole=True,
        )
        for letter, what in (("E", "expectation"), ("P", "perception"), ("A", "adequate level"))
        for item in instrument.items
    )
    importance = tuple(
        Column(
            f"importance_{dimension}",
            "number",
            unit="points of 100",
            help=f"importance of {dimension}",
            required=False,
            blank="keep",
            low=0,
        )
        for dimension in instrument.dimensions
    )
    base = SERVQUAL_RESPONSES
    return replace(base, columns=base.columns + answers + importance)


def servqual_internal(instrument: Instrument, roles: tuple[str, ...] = ()) -> Contract:
    """The contract of answers by managers and staff; `roles`: the file's words, if not ours."""
    low, high = instrument.scale
    respondent, role, item, value = SERVQUAL_INTERNAL.columns
    columns = (
        respondent,
        replace(role, allowed=roles or ROLES),
        replace(item, allowed=tuple(item.id for item in instrument.items)),
        replace(value, low=low, high=high),
    )
    return replace(SERVQUAL_INTERNAL, columns=columns)


def feedback(scales: Mapping[str, Sequence[int]], drivers: Sequence[str] = ()) -> Contract:
    """The contract of feedback on the declared scales, with a column for each driver."""
    columns = tuple(
        replace(one, low=scales[one.name][0], high=scales[one.name][1], whole=True)
        if one.name in scales
        else one
        for one in FEEDBACK.columns
    )
    low, high = scales.get("drivers", (None, None))
    rated = tuple(
        Column(name, "number", "scale points", "a driver", blank="keep", low=low, high=high)
        for name in drivers
    )
    return replace(FEEDBACK, columns=columns + rated)


@dataclass(frozen=True)
class Violation:
    """One rule that an input breaks.

    `column`: the canonical name, `source_column` the user's; both "" when the rule is not about a
    column. `count`: how many rows break it. `places`: the first of their lines (rows, for a
    workbook or Parquet file; "name:row" for a folder of them). `examples`: the offending texts as
    they stand in the file; none for ids.
    """

    file: str
    rule: str
    remedy: str
    column: str = ""
    source_column: str = ""
    count: int = 0
    places: tuple[int | str, ...] = ()
    unit: Literal["line", "row"] = "line"
    examples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # Names of columns may be data, too: those of a file without a header.
        for name in ("rule", "remedy", "source_column"):
            object.__setattr__(self, name, screened(getattr(self, name)))
        object.__setattr__(self, "examples", tuple(map(screened, self.examples)))

    def __str__(self) -> str:
        text = self.rule
        if self.source_column and self.source_column != self.column:
            text = f"{self.column} (column {quoted(self.source_column)}): {text}"
        elif self.column:
            text = f"{self.column}: {text}"
        if self.count:
            text += f": {self.count:,} {_plural('row', self.count)}"
        if self.places:
            places = ", ".join(map(str, self.places))
            more = ", ..." if self.count > len(self.places) else ""
            text += f", {_plural(self.unit, len(self.places))} {places}{more}"
        if self.examples:
            text += f" ({', '.join(map(quoted, self.examples[:_SHOWN_TEXTS]))})"
        return f"{text}. Mend: {self.remedy}."


class InputError(Exception):
    """An input that cannot be used, with all that is wrong with it.

    `input` is the name of the input, `file` the file at fault (the data or its description),
    `violations` every rule that is broken. The text fits on one screen.
    """

    def __init__(self, name: str, file: str, violations: Sequence[Violation]) -> None:
        super().__init__(name, file, violations)
        self.input = name
        self.file = file
        self.violations = tuple(violations)

    def __str__(self) -> str:
        count = len(self.violations)
        head = f"{self.input}: {self.file} cannot be used: {count} {_plural('problem', count)}."
        shown = [f"  {violation}" for violation in self.violations[:_SHOWN_PROBLEMS]]
        if count > _SHOWN_PROBLEMS:
            shown.append(f"  ... and {count - _SHOWN_PROBLEMS} more.")
        return "\n".join([head, *shown])


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def quoted(text: str) -> str:
    """A text of the file made safe to show: screened, short, on one line, between quotes."""
    # Before it is cut: half a number would not be known for one.
    text = screened(text)
    if len(text) > _SHOWN_TEXT_LETTERS:
        text = text[:_SHOWN_TEXT_LETTERS] + "..."
    return '"' + "".join(c if c.isprintable() else repr(c)[1:-1] for c in text) + '"'


CODE_FOUND = 'code for "no answer" taken as blank'


@dataclass(frozen=True)
class Rule:
    """What must not be true of a row, and what follows when it is.

    "error" stops; "exclusion" leaves the row out; "repair" was already done while reading;
    "warning" goes on. `asked`: an exclusion that the source declares; any other is also a warning.
    `expected`: the source names such rows, so that finding none is a warning. `selects`: the rows
    it leaves out are another report's, so that repairs and warnings of theirs are not told.
    `of_type`: the texts are not of the type of the column. `drops`: a repair that leaves the row
    out, for another row says the same. `with_share`: the warning says what share of the rows it is.
    `column` is "" for a rule about several.
    """

    column: str
    text: str
    broken: nw.Expr
    outcome: Literal["error", "exclusion", "repair", "warning"]
    remedy: str = ""
    asked: bool = False
    expected: bool = False
    selects: bool = False
    of_type: bool = False
    drops: bool = False
    with_share: bool = False

    @property
    def leaves_out(self) -> bool:
        return self.outcome == "exclusion" or self.drops


def row_rules(
    contract: Contract,
    present: Sequence[str],
    where: str,
    *,
    complete_to: datetime.date,
    date_format: str,
    converted: Mapping[engine.ColumnType, str],
    reverse: Mapping[str, nw.Expr],
    decimal: str = ".",
    thousands: str = "",
) -> list[Rule]:
    """The rules for the rows of a staged table that has the columns `present`.

    `where` names the source entry in the remedies. `complete_to` is the last date allowed;
    `date_format` says how dates are written, `decimal` and `thousands` with which marks numbers
    are; `converted` what a declaration turned into a number or
    a date;
    `reverse`: the columns whose answers are turned, each with an expression that is true on those
    rows.
    """
    rules: list[Rule] = []
    for column in contract.columns:
        if column.name in present:
            rules += _column_rules(column, where, date_format, decimal, thousands)
    for name, turned in reverse.items():
        text = "reverse-keyed answer turned (lowest + highest - answer)"
        rules.append(Rule(name, text, turned & ~nw.col(name).is_null(), "repair"))
    types = {column.name: column.type for column in contract.columns}
    for name in present:
        rules += _repair_rules(name, types.get(name, "text"), converted)
    if contract.date:
        rules.append(
            Rule(
                contract.date,
                "date after the last day the file is complete to"
                f" (complete_to, {complete_to}; the latest as_of)",
                nw.col(contract.date) > nw.lit(complete_to),
                "error",
                f"correct the rows, or complete_to in {where}",
            )
        )
    importance = [nw.col(name) for name in present if name.startswith("importance_")]
    if importance:
        total = functools.reduce(operator.add, importance)
        rules.append(
            Rule(
                "",
                "importance points that do not add up to 100",
                (total - 100).abs() > 0.5,
                "warning",
            )
        )
    return rules


def _column_rules(
    column: Column, where: str, date_format: str, decimal: str, thousands: str
) -> list[Rule]:
    value, state = nw.col(column.name), nw.col(engine.state(column.name))
    # A code for "no answer" only helps where a blank is allowed.
    codes = f'declare a code for "no answer" in {where}: missing = {{ {column.name} = ["..."] }}'
    codes = f"; or {codes}" if column.blank == "keep" else ""
    not_of_type, remedy = {
        "text": ("", ""),
        "number": (
            "not a number",
            f"{_written_so(decimal, thousands)}, or correct the rows{codes}",
        ),
        "date": (
            f"not a date of the form {date_format}",
            f'correct the rows, or declare the form of all dates in {where}: date_format = "..."',
        ),
        "true/false": (
            "neither true nor false",
            f'declare what the values mean in {where}: true_values = ["..."],'
            ' false_values = ["..."]; correct a row that says neither, or take it out of the file',
        ),
    }[column.type]
    rules = []
    if column.allowed:
        known = ", ".join(column.allowed[:_SHOWN_ALLOWED])
        remedy = f"correct the rows, or declare the words in {where}"
        rules.append(
            Rule(
                column.name,
                f"none of {known}{', ...' if len(column.allowed) > _SHOWN_ALLOWED else ''}",
                ~value.is_in(list(column.allowed)),
                "error",
                remedy,
            )
        )
    blank = value.is_null() & (state != engine.NOT_OF_TYPE)
    if column.type == "date":
        blank = blank & (state != engine.NO_DATE)
        rules.append(_no_date_rule(column, state == engine.NO_DATE))
    if column.say_blank:
        rules.append(Rule(column.name, "blank: no answer", blank, "warning", with_share=True))
    if not_of_type:
        unread = state == engine.NOT_OF_TYPE
        rules.append(Rule(column.name, not_of_type, unread, "error", remedy, of_type=True))
    if column.blank != "keep":
        rules.append(
            Rule(
                column.name,
                BLANK,
                blank,
                "error" if column.blank == "error" else "exclusion",
                "fill the cells, or take the rows out of the file",
            )
        )
    if column.low is not None and column.high is not None:
        outside = (value < column.low) | (value > column.high)
        if column.whole:
            outside = outside | (value % 1 != 0)
        rules.append(
            Rule(
                column.name,
                f"not a {'whole ' if column.whole else ''}number from {column.low} to"
                f" {column.high}",
                outside,
                "error",
                "correct the rows, or the scale that is declared; or, if it is a code for"
                f' "no answer", declare it in {where}: missing = {{ {column.name} = ["..."] }}',
            )
        )
    elif column.low is not None:
        rules.append(
            Rule(
                column.name,
                f"before {column.low}" if column.type == "date" else f"below {column.low}",
                value < nw.lit(column.low),
                "error",
                "correct the rows; dates are Gregorian"
                if column.type == "date"
                else f"correct the rows{codes}",
            )
        )
    return rules


def _written_so(decimal: str, thousands: str) -> str:
    """How numbers are to be written under the marks that are declared."""
    if (decimal, thousands) == (".", ""):
        return "write numbers with a decimal point and no thousands mark"
    return f"write numbers with the marks that are declared, as 1{thousands}065{decimal}50"


def _no_date_rule(column: Column, broken: nw.Expr) -> Rule:
    days = f"{', '.join(engine.NO_DATES[:-1])} or {engine.NO_DATES[-1]}, which stand for no date"
    if column.blank == "keep":
        return Rule(column.name, f"{days}: taken as blank", broken, "warning")
    outcome: Literal["error", "exclusion"] = "error" if column.blank == "error" else "exclusion"
    remedy = "write the true dates, or take the rows out of the file"
    return Rule(column.name, days, broken, outcome, remedy)


def _repair_rules(
    name: str, kind: engine.ColumnType, converted: Mapping[engine.ColumnType, str]
) -> list[Rule]:
    state = nw.col(engine.state(name))
    rules = [
        Rule(name, text, state == one, "repair")
        for one, text in (
            (engine.DIGITS, "Persian or Arabic digits and marks read as 0-9"),
            (engine.LETTERS, "Arabic letters written as the Persian ones"),
            (
                engine.INVISIBLE,
                "invisible characters, tatweel or no-break blanks taken out, or letters composed",
            ),
        )
    ]
    # A text of the file's own may be a number, too.
    text = converted.get("number" if kind == "text" else kind)
    if text:
        # Of dates every one that the file holds as text or as a number.
        read = state == engine.CONVERTED
        if kind == "date":
            read = ~nw.col(name).is_null() & (state != engine.AS_FOUND)
        rules.append(Rule(name, text, read, "repair"))
    return [
        *rules,
        Rule(name, "blanks around the value removed", state == engine.TRIMMED, "repair"),
        Rule(
            name,
            CODE_FOUND,
            state == engine.MISSING_CODE,
            "repair",
        ),
    ]


@dataclass(frozen=True)
class Checked:
    """What the one pass over a staged table found.

    `counts`: broken rows per rule; a row that two exclusions name counts for the first.
    `rows_read`, and `rows` left after the exclusions. `first`, `last`: dates of the rows left;
    `last_read`: of all rows. `repeated`: rows beyond the first of each key. `one_class`: churned
    takes a single value in the rows left. `nps`: its lowest and highest answer and how many there
    are; `nps_ones`: how many of them are 1. `texts`: attributes with a value that is not a plain
    number.
    """

    counts: tuple[int, ...]
    rows_read: int
    rows: int
    first: datetime.date | None
    last: datetime.date | None
    last_read: datetime.date | None
    repeated: int
    one_class: bool
    nps: tuple[float, float, int] | None
    nps_ones: int
    texts: tuple[str, ...]


# An attribute is a number when all its values look like this, as programs write them: 12, 0.5,
# 1.5e-05. "007", "1E5" and codes of 16 digits are text.
_PLAIN_NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?(e[-+][0-9]{2,3})?$"


def keep(rules: Sequence[Rule]) -> nw.Expr:
    """True on a row that no rule leaves out."""
    kept = nw.col(engine.ROW) > 0
    for rule in rules:
        if rule.leaves_out:
            kept = kept & ~rule.broken.fill_null(False)
    return kept


def kept(frame: nw.LazyFrame, rules: Sequence[Rule], found: "Checked") -> nw.LazyFrame:
    """The rows that no rule leaves out; `found` is what the check counted.

    A rule that no row breaks is not asked again: it would have its columns read.
    """
    met = [rule for rule, n in zip(rules, found.counts, strict=True) if n and rule.leaves_out]
    return frame.filter(keep(met)) if met else frame


def sampled(frame: nw.LazyFrame, rows: int) -> nw.LazyFrame:
    """50,000 to 100,000 of the `rows` rows, evenly spread over them, or all where there are fewer.

    `frame`: with the number of each row in `engine.ROW`.
    """
    return frame.filter(nw.col(engine.ROW) % sampled_every(rows) == 0)


def sampled_every(rows: int) -> int:
    """Every how many of the `rows` rows one is in the sample."""
    return max(1, rows // SAMPLE_ROWS)


def without_errors(frame: nw.LazyFrame, rules: Sequence[Rule], found: "Checked") -> nw.LazyFrame:
    """The rows that break no rule of those that stop; `found` is what the check counted."""
    for rule, count in zip(rules, found.counts, strict=True):
        if count and rule.outcome == "error":
            frame = frame.filter(~rule.broken.fill_null(False))
    return frame


def check(
    frame: nw.LazyFrame,
    contract: Contract,
    rules: Sequence[Rule],
    attributes: Sequence[str],
    day: str = "",
) -> Checked:
    """Count in one aggregate query what a staged table holds and which rules it breaks.

    `day`: the column with the dates that are kept, where it is not the contract's own.
    """
    plain: dict[str, nw.Expr] = {"__kept": keep(rules).cast(nw.Int64)}
    selecting = [rule for rule in rules if rule.selects]
    for number, rule in enumerate(rules):
        # Null where it is not known; a sum takes no notice of it.
        broken = rule.broken
        if rule.leaves_out:
            broken = broken & keep(rules[:number])
        elif rule.outcome != "error" and selecting:
            broken = broken & keep(selecting)
        plain[f"__rule_{number}"] = broken.cast(nw.Int64)
    for number, name in enumerate(attributes):
        is_text = ~nw.col(name).str.contains(_PLAIN_NUMBER)
        plain[f"__text_{number}"] = is_text.fill_null(False).cast(nw.Int64)
    totals = [nw.col(name).sum() for name in plain]
    totals.append(nw.len().alias("__rows_read"))
    if contract.date:
        date = nw.col(contract.date)
        plain["__first"] = plain["__last"] = nw.when(keep(rules)).then(nw.col(day or contract.date))
        totals += [nw.col("__first").min(), nw.col("__last").max(), date.max().alias("__read")]
    if contract.key:
        key = nw.col(contract.key)
        plain["__keyed"] = (~key.is_null()).cast(nw.Int64)
        totals += [nw.col("__keyed").sum(), key.n_unique().alias("__distinct")]
    if contract.name == SUBSCRIPTIONS.name:
        churned = nw.when(keep(rules)).then(nw.col("churned").cast(nw.Int64))
        plain["__low"] = plain["__high"] = churned
        totals += [nw.col("__low").min(), nw.col("__high").max()]
    scored = any(column.name == "nps" and column.high for column in contract.columns)
    if scored:
        nps = nw.col("nps")
        plain["__lowest"] = plain["__highest"] = nps
        plain["__scored"] = (~nps.is_null()).cast(nw.Int64)
        plain["__ones"] = (nps == 1).fill_null(False).cast(nw.Int64)
        totals += [nw.col("__lowest").min(), nw.col("__highest").max()]
        totals += [nw.col("__scored").sum(), nw.col("__ones").sum()]
    found: dict[str, Any] = (
        frame.with_columns(**plain).select(*totals).collect("pyarrow").rows(named=True)[0]
    )
    rows_read = found["__rows_read"]
    # Sums of no rows are null.
    keyed = found.get("__keyed") or 0
    # A blank counts as one more distinct key.
    distinct = (found.get("__distinct") or 0) - (contract.key != "" and keyed < rows_read)
    return Checked(
        counts=tuple(int(found[f"__rule_{number}"] or 0) for number in range(len(rules))),
        rows_read=rows_read,
        rows=int(found["__kept"] or 0),
        first=found.get("__first"),
        last=found.get("__last"),
        last_read=found.get("__read"),
        repeated=keyed - distinct,
        one_class=found.get("__low") is not None and found["__low"] == found["__high"],
        nps=(found["__lowest"], found["__highest"], int(found["__scored"]))
        if found.get("__scored")
        else None,
        nps_ones=int(found.get("__ones") or 0),
        texts=tuple(name for number, name in enumerate(attributes) if found[f"__text_{number}"]),
    )


def first_rows(frame: nw.LazyFrame, broken: dict[int, nw.Expr]) -> dict[int, tuple[int, ...]]:
    """The numbers of the first rows on which each expression is true."""
    # What breaks a rule a million times is soon found.
    near = _first_rows(frame.filter(nw.col(engine.ROW) <= _NEAR_ROWS), broken)
    few = {number: broken[number] for number, rows in near.items() if len(rows) < FIRST_ROWS}
    return near | _first_rows(frame, few)


def _first_rows(frame: nw.LazyFrame, broken: dict[int, nw.Expr]) -> dict[int, tuple[int, ...]]:
    """As `first_rows`, in one query."""
    if not broken:
        return {}
    parts = [
        frame.filter(expression.fill_null(False))
        .sort(engine.ROW)
        .head(FIRST_ROWS)
        .select(nw.lit(number).alias("__rule"), nw.col(engine.ROW))
        for number, expression in broken.items()
    ]
    rows: dict[int, list[int]] = {number: [] for number in broken}
    for number, row in nw.concat(parts).collect("pyarrow").iter_rows():
        rows[number].append(row)
    return {number: tuple(sorted(found)) for number, found in rows.items()}


def repeated_keys(frame: nw.LazyFrame, key: str) -> tuple[int, tuple[int, ...]]:
    """How many rows share their key with another row, and the first of them, key by key."""
    return repeated(frame.filter(~nw.col(key).is_null()), [key])


def repeated_answers(frame: nw.LazyFrame) -> tuple[int, tuple[int, ...]]:
    """As `repeated_keys`, for more than one answer of a respondent in a role to an item.

    Answers without a respondent are those of one and the same.
    """
    known = [name for name in ("role", "respondent_id", "item") if name in frame.columns]
    filled = [nw.col(name).fill_null("").alias(name) for name in known]
    return repeated(frame.select(*filled, engine.ROW), known)


def repeated_months(frame: nw.LazyFrame) -> tuple[int, tuple[int, ...]]:
    """As `repeated_keys`, for more than one row of a customer and month."""
    keys = ["customer_id", "month"]
    return repeated(
        frame.filter(~nw.any_horizontal(nw.col(*keys).is_null(), ignore_nulls=False)), keys
    )


def repeated(frame: nw.LazyFrame, keys: Sequence[str]) -> tuple[int, tuple[int, ...]]:
    """As `repeated_keys`, for rows that share the values of several columns."""
    shared = (
        frame.group_by(*keys)
        .agg(nw.len().alias("__count"), nw.col(engine.ROW).min().alias("__first"))
        .filter(nw.col("__count") > 1)
    )
    count = int(shared.select(nw.col("__count").sum()).collect("pyarrow").item() or 0)
    if not count:
        return 0, ()
    first = shared.sort("__first").head(FIRST_ROWS)
    rows = (
        frame.select(*keys, engine.ROW)
        .join(first, on=list(keys))
        .sort("__first", engine.ROW)
        .head(FIRST_ROWS)
        .select(engine.ROW)
        .collect("pyarrow")
    )
    return count, tuple(rows.get_column(engine.ROW).to_list())


def value_counts(frame: nw.LazyFrame, name: str) -> dict[str, int]:
    """How often each text stands in a column; blanks are not counted."""
    counts = (
        frame.filter(~nw.col(name).is_null())
        .group_by(name)
        .agg(nw.len().alias("__count"))
        .sort(name)
        .collect("pyarrow")
    )
    return {str(value): int(count) for value, count in counts.iter_rows()}
