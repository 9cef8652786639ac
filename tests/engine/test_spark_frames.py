"""Frames, reductions and the door on Spark, against hand-made rows and against DuckDB."""

import datetime as dt
import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

import narwhals as nw
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest

from cxlib import engine, tables
from cxlib.contracts import InputError

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]

ROWS = pd.DataFrame(
    {
        "customer_id": ["a", "a", "b", "b", None],
        "date": pd.to_datetime(
            ["2026-01-02", "2026-01-01", "2026-01-01", "2026-03-31", "2026-01-05"]
        ),
        "amount": [5.0, 3.0, None, 2.0, 1.0],
        "count": pd.array([1, None, 3, 4, 5], dtype="Int64"),
    }
)

SOURCE = """
[transactions]
uri = "{uri}"
columns = {{ customer_id = "id", date = "day", amount = "paid" }}
"""


@pytest.fixture(autouse=True)
def on_spark(monkeypatch):
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    monkeypatch.setenv("CX_ENGINE", "local[2]")


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Loads transactions of a file or folder on one engine, each time anew."""

    def loaded(uri, name):
        monkeypatch.setenv("CX_ENGINE", name)
        monkeypatch.setattr(tables, "_folder", lambda: tmp_path / name)
        path = tmp_path / "sources.toml"
        path.write_text(SOURCE.format(uri=uri))
        return tables.load("transactions", path)

    return loaded


def collected(frame, *order):
    return frame.collect("pandas").to_native().sort_values([*order], ignore_index=True)


def test_a_lent_frame_comes_back_with_its_types():
    back = collected(engine.lend(ROWS), "amount")
    assert dict(back.dtypes.astype(str)) == {
        "customer_id": "str",
        "date": "datetime64[us]",
        "amount": "float64",
        "count": "Int64",
    }
    expected = ROWS.sort_values("amount", ignore_index=True)
    pd.testing.assert_frame_equal(back, expected, check_dtype=False)


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_times_of_any_unit_are_lent(unit):
    lent = engine.lend(ROWS.assign(date=ROWS["date"].astype(f"datetime64[{unit}]")))
    assert collected(lent, "amount")["date"].max() == pd.Timestamp("2026-03-31")


def test_cells_of_columns_stand_under_one_another_with_their_blanks():
    rows = engine.lend(pd.DataFrame({"id": ["x", "y"], "a": [1.0, 2.0], "b": [None, 4.0]}))
    found = collected(engine.unpivot(rows, ["a", "b"], ["id"]), "column", "id")
    assert found.columns.tolist() == ["id", "column", "value"]
    assert found["id"].tolist() == ["x", "y", "x", "y"]
    assert found["column"].tolist() == ["a", "a", "b", "b"]
    assert found["value"].fillna(-1).tolist() == [1, 2, -1, 4]


def test_the_value_of_the_first_day_is_that_of_the_day_even_where_it_is_missing():
    first = engine.lend(ROWS).group_by("customer_id").agg(nw.col("amount").first(order_by="date"))
    found = collected(first.filter(~nw.col("customer_id").is_null()), "customer_id")
    assert found["amount"].fillna(-1).tolist() == [3, -1]


def test_the_largest_of_one_column_is_that_column():
    largest = engine.lend(ROWS).select(most=nw.max_horizontal("amount")).filter(nw.col("most") > 3)
    assert collected(largest, "most")["most"].tolist() == [5]


def test_kept_rows_are_the_same_rows():
    kept = engine.keep(engine.lend(ROWS).filter(nw.col("amount") > 1))
    assert collected(kept, "amount")["amount"].tolist() == [2, 3, 5]


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_a_function_is_given_batches_of_at_most_so_many_rows(rows):
    # The workers cannot import a test.
    cloudpickle = importlib.import_module("pyspark.cloudpickle")
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    made = engine.map_batches(engine.lend(ROWS).head(rows), doubled, rows=2)
    found = collected(made, "twice")
    assert found.columns.tolist() == ["date", "twice", "batch"]
    assert found["twice"].sum() == 2 * ROWS["amount"].head(rows).sum()
    assert len(found) == rows
    assert found["batch"].max() <= 2 or rows == 0


def doubled(batch):
    # Spark takes times to the microsecond, pandas makes them of other units, too.
    kept = (
        batch[["date"]].astype("datetime64[s]").assign(twice=2 * batch["amount"], batch=len(batch))
    )
    assert kept["date"].dtype.kind == "M"
    return kept


def test_staged_rows_have_the_numbers_of_their_file(tmp_path):
    path = tmp_path / "a [1]{*}.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"name": ["x", "y", "z"]}), path, row_group_size=1)
    found = collected(engine.staged(path), engine.ROW)
    assert found[engine.ROW].tolist() == [1, 2, 3]
    assert found["name"].tolist() == ["x", "y", "z"]
    assert engine.array(engine.staged(path, every=2), engine.ROW).tolist() == [2]


def test_what_is_written_in_parts_is_one_table_and_exported_is_one_file(tmp_path):
    engine.write(engine.lend(ROWS), tmp_path / "parts")
    numbered = collected(engine.staged(tmp_path / "parts"), engine.ROW)
    assert numbered[engine.ROW].nunique() == 5
    assert len(collected(engine.held(tmp_path / "parts"), "amount")) == 5
    engine.export(engine.lend(ROWS).sort("date", "amount").head(3), tmp_path / "one.parquet")
    assert pd.read_parquet(tmp_path / "one.parquet")["count"].fillna(0).tolist() == [3, 0, 1]


BAD = {
    "dates": "id,day,paid\n1,2026-02-30,9.5\n2,2026-01-31,x\n3,,1\n",
    "days to come": "id,day,paid\n1,2926-01-01,9.5\n",
    "negative": "id,day,paid\n1,2026-01-01,-9.5\n1,2026-01-02,-9.5\n",
    "nothing": "id,day,paid\n",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_refused_file_is_refused_in_the_same_words(tmp_path, load, content):
    (tmp_path / "sales.csv").write_text(content)
    told = []
    for name in ("duckdb", "local[2]"):
        with pytest.raises(InputError) as refused:
            load("sales.csv", name)
        told.append(str(refused.value))
    assert told[0] == told[1]


def by_month(folder, changed=None, called="month=2026-0{}/part.parquet"):
    """Three files by month, the second empty, and the eighth row of the last one changed."""
    for month in (1, 2, 3):
        part = folder / called.format(month)
        part.parent.mkdir(parents=True, exist_ok=True)
        count = 0 if month == 2 else 50
        rows = pd.DataFrame(
            {
                "id": pd.array([f" {month}{one}" for one in range(count)], dtype="str"),
                "day": pd.Series([dt.date(2026, month, 1 + one % 28) for one in range(count)]),
                "paid": pd.array([one / 8 for one in range(count)], dtype="float64"),
            }
        ).astype({"day": "datetime64[us]"})
        if changed and month == 3:
            rows.loc[7, list(changed)] = [*changed.values()]
        rows.to_parquet(part, index=False)


def test_a_folder_by_month_is_the_same_table_on_both_engines(tmp_path, load):
    by_month(tmp_path / "sales")
    ours, theirs = (load("sales", name) for name in ("duckdb", "local[2]"))
    assert ours.rows == 100
    order = ("customer_id", "date")
    pd.testing.assert_frame_equal(collected(ours.frame, *order), collected(theirs.frame, *order))
    assert ours.provenance | {"engine": ""} == theirs.provenance | {"engine": ""}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"paid": -1.0}, "3.parquet:8"),
        # It is that of January then: rows are compared across files, and blanks do not count.
        ({"id": "17", "day": dt.datetime(2026, 1, 8), "paid": 7 / 8}, "1.parquet:8, 3.parquet:8"),
    ],
    ids=["negative", "twice"],
)
def test_a_row_of_a_folder_is_refused_in_the_same_words(tmp_path, load, changed, said):
    by_month(tmp_path / "sales", changed, "{}.parquet")
    told = []
    for name in ("duckdb", "local[2]"):
        with pytest.raises(InputError) as refused:
            load("sales", name)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert said in told[1]


def test_each_file_of_a_folder_is_staged_by_a_worker_and_no_worker_leaves_files(tmp_path):
    by_month(tmp_path / "sales")
    file = engine.open_file(tmp_path / "sales")
    before = set(Path(tempfile.gettempdir()).glob("cxlib-*"))
    target = tmp_path / "staged"
    engine.stage(file, [engine.Cast("customer_id", 0, "text")], target)
    assert sorted(path.name for path in target.glob("*.parquet")) == [
        "000000-0.parquet",
        "000001-50.parquet",
        "000002-50.parquet",
    ]
    found = collected(engine.staged(target), engine.ROW)
    assert found[engine.ROW].tolist() == [*range(1, 101)]
    assert found["customer_id"].tolist() == [f"{m}{one}" for m in (1, 3) for one in range(50)]
    every = engine.staged(target, every=45)
    assert sorted(engine.array(every, engine.ROW)) == [45, 90]
    assert set(Path(tempfile.gettempdir()).glob("cxlib-*")) == before


def test_a_damaged_file_of_a_folder_is_named(tmp_path):
    by_month(tmp_path / "sales")
    damaged = tmp_path / "sales" / "month=2026-03" / "part.parquet"
    content = bytearray(damaged.read_bytes())
    content[4:200] = bytes(196)
    damaged.write_bytes(content)
    file = engine.open_file(tmp_path / "sales")
    with pytest.raises(engine.UnreadableFileError, match=r"03/part\.parquet: cannot be"):
        engine.stage(file, [engine.Cast("customer_id", 0, "text")], tmp_path / "staged")


def test_spark_still_asks_for_two_columns_to_compare():
    """Where this fails, `spark_gaps` can lose `_function`."""
    engine.lend(ROWS)
    functions = importlib.import_module("pyspark.sql.functions")
    with pytest.raises(importlib.import_module("pyspark.errors").PySparkValueError):
        functions.greatest(functions.col("amount"))


def test_narwhals_still_lacks_what_is_filled_in_for_it():
    """Where this fails, `spark_gaps` can lose `first`."""
    package = Path(nw.__file__).parent
    assert "`first` is not supported for PySpark" in (package / "_spark_like/expr.py").read_text()
