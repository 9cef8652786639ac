"""Purchases of customers without contracts, in continuous time, by three laws of dropping out.

Every customer buys first at time 0 and then at random, at a rate lambda ~ Gamma(r, alpha) a week of
their own, until they drop out. The truth is the parameters, so a fitted model can be held to them.
"""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

Dropout = Literal["after a repeat purchase", "after any purchase", "at any time"]


def purchase_times(
    dropout: Dropout,
    parameters: tuple[float, float, float, float],
    T_weeks: FloatArray,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], FloatArray]:
    """Repeat purchases of one customer a value of `T_weeks`: their customer's row, their week.

    `dropout` and its `parameters`:
    "after a repeat purchase"  (r, alpha, a, b), BG/NBD: with chance p ~ Beta(a, b) after each
    "after any purchase"       the same, MBG/NBD: the first one included
    "at any time"              (r, alpha, s, beta), Pareto/NBD: after a time ~ Exponential(mu),
                               mu ~ Gamma(s, beta) a week
    Times count from the first purchase and are sorted by customer and time.
    """
    r, alpha, first, second = parameters
    n = len(T_weeks)
    rate = rng.gamma(r, size=n) / alpha
    ends, lasting = T_weeks, np.full(n, np.inf)
    if dropout == "at any time":
        leaving = rng.gamma(first, size=n) / second
        with np.errstate(divide="ignore", over="ignore"):
            ends = np.minimum(T_weeks, rng.standard_exponential(n) / leaving)
    else:
        chance = rng.beta(first, second, size=n)
        # Geometric on 1, 2, ... by inversion: the purchase after which the customer drops out.
        with np.errstate(divide="ignore"):
            lasting = 1 + np.floor(rng.standard_exponential(n) / -np.log1p(-chance))
        lasting -= dropout == "after any purchase"
    occasions = rng.poisson(rate * ends)
    customer = np.repeat(np.arange(n), occasions)
    week = rng.uniform(size=len(customer)) * ends[customer]
    week = week[np.lexsort((week, customer))]
    rank = np.arange(len(customer)) - np.repeat(np.cumsum(occasions) - occasions, occasions)
    kept = rank < lasting[customer]
    return customer[kept], week[kept]


def purchase_histories(
    customer: NDArray[np.int64], week: FloatArray, T_weeks: FloatArray
) -> pd.DataFrame:
    """frequency, recency_weeks and T_weeks of each customer, from their `purchase_times`."""
    n = len(T_weeks)
    recency = np.zeros(n)
    np.maximum.at(recency, customer, week)
    return pd.DataFrame(
        {
            "frequency": np.bincount(customer, minlength=n),
            "recency_weeks": recency,
            "T_weeks": T_weeks,
        }
    )
