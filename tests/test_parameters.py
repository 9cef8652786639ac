import datetime as dt
import subprocess
import sys

import nbformat
import papermill
import pytest

from cxlib import PROJECT
from cxlib.runs import dates
from cxlib.runs.catalogue import find
from cxlib.runs.domains import Range, read_domain, split_help
from cxlib.runs.parameters import (
    Parameter,
    ParameterError,
    check_value,
    declared_parameters,
    describe,
    read_value,
)

TODAY = dt.date(2026, 5, 31)
NOTEBOOKS = find(PROJECT / "notebooks")


def parameter(type_name, domain="", help_text="a help"):
    return Parameter("one", type_name, "", help_text, read_domain(domain, type_name))


def write_notebook(folder, *lines, tags=("parameters",)):
    cells = [
        nbformat.v4.new_markdown_cell("Before.\n"),
        nbformat.v4.new_markdown_cell("# Is it good?\n\nWho decides."),
        nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": list(tags)}),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    path = folder / "01_odd.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    return path


def as_papermill_reads(one):
    """What papermill knows of a line: no domain, and the value as it is written."""
    help_text = f"{one.help} [{one.domain.text}]" if one.domain.text else one.help
    return {"type": one.type, "default": one.default, "help": help_text}


def read_by_papermill(path):
    return {
        name: {
            "type": found["inferred_type_name"],
            "default": eval(found["default"], {}),
            "help": found["help"],
        }
        for name, found in papermill.inspect_notebook(str(path)).items()
    }


# Declared parameters


@pytest.mark.parametrize("notebook", NOTEBOOKS.values(), ids=NOTEBOOKS.keys())
def test_every_notebook_is_read_as_papermill_reads_it(notebook):
    ours = {name: as_papermill_reads(one) for name, one in declared_parameters(notebook).items()}
    assert ours == read_by_papermill(notebook)
    assert list(ours) == list(papermill.inspect_notebook(str(notebook)))


def test_odd_lines_are_read_as_papermill_reads_them(tmp_path):
    path = write_notebook(
        *(tmp_path, "# a remark", "", 'code:str="00"#no spaces [file]', "share : float = -.5"),
        *('text: str = "it\'s"  # "quoted" [en or fa', "big: int = 1_000   #   many   "),
    )
    ours = {name: as_papermill_reads(one) for name, one in declared_parameters(path).items()}
    assert ours == read_by_papermill(path)
    assert list(ours) == ["code", "share", "text", "big"]


def test_lines_that_papermill_misreads_are_read(tmp_path):
    path = write_notebook(
        tmp_path, 'mark: str = "a # b"  # a sign', "years: int = 3  # x = 3 and no more"
    )
    found = declared_parameters(path)
    assert (found["mark"].default, found["mark"].help) == ("a # b", "a sign")
    assert (found["years"].default, found["years"].help) == (3, "x = 3 and no more")
    theirs = papermill.inspect_notebook(str(path))
    assert theirs["mark"]["default"] == '"a'
    assert "years" not in theirs


def test_a_notebook_without_parameters_declares_none(tmp_path):
    assert declared_parameters(write_notebook(tmp_path, "years: int = 3", tags=())) == {}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("years = 3  # untyped", "write name: type = value"),
        ("years: int", "write name: type = value"),
        ("years: list = [3]", "the type one of str, int, float, bool"),
        ("import sys", "write name: type = value"),
        ("years: int = 1 + len('a')", "its value is not a literal"),
        ("years: int = 3.5", "its value is not a whole number"),
        ("years: int = True", "its value is not a whole number"),
        ("years: int = 0  # years [1 to 5]", "its value is not a whole number, 1 to 5"),
        ("years: int = 3  # years [a few]", "'a few' is no range as 1 to 520"),
        ("years: int = 3  # years [5 to 1]", "no number is 5 to 1"),
        ("years: int = 3  # years [at least 1 and at least 2]", "is no range as 1 to 520"),
        ("cut: str = 'day'  # how [month or year]", "its value is not month or year"),
        ("cut: str = 'day'  # how [see above]", "a text takes words as"),
        ("cut: str = 'day'  # how [day]", "a text takes words as"),
        ("cut: str = 'day'  # how [day or day]", "a text takes words as"),
        ("cut: str = 'day'  # how [date or day]", "a text takes words as"),
        ("fail: bool = False  # whether [true or false]", "a bool takes true or false"),
        ("as_of: str = '-3 months'  # when [date]", "its value is not a date"),
        ("as_of: str = ''  # when [date]", "its value is not a date"),
        ("table: str = ''  # which [file]", "its value is not a file"),
        ("years: int = = 3", "invalid syntax"),
    ],
)
def test_a_line_that_declares_nothing_is_refused_with_notebook_and_line(tmp_path, line, why):
    with pytest.raises(ParameterError) as refused:
        declared_parameters(write_notebook(tmp_path, "level: float = 1  # a level", line))
    assert str(refused.value).startswith("01_odd.ipynb: the parameters line ")
    assert line.partition(" ")[0] in str(refused.value)
    assert why in str(refused.value)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"cells": 3', "\xff"])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "01_torn.ipynb"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(ParameterError, match=r"01_torn\.ipynb is no notebook"):
        declared_parameters(path)


