"""What narwhals and PySpark lack for the expressions and reductions of this package.

Filled in by name in their classes, so that no module elsewhere has to know the engine. A test says
when narwhals has `first` by itself.
"""

import pandas as pd
from narwhals._spark_like.expr import SparkLikeExpr
from narwhals._spark_like.namespace import SparkLikeNamespace
from pyspark.sql import Column, functions
from pyspark.sql.classic.dataframe import DataFrame

from cxlib.engine.connection import connection

_call = SparkLikeNamespace._function


def _first(_: SparkLikeExpr, column: Column, *order_by: str) -> Column:
    """The value of the first row of a group: narwhals 2.29 has it for the other engines alone."""
    return functions.min_by(column, functions.struct(*order_by))


def _function(namespace: SparkLikeNamespace, name: str, *columns: Column) -> Column:
    """The largest and smallest of one column are that column: PySpark asks for two."""
    if name in ("greatest", "least") and len(columns) == 1:
        return columns[0]
    return _call(namespace, name, *columns)


def _to_pandas(frame: DataFrame) -> pd.DataFrame:
    """The rows with the types that DuckDB gives them: days are times, whole numbers with blanks
    stay whole. PySpark 4.3 makes objects and floats of these, and warns of pandas 3."""
    return connection().from_arrow(frame.toArrow()).df()


_FILLED = (
    (SparkLikeExpr, "_first", _first),
    (SparkLikeNamespace, "_function", _function),
    (DataFrame, "toPandas", _to_pandas),
)


def fill() -> None:
    for owner, name, filled in _FILLED:
        setattr(owner, name, filled)
