"""What tests of the door share."""

import pytest

from cxlib import tables
from cxlib.contracts import InputError


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What the door says of an input whose entry is given: its errors, or else its warnings."""
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)

    def load(kind, entries):
        sources = tmp_path / "sources.toml"
        sources.write_text(entries, encoding="utf-8")
        try:
            table = tables.load(kind, sources)
        except InputError as error:
            return f"refused: {error}"
        return " | ".join(f"{one} [{one.count}]" for one in table.warnings)

    return load
