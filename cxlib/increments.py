"""Histories kept up to date: a new file of transactions is added without reading the old ones.

What is kept is one row a customer, `purchases.customer_sums`, in a folder. `kept.json` says which
days are in it and names the Parquet file of the sums. It is replaced last and at once: whoever
reads the folder finds what was there before or what is there after, whole. Adding a day costs what
its rows and one row a customer cost, whatever the number of transactions before.

A day is added whole and once: a second file of the same day would count a customer's purchase day
twice, so it is refused.
"""

import contextlib
import datetime as dt
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from cxlib import engine, purchases
from cxlib.privacy import modes
from cxlib.tables import Table

SCHEMA = 1
_KEPT, _LOCK = "kept.json", ".lock"


class IncrementError(ValueError):
    """What is to be added does not go with what is kept; says why, and what to do."""


@dataclass(frozen=True)
class Kept:
    """What a folder keeps of the transactions added to it.

    `sums`: Parquet file (of a cluster a folder) with `purchases.customer_sums`. `first_day` to
    `complete_to`: the days it covers. `rows`: transactions that went in. `money`: column whose sums
    it has, "margin" where the tables have one. `attributes`, `currency`, `refunds`: as of every
    table. `gaps`: first and last of the days between two files of which none has a transaction.
    `inputs`: of each table its file and the hash of it.
    """

    sums: Path
    first_day: dt.date
    complete_to: dt.date
    rows: int
    money: str
    attributes: tuple[str, ...]
    currency: str
    refunds: str
    gaps: tuple[tuple[dt.date, dt.date], ...]
    inputs: tuple[dict[str, str], ...]


def rebuild(folder: str | Path, table: Table) -> Kept:
    """Keep in a folder what `table`, the input transactions, says, in place of what was there.

    Raises IncrementError when the refunds are "net", or there is no day in the table.
    """
    folder = Path(folder)
    modes.make_folder(folder)
    with _alone(folder):
        kept, sums = _of(table, _new_file(folder))
        engine.write(sums, kept.sums)
        _put(folder, kept)
        return kept


def add(folder: str | Path, table: Table) -> Kept:
    """Add the transactions of `table`, all of later days, to what a folder keeps.

    Exactly what `rebuild` makes of the old and the new transactions together. Only the table and
    the sums are read. What was checked of the table was checked within it: a `key` or a `fixed`
    attribute that breaks its rule across two files is not seen.
    Raises IncrementError when the folder keeps nothing; when rows of the table are of days that it
    covers; when currency, refunds, attributes or margins are others than before; and as `rebuild`.
    """
    folder = Path(folder)
    with _alone(folder):
        before = read(folder)
        new, sums = _of(table, _new_file(folder))
        _refuse_covered_days(before, new, table)
        _refuse_other_terms(before, new, table)
        day = dt.timedelta(days=1)
        silent = (before.complete_to + day, new.first_day - day)
        kept = Kept(
            sums=new.sums,
            first_day=before.first_day,
            complete_to=new.complete_to,
            rows=before.rows + new.rows,
            money=before.money,
            attributes=before.attributes,
            currency=before.currency,
            refunds=before.refunds,
            gaps=(*before.gaps, silent) if silent[0] <= silent[1] else before.gaps,
            inputs=(*before.inputs, *new.inputs),
        )
        merged = purchases.merged_sums(*_of_same_types(before, sums, table))
        engine.write(merged, kept.sums)
        _put(folder, kept)
        return kept


def read(folder: str | Path) -> Kept:
    """What a folder keeps. Raises IncrementError when it keeps nothing, or cannot be read."""
    path = Path(folder) / _KEPT
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("schema") != SCHEMA:
            raise ValueError("another version wrote it")
        return _from_json(told, path.parent)
    except FileNotFoundError:
        raise _nothing_kept(path.parent) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IncrementError(
            f"{path} cannot be read ({error}): rebuild the histories from all files."
        ) from error


def histories(kept: Kept) -> nw.LazyFrame:
    """The `purchases.purchase_histories` at `kept.complete_to`, one row a customer, lazily.

    Use it before the next table is added: the sums of before are taken away then.
    """
    sums = engine.held(kept.sums)
    return purchases.histories_of_sums(sums, kept.complete_to, kept.attributes)


def described(kept: Kept) -> str:
    """What is kept, in lines for a screen; the days that no file has are told."""
    customers = int(engine.held(kept.sums).select(nw.len()).collect().item())
    lines = [
        f"{kept.first_day} to {kept.complete_to}: customers {customers:,}, transactions"
        f" {kept.rows:,}, files {len(kept.inputs):,}"
    ]
    for first, last in kept.gaps:
        lines.append(f"{first} to {last}: no transaction. If a file is missing: rebuild from all.")
    return "\n".join(lines)


