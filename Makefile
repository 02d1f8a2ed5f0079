# Everything a developer types; `make` alone lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
TEST_WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check bench audit lock messages clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.installed ## Create the virtual environment from the locked requirements

run: setup ## Start everything and serve the site at http://127.0.0.1:8000/ (UP="--port 8080" for options)
	@exec $(BIN)/python manage.py up $(UP)

test: $(VENV)/.installed-dev ## Run all tests (TESTS="tests/claims -k wording" for some)
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal $(TESTS)

check: $(VENV)/.installed-dev ## Lint, formatting, types, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/python -m tests.services $(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS=1 ALLOWED_HOSTS=example.org $(BIN)/python -m tests.services $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(VENV)/.installed-bench ## Measure what the documentation states: one table (BENCH=full, DATA=DIR, PAIRS=FILE, PAGE=FILE)
	$(BIN)/python benchmarks/all.py $(if $(filter full,$(BENCH)),--full) \
		$(if $(DATA),--data "$(DATA)") $(if $(PAIRS),--pairs "$(PAIRS)") $(if $(PAGE),--page "$(PAGE)")

audit: $(VENV)/.installed-dev ## Look the locked requirements up in the list of known vulnerabilities (online); write sbom.json
	$(BIN)/pip-audit --disable-pip --requirement requirements/base.txt --format cyclonedx-json --output sbom.json \
		|| $(BIN)/pip-audit --disable-pip --requirement requirements/base.txt

lock: $(VENV)/.installed-dev ## Renew requirements/*.txt from pyproject.toml
	$(COMPILE) pyproject.toml --output-file requirements/base.txt
	for group in tracing dev train; do \
		$(COMPILE) pyproject.toml --group $$group --output-file requirements/$$group.txt || exit 1; \
	done
	$(COMPILE) pyproject.toml --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt

messages: $(VENV)/.installed-dev ## Gather the strings to translate into locale/ and compile the translations
	$(BIN)/python -m config.catalogues

clean: ## End what runs, and delete the virtual environment, caches and all data (asks; YES=1 does not)
	@if [ -x $(BIN)/python ] && $(BIN)/python -c "import django" 2>/dev/null; then \
		$(BIN)/python manage.py down --delete-data $(if $(YES),--yes); \
	elif [ -e .second-source ]; then \
		echo "make clean: run 'make setup' first, which knows what belongs to .second-source" >&2; exit 1; \
	fi
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed; $(PYTHON) is older, or missing. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; \
	}
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/base.txt | $(VENV)/bin/python
	$(INSTALL) requirements/base.txt
	@touch $@

# The development requirements hold the others.
$(VENV)/.installed-dev: requirements/dev.txt | $(VENV)/bin/python
	$(INSTALL) requirements/dev.txt
	@touch $@ $(VENV)/.installed

# Beside them, what figures are compared with.
$(VENV)/.installed-bench: requirements/bench.txt $(VENV)/.installed-dev
	$(INSTALL) requirements/bench.txt
	@touch $@
