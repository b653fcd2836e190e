# Halyq Uni: `make run` starts the hub, `make test` runs everything that a change must pass.

SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STACK := $(BIN)/python -m tools.stack
FILE ?= hub.backup
ROUNDS ?= 5
LOCK := $(BIN)/uv --quiet pip compile pyproject.toml --python-version 3.11 --no-header --no-annotate --no-emit-index-url

# Compiled modules make every later start faster, whatever the shell around us prefers.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test crash schema collection sdk bench fuzz check format-check lint types imports migrations messages tests setup lock format db backup restore clean

## Using it
run: setup            ## start the hub on this machine: databases, web, worker, beat
	@exec $(STACK) up

db: setup             ## psql on the local database
	@exec $(STACK) db

backup: setup         ## FILE=hub.backup: the database and the uploads in one file
	@$(STACK) backup "$(FILE)"

restore: setup        ## FILE=hub.backup: replaces the data of this folder
	@$(STACK) restore "$(FILE)"

## Changing it
test: check tests     ## everything that a change must pass

check: format-check lint types imports migrations messages

format-check: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy .

imports: setup
	PYTHONPATH=.:platform $(BIN)/lint-imports

migrations: setup     ## every change of a model has its migration
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

messages: setup       ## every string in Kazakh, Russian and English
	$(BIN)/python tools/messages.py check

tests: setup
	$(BIN)/python tools/messages.py compile
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

crash: setup          ## kill every process under load and look for what is lost or done twice, longer than the tests do
	HALYQ_CRASH_ROUNDS=$(ROUNDS) $(BIN)/python -m pytest tests/crash

schema: setup         ## write the OpenAPI document anew from the code
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -W ignore::RuntimeWarning manage.py spectacular --validate --fail-on-warn --file openapi/schema.yml

collection: setup     ## the requests of the open API for Postman and Bruno, into var/sdk/
	@$(BIN)/python -m tools.sdk collection

sdk: setup            ## the clients of the open API as packages, into var/sdk/
	@$(BIN)/python -m tools.sdk

bench: setup          ## measure against the calibration of the same run; results in bench/results/
	$(BIN)/python -m bench

fuzz: setup           ## Schemathesis with all checks and a key of each role; reports in var/bench/fuzz/
	$(BIN)/python -m bench.fuzz --seconds 600

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

## Setting up
setup: $(VENV)/.installed node_modules/.installed platform/ui/static/vendor/govuk.css

$(VENV)/.installed: requirements/dev.lock pyproject.toml
	@echo "Installing the Python packages ..."
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it or say where it is, make PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-compile -r requirements/dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo "Fetching the files of the browser ..."
	@tools/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

platform/ui/static/vendor/govuk.css: tools/build_assets.py node_modules/.installed
	@$(BIN)/python tools/build_assets.py

lock:                 ## after a change of the dependencies in pyproject.toml
	$(LOCK) -o requirements/runtime.lock
	$(LOCK) --extra dev --constraint requirements/runtime.lock -o requirements/dev.lock

clean:                ## what the set-up made; the data in var/ stays
	rm -rf $(VENV) node_modules .npm-tool platform/ui/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
