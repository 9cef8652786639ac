import json
import math
import re
from types import SimpleNamespace

import duckdb
import mistune
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from cxlib import results


def estimate(value=0.8451, low=0.8362, high=0.8538, **changes):
    rest = {"level": 0.95, "n": 7043, "method": "DeLong"} | changes
    return SimpleNamespace(value=value, low=low, high=high, **rest)


def save(folder, **changes):
    arguments = {
        "headline": "All is well.",
        "measures": [results.measure("auc", estimate(), better="higher")],
        "tables": {"deciles": pd.DataFrame({"decile": [1, 2], "rate": [0.5, 0.25]})},
        "inputs": [SimpleNamespace(provenance={"input": "transactions", "rows": 3})],
        "output_dir": folder,
    }
    return results.save("churn", **(arguments | changes))


def test_a_measure_reads_as_a_phrase_with_interval_and_n():
    assert str(results.measure("auc", estimate())) == (
        "0.845 (95 % interval 0.836 to 0.854, n = 7,043)"
    )


def test_unit_digits_level_and_thousands_are_shown():
    one = results.measure(
        "value", estimate(12345.678, 11000, 13000.5, level=0.975, n=946), unit="dollars", digits=1
    )
    assert str(one) == "12,345.7 dollars (97.5 % interval 11,000.0 to 13,000.5, n = 946)"


def test_a_headline_rounds_to_two_digits():
    one = results.measure("value", estimate(67925.0, 61330, 75173), unit="pounds", digits=0)
    assert one.rounded_off == "about 68,000 pounds (95 % interval 61,000 to 75,000)"
    large = results.measure("value", estimate(1428108.0, 1.36, 99.6))
    assert large.rounded_off == "about 1,400,000 (95 % interval 1.4 to 100)"
    none = results.measure("value", estimate(None, None, None, method="too few"))
    assert none.rounded_off == "suppressed: too few"


def test_a_count_says_why_it_has_no_interval():
    one = results.measure("customers", estimate(2357, None, None, n=2357, method="count"), digits=0)
    assert str(one) == "2,357 (no interval: count, n = 2,357)"


def test_a_suppressed_value_shows_its_note_and_no_number():
    one = results.measure("rate", estimate(None, None, None, n=4), note="fewer than 10 answers")
    assert str(one) == "suppressed: fewer than 10 answers"


def test_a_rounded_negative_zero_has_no_sign():
    one = results.measure("gap", estimate(-0.0001, -0.2, 0.2), digits=2)
    assert str(one) == "0.00 (95 % interval -0.20 to 0.20, n = 7,043)"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": math.nan}, "value is nan"),
        ({"high": math.inf}, "high is inf"),
        ({"low": None}, "both bounds or none"),
        ({"low": None, "high": None, "method": ""}, "says why"),
        ({"value": None, "low": None, "high": None, "method": ""}, "suppressed value says why"),
    ],
)
def test_an_estimate_that_cannot_be_read_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        results.measure("auc", estimate(**changes))


def test_better_is_one_of_three_words():
    with pytest.raises(ValueError, match="higher"):
        results.measure("auc", estimate(), better="up")


def test_results_json_holds_the_schema(tmp_path):
    folder = save(tmp_path / "new" / "folder")
    assert folder == tmp_path / "new" / "folder"
    assert json.loads((folder / "results.json").read_text()) == {
        "schema": 2,
        "report": "churn",
        "headline": "All is well.",
        "measures": [
            {
                "name": "auc",
                "value": 0.8451,
                "low": 0.8362,
                "high": 0.8538,
                "level": 0.95,
                "n": 7043,
                "unit": "",
                "better": "higher",
                "method": "DeLong",
                "note": "",
            }
        ],
        "checks": [],
        "inputs": [{"input": "transactions", "rows": 3}],
        "tables": ["deciles"],
    }


def test_checks_are_told_with_their_sentence(tmp_path):
    made = [
        results.Check("leaks", np.True_, "No sign of a leak."),
        results.Check("hold-out", None, "The file does not reach back far enough."),
    ]
    folder = save(tmp_path, checks=made)
    assert json.loads((folder / "results.json").read_text())["checks"] == [
        {"name": "leaks", "passed": True, "text": "No sign of a leak."},
        {"name": "hold-out", "passed": None, "text": "The file does not reach back far enough."},
    ]


