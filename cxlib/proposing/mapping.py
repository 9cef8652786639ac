"""Which input a file is, and which of its columns is which of ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxlib import contracts
from cxlib.proposing.columns import Column
from cxlib.proposing.drafts import Draft
from cxlib.proposing.naming import Match, match
from cxlib.proposing.questions import Answer, NotProposedError, Question, quoted

_SHOWN = 12


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
        return (column.is_number or column.is_nearly_numbers) and not column.typed
    if kind == "date":
        found = column.months if name in _PERIODIC else column.dates
        return column.filled > 0 and (bool(found) or column.is_nearly_dates)
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
                if found and found.score > 1 and not is_of_type(name, ours, column):
                    shown = ", ".join(map(quoted, column.samples()))
                    told[column.name] = (
                        f"{quoted(column.name)} is called like {ours}, but its values are no"
                        f" {_TYPES[ours]}s (such as {shown})"
                    )
    return list(told.values())


def likely(columns: Sequence[Column]) -> list[str]:
    """The inputs of which every needed column can be told by its name."""
    return [
        name
        for name, needs in NEEDS.items()
        if any(way and all(matches(name, ours, columns) for ours in way) for way in needs.ways)
    ]


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


def map_columns(name: str, columns: Sequence[Column], draft: Draft) -> dict[str, Column]:
    """Canonical column -> column of the file; what cannot be told is asked."""
    mapped, reasons, settled = _given(name, columns, draft)
    way = _way(name, columns, mapped)
    wanted = [one for one in (*way, *NEEDS[name].may) if one not in settled]
    for score in (3, 2, 1):
        for ours in (one for one in wanted if one not in settled):
            free = [
                one
                for one in matches(name, ours, columns)
                if one.score == score and one.column not in mapped.values()
            ]
            # A word of the name alone is enough only for what is needed.
            if not free or (score == 1 and ours not in way):
                continue
            if len(free) == 1:
                mapped[ours], reasons[ours] = free[0].column, free[0].reason
            else:
                _ask(ours, [one.column for one in free], draft, needed=ours in way)
            settled.add(ours)
    metrics = contracts.METRICS if name == "feedback" and not settled & {*contracts.METRICS} else ()
    for ours in (one for one in metrics or way if one not in settled):
        fitting = [
            column
            for column in columns
            if column not in mapped.values() and is_of_type(name, ours, column)
        ]
        if not fitting:
            kind = _TYPE_NAMES[_TYPES[ours]]
            raise NotProposedError(
                f"[{name}] needs {ours}, and the file has no {kind} for it; it has"
                f" {described(columns)}."
            )
        _ask(ours, fitting, draft, needed=not metrics)
    order = [column.name for column in contracts.CONTRACTS[name].columns]
    for ours in sorted(mapped, key=order.index):
        column = mapped[ours]
        several = f", {len(column.counts):,} different values" if ours.endswith("_id") else ""
        draft.write(("columns", ours), column.name, reasons[ours] + several)
    return mapped


def _given(
    name: str, columns: Sequence[Column], draft: Draft
) -> tuple[dict[str, Column], dict[str, str], set[str]]:
    """The columns that were named, the reasons, and what is settled: named, or not to be had."""
    by_name = {column.name: column for column in columns}
    mapped: dict[str, Column] = {}
    reasons: dict[str, str] = {}
    settled = set()
    for column in contracts.CONTRACTS[name].columns:
        key = f"columns.{column.name}"
        given = draft.take(key)
        if given is None:
            continue
        settled.add(column.name)
        if given and given not in by_name:
            raise NotProposedError(
                f"{key} = {quoted(given)}: the file has no such column; it has"
                f" {described(columns)}."
            )
        if given:
            mapped[column.name], reasons[column.name] = by_name[given], draft.reason(key)
    return mapped, reasons, settled


def _way(name: str, columns: Sequence[Column], mapped: dict[str, Column]) -> tuple[str, ...]:
    """The set of needed columns that the file has most of, by what is given and by names."""

    def had(way: tuple[str, ...]) -> tuple[int, int]:
        called = [ours for ours in way if ours not in mapped and matches(name, ours, columns)]
        return sum(ours in mapped for ours in way), len(called) - len(way)

    return max(NEEDS[name].ways, key=had)


def _ask(ours: str, columns: Sequence[Column], draft: Draft, *, needed: bool) -> None:
    masked = ours.endswith("_id")
    answers = [
        Answer(column.name, "such as " + ", ".join(map(quoted, column.samples(masked=masked))))
        for column in columns[:_SHOWN]
    ]
    if not needed:
        answers.append(Answer("", "none of them"))
    help_text = next(
        column.help
        for contract in contracts.CONTRACTS.values()
        for column in contract.columns
        if column.name == ours
    )
    draft.questions.append(
        Question(f"columns.{ours}", f"Which column is {ours} ({help_text})?", tuple(answers))
    )
