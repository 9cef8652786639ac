"""What rows of the same customers do to a chi-square of counts (Rao & Scott 1981, 1984)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """How far the rows of customers, counted in bins, are from as many independent rows.

    effect     mean design effect of the bins (see `design`), never below 1
    spread     squared coefficient of variation of the design effects, 0 where all are alike
    customers  how many customers of equal weight would tell the effect as exactly
    """

    effect: float
    spread: float
    customers: float


def design(
    count: FloatArray, products: FloatArray, clusters: float, squared_influence: float
) -> Design:
    """The design of counts c_ik of customers i in bins k, from sums over customers.

    count (bins): sum_i c_ik = n q_k; products (bins, bins): sum_i c_ik c_il; clusters: customers G;
    squared_influence: sum_i s_i^2 with s_i = sum_k c_ik^2 / q_k - m_i^2 and m_i = sum_k c_ik. The
    shares q have the covariance V = G / (G - 1) sum_i (c_i - m_i q)(c_i - m_i q)' / n^2; the design
    effects are the eigenvalues of n diag(q)^-1 V other than that of the direction q. customers is
    (sum_i s_i)^2 / sum_i s_i^2, the degrees of freedom of their sum by Satterthwaite (1946). With
    fewer than two bins or customers, or one row each, rows are taken as independent.
    """
    n = float(count.sum())
    filled = count > 0
    if filled.sum() < 2 or clusters < 2 or clusters == n:
        return Design(1.0, 0.0, n)
    share = count[filled] / n
    products = products[np.ix_(filled, filled)]
    cross = np.outer(share, products.sum(axis=1))
    spread = products - cross - cross.T + products.sum() * np.outer(share, share)
    scaled = clusters / (clusters - 1) / n * spread / np.sqrt(np.outer(share, share))
    trace, df = float(np.trace(scaled)), int(filled.sum()) - 1
    if trace <= 0 or squared_influence <= 0:
        return Design(1.0, 0.0, clusters)
    influence = float((np.diag(products) / share).sum() - products.sum())
    return Design(
        effect=max(1.0, trace / df),
        spread=max(0.0, df * float((scaled**2).sum()) / trace**2 - 1),
        customers=influence**2 / squared_influence,
    )
