# `make run` serves the cockpit; `make test` runs what every commit is tried with, `make test-long` the rest of the
# tests, `make test-all` both at once. They need Python 3.11+ with venv, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run test test-long test-all lint lock

run: $(VENV)/.app-installed
	@$(BIN)/python -m dashboard demo --if-empty
	@$(BIN)/python -m dashboard serve --port $(PORT)

# A worker per core and one more. What one of them runs as a whole, and in which order, says `tests/conftest.py`.
# What is compiled is kept, whatever the environment says: the commands, servers and workers begin a hundred times.
TESTS := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
test: $(VENV)/.tests-installed
	$(TESTS) -m "not long"

test-long: $(VENV)/.tests-installed
	$(TESTS) -m "long or hypothesis" --hypothesis-profile long

# As `.ci/run` does: servers, demos and pages that both rings begin with are begun once, and no law is tried twice.
test-all: $(VENV)/.tests-installed
	$(TESTS) --hypothesis-profile long

lint: $(VENV)/.tests-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy --no-error-summary

# The stamps stand for what is installed; a changed lock installs again.
# Named one by one, since on a slow network this takes minutes; without bytecode, which Python writes for what is used.
$(VENV)/.app-installed: requirements.txt
	@rm -f $@
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing some 60 packages into $(VENV): 220 MB to load, this once."
	@($(BIN)/pip install --no-compile --require-hashes -r requirements.txt && touch $@) | \
		awk '/^Collecting/ { sub(/[=[].*/, "", $$2); printf "%4d %s\n", ++n, $$2; fflush() }'
	@test -f $@

$(VENV)/.tests-installed: tests/requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r tests/requirements.txt
	touch $@

# Needs uv. Universal: one lock for every platform and Python from 3.11 on.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock:
	$(LOCK) -o requirements.txt pyproject.toml
	$(LOCK) --extra test -c requirements.txt -o tests/requirements.txt pyproject.toml

.PHONY: docs
docs: $(VENV)/.app-installed
	$(BIN)/python -m dashboard.metrics.definitions > docs/metrics.md
	$(BIN)/python -m data_access.contract > docs/contract.md
