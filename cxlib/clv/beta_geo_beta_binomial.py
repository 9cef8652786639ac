"""The BG/BB model: customers who can buy only at set opportunities, such as a yearly appeal."""

import itertools
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaln, digamma, gammaln, polygamma

from cxlib.clv.fitting import Derivatives, Fit, maximize
from cxlib.clv.histories import FloatArray, read_columns, require_enough
from cxlib.clv.shifted_beta_geometric import ShiftedBetaGeometric, discounted_survival

Function = Callable[[FloatArray], FloatArray]

# Summands of the likelihood held at once.
BLOCK = 1 << 17


class Opportunities(NamedTuple):
    """Distinct histories: purchases x, opportunity of the last t_x, opportunities n, and counts."""

    x: NDArray[np.int64]
    t_x: NDArray[np.int64]
    n: NDArray[np.int64]
    customers: FloatArray


@dataclass(frozen=True)
class BetaGeoBetaBinomial:
    """The BG/BB model (Fader, Hardie & Shang 2010, Marketing Science 29:1086-1108).

    At each opportunity a customer first drops out for good with an own chance
    theta ~ Beta(gamma, delta), or else buys with an own chance p ~ Beta(alpha, beta), p and theta
    independent.

    Histories are a frame with one row a customer, or with a count `customers`:
    frequency              opportunities with a purchase, x; the one that made them a customer
                           is not counted
    recency_opportunities  the last of them, t_x (0 without any)
    opportunities          how many there were since, n
    To make it, number each customer's opportunities after the first purchase 1, 2, ... n; of those
    with a purchase, whatever was bought, x is the count and t_x the largest number.
    """

    alpha: float
    beta: float
    gamma: float
    delta: float

    has_mean: ClassVar[bool] = True  # over finitely many opportunities

    @staticmethod
    def fit(histories: pd.DataFrame) -> Fit["BetaGeoBetaBinomial"]:
        """Maximum likelihood by Newton's method, gradient and Hessian analytic.

        Equal histories are added up first. Raises ValueError when a column is missing or
        impossible, TooFewError for fewer than 30 customers or 10 who bought again, and
        ConvergenceError when no maximum is found.
        """
        data, _ = _opportunities(histories)
        n, repeat = int(data.customers.sum()), int(data.customers[data.x > 0].sum())
        require_enough(n, repeat)
        return maximize(
            BetaGeoBetaBinomial,
            lambda values: likelihood(values, data),
            [(1.0, 1.0, 0.5, 3.0), (1.0, 1.0, 1.0, 1.0), (0.5, 2.0, 0.5, 10.0)],
            n,
            "when nobody seems to drop out `gamma` nears 0; when customers are alike in buying or "
            "in dropping out, a pair of parameters grows without end; one or two opportunities "
            "tell buying and dropping out hardly apart",
        )

    def log_likelihood(self, histories: pd.DataFrame) -> float:
        """Log-likelihood of the histories, the order of purchases taken as known.

        B(alpha + x, beta + n - x) B(gamma, delta + n) + sum over i = 0 .. n - t_x - 1 of
        B(alpha + x, beta + t_x - x + i) B(gamma + 1, delta + t_x + i), over
        B(alpha, beta) B(gamma, delta).
        """
        return likelihood(self._values, _opportunities(histories)[0])[0]

    def probability_alive(self, histories: pd.DataFrame) -> FloatArray:
        """P(alive at opportunity n + 1 | x, t_x, n), one a row (eq. 11 of the paper).

        B(alpha + x, beta + n - x) B(gamma, delta + n + 1) / (B(alpha, beta) B(gamma, delta) L),
        L the likelihood of the history.
        """
        data, place = _opportunities(histories)
        return (self._alive_at_last(data) * self._staying.retention(data.n + 1))[place]

    def expected_purchases(self, histories: pd.DataFrame, opportunities: float) -> FloatArray:
        """E[X(n, n + n*) | x, t_x, n], purchases at the next n* `opportunities` (eq. 13).

        P(alive at n) (alpha + x) / (alpha + beta + n) times the sum over j = 1 .. n* of
        B(gamma, delta + n + j) / B(gamma, delta + n), summed as it stands, as the closed form is
        undefined at gamma = 1; opportunities may be math.inf.
        """
        return self.discounted_purchases(histories, opportunities, 0.0)

    def expected_purchases_new(self, opportunities: float) -> float:
        """E[X(n)] of a new customer, purchases at their first `opportunities`."""
        return float(self.expected_purchases(_newcomer(), opportunities)[0])

    def discounted_purchases(
        self, histories: pd.DataFrame, opportunities: float, discount_rate: float
    ) -> FloatArray:
        """Expected purchases at the next `opportunities`, the j-th discounted by (1 + d)^-j.

        The summand of `expected_purchases` over (1 + d)^j, d = `discount_rate` from one
        opportunity to the next. opportunities = math.inf gives the discounted expected residual
        transactions, DERT (eq. 14), whose sum is
        (1 + d)^-1 (delta + n) / (gamma + delta + n)
        2F1(1, delta + n + 1; gamma + delta + n + 1; 1 / (1 + d)).
        Raises ValueError for a rate below 0, opportunities that are not whole or below 0, and
        when they and the result are infinite (no discount and gamma <= 1).
        """
        data, place = _opportunities(histories)
        n, of_n = np.unique(data.n, return_inverse=True)
        staying = self._staying_from(n, opportunities, discount_rate)
        buying = (self.alpha + data.x) / (self.alpha + self.beta + data.n)
        return (self._alive_at_last(data) * buying * staying[of_n])[place]

    def purchase_probabilities(self, opportunities: int) -> FloatArray:
        """P(X(n) = 0, 1, ..., n) of a new customer over n = `opportunities` (eq. 7).

        C(n, x) B(alpha + x, beta + n - x) B(gamma, delta + n) + sum over i = x .. n - 1 of
        C(i, x) B(alpha + x, beta + i - x) B(gamma + 1, delta + i), over
        B(alpha, beta) B(gamma, delta): i opportunities survived, x of them used.
        """
        _require_whole(opportunities)
        n = np.arange(opportunities + 1.0)
        x, i = n[:, None], n[None, :]
        out_of = np.maximum(i - x, 0)
        choose = -np.log1p(i) - betaln(1 + out_of, 1 + x)
        used = choose + betaln(self.alpha + x, self.beta + out_of) - betaln(self.alpha, self.beta)
        survived = betaln(self.gamma + (n < opportunities), self.delta + n)
        survived -= betaln(self.gamma, self.delta)
        return np.where(i >= x, np.exp(used + survived), 0).sum(axis=1)

    @property
    def _values(self) -> FloatArray:
        return np.array(list(asdict(self).values()))

    @property
    def _staying(self) -> ShiftedBetaGeometric:
        """Dropping out by itself: a contract that the customer may end at any opportunity."""
        return ShiftedBetaGeometric(self.gamma, self.delta)

    def _staying_from(
        self, n: NDArray[np.int64], opportunities: float, discount_rate: float
    ) -> FloatArray:
        """Sum of P(alive at n + j | alive at n) (1 + d)^-j over j = 1 .. opportunities."""
        if opportunities == math.inf:
            if discount_rate == 0 and self.gamma <= 1:
                raise ValueError(
                    "BG/BB expects infinitely many purchases at infinitely many opportunities; "
                    "give a finite number or a discount_rate above 0."
                )
            ahead = discounted_survival(
                self.gamma, np.asarray(self.delta + n + 1, dtype=float), discount_rate
            )
            return self._staying.retention(n + 1) * ahead / (1 + discount_rate)
        _require_whole(opportunities)
        if not discount_rate >= 0:
            raise ValueError(f"discount_rate: {discount_rate} is not 0 or more.")
        j = np.arange(1, opportunities + 1)
        late, now = self.delta + n[:, None] + j, self.delta + n[:, None]
        staying = np.exp(betaln(self.gamma, late) - betaln(self.gamma, now))
        return staying @ (1 + discount_rate) ** -j

    def _alive_at_last(self, data: Opportunities) -> FloatArray:
        """P(alive at opportunity n | x, t_x, n)."""
        blocks = [_Terms(self._values, data, rows) for rows in _blocks(data)]
        ends = [terms.share[terms.start + terms.count - 1] for terms in blocks]
        return np.concatenate([np.zeros(0), *ends])


