"""A fitted model in a file that cannot run anything when it is opened."""

import json
import re
import warnings
import zipfile
from io import BytesIO
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
_SCHEMA = "schema.json"
# Where skops writes an address: of an object, or as the name of a part.
_ADDRESS = r'("__id__": |"file": ")(\d+)'


class ModelFileError(ValueError):
    """A file that is no saved model, or one that is not to be used here; the message says why."""


def save_model(model: ChurnModel, path: Path | str) -> Path:
    """Write a fitted model to a .skops file (plain numbers and names, no pickle) and return it.

    Equal models make equal bytes: the parts of the file, which skops names by where they stood in
    memory, are numbered, and the file keeps no time.
    """
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"{found[1]}{numbers.setdefault(found[2], len(numbers) + 1)}"

    with zipfile.ZipFile(BytesIO(io.dumps(model))) as made, zipfile.ZipFile(path, "w") as kept:
        schema = re.sub(_ADDRESS, numbered, made.read(_SCHEMA).decode())
        parts = [Path(name) for name in made.namelist() if name != _SCHEMA]
        for part in sorted(parts, key=lambda part: numbers[part.stem]):
            name = f"{numbers[part.stem]}{part.suffix}"
            kept.writestr(zipfile.ZipInfo(name), made.read(str(part)))
        kept.writestr(zipfile.ZipInfo(_SCHEMA), schema)
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
