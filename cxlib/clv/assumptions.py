"""Do the models suit the data: what they assume, held against what was observed.

Each check is a figure with its interval and a verdict: one sentence that says what the figure means
and what to do about it.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, chndtrinc, digamma, ndtri, polygamma

from cxlib.clv.correlation import robust_correlation
from cxlib.clv.fitting import Fit, log_changes
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.histories import FloatArray, Histories, history_arrays
from cxlib.clv.model import PurchaseModel
from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    counted_mean_interval,
    proportion_interval,
)

# Two gaps together of at least so many days: whole days then matter little to their ratio.
LEAST_SPAN_DAYS = 14
REGULAR = 1.5
STEADY_PCT = 5.0
WEAK_R = 0.3
SMALL_MISFIT = 0.1
LEAST_EXPECTED = 5
TINY = 1e-9
# Weeks that scatter by no more, beyond chance, follow the model well enough.
CALM_PCT = 10.0
ALIKE = "customers differ in spend by chance alone"


def spend_frequency_correlation(
    customers: pd.DataFrame, spend: GammaGamma, *, level: float = 0.95
) -> Estimate:
    """Correlation of log frequency and a customer's level of spend, among those with repeat spend.

    Gamma-Gamma assumes the two independent (Fader & Hardie 2013, sec. 2). Under it the mean amount
    m of x days has E[log m] = log(p / nu) + digamma(p x) - log(p x), lower for few days: that part
    is taken off with the fitted p of `spend`, so that independence means a correlation of 0. The
    spread is less for more days, so the interval takes no equal spread (see robust_correlation).
    Raw amounts would leave the figure to the few largest. A column `customers` counts how many
    share a row.

    What is left is the level, of variance trigamma(q), and the chance of x amounts, of variance
    trigamma(p x), which hides part of the correlation. So r and the ends of its interval are
    divided by the square root of the reliability trigamma(q) / (trigamma(q) + mean trigamma(p x))
    (Spearman 1904), taken as known, and held within -1 and 1. Frequency is taken as observed. Where
    customers do not differ in spend (`spend.is_alike`) there is no value.
    """
    spenders = customers[customers["spend_days"] > 0]
    counts = spenders["customers"] if "customers" in spenders else np.ones(len(spenders))
    frequency, mean, days = (
        spenders[column].to_numpy(dtype=float)
        for column in ("frequency", "mean_spend", "spend_days")
    )
    if spend.is_alike:
        return Estimate(None, None, None, level, int(np.sum(counts)), ALIKE)
    shape = spend.p * days
    own = np.log(mean) - (digamma(shape) - np.log(shape))
    name = "Pearson r of logarithms, spend corrected for its number of days"
    found = robust_correlation(np.log(frequency), own, counts, level=level, name=name)
    if found.value is None:
        return found
    between, within = polygamma(1, spend.q), np.average(polygamma(1, shape), weights=counts)
    reliability = float(between / (between + within))
    value, low, high = (
        None if end is None else float(np.clip(end / np.sqrt(reliability), -1, 1))
        for end in (found.value, found.low, found.high)
    )
    method = f"{found.method}, corrected for attenuation: reliability {reliability:.2f} of spend"
    return Estimate(value, low, high, level, found.n, f"{method}, frequency as observed")


def independence_verdict(correlation: Estimate) -> str:
    """What the correlation of spend and frequency means for the value, in a sentence.

    By the ends of its interval: within +-0.1 negligible, within +-0.3 weak (Cohen 1988), beyond
    that the assumption is not safe. A direction is named only when the interval excludes 0. Where
    customers do not differ in spend there is nothing that could go with frequency.
    """
    if correlation.method == ALIKE:
        return (
            "What customers spend a purchase differs by chance alone: there is nothing to go with "
            "frequency, the assumption holds."
        )
    if correlation.value is None or correlation.low is None or correlation.high is None:
        return f"Whether spend goes with frequency cannot be said: {correlation.method}."
    side = "under" if correlation.value > 0 else "over"
    directed = correlation.low > 0 or correlation.high < 0
    worst = max(abs(correlation.low), abs(correlation.high))
    if worst <= 0.1:
        return "Frequent buyers spend per purchase as others do: the assumption holds."
    if worst <= WEAK_R:
        return (
            "Spend and frequency go together weakly at most: the total is usable, the value of the "
            f"most frequent buyers is slightly {side + 'stated' if directed else 'off at most'}."
        )
    return (
        "Spend and frequency may be clearly related: treat the values as a ranking, not as money; "
        f"frequent buyers {'are ' + side if directed else 'may be under- or over'}stated. Value "
        "such customers by their own past spend."
    )


@dataclass(frozen=True)
class FrequencyFit:
    """Customers by repeat purchases, observed and expected of the model.

    by_purchases     0, 1, ... and the last group open: observed, expected
    chi_square, df, p  sum of (observed - expected)^2 / expected
    misfit           Cohen's w with its interval
    misplaced_rate   share of the customers that would have to stand elsewhere
    by_chance_rate   what it would be by chance alone were the model right, its parameters fitted
    """

    by_purchases: pd.DataFrame
    chi_square: float
    df: int
    p: float
    misfit: Estimate
    misplaced_rate: float
    by_chance_rate: float

    @property
    def summary(self) -> pd.DataFrame:
        return self.by_purchases

    @property
    def verdict(self) -> str:
        """Whether the model tells how often customers bought, by the ends of w, in a sentence."""
        if self.misfit.low is None or self.misfit.high is None:
            return f"Whether the histogram fits cannot be said: {self.misfit.method}."
        shares = (
            f"{self.misplaced_rate:.1%} of the customers would have to have bought more or less "
            f"often, {self.by_chance_rate:.1%} by chance alone"
        )
        if self.misfit.high <= SMALL_MISFIT:
            return f"The model tells how often customers bought: {shares}; nothing to do."
        if self.misfit.low <= SMALL_MISFIT:
            return (
                f"The model tells roughly how often customers bought: {shares}; use totals, and "
                "compare another model before budgeting on single groups."
            )
        return (
            f"The model does not tell how often customers bought: {shares}; compare another "
            "model, or fit kinds of customers (channel, private or business) apart."
        )


def frequency_fit(
    fit: Fit[PurchaseModel], histories: pd.DataFrame, *, most: int = 7, level: float = 0.95
) -> FrequencyFit:
    """Fit of the histogram of repeat purchases (Fader, Hardie & Lee 2005, figure 2).

    Expected of x purchases is the sum of P(X(T) = x) over the customers, `most` and above together,
    and more of the last groups where fewer than 5 customers are expected in them.
    chi-square has groups - 1 - parameters degrees of freedom, as in the paper: a little too strict,
    as the parameters were not fitted to the groups (Chernoff & Lehmann 1954). Its size is Cohen's
    w = sqrt(max(chi^2 - df, 0) / n), with the interval that holds the noncentral chi-square
    distributions under which chi^2 is not extreme (Steiger 2004); .1 is small, .3 medium (Cohen
    1988). misplaced_rate = sum |observed - expected| / (2 n); by chance it would be near
    sum sqrt(2 v / pi) / (2 n), v the variance of observed - expected: expected (1 - expected / n)
    less the variance that the fitted parameters give to expected, as they follow the observed
    (Pierce 1982, Annals of Statistics 10:475-478). Where a group still expects fewer than 5
    customers, w has no value. Raises ValueError when `most` leaves no degree of freedom.
    """
    if most <= len(fit.params):
        raise ValueError(f"most: {most} groups leave no degree of freedom beside the parameters.")
    data = history_arrays(histories)
    n = int(data.customers.sum())
    group = np.minimum(data.x, most).astype(int)
    observed = np.bincount(group, weights=data.customers, minlength=most + 1)
    expected, moved = _expected_groups(fit, data, most)
    while expected.min() < LEAST_EXPECTED and len(expected) > len(fit.params) + 2:
        observed, expected, moved = (
            np.append(c[:-2], c[-2:].sum(axis=0, keepdims=True), axis=0)
            for c in (observed, expected, moved)
        )
    df = len(expected) - 1 - len(fit.params)
    chi_square = float(np.sum((observed - expected) ** 2 / expected))
    misfit = _cohens_w(chi_square, df, n, level)
    if expected.min() < LEAST_EXPECTED:
        reason = f"fewer than {LEAST_EXPECTED} customers expected in a group"
        misfit = Estimate(None, None, None, level, n, reason)
    variance = expected * (1 - expected / n) - np.sum(moved**2, axis=1)
    chance = np.sqrt(2 * np.maximum(variance, 0) / np.pi)
    rates = [float(off.sum() / (2 * n)) for off in (np.abs(observed - expected), chance)]
    labels = [*map(str, range(len(expected) - 1)), f"{len(expected) - 1}+"]
    return FrequencyFit(
        pd.DataFrame(
            {"observed": observed.astype(int), "expected": expected},
            index=pd.Index(labels, name="repeat purchases"),
        ),
        chi_square,
        df,
        float(chdtrc(df, chi_square)),
        misfit,
        *rates,
    )


def _expected_groups(
    fit: Fit[PurchaseModel], data: Histories, most: int
) -> tuple[FloatArray, FloatArray]:
    """Customers expected with 0, 1, ... and `most` or more purchases, and how that moves with the
    parameters: the sum of squares of a row is its variance (see fitting.log_changes)."""
    ages, place = np.unique(data.T, return_inverse=True)
    of_age = np.bincount(place, weights=data.customers)

    def counted(model: PurchaseModel) -> FloatArray:
        new = np.array([model.purchase_probabilities(age, most - 1) for age in ages])
        expected = of_age @ new
        return np.append(expected, of_age.sum() - expected.sum())

    expected = counted(fit.model)
    return expected, expected[:, None] * log_changes(fit, counted, most + 1)


def _cohens_w(chi_square: float, df: int, n: int, level: float) -> Estimate:
    """Interval of the noncentrality / n under its root (see frequency_fit).

    Where chi-square is lower than every noncentral one would be at a quantile, that end is 0.
    """
    ends = chndtrinc(chi_square, df, np.array([0.5 + level / 2, 0.5 - level / 2]))
    low, high = np.sqrt(np.where(ends > TINY, ends, 0) / n)
    value = float(np.sqrt(max(chi_square - df, 0) / n))
    method = "Cohen's w, noncentral chi-square interval"
    return Estimate(value, float(low), float(high), level, n, method)


def tracking(
    model: PurchaseModel, histories: pd.DataFrame, weekly: pd.DataFrame, fitted_at: dt.date
) -> pd.DataFrame:
    """Repeat purchases by week, actual and expected of these customers when new.

    `weekly` has week, `ends` (the last day of each week) and `purchases`; T of the histories ends
    at `fitted_at`. Expected at a date is the sum of E[X(time since the first purchase)] over the
    customers, which uses no customer's own history (Fader, Hardie & Lee 2005, figures 3 and 4).
    Columns ends, weekly_actual, weekly_expected, cumulative_actual, cumulative_expected.
    """
    data = history_arrays(histories)
    ages, inverse = np.unique(data.T, return_inverse=True)
    customers = np.bincount(inverse, weights=data.customers)
    later = np.array([(end - fitted_at).days / 7 for end in weekly["ends"]])
    age = np.maximum(ages[:, None] + later, 0)
    distinct, place = np.unique(age, return_inverse=True)
    zero = np.zeros(1)
    alive = model.alive(Histories(zero, zero, zero, np.ones(1)))[0]
    expected = alive * model.purchases_if_alive(zero, zero, distinct)[0]
    total = customers @ expected[place].reshape(age.shape)
    return pd.DataFrame(
        {
            "ends": weekly["ends"].to_numpy(),
            "weekly_actual": weekly["purchases"].to_numpy(),
            "weekly_expected": np.diff(total, prepend=0),
            "cumulative_actual": weekly["purchases"].cumsum().to_numpy(),
            "cumulative_expected": total,
        },
        index=pd.Index(weekly["week"], name="week"),
    )


def track_errors(tracked: pd.DataFrame, fitted_at: dt.date, *, level: float = 0.95) -> pd.DataFrame:
    """How far the track strays, in the weeks up to `fitted_at` and in those after.

    weeks; actual and expected purchases in them and error_pct = 100 (expected / actual - 1);
    weekly_error_pct = 100 mean |expected - actual| / mean actual. Then how weeks scatter about the
    shape of the track, its level set to the actual one, e = expected * sum actual / sum expected
    (weeks share the error of the level, which is no scatter):

    dispersion     sum of (actual - e)^2 / e over the weeks less 1, 1 when weeks differ by chance
                   alone, with Student's t interval of the mean
    variation_pct  what a week strays beyond chance, a coefficient of variation:
                   100 sqrt(max(dispersion - 1, 0) / mean e), its interval from that of dispersion

    Weeks count as independent. Rows without weeks, and figures that would divide by 0, are missing.
    """
    after = pd.to_datetime(tracked["ends"]) > pd.Timestamp(fitted_at)
    rows = {}
    for name, inside in (("up to the fit", ~after), ("after it", after)):
        actual = tracked.loc[inside, "weekly_actual"].to_numpy(dtype=float)
        expected = tracked.loc[inside, "weekly_expected"].to_numpy(dtype=float)
        bought = actual.sum()
        off = np.abs(expected - actual).sum()
        rows[name] = {
            "weeks": len(actual),
            "actual": bought,
            "expected": expected.sum(),
            "error_pct": 100 * (expected.sum() / bought - 1) if bought else np.nan,
            "weekly_error_pct": 100 * off / bought if bought else np.nan,
            **_scatter(actual, expected, level),
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype(float).astype({"weeks": int})


def _scatter(actual: FloatArray, expected: FloatArray, level: float) -> dict[str, float | None]:
    """dispersion and variation_pct with their ends (see track_errors)."""
    some = expected > 0
    weeks = int(some.sum())
    ends = ("", "_low", "_high")
    if weeks < 2 or actual[some].sum() == 0:
        return {f"{name}{end}": None for name in ("dispersion", "variation_pct") for end in ends}
    e = expected[some] * actual[some].sum() / expected[some].sum()
    squares = (actual[some] - e) ** 2 / e * weeks / (weeks - 1)
    found = counted_mean_interval(squares, np.ones(weeks), level=level)
    dispersion = (found.value, found.low, found.high)
    variation = [
        None if one is None else 100 * float(np.sqrt(max(one - 1, 0) / e.mean()))
        for one in dispersion
    ]
    return {f"dispersion{end}": one for end, one in zip(ends, dispersion, strict=True)} | {
        f"variation_pct{end}": one for end, one in zip(ends, variation, strict=True)
    }


def track_verdict(errors: pd.DataFrame) -> str:
    """Whether weeks go their own ways, from `track_errors`, in a sentence.

    By the row of more weeks, up to the fit or after it, and the interval of its variation_pct: up
    to 10 % is little, whatever the number of customers, and above 0 is more than chance.
    """
    known = errors[errors["variation_pct_low"].notna()]
    if known.empty:
        return "Whether weeks stray from the model cannot be said: there are too few."
    place = int(known["weeks"].argmax())
    row, when = known.iloc[place], known.index[place]
    low, high = row["variation_pct_low"], row["variation_pct_high"]
    figures = (
        f"{when} the model is off by {row['weekly_error_pct']:.0f} % week by week; beyond chance, "
        f"weeks stray by {row['variation_pct']:.0f} % ({low:.0f} to {high:.0f} %, "
        f"{row['weeks']:.0f} weeks)"
    )
    if high <= CALM_PCT:
        return f"The weeks follow the model: {figures}; nothing to do."
    if low > CALM_PCT:
        return (
            f"Seasons, campaigns or a trend move purchases: {figures}; do not use the forecast for "
            "single weeks, and take the back-test over several periods for the error to expect."
        )
    if low > 0:
        return f"Weeks stray from the model, perhaps by little: {figures}; use totals of months."
    return f"Weeks are not shown to stray from the model, nor not to: {figures}; use totals."


def regularity(gaps: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """How regularly customers buy: k of Erlang-k gaps, 1 at random, larger more regular.

    `gaps`: earlier_gap_days and later_gap_days, the last two between the purchase days of a
    customer, and `customers` who share them. M = earlier / (earlier + later) ~ Beta(k, k) whatever
    the customer's own rate (Wheat & Morrison 1990, Journal of Marketing Research 27:87-93), so
    k = (1 - 4 V) / (8 V) with V = E[(M - 1/2)^2]; the t interval of V is carried over. Gaps are
    whole days of 1 or more: for two of S days together V at random is (1 - 2 / S) / 12 in place of
    1 / 12, and each square is divided by 1 - 2 / S. Pairs of fewer than 14 days together are left
    out: M does not depend on S, so that is no selection, and `n` counts the rest. What whole days
    still do is to make a larger k a little too small (1.8 for 2 with gaps of a week). Fewer than
    MIN_GROUP give no value.
    """
    earlier = gaps["earlier_gap_days"].to_numpy(dtype=float)
    span = earlier + gaps["later_gap_days"].to_numpy(dtype=float)
    kept = span >= LEAST_SPAN_DAYS
    counts = gaps["customers"].to_numpy(dtype=float)[kept]
    n = int(counts.sum())
    if n < MIN_GROUP:
        reason = (
            f"fewer than {MIN_GROUP} customers with two gaps of {LEAST_SPAN_DAYS} days together"
        )
        return Estimate(None, None, None, level, n, reason)
    squares = (earlier[kept] / span[kept] - 0.5) ** 2 / (1 - 2 / span[kept])
    spread = counted_mean_interval(squares, counts, level=level)
    left_out = int(gaps["customers"].sum()) - n
    method = "k from the variance of Wheat & Morrison's M, t interval of the variance"
    method += f"; {left_out:,.0f} customers with shorter gaps left out" * (left_out > 0)
    if spread.low is None or spread.high is None or spread.value is None:
        return Estimate(None, None, None, level, n, "all customers have the same ratio of gaps")
    value, high, low = (
        float((1 - 4 * one) / (8 * one)) if one > 0 else np.inf
        for one in (spread.value, spread.low, spread.high)
    )
    return Estimate(value, max(low, 0.0), high, level, n, method)


def regularity_verdict(regular: Estimate) -> str:
    """What k means for the models, in a sentence, by the ends of its interval."""
    if regular.value is None or regular.low is None or regular.high is None:
        return f"Whether customers buy at random times cannot be said: {regular.method}."
    k = f"k = {regular.value:.2f}, {regular.low:.2f} to {regular.high:.2f}; 1 is at random"
    if regular.low > REGULAR:
        return (
            f"Customers buy more regularly than the models assume ({k}): silence tells more than "
            "P(alive) says, so take those silent for more than twice their usual gap as gone, and "
            "the totals from the back-test."
        )
    if regular.high < 1 / REGULAR:
        return (
            f"Customers buy in bursts ({k}): silence tells less than P(alive) says, and the "
            "intervals are too narrow; count purchases of a week as one and fit again."
        )
    if regular.low >= 1 / REGULAR and regular.high <= REGULAR:
        return f"Customers buy about as randomly as the models assume ({k}): nothing to do."
    return (
        f"How regularly customers buy is not settled ({k}): trust totals more than the P(alive) of "
        "single customers."
    )


def day_collapse(gaps: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """Share of the gaps between purchase days that are a single day: rate, Wilson interval.

    `gaps`: gap_days, and how many `gaps` are of that length. Purchases of one day count as one; a
    customer who buys at random has about as many on the same day as on the next, so the share is
    about the share of purchases that the count by days loses. Gaps count as independent.
    """
    adjacent = gaps["gap_days"].to_numpy() == 1
    counts = gaps["gaps"].to_numpy(dtype=int)
    return proportion_interval(int(counts[adjacent].sum()), int(counts.sum()), level=level)


def day_collapse_verdict(share: Estimate) -> str:
    """What counting purchases of a day as one does, in a sentence."""
    if share.value is None:
        return "What counting by days does cannot be said: nobody bought on two days."
    found = f"{share.value:.1%} of the purchase days follow the one before by a day"
    if share.value <= 0.05:
        return f"Counting purchases of a day as one loses next to nothing: {found}."
    return (
        f"Counting purchases of a day as one hides part of them: {found}, and about as many again "
        "fall on the same day. The purchase rate is too small by about that share, and gaps look "
        "more regular than they are; read purchases as purchase days."
    )


def spend_trend(sums: pd.Series, *, level: float = 0.95) -> Estimate:
    """Change of a customer's own spend a purchase day, per cent a year.

    log spend of a repeat purchase day = the customer's own level + beta t: the slope within
    customers beta = sum xy / sum xx, which changes in who buys do not touch; its standard error
    sqrt(n / (n - 1) sum (xy - beta xx)^2) / sum xx takes each customer as one cluster (Arellano
    1987), and 100 (exp(beta +- z se) - 1) is given. `sums` see purchases.spend_trend_sums. Fewer
    than MIN_GROUP customers with two such days give no value.
    """
    n = int(sums["customers"])
    if n < MIN_GROUP or sums["xx"] <= 0:
        reason = f"fewer than {MIN_GROUP} customers with two repeat purchases of positive amount"
        return Estimate(None, None, None, level, n, reason)
    beta = float(sums["xy"] / sums["xx"])
    square = sums["xy_xy"] - 2 * beta * sums["xx_xy"] + beta**2 * sums["xx_xx"]
    error = float(np.sqrt(max(square, 0) * n / (n - 1)) / sums["xx"])
    margin = float(ndtri(0.5 + level / 2)) * error
    value, low, high = (100 * float(np.expm1(b)) for b in (beta, beta - margin, beta + margin))
    method = "% a year, slope of log spend within customers, interval clustered by customer"
    return Estimate(value, low, high, level, n, method)


def spend_trend_verdict(trend: Estimate) -> str:
    """Whether customers' spend drifts, in a sentence: within +-5 % a year it counts as steady."""
    if trend.value is None or trend.low is None or trend.high is None:
        return f"Whether spend drifts cannot be said: {trend.method}."
    found = f"{trend.value:+.1f} % a year, {trend.low:+.1f} to {trend.high:+.1f}"
    if trend.low >= -STEADY_PCT and trend.high <= STEADY_PCT:
        return f"A customer's spend a purchase is steady ({found}): nothing to do."
    if trend.low <= 0 <= trend.high:
        return (
            f"No drift of a customer's spend is shown, nor ruled out ({found}): look again with "
            "more data before the value of later years is used."
        )
    side = "too low" if trend.low > 0 else "too high"
    return (
        f"A customer's spend a purchase drifts ({found}; in a file of less than two years this may "
        f"be a season), which the value does not carry on: it is {side}; fit spend to the last "
        "year alone, or correct the value by the drift."
    )


