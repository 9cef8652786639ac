"""An entry of the sources file proposed for a file: what it is, why, and what must be asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxlib import contracts, engine, transactions
from cxlib.proposing import columns as profiles
from cxlib.proposing import declaring, drafts, labels, mapping, naming, numbers, surveys, unread
from cxlib.proposing.columns import Column
from cxlib.proposing.drafts import Draft, Line, joined, number, texts
from cxlib.proposing.numbers import Marks
from cxlib.proposing.questions import Answer, NotProposedError, Question, quoted
from cxlib.proposing.sampling import Sample
from cxlib.sources import NO_NAME

_PERIODIC = ("feedback", "indices", "subscription_months")
_GROUPED = ("feedback", "servqual_responses")
_SURVEYS = (*_GROUPED, "servqual_internal")
_FEW_GROUPS = 12
_FEW_DRIVERS = 12
# Customers who left, and who stayed, from which on no other column parts them by chance.
_ENOUGH_OUTCOMES = 5


@dataclass(frozen=True)
class Proposal:
    """A proposed entry. `input`: its name, "" while that is asked.

    `lines`: the keys with their reasons. `mapped`: our column -> that of the file. `attributes`:
    the other columns that are kept; `left`: those that are not. `questions`: what must be answered
    first, empty where the entry is whole.
    """

    input: str
    lines: tuple[Line, ...]
    mapped: dict[str, Column]
    attributes: tuple[Column, ...]
    left: tuple[Column, ...]
    questions: tuple[Question, ...]
    entry: dict[str, Any]


def propose(
    looked_at: Sample,
    columns: Sequence[Column],
    uri: str,
    folder: Path,
    *,
    given: Mapping[str, str],
    assumed: frozenset[str] = frozenset(),
) -> Proposal:
    """Propose the entry of a file that was looked at.

    `folder`: that of the sources file, from which `uri` counts. `given`: answers by the key of
    their question, `input` among them; `assumed`: the keys of those nobody typed. Raises
    NotProposedError where the file cannot be this input.
    """
    columns = [_without_missing(column, given) for column in columns]
    labelled = _all_labelled(columns, given)
    draft = Draft(given, assumed)
    name = draft.take("input") or ""
    if not name:
        name, question = _input(columns, labelled)
        if question:
            return Proposal("", (), {}, (), tuple(columns), (question,), {})
    elif name not in mapping.NEEDS:
        raise NotProposedError(f"{name} is no input; the inputs are {', '.join(mapping.NEEDS)}.")
    draft.write("uri", uri)
    _write_form(looked_at, draft)
    as_found = {column.name: column for column in columns}
    columns = labelled if name in _SURVEYS else columns
    used = surveys.declare(columns, folder, draft) if name == "servqual_responses" else set()
    if name == "servqual_internal":
        _internal_instrument(folder, draft)
    free = [column for column in columns if column.name not in used]
    mapped = mapping.map_columns(name, free, draft)
    marks = declaring.number_marks(mapped, draft)
    period = declaring.dates(mapped, draft, monthly=name in _PERIODIC)
    if draft.problems:
        draft.write_rest(name)
        raise NotProposedError("\n".join(draft.problems), name, draft.entry)
    declaring.missing(name, mapped, marks, draft)
    rest = [one for one in free if one not in mapped.values() and one.counts and one.is_named]
    drivers = _drivers(rest, draft) if name == "feedback" else []
    _write_labels(mapped, drivers, draft)
    _declare(name, mapped, drivers, marks, looked_at=looked_at, draft=draft)
    if period is not None:
        needed = name == "subscriptions"
        declaring.complete_to(period, draft, whole=looked_at.whole, needed=needed, mapped=mapped)
    rest = [as_found[one.name] for one in rest if one not in drivers]
    if "attributes" not in draft.given:
        rest = [one for one in rest if not _is_outcome(one, mapped.get("ended"))]
        rest = [one for one in rest if one.name not in draft.unread]
    attributes = _attributes(name, rest, draft) if contracts.CONTRACTS[name].attributes else []
    draft.write_rest(name)
    taken = {one.name for one in (*mapped.values(), *drivers, *attributes)}
    return Proposal(
        input=name,
        lines=tuple(draft.lines),
        mapped=mapped,
        attributes=tuple(attributes),
        left=tuple(one for one in free if one.name not in taken),
        questions=tuple(draft.questions),
        entry=draft.entry,
    )


def _without_missing(column: Column, given: Mapping[str, str]) -> Column:
    """A column whose cells are blank where they hold a word that an option calls no answer.

    Numbers that do stay: which answers there are is asked beside them.
    """
    words: set[str] = set()
    for key, answer in given.items():
        what, _, ours = key.partition(".")
        theirs = given.get(f"columns.{ours}", ours)
        if what == "missing" and (
            not ours
            or column.name == theirs
            or (naming.is_known(ours) and naming.match(ours, column))
        ):
            words |= {one for one in texts(answer) if numbers.PLAIN.read(one) is None}
    return column.without(words) if words else column


def _all_labelled(columns: Sequence[Column], given: Mapping[str, str]) -> list[Column]:
    """The columns with words for answers as numbers, those that others of the file tell as well."""
    found = [_labelled(column, given) for column in columns]
    known = [column.labels for column in found if column.labels]
    return [
        one if one.labels else one.labelled(labels.of_others(one.counts, known)) for one in found
    ]


def _labelled(column: Column, given: Mapping[str, str]) -> Column:
    """A column whose words for answers are the numbers that they stand for, given or known."""
    if (key := f"value_labels.{column.name}") in given:
        return column.labelled(drafts.labels(key, given[key]))
    is_named = False
    for ours in (*contracts.METRICS, "satisfaction", "value"):
        key = f"value_labels.{ours}"
        found = naming.match(ours, column)
        theirs = given.get(f"columns.{ours}")
        is_meant = theirs == column.name or (theirs is None and bool(found and found.score > 1))
        if is_meant and key in given:
            return column.labelled(drafts.labels(key, given[key]))
        is_named = is_named or (is_meant and ours != "value")
    written = set(map(engine.as_label, column.counts))
    for group in ("drivers", *surveys.HINTS):
        if (key := f"value_labels.{group}") in given:
            own = drafts.labels(key, given[key])
            if written & set(map(engine.as_label, own)):
                return column.labelled(own)
    return column.labelled(labels.labels(column.counts, is_named=is_named))


def _write_labels(mapped: Mapping[str, Column], drivers: Sequence[Column], draft: Draft) -> None:
    """The words for answers of the columns that are taken; of drivers together where alike."""
    for ours, column in mapped.items():
        if column.labels:
            draft.write_labels(ours, column.labels)
    ends = _ends(drivers)
    if len(ends) > 1:
        said = ", ".join(f"{quoted(name)} has {end}" for end, name in ends.items())
        raise NotProposedError(
            f"The answers in words are of several scales ({said}), and drivers are rated on one:"
            " give those of one scale as drivers."
        )
    together = labels.together(column.labels for column in drivers)
    if together:
        draft.write_labels("drivers", together)
    elif together is None:
        for name, column in zip(draft.entry["drivers"], drivers, strict=True):
            draft.write_labels(name, column.labels)


def _ends(columns: Iterable[Column]) -> dict[int, str]:
    """The highest numbers of the scales in words, each with a column that has it.

    Of words with numbers before them only those that occur are known, and no scale.
    """
    return {
        max(one.labels.values()): one.name
        for one in columns
        if one.labels and not any(map(numbers.before_words, one.labels))
    }


def _write_form(looked_at: Sample, draft: Draft) -> None:
    for key in ("encoding", "delimiter", "skip_lines", "sheet", "table", "query"):
        given = draft.take(key)
        if given:
            value = int(number(key, given)) if key == "skip_lines" else given
            draft.write(key, value, draft.reason(key))
        elif key in looked_at.form:
            draft.write(key, looked_at.form[key], looked_at.reasons.get(key, ""))


def _declare(
    name: str,
    mapped: Mapping[str, Column],
    drivers: Sequence[Column],
    marks: Marks,
    *,
    looked_at: Sample,
    draft: Draft,
) -> None:
    """What is to be said of this input alone."""
    if name == "transactions":
        declaring.refunds(mapped, marks, draft)
        declaring.repeats(looked_at, draft)
        declaring.currency(mapped, draft)
    elif name == "subscriptions":
        if "monthly_charges" in mapped:
            declaring.currency(mapped, draft)
        if "started" not in mapped:
            if "churned" in mapped:
                declaring.churn_words(mapped["churned"], draft)
            declaring.leavers(draft)
    elif name == "servqual_internal" and "role" in mapped:
        declaring.roles(mapped["role"], draft)
    elif name == "feedback":
        declaring.scales(mapped, drivers, draft)
        if "ces" in mapped:
            declaring.ces_easy(mapped["ces"], draft)


def _input(columns: Sequence[Column], labelled: Sequence[Column]) -> tuple[str, Question | None]:
    if surveys.is_survey(labelled):
        return "servqual_responses", None
    likely = mapping.likely(columns) or mapping.likely(labelled)
    if len(likely) == 1:
        return likely[0], None
    offered = likely or mapping.possible(labelled)
    if not offered:
        has = mapping.described(columns)
        doubtful = "".join(f" {one}." for one in mapping.doubtful(columns))
        raise NotProposedError(
            f"The file is none of the inputs: it has {has}.{doubtful} A report needs purchases"
            " (customer, date and amount), customers with a contract (and whether or when they"
            " left), or answers in numbers (NPS, CSAT, CES, SERVQUAL)."
        )
    text = "Which input is it?"
    if not likely:
        doubtful = "; ".join(mapping.doubtful(columns))
        text = f"{doubtful or 'Not all needed columns are called as expected'}. {text}"
    answers = []
    for one in offered:
        lacks = ", ".join(mapping.lacking(one, labelled))
        seen = f"; no column is called like {lacks}" if lacks else ""
        answers.append(Answer(one, mapping.NEEDS[one].what + seen))
    return "", Question("input", text, tuple(answers))


def _internal_instrument(folder: Path, draft: Draft) -> None:
    answers = tuple(
        Answer(surveys.named(path, folder), path.stem) for path in surveys.shipped(folder)
    )
    text = (
        "Which questionnaire has the items (a file, counted from the folder of the sources file)?"
    )
    if answer := draft.ask(Question("instrument", text, answers)):
        draft.write("instrument", answer, draft.reason("instrument"))


def _drivers(rest: Sequence[Column], draft: Draft) -> list[Column]:
    """Ratings of single aspects: only the user knows which columns are some."""
    rated = [one for one in rest if _is_rating(one)]
    by_name = {column.name: column for column in rest}
    if not rated and "drivers" not in draft.given:
        return []
    names = ", ".join(quoted(column.name) for column in rated[:_FEW_DRIVERS])
    more = ", ..." if len(rated) > _FEW_DRIVERS else ""
    answers = [Answer("", "none: the report names no drivers")]
    worded = [one for one in rated if one.labels]
    # Words for contentment are ratings; numbers may be anything.
    is_clear = labels.together(one.labels for one in worded) is not None
    are_of_one_scale = is_clear and len(_ends(worded)) <= 1
    proposed = joined(one.name for one in worded) if are_of_one_scale else ""
    if len(rated) <= 2 * _FEW_DRIVERS:
        answers.append(Answer(joined(one.name for one in rated), "all of them"))
    if worded and len(worded) < len(rated):
        answers.append(Answer(joined(one.name for one in worded), "those that are in words"))
    question = Question(
        "drivers",
        f"{len(rated)} columns hold ratings ({names}{more}). Which rate aspects of the service?",
        tuple(answers),
        proposed,
    )
    chosen = texts(draft.ask(question) or "")
    if unknown := [one for one in chosen if one not in by_name]:
        raise NotProposedError(f"drivers: the file has no other column {quoted(unknown[0])}.")
    found = [by_name[one] for one in chosen]
    if found:
        taken = {column.name for column in contracts.FEEDBACK.columns}
        _write_names("drivers", found, taken, draft, draft.reason("drivers"))
    return found


def _is_rating(column: Column) -> bool:
    found = set(column.without(column.not_whole).whole_numbers) - declaring.FAR_CODES
    return len(found) >= 3 and min(found) >= 0 and max(found) <= 11 and not column.typed


def _attributes(name: str, rest: Sequence[Column], draft: Draft) -> list[Column]:
    """The further columns: groups to compare by, or what may explain churn."""
    by_name = {column.name: column for column in rest}
    given = draft.take("attributes")
    if given is not None:
        if unknown := [one for one in texts(given) if one not in by_name]:
            raise NotProposedError(
                f"attributes: the file has no other column {quoted(unknown[0])}."
            )
        chosen, reason = [by_name[one] for one in texts(given)], draft.reason("attributes")
    elif name in _GROUPED:
        chosen = [
            one
            for one in rest
            if one.has_few_values and len(one.counts) <= _FEW_GROUPS
            if not one.is_number or naming.match("wave", one)
            if not naming.is_comment(one) and not naming.is_address(one)
            if not unread.are_nps_groups(one.counts)
        ]
        reason = f"words with 2 to {_FEW_GROUPS} different values: groups to compare by"
    else:
        measured = [one for one in rest if one.is_number and not one.is_id]
        chosen = [
            one
            for one in rest
            if one.has_few_values or (name == "subscriptions" and one in measured)
            if not naming.is_address(one)
        ]
        reason = f"2 to {profiles.FEW_VALUES} different values"
        if name == "subscriptions":
            reason += (
                ", or numbers; where contracts have dates they tell who will leave only if named in"
                " fixed, or by date in [subscription_months] (docs/churn.md)"
            )
    if chosen:
        taken = {column.name for column in contracts.CONTRACTS[name].columns}
        taken |= set(transactions.MADE) if name == "transactions" else set()
        _write_names("attributes", chosen, taken, draft, reason)
    return list(chosen)


def _is_outcome(column: Column, ended: Column | None) -> bool:
    """Whether each value of a column stands only where the contract ended, or only where not."""
    if ended is None or len(column.counts) > _FEW_GROUPS:
        return False
    rows = [(row[column.index], bool(row[ended.index])) for row in column.sample.rows]
    left, stayed = ({value for value, ends in rows if ends is which} for which in (True, False))
    fewest = min(sum(ends for _, ends in rows), sum(not ends for _, ends in rows))
    return fewest >= _ENOUGH_OUTCOMES and not left & stayed


def _write_names(
    key: str, chosen: Sequence[Column], ours: set[str], draft: Draft, reason: str
) -> None:
    """Columns under their own names, or under others where theirs are names of ours."""
    taken = {name.casefold() for name in ours}
    names: dict[str, str] = {}
    for column in chosen:
        name = " ".join(NO_NAME.sub(" ", column.name).split()) or "column"
        while name.casefold() in taken or name.startswith(("__", "leave_out.", "key.")):
            name = f"their {name}"
        taken.add(name.casefold())
        names[name] = column.name
    if all(name == theirs for name, theirs in names.items()):
        draft.write(key, list(names), reason)
    else:
        for name, theirs in names.items():
            draft.write((key, name), theirs, reason)


def samples(ours: str, column: Column) -> str:
    """Three values of a column as they may be shown: ids with most characters hidden."""
    return ", ".join(map(quoted, column.samples(masked=ours.endswith("_id"))))
