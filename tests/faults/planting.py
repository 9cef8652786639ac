"""What planting a fault gives: the files with it, and what must be told of it."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .samples import CSV, Form, Row, Sample, entry

Outcome = Literal["E", "R", "W"]


@dataclass(frozen=True)
class Told:
    """What the door must say. `rule` and `remedy`: words of it; `alone`: nothing else is wrong."""

    outcome: Outcome
    rule: str
    column: str = ""
    theirs: str = ""
    count: int = 0
    places: tuple[int, ...] = ()
    remedy: str = ""
    alone: bool = True


@dataclass(frozen=True)
class Planted:
    """Files below data/ and their sources.toml with a fault in it.

    `mended`: the sources.toml that follows the remedy. `same_as`: the sample whose table comes out,
    at once for a repair, after mending for an error. `values`: by column, what must come out.
    """

    input: str
    files: Mapping[str, bytes]
    sources: str
    told: Told
    mended: str = ""
    same_as: Sample | None = None
    values: Mapping[str, Sequence[object]] | None = None


Plant = Callable[[random.Random, Sample], Planted]


@dataclass(frozen=True)
class Fault:
    """A fault of the list, one way to plant it, and the samples into which it is planted."""

    number: int
    name: str
    outcome: Outcome
    samples: tuple[str, ...]
    plant: Plant


class Faults:
    """Faults as they are declared, each above the function that plants it."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._all)

    def __call__(
        self, number: int, name: str, outcome: Outcome, *samples: str
    ) -> Callable[[Plant], Plant]:
        def declared(plant: Plant) -> Plant:
            self._all.append(Fault(number, name, outcome, samples, plant))
            return plant

        return declared


def planted(
    sample: Sample,
    content: bytes | Sequence[Row],
    told: Told,
    *,
    header: Row | None = None,
    form: Form = CSV,
    keys: Mapping[str, str] | None = None,
    mend: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    same: bool = False,
    values: Mapping[str, Sequence[object]] | None = None,
) -> Planted:
    """One file of a sample with a fault in it.

    `content`: the file, or its rows. `keys`: of the entry, in place of the sample's; `mend`: those
    to add, and `columns`: those to call otherwise, as the remedy says. `same`: the table that comes
    out is that of the sample.
    """
    if not isinstance(content, bytes):
        content = form.written(header or sample.header, content)
    name = f"raw/file.{form.suffix}"
    given = {**(sample.keys if keys is None else keys), **(form.keys or {})}
    mended = ""
    if mend is not None or columns is not None:
        mended = entry(sample, form.prefix + name, given | (mend or {}), **(columns or {}))
    return Planted(
        sample.input,
        {name: content},
        entry(sample, form.prefix + name, given),
        told,
        mended,
        sample if same else None,
        values,
    )


def some(chance: random.Random, sample: Sample, most: int = 14) -> list[int]:
    """Numbers of some rows, in order."""
    return sorted(chance.sample(range(len(sample.rows)), chance.randint(1, most)))


def changed(
    sample: Sample, where: Sequence[int], index: int, change: Callable[[str], str]
) -> list[Row]:
    """The rows with a cell changed in some of them."""
    rows = list(sample.rows)
    for row in where:
        rows[row] = (*rows[row][:index], change(rows[row][index]), *rows[row][index + 1 :])
    return rows


def places(where: Sequence[int], form: Form = CSV) -> tuple[int, ...]:
    """The first ten lines or rows of the file that a message names."""
    return tuple(row + form.first_place for row in where[:10])
