"""What is wrong with the rows of an input, each with the places where it is."""

from collections.abc import Sequence

import narwhals as nw

from cxlib import contracts, engine, selection, subscriptions
from cxlib.contracts import Rule, Violation, quoted
from cxlib.door import further_lines, hints
from cxlib.door.codes import proposed
from cxlib.door.findings import TIMES
from cxlib.door.shifted_rows import shifted_rows
from cxlib.door.shifted_scales import shifted
from cxlib.sources import Source, closest, shown

_ENOUGH_FOR_NPS = 30
# On 0 to 10 at least as many answers are 0 as are 1, for 0 is the end of the scale: that none of
# so many is 0 then has a chance of 1 in 2^7, below 1 %.
_ENOUGH_ONES = 7
# An answer above it has an error of its own.
_HIGHEST_NPS = 10


def rejected(source: Source, rejects: engine.Rejected) -> Violation:
    return Violation(
        shown(source.path),
        rejects.problem,
        rejects.remedy.replace(engine.IN_ENTRY, f"in {source.where}"),
        count=rejects.count,
        places=rejects.lines,
    )


def broken_rules(
    source: Source,
    file: engine.File,
    frame: nw.LazyFrame,
    rules: Sequence[Rule],
    found: contracts.Checked,
) -> list[Violation]:
    broken = {
        number: rule
        for number, (rule, count) in enumerate(zip(rules, found.counts, strict=True))
        if count and rule.outcome == "error"
    }
    first = contracts.first_rows(frame, {number: rule.broken for number, rule in broken.items()})
    places = engine.locate(file, {row for rows in first.values() for row in rows})
    cells = {row: one[1] for row, one in places.items()}
    moved = shifted_rows(source, file, cells) if any(map(_is_of_cells, broken.values())) else {}
    violations = []
    for number, rule in broken.items():
        theirs = source.in_file(rule.column)
        indices = [file.names.index(name) for name in theirs]
        texts = dict.fromkeys(
            TIMES.join(places[row][1][index] for index in indices) for row in first[number]
        )
        shown_texts = [text for text in texts if text]
        mend = hints.remedy(source, file, rule, shown_texts)
        if rule.text == contracts.BLANK:
            mend = further_lines.remedy(source, file, first[number]) or mend
        if _is_of_cells(rule) and {*first[number]} <= moved.keys():
            mend = moved[first[number][0]]
        violations.append(
            Violation(
                shown(source.path),
                rule.text,
                shifted(source, frame, rule) or proposed(source, mend, shown_texts),
                column=rule.column,
                source_column=TIMES.join(theirs),
                count=found.counts[number],
                places=tuple(places[row][0] for row in first[number]),
                unit="line" if file.is_csv else "row",
                examples=() if rule.column in source.ids else tuple(filter(None, texts)),
            )
        )
    return violations


def _is_of_cells(rule: Rule) -> bool:
    return rule.of_type or rule.text == contracts.BLANK


def broken_table(
    source: Source,
    file: engine.File,
    frame: nw.LazyFrame,
    found: contracts.Checked,
    problems: Sequence[Violation],
) -> list[Violation]:
    """Violations that no single row commits and `problems` do not already explain."""
    file_name = shown(source.path)
    if found.rows == 0 and problems:
        return []
    if found.rows_read == 0:
        return [Violation(file_name, "no rows", "export the file again: it has a header only")]
    if found.rows == 0 and (unknown := selection.unknown_values(frame, source.only)):
        return [
            Violation(file_name, f"no row is of {what}", f"correct only; there are {those}")
            for what, those in unknown
        ]
    if found.rows == 0:
        return [Violation(file_name, "no rows are left", "every row is excluded: look at the file")]
    violations = []
    if found.repeated:
        key = source.contract.key
        count, rows = contracts.repeated_keys(frame, key)
        places = engine.locate(file, rows)
        violations.append(
            Violation(
                file_name,
                "the same id in more than one row",
                _of_one_id(file, source.columns[key], [places[row][1] for row in rows]),
                column=key,
                source_column=source.columns[key],
                count=count,
                places=tuple(places[row][0] for row in rows),
                unit="line" if file.is_csv else "row",
            )
        )
    violations += _broken_answers(source, file, frame) + _broken_margins(source, frame)
    violations += _broken_months(source, file, frame) + _broken_waves(source, file, frame)
    if found.nps and found.nps[1] <= 5 and found.nps[2] >= _ENOUGH_FOR_NPS:
        violations.append(
            Violation(
                file_name,
                f"no answer is above 5 among {found.nps[2]:,}: not a question answered up to 10",
                f"map the column as csat in {source.where}, with its own scale; or, where these are"
                " groups made of the answers, map the column of the answers themselves",
                column="nps",
                source_column=source.columns["nps"],
            )
        )
    if (
        found.nps
        and found.nps[0] == 1
        and 5 < found.nps[1] <= _HIGHEST_NPS
        and found.nps_ones >= _ENOUGH_ONES
        and source.scales["nps"][0] == 0
        and "nps_zero" not in source.entry
    ):
        violations.append(
            Violation(
                file_name,
                f"no answer is 0 among {found.nps[2]:,}, though {found.nps_ones:,} are 1: asked on"
                " 1 to 10?",
                f"declare it in {source.where}: scales = {{ nps = [1, 10] }}; or, if customers"
                ' could choose 0 and nobody did, nps_zero = "offered"',
                column="nps",
                source_column=source.columns["nps"],
            )
        )
    if found.one_class and not any(one.column in ("churned", "ended") for one in problems):
        remedy = "take a file with customers who left and customers who stayed"
        if subscriptions.is_dated(source.columns):
            remedy += (
                "; leave the end of a contract that still runs blank, also where a later day is"
                " planned, and declare as complete_to the last day that the file covers"
            )
        violations.append(
            Violation(
                file_name,
                "every customer has the same value",
                remedy,
                column="churned",
                source_column=source.in_file("churned")[0],
                count=found.rows,
            )
        )
    return violations


