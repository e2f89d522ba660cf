# Two commands matter: `make demo` to play, `make check` to test. Both set everything up first, inside this tree.
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin

.PHONY: help setup demo check torture format lock browser rehearse bench clean

help:
	@echo "make demo    play a whole stage on phones in your browser (PORT=8080)"
	@echo "make check   run every check and test"
	@echo "make torture kill, cut and flood it for an hour (docs/reliability.md)"
	@echo "make setup   install stagebot into .venv, as .venv/bin/stagebot"
	@echo "make bench   measure beside other libraries, into docs/performance.md (30 minutes; BENCH=--quick: 5)"
	@echo "make format  format the code      make lock   renew the lock files      make clean   remove what was made"

setup: .venv/.ready

.venv/.ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "stagebot needs Python 3.11 or newer: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "Installing what stagebot needs into .venv (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock \
		|| { echo "Installing failed; the first time needs a network." >&2; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	@$(BIN)/stagebot demo --port $(PORT)

# Left out: what keeps files of its own (the rehearsal), and trouble, for whose faults 20 kills are too few.
ON_POSTGRESQL := tests/store tests/services tests/cli tests/dialogues tests/crash/test_kill.py \
	--ignore=tests/cli/test_rehearsal.py -k "not server_in_trouble" --show-capture=no

check: setup browser
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/stagebot check
	$(BIN)/pytest
	@echo "Once more on PostgreSQL, which is started for it: store, services, command line, dialogues, kills ..."
	STAGEBOT_TEST_DATABASE=postgresql STAGEBOT_KILLS=20 $(BIN)/pytest $(ON_POSTGRESQL)

# The same tests as in `make check`, for an hour in place of minutes. Set SEEDS to play other games.
SEEDS ?= 1 2 3
torture: setup
	@for seed in $(SEEDS); do \
		STAGEBOT_SEED=$$seed STAGEBOT_KILLS=500 $(BIN)/pytest tests/crash --show-capture=no || exit 1; \
	done
	STAGEBOT_FUZZ=100000 STAGEBOT_FLOOD=60 $(BIN)/pytest tests/fuzz tests/trouble --show-capture=no

rehearse: setup
	@$(BIN)/stagebot rehearse config/samples/rooster-2026.csv

# The libraries that stagebot is measured beside get an environment of their own.
.venv-bench/.ready: requirements-bench.lock
	@$(PYTHON) -m venv .venv-bench
	@echo "Installing the libraries to compare with into .venv-bench (once) ..."
	@.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements-bench.lock || { echo "Installing failed; the first time needs a network." >&2; exit 1; }
	@touch $@

bench: setup .venv-bench/.ready
	@mkdir -p .data
	@$(BIN)/python -m tests.bench --peers .venv-bench/bin/python --json .data/bench.json \
		$(if $(BENCH),$(BENCH),--write docs/performance.md)

# The page is tested in a real browser; Debian's chromium is installed where this may be done.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium for the browser test ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
		echo "The browser test needs chromium or Chrome (Debian: sudo apt-get install chromium)." >&2; exit 1; \
	fi

format: setup
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

# Renewing the lock files is for maintainers; uv stays out of the environment that people get.
LOCK = .venv-lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --group dev --output-file requirements-dev.lock
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) --group bench --output-file requirements-bench.lock

clean:
	rm -rf .venv .venv-lock .venv-bench .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .data
