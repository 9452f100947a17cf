# Everything a newcomer needs: `make demo` shows the desk at work, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Processes that test at the same time, each with servers of its own; many tests wait for a program, so two do well on one core.
JOBS ?= 2

.PHONY: setup demo test lint bench soak clean

setup: $(VENV)/.installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --compile-bytecode --python $(BIN)/python --no-deps --require-hashes -r requirements.txt; else $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.txt; fi
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --compile-bytecode --python $(BIN)/python --no-deps --require-hashes -r requirements-dev.txt; else $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt; fi
	@touch $@

demo: setup
	@exec $(BIN)/python bot.py demo

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal $(ARGS)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy worker.py
	@$(BIN)/lint-imports

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -q -s -m soak tests/soak $(ARGS)

clean:
	rm -rf $(VENV) data
