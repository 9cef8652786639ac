import pickle
import types
import zipfile

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from cxlib import churn


@pytest.mark.parametrize("kind", ["logistic", "boosting", churn.BASE_RATE])
def test_a_saved_model_predicts_the_same(kind, tmp_path, small_company):
    table = churn.features(small_company(1))
    X = table.X.copy()
    X.loc[::7, "monthly_charges"] = np.nan
    model = churn.ChurnModel(kind, columns=["monthly_charges", "plan"]).fit(X, table.churned)
    read = churn.load_model(churn.save_model(model, tmp_path / "model.skops"))
    assert (read.predict_proba(X) == model.predict_proba(X)).all()
    assert read.get_params() == model.get_params()
    assert read.tuning_.equals(model.tuning_)


def test_equal_models_make_equal_bytes(tmp_path, small_company):
    table = churn.features(small_company(1))
    saved = []
    for number in range(2):
        model = churn.ChurnModel("boosting").fit(table.X, table.churned)
        saved.append(churn.save_model(model, tmp_path / f"{number}.skops").read_bytes())
    assert saved[0] == saved[1]


def test_a_file_with_anything_else_is_refused(tmp_path):
    path = tmp_path / "model.skops"
    skops.io.dump({"model": types.SimpleNamespace()}, path)
    with pytest.raises(churn.ModelFileError, match="SimpleNamespace"):
        churn.load_model(path)
    skops.io.dump(LogisticRegression(), path)
    with pytest.raises(churn.ModelFileError, match="no churn model"):
        churn.load_model(path)


def test_pickles_and_broken_files_are_refused_unopened(tmp_path):
    path = tmp_path / "model.skops"
    with pytest.raises(churn.ModelFileError, match="no model file"):
        churn.load_model(path)
    path.write_bytes(pickle.dumps(churn.ChurnModel()))
    with pytest.raises(churn.ModelFileError, match="no saved model"):
        churn.load_model(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", "{")
    with pytest.raises(churn.ModelFileError, match="damaged"):
        churn.load_model(path)


def test_a_model_of_another_scikit_learn_is_refused(tmp_path, small_company):
    table = churn.features(small_company(2))
    path = tmp_path / "model.skops"
    churn.save_model(churn.ChurnModel().fit(table.X, table.churned), path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    schema = parts["schema.json"].decode()
    version = '"content": "\\"{}\\""'
    here = version.format(__import__("sklearn").__version__)
    assert here in schema
    parts["schema.json"] = schema.replace(here, version.format("1.2.0")).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(churn.ModelFileError, match=r"scikit-learn 1\.2\.0.*fit the model again"):
        churn.load_model(path)