def _of(table: Table, sums: Path) -> tuple[Kept, nw.LazyFrame]:
    """What a table alone would leave in the file `sums`, and the rows for it."""
    if table.refunds == "net":
        raise IncrementError(
            f'{table.uri}: refunds = "net" takes a refund off an earlier day, which may stand in a'
            ' file that is not read again: declare refunds = "exclude", or reduce all at once.'
        )
    if table.period is None or table.complete_to is None:
        raise IncrementError(f"{table.uri}: no row with a day is left to add.")
    money = "margin" if "margin" in table.frame.collect_schema().names() else "amount"
    kept = Kept(
        sums=sums,
        first_day=table.period[0],
        complete_to=table.complete_to,
        rows=table.rows,
        money=money,
        attributes=table.attributes,
        currency=table.currency,
        refunds=table.refunds,
        gaps=(),
        inputs=({"uri": table.uri, "sha256": table.sha256},),
    )
    frame, until = table.frame, table.complete_to
    return kept, purchases.customer_sums(frame, until, money=money, attributes=table.attributes)


def _refuse_covered_days(before: Kept, new: Kept, table: Table) -> None:
    if new.first_day > before.complete_to:
        return
    covered = table.frame.filter(nw.col("date") <= nw.lit(before.complete_to))
    rows = int(covered.select(nw.len()).collect().item())
    raise IncrementError(
        f"{table.uri}, column date: rows of {before.complete_to} or before: {rows:,}, the first of"
        f" {new.first_day}; those days are kept already, and a day is added whole and once. Leave"
        " these rows out, or rebuild the histories from all files."
    )


def _refuse_other_terms(before: Kept, new: Kept, table: Table) -> None:
    for what in ("currency", "refunds", "attributes", "money"):
        old, now = getattr(before, what), getattr(new, what)
        if old != now:
            raise IncrementError(
                f"{table.uri}: {what} is {_shown(now)}, but {_shown(old)} in what is kept. Describe"
                " the file as those before it, or rebuild the histories from all files."
            )


def _of_same_types(
    before: Kept, new: nw.LazyFrame, table: Table
) -> tuple[nw.LazyFrame, nw.LazyFrame]:
    """The old and the new sums; an attribute without any value takes the type of the other."""
    frames = [engine.held(before.sums), new]
    for column, attribute in purchases.attribute_columns(before.attributes).items():
        types = [frame.collect_schema()[column] for frame in frames]
        if types[0] == types[1]:
            continue
        filled = [_has_values(frame, column) for frame in frames]
        if all(filled):
            kinds = ["text" if one == nw.String else "a number" for one in types]
            raise IncrementError(
                f"{table.uri}: the attribute {attribute} is {kinds[1]}, but {kinds[0]} in what is"
                " kept. Take it out of attributes, or rebuild the histories from all files."
            )
        usual = types[0] if filled[0] else types[1]
        frames = [frame.with_columns(nw.col(column).cast(usual)) for frame in frames]
    return frames[0], frames[1]


def _has_values(frame: nw.LazyFrame, column: str) -> bool:
    return bool(frame.select(nw.col(column).count()).collect().item())


def _shown(value: str | tuple[str, ...]) -> str:
    text = value if isinstance(value, str) else ", ".join(value)
    return repr(text) if text else "not given"


def _nothing_kept(folder: Path) -> IncrementError:
    return IncrementError(
        f"{folder} keeps no histories yet: rebuild them there, from all files so far."
    )


def _new_file(folder: Path) -> Path:
    return folder / f"sums-{uuid.uuid4().hex}.parquet"


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process change a folder; what it leaves of unfinished work is taken away."""
    if not folder.is_dir():
        raise _nothing_kept(folder)
    with (folder / _LOCK).open("w") as lock:
        modes.keep_private(folder / _LOCK)
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            _forget(folder)


def _put(folder: Path, kept: Kept) -> None:
    """Make `kept` what the folder keeps, whole or not at all."""
    # A cluster writes a folder.
    modes.keep_private_below(kept.sums)
    told = asdict(kept) | {"schema": SCHEMA, "sums": kept.sums.name}
    scratch = folder / f".{_KEPT}"
    scratch.write_text(json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8")
    modes.keep_private(scratch)
    os.replace(scratch, folder / _KEPT)


def _forget(folder: Path) -> None:
    """Take away the sums that are not the ones kept."""
    with contextlib.suppress(IncrementError):
        current = read(folder).sums
        for path in folder.glob("sums-*.parquet"):
            if path.is_dir() and path != current:
                shutil.rmtree(path)
            elif path != current:
                path.unlink()


def _from_json(told: dict[str, Any], folder: Path) -> Kept:
    day = dt.date.fromisoformat
    return Kept(
        **told
        | {
            "sums": folder / told["sums"],
            "first_day": day(told["first_day"]),
            "complete_to": day(told["complete_to"]),
            "attributes": tuple(told["attributes"]),
            "gaps": tuple((day(first), day(last)) for first, last in told["gaps"]),
            "inputs": tuple(told["inputs"]),
        }
    )
