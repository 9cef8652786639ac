"""Satisfaction in one number: NPS, CSAT and CES, over groups and time, and what moved them.

Variances with survey weights are linearized (Taylor) and take the weights as fixed; for weights
raked to known margins that is on the safe side. Answers are taken as independent, also those of one
customer in two periods.
"""

from cxlib.satisfaction.chart import ControlChart, control_chart, false_signals_sentence
from cxlib.satisfaction.comparison import (
    Comparison,
    Decomposition,
    answers_needed,
    compare,
    group_table,
    mix_and_rate,
)
from cxlib.satisfaction.indices import (
    index_changes,
    index_changes_sentence,
    index_correlations,
    index_rates,
)
from cxlib.satisfaction.overview import (
    change_table,
    changes_corrected_together,
    corrected_together,
    group_changes,
    groups_below,
    groups_sentence,
    groups_table,
    split_table,
    standing,
)
from cxlib.satisfaction.scores import (
    Metric,
    answer_counts,
    answered,
    estimate,
    in_units,
    metrics,
    net_intervals,
    nonresponse_bounds,
    nonresponse_harmless,
    nonresponse_sentence,
    one_each,
    outcome_metric,
    score_interval,
    score_table,
    unweighted,
    with_outcome,
)
from cxlib.satisfaction.windows import (
    Windows,
    answers_text,
    change_of,
    every_of,
    latest_windows,
    visibility,
)

__all__ = [
    "Comparison",
    "ControlChart",
    "Decomposition",
    "Metric",
    "Windows",
    "answer_counts",
    "answered",
    "answers_needed",
    "answers_text",
    "change_of",
    "change_table",
    "changes_corrected_together",
    "compare",
    "control_chart",
    "corrected_together",
    "estimate",
    "every_of",
    "false_signals_sentence",
    "group_changes",
    "group_table",
    "groups_below",
    "groups_sentence",
    "groups_table",
    "in_units",
    "index_changes",
    "index_changes_sentence",
    "index_correlations",
    "index_rates",
    "latest_windows",
    "metrics",
    "mix_and_rate",
    "net_intervals",
    "nonresponse_bounds",
    "nonresponse_harmless",
    "nonresponse_sentence",
    "one_each",
    "outcome_metric",
    "score_interval",
    "score_table",
    "split_table",
    "standing",
    "unweighted",
    "visibility",
    "with_outcome",
]
