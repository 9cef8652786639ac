"""RFM scores of customers and segments with names and advised actions.

Reads customer histories (see `purchases.purchase_histories`), lazily: the engine scores them.
R is scored from `days_since_last`, F from `frequency`, M from `total_spend`.
"""

import datetime as dt
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib.inference import MIN_GROUP, ParameterError, suppressed, total_means, total_shares

MEASURES = {"R": "days_since_last", "F": "frequency", "M": "total_spend"}
QUINTILES = (0.2, 0.4, 0.6, 0.8)
CUTS = ["cut_1", "cut_2", "cut_3", "cut_4"]
# Sums of floats depend on the order of the rows in their last bits; rounding takes that away.
MONEY_DIGITS = 6
# Silence beyond so many of the usual gaps between two purchases is too long to be called recent;
# where too few bought again to know a gap, beyond so many days.
RECENT_GAPS = 3
RECENT_DAYS = 180


@dataclass(frozen=True)
class Segment:
    """A named group of RFM codes: where the R score and the sum F + M lie, both ends included.

    `bought` says what F + M means; when the last purchase was depends on the cut-offs (`meanings`).
    `if_silent` is the advice in place of `action` where most have not bought for long (`advised`).
    """

    name: str
    recency_score: tuple[int, int]
    value_score: tuple[int, int]
    bought: str
    action: str
    if_silent: str


_OFTEN, _MIDDLE = "bought often and much", "bought neither much nor little"
_CALL, _TEST = "call, find out why", "test a cheap offer on a random part first"
_LAST_TRY = "no spending but a cheap last try"
# A grid of three bands of R by three of F + M: disjoint, and together all 125 codes.
SEGMENTS = (
    Segment("Champions", (4, 5), (8, 10), _OFTEN, "reward, ask for referrals", _CALL),
    Segment("Occasional", (4, 5), (5, 7), _MIDDLE, "recommend, cross-sell", _TEST),
    Segment("New or light", (4, 5), (2, 4), "bought little", "welcome, second order", _LAST_TRY),
    Segment("Loyal", (3, 3), (8, 10), _OFTEN, "keep close, early access", _CALL),
    Segment("Needs attention", (3, 3), (5, 7), _MIDDLE, "a timely, personal offer", _TEST),
    Segment(
        "About to sleep", (3, 3), (2, 4), "bought little", "a reminder, at low cost", _LAST_TRY
    ),
    Segment("Cannot lose", (1, 2), (8, 10), _OFTEN, _CALL, _CALL),
    Segment("At risk", (1, 2), (5, 7), _MIDDLE, "win back with an offer", _TEST),
    Segment("Lost", (1, 2), (2, 4), "bought little", _LAST_TRY, _LAST_TRY),
)
# A silent segment of this share of the customers or more is worth a headline.
LARGE_RATE = 0.05
# Worth winning back: gone for long, but not without having brought something.
AT_RISK = ("Cannot lose", "At risk")


@dataclass(frozen=True)
class RFM:
    """Scores of each customer (lazy) and the cut-offs they were made with.

    `scores`: the histories with R, F, M (1 worst to 5 best), `code` (RFM as a three-digit number)
    and `segment`. `cutoffs`: for each score the measure, its four cut-offs cut_1 to cut_4, and
    where they come from.
    """

    scores: nw.LazyFrame
    cutoffs: pd.DataFrame

    @property
    def cuts(self) -> dict[str, list[float]]:
        """The cut-offs as `rfm_scores` takes them, to score another date or shop alike."""
        return {str(score): row.tolist() for score, row in self.cutoffs[CUTS].iterrows()}


def parse_cutoffs(text: str) -> dict[str, list[float]]:
    """Cut-offs written as "R 30 90 180 365; F 1 2 4 8; M 50 100 200 500"; "" gives none.

    A score that is left out is cut at its quintiles. Raises ParameterError naming the parameter
    `cutoffs` when a part is not R, F or M with four numbers that do not fall.
    """
    found: dict[str, list[float]] = {}
    for part in filter(str.strip, text.split(";")):
        score, *numbers = part.split()
        if score not in MEASURES or score in found:
            raise ParameterError(
                f'cutoffs: "{part.strip()}" does not begin with R, F or M, each once. Write '
                "for example R 30 90 180 365; F 1 2 4 8; M 50 100 200 500."
            )
        try:
            found[score] = [float(number) for number in numbers]
        except ValueError:
            message = f'cutoffs: "{part.strip()}" holds what is no number.'
            raise ParameterError(message) from None
    _check_cutoffs(found)
    return found


