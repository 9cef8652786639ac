"""Points in numbers as texts that may stand between thousands: "1.250" for 1250."""

from collections.abc import Collection

from cxlib import engine
from cxlib.contracts import Violation
from cxlib.door.casts import casts
from cxlib.door.findings import Finding
from cxlib.sources import Source, shown

# Of a long file all rows would take as long as reading it did.
_JUDGED_ROWS, _FIRST_ROWS = 100_000, 1000
_SIGN = r"[-+\x{2212}]?"
_POINTED = r".*\..*"
_GROUPED = _SIGN + r"[1-9][0-9]{0,2}\.[0-9]{3}"
_ZERO_AT_END = _GROUPED[: -len("[0-9]{3}")] + "[0-9]{2}0"
_HUNDREDTHS = _SIGN + r"[0-9]*\.[0-9]{2}"
# Of numbers with up to three decimals, zeros at the end left out, one in ten of those with two or
# fewer has one: that 30 have two and none has one then has a chance below 5 %.
_ENOUGH_HUNDREDTHS = 30


def doubtful_points(
    source: Source, file: engine.File, numbers: Collection[str]
) -> tuple[list[Violation], list[Finding]]:
    """Columns of numbers whose points may be thousands marks: violations, and warnings.

    Of a text file, or texts of a workbook, database or Parquet file, whose entry declares neither
    `decimal` nor `thousands`; the Persian decimal mark is a point. An error where each point
    in a column has one to three digits before it (the first not 0) and three after it, for it can
    be read in two ways; a warning where all points have either two digits after them, in 30 rows or
    more, or are of this kind, for two ways of writing may be mixed. Attributes (those
    in `numbers`) are only warned of. Counts are those of the first 100,000 rows.
    """
    if {"decimal", "thousands"} & source.entry.keys():
        return [], []
    errors: list[Violation] = []
    warnings: list[Finding] = []
    patterns = [_POINTED, _GROUPED, _HUNDREDTHS, _ZERO_AT_END]
    for cast in casts(source, file):
        if cast.type != "number" and cast.name not in numbers:
            continue
        if file.types[cast.index] != "VARCHAR":
            continue
        for rows in (_FIRST_ROWS, _JUDGED_ROWS):
            found = engine.readings(file, [cast], patterns, first_rows=rows)
            pointed, grouped, hundredths, zeros = found.alike
            if pointed > grouped + hundredths:
                break
        if not grouped or pointed > grouped + hundredths:
            continue
        # What was a number in a workbook or a database is a text without zeros at its end by now.
        if file.is_extract and not zeros:
            continue
        theirs = source.wanted[cast.name]
        if hundredths >= _ENOUGH_HUNDREDTHS:
            text = (
                f"{grouped:,} numbers have three digits after the point, {hundredths:,} have two"
                " and none has one: a point between thousands among decimal points? If all are"
                f' decimal points, declare decimal = "." in {source.where}'
            )
            warnings.append(Finding(cast.name, theirs, text, grouped))
        elif not hundredths and cast.type == "number":
            errors.append(
                Violation(
                    shown(source.path),
                    "every point has three digits after it: a decimal point, or one between"
                    " thousands?",
                    f'declare in {source.where} which it is: decimal = "." (1.250 is one and a'
                    ' quarter), or thousands = "." and decimal = "," (1.250 is 1250)',
                    column=cast.name,
                    source_column=theirs,
                    count=grouped,
                )
            )
        elif not hundredths:
            text = (
                "every point has three digits after it and is read as a decimal point: declare"
                f' decimal = "." in {source.where} if it is one, else thousands = "." and'
                ' decimal = ","'
            )
            warnings.append(Finding(cast.name, theirs, text, grouped))
    return errors, warnings