def test_papermill_is_not_needed_to_read_parameters():
    """The rest of the package is kept out: it is the runs that need papermill."""
    program = (
        "import sys, types; package = types.ModuleType('cxlib.runs');"
        f"package.__path__ = [{str(PROJECT / 'cxlib' / 'runs')!r}];"
        "sys.modules['cxlib.runs'] = package; import cxlib.runs.parameters;"
        "print({'papermill', 'nbformat', 'jsonschema', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


# Domains


def test_a_domain_is_what_closes_the_help():
    assert split_help("weeks ahead [1 to 520]") == ("weeks ahead", "1 to 520")
    assert split_help("as [1, 2], weeks [1 to 3]") == ("as [1, 2], weeks", "1 to 3")
    assert split_help("as [1, 2] weeks") == ("as [1, 2] weeks", "")
    assert split_help("[file]") == ("", "file")


INFINITE = float("inf")


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("1 to 520", [Range(1, 520)]),
        ("-1.5 to 2", [Range(-1.5, 2)]),
        ("0", [Range(0, 0)]),
        ("0 or 2 to 8", [Range(0, 0), Range(2, 8)]),
        ("at least 0", [Range(0, INFINITE)]),
        ("at most 0", [Range(-INFINITE, 0)]),
        ("above 0 and below 1", [Range(0, 1, with_low=False, with_high=False)]),
        ("above 0 and at most 1", [Range(0, 1, with_low=False)]),
        ("below 0 or above 1", [Range(-INFINITE, 0, True, False), Range(1, INFINITE, False)]),
    ],
)
def test_ranges_read_as_english(text, ranges):
    assert list(read_domain(text, "float").ranges) == ranges


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        ("0 to 1", ["0", "1", "0.5"], ["-0.01", "1.01"]),
        ("above 0 and below 1", ["0.001", "0.999"], ["0", "1"]),
        ("at least 0 and below 1", ["0", "0.999"], ["-1", "1"]),
        ("above 0 and at most 1", ["0.001", "1"], ["0", "1.001"]),
        ("0 or 2 to 8", ["0", "2", "8"], ["1", "9", "-1"]),
        ("at least 0", ["0", "1e300"], ["-1e-300"]),
    ],
)
def test_the_ends_of_a_range_are_in_it_or_not(domain, inside, outside):
    one = parameter("float", domain)
    assert [read_value(text, one, TODAY) for text in inside] == [float(text) for text in inside]
    for text in outside:
        with pytest.raises(ParameterError):
            read_value(text, one, TODAY)


def test_words_are_choices_and_empty_is_the_empty_text():
    assert read_domain("month, quarter or year", "str").choices == ("month", "quarter", "year")
    assert read_domain("BG/NBD, NBD or empty", "str").choices == ("BG/NBD", "NBD", "")
    assert read_domain("en or fa", "str").choices == ("en", "fa")
    assert read_value("", parameter("str", "en or empty"), TODAY) == ""


# Values as typed


@pytest.mark.parametrize(
    ("type_name", "text", "value"),
    [
        ("str", "007", "007"),
        ("str", "", ""),
        ("int", "007", 7),
        ("int", " -5 ", -5),
        ("int", "1_000", 1000),
        ("int", "۵۲", 52),
        ("float", "3", 3.0),
        ("float", "1e3", 1000.0),
        ("float", "۰٫۹۵", 0.95),
        ("bool", "True", True),
        ("bool", "no", False),
        ("bool", "1", True),
    ],
)
def test_a_text_is_read_by_the_declared_type(type_name, text, value):
    found = read_value(text, parameter(type_name), TODAY)
    assert found == value
    assert type(found).__name__ == type_name


