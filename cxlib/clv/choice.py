"""Which model of purchases: fit and back-test side by side, and a rule fixed beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from cxlib.clv.backtest import Backtest
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.histories import history_arrays
from cxlib.clv.model import PurchaseModel
from cxlib.inference import ParameterError


@dataclass(frozen=True)
class Comparison:
    """Several models fitted to the same histories.

    fits     those that converged, by label; failed: why the others did not
    summary  one row a model, the lowest AIC first: parameters (their number), llf, aic, bic,
             aic_difference to the lowest, akaike_weight, customers, converged and the reason why
             not; those that did not converge last
    """

    fits: dict[str, Fit[PurchaseModel]]
    failed: dict[str, str]

    @property
    def summary(self) -> pd.DataFrame:
        columns = ["parameters", "llf", "aic", "bic", "aic_difference", "akaike_weight"]
        rows = [
            (len(fit.params), fit.llf, fit.aic, fit.bic, np.nan, np.nan, fit.n, True, "")
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
        prediction interval, held, error_pct, mae, rmse, rank_r; below, the baselines' errors.
        """
        newest = backtest.errors
        if backtest.origins:
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
    impossible histories; a model that cannot be fitted is in `failed` with the reason.
    """
    data = history_arrays(histories)
    fits: dict[str, Fit[PurchaseModel]] = {}
    failed: dict[str, str] = {}
    for label, model in models.items():
        try:
            fits[label] = model.fit(data)
        except (ValueError, ConvergenceError) as error:
            failed[label] = str(error)
    return Comparison(fits, failed)


def choose(comparison: Comparison, backtest: Backtest, wanted: str = "") -> Choice:
    """The model to use, by a rule that was fixed before any data were seen.

    The lowest AIC among those that converged; but when its total in the newest test weeks lay
    outside its prediction interval while that of another lay inside, the lowest AIC among the
    models whose total lay inside. A model that could not be back-tested counts as neither. As the
    back-test has a say in the choice, its verdict on the model taken is by so much too kind.
    `wanted`, a label, fixes the choice instead. Raises ParameterError for an unknown label and
    ConvergenceError when the wanted model, or every model, could not be fitted.
    """
    if wanted:
        return _wanted(comparison, wanted)
    if not comparison.fits:
        raise ConvergenceError(
            f"No purchase model could be fitted. {' '.join(comparison.failed.values())}"
        )
    by_aic = sorted(comparison.fits, key=lambda label: comparison.fits[label].aic)
    best = by_aic[0]
    newest = {label: backtest.newest(label) for label in by_aic}
    held = {label: origin.held(label) for label, origin in newest.items() if origin is not None}
    inside = [label for label in by_aic if held.get(label)]
    if held.get(best) is False and inside:
        return Choice(
            inside[0],
            f"{inside[0]} is used: {best} has the lowest AIC, but its forecast of the newest test "
            f"weeks missed what happened by more than its prediction interval, and that of "
            f"{inside[0]} did not.",
        )
    if len(by_aic) == 1:
        return Choice(best, f"{best} is used: no other model could be fitted.")
    lead = comparison.fits[by_aic[1]].aic - comparison.fits[best].aic
    reason = f"{best} is used: it has the lowest AIC, {lead:,.1f} below that of {by_aic[1]}"
    told = {
        True: "; its forecast of the newest test weeks lay in its prediction interval.",
        False: "; in the newest test weeks no model's prediction interval held what happened.",
        None: "; it could not be back-tested.",
    }
    return Choice(best, reason + told[held.get(best)])


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
