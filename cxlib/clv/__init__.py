"""Customer lifetime value: what customers will buy and spend, and how far that can be trusted.

models       BG/NBD, MBG/NBD, Pareto/NBD and NBD of purchases (PURCHASE_MODELS), BG/BB of purchases
             at set opportunities, Gamma-Gamma of spend, shifted beta-geometric of contracts; each
             fitted by maximum likelihood to distinct rows with counts
choice       the models side by side and the rule by which one is taken
value        of each customer, of all, by cohort and by corner, of a new customer; intervals for the
             parameters and with the customers' own chance
back-test    forecasts made in the past beside simple rules, and whether the money came true
assumptions  how often, when and how much customers buy, against what the models take for granted
contracts    retention and value of customers who may leave each period
covariates   what customers bring with them, and likelihood-ratio tests

Units: time is in weeks (days / 7) but for contracts, which count periods; money is in the currency
of the amounts. What is read:

frequency      repeat purchases (purchase days after the first), x
recency_weeks  from the first to the last purchase, t_x (0 without a repeat)
T_weeks        from the first purchase to the end of the observation, T
customers      how many share the row; absent: one each
spend_days, mean_spend   Gamma-Gamma: repeat purchase days with a positive amount, their mean amount
frequency, recency_opportunities, opportunities   BG/BB
periods, left  shifted beta-geometric: whole periods completed, and whether the customer left

Values also need recency_days, T_days, first_spend and total_spend, as purchases.purchase_histories
gives them. Impossible or missing entries are errors. Left out of a fit are only customers without
`spend_days`, who tell the Gamma-Gamma model nothing; its `n` counts the rest. Where figures rest on
fewer than 10 customers they are missing and the tables say so; models that cannot be fitted and
covariates that cannot be used are listed with the reason.
"""

from cxlib.clv.assumptions import (
    REGULAR,
    SMALL_MISFIT,
    STEADY_PCT,
    WEAK_R,
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
from cxlib.clv.contract_value import (
    ContractValue,
    contract_counts,
    contract_value,
    contract_value_or_reason,
)
from cxlib.clv.covariate_report import CovariateReport, covariate_report
from cxlib.clv.covariates import CovariateFit, fit_with_covariates, likelihood_ratio_tests
from cxlib.clv.encoding import CovariateError
from cxlib.clv.equity import (
    CORNERS,
    Corner,
    CutOffs,
    cohort_values,
    concentration_curve,
    corner_cutoffs,
    corner_sentence,
    corner_table,
    top_shares,
    with_corner,
)
from cxlib.clv.fitting import ConvergenceError, Fit
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.histories import TooFewError
from cxlib.clv.model import PurchaseModel, Simulated
from cxlib.clv.modified_beta_geo_nbd import ModifiedBetaGeoNBD
from cxlib.clv.money_check import MoneyCheck, money_check
from cxlib.clv.negative_binomial import NegativeBinomial
from cxlib.clv.outlook import PurchaseOutlook, purchase_outlook
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
    "REGULAR",
    "SMALL_MISFIT",
    "STEADY_PCT",
    "WEAK_R",
    "Backtest",
    "BetaGeoBetaBinomial",
    "BetaGeoNBD",
    "Choice",
    "Comparison",
    "ContractValue",
    "ConvergenceError",
    "Corner",
    "CovariateError",
    "CovariateFit",
    "CovariateReport",
    "CutOffs",
    "Fit",
    "FrequencyFit",
    "GammaGamma",
    "ModifiedBetaGeoNBD",
    "MoneyCheck",
    "NegativeBinomial",
    "Origin",
    "ParetoNBD",
    "PurchaseModel",
    "PurchaseOutlook",
    "ShiftedBetaGeometric",
    "Simulated",
    "Terms",
    "TooFewError",
    "Valuation",
    "ValueDraws",
    "backtest",
    "choose",
    "cohort_values",
    "compare_models",
    "concentration_curve",
    "contract_counts",
    "contract_value",
    "contract_value_or_reason",
    "corner_cutoffs",
    "corner_sentence",
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
    "money_check",
    "new_customer",
    "paid_rate",
    "purchase_outlook",
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
