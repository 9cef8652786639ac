"""Where rows stand in a text file, against a reader that takes one record after another."""

import csv
import random
from pathlib import Path

import pytest

from cxlib import engine
from cxlib.engine import blocks

CELLS = ["a", "", "1.5", '"x,y"', '"two\nlines"', '"said ""no"""', "علی"]


def written(rng: random.Random, end: str) -> str:
    """Rows of two cells; blank lines, and rows with too few, too many or empty cells more."""
    lines = ["name,value"]
    for _ in range(rng.randint(5, 60)):
        cells = [rng.choice(CELLS) for _ in range(rng.choice([2, 2, 2, 1, 3]))]
        lines += rng.choice([[",".join(cells)], [",".join([*cells, "", ""])], ["", "b,2"]])
    return end.join(lines) + end * rng.randint(0, 1)


@pytest.mark.parametrize("seed", range(40))
def test_rows_stand_where_a_reader_of_records_finds_them(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(blocks, "_CHUNK_BYTES", rng.choice([50, 1 << 20]))
    path = tmp_path / "file.csv"
    path.write_bytes(written(rng, rng.choice(["\n", "\r\n"])).encode())
    wanted, line = {}, 1
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        for record in reader:
            if len(record) >= 2 and not any(record[2:]):
                wanted[len(wanted)] = (line, tuple(record))
            line = reader.line_num + 1
    del wanted[0]
    file = engine.open_file(path)
    some = rng.sample(sorted(wanted), min(3, len(wanted)))
    assert engine.locate(file, some) == {row: wanted[row] for row in some}
    assert engine.locate(file, wanted) == wanted
