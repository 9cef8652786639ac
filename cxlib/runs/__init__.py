"""Runs: parameters checked, notebooks executed, reports published whole or not at all.

| file | concept |
|---|---|
| `catalogue` | which reports there are |
| `parameters` | what a notebook's parameters cell declares; values checked by it |
| `domains` | what a parameter takes, as its help says in brackets |
| `dates` | dates as people type them, `-3 months` and `month-end` |
| `suites` | reports named in a suite.toml |
| `fan_out` | one report for each value of a column |
| `origins` | what goes into a report, and its fingerprint |
| `kernels` | kernels forked from one warm process; nothing outlives a run |
| `execution` | one notebook executed within its limits, and why it failed |
| `running` | a run from its plan to its end |
| `changes` | what changed since the last comparable run |
| `publishing` | staging, resuming, sealing, showing, verifying, pruning |
| `manifests` | manifests of published runs read again, whatever they hold |
| `sealing` | the files of a run made fit to be published, and their hashes |
| `progress` | what a run tells meanwhile |
| `notification` | the command that is told when a run has ended |
"""

import sys

# jsonschema would compile a grammar at import, for 2.7 s, to check a format of addresses that no
# notebook has; without it that one check is left out.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from cxlib.runs.catalogue import choose, find
from cxlib.runs.execution import EXIT_CODES, Cause, Limits
from cxlib.runs.making import Tell
from cxlib.runs.parameters import Parameter, ParameterError, declared_parameters, describe
from cxlib.runs.progress import Event, Lines, tell_json, tell_nothing
from cxlib.runs.publishing import DiskFullError, verify
from cxlib.runs.running import Run, Stopped, planned, run

__all__ = [
    "EXIT_CODES",
    "Cause",
    "DiskFullError",
    "Event",
    "Limits",
    "Lines",
    "Parameter",
    "ParameterError",
    "Run",
    "Stopped",
    "Tell",
    "choose",
    "declared_parameters",
    "describe",
    "find",
    "planned",
    "run",
    "tell_json",
    "tell_nothing",
    "verify",
]
