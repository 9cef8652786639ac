"""The risks of all current customers, made batch by batch: there may be more than fit in memory."""

from collections.abc import Callable
from typing import Protocol

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.churn.features import model_columns

RISK = "churn_probability"

Batch = Callable[[pd.DataFrame], pd.DataFrame]
MapBatches = Callable[[nw.LazyFrame, Batch], nw.LazyFrame]


class RiskModel(Protocol):
    """A fitted classifier of scikit-learn's kind."""

    feature_names_in_: NDArray[np.object_]

    def predict_proba(self, X: pd.DataFrame, /) -> NDArray[np.float64]: ...


def score(model: RiskModel, frame: nw.LazyFrame, map_batches: MapBatches) -> nw.LazyFrame:
    """Risk of each row of a lazy frame (`Snapshots.current`): customer_id, cutoff, the risk.

    The risk is `churn_probability`, 0 to 1, the model's probability of the second of its classes;
    `cutoff` is there if the frame has it. `map_batches` is `Table.map_batches`, so at no time is
    more than a batch in memory. Columns are prepared as `features` prepares those of the training;
    a level that the training did not have goes to the model as it is. The order of rows is that of
    the engine. Raises ValueError when a column of the training is not there.
    """
    columns = frame.collect_schema().names()
    names = [str(name) for name in model.feature_names_in_]
    if missing := [name for name in names if name not in columns]:
        raise ValueError(f"columns that the model was fitted to are missing: {', '.join(missing)}")
    keys = [name for name in ("customer_id", "cutoff") if name in columns]

    def risks(batch: pd.DataFrame) -> pd.DataFrame:
        probabilities = np.empty((0, 2))
        if len(batch):
            probabilities = model.predict_proba(model_columns(batch, names))
        return batch[keys].assign(**{RISK: probabilities[:, 1]})

    scores = map_batches(frame.select(*keys, *names), risks)
    return scores.with_columns(nw.col("cutoff").cast(nw.Date)) if "cutoff" in keys else scores
