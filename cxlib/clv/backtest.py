"""Did such forecasts come true: weeks the models have not seen, simple rules always beside."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.calendars import Calendar
from cxlib.clv.baselines import BASELINES, RecencyRule, baseline_forecasts, column
from cxlib.clv.correlation import RankCorrelation, rank_correlations
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.forecast_errors import (
    capture,
    capture_difference,
    forecast_groups,
    group_means,
    root_mean_square,
    root_mean_square_difference,
    total_error,
)
from cxlib.clv.grouping import Period, cohort_labels
from cxlib.clv.histories import FloatArray, TooFewError
from cxlib.clv.model import PurchaseModel
from cxlib.clv.totals import total_forecast
from cxlib.inference import Estimate, ParameterError, counted_mean_interval

# What a baseline can win: the errors of the mean, which the models forecast, and of the order.
JUDGED = ("root mean square error", "capture")
COMPARED = (
    "Compared are the total, the root mean square error and the capture: the share of the "
    "purchases made by the best fifth of the customers by forecast."
)
MOST_PURCHASES = 7
# An interval that reaches further from its middle than this share of the forecast holds nearly
# whatever happens: nothing is tested by it.
WIDEST = 0.5
_NAMED = 3
# Fewer forecasts than that may all be off the same way by chance (six: in 1 of 32 cases).
_RULE = 6

Window = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Origin:
    """One date in the past: what was forecast there, and what happened.

    fitted_at, until   the models know the purchases up to the first and are asked about those up to
                       the second
    customers          the customers at `fitted_at` (see backtest)
    fits, failed       models fitted there; why the others could not be
    forecasts          expected purchases by model and baseline, and of "nobody buys", one a row
                       of `customers`
    expected           total of each model with the interval from its parameters alone
    predicted          the same with the interval of what may happen (parameters and chance)
    rule               what the recency rule learnt; None where the file is too short for that, and
                       it is left out
    """

    fitted_at: dt.date
    until: dt.date
    customers: pd.DataFrame
    fits: dict[str, Fit[PurchaseModel]]
    failed: dict[str, str]
    forecasts: dict[str, FloatArray]
    expected: dict[str, Estimate]
    predicted: dict[str, Estimate]
    rule: RecencyRule | None

    @property
    def recency_rule(self) -> str:
        """Whom the recency rule takes as gone, or why it is left out, in a sentence."""
        if self.rule is not None:
            return str(self.rule)
        return (
            f"The recency rule is left out: the file does not hold {2 * self.weeks:.4g} weeks "
            "before, half to know the customers and half to learn from."
        )

    @property
    def weeks(self) -> float:
        return (self.until - self.fitted_at).days / 7

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def counts(self) -> FloatArray:
        return column(self.customers, "customers")

    @property
    def purchases(self) -> FloatArray:
        return column(self.customers, "purchases")

    @property
    def actual(self) -> int:
        """Repeat purchases in the test weeks."""
        return int(self.counts @ self.purchases)

    def held(self, model: str) -> bool:
        """Whether the actual total lies in the model's prediction interval."""
        predicted = self.predicted[model]
        return (predicted.low or 0) <= self.actual <= (predicted.high or 0)

    def error_pct(self, model: str) -> float:
        """The error of the model's total, in % of what happened; nan where nothing did."""
        if not self.actual:
            return np.nan
        return 100 * (self.predicted[model].value or 0) / self.actual - 100


def _off(error_pct: float) -> str:
    if np.isnan(error_pct):
        return "above zero, and nothing happened"
    size = f"{abs(error_pct):.0f}"
    return "right" if size == "0" else f"{size} % too {'low' if error_pct < 0 else 'high'}"


def _all_off(errors_pct: Sequence[float]) -> str:
    """How far forecasts were off; of more than _NAMED, the lowest and the highest."""
    if len(errors_pct) > _NAMED:
        return f"from {_off(np.nanmin(errors_pct))} to {_off(np.nanmax(errors_pct))}"
    told = [_off(one) for one in errors_pct]
    ways = {one.split(" ")[-1] for one in told}
    if len(ways) == 1 and ways <= {"low", "high"}:
        told[:-1] = [one.split(" too")[0] for one in told[:-1]]
    return f"{', '.join(told[:-1])} and {told[-1]}"


def too_wide(predicted: Estimate) -> bool:
    """Whether a prediction interval holds too much to be a test: half of it is over WIDEST of the
    forecast.
    """
    width = (predicted.high or 0) - (predicted.low or 0)
    return width > 2 * WIDEST * (predicted.value or 0)


