"""Faults 42 and 54 to 60: what the door lets through, and the analysis must find; tried."""

import datetime
import itertools
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlib import churn, clv, engine, purchases, tables
from cxlib.churn.leaks import ALONE
from cxlib.contracts import InputError
from cxlib.engine import Form, databases
from cxlib.privacy.suppression import hidden

from .planting import Outcome, changed, planted, some
from .samples import SAMPLES

Try = Callable[[random.Random, Path], None]


@dataclass(frozen=True)
class Tried:
    """A fault of the list that is planted and judged at once. `message`: words that tell it."""

    number: int
    name: str
    outcome: Outcome
    message: str
    judge: Try


def _written(project: Path, rows: list[tuple[str, ...]]) -> tables.Table:
    told = planted(SAMPLES["CDNOW"], rows, told=None)  # type: ignore[arg-type]
    for name, content in told.files.items():
        (project / "data" / name).write_bytes(content)
    (project / "data" / "sources.toml").write_text(told.sources, encoding="utf-8")
    return tables.load("transactions")


def zero_amounts(chance: random.Random, project: Path) -> None:
    """A free purchase counts as one, and is no part of what a purchase is worth."""
    sample = SAMPLES["CDNOW"]
    rows = changed(sample, some(chance, sample, 20), sample.at("amount"), lambda _: "0")
    table = _written(project, rows)
    assert table.rows == len(rows)
    found = purchases.purchase_histories(table.frame, datetime.date(1998, 6, 30))
    who, day, amount = (sample.at(one) for one in ("customer_id", "date", "amount"))
    spent: Counter[tuple[str, str]] = Counter()
    for row in rows:
        spent[row[who], row[day]] += float(row[amount])  # type: ignore[assignment]
    assert purchases.count_zero_days(found) == sum(total == 0 for total in spent.values())
    histories = found.collect("pandas").to_native().set_index("customer_id")
    for customer, days in itertools.groupby(sorted(spent), key=lambda one: one[0]):
        _, *later = [spent[one] for one in days]
        paid = [one for one in later if one > 0]
        assert histories.loc[customer, "frequency"] == len(later)
        assert histories.loc[customer, "spend_days"] == len(paid)
        mean = histories.loc[customer, "mean_spend"]
        assert np.isclose(mean, np.mean(paid)) if paid else pd.isna(mean)


def small_segments(chance: random.Random, project: Path) -> None:
    """Groups below 10, an empty one among them, are not shown, nor what gives them away."""
    small = [0, *(chance.randint(1, 9) for _ in range(chance.randint(1, 3)))]
    counts = pd.Series([*small, *(chance.randint(10, 500) for _ in range(5))])
    found = hidden(counts)
    assert found.cells[: len(small)].all()
    assert counts[found.cells].sum() >= 10
    assert not found.cells[counts.argmax()] or found.cells.sum() == len(counts)
    assert found.sentence.startswith(f"{found.cells.sum()} of the counts are hidden")


def _customers(chance: random.Random) -> pd.DataFrame:
    rng = np.random.default_rng(chance.randrange(10**6))
    return pd.DataFrame(
        {
            "customer_id": [f"c{number:04d}" for number in rng.permutation(400)],
            "cutoff": pd.Timestamp("2024-01-01"),
            "churned": rng.random(400) < 0.35,
            "charges": rng.gamma(5, 10, 400).round(2),
            "calls": rng.poisson(2, 400).astype(float),
        }
    )


def dated_after(chance: random.Random, project: Path) -> None:
    """A day after the cut-off, in the rows of some customers: an error that counts them."""
    frame = _customers(chance)
    assert (
        not churn.leak_report(churn.features(frame), raw=frame)
        .findings["severity"]
        .eq("error")
        .any()
    )
    rows = chance.sample(range(400), chance.randint(5, 60))
    days = np.full(400, -5)
    days[rows] = chance.randint(1, 90)
    frame["last_login"] = frame["cutoff"] + pd.to_timedelta(days, unit="D")
    if chance.random() < 0.5:
        frame["last_login"] = frame["last_login"].dt.strftime("%Y-%m-%d")
    leaks = churn.leak_report(churn.features(frame), raw=frame)
    (one,) = leaks.dated.to_dict("records")
    assert (one["feature"], one["severity"], one["customers"]) == (
        "last_login",
        "error",
        len(rows),
    )
    table = _written(project, list(SAMPLES["CDNOW"].rows))
    with pytest.raises(InputError) as refused:
        table.refuse(leaks.dated)
    (told,) = refused.value.violations
    assert told.column == "last_login"
    assert f"after the cut-off in {len(rows)} of 400 rows" in told.rule
    assert "leave it out" in told.remedy


