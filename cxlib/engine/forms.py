"""How a file is written, as its description says: what a file cannot say of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Form:
    """How the file of an entry is written.

    Of text files: `encoding`, `delimiter`, `skip_lines` (lines before the header). Of workbooks:
    `sheet`, its name, and `skip_lines`. Of databases: `table` or `query`. Of values: `decimal` and
    `thousands`, the marks in numbers; `calendar` of the dates, "gregorian" or "jalali".
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    skip_lines: int = 0
    sheet: str = ""
    table: str = ""
    query: str = ""
    decimal: str = "."
    thousands: str = ""
    calendar: str = "gregorian"

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Form":
        return cls(**{one.name: entry[one.name] for one in fields(cls) if one.name in entry})
