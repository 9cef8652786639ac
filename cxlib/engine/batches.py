"""A batch of rows handed to a function of pandas frames and taken back."""

from collections.abc import Callable

import pandas as pd
import pyarrow


def mapped(batch: pyarrow.Table, function: Callable[[pd.DataFrame], pd.DataFrame]) -> pyarrow.Table:
    """What `function` makes of the rows, with no trace of pandas in the schema."""
    made = function(batch.to_pandas(date_as_object=False))
    return pyarrow.Table.from_pandas(made, preserve_index=False).replace_schema_metadata()
