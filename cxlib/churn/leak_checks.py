"""The checks of the leakage report, one function a kind, each a sequence of what it looked at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc
from scipy.stats import rankdata

from cxlib.churn.features import NEVER_FEATURES, Features
from cxlib.churn.outcome_names import speaks_of_outcome
from cxlib.churn.single import single_features

BoolArray = NDArray[np.bool_]

ORDER_AUC = 0.9  # a file in the order of sign-up ranks as tenure does, seldom above .8
RUN_SHARE = 0.05
ODDS_RATIO = 2.0
TIED_SHARE = 0.01
LEAST = 100  # rows below which the values of a number say nothing about copies or identifiers
ID_DIGITS = 8
LEAST_VARYING = 3  # features below which customers are alike in all of them by chance
DAY = re.compile(r"\d{4}-\d{2}(-\d{2}([T ].*)?)?")
SINCE = re.compile(r"(days|weeks|months|years)_since|(^|_)(tenure|recency|age)(_|$)")


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and whether it counts (once p has been adjusted)."""

    feature: str
    flagged: bool
    found: str = ""
    customers: int = 0
    severity: str = "warning"
    p: float = np.nan


@dataclass(frozen=True)
class CheckedTable:
    """What the checks read: the model table and what is known of where it comes from."""

    features: Features
    raw: pd.DataFrame | None
    windows: pd.DataFrame | None
    parts: pd.Series | None
    horizon_days: int

    @property
    def ids(self) -> NDArray[np.object_]:
        return self.features.customer_id

    @cached_property
    def cutoff(self) -> NDArray[np.datetime64] | None:
        days = self.features.cutoff
        return None if days is None else np.asarray(days, dtype="datetime64[D]")

    @cached_property
    def cutoffs(self) -> list[np.datetime64]:
        return [] if self.cutoff is None else list(np.unique(self.cutoff))

    @cached_property
    def newest(self) -> NDArray[np.int64]:
        """Positions of the newest row of each customer."""
        order = np.arange(len(self.ids))
        if self.cutoff is not None:
            order = np.argsort(self.cutoff, kind="stable")
        last = ~pd.Series(self.ids[order]).duplicated(keep="last").to_numpy()
        return np.sort(order[last])

    @cached_property
    def places(self) -> dict[str, NDArray[np.int64]]:
        """The place of each row as they stand, and by id where that is another order."""
        rows = np.arange(len(self.ids))
        texts = self.ids.astype(str)
        keys = texts.astype(float) if np.char.isdecimal(texts).all() else texts
        order = np.argsort(keys, kind="stable")
        found = {"order of the rows": rows}
        if (order != rows).any():
            found["order of the ids"] = np.argsort(order)
        return found

    def people(self, rows: BoolArray) -> int:
        """How many customers these rows are of."""
        return int(pd.Series(self.ids[rows]).nunique())


def dated(table: CheckedTable) -> Iterator[Check]:
    """Days after the row's cut-off: in date columns, in numbers that are dates, in ages below 0."""
    if table.cutoff is None:
        return
    cutoff = pd.Series(table.cutoff.astype("datetime64[s]"))
    raw = pd.DataFrame() if table.raw is None else table.raw
    days = {}
    for name in raw.columns.drop(list(NEVER_FEATURES), errors="ignore"):
        if _is_date(raw[name]):
            days[str(name)] = raw[name]
        elif (read := _text_dates(raw[name])) is not None:
            days[str(name)] = read
    for feature in table.features.X.select_dtypes("number"):
        name, x = str(feature), table.features.X[feature]
        if (written := _written_dates(x)) is not None:
            days[name] = written
        elif SINCE.search(name.lower()):
            before = (x < 0).to_numpy()
            found = f"below 0 in {before.sum():,} rows, so counted from a day after the cut-off"
            yield Check(name, bool(before.any()), found, table.people(before), "error")
    for name, values in days.items():
        day = pd.Series(pd.to_datetime(values).to_numpy().astype("datetime64[s]"))
        after = (day > cutoff).to_numpy()
        found = f"after the cut-off in {after.sum():,} of {len(after):,} rows"
        yield Check(name, bool(after.any()), found, table.people(after), "error")


def _is_date(values: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(values):
        return True
    return values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) in (
        "date",
        "datetime",
    )


def _text_dates(values: pd.Series) -> pd.Series | None:
    """The days of texts such as 2024-01-31, the first day of 2024-01; None where one is neither."""
    levels = pd.Series(values.dropna().unique(), dtype=object)
    if levels.empty or not all(isinstance(one, str) and DAY.fullmatch(one) for one in levels):
        return None
    read = pd.to_datetime(levels.str[:10], format="ISO8601", errors="coerce")
    if read.isna().any():
        return None
    return values.astype(object).map(pd.Series(read.to_numpy(), index=levels.to_numpy()))


