"""Have the columns changed since an earlier run?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow

from cxlib.inference import holm, require_level
from cxlib.quality.clusters import Design
from cxlib.quality.distributions import BIN_COLUMNS, DESIGN_COLUMNS, counted
from cxlib.quality.profiles import kind_of
from cxlib.stability import pooled, stability, verdicts

REPORT = "data_quality"
STRONG = ("moderate", "large")
# Customers of equal weight behind a design effect, below which it is not known well enough.
LEAST_CUSTOMERS = 10
_FIGURES = ["psi", "shift", "shift_low", "shift_high", "p"]
_EFFECTIVE = ["effective_before", "effective_now"]
_COUNTS = ["n_before", "n_now", "bins"]


@dataclass(frozen=True)
class Drift:
    """What has changed against an earlier run.

    `summary`: index `input`, `column`, the largest shift first; psi, shift with shift_low and
    shift_high, p, p_holm, n_before, n_now, effective_before, effective_now, bins, verdict.
    `sentence` says it in words.
    """

    summary: pd.DataFrame
    sentence: str

    @property
    def changed(self) -> pd.DataFrame:
        """The columns with a moderate or large change."""
        return self.summary[self.summary["verdict"].isin(STRONG)]


def previous_distributions(folder: str | Path) -> tuple[pd.DataFrame, str]:
    """The distributions that an earlier run of this report saved, or why they cannot be had.

    `folder` holds the report's results.json, or is the folder of the whole run, which has the
    report in `data_quality`. Nothing is raised: an empty frame comes with a reason.
    """
    path = Path(folder)
    if not (path / "results.json").is_file():
        path = path / REPORT
    empty = pd.DataFrame(columns=["input", *BIN_COLUMNS])
    try:
        results = json.loads((path / "results.json").read_text(encoding="utf-8"))
        if results["report"] != REPORT:
            return empty, "The earlier run cannot be compared: it is of another report."
        table = pd.read_parquet(path / "tables" / "distributions.parquet")
        if not set(DESIGN_COLUMNS) <= set(table):
            return empty, "The earlier run cannot be compared: an older version saved it."
        table = table[["input", *BIN_COLUMNS]]
        sound = (table["rows"] >= 0).all() and (table["design_effect"] >= 1).all()
        sound &= (table["design_spread"] >= 0).all() and (table["effective_customers"] >= 0).all()
        if not sound:
            return empty, "The earlier run cannot be compared: its counts are damaged."
        return table.astype({"rows": int, "n": int}), ""
    except (OSError, ValueError, TypeError, LookupError, RecursionError, pyarrow.ArrowException):
        return empty, "The earlier run cannot be compared: its files cannot be read."


def drift(
    before: pd.DataFrame, frames: Mapping[str, nw.LazyFrame], *, level: float = 0.95
) -> Drift:
    """The population stability index of each column against the bins of an earlier run.

    `before` is that of `previous_distributions`; `frames` are the tables of now. See
    `stability.stability` for psi, its shift beyond chance and its test. Rows of the same customer
    are no independent rows: each run counts as n / design_effect of them (Rao & Scott 1981), and
    the spread of the design effects and their own error widen the test (Rao & Scott 1984, Thomas &
    Rao 1987; see `stability.stability`). The two runs are taken as independent samples of
    customers; where the newer file holds the rows of the older one too, the test is too careful.
    p_holm is corrected for all columns of all inputs (Holm 1979): if nothing has changed, the
    chance that any column is said to have is at most 1 - level, as far as the p of a column holds
    (measured: .044 to .058 at .05, more with very heavy buyers; see docs/inputs.md). Verdict: "no
    change shown" unless p_holm < 1 - level, then "small" (shift below .1), "moderate" (below .25)
    or "large"; "not compared" with the reason for what only one run has or what changed its kind,
    where fewer than ten customers of equal weight would tell the design effect as exactly (a few
    hold most of the rows), and where two bins of five expected rows cannot be made.
    """
    require_level(level)
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for name, bins in before.groupby("input", sort=False):
        found = _against(bins, frames.get(str(name)), level)
        rows |= {(str(name), column): row for column, row in found.items()}
    index = pd.MultiIndex.from_tuples(list(rows), names=["input", "column"]) if rows else None
    columns = [*_FIGURES, *_COUNTS, *_EFFECTIVE, "verdict"]
    table = pd.DataFrame(list(rows.values()), index=index, columns=columns)
    table = table.astype(dict.fromkeys([*_FIGURES, *_EFFECTIVE], float))
    table = table.astype(dict.fromkeys(_COUNTS, "Int64"))
    table.insert(5, "p_holm", holm(table["p"]))
    told = verdicts(table["shift"].to_numpy(), (table["p_holm"] < 1 - level).to_numpy())
    table["verdict"] = table["verdict"].where(table["p"].isna(), pd.Series(told, table.index))
    table = table.sort_values("shift", ascending=False, kind="stable")
    return Drift(table, _sentence(table, level))


def _against(
    before: pd.DataFrame, frame: nw.LazyFrame | None, level: float
) -> dict[str, dict[str, object]]:
    """What has become of each column of one input."""
    kinds = before.groupby("column", sort=False)["kind"].first()
    now = {} if frame is None else {n: kind_of(n, t) for n, t in frame.collect_schema().items()}
    told: dict[str, dict[str, object]] = {}
    for column, kind in kinds.items():
        if column not in now:
            told[str(column)] = {"verdict": "not compared: only in the earlier run"}
        elif now[str(column)] != kind:
            verdict = f"not compared: {kind} before, {now[str(column)]} now"
            told[str(column)] = {"verdict": verdict}
    alike = before[~before["column"].isin(list(told))]
    if frame is not None and len(alike):
        found = counted(frame, alike)
        for column, bins in alike.groupby("column", sort=False):
            told[str(column)] = _compared(bins, found[found["column"] == column], level)
    # Ids and dates have no distribution that could be compared.
    new = [name for name, kind in now.items() if name not in told and kind not in ("id", "date")]
    return told | {name: {"verdict": "not compared: only in this run"} for name in new}


def _compared(before: pd.DataFrame, after: pd.DataFrame, level: float) -> dict[str, object]:
    designs = [Design(*one[DESIGN_COLUMNS].iloc[0].astype(float)) for one in (before, after)]
    was, now = (
        one["rows"].to_numpy(dtype=float) / design.effect
        for one, design in zip((before, after), designs, strict=True)
    )
    row: dict[str, object] = {
        "n_before": int(before["rows"].sum()),
        "n_now": int(after["rows"].sum()),
        "effective_before": was.sum(),
        "effective_now": now.sum(),
    }
    if not (was.sum() and now.sum()):
        return row | {"verdict": "not compared: no rows"}
    if min(design.customers for design in designs) < LEAST_CUSTOMERS:
        return row | {"verdict": "not compared: a few customers hold most of the rows"}
    spread, customers = _design_of_both(designs, 1 / was.sum(), 1 / now.sum())
    was, now = pooled(was, now)
    row["bins"] = len(was)
    if len(was) < 2:
        return row | {"verdict": "not compared: fewer than two bins of five expected rows"}
    return row | stability(was, now, level, spread=spread, customers=customers)


def _design_of_both(designs: list[Design], first: float, second: float) -> tuple[float, float]:
    """Spread of the design effects of a difference of two runs, and customers behind them.

    `first` and `second`: the variances of the runs, as parts of that of the difference. The spread
    is the largest possible one, that of runs whose effects lie in the same directions. Independent
    rows have a known variance: the customers are then without end.
    """
    parts = np.array([first, second]) / (first + second)
    spreads = np.array([design.spread for design in designs])
    estimated = [design.effect > 1 or design.spread > 0 for design in designs]
    error = sum(
        part**2 / design.customers
        for part, design, one in zip(parts, designs, estimated, strict=True)
        if one
    )
    together = float((parts * np.sqrt(1 + spreads)).sum() ** 2 - 1)
    return together, 1 / float(error) if error else np.inf


def _sentence(table: pd.DataFrame, level: float) -> str:
    tested = table[table["p"].notna()]
    if tested.empty:
        return "No column could be compared with the earlier run."
    strong = tested[tested["verdict"].isin(STRONG)]
    small = int((tested["verdict"] == "small").sum())
    names = [
        f"{row.column} of {row.input} ({row.verdict}: shift {row.shift:.2f})"
        for row in strong.head(3).reset_index().itertuples()
    ]
    text = f"Of {len(tested)} columns compared, {len(strong)} changed by .1 or more"
    text += f" ({', '.join(names)}{' and others' * (len(strong) > 3)})" if names else ""
    chance = f"{100 * (1 - level):.4g} %"
    return (
        f"{text} and {small} by less, beyond chance (error of at most {chance} for all together)."
    )
