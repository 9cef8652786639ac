"""Lazy frames over staged and canonical tables."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import cast

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow
import pyarrow.parquet

from cxlib.engine.casting import is_mark
from cxlib.engine.connection import connection, parquet_rows, prepare_for, workspace

ROW = "__row"

_BATCH_ROWS = 250_000  # of some 20 columns: a few hundred MB with what a model makes of them


def staged(path: Path) -> nw.LazyFrame:
    """The staged table as a lazy frame, with the number of each row, from 1, in column ROW."""
    relation = connection().sql(
        f"SELECT file_row_number + 1 AS {ROW}, * EXCLUDE file_row_number FROM {parquet_rows(path)}"
    )
    return nw.from_native(relation)


def canonical(path: Path) -> nw.LazyFrame:
    """A canonical Parquet file as a lazy frame; frames of one process can be joined.

    A file that is as it was staged has the marks of its cells besides, which are left out.
    """
    frame = held(path)
    names = frame.collect_schema().names()
    return frame.select(*(name for name in names if not is_mark(name)))


def held(path: Path) -> nw.LazyFrame:
    """All columns of a Parquet file as a lazy frame."""
    prepare_for(path)
    return nw.from_native(
        connection().sql(f"SELECT * EXCLUDE file_row_number FROM {parquet_rows(path)}")
    )


def lend(frame: pd.DataFrame) -> nw.LazyFrame:
    """A small frame as a lazy one that the canonical frames of this process can be joined with.

    Its index is left out; a missing value is null.
    """
    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    return nw.from_native(connection().from_arrow(table))


def keep(frame: nw.LazyFrame) -> nw.LazyFrame:
    """The same rows, computed once and held on disk while the process lives."""
    path = workspace() / f"{uuid.uuid4().hex}.parquet"
    write(frame, path)
    return held(path)


def map_batches(
    frame: nw.LazyFrame,
    function: Callable[[pd.DataFrame], pd.DataFrame],
    rows: int = _BATCH_ROWS,
) -> nw.LazyFrame:
    """What `function` makes of the rows, a batch of at most `rows` after another.

    Never all in memory: the results are held on disk while the process lives. A frame without rows
    is one empty batch. All batches give the columns and types of the first.
    """
    path = workspace() / f"{uuid.uuid4().hex}.parquet"
    reader = cast(duckdb.DuckDBPyRelation, frame.to_native()).to_arrow_reader(rows)
    batches = (pyarrow.Table.from_batches([batch]) for batch in reader)
    first = _mapped(next(batches, reader.schema.empty_table()), function)
    with pyarrow.parquet.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for batch in batches:
            writer.write_table(_mapped(batch, function).cast(first.schema))
    return held(path)


def _mapped(
    batch: pyarrow.Table, function: Callable[[pd.DataFrame], pd.DataFrame]
) -> pyarrow.Table:
    made = function(batch.to_pandas(date_as_object=False))
    return pyarrow.Table.from_pandas(made, preserve_index=False).replace_schema_metadata()


def write(frame: nw.LazyFrame, path: Path) -> None:
    """Write a lazy frame to a Parquet file, in the order of its rows."""
    frame.sink_parquet(path)
