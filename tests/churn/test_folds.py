import numpy as np
import pandas as pd

from cxlib import churn
from cxlib.churn.folds import stratified_folds


def test_folds_are_alike_in_size_and_rate(small_company):
    table = churn.features(small_company(1, 601))
    _, fold = stratified_folds(table.X, table.churned, 4, 0)
    leavers, sizes = np.bincount(fold[table.churned]), np.bincount(fold)
    assert len(sizes) == 4
    assert np.ptp(leavers) <= 1
    assert np.ptp(sizes) <= 1


def test_folds_depend_on_neither_row_order_nor_units_nor_the_names_of_customers(small_company):
    frame = small_company(2)
    table = churn.features(frame)
    order = np.random.default_rng(3).permutation(len(frame))
    other = table.X.iloc[order].assign(monthly_charges=table.X["monthly_charges"] / 1.17)
    other["plan"] = other["plan"].cat.reorder_categories(["plus", "max", "basic"])
    at, fold = stratified_folds(table.X, table.churned, 5, 0)
    at_again, again = stratified_folds(other, table.churned[order], 5, 0)
    assert (again == fold[order]).all()
    assert (order[at_again] == at).all()
    _, by_seed = stratified_folds(table.X, table.churned, 5, 1)
    assert (by_seed != fold).any()


def test_rows_of_a_customer_share_a_fold():
    rng = np.random.default_rng(4)
    customer = rng.integers(0, 150, 600)
    X = pd.DataFrame({"x": rng.normal(size=600)})
    left = rng.random(600) < 0.05
    _, fold = stratified_folds(X, left, 5, 0, groups=customer)
    assert (pd.Series(fold).groupby(customer).nunique() == 1).all()
    ever = pd.Series(left).groupby(customer).any()
    by_customer = pd.Series(fold).groupby(customer).first()
    assert np.ptp(np.bincount(by_customer[ever])) <= 1
