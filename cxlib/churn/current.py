"""The customers as of today: their risk, and the parts that it is made of."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.churn.features import Features, model_columns
from cxlib.churn.models import ChurnModel
from cxlib.churn.reasons import contributions, cross_fitted_contributions
from cxlib.churn.scoring import MapBatches, score
from cxlib.churn.snapshots import Snapshots
from cxlib.churn.validation import Validation

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class CurrentCustomers:
    """Who can still be kept, row by row.

    `frame` is as in the snapshot (customer_id, features); `X` the model table of it; `risk` the
    chosen model's; `parts` add up to its log odds (see `contributions`). `note` says which model
    gave the risks.
    """

    frame: pd.DataFrame
    X: pd.DataFrame
    risk: FloatArray
    parts: pd.DataFrame
    note: str


def current_customers(
    snapshots: Snapshots,
    features: Features,
    validation: Validation,
    model: ChurnModel,
    map_batches: MapBatches,
) -> CurrentCustomers:
    """Customers who have not left, with a risk from a model that has not seen their outcome.

    Of one snapshot: those of `features` who stayed, each by the model of the fold that held the
    customer out, so that no risk is flattered. Of several cut-offs: the customers as of the latest
    date, by `model`, fitted to all earlier ones (`final_model`), scored in batches of the engine
    by `map_batches` (`Table.map_batches`).
    """
    if features.cutoff is None:
        stayed = np.flatnonzero(~validation.churned)
        rows = validation.rows[stayed]
        parts = cross_fitted_contributions(validation, features.X).iloc[stayed]
        return CurrentCustomers(
            snapshots.labelled().iloc[rows].reset_index(drop=True),
            features.X.iloc[rows].reset_index(drop=True),
            validation.risk[stayed],
            parts.reset_index(drop=True),
            "Each risk comes from a fit that has not seen the customer.",
        )
    frame = snapshots.current.collect("pandas").to_native()
    frame = frame.sort_values("customer_id", ignore_index=True)
    scores = score(model, snapshots.current, map_batches).collect("pandas").to_native()
    risk = frame["customer_id"].map(scores.set_index("customer_id")["churn_probability"])
    X = model_columns(frame, list(features.X))
    return CurrentCustomers(
        frame,
        X,
        risk.to_numpy(dtype=float),
        contributions(model, X),
        "Risks are of the coming period, by the model fitted to all whose outcome is known.",
    )
