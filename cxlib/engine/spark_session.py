"""The one Spark session of a process."""

import functools
import os
import sys
import warnings

from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from cxlib.engine import spark_gaps
from cxlib.engine.choice import JAVA, EngineError
from cxlib.engine.connection import workspace

_SETTINGS = {
    # Days and times are those of the file, whatever the zone of a machine.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # A number that does not fit is an error, never a null.
    "spark.sql.ansi.enabled": "true",
    # Nothing on a page that the notebook did not print.
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}
_LOCAL_SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    # By itself Spark cuts every grouped table into 200 parts, even one of three rows.
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
}


@functools.cache
def start(master: str) -> SparkSession:
    """The session, begun when it is first needed: a JVM beside this process, gone when it is.

    Raises EngineError when it does not begin.
    """
    is_local = master.startswith("local")
    settings = _SETTINGS | {"spark.local.dir": str(workspace())}
    if is_local:
        settings |= _LOCAL_SETTINGS
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    configuration = SparkConf().setAppName("cxlib").setMaster(master)
    configuration.setAll([*settings.items()])
    # It collects by way of Arrow alone, see spark_gaps.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    spark_gaps.fill()
    try:
        with (workspace() / "spark.log").open("wb") as log:
            gateway = launch_gateway(configuration, {"stdout": log, "stderr": log})
        SparkContext(conf=configuration, gateway=gateway)
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        remedy = JAVA if is_local else f"is the master {master} running, and reached from here?"
        raise EngineError(f"Spark does not start: {reason}", remedy) from error
    return SparkSession.builder.getOrCreate()
