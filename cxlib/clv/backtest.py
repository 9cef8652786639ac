"""Did such forecasts come true: weeks the models have not seen, simple rules always beside."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.correlation import rank_correlation, rank_correlation_difference
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.forecast_errors import (
    cohorts,
    forecast_groups,
    group_means,
    root_mean_square,
    root_mean_square_difference,
    total_error,
)
from cxlib.clv.histories import FloatArray
from cxlib.clv.model import PurchaseModel
from cxlib.clv.totals import total_forecast
from cxlib.inference import Estimate, ParameterError, counted_mean_interval

LAST_PERIOD, SAME_RATE, RECENCY_RULE = (
    "same as the last period",
    "same rate as before",
    "recency rule",
)
MOST_PURCHASES = 7

Window = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Origin:
    """One date in the past: what was forecast there, and what happened.

    fitted_at, until   the models know the purchases up to the first and are asked about those up to
                       the second
    customers          the customers at `fitted_at` (see backtest)
    fits, failed       models fitted there; why the others could not be
    forecasts          expected purchases by model and baseline, one a row of `customers`
    expected           total of each model with the interval from its parameters alone
    predicted          the same with the interval of what may happen (parameters and chance)
    silence_weeks      the recency rule takes those silent for longer as gone
    """

    fitted_at: dt.date
    until: dt.date
    customers: pd.DataFrame
    fits: dict[str, Fit[PurchaseModel]]
    failed: dict[str, str]
    forecasts: dict[str, FloatArray]
    expected: dict[str, Estimate]
    predicted: dict[str, Estimate]
    silence_weeks: float

    @property
    def weeks(self) -> float:
        return (self.until - self.fitted_at).days / 7

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def counts(self) -> FloatArray:
        return _column(self.customers, "customers")

    @property
    def purchases(self) -> FloatArray:
        return _column(self.customers, "purchases")

    @property
    def actual(self) -> int:
        """Repeat purchases in the test weeks."""
        return int(self.counts @ self.purchases)

    def held(self, model: str) -> bool:
        """Whether the actual total lies in the model's prediction interval."""
        predicted = self.predicted[model]
        return (predicted.low or 0) <= self.actual <= (predicted.high or 0)


