"""The whole suite: one run of all reports against plain papermill and nbconvert in a row.

Both make the same notebooks into HTML on this machine, one after the other; only the ratio travels.
"""

import json
import sys
import tempfile
from pathlib import Path

from measuring import command_seconds

from cxlib import PROJECT

RUN = """
import sys
from pathlib import Path
from cxlib import runs
sys.exit(runs.run([], {}, reports=Path(sys.argv[1])).exit_code)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = command_seconds([sys.executable, "-c", RUN, folder])
        [manifest] = Path(folder).glob("*/manifest.json")
        reports = json.loads(manifest.read_text(encoding="utf-8"))["reports"]
        plain = 0.0
        print(f"{'report':<16}{'in the run, s':>14}{'in a row, s':>14}{'HTML, MB':>10}")
        for report in reports:
            name = report["name"]
            seconds = _in_a_row(PROJECT / "notebooks" / report["notebook"], Path(folder) / name)
            plain += seconds
            page = manifest.parent / name / f"{name}.html"
            size = page.stat().st_size / 1e6
            print(f"{name:<16}{report['seconds']:>14.1f}{seconds:>14.1f}{size:>10.2f}")
    print(f"{'whole command':<16}{ours:>14.1f}{plain:>14.1f}")
    print(f"ratio {ours / plain:.2f}")


def _in_a_row(notebook: Path, stem: Path) -> float:
    """Seconds of the papermill command and of nbconvert for one notebook."""
    executed = stem.with_suffix(".ipynb")
    results = stem.with_suffix(".results")
    python = [sys.executable, "-m"]
    papermill = [*python, "papermill", str(notebook), str(executed), "-p", "output_dir"]
    nbconvert = [*python, "nbconvert", "--to", "html", str(executed)]
    return command_seconds([*papermill, str(results)]) + command_seconds(nbconvert)


if __name__ == "__main__":
    main()
