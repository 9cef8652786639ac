import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest

from cxlib import pages
from cxlib.runs import publishing
from cxlib.runs.parameters import ParameterError

# What is needed of the first schema on.
ENTRY = {
    "name": "clv",
    "run": "run-1",
    "title": "What is a customer worth?",
    "notebook": "05_clv.ipynb",
    "status": "ok",
    "cause": None,
    "finished": "2026-01-01",
    "seconds": 1.5,
    "parameters": {},
    "headline": "",
    "inputs": [],
}
MANIFEST = {"started": "2026-01-01", "finished": "2026-01-01", "seconds": 2}


def staged(reports, run="run-1", names=("clv",), text="whole", **more):
    plan = {"run": run, "started": "2026-01-01", "series": list(names)}
    staging, held = publishing.open_staging(reports, run, plan)
    entries = []
    for name in names:
        (staging / name).mkdir()
        (staging / name / f"{name}.html").write_text(text)
        entry = ENTRY | {"name": name, "series": name, "fingerprint": f"f-{name}"} | more
        publishing.mark_finished(staging, entry)
        entries.append(entry)
    return staging, held, entries


REAL_INDEX = pages.index


@pytest.fixture(autouse=True)
def plain_index(monkeypatch):
    """The index page is not what is tested here."""

    def index(manifests, unreadable=(), unfinished=()):
        return json.dumps([[one["run"] for one in manifests], list(unreadable), list(unfinished)])

    monkeypatch.setattr(publishing.pages, "index", index)


def published(reports, run, *, keep_runs=None, finished="2026-01-01", **changes):
    staging, held, entries = staged(reports, run, **changes)
    manifest = MANIFEST | {"run": run, "finished": finished, "reports": entries}
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


def test_the_parts_of_a_fan_out_count_as_one_run(tmp_path):
    """Five days of a fan-out in three runs, in another order each day, of which two are kept."""
    orders = ("abc", "bca", "cab", "bac", "acb")
    for day, order in enumerate(orders):
        for name in order:
            published(tmp_path, f"run-{day}{name}", names=(name,), keep_runs=2)
    left = sorted(path.name for path in tmp_path.glob("run-*"))
    assert left == [f"run-{day}{name}" for day in (3, 4) for name in "abc"]


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


def test_a_run_is_held_by_a_file_that_can_be_written(tmp_path):
    """NFS tells other machines of such a lock, and of none on a folder."""
    staging, held, entries = staged(tmp_path, "run-1")
    about, flags = os.fstat(held), fcntl.fcntl(held, fcntl.F_GETFL)
    assert stat.S_ISREG(about.st_mode)
    assert flags & os.O_ACCMODE == os.O_RDWR
    assert list(tmp_path.glob(".held-*")) == [tmp_path / ".held-run-1"]
    manifest = MANIFEST | {"run": "run-1", "reports": entries}
    publishing.publish(staging, tmp_path, manifest, None)
    os.close(held)
    assert not list(tmp_path.glob(".held-*"))


def test_what_holds_a_killed_run_goes_with_it(tmp_path):
    _, held, _ = staged(tmp_path, "run-1", names=())
    os.close(held)
    staging, held = publishing.open_staging(tmp_path, "run-2", {})
    publishing.take_over(tmp_path, staging, {})
    assert list(tmp_path.glob(".held-*")) == [tmp_path / ".held-run-2"]
    os.close(held)


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


