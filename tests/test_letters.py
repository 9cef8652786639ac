"""Letters that look alike are one, in the files and in the words of their description."""

import random

import duckdb
import pytest

from cxlib.engine import letters

ZWNJ, ZWJ, RLM, TATWEEL = "\u200c", "\u200d", "\u200f", "\u0640"


def in_sql(texts: list[str], *, key: bool) -> list[str]:
    """The texts as the files' are folded."""
    query = "SELECT unnest(?) AS r"
    steps = [
        (letters.with_persian_digits("r"), "p"),
        (letters.with_arabic_digits("p"), "d"),
        (
            f"CASE WHEN {letters.is_suspect('d')} THEN {letters.folded_letters('d', key=key)}"
            " ELSE d END",
            "t",
        ),
    ]
    for expression, name in steps:
        query = f"SELECT *, {expression} AS {name} FROM ({query})"
    query = f"SELECT trim(t, '{letters.PADDING}') FROM ({query})"
    return [found for (found,) in duckdb.connect().execute(query, [texts]).fetchall()]


@pytest.mark.parametrize(
    ("text", "folded", "key"),
    [
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789", "0123456789"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789", "0123456789"),
        ("كد۷", "کد7", "کد7"),
        ("علي", "علی", "علی"),
        ("علىٰ", "علیٰ", "علیٰ"),  # other marks over a letter stay
        ("خانۀ", "خانه\u0654", "خانه\u0654"),
        ("خانه\u0654", "خانه\u0654", "خانه\u0654"),
        ("فاطمة", "فاطمة", "فاطمة"),  # a letter of its own
        ("مسئول", "مسئول", "مسئول"),
        (f"می{ZWNJ}خواهم", f"می{ZWNJ}خواهم", "میخواهم"),
        (f"می{ZWNJ}{ZWNJ}خواهم", f"می{ZWNJ}خواهم", "میخواهم"),
        (f"فروش {ZWNJ}گاه{ZWNJ}", "فروش گاه", "فروش گاه"),
        (f"{RLM}تهران{TATWEEL}{TATWEEL}", "تهران", "تهران"),
        ("Jose\u0301", "José", "José"),
        ("call\u00a0centre", "call centre", "call centre"),
        ("co\u00adop", "coop", "coop"),
        ("\ufeffid ", "id", "id"),
        ("plain text, 1.5%", "plain text, 1.5%", "plain text, 1.5%"),
        ("", "", ""),
    ],
)
def test_folded(text: str, folded: str, key: str) -> None:
    assert letters.folded(text) == folded
    assert letters.folded(text, key=True) == key
    assert in_sql([text], key=False) == [folded]
    assert in_sql([text], key=True) == [key]


def test_python_and_sql_fold_alike_and_once_is_enough() -> None:
    marks = "abZ 09-,.\t" + "يىكڪۀۂھہەیکه\u0654" + "۰۹٠٩٫٬" + ZWNJ * 3 + ZWJ + RLM + TATWEEL
    marks += "\u00a0\u202f\u00ad\ufeff\u2060\u202aé\u0301\u0653ا"
    draw = random.Random(7)
    texts = ["".join(draw.choices(marks, k=draw.randint(0, 8))) for _ in range(3000)]
    for key in (False, True):
        folded = [letters.folded(text, key=key) for text in texts]
        assert in_sql(texts, key=key) == folded
        assert [letters.folded(text, key=key) for text in folded] == folded