@pytest.mark.parametrize(
    ("type_name", "text", "takes"),
    [
        ("int", "3.5", "a whole number"),
        ("int", "3.0", "a whole number"),
        ("int", "1e3", "a whole number"),
        ("int", "0x10", "a whole number"),
        ("int", "", "a whole number"),
        ("int", "9" * 5000, "a whole number"),
        ("float", "half", "a number"),
        ("float", "0,95", "a number"),
        ("float", "nan", "a number"),
        ("float", "-inf", "a number"),
        ("float", "1e400", "a number"),
        ("bool", "perhaps", "true or false"),
        ("bool", "", "true or false"),
    ],
)
def test_what_does_not_fit_the_type_is_refused(type_name, text, takes):
    with pytest.raises(ParameterError, match=f"^one takes {takes}, not .*: a help$"):
        read_value(text, parameter(type_name), TODAY)


def test_an_error_is_one_line_with_name_value_domain_and_help():
    weeks = parameter("int", "1 to 520", "weeks after the analysis date")
    with pytest.raises(ParameterError) as refused:
        read_value("0", weeks, TODAY)
    expected = "one takes a whole number, 1 to 520, not '0': weeks after the analysis date"
    assert str(refused.value) == expected
    with pytest.raises(ParameterError) as refused:
        read_value("a\nb" * 1000, parameter("str", "en or fa", ""), TODAY)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 100


def test_a_share_given_in_per_cent_gets_a_hint():
    with pytest.raises(ParameterError, match=r"not '95' \(95 % is 0\.95\): a help"):
        read_value("95", parameter("float", "above 0 and below 1"), TODAY)
    with pytest.raises(ParameterError, match="not '950': a help"):
        read_value("950", parameter("float", "above 0 and below 1"), TODAY)


def test_a_file_and_a_folder_are_looked_for_in_the_project():
    file, folder = parameter("str", "file"), parameter("str", "folder or empty")
    assert read_value("pyproject.toml", file, TODAY) == "pyproject.toml"
    assert read_value(str(PROJECT / "pyproject.toml"), file, TODAY)
    assert read_value("cxlib", folder, TODAY) == "cxlib"
    assert read_value("", folder, TODAY) == ""
    for text, one, said in [
        ("cxlib", file, r"a file \(relative to the project folder\), not 'cxlib' \(there is no"),
        ("none.toml", file, r"not 'none.toml' \(there is no such file\): a help"),
        ("x" * 5000, file, "there is no such file"),
        ("", file, "not '': a help"),
        ("pyproject.toml", folder, r"or empty, not 'pyproject.toml' \(there is no such folder\)"),
    ]:
        with pytest.raises(ParameterError, match=said):
            read_value(text, one, TODAY)


# Values that have a type


@pytest.mark.parametrize(
    ("type_name", "domain", "given", "value"),
    [
        ("float", "", 1, 1.0),
        ("float", "", 0.5, 0.5),
        ("int", "0 to 5", 5, 5),
        ("bool", "", True, True),
        ("str", "", "7", "7"),
        ("str", "date", dt.date(2026, 3, 31), "2026-03-31"),
        ("str", "date", "-3 months", "2026-02-28"),
    ],
)
def test_a_typed_value_is_taken_where_it_fits(type_name, domain, given, value):
    found = check_value(given, parameter(type_name, domain), TODAY)
    assert found == value
    assert type(found).__name__ == type_name


@pytest.mark.parametrize(
    ("type_name", "domain", "given"),
    [
        ("int", "", "3"),
        ("int", "", 3.0),
        ("int", "", True),
        ("float", "", True),
        ("float", "", 10**400),
        ("float", "", float("nan")),
        ("float", "", "0.5"),
        ("bool", "", 1),
        ("str", "", 7),
        ("str", "", ["a"]),
        ("str", "", dt.date(2026, 1, 1)),
        ("str", "date", dt.datetime(2026, 1, 1)),
        ("str", "date", 20260101),
    ],
)
def test_a_typed_value_is_not_converted(type_name, domain, given):
    with pytest.raises(ParameterError, match=r"^one takes .*, not .*: a help$"):
        check_value(given, parameter(type_name, domain), TODAY)


# Dates


