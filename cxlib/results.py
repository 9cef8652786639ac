"""What a report proves: its measures, checks and tables, written as files.

Tests, the index page and later runs read these files and never a notebook's text. Nothing here
knows which analysis made a number.
"""

import dataclasses
import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import narwhals as nw
import pandas as pd
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

from cxlib import PROJECT, engine, workbook
from cxlib.formulas import FORMULA, GUARDED, guarded
from cxlib.privacy import modes
from cxlib.privacy.pseudonyms import Pseudonyms, id_columns

SCHEMA = 2
_BATCH_ROWS = 65_536

Better = Literal["higher", "lower", ""]


class Estimated(Protocol):
    """Anything that carries a number with its interval, sample size and method."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def level(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def method(self) -> str: ...


class Input(Protocol):
    """Anything that can say where its data came from, as a dict that JSON can hold.

    `frame` is its rows: from those of the first input the key of the pseudonyms is made where the
    environment has none.
    """

    @property
    def provenance(self) -> dict[str, Any]: ...
    @property
    def frame(self) -> nw.LazyFrame: ...


@dataclasses.dataclass(frozen=True)
class Measure:
    """A named number of a report with all that is needed to read it.

    `value` is None when it is suppressed, and the note (or the method) says why; `low` and `high`
    are None for a number that has no interval by nature, and `method` says which. `level` is a rate
    (.95), `better` says which direction is good ("" when neither), `digits` is for display only.
    `str()` gives the text for a sentence: "0.845 (95 % interval 0.836 to 0.854, n = 7,043)".
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    unit: str
    better: Better
    method: str
    note: str
    digits: int

    def __str__(self) -> str:
        return self._told(f", n = {self.n:,}")

    @property
    def without_n(self) -> str:
        """The same for a sentence that says in words how many it rests on."""
        return self._told("")

    @property
    def rounded_off(self) -> str:
        """To two digits for a headline: "about 68,000 (95 % interval 61,000 to 75,000)"."""
        if self.value is None or self.low is None or self.high is None:
            return self.without_n
        value, low, high = (_two_digits(x) for x in (self.value, self.low, self.high))
        number = f"about {value} {self.unit}".rstrip()
        return f"{number} ({100 * self.level:.4g} % interval {low} to {high})"

    def _told(self, n: str) -> str:
        if self.value is None:
            return f"suppressed: {self.note or self.method}"
        number = f"{self._rounded(self.value)} {self.unit}".rstrip()
        if self.low is None or self.high is None:
            return f"{number} (no interval: {self.method}{n})"
        interval = f"{self._rounded(self.low)} to {self._rounded(self.high)}"
        return f"{number} ({100 * self.level:.4g} % interval {interval}{n})"

    def _rounded(self, number: float) -> str:
        return f"{number:z,.{self.digits}f}"


def _two_digits(number: float) -> str:
    near = float(f"{number:.2g}")
    return f"{near:,.0f}" if abs(near) >= 10 else f"{near:g}"


def measure(
    name: str,
    estimate: Estimated,
    *,
    unit: str = "",
    better: Better = "",
    note: str = "",
    digits: int = 3,
) -> Measure:
    """Name an estimate, so that it can be told in a sentence and saved.

    Raises ValueError when the estimate is not finite, has one bound only, or does not say why its
    value or its interval is missing.
    """
    if better not in ("higher", "lower", ""):
        raise ValueError(f'{name}: better is "higher", "lower" or "", not {better!r}.')
    value, low, high = (
        None if number is None else float(number)
        for number in (estimate.value, estimate.low, estimate.high)
    )
    for part, number in (("value", value), ("low", low), ("high", high)):
        if number is not None and not math.isfinite(number):
            raise ValueError(f"{name}: {part} is {number}; a number that cannot be had is None.")
    if (low is None) != (high is None):
        raise ValueError(f"{name}: an interval has both bounds or none.")
    if value is None and not (note or estimate.method):
        raise ValueError(f"{name}: a suppressed value says why, in its note or method.")
    if low is None and not estimate.method:
        raise ValueError(f"{name}: a value without an interval says why, in its method.")
    return Measure(
        name=name,
        value=value,
        low=low,
        high=high,
        level=float(estimate.level),
        n=int(estimate.n),
        unit=unit,
        better=better,
        method=estimate.method,
        note=note,
        digits=digits,
    )


@dataclasses.dataclass(frozen=True)
class Check:
    """One question whether a report can be trusted, answered from its results.

    `name` is the question in a few words ("calibration"), `passed` is None where the check could
    not be made, and `text` says in a sentence what was found.
    """

    name: str
    passed: bool | None
    text: str