def rfm_scores(
    histories: nw.LazyFrame, cutoffs: Mapping[str, Sequence[float]] | None = None
) -> RFM:
    """Scores of days_since_last (R), frequency (F) and total_spend (M) by cut-offs, and segments.

    A score is 1 + the number of the four cut-offs that the value exceeds; for R, where less is
    better, the number of cut-offs it does not exceed, + 1. `cutoffs` gives the four of a score, in
    days, repeat purchases or money; a score without takes the quintiles of its measure (20, 40,
    60, 80 %, linear interpolation). Equal values have equal scores, so where many customers tie, as
    one-time buyers do in F, quintiles coincide and some of the five scores stay unused. Source:
    Hughes, Strategic Database Marketing (1994), with scores by cut-off in place of equal-sized
    fifths. Raises ParameterError for cut-offs that are not four finite numbers that do not fall.
    """
    given = dict(cutoffs or {})
    _check_cutoffs(given)
    found = _quintiles(histories, [score for score in MEASURES if score not in given])
    cuts = {score: [float(cut) for cut in (given | found)[score]] for score in MEASURES}
    table = pd.DataFrame.from_dict(cuts, orient="index", columns=CUTS).rename_axis("score")
    table.insert(0, "measure", list(MEASURES.values()))
    table["source"] = ["given" if score in given else "quintiles" for score in cuts]

    def exceeded(score: str) -> nw.Expr:
        column = nw.col(MEASURES[score])
        return nw.sum_horizontal(*((column > cut).cast(nw.Int64) for cut in cuts[score]))

    scores = histories.with_columns(R=5 - exceeded("R"), F=1 + exceeded("F"), M=1 + exceeded("M"))
    scores = scores.with_columns(
        code=100 * nw.col("R") + 10 * nw.col("F") + nw.col("M"), segment=_segment_name()
    )
    return RFM(scores, table)


def _check_cutoffs(cutoffs: Mapping[str, Sequence[float]]) -> None:
    for score, cuts in cutoffs.items():
        if score not in MEASURES:
            raise ParameterError(f"cutoffs: {score} is none of {', '.join(MEASURES)}.")
        numbers = np.asarray(cuts, dtype=float)
        if len(numbers) != 4 or not np.isfinite(numbers).all() or (np.diff(numbers) < 0).any():
            raise ParameterError(
                f"cutoffs: {score} has {', '.join(map(str, cuts)) or 'no numbers'}; four numbers "
                "are needed, none below the one before."
            )


def _quintiles(histories: nw.LazyFrame, scores: Sequence[str]) -> dict[str, list[float]]:
    if not scores:
        return {}
    quantiles = histories.select(
        **{
            f"{score}{share}": nw.col(MEASURES[score]).quantile(share, interpolation="linear")
            for score in scores
            for share in QUINTILES
        }
    )
    found = _collected(quantiles, []).iloc[0].to_numpy(dtype=float).reshape(len(scores), -1)
    return dict(zip(scores, found.tolist(), strict=True))


def _segment_name() -> nw.Expr:
    name: nw.Expr = nw.lit(None, dtype=nw.String)
    for segment in SEGMENTS:
        inside = nw.col("R").is_between(*segment.recency_score) & (
            nw.col("F") + nw.col("M")
        ).is_between(*segment.value_score)
        name = nw.when(inside).then(nw.lit(segment.name)).otherwise(name)
    return name


