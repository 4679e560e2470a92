# Two commands: `make run` (a portal in the browser) and `make test` (everything that must hold).
# Python >= 3.11 and make are all that is needed beforehand; nothing is installed outside .venv and var.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$name && break; \
	done 2>/dev/null)
WORKERS ?= 2

# What is installed is known by the sum of what it was installed from, so that a second run finds nothing to do.
RUNTIME_SUM := $(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | tr ' ' -)
DEV_SUM := $(shell cat requirements-dev.lock pyproject.toml 2>/dev/null | cksum | tr ' ' -)

.PHONY: run test lint types contracts test-postgresql test-sqlite openapi docs messages lock clean runtime dev

## run: install what is missing, create or upgrade the database, load the sample region into an empty one, serve
run: runtime
	exec $(BIN)/rongtong serve --prepare

## test: lint, types, contracts, what touches a database on PostgreSQL where one answers, everything on SQLite
test: lint types contracts test-postgresql test-sqlite

lint: dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: dev
	$(BIN)/mypy

contracts: dev
	$(BIN)/lint-imports

test-postgresql: dev
	@address=$$($(BIN)/python tools/find_postgresql.py); \
	if [ -z "$$address" ]; then \
		echo "== PostgreSQL: none answers here, its tests are SKIPPED (set DATABASE_URL to run them)"; \
	else \
		echo "== PostgreSQL: $${address##*@}"; \
		DATABASE_URL="$$address" $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "database and not browser" $(ON_ONE_DATABASE); \
	fi

# What computes, what renders and the walks of every address say the same on either database; one of them is enough.
# What touches no database at all (no mark `database`, which the tests get by themselves) is left out there too.
ON_ONE_DATABASE := --ignore-glob '*_pages.py' $(foreach room,engines packs cli portal sample foundation/documents \
	programmes/test_money_split.py registry/test_channels.py trials/test_everything_closed.py trials/test_secret_steps.py,--ignore tests/$(room))

# The tables come from the models here: what starts the platform as its users do walks through the migrations.
test-sqlite: dev
	env -u DATABASE_URL $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --no-migrations -m "not browser"
	env -u DATABASE_URL $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --no-migrations -m browser

## openapi: write the snapshot of the API that the tests compare with
openapi: dev
	WRITE_SNAPSHOT=1 $(BIN)/python -m pytest -q tests/api/test_openapi.py

## docs: write the pages that are generated from the declarations
docs: dev
	$(BIN)/python tools/build_docs.py
	$(BIN)/python tools/build_kind_docs.py

## messages: compile the translations
messages: dev
	$(BIN)/python tools/compile_messages.py

## lock: pin versions and hashes of everything (needs uv)
lock:
	uv pip compile pyproject.toml tools/build.in --extra postgres $(LOCK_OPTIONS) -o requirements.lock
	uv pip compile pyproject.toml tools/build.in --extra dev -c requirements.lock $(LOCK_OPTIONS) -o requirements-dev.lock
	@! grep -nE '://|file:|@ ' requirements.lock requirements-dev.lock

LOCK_OPTIONS := -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache

runtime:
	@[ -f $(VENV)/$(RUNTIME_SUM).runtime ] || [ -f $(VENV)/$(DEV_SUM).dev ] || \
		$(MAKE) --no-print-directory installed LOCK=requirements.lock STAMP=$(RUNTIME_SUM).runtime

dev:
	@[ -f $(VENV)/$(DEV_SUM).dev ] || \
		$(MAKE) --no-print-directory installed LOCK=requirements-dev.lock STAMP=$(DEV_SUM).dev

.PHONY: installed
installed:
	@[ -n "$(PYTHON)" ] || { echo "需要 Python 3.11 或更高版本 / Python 3.11 or newer is needed: make PYTHON=/path/to/python3"; exit 2; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV) || { \
		echo "不能建立虚拟环境：Debian/Ubuntu 上先 apt-get install python3-venv / no virtual environment: install python3-venv first"; \
		rm -rf $(VENV); exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/*.runtime $(VENV)/*.dev; touch $(VENV)/$(STAMP)
