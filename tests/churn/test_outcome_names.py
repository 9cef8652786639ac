import pytest

from cxlib.churn.outcome_names import speaks_of_outcome

SPEAKING = [
    "churn_score",
    "ChurnReason",
    "CHURN90",
    "account_closed",
    "cancelled",
    "cancel-date",
    "termination date",
    "attrition_flag",
    "exit_survey",
    "has_left",
    "left",
    "leaver",
    "leave_date",
    "end_date",
    "retention_offer",
    "win-back",
    "winback_call",
    "reason",
    "Customer Status",
    "deactivated_at",
    "portedOut",
    "final_invoice",
    "ریزش",
    "تاریخ_لغو",
    "علت انصراف",
    "ترک",
    "تاریخ\u200cخروج",
    "فسخ_قرارداد",
    "قطع اشتراك",
]
INNOCENT = [
    "online_security",
    "paperless_billing",
    "legend",
    "left_handed",
    "days_left",
    "exitement_score",
    "weekend_calls",
    "orders_cancelled",
    "cancelled_orders",
    "noise_cancelling",
    "tickets_closed",
    "enclosed_area",
    "call_reason",
    "sick_leave",
    "data_retention_days",
    "dropped_calls",
    "marital_status",
    "month_end_balance",
    "cleft",
    "tenure_months",
    "treason",
    "purchases_last_90_days",
    "silence_in_gaps",
    "months_since_revenue_change",
    "days_since_last",
    "تعداد تماس",
    "خروجی",
    "ترکیب",
    "لغو سفارش",
    "ورود و خروج",
]


@pytest.mark.parametrize("name", SPEAKING)
def test_a_name_that_speaks_of_leaving_is_found(name):
    assert speaks_of_outcome(name)


@pytest.mark.parametrize("name", INNOCENT)
def test_a_name_that_only_looks_like_it_is_not(name):
    assert speaks_of_outcome(name) == ""


def test_the_words_are_told():
    assert speaks_of_outcome("customerChurnedAt") == "churned"
    assert speaks_of_outcome("contract_end_date") == "end date"
