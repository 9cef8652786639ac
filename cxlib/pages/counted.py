"""What the number of a status line counts, in words a manager knows."""

from collections.abc import Mapping
from typing import Any

from cxlib.pages.words import Words

# Words by the name of the measure that a report puts first.
_COUNTED = {
    "campaign_profit": "n_campaign",
    "nps_latest": "n_answers",
    "overall_gap": "n_respondents",
    "top_segment_revenue_rate": "n_customers",
    "value": "n_customers",
    "inputs_refused": "n_inputs",
}


def counted(leading: Mapping[str, Any], words: Words) -> str:
    """How many of what the leading measure rests on: "profit reckoned for 2,345 customers"."""
    name, n = str(leading["name"]), f"{leading['n']:,}"
    if key := _COUNTED.get(name):
        return words[key].format(n=n)
    return words["n"].format(name=name.replace("_", " "), n=n)