def inside(estimate: Estimated, least: float, most: float) -> bool | None:
    """Whether an estimate's interval lies between two bounds: a check of "about as it should be".

    False when it lies outside altogether; None when that is not settled: the interval reaches over
    a bound, or there is none.
    """
    if estimate.low is None or estimate.high is None:
        return None
    if least <= estimate.low and estimate.high <= most:
        return True
    return False if estimate.high < least or estimate.low > most else None


def all_inside(table: pd.DataFrame, least: float, most: float) -> bool | None:
    """`inside` of many: of each row of a table with columns low and high.

    True when all lie between the bounds, False when one surely lies outside, otherwise None; so
    too where there are no rows.
    """
    low, high = table["low"].astype(float), table["high"].astype(float)
    if (low > most).any() or (high < least).any():
        return False
    return True if len(table) and (low.ge(least) & high.le(most)).all() else None


def plain(text: object) -> str:
    """A text of the data made ready for a Markdown sentence, where it is shown as it stands.

    Every ASCII punctuation mark gets a backslash and all white space becomes a blank, so that no
    name or note of a file turns into a link, a picture or a heading.
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(str(text).split()))


def interval_texts(frame: pd.DataFrame, names: Sequence[str], *, digits: int = 2) -> pd.DataFrame:
    """Each of the columns with its interval as one text: "0.26 (0.22 to 0.30)".

    Reads `name`, `name`_low and `name`_high. A missing figure is blank, a missing interval left
    out.
    """
    texts = {}
    for name in names:
        rows = frame[[name, f"{name}_low", f"{name}_high"]].astype(float)
        texts[name] = [
            ""
            if math.isnan(value)
            else f"{value:z,.{digits}f}"
            if math.isnan(low) or math.isnan(high)
            else f"{value:z,.{digits}f} ({low:z,.{digits}f} to {high:z,.{digits}f})"
            for value, low, high in rows.itertuples(index=False)
        ]
    return pd.DataFrame(texts, index=frame.index)


def rounded(frame: pd.DataFrame, digits: int) -> pd.DataFrame:
    """The numbers of a frame as texts: fractions with so many `digits`, thousands set apart.

    Whole numbers stay whole, a missing one is blank; texts and flags stay as they are.
    """
    shown = frame.copy()
    for name in frame.select_dtypes("number"):
        whole = pd.api.types.is_integer_dtype(frame[name])
        places = 0 if whole else digits
        shown[name] = [
            "" if pd.isna(value) else f"{value:z,.{places}f}" for value in frame[name].tolist()
        ]
    return shown


def spoken(name: str) -> str:
    """The name of a column as a reader would say it."""
    return name.replace("_", " ")


def save(
    report: str,
    *,
    headline: str,
    measures: Iterable[Measure],
    tables: Mapping[str, pd.DataFrame | nw.LazyFrame],
    inputs: Iterable[Input],
    checks: Iterable[Check] = (),
    output_dir: str | Path = "",
) -> Path:
    """Write results.json, tables/<name>.csv and .parquet, and <report>.xlsx; return their folder.

    `headline` is the answer in one plain sentence, the first of `measures` the number it is about.
    docs/schemas/results.schema.json describes results.json. An empty `output_dir` means
    reports/interactive/<report> in the project; a relative one counts from the working directory.
    Nobody but their owner can read the files. Everything is written aside first and results.json
    is put in place last: where there is a results.json, it and its tables are whole and belong
    together. In the CSV files a text that a spreadsheet would take for a formula is guarded by an
    apostrophe; the Parquet files hold the values as they are. A frame's index becomes columns
    unless it is a plain count of rows; a lazy frame goes to its files without ever being held in
    memory, in the order of its rows. Columns of ids hold pseudonyms unless every input declares ids
    = "plain", and a table with such a column is put in their order, or that of its column `rank`
    (see cxlib.privacy.pseudonyms).
    Raises ValueError for names unfit for a file, repeated names of measures or checks, a check
    without a sentence, numbers that JSON cannot hold, and ids without a key or an input.
    """
    measures, checks, inputs = list(measures), list(checks), list(inputs)
    for name in [report, *tables]:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ValueError(f"{name!r} becomes a file name: use small letters, digits and _.")
    for kind, named in (("measures", measures), ("checks", checks)):
        names = [one.name for one in named]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"Two {kind} share a name: {', '.join(repeated)}.")
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "report": report,
        "headline": headline,
        "measures": [_as_json(one) for one in measures],
        "checks": [_told(one) for one in checks],
        "inputs": [one.provenance for one in inputs],
        "tables": list(tables),
    }
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1)

    folder = Path(output_dir) if output_dir else PROJECT / "reports" / "interactive" / report
    modes.make_folder(folder)
    with tempfile.TemporaryDirectory(prefix=".saving-", dir=folder) as aside:
        new_tables = Path(aside) / "tables"
        new_tables.mkdir()
        ids = _pseudonyms(tables, inputs)
        for name, frame in tables.items():
            _write_table(frame, new_tables / name, ids)
        book = f"{report}.xlsx"
        workbook.write(
            Path(aside) / book,
            report=report,
            headline=headline,
            measures=content["measures"],
            tables={name: new_tables / f"{name}.parquet" for name in tables},
            inputs=content["inputs"],
            checks=content["checks"],
        )
        new_results = Path(aside) / "results.json"
        new_results.write_text(text + "\n", encoding="utf-8")
        modes.keep_private_below(Path(aside))
        (folder / "results.json").unlink(missing_ok=True)
        if (folder / "tables").exists():
            shutil.rmtree(folder / "tables")
        os.replace(new_tables, folder / "tables")
        os.replace(Path(aside) / book, folder / book)
        os.replace(new_results, folder / "results.json")
    return folder


def _as_json(one: Measure) -> dict[str, Any]:
    fields = dataclasses.asdict(one)
    del fields["digits"]
    return fields


def _told(check: Check) -> dict[str, Any]:
    if not check.text:
        raise ValueError(f"{check.name}: a check says in a sentence what was found.")
    # A flag of numpy or pandas is no bool to JSON.
    passed = None if check.passed is None else bool(check.passed)
    return {"name": check.name, "passed": passed, "text": check.text}


def _pseudonyms(
    tables: Mapping[str, pd.DataFrame | nw.LazyFrame], inputs: Sequence[Input]
) -> Pseudonyms | None:
    """How the ids of the tables are shown; None where no table has any."""
    return Pseudonyms.of(inputs) if any(map(_has_ids, tables.values())) else None


def _has_ids(table: pd.DataFrame | nw.LazyFrame) -> bool:
    if isinstance(table, nw.LazyFrame):
        return bool(id_columns(table.collect_schema().names()))
    return bool(id_columns(_with_columns(table).columns))


def _write_table(
    table: pd.DataFrame | nw.LazyFrame, path: Path, pseudonyms: Pseudonyms | None
) -> None:
    parquet = path.with_suffix(".parquet")
    if not isinstance(table, nw.LazyFrame):
        columns = _with_columns(table)
        columns = pseudonyms.exported(columns) if pseudonyms else columns
        columns.to_parquet(parquet, index=False)
    elif pseudonyms and not pseudonyms.are_ids and _has_ids(table):
        with_ids = path.with_suffix(".ids")
        engine.export(table, with_ids)
        pseudonyms.export(with_ids, parquet)
        with_ids.unlink()
    else:
        engine.export(table, parquet)
    _write_csv(parquet, path.with_suffix(".csv"))


def _with_columns(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its index as columns, unless that is a plain count of rows."""
    plain_index = isinstance(table.index, pd.RangeIndex) and table.index.name is None
    return (table if plain_index else table.reset_index()).rename(columns=str)


def _write_csv(parquet: Path, path: Path) -> None:
    """The same table as CSV, a batch of rows at a time; every text is quoted."""
    source = pyarrow.parquet.ParquetFile(parquet)
    header = pyarrow.schema(
        pyarrow.field(guarded(field.name), _csv_type(field.type)) for field in source.schema_arrow
    )
    with pyarrow.csv.CSVWriter(path, header) as written:
        for batch in source.iter_batches(_BATCH_ROWS):
            columns = [
                _column_guarded(column.cast(kind))
                for column, kind in zip(batch.columns, header.types, strict=True)
            ]
            written.write_batch(pyarrow.record_batch(columns, schema=header))


def _csv_type(kind: pyarrow.DataType) -> pyarrow.DataType:
    return kind.value_type if pyarrow.types.is_dictionary(kind) else kind


def _column_guarded(column: pyarrow.Array) -> pyarrow.Array:
    """Keep a text from being run as a formula by the spreadsheet that opens it."""
    if not (pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type)):
        return column
    return pyarrow.compute.replace_substring_regex(column, FORMULA, GUARDED)
