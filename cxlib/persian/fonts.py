"""Vazirmatn (SIL Open Font License, fonts/OFL.txt): as TrueType for figures, as WOFF2 for pages."""

import base64
import functools
from pathlib import Path

from matplotlib import font_manager

FONT = "Vazirmatn"
_FOLDER = Path(__file__).parents[1] / "fonts"
_WEIGHTS = (400, 700)


@functools.cache
def add_fonts() -> None:
    """Make the font known to matplotlib, once a process."""
    for weight in _WEIGHTS:
        font_manager.fontManager.addfont(str(_FOLDER / f"vazirmatn-{weight}.ttf"))


@functools.cache
def font_faces() -> str:
    """The CSS that brings the font with a page, for Arabic letters and Persian digits alone."""
    return "\n".join(_face(weight) for weight in _WEIGHTS)


def _face(weight: int) -> str:
    content = (_FOLDER / f"vazirmatn-{weight}.woff2").read_bytes()
    source = f"url(data:font/woff2;base64,{base64.b64encode(content).decode()}) format('woff2')"
    letters = "U+0600-06FF, U+200C-200D, U+FB50-FDFF, U+FE70-FEFC"
    return (
        f"@font-face {{ font-family: {FONT}; font-weight: {weight}; src: {source}; "
        f"unicode-range: {letters}; }}"
    )
