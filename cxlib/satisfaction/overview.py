"""Several comparisons of a survey as one table each, for a report to show and to save."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib.inference import MIN_GROUP, Estimate, holm
from cxlib.satisfaction.comparison import Comparison, Decomposition, compare, group_table
from cxlib.satisfaction.scores import Metric, answer_counts
from cxlib.satisfaction.windows import Windows

Name = TypeVar("Name")


def groups_table(
    frame: nw.LazyFrame,
    metric: Metric,
    attributes: Sequence[str],
    *,
    least: int = MIN_GROUP,
    level: float = 0.95,
) -> pd.DataFrame:
    """`group_table` of each attribute, one under the other; index attribute and group.

    p_holm is corrected for the groups of all attributes together (Holm 1979); where several metrics
    are tested, `corrected_together` corrects for all of them.
    """
    parts = {
        name: group_table(
            answer_counts(frame, metric.column, [name]), metric, name, least=least, level=level
        )
        for name in attributes
    }
    table = _stacked(parts)
    return table.assign(p_holm=holm(table["p"]))


def corrected_together(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The groups_tables of several metrics with p_holm over all their tests (Holm 1979)."""
    adjusted = holm([p for table in tables.values() for p in table["p"]])
    ends = np.cumsum([len(table) for table in tables.values()], dtype=np.int64)
    parts = np.split(adjusted, ends[:-1])
    return {
        name: table.assign(p_holm=part)
        for (name, table), part in zip(tables.items(), parts, strict=False)
    }


def changes_corrected_together(
    changes: Mapping[Name, Comparison],
) -> dict[Name, Comparison]:
    """The changes of several metrics, or groups, with p_holm over all of them (Holm 1979)."""
    adjusted = holm([np.nan if found.p is None else found.p for found in changes.values()])
    return {
        name: found if found.p is None else replace(found, p_holm=float(p))
        for (name, found), p in zip(changes.items(), adjusted, strict=True)
    }


def groups_sentence(
    table: pd.DataFrame, metric: Metric, *, period: str = "", level: float = 0.95
) -> str:
    """Which groups of groups_table surely differ from all others together, in a sentence.

    It names the `period` of the answers where that is given.
    """
    when = f", {period}" if period else ""
    sure = table[table["p_holm"] < 1 - level].sort_values("difference")
    tested = int(table["p_holm"].notna().sum())
    if not tested:
        return f"{metric.label}: no group has enough answers to be compared."
    if sure.empty:
        return (
            f"{metric.label}: none of {tested} groups differs beyond chance from all others"
            " together."
        )
    named = [
        f"{_group_name(row['attribute'], row['group'])}"
        f" ({metric.change_text(row['difference'], unit=False)})"
        for row in sure.reset_index().to_dict("records")
    ]
    return (
        f"{metric.label}{when}, groups that differ beyond chance from all others taken together"
        f" ({metric.unit}): {', '.join(named)}"
        + f"; the other {tested - len(sure)} of {tested} cannot be told from the rest"
        * (len(sure) < tested)
        + "."
    )


def group_changes(
    counts: pd.DataFrame,
    windows: Windows,
    metric: Metric,
    attribute: str,
    *,
    least: int = MIN_GROUP,
    level: float = 0.95,
) -> dict[tuple[str, str], Comparison]:
    """How the metric of each group of an attribute moved between the two `windows` (`compare`).

    `counts` as from answer_counts by the attribute and by period. A group that has fewer than
    `least` answers in one of the two, or no value of the attribute, has no part. Correct p for all
    groups of a report with `changes_corrected_together`.
    """
    before, after = windows.split(counts)
    found = {}
    for group in after[attribute].dropna().unique():
        first, second = (one[one[attribute] == group] for one in (before, after))
        change = compare(first, second, metric, level=level)
        if min(change.first.n, change.second.n) >= least:
            found[attribute, _text(group)] = change
    return found


def groups_below(
    table: pd.DataFrame,
    metric: Metric,
    *,
    period: str = "",
    changes: Mapping[tuple[str, str], Comparison] | None = None,
    between: str = "",
    level: float = 0.95,
) -> str:
    """The groups of groups_table that do worse than all others together beyond chance, worst first.

    At most three and how far they are below, each with its interval and n, in a sentence that names
    the metric and the `period` of the answers; "" where there is none. Where their own `changes`
    are known (`group_changes`, p corrected), a second sentence names those that moved `between` two
    parts of the period, for what was so over the whole of it may be over.
    """
    worse = table[(table["p_holm"] < 1 - level) & (table["difference"] < 0)]
    worse = worse.sort_values("difference").head(3)
    named = []
    for row in worse.reset_index().to_dict("records"):
        value, low, high = (
            metric.change_text(row[f"difference{end}"], unit=False) for end in ("", "_low", "_high")
        )
        group = _group_name(row["attribute"], row["group"])
        named.append(f"{group} {value} ({low} to {high}, n = {row['n']:,})")
    if not named:
        return ""
    unit = {"net": "points", "share": "percentage points", "mean": "on the scale"}[metric.kind]
    when = f" over all of {period}" if period else ""
    told = (
        f"{metric.label} of groups{when}, worst against all others together ({unit},"
        f" {100 * level:.4g} % intervals): {', '.join(named)}; why is not shown."
    )
    known = {one: changes[one] for one in worse.index if changes and one in changes}
    return f"{told} {_lately(known, between)}" if known else told


