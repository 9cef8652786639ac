"""Customers with a contract as of a cut-off: who had one, what was known then, whose ended after.

Of months only whole ones count: a month that is not over by the cut-off is not known by then.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from cxlib.churn.days import day_number, month_number

DAYS_PER_MONTH = 30.436875
_OF_THE_CONTRACT = (
    "customer_id",
    "started",
    "ended",
    "churned",
    "tenure_months",
    "leaving",
    "treated",
)


@dataclass(frozen=True)
class ContractHistory:
    """Contracts and their months; `rows` gives the customers as of a cut-off.

    `contracts`: customer_id, started, ended (null while it runs), `fixed` columns. `months`:
    customer_id, month (number), revenue, changed (1 where the revenue is not that of the row
    before), `monthly` columns, of which `numbers` are numbers. `undated` columns of the file are
    left out. `earliest` is the first day that may be a cut-off.
    """

    contracts: nw.LazyFrame
    months: nw.LazyFrame | None
    earliest: dt.date
    complete_to: dt.date
    horizon_days: int
    fixed: tuple[str, ...]
    monthly: tuple[str, ...]
    numbers: tuple[str, ...]
    undated: tuple[str, ...]

    def note(self, oldest: dt.date) -> str:
        """What is left out, and whom the months know; "" if there is nothing to say."""
        return " ".join(text for text in (self._without_date(), self._matched()) if text)

    def _matched(self) -> str:
        if self.months is None:
            return ""
        known = self.contracts.join(
            self.months.select("customer_id").unique(), on="customer_id", how="semi"
        )
        counts = [int(part.select(nw.len()).collect().item()) for part in (known, self.contracts)]
        text = f"The months know {counts[0]:,} of {counts[1]:,} customers."
        if not counts[0]:
            text += " Is customer_id written alike in both files?"
        return text

    def _without_date(self) -> str:
        if not self.undated:
            return ""
        return (
            f"Left out, for they are known only as of {self.complete_to}: "
            f"{', '.join(self.undated)}. Declare those that never change as fixed, or give them by "
            "month."
        )

    def rows(self, cutoff: dt.date, *, has_label: bool) -> nw.LazyFrame:
        """Customers whose contract runs at the cut-off: customer_id, cutoff, churned, features."""
        at, ended = nw.lit(cutoff), nw.col("ended")
        runs = (nw.col("started") <= at) & (ended.is_null() | (ended > at))
        churned = nw.lit(None, nw.Boolean)
        if has_label:
            until = nw.lit(cutoff + dt.timedelta(days=self.horizon_days))
            churned = nw.when(ended <= until).then(nw.lit(True)).otherwise(nw.lit(False))
        customers = self.contracts.filter(runs).select(
            "customer_id",
            cutoff=at,
            churned=churned,
            tenure_months=(cutoff.toordinal() - day_number("started")) / DAYS_PER_MONTH,
            **{name: nw.col(name) for name in self.fixed},
        )
        if self.months is None:
            return customers
        known = self._as_of(self.months, last_whole_month(cutoff))
        return customers.join(known, on="customer_id", how="left")

    def left_out(self, cutoffs: Sequence[dt.date]) -> list[dict[str, int]]:
        """By cut-off how many contracts of the file did not run, by reason."""
        counts = {}
        for i, cutoff in enumerate(cutoffs):
            at = nw.lit(cutoff)
            counts[f"late_{i}"] = (nw.col("started") > at).cast(nw.Int64).sum()
            gone = (nw.col("started") <= at) & (nw.col("ended") <= at)
            counts[f"gone_{i}"] = gone.cast(nw.Int64).sum()
        found = self.contracts.select(**counts).collect("pandas").to_native().iloc[0]
        return [
            {"not yet started": int(found[f"late_{i}"]), "ended before": int(found[f"gone_{i}"])}
            for i in range(len(cutoffs))
        ]

    def _as_of(self, months: nw.LazyFrame, newest: int) -> nw.LazyFrame:
        """Of each customer the last month up to `newest`, and changes up to it."""
        month = nw.col("month")
        past = months.filter(month <= newest).with_columns(latest=month.max().over("customer_id"))
        back = {0: ["revenue", *self.monthly], 3: ["revenue", *self.numbers], 12: ["revenue"]}
        # customer_id and month are a key: of each masked column one value remains.
        masked = {
            f"{name}_{lag}": nw.when(month == nw.col("latest") - lag).then(name)
            for lag, names in back.items()
            for name in names
        }
        changes = nw.when(nw.col("changed") == 1).then("month")
        each = past.with_columns(changed_month=changes, **masked).group_by("customer_id")
        reduced = each.agg(nw.col("changed_month", *masked).max())
        since = nw.lit(newest) - nw.col("changed_month")
        return reduced.select(
            "customer_id",
            revenue=nw.col("revenue_0"),
            revenue_change_3_months=nw.col("revenue_0") - nw.col("revenue_3"),
            revenue_change_12_months=nw.col("revenue_0") - nw.col("revenue_12"),
            months_since_revenue_change=since.cast(nw.Float64),
            **{name: nw.col(f"{name}_0") for name in self.monthly},
            **{
                f"{name}_change_3_months": nw.col(f"{name}_0") - nw.col(f"{name}_3")
                for name in self.numbers
            },
        )

    @property
    def windows(self) -> pd.DataFrame:
        """Of each feature the days that it is made of, counted from the cut-off."""
        rows = [("tenure_months", "subscriptions", "months since the start")]
        rows += [(name, "subscriptions", "never changes, as declared") for name in self.fixed]
        if self.months is not None:
            whole = "the last whole month by the cut-off"
            rows += [
                ("revenue", "subscription_months", f"of {whole}"),
                ("revenue_change_3_months", "subscription_months", f"{whole} less 3 before"),
                ("revenue_change_12_months", "subscription_months", f"{whole} less 12 before"),
                (
                    "months_since_revenue_change",
                    "subscription_months",
                    f"from the last month with another revenue than the one before to {whole}",
                ),
            ]
            rows += [(name, "subscription_months", f"as of {whole}") for name in self.monthly]
            rows += [
                (f"{name}_change_3_months", "subscription_months", f"{whole} less 3 before")
                for name in self.numbers
            ]
        table = pd.DataFrame(rows, columns=["feature", "source", "meaning"])
        table = table.assign(first_day=None, last_day=0)
        return table[["feature", "first_day", "last_day", "source", "meaning"]]


def contract_history(
    subscriptions: nw.LazyFrame,
    months: nw.LazyFrame | None,
    *,
    complete_to: dt.date,
    observed_from: dt.date | None,
    horizon_days: int,
    fixed: Sequence[str],
    keep: Callable[[nw.LazyFrame], nw.LazyFrame],
) -> ContractHistory:
    """Contracts and their months, with the first day on which both tell of all customers.

    A fixed column that `months` has too is taken from there, as it was in each month.
    """
    names = subscriptions.collect_schema().names()
    monthly, numbers, starts = _monthly(months)
    kept = tuple(name for name in fixed if name not in monthly)
    contracts = subscriptions.select("customer_id", "started", "ended", *kept)
    begin = contracts.select(nw.col("started").min()).collect().item()
    dated = {*fixed, *monthly, *_OF_THE_CONTRACT}
    return ContractHistory(
        contracts=contracts,
        months=None if months is None else keep(_numbered(months)),
        earliest=max(day for day in (begin, observed_from, starts) if day is not None),
        complete_to=complete_to,
        horizon_days=horizon_days,
        fixed=kept,
        monthly=monthly,
        numbers=numbers,
        undated=tuple(name for name in names if name not in dated),
    )


def last_whole_month(day: dt.date) -> int:
    """Number of the last month that is over by the end of the day."""
    next_day = day + dt.timedelta(days=1)
    return next_day.year * 12 + next_day.month - 2


def _monthly(
    months: nw.LazyFrame | None,
) -> tuple[tuple[str, ...], tuple[str, ...], dt.date | None]:
    """Columns of the months, those that are numbers, and the last day of the first month."""
    if months is None:
        return (), (), None
    schema = months.collect_schema()
    monthly = tuple(name for name in schema if name not in ("customer_id", "month", "revenue"))
    numbers = tuple(name for name in monthly if schema[name].is_numeric())
    first: dt.date = months.select(nw.col("month").min()).collect().item()
    return monthly, numbers, _next_month(first) - dt.timedelta(days=1)


def _numbered(months: nw.LazyFrame) -> nw.LazyFrame:
    """The months with their number, and whether the revenue is not that of the row before."""
    before = nw.col("revenue").shift(1).over("customer_id", order_by="month")
    return months.with_columns(
        month=month_number("month"),
        changed=nw.when(nw.col("revenue") != before).then(1).otherwise(0),
    )


def _next_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)
