import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from cxlib.runs import publishing
from cxlib.runs.parameters import ParameterError


def staged(reports, run="run-1", names=("clv",), text="whole", **more):
    staging, held = publishing.open_staging(reports, run, {"run": run, "series": list(names)})
    entries = []
    for name in names:
        (staging / name).mkdir()
        (staging / name / f"{name}.html").write_text(text)
        entry = {"name": name, "series": name, "status": "ok", "fingerprint": f"f-{name}"} | more
        publishing.mark_finished(staging, entry)
        entries.append(entry)
    return staging, held, entries


@pytest.fixture(autouse=True)
def plain_index(monkeypatch):
    """The index page is not what is tested here."""

    def index(manifests, unreadable=(), unfinished=()):
        return json.dumps([[one["run"] for one in manifests], list(unreadable), list(unfinished)])

    monkeypatch.setattr(publishing.pages, "index", index)


def published(reports, run, *, keep_runs=None, finished="2026-01-01", **changes):
    staging, held, entries = staged(reports, run, **changes)
    manifest = {"run": run, "finished": finished, "reports": entries}
    publishing.publish(staging, reports, manifest, keep_runs)
    os.close(held)
    return reports / run


def test_a_published_run_is_whole_and_latest_leads_to_it(tmp_path):
    folder = published(tmp_path, "run-1")
    assert (tmp_path / "latest" / "clv").resolve() == folder / "clv"
    assert publishing.verify(folder) == []
    assert sorted(path.name for path in folder.iterdir()) == [
        "clv",
        "manifest.json",
        "manifest.sha256",
    ]
    assert json.loads((tmp_path / "index.html").read_text())[0] == ["run-1"]


