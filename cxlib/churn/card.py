"""The card of a model: what it is for, how it was made, how good it is and where it ends."""

import platform
from collections.abc import Sequence

import numpy as np
import pandas as pd
import sklearn

from cxlib.churn.calibration import calibration_verdict
from cxlib.churn.features import Features
from cxlib.churn.models import BASE_RATE, ChurnModel
from cxlib.churn.validation import TEMPORAL_TEST, Validation
from cxlib.inference import Estimate

KINDS = {
    "logistic": "l2-penalized logistic regression",
    "boosting": "histogram gradient boosting",
    BASE_RATE: "no model: the same risk for all",
}
MEASURES = {
    "auc": "AUC",
    "average_precision": "average precision",
    "brier": "Brier score",
    "calibration_slope": "calibration slope",
    "calibration_intercept": "calibration intercept",
}


def model_card(
    model: ChurnModel,
    validation: Validation,
    features: Features,
    *,
    horizon_days: int = 0,
    leavers: str = "",
    source: str = "",
    groups: Sequence[str] = (),
) -> pd.DataFrame:
    """A page about a fitted model, after Mitchell et al. (2019): columns field and what.

    `model` is the one fitted to all rows of `features` (`final_model`), `validation` tells how its
    kind was judged. Where `horizon_days` is 0, `leavers` (of the input table: "all", "last month",
    "" not known) tells over how long customers left. `source` says in words where the data are
    from, `groups` which groups of customers were looked at.
    """
    summary = features.summary
    left_out = summary.loc[~summary["used"], "reason"]
    rows = {
        "predicts": _prediction(horizon_days, leavers),
        "meant for": "ranking today's customers for a retention offer, and the size of their risk "
        "as far as the calibration below allows",
        "data": _data(features, source),
        "features": f"{model.n_features_in_}: {', '.join(model.feature_names_in_)}",
        "left out": "; ".join(f"{name} ({reason})" for name, reason in left_out.items())
        or "no column",
        "model": _model(model),
        "chosen": validation.choice,
        "judged by": f"{validation.kind}. {validation.note}",
        "quality": _quality(validation),
        "calibration": calibration_verdict(
            validation.estimates[validation.chosen, "calibration_slope"],
            validation.estimates[validation.chosen, "calibration_intercept"],
        ),
        "groups looked at": ", ".join(groups) or "none",
        "not for": "telling what makes customers leave, prices or refusals for single people, "
        "customers of another kind or time than these",
        "limits": _limits(validation),
        "versions": f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}, "
        f"pandas {pd.__version__}, NumPy {np.__version__}",
    }
    return pd.DataFrame(list(rows.items()), columns=["field", "what"])


def _prediction(horizon_days: int, leavers: str) -> str:
    if horizon_days:
        return f"the probability that a customer leaves within {horizon_days} days of the cut-off"
    if leavers == "last month":
        return (
            "the probability that a customer leaves within a month, as those of the file's last "
            "month did"
        )
    return (
        "the probability that a customer of this snapshot is one of those who left; the file does "
        "not say over how long they did"
    )


def _data(features: Features, source: str) -> str:
    customers = pd.Index(features.customer_id).nunique()
    leavers = int(features.churned.sum())
    text = f"{len(features.churned):,} rows of {customers:,} customers, {leavers:,} who left"
    if features.cutoff is not None:
        days = np.unique(features.cutoff)
        text += f", as of {len(days)} cut-offs from {days[0]} to {days[-1]}"
    return text + (f". {source}" if source else "")


def _model(model: ChurnModel) -> str:
    text = KINDS[model.kind]
    if model.kind == BASE_RATE:
        return text
    tried = model.tuning_
    best = tried[tried["chosen"]].drop(columns=["log_loss", "chosen"]).iloc[0]
    setting = ", ".join(f"{name} {value:g}" for name, value in best.items())
    intercept, slope = model.calibration_
    return (
        f"{text} with {setting}, the best of {len(tried)} settings by log loss in {model.folds} "
        f"inner folds; recalibrated: logit risk = {intercept:+.3f} {slope:+.3f} f"
    )


def _quality(validation: Validation) -> str:
    return "; ".join(
        f"{name} {_told(validation.estimates[validation.chosen, measure])}"
        for measure, name in MEASURES.items()
    )


def _told(one: Estimate) -> str:
    if one.value is None:
        return f"none ({one.method})"
    if one.low is None:
        return f"{one.value:.3f} ({one.method}, n = {one.n:,})"
    interval = f"{100 * one.level:g} % interval {one.low:.3f} to {one.high:.3f}"
    return f"{one.value:.3f} ({interval}, n = {one.n:,})"


def _limits(validation: Validation) -> str:
    splits = validation.splits
    own = splits[splits["model"] == validation.chosen]["auc"].dropna()
    text = "intervals are of the sampling of customers given the predictions"
    if len(own):
        text += (
            f"; over the {len(own)} splits, each with a model of its own, the AUC went from "
            f"{own.min():.3f} to {own.max():.3f}"
        )
    if validation.kind == TEMPORAL_TEST:
        return text + "; later customers may behave otherwise than those of the last cut-off"
    return text + "; nothing was tested on a later time"
