"""What customers bring with them: BG/NBD, MBG/NBD and Pareto/NBD with covariates of the customer.

Covariates are known from the start and do not change (channel of the first purchase, size of the
first basket): Fader & Hardie 2007, note "Incorporating time-invariant covariates into the
Pareto/NBD and BG/NBD models".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtri

from cxlib.clv import beta_geo_nbd, modified_beta_geo_nbd, pareto_nbd
from cxlib.clv.encoding import (
    Covariate,
    CovariateError,
    LevelCovariate,
    design_columns,
    read_covariate,
)
from cxlib.clv.fitting import ConvergenceError, Derivatives, Fit, newton
from cxlib.clv.histories import MANY, THINNED, FloatArray, Histories, history_arrays
from cxlib.clv.model import PurchaseModel
from cxlib.inference import holm

RowDerivatives = tuple[FloatArray, FloatArray, FloatArray]
Model = TypeVar("Model", bound=PurchaseModel)

# Rows whose derivatives are held at once.
BLOCK = 1 << 13


class Law(NamedTuple):
    """Where covariates enter a model: log parameter j of a customer is its base + sign_j g_j'z.

    `signs` has one entry a parameter (0: no covariates). `quantities` names what they multiply and
    the signed sum of the g_j in the logarithm of the ratio.
    """

    row_derivatives: Callable[..., RowDerivatives]
    signs: tuple[int, int, int, int]
    quantities: dict[str, tuple[int, int, int, int]]


BETA_GEOMETRIC = {"purchase rate": (0, 1, 0, 0), "dropout odds": (0, 0, 1, -1)}
LAWS: dict[str, Law] = {
    "BG/NBD": Law(beta_geo_nbd.row_derivatives, (0, -1, 1, 1), BETA_GEOMETRIC),
    "MBG/NBD": Law(modified_beta_geo_nbd.row_derivatives, (0, -1, 1, 1), BETA_GEOMETRIC),
    "Pareto/NBD": Law(
        pareto_nbd.row_derivatives,
        (0, -1, 0, -1),
        {"purchase rate": (0, 1, 0, 0), "dropout rate": (0, 0, 0, 1)},
    ),
}


@dataclass(frozen=True)
class CovariateFit(Generic[Model]):
    """A model whose parameters depend on covariates z of the customer.

    alpha_i = alpha exp(-g1'z_i) for the purchase rate; for dropping out a_i = a exp(g2'z_i),
    b_i = b exp(g3'z_i) in BG/NBD and MBG/NBD, beta_i = beta exp(-g2'z_i) in Pareto/NBD.

    `base` is the model of a customer at the reference levels and the mean of every number;
    `coefficients` one row for each of the four parameters, one column for each contrast of the
    covariates in turn, 0 where covariates do not enter. `cov` is the inverse of the observed
    information for the logarithms of the four parameters and the g, in the order of `params`.
    `plain` is the fit to the same customers without covariates.
    """

    plain: Fit[Model]
    base: Model
    covariates: tuple[Covariate, ...]
    coefficients: FloatArray
    cov: FloatArray
    llf: float
    n: int
    iterations: int
    converged: bool

    @property
    def params(self) -> pd.Series:
        """The four parameters of `base`, then the g: "<parameter>: <covariate> = <level>"."""
        names = [field.name for field in fields(self.base)]
        labels = [
            f"{names[j]}: {contrast}" for j in _entered(self._law) for contrast in self._labels
        ]
        values = [*astuple(self.base), *self.coefficients[_entered(self._law)].ravel()]
        return pd.Series(values, index=[*names, *labels], name="estimate", dtype=float)

    @property
    def bse(self) -> pd.Series:
        """Standard errors, of the four parameters by the delta method."""
        scale = np.ones(len(self.cov))
        scale[:4] = astuple(self.base)
        errors = scale * np.sqrt(np.diag(self.cov))
        return pd.Series(errors, index=self.params.index, name="standard_error")

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        """Wald intervals, on the log scale for the four parameters."""
        z, values = ndtri(0.5 + level / 2), self.params.to_numpy(copy=True)
        values[:4] = np.log(values[:4])
        margin = z * np.sqrt(np.diag(self.cov))
        bounds = np.column_stack([values - margin, values + margin])
        bounds[:4] = np.exp(bounds[:4])
        return pd.DataFrame(bounds, index=self.params.index, columns=["low", "high"])

    @property
    def summary(self) -> pd.DataFrame:
        """One row a parameter: estimate, standard_error, low, high (95 %)."""
        return pd.concat([self.params, self.bse, self.conf_int()], axis=1)

    @property
    def aic(self) -> float:
        return 2 * len(self.cov) - 2 * self.llf

    @property
    def bic(self) -> float:
        return float(len(self.cov) * np.log(self.n) - 2 * self.llf)

    @property
    def notes(self) -> list[str]:
        """What was done to the values of the covariates, in sentences."""
        return [note for covariate in self.covariates for note in covariate.notes]

    def effects(self, level: float = 0.95) -> pd.DataFrame:
        """What covariates do, as ratios with Wald intervals of their logarithms.

        One row a contrast and quantity: covariate, contrast, against, quantity, ratio, low, high,
        n (customers who show the contrast). "purchase rate": of the mean rate while alive,
        exp(g1). "dropout odds" (BG/NBD, MBG/NBD): of a / b, the odds of the mean dropout chance,
        exp(g2 - g3). "dropout rate" (Pareto/NBD): of the mean rate s / beta, exp(g2).
        """
        z, rows = ndtri(0.5 + level / 2), []
        entered, width = _entered(self._law), self.coefficients.shape[1]
        contrasts = [(one.name, *rest) for one in self.covariates for rest in one.contrasts]
        for place, (covariate, contrast, against, n) in enumerate(contrasts):
            for quantity, parts in self._law.quantities.items():
                weight = np.zeros(len(self.cov))
                weight[4 + place :: width] = [parts[j] for j in entered]
                log_ratio = np.array(parts) @ self.coefficients[:, place]
                margin = z * np.sqrt(weight @ self.cov @ weight)
                ratios = np.exp([log_ratio, log_ratio - margin, log_ratio + margin])
                rows.append((covariate, contrast, against, quantity, *ratios, n))
        columns = ["covariate", "contrast", "against", "quantity", "ratio", "low", "high", "n"]
        return pd.DataFrame(rows, columns=columns)

    def parameters(self, customers: pd.DataFrame) -> pd.DataFrame:
        """The four parameters of each customer, one row each.

        Raises ValueError for a covariate that is absent, CovariateError for a number that is
        missing and a level that the fit has not seen; a missing text is the level "not stated" if
        the fit has it.
        """
        design = design_columns(self.covariates, customers)
        logs = np.log(astuple(self.base)) + design @ (self._signed.T)
        names = [field.name for field in fields(self.base)]
        return pd.DataFrame(np.exp(logs), index=customers.index, columns=names)

    def model_for(self, profile: Mapping[str, object]) -> Model:
        """The plain model of customers with these covariates, `profile` by name of the column."""
        return self._model(self.parameters(pd.DataFrame([dict(profile)])).to_numpy()[0])

    def profiles(self, customers: pd.DataFrame) -> Iterator[tuple[Model, NDArray[np.intp]]]:
        """The plain model of each distinct profile among `customers`, and the rows that have it."""
        parameters = self.parameters(customers).to_numpy()
        place = _grouped(parameters.T)
        order = np.argsort(place, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(place[order])) + 1):
            if len(rows):
                yield self._model(parameters[rows[0]]), rows

    def probability_alive(self, customers: pd.DataFrame) -> FloatArray:
        """P(alive at T), one a row, by the model of the row's profile."""
        return self._by_profile(customers, lambda model, part: model.probability_alive(part))

    def expected_purchases(self, customers: pd.DataFrame, weeks: float) -> FloatArray:
        """Expected purchases in the `weeks` after T, one a row, by the model of its profile."""
        return self._by_profile(
            customers, lambda model, part: model.expected_purchases(part, weeks)
        )

    def _by_profile(
        self, customers: pd.DataFrame, of_model: Callable[[Model, pd.DataFrame], FloatArray]
    ) -> FloatArray:
        result = np.empty(len(customers))
        for model, rows in self.profiles(customers):
            result[rows] = of_model(model, customers.iloc[rows])
        return result

    def _model(self, parameters: FloatArray) -> Model:
        names = [field.name for field in fields(self.base)]
        return replace(self.base, **dict(zip(names, parameters.tolist(), strict=True)))

    @property
    def _law(self) -> Law:
        return LAWS[self.base.label]

    @property
    def _signed(self) -> FloatArray:
        return np.array(self._law.signs)[:, None] * self.coefficients

    @property
    def _labels(self) -> list[str]:
        labels = []
        for one in self.covariates:
            text = isinstance(one, LevelCovariate)
            labels += [f"{one.name} = {what}" if text else one.name for what, *_ in one.contrasts]
        return labels


