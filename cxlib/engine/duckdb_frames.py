"""Lazy frames of DuckDB over staged and canonical tables."""

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import duckdb
import narwhals as nw
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


def numbered(path: Path, name: str) -> nw.LazyFrame:
    relation = connection().sql(
        f"SELECT file_row_number + 1 AS {name}, * EXCLUDE file_row_number FROM {parquet_rows(path)}"
    )
    return nw.from_native(relation)


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
