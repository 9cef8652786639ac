"""Churn: who is likely to leave, when, what goes with it, and what it pays to do.

features     the model table of customers
snapshots    who was a customer at a cut-off, what was known then, and who left after it
             (contract_snapshots, purchase_snapshots: the two worlds; days: dates as numbers)
scoring      risks of all customers, batch by batch
models       logistic regression and boosting as tuned, calibrated classifiers (encoding, folds)
validation   models judged on customers that they were not fitted to (choice: which one to use)
saving, card a model in a file, and a page about it
ranking, calibration, lift, groups
             how good the risks are
leaks        features that may know the outcome (leak_checks, missing, outcome_names), and the AUC
             of each feature alone (single)
drift        features and risks against those of an earlier run
followup     what became of the customers that an earlier run scored
lifetimes    how long customers were customers, and while watched
survival, incidence, remaining, log_rank
             when they leave, for which cause, how many months are to come; do groups differ
odds, cox    what goes with leaving, and with leaving sooner (design: what coefficients are of;
             partial_likelihood, concordance, proportionality)
retention    churn and revenue by month, cohorts
profit, empc what a campaign earns, how far down a ranking it pays (gains: cumulated amounts)
contacts     whom to contact, and what that should earn
experiment, effect
             who is held out and how many; what a campaign did
uplift       whom contact keeps, from customers contacted at random
reasons      what makes up a customer's risk, in parts that add up and in words
importance, dependence
             what a model's risks rest on, and how they move with a feature

Risks are probabilities from 0 to 1; decile 1 is the riskiest tenth.

Intervals of a model's quality describe the sampling of customers given the out-of-fold predictions.
They do not hold the variation of fitting again on other data; `Validation.splits` shows some of it.
"""

from cxlib.churn.calibration import (
    CalibrationCurve,
    brier,
    brier_parts,
    brier_skill,
    calibration_curve,
    calibration_intercept,
    calibration_slope,
    calibration_verdict,
    is_calibrated,
)
from cxlib.churn.card import model_card
from cxlib.churn.contacts import (
    CampaignProfit,
    RuleProfit,
    campaign_profit,
    contact_list,
    contacts_sentence,
    rule_profit,
)
from cxlib.churn.cox import Cox, cox
from cxlib.churn.current import CurrentCustomers, current_customers
from cxlib.churn.dependence import accumulated_effects, partial_dependence
from cxlib.churn.drift import Drift, drift, reference_shares
from cxlib.churn.effect import CampaignEffect, campaign_effect
from cxlib.churn.empc import ExpectedMaximumProfit, empc, empc_difference
from cxlib.churn.experiment import (
    Balance,
    ExperimentPlan,
    assign_holdout,
    balance,
    plan_experiment,
)
from cxlib.churn.features import Features, enough_to_model, features
from cxlib.churn.followup import Outcomes, PreviousRun, outcomes_since, previous_run
from cxlib.churn.groups import GroupQuality, by_group, churn_rates, likeliest_to_leave
from cxlib.churn.importance import Importance, associations, permutation_importance
from cxlib.churn.incidence import CumulativeIncidence, cumulative_incidence
from cxlib.churn.leaks import Leaks, leak_report, leak_warning
from cxlib.churn.lifetimes import Lifetimes, lifetimes
from cxlib.churn.lift import deciles, risk_table, targeting
from cxlib.churn.log_rank import GroupComparison, compare_groups
from cxlib.churn.models import BASE_RATE, ChurnModel
from cxlib.churn.odds import OddsRatios, collinearity, odds_ratios
from cxlib.churn.profit import (
    Campaign,
    ProfitCurve,
    break_even_risk,
    break_even_success,
    expected_profit,
    profit_curve,
    sensitivity,
)
from cxlib.churn.ranking import auc, auc_difference, average_precision, delong
from cxlib.churn.reasons import contributions, cross_fitted_contributions, reasons
from cxlib.churn.remaining import RemainingMonths, remaining_months
from cxlib.churn.retention import Cohorts, Retention, cohort_retention, monthly_retention
from cxlib.churn.saving import ModelFileError, load_model, save_model
from cxlib.churn.scoring import score
from cxlib.churn.single import single_features
from cxlib.churn.snapshots import Snapshots, snapshots
from cxlib.churn.survival import KaplanMeier, kaplan_meier, outlived
from cxlib.churn.uplift import (
    Uplift,
    effect_regressor,
    qini,
    qini_difference,
    uplift,
    uplift_curve,
    uplift_fifths,
)
from cxlib.churn.validation import Validation, final_model, validate
from cxlib.churn.values import Values, contract_values, known_values, value_table, values

__all__ = [
    "BASE_RATE",
    "Balance",
    "CalibrationCurve",
    "Campaign",
    "CampaignEffect",
    "CampaignProfit",
    "ChurnModel",
    "Cohorts",
    "Cox",
    "CumulativeIncidence",
    "CurrentCustomers",
    "Drift",
    "ExpectedMaximumProfit",
    "ExperimentPlan",
    "Features",
    "GroupComparison",
    "GroupQuality",
    "Importance",
    "KaplanMeier",
    "Leaks",
    "Lifetimes",
    "ModelFileError",
    "OddsRatios",
    "Outcomes",
    "PreviousRun",
    "ProfitCurve",
    "RemainingMonths",
    "Retention",
    "RuleProfit",
    "Snapshots",
    "Uplift",
    "Validation",
    "Values",
    "accumulated_effects",
    "assign_holdout",
    "associations",
    "auc",
    "auc_difference",
    "average_precision",
    "balance",
    "break_even_risk",
    "break_even_success",
    "brier",
    "brier_parts",
    "brier_skill",
    "by_group",
    "calibration_curve",
    "calibration_intercept",
    "calibration_slope",
    "calibration_verdict",
    "campaign_effect",
    "campaign_profit",
    "churn_rates",
    "cohort_retention",
    "collinearity",
    "compare_groups",
    "contact_list",
    "contacts_sentence",
    "contract_values",
    "contributions",
    "cox",
    "cross_fitted_contributions",
    "cumulative_incidence",
    "current_customers",
    "deciles",
    "delong",
    "drift",
    "effect_regressor",
    "empc",
    "empc_difference",
    "enough_to_model",
    "expected_profit",
    "features",
    "final_model",
    "is_calibrated",
    "kaplan_meier",
    "known_values",
    "leak_report",
    "leak_warning",
    "lifetimes",
    "likeliest_to_leave",
    "load_model",
    "model_card",
    "monthly_retention",
    "odds_ratios",
    "outcomes_since",
    "outlived",
    "partial_dependence",
    "permutation_importance",
    "plan_experiment",
    "previous_run",
    "profit_curve",
    "qini",
    "qini_difference",
    "reasons",
    "reference_shares",
    "remaining_months",
    "risk_table",
    "rule_profit",
    "save_model",
    "score",
    "sensitivity",
    "single_features",
    "snapshots",
    "targeting",
    "uplift",
    "uplift_curve",
    "uplift_fifths",
    "validate",
    "value_table",
    "values",
]
