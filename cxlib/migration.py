"""Customers between the segments of two dates: flows, who rose and who fell, against no change.

Reads scored customers of both dates (see `rfm.rfm_scores`), scored with the same cut-offs, lazily:
the engine counts the flows. Segments are ranked from best to worst by the order that is given.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtr, chdtrc, chndtrinc

from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    ParameterError,
    holm,
    proportion_interval,
    suppressed,
    wald_interval,
)

FloatArray = NDArray[np.float64]

NOT_YET = "Not yet a customer"
# The exact binomial below this many movers, the normal approximation above.
EXACT_UP_TO = 1_000
ROUND_TO = 10


@dataclass(frozen=True)
class Migration:
    """Flows between the segments of two dates.

    flows    customers by segment before (rows, with those not yet customers last) and after
             (columns), every count as it is: for further computing, not to be shown
    moves    rose, stayed, fell: customers, rate with low and high
    tests    against no change: statistic, df, p, p_holm, effect with its name, low and high, n
    sentence what it comes to
    """

    flows: pd.DataFrame
    moves: pd.DataFrame
    tests: pd.DataFrame
    sentence: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.moves

    @property
    def shown(self) -> pd.DataFrame:
        """The flows rounded to tens, missing where they are of fewer than 10 customers.

        So are those of a segment whose size is suppressed (see inference.suppressed).
        Totals of segments and moves are shown elsewhere; from them and exact flows, or known zeros,
        a small flow could be computed. Rounding leaves a range in place of a number (Willenborg &
        de Waal 2001): in most tables a wide one, but where all others of a total are hidden or
        small it can still be narrow, or a single number.
        """
        counts = self.flows.astype("Int64")
        rounded = (counts + ROUND_TO // 2) // ROUND_TO * ROUND_TO
        before, after = (suppressed(self.flows.sum(axis=axis)) for axis in (1, 0))
        return rounded.mask((self.flows < MIN_GROUP) | before[:, None] | after[None, :])


@dataclass(frozen=True)
class Comparison:
    """Two dates compared, and what of it ageing alone explains.

    between    segments then and now
    ageing     segments then and as they would be now had nobody bought since
    purchases  segments as they would be by ageing alone and now: what buying did
    sentence   all three in words
    """

    between: Migration
    ageing: Migration
    purchases: Migration
    sentence: str

    @property
    def moves(self) -> pd.DataFrame:
        """Who rose, stayed and fell, for each of the three.

        That ageing lifts nobody and buying lowers nobody is so by construction: a 0 there has no
        interval.
        """
        parts = {
            "between the dates": self.between,
            "by ageing alone": self.ageing,
            "against ageing alone": self.purchases,
        }
        tables = {name: one.moves for name, one in parts.items()}
        moves = pd.concat(tables, names=["compared", "move"])
        for compared, move in (("by ageing alone", "rose"), ("against ageing alone", "fell")):
            if moves.loc[(compared, move), "rate"] == 0:
                moves.loc[(compared, move), ["low", "high"]] = np.nan
        return moves

    def answer(self, since: dt.date) -> str:
        """What silence alone would have done since that date, and who moved, for everybody."""
        counts = self.between.moves["customers"].dropna()
        if counts.empty:
            return self.between.sentence
        words = {"rose": "moved up", "stayed": "stayed", "fell": "moved down"}
        rates = self.between.moves["rate"].loc[counts.index]
        told = ", ".join(f"{rate:.0%} {words[str(move)]}" for move, rate in rates.items())
        n = int(self.between.tests["n"].iloc[0])
        text = f"Since {since}, of {n:,} customers {told}"
        silent = float(self.ageing.moves["rate"].loc["fell"])
        if not np.isnan(silent):
            text += f"; time alone, without a purchase, would have moved {silent:.0%} down"
        if "fell" in rates.index:
            text += (
                ". Those at the top were picked for what they bought: part of their fall is chance"
            )
        return f"{text}."


def earlier_date(date: dt.date, compare_weeks: int, first: dt.date) -> dt.date | None:
    """The date `compare_weeks` before `date`; None where the file, from `first`, does not reach it.

    Raises ParameterError when it is not above zero.
    """
    if compare_weeks < 1:
        raise ParameterError(f"compare_weeks: {compare_weeks} is no number of weeks above zero.")
    earlier = date - dt.timedelta(weeks=compare_weeks)
    return earlier if earlier >= first else None


def aged(histories: nw.LazyFrame, days: int) -> nw.LazyFrame:
    """The histories as they would be `days` later had nobody bought since.

    Recency falls by itself as time goes: scoring these says what ageing alone does to a segment,
    and so what of a fall or a rise is due to purchases.
    """
    return histories.with_columns(nw.col("days_since_last", "T_days") + days)


def compare_dates(
    then: nw.LazyFrame,
    by_age: nw.LazyFrame,
    now: nw.LazyFrame,
    order: Sequence[str],
    *,
    level: float = 0.95,
) -> Comparison:
    """Segments then, as ageing alone would make them (see `aged`), and now, in three migrations.

    All three hold customer_id and segment, a row a customer, scored with the same cut-offs; `order`
    names the segments from best to worst. Customers who were not there then stand in a last row,
    "Not yet a customer". Joined and counted in the engine, in one query. Raises ValueError where a
    customer of then is missing now, or a segment is none of `order`: the dates do not belong
    together.
    """
    earlier = then.select("customer_id", then="segment").join(
        by_age.select("customer_id", aged="segment"), on="customer_id"
    )
    later = now.select("customer_id", now="segment")
    joined = earlier.join(later, on="customer_id", how="full", suffix="_later")
    counted = joined.group_by("then", "aged", "now").agg(nw.len().alias("customers"))
    table = counted.collect(backend="pandas").to_native()
    if table["now"].isna().any():
        lost = int(table.loc[table["now"].isna(), "customers"].sum())
        raise ValueError(f"{lost:,} customers of the earlier date are missing at the later one.")
    named = {name for column in ("then", "aged", "now") for name in table[column].dropna()}
    if unknown := sorted(named - set(order)):
        raise ValueError(f"Segments that the order does not name: {', '.join(unknown)}.")
    between, ageing, purchases = (
        migration(_flows(table, before, after, order), level=level)
        for before, after in (("then", "now"), ("then", "aged"), ("aged", "now"))
    )
    text = between.sentence
    fallen, lifted = ageing.moves.loc["fell"], purchases.moves.loc["rose"]
    if not pd.isna(fallen["rate"]):
        text += (
            f" By ageing alone, without a purchase, {fallen['rate']:.1%} would have fallen; the "
            "change from then to now holds this ageing too."
        )
    if not pd.isna(lifted["rate"]):
        text += (
            f" By buying, {lifted['rate']:.1%} ({lifted['low']:.1%} to {lifted['high']:.1%}) are "
            "in a better segment than ageing alone would have left them in."
        )
    return Comparison(between, ageing, purchases, text)


def _flows(table: pd.DataFrame, before: str, after: str, order: Sequence[str]) -> pd.DataFrame:
    """Customers by segment before (rows, and those not yet customers) and after (columns)."""
    known = table.dropna(subset=after).fillna({before: NOT_YET})
    flows = known.pivot_table(
        index=before, columns=after, values="customers", aggfunc="sum", fill_value=0
    )
    flows = flows.reindex(index=[*order, NOT_YET], columns=list(order), fill_value=0).astype(int)
    return flows.rename_axis(index="before", columns="after")


def migration(flows: pd.DataFrame, *, level: float = 0.95) -> Migration:
    """Who rose and who fell among the customers of both dates, and tests against no change.

    A customer rises when the later segment stands before the earlier one in the order of the
    table. Rates have Wilson's intervals. Three tests of the square table n_ij, corrected together
    by Holm:

    segment sizes (Stuart 1955, Maxwell 1970): are the segments as large as before? d' V^-1 d with
      d_i = n_i. - n_.i and V_ij = -(n_ij + n_ji), V_ii = n_i. + n_.i - 2 n_ii; df its rank
    symmetry of flows (Bowker 1948): sum over i < j of (n_ij - n_ji)^2 / (n_ij + n_ji); df the pairs
      with any flow
    rise against fall (McNemar 1947): exact binomial up to 1,000 movers, else the normal z^2

    Effects of the first two: Cohen's (1988) w = sqrt(max(0, chi2 - df) / n), with the interval
    sqrt(nc / n) of the noncentralities nc that put chi2 at its quantiles (Steiger 2004); of the
    third the rate that rose less the rate that fell, Wald interval of paired rates. Where nobody
    moved there are no tests. A move of fewer than 10 customers, and what would give it away, has no
    figures, nor has the third test then; with fewer than 10 customers in all nothing has.
    """
    order = list(flows.columns)
    square = flows.loc[order].to_numpy(dtype=float)
    n = int(square.sum())
    counts = {
        "rose": int(np.tril(square, -1).sum()),
        "stayed": int(np.trace(square)),
        "fell": int(np.triu(square, 1).sum()),
    }
    shares = {move: proportion_interval(count, n, level=level) for move, count in counts.items()}
    moves = pd.DataFrame(
        {
            move: {
                "customers": counts[move],
                "rate": share.value,
                "low": share.low,
                "high": share.high,
            }
            for move, share in shares.items()
        }
    ).T.rename_axis("move")
    tests = _tests(square, counts["rose"], counts["fell"], level)
    moves = moves.astype({"customers": "Int64", "rate": float, "low": float, "high": float})
    few = suppressed(list(counts.values())) & (moves["customers"] > 0).to_numpy()
    few |= n < MIN_GROUP
    if few.any():
        # The last test and n would tell how many.
        hidden = tests.index if n < MIN_GROUP else tests.index[-1:]
        tests.loc[hidden, ["chi2", "p", "p_holm", "size", "low", "high"]] = np.nan
        moves.loc[few] = pd.NA
    return Migration(flows, moves, tests, _sentence(shares, tests, n, level))


def _tests(square: FloatArray, rose: int, fell: int, level: float) -> pd.DataFrame:
    n = square.sum()
    tests = {
        "segment sizes (Stuart-Maxwell)": (*_stuart_maxwell(square), "Cohen's w"),
        "symmetry of flows (Bowker)": (*_bowker(square), "Cohen's w"),
    }
    rows = {}
    for name, (chi2, df, effect) in tests.items():
        size = _noncentral(chi2, df, n, level) if df else (np.nan, np.nan, np.nan)
        p = float(chdtrc(df, chi2)) if df else np.nan
        rows[name] = [chi2, df, p, effect, *size]
    movers = rose + fell
    z2 = (rose - fell) ** 2 / movers if movers else np.nan
    p = float(chdtrc(1, z2)) if movers else np.nan
    if 0 < movers <= EXACT_UP_TO:
        p = min(1.0, 2 * float(bdtr(min(rose, fell), movers, 0.5)))
    net, error = np.nan, np.nan
    if n:
        net = (rose - fell) / n
        error = np.sqrt(max(movers / n - net**2, 0) / n) if movers else np.nan
    one = wald_interval(net, error, int(n), level=level)
    ends = (net, one.low, one.high)
    rows["rise against fall (McNemar)"] = [z2, 1 if movers else 0, p, "rose less fell", *ends]
    columns = ["chi2", "df", "p", "effect", "size", "low", "high"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("test")
    table.insert(3, "p_holm", holm(table["p"]))
    return table.assign(n=int(n)).astype({"df": int})


def _stuart_maxwell(square: FloatArray) -> tuple[float, int]:
    difference = square.sum(axis=1) - square.sum(axis=0)
    variance = np.diag(square.sum(axis=1) + square.sum(axis=0)) - square - square.T
    df = int(np.linalg.matrix_rank(variance)) if variance.any() else 0
    chi2 = float(difference @ np.linalg.pinv(variance, hermitian=True) @ difference)
    return (chi2, df) if df else (np.nan, 0)


def _bowker(square: FloatArray) -> tuple[float, int]:
    upper = np.triu_indices(len(square), 1)
    there, back = square[upper], square.T[upper]
    flowing = there + back > 0
    squares = (there - back)[flowing] ** 2 / (there + back)[flowing]
    return (float(squares.sum()), int(flowing.sum())) if flowing.any() else (np.nan, 0)


def _noncentral(chi2: float, df: int, n: float, level: float) -> tuple[float, float, float]:
    """Cohen's w of a chi-square with its interval from the noncentrality."""
    bounds = []
    for tail in (0.5 + level / 2, 0.5 - level / 2):
        # Where even the central distribution puts less than `tail` below chi2, the bound is zero.
        found = 0.0 if 1 - chdtrc(df, chi2) <= tail else float(chndtrinc(chi2, df, tail))
        bounds.append(float(np.sqrt(found / n)))
    return float(np.sqrt(max(0.0, chi2 - df) / n)), bounds[0], bounds[1]


def _sentence(moves: dict[str, Estimate], tests: pd.DataFrame, n: int, level: float) -> str:
    if n < MIN_GROUP:
        return f"{n} customers of both dates are too few to say who rose and who fell."
    hidden = suppressed([round((one.value or 0) * n) for one in moves.values()])
    told = [
        f"{one.value:.1%} {move} ({one.low:.1%} to {one.high:.1%})"
        for (move, one), few in zip(moves.items(), hidden, strict=True)
        if not few
    ]
    text = f"Of {n:,} customers of both dates {', '.join(told)}; {100 * level:.4g} % intervals."
    sizes = tests.iloc[0]
    if np.isnan(sizes["p_holm"]):
        return text + " Nobody changed segment, so there is nothing to test."
    chance = "p < 0.001" if sizes["p_holm"] < 0.001 else f"p = {sizes['p_holm']:.3f}"
    beyond = "beyond chance" if sizes["p_holm"] <= 1 - level else "no more than by chance"
    return text + (
        f" The sizes of the segments changed {beyond} (Stuart-Maxwell, {chance} by "
        f"Holm, Cohen's w {sizes['size']:.2f}, {sizes['low']:.2f} to {sizes['high']:.2f})."
    )
