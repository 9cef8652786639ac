"""The published schemas describe what is written, and nothing else."""

import copy
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from cxlib import PROJECT, results
from cxlib.inference import Estimate
from cxlib.runs import EXIT_CODES
from cxlib.tables import Finding

SCHEMAS = {
    name: json.loads((PROJECT / "docs" / "schemas" / f"{name}.schema.json").read_text())
    for name in ("results", "manifest", "check")
}


def problems(schema, content):
    return [error.message for error in Draft202012Validator(SCHEMAS[schema]).iter_errors(content)]


PROVENANCE = {
    "input": "transactions",
    "uri": "raw/sales.csv",
    "sha256": "0" * 64,
    "rows_read": 10,
    "rows": 9,
    "period": ["2026-01-01", "2026-10-31"],
    "complete_to": "2026-10-31",
    "note": "",
    "currency": "EUR",
    "ids": "pseudonyms",
    "engine": "duckdb",
    "repairs": [],
    "exclusions": [vars(Finding("amount", "dollars", "refund left out", 1))],
    "warnings": [],
}


@pytest.fixture
def saved(tmp_path):
    folder = results.save(
        "sales",
        headline="Sales grew.",
        measures=[
            results.measure("growth", Estimate(0.1, 0.05, 0.15, 0.95, 9, "t interval")),
            results.measure("few", Estimate(None, None, None, 0.95, 0, "fewer than 10")),
        ],
        tables={"months": pd.DataFrame({"month": [1]})},
        checks=[results.Check("enough data", np.False_, "9 purchases are few.")],
        inputs=[SimpleNamespace(provenance=PROVENANCE)],
        output_dir=tmp_path,
    )
    return json.loads((folder / "results.json").read_text())


def manifest(saved):
    entry = {
        "name": "sales", "run": "r", "series": "sales", "group": "", "label": "", "title": "Sales?",
        "notebook": "01_sales.ipynb", "status": "ok", "cause": None, "finished": "2026-11-22",
        "seconds": 1.5, "parameters": {"level": 0.95}, "given": {}, "seed": 1,
        "as_of": "2026-10-31", "headline": saved["headline"], "leading": saved["measures"][0],
        "measures": 2, "checks": saved["checks"], "inputs": saved["inputs"], "fingerprint": "",
        "output_capped": 0, "resumed_from": None, "compared_with": None, "changes": [],
        "why_not_compared": "the first run",
    }  # fmt: skip
    return {
        "schema": 2, "run": "r", "sequence": 1, "started": "2026-11-22", "finished": "2026-11-22",
        "seconds": 2.0, "status": "ok", "exit_code": 0, "suite": None,
        "code": {"cxlib": "0.1.0", "sha256": "", "commit": None, "modified": None},
        "python": "3.11.7", "libraries": {"pandas": "3.1.1"}, "reports": [entry],
        "files": {"sales/sales.html": {"sha256": "a" * 64, "bytes": 10}},
    }  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_what_is_saved_fits_its_schema(saved):
    assert problems("results", saved) == []


def test_a_manifest_fits_its_schema(saved):
    assert problems("manifest", manifest(saved)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema"], 1),
        (["headline"], ""),
        (["measures", 0, "better"], "up"),
        (["measures", 0, "value"], "0.1"),
        (["measures", 0, "level"], 95),
        (["checks", 0, "passed"], "yes"),
        (["inputs", 0, "exclusions", 0, "count"], -1),
        (["tables"], ["../months"]),
        (["surplus"], True),
    ],
)
def test_what_is_wrong_does_not_fit(saved, path, value):
    content = copy.deepcopy(saved)
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert len(problems("results", content)) == 1


def test_both_schemas_mean_the_same_by_a_measure_a_check_and_an_input():
    ours, theirs = (SCHEMAS[name]["$defs"] for name in ("results", "manifest"))
    assert ours == {name: theirs[name] for name in ours}


def test_every_status_of_a_run_is_known():
    entry = SCHEMAS["manifest"]["$defs"]["entry"]["properties"]
    assert set(entry["status"]["enum"]) == set(EXIT_CODES)
