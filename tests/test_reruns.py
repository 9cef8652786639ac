"""Equal inputs make equal reports, byte for byte, wherever and with whatever hash seed."""

import os
import subprocess
import sys

import nbformat
import pytest

from cxlib import PROJECT

NOTEBOOK = PROJECT / "notebooks" / "03_segmentation.ipynb"


@pytest.fixture(scope="module")
def reruns(tmp_path_factory):
    """The folders of two runs at once that differ in all that must not matter."""
    folders = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("another folder")]
    started = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "papermill", str(NOTEBOOK), "executed.ipynb"),
                *("--no-progress-bar", "-p", "output_dir", "."),
            ],
            cwd=folder,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            stderr=subprocess.PIPE,
            text=True,
        )
        for folder, hash_seed in zip(folders, ("1", "4242"), strict=True)
    ]
    for process in started:
        _, errors = process.communicate()
        assert process.returncode == 0, errors[-3000:]
    return folders


def test_the_outputs_are_the_same(reruns):
    one, other = (nbformat.read(folder / "executed.ipynb", as_version=4) for folder in reruns)
    for cell, again in zip(one.cells, other.cells, strict=True):
        assert cell.get("outputs") == again.get("outputs"), cell.id


def test_the_saved_files_are_the_same(reruns):
    one, other = (
        {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != "executed.ipynb"
        }
        for folder in reruns
    )
    assert {"results.json", "segmentation.xlsx", "tables/segments.csv"} <= set(one)
    assert set(one) == set(other)
    assert [name for name in one if one[name] != other[name]] == []
