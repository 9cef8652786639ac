"""DuckDB inside the process: files in, canonical Parquet out, lazy frames in between.

The only package that knows which engine it is. A file is opened as columns of text, the order of
its rows is kept, each wanted column is cast to its type, and a text that is not of the type
becomes a null marked as such: the engine never drops or mends a value without a mark.

| file | concept |
|---|---|
| `connection` | the one connection of a process, its settings, SQL literals |
| `forms` | how a file is written: what only its description can say |
| `files` | inputs opened: names and types of their columns |
| `casting` | how a column of a file becomes a canonical one |
| `workbooks`, `databases` | what is read into Parquet first |
| `staging` | a file cast into Parquet, with what could not be taken |
| `places` | where rows stand in their file |
| `frames` | lazy frames over staged and canonical tables |
"""

from cxlib.engine.casting import (
    AS_FOUND,
    MISSING_CODE,
    NOT_OF_TYPE,
    TRIMMED,
    Cast,
    ColumnType,
    state,
    valid_date_format,
)
from cxlib.engine.files import ZONED, File, UnreadableFileError, open_file
from cxlib.engine.forms import Form
from cxlib.engine.frames import ROW, canonical, keep, lend, map_batches, staged, write
from cxlib.engine.places import locate
from cxlib.engine.staging import Rejected, stage

__all__ = [
    "AS_FOUND",
    "MISSING_CODE",
    "NOT_OF_TYPE",
    "ROW",
    "TRIMMED",
    "ZONED",
    "Cast",
    "ColumnType",
    "File",
    "Form",
    "Rejected",
    "UnreadableFileError",
    "canonical",
    "keep",
    "lend",
    "locate",
    "map_batches",
    "open_file",
    "stage",
    "staged",
    "state",
    "valid_date_format",
    "write",
]
