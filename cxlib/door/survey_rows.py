"""Rows of a survey that are no answers of their own: there twice, counts, questions in turn."""

import math
import re

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.stats import poisson

from cxlib import contracts, engine
from cxlib.door.findings import Finding
from cxlib.door.first_rows import as_numbers
from cxlib.door.no_answers import no_answers
from cxlib.door.nps_groups import told_of_groups, turned_by_groups
from cxlib.sources import Source

_SURVEYS = (contracts.FEEDBACK.name, contracts.SERVQUAL_RESPONSES.name)
# Of a longer file only so many rows are compared with one another.
_COMPARED_ROWS = 100_000
_NEVER = 1e-6
_LEAST_ROWS, _LEAST_KINDS = 30, 5
# Answers depend on where and when they were given, so that more rows are alike by chance.
_DEPENDENCE, _LEAST_ALIKE = 3, 6
# So many answers, some of them unlike the others, are not given alike by two people.
_MANY_QUESTIONS, _LEAST_UNLIKE = 20, 8

_COUNTS = re.compile(
    r"(number of |no\. of |num_?|n_)?(counts?|n|responses?|answers?|respondents?|freq(uency)?)"
    r"|anzahl|häufigkeit|effectif|تعداد( پاسخ(‌?ها)?)?|فراوانی",
    re.IGNORECASE,
)
# What may be one of visits, or of goods.
_OTHER_NUMBER = re.compile("freq(uency)?|häufigkeit|anzahl|effectif|تعداد", re.IGNORECASE)
_LEAST_COUNTED, _MOST_DIFFERENT, _LEAST_MEDIAN = 50, 0.5, 4
_QUESTIONS = re.compile(
    r"(question|item|attribute|statement|criterion|aspect)s?( ?(text|name|no|id|code))?"
    r"|frage|سوال|سؤال|پرسش|گویه",
    re.IGNORECASE,
)
_METRIC = re.compile(
    r"nps|csat|ces|(net )?promoter( score)?|(customer )?(satisfaction|effort)( score)?|smileys"
    r"|(5[ -])?stars?"
)
_FEWEST_QUESTIONS, _MOST_QUESTIONS = 2, 60


def survey_rows(
    source: Source, kept: nw.LazyFrame, first: pd.DataFrame, some: pd.DataFrame, unit: str
) -> list[Finding]:
    """Warnings about rows of a survey that are not one answer each.

    Rows there twice under other ids: of the first 100,000 of those `kept`. Rows that stand for
    several answers, and one row for each question: of the `first` rows of the file. Those that
    stand for none: of `some` of its rows, which are lines or rows (`unit`).
    """
    if source.input not in _SURVEYS:
        return []
    told = _twice(source, kept)
    if len(set(first.columns)) < len(first.columns):
        return told
    told += no_answers(source, some, unit)
    if source.input == contracts.FEEDBACK.name:
        mapped = {*source.wanted.values(), *source.attributes.values()}
        others = [name for name in map(str, first.columns) if name not in mapped]
        told += _counted(source, first, others)
        told += _called(source, first, others)
        told += _questions(first, others) or _metrics(source, first)
    return told


def _twice(source: Source, kept: nw.LazyFrame) -> list[Finding]:
    ids = {"response_id", "respondent_id"}
    names = [name for name in source.wanted if name not in ids]
    some = kept.select(engine.ROW, *names).sort(engine.ROW).head(_COMPARED_ROWS)
    table = some.collect("pandas").to_native().drop(columns=engine.ROW)
    if len(table) < 2 * _LEAST_ROWS:
        return []
    codes = table.apply(lambda column: pd.factorize(column)[0])
    answers = [name for name in names if _is_answer(source, name)]
    context = [name for name in names if name not in answers and name != "weight"]
    again = _again(codes)
    if again:
        text = (
            f"the last {again:,} rows are the first {again:,} once more, alike in all but their"
            " ids: take them out of the file"
        )
        return [Finding("", "", text, again)]
    alike = int(codes.duplicated().sum())
    if alike < _LEAST_ALIKE or not answers:
        return []
    by_chance = _DEPENDENCE * _pairs(codes, answers) * _pairs(codes, context)
    by_chance /= math.comb(len(codes), 2)
    chance = poisson.sf(_pairs(codes, names) - 1, by_chance) if context else 1.0
    if chance >= _NEVER and _many_alike(table, codes, answers) < _LEAST_ALIKE:
        return []
    text = (
        "rows alike in all but their ids, many more than by chance: were answers sent or exported"
        " twice? Then take the repeats out of the file"
    )
    return [Finding("", "", text, alike)]


def _is_answer(source: Source, name: str) -> bool:
    return name in ("nps", "csat", "ces", "satisfaction", *source.drivers) or name[:2] in (
        "E_",
        "P_",
        "A_",
    )


def _pairs(codes: pd.DataFrame, names: list[str]) -> float:
    """The number of pairs of rows that are alike in these columns."""
    if not names:
        return float(math.comb(len(codes), 2))
    counts = codes.groupby(names).size().to_numpy().astype(float)
    return float((counts * (counts - 1) / 2).sum())


