"""What the answers of a survey let one doubt: careless, missing and wrongly keyed answers."""

import json
import math
from collections.abc import Sequence
from statistics import NormalDist

import narwhals as nw
import numpy as np

from cxlib import contracts, engine, waves
from cxlib.contracts import Rule
from cxlib.door.correlations import by_permutation
from cxlib.sources import Source

# Questions from which the same answer to all of them says something.
_ENOUGH_QUESTIONS = 5
# Respondents from which the sign of a correlation is judged, and the share of surveys without a
# wrong key in which some item is doubted.
_ENOUGH_RESPONDENTS = 30
_FALSE_ALARMS = 0.05
_SAMPLE = 20_000
# A weaker correlation is no sign of a wrong key, however sure.
_LEAST_CORRELATION = -0.2
# Zeros from which their number says something, and their share.
_ENOUGH_ZEROS, _SHARE_OF_ZEROS = 10, 0.05
# Of a correlation, for Fisher's z to be finite.
_LOWEST = -1 + 1e-12
_ANSWERS = {"E": "expectation", "P": "perception", "A": "adequate"}


def straight_lining(source: Source) -> list[Rule]:
    """A warning for rows with one and the same answer, as it was given, to five questions or more.

    Of each group of questions that are answered on one scale; a blank is no answer.
    """
    rules = []
    for group, names in groups(source).items():
        if len(names) < _ENOUGH_QUESTIONS:
            continue
        answered = nw.sum_horizontal(*((~nw.col(name).is_null()).cast(nw.Int64) for name in names))
        alike = nw.max_horizontal(*names) == nw.min_horizontal(*names)
        text = "the same answer to all questions (straight-lining, or all felt alike)"
        broken = alike & (answered >= _ENOUGH_QUESTIONS)
        rules.append(Rule(group, text, broken, "warning", with_share=True))
    return rules


def unanswered(source: Source, kept: nw.LazyFrame) -> list[tuple[str, str, int]]:
    """The share of answers that are blank in each group of questions: group, text, rows.

    Rows: those with a blank in some question of the group. `kept`: the rows not left out.
    """
    asked = groups(source)
    if not asked:
        return []
    plain: dict[str, nw.Expr] = {}
    for number, names in enumerate(asked.values()):
        blank = {name: nw.col(name).is_null().cast(nw.Int64) for name in names}
        plain |= {f"__blank_{name}": one for name, one in blank.items()}
        plain[f"__any_{number}"] = nw.max_horizontal(*blank.values())
    totals = [*(nw.col(name).sum() for name in plain), nw.len().alias("__rows")]
    found = kept.select(**plain).select(*totals).collect("pyarrow").rows(named=True)[0]
    rows = found["__rows"]
    doubts = []
    for number, (group, names) in enumerate(asked.items()):
        blanks = {name: found[f"__blank_{name}"] for name in names}
        if not (total := sum(blanks.values())):
            continue
        most = max(names, key=blanks.__getitem__)
        text = (
            f"{100 * total / (rows * len(names)):.1f} % of the answers are blank, most of them in"
            f" {source.wanted[most]} ({100 * blanks[most] / rows:.1f} %)"
        )
        doubts.append((group, text, int(found[f"__any_{number}"])))
    return doubts


def waves_in_doubt(source: Source, kept: nw.LazyFrame) -> list[tuple[str, str, int]]:
    """A warning where the names of the waves do not tell which was the last: column, text, 0."""
    if "wave" not in source.columns:
        return []
    counted = kept.group_by("wave").agg(nw.len().alias("__rows")).collect("pyarrow")
    names = [str(name) for name in counted.get_column("wave").to_list() if name is not None]
    if waves.tells_order(names):
        return []
    text = (
        f"their names do not tell which was the last: they are taken in the order {_listed(names)};"
        " number them where it is another, as 1 before and 2 after"
    )
    return [("wave", text, 0)]


def panel(source: Source, kept: nw.LazyFrame) -> list[tuple[str, str, int]]:
    """A warning about respondents who answered in several waves: column, text, how many."""
    if not {"respondent_id", "wave"} <= source.columns.keys():
        return []
    named = kept.filter(~nw.col("respondent_id").is_null())
    waves_of = named.group_by("respondent_id").agg(nw.col("wave").n_unique().alias("__waves"))
    several = waves_of.filter(nw.col("__waves") > 1).select(nw.len().alias("n"))
    count = int(several.collect("pyarrow").item())
    text = (
        "respondents who answered in several waves: changes are compared as if others had been"
        " asked, and their intervals are too wide"
    )
    return [("respondent_id", text, count)] if count else []


