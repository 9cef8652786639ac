"""Which input a file is, and which of its columns is which of ours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cxlib import contracts, engine
from cxlib.proposing import days, naming, unread
from cxlib.proposing.columns import Column
from cxlib.proposing.drafts import Draft
from cxlib.proposing.naming import Match, match
from cxlib.proposing.questions import Answer, NotProposedError, Question, quoted

_SHOWN = 12
# More pieces of one thing are seldom bought at once; sums of money are seldom so small and whole.
_MOST_PIECES = 20
# Values of a column that tells people apart, at least; and a number with a fraction.
_FEW_IDS, _FRACTION = 12, re.compile(r"[0-9][.,٫][0-9]")
# Never taken by its name alone: a column "weight" may be that of a parcel.
_ASKED = ("weight",)


@dataclass(frozen=True)
class Needs:
    """What an input must have: the sets of columns of which one is enough, and what it may have."""

    ways: tuple[tuple[str, ...], ...]
    may: tuple[str, ...] = ()
    what: str = ""


NEEDS = {
    "transactions": Needs(
        (("customer_id", "date", "amount"), ("customer_id", "date", "quantity", "unit_price")),
        ("currency", "product"),
        "one row a purchase",
    ),
    "subscriptions": Needs(
        (
            ("customer_id", "churned", "tenure_months", "monthly_charges"),
            ("customer_id", "started", "ended", "monthly_charges"),
        ),
        ("total_charges",),
        "one row a customer with a contract, and who left",
    ),
    "subscription_months": Needs(
        (("customer_id", "month", "revenue"),), (), "one row a customer with a contract and month"
    ),
    "feedback": Needs(
        (("nps",), ("csat",), ("ces",)),
        ("nps", "csat", "ces", "response_id", "customer_id", "date", "weight"),
        "one row an answered questionnaire about satisfaction",
    ),
    "servqual_responses": Needs(
        ((),),
        ("respondent_id", "customer_id", "wave", "satisfaction", "weight"),
        "one row a respondent of a SERVQUAL survey",
    ),
    "servqual_internal": Needs(
        (("role", "item", "value"),), ("respondent_id",), "one row an answer of managers or staff"
    ),
    "indices": Needs((("date", "index", "value"),), ("base",), "one row an index and month"),
}
_PERIODIC = ("feedback", "indices", "subscription_months")
_TYPES = {
    column.name: column.type
    for contract in contracts.CONTRACTS.values()
    for column in contract.columns
}
_TYPE_NAMES = {
    "text": "column",
    "number": "column of numbers",
    "date": "column of dates",
    "true/false": "column of two words",
}
_WORDS = ("role", "index", "item")


def is_of_type(name: str, ours: str, column: Column) -> bool:
    """Whether the values of a column of the file can be those of a canonical one."""
    kind = _TYPES[ours]
    if kind == "number":
        is_number = column.is_number or column.is_nearly_numbers
        return column.filled > 0 and is_number and not column.typed
    if kind == "date":
        has_days = bool(column.dates) or column.is_nearly_dates
        has_months = name in _PERIODIC and (bool(column.months) or column.is_nearly_months)
        return column.filled > 0 and (has_days or has_months)
    if kind == "true/false":
        return 1 < len(column.counts) <= 4
    if ours == "currency":
        return column.filled > 0 and all(
            text.isalpha() and len(text) <= 10 for text in column.counts
        )
    if ours in _WORDS:
        return not (ours == "role" and column.is_number)
    return column.filled > 0 and not column.typed


def matches(name: str, ours: str, columns: Sequence[Column]) -> list[Match]:
    """The columns called like a canonical one and of its type, the closest name first."""
    found = [
        one
        for column in columns
        if is_of_type(name, ours, column) and (one := match(ours, column)) is not None
    ]
    return sorted(found, key=lambda one: -one.score)


def doubtful(columns: Sequence[Column]) -> list[str]:
    """Columns that are called like a needed date or number, with the values that are none."""
    told = {}
    for name, needs in NEEDS.items():
        for ours in {one for way in needs.ways for one in way if _TYPES[one] in ("date", "number")}:
            for column in columns:
                found = match(ours, column)
                if (
                    found
                    and found.score > 1
                    and column.filled
                    and not is_of_type(name, ours, column)
                ):
                    told[column.name] = _unlike(ours, column)
    return list(told.values())


def _unlike(ours: str, column: Column) -> str:
    if _TYPES[ours] == "date":
        return unread.described(ours, "date", column)
    shown = ", ".join(map(quoted, column.samples()))
    return (
        f"{quoted(column.name)} is called like {ours}, but its values are no {_TYPES[ours]}s (such"
        f" as {shown})"
    )


def likely(columns: Sequence[Column]) -> list[str]:
    """The inputs of which every needed column can be told by its name.

    Sums beside a beginning and an end may be those of contracts, whatever they are called.
    """
    found = [
        name
        for name, needs in NEEDS.items()
        if any(way and all(matches(name, ours, columns) for ours in way) for way in needs.ways)
    ]
    called = [matches("subscriptions", ours, columns) for ours in ("started", "ended")]
    if found == ["transactions"] and all(one and one[0].score > 1 for one in called):
        return ["transactions", "subscriptions"]
    return found


def lacking(name: str, columns: Sequence[Column]) -> list[str]:
    """What an input needs and no column is called like, in the way that the file is closest to."""
    ways = [[ours for ours in way if not matches(name, ours, columns)] for way in NEEDS[name].ways]
    return min(ways, key=len)


def possible(columns: Sequence[Column]) -> list[str]:
    """The inputs for which the file has columns of the needed types, whatever they are called."""
    return [
        name
        for name, needs in NEEDS.items()
        if any(way and _enough(name, way, columns) for way in needs.ways)
    ]


def _enough(name: str, way: Sequence[str], columns: Sequence[Column]) -> bool:
    fitting = {ours: [one for one in columns if is_of_type(name, ours, one)] for ours in way}
    return len(columns) >= len(way) and all(fitting.values())


def described(columns: Sequence[Column]) -> str:
    shown = ", ".join(quoted(column.name) for column in columns[:_SHOWN])
    return shown + (", ..." if len(columns) > _SHOWN else "")


@dataclass
class _Told:
    """What is known of the columns so far: which are which, why, and what is settled.

    `settled`: our columns that are mapped, asked about, or not to be had.
    """

    mapped: dict[str, Column] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    @property
    def refused(self) -> set[str]:
        return self.settled - self.mapped.keys()


def map_columns(name: str, columns: Sequence[Column], draft: Draft) -> dict[str, Column]:
    """Canonical column -> column of the file; what cannot be told is asked."""
    told = _given(name, columns, draft)
    way = _way(name, columns, told)
    for ours in told.refused:
        for score in (3, 2):
            draft.unread |= {one.name for one in _unread(name, ours, columns, score)}
    _by_name(name, columns, way, told, draft)
    if "amount" in told.mapped and "columns.amount" not in draft.given:
        _ask_pieces(name, columns, told.mapped["amount"], draft)
    if "date" in NEEDS[name].may and "date" not in told.settled:
        dated = [one for one in _full_dates(columns) if one not in told.mapped.values()]
        if dated:
            _ask(name, "date", dated, draft, needed=False)
    _by_type(name, columns, way, told, draft)
    order = [column.name for column in contracts.CONTRACTS[name].columns]
    for ours in sorted(told.mapped, key=order.index):
        column = told.mapped[ours]
        several = f", {len(column.counts):,} different values" if ours.endswith("_id") else ""
        draft.write(("columns", ours), column.name, told.reasons[ours] + several)
    return told.mapped


def _by_name(
    name: str, columns: Sequence[Column], way: Sequence[str], told: _Told, draft: Draft
) -> None:
    """Map the columns that are called like ours, the closest names first, or ask."""
    wanted = [one for one in (*way, *NEEDS[name].may) if one not in told.settled]
    for score in (3, 2, 1):
        for ours in (one for one in wanted if one not in told.settled):
            free = [
                one
                for one in matches(name, ours, columns)
                if one.score == score and one.column not in told.mapped.values()
            ]
            if not free and _ask_unread(name, ours, columns, score, draft, needed=ours in way):
                told.settled.add(ours)
                continue
            # A word of the name alone is enough only for what is needed.
            if not free or (score == 1 and ours not in way):
                continue
            rivals = _rivals(name, ours, free[0], columns) if len(free) == 1 else []
            if len(free) == 1 and not rivals and ours not in _ASKED:
                told.mapped[ours], told.reasons[ours] = free[0].column, free[0].reason
            else:
                offered = [*(one.column for one in free), *rivals]
                _ask(name, ours, offered, draft, needed=ours in way)
            told.settled.add(ours)


def _by_type(
    name: str, columns: Sequence[Column], way: Sequence[str], told: _Told, draft: Draft
) -> None:
    """Ask for what is needed and no name tells, among the columns of its type."""
    lacks_metric = name == "feedback" and not told.settled & {*contracts.METRICS}
    metrics = contracts.METRICS if lacks_metric else ()
    for ours in (one for one in metrics or way if one not in told.settled):
        fitting = [
            column
            for column in columns
            if column not in told.mapped.values() and is_of_type(name, ours, column)
        ]
        fitting = [one for one in fitting if _is_likely(ours, one)] or fitting
        if not fitting:
            kind = _TYPE_NAMES[_TYPES[ours]]
            doubts = "".join(f" {one}." for one in doubtful(columns))
            raise NotProposedError(
                f"[{name}] needs {ours}, and the file has no {kind} for it; it has"
                f" {described(columns)}.{doubts}"
            )
        _ask(name, ours, fitting, draft, needed=not metrics)


def _is_likely(ours: str, column: Column) -> bool:
    """Whether a column of the right type may be meant, for all that its name does not say so."""
    if ours.endswith("_id"):
        is_measured = column.is_number and any(map(_FRACTION.search, column.counts))
        return len(column.counts) > _FEW_IDS and not column.dates and not is_measured
    return _TYPES[ours] != "number" or not naming.is_address(column)


def _given(name: str, columns: Sequence[Column], draft: Draft) -> _Told:
    """The columns that were named, or said not to be in the file."""
    by_name = {column.name: column for column in columns}
    told = _Told()
    for column in contracts.CONTRACTS[name].columns:
        key = f"columns.{column.name}"
        given = draft.take(key)
        if given is None:
            continue
        told.settled.add(column.name)
        if given and given not in by_name:
            raise NotProposedError(
                f"{key} = {quoted(given)}: the file has no such column; it has"
                f" {described(columns)}."
            )
        if given:
            told.mapped[column.name], told.reasons[column.name] = by_name[given], draft.reason(key)
    return told


def _way(name: str, columns: Sequence[Column], told: _Told) -> tuple[str, ...]:
    """The set of needed columns that the file has most of, by what is given and by names."""

    def had(way: tuple[str, ...]) -> tuple[int, int, bool]:
        called = [ours for ours in way if ours not in told.mapped and matches(name, ours, columns)]
        # Where no name tells, two columns of days are a beginning and an end.
        has_days = "started" in way and len(_full_dates(columns)) > 1
        return sum(ours in told.mapped for ours in way), len(called) - len(way), has_days

    ways = [way for way in NEEDS[name].ways if not told.refused & {*way}] or NEEDS[name].ways
    return max(ways, key=had)


def _full_dates(columns: Sequence[Column]) -> list[Column]:
    """The columns of whole dates, in all rows but a few, that are no days of birth.

    Numbers for days may be anything else.
    """
    found = []
    for column in columns:
        nearly = days.closest(column.counts) if column.is_nearly_dates else None
        written = column.dates[0] if column.dates else nearly
        if written and written.date_format != engine.EXCEL and not naming.is_birth(column):
            found.append(column)
    return found


def _rivals(name: str, ours: str, found: Match, columns: Sequence[Column]) -> list[Column]:
    """Further columns that may be meant as well as the only one that is called so."""
    if ours == "customer_id":
        return naming.customers_beside(found.column, columns)
    if ours == "currency":
        others = (one for one in columns if one is not found.column and is_of_type(name, ours, one))
        return [one for one in others if match(ours, one)]
    if ours == "date" and naming.is_any_day(found):
        return [
            one
            for one in _full_dates(columns)
            if one is not found.column and not naming.is_of_another_kind(ours, one)
        ]
    return []


def _unread(name: str, ours: str, columns: Sequence[Column], score: int) -> list[Column]:
    """The columns called like one of ours as closely as `score`, and not of its type."""
    return [
        column
        for column in columns
        if not is_of_type(name, ours, column)
        and (called := match(ours, column)) is not None
        and called.score == score
        and unread.is_told(_TYPES[ours], column, score)
    ]


def _ask_unread(
    name: str, ours: str, columns: Sequence[Column], score: int, draft: Draft, *, needed: bool
) -> bool:
    """Ask about a column that is called like one of ours, and whose cells are none."""
    found = _unread(name, ours, columns, score)
    if not found:
        return False
    draft.unread |= {column.name for column in found}
    answers = [_offered(ours, one.column) for one in matches(name, ours, columns)]
    if not needed or name == "feedback":
        answers.append(Answer("", f"leave {ours} out"))
    text = " ".join(f"{unread.described(ours, _TYPES[ours], column)}." for column in found)
    draft.questions.append(Question(f"columns.{ours}", text, tuple(answers)))
    return True


def _ask_pieces(name: str, columns: Sequence[Column], column: Column, draft: Draft) -> None:
    """Ask whether a small whole amount beside a price is money, or how many pieces."""
    found = column.whole_numbers
    beside = [
        one.column
        for one in matches(name, "unit_price", columns)
        if one.column is not column and one.score > 1
    ]
    if not found or max(found) > _MOST_PIECES or not beside or matches(name, "quantity", columns):
        return
    theirs, price = quoted(column.name), quoted(beside[0].name)
    answers = (
        Answer(column.name, "sums of money"),
        Answer(
            "",
            f"pieces: give --option columns.amount={price} where that is the price of all of them;"
            f" where it is that of one, --option columns.quantity={theirs} and --option"
            f" columns.unit_price={price}",
        ),
    )
    text = (
        f"{theirs} holds whole numbers up to {max(found)} alone, and {price} stands beside it:"
        " are they sums of money, or pieces?"
    )
    draft.questions.append(Question("columns.amount", text, answers))


def _offered(ours: str, column: Column) -> Answer:
    is_id = ours.endswith("_id")
    several = f"{len(column.counts):,} different, " if is_id else ""
    shown = ", ".join(map(quoted, column.samples(masked=is_id)))
    return Answer(column.name, f"{several}such as {shown}")


def _ask(name: str, ours: str, columns: Sequence[Column], draft: Draft, *, needed: bool) -> None:
    answers = [_offered(ours, column) for column in columns[:_SHOWN]]
    if not needed:
        answers.append(Answer("", "none of them"))
    help_text = next(
        column.help for column in contracts.CONTRACTS[name].columns if column.name == ours
    )
    draft.questions.append(
        Question(f"columns.{ours}", f"Which column is {ours} ({help_text})?", tuple(answers))
    )
