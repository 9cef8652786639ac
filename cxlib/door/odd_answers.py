"""All that the answers of a survey let one doubt of the scales they were given on."""

import narwhals as nw
import pandas as pd

from cxlib import contracts
from cxlib.door.coded_answers import coded_answers
from cxlib.door.even_scores import even_scores
from cxlib.door.group_scales import group_scales
from cxlib.door.narrow_scales import narrow_scales
from cxlib.door.nps_groups import turned_by_groups
from cxlib.door.survey_doubts import groups, wrongly_keyed
from cxlib.door.swapped_levels import swapped_levels
from cxlib.door.turned_dimensions import turned_dimensions
from cxlib.door.turned_scales import turned_scales
from cxlib.door.zeros_for_none import zeros_for_none
from cxlib.sources import Source

_SURVEYS = (contracts.FEEDBACK.name, contracts.SERVQUAL_RESPONSES.name)
_SCORES = ("date", "wave", "nps", "csat", "ces", "satisfaction")
_SCALE_FIRST = " Correct the scale first, and turn answers after that"


def odd_answers(
    source: Source, kept: nw.LazyFrame, canonical: nw.LazyFrame, rows: int
) -> list[tuple[str, str, int]]:
    """Warnings about the scales of a survey: column, text, rows.

    Of 50,000 to 100,000 rows evenly spread over the `rows` of the `canonical` table, but for the
    scales that are too wide (`narrow_scales`), of all rows. The first finding about a column
    explains what else is odd about it; but a scale is to be corrected before answers are turned,
    which takes them from the sum of its ends.
    """
    if source.input not in _SURVEYS:
        return []
    answers = _answers(source, canonical, rows)
    attributes = [name for name in source.kept_attributes if name in answers]
    said = turned_by_groups(answers["nps"], answers[attributes]) if "nps" in answers else {}
    # Within groups by NPS nothing goes with it.
    attributes = [name for name in attributes if name not in said]
    narrow = narrow_scales(source, kept)
    turned = turned_scales(source, answers, attributes, said)
    keyed = [*turned_dimensions(source, answers, attributes), *wrongly_keyed(source, kept, rows)]
    if turned or keyed:
        narrow = [(column, text + _SCALE_FIRST, count) for column, text, count in narrow]
    told = [*narrow, *turned, *even_scores(source, answers, attributes)]
    told += _of_others(told, swapped_levels(source, answers))
    told += _of_others(told, group_scales(source, answers, attributes))
    told += _of_others(told, coded_answers(source, answers, attributes))
    told += _of_others(told, zeros_for_none(source, answers))
    return [*told, *keyed]


def _of_others(
    told: list[tuple[str, str, int]], further: list[tuple[str, str, int]]
) -> list[tuple[str, str, int]]:
    """The further warnings about columns of which nothing is told yet."""
    columns = {column for column, _, _ in told}
    return [one for one in further if one[0] not in columns]


def _answers(source: Source, canonical: nw.LazyFrame, rows: int) -> pd.DataFrame:
    known = canonical.collect_schema().names()
    asked = [name for names in groups(source).values() for name in names]
    # An attribute that is called like a score of another survey is none.
    scores = [name for name in _SCORES if name not in source.attributes]
    wanted = [*scores, *asked, *(set(source.kept_attributes) - {*_SCORES})]
    names = [name for name in known if name in wanted]
    return contracts.sampled(canonical, rows).select(*names).collect("pyarrow").to_pandas()