def fit_with_covariates(
    kind: type[Model],
    customers: pd.DataFrame,
    covariates: Sequence[str],
    *,
    plain: Fit[Model] | None = None,
) -> CovariateFit[Model]:
    """Maximum likelihood of a purchase model with `covariates`, columns of `customers`.

    `customers` holds histories (frequency, recency_weeks, T_weeks), one row a customer or with a
    count `customers`. A number is standardized to mean 0 and standard deviation 1 (take the
    logarithm of amounts first); it must not be missing. One of more than 20 distinct values is read
    in at most 10 classes of about equally many customers, each with its mean. Text and True / False
    become indicators against the most frequent level; a missing one is the level "not stated";
    levels of fewer than 10 customers and all but the 10 largest are put together. `notes` tells
    both. Equal histories of equal covariates are added up; Newton's method starts from `plain`, the
    fit to these customers without covariates (absent: made here), gradient and Hessian by the chain
    rule from the model's own.

    Raises ValueError for a column that is absent or named twice, CovariateError for one that is
    constant, a missing number and covariates that determine one another, ConvergenceError when no
    maximum is found, and what the plain fit raises.
    """
    if not covariates or len(set(covariates)) < len(covariates):
        raise ValueError("covariates: name at least one column, and none twice.")
    data = history_arrays(customers)
    known = tuple(read_covariate(name, customers, data.customers) for name in covariates)
    return _fit(kind.fit(data) if plain is None else plain, known, customers)