def mean_spend_by_month(sums: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Mean spend of a repeat purchase day by calendar month.

    sum of spend / sum of days over customers, linearized with each customer as one cluster,
    +- z sqrt(n / (n - 1) sum (spend - mean days)^2) / sum of days (Cochran 1977, ch. 6). `sums` see
    purchases.spend_by_month. Returns by first day of a month customers, days, mean, low (not below
    0), high, and a note where fewer than MIN_GROUP customers allow no figure.
    """
    columns = ["customers", "days", "spend", "days_days", "days_spend", "spend_spend"]
    n, days, spend, days_days, days_spend, spend_spend = sums[columns].to_numpy(dtype=float).T
    mean = spend / days
    few = n < MIN_GROUP
    square = np.maximum(spend_spend - 2 * mean * days_spend + mean**2 * days_days, 0)
    margin = ndtri(0.5 + level / 2) * np.sqrt(square * n / np.maximum(n - 1, 1)) / days
    table = pd.DataFrame(
        {
            "customers": n.astype(int),
            "days": days.astype(int),
            "mean": mean,
            "low": np.maximum(mean - margin, 0),
            "high": mean + margin,
            "note": np.where(few, f"fewer than {MIN_GROUP} customers", ""),
        },
        index=pd.DatetimeIndex(sums["month"], name="month"),
    )
    table.loc[few, ["mean", "low", "high"]] = np.nan
    return table
