"""Which engine computes: what the environment says, else the sources file, else DuckDB."""

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass

ENVIRONMENT = "CX_ENGINE"
DUCKDB, SPARK = "duckdb", "spark"
JAVA = "install Java 17 or later, or have JAVA_HOME name its folder"
_ALLOWED = f'"{DUCKDB}", "{SPARK}" (on this machine) or the URL of a Spark master'
# As Spark writes them; local[2] is two threads of this machine.
_MASTER = re.compile(r"local(\[[^\]]+\])?|(spark|k8s|mesos)://\S+|yarn")


class EngineError(Exception):
    """An engine that is not known or does not start: what is wrong, and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}: {remedy}")
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True)
class Engine:
    """`name`: "duckdb" or "spark"; `master`: the URL of a Spark master, "" for DuckDB."""

    name: str
    master: str = ""

    @property
    def has_workers(self) -> bool:
        """Whether there may be other machines that compute."""
        return self.name == SPARK

    def __str__(self) -> str:
        return f"{self.name} ({self.master})" if self.master else self.name


def asked_by_environment() -> str:
    """What CX_ENGINE says, "" where it says nothing."""
    return os.environ.get(ENVIRONMENT, "")


def chosen(declared: object = "") -> Engine:
    """The engine that CX_ENGINE names, else `declared`, the key `engine` of a sources file.

    Raises EngineError, which names what is allowed, for any other text, and where Spark or its
    Java are not installed.
    """
    asked = asked_by_environment() or declared or DUCKDB
    where = ENVIRONMENT if asked_by_environment() else "engine"
    if asked == DUCKDB:
        return Engine(DUCKDB)
    if asked == SPARK:
        return _installed(Engine(SPARK, "local[*]"))
    if isinstance(asked, str) and _MASTER.fullmatch(asked):
        return _installed(Engine(SPARK, asked))
    raise EngineError(
        f"{where} = {str(asked)!r} is no engine",
        f'it may be {_ALLOWED}, such as "spark://host:7077" or "local[2]"',
    )


def _installed(spark: Engine) -> Engine:
    if importlib.util.find_spec("pyspark") is None:
        raise EngineError("Spark is not installed", "run: pip install 'cxlib[spark]'")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise EngineError("Spark needs Java, and there is none", JAVA)
    return spark
