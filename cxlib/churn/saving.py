"""A fitted model in a file that cannot run anything when it is opened."""

import json
import warnings
import zipfile
from pathlib import Path

from sklearn.exceptions import InconsistentVersionWarning
from skops import io
from skops.io.exceptions import UntrustedTypesFoundException

from cxlib.churn.models import ChurnModel

# What a ChurnModel is made of beyond what skops itself trusts. A file with any other is refused.
TRUSTED = [
    "cxlib.churn.encoding.LevelNumbers",
    "cxlib.churn.models.ChurnModel",
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
]


class ModelFileError(ValueError):
    """A file that is no saved model, or one that is not to be used here; the message says why."""


def save_model(model: ChurnModel, path: Path | str) -> Path:
    """Write a fitted model to a .skops file (plain numbers and names, no pickle) and return it."""
    io.dump(model, Path(path))
    return Path(path)


def load_model(path: Path | str) -> ChurnModel:
    """The model that `save_model` wrote.

    Nothing is unpickled. Raises ModelFileError for a file that is not there, is no such file, holds
    any type but those of a ChurnModel, or was written under another version of scikit-learn (skops
    would open it with a warning; its numbers could mean something else there).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", InconsistentVersionWarning)
            model = io.load(Path(path), trusted=TRUSTED)
    except FileNotFoundError:
        raise ModelFileError(f"There is no model file {path}.") from None
    except UntrustedTypesFoundException as error:
        raise ModelFileError(
            f"{path} holds more than a churn model and was not opened: {error}"
        ) from error
    except InconsistentVersionWarning as warning:
        raise ModelFileError(
            f"{path} was saved under scikit-learn {warning.original_sklearn_version}, this is "
            f"{warning.current_sklearn_version}: fit the model again."
        ) from warning
    except (zipfile.BadZipFile, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ModelFileError(f"{path} is no saved model, or it is damaged.") from error
    if not isinstance(model, ChurnModel):
        raise ModelFileError(f"{path} holds a {type(model).__name__}, which is no churn model.")
    return model