def _listed(names: Sequence[str]) -> str:
    return ", ".join(json.dumps(name, ensure_ascii=False) for name in waves.in_time(names))


def wrongly_keyed(source: Source, kept: nw.LazyFrame, rows: int) -> list[tuple[str, str, int]]:
    """Items that go down where the rest of their dimension goes up: column, text, respondents.

    The correlation of an item with the sum of the other items of its dimension, reverse-keyed ones
    turned, among respondents who answered all of them, 30 or more. Told where it is below -.2, and
    below 0 both by Fisher's z test and by a permutation test (see `by_permutation`), each at one
    in twenty for the whole survey (Bonferroni): Fisher's alone, which takes answers as normal,
    is wrong far more often where item and rest are skewed in opposite ways. So often is a survey
    doubted whose items have nothing in common; one whose items go together hardly ever is, and a
    stricter level would miss most wrong keys of weak items. Asked of 20,000 to
    40,000 of the `rows` kept, evenly spread, or of all where there are fewer.
    """
    dimensions = _dimensions(source)
    if not dimensions:
        return []
    names = [name for items in dimensions for name in items]
    some = kept.filter(nw.col(engine.ROW) % max(1, rows // _SAMPLE) == 0)
    answers = some.select(*names).collect("pyarrow").to_pandas().astype("float64")
    for name in source.turned:
        answers[name] = -answers[name]
    chance = _FALSE_ALARMS / len(names)
    limit = NormalDist().inv_cdf(chance)
    doubts = []
    for items in dimensions:
        complete = answers[items].dropna()
        if len(complete) < _ENOUGH_RESPONDENTS:
            continue
        for name in items:
            item, rest = complete[name], complete.drop(columns=name).sum(axis=1)
            if item.nunique() == 1 or rest.nunique() == 1:
                continue
            correlation = max(float(np.corrcoef(item, rest)[0, 1]), _LOWEST)
            z = math.atanh(min(correlation, 0)) * math.sqrt(len(complete) - 3)
            if correlation > _LEAST_CORRELATION or z > limit:
                continue
            if by_permutation(item.to_numpy(), rest.to_numpy()) < chance:
                text = (
                    "goes down where the rest of its dimension goes up (correlation"
                    f" {correlation:.2f}): if a high answer means poor service, add reverse = true"
                    " to the item in the instrument; if it is turned already, take it out"
                )
                doubts.append((name, text, len(complete)))
    return doubts


def odd_scores(source: Source, kept: nw.LazyFrame) -> list[tuple[str, str, int]]:
    """A warning about NPS: zeros that may be blanks.

    Ten zeros or more, a twentieth of the answers, and none of 1 to 4: who was asked seldom chooses
    the end alone.
    """
    if source.input != contracts.FEEDBACK.name or "nps" not in source.columns:
        return []
    some = kept.group_by("nps").agg(nw.len().alias("__rows")).collect("pyarrow").to_pandas()
    some = some[some["nps"].notna()]
    rows, nps = some["__rows"], some["nps"]
    zeros = int(rows[nps == 0].sum())
    told = []
    enough = max(_ENOUGH_ZEROS, _SHARE_OF_ZEROS * rows.sum())
    if zeros >= enough and not nps.between(1, 4).any() and "nps_zero" not in source.entry:
        text = (
            f"{zeros:,} answers are 0 and none is 1 to 4: does 0 stand for no answer? If so,"
            ' declare missing = { nps = ["0"] }, else nps_zero = "offered"'
        )
        told.append(("nps", text, zeros))
    return told


def groups(source: Source) -> dict[str, list[str]]:
    """The columns of questions that are answered on one scale."""
    if source.input == contracts.SERVQUAL_RESPONSES.name:
        return {
            group: names
            for letter, group in _ANSWERS.items()
            if (names := [name for name in source.columns if name.startswith(f"{letter}_")])
        }
    drivers = [name for name in source.drivers if name in source.columns]
    return {"drivers": drivers} if drivers else {}


def _dimensions(source: Source) -> list[list[str]]:
    """The columns of the items of each dimension, two or more, of one kind of answer."""
    if source.input != contracts.SERVQUAL_RESPONSES.name or not source.instrument:
        return []
    found = []
    for letter in _ANSWERS:
        for dimension in source.instrument.dimensions:
            names = [
                f"{letter}_{item.id}"
                for item in source.instrument.items
                if item.dimension == dimension
            ]
            found.append([name for name in names if name in source.columns])
    return [names for names in found if len(names) > 1]