def tells_alone(chance: random.Random, project: Path) -> None:
    """A feature that ranks the leavers nearly without error: a warning that names it."""
    frame = _customers(chance)
    rng = np.random.default_rng(chance.randrange(10**6))
    frame["balance"] = rng.normal(frame["churned"] * 4.2)
    found = churn.leak_report(churn.features(frame), raw=frame).findings
    (one,) = found[found["kind"] == ALONE].to_dict("records")
    assert (one["feature"], one["severity"], one["customers"]) == ("balance", "warning", 400)
    told = re.match(r"AUC ([01]\.\d{4})", one["found"])
    balance, churned = frame["balance"].to_numpy(), frame["churned"].to_numpy()
    # The share of pairs of a leaver and a stayer in which the leaver has more of it.
    ranked = (balance[churned][:, None] > balance[~churned]).mean()
    assert told
    assert 0.99 < ranked == pytest.approx(float(told[1]), abs=5e-5)
    assert "take it out of the file" in one["remedy"]


def no_label_yet(chance: random.Random, project: Path) -> None:
    """Nobody is said to have stayed before the horizon is over: then there is no label."""
    horizon = chance.randint(20, 60)
    end = datetime.date(2024, 12, 31)
    days = [end - datetime.timedelta(days=chance.randrange(300)) for _ in range(400)]
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{chance.randrange(80)}" for _ in days],
            "date": pd.Series(days, dtype=object),
            "amount": 1.0,
        }
    )
    found = churn.snapshots(engine.lend(frame), horizon_days=horizon, complete_to=end)
    table = found.frame.collect("pandas").to_native()
    cutoff = pd.to_datetime(table["cutoff"])
    over = cutoff + pd.Timedelta(days=horizon) <= pd.Timestamp(end)
    assert table.loc[over, "churned"].notna().all()
    assert table.loc[~over, "churned"].isna().all()
    assert (~over).any()


def one_purchase(chance: random.Random, project: Path) -> None:
    """Customers with one purchase stay in the model of purchases, and are not in that of spend."""
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=day) for day in range(300)]
    single, several = chance.randint(20, 60), chance.randint(40, 60)
    rows = [(f"s{number}", chance.choice(days), 10.0) for number in range(single)]
    for number in range(several):
        bought = chance.sample(days, chance.randint(2, 6))
        rows += [(f"m{number}", day, float(chance.randint(5, 50))) for day in bought]
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    lent = engine.lend(frame.astype({"date": object}))
    histories = purchases.purchase_histories(lent, datetime.date(2024, 12, 31))
    distinct = purchases.distinct_histories(histories)
    assert distinct.loc[distinct["frequency"] == 0, "customers"].sum() == single
    assert clv.BetaGeoNBD.fit(distinct).n == single + several
    assert clv.GammaGamma.fit(purchases.distinct_spend(histories)).n == several


def changes_while_read(chance: random.Random, project: Path) -> None:
    """Rows of one moment come out, whatever is written to the database meanwhile."""
    path, count = project / "shop.db", 400
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sales (id TEXT, sum REAL)")
        rows = [(f"{number:03d}", 1.5 * number) for number in range(count)]
        connection.executemany("INSERT INTO sales VALUES (?, ?)", rows)
    connection.close()
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    with databases.select(path, Form(table="sales")) as selection:
        read = [next(selection.rows) for _ in range(chance.randrange(1, count))]
        writer.execute(
            chance.choice(
                (
                    "UPDATE sales SET sum = -1",
                    "DELETE FROM sales WHERE id > '100'",
                    "INSERT INTO sales SELECT 'x' || id, sum FROM sales",
                )
            )
        )
        writer.commit()
        read += list(selection.rows)
    writer.close()
    assert [tuple(row) for row in read] == rows


TRIED = (
    Tried(42, "zero amount", "W", "Purchase days with an amount of zero or less", zero_amounts),
    Tried(54, "segment that is empty or below 10", "W", "counts are hidden", small_segments),
    Tried(56, "feature dated after the cut-off", "E", "after the cut-off", dated_after),
    Tried(57, "one feature with AUC above .99", "W", "tells the outcome alone", tells_alone),
    Tried(58, "censored customers labelled stayed", "E", "no outcome yet", no_label_yet),
    Tried(59, "one-purchase customers", "W", "Customers with one purchase day", one_purchase),
    Tried(60, "SQL result that changes mid-read", "R", "a snapshot", changes_while_read),
)