def likelihood_ratio_tests(
    fit: CovariateFit[Model], customers: pd.DataFrame, *, level: float = 0.95
) -> pd.DataFrame:
    """Does each covariate tell anything? `customers` are those of the fit.

    One row a `covariate`, against the model without it and with the others, and last one of all
    together, whose `covariate` is missing, against the model without any: parameters (how many it
    takes), likelihood_ratio = 2 (log-likelihood with - without), p_value from its chi-square
    distribution, p_holm (corrected for the number of covariates; Holm 1979), bic_gain (BIC without
    - with: above 0 it pays for its parameters), and as effect size the largest ratio of its
    `effects`: strongest, ratio, low, high (at `level`). n is that of the fit.
    """
    effects, rows = fit.effects(level), []
    for one in (*fit.covariates, None):
        rest = tuple(other for other in fit.covariates if one is not None and other is not one)
        if rest:
            less = _fit(fit.plain, rest, customers)
            llf, extra = less.llf, len(fit.cov) - len(less.cov)
        else:
            llf, extra = fit.plain.llf, len(fit.cov) - 4
        gain = max(2 * (fit.llf - llf), 0.0)
        own = effects if one is None else effects[effects["covariate"].eq(one.name)]
        top = own.loc[np.log(own["ratio"]).abs().idxmax()]
        name, bic_gain = None if one is None else one.name, gain - extra * np.log(fit.n)
        strongest = f"{top['quantity']}: {top['covariate']}, {top['contrast']}"
        figures = (gain, float(chdtrc(extra, gain)), np.nan, bic_gain)
        rows.append((name, extra, *figures, strongest, *top[["ratio", "low", "high"]], fit.n))
    columns = ["covariate", "parameters", "likelihood_ratio", "p_value", "p_holm", "bic_gain"]
    columns += ["strongest", "ratio", "low", "high", "n"]
    table = pd.DataFrame(rows, columns=columns)
    table["p_holm"] = [*holm(table["p_value"].iloc[:-1]), np.nan]
    return table


def _fit(
    plain: Fit[Model], covariates: tuple[Covariate, ...], customers: pd.DataFrame
) -> CovariateFit[Model]:
    kind = type(plain.model)
    if plain.fixed:
        raise ConvergenceError(
            f"{kind.label}: the {plain.n:,} customers are not shown to differ in how they drop "
            "out, so that its four parameters, from which covariates start, are not determined."
        )
    data, design = _distinct(history_arrays(customers), design_columns(covariates, customers))
    _require_told_apart(covariates, data, design)
    law = LAWS[kind.label]
    start = np.zeros(4 + len(_entered(law)) * design.shape[1])
    start[:4] = np.log(astuple(plain.model))
    if len(design) >= MANY:
        part = Histories(*(column[::THINNED] for column in data))
        found = newton(lambda point: likelihood(point, law, part, design[::THINNED]), start)
        start = start if found is None else found[0]
    found = newton(lambda point: likelihood(point, law, data, design), start)
    if found is None:
        raise ConvergenceError(
            f"{kind.label} with {', '.join(one.name for one in covariates)} did not converge: the "
            f"{plain.n:,} customers do not determine its {len(start)} parameters"
            f"{_smallest(covariates)}. Leave covariates out, put levels together, or take a longer "
            "period."
        )
    point, llf, information, iterations = found
    coefficients = np.zeros((4, design.shape[1]))
    coefficients[_entered(law)] = point[4:].reshape(len(_entered(law)), -1)
    base = kind(*np.exp(point[:4]).tolist())
    cov = np.asarray(np.linalg.inv(information), dtype=float)
    return CovariateFit(plain, base, covariates, coefficients, cov, llf, plain.n, iterations, True)


