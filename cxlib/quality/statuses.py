"""What is to be thought of each input, and of all of them: the answer in words."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxlib.inference import Estimate
from cxlib.quality.look import Looked

GOOD, DOUBTFUL, REFUSED = "good", "doubtful", "refused"
MOSTLY_MISSING = 0.5
_SHOWN = 3


@dataclass(frozen=True)
class Doubt:
    """Something to look at before the data are trusted. `kind` is the check that it fails."""

    input: str
    kind: str
    text: str


@dataclass(frozen=True)
class Statuses:
    """The status of each input and the doubts behind it.

    `table`: index `input`; status ("refused", "doubtful", "good"), `rows_read`, `rows`, `repairs`,
    `exclusions`, `warnings`, `errors` (how many the door told) and `doubts` (how many there are).
    """

    table: pd.DataFrame
    doubts: tuple[Doubt, ...]

    def of(self, kind: str) -> list[str]:
        """The doubts of a kind, each with its input."""
        return [f"{one.input}: {one.text}" for one in self.doubts if one.kind == kind]

    def told(self, kind: str, none: str) -> str:
        """The doubts of a kind as one sentence; `none` where there are none."""
        texts = self.of(kind)
        more = len(texts) - _SHOWN
        text = "; ".join(texts[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
        return f"{text}." if texts else none

    @property
    def sentence(self) -> str:
        """Whether the inputs can be used, and which cannot, or only with care."""
        names = {
            status: list(map(str, self.table.index[self.table["status"] == status]))
            for status in (REFUSED, DOUBTFUL, GOOD)
        }
        count, refused = len(self.table), len(names[REFUSED])
        if not refused:
            text = f"All {count} inputs can be used" if count > 1 else "The input can be used"
        elif refused < count:
            text = f"{count - refused} of {count} inputs can be used"
            text += f", not {', '.join(names[REFUSED])}"
        else:
            text = (
                f"None of {count} inputs can be used" if count > 1 else "The input cannot be used"
            )
        if names[DOUBTFUL]:
            text += f"; look first at {', '.join(names[DOUBTFUL])}"
        elif names[GOOD]:
            text += "; nothing in them is suspicious"
        return f"{text}."


def whole_count(value: float, n: int, *, level: float = 0.95) -> Estimate:
    """A figure counted in whole files, `n` things in all: without an interval, for nothing is
    estimated."""
    return Estimate(value, None, None, level, n, "a count of the whole file")


def statuses(
    door: Mapping[str, Mapping[str, object]],
    looked: Mapping[str, Looked],
    joins: pd.DataFrame,
    changed: pd.DataFrame,
) -> Statuses:
    """The status of each input.

    `door`: input -> what docs/schemas/check.schema.json says of it. `looked`: those that can be
    used. `joins` from `key_joins`, `changed`: the columns that `drift` says have changed. An input
    is "refused" where the door refuses it; "doubtful" where the door warns, a value is suspicious,
    rows of another input than transactions repeat others in all columns, days without rows are more
    than chance, a column is missing in more than half of the rows, ids agree with those of another
    input but for their writing, or a column has changed; else "good".
    """
    doubts: list[Doubt] = []
    for name, one in looked.items():
        doubts += [Doubt(name, "warning", text) for text in _warnings(door[name])]
        doubts += _doubts(name, one)
    for row in joins[joins["verdict"] == "none shared as written"].reset_index().itertuples():
        text = f"its ids are in {row.other} only when leading zeros and capitals are put aside"
        doubts.append(Doubt(str(row.input), "joins", text))
    for row in changed.reset_index().itertuples():
        text = f"{row.column} has changed since the earlier run ({row.verdict})"
        doubts.append(Doubt(str(row.input), "drift", text))
    table = pd.DataFrame(
        [
            {
                "input": name,
                "status": _status(name, told, doubts),
                "rows_read": told["rows_read"],
                "rows": told["rows"],
                **{kind: len(_found(told, kind)) for kind in _KINDS},
                "doubts": sum(one.input == name for one in doubts),
            }
            for name, told in door.items()
        ]
    )
    table = table.astype({"rows_read": "Int64", "rows": "Int64"}).set_index("input")
    return Statuses(table, tuple(doubts))


_PURCHASES = "transactions"
_KINDS = ("repairs", "exclusions", "warnings", "errors")


def _found(told: Mapping[str, object], kind: str) -> list[Mapping[str, object]]:
    found = told[kind]
    return found if isinstance(found, list) else []


def _warnings(told: Mapping[str, object]) -> list[str]:
    return [
        f"{one['text']} ({one['count']:,} rows)" if one["count"] else str(one["text"])
        for one in _found(told, "warnings")
    ]


def _status(name: str, told: Mapping[str, object], doubts: Sequence[Doubt]) -> str:
    if told["status"] == REFUSED:
        return REFUSED
    return DOUBTFUL if any(one.input == name for one in doubts) else GOOD


def _doubts(name: str, one: Looked) -> list[Doubt]:
    found = [
        Doubt(name, "suspicious", f"{row['column']}: {row['finding']}, in {_of(row)}")
        for row in one.suspicious.to_dict("records")
    ]
    found += [
        Doubt(name, "duplicates", f"{_of(row)} repeat another in all columns")
        for row in one.duplicates.filter(["all columns"], axis=0).to_dict("records")
        # What repeats of purchases are, the source has said, or the door has asked.
        if row["rows"] and name != _PURCHASES
    ]
    mostly = one.missing[one.missing["missing_rate"] > MOSTLY_MISSING].reset_index()
    found += [
        Doubt(name, "missing", f"{row['column']} is missing in {_of(row, 'missing')}")
        for row in mostly.to_dict("records")
        if not row["blank_means"]
    ]
    if one.coverage and one.coverage.gaps["beyond_chance"].any():
        found.append(Doubt(name, "coverage", one.coverage.sentence.rstrip(".")))
    return found


def _of(row: Mapping[Hashable, Any], figure: str = "rows") -> str:
    return f"{row[figure]:,} of {row['n']:,} rows"
