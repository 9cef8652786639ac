"""An entry of the sources file proposed by looking at a file; what it cannot say is asked.

| file | concept |
|---|---|
| `sampling` | the rows that are looked at, and how the file is written |
| `columns` | what the values of a column are |
| `numbers`, `days`, `letters` | ways of writing numbers, dates and names |
| `naming` | what columns are called, in English and in Persian |
| `labels` | the number that a word for an answer stands for |
| `mapping` | which input a file is, and which column is which |
| `unread` | columns called like one of ours, whose cells are not of its type |
| `second_headers` | rows below the header that are a second one |
| `declaring`, `surveys` | what an entry says beside its columns |
| `drafts`, `questions` | an entry so far, and what must be asked |
| `proposal` | all of it together |
| `writing` | the entry as TOML in the sources file |
"""

from cxlib.proposing import columns
from cxlib.proposing.drafts import Line
from cxlib.proposing.proposal import Proposal, propose, samples
from cxlib.proposing.questions import Answer, NotProposedError, Question, printable, quoted
from cxlib.proposing.sampling import Sample, sample
from cxlib.proposing.writing import entry, key, read, with_entry, write

__all__ = [
    "Answer",
    "Line",
    "NotProposedError",
    "Proposal",
    "Question",
    "Sample",
    "columns",
    "entry",
    "key",
    "printable",
    "propose",
    "quoted",
    "read",
    "sample",
    "samples",
    "with_entry",
    "write",
]
