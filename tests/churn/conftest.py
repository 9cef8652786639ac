import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from cxlib import PROJECT, churn


@pytest.fixture(scope="session")
def telco():
    names = {"rownames": "customer_id", "churn": "churned", "tenure": "tenure_months"}
    raw = pd.read_csv(PROJECT / "data" / "raw" / "telco_churn.csv").rename(columns=names)
    return raw.assign(churned=raw["churned"] == "Yes", customer_id=raw["customer_id"].astype(str))


@pytest.fixture(scope="session")
def table(telco):
    return churn.features(telco)


@pytest.fixture(scope="session")
def validation(table):
    models = {
        "tenure alone": churn.ChurnModel(columns=["tenure_months"]),
        "logistic": churn.ChurnModel(),
        "boosting": churn.ChurnModel("boosting"),
    }
    return churn.validate(models, table, folds=3, seed=1)


@pytest.fixture(scope="session")
def small_company():
    return _small_company


def _small_company(seed, n=600):
    """Two numbers and a category with known effects on leaving."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i:04d}" for i in range(n)],
            "tenure_months": rng.integers(0, 60, n).astype(float),
            "monthly_charges": rng.gamma(5, 10, n),
            "plan": rng.choice(["basic", "plus", "max"], n),
        }
    )
    score = 0.5 - 0.05 * frame["tenure_months"] + 0.5 * (frame["plan"] == "max")
    return frame.assign(churned=rng.random(n) < expit(score))
