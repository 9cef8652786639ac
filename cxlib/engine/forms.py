"""How a file is written, as its description says: what a file cannot say of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Form:
    """How the file of an entry is written.

    Of text files: `encoding`, `delimiter`, `skip_lines` (lines before the header). Of workbooks:
    `sheet`, its name, and `skip_lines`. Of databases: `table`, or `query` with `bind`, the values
    of its names. Of values: `decimal` and `thousands`, the marks in numbers; `calendar` of the
    dates, "gregorian" or "jalali".
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    skip_lines: int = 0
    sheet: str = ""
    table: str = ""
    query: str = ""
    bind: Mapping[str, Any] = field(default_factory=dict)
    decimal: str = "."
    thousands: str = ""
    calendar: str = "gregorian"

    @property
    def is_of_database(self) -> bool:
        return bool(self.table or self.query)

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Form":
        return cls(**{one.name: entry[one.name] for one in fields(cls) if one.name in entry})
