"""Who was a customer at a cut-off, what was known of them by then, and whether they left after it.

Everything that grows with the data is a narwhals expression over lazy frames, so the engine does
it. Features of a cut-off are made of rows on or before it, the label of rows after it; a cut-off
whose horizon is not over has no label: nobody is "stayed" for want of time.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import pandas as pd

from cxlib.churn.contract_snapshots import ContractHistory, contract_history
from cxlib.churn.features import NEVER_FEATURES
from cxlib.churn.purchase_snapshots import PurchaseHistory, purchase_history
from cxlib.inference import Estimate, ParameterError, proportion_interval

Kind = Literal["one snapshot", "contracts", "purchases"]
Keep = Callable[[nw.LazyFrame], nw.LazyFrame]


@dataclass(frozen=True)
class Snapshots:
    """Customers as of one or several cut-offs.

    `frame` is lazy: customer_id, cutoff, churned (null where not known yet), features; of "one
    snapshot" the customers as they are in the file, without a cut-off. `cutoffs` has a row for each
    cut-off: cutoff, role ("train", "test": the newest with a label, "now": to be scored),
    customers, churned, rate with Wilson's low and high, not_yet_known (customers whose horizon is
    not over), left_out (people of the file who were no customers then) and why_left_out. `windows`
    has a row for each feature: feature, first_day and last_day of the rows that it is made of, in
    days from the cut-off (0 is the day itself; missing first_day: since the first record; both
    missing: the file does not say), source, meaning. `horizon_days` is 0 where the file does not
    tell it. `note` says what else to know: cut-offs that could not be had, columns left out, how
    far the file reaches back; "" if nothing.
    """

    kind: Kind
    frame: nw.LazyFrame
    cutoffs: pd.DataFrame
    windows: pd.DataFrame
    horizon_days: int
    note: str

    def labelled(self) -> pd.DataFrame:
        """The rows whose outcome is known, by cut-off and customer_id: for `features`."""
        if self.kind == "one snapshot":
            return self.frame.sort("customer_id").collect("pandas").to_native()
        known = self.frame.filter(nw.col("cutoff") < nw.lit(self._now))
        return known.sort("cutoff", "customer_id").collect("pandas").to_native()

    @property
    def current(self) -> nw.LazyFrame:
        """The customers as of the latest date, who are to be scored; lazy."""
        if self.kind == "one snapshot":
            return self.frame.filter(~nw.col("churned"))
        return self.frame.filter(nw.col("cutoff") == nw.lit(self._now))

    @property
    def _now(self) -> dt.date:
        return self.cutoffs["cutoff"].iloc[-1].date()


def snapshots(
    frame: nw.LazyFrame,
    *,
    horizon_days: int,
    months: nw.LazyFrame | None = None,
    complete_to: dt.date | None = None,
    observed_from: dt.date | None = None,
    cutoffs: int = 4,
    fixed: Sequence[str] = (),
    attributes: Sequence[str] = (),
    keep: Keep | None = None,
    level: float = 0.95,
) -> Snapshots:
    """Snapshots of the customers of a file, by what the file has.

    purchases     a column `date`: customers are those with a purchase in the `horizon_days` up to
                  the cut-off, and have churned when they make none in the `horizon_days` after it.
                  `attributes`: columns of the transactions, as of the last purchase
    contracts     a column `started`: customers are those who have started and not `ended` by the
                  cut-off, and have churned when they end in the `horizon_days` after it. `fixed`:
                  columns that never change; `months`: customer_id, month (its first day), revenue
                  and attributes, a row a month. Before `observed_from` leavers are missing from
                  the file: no cut-off is taken there
    one snapshot  neither: the customers as they are in the file, with its `churned`

    Cut-offs lie `horizon_days` apart, back from `complete_to`, the last day that the file covers
    (of purchases, undeclared: the last of them): no row tells of the outcome of two. The last has
    no outcome yet; before it come at most `cutoffs` with one, as many as the file reaches back for.
    `keep` (`Table.keep`) holds on disk what is else computed at each use.

    Raises ParameterError when a horizon or number of cut-offs is out of range, or the file too
    short for one cut-off with an outcome.
    """
    columns = frame.collect_schema().names()
    kept = keep or _as_is
    if horizon_days < 2:
        raise ParameterError(f"horizon_days: {horizon_days} is too short; two days are the least.")
    if "date" not in columns and "started" not in columns:
        return _one_snapshot(kept(frame), level)
    if cutoffs < 1:
        raise ParameterError(f"cutoffs: {cutoffs}; at least one is needed to learn from.")
    history: PurchaseHistory | ContractHistory
    if "date" in columns:
        history = purchase_history(
            frame,
            inactivity_days=horizon_days,
            complete_to=complete_to,
            attributes=attributes,
            keep=kept,
        )
    elif complete_to is None:
        raise ParameterError("complete_to: who has left by when cannot be told without it.")
    else:
        history = contract_history(
            frame,
            months,
            complete_to=complete_to,
            observed_from=observed_from,
            horizon_days=horizon_days,
            fixed=fixed,
            keep=kept,
        )
    days = _labelled_cutoffs(history, horizon_days, cutoffs)
    rows = [history.rows(day, has_label=True) for day in days]
    rows.append(history.rows(history.complete_to, has_label=False))
    whole = kept(nw.concat(rows))
    notes = [history.note(days[0])]
    if len(days) < cutoffs:
        notes.append(
            f"{len(days)} of the {cutoffs} cut-offs asked for have an outcome: the file tells of "
            f"all customers from {history.earliest} on."
        )
    return Snapshots(
        kind="purchases" if "date" in columns else "contracts",
        frame=whole,
        cutoffs=_counted(whole, history, days, level),
        windows=history.windows.astype({"first_day": "Int64", "last_day": "Int64"}),
        horizon_days=horizon_days,
        note=" ".join(note for note in notes if note),
    )


def _labelled_cutoffs(
    history: PurchaseHistory | ContractHistory, horizon_days: int, most: int
) -> list[dt.date]:
    """Cut-offs with an outcome, the oldest first."""
    back = [history.complete_to - dt.timedelta(days=horizon_days * (k + 1)) for k in range(most)]
    days = [day for day in reversed(back) if day >= history.earliest]
    if not days:
        covered = (history.complete_to - history.earliest).days
        raise ParameterError(
            f"horizon_days: no cut-off has both {horizon_days} days after it, up to "
            f"{history.complete_to}, and all of its customers on record, as from "
            f"{history.earliest} on: {max(covered, 0)} days lie between. Choose a shorter horizon, "
            "or take a file that covers more."
        )
    return days


def _counted(
    whole: nw.LazyFrame,
    history: PurchaseHistory | ContractHistory,
    labelled: Sequence[dt.date],
    level: float,
) -> pd.DataFrame:
    """One row a cut-off: how many customers, how many of them left, and who was left out."""
    left = nw.col("churned").cast(nw.Int64)
    counts = whole.select("cutoff", left=left).group_by("cutoff")
    found = counts.agg(nw.len().alias("customers"), nw.col("left").sum()).collect("pandas")
    table = found.to_native()
    table = table.set_index(pd.to_datetime(table["cutoff"]))
    days = [*labelled, history.complete_to]
    roles = ["train"] * (len(labelled) - 1) + ["test" if len(labelled) > 1 else "train", "now"]
    rows = []
    for day, role, without in zip(days, roles, history.left_out(days), strict=True):
        at = pd.Timestamp(day)
        customers = int(table["customers"].get(at, 0))
        leavers = None if role == "now" else int(table["left"].get(at, 0))
        row: dict[str, object] = {"cutoff": at, "role": role} | _rates(customers, leavers, level)
        why = ", ".join(f"{reason} {count:,}" for reason, count in without.items())
        rows.append(row | {"left_out": sum(without.values()), "why_left_out": why})
    return pd.DataFrame(rows).astype({"churned": "Int64"})


def _rates(customers: int, leavers: int | None, level: float) -> dict[str, object]:
    if leavers is None or not customers:
        rate = Estimate(None, None, None, level, customers, "no outcome yet")
    else:
        rate = proportion_interval(leavers, customers, level=level)
    return {
        "customers": customers,
        "churned": leavers,
        "rate": rate.value,
        "low": rate.low,
        "high": rate.high,
        "not_yet_known": customers if leavers is None else 0,
    }


def _one_snapshot(frame: nw.LazyFrame, level: float) -> Snapshots:
    """The customers as they are in the file: nothing says what was known before whom left."""
    left = nw.col("churned").cast(nw.Int64).sum()
    counts = frame.select(nw.len().alias("customers"), left=left).collect("pandas").to_native()
    customers, leavers = (int(number) for number in counts.iloc[0])
    row = {"cutoff": pd.NaT, "role": "train"} | _rates(customers, leavers, level)
    cutoffs = pd.DataFrame([row | {"left_out": 0, "why_left_out": ""}])
    names = [name for name in frame.collect_schema().names() if name not in NEVER_FEATURES]
    windows = pd.DataFrame({"feature": names, "first_day": None, "last_day": None})
    windows = windows.assign(source="subscriptions", meaning="as in the file, undated")
    days = {"first_day": "Int64", "last_day": "Int64"}
    return Snapshots(
        kind="one snapshot",
        frame=frame,
        cutoffs=cutoffs.astype({"churned": "Int64"}),
        windows=windows.astype(days),
        horizon_days=0,
        note="",
    )


def _as_is(frame: nw.LazyFrame) -> nw.LazyFrame:
    return frame
