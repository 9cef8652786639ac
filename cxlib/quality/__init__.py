"""Can the data be trusted? What canonical tables hold, lack and share, and how they have changed.

Tables come as lazy frames and are counted by the engine; what comes back is small. Figures of a
whole file are counts and have no interval. Values of ids are never among the results.

| file | concept |
|---|---|
| `cells` | all columns as one long table, asked at once |
| `profiles` | each column: kind, blanks, values, range |
| `missing` | what is missing, and missing together |
| `suspicious` | values that may not be what they seem |
| `duplicates` | rows that stand there twice |
| `coverage` | rows over time, and days without any |
| `joins` | ids that inputs share |
| `distributions` | each column in bins |
| `look` | all that for one table |
| `drift` | distributions against those of an earlier run |
| `statuses` | the status of each input, and the answer in words |
| `pictures` | drawing of these results |
"""

from cxlib.quality.coverage import Coverage, coverage, weeks
from cxlib.quality.distributions import distributions, frequent_levels
from cxlib.quality.drift import Drift, drift, previous_distributions
from cxlib.quality.duplicates import duplicates
from cxlib.quality.joins import key_joins
from cxlib.quality.look import Looked, look, stacked
from cxlib.quality.missing import missing_rates, missing_together
from cxlib.quality.pictures import missing_bars, missing_matrix, ranges, rows_over_time
from cxlib.quality.profiles import profile
from cxlib.quality.statuses import Doubt, Statuses, statuses, whole_count
from cxlib.quality.suspicious import suspicious_values

__all__ = [
    "Coverage",
    "Doubt",
    "Drift",
    "Looked",
    "Statuses",
    "coverage",
    "distributions",
    "drift",
    "duplicates",
    "frequent_levels",
    "key_joins",
    "look",
    "missing_bars",
    "missing_matrix",
    "missing_rates",
    "missing_together",
    "previous_distributions",
    "profile",
    "ranges",
    "rows_over_time",
    "stacked",
    "statuses",
    "suspicious_values",
    "weeks",
    "whole_count",
]
