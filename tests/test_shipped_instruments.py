"""The shipped questionnaires: their structure is the published one, their Persian is clean."""

import re
import tomllib
from collections import Counter

import pytest

from cxlib import PROJECT

FOLDER = PROJECT / "data" / "instruments"
NAMES = ["servqual_22", "servperf_22", "servqual_10"]
# Persian letters, vowel marks in use, the comma, spaces and the zero-width non-joiner; Arabic yeh
# and kaf, which look alike, are not among them.
PERSIAN = re.compile(r"[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئءأؤ\u064b\u0654\u200c، ]+")


def _load(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def test_every_shipped_instrument_is_tested():
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(NAMES)


@pytest.mark.parametrize("name", ["servqual_22", "servperf_22"])
def test_items_of_the_five_dimensions(name):
    # Parasuraman, Zeithaml & Berry (1988, 1991).
    assert Counter(item["dimension"] for item in _load(name)["items"]) == {
        "tangibles": 4,
        "reliability": 5,
        "responsiveness": 4,
        "assurance": 4,
        "empathy": 5,
    }


def test_servperf_asks_for_perceptions_of_the_same_items():
    servperf, servqual = _load("servperf_22"), _load("servqual_22")
    assert servperf["items"] == servqual["items"]
    assert servperf["names_fa"] == servqual["names_fa"]
    assert servperf["answers"] == ["perception"]


def test_items_of_the_ten_dimensions():
    # Parasuraman, Zeithaml & Berry (1985).
    assert Counter(item["dimension"] for item in _load("servqual_10")["items"]) == {
        "tangibles": 3,
        "reliability": 3,
        "responsiveness": 3,
        "communication": 3,
        "credibility": 3,
        "security": 3,
        "competence": 3,
        "courtesy": 3,
        "understanding": 3,
        "access": 3,
    }


@pytest.mark.parametrize("name", NAMES)
def test_items_are_numbered_and_worded_once(name):
    items = _load(name)["items"]
    assert [item["id"] for item in items] == [f"{row:02d}" for row in range(1, len(items) + 1)]
    for language in ("text", "text_fa"):
        assert len({item[language] for item in items}) == len(items)


@pytest.mark.parametrize("name", NAMES)
def test_persian_is_there_and_clean(name):
    data = _load(name)
    assert set(data["names_fa"]) == {item["dimension"] for item in data["items"]}
    for text in [*data["names_fa"].values(), *(item["text_fa"] for item in data["items"])]:
        assert PERSIAN.fullmatch(text), text
        # A half-space stands between two letters, and prefixes and suffixes have one.
        assert not re.search(r"\u200c(?![آ-ی])|[^آ-ی\u0654]\u200c|^ | $|  | ،", text), text
        assert not re.search(r"(^| )ن?می | ها( |$)| های( |$)", text), text
