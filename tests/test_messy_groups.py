"""Groups as other people write them: each fault made by hand, and the same file without it."""

import datetime

import openpyxl
import pytest

from cxlib import tables

DAY = datetime.date(2024, 1, 1)
ROWS = 120
SERVICES = ["app", "shop;app", "shop;web", "app;web", "shop", "app;telephone;web", "telephone;web"]


@pytest.fixture
def told(tmp_path, said):
    """What the door says of answers with the values of one attribute, in turn."""

    def load(values, more="", *, name="group", attributes='["group"]', in_workbook=False):
        rows = [[name, "id", "date", "csat"]]
        rows += [
            [values[row % len(values)], f"R{row}", DAY + datetime.timedelta(row), row % 5 + 1]
            for row in range(ROWS)
        ]
        path = tmp_path / ("a.xlsx" if in_workbook else "a.csv")
        if in_workbook:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            book.save(path)
        else:
            lines = ("\t".join(map(str, row)) for row in rows)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        mark = "" if in_workbook else 'delimiter = "\\t"\n'
        return said(
            "feedback",
            f'[feedback]\nuri = "{path.name}"\n{mark}{more}attributes = {attributes}\n'
            'columns = { response_id = "id", date = "date", csat = "csat" }\n'
            "scales = { csat = [1, 5] }\n",
        )

    return load


# --- one value written in several ways ------------------------------------------------------


def test_values_in_two_scripts_are_told(told):
    both = ["Airport", "Bazaar", "Harbour", "فرودگاه", "بازار", "بندر"]
    assert 'as many values are written in one script as in another ("Airport", "فرودگاه")' in told(
        both
    )
    assert told(both[:5]) == ""
    assert told(["app", "وب", "shop 2", "فروشگاه 3"]) == ""


@pytest.mark.parametrize(
    "values",
    [
        ["Airport", "Bazaar", "AIRPORT"],
        ["شعبه مرکزی", "بازار", "شعبه\u200cمرکزی"],
        ["Airport branch", "Bazaar", "Airport  branch"],
        ["تهران", "شیراز", "\ufe97\ufeec\ufeae\ufe8d\ufee5"],
        ["18-29", "30-44", "18\u201329"],
    ],
)
def test_a_value_written_in_two_ways_is_told(told, values):
    found = told(values)
    assert f'1 values are written in several ways ("{values[0]}", "{values[2]}")' in found
    assert found.endswith("[40]")


@pytest.mark.parametrize(
    "values", [["Airport", "Bazaar"], ["room 1 1", "room 11"], ["a-b", "ab"], ["1-23", "12-3"]]
)
def test_values_of_their_own_are_not(told, values):
    assert told(values) == ""


def test_a_product_written_in_two_ways_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    entry = 'columns = { customer_id = "id", date = "date", amount = "n", product = "what" }\n'
    (tmp_path / "sources.toml").write_text(
        f'[transactions]\nuri = "a.csv"\n{entry}', encoding="utf-8"
    )
    for names, count in ((("tea", "Tea"), 1), (("tea", "teas"), 0)):
        rows = (f"K{row % 9},{DAY + datetime.timedelta(row)},{row}.5" for row in range(1, 60))
        lines = [f"{line},{names[number % 2]}\n" for number, line in enumerate(rows)]
        (tmp_path / "a.csv").write_text("id,date,n,what\n" + "".join(lines), encoding="utf-8")
        table = tables.load("transactions", tmp_path / "sources.toml")
        assert len([one for one in table.warnings if "in several ways" in str(one)]) == count


# --- words for no value, and of tests -------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["N/A", "n/a", "-", "--", "?", "none", "null", "unknown", "Unbekannt", "(blank)"]
)
def test_a_word_for_no_value_is_told(told, word):
    found = told(["Airport", "Bazaar", word])
    assert f'count as groups ("{word}"): declare missing = {{ "group" = ["{word}"] }}' in found
    assert "[40]" in found


@pytest.mark.parametrize("word", ["نامشخص", "ندارد", "#N/A", "-----", "not set"])
def test_what_is_declared_of_such_a_word_is_not_asked_about(told, word):
    values = ["Airport", "Bazaar", word]
    assert "words for no value" in told(values)
    assert "words for no value" not in told(values, f'missing = {{ group = ["{word}"] }}\n')
    assert told(values, "missing = { group = [] }\n") == ""
    assert f'missing = ["99", "{word}"]' in told(values, 'missing = ["99"]\n')


@pytest.mark.parametrize(
    "values", [["EMEA", "NA", "APAC"], ["+", "-"], ["no", "yes"], ["Nonesuch", "Unknown Street"]]
)
def test_values_that_resemble_such_words_are_not_asked_about(told, values):
    assert told(values) == ""


def test_groups_of_test_entries_are_told(told):
    values = ["Airport", "Bazaar"] * 30
    assert 'groups of test entries ("TEST")' in told([*values[:-1], "TEST"])
    assert 'groups of test entries ("تست")' in told([*values[:-1], "تست"])
    assert told([*values[:-1], "Testaccio"]) == ""
    assert told(["test", "control"]) == ""
    assert told(["test", "exam"]) == ""


