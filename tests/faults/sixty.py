"""The sixty faults, in the order of their numbers, and the page of docs/ that lists them.

.venv/bin/python -m tests.faults.sixty > docs/bad_inputs.md
"""

import random
from collections.abc import Iterator

from .faults_of_files import FAULTS as OF_FILES
from .faults_of_models import TRIED
from .faults_of_rows import FAULTS as OF_ROWS
from .faults_of_values import FAULTS as OF_VALUES
from .planting import Fault, Told
from .samples import SAMPLES

FAULTS = sorted([*OF_FILES, *OF_VALUES, *OF_ROWS], key=lambda fault: fault.number)
RECORDED = 20

_PAGE = """\
# What real files do, and what is told

Sixty faults of real files, and the answer to each:

- **E** stops: an error with file, column, rule, number of rows, the first ten of their lines, and
  how to mend it. Nothing is written, and `cx check` ends with 3.
- **R** repairs, or keeps what others spoil, and counts it in the report.
- **W** goes on with a warning that stands in the report and in its results file.

Each is planted at random rows of small samples (purchases, invoices, a Persian shop, contracts,
surveys, indices), as text, gzip, workbook, Parquet or SQLite where that makes sense. What is told
must be exact: the answer, the column in our words and in those of the file, the number of rows and
the first ten places. Where the message says what to declare, that is declared, and the table that
comes out must be the right one. A fault that goes by in silence is a failure. In every test run
each is tried twice; for the record

    CX_FAULTS_SIXTY={recorded} .venv/bin/python -m pytest tests/faults/test_sixty.py

The page is made from the list of the tests. The words are those of one trial.

| | fault | answer | what is told | trials |
|---|---|---|---|---|
"""


def page() -> str:
    """docs/bad_inputs.md."""
    lines = [(one.number, one.name, one.outcome, _message(one)) for one in FAULTS]
    lines += [(one.number, one.name, one.outcome, one.message) for one in TRIED]
    rows = "".join(
        f"| {number} | {name} | {answer} | {told} | {RECORDED} |\n"
        for number, name, answer, told in sorted(lines)
    )
    return _PAGE.format(recorded=RECORDED) + rows


def numbers() -> Iterator[int]:
    """The number of each way to plant a fault."""
    yield from (one.number for one in FAULTS)
    yield from (one.number for one in TRIED)


def _message(fault: Fault) -> str:
    told = fault.plant(random.Random(0), SAMPLES[fault.samples[0]]).told
    return " ".join(part.replace("|", r"\|") for part in _parts(told))


def _parts(told: Told) -> Iterator[str]:
    if told.theirs:
        yield f"column `{told.theirs}`:"
    if told.rule or not told.remedy:
        yield told.rule or ("kept as it stands" if told.outcome == "R" else "why it cannot be used")
    if told.remedy:
        yield f"(mend: `{told.remedy}`)"


if __name__ == "__main__":
    print(page(), end="")