@pytest.mark.parametrize(
    ("checks", "message"),
    [([("leaks", "")], "in a sentence"), ([("leaks", "a"), ("leaks", "b")], "checks share a name")],
)
def test_a_check_has_a_sentence_and_a_name_of_its_own(tmp_path, checks, message):
    with pytest.raises(ValueError, match=message):
        save(tmp_path, checks=[results.Check(name, True, text) for name, text in checks])


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-0.1, 0.3, True), (0.31, 0.5, False), (-0.1, 0.31, None), (None, None, None)],
)
def test_inside_is_settled_by_the_whole_interval(low, high, expected):
    assert results.inside(estimate(0.2, low, high), -0.3, 0.3) is expected


@pytest.mark.parametrize(
    ("lows", "highs", "expected"),
    [
        ([0.1, 0.7], [0.2, 0.9], True),
        ([0.1, 0.7], [0.2, 1.1], None),
        ([0.1, 1.1], [0.2, 1.2], False),
        ([-0.5, np.nan], [-0.1, np.nan], False),
        ([0.1, np.nan], [0.2, np.nan], None),
        ([], [], None),
    ],
)
def test_all_are_inside_or_one_is_surely_not(lows, highs, expected):
    assert results.all_inside(pd.DataFrame({"low": lows, "high": highs}), 0, 1) is expected


def test_tables_are_written_twice_and_alike(tmp_path):
    frame = pd.DataFrame({"rate": [0.1, 1 / 3]}, index=pd.Index(["a", "b"], name="segment"))
    folder = save(tmp_path, tables={"segments": frame})
    expected = frame.reset_index()
    pd.testing.assert_frame_equal(
        pd.read_csv(folder / "tables" / "segments.csv"), expected, check_exact=True
    )
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "tables" / "segments.parquet"), expected)


def test_saving_again_replaces_all_and_leaves_nothing_else(tmp_path):
    save(tmp_path, tables={"old": pd.DataFrame({"a": [1]})})
    save(tmp_path, tables={"new": pd.DataFrame({"a": [2]})})
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    tables = ["tables", "tables/new.csv", "tables/new.parquet"]
    assert found == ["churn.xlsx", "results.json", *tables]


def test_a_failed_save_leaves_the_former_results(tmp_path):
    save(tmp_path)
    before = (tmp_path / "results.json").read_bytes()
    unwritable = pd.DataFrame([[1, 2]], columns=["same", "same"])
    with pytest.raises(ValueError, match="uplicate"):
        save(tmp_path, tables={"deciles": unwritable})
    assert (tmp_path / "results.json").read_bytes() == before
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["churn.xlsx", "results.json", "tables"]


def test_text_is_never_a_formula_in_csv_and_numbers_stay_numbers(tmp_path):
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a=1"]
    frame = pd.DataFrame({"name": hostile, "=value": [-1.5] * len(hostile)})
    folder = save(tmp_path, tables={"segments": frame})
    written = pd.read_csv(folder / "tables" / "segments.csv", dtype={"name": str})
    assert list(written.columns) == ["name", "'=value"]
    assert written["name"].tolist() == ["'" + text for text in hostile[:-1]] + ["a=1"]
    assert written["'=value"].tolist() == [-1.5] * len(hostile)
    kept = pd.read_parquet(folder / "tables" / "segments.parquet")
    assert kept["name"].tolist() == hostile


def test_mixed_and_categorical_columns_are_guarded_too(tmp_path):
    frame = pd.DataFrame({"label": pd.Categorical(["=a", "b"])})
    folder = save(tmp_path, tables={"labels": frame})
    assert pd.read_csv(folder / "tables" / "labels.csv")["label"].tolist() == ["'=a", "b"]


def lazy(frame) -> nw.LazyFrame:
    return nw.from_native(duckdb.connect().from_df(frame).query("t", "select * from t"))


HOSTILE = pd.DataFrame(
    {
        "=name": ["=1+1", 'say "-1"', "a,b\r\n=c", "-1", None, "007"],
        "number": [0.1, 1 / 3, math.nan, -1.5, 1e-300, 12345678.9],
        "count": pd.array([3, None, 2, 1, 0, -1], dtype="Int64"),
    }
)


