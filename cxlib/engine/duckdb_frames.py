"""Lazy frames of DuckDB over staged and canonical tables."""

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import duckdb
import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow
import pyarrow.parquet

from cxlib.engine.batches import mapped
from cxlib.engine.connection import (
    connection,
    identifier,
    literal,
    parquet_rows,
    prepare_for,
    workspace,
)


def numbered(path: Path, name: str, every: int) -> nw.LazyFrame:
    rows = f"file_row_number + 1 AS {name}, * EXCLUDE file_row_number FROM {parquet_rows(path)}"
    # Of a filter that stands here, and on no computed column, the rest of a row is not read.
    some = f" WHERE file_row_number % {every} = {every - 1}" if every > 1 else ""
    return nw.from_native(connection().sql(f"SELECT {rows}{some}"))


def held(path: Path) -> nw.LazyFrame:
    prepare_for(path)
    return nw.from_native(
        connection().sql(f"SELECT * EXCLUDE file_row_number FROM {parquet_rows(path)}")
    )


def lend(table: pyarrow.Table) -> nw.LazyFrame:
    return nw.from_native(connection().from_arrow(table))


def keep(frame: nw.LazyFrame) -> nw.LazyFrame:
    path = workspace() / f"{uuid.uuid4().hex}.parquet"
    write(frame, path)
    return held(path)


def array(frame: nw.LazyFrame, name: str) -> npt.NDArray[Any]:
    relation = cast(duckdb.DuckDBPyRelation, frame.select(name).to_native())
    # A third of the time of a way over Arrow, and no second copy.
    return np.asarray(relation.fetchnumpy()[name])


def unpivot(frame: nw.LazyFrame, columns: Sequence[str], keys: Sequence[str]) -> nw.LazyFrame:
    kept = "".join(f"{identifier(key)}, " for key in keys)
    names = ", ".join(map(literal, columns))
    values = ", ".join(map(identifier, columns))
    relation = cast(duckdb.DuckDBPyRelation, frame.to_native())
    return nw.from_native(
        relation.project(f'{kept}unnest([{names}]) AS "column", unnest([{values}]) AS "value"')
    )


def map_batches(
    frame: nw.LazyFrame, function: Callable[[pd.DataFrame], pd.DataFrame], rows: int
) -> nw.LazyFrame:
    path = workspace() / f"{uuid.uuid4().hex}.parquet"
    reader = cast(duckdb.DuckDBPyRelation, frame.to_native()).to_arrow_reader(rows)
    batches = (pyarrow.Table.from_batches([batch]) for batch in reader)
    first = mapped(next(batches, reader.schema.empty_table()), function)
    with pyarrow.parquet.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for batch in batches:
            writer.write_table(mapped(batch, function).cast(first.schema))
    return held(path)


def write(frame: nw.LazyFrame, path: Path) -> None:
    frame.sink_parquet(path)


def export(frame: nw.LazyFrame, path: Path) -> None:
    frame.sink_parquet(path)


def each(function: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
    return [function(task) for task in tasks]
