import pytest
import sklearn

from cxlib import churn


@pytest.fixture(scope="module")
def card(table, validation):
    model = churn.ChurnModel().fit(table.X, table.churned)
    card = churn.model_card(
        model, validation, table, source="A sample of a telecom firm.", groups=["senior_citizen"]
    )
    return card.set_index("field")["what"]


def test_the_card_says_what_the_model_is_for_and_where_it_ends(card):
    assert "does not say over how long" in card["predicts"]
    assert "makes customers leave" in card["not for"]
    assert "nothing was tested on a later time" in card["limits"]
    assert card["groups looked at"] == "senior_citizen"


def test_the_card_has_the_figures_of_the_data_and_of_the_judgement(card, validation):
    # 7,043 customers, 1,869 of whom left: the file's own description.
    assert card["data"] == (
        "7,043 rows of 7,043 customers, 1,869 who left. A sample of a telecom firm."
    )
    auc = validation.estimates["logistic", "auc"]
    assert f"AUC {auc.value:.3f} (95 % interval {auc.low:.3f} to {auc.high:.3f}" in card["quality"]
    assert "C 1, the best of 5 settings" in card["model"]
    assert sklearn.__version__ in card["versions"]
    assert card["calibration"].startswith("The risks can be read as probabilities")


def test_a_file_of_the_last_month_predicts_that_month(table, validation):
    model = churn.ChurnModel().fit(table.X, table.churned)
    card = churn.model_card(model, validation, table, leavers="last month").set_index("field")
    assert card["what"]["predicts"] == (
        "the probability that a customer leaves within a month, as those of the file's last month "
        "did"
    )


def test_the_card_of_a_horizon_and_no_model(small_company):
    frame = small_company(1).assign(country="NL")
    table = churn.features(frame)
    models = {"noise": churn.ChurnModel(columns=["monthly_charges"])}
    validation = churn.validate(models, table, folds=2)
    model = churn.final_model(validation, models, table)
    card = churn.model_card(model, validation, table, horizon_days=30).set_index("field")["what"]
    assert "within 30 days" in card["predicts"]
    assert "same risk for all" in card["model"]
    assert card["left out"] == "country (constant)"
    assert "calibration slope none" in card["quality"]
