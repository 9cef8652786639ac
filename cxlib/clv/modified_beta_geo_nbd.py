"""The MBG/NBD model: BG/NBD with a chance to drop out right after the first purchase."""

from dataclasses import dataclass
from typing import ClassVar

from cxlib.clv.beta_geo_nbd import BetaGeometric, RowDerivatives, derivatives_by_row
from cxlib.clv.histories import FloatArray, Histories


@dataclass(frozen=True)
class ModifiedBetaGeoNBD(BetaGeometric):
    """The MBG/NBD model of purchases.

    Batislam, Denizel & Filiztekin 2007 (International Journal of Research in Marketing 24:201-209);
    the same as the CBG/NBD of Hoppe & Wagner 2007 (Marketing JRM 3:75-90). While alive a customer
    buys at random with rate lambda ~ Gamma(r, alpha) a week and after each purchase, the first
    included, drops out with probability p ~ Beta(a, b), so m = x + 1. Likelihood:
    Gamma(r + x) alpha^r / Gamma(r) * { B(a, b + x + 1) / B(a, b) (alpha + T)^-(r + x)
    + B(a + 1, b + x) / B(a, b) (alpha + t_x)^-(r + x) }.
    In the conditional expectation Batislam et al. print (b + x) / (a - 1) as the leading
    coefficient; (a + b + x) / (a - 1), used here, is right.
    """

    label: ClassVar[str] = "MBG/NBD"

    @staticmethod
    def chances(x: FloatArray) -> FloatArray:
        """m = x + 1."""
        return x + 1


def row_derivatives(
    r: FloatArray, alpha: FloatArray, a: FloatArray, b: FloatArray, data: Histories
) -> RowDerivatives:
    """MBG/NBD log-likelihood of each row, whose own parameters are given.

    Value (n,), gradient (n, 4) and Hessian (n, 4, 4) in the logarithms of (r, alpha, a, b); the
    counts play no part.
    """
    return derivatives_by_row(ModifiedBetaGeoNBD, (r, alpha, a, b), data)