def _lately(changes: Mapping[tuple[str, str], Comparison], between: str) -> str:
    """Which of the groups got better or worse by themselves, in a sentence."""
    told: dict[str, list[str]] = {}
    for (attribute, group), one in changes.items():
        if one.p is None or not one.beyond_chance:
            continue
        way = "better" if (one.difference.value or 0) > 0 else "worse"
        named = f"{_group_name(attribute, group)} {one.size}"
        told.setdefault(way, []).append(named)
    if not told:
        largest = max(changes, key=lambda one: abs(changes[one].difference.value or 0))
        return (
            f"Of late ({between}) the largest change among them is {_group_name(*largest)}"
            f" {changes[largest].size}; among so many groups it may be chance."
        )
    parts = "; ".join(f"{way} of late: {', '.join(names)}" for way, names in told.items())
    return f"{parts[0].upper()}{parts[1:]} ({between})."


def _group_name(attribute: str, group: str) -> str:
    return f"{attribute.replace('_', ' ')} {group}"


def standing(
    main: Metric,
    estimates: Mapping[str, Estimate],
    people: str,
    *,
    share: Metric | None = None,
    change: Comparison | None = None,
    earlier: str = "",
) -> str:
    """How satisfied `people` are by the `main` metric, and since the `earlier` period, in words.

    A `share` is told first where it is not the main metric. Of a `change` it says whether chance
    may explain it.
    """
    shown = estimates[main.name]
    text = main.statement(shown, people, f", n = {shown.n:,}")
    if share and share is not main:
        text = f"{share.statement(estimates[share.name], people)}; {text}"
    if change and change.difference.value is not None:
        text += f", {change.since(earlier)}"
    return f"{text[0].upper()}{text[1:]}."


def _stacked(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One under the other by attribute, the groups as text: 1.0 is group 1."""
    texts = {name: part.set_axis(part.index.map(_text)) for name, part in parts.items()}
    return pd.concat(texts, names=["attribute", "group"])


def _text(group: object) -> str:
    if isinstance(group, float) and group.is_integer():
        return str(int(group))
    return str(group)


def change_table(changes: Mapping[str, Comparison]) -> pd.DataFrame:
    """The change of each metric between two periods; a row a metric.

    Returns n of both together, before, after, difference, low, high, p, p_holm (Holm over the
    metrics), effect_size with its name, and method.
    """
    rows = {}
    for found in changes.values():
        change = found.difference
        rows[found.metric.label] = {
            "n": change.n,
            "before": found.first.value,
            "after": found.second.value,
            "difference": change.value,
            "low": change.low,
            "high": change.high,
            "p": found.p,
            "effect_size": found.effect_size,
            "effect": found.effect,
            "method": change.method,
        }
    numbers = ["before", "after", "difference", "low", "high", "p", "effect_size"]
    columns = ["n", *numbers, "effect", "method"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("metric")
    table = table.astype(dict.fromkeys(numbers, float)).astype({"n": "Int64"})
    table.insert(7, "p_holm", holm(table["p"]) if len(table) else np.empty(0))
    return table


def split_table(splits: Mapping[str, Decomposition]) -> pd.DataFrame:
    """Each decomposition by attribute: the whole ("all groups"), then what each group adds.

    Returns the columns of Decomposition.table; index attribute and group.
    """
    parts = {}
    for name, found in splits.items():
        whole: dict[str, float | None] = {}
        for part in ("mix", "rate"):
            of_all = getattr(found, part)
            whole |= {part: of_all.value, f"{part}_low": of_all.low, f"{part}_high": of_all.high}
        first = pd.DataFrame([whole], index=["all groups"]).astype(float)
        parts[name] = pd.concat([first, found.table])
    columns = ["n_before", "n_after", "share_before", "share_after", "value_before", "value_after"]
    columns += ["mix", "mix_low", "mix_high", "rate", "rate_low", "rate_high", "note"]
    if not parts:
        return pd.DataFrame(columns=columns)
    table = _stacked(parts).reindex(columns=columns)
    return table.assign(note=table["note"].fillna(""))
