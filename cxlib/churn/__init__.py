"""Churn: who is likely to leave, when, what goes with it, and what it pays to do.

features     the model table of customers
models       logistic regression and boosting, pipelines for it
validation   models judged on customers that they were not fitted to, and the choice
ranking, calibration, lift, groups
             how good the risks are
leaks        features that may know the outcome
odds         what goes with leaving

Risks are probabilities from 0 to 1; decile 1 is the riskiest tenth.

Intervals of a model's quality describe the sampling of customers given the out-of-fold predictions.
They do not hold the variation of fitting again on other data; `Validation.fold_variation` shows
some of it.
"""

from cxlib.churn.calibration import (
    brier,
    brier_skill,
    calibration_intercept,
    calibration_slope,
    calibration_verdict,
)
from cxlib.churn.features import Features, features
from cxlib.churn.groups import churn_rates
from cxlib.churn.leaks import leak_warning, single_features
from cxlib.churn.lift import deciles, risk_table, targeting
from cxlib.churn.models import boosting, logistic
from cxlib.churn.odds import OddsRatios, collinearity, odds_ratios
from cxlib.churn.ranking import auc, auc_difference, average_precision, delong
from cxlib.churn.validation import BASE_RATE, Validation, cross_validate

__all__ = [
    "BASE_RATE",
    "Features",
    "OddsRatios",
    "Validation",
    "auc",
    "auc_difference",
    "average_precision",
    "boosting",
    "brier",
    "brier_skill",
    "calibration_intercept",
    "calibration_slope",
    "calibration_verdict",
    "churn_rates",
    "collinearity",
    "cross_validate",
    "deciles",
    "delong",
    "features",
    "leak_warning",
    "logistic",
    "odds_ratios",
    "risk_table",
    "single_features",
    "targeting",
]
