"""Gaps 1 to 4: where inside the company the way from expectation to service loses ground.

Parasuraman, Zeithaml & Berry (1985), Zeithaml, Berry & Parasuraman (1988). The sign is that of gap
5: the later stage less the earlier one (in gap 4 what is delivered less what is promised), so a
stage that falls short has a negative gap.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cxlib.inference import (
    MIN_GROUP,
    FloatArray,
    holm,
    mean_interval,
    paired_tests,
    welch_difference,
)
from cxlib.servqual.gaps import EXPECTATION, Dimensions, Scores, dimension_scores

STAGES = {
    "customers": "customers' expectation",
    "managers": "managers' belief of it",
    "standards": "service standards",
    "staff": "service as staff deliver it",
    "promises": "promises made outside",
}
WRITTEN = ("standards", "promises")  # may be a document: one value an item, of nobody in particular
OVERALL = "overall"
SHORT, OVER, UNSURE, UNKNOWN = "falls short", "exceeds", "not told from zero", "not known"
_GAPS = {
    1: ("managers", "customers"),
    2: ("standards", "managers"),
    3: ("staff", "standards"),
    4: ("staff", "promises"),
}
_FEW = f"suppressed: fewer than {MIN_GROUP} (effective) people on "
_ESTIMATES = ["later", "earlier", "difference", "low", "high", "t", "df", "p", "p_holm"]
_EFFECTS = ["effect", "effect_low", "effect_high"]


@dataclass(frozen=True)
class _Side:
    """What the people of one role answered to each item; `fixed` when it is a document."""

    answers: pd.DataFrame
    weights: FloatArray | None
    fixed: bool

    @cached_property
    def asked(self) -> list[str]:
        return [str(item) for item in self.answers.columns[self.answers.notna().any()]]

    def scores(self, items: list[str], least_answered_rate: float) -> FloatArray:
        both = Scores(self.answers, self.answers)
        found = dimension_scores(
            both, {OVERALL: items}, least_answered_rate=least_answered_rate
        ).perception
        return found[OVERALL].to_numpy(dtype=float)


def internal_gaps(
    internal: pd.DataFrame | None,
    customers: Scores,
    dimensions: Dimensions,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    least_answered_rate: float = 0.5,
) -> pd.DataFrame:
    """Gaps 1 to 5 of each dimension and overall, each with its interval and test.

    gap 1 = managers' belief - customers' expectation; gap 2 = standards - managers' belief;
    gap 3 = service delivered, as staff report it - standards; gap 4 = service delivered - promises;
    gap 5 = customers' perception - customers' expectation.

    `internal` holds role (managers, standards, staff, promises), item, value and, where several
    people answered, respondent_id; None when nobody inside was asked. `customers` are item scores,
    `weights` their survey weights; the answers inside are not weighted. Where customers were not
    asked for expectations gaps 1 and 5 are not measured. A person's score is the mean over the
    dimension's items that both sides of the gap were asked, if at least `least_answered_rate` of
    them were answered.

    Gaps 1 to 4 compare different people: the difference of two independent means with Welch's t
    and Hedges' g (`inference.welch_difference`; linearized under weights). Standards or promises
    given once, by one respondent or none, are a document without sampling error: the other side is
    tested against them by a one-sample t, and the effect is its mean difference over its sd, d.
    Gap 5 is paired, with d_z (`inference.paired_tests`). Holm's correction runs over the overall
    gaps 1 to 4, over gaps 1 to 4 of all dimensions, and over gap 5 of all dimensions.

    Returns a row a gap and dimension, "overall" (all items) first: gap, definition, dimension,
    items (compared), n_later, n_earlier (missing for a document), later, earlier (means),
    difference, state ("falls short" or "exceeds": Holm's p below 1 - level, or no spread at all;
    "not told from zero"; "not known"), low, high, t, df, p, p_holm, effect, effect_low,
    effect_high, effect_measure, method. In gap 4 "later" is what is delivered and "earlier" what is
    promised. A gap of which a side was not asked, or has fewer than 10 people (effective ones, with
    weights), has no figures and its method says so. Raises ValueError for an unknown role or item,
    and for two answers of one person to one item.
    """
    every = [item for ids in dimensions.values() for item in ids]
    groups = {OVERALL: every, **{name: list(ids) for name, ids in dimensions.items()}}
    w = None if weights is None else np.asarray(weights, dtype=float)
    if customers.yardstick != EXPECTATION:
        customers = Scores(customers.expectation * np.nan, customers.perception)
    sides = _sides(internal, every)
    sides["customers"] = _Side(customers.expectation, w, fixed=False)
    rows = []
    for number, (later, earlier) in _GAPS.items():
        for dimension, items in groups.items():
            row = {
                "gap": number,
                "definition": f"{STAGES[later]} - {STAGES[earlier]}",
                "dimension": dimension,
            }
            pair = {name: sides[name] for name in (later, earlier)}
            rows.append(row | _compare(pair, items, least_answered_rate, level))
    rows += _gap_five(customers, groups, w, least_answered_rate, level)
    order = ["gap", "definition", "dimension", "items", "n_later", "n_earlier"]
    order += [*_ESTIMATES, *_EFFECTS, "effect_measure", "method"]
    table = pd.DataFrame(rows).reindex(columns=order)
    table = table.astype(dict.fromkeys([*_ESTIMATES, *_EFFECTS], float))
    table = table.astype({"n_later": "Int64", "n_earlier": "Int64", "effect_measure": "string"})
    # One family a question: where inside, in which dimension of it, and what customers see.
    family = (table["gap"] == 5) * 2 + (table["dimension"] == OVERALL)
    table["p_holm"] = table.groupby(family)["p"].transform(holm)
    difference = table["difference"].round(9)
    # Ten and more people who all say the same leave nothing to test, and no doubt.
    sure = (table["p_holm"] < 1 - level) | (table["p"].isna() & (difference != 0))
    state = np.select([difference.isna(), ~sure, difference < 0], [UNKNOWN, UNSURE, SHORT], OVER)
    table.insert(list(table).index("difference") + 1, "state", state)
    return table


def internal_verdict(gaps: pd.DataFrame, *, level: float = 0.95) -> str:
    """Which of gaps 1 to 4 fall short overall, the widest first, which not, which unknown.

    Then what falls short in single dimensions, which others may make up for overall. Reads
    the table of `internal_gaps`, made with the same `level`.
    """
    inside = gaps[gaps["gap"] <= 4].sort_values("difference")
    within = inside[(inside["dimension"] != OVERALL) & (inside["state"] == SHORT)]
    inside = inside[inside["dimension"] == OVERALL]
    short, over, unsure, unknown = (
        inside[inside["state"] == state].to_dict("records")
        for state in (SHORT, OVER, UNSURE, UNKNOWN)
    )
    parts = []
    if short:
        named = "; ".join(_figures(row, level) for row in short)
        parts.append(
            f"Inside the company these fall short beyond chance, the widest first: {named}."
        )
    elif over or unsure:
        parts.append("Inside the company no gap falls short beyond chance over all items.")
    if over:
        parts.append(
            f"Above zero beyond chance: {'; '.join(_figures(row, level) for row in over)}."
        )
    if unsure:
        named = "; ".join(_figures(row, level) for row in unsure)
        parts.append(f"Not told from zero, allowing for the number of tests: {named}.")
    if len(within):
        named = "; ".join(
            f"gap {number}: "
            + ", ".join(f"{row['dimension']} {_difference(row, level)}" for row in rows)
            for number, rows in ((k, own.to_dict("records")) for k, own in within.groupby("gap"))
        )
        parts.append(f"By dimension, short beyond chance: {named}.")
    if unknown:
        named = "; ".join(f"gap {row['gap']} ({row['method']})" for row in unknown)
        parts.append(f"Not known: {named}.")
    return " ".join(parts)


# What a manager is told of a gap that falls short beyond chance, and what to do.
_MEANING = {
    1: ("Managers think that customers expect less than they do", "ask customers"),
    2: ("Standards ask for less than managers think that customers expect", "raise them"),
    3: ("Staff deliver less than the standards ask for", "find out what keeps them from it"),
    4: ("Staff deliver less than we promise", "promise only what can be kept"),
}


def internal_answer(gaps: pd.DataFrame, *, level: float = 0.95) -> str:
    """The widest of gaps 1 to 4 that falls short overall, in plain words; "" without one.

    Names the dimension in which that gap falls short most, with its interval at the `level` of the
    table and how many people the smaller side has (a document counts none); then the others of
    these gaps, with the dimensions in which they fall short, all of it beyond chance. Reads
    `internal_gaps`.
    """
    short = gaps[(gaps["gap"] <= 4) & (gaps["state"] == SHORT)].sort_values("difference")
    whole = short[short["dimension"] == OVERALL]
    if whole.empty:
        return ""
    number = int(whole["gap"].iloc[0])
    parts = short[(short["gap"] == number) & (short["dimension"] != OVERALL)]
    most = ""
    if len(parts):
        row = parts.iloc[0].to_dict()
        fewest = int(parts[["n_later", "n_earlier"]].min(axis=1).iloc[0])
        told = f"{_difference(row, level)[:-1]}, n = {fewest:,})"
        most = f", most in {row['dimension']}: {told}"
    meaning, action = _MEANING[number]
    rest = short[(short["gap"] != number) & (short["dimension"] != OVERALL)]
    others = []
    for k, own in rest.groupby("gap"):
        meant, remedy = _MEANING[int(str(k))]
        others.append(f"{meant} ({', '.join(own['dimension'])}): {remedy}.")
    also = [f"Also: {others[0][0].lower()}{others[0][1:]}", *others[1:]] if others else []
    return " ".join([f"{meaning}{most}. So {action}.", *also])


def _figures(row: dict, level: float) -> str:
    return f"gap {row['gap']} ({row['definition']}) {_difference(row, level)}"


def _difference(row: dict, level: float) -> str:
    interval = row["method"]
    if not np.isnan(row["low"]):
        interval = f"{100 * level:.4g} % interval {row['low']:.2f} to {row['high']:.2f}"
    return f"{row['difference']:.2f} ({interval})"


def _sides(internal: pd.DataFrame | None, items: list[str]) -> dict[str, _Side]:
    """The answers of each role inside the company, a row a person and a column an item."""
    empty = pd.DataFrame({"respondent_id": [], "role": [], "item": [], "value": []})
    answers = (empty if internal is None else internal).astype({"value": float})
    if "respondent_id" not in answers:
        answers["respondent_id"] = ""
    answers["respondent_id"] = answers["respondent_id"].astype("string").fillna("")
    answers = answers.dropna(subset="value")
    for column, allowed in {"role": [*STAGES][1:], "item": items}.items():
        unknown = sorted(set(answers[column]) - set(allowed))
        if unknown:
            raise ValueError(
                f"{column} {', '.join(map(repr, unknown))} is none of {', '.join(allowed)}"
            )
    twice = answers.duplicated(["role", "respondent_id", "item"])
    if twice.any():
        row = answers[twice].iloc[0]
        raise ValueError(
            f"{row['role']} answered item {row['item']} twice under respondent_id"
            f" {row['respondent_id']!r}: give each person an id of their own"
        )
    sides = {}
    for role in [*STAGES][1:]:
        own = answers[answers["role"] == role]
        wide = own.pivot(index="respondent_id", columns="item", values="value")
        fixed = role in WRITTEN and len(wide) == 1
        sides[role] = _Side(wide.reindex(columns=items).astype(float), None, fixed)
    return sides


def _compare(
    pair: dict[str, _Side], items: list[str], least_answered_rate: float, level: float
) -> dict[str, object]:
    """One gap of one dimension: the first of `pair` less the second."""
    absent = [name for name, side in pair.items() if not set(items) & set(side.asked)]
    if absent:
        missing = " and ".join(STAGES[name] for name in absent)
        return {"items": 0, "method": f"not measured: no data on {missing}"}
    later, earlier = pair.values()
    both = [item for item in items if item in later.asked and item in earlier.asked]
    row: dict[str, object] = {"items": len(both)}
    if not both:
        return row | {"method": "not measured: the two sides were asked different items"}
    scores = [side.scores(both, least_answered_rate) for side in pair.values()]
    means = [
        mean_interval(x, weights=side.weights, level=level)
        for x, side in zip(scores, pair.values(), strict=True)
    ]
    few = [
        STAGES[name]
        for (name, side), mean in zip(pair.items(), means, strict=True)
        if not side.fixed and not mean.rests_on_enough
    ]
    if few:
        return row | {"method": _FEW + " and ".join(few)}
    values = [float(np.nan if mean.value is None else mean.value) for mean in means]
    row |= {"later": values[0], "earlier": values[1], "difference": values[0] - values[1]}
    row |= {
        name: None if side.fixed else mean.n
        for name, side, mean in zip(("n_later", "n_earlier"), pair.values(), means, strict=True)
    }
    if later.fixed or earlier.fixed:
        document = next(name for name, side in pair.items() if side.fixed)
        method = f"one-sample t; {document} given once, without sampling error"
        # The document's single value takes part in the difference of every person.
        return row | {"method": method} | _one_sample(scores[0] - scores[1], "d", level)
    return row | _independent(scores, [side.weights for side in pair.values()], level)


def _one_sample(
    differences: FloatArray, effect: str, level: float, weights: FloatArray | None = None
) -> dict[str, object]:
    table = paired_tests(pd.DataFrame({"x": differences}), weights=weights, level=level)
    names = {"d_z": "effect", "d_z_low": "effect_low", "d_z_high": "effect_high"}
    tests = table.rename(columns=names)[["low", "high", "t", "df", "p", *names.values()]]
    figures: dict[str, object] = {str(name): tests[name].iloc[0] for name in tests}
    if np.isnan(table["p"].iloc[0]):
        return figures | {"method": "no test: all differences are equal"}
    return figures | {"effect_measure": effect}


def _independent(
    scores: list[FloatArray], weights: list[FloatArray | None], level: float
) -> dict[str, object]:
    """The first scores less the second, of different people."""
    weighted = any(w is not None for w in weights)
    later, earlier = (
        np.ones_like(x) if w is None else w for x, w in zip(scores, weights, strict=True)
    )
    test = welch_difference(
        scores[1], scores[0], weights=(earlier, later) if weighted else None, level=level
    )
    return {
        "low": test.difference.low,
        "high": test.difference.high,
        "t": test.t,
        "df": test.df,
        "p": test.p,
        "effect": test.hedges_g.value,
        "effect_low": test.hedges_g.low,
        "effect_high": test.hedges_g.high,
        "effect_measure": "Hedges' g",
        "method": test.difference.method,
    }


def _gap_five(
    customers: Scores,
    groups: Dimensions,
    weights: FloatArray | None,
    least_answered_rate: float,
    level: float,
) -> list[dict[str, object]]:
    """The gap that customers see, of the same people twice, in the columns of the others."""
    scores = dimension_scores(customers, groups, least_answered_rate=least_answered_rate)
    gaps, asked = scores.gap, customers.gap.notna().any()
    rows = []
    for dimension, items in groups.items():
        row: dict[str, object] = {
            "gap": 5,
            "definition": f"customers' perception - {STAGES['customers']}",
            "dimension": dimension,
            "items": int(asked[list(items)].sum()),
        }
        gap = gaps[dimension].to_numpy(dtype=float)
        mean = mean_interval(gap, weights=weights, level=level)
        if mean.value is None:
            rows.append(row | {"method": "not measured: no pairs of expectation and perception"})
            continue
        if not mean.rests_on_enough:
            rows.append(row | {"method": _FEW + STAGES["customers"]})
            continue
        w = np.ones_like(gap) if weights is None else weights
        used = np.where(np.isnan(gap), 0, np.nan_to_num(w))
        for name, frame in {"later": scores.perception, "earlier": scores.expectation}.items():
            answers = frame[dimension].to_numpy(dtype=float)
            row |= {name: np.average(np.nan_to_num(answers), weights=used), f"n_{name}": mean.n}
        row |= {"difference": mean.value, "method": "paired t"}
        rows.append(row | _one_sample(gap, "d_z", level, weights))
    return rows