def _broken_answers(source: Source, file: engine.File, frame: nw.LazyFrame) -> list[Violation]:
    if source.input != contracts.SERVQUAL_INTERNAL.name:
        return []
    return repeated_rows(
        source,
        file,
        contracts.repeated_answers(frame),
        column="item",
        rule="more than one answer of a respondent to an item in the same role",
        remedy=f"give each respondent an id of their own (respondent_id in {source.where}), and"
        " leave one answer to an item",
    )


def _broken_waves(source: Source, file: engine.File, frame: nw.LazyFrame) -> list[Violation]:
    if not {"respondent_id", "wave"} <= source.columns.keys():
        return []
    named = frame.filter(~nw.col("respondent_id").is_null())
    return repeated_rows(
        source,
        file,
        contracts.repeated(named, ["respondent_id", "wave"]),
        column="respondent_id",
        rule="the same respondent more than once in a wave",
        remedy="leave one row for each respondent and wave in the file",
    )


def _broken_months(source: Source, file: engine.File, frame: nw.LazyFrame) -> list[Violation]:
    if source.input != contracts.SUBSCRIPTION_MONTHS.name:
        return []
    return repeated_rows(
        source,
        file,
        contracts.repeated_months(frame),
        column="month",
        rule="more than one row of a customer and month",
        remedy="leave one row for each customer and month, with all that the customer pays for it",
    )


def repeated_rows(
    source: Source,
    file: engine.File,
    found: tuple[int, tuple[int, ...]],
    *,
    column: str,
    rule: str,
    remedy: str,
) -> list[Violation]:
    """The violation of rows that stand more than once, told at `column`; none where none do.

    `found`: how many they are and the first of them.
    """
    count, rows = found
    if not count:
        return []
    places = engine.locate(file, rows)
    return [
        Violation(
            shown(source.path),
            rule,
            remedy,
            column=column,
            source_column=source.wanted.get(column, ""),
            count=count,
            places=tuple(places[row][0] for row in rows),
            unit="line" if file.is_csv else "row",
        )
    ]


def _of_one_id(file: engine.File, theirs: str, rows: Sequence[Sequence[str]]) -> str:
    """How to mend rows that share an id: an answer that is there twice, or an id mistyped."""
    at = file.names.index(theirs)
    first: dict[str, Sequence[str]] = {}
    for row in rows:
        first.setdefault(row[at].strip(), row)
    unlike = [
        name
        for number, name in enumerate(file.names)
        if number != at and any(row[number] != first[row[at].strip()][number] for row in rows)
    ]
    if not unlike:
        return "they are alike: leave one row per id in the file"
    return (
        f"the rows of an id differ in {len(unlike):,} of {len(file.names) - 1:,} columns, such as"
        f" {quoted(unlike[0])}: correct the id of those that are not the same, or leave one row"
        " per id in the file"
    )


def _broken_margins(source: Source, frame: nw.LazyFrame) -> list[Violation]:
    """Values without a declared share, and declared shares of values that nobody has."""
    violations = []
    for attribute, shares in source.margins.items():
        found = contracts.value_counts(frame, attribute)
        for value in sorted(set(found) - set(shares)):
            rule = f'margins gives no share to "{value}"'
            remedy = f"add it to margins in {source.where}{closest(value, shares)}"
            violations.append(
                Violation(
                    shown(source.path), rule, remedy, attribute, attribute, count=found[value]
                )
            )
        for value in sorted(set(shares) - set(found)):
            rule = f'margins names "{value}", which is in no row'
            remedy = (
                f"correct it in {source.where}{closest(value, found)}, or join it to another value"
            )
            violations.append(Violation(shown(source.path), rule, remedy, attribute, attribute))
    return violations