@pytest.mark.parametrize(
    ("today", "text", "date"),
    [
        ("2026-05-31", "2026-03-31", "2026-03-31"),
        ("2026-05-31", "۲۰۲۶-۰۳-۳۱", "2026-03-31"),
        ("2026-05-31", " Today ", "2026-05-31"),
        ("2026-03-01", "yesterday", "2026-02-28"),
        ("2024-03-01", "yesterday", "2024-02-29"),
        ("2026-03-01", "-10 days", "2026-02-19"),
        ("2026-03-01", "-2 weeks", "2026-02-15"),
        ("2026-03-01", "-۲ weeks", "2026-02-15"),
        ("2026-03-15", "- 1 month", "2026-02-15"),
        ("2026-05-31", "-3 months", "2026-02-28"),
        ("2024-05-31", "-3 months", "2024-02-29"),
        ("2026-01-31", "-2 months", "2025-11-30"),
        ("2026-01-15", "-13 months", "2024-12-15"),
        ("2024-02-29", "-1 year", "2023-02-28"),
        ("2026-05-30", "month-end", "2026-04-30"),
        ("2026-05-31", "month-end", "2026-05-31"),
        ("2026-01-01", "month-end", "2025-12-31"),
        ("2026-05-31", "quarter-end", "2026-03-31"),
        ("2026-06-30", "quarter-end", "2026-06-30"),
        ("2026-12-31", "quarter-end", "2026-12-31"),
        ("2026-02-10", "quarter-end", "2025-12-31"),
        ("2026-12-30", "year-end", "2025-12-31"),
        ("2026-12-31", "year-end", "2026-12-31"),
        ("2026-03-10", "month-end -1 month", "2026-01-31"),
        ("2026-07-01", "quarter-end -6 months", "2025-12-31"),
        ("2024-03-10", "month-end -1 year", "2023-02-28"),
        ("2025-03-10", "month-end -1 year", "2024-02-29"),
        ("2026-03-10", "month-end -1 day", "2026-02-27"),
        ("2026-03-10", "yesterday -1 week", "2026-03-02"),
    ],
)
def test_a_date_is_resolved_by_the_given_today(today, text, date):
    one = parameter("str", "date")
    assert read_value(text, one, dt.date.fromisoformat(today)) == date


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2025-02-30", " (there is no such day)"),
        ("1404-05-31", " (that is a Jalali year; write the Gregorian date)"),
        ("۱۴۰۴-۰۵-۳۱", " (that is a Jalali year; write the Gregorian date)"),
        ("-99999 years", " (there is no such day)"),
        ("-99999999999999 days", " (there is no such day)"),
        ("31/12/2025", ""),
        ("20251231", ""),
        ("2025-W01-1", ""),
        ("+3 months", ""),
        ("-3 moons", ""),
        ("month-end month-end", ""),
        ("empty", ' (empty is "")'),
        ("-", ""),
        (" ", ""),
    ],
)
def test_what_is_no_date_is_refused_in_one_line(text, why):
    takes = "one takes a date (2026-03-31, month-end, -3 months) or empty, not "
    with pytest.raises(ParameterError) as refused:
        read_value(text, parameter("str", "date or empty"), TODAY)
    assert str(refused.value) == f"{takes}{text!r}{why}: a help"


def test_an_end_that_is_counted_from_is_an_end_for_every_today():
    """The newest end not after today, against all ends written down; over a leap year."""
    ends = {
        "month-end": [dt.date(2024, m, 1) - dt.timedelta(days=1) for m in range(1, 13)],
        "quarter-end": [dt.date(2024, m, 1) - dt.timedelta(days=1) for m in (1, 4, 7, 10)],
        "year-end": [dt.date(2023, 12, 31)],
    }
    for name, days in ends.items():
        days.append(dt.date(2024, 12, 31))
        for number in range(366):
            today = dt.date(2024, 1, 1) + dt.timedelta(days=number)
            assert dates.resolve(name, today) == max(day for day in days if day <= today)


# Help


def test_help_tells_question_and_what_each_takes(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    path = write_notebook(
        tmp_path,
        'as_of: str = ""  # analysis date; empty: the last day [date or empty]',
        "horizon_weeks: int = 52  # weeks after the analysis date whose purchases count [1 to 520]",
        "fail: bool = False  # whether to fail",
        'output_dir: str = ""  # where results go',
    )
    assert describe(path).splitlines() == [
        "Is it good?",
        "",
        "  as_of          a date (2026-03-31, month-end, -3 months)",
        "                 or empty; default empty",
        "                 analysis date; empty: the last day",
        "  horizon_weeks  a whole number, 1 to 520; default 52",
        "                 weeks after the analysis date whose",
        "                 purchases count",
        "  fail           true or false; default false",
        "                 whether to fail",
        "",
        "Relative dates: today, yesterday, -10 days, -2 weeks, -3",
        "months, -1 year; month-end, quarter-end, year-end: the",
        "newest one that is not after today; both together: month-end",
        "-1 month.",
    ]


def test_relative_dates_are_not_explained_where_there_is_no_date(tmp_path):
    assert "Relative" not in describe(write_notebook(tmp_path, "years: int = 3  # years"))
