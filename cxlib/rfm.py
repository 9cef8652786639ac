"""RFM scores of customers and segments with names and advised actions.

Reads customer histories (see `purchases.purchase_histories`), lazily: the engine scores them.
R is scored from `days_since_last`, F from `frequency`, M from `total_spend`.
"""

from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from cxlib.inference import suppressed, total_shares

QUINTILES = (0.2, 0.4, 0.6, 0.8)
# Sums of floats depend on the order of the rows in their last bits; rounding takes that away.
MONEY_DIGITS = 6


@dataclass(frozen=True)
class Segment:
    """A named group of RFM codes: where the R score and the sum F + M lie, both ends included."""

    name: str
    recency_score: tuple[int, int]
    value_score: tuple[int, int]
    meaning: str
    action: str


# A grid of three bands of R by three of F + M: disjoint, and together all 125 codes.
SEGMENTS = (
    Segment(
        "Champions", (4, 5), (8, 10), "bought lately, often and much", "reward, ask for referrals"
    ),
    Segment("Growing", (4, 5), (5, 7), "bought lately, middling so far", "recommend, cross-sell"),
    Segment(
        "New or light", (4, 5), (2, 4), "bought lately, little so far", "welcome, second order"
    ),
    Segment(
        "Loyal", (3, 3), (8, 10), "often and much, not very lately", "keep close, early access"
    ),
    Segment("Needs attention", (3, 3), (5, 7), "middling in all", "a timely, personal offer"),
    Segment("About to sleep", (3, 3), (2, 4), "little, a while ago", "a reminder, at low cost"),
    Segment("Cannot lose", (1, 2), (8, 10), "often and much, long ago", "call, find out why"),
    Segment("At risk", (1, 2), (5, 7), "middling, long ago", "win back with an offer"),
    Segment("Lost", (1, 2), (2, 4), "little, long ago", "no spending but a cheap last try"),
)


@dataclass(frozen=True)
class RFM:
    """Scores of each customer (lazy) and the cut-offs they were made with.

    `scores`: the histories with R, F, M (1 worst to 5 best), `code` (RFM as a three-digit number)
    and `segment`. `cutoffs`: for each score the value at each quintile.
    """

    scores: nw.LazyFrame
    cutoffs: pd.DataFrame


def rfm_scores(histories: nw.LazyFrame) -> RFM:
    """Quintile scores of days_since_last (R), frequency (F) and total_spend (M), and segments.

    A score is 1 + the number of the four quintiles (20, 40, 60, 80 %, linear interpolation) that
    the value exceeds; for R, where less is better, the number of quintiles it does not exceed, + 1.
    Equal values have equal scores, so where many customers tie, as one-time buyers do in F,
    quintiles coincide and some of the five scores stay unused. Source: Hughes, Strategic Database
    Marketing (1994), with scores by cut-off in place of equal-sized fifths.
    """
    measures = {"R": "days_since_last", "F": "frequency", "M": "total_spend"}
    quantiles = histories.select(
        **{
            f"{score}{share}": nw.col(column).quantile(share, interpolation="linear")
            for score, column in measures.items()
            for share in QUINTILES
        }
    )
    found = _collected(quantiles, []).iloc[0].to_numpy(dtype=float).reshape(3, -1)
    cutoffs = pd.DataFrame(
        found,
        index=pd.Index(list(measures), name="score"),
        columns=[f"{share:.0%}" for share in QUINTILES],
    )
    cutoffs.insert(0, "measure", list(measures.values()))

    def exceeded(score: str) -> nw.Expr:
        column = nw.col(measures[score])
        return nw.sum_horizontal(
            *((column > float(cut)).cast(nw.Int64) for cut in found[list(measures).index(score)])
        )

    scores = histories.with_columns(R=5 - exceeded("R"), F=1 + exceeded("F"), M=1 + exceeded("M"))
    scores = scores.with_columns(
        code=100 * nw.col("R") + 10 * nw.col("F") + nw.col("M"), segment=_segment_name()
    )
    return RFM(scores, cutoffs)


def _segment_name() -> nw.Expr:
    name: nw.Expr = nw.lit(None, dtype=nw.String)
    for segment in SEGMENTS:
        inside = nw.col("R").is_between(*segment.recency_score) & (
            nw.col("F") + nw.col("M")
        ).is_between(*segment.value_score)
        name = nw.when(inside).then(nw.lit(segment.name)).otherwise(name)
    return name


def segment_summary(scores: nw.LazyFrame, *, level: float = 0.95) -> pd.DataFrame:
    """One row a segment in the order of SEGMENTS: size, revenue, shares with intervals, advice.

    customers, customer_rate (its Wilson interval customer_low, customer_high), total_spend,
    revenue_rate with revenue_low and revenue_high (see inference.total_shares), medians of the
    three measures, meaning and action. A segment of fewer than 10 customers, and what would give it
    away (see inference.suppressed), keeps its advice alone. Raises ValueError when the customers
    spent nothing in all.
    """
    squared = scores.with_columns(squared=nw.col("total_spend") ** 2)
    groups = _collected(
        squared.group_by("segment").agg(
            nw.len().alias("customers"),
            nw.col("total_spend").sum(),
            nw.col("squared").sum(),
            nw.col("days_since_last").median().alias("median_days_since_last"),
            nw.col("frequency").median().alias("median_frequency"),
            nw.col("total_spend").median().alias("median_spend"),
        ),
        ["segment"],
    ).set_index("segment")
    summary = groups.reindex([segment.name for segment in SEGMENTS])
    counted = ["customers", "total_spend", "squared"]
    summary[counted] = summary[counted].fillna(0)
    summary["total_spend"] = summary["total_spend"].round(MONEY_DIGITS)
    summary = summary.astype({"customers": int})
    if not summary["total_spend"].sum() > 0:
        raise ValueError(
            "The amounts of all customers add up to zero or less, so there are no shares of "
            "revenue and no spend to score. Check which column is the amount."
        )
    shares = total_shares(
        summary["customers"], summary["total_spend"], summary["squared"], level=level
    )
    summary = summary.drop(columns="squared").join(shares)
    summary = summary.astype({"customers": "Int64"})
    summary.loc[suppressed(summary["customers"])] = pd.NA
    return summary.assign(
        meaning=[segment.meaning for segment in SEGMENTS],
        action=[segment.action for segment in SEGMENTS],
    )


def _collected(frame: nw.LazyFrame, order: list[str]) -> pd.DataFrame:
    table = frame.collect(backend="pandas").to_native()
    return table.sort_values(order, ignore_index=True) if order else table
