import numpy as np

from cxlib import churn


def test_models_take_missing_numbers_and_unseen_levels(small_company):
    table = churn.features(small_company(9))
    X, y = table.X.copy(), table.churned
    X.loc[::7, "monthly_charges"] = np.nan
    seen = (X["plan"] != "max").to_numpy()
    for model in (churn.logistic(X), churn.boosting(X)):
        risk = model.fit(X[seen], y[seen]).predict_proba(X[~seen])[:, 1]
        assert ((risk > 0) & (risk < 1)).all()
