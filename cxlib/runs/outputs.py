"""What a notebook's cells put out: capped where it floods, and without paths of this machine."""

import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from cxlib import PROJECT

CELL_TEXT = 1_000_000
NOTEBOOK_TOTAL = 20_000_000
CELL_OUTPUTS = 1_000

OUTPUT_MESSAGES = ("stream", "display_data", "execute_result", "error")


class OutputCap:
    """Lets a notebook's outputs in until they are too many; counts what it leaves out.

    Per cell 1 MB of text and 1,000 outputs, per notebook 20 MB; a MB is a million characters.
    `left_out` is the number of characters left out, of the notebook so far.
    """

    def __init__(self) -> None:
        self.left_out = 0
        self._total = 0
        self.begin_cell()

    def begin_cell(self) -> None:
        self._text = 0
        self._left_out_before = self.left_out

    def admit(self, content: dict[str, Any], kind: str, outputs: list[NotebookNode]) -> bool:
        """Whether a new output comes of a message, whose text may be shortened here.

        Text of the same stream as the last output is joined to it.
        """
        self.left_out += content.pop("left_out", 0)
        if kind == "stream":
            return self._admit_text(content, outputs)
        size = _size(content)
        if kind == "error":
            # Never left out: it says why the notebook failed.
            if size > CELL_TEXT:
                self.left_out += size
                content.update(evalue=content["evalue"][:1000], traceback=[])
            return True
        if len(outputs) >= CELL_OUTPUTS or self._total + size > NOTEBOOK_TOTAL:
            self.left_out += size
            return False
        self._total += size
        return True

    def _admit_text(self, content: dict[str, Any], outputs: list[NotebookNode]) -> bool:
        text = content["text"]
        room = max(0, min(CELL_TEXT - self._text, NOTEBOOK_TOTAL - self._total))
        kept = text[:room]
        joins = bool(outputs) and outputs[-1].get("name") == content["name"]
        if not joins and len(outputs) >= CELL_OUTPUTS:
            kept = ""
        self.left_out += len(text) - len(kept)
        self._text += len(kept)
        self._total += len(kept)
        if joins:
            outputs[-1]["text"] += kept
        content["text"] = kept
        return bool(kept) and not joins

    def end_cell(self, outputs: list[NotebookNode]) -> None:
        """Say at the end of a cell what was left out of it."""
        if left_out := self.left_out - self._left_out_before:
            amount = f"{left_out / 1e6:,.0f} MB" if left_out >= 1e6 else f"{left_out:,} characters"
            text = f"\n… output capped at {CELL_TEXT / 1e6:.0f} MB of text a cell, "
            text += f"{CELL_OUTPUTS:,} outputs a cell and {NOTEBOOK_TOTAL / 1e6:.0f} MB a notebook;"
            text += f" {amount} were left out\n"
            outputs.append(nbformat.v4.new_output("stream", name="stderr", text=text))


def _size(content: Mapping[str, Any]) -> int:
    parts = [*content.get("data", {}).values(), *content.get("traceback", ())]
    parts.append(content.get("evalue", ""))
    return sum(len(part) if isinstance(part, str) else len(str(part)) for part in parts)


class PathNames:
    """Paths of this machine in texts, made such that they read the same elsewhere.

    Under the given folders and the project: relative. In an installed package:
    <python>/site-packages/...; in Python itself: <python>/...; under home: ~/...
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        names = {str(folder.resolve()) + "/": "" for folder in folders}
        names[f"{PROJECT}/"] = ""
        paths = sysconfig.get_paths()
        for key in ("purelib", "platlib"):
            names[paths[key] + "/"] = "<python>/site-packages/"
        for key in ("stdlib", "platstdlib"):
            names[paths[key] + "/"] = "<python>/"
        for prefix in (sys.prefix, sys.base_prefix):
            if prefix != "/usr":
                names[prefix + "/"] = "<python>/"
        home = str(Path.home())
        if home != "/":
            # IPython has written ~ for it already.
            short = {
                "~" + path.removeprefix(home): name
                for path, name in names.items()
                if path.startswith(home + "/")
            }
            names |= short | {home + "/": "~/"}
        self._names = names
        longest_first = sorted(names, key=len, reverse=True)
        # Only at the beginning of a path, also one in colours: not in the midst of a longer one.
        self._pattern = re.compile(
            r"(?:(?<![\w./~-])|(?<=\x1b\[\d\dm)|(?<=\x1b\[\dm))(?:"
            + "|".join(map(re.escape, longest_first))
            + ")"
        )
        # The file of a cell is named after the kernel's process and a hash.
        self._cell = re.compile(r"[^\s\"'<>]*/ipykernel_\d+/\d+\.py")

    def tidy(self, text: str) -> str:
        text = self._cell.sub("<cell>", text)
        return self._pattern.sub(lambda match: self._names[match[0]], text)

    def tidy_notebook(self, notebook: NotebookNode) -> None:
        """Tidy the error outputs and what went to stderr, in place."""
        for cell in notebook.cells:
            for output in cell.get("outputs", ()):
                if output.output_type == "error":
                    output.evalue = self.tidy(output.evalue)
                    output.traceback = [self.tidy(line) for line in output.traceback]
                elif output.output_type == "stream" and output.name == "stderr":
                    output.text = self.tidy(output.text)
