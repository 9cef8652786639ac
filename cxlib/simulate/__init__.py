"""Seeded inputs of two invented companies, with the truth behind them known.

Simorgh Bank and Simorgh Mobile do not exist: names, branches, people and figures are made up, so
that an analysis can be checked against what really holds. `python -m cxlib.simulate` writes the
shipped files and their truths again, byte for byte.

survey     customers' expectations, perceptions and least acceptable levels, in two waves
internal   what managers, standards, staff and promises say of the same items
feedback   monthly recommendation, satisfaction and ease, with ratings of six drivers
indices    complaints, market share and profit by month
purchases  when customers without contracts buy, by three laws of dropping out
subscriptions  when telephone customers leave and why, by month, and what a campaign changes
"""

from cxlib.simulate.feedback import (
    combination_chances,
    driver_asymmetry,
    driver_importance,
    expected_feedback,
    expected_metrics,
    feedback_responses,
    nps_change_at_fixed_mix,
    population_margins,
)
from cxlib.simulate.indices import monthly_indices
from cxlib.simulate.internal import expected_internal, internal_answers
from cxlib.simulate.purchases import purchase_histories, purchase_times
from cxlib.simulate.shipped import (
    COMPANY,
    SEED,
    TELEPHONE_COMPANY,
    main,
    subscribers,
    survey_waves,
)
from cxlib.simulate.subscriptions import SimulatedSubscriptions, telephone_customers
from cxlib.simulate.survey import (
    BRANCH_EFFECTS,
    CUTS,
    EXPECTATION_SD,
    IMPORTANCE,
    LATENT_CORRELATION,
    LATENT_MEANS,
    MISSING_RATE,
    PERCEPTION_SD,
    REPEAT_RATE,
    adequate_chances,
    expected_answers,
    joint_chances,
    servqual,
)

__all__ = [
    "BRANCH_EFFECTS",
    "COMPANY",
    "CUTS",
    "EXPECTATION_SD",
    "IMPORTANCE",
    "LATENT_CORRELATION",
    "LATENT_MEANS",
    "MISSING_RATE",
    "PERCEPTION_SD",
    "REPEAT_RATE",
    "SEED",
    "TELEPHONE_COMPANY",
    "SimulatedSubscriptions",
    "adequate_chances",
    "combination_chances",
    "driver_asymmetry",
    "driver_importance",
    "expected_answers",
    "expected_feedback",
    "expected_internal",
    "expected_metrics",
    "feedback_responses",
    "internal_answers",
    "joint_chances",
    "main",
    "monthly_indices",
    "nps_change_at_fixed_mix",
    "population_margins",
    "purchase_histories",
    "purchase_times",
    "servqual",
    "subscribers",
    "survey_waves",
    "telephone_customers",
]