def _written_dates(x: pd.Series) -> pd.Series | None:
    """The days of a number such as 20240131, None where a value is no such day."""
    known = x.dropna()
    if known.empty or known.min() < 19000101 or known.max() > 21001231 or (known % 1).any():
        return None
    levels = pd.Series(known.unique())
    read = pd.to_datetime(levels.astype(int).astype(str), format="%Y%m%d", errors="coerce")
    if read.isna().any():
        return None
    return x.map(pd.Series(read.to_numpy(), index=levels.to_numpy()))


def overlaps(table: CheckedTable) -> Iterator[Check]:
    """Windows that end after the cut-off; parts of a split closer in time than the horizon."""
    everyone = np.ones(len(table.features.X), dtype=bool)
    if table.windows is not None:
        ends = table.windows.set_index("feature")["last_day"].astype(float).dropna()
        for name in table.features.X.columns.intersection(ends.index):
            late = bool(ends[name] > 0)
            found = f"made of days up to {ends[name]:.0f} after the cut-off" if late else ""
            yield Check(str(name), late, found, table.people(everyone) if late else 0, "error")
    if table.parts is None or table.cutoff is None or len(table.cutoffs) < 2:
        return
    parts = [set(table.parts[table.cutoff == day].dropna()) for day in table.cutoffs]
    for i, j in combinations_with_replacement(range(len(parts)), 2):
        early, later = table.cutoffs[i], table.cutoffs[j]
        gap = (later.astype(object) - early.astype(object)).days
        apart = any(one != other for one in parts[i] for other in parts[j])
        close = apart and (gap == 0 or gap < table.horizon_days)
        found = (
            f"rows of {early} lie in several parts of a split that has other cut-offs too"
            if gap == 0
            else f"the cut-offs {early} and {later} lie in different parts of the split, closer "
            f"than the horizon of {table.horizon_days} days"
        )
        who = table.people((table.cutoff == early) | (table.cutoff == later)) if close else 0
        yield Check(f"cut-off {later}", close, found, who, "error")


def alone(single: pd.DataFrame, table: CheckedTable) -> Iterator[Check]:
    """Features whose own AUC is above the limit."""
    for name, row in single.iterrows():
        known = (
            table.features.X[name].notna().to_numpy()
            if row["suspicious"]
            else np.zeros(0, dtype=bool)
        )
        found = f"AUC {row['auc']:.4f}" + (
            "" if np.isnan(row["low"]) else f" ({row['low']:.4f} to {row['high']:.4f})"
        )
        who = table.people(known) if row["suspicious"] else 0
        yield Check(str(name), bool(row["suspicious"]), found, who)


def names(table: CheckedTable) -> Iterator[Check]:
    """Features whose name speaks of leaving."""
    for name in table.features.X:
        word = speaks_of_outcome(str(name))
        known = table.features.X[name].notna().to_numpy() if word else np.zeros(0, dtype=bool)
        yield Check(str(name), bool(word), f'the word "{word}"', table.people(known) if word else 0)


def copies(table: CheckedTable) -> Iterator[Check]:
    """Customers that stand several times, under one id or under several.

    Under several only where at least three features vary, and a number tells customers apart: two
    people who signed up on one day are no copies.
    """
    when = 0 if table.cutoff is None else table.cutoff
    key = pd.DataFrame({"customer_id": table.ids, "cutoff": when})
    again = key.duplicated(keep=False).to_numpy()
    found = f"{again.sum():,} rows share customer and cut-off with another"
    yield Check("customer_id", bool(again.any()), found, table.people(again), "error")
    parts = table.parts
    if parts is not None and not _by_time(table):
        several = parts.groupby(table.ids).transform("nunique").to_numpy() > 1
        found = "customers stand in several parts of the split"
        yield Check("customer_id", bool(several.any()), found, table.people(several), "error")
    X, rows = table.features.X.iloc[table.newest], table.newest
    alike = X.duplicated(keep=False).to_numpy()
    numbers = X.select_dtypes("number")
    telling = [name for name in numbers if _tells_apart(numbers[name].to_numpy(), alike)]
    if not telling or (X.nunique() > 1).sum() < LEAST_VARYING:
        return
    alike = alike & numbers[telling].notna().any(axis=1).to_numpy()
    found = f"{alike.sum():,} customers have a twin that is alike in all {X.shape[1]} features"
    if parts is not None and alike.any():
        twins = pd.util.hash_pandas_object(X[alike], index=False).to_numpy()
        both = parts.iloc[rows[alike]].groupby(twins).transform("nunique") > 1
        found += f"; {int(both.sum()):,} in another part of the split"
    yield Check("all features", bool(alike.any()), found, int(alike.sum()))


