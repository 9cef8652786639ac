"""Answers in words: the number that each stands for, where the words leave no doubt."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cxlib import engine
from cxlib.proposing import numbers
from cxlib.proposing.letters import is_nothing, plain

_MOST_LABELS = 11
_ENOUGH_ANSWERS = 100
# The lowest answer first, of answers that no opposite word tells.
_ORDERED = (
    ("poor", "fair", "good", "excellent"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("poor", "average", "good", "very good", "excellent"),
    ("very poor", "poor", "fair", "good", "excellent"),
    ("very poor", "poor", "average", "good", "excellent"),
    ("terrible", "poor", "average", "good", "excellent"),
    ("terrible", "bad", "ok", "good", "excellent"),
    ("ضعیف", "متوسط", "خوب", "عالی"),
    ("ضعیف", "متوسط", "خوب", "خیلی خوب", "عالی"),
    ("خیلی ضعیف", "ضعیف", "متوسط", "خوب", "عالی"),
    ("بد", "متوسط", "خوب", "عالی"),
    ("خیلی بد", "بد", "متوسط", "خوب", "عالی"),
)
_OPPOSITES = (
    ("dissatisfied", "satisfied"),
    ("unsatisfied", "satisfied"),
    ("unhappy", "happy"),
    ("disagree", "agree"),
    ("difficult", "easy"),
    ("hard", "easy"),
    ("unlikely", "likely"),
    ("bad", "good"),
    ("poor", "good"),
    ("ناراضی", "راضی"),
    ("ناراضی ام", "راضی ام"),
    ("ناراضیم", "راضیم"),
    ("مخالف", "موافق"),
    ("مخالفم", "موافقم"),
    ("سخت", "آسان"),
    ("دشوار", "آسان"),
    ("بد", "خوب"),
    ("ضعیف", "خوب"),
    ("غیرمحتمل", "محتمل"),
)
# Of anything, where a column is not called like one of answers.
_AMOUNTS = ("کم", "زیاد")
# How much: the words of one row are not told apart, for a scale has one of them.
_MOST, _MUCH, _LITTLE = 3, 2, 1
_DEGREES = {
    **dict.fromkeys(
        (
            "very",
            "extremely",
            "strongly",
            "completely",
            "totally",
            "highly",
            "خیلی",
            "بسیار",
            "کاملا",
        ),
        _MOST,
    ),
    **dict.fromkeys(("", "moderately", "mostly", "quite"), _MUCH),
    **dict.fromkeys(("somewhat", "slightly", "rather", "fairly", "نسبتا", "تاحدی", "کمی"), _LITTLE),
}
_BETWEEN = re.compile(
    r"neutral|average|neither|undecided|fair|acceptable|ok(ay)?|so so"
    r"|neither .* (n?or) .*|متوسط|خنثی|بی ?طرف|معمولی|نه .* نه .*|ممتنع"
)
_NO_ANSWER = re.compile(
    r"(i )?(don[’']?t|do not) know|dk|not applicable|no (opinion|answer|response)|not sure|unsure"
    r"|(i )?prefer not to (say|answer)|declined|refused|skipped"
    r"|نمی ?دانم|بی ?پاسخ|بدون پاسخ|پاسخ نداده|تجربه ?ای ندارم"
)


def labels(texts: Mapping[str, int], *, is_named: bool) -> dict[str, int]:
    """The number of each word of a column of answers; {} where the words do not say it.

    `texts`: rows of each value. A number before words is theirs ("10 - Extremely likely"), where
    the column is called like one of answers (`is_named`) or the words behind it are known; where
    those go from best to worst ("1 - Very satisfied"), the words tell the numbers. Known words are
    those of a scale from one end to the other, the same steps on both sides of the middle ("Very
    dissatisfied" to "Very satisfied"); without a middle, or where the words have no opposites, each
    must occur among at least 100 answers.
    """
    words = {
        text: count
        for text, count in texts.items()
        if not (is_nothing(text) or _NO_ANSWER.fullmatch(_said(text)))
    }
    if len(words) < 2 or sum(_value(text) is None for text in words) > _MOST_LABELS:
        return {}
    if before := _before(words):
        return _in_order(before, words, is_named=is_named)
    opposites = (*_OPPOSITES, _AMOUNTS) if is_named else _OPPOSITES
    said: Counter[str] = Counter()
    for text, count in words.items():
        said[_said(text)] += count
    known = _known(said, opposites)
    # One in each way of writing that the door tells apart.
    theirs = {engine.as_label(text): text for text in words}.values() if known else ()
    found = {text: known[_said(text)] for text in theirs}
    nobodys = {word: value for word, value in known.items() if word not in said}
    return dict(sorted((found | nobodys).items(), key=lambda pair: pair[1]))


def of_others(texts: Mapping[str, int], known: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The labels of other columns that all words of this one are among; {} where several are."""
    words = {engine.as_label(text) for text in texts if not is_nothing(text)}
    fitting = [one for one in known if words and words <= {engine.as_label(label) for label in one}]
    is_one = len({frozenset(one.items()) for one in fitting}) == 1
    return dict(fitting[0]) if is_one else {}


def together(found: Iterable[Mapping[str, int]]) -> dict[str, int] | None:
    """The words of several columns; None where a word has two numbers."""
    both: dict[str, int] = {}
    for one in found:
        if any(both.get(label, value) != value for label, value in one.items()):
            return None
        both |= one
    return both


def _before(words: Mapping[str, int]) -> dict[str, int]:
    """The number before the words of each text that is no number itself; {} unless all have one."""
    worded = [text for text in words if _value(text) is None]
    found = {text: numbers.before_words(text) for text in worded}
    if not worded or not all(found.values()):
        return {}
    values = {text: int(number) for text, number in found.items()}
    return values if len({*values.values()}) == len(values) else {}


def _in_order(
    before: Mapping[str, int], words: Mapping[str, int], *, is_named: bool
) -> dict[str, int]:
    """The numbers before words, or those of a scale of known words that goes the other way.

    {} where known words go neither way; where they go the other way, and are no whole scale or
    stand beside numbers alone; and where they are not known, unless `is_named`.
    """
    behind = {text: re.sub(r"^[\d\W_]+", "", _said(text)) for text in before}
    in_order = [behind[text] for text in sorted(before, key=before.__getitem__)]
    found = [[_level(word, pair) for word in in_order] for pair in _OPPOSITES]
    of_all = next((levels for levels in found if None not in levels), [])
    ranks = [level for level in of_all if level is not None]
    if len({*ranks}) < len(before):
        return dict(before) if is_named else {}
    if ranks == sorted(ranks):
        return dict(before)
    known = _known({behind[text]: words[text] for text in before}, _OPPOSITES)
    is_turned = ranks == sorted(ranks, reverse=True) and len(before) == len(words)
    return {text: known[behind[text]] for text in before} if is_turned and known else {}


def _known(words: Mapping[str, int], opposites: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The scale that words are of, all its words from the lowest on; {} where several could be."""
    found = [scale for pair in opposites if (scale := _between_opposites(words, pair))]
    enough = sum(words.values()) >= _ENOUGH_ANSWERS
    found += [[*scale] for scale in _ORDERED if enough and {*scale} == {*words}]
    if len({tuple(scale) for scale in found}) != 1:
        return {}
    return {word: number for number, word in enumerate(found[0], 1)}


def _between_opposites(words: Mapping[str, int], pair: tuple[str, str]) -> list[str]:
    """The words from one opposite to the other, lowest first; [] where some are others."""
    by_level: dict[int, str] = {}
    for word in words:
        level = _level(word, pair)
        if level is None or level in by_level:
            return []
        by_level[level] = word
    degrees = sorted({abs(level) for level in by_level} - {0})
    if not degrees or not {-1, 1} <= {level // abs(level) for level in by_level if level}:
        return []
    levels = [-one for one in reversed(degrees)] + [0] * (0 in by_level) + degrees
    lacking = [level for level in levels if level not in by_level]
    is_sure = 0 in by_level and len(degrees) > 1
    if not is_sure and (lacking or sum(words.values()) < _ENOUGH_ANSWERS):
        return []
    adverbs = {abs(level): word.removesuffix(_end(word, pair)) for level, word in by_level.items()}
    return [by_level.get(level) or f"{adverbs[abs(level)]}{pair[level > 0]}" for level in levels]


def _end(word: str, pair: Sequence[str]) -> str:
    return next((one for one in pair if word == one or word.endswith(f" {one}")), "")


def _level(word: str, pair: tuple[str, str]) -> int | None:
    """How far a word lies to the second of a pair or (negative) the first; None where to none."""
    if _BETWEEN.fullmatch(word):
        return 0
    for sign, end in ((-1, pair[0]), (1, pair[1])):
        if word == end or word.endswith(f" {end}"):
            degree = _DEGREES.get(word.removesuffix(end).strip())
            return None if degree is None else sign * degree
    return None


def _said(text: str) -> str:
    """A text in small letters with single blanks, as the words above are written."""
    folded = plain(text).replace("\u200c", " ").replace("\u064b", "")
    return " ".join(folded.casefold().split()).strip(" .!")


def _value(text: str) -> float | None:
    return numbers.PLAIN.read(text)
