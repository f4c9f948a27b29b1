# 先锋 Xianfeng. `make run` starts it, `make test` proves it; README.md says more.

PYTHON ?= python3
PORT ?= 8000
XIANFENG_DATA ?= var
export XIANFENG_DATA

PY := .venv/bin/python
MANAGE := $(PY) manage.py
# Settings of somebody's pip that would put packages elsewhere than into our .venv.
PIP := env -u PIP_USER -u PIP_TARGET -u PIP_PREFIX -u PIP_CONSTRAINT \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: help run simulate install test quick check format bench vendor lock chromium install-dev

help:
	@echo "make run     start it on 127.0.0.1:$(PORT) with the demo district (PORT=…, XIANFENG_DATA=…)"
	@echo "make simulate  a day in the district; ARGS=lost-child: one case (needs make run)"
	@echo "make test    everything that proves it, on SQLite and on PostgreSQL with Redis"
	@echo "make quick   the tests on SQLite only; make check: rules of the house; make format"
	@echo "make bench   measure it; make vendor, make lock: refresh what is pinned"

# --- running ---------------------------------------------------------------------------------

run: export XIANFENG_DEMO ?= 1
run: install
	@$(MANAGE) migrate --noinput --verbosity 0
	@done="$$XIANFENG_DATA/static/staticfiles.json"; \
	if [ ! -e "$$done" ] || \
	   [ -n "$$(find static config/static.py .venv/requirements.lock -newer "$$done" -print -quit)" ]; \
	then $(MANAGE) collectstatic --noinput --verbosity 0; fi
	@if [ "$$XIANFENG_DEMO" = 1 ]; then $(MANAGE) demo --if-empty --verbosity 0; fi
	@exec $(MANAGE) serve --port $(PORT)

# Packages are installed again only when the lock file has changed.
# Against the platform that `make run` has started.
simulate: export XIANFENG_DEMO ?= 1
simulate: install
	@$(MANAGE) simulate --url http://127.0.0.1:$(PORT) $(ARGS)

install: .venv/bin/python
	@cmp -s requirements.lock .venv/requirements.lock || { \
		echo "Installing packages…"; \
		$(PIP) -r requirements.lock && cp requirements.lock .venv/requirements.lock; }

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is needed (Debian: apt-get install python3-venv)"; exit 1; }

# --- proving ---------------------------------------------------------------------------------

# Two pytest workers, each with the whole suite on a stack of its own; one summary.
STACKS := --dist each --tx popen//env:TEST_STACK=embedded --tx popen//env:TEST_STACK=server

test: install-dev chromium
	@$(PY) -m tests.servers $(PY) -m pytest $(STACKS) $(ARGS)

quick: install-dev
	@$(PY) -m pytest $(ARGS)

check: install-dev
	@$(PY) -m pytest tests/house $(ARGS)

format: install-dev
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .

bench: install-dev
	@$(PY) -m tests.bench $(ARGS)

install-dev: .venv/bin/python
	@cmp -s requirements-dev.lock .venv/requirements-dev.lock || { \
		echo "Installing packages for tests…"; \
		$(PIP) -r requirements-dev.lock && cp requirements-dev.lock .venv/requirements-dev.lock \
		&& cp requirements.lock .venv/requirements.lock; }

# Debian's Chromium, and a font for Chinese; Playwright only drives it.
chromium:
	@command -v chromium >/dev/null || { \
		command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || [ -n "$(SUDO)" ]; } || { \
			echo "Browser tests need Chromium on the PATH and a CJK font; please install them."; \
			exit 1; }; \
		echo "Installing Chromium…"; \
		$(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install \
			-y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; }

# --- keeping ---------------------------------------------------------------------------------

vendor: install
	@XIANFENG_DEMO=1 $(MANAGE) vendor

UV ?= uv
lock:
	@$(UV) pip compile -q pyproject.toml --python-version 3.11 --universal --generate-hashes \
		--no-header -o requirements.lock
	@$(UV) pip compile -q pyproject.toml --group dev --python-version 3.11 --universal \
		--generate-hashes --no-header -o requirements-dev.lock