@dataclass(frozen=True)
class Backtest:
    """Forecasts made at one or several dates in the past, against what happened.

    origins      newest first; their test weeks do not overlap
    errors       one row an origin and forecast: customers, actual, total with prediction interval
                 and whether it held (models only), error_pct of the total, mae, rmse, rank_r and
                 capture over customers, each with _low and _high
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

    def held(self, model: str) -> bool | None:
        """Whether the model passed its test at every origin at which it could be fitted.

        False where the newest total lay outside the prediction interval; None where there is no
        newest, an older total lay outside, or an interval is `too_wide` to be a test.
        """
        newest = self.newest(model)
        if newest is None:
            return None
        if not newest.held(model):
            return False
        tested = [origin for origin in self.origins if model in origin.fits]
        wide = any(too_wide(origin.predicted[model]) for origin in tested)
        return None if wide or not all(origin.held(model) for origin in tested) else True

    def verdict(self, model: str) -> str:
        """Whether the test was passed (see `held`), how often the total lay in the prediction
        interval over all origins, and what came of the newest, in sentences.
        """
        newest = self.newest(model)
        if newest is None:
            reason = self.origins[0].failed.get(model, "") if self.origins else ""
            reason = reason or "The file does not reach back far enough."
            return f"No hold-out check was possible, a shorter one may be. {reason}"
        predicted, actual = newest.predicted[model], newest.actual
        tested = [origin for origin in self.origins if model in origin.fits]
        held = sum(origin.held(model) for origin in tested)
        words = {True: "passed", False: "FAILED", None: "is not settled"}
        found = f"The hold-out check {words[self.held(model)]}:"
        if len(tested) > 1:
            found += (
                f" of {len(tested)} test periods the prediction interval held what happened in "
                f"{held}. In the newest,"
            )
        else:
            found += " in"
        found += (
            f" {newest.weeks:.4g} weeks not used for the fit, {newest.n:,} customers made "
            f"{actual:,} repeat purchases; the model said {predicted.value:,.0f} "
            f"({100 * self.level:.4g} % prediction interval {predicted.low:,.0f} to "
            f"{predicted.high:,.0f})"
        )
        error = f", an error of {newest.error_pct(model):+.0f} %"
        wide = any(too_wide(origin.predicted[model]) for origin in tested)
        wide_text = " An interval so wide holds nearly whatever happens." if wide else ""
        return f"{found}{error if actual else ''}.{wide_text}"

    def trust(self, model: str, horizon_weeks: float) -> str:
        """How far to trust a forecast over `horizon_weeks`, by how the past ones came out.

        In a sentence, and a second one where none of them was as long. How far each total was off
        stands newest first; of more than three, the two ends. Where one of them lay outside its
        interval, the ends of that of the coming forecast are no bounds.
        """
        if self.newest(model) is None:
            return "How far to trust it is not known: no past forecast could be tested."
        tested = [origin for origin in self.origins if model in origin.fits]
        held = sum(origin.held(model) for origin in tested)
        words: dict[bool | None, str] = {True: "Past forecasts bear it out"}
        words |= {False: "Do not budget on it", None: "Plan by it roughly, set no budget by it"}
        found = words[self.held(model)]
        longest = max(origin.weeks for origin in tested)
        weeks = f"the number of purchases over {tested[0].weeks:.4g} weeks"
        errors = [origin.error_pct(model) for origin in tested]
        if len(tested) == 1:
            found += f": the one past forecast of {weeks} "
            found += f"{'held' if held else 'did not hold'}; it came out {_off(errors[0])}"
        else:
            found += f": of {len(tested)} past forecasts of {weeks}, {held} held; "
            found += f"the forecasts came out {_all_off(errors)}"
        wide = any(too_wide(origin.predicted[model]) for origin in tested)
        found += f"{', with intervals too wide to be a test' if wide else ''}"
        found += "." if held == len(tested) else "; the truth may lie outside the interval."
        if longest < horizon_weeks:
            found += f" No forecast as long as {horizon_weeks:.4g} weeks was tested."
        return found

    def leaning(self, model: str) -> str:
        """That so few forecasts that erred the same way show no rule; "" where they do not."""
        errors = [origin.error_pct(model) for origin in self.origins if model in origin.fits]
        if not 1 < len(errors) < _RULE:
            return ""
        found = f"{len(errors)} tests do not show that it always errs"
        if max(errors) < 0:
            return f"{found} low: add nothing."
        return f"{found} high: take nothing off." if min(errors) > 0 else ""

    def baselines(self, model: str) -> str:
        """Which baselines did better than the model or about equally well, and in what.

        In the newest test weeks, by the total, the root mean square error and the capture; the mean
        absolute error is won by forecasting nothing for all, the rank correlation by forecasts tied
        at 0. Better where the interval of the difference over the same customers excludes 0; in the
        total where what happened lies outside the model's prediction interval and the baseline came
        closer.
        """
        newest = self.newest(model)
        if newest is None:
            return ""
        rows = self.differences
        mine = rows["model"].eq(model) & rows["fitted_at"].eq(newest.fitted_at)
        mine &= rows["measure"].isin(JUDGED)
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
        found += f" About equal: {_listed(alike)}." if alike else ""
        return f"{found} {COMPARED}"

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
        group = np.minimum(column(newest.customers, "frequency"), MOST_PURCHASES).astype(int)
        table = self._means(newest, model, group).rename_axis("repeat purchases before")
        return table.rename(lambda x: str(x) if x < MOST_PURCHASES else f"{x}+")

    def by_cohort(
        self, model: str, period: Period = "quarter", calendar: Calendar = "gregorian"
    ) -> pd.DataFrame:
        """By month, quarter or year of the first purchase (2026-11, 2026-Q4, 2026), oldest first.

        Periods are those of the `calendar`. Totals: forecast, and actual with low and high,
        customers times the t interval of their mean. Otherwise as `by_frequency`. Raises
        ParameterError for another period.
        """
        newest = self._tested(model)
        T_days = 7 * column(newest.customers, "T_weeks")
        group = cohort_labels(newest.fitted_at, T_days, period, calendar)
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
    each); it is asked once for each two dates. A model that has too few customers or no maximum is
    left out with its reason in `failed`; other errors, as of impossible histories, are raised.

    The baselines of `baseline_forecasts` stand always beside. The recency rule is learnt one test
    length before the origin, over as many weeks as are tested, and left out of an origin before
    which the file holds less than two test lengths.

    Intervals: of a model's total see `total_forecast`; the errors see `forecast_errors`, MAE
    Student's t, Spearman's correlation see `RankCorrelation`. Those of the differences are not
    widened for their number: a baseline is not denied lightly. The mean absolute error is least for
    forecasts of the median, which is often 0, the root mean square error for those of the mean,
    which the models forecast.
    """
    known: dict[Window, pd.DataFrame] = {}

    def table(fitted_at: dt.date, until: dt.date) -> pd.DataFrame:
        if (fitted_at, until) not in known:
            known[fitted_at, until] = customers_at(fitted_at, until)
        return known[fitted_at, until]

    origins = []
    for fitted_at, until in windows:
        customers = table(fitted_at, until)
        length = until - fitted_at
        # The day of the first purchase is known too.
        known_days = round(7 * column(customers, "T_weeks").max(initial=0)) + 1
        rule = None
        if known_days >= 2 * length.days:
            rule = RecencyRule.learnt(table(fitted_at - length, fitted_at), length.days / 7)
        window = fitted_at, until
        origins.append(_origin(window, customers, rule, models, rng=rng, level=level))
    errors, differences = [], []
    for origin in origins:
        ranked = rank_correlations(origin.purchases, origin.forecasts, origin.counts)
        errors += _error_rows(origin, ranked, level)
        differences += _difference_rows(origin, ranked, level)
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
    rule: RecencyRule | None,
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
        except (TooFewError, ConvergenceError) as error:
            failed[label] = str(error)
            continue
        forecasts[label] = fits[label].model.expected_purchases(customers, weeks)
        expected[label], predicted[label] = total_forecast(
            fits[label], customers, weeks, rng=rng, level=level
        )
    forecasts |= baseline_forecasts(customers, weeks, rule)
    return Origin(
        fitted_at,
        until,
        customers,
        fits,
        failed,
        forecasts,
        expected,
        predicted,
        rule,
    )


