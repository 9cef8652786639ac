"""Files in, canonical Parquet out, lazy frames in between: DuckDB inside the process, or Spark.

The only package that knows which engine it is. A file is opened as columns of text, the order of
its rows is kept, each wanted column is cast to its type, and a text that is not of the type
becomes a null marked as such: the engine never drops or mends a value without a mark.

| file | concept |
|---|---|
| `connection` | the one connection of a process, its settings, SQL literals |
| `scratch` | folders of files for the time being |
| `forms` | how a file is written: what only its description can say |
| `opening` | an input opened, each kind in its way |
| `files` | opened text and Parquet: names and types of columns |
| `letters` | letters, digits and marks that look alike, folded into one |
| `jalali` | days of the Jalali calendar |
| `casting` | how a column of a file becomes a canonical one |
| `workbooks`, `sheet_xml`, `databases`, `cells` | what is extracted into Parquet first |
| `errors` | what is said of an input that is no table |
| `folders` | several Parquet files that are one table |
| `readings` | a column read in several ways |
| `text` | text files of any encoding as plain UTF-8; `encodings`: of which one they are |
| `blocks`, `structure`, `quotes`, `spoilt` | the records of a text file told apart strictly |
| `staging` | a file cast into Parquet, with what could not be taken |
| `places` | where rows stand in their file |
| `choice` | which engine computes |
| `frames` | lazy frames over staged and canonical tables, of the engine that was chosen |
| `duckdb_frames`, `spark_frames` | those of each engine; `batches`: rows that go through Python |
| `spark_session`, `spark_gaps` | the session of a process; what narwhals lacks for Spark |
"""

from cxlib.engine.blocks import Rejected
from cxlib.engine.casting import (
    AS_FOUND,
    CONVERTED,
    DIGITS,
    EXCEL,
    FINGERPRINT,
    INVISIBLE,
    LETTERS,
    MISSING_CODE,
    NO_DATE,
    NO_DATES,
    NOT_OF_TYPE,
    TRIMMED,
    ZONE,
    Cast,
    ColumnType,
    has_time,
    has_zone,
    state,
    valid_date_format,
)
from cxlib.engine.choice import Engine, EngineError, asked_by_environment
from cxlib.engine.connection import workspace
from cxlib.engine.databases import BY_NAME, query_problem
from cxlib.engine.errors import IN_ENTRY, UnreadableFileError
from cxlib.engine.files import ZONED, File
from cxlib.engine.folders import content_hash as folder_hash
from cxlib.engine.forms import Form
from cxlib.engine.frames import (
    ROW,
    array,
    canonical,
    export,
    held,
    in_use,
    keep,
    lend,
    map_batches,
    on_this_machine,
    staged,
    unpivot,
    use,
    write,
)
from cxlib.engine.jalali import unknown_codes as unknown_jalali_codes
from cxlib.engine.letters import as_label, folded
from cxlib.engine.opening import open_file
from cxlib.engine.places import end, locate
from cxlib.engine.readings import Readings, readings
from cxlib.engine.scratch import scratch
from cxlib.engine.staging import Staging, stage
from cxlib.engine.text import valid_encoding

__all__ = [
    "AS_FOUND",
    "BY_NAME",
    "CONVERTED",
    "DIGITS",
    "EXCEL",
    "FINGERPRINT",
    "INVISIBLE",
    "IN_ENTRY",
    "LETTERS",
    "MISSING_CODE",
    "NOT_OF_TYPE",
    "NO_DATE",
    "NO_DATES",
    "ROW",
    "TRIMMED",
    "ZONE",
    "ZONED",
    "Cast",
    "ColumnType",
    "Engine",
    "EngineError",
    "File",
    "Form",
    "Readings",
    "Rejected",
    "Staging",
    "UnreadableFileError",
    "array",
    "as_label",
    "asked_by_environment",
    "canonical",
    "end",
    "export",
    "folded",
    "folder_hash",
    "has_time",
    "has_zone",
    "held",
    "in_use",
    "keep",
    "lend",
    "locate",
    "map_batches",
    "on_this_machine",
    "open_file",
    "query_problem",
    "readings",
    "scratch",
    "stage",
    "staged",
    "state",
    "unknown_jalali_codes",
    "unpivot",
    "use",
    "valid_date_format",
    "valid_encoding",
    "workspace",
    "write",
]