def _by_time(table: CheckedTable) -> bool:
    """Whether the cut-off alone says which part of the split a row is in."""
    if table.parts is None or len(table.cutoffs) < 2:
        return False
    return all(table.parts[table.cutoff == day].nunique() <= 1 for day in table.cutoffs)


def _tells_apart(x: NDArray[np.float64], alike: BoolArray) -> bool:
    """Whether hardly any two customers who differ otherwise share a value of this number."""
    others = pd.Series(x[~alike]).dropna()
    return len(others) >= LEAST and others.duplicated(keep=False).mean() <= TIED_SHARE


def jumps(table: CheckedTable, level: float, seed: int) -> Iterator[Check]:
    """Churn rates from cut-off to cut-off; runs of leavers or stayers by row or id."""
    y = table.features.churned
    if table.cutoff is not None:
        left = pd.Series(y).groupby(table.cutoff).agg(["sum", "size"])
        for (_, before), (day, after) in pairwise(left.iterrows()):
            yield _rate_jump(f"cut-off {day:%Y-%m-%d}", before, after)
    for order_name, place in table.places.items():
        in_order = np.empty_like(y)
        in_order[place] = y
        yield from (_run(order_name, in_order, kind) for kind in (True, False))
    single = single_features(pd.DataFrame(table.places), y, level=level, seed=seed)
    for name, row in single.iterrows():
        found = f"AUC {row['auc']:.3f} by it alone"
        yield Check(str(name), row["auc"] > ORDER_AUC, found, len(np.unique(table.ids)))


def _rate_jump(name: str, before: pd.Series, after: pd.Series) -> Check:
    """Pearson's test of two rates, and their odds ratio with half a customer added to each cell."""
    a, n, b, m = before["sum"], before["size"], after["sum"], after["size"]
    odds = ((b + 0.5) / (m - b + 0.5)) / ((a + 0.5) / (n - a + 0.5))
    pooled = (a + b) / (n + m)
    spread = pooled * (1 - pooled) * (1 / n + 1 / m)
    p = float(chdtrc(1, (b / m - a / n) ** 2 / spread)) if spread > 0 else 1.0
    jump = bool(odds > ODDS_RATIO or odds < 1 / ODDS_RATIO)
    found = f"churn rate {a / n:.1%} before, {b / m:.1%} here (odds times {odds:.2g})"
    return Check(name, jump, found, int(m), p=p)


def _run(name: str, y: BoolArray, kind: bool) -> Check:
    """The longest run L of one kind; n rows in random order have such a run with P <= n p^L."""
    n, of_kind = len(y), int((y == kind).sum())
    ends = np.flatnonzero(np.concatenate([[True], y != kind, [True]]))
    longest = int(np.diff(ends).max()) - 1
    p = min(1.0, float(np.exp(np.log(n) + longest * np.log(of_kind / n))))
    words = "leavers" if kind else "stayers"
    found = f"{longest:,} {words} one after another, of {of_kind:,}"
    return Check(name, longest >= max(10, RUN_SHARE * of_kind), found, longest, p=p)


def identifiers(table: CheckedTable) -> Iterator[Check]:
    """Features that tell who a customer is, by one row of each customer."""
    X, ids = table.features.X.iloc[table.newest], pd.Series(table.ids[table.newest])
    if len(X) < LEAST:
        return
    ranks = [rankdata(place[table.newest]) for place in table.places.values()]
    for name in X:
        known = X[name].notna().to_numpy()
        levels = X[name].nunique()
        if pd.api.types.is_numeric_dtype(X[name]):
            x = X[name].to_numpy(dtype=float)
            found = _number_identifier(x, levels, ranks, ids)
        else:
            many = levels > len(X) / 2
            found = f"{levels:,} texts for {known.sum():,} customers" if many else ""
        yield Check(str(name), bool(found), found, int(known.sum()))


def _number_identifier(
    x: NDArray[np.float64], levels: int, ranks: list[NDArray[np.float64]], ids: pd.Series
) -> str:
    """Why a number is an identifier, "" if it is none."""
    known = ~np.isnan(x)
    if levels < max(LEAST, (1 - TIED_SHARE) * known.sum()) or (x[known] % 1).any():
        return ""
    of = f"{levels:,} whole numbers for {known.sum():,} customers"
    own = rankdata(x[known])
    if any(abs(np.corrcoef(own, rank[known])[0, 1]) > 0.99 for rank in ranks):
        return f"{of}, which rise or fall with the rows or ids"
    if np.abs(x[known]).min() >= 10 ** (ID_DIGITS - 1):
        return f"{of}, all of {ID_DIGITS} digits or more"
    digits = pd.to_numeric(ids.astype(str).str.extract(r"(\d+)\D*$")[0], errors="coerce")
    same = (digits.to_numpy() == x)[known].mean() > 0.99
    return f"{of}, the digits of the id" if same else ""