_MEASURES = ("error_pct", "mae", "rmse", "rank_r", "capture")
_ERROR_FIGURES = ["total", "total_low", "total_high"]
_ERROR_FIGURES += [f"{one}{end}" for one in _MEASURES for end in ("", "_low", "_high")]
_ERROR_COLUMNS = ["fitted_at", "until", "forecast", "customers", "actual", "held"]
_ERROR_COLUMNS += _ERROR_FIGURES


def _error_rows(
    origin: Origin, ranked: Mapping[str, RankCorrelation], level: float
) -> list[dict[str, Any]]:
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
            ranked[name].estimate(level=level),
            capture(forecast, actual, counts, level=level),
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


def _difference_rows(
    origin: Origin, ranked: Mapping[str, RankCorrelation], level: float
) -> list[tuple[Any, ...]]:
    actual, counts = origin.purchases, origin.counts
    rows = []
    for model in origin.fits:
        mine = origin.forecasts[model]
        for baseline in _baselines(origin):
            other = origin.forecasts[baseline]
            absolute = np.abs(mine - actual) - np.abs(other - actual)
            measured = {
                "mean absolute error": counted_mean_interval(absolute, counts, level=level),
                "root mean square error": root_mean_square_difference(
                    mine - actual, other - actual, counts, level=level
                ),
                "rank correlation": ranked[model].less(ranked[baseline], level=level),
                "capture": capture_difference(mine, other, actual, counts, level=level),
            }
            for measure, found in measured.items():
                sign = -1 if measure in ("rank correlation", "capture") else 1
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
    return [name for name in _baselines(origin) if miss[name] < miss[model]]


def _baselines(origin: Origin) -> list[str]:
    return [name for name in BASELINES if name in origin.forecasts]
