"""A run writes no secret of the environment, no id, and nothing that others can read."""

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from cxlib import PROJECT

KEY = "k3y-of-the-test-0f1e2d3c4b5a"
PASSWORD = "s3cret-pa55word-of-a-database"
ID = "CUSTOMER-ID-"
# The folder it runs in is that which a parameter may name files of.
COMMAND = (
    "from pathlib import Path; from cxlib.cli import app; from cxlib.runs import parameters; "
    "parameters.PROJECT = Path.cwd(); app()"
)
SECRETS = {"CX_PSEUDONYM_KEY": KEY, "SHOP_URL": f"postgresql://reader:{PASSWORD}@db.example/shop"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """The reports folder of a run in an environment with secrets, and a umask that hides nothing.

    Of the sample of CDNOW with ids that can be told from any other number.
    """
    folder = tmp_path_factory.mktemp("made")
    sample = pd.read_csv(PROJECT / "data" / "raw" / "cdnow_sample.csv", dtype=str)
    sample["customer_id"] = ID + sample["customer_id"]
    sample.to_csv(folder / "cdnow.csv", index=False)
    described = (PROJECT / "data" / "sources.toml").read_text(encoding="utf-8")
    entry = described[described.index("[transactions]") :].split("\n[", 1)[0]
    entry = entry.replace("raw/cdnow_sample.csv", "cdnow.csv")
    (folder / "sources.toml").write_text(entry, encoding="utf-8")
    reports = folder / "reports"
    options = ["--reports", str(reports), "-p", f"sources={folder / 'sources.toml'}"]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "run", "segmentation", *options],
        env=os.environ | SECRETS,
        umask=0,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (reports / "log.txt").write_text(done.stdout + done.stderr)
    (reports / "log.txt").chmod(0o600)
    return reports


def test_no_secret_is_in_any_file(made):
    files = [path for path in made.rglob("*") if path.is_file()]
    files += [path for path in (PROJECT / "data" / "processed").iterdir() if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        for secret in (KEY, PASSWORD):
            assert secret.encode() not in content, path


def test_ids_are_pseudonyms(made):
    (path,) = made.glob("2*/segmentation/tables/customers.parquet")
    saved = pd.read_parquet(path)
    assert len(saved) == 2357
    assert saved["customer_id"].str.fullmatch("customer-[0-9a-f]{16}").all()
    # The workbook is packed.
    files = [path for path in made.rglob("*") if path.is_file()]
    packed = [zipfile.ZipFile(path) for path in files if zipfile.is_zipfile(path)]
    contents = [path.read_bytes() for path in files]
    contents += [one.read(name) for one in packed for name in one.namelist()]
    assert len(packed) == 1
    assert not [content[:80] for content in contents if ID.encode() in content]


def test_nobody_else_can_read_it(made):
    paths = [made, *(path for path in made.rglob("*") if not path.is_symlink())]
    assert (made / "index.html") in paths
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
