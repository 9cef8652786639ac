"""What the values of a column are: numbers, dates, words, and the codes among them."""

import dataclasses
import functools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cxlib import engine
from cxlib.proposing import days, numbers
from cxlib.proposing.days import Written
from cxlib.proposing.letters import is_nothing, words
from cxlib.proposing.numbers import Marks
from cxlib.proposing.sampling import Sample

_FEW = 3
_LEFT_SHARE = 0.05
# Of the rows: with more left the column is not one of dates or numbers with errors in it.
_NEARLY_LEFT_SHARE = 0.1
FEW_VALUES = 50


@dataclass(frozen=True)
class Column:
    """A column of the sampled rows. `counts`: how many rows have each text that is not blank.

    `typed`: it holds dates as such. `sample`: where it is from, as the column number `index`.
    `labels`: words of its cells that `counts` has as the numbers that they stand for.
    """

    name: str
    counts: dict[str, int]
    rows: int
    typed: bool = False
    sample: Sample = field(default=Sample(), repr=False, compare=False)
    index: int = 0
    labels: Mapping[str, int] = field(default_factory=dict)

    @property
    def filled(self) -> int:
        return sum(self.counts.values())

    @property
    def is_id(self) -> bool:
        """Whether no text stands twice."""
        return bool(self.counts) and len(self.counts) == self.filled

    @property
    def is_named(self) -> bool:
        return not self.sample.names or bool(self.sample.names[self.index])

    @property
    def has_few_values(self) -> bool:
        return 1 < len(self.counts) <= min(FEW_VALUES, max(self.filled // 3, 2))

    @functools.cached_property
    def left(self) -> tuple[str, ...]:
        """The few texts among numbers that are none; none where the column is one of words."""
        left: list[str] = []
        for text in self.counts:
            if all(marks.read(text) is None for marks in numbers.KNOWN):
                left.append(text)
                if len(left) > _FEW or numbers.before_words(text):
                    return ()
        if len(left) == len(self.counts):
            return ()
        odd = sum(self.counts[one] for one in left if not is_nothing(one))
        return tuple(left) if odd <= _LEFT_SHARE * self.filled or self._rates(left) else ()

    def _rates(self, left: Sequence[str]) -> bool:
        """Whether all but the few words are whole numbers of a rating, as "Blank" among 1 to 5."""
        whole = [text for text in self.counts if text not in left]
        return (
            len(left) == 1
            and len(whole) >= 3
            and all(
                (value := numbers.PLAIN.read(text)) is not None and 0 <= value <= 11
                for text in whole
            )
        )

    @functools.cached_property
    def marks(self) -> tuple[Marks, ...]:
        """The ways to read all values but `left` as numbers; none where they are not numbers."""
        texts = [text for text in self.counts if text not in self.left]
        return numbers.fitting(texts) if texts else ()

    @functools.cached_property
    def dates(self) -> tuple[Written, ...]:
        if self.typed:
            return (Written("%Y-%m-%d", "gregorian"),)
        return self._fitting(monthly=False)

    @functools.cached_property
    def months(self) -> tuple[Written, ...]:
        """As `dates`, where a month or a year alone is one, too."""
        return self.dates or self._fitting(monthly=True)

    def _fitting(self, *, monthly: bool) -> tuple[Written, ...]:
        since_1904 = self.sample.counts_from_1904
        return (
            days.fitting(self.counts, monthly=monthly, counts_from_1904=since_1904)
            if self.counts
            else ()
        )

    @functools.cached_property
    def is_nearly_dates(self) -> bool:
        """Whether one way of writing dates fits all but a few rows."""
        return self._leaves_few_days(monthly=False)

    @functools.cached_property
    def is_nearly_months(self) -> bool:
        """As `is_nearly_dates`, where a month or a year alone is a date, too."""
        return self.is_nearly_dates or self._leaves_few_days(monthly=True)

    def _leaves_few_days(self, *, monthly: bool) -> bool:
        closest = days.closest(self.counts, monthly=monthly)
        return self.leaves_few(closest.left) if closest else False

    @functools.cached_property
    def is_nearly_numbers(self) -> bool:
        """Whether one way of writing numbers fits all but a few rows, or a unit stands beside."""
        left = numbers.closest(self.counts)[1]
        if left and all(map(numbers.is_answer_code, left)):
            return False
        if left and not self.has_units and all(map(numbers.before_words, left)):
            return False
        return self.leaves_few(left) or self.has_units

    @functools.cached_property
    def has_units(self) -> bool:
        """Whether all but a few are numbers, with one unit beside them or beside some."""
        bare = {text: numbers.bare(text) for text in self.counts}
        units = {unit for _, unit in bare.values()} - {""}
        plain_ids = self.is_id and all(text.isdecimal() for text, _ in bare.values())
        if len(units) != 1 or (plain_ids and all(map(str.isalpha, units))):
            return False
        marks, _ = numbers.closest(number for number, _ in bare.values())
        return self.leaves_few([one for one in bare if marks.read(bare[one][0]) is None])

    def without(self, texts: Collection[str]) -> "Column":
        """The same column where some texts are blank."""
        counts = {text: count for text, count in self.counts.items() if text not in texts}
        return dataclasses.replace(self, counts=counts)

    def labelled(self, labels: Mapping[str, int]) -> "Column":
        """The same column with words for answers as the numbers that they stand for."""
        if not labels:
            return self
        value_of = {engine.as_label(label): str(value) for label, value in labels.items()}
        counts: Counter[str] = Counter()
        for text, count in self.counts.items():
            counts[value_of.get(engine.as_label(text), text)] += count
        return dataclasses.replace(self, counts=dict(counts), labels=labels)

    def leaves_few(self, left: Collection[str]) -> bool:
        """Whether these texts stand in so few rows that the others say what the column is."""
        return sum(self.counts[one] for one in left) <= _NEARLY_LEFT_SHARE * self.filled

    def places(self, texts: Collection[str]) -> str:
        """How many rows have one of some texts, and the first of the lines, in words."""
        rows = sum(self.counts.get(text, 0) for text in texts)
        lines = self.sample.lines_of(row[self.index] in texts for row in self.sample.rows)
        return f"{rows:,}: {lines}" if lines else f"{rows:,} row{'s' * (rows != 1)}"

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name."""
        return words(self.name)

    @property
    def is_number(self) -> bool:
        return bool(self.marks)

    def numbers(self, marks: Marks) -> dict[str, float]:
        """Each text that is a number, with its value."""
        return {text: value for text in self.counts if (value := marks.read(text)) is not None}

    @property
    def not_whole(self) -> tuple[str, ...]:
        """The texts of a few rows that are no whole numbers, where the others are; () elsewhere."""
        left = [
            text for text in self.counts if (value := numbers.PLAIN.read(text)) is None or value % 1
        ]
        return tuple(left) if self.leaves_few(left) else ()

    @functools.cached_property
    def whole_numbers(self) -> dict[int, int]:
        """How many rows have each number, where all numbers are whole and they are few."""
        found: Counter[int] = Counter()
        for text, value in self.numbers(numbers.PLAIN).items():
            if value % 1:
                return {}
            found[int(value)] += self.counts[text]
        return dict(found) if len(found) <= FEW_VALUES else {}

    def samples(self, *, masked: bool = False) -> tuple[str, ...]:
        """Three of its values; those of an id with all but the last two characters hidden."""
        texts = list(self.counts)
        chosen = dict.fromkeys(texts[i] for i in (0, len(texts) // 2, len(texts) - 1) if texts)
        return tuple(mask(text) if masked else text for text in chosen)


def mask(text: str) -> str:
    """An id of which only the last two characters can be seen, none where it is short."""
    return "***" + (text[-2:] if len(text) > 4 else "")


def of(sample: Sample) -> tuple[Column, ...]:
    """The columns of a sample, in the order of the file; those without a name by their place."""
    return tuple(
        Column(
            name or f"column {index + 1}",
            _counted(row[index] for row in sample.rows),
            len(sample.rows),
            name in sample.typed,
            sample,
            index,
        )
        for index, name in enumerate(sample.names)
    )


def _counted(texts: Iterable[str]) -> dict[str, int]:
    counts = Counter(texts)
    counts.pop("", None)
    return dict(counts)
