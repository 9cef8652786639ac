"""Customer lifetime value without contracts: BG/NBD for purchases, Gamma-Gamma for spend.

Time is in weeks (days / 7). Models are fitted by maximum likelihood to distinct histories with
counts and read these columns:

frequency      repeat purchases (purchase days after the first), x
recency_weeks  from the first to the last purchase, t_x (0 without a repeat)
T_weeks        from the first purchase to the end of the observation, T
customers      how many share the row; absent: one each
spend_days, mean_spend   Gamma-Gamma: repeat purchase days with a positive amount, their mean amount

Nothing is dropped here but one case: customers without `spend_days` tell the Gamma-Gamma model
nothing and are left out of its fit; its `n` counts the rest.
"""

from cxlib.clv.beta_geo_nbd import BetaGeoNBD
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.gamma_gamma import GammaGamma, independence_verdict, spend_frequency_correlation
from cxlib.clv.holdout import HoldoutCheck, holdout_check, holdout_dates, tracking
from cxlib.clv.value import (
    customer_value,
    draws_intervals,
    paid_rate,
    purchase_draws,
    top_share,
    value_draws,
)

__all__ = [
    "BetaGeoNBD",
    "ConvergenceError",
    "Fit",
    "GammaGamma",
    "HoldoutCheck",
    "customer_value",
    "draws_intervals",
    "holdout_check",
    "holdout_dates",
    "independence_verdict",
    "paid_rate",
    "purchase_draws",
    "spend_frequency_correlation",
    "top_share",
    "tracking",
    "value_draws",
]
