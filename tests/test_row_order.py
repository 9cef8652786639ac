"""An engine gives rows in any order: nothing that is drawn by row may depend on it."""

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib import drivers, engine, tables
from cxlib.churn.design import design_matrix

SOURCE = """
[transactions]
uri = "sales.csv"
columns = { customer_id = "id", date = "day", amount = "paid" }
repeats = "keep"
"""


def shuffled(frame, seed):
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def test_collected_rows_are_sorted_by_their_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "_folder", lambda: tmp_path / "processed")
    (tmp_path / "sales.csv").write_text(
        "id,day,paid\nb,2026-01-02,1\na,2026-01-03,1\na,2026-01-01,2\na,2026-01-01,1\n"
    )
    (tmp_path / "sources.toml").write_text(SOURCE)
    table = tables.load("transactions", tmp_path / "sources.toml")
    found = table.collect(table.frame)
    assert found["customer_id"].tolist() == ["a", "a", "a", "b"]
    assert found["date"].dt.day.tolist() == [1, 1, 3, 2]
    assert found["amount"].tolist() == [1, 2, 1, 1]
    assert table.collect(table.frame.filter(nw.col("amount") > 1))["amount"].tolist() == [2]


def test_answers_to_drivers_are_the_same_in_any_order():
    rng = np.random.default_rng(1)
    answers = pd.DataFrame(rng.integers(1, 6, size=(200, 3)).astype(float), columns=list("abc"))
    answers["nps"] = rng.integers(0, 11, size=200).astype(float)
    taken = [
        drivers.complete_answers(engine.lend(shuffled(answers, seed)), "nps", list("abc"))
        for seed in (2, 3)
    ]
    np.testing.assert_array_equal(taken[0].ratings, taken[1].ratings)
    np.testing.assert_array_equal(taken[0].outcome, taken[1].outcome)


def test_of_equally_frequent_levels_the_first_by_name_is_the_reference():
    options = ["phone", "shop", "phone", "shop", "web"]
    for order in ([0, 1, 2, 3, 4], [1, 0, 4, 3, 2]):
        _, _, terms = design_matrix(pd.DataFrame({"channel": [options[k] for k in order]}), {})
        assert terms["contrast"].tolist() == ["shop against phone", "web against phone"]
