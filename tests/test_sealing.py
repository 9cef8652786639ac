import os
import socket

import pytest

from cxlib.runs import sealing


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "clv"
    (made / "tables").mkdir(parents=True)
    (made / "tables" / "a.csv").write_text("abc")
    return made


def test_links_to_files_inside_become_copies(folder):
    (folder / "relative.csv").symlink_to("tables/a.csv")
    (folder / "absolute.csv").symlink_to(folder / "tables" / "a.csv")
    (folder / "of_a_link.csv").symlink_to("absolute.csv")
    assert sealing.settle(folder) == ""
    for name in ("relative.csv", "absolute.csv", "of_a_link.csv"):
        assert not (folder / name).is_symlink()
        assert (folder / name).read_text() == "abc"


def test_what_is_no_file_is_removed(folder, monkeypatch):
    (folder.parent / "outside").write_text("secret")
    monkeypatch.chdir(folder)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
    for name, target in {
        "outside": "../outside",
        "device": "/proc/kmsg",
        "nowhere": "nowhere at all",
        "loop": "loop",
        "self": ".",
        "into": "tables",
        "etc": "/etc",
    }.items():
        (folder / name).symlink_to(target)
    (folder / "empty" / "deeper").mkdir(parents=True)
    assert sealing.settle(folder) == ""
    assert [path.name for path in folder.rglob("*")] == ["tables", "a.csv"]
    assert (folder.parent / "outside").read_text() == "secret"


def test_closed_files_and_folders_are_opened(folder):
    (folder / "tables" / "a.csv").chmod(0)
    (folder / "tables").chmod(0)
    assert sealing.settle(folder) == ""
    assert (folder / "tables").stat().st_mode & 0o700 == 0o700
    assert (folder / "tables" / "a.csv").stat().st_mode & 0o600 == 0o600


def test_a_name_that_is_no_text_is_told(folder):
    (folder / os.fsdecode(b"\xff.csv")).write_text("")
    assert sealing.settle(folder) == "The name of a file is not UTF-8: \\udcff.csv"
    assert list(sealing.hashes(folder)) == ["tables/a.csv"]


def test_a_file_with_holes_that_none_could_read_through_is_told(folder):
    with (folder / "big.bin").open("wb") as file:
        file.truncate(1 << 40)
    assert sealing.settle(folder) == (
        "Its files are too large: big.bin has 1,099,511,627,776 bytes"
    )
    assert list(sealing.hashes(folder)) == ["tables/a.csv"]


def test_the_limit_is_for_all_files_and_copies_together(folder):
    (folder / "b.csv").write_text("defg")
    assert sealing.settle(folder, largest_bytes=7) == ""
    (folder / "link").symlink_to("b.csv")
    assert "too large: link" in sealing.settle(folder, largest_bytes=10)
    assert sealing.settle(folder, largest_bytes=6) != ""


def test_a_folder_replaced_by_a_link_is_told(folder):
    folder.rename(folder.parent / "elsewhere")
    folder.symlink_to("elsewhere")
    assert sealing.settle(folder) == "Its folder was removed or replaced."
    assert (folder.is_symlink(), list(folder.iterdir())) == (False, [])
    assert (folder.parent / "elsewhere" / "tables" / "a.csv").exists()


def test_hashes_are_of_regular_files_only(folder):
    # SHA-256 of "abc": FIPS 180-2, appendix B.1.
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    (folder / "link").symlink_to("tables/a.csv")
    (folder / "more").symlink_to("tables")
    os.mkfifo(folder / "pipe")
    (folder / ".finished").mkdir()
    (folder / ".finished" / "clv.json").write_text("{}")
    assert sealing.hashes(folder) == {"tables/a.csv": {"sha256": abc, "bytes": 3}}