@pytest.mark.parametrize("batch", [1, 4, 1000])
def test_a_lazy_table_is_written_as_a_frame_is(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(results, "_BATCH_ROWS", batch)
    one, other = (
        save(tmp_path / name, tables={"customers": table}) / "tables"
        for name, table in (("lazy", lazy(HOSTILE)), ("frame", HOSTILE))
    )
    assert (one / "customers.csv").read_bytes() == (other / "customers.csv").read_bytes()
    written = pd.read_csv(one / "customers.csv", dtype={"'=name": str, "count": "Int64"})
    guarded = ["'=1+1", 'say "-1"', "a,b\r\n=c", "'-1", None, "007"]
    expected = HOSTILE.assign(**{"=name": guarded}).rename(columns={"=name": "'=name"})
    pd.testing.assert_frame_equal(written, expected, check_exact=True, check_dtype=False)
    kept = pd.read_parquet(one / "customers.parquet")
    pd.testing.assert_frame_equal(kept, HOSTILE, check_dtype=False)


def test_a_lazy_table_keeps_the_order_it_was_given(tmp_path):
    values = [(7919 * row) % 200_003 for row in range(200_003)]
    table = lazy(pd.DataFrame({"value": values})).sort("value", descending=True)
    folder = save(tmp_path, tables={"values": table})
    written = pd.read_csv(folder / "tables" / "values.csv")["value"].tolist()
    assert written == list(range(200_002, -1, -1))


def test_a_lazy_table_without_rows_has_its_header(tmp_path):
    folder = save(tmp_path, tables={"nobody": lazy(HOSTILE).filter(nw.col("number") > 1e9)})
    assert (folder / "tables" / "nobody.csv").read_text() == '"\'=name","number","count"\n'


@pytest.mark.parametrize("name", ["../escape", "With Space", "", "a.b"])
def test_a_table_name_must_be_fit_for_a_file(tmp_path, name):
    with pytest.raises(ValueError, match="file name"):
        save(tmp_path, tables={name: pd.DataFrame({"a": [1]})})
    assert list(tmp_path.iterdir()) == []


def test_two_measures_of_one_name_are_refused(tmp_path):
    twice = [results.measure("auc", estimate())] * 2
    with pytest.raises(ValueError, match="share a name: auc"):
        save(tmp_path, measures=twice)


def test_no_output_dir_means_the_interactive_folder_of_the_project(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "PROJECT", tmp_path)
    assert save("") == tmp_path / "reports" / "interactive" / "churn"
    assert (tmp_path / "reports" / "interactive" / "churn" / "results.json").exists()


def test_a_nan_in_provenance_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        save(tmp_path / "out", inputs=[SimpleNamespace(provenance={"rows": math.nan})])
    assert not (tmp_path / "out").exists()


def test_plain_text_is_shown_as_it_stands():
    text = "[click](x) ![p](y) <b> *a*\n# 5 % of $1.50_`c`"
    html = mistune.html(results.plain(text))
    assert BeautifulSoup(html, "html.parser").get_text().strip() == " ".join(text.split())
    assert "<p>" in html
    assert not re.search("<(?!/?p>)", html)


def test_an_interval_is_written_behind_its_figure():
    frame = pd.DataFrame(
        {"r": [0.256, 0.5, math.nan], "r_low": [-0.001, math.nan, 0.1], "r_high": [0.3, 0.6, 0.2]},
        index=["a", "b", "c"],
    )
    found = results.interval_texts(frame, ["r"])
    assert found["r"].to_dict() == {"a": "0.26 (0.00 to 0.30)", "b": "0.50", "c": ""}
    thousands = pd.DataFrame({"r": [1234.5], "r_low": [999], "r_high": [12345]})
    [text] = results.interval_texts(thousands, ["r"], digits=1)["r"]
    assert text == "1,234.5 (999.0 to 12,345.0)"


def test_numbers_of_a_frame_as_texts():
    frame = pd.DataFrame({"share": [1234.5678, None], "n": [1200, 3], "who": ["a", "b"]})
    shown = results.rounded(frame, 2)
    assert shown["share"].tolist() == ["1,234.57", ""]
    assert shown["n"].tolist() == ["1,200", "3"]
    assert shown["who"].tolist() == ["a", "b"]
    assert results.spoken("error_pct") == "error pct"
