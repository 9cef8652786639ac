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

from cxlib.clv.assumptions import (
    FrequencyFit,
    day_collapse,
    day_collapse_verdict,
    frequency_fit,
    independence_verdict,
    mean_spend_by_month,
    regularity,
    regularity_verdict,
    spend_frequency_correlation,
    spend_trend,
    spend_trend_verdict,
    track_errors,
    track_verdict,
    tracking,
)
from cxlib.clv.backtest import Backtest, Origin, backtest, rolling_origins
from cxlib.clv.beta_geo_beta_binomial import BetaGeoBetaBinomial
from cxlib.clv.beta_geo_nbd import BetaGeoNBD
from cxlib.clv.choice import Choice, Comparison, choose, compare_models
from cxlib.clv.contract_value import ContractValue, contract_counts, contract_value
from cxlib.clv.covariate_report import CovariateReport, covariate_report
from cxlib.clv.covariates import CovariateFit, fit_with_covariates, likelihood_ratio_tests
from cxlib.clv.equity import (
    CORNERS,
    Corner,
    CutOffs,
    cohort_values,
    concentration_curve,
    corner_cutoffs,
    corner_table,
    top_shares,
    with_corner,
)
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.model import PurchaseModel, Simulated
from cxlib.clv.modified_beta_geo_nbd import ModifiedBetaGeoNBD
from cxlib.clv.negative_binomial import NegativeBinomial
from cxlib.clv.pareto_nbd import ParetoNBD
from cxlib.clv.predictions import ValueDraws, likely_ranges, value_draws
from cxlib.clv.shifted_beta_geometric import ShiftedBetaGeometric, life_table
from cxlib.clv.terms import Terms, Valuation, paid_rate, valuation
from cxlib.clv.totals import total_forecast
from cxlib.clv.value import (
    customer_values,
    expected_value,
    history_scores,
    new_customer,
    value_groups,
)

PURCHASE_MODELS: dict[str, type[PurchaseModel]] = {
    model.label: model for model in (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, NegativeBinomial)
}

__all__ = [
    "CORNERS",
    "PURCHASE_MODELS",
    "Backtest",
    "BetaGeoBetaBinomial",
    "BetaGeoNBD",
    "Choice",
    "Comparison",
    "ContractValue",
    "ConvergenceError",
    "Corner",
    "CovariateFit",
    "CovariateReport",
    "CutOffs",
    "Fit",
    "FrequencyFit",
    "GammaGamma",
    "ModifiedBetaGeoNBD",
    "NegativeBinomial",
    "Origin",
    "ParetoNBD",
    "PurchaseModel",
    "ShiftedBetaGeometric",
    "Simulated",
    "Terms",
    "Valuation",
    "ValueDraws",
    "backtest",
    "choose",
    "cohort_values",
    "compare_models",
    "concentration_curve",
    "contract_counts",
    "contract_value",
    "corner_cutoffs",
    "corner_table",
    "covariate_report",
    "customer_values",
    "day_collapse",
    "day_collapse_verdict",
    "expected_value",
    "fit_with_covariates",
    "frequency_fit",
    "history_scores",
    "independence_verdict",
    "life_table",
    "likelihood_ratio_tests",
    "likely_ranges",
    "mean_spend_by_month",
    "new_customer",
    "paid_rate",
    "regularity",
    "regularity_verdict",
    "rolling_origins",
    "spend_frequency_correlation",
    "spend_trend",
    "spend_trend_verdict",
    "top_shares",
    "total_forecast",
    "track_errors",
    "track_verdict",
    "tracking",
    "valuation",
    "value_draws",
    "value_groups",
    "with_corner",
]
