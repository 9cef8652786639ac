"""The whole suite on Spark gives what it gives on DuckDB: sums to 1e-9, counts exactly.

Needs the extra `spark` and Java; a minute or two for the start of each Spark, so `make test-spark`.
"""

import importlib.util
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cxlib import PROJECT

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]

ENGINES = {"duckdb": "duckdb", "spark": "local[2]"}
SETTINGS = {
    "CX_PSEUDONYM_KEY": "tests of both engines",
    # Most of the time of a short life of Java goes into compiling it.
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
RUNS = {
    "data quality": ["data_quality"],
    "servqual": ["servqual_gap"],
    "satisfaction": ["satisfaction"],
    "segmentation": ["segmentation"],
    "churn": ["churn"],
    "churn with dates": ["churn", "-p", "sources=data/simulated_subscriptions.toml"],
    "churn of buyers": ["churn", "-p", "customers=transactions"],
    "clv": ["clv"],
}


def made(folder, engine, asked):
    """The published folder of one report made on one engine."""
    command = Path(sys.executable).with_name("cx")
    done = subprocess.run(
        [command, "run", *asked, "--reports", folder, "--time-limit-seconds", "3600"],
        env=os.environ | SETTINGS | {"CX_ENGINE": ENGINES[engine]},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [results] = folder.glob("[0-9]*/*/results.json")
    return results.parent


@pytest.fixture(scope="module", params=RUNS)
def reports(request, tmp_path_factory):
    """Engine -> folder of the report."""
    asked = RUNS[request.param]
    return {engine: made(tmp_path_factory.mktemp(engine), engine, asked) for engine in ENGINES}


def differences(one, other, place=""):
    """Where two results differ: floats by more than 1e-9 of their size, anything else at all."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        # The engine is the one thing that is to differ.
        for key in one.keys() - {"engine"}:
            yield from differences(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from differences(first, second, f"{place}[{number}]")
    elif isinstance(one, float) and isinstance(other, float):
        if not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{place}: {one} and {other}"
    elif one != other:
        yield f"{place}: {one} and {other}"


def test_a_report_is_the_same_on_both_engines(reports):
    ours, theirs = (
        json.loads((reports[engine] / "results.json").read_text()) for engine in ENGINES
    )
    assert [*differences(ours, theirs)] == []
    for name in ours["tables"]:
        table, other = (
            pd.read_parquet(reports[engine] / "tables" / f"{name}.parquet") for engine in ENGINES
        )
        pd.testing.assert_frame_equal(table, other, rtol=1e-9, atol=1e-12, check_dtype=False)


def test_the_manifest_says_which_engine_computed(reports):
    for engine, folder in reports.items():
        manifest = json.loads((folder.parent / "manifest.json").read_text())
        inputs = [one for report in manifest["reports"] for one in report["inputs"]]
        assert {one["engine"] for one in inputs} == {engine}


def test_nothing_that_spark_logs_stands_on_a_page(reports):
    [page] = reports["spark"].glob("*.html")
    text = page.read_text()
    assert "WARN" not in text
    assert "log4j" not in text


def test_differences_are_told():
    assert [*differences({"a": [1, 2.0]}, {"a": [1, 2.0 * (1 + 1e-10)]})] == []
    assert [*differences({"a": [1, 2.0]}, {"a": [1, 2.0001]})] == [".a[1]: 2.0 and 2.0001"]
    assert [*differences({"n": 10_000_000_000}, {"n": 10_000_000_001})] != []