def likelihood(point: FloatArray, law: Law, data: Histories, design: FloatArray) -> Derivatives:
    """Log-likelihood with gradient and Hessian in the four logarithms and the g.

    With e = (1, z) the log parameter j of a row is linear in e, so that the derivatives are those
    of the row times e and e e', a block of them for each j and each pair of j.
    """
    entered, width = _entered(law), design.shape[1] + 1
    signs = np.ones((4, width))
    signs[:, 1:] = np.array(law.signs)[:, None]
    linear = np.zeros((4, width))
    linear[:, 0] = point[:4]
    linear[entered, 1:] = point[4:].reshape(len(entered), -1)
    value, gradient, hessian = 0.0, np.zeros((4, width)), np.zeros((4, width, 4, width))
    for first in range(0, len(design), BLOCK):
        rows = slice(first, first + BLOCK)
        part = Histories(*(column[rows] for column in data))
        e = np.column_stack([np.ones(len(part.x)), design[rows]])
        of_row, slope, curvature = law.row_derivatives(*np.exp(signs * linear @ e.T), part)
        value += float(of_row @ part.customers)
        gradient += (slope * part.customers[:, None]).T @ e
        for j, k in zip(*np.tril_indices(4), strict=True):
            hessian[j, :, k] += e.T @ (e * (part.customers * curvature[:, j, k])[:, None])
    for j, k in zip(*np.triu_indices(4, 1), strict=True):
        hessian[j, :, k] = hessian[k, :, j]
    # The logarithms first, then the g of each parameter that covariates enter.
    free = np.arange(4 * width).reshape(4, width)
    free = np.concatenate([free[:, 0], free[entered, 1:].ravel()])
    sign = signs.ravel()[free]
    curved = hessian.reshape(4 * width, -1)[np.ix_(free, free)]
    return value, gradient.ravel()[free] * sign, curved * np.outer(sign, sign)


def _entered(law: Law) -> list[int]:
    """The parameters that covariates enter."""
    return [j for j, sign in enumerate(law.signs) if sign]


def _smallest(covariates: Sequence[Covariate]) -> str:
    """The level that most likely has too few customers for its own parameters."""
    levels = [
        (count, level, one.name)
        for one in covariates
        if isinstance(one, LevelCovariate)
        for level, count in zip(one.levels, one.counts, strict=True)
    ]
    if not levels:
        return ""
    count, level, name = min(levels)
    return f"; the smallest level is {level!r} of {name}, {count:,} customers"


def _distinct(data: Histories, design: FloatArray) -> tuple[Histories, FloatArray]:
    """Distinct histories and covariates together, with their customers added up."""
    place = _grouped([*data[:3], *design.T])
    first = np.flatnonzero(np.diff(np.maximum.accumulate(place), prepend=-1))
    counts = np.asarray(np.bincount(place, weights=data.customers), dtype=float)
    return Histories(data.x[first], data.t_x[first], data.T[first], counts), design[first]


def _grouped(columns: Sequence[FloatArray] | FloatArray) -> NDArray[np.intp]:
    """The number of the distinct row that each row is, in order of appearance."""
    place = np.zeros(len(columns[0]), dtype=np.intp)
    for column in columns:
        code, distinct = pd.factorize(column)
        place, _ = pd.factorize(place * len(distinct) + code)
    return place


def _require_told_apart(
    covariates: Sequence[Covariate], data: Histories, design: FloatArray
) -> None:
    """Raises CovariateError when the likelihood cannot have a maximum with these columns."""
    e = np.column_stack([np.ones(len(design)), design])
    gram = e.T @ (e * data.customers[:, None]) / data.customers.sum()
    if np.linalg.cond(gram) > 1e10:
        raise CovariateError(
            f"{', '.join(one.name for one in covariates)}: some covariates determine one another; "
            "leave one of them out."
        )
    repeat = design[data.x > 0]
    column = 0
    for one in covariates:
        for contrast, _, _ in one.contrasts:
            if isinstance(one, LevelCovariate) and not repeat[:, column].any():
                raise CovariateError(
                    f"{one.name}: nobody of level {contrast!r} bought again, so that its rate "
                    "has no estimate. Put it together with another level."
                )
            column += 1
