"""Lazy frames of Spark over staged and canonical tables."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import narwhals as nw
import numpy.typing as npt
import pandas as pd
import pyarrow
import pyarrow.parquet
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.pandas.types import from_arrow_schema

from cxlib.engine.batches import mapped
from cxlib.engine.connection import close

# Enough to know the types of what a function makes.
_FIRST_ROWS = 100
_PART = re.compile(r"^[0-9]+-([0-9]+)\.parquet$")
_BATCH_ROWS = "spark.sql.execution.arrow.maxRecordsPerBatch"


def numbered(path: Path, name: str, every: int) -> nw.LazyFrame:
    row = functions.col("_metadata.row_index") + 1
    if path.is_dir() and not all(_PART.search(one.name) for one in path.glob("*.parquet")):
        # Written by `write`: the rows have an order, and no place in a file.
        row = functions.monotonically_increasing_id() + 1
    elif path.is_dir():
        before = functions.regexp_extract("_metadata.file_name", _PART.pattern, 1)
        row = before.cast("long") + row
    rows = _read(path).select(row.alias(name), "*")
    return nw.from_native(rows.filter(functions.col(name) % every == 0) if every > 1 else rows)


def held(path: Path) -> nw.LazyFrame:
    return nw.from_native(_read(path))


def lend(table: pyarrow.Table) -> nw.LazyFrame:
    return nw.from_native(_session().createDataFrame(table))


def keep(frame: nw.LazyFrame) -> nw.LazyFrame:
    return nw.from_native(_kept(_native(frame)))


def array(frame: nw.LazyFrame, name: str) -> npt.NDArray[Any]:
    return _native(frame.select(name)).toArrow().column(0).to_numpy()


def unpivot(frame: nw.LazyFrame, columns: Sequence[str], keys: Sequence[str]) -> nw.LazyFrame:
    return nw.from_native(_native(frame).unpivot([*keys], [*columns], "column", "value"))


def map_batches(
    frame: nw.LazyFrame, function: Callable[[pd.DataFrame], pd.DataFrame], rows: int
) -> nw.LazyFrame:
    def made(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            table = mapped(pyarrow.Table.from_batches([batch]), function)
            yield from table.cast(first.schema).to_batches()

    # Computed once, though looked at twice.
    read = _kept(_native(frame))
    first = mapped(read.limit(_FIRST_ROWS).toArrow(), function)
    _session().conf.set(_BATCH_ROWS, rows)
    return nw.from_native(_kept(read.mapInArrow(made, from_arrow_schema(first.schema))))


def write(frame: nw.LazyFrame, path: Path) -> None:
    _native(frame).write.parquet(str(path))


def export(frame: nw.LazyFrame, path: Path) -> None:
    pyarrow.parquet.write_table(_native(frame).toArrow(), path)


def each(function: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
    def made(task: Any) -> Any:
        try:
            return function(task)
        finally:
            # A worker ends without being asked, and would leave its files.
            close()

    return _session().sparkContext.parallelize(tasks, len(tasks)).map(made).collect()


def _session() -> SparkSession:
    return SparkSession.builder.getOrCreate()


def _native(frame: nw.LazyFrame) -> DataFrame:
    return cast(DataFrame, frame.to_native())


def _read(path: Path) -> DataFrame:
    # In a name *, ?, [ and { would be patterns.
    return _session().read.parquet(re.sub(r"([\\*?\[\]{}])", r"\\\1", str(path)))


def _kept(frame: DataFrame) -> DataFrame:
    """The rows on the disks of the machines that made them: no folder is shared by all."""
    return frame.persist(StorageLevel.DISK_ONLY)
