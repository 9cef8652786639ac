"""Did such a forecast come true: weeks the model has not seen, with simple rules beside it."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlib.clv.beta_geo_nbd import BetaGeoNBD, purchases_if_alive
from cxlib.clv.correlation import correlation_difference, ranks, robust_correlation
from cxlib.clv.fitting import ConvergenceError
from cxlib.clv.histories import FloatArray, history_arrays
from cxlib.clv.value import draws_intervals, purchase_draws
from cxlib.inference import Estimate, mean_interval

MODEL_ROW, RATE_ROW, LAST_ROW = "BG/NBD", "same rate as before", "same as the last period"


@dataclass(frozen=True)
class HoldoutCheck:
    """What a model fitted to the past says of the weeks after, against what happened.

    actual         repeat purchases in the test weeks (a count); no value without a check
    predicted      expected total with the interval of what may happen (both kinds of uncertainty)
    expected       the same with the interval from the parameters alone
    by_frequency   by repeat purchases before (0 to 7+): customers, actual mean with interval (low,
                   high) and predicted mean
    errors         model and baselines: total, error_pct of the total, mae with interval, rmse and
                   rank correlation with interval over customers
    model          the model fitted to the past; None without a check
    passed         the actual total lies in the interval of `predicted`; None without a check
    verdict        the same in a sentence
    baselines      which baselines did better or about equally well, and in what, in sentences
    """

    actual: Estimate
    predicted: Estimate
    expected: Estimate
    by_frequency: pd.DataFrame
    errors: pd.DataFrame
    model: BetaGeoNBD | None
    passed: bool | None
    verdict: str
    baselines: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.errors


def holdout_dates(
    as_of: dt.date, complete_to: dt.date, holdout_weeks: int
) -> tuple[dt.date, dt.date]:
    """(date to fit at, date to test up to): the weeks after `as_of` when the file reaches so far,
    otherwise the last `holdout_weeks` before it.
    """
    length = dt.timedelta(weeks=holdout_weeks)
    if complete_to - as_of >= length:
        return as_of, as_of + length
    return as_of - length, as_of


def holdout_check(
    customers: pd.DataFrame,
    holdout_weeks: int,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> HoldoutCheck:
    """Fit BG/NBD to `customers` and compare its forecast of `holdout_weeks` with what they bought.

    Reads, beside the history columns, `purchases` (repeat purchases in the weeks after T) and
    `previous` (repeat purchases in the equally long period before T), one row a customer.
    Baselines: x / T * weeks (0 where T is 0), and `previous` again. Rank correlation is Spearman's
    (see robust_correlation). A baseline did better where the interval of the difference over the
    same customers excludes 0, in the total where what happened lies outside the model's prediction
    interval and the baseline came closer; otherwise the two are about equal or the model is better.
    When the customers are too few to fit or the fit does not converge,
    there is no check and `verdict` says why.
    """
    try:
        fit = BetaGeoNBD.fit(customers)
    except (ValueError, ConvergenceError) as error:
        none = Estimate(None, None, None, level, len(customers), "no hold-out check was possible")
        verdict = f"No hold-out check was possible, a shorter one may be. {error}"
        empty = pd.DataFrame(columns=["actual", "low", "high", "predicted"], dtype=float)
        return HoldoutCheck(none, none, none, empty, pd.DataFrame(), None, None, verdict, "")
    actual = customers["purchases"].to_numpy(dtype=float)
    x, observed = (customers[name].to_numpy(dtype=float) for name in ("frequency", "T_weeks"))
    forecasts = {
        MODEL_ROW: fit.model.expected_purchases(customers, holdout_weeks),
        RATE_ROW: np.divide(x, observed, out=np.zeros_like(x), where=observed > 0) * holdout_weeks,
        LAST_ROW: customers["previous"].to_numpy(dtype=float),
    }
    errors = pd.DataFrame(
        {name: _forecast_errors(actual, made, level) for name, made in forecasts.items()}
    ).T
    total = draws_intervals(
        purchase_draws(fit, customers, holdout_weeks, draws=draws, rng=rng),
        {"expected_purchases": float(forecasts[MODEL_ROW].sum())},
        n=fit.n,
        level=level,
    )
    expected, predicted = total["expected_purchases"], total["purchases"]
    bought = int(actual.sum())
    counted = Estimate(bought, None, None, level, fit.n, "a count")
    low, high = predicted.low or 0.0, predicted.high or 0.0
    passed = low <= bought <= high
    error_pct = float(errors["error_pct"].loc[MODEL_ROW])
    verdict = (
        f"The hold-out check {'passed' if passed else 'FAILED'}: in {holdout_weeks} weeks not used "
        f"for the fit {fit.n:,} customers made {bought:,} repeat purchases; the model said "
        f"{predicted.value:,.0f} ({100 * level:.4g} % prediction interval {low:,.0f} to "
        f"{high:,.0f}), an error of {error_pct:+.0f} %."
    )
    by_frequency = _by_frequency(x, actual, forecasts[MODEL_ROW], level)
    return HoldoutCheck(
        counted,
        predicted,
        expected,
        by_frequency,
        errors,
        fit.model,
        passed,
        verdict,
        _winners(actual, forecasts, passed, level),
    )


def tracking(
    model: BetaGeoNBD | None, histories: pd.DataFrame, weekly: pd.DataFrame, fitted_at: dt.date
) -> pd.DataFrame:
    """Cumulative repeat purchases by week, actual and expected of these customers when new.

    `weekly` has `ends` (the last day of each week) and `purchases`; T of the histories ends at
    `fitted_at`. Expected at a date is the sum of E[X(time since the first purchase)] over the
    customers, which uses no customer's own history (Fader, Hardie & Lee 2005, figure 4); it is
    missing without a model.
    """
    week = pd.Index(weekly["week"], name="week")
    actual = weekly["purchases"].cumsum().to_numpy()
    if model is None:
        return pd.DataFrame({"actual": actual, "expected": np.nan}, index=week)
    data = history_arrays(histories)
    ages, inverse = np.unique(data.T, return_inverse=True)
    customers = np.bincount(inverse, weights=data.customers)
    later = np.array([(end - fitted_at).days / 7 for end in weekly["ends"]])
    age = np.maximum(ages[:, None] + later, 0)
    distinct, place = np.unique(age, return_inverse=True)
    expected = purchases_if_alive(model, np.zeros(1), np.zeros(1), distinct)[0]
    total = customers @ expected[place].reshape(age.shape)
    return pd.DataFrame({"actual": actual, "expected": total}, index=week)


def _forecast_errors(actual: FloatArray, forecast: FloatArray, level: float) -> pd.Series:
    mae = mean_interval(np.abs(forecast - actual), level=level)
    rank = robust_correlation(ranks(actual), ranks(forecast), level=level, name="Spearman's r")
    total = forecast.sum()
    error = 100 * (total / actual.sum() - 1) if actual.sum() > 0 else np.nan
    row = {"total": total, "error_pct": error}
    row |= {"mae": mae.value, "mae_low": mae.low, "mae_high": mae.high}
    row |= {"rmse": np.sqrt(np.mean((forecast - actual) ** 2))}
    row |= {"rank_r": rank.value, "rank_r_low": rank.low, "rank_r_high": rank.high}
    return pd.Series(row, dtype=float)


def _winners(
    actual: FloatArray, forecasts: dict[str, FloatArray], passed: bool, level: float
) -> str:
    """Which baselines did better than the model or about equally well, and in what."""
    model = forecasts[MODEL_ROW]
    better, equal = [], []
    for name, forecast in forecasts.items():
        if name == MODEL_ROW:
            continue
        nearer = abs(forecast.sum() - actual.sum()) < abs(model.sum() - actual.sum())
        if nearer and not passed:
            better.append(f'"{name}" in the total')
        mae = mean_interval(np.abs(model - actual) - np.abs(forecast - actual), level=level)
        gains = {
            "the mean absolute error": (mae.low, mae.high),
            "the rank correlation": correlation_difference(
                ranks(actual), ranks(forecast), ranks(model), level=level
            ),
        }
        for what, (low, high) in gains.items():
            if low is not None and low > 0:
                better.append(f'"{name}" in {what}')
            elif low is not None and high is not None and low <= 0 <= high:
                equal.append(f'"{name}" in {what}')
    found = f"A simple baseline did better: {'; '.join(better)}." if better else ""
    found = found or "No simple baseline did better."
    return f"{found} About equal: {'; '.join(equal)}." if equal else found


def _by_frequency(
    x: FloatArray, actual: FloatArray, predicted: FloatArray, level: float
) -> pd.DataFrame:
    labels = [*map(str, range(7)), "7+"]
    group = np.minimum(x, 7).astype(int)
    rows = {}
    for number in np.unique(group):
        inside = group == number
        mean = mean_interval(actual[inside], level=level)
        rows[labels[number]] = {
            "customers": int(inside.sum()),
            "actual": mean.value,
            "low": mean.low,
            "high": mean.high,
            "predicted": predicted[inside].mean(),
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.rename_axis("repeat purchases before")
