"""What the door says of files that were spoilt on their way: each made by hand."""

import pytest

from cxlib import tables
from cxlib.contracts import InputError

ROWS = [("C1", "2024-01-05", "10,50"), ("C2", "2024-01-06", "20,25"), ("C3", "2024-01-07", "1,25")]


@pytest.fixture
def told(tmp_path, monkeypatch):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)

    def load(text, extra="", encoding="utf-8"):
        (tmp_path / "a.csv").write_bytes(text.encode(encoding))
        sources = tmp_path / "sources.toml"
        sources.write_text(
            '[transactions]\nuri = "a.csv"\ncurrency = "EUR"\n'
            'columns = { customer_id = "id", date = "date", amount = "amount" }\n' + extra,
            encoding="utf-8",
        )
        with pytest.raises(InputError) as error:
            tables.load("transactions", sources)
        return str(error.value)

    return load


def semicolons(rows):
    return "".join(f"{';'.join(row)}\n" for row in [("id", "date", "amount"), *rows])


@pytest.mark.parametrize("word", ["Summe", "Total", "Sum", "جمع", "مجموع", "کل", "Gesamt:"])
@pytest.mark.parametrize("date", ["2024-01-07", ""])
def test_a_row_of_totals_is_known_by_its_word_in_the_column_of_ids(told, word, date):
    # 10.50 + 20.25 + 1.25 = 32.
    text = semicolons([*ROWS, (word, date, "32,00")])
    found = told(text, 'delimiter = ";"\ndecimal = ","\n')
    assert "a row of totals" in found
    assert "line 5" in found
    assert "take the last row out" in found


def test_numbers_are_to_be_written_with_the_declared_marks(told):
    text = semicolons([*ROWS, ("C4", "2024-01-08", "65.50")])
    assert "as 1065,50" in told(text, 'delimiter = ";"\ndecimal = ","\n')


def test_utf8_declared_as_another_encoding_is_refused(told):
    text = "id,date,amount,city\nC1,2024-01-05,10,تهران\n"
    found = told(text, 'encoding = "cp1256"\n')
    assert "the file is UTF-8" in found
    assert "remove the line encoding" in found
    assert "in [transactions] of" in found


def test_persian_declared_as_latin_is_refused(told):
    city = "تهران و شيراز و مشهد"
    text = "id,date,amount,city\n" + "".join(f"C{i},2024-01-05,10,{city}\n" for i in range(5))
    assert 'encoding = "cp1256"' in told(text, 'encoding = "latin-1"\n', encoding="cp1256")


def test_the_remedy_of_an_encoding_names_the_entry(told):
    text = "id,date,amount,city\nC1,2024-01-05,10,Köln\n"
    found = told(text, encoding="cp1252")
    assert "not UTF-8" in found
    assert "in [transactions] of" in found


def test_decimal_commas_that_cut_amounts_are_told(told):
    text = semicolons(ROWS).replace(";", ",")
    assert "both decimal mark and delimiter" in told(text)
