"""Each of the sixty faults, planted at random rows of the samples: told exactly, never in silence.

CX_FAULTS_SIXTY (or CX_FAULTS) says how often each.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from cxlib import PROJECT, cli, sources, tables
from cxlib.contracts import InputError, Violation
from cxlib.door.findings import Finding

from .faults_of_models import TRIED, Tried
from .planting import Fault, Planted, Told
from .samples import CSV, INSTRUMENT, SAMPLES, Sample, entry
from .sixty import FAULTS, numbers, page

TRIALS = int(os.environ.get("CX_FAULTS_SIXTY") or os.environ.get("CX_FAULTS") or 2)
# What is not met, and why: a pair of number and name.
UNMET: dict[tuple[int, str], str] = {}


class Clean:
    """The tables of the samples without a fault, each made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, sample: Sample) -> pd.DataFrame:
        key = repr(sample)
        if key not in self._frames:
            with pytest.MonkeyPatch.context() as patch:
                for module in (sources, tables):
                    patch.setattr(module, "PROJECT", self._folder)
                file = {"raw/clean.csv": CSV.written(sample.header, sample.rows)}
                put(self._folder, file, entry(sample, "raw/clean.csv", sample.keys))
                table = tables.load(sample.input)
                assert not [one for one in table.repairs if "header" in one.rule]
                self._frames[key] = whole(table)
        return self._frames[key]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    return Clean(tmp_path_factory.mktemp("clean"))


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    return tmp_path


def put(project: Path, files: dict[str, bytes], text: str) -> None:
    (project / "data" / "raw").mkdir(parents=True, exist_ok=True)
    (project / "data" / "instrument.toml").write_text(INSTRUMENT, encoding="utf-8")
    (project / "data" / "sources.toml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (project / "data" / name).write_bytes(content)


def whole(table: tables.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.frame.collect("pandas").to_native()
    return frame


def trials() -> Iterator[object]:
    for number, fault in enumerate(FAULTS):
        reason = UNMET.get((fault.number, fault.name), "")
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        for seed in range(TRIALS):
            name = f"{fault.number:02d}-{fault.name.replace(' ', '_')}-{seed}"
            yield pytest.param(fault, 100 * number + seed, id=name, marks=marks)


@pytest.mark.parametrize(("fault", "seed"), list(trials()))
def test_fault(project: Path, clean: Clean, fault: Fault, seed: int) -> None:
    name = fault.samples[seed % 100 % len(fault.samples)]
    trial = fault.plant(random.Random(seed), SAMPLES[name])
    assert trial.told.outcome == fault.outcome
    put(project, dict(trial.files), trial.sources)
    if seed % 100 == 0:
        ended = CliRunner().invoke(cli.app, ["check"]).exit_code
        assert ended == (3 if fault.outcome == "E" else 0)
    judge = {"E": refused, "R": repaired, "W": warned}[fault.outcome]
    judge(project, clean, trial)


@pytest.mark.parametrize("seed", range(TRIALS))
@pytest.mark.parametrize("fault", TRIED, ids=[f"{one.number}-{one.name}" for one in TRIED])
def test_fault_in_the_analysis(project: Path, fault: Tried, seed: int) -> None:
    put(project, {}, "")
    fault.judge(random.Random(seed), project)


def refused(project: Path, clean: Clean, trial: Planted) -> None:
    outcome = tables.check()[trial.input]
    assert isinstance(outcome, InputError), "silent"
    told = trial.told
    (found,) = [one for one in outcome.violations if fits(told, one)]
    assert len(outcome.violations) == 1 or not told.alone
    assert found.file.startswith("data/raw/")
    assert (found.count, found.places) == (told.count or found.count, told.places or found.places)
    assert found.remedy
    assert told.remedy in found.remedy
    assert len(str(outcome).splitlines()) <= 24
    if len(trial.files) == 1:
        assert not list((project / "data" / "processed").glob("*"))
    if trial.mended:
        (project / "data" / "sources.toml").write_text(trial.mended, encoding="utf-8")
        mended(clean, trial, tables.load(trial.input))


def fits(told: Told, found: Violation | Finding) -> bool:
    names = [(told.column, found.column), (told.theirs, found.source_column)]
    return told.rule in found.rule and all(wanted in ("", name) for wanted, name in names)


def repaired(project: Path, clean: Clean, trial: Planted) -> None:
    table = loaded(trial)
    if trial.told.rule:
        (found,) = [one for one in table.repairs if fits(trial.told, one)]
        assert found.count == (trial.told.count or found.count)
        assert found.count
        assert str(found) in set(table.summary["what"])
        assert found.rule in {one["rule"] for one in table.provenance["repairs"]}
    else:  # kept as it stands: nothing of it is repaired
        assert not [one for one in table.repairs if one.column in (trial.values or {})]
    mended(clean, trial, table)


def warned(project: Path, clean: Clean, trial: Planted) -> None:
    table = loaded(trial)
    (found,) = [one for one in table.warnings if fits(trial.told, one)]
    assert found.count == (trial.told.count or found.count)
    assert found.count
    assert str(found) in set(table.summary["what"])
    assert found.rule in {one["rule"] for one in table.provenance["warnings"]}
    mended(clean, trial, table)


def loaded(trial: Planted) -> tables.Table:
    outcome = tables.check()[trial.input]
    if isinstance(outcome, InputError):
        raise outcome
    return outcome


def mended(clean: Clean, trial: Planted, table: tables.Table) -> None:
    """The values that come out are the right ones."""
    frame = whole(table)
    if trial.same_as:
        pd.testing.assert_frame_equal(frame, clean.frame(trial.same_as))
    for column, wanted in (trial.values or {}).items():
        values = frame[column].astype(str).str[:10] if column == "date" else frame[column]
        assert values.tolist() == list(wanted)


def test_every_number_is_planted() -> None:
    assert set(numbers()) == set(range(1, 61))


def test_the_page_is_that_of_the_list() -> None:
    assert (PROJECT / "docs" / "bad_inputs.md").read_text(encoding="utf-8") == page()