def segment_summary(scored: RFM, *, level: float = 0.95) -> pd.DataFrame:
    """One row a segment in the order of SEGMENTS: size, revenue, shares with intervals, advice.

    customers, customer_rate (its Wilson interval customer_low, customer_high), total_spend,
    revenue_rate with revenue_low and revenue_high (see inference.total_shares), spend_per_customer
    with spend_per_customer_low and spend_per_customer_high (see inference.total_means), medians of
    the three measures, bought_once_rate (customers of one purchase day to the nearest ten, as exact
    ones could give few away, by customers; missing for fewer than 10), meaning (see `meanings`) and
    action. A segment of fewer than 10 customers, and what would give it away (see
    inference.suppressed), keeps its advice alone. Raises ValueError when the customers spent
    nothing in all.
    """
    squared = scored.scores.with_columns(
        squared=nw.col("total_spend") ** 2, once=(nw.col("frequency") == 0).cast(nw.Int64)
    )
    groups = _collected(
        squared.group_by("segment").agg(
            nw.len().alias("customers"),
            nw.col("total_spend").sum(),
            nw.col("squared").sum(),
            nw.col("once").sum(),
            nw.col("days_since_last").median().alias("median_days_since_last"),
            nw.col("frequency").median().alias("median_frequency"),
            nw.col("total_spend").median().alias("median_spend"),
        ),
        ["segment"],
    ).set_index("segment")
    summary = groups.reindex([segment.name for segment in SEGMENTS])
    counted = ["customers", "total_spend", "squared"]
    summary[[*counted, "once"]] = summary[[*counted, "once"]].fillna(0)
    summary["total_spend"] = summary["total_spend"].round(MONEY_DIGITS)
    summary = summary.astype({"customers": int})
    if not summary["total_spend"].sum() > 0:
        raise ValueError(
            "The amounts of all customers add up to zero or less, so there are no shares of "
            "revenue and no spend to score. Check which column is the amount."
        )
    sums = [summary[name] for name in counted]
    shares = total_shares(*sums, level=level).join(total_means(*sums, level=level))
    tens = (summary["once"] + MIN_GROUP // 2) // MIN_GROUP * MIN_GROUP
    once_rate = (tens / summary["customers"]).clip(upper=1).where(summary["once"] >= MIN_GROUP)
    summary = summary.drop(columns=["squared", "once"]).assign(bought_once_rate=once_rate)
    summary = summary.join(shares.rename(columns=_per_customer))
    summary = summary.astype({"customers": "Int64"})
    summary.loc[suppressed(summary["customers"])] = pd.NA
    return summary.assign(
        meaning=meanings(scored.cuts),
        action=[segment.action for segment in SEGMENTS],
    )


def _per_customer(column: str) -> str:
    """Spend is a customer's total here; mean_spend is a purchase day's in the histories."""
    return column.replace("mean_spend", "spend_per_customer")


def meanings(cuts: Mapping[str, Sequence[float]]) -> pd.Series:
    """What each segment of SEGMENTS means under these cut-offs (see `RFM.cuts`), days included.

    The best scores of recency are only the best of these customers: the days say how good they are.
    Days are whole, so a cut-off counts as the whole days below it.
    """
    ends = [math.floor(cut) for cut in cuts["R"]]
    texts = {
        segment.name: f"last purchase {_when(*segment.recency_score, ends)}; {segment.bought}"
        for segment in SEGMENTS
    }
    return pd.Series(texts, name="meaning").rename_axis("segment")


def _when(lowest: int, highest: int, ends: Sequence[int]) -> str:
    """The days of R scores `lowest` to `highest`, whose cut-offs in whole days are `ends`."""
    after = ends[4 - highest] if highest < 5 else -1
    until = ends[5 - lowest] if lowest > 1 else None
    if until is None:
        return f"more than {after:,} days ago"
    if after < 0:
        return f"within {until:,} days"
    return f"{after + 1:,} to {until:,} days ago" if until > after else "between equal cut-offs"


@dataclass(frozen=True)
class Silence:
    """How many days without a purchase are too many to take a customer as still buying.

    limit_days   three times `gap_days`, or 180 where that is not known; a rule of thumb
    gap_days     the usual gap between two purchases of one customer: the median of recency_days /
                 frequency over those who bought again, gaps still open left out; None where fewer
                 than 10 did
    newest_days  since the last purchase of anybody
    """

    limit_days: int
    gap_days: float | None
    newest_days: int

    @property
    def sentence(self) -> str:
        """When a segment is called silent, in words."""
        text = f"(silent): most have not bought for more than {self.limit_days:,} days"
        if self.gap_days is None:
            return f"{text}."
        return f"{text}, {RECENT_GAPS} times the usual gap between two purchases of one customer."


def silence(histories: nw.LazyFrame) -> Silence:
    """The limit of silence from the gaps between these customers' purchases (see `Silence`)."""
    again = nw.col("frequency") > 0
    gap = nw.when(again).then(nw.col("recency_days") / nw.col("frequency"))
    [(repeaters, median, newest)] = _collected(
        histories.select(
            repeaters=again.cast(nw.Int64).sum(),
            gap=gap.median(),
            newest=nw.col("days_since_last").min(),
        ),
        [],
    ).itertuples(index=False)
    if repeaters < MIN_GROUP:
        return Silence(RECENT_DAYS, None, int(newest))
    return Silence(math.floor(RECENT_GAPS * median), float(median), int(newest))


def recency_warning(found: Silence, cuts: Mapping[str, Sequence[float]]) -> str:
    """A plain warning where "recent" is only relative under these cut-offs; "" where it is not.

    The rule: the best recency of the segments (R of 4 and 5) reaches back further than the limit of
    `silence`. Says too when nobody bought within that limit.
    """
    edge = math.floor(cuts["R"][1])
    if edge <= found.limit_days:
        return ""
    why = f"more than {RECENT_DAYS} days"
    if found.gap_days is not None:
        gaps = f"{found.gap_days:,.0f} days usually pass between two purchases of one customer"
        why = f"where {gaps}"
    text = f'"Recent" is relative here: the best recency scores reach back {edge:,} days, {why}.'
    if found.newest_days > found.limit_days:
        return f"{text} Nobody bought in the last {found.newest_days:,} days: all may be gone."
    return f"{text} Many of these customers may be gone: check the days before acting."


def recent_buyers(scored: RFM, found: Silence) -> pd.Series:
    """How many customers of each segment bought within the limit of `silence`, by name."""
    within = nw.col("days_since_last") <= found.limit_days
    counted = scored.scores.group_by("segment").agg(within.cast(nw.Int64).sum().alias("recent"))
    return _collected(counted, ["segment"]).set_index("segment")["recent"]


def advised(
    summary: pd.DataFrame,
    found: Silence,
    cuts: Mapping[str, Sequence[float]],
    recent: pd.Series,
) -> pd.DataFrame:
    """`segment_summary` with the name to be shown and the action by how long customers are silent.

    A name ranks these customers against one another, so it may promise what the days deny. Where
    the median days since the last purchase exceed the limit of `silence`, the name says "(silent)"
    and the action is that for silent customers; where the median does not but the segment reaches
    beyond the limit, the action is for those within it, and that for silent customers for
    the others. How many they are (`recent`, see `recent_buyers`) is told where both are 10 or more.
    """
    days = summary["median_days_since_last"].astype(float)
    customers = summary["customers"].astype(float)
    names, actions = [], []
    for segment in SEGMENTS:
        silent = days[segment.name] > found.limit_days
        lowest = segment.recency_score[0]
        beyond = lowest > 1 and math.floor(cuts["R"][5 - lowest]) > found.limit_days
        action = segment.action
        if beyond:
            within = int(recent.get(segment.name, 0))
            those, others = _those(customers[segment.name], within)
            action += f" (only {those} who bought in the last {found.limit_days:,} days)"
            action += f"; the {others}: {segment.if_silent}"
        names.append(f"{segment.name} (silent)" if silent else segment.name)
        actions.append(segment.if_silent if silent else action)
    return summary.assign(name=names, action=actions)


def _those(customers: float, recent: int) -> tuple[str, str]:
    """Who bought of late, and the others: counted where nobody is given away.

    NaN customers are suppressed.
    """
    if min(recent, customers - recent) >= MIN_GROUP:
        return f"the {recent:,} of {customers:,.0f}", f"other {customers - recent:,.0f}"
    return "those", "others"


def headline(summary: pd.DataFrame, date: dt.date, customers: int, *, level: float = 0.95) -> str:
    """The segment with the most past revenue, and whom to reach for next, in sentences.

    Next is the least silent of the silent segments that hold a twentieth of the customers or more
    and have bought more than little; without one, the dearest at risk. Reads `advised`. Suppressed
    segments are not told; where all are, it says so.
    """
    rates = summary["revenue_rate"].astype(float).dropna()
    if rates.empty:
        return (
            f"The {customers:,} customers of {date} are too few to tell of segments: each has "
            f"fewer than {MIN_GROUP}, or would give one away that has."
        )
    rows, best = summary.to_dict("index"), rates.idxmax()
    top = rows[best]
    text = (
        f"{top['name']} are {top['customer_rate']:.1%} of the {customers:,} customers of {date} "
        f"and brought {_share(top)} of past revenue ({100 * level:.4g} % interval), for which they "
        f"were picked: {top['action']}."
    )
    if top["name"] == best:
        text += " Try any offer on a random part of them first, and compare with the rest."
    silent = [
        name
        for name, row in rows.items()
        if name in rates.index
        and name != best
        and row["name"] != name
        and row["action"] != _LAST_TRY
        and row["customer_rate"] >= LARGE_RATE
    ]
    if silent:
        name = min(silent, key=lambda one: float(rows[one]["median_days_since_last"]))
        days = f"{rows[name]['median_days_since_last']:,.0f}"
        return (
            f"{text} Next, to win back those silent for the shortest time: {name}, "
            f"{rows[name]['customers']:,} customers, half of whom have not bought for {days} "
            f"days or more, {_share(rows[name])} of past revenue: {rows[name]['action']}."
        )
    for name in AT_RISK:
        if name != best and name in rates.index:
            return (
                f"{text} {rows[name]['name']}: {rows[name]['customers']:,} customers, "
                f"{_share(rows[name])} of past revenue: {rows[name]['action']}."
            )
    return text


def _share(row: Mapping[Hashable, Any]) -> str:
    text = f"{row['revenue_rate']:.1%}"
    if np.isnan(row["revenue_low"]):
        return text
    return f"{text} ({row['revenue_low']:.1%} to {row['revenue_high']:.1%})"


def _collected(frame: nw.LazyFrame, order: list[str]) -> pd.DataFrame:
    table = frame.collect(backend="pandas").to_native()
    return table.sort_values(order, ignore_index=True) if order else table
