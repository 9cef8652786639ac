"""The purchases of all customers together, with both kinds of uncertainty."""

import numpy as np
import pandas as pd

from cxlib.clv.fitting import Fit, log_changes
from cxlib.clv.histories import FloatArray, Histories, history_arrays
from cxlib.clv.model import PurchaseModel
from cxlib.inference import Estimate, wald_interval

# Rows simulated for the variance by chance, whose root is then known to 1 % or so, and the most
# customers.
SIMULATED_ROWS, SIMULATED_CUSTOMERS = 100_000, 5_000_000


def total_forecast(
    fit: Fit[PurchaseModel],
    histories: pd.DataFrame,
    weeks: float,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
) -> tuple[Estimate, Estimate]:
    """Expected purchases of all customers in the `weeks` after T: (expected, predicted).

    Both are exp(log total +- z sd). `expected` has the variance from the parameters by the delta
    method (fitting.log_changes).
    `predicted` adds the variance by chance, sum of Var(Y) / total^2: the squared deviations of
    simulated purchases from their expectation, summed over the rows and averaged over simulations.
    The cost grows with the customers, not with a number of draws. Raises ValueError for impossible
    histories.
    """
    data = history_arrays(histories)
    n = int(data.customers.sum())
    each = fit.model.expected_purchases(data, weeks)
    total = float(data.customers @ each)
    changes = log_changes(
        fit, lambda model: data.customers @ model.expected_purchases(data, weeks)[:, None], 1
    )
    parameters = float(np.sum(changes**2))
    chance = _chance_variance(fit.model, data, weeks, data.customers * each, rng) / total**2
    methods = {
        "expected total, parameter uncertainty (delta method on the log scale)": parameters,
        "prediction: parameter uncertainty (delta method on the log scale) and the customers' own "
        "randomness (simulated variance)": parameters + chance,
    }
    expected, predicted = (
        wald_interval(total, total * variance**0.5, n, level=level, log_scale=True, method=method)
        for method, variance in methods.items()
    )
    return expected, predicted


def _chance_variance(
    model: PurchaseModel,
    data: Histories,
    weeks: float,
    expected: FloatArray,
    rng: np.random.Generator,
) -> float:
    rows, n = len(data.x), int(data.customers.sum())
    repeats = max(1, min(-(-SIMULATED_ROWS // rows), SIMULATED_CUSTOMERS // n))
    found = 0.0
    for _ in range(repeats):
        bought = np.bincount(model.simulate(data, weeks, rng).row, minlength=rows)
        found += float(np.sum((bought - expected) ** 2))
    return found / repeats
