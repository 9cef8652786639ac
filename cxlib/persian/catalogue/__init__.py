"""English texts and their Persian wording side by side, those of every report and of each.

`LABELS` are whole texts: headings, names of columns, words. `SENTENCES` have places, {like this},
for names and figures. A full stop, colon or semicolon at the end is left out on both sides.
"""

from cxlib.persian.catalogue import (
    churn,
    clv,
    common,
    door,
    index,
    quality,
    satisfaction,
    segmentation,
    servqual,
)

_PARTS = (quality, common, index, servqual, satisfaction, segmentation, churn, clv, door)
LABELS = {english: persian for part in _PARTS for english, persian in part.LABELS.items()}
SENTENCES = {english: persian for part in _PARTS for english, persian in part.SENTENCES.items()}

__all__ = ["LABELS", "SENTENCES"]