class _Terms:
    """Summands of the likelihood of a block of histories, laid end to end.

    A history has one summand for dropping out right after each opportunity k = t_x .. n - 1 and
    one for being alive at k = n, the last. `log_value` is the log of its likelihood, `share` each
    summand's part of it.
    """

    def __init__(self, values: FloatArray, data: Opportunities, rows: slice) -> None:
        alpha, beta, gamma, delta = values
        x, t_x, n = (column[rows] for column in data[:3])
        self.customers = data.customers[rows]
        self.count = n - t_x + 1
        self.start = np.cumsum(self.count) - self.count
        self.row = np.repeat(np.arange(len(x)), self.count)
        k = t_x[self.row] + np.arange(len(self.row)) - self.start[self.row]
        self.k, self.x, self.dropped = k, x[self.row], (k < n[self.row]).astype(np.int64)
        self.values, self.most = values, int(n.max()) + 1
        lgamma = self.at(gammaln)
        logs = lgamma[0][self.x] + lgamma[1][k - self.x] - lgamma[4][k]
        logs += lgamma[2][self.dropped] + lgamma[3][k] - lgamma[5][k + self.dropped]
        logs -= betaln(alpha, beta) + betaln(gamma, delta)
        largest = np.maximum.reduceat(logs, self.start)
        share = np.exp(logs - largest[self.row])
        total = np.add.reduceat(share, self.start)
        self.log_value = largest + np.log(total)
        self.share = share / total[self.row]

    def at(self, function: Function) -> list[FloatArray]:
        """`function` of the parameters, of alpha + beta and of gamma + delta, plus 0, 1, 2, ..."""
        alpha, beta, gamma, delta = self.values
        bases = (alpha, beta, gamma, delta, alpha + beta, gamma + delta)
        return [function(base + np.arange(self.most + 1)) for base in bases]

    def slopes(self, function: Function) -> tuple[FloatArray, FloatArray]:
        """Of each summand, `function` (digamma or trigamma) at the arguments of its four
        parameters, less at their starts, shape (4, summands); and at those of the two sums."""
        table = self.at(function)
        places = (self.x, self.k - self.x, self.dropped, self.k, self.k, self.k + self.dropped)
        own = [column[place] - column[0] for column, place in zip(table, places, strict=True)]
        return np.stack(own[:4]), np.stack(own[4:])


