"""How the columns that a description names are to be read."""

from cxlib import engine
from cxlib.notation import ISO_DATE
from cxlib.sources import Source

TRUE_VALUES = ("true", "1", "yes")
FALSE_VALUES = ("false", "0", "no")


def casts(source: Source, file: engine.File) -> list[engine.Cast]:
    """One cast for each column to read, in the order of `source.staged`."""
    types = {column.name: column.type for column in source.contract.columns}
    entry, form = source.entry, source.form
    return [
        engine.Cast(
            name=name,
            index=file.names.index(theirs),
            type=types.get(name, "text"),
            date_format=entry.get("date_format", ISO_DATE),
            calendar=form.calendar,
            # Of the texts only an attribute may be a number.
            decimal=form.decimal if _may_be_number(source, name) else ".",
            thousands=form.thousands if _may_be_number(source, name) else "",
            missing=_missing(source, name, types.get(name, "text")),
            true_values=tuple(entry.get("true_values", TRUE_VALUES)),
            false_values=tuple(entry.get("false_values", FALSE_VALUES)),
            key=name.endswith("_id"),
            may_be_number=_may_be_number(source, name),
            labels=source.labels.get(name, ()),
        )
        for name, theirs in source.staged.items()
    ]


def _missing(source: Source, name: str, kind: engine.ColumnType) -> tuple[str, ...]:
    """The codes of a column, written as its cells will be."""
    if name in source.ids:
        return ()
    is_key = kind in ("number", "date")
    return tuple(engine.folded(code, key=is_key) for code in source.missing.get(name, ()))


def _may_be_number(source: Source, name: str) -> bool:
    types = {column.name: column.type for column in source.contract.columns}
    return types.get(name) == "number" or (name in source.attributes and name not in source.texts)
