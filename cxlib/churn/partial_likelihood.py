"""Cox's partial likelihood with Efron's ties and delayed entry, for any number of distinct days.

Own: statsmodels' PHReg counts a customer who enters at the very time of an event as at risk of it,
which R and lifelines do not (with whole months that is every customer), takes no such sums as the
residuals need, and loops over the days in Python.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlib.churn.lifetimes import BoolArray, FloatArray

MAX_STEPS = 25


@dataclass(frozen=True)
class PartialLikelihood:
    """The maximum: log hazard ratios, their covariance, and what each leaver adds.

    `residuals`: Schoenfeld residuals, a row a leaver in the order of `event_times`.
    """

    params: FloatArray
    covariance: FloatArray
    log_likelihood: float
    event_times: FloatArray
    residuals: FloatArray


@dataclass(frozen=True)
class AtRisk:
    """Customers with their time at risk and the columns of their design that count.

    `terms` says what a column is (see `design_matrix`), `step` what one unit of it is in the
    standardized design.
    """

    entry: FloatArray
    duration: FloatArray
    left: BoolArray
    design: FloatArray
    terms: pd.DataFrame
    step: FloatArray


@dataclass(frozen=True)
class _Terms:
    log_likelihood: float
    gradient: FloatArray
    information: FloatArray
    means: FloatArray


class _RiskSets:
    """Who is at risk at which distinct time of leaving: from its `first` to before its `last`."""

    def __init__(
        self, entry: FloatArray, duration: FloatArray, left: BoolArray, design: FloatArray
    ):
        self.times, self.event = np.unique(duration[left], return_inverse=True)
        self.first = np.searchsorted(self.times, entry, "right")
        self.last = np.searchsorted(self.times, duration, "right")
        self.design, self.left = design, left
        order = np.argsort(self.event, kind="stable")
        tied = np.bincount(self.event)
        self.time_of = np.repeat(np.arange(len(tied)), tied)
        before = np.arange(len(order)) - np.repeat(np.cumsum(tied) - tied, tied)
        self.share_gone = before / tied[self.time_of]  # Efron: of the tied, so many have left
        self.rows = np.flatnonzero(left)[order]
        self.tied = tied

    def sums(self, weight: FloatArray) -> FloatArray:
        """Of each distinct time: the sum of the weights of those at risk."""
        size = len(self.times)
        came = np.bincount(self.first, weights=weight, minlength=size + 1)
        gone = np.bincount(self.last, weights=weight, minlength=size + 1)
        return np.asarray((np.cumsum(came) - np.cumsum(gone))[:size], dtype=float)

    def tied_sums(self, weight: FloatArray) -> FloatArray:
        """Of each distinct time: the sum of the weights of those who leave at it."""
        left = np.bincount(self.time_of, weights=weight[self.rows], minlength=len(self.times))
        return np.asarray(left, dtype=float)

    def terms(self, params: FloatArray) -> _Terms:
        score = self.design @ params
        highest = score.max()
        risk = np.exp(score - highest)
        gone = self.share_gone
        total = self.sums(risk)[self.time_of] - gone * self.tied_sums(risk)[self.time_of]
        means = np.empty((len(gone), self.design.shape[1]))
        for column, values in enumerate(self.design.T):
            weighted = risk * values
            all_, tied = self.sums(weighted), self.tied_sums(weighted)
            means[:, column] = all_[self.time_of] - gone * tied[self.time_of]
        # Coefficients on their way to infinity may leave nothing but rounding: not a number then,
        # which is no higher likelihood.
        total = np.where(total > 0, total, np.nan)
        means /= total[:, None]
        steps = np.bincount(self.time_of, weights=1 / total)
        cumulative = np.r_[0.0, np.cumsum(steps)]
        each = cumulative[self.last] - cumulative[self.first]
        each[self.rows] -= np.bincount(self.time_of, weights=gone / total)[self.time_of]
        weighted_design = self.design * (risk * each)[:, None]
        return _Terms(
            float((score[self.rows] - highest - np.log(total)).sum()),
            self.design[self.rows].sum(axis=0) - means.sum(axis=0),
            self.design.T @ weighted_design - means.T @ means,
            means,
        )


def maximum_partial_likelihood(
    entry: FloatArray, duration: FloatArray, left: BoolArray, design: FloatArray
) -> PartialLikelihood:
    """Maximum of Cox's (1972) partial likelihood with Efron's (1977) ties.

    At risk at t: entry < t <= duration. Newton's steps, halved where they do not raise the
    likelihood. `design`: columns of comparable spread about zero. The covariance is the inverse of
    the observed information. Raises ValueError where there is no finite maximum: then some
    combination of features separates.
    """
    sets = _RiskSets(entry, duration, left, design)
    params = np.zeros(design.shape[1])
    terms = sets.terms(params)
    for _ in range(MAX_STEPS):
        try:
            step = np.linalg.solve(terms.information, terms.gradient)
        except np.linalg.LinAlgError:
            break
        # On the step, as coefficients that grow without end do so by about one a step.
        if np.abs(step).max() < 1e-9:
            return _result(sets, params, terms)
        tried = sets.terms(params + step)
        while not tried.log_likelihood >= terms.log_likelihood - 1e-9 and np.abs(step).max() > 1e-9:
            step = step / 2
            tried = sets.terms(params + step)
        params, terms = params + step, tried
    raise ValueError(
        "The regression has no finite maximum: some combination of features separates (nearly) "
        "all who left from all who stayed."
    )


def _result(sets: _RiskSets, params: FloatArray, terms: _Terms) -> PartialLikelihood:
    mean = np.column_stack(
        [np.bincount(sets.time_of, weights=column) / sets.tied for column in terms.means.T]
    )
    return PartialLikelihood(
        params,
        np.asarray(np.linalg.inv(terms.information), dtype=float),
        terms.log_likelihood,
        sets.times[sets.time_of],
        sets.design[sets.rows] - mean[sets.time_of],
    )
