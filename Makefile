# Needs git, make and Python >= 3.11; each target sets up what it needs in .venv.
# Another Python:  make report PYTHON=/path/to/python3.12

PYTHON ?= python3
BIN := .venv/bin
UV := $(shell command -v uv)

.PHONY: report test test-spark lab lint bench lock clean

report: .venv/.ok
	@$(BIN)/cx run

# nbval runs each notebook and compares the outputs of the cells that begin with
# NBVAL_CHECK_OUTPUT. One file stays in one worker: a file's tests share what it makes once.
test: .venv/.ok
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --nbval-lax tests notebooks

# Reports on both engines, compared; needs Java 17 and ten minutes.
test-spark: .venv/.spark
	@$(BIN)/python -m pytest -m spark tests

lab: .venv/.ok
	@cd notebooks && ../$(BIN)/jupyter lab

lint: .venv/.ok
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy cxlib

bench: .venv/.ok
	@$(BIN)/python benchmarks/suite.py
	@$(BIN)/python benchmarks/fixed_cost.py
	@$(BIN)/python benchmarks/clv.py
	@$(BIN)/python benchmarks/survey.py
	@$(BIN)/python benchmarks/drivers.py

# Exact versions with their hashes and no address, for every Python and platform at once; needs uv.
lock:
	@uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements.lock
	@echo "pyspark>=4.3,<5" | uv pip compile - --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements-spark.lock

# Reports stay: they cannot be made again when the inputs have changed.
clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache cxlib.egg-info data/processed/*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Byte-compiled, so that no kernel has to parse the libraries again (pip does so by itself).
.venv/.ok: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is missing or older than 3.11: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@echo "Setting up .venv with the versions of requirements.lock (once; a few minutes)"
	@rm -rf .venv
ifdef UV
	@uv venv --quiet --python $(PYTHON) .venv
	@uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

.venv/.spark: .venv/.ok requirements-spark.lock
ifdef UV
	@uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-spark.lock
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
endif
	@touch $@
