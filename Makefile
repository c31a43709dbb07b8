# What one types. The rules below need a POSIX shell, make and Python >= 3.11, nothing else.
# Choose another interpreter with `make run PYTHON=/path/to/python3`.

.DEFAULT_GOAL := help
.PHONY: run test check bench conformance soak help lock vendor
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
OURS := display drivers hall_server kiosk
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
ARGS ?=

run: $(VENV)/run.stamp  ## install on first use, then open the demo hall (Ctrl-C closes it)
	@exec $(BIN)/hallcall up --demo $(ARGS)

# Most tests wait for processes, devices and browsers: four at a time keep two cores busy. ARGS="-n 0" runs one by one.
test: $(VENV)/dev.stamp  ## install on first use, then run every test; ARGS="-k printer" for some
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/dev.stamp  ## formatting, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/dev.stamp  ## measure this machine
	@$(BIN)/python -m tests.bench $(ARGS)

conformance: $(VENV)/dev.stamp  ## every trouble of printers and signs, as a table; ARGS="--runs 3 --only rfc2217"
	@$(BIN)/python -m tests.conformance $(ARGS)

# What CI does a few times is done so often that what is rare happens too.
soak: $(VENV)/dev.stamp  ## 5,000 halls by chance on each database, 100 power cuts, 200 kills each of server, station and kiosk, a full line, bad days; about two hours
	@HALLCALL_SOAK=1 $(BIN)/python -m pytest -n 2 --dist load -o timeout=7200 tests/model $(ARGS)
	@HALLCALL_SOAK=1 $(BIN)/python -m pytest -o timeout=7200 tests/durability tests/e2e/test_kills.py \
	  tests/e2e/test_part_kills.py tests/e2e/test_frozen.py tests/e2e/test_pads.py tests/two_servers tests/conformance/test_full_line.py \
	  tests/conformance/test_bad_day.py tests/drivers/test_hung.py tests/e2e/test_away.py tests/browser/screens $(ARGS)

help:  ## this list
	@echo "HallCall: make TARGET"
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	  while IFS='|' read -r target text; do printf '  %-11s %s\n' "$$target" "$$text"; done

# The newest `python3` that fits; venv needs ensurepip, which Debian packs apart.
$(VENV)/made.stamp:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	      echo "$$python has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	    fi; \
	    echo "Making $(VENV) with $$("$$python" -V) (once)"; \
	    "$$python" -m venv $(VENV) && touch $@; exit; \
	  fi; \
	done; \
	echo "HallCall needs Python 3.11 or newer; 'make run PYTHON=/path/to/python3' names one." >&2; exit 1

# Hashes make the install the same everywhere; wheels only, so that nothing is built and no compiler is asked for.
# The second line of each rule installs this folder itself, with the setuptools that the lock has just brought; the next
# one compiles it, for a hall that may not write here, or was told to write no bytecode, would compile it at each start.
$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/made.stamp
	@echo "Installing what the hall needs (about a minute, once)"
	@$(PIP) --require-hashes --only-binary :all: -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q $(OURS)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt pyproject.toml | $(VENV)/made.stamp
	@echo "Installing what the hall and its tests need (about a minute, once)"
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q $(OURS)
	@touch $@ $(VENV)/run.stamp

# For whoever changes a dependency: needs uv, and npm for the assets.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
  --custom-compile-command "make lock" pyproject.toml --extra build

lock:  ## pin the newest allowed versions (needs uv)
	$(COMPILE) --upgrade --output-file requirements.txt
	$(COMPILE) --upgrade --extra postgres --extra dev --constraint requirements.txt --output-file requirements-dev.txt

vendor:  ## copy scripts, icons and fonts from npm again (needs npm)
	python3 .ci/vendor.py
