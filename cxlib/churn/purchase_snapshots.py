"""Customers without a contract as of a cut-off: who is active, what they bought, who falls silent.

Several purchases of a customer on one day are one purchase.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from cxlib.churn.days import day_number, month_number

MILLIONTHS = 1_000_000


@dataclass(frozen=True)
class PurchaseHistory:
    """The purchase days of all customers; `rows` gives the customers as of a cut-off.

    `days`: customer_id, day, millionths (of money), gap (days since the purchase day before),
    new_month (1 on the first purchase day of a calendar month), attributes: no row tells of what
    came after it. `first` and `complete_to` bound what the file covers.
    """

    days: nw.LazyFrame
    first: dt.date
    complete_to: dt.date
    inactivity_days: int
    attributes: tuple[str, ...]

    @property
    def earliest(self) -> dt.date:
        """The first cut-off whose active customers are all known."""
        return self.first + dt.timedelta(days=self.inactivity_days - 1)

    def note(self, oldest: dt.date) -> str:
        """How far the file reaches back at the oldest cut-off: less than at the newest."""
        return (
            f"At {oldest} the file reaches back {(oldest - self.first).days + 1} days: features "
            "that look further back, or at all of a customer's purchases, know less there than "
            "later."
        )

    def rows(self, cutoff: dt.date, *, has_label: bool) -> nw.LazyFrame:
        """Customers active at the cut-off: customer_id, cutoff, churned, features."""
        at = cutoff.toordinal()
        customers = self._reduced(at)
        if has_label:
            back = self._buyers(at, at + self.inactivity_days)
            back = back.with_columns(bought_again=nw.lit(True))
            customers = customers.join(back, on="customer_id", how="left")
            churned = nw.col("bought_again").is_null()
        else:
            churned = nw.lit(None, nw.Boolean)
        return customers.select(
            "customer_id",
            cutoff=nw.lit(cutoff),
            churned=churned,
            **self._features(at),
            **{name: nw.col(f"attribute_{i}") for i, name in enumerate(self.attributes)},
        )

    def left_out(self, cutoffs: Sequence[dt.date]) -> list[dict[str, int]]:
        """By cut-off how many people of the file were no customers, by reason."""
        day, ends = nw.col("day"), [cutoff.toordinal() for cutoff in cutoffs]
        past = {f"last_{i}": nw.when(day <= end).then("day") for i, end in enumerate(ends)}
        each = self.days.with_columns(**past).group_by("customer_id")
        people = each.agg(day.min(), nw.col(*past).max())
        counts: dict[str, nw.Expr] = {}
        for i, end in enumerate(ends):
            silent = nw.col(f"last_{i}") <= end - self.inactivity_days
            counts[f"late_{i}"] = (day > end).cast(nw.Int64).sum()
            counts[f"silent_{i}"] = silent.cast(nw.Int64).sum()
        found = people.select(**counts).collect("pandas").to_native().iloc[0]
        return [
            {"not yet bought": int(found[f"late_{i}"]), "silent": int(found[f"silent_{i}"])}
            for i in range(len(ends))
        ]

    def _buyers(self, after: int, until: int) -> nw.LazyFrame:
        """Customers with a purchase in the days after the one, up to the other."""
        bought = self.days.filter((nw.col("day") > after) & (nw.col("day") <= until))
        return bought.select("customer_id").unique()

    def _reduced(self, at: int) -> nw.LazyFrame:
        day, half, age = nw.col("day"), self.inactivity_days // 2, at - nw.col("day")
        within = {f"in_{days}": age < days for days in self._windows}
        within["half_before"] = (age >= half) & (age < 2 * half)
        # Only the active: most people of an old file have long been silent.
        active = self._buyers(at - self.inactivity_days, at)
        past = self.days.filter(day <= at).join(active, on="customer_id", how="semi")
        past = past.with_columns(
            gap_squared=nw.col("gap") * nw.col("gap"),
            **{f"days_{key}": inside.cast(nw.Int64) for key, inside in within.items()},
            **{
                f"millionths_{key}": nw.when(inside).then("millionths").otherwise(0)
                for key, inside in within.items()
            },
        )
        # Before the first purchase day there is no gap.
        past = past.with_columns(
            millionths_first=nw.when(nw.col("gap").is_null()).then("millionths").otherwise(0)
        )
        sums = [f"{what}_{key}" for key in within for what in ("days", "millionths")]
        sums.append("millionths_first")
        attributes = [f"attribute_{i}" for i in range(len(self.attributes))]
        return past.group_by("customer_id").agg(
            nw.len().alias("purchase_days"),
            day.min().alias("first"),
            day.max().alias("last"),
            nw.col("gap", "gap_squared", "millionths", "new_month", *sums).sum(),
            *(nw.col(name).last(order_by="day") for name in attributes),
        )

    @property
    def _windows(self) -> tuple[int, int, int]:
        window = self.inactivity_days
        return window // 2, window, 2 * window

    def _features(self, at: int) -> dict[str, nw.Expr]:
        days = nw.col("purchase_days").cast(nw.Int64)
        gaps = days - 1
        half, since_last = self.inactivity_days // 2, at - nw.col("last")
        gap_sum, gap_squares = (nw.col(name).cast(nw.Float64) for name in ("gap", "gap_squared"))
        spread = (gap_squares - gap_sum * gap_sum / gaps) / (gaps - 1)
        made: dict[str, nw.Expr] = {
            "days_since_last": since_last,
            "days_since_first": at - nw.col("first"),
            "purchase_days": days,
            "months_active": nw.col("new_month").cast(nw.Int64),
            "spend_per_purchase_day": _money("millionths") / days,
            "spend_of_first_day": _money("millionths_first"),
            "mean_gap_days": nw.when(gaps > 0).then(gap_sum / gaps),
            "sd_gap_days": nw.when(gaps > 1).then(spread.sqrt()),
            # As a share of the usual gap, so that a rare buyer's silence is not a frequent one's.
            "silence_in_gaps": nw.when(gaps > 0).then(since_last * gaps / gap_sum),
        }
        for window in self._windows:
            made[f"purchases_last_{window}_days"] = nw.col(f"days_in_{window}").cast(nw.Int64)
            made[f"spend_last_{window}_days"] = _money(f"millionths_in_{window}")
        recent, before = nw.col(f"days_in_{half}"), nw.col("days_half_before")
        made[f"purchases_change_{half}_days"] = (recent - before).cast(nw.Int64)
        earlier = _money("millionths_half_before")
        made[f"spend_change_{half}_days"] = _money(f"millionths_in_{half}") - earlier
        return made

    @property
    def windows(self) -> pd.DataFrame:
        """Of each feature the days that it is made of, counted from the cut-off."""
        half = self.inactivity_days // 2
        rows: list[tuple[str, int | None, str]] = [
            ("days_since_last", None, "days from the last purchase day to the cut-off"),
            ("days_since_first", None, "days from the first purchase day to the cut-off"),
            ("purchase_days", None, "days with a purchase"),
            ("months_active", None, "calendar months with a purchase"),
            ("spend_per_purchase_day", None, "mean spend of a purchase day"),
            ("spend_of_first_day", None, "spend of the first purchase day"),
            ("mean_gap_days", None, "mean days between purchase days; missing with one"),
            ("sd_gap_days", None, "their standard deviation; missing with fewer than three days"),
            ("silence_in_gaps", None, "days_since_last / mean_gap_days; missing with one day"),
        ]
        for window in self._windows:
            rows.append((f"purchases_last_{window}_days", 1 - window, "days with a purchase"))
            rows.append((f"spend_last_{window}_days", 1 - window, "spend"))
        against = f"the last {half} days less the {half} before"
        rows.append((f"purchases_change_{half}_days", 1 - 2 * half, f"purchase days, {against}"))
        rows.append((f"spend_change_{half}_days", 1 - 2 * half, f"spend, {against}"))
        rows += [(name, None, "as of the last purchase day") for name in self.attributes]
        table = pd.DataFrame(rows, columns=["feature", "first_day", "meaning"])
        table = table.assign(last_day=0, source="transactions")
        return table[["feature", "first_day", "last_day", "source", "meaning"]]


def purchase_history(
    transactions: nw.LazyFrame,
    *,
    inactivity_days: int,
    complete_to: dt.date | None,
    attributes: Sequence[str],
    keep: Callable[[nw.LazyFrame], nw.LazyFrame],
) -> PurchaseHistory:
    """The purchase days up to `complete_to` (undeclared: the last day with a purchase).

    Money counts to 6 decimals as whole millionths: a sum of floats would depend on the order of
    the rows. Attributes of a day are the smallest value where it has several.
    """
    date = nw.col("date")
    named = {f"attribute_{i}": name for i, name in enumerate(attributes)}
    whole = transactions.with_columns(
        millionths=(nw.col("amount") * MILLIONTHS).round().cast(nw.Int64)
    )
    if complete_to is not None:
        whole = whole.filter(date <= nw.lit(complete_to))
    days = whole.group_by("customer_id", "date").agg(
        nw.col("millionths").sum(),
        *(nw.col(name).min().alias(alias) for alias, name in named.items()),
    )
    days = days.with_columns(day=day_number("date"), month=month_number("date"))
    before = {
        name: nw.col(name).shift(1).over("customer_id", order_by="day") for name in ("day", "month")
    }
    same_month = nw.col("month") == before["month"]
    days = keep(
        days.select(
            "customer_id",
            "day",
            nw.col("millionths").cast(nw.Int64),
            gap=nw.col("day") - before["day"],
            new_month=nw.when(same_month).then(0).otherwise(1),
            **{alias: nw.col(alias) for alias in named},
        )
    )
    bounds = days.select(first=nw.col("day").min(), last=nw.col("day").max())
    first, last = (int(day) for day in bounds.collect("pandas").to_native().iloc[0])
    until = complete_to or dt.date.fromordinal(last)
    kept = tuple(attributes)
    return PurchaseHistory(days, dt.date.fromordinal(first), until, inactivity_days, kept)


def _money(millionths: str) -> nw.Expr:
    return nw.col(millionths).cast(nw.Float64) / MILLIONTHS
