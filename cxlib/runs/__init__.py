"""Runs: parameters checked, notebooks executed, reports published whole or not at all."""

from cxlib.runs.catalogue import choose, find
from cxlib.runs.execution import EXIT_CODES, Cause
from cxlib.runs.parameters import Parameter, ParameterError, declared_parameters
from cxlib.runs.running import Run, run

__all__ = [
    "EXIT_CODES",
    "Cause",
    "Parameter",
    "ParameterError",
    "Run",
    "choose",
    "declared_parameters",
    "find",
    "run",
]
