"""Lazy frames over staged and canonical tables, of the engine that was chosen."""

import functools
import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import narwhals as nw
import numpy.typing as npt
import pandas as pd
import pyarrow

from cxlib.engine import duckdb_frames
from cxlib.engine.batches import arrow
from cxlib.engine.casting import is_mark
from cxlib.engine.choice import DUCKDB, Engine, chosen
from cxlib.engine.connection import memory_limit

ROW = "__row"

_BATCH_ROWS = 250_000  # of some 20 columns: a few hundred MB with what a model makes of them


_Task = TypeVar("_Task")
_Made = TypeVar("_Made")


class _Frames(Protocol):
    """What each engine's module of frames does."""

    def numbered(self, path: Path, name: str, every: int) -> nw.LazyFrame: ...
    def held(self, path: Path) -> nw.LazyFrame: ...
    def lend(self, table: pyarrow.Table) -> nw.LazyFrame: ...
    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame: ...
    def array(self, frame: nw.LazyFrame, name: str) -> npt.NDArray[Any]: ...
    def unpivot(
        self, frame: nw.LazyFrame, columns: Sequence[str], keys: Sequence[str]
    ) -> nw.LazyFrame: ...
    def map_batches(
        self, frame: nw.LazyFrame, function: Callable[[pd.DataFrame], pd.DataFrame], rows: int
    ) -> nw.LazyFrame: ...
    def write(self, frame: nw.LazyFrame, path: Path) -> None: ...
    def export(self, frame: nw.LazyFrame, path: Path) -> None: ...
    def each(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]: ...


_declared: object = ""


def use(declared: object) -> Engine:
    """Compute from now on with the engine of the environment, else with the `declared` one.

    `declared`: the key `engine` of a sources file, "" without one. Raises EngineError for an
    unknown engine, for one that is not installed, and for a memory limit that is none.
    """
    global _declared  # noqa: PLW0603 - one process has one engine, as it has one connection
    engine = chosen(declared)
    # Told here as well, with the other settings, and not first where rows are read.
    memory_limit()
    _declared = declared
    return engine


def in_use() -> Engine:
    return chosen(_declared)


def _frames() -> _Frames:
    """The module of frames of the engine in use."""
    engine = in_use()
    return duckdb_frames if engine.name == DUCKDB else _spark_frames(engine.master)


@functools.cache
def _spark_frames(master: str) -> _Frames:
    # Takes long to import, and most tables need no Spark.
    session = importlib.import_module("cxlib.engine.spark_session")
    session.start(master)
    return cast(_Frames, importlib.import_module("cxlib.engine.spark_frames"))


def _frames_of(frame: nw.LazyFrame) -> _Frames:
    """The module of frames of the engine that a frame is of."""
    return duckdb_frames if frame.implementation is nw.Implementation.DUCKDB else _frames()


def staged(path: Path, every: int = 1) -> nw.LazyFrame:
    """The staged table as a lazy frame, with the number of each row, from 1, in column ROW.

    A Parquet file, or a folder of files that are called as `part_name` says; of a folder that
    `write` made the numbers are distinct, and no more. `every`: of its rows those alone whose
    number this divides.
    """
    return _frames().numbered(path, ROW, every)


def part_name(number: int, rows_before: int) -> str:
    """The name of a file of a staged folder, which says how many rows stand in those before it."""
    return f"{number:06}-{rows_before}.parquet"


def each(function: Callable[[_Task], _Made], tasks: Sequence[_Task]) -> list[_Made]:
    """What `function` makes of each task, in their order, on the machines of the engine in use."""
    return _frames().each(function, tasks) if tasks else []


def canonical(path: Path) -> nw.LazyFrame:
    """A canonical Parquet file as a lazy frame; frames of one process can be joined.

    A file that is as it was staged has the marks of its cells besides, which are left out.
    """
    frame = held(path)
    names = frame.collect_schema().names()
    return frame.select(*(name for name in names if not is_mark(name)))


def held(path: Path) -> nw.LazyFrame:
    """All columns of a Parquet file, or of a folder that `write` made, as a lazy frame."""
    return _frames().held(path)


def on_this_machine(path: Path) -> nw.LazyFrame:
    """All columns of a Parquet file as a lazy frame of this process, whichever engine computes."""
    return duckdb_frames.held(path)


def lend(frame: pd.DataFrame) -> nw.LazyFrame:
    """A small frame as a lazy one that the canonical frames of this process can be joined with.

    Its index is left out; a missing value is null.
    """
    return _frames().lend(arrow(frame))


def keep(frame: nw.LazyFrame) -> nw.LazyFrame:
    """The same rows, computed once and held on disk while the process lives."""
    return _frames_of(frame).keep(frame)


def array(frame: nw.LazyFrame, name: str) -> npt.NDArray[Any]:
    """A column of numbers without null in memory, in the order in which the engine has it."""
    return _frames_of(frame).array(frame, name)


def unpivot(frame: nw.LazyFrame, columns: Sequence[str], keys: Sequence[str]) -> nw.LazyFrame:
    """A row for each cell of some columns of one type: `keys`, `column` (its name) and `value`.

    Cells without a value are among them: the `unpivot` of narwhals leaves them out in some engines.
    """
    return _frames_of(frame).unpivot(frame, columns, keys)


def map_batches(
    frame: nw.LazyFrame,
    function: Callable[[pd.DataFrame], pd.DataFrame],
    rows: int = _BATCH_ROWS,
) -> nw.LazyFrame:
    """What `function` makes of the rows, a batch of at most `rows` after another.

    Never all in memory: the results are held on disk while the process lives. A frame without rows
    is one empty batch. All batches give the columns and types of the first.
    """
    return _frames_of(frame).map_batches(frame, function, rows)


def write(frame: nw.LazyFrame, path: Path) -> None:
    """Write a lazy frame as Parquet for `held`: one file in the order of its rows, or a folder.

    A folder where the engine has many machines, and then in no order.
    """
    _frames_of(frame).write(frame, path)


def export(frame: nw.LazyFrame, path: Path) -> None:
    """Write a lazy frame to one Parquet file of this machine, in the order of its rows."""
    _frames_of(frame).export(frame, path)
