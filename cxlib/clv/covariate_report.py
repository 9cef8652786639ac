"""What customers bring with them, told: which covariates go with buying and leaving, how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cxlib.clv.covariates import LAWS, fit_with_covariates, likelihood_ratio_tests
from cxlib.clv.encoding import CovariateError
from cxlib.clv.fitting import ConvergenceError
from cxlib.clv.model import PurchaseModel

SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class CovariateReport:
    """Covariates of a purchase model, judged.

    tests     one row a covariate and one for all together (see `likelihood_ratio_tests`)
    effects   one row a contrast and quantity (see `CovariateFit.effects`)
    notes     what was done to levels and numbers, and which covariates were left out and why
    sentence  what it comes to
    Both frames are empty where no covariate could be used.
    """

    tests: pd.DataFrame
    effects: pd.DataFrame
    notes: tuple[str, ...]
    sentence: str

    @property
    def summary(self) -> pd.DataFrame:
        return self.effects


def covariate_report(
    kind: type[PurchaseModel],
    customers: pd.DataFrame,
    covariates: Sequence[str],
    *,
    level: float = 0.95,
) -> CovariateReport:
    """Fit `kind` with those of the `covariates` that can be used, and test each.

    `customers`: distinct histories with the covariates and a count `customers`. A covariate that
    allows no fit by itself (constant, missing numbers, a level that never bought again) is left out
    with the reason. A covariate is said to tell something when its p-value, corrected by Holm, is
    below 5 %; the sentence names its strongest ratio. These are associations of customers' kinds,
    not effects of changing them. Raises ValueError for a column that is absent, and what the fit
    without covariates raises.
    """
    if kind.label not in LAWS:
        empty = pd.DataFrame(columns=["covariate"])
        reason = f"{kind.label} takes no covariates: nobody leaves in it."
        return CovariateReport(empty, empty, (), reason)
    plain = kind.fit(customers)
    fit, usable, notes = None, [], []
    for name in covariates:
        try:
            fit = fit_with_covariates(kind, customers, [name], plain=plain)
        except (CovariateError, ConvergenceError) as error:
            notes.append(f"Left out: {error}")
        else:
            usable.append(name)
    if len(usable) > 1:
        try:
            fit = fit_with_covariates(kind, customers, usable, plain=plain)
        except (CovariateError, ConvergenceError) as error:
            fit = None
            notes.append(f"Together they cannot be fitted: {error}")
    if fit is None:
        empty = pd.DataFrame(columns=["covariate"])
        return CovariateReport(empty, empty, tuple(notes), "No covariate could be used.")
    tests = likelihood_ratio_tests(fit, customers, level=level)
    return CovariateReport(
        tests, fit.effects(level), tuple(fit.notes + notes), _sentence(tests, fit.n)
    )


def _sentence(tests: pd.DataFrame, n: int) -> str:
    single = tests.dropna(subset="covariate")
    telling = single[single["p_holm"] < SIGNIFICANCE]
    if telling.empty:
        names = ", ".join(single["covariate"])
        return (
            f"Nothing is shown to go with {names}: how often customers buy and how soon they leave "
            f"(likelihood-ratio tests, Holm, n = {n:,})."
        )
    parts = [
        f"{row.covariate} (p = {row.p_holm:.1g} for its {row.parameters} parameters together; the "
        f"largest ratio is {row.strongest}: {row.ratio:.2f}, {row.low:.2f} to {row.high:.2f})"
        for row in telling.itertuples()
    ]
    return (
        f"What customers bring with them goes with how they buy or leave: {'; '.join(parts)}. "
        f"Likelihood-ratio tests, Holm, n = {n:,}."
    )