@dataclass(frozen=True)
class Backtest:
    """Forecasts made at one or several dates in the past, against what happened.

    origins      newest first; their test weeks do not overlap
    errors       one row an origin and forecast: customers, actual, total with prediction interval
                 and whether it held (models only), error_pct of the total, mae, rmse and rank_r
                 over customers, each with _low and _high
    differences  one row an origin, model, baseline and measure: model - baseline over the same
                 customers with interval, and which is better
    """

    origins: tuple[Origin, ...]
    errors: pd.DataFrame
    differences: pd.DataFrame
    level: float

    @property
    def summary(self) -> pd.DataFrame:
        return self.errors

    def newest(self, model: str) -> Origin | None:
        """The newest origin, None where the model could not be fitted to it."""
        return self.origins[0] if self.origins and model in self.origins[0].fits else None

    def verdict(self, model: str) -> str:
        """Whether the total of the newest test weeks lay in the prediction interval, and how often
        it did over all origins, in sentences.
        """
        newest = self.newest(model)
        if newest is None:
            reason = self.origins[0].failed.get(model, "") if self.origins else ""
            reason = reason or "The file does not reach back far enough."
            return f"No hold-out check was possible, a shorter one may be. {reason}"
        predicted, actual = newest.predicted[model], newest.actual
        found = (
            f"The hold-out check {'passed' if newest.held(model) else 'FAILED'}: in "
            f"{newest.weeks:.4g} weeks not used for the fit {newest.n:,} customers made "
            f"{actual:,} repeat purchases; the model said {predicted.value:,.0f} "
            f"({100 * self.level:.4g} % prediction interval {predicted.low:,.0f} to "
            f"{predicted.high:,.0f})"
        )
        error = f", an error of {round(100 * (predicted.value or 0) / (actual or 1) - 100):+d} %"
        found += f"{error if actual else ''}."
        tested = [origin for origin in self.origins if model in origin.fits]
        if len(tested) > 1:
            held = sum(origin.held(model) for origin in tested)
            found += f" Over {len(tested)} test periods the interval held in {held}."
        return found

    def baselines(self, model: str) -> str:
        """Which baselines did better than the model or about equally well, and in what.

        In the newest test weeks. Better where the interval of the difference over the same
        customers excludes 0; in the total where what happened lies outside the model's prediction
        interval and the baseline came closer.
        """
        newest = self.newest(model)
        if newest is None:
            return ""
        rows = self.differences
        mine = rows["model"].eq(model) & rows["fitted_at"].eq(newest.fitted_at)
        better = {name: ["total"] for name in _nearer(newest, model)}
        if newest.held(model):
            better = {}
        for name, measure in rows.loc[mine & rows["better"].eq("baseline"), _PAIR].to_numpy():
            better.setdefault(name, []).append(measure)
        equal = rows.loc[mine & rows["better"].eq("about equal"), _PAIR]
        alike: dict[str, list[str]] = {}
        for name, measure in equal.to_numpy():
            alike.setdefault(name, []).append(measure)
        found = f"A simple baseline did better: {_listed(better)}." if better else ""
        found = found or "No simple baseline did better."
        return f"{found} About equal: {_listed(alike)}." if alike else found

    def calibration(self, model: str) -> pd.DataFrame:
        """Tenths of the customers by the model's forecast, lowest first, in the newest test weeks.

        Columns as in `by_frequency`. Customers of equal forecast stay together, and fewer than 200
        make fewer groups, so that there may be fewer than ten rows.
        """
        newest = self._tested(model)
        group = forecast_groups(newest.forecasts[model], newest.counts)
        return self._means(newest, model, group).rename_axis("group by forecast")

    def by_frequency(self, model: str) -> pd.DataFrame:
        """By repeat purchases before (0 to 7+): customers, mean forecast, mean actual with low and
        high, and a note where fewer than MIN_GROUP customers allow no figure.

        In the newest test weeks. Raises ValueError for a model that could not be fitted there.
        """
        newest = self._tested(model)
        group = np.minimum(_column(newest.customers, "frequency"), MOST_PURCHASES).astype(int)
        table = self._means(newest, model, group).rename_axis("repeat purchases before")
        return table.rename(lambda x: str(x) if x < MOST_PURCHASES else f"{x}+")

    def by_cohort(self, model: str) -> pd.DataFrame:
        """By month of the first purchase (or quarter, or year: the first with at most 12 cohorts).

        Totals: forecast, and actual with low and high, customers times the t interval of their
        mean. Otherwise as `by_frequency`.
        """
        newest = self._tested(model)
        group = cohorts(newest.fitted_at, _column(newest.customers, "T_weeks"))
        found = self._means(newest, model, group).rename_axis("first purchase")
        totals = {
            name: found[name] * found["customers"] for name in ("forecast", "actual", "low", "high")
        }
        return found.assign(**totals)

    def _tested(self, model: str) -> Origin:
        newest = self.newest(model)
        if newest is None:
            raise ValueError(self.verdict(model))
        return newest

    def _means(self, origin: Origin, model: str, group: NDArray[Any]) -> pd.DataFrame:
        forecast = origin.forecasts[model]
        return group_means(group, forecast, origin.purchases, origin.counts, self.level)


def rolling_origins(
    first: dt.date, as_of: dt.date, complete_to: dt.date, holdout_weeks: int, most: int
) -> list[Window]:
    """(date to fit at, date to test up to) of at most `most` back-tests, newest first.

    The newest tests the weeks after `as_of` when the file is complete so far, otherwise the last
    `holdout_weeks` before it. Each further one ends where the one before it begins, so that no two
    test the same weeks, and is taken while the file, which begins on the day `first`, holds at
    least `holdout_weeks` up to it. The newest needs a day of history; without
    one the list is empty. Raises ParameterError for holdout_weeks or most below 1.
    """
    if holdout_weeks < 1 or most < 1:
        raise ParameterError(
            f"holdout_weeks: {holdout_weeks} or origins: {most} is not at least 1."
        )
    length = dt.timedelta(weeks=holdout_weeks)
    until = as_of + length if complete_to - as_of >= length else as_of
    windows: list[Window] = []
    while len(windows) < most:
        known = until - length - first + dt.timedelta(days=1)
        if known < (length if windows else dt.timedelta(days=2)):
            break
        windows.append((until - length, until))
        until -= length
    return windows