def likelihood(values: FloatArray, data: Opportunities) -> Derivatives:
    """Log-likelihood in (alpha, beta, gamma, delta) with gradient and Hessian.

    Of a sum of summands with shares w: the gradient is the mean of theirs under w, the Hessian the
    mean of theirs plus the covariance of their gradients.
    """
    value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
    for rows in _blocks(data):
        terms = _Terms(values, data, rows)
        own, sums = terms.slopes(digamma)
        slope = own - np.repeat(sums, 2, axis=0)
        weight = terms.share * terms.customers[terms.row]
        mean = np.add.reduceat(terms.share * slope, terms.start, axis=1)
        value += float(terms.customers @ terms.log_value)
        gradient += mean @ terms.customers
        hessian += (weight * slope) @ slope.T - (terms.customers * mean) @ mean.T
        own, sums = terms.slopes(_trigamma)
        hessian += np.diag(own @ weight)
        hessian -= np.kron(np.diag(sums @ weight), np.ones((2, 2)))
    return value, gradient, hessian


def _trigamma(values: FloatArray) -> FloatArray:
    return polygamma(1, values)


def _blocks(data: Opportunities) -> list[slice]:
    """Slices of the histories with about BLOCK summands each."""
    summands = np.cumsum(data.n - data.t_x + 1)
    full = np.arange(BLOCK, summands.max(initial=0), BLOCK)
    cuts = np.searchsorted(summands, full, side="right")
    edges = np.unique(np.concatenate([[0], cuts, [len(summands)]])).astype(int).tolist()
    return [slice(low, high) for low, high in itertools.pairwise(edges)]


def _opportunities(histories: pd.DataFrame) -> tuple[Opportunities, NDArray[np.intp]]:
    """The distinct histories with their counts, and which of them each row has."""
    names = ["frequency", "recency_opportunities", "opportunities"]
    x, t_x, n, customers = read_columns(histories, names)
    possible = (x >= 0) & (x <= t_x) & (t_x <= n) & ((x > 0) == (t_x > 0)) & (customers > 0)
    for column in (x, t_x, n):
        possible &= np.isfinite(column) & (column == np.floor(column))
    if not possible.all():
        raise ValueError(
            f"{(~possible).sum()} histories are impossible: frequency, recency_opportunities and "
            "opportunities must be whole, 0 <= frequency <= recency_opportunities <= "
            "opportunities, recency 0 exactly without a purchase, counts above 0, and nothing "
            "missing."
        )
    base = int(n.max(initial=0)) + 1
    key, place = np.unique(((x * base + t_x) * base + n).astype(np.int64), return_inverse=True)
    rest, n_distinct = np.divmod(key, base)
    counts = np.asarray(np.bincount(place, weights=customers), dtype=float)
    return Opportunities(*np.divmod(rest, base), n_distinct, counts), place


def _newcomer() -> pd.DataFrame:
    names = ["frequency", "recency_opportunities", "opportunities"]
    return pd.DataFrame([[0, 0, 0]], columns=names)


def _require_whole(opportunities: float) -> None:
    if not (opportunities >= 0 and opportunities == math.floor(opportunities)):
        raise ValueError(f"opportunities: {opportunities} is not a whole number, 0 or more.")
