"""What the models of purchases and spend say of each customer at a cut-off date."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlib.clv.choice import compare_models, lowest_aic
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.histories import FloatArray, TooFewError, history_arrays
from cxlib.clv.model import PurchaseModel
from cxlib.clv.terms import Terms


@dataclass(frozen=True)
class PurchaseOutlook:
    """What is to be expected of each customer at a date.

    `frame` has one row a customer: customer_id, probability_alive, silence_rate (the chance of no
    purchase in the weeks asked for) and value_if_alive (discounted value over the horizon of the
    terms, given that the customer is still active: what is kept when a customer is kept). `model`
    is the purchase model used, "" where none could be fitted. Figures that cannot be had are
    missing and `note` says why.
    """

    frame: pd.DataFrame
    model: str
    note: str


def purchase_outlook(
    distinct: pd.DataFrame,
    spends: pd.DataFrame,
    customers: pd.DataFrame,
    models: Mapping[str, type[PurchaseModel]],
    *,
    silence_weeks: float,
    terms: Terms,
) -> PurchaseOutlook:
    """Outlook of `customers` by that of the `models` with the lowest AIC, and Gamma-Gamma.

    `distinct` and `spends`: the distinct histories and spending to fit to, with their counts (as
    purchases.distinct_histories and distinct_spend give them); `customers`: one row a customer (as
    purchases.customer_table). Of a customer with history (x, t_x, T)

    silence_rate    1 - P(alive) P(a purchase within silence_weeks | alive)
    value_if_alive  margin_rate * paid rate * discounted purchases given alive * E[spend | x, m]

    where the paid rate is the share of all repeat purchase days with a positive amount. Neither
    has an interval here: they are used to rank and to weigh. Nothing raises for want of data.
    """
    frame = pd.DataFrame({"customer_id": customers["customer_id"].to_numpy()})
    missing = dict.fromkeys(["probability_alive", "silence_rate", "value_if_alive"], np.nan)
    try:
        compared = compare_models(distinct, models)
        label = lowest_aic(compared)
    except (TooFewError, ConvergenceError) as error:
        return PurchaseOutlook(frame.assign(**missing), "", str(error))
    fit, data = compared.fits[label], history_arrays(customers)
    alive = fit.model.alive(data)
    risk = 1 - fit.model.probability_of_purchase(data, silence_weeks)
    note, worth = "", np.full(len(customers), np.nan)
    try:
        worth = _value_if_alive(fit, GammaGamma.fit(spends).model, customers, terms)
    except (TooFewError, ConvergenceError) as error:
        note = str(error)
    frame = frame.assign(probability_alive=alive, silence_rate=risk, value_if_alive=worth)
    return PurchaseOutlook(frame, label, note)


def _value_if_alive(
    fit: Fit[PurchaseModel], spend: GammaGamma, customers: pd.DataFrame, terms: Terms
) -> FloatArray:
    data = history_arrays(customers)
    alive = fit.model.alive(data)
    discounted = fit.model.discounted_purchases(
        data, terms.horizon_weeks, terms.annual_discount_rate
    )
    if_alive = np.divide(discounted, alive, out=np.full(len(alive), np.nan), where=alive > 0)
    days = customers["frequency"].sum()
    paid_rate = customers["spend_days"].sum() / days if days else 1.0
    return np.asarray(terms.margin_rate * paid_rate * if_alive * spend.expected_spend(customers))
