# Needs make and python3 (3.11 or later) with venv; everything else comes from the two lock files:
# requirements.lock for running the program, dev.lock with the tools of its tests and checks besides.
# pip reads its own configuration: indexes, proxies and certificates are not named here.

PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
# Bytecode is written on all processors at once, which pip does not do.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
COMPILE := $(BIN)/python -m compileall -q ntm_workflow
COMPILE_ALL := $(BIN)/python -m compileall -q -j 0 .venv/lib ntm_workflow

.DEFAULT_GOAL := help
.PHONY: help demo test check crash bench lock clean bytecode

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: bytecode ## the main job on the bundled plans, leaving nothing behind
	@$(BIN)/ntm demo

test: .venv/.dev-ok bytecode ## the whole test suite, on SQLite and PostgreSQL
	@$(BIN)/pytest

check: .venv/.dev-ok ## format, lint, types, import rules, no address in a lock
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@if grep -n '://' requirements.lock dev.lock; then \
		echo 'A lock names a host; write it with: make lock' >&2; exit 1; fi

crash: .venv/.dev-ok bytecode ## kills and restarts the program for a long time; nothing may be lost
	@PYTHONPATH=tests $(BIN)/python -m crash

bench: .venv/.dev-ok bytecode ## the budgets on both databases at three sizes; a quarter of an hour
	@$(BIN)/python tests/bench/run.py

COMPILE_LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header pyproject.toml --extra postgres build.in

lock: ## write the lock files again (needs uv); keeps the versions that still fit
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: pipx install uv' >&2; exit 1; }
	$(COMPILE_LOCK) -o requirements.lock
	$(COMPILE_LOCK) dev.in -c requirements.lock -o dev.lock

clean: ## remove the environment, caches and build results
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find ntm_workflow tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Start times count: a checkout changes sources, and Python may be told not to keep bytecode.
bytecode: .venv/.ok
	-@$(COMPILE)

.venv/.ok: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or later is needed: make PYTHON=python3.x' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo 'venv is missing; on Debian or Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	-@$(COMPILE_ALL)
	@touch $@

.venv/.dev-ok: .venv/.ok dev.lock
	$(PIP) --require-hashes -r dev.lock
	-@$(COMPILE_ALL)
	@touch $@
