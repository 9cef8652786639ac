"""Persian outputs: sentences and labels from a catalogue, digits, names of months, and a font.

What methods say they say in English. A page or a figure in Persian looks each text up: the
catalogue holds the English and the Persian wording side by side, with the same places for names and
figures in both. A text that it does not hold stays in English.
"""

from cxlib.persian.fonts import FONT, add_fonts, font_faces
from cxlib.persian.numerals import in_persian_digits, isolated
from cxlib.persian.translation import in_persian

__all__ = ["FONT", "add_fonts", "font_faces", "in_persian", "in_persian_digits", "isolated"]
