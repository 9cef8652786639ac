"""What a run, a notebook and the door write can be read by nobody but its owner."""

import os
import stat
from pathlib import Path

import pandas as pd
import pytest

from cxlib import results, sources, tables
from cxlib.privacy import modes
from cxlib.runs import publishing, sealing

UMASKS = [0o000, 0o022, 0o077]


@pytest.fixture(params=UMASKS, ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def found(folder: Path) -> dict[str, int]:
    """Mode of the folder and of everything below it that is no link."""
    every = [folder, *(path for path in folder.rglob("*") if not path.is_symlink())]
    return {str(path): stat.S_IMODE(path.lstat().st_mode) for path in every}


def assert_private(folder: Path, also: int = 0) -> None:
    everything = found(folder)
    assert len(everything) > also
    for path, mode in everything.items():
        assert mode == (0o700 if Path(path).is_dir() else 0o600), path


@pytest.mark.usefixtures("umask")
def test_what_is_saved_is_private(tmp_path):
    results.save(
        "sales",
        headline="h",
        measures=[],
        tables={"months": pd.DataFrame({"month": [1]})},
        inputs=[],
        output_dir=tmp_path / "reports" / "sales",
    )
    assert_private(tmp_path / "reports", also=5)


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    modes.make_folder(tmp_path)
    modes.make_folder(tmp_path / "new" / "below")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert_private(tmp_path / "new")


@pytest.mark.usefixtures("umask")
def test_canonical_tables_are_private(tmp_path, monkeypatch):
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data" / "processed").mkdir(parents=True)
    (tmp_path / "data" / "t.csv").write_text("who,day,paid\na,2021-01-31,1\n")
    columns = 'columns = { customer_id = "who", date = "day", amount = "paid" }\n'
    text = f'[transactions]\nuri = "t.csv"\n{columns}complete_to = 2021-12-31\n'
    (tmp_path / "data" / "sources.toml").write_text(text)
    tables.load("transactions")
    assert_private(tmp_path / "data" / "processed", also=2)


@pytest.mark.usefixtures("umask")
def test_what_is_published_is_private(tmp_path):
    reports = tmp_path / "reports"
    publishing.require_destination(reports)
    staging, held = publishing.open_staging(reports, "20260101-000000-aaaa", {"run": "r"})
    (staging / "clv" / "tables").mkdir(parents=True)
    (staging / "clv" / "tables" / "a.csv").write_text("a")
    program = staging / "clv" / "program"
    program.write_text("#!/bin/sh")
    program.chmod(0o777)
    (staging / "clv" / "link.csv").symlink_to("tables/a.csv")
    manifest = {"run": "20260101-000000-aaaa", "reports": []}
    publishing.publish(staging, reports, manifest, None)
    os.close(held)
    assert_private(reports, also=8)


def test_a_run_is_closed_before_it_is_whole(tmp_path):
    staging, held = publishing.open_staging(tmp_path, "20260101-000000-aaaa", {"run": "r"})
    os.close(held)
    assert stat.S_IMODE(staging.stat().st_mode) == 0o700


def test_what_is_somebody_elses_is_no_error(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError

    (tmp_path / "theirs").write_text("")
    monkeypatch.setattr(Path, "chmod", refuse)
    modes.keep_private(tmp_path / "theirs")
    assert sealing.settle(tmp_path) == ""
