"""Reports by Airflow, in two ways; an example to adapt.

`/srv/cx` stands for the folder of this project, where `make report` once set up .venv, and
`/srv/airflow/output` for a folder that exists. Airflow lives in an environment of its own.
"""

import subprocess
from datetime import datetime, timedelta

from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

PROJECT = "/srv/cx"
OUTPUT = "/srv/airflow/output"

# Exit codes of what may pass: a fault of the program, the time limit, a dead kernel.
WORTH_ANOTHER_TRY = {1, 5, 6}


@dag(
    schedule="10 6 2 * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
)
def cx_run():
    """The recommended way: `cx run` checks, publishes whole or not at all, and keeps the index."""

    @task
    def reports() -> None:
        # Of a BashOperator Airflow would try again whatever the code was.
        command = [f"{PROJECT}/.venv/bin/cx", "run", "--quiet"]
        code = subprocess.run(command, cwd=PROJECT, check=False).returncode
        if code in WORTH_ANOTHER_TRY:
            raise RuntimeError(f"cx left with code {code}.")
        if code:
            raise AirflowFailException(f"cx left with code {code}: a person has to look.")

    reports()


@dag(schedule="10 6 2 * *", start_date=datetime(2026, 1, 1), catchup=False)
def cx_papermill():
    """One notebook by papermill alone: it writes its results, and nothing is published."""
    PapermillOperator(
        task_id="clv",
        input_nb=f"{PROJECT}/notebooks/05_clv.ipynb",
        # A name of its own for each run: papermill writes over what is there as soon as it starts.
        output_nb=f"{OUTPUT}/clv-{{{{ ts_nodash }}}}.ipynb",
        parameters={"output_dir": f"{OUTPUT}/clv-{{{{ ts_nodash }}}}"},
        # The kernel of the project's own environment, made known to Airflow's once by
        # /srv/cx/.venv/bin/python -m ipykernel install --prefix ENVIRONMENT_OF_AIRFLOW --name cx
        kernel_name="cx",
    )


cx_run()
cx_papermill()