def _again(codes: pd.DataFrame) -> int:
    """How many rows at the end are the first ones in their order, 0 for none or by chance."""
    kinds = codes.groupby(list(codes.columns)).ngroup().to_numpy()
    pairs = _pairs(codes, list(codes.columns)) / math.comb(len(codes), 2)
    for start in map(int, np.flatnonzero(kinds == kinds[0])):
        block = kinds[start:]
        # Most starts are told apart by their first rows.
        few = min(len(block), _LEAST_ROWS)
        if not start or not np.array_equal(block[:few], kinds[:few]):
            continue
        if not np.array_equal(block, kinds[: len(block)]):
            continue
        # What comes round after a few rows is a pattern, not an export made twice.
        if min(start, len(block)) < _LEAST_ROWS or len(set(block)) < _LEAST_KINDS:
            return 0
        return len(block) if len(block) * math.log(pairs) < math.log(_NEVER) else 0
    return 0


def _many_alike(table: pd.DataFrame, codes: pd.DataFrame, answers: list[str]) -> int:
    """How many rows repeat another with many answers, of which several are unlike the others."""
    if len(answers) < _MANY_QUESTIONS:
        return 0
    given = table[answers].astype("float64")
    modes = given.mode(axis=1)[0]
    unlike = (given.ne(modes, axis=0) & given.notna()).sum(axis=1)
    return int(codes[unlike >= _LEAST_UNLIKE].duplicated().sum())


def _called(source: Source, first: pd.DataFrame, others: list[str]) -> list[Finding]:
    """A column that nobody maps and that calls those with low answers to NPS promoters."""
    if "nps" not in source.columns:
        return []
    theirs = source.columns["nps"]
    nps = as_numbers(first[theirs], source.form)
    said = turned_by_groups(nps, first[others])
    return [
        Finding("nps", theirs, told_of_groups(name), int(nps.count()))
        for name, is_turned in said.items()
        if is_turned
    ][:1]


def _counted(source: Source, first: pd.DataFrame, others: list[str]) -> list[Finding]:
    named = [name for name in others if _COUNTS.fullmatch(engine.folded(name).strip())]
    ids = {"response_id", "customer_id", "weight"} & source.columns.keys()
    if len(named) != 1 or ids or len(first) < _LEAST_COUNTED:
        return []
    counts = pd.to_numeric(first[named[0]].map(engine.folded), errors="coerce")
    if (counts.isna() | (counts < 1) | (counts % 1 != 0)).any() or (counts == 1).all():
        return []
    if not (_are_many(named[0], counts, first) or _is_each_once(first.drop(columns=named))):
        return []
    text = (
        f"each row seems to stand for as many answers as {named[0]} says, and counts as one:"
        " write a row for each answer"
    )
    return [Finding("", "", text, len(first))]


def _are_many(name: str, counts: pd.Series, first: pd.DataFrame) -> bool:
    """Whether counts are more than the questions of a row, and no numbers of the rows."""
    repeated = counts.nunique() <= _MOST_DIFFERENT * len(counts)
    are_more = counts.median() > max(len(first.columns), _LEAST_MEDIAN)
    says_less = _OTHER_NUMBER.fullmatch(engine.folded(name).strip())
    return bool(repeated and are_more and not says_less)


def _is_each_once(cells: pd.DataFrame) -> bool:
    """Whether no two rows are alike, though many would be if the columns had nothing in common."""
    if cells.duplicated().any():
        return False
    shares = [float((cells[name].value_counts(normalize=True) ** 2).sum()) for name in cells]
    return math.comb(len(cells), 2) * math.prod(shares) >= -math.log(_NEVER)


def _metrics(source: Source, first: pd.DataFrame) -> list[Finding]:
    """A column that says of each row which metric its answer is one of."""
    for name in first.columns.difference(list(source.columns.values())):
        said = {one.casefold() for one in first[name].unique() if one}
        if len(said) > 1 and all(map(_METRIC.fullmatch, said)):
            return [_several(len(said), name, len(first))]
    return []


def _several(asked: int, name: str, rows: int) -> Finding:
    text = (
        f"several questions in one column ({asked:,} by {name}): give each a column of its own, and"
        " each answer one row"
    )
    return Finding("", "", text, rows)


def _questions(first: pd.DataFrame, others: list[str]) -> list[Finding]:
    for name in others:
        if not _QUESTIONS.fullmatch(engine.folded(name).strip()):
            continue
        counts = first[name].value_counts()
        asked = len(counts)
        is_few = _FEWEST_QUESTIONS <= asked <= _MOST_QUESTIONS
        if not is_few or len(first) < _LEAST_ROWS or counts.max() - counts.min() > 1:
            continue
        if any(_is_survey(first, name, other, asked) for other in first.columns if other != name):
            return [_several(asked, name, len(first))]
    return []


def _is_survey(first: pd.DataFrame, name: str, other: str, asked: int) -> bool:
    """Whether each value of a column has each question once, but for where the rows end."""
    counts = first[other].value_counts()
    is_each = (counts == asked).sum() >= max(len(counts) - 1, _LEAST_KINDS)
    return bool(is_each and not first[[name, other]].duplicated().any())