def test_every_changed_byte_is_found(tmp_path):
    folder = published(tmp_path, "run-1")
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        whole = path.read_bytes()
        for at in range(len(whole)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert publishing.verify(folder), (path.name, at)
        path.write_bytes(whole)
    assert publishing.verify(folder) == []


def test_what_is_missing_or_added_is_named(tmp_path):
    folder = published(tmp_path, "run-1")
    (folder / "clv" / "clv.html").unlink()
    (folder / "clv" / "new.csv").write_text("1")
    found = publishing.verify(folder)
    assert found == ["clv/clv.html: missing", "clv/new.csv: not part of the run"]


def test_a_folder_without_a_run_cannot_be_verified(tmp_path):
    with pytest.raises(ParameterError, match="There is no run"):
        publishing.verify(tmp_path)


def test_the_order_of_runs_is_that_of_publishing_whatever_the_clock_says(tmp_path):
    published(tmp_path, "z-in-future", finished="2099-01-01")
    published(tmp_path, "a-back-then", finished="1999-01-01")
    manifests, _ = publishing.read_manifests(tmp_path)
    assert [one["run"] for one in manifests] == ["a-back-then", "z-in-future"]
    assert (tmp_path / "latest" / "clv").resolve().parent.name == "a-back-then"


def test_a_corrupt_manifest_is_named_and_stops_nothing(tmp_path):
    folder = published(tmp_path, "run-1")
    (folder / "manifest.json").write_text('{"run": ')
    published(tmp_path, "run-2")
    runs, unreadable, _ = json.loads((tmp_path / "index.html").read_text())
    assert runs == ["run-2"]
    assert unreadable == ["run-1"]


def test_pruning_keeps_the_last_good_report_of_every_series(tmp_path):
    published(tmp_path, "run-1", names=("churn",))
    for number in range(2, 6):
        published(tmp_path, f"run-{number}", keep_runs=2)
    left = sorted(path.name for path in tmp_path.glob("run-*"))
    assert left == ["run-1", "run-4", "run-5"]
    assert not list(tmp_path.glob(".removed-*"))


def test_a_failed_run_counts_but_its_elder_good_one_stays(tmp_path):
    published(tmp_path, "run-1")
    published(tmp_path, "run-2", status="cell failed", keep_runs=1)
    assert sorted(path.name for path in tmp_path.glob("run-*")) == ["run-1", "run-2"]
    assert (tmp_path / "latest" / "clv").resolve().parent.name == "run-1"


def test_links_that_a_kill_left_behind_are_mended_by_the_next_run(tmp_path):
    published(tmp_path, "run-1")
    published(tmp_path, "run-2")
    (tmp_path / "latest" / "clv").unlink()
    published(tmp_path, "run-3", names=("churn",))
    assert (tmp_path / "latest" / "clv").resolve().parent.name == "run-2"


def test_what_a_killed_run_had_finished_is_taken_over(tmp_path):
    old, held, _ = staged(tmp_path, "run-1", names=("clv", "churn"))
    (old / "half").mkdir()
    os.close(held)
    staging, held = publishing.open_staging(tmp_path, "run-2", {})
    wanted = {"clv": "f-clv", "churn": "another", "half": "f-half"}
    taken = publishing.take_over(tmp_path, staging, wanted)
    assert list(taken) == ["clv"]
    assert (staging / "clv" / "clv.html").read_text() == "whole"
    # What can still be taken over stays.
    assert (old / "churn" / "churn.html").exists()
    assert publishing.take_over(tmp_path, staging, {"churn": "f-churn"})
    assert not old.exists()
    os.close(held)


def test_nothing_is_taken_from_a_run_that_lives(tmp_path):
    _, held, _ = staged(tmp_path, "run-1")
    staging, other = publishing.open_staging(tmp_path, "run-2", {})
    assert publishing.take_over(tmp_path, staging, {"clv": "f-clv"}) == {}
    assert publishing.unfinished(tmp_path) == []
    os.close(held)
    assert [plan["run"] for plan in publishing.unfinished(tmp_path)] == ["run-1"]
    os.close(other)


def test_a_finished_report_that_was_changed_is_not_taken_over(tmp_path):
    old, held, _ = staged(tmp_path, "run-1")
    os.close(held)
    (old / "clv" / "clv.html").write_text("other")
    staging, held = publishing.open_staging(tmp_path, "run-2", {})
    assert publishing.take_over(tmp_path, staging, {"clv": "f-clv"}) == {}
    os.close(held)


def test_no_fingerprint_no_taking_over(tmp_path):
    _, held, _ = staged(tmp_path, "run-1", fingerprint="")
    os.close(held)
    staging, held = publishing.open_staging(tmp_path, "run-2", {})
    assert publishing.take_over(tmp_path, staging, {"clv": ""}) == {}
    os.close(held)


def test_a_destination_that_is_no_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ParameterError, match="Nothing can be written"):
        publishing.require_destination(tmp_path / "file")
    with pytest.raises(ParameterError, match="Nothing can be written"):
        publishing.require_destination(tmp_path / "file" / "below")
    publishing.require_destination(tmp_path / "new" / "folder")
    assert list((tmp_path / "new" / "folder").iterdir()) == []


def test_no_room_is_told_apart(tmp_path, monkeypatch):
    def full(self, content):
        raise OSError(publishing.errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publishing.Path, "write_bytes", full)
    with pytest.raises(publishing.DiskFullError, match="No room"):
        publishing.require_destination(tmp_path)


def test_one_publishes_at_a_time(tmp_path):
    order = []

    def other():
        with publishing.locked(tmp_path):
            order.append("second")

    with publishing.locked(tmp_path):
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_stopped_process_that_publishes_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    holder = (
        "import sys, time; from pathlib import Path; from cxlib.runs import publishing\n"
        "with publishing.locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", holder, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        process.send_signal(signal.SIGSTOP)
        monkeypatch.setattr(publishing, "_LOCK_SECONDS", 1)
        with pytest.raises(TimeoutError, match="Another run"), publishing.locked(tmp_path):
            pass
        process.kill()
