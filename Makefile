# On a fresh machine: `make demo` runs the main job, `make test` passes the tests.
# Needs Python 3.11 or newer and make; everything else goes into .venv.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types format bench clean

demo: .venv/ready
	@$(BIN)/python -m gymletter demo demo

test: .venv/ready-dev
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/python -m pytest -n 2 --cov --cov-report=term

lint: .venv/ready-dev
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy

format: .venv/ready-dev
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

bench: .venv/ready-dev
	@$(BIN)/python -m benchmarks

clean:
	rm -rf .venv demo out dist

.venv/ready: pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gymletter needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	@echo "Setting up .venv (once) ..."
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-dev: pyproject.toml .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev,postgres]"
	@touch $@
