"""The memory limit of the engine: taken as written, or refused with what to write."""

import os
import subprocess
import sys

import pytest

from cxlib import engine
from cxlib.engine.connection import memory_limit

LIMITED = """
from cxlib.engine.connection import connection
one = connection().execute("SELECT current_setting('memory_limit')").fetchone()[0]
rows = connection().execute(
    "SELECT count(*), sum(n) FROM"
    " (SELECT hash(i) % 4000000 AS k, count(*) AS n FROM range(4000000) t(i) GROUP BY k)"
).fetchone()
print(one, *rows)
"""


@pytest.mark.parametrize("limit", ["3GB", "1.5 TB", "512MB", ""])
def test_a_limit_is_taken_as_written(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setenv("CX_MEMORY_LIMIT", limit)
    assert memory_limit() == limit


@pytest.mark.parametrize(
    "limit", ["3", "3G", "GB", "0GB", "-1GB", "80%", "3gb", "3GB; SET threads = 1", "۳GB", " 3GB"]
)
def test_what_is_no_amount_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setenv("CX_MEMORY_LIMIT", limit)
    with pytest.raises(engine.EngineError, match="is no amount of memory: write a number and MB"):
        engine.use("")


def test_work_larger_than_the_limit_goes_on_in_files() -> None:
    # Four million groups of 16 bytes and their table are more than 64 MB.
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        env=os.environ | {"CX_MEMORY_LIMIT": "64MB"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    limit, unit, groups, rows = done.stdout.split()
    assert (limit, unit) == ("61.0", "MiB")
    assert int(rows) == 4_000_000
    assert 0 < int(groups) < 4_000_000