def backtest(
    windows: Sequence[Window],
    customers_at: Callable[[dt.date, dt.date], pd.DataFrame],
    models: Mapping[str, type[PurchaseModel]],
    *,
    rng: np.random.Generator,
    level: float = 0.95,
) -> Backtest:
    """Fit each model at each origin and compare its forecast with what the customers then bought.

    `windows` are (date fitted at, date tested up to), newest first, see `rolling_origins`.
    `customers_at` gives for two such dates the customers at the first: frequency, recency_weeks,
    T_weeks at that date, `purchases` (repeat purchases until the second), `previous` (those in the
    equally long period before the first) and `customers`, how many share the row (absent: one
    each). A model that cannot be fitted is left out with its reason in `failed`.

    Baselines, always beside: `previous` again; x / T * weeks (0 where T is 0); and the recency
    rule, the same but 0 for customers silent for longer than a window (the hiatus heuristic,
    Wuebben & v. Wangenheim 2008, Journal of Marketing 72:82-93). That window is learnt before the
    origin: from one test length back, or from the middle of what is known if that is later, the
    silence of repeat buyers up to which "will buy again" came true most often (the paper's hit
    rate); the test's own length where there were none.

    Intervals: of a model's total see `total_forecast`; the errors see `forecast_errors`, MAE
    Student's t, Spearman's correlation see `rank_correlation`. Those of the differences are not
    widened for their number (nine a model and origin): a baseline is not denied lightly. The mean
    absolute error is least for forecasts of the median, which is often 0, the root mean square
    error for those of the mean, which the models forecast.
    """
    origins = []
    for fitted_at, until in windows:
        customers = customers_at(fitted_at, until)
        known_days = round(7 * _column(customers, "T_weeks").max(initial=0))
        back = min(until - fitted_at, dt.timedelta(days=known_days // 2))
        earlier = customers_at(fitted_at - back, fitted_at)
        earlier = earlier[earlier["frequency"] > 0]
        silence_weeks = (until - fitted_at).days / 7
        if len(earlier):
            silence_weeks = _telling_silence(earlier)
        window = fitted_at, until
        origins.append(_origin(window, customers, silence_weeks, models, rng=rng, level=level))
    errors = [row for origin in origins for row in _error_rows(origin, level)]
    differences = [row for origin in origins for row in _difference_rows(origin, level)]
    figures = ["difference", "low", "high"]
    return Backtest(
        tuple(origins),
        pd.DataFrame(errors, columns=_ERROR_COLUMNS).astype(dict.fromkeys(_ERROR_FIGURES, float)),
        pd.DataFrame(differences, columns=_DIFFERENCE_COLUMNS).astype(
            dict.fromkeys(figures, float)
        ),
        level,
    )


def _origin(
    window: Window,
    customers: pd.DataFrame,
    silence_weeks: float,
    models: Mapping[str, type[PurchaseModel]],
    *,
    rng: np.random.Generator,
    level: float,
) -> Origin:
    fitted_at, until = window
    weeks = (until - fitted_at).days / 7
    fits: dict[str, Fit[PurchaseModel]] = {}
    failed, forecasts, expected, predicted = {}, {}, {}, {}
    for label, model in models.items():
        try:
            fits[label] = model.fit(customers)
        except (ValueError, ConvergenceError) as error:
            failed[label] = str(error)
            continue
        forecasts[label] = fits[label].model.expected_purchases(customers, weeks)
        expected[label], predicted[label] = total_forecast(
            fits[label], customers, weeks, rng=rng, level=level
        )
    rate = _rates(customers, weeks)
    silence = _column(customers, "T_weeks") - _column(customers, "recency_weeks")
    forecasts[LAST_PERIOD] = _column(customers, "previous")
    forecasts[SAME_RATE] = rate
    forecasts[RECENCY_RULE] = np.where(silence <= silence_weeks, rate, 0)
    return Origin(
        fitted_at, until, customers, fits, failed, forecasts, expected, predicted, silence_weeks
    )


def _rates(customers: pd.DataFrame, weeks: float) -> FloatArray:
    """x / T * weeks, 0 where T is 0."""
    x, T = _column(customers, "frequency"), _column(customers, "T_weeks")
    return np.divide(x, T, out=np.zeros_like(x), where=T > 0) * weeks


def _telling_silence(customers: pd.DataFrame) -> float:
    """The silence T - t_x up to which "will buy again" is right most often (the hit rate)."""
    silence = _column(customers, "T_weeks") - _column(customers, "recency_weeks")
    right = np.where(_column(customers, "purchases") > 0, 1, -1) * _column(customers, "customers")
    distinct, place = np.unique(silence, return_inverse=True)
    return float(distinct[np.argmax(np.cumsum(np.bincount(place, weights=right)))])


_MEASURES = ("error_pct", "mae", "rmse", "rank_r")
_ERROR_FIGURES = ["total", "total_low", "total_high"]
_ERROR_FIGURES += [f"{one}{end}" for one in _MEASURES for end in ("", "_low", "_high")]
_ERROR_COLUMNS = ["fitted_at", "until", "forecast", "customers", "actual", "held"]
_ERROR_COLUMNS += _ERROR_FIGURES


def _error_rows(origin: Origin, level: float) -> list[dict[str, Any]]:
    actual, counts, n = origin.purchases, origin.counts, origin.n
    rows = []
    for name, forecast in origin.forecasts.items():
        predicted = origin.predicted.get(name)
        bounds = (predicted.low, predicted.high) if predicted else (np.nan, np.nan)
        row = {"fitted_at": origin.fitted_at, "until": origin.until, "forecast": name}
        row |= {"customers": n, "actual": origin.actual, "total": counts @ forecast}
        row |= dict(zip(("total_low", "total_high"), bounds, strict=True))
        row["held"] = origin.held(name) if predicted else None
        measured = (
            total_error(forecast, actual, counts, level=level),
            counted_mean_interval(np.abs(forecast - actual), counts, level=level),
            root_mean_square(forecast - actual, counts, level=level),
            rank_correlation(actual, forecast, counts, level=level),
        )
        for measure, found in zip(_MEASURES, measured, strict=True):
            row |= {
                measure: found.value,
                f"{measure}_low": found.low,
                f"{measure}_high": found.high,
            }
        rows.append(row)
    return rows


_PAIR = ["baseline", "measure"]
_DIFFERENCE_COLUMNS = ["fitted_at", "until", "model", "baseline", "measure"]
_DIFFERENCE_COLUMNS += ["difference", "low", "high", "customers", "better"]


def _difference_rows(origin: Origin, level: float) -> list[tuple[Any, ...]]:
    actual, counts = origin.purchases, origin.counts
    rows = []
    for model in origin.fits:
        mine = origin.forecasts[model]
        for baseline in (LAST_PERIOD, SAME_RATE, RECENCY_RULE):
            other = origin.forecasts[baseline]
            absolute = np.abs(mine - actual) - np.abs(other - actual)
            measured = {
                "mean absolute error": counted_mean_interval(absolute, counts, level=level),
                "root mean square error": root_mean_square_difference(
                    mine - actual, other - actual, counts, level=level
                ),
                "rank correlation": rank_correlation_difference(
                    actual, mine, other, counts, level=level
                ),
            }
            for measure, found in measured.items():
                sign = -1 if measure == "rank correlation" else 1
                figures = (found.value, found.low, found.high, found.n)
                key = (origin.fitted_at, origin.until, model, baseline, measure)
                rows.append((*key, *figures, _better(found, sign)))
    return rows


def _better(difference: Estimate, sign: int) -> str:
    """Of model - baseline, where `sign` 1 means that less is better."""
    if difference.low is None or difference.high is None:
        return "about equal" if difference.value == 0 else "not known"
    low, high = sorted((sign * difference.low, sign * difference.high))
    return "baseline" if low > 0 else "model" if high < 0 else "about equal"


def _listed(baselines: Mapping[str, list[str]]) -> str:
    """Baselines with what they did it in: "x" in the total and the rank correlation; "y" in ..."""
    parts = []
    for name, measures in baselines.items():
        *most, last = [f"the {measure}" for measure in measures]
        parts.append(f'"{name}" in {", ".join(most) + " and " + last if most else last}')
    return "; ".join(parts)


def _nearer(origin: Origin, model: str) -> list[str]:
    """The baselines whose total came closer than the model's."""
    miss = {
        name: abs(origin.counts @ forecast - origin.actual)
        for name, forecast in origin.forecasts.items()
    }
    return [name for name in (LAST_PERIOD, SAME_RATE, RECENCY_RULE) if miss[name] < miss[model]]


def _column(customers: pd.DataFrame, name: str) -> FloatArray:
    if name == "customers" and name not in customers:
        return np.ones(len(customers))
    return customers[name].to_numpy(dtype=float)
