"""Ids under names that only the holder of a key can trace.

A pseudonym is a keyed hash (BLAKE2b, 64 bits) of an id: the same key gives the same id the same
name, so that a customer can be joined across tables, and without the key no id can be found by
trying. Each kind of id (customer_id, respondent_id, ...) has names of its own.
"""

import functools
import hashlib
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, Self

import narwhals as nw
import pandas as pd
import pyarrow.csv

from cxlib import engine

VARIABLE = "CX_PSEUDONYM_KEY"
# The columns of the canonical tables that tell one person, answer or purchase from another.
ID_COLUMNS = ("customer_id", "respondent_id", "response_id", "transaction_id")
PLAIN, CODED = "plain", "pseudonyms"
HOW_TO_FOLLOW = (
    f"Pseudonyms can be followed from one file to another only with one and the same key in"
    f" {VARIABLE} for both reports."
)
_LEAST_KEY_LETTERS = 16
_LEAST_DIFFERENT_LETTERS = 6
_DERIVED_FROM_ROWS = 10_000
_BYTES = 8
_PSEUDONYM = re.compile(r"(customer|respondent|response|transaction)-[0-9a-f]{16}")


class PseudonymKeyError(ValueError):
    """The key of the environment does not do, or ids are to be shown and there is no key."""


class Input(Protocol):
    """An input of a report, as `cxlib.tables.Table`."""

    @property
    def provenance(self) -> dict[str, Any]: ...
    @property
    def frame(self) -> nw.LazyFrame: ...