# --- several choices in one cell ------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", "|", ", ", "، ", " / "])
def test_combinations_of_choices_are_told(told, mark):
    found = told([one.replace(";", mark) for one in SERVICES])
    assert f'combinations of choices ("shop{mark}app", "shop{mark}web"' in found


@pytest.mark.parametrize(
    "values",
    [
        ["Portland, OR", "Salem, OR", "Portland, ME", "Salem, ME"],
        ["Basic, monthly", "Basic, yearly", "Pro, monthly", "Pro, yearly"],
        ["Berlin, Germany", "Munich, Bavaria, Germany", "Fürth, Bavaria, Germany", "Germany"],
        ["app", "web; slow", "shop"],
    ],
)
def test_places_and_plans_with_commas_are_not_choices(told, values):
    assert told(values) == ""


# --- sums, dates and blanks -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sums", "plain"),
    [
        (["Airport Average", "Grand Average"], "Airport"),
        (["Total Airport"], "Airport"),
        (["جمع تهران"], "تهران"),
        (["میانگین تهران", "جمع کل"], "تهران"),
    ],
)
def test_sums_of_other_groups_are_told(told, sums, plain):
    rows = [plain, "Bazaar"] * 29
    found = told([*rows, *sums, *rows[: len(sums) % 2]])
    assert f'sums or means of other groups ("{sums[0]}"' in found
    assert all(f'"{one}"' in found for one in sums)


@pytest.mark.parametrize("other", ["Total station A1", "Average Street", "Counter Airport"])
def test_names_with_a_word_for_sums_are_not(told, other):
    assert told(["Airport", "Bazaar", other]) == ""


def test_texts_that_a_spreadsheet_made_dates_are_told(told):
    made = [datetime.datetime(2024, 5, 1), datetime.datetime(2024, 12, 6), "13+"]
    found = told(made, in_workbook=True)
    assert 'dates beside "13+" (' in found
    assert "[80]" in found
    assert told(["1-5", "6-12", "13+"], in_workbook=True) == ""
    assert told(made[:2], in_workbook=True) == ""
    assert 'dates beside "13+" ("1-May", "6-Dec")' in told(["1-May", "6-Dec", "13+"])
    assert told(["Jan-24", "Feb-24", "Mar-24"]) == ""


def test_a_value_in_the_first_row_of_each_group_alone_is_told(told):
    values = [f"branch {row // 30}" if row % 30 == 0 else "" for row in range(ROWS)]
    assert "blank in all but 4 rows, the first among them" in told(values)
    assert "blank in all but" not in told(["", *values[:-1]])
    assert "blank in all but" not in told([one and "branch" for one in values])


# --- questionnaires that were not given back ------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "is_told"),
    [
        ("Status", ["Complete", "Partial", "Disqualified"], True),
        ("Response Type", ["completed", "partial"], True),
        ("وضعیت", ["کامل", "ناقص"], True),
        ("kind", ["Complete", "Screened out"], True),
        ("delivery", ["complete", "partial"], False),
        ("Status", ["Complete"], False),
        ("Status", ["gold", "silver", "complete", "partial"], False),
    ],
)
def test_questionnaires_that_were_not_given_back_are_told(told, name, values, is_told):
    assert ("that were not finished" in told(values, name=name, attributes="[]")) == is_told


def test_those_left_out_by_their_state_are_not_told(told):
    more = 'only = { group = "Complete" }\n'
    named = '{ group = "Status" }'
    values = ["Complete", "Partial"]
    assert "that were not finished" in told(values, name="Status", attributes=named)
    assert "that were not finished" not in told(values, more, name="Status", attributes=named)


def test_a_blank_day_of_submission_is_told(told):
    values = ["2024-01-01\t5", "\t2"]
    found = told(values, name="submitdate\tlastpage", attributes="[]")
    assert "not submitted (submitdate is blank)" in found
    assert told(values[:1], name="submitdate\tlastpage", attributes="[]") == ""


# --- ids ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        (["Total 2024"], "ids begin with a word for totals"),
        (["Total K1"], "ids begin with a word for totals"),
        (["K1 Total"], "ids end in a word for totals"),
        (["TOTAL Energies 5", "Sum & Co 7", "Great Western Total"], ""),
    ],
)
def test_companies_that_are_called_total_are_no_sums(tmp_path, monkeypatch, ids, says):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    all_ids = [*(f"K{row}" for row in range(40)), *ids]
    rows = (f"{one},{DAY + datetime.timedelta(row)},4\n" for row, one in enumerate(all_ids))
    (tmp_path / "a.csv").write_text("who,date,csat\n" + "".join(rows), encoding="utf-8")
    (tmp_path / "sources.toml").write_text(
        '[feedback]\nuri = "a.csv"\nscales = { csat = [1, 5] }\n'
        'columns = { customer_id = "who", date = "date", csat = "csat" }\n',
        encoding="utf-8",
    )
    found = [str(one) for one in tables.load("feedback", tmp_path / "sources.toml").warnings]
    found = [one for one in found if "a word for totals" in one]
    assert len(found) == bool(says)
    assert says in "".join(found)
    assert "purchases" not in "".join(found)