def test_a_destination_without_locks_is_refused(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(publishing.errno.ENOLCK, "No locks available")

    monkeypatch.setattr(publishing.fcntl, "flock", refuse)
    with pytest.raises(ParameterError, match=r"written in .*: No locks available\."):
        publishing.require_destination(tmp_path)
    assert list(tmp_path.iterdir()) == []


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


ODD = {
    "sequence_text": {"sequence": "7"},
    "sequence_null": {"sequence": None},
    "sequence_nan": {"sequence": float("nan")},
    "finished_number": {"finished": 5},
    "reports_null": {"reports": None},
    "reports_number": {"reports": 5},
    "reports_empty": {"reports": [{}]},
    "run_number": {"run": 5},
    "run_elsewhere": {"run": "../x"},
    "run_of_another": {"run": "run-1"},
    "seconds_endless": {"seconds": 10**400},
    **{
        f"no_{key}": {"reports": [{one: ENTRY[one] for one in ENTRY if one != key}]}
        for key in ("name", "status", "seconds", "notebook", "parameters")
    },
    **{
        f"{key}_odd": {"reports": [ENTRY | {key: value}]}
        for key, value in {
            "seconds": "x",
            "name": "../x",
            "series": "../../x",
            "parameters": [],
            "given": 5,
            "inputs": ["x"],
            "checks": ["x"],
            "leading": "x",
            "compared_with": "x",
            "cause": "x",
        }.items()
    },
}


@pytest.mark.parametrize("odd", ODD)
def test_a_manifest_that_does_not_fit_is_named_and_stops_nothing(tmp_path, odd):
    published(tmp_path, "run-1")
    folder = tmp_path / "run-9"
    folder.mkdir()
    text = json.dumps(MANIFEST | {"run": "run-9", "sequence": 9, "reports": [ENTRY]} | ODD[odd])
    (folder / "manifest.json").write_text(text)
    published(tmp_path, "run-2", keep_runs=1)
    runs, unreadable, _ = json.loads((tmp_path / "index.html").read_text())
    assert (runs, unreadable) == (["run-2"], ["run-9"])
    assert folder.exists()


@pytest.mark.parametrize("kind", ["brackets", "pipe", "link", "folder"])
def test_what_is_no_manifest_is_named_and_not_waited_for(tmp_path, kind):
    folder = published(tmp_path, "run-1")
    path = folder / "manifest.json"
    path.unlink()
    if kind == "brackets":
        path.write_text("[" * 100_000)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("/proc/kmsg")
    else:
        path.mkdir()
    assert publishing.read_manifests(tmp_path) == ([], ["run-1"])


def test_manifests_of_the_first_schema_are_read(tmp_path):
    folder = tmp_path / "run-0"
    folder.mkdir()
    about = MANIFEST | {"schema": 1, "run": "run-0", "reports": [ENTRY]}
    (folder / "manifest.json").write_text(json.dumps(about))
    published(tmp_path, "run-1", names=("churn",))
    manifests, unreadable = publishing.read_manifests(tmp_path)
    assert ([one["run"] for one in manifests], unreadable) == (["run-1", "run-0"], [])
    assert (tmp_path / "latest" / "clv").resolve() == folder.resolve() / "clv"


def test_a_copied_run_is_no_run_and_is_not_removed(tmp_path):
    folder = published(tmp_path, "run-1")
    shutil.copytree(folder, tmp_path / "run-1-backup")
    for number in (2, 3):
        published(tmp_path, f"run-{number}", keep_runs=1)
    left = sorted(path.name for path in tmp_path.glob("run-*"))
    assert left == ["run-1-backup", "run-3"]


def test_a_backup_that_followed_the_links_can_be_gone_on_with(tmp_path):
    (tmp_path / "r1").mkdir()
    published(tmp_path / "r1", "run-1", names=("churn", "clv"))
    shutil.copytree(tmp_path / "r1", tmp_path / "r2")
    assert not (tmp_path / "r2" / "latest" / "clv").is_symlink()
    published(tmp_path / "r2", "run-2", names=("clv",))
    for name, run in (("churn", "run-1"), ("clv", "run-2")):
        link = tmp_path / "r2" / "latest" / name
        assert (link.is_symlink(), link.resolve().parent.name) == (True, run)
    assert not list((tmp_path / "r2").glob(".removed-*"))


def test_one_link_that_cannot_be_made_stops_no_other(tmp_path):
    # One byte more than a name of a file may have, with the dot before it.
    published(tmp_path, "run-1", names=("clv",), series="x" * 255)
    published(tmp_path, "run-2", names=("churn",))
    assert (tmp_path / "latest" / "churn").resolve().parent.name == "run-2"
    assert json.loads((tmp_path / "index.html").read_text())[0] == ["run-2", "run-1"]


def test_a_run_that_is_gone_when_it_is_to_be_removed_is_no_error(tmp_path):
    published(tmp_path, "run-1")
    publishing._remove(tmp_path, ["run-0", "run-1"])
    assert not (tmp_path / "run-1").exists()


DAMAGED = ["[]", "{}", '{"entry": "x", "files": {}}', '{"entry": {}, "files": {}}', "[" * 100_000]


@pytest.mark.parametrize("note", DAMAGED)
def test_a_damaged_note_is_not_taken_over_and_goes_after_its_days(tmp_path, note):
    old, held, _ = staged(tmp_path, "run-1", names=("clv", "churn"))
    os.close(held)
    (old / ".finished" / "churn.json").write_text(note)
    staging, held = publishing.open_staging(tmp_path, "run-2", {})
    wanted = {"clv": "f-clv", "churn": "f-churn"}
    assert list(publishing.take_over(tmp_path, staging, wanted)) == ["clv"]
    assert (old / "churn").exists()
    week_ago = time.time() - 8 * 86_400
    os.utime(old, (week_ago, week_ago))
    assert publishing.take_over(tmp_path, staging, wanted) == {}
    assert not old.exists()
    os.close(held)


@pytest.mark.parametrize("plan", ["{}", "[]", '{"run": "x", "started": "y", "series": 5}'])
def test_an_odd_plan_stops_nothing(tmp_path, plan):
    old, held, _ = staged(tmp_path, "run-1")
    os.close(held)
    (old / ".plan.json").write_text(plan)
    os.mkfifo(tmp_path / ".staging-pipe")
    published(tmp_path, "run-2")
    assert json.loads((tmp_path / "index.html").read_text())[2] == []


def test_what_cannot_be_shown_hides_no_run(tmp_path, monkeypatch):
    monkeypatch.setattr(publishing.pages, "index", REAL_INDEX)
    leading = {"name": "auc", "value": "x", "low": None, "high": None, "level": 0.95, "unit": ""}
    published(tmp_path, "run-1", names=("odd",), leading=leading)
    published(tmp_path, "run-2")
    html = (tmp_path / "index.html").read_text()
    assert "run-2/clv/clv.html" in html
    assert "run-1/odd" not in html
    assert "Runs that cannot be read" in html


def test_a_name_of_a_file_that_is_no_text_does_not_lose_the_run(tmp_path):
    staging, held, entries = staged(tmp_path, "run-1")
    (staging / os.fsdecode(b"\xff")).mkdir()
    (staging / os.fsdecode(b"\xff/\xfe.csv")).write_text("x")
    os.mkfifo(staging / "pipe")
    (staging / "log").symlink_to("/proc/kmsg")
    publishing.publish(staging, tmp_path, MANIFEST | {"run": "run-1", "reports": entries}, None)
    os.close(held)
    assert publishing.verify(tmp_path / "run-1") == []
    left = {path.name for path in (tmp_path / "run-1").iterdir()}
    assert left == {"clv", "manifest.json", "manifest.sha256"}


def test_links_pipes_and_folders_that_were_added_are_named(tmp_path):
    folder = published(tmp_path, "run-1")
    (folder / "clv" / "dangling").symlink_to("nowhere")
    (folder / "clv" / "etc").symlink_to("/etc")
    os.mkfifo(folder / "clv" / "pipe")
    (folder / "empty").mkdir()
    (folder / ".finished").mkdir()
    (folder / ".finished" / "clv.json").write_text("{}")
    (folder / os.fsdecode(b"\xff")).write_text("")
    added = [".finished", ".finished/clv.json", "\\udcff", "clv/dangling", "clv/etc", "clv/pipe"]
    expected = {f"{name}: not part of the run" for name in [*added, "empty"]}
    assert set(publishing.verify(folder)) == expected


def test_a_file_replaced_by_a_link_to_the_same_bytes_is_changed(tmp_path):
    folder = published(tmp_path, "run-1")
    page = folder / "clv" / "clv.html"
    page.rename(tmp_path / "elsewhere")
    page.symlink_to(tmp_path / "elsewhere")
    assert publishing.verify(folder) == ["clv/clv.html: changed"]


@pytest.mark.parametrize("text", ["{}", "[]", "x", '{"files": 5}', '{"files": {"clv": 5}}'])
def test_a_sealed_manifest_without_files_is_a_problem(tmp_path, text):
    folder = published(tmp_path, "run-1")
    (folder / "manifest.json").write_text(text)
    (folder / "manifest.sha256").write_text(publishing._seal(folder / "manifest.json"))
    assert publishing.verify(folder)
