"""Which model of purchases: fit and back-test side by side, and a rule fixed beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from cxlib.clv.backtest import Backtest
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.histories import TooFewError, history_arrays
from cxlib.clv.model import PurchaseModel
from cxlib.clv.negative_binomial import NegativeBinomial
from cxlib.inference import ParameterError


@dataclass(frozen=True)
class Comparison:
    """Several models fitted to the same histories.

    fits     those that converged, by label; failed: why the others did not
    reached  the highest log-likelihood that those met which have no maximum
    summary  one row a model, the lowest AIC first: parameters (the number estimated), llf, aic,
             bic, aic_difference to the lowest, akaike_weight, customers, converged and the reason
             why not; those that did not converge last
    """

    fits: dict[str, Fit[PurchaseModel]]
    failed: dict[str, str]
    reached: dict[str, float] = field(default_factory=dict)

    @property
    def summary(self) -> pd.DataFrame:
        columns = ["parameters", "llf", "aic", "bic", "aic_difference", "akaike_weight"]
        rows = [
            (fit.free, fit.llf, fit.aic, fit.bic, np.nan, np.nan, fit.n, True, "")
            for fit in self.fits.values()
        ]
        rows += [(0, *5 * (np.nan,), 0, False, reason) for reason in self.failed.values()]
        table = pd.DataFrame(
            rows,
            columns=[*columns, "customers", "converged", "reason"],
            index=pd.Index([*self.fits, *self.failed], name="model"),
        ).sort_values("aic", kind="stable")
        difference = table["aic"] - table["aic"].min()
        likely = np.exp(-difference / 2)
        return table.assign(aic_difference=difference, akaike_weight=likely / likely.sum())

    def beside(self, backtest: Backtest) -> pd.DataFrame:
        """The summary with the errors of each model in the newest test weeks: total with its
        prediction interval, held, error_pct, mae, rmse, rank_r, capture; below, the errors of the
        baselines.
        """
        if not backtest.origins:
            return self.summary
        newest = backtest.errors
        newest = newest[newest["fitted_at"] == backtest.origins[0].fitted_at]
        newest = newest.set_index("forecast").drop(columns="customers")
        rows = [*self.summary.index, *newest.index.difference(self.summary.index, sort=False)]
        return self.summary.reindex(rows).join(newest)


class Choice(NamedTuple):
    """The label of the model taken, and why, in a sentence."""

    model: str
    reason: str


def compare_models(
    histories: pd.DataFrame, models: Mapping[str, type[PurchaseModel]]
) -> Comparison:
    """Fit each model to the same distinct histories (with their counts `customers`).

    AIC = 2 k - 2 llf (Akaike 1974), BIC = k log(n) - 2 llf (Schwarz 1978), k parameters and n
    customers; akaike_weight = exp(-difference / 2), scaled to sum to 1 (Burnham & Anderson 2002,
    sec. 2.9). The likelihoods leave out the same constant, so they compare. Raises ValueError for
    impossible histories; a model that has too few customers or no maximum is in `failed` with the
    reason.
    """
    data = history_arrays(histories)
    fits: dict[str, Fit[PurchaseModel]] = {}
    failed: dict[str, str] = {}
    reached: dict[str, float] = {}
    for label, model in models.items():
        try:
            fits[label] = model.fit(data)
        except (TooFewError, ConvergenceError) as error:
            failed[label] = str(error)
            if isinstance(error, ConvergenceError):
                reached[label] = error.llf
    return Comparison(fits, failed, reached)


def choose(comparison: Comparison, backtest: Backtest, wanted: str = "") -> Choice:
    """The model to use, by a rule that was fixed before any data were seen.

    The lowest AIC on the data up to the analysis date, and nothing else. The back-test, whose
    newest weeks may follow that date, judges the choice and has no part in it; the reason reports
    it as information. NBD, in which nobody drops out, is passed over where a model that did not
    converge met a likelihood higher by more than its one parameter more is worth. `wanted`, a
    label, fixes the choice instead. Raises ParameterError for an unknown label and ConvergenceError
    when the wanted model, or every model, could not be fitted, or NBD alone is left and passed
    over.
    """
    if wanted:
        return _wanted(comparison, wanted)
    fits, best = _admitted(comparison), lowest_aic(comparison)
    reason = _lead(best, fits)
    if len(fits) < len(comparison.fits):
        reason += " NBD, in which nobody drops out, is passed over: a failed model was likelier."
    return Choice(best, f"{reason} {_tested(best, backtest)}")


def lowest_aic(comparison: Comparison) -> str:
    """The label that `choose` would take without a wish. Raises ConvergenceError as it does."""
    fits = _admitted(comparison)
    return min(fits, key=lambda label: fits[label].aic)


def _admitted(comparison: Comparison) -> dict[str, Fit[PurchaseModel]]:
    """The fits among which the lowest AIC decides; ConvergenceError where there is none."""
    reasons = " ".join(dict.fromkeys(comparison.failed.values()))
    if not comparison.fits:
        raise ConvergenceError(f"No purchase model could be fitted. {reasons}")
    fits = {label: fit for label, fit in comparison.fits.items() if not _refuted(comparison, label)}
    if not fits:
        raise ConvergenceError(
            f"Only {' and '.join(comparison.fits)} could be fitted, in which nobody drops out, but "
            f"models in which customers do were likelier before they failed. {reasons}"
        )
    return fits


def _lead(best: str, fits: Mapping[str, Fit[PurchaseModel]]) -> str:
    """By how much the best has the lowest AIC, and what BIC would take, in sentences."""
    others = [label for label in fits if label != best]
    reason = f"{best} is used: no other is left to choose from."
    if others:
        next_best = min(others, key=lambda label: fits[label].aic)
        lead = fits[next_best].aic - fits[best].aic
        reason = (
            f"{best} is used: it has the lowest AIC on the data up to the analysis date, "
            f"{lead:,.1f} below that of {next_best}."
        )
    by_bic = min(fits, key=lambda label: fits[label].bic)
    if by_bic != best:
        reason += f" BIC would take {by_bic}."
    if fits[best].model.is_common_dropout:
        reason += " In it all drop out alike: customers are not shown to differ in that."
    return reason


def _refuted(comparison: Comparison, label: str) -> bool:
    """Whether nobody drops out in the model, and a failed one in which some do was likelier."""
    fit = comparison.fits[label]
    reached = max(comparison.reached.values(), default=-np.inf)
    return isinstance(fit.model, NegativeBinomial) and reached > fit.llf + 1


def _tested(model: str, backtest: Backtest) -> str:
    """How the model did in the newest test weeks, and which other came closer, in a sentence."""
    origin = backtest.newest(model)
    if origin is None:
        return "It could not be back-tested."
    miss = {
        label: abs((predicted.value or 0) - origin.actual)
        for label, predicted in origin.predicted.items()
    }
    nearest = min(miss, key=lambda label: (miss[label], label != model))
    held = origin.held(model)
    told = "held" if held else "did not hold"
    found = (
        "The back-test has no part in the choice: in the newest test weeks its prediction interval "
        f"{told} what happened"
    )
    if nearest == model:
        return f"{found}, and no other model came closer."
    within = ", within its interval" if origin.held(nearest) and not held else ""
    return f"{found}; {nearest} came closer{within}."


def _wanted(comparison: Comparison, wanted: str) -> Choice:
    known = [*comparison.fits, *comparison.failed]
    if wanted not in known:
        raise ParameterError(
            f"model: {wanted!r} is no purchase model; known are {', '.join(known)}."
        )
    if wanted not in comparison.fits:
        raise ConvergenceError(
            f"{wanted} was asked for and could not be fitted. {comparison.failed[wanted]}"
        )
    return Choice(wanted, f"{wanted} is used because it was asked for.")
