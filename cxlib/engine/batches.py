"""A batch of rows handed to a function of pandas frames and taken back."""

from collections.abc import Callable

import pandas as pd
import pyarrow


def mapped(batch: pyarrow.Table, function: Callable[[pd.DataFrame], pd.DataFrame]) -> pyarrow.Table:
    """What `function` makes of the rows, with no trace of pandas in the schema."""
    made = function(batch.to_pandas(date_as_object=False))
    return arrow(made).replace_schema_metadata()


def arrow(frame: pd.DataFrame) -> pyarrow.Table:
    """A frame without its index, times to the microsecond: Spark takes no other unit."""
    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    return table.cast(pyarrow.schema([*map(_in_microseconds, table.schema)], table.schema.metadata))


def _in_microseconds(field: pyarrow.Field) -> pyarrow.Field:
    is_time = pyarrow.types.is_timestamp(field.type)
    return field.with_type(pyarrow.timestamp("us", field.type.tz)) if is_time else field
