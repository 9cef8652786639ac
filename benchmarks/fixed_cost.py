"""What a notebook costs beyond its own computing: six that import the usual libraries and end.

One run of ours against the papermill command and nbconvert, one notebook after the other; only the
ratio travels.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from measuring import command_seconds

NOTEBOOKS = 6

USUAL = "import pandas\nimport seaborn\nimport statsmodels.formula.api\nimport sklearn.linear_model"
SAVE = """\
from pathlib import Path
_ = Path(output_dir).mkdir(exist_ok=True)
_ = (Path(output_dir) / "results.json").write_text('{"headline": "", "measures": []}')
"""
RUN = """
import sys
from pathlib import Path
from cxlib import runs
notebooks, reports = map(Path, sys.argv[1:])
sys.exit(runs.run([], {}, notebooks=notebooks, reports=reports).exit_code)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        notebooks = Path(folder) / "notebooks"
        notebooks.mkdir()
        paths = [_write(notebooks / f"{number:02}_n{number}.ipynb") for number in range(NOTEBOOKS)]
        ours = command_seconds([sys.executable, "-c", RUN, str(notebooks), f"{folder}/reports"])
        papermill = nbconvert = 0.0
        for path in paths:
            done = Path(folder) / path.name
            python = [sys.executable, "-m"]
            papermill += command_seconds(
                [*python, "papermill", str(path), str(done), "-p", "output_dir", folder]
            )
            nbconvert += command_seconds([*python, "nbconvert", "--to", "html", str(done)])
    print(f"seconds a notebook, {NOTEBOOKS} of them")
    print(f"{'one run, pages included':<32}{ours / NOTEBOOKS:>6.2f}")
    print(f"{'papermill':<32}{papermill / NOTEBOOKS:>6.2f}")
    print(f"{'nbconvert':<32}{nbconvert / NOTEBOOKS:>6.2f}")
    print(f"ratio to papermill alone         {ours / papermill:>6.2f}")
    print(f"ratio to papermill and nbconvert {ours / (papermill + nbconvert):>6.2f}")


def _write(path: Path) -> Path:
    parameters = nbformat.v4.new_code_cell('output_dir: str = ""  # where results are written')
    parameters.metadata["tags"] = ["parameters"]
    cells = [parameters, *map(nbformat.v4.new_code_cell, (USUAL, SAVE))]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    nbformat.write(notebook, path)
    return path


if __name__ == "__main__":
    main()