@dataclass(frozen=True)
class Pseudonyms:
    """How the ids of a report are shown.

    `key` makes the pseudonyms; b"" where there is none. `source`: where it is from: the
    environment, or the "inputs" of the report, then it holds for these files alone. `are_ids`: ids
    are shown as they are, as the sources file asks.
    """

    key: bytes = field(repr=False)
    source: Literal["environment", "inputs"]
    are_ids: bool

    @classmethod
    def of(cls, inputs: Sequence[Input]) -> Self:
        """The pseudonyms of a report, by its inputs, the one that it is about first.

        Ids stay as they are where every input declares ids = "plain". The key is that of the
        environment variable CX_PSEUDONYM_KEY, else it is derived from the rows of the first input:
        nobody who lacks the file can compute it. Raises PseudonymKeyError when the variable holds
        fewer than 16 characters, or fewer than 6 different ones.
        """
        are_ids = bool(inputs) and all(one.provenance.get("ids") == PLAIN for one in inputs)
        if key := environment_key():
            return cls(key, "environment", are_ids)
        return cls(b"" if are_ids or not inputs else _derived(inputs[0]), "inputs", are_ids)

    def names(self, kind: str, ids: Iterable[str]) -> list[str]:
        """The pseudonyms of ids of one kind, the name of their column, in their order.

        previous_customer_id and the like hold ids of customers and have the names of those.
        Raises ValueError for a column that holds no ids, PseudonymKeyError without a key.
        """
        if not kind.endswith("_id"):
            raise ValueError(f"{kind} is no kind of id, which end with _id: {ID_COLUMNS[0]}.")
        kind = next((one for one in ID_COLUMNS if kind.endswith(f"_{one}")), kind)
        if not self.key:
            raise PseudonymKeyError(
                f"Ids in {kind} cannot be shown under pseudonyms: there is no key. Set {VARIABLE},"
                " or name the inputs of the report in results.save."
            )
        person = kind.encode()
        if len(person) > hashlib.blake2b.PERSON_SIZE:
            person = hashlib.blake2b(person, digest_size=hashlib.blake2b.PERSON_SIZE).digest()
        keyed = hashlib.blake2b(digest_size=_BYTES, key=self.key, person=person)
        prefix, names = kind.removesuffix("_id") + "-", []
        for one in ids:
            hashed = keyed.copy()
            hashed.update(one.encode("utf-8", "surrogatepass"))
            names.append(prefix + hashed.hexdigest())
        return names

    def shown(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with its ids as they may be shown, its rows as they stand.

        Raises ValueError when two ids would share a pseudonym.
        """
        if self.are_ids:
            return frame
        return frame.assign(
            **{name: self._coded(name, frame[name]) for name in id_columns(frame.columns)}
        )

    def exported(self, frame: pd.DataFrame) -> pd.DataFrame:
        """As `shown`, in an order that does not tell the ids: that of `rank`, or of the pseudonyms.

        For a column of ids in order would say which pseudonym is whose.
        """
        names = id_columns(frame.columns)
        if self.are_ids or not names or "rank" in frame:
            return self.shown(frame)
        return self.shown(frame).sort_values(names, ignore_index=True, kind="stable")

    def export(self, table: Path, target: Path) -> None:
        """As `exported`, from one Parquet file to another, without holding its rows in memory."""
        frame = engine.on_this_machine(table)
        columns = frame.collect_schema().names()
        names = id_columns(columns)
        for name in names:
            ids = frame.select(name).filter(~nw.col(name).is_null()).unique()
            known = engine.map_batches(ids, functools.partial(self._known, name))
            counts = known.select(ids=nw.len(), names=nw.col("__pseudonym").n_unique())
            _require_distinct(name, *counts.collect("pyarrow").row(0))
            frame = frame.join(known, on=name, how="left").drop(name)
            frame = frame.rename({"__pseudonym": name})
        others = [name for name in columns if name not in names]
        order = ["rank"] if "rank" in columns else [*names, *others]
        frame.select(*columns).sort(*order).sink_parquet(target)

    def ids(self, known: nw.LazyFrame, kind: str = "customer_id") -> dict[str, str]:
        """Pseudonym -> id of everybody in a table: to find again whom an earlier report named."""
        found = known.select(kind).unique().collect("pyarrow").get_column(kind).to_list()
        ids = [one for one in found if one is not None]
        return dict(zip(self.names(kind, ids), ids, strict=True)) if self.key else {}

    def _coded(self, kind: str, column: pd.Series) -> pd.Series:
        codes, ids = pd.factorize(column.astype("str"))
        names = self.names(kind, ids)
        _require_distinct(kind, len(ids), len(set(names)))
        coded = pd.Series(names, dtype="str").reindex(codes)
        return coded.set_axis(column.index)

    def _known(self, kind: str, batch: pd.DataFrame) -> pd.DataFrame:
        ids = batch[kind].astype("str")
        return batch.assign(__pseudonym=pd.Series(self.names(kind, ids), dtype="str"))


def id_columns(columns: Iterable[str]) -> list[str]:
    """Those columns that hold ids: all that are called ..._id."""
    return [name for name in columns if name.endswith("_id")]


def are_pseudonyms(ids: Iterable[object]) -> bool:
    """Whether some of these ids look like pseudonyms of this module."""
    return any(_PSEUDONYM.fullmatch(str(one)) for one in ids)


def told(are_ids: bool) -> str:
    """How the ids of an input are shown, in a sentence."""
    if are_ids:
        return 'shown as they are where every input says ids = "plain": not for publication'
    if os.environ.get(VARIABLE):
        return f"pseudonyms, alike wherever the key of {VARIABLE} is the same"
    return f"pseudonyms, for this file alone: to follow customers to other files set {VARIABLE}"


def environment_key() -> bytes:
    """The key of the environment, b"" if none is set."""
    text = os.environ.get(VARIABLE, "")
    if text and len(text) < _LEAST_KEY_LETTERS:
        raise PseudonymKeyError(
            f"{VARIABLE} has {len(text)} characters, which can be guessed: give it a random text of"
            f" {_LEAST_KEY_LETTERS} or more, such as that of: openssl rand -hex 32"
        )
    if text and len(set(text)) < _LEAST_DIFFERENT_LETTERS:
        raise PseudonymKeyError(
            f"{VARIABLE} has {len(set(text))} different characters, which can be guessed: give it"
            " a random text, such as that of: openssl rand -hex 32"
        )
    if not text:
        return b""
    content = text.encode("utf-8", "surrogateescape")
    return hashlib.blake2b(content, digest_size=32, person=b"cx environment").digest()


def _derived(source: Input) -> bytes:
    """A key that only a holder of the rows can compute, another one for any other file."""
    rows = source.frame.head(_DERIVED_FROM_ROWS).collect("pyarrow").to_native()
    told_of_file = str(source.provenance.get("sha256", "")).encode()
    hashed = hashlib.blake2b(told_of_file, digest_size=32, person=b"cx derived")
    text = io.BytesIO()
    pyarrow.csv.write_csv(rows, text)
    hashed.update(text.getbuffer())
    return hashed.digest()


def _require_distinct(kind: str, ids: int, names: int) -> None:
    if names < ids:
        raise ValueError(f"{kind}: {ids:,} ids have {names:,} pseudonyms; set another {VARIABLE}.")
