# Two commands do everything: `make run` starts Kvitto, `make test` runs every test and check.
# PYTHON picks the interpreter (3.11 to 3.14): make run PYTHON=python3.13

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run test check fix setup bench lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## set up and start Kvitto on its embedded default, with the example city
	@$(BIN)/kvitto serve

setup: $(VENV)/.dev ## set up everything that tests and checks need

test: check ## set up and run every test and check
	@$(BIN)/python -m pytest -n 4 --dist worksteal || $(BIN)/python -m tests.again $$?

check: $(VENV)/.dev ## the fast gate: format, lint, import contracts, types
	@$(BIN)/ruff format --check --quiet . || { echo 'Formatting differs: make fix mends it.'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@$(BIN)/mypy
	@echo 'Format, lint, import contracts and types are in order.'

fix: $(VENV)/.dev ## format the code and mend what the linter can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## measure speed beside the ceilings of the same run
	@$(BIN)/python -m tests.bench

lock: $(VENV)/bin/uv ## write the lock files anew from pyproject.toml
	@for set in "run pyproject.toml" "build --group=build" "dev pyproject.toml --group=dev -c requirements/run.txt -c requirements/build.txt"; do set -- $$set; name=$$1; shift; \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 $$@ -o requirements/$$name.txt; done

clean: ## remove the virtual environment and caches (never ./data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	  || { echo "Kvitto needs Python 3.11 to 3.14. Try: make $(MAKECMDGOALS) PYTHON=python3.13"; exit 1; }
	@echo 'Making the virtual environment .venv ...'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python requirements/run.txt requirements/build.txt pyproject.toml
	@echo 'Installing what Kvitto runs on (about a minute the first time) ...'
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo 'Installing what the tests use ...'
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/bin/uv: $(BIN)/python
	@$(PIP) install uv
