# `make demo` and `make test` do all the set-up they need; everything lands in .venv.
VENV ?= .venv
BIN := $(VENV)/bin
CANDIDATES := python3.13 python3.12 python3.11 python3
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.PHONY: .venv help demo test check format bench screens clean

help: ## show the targets
	@grep -E '^[.a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/'

.venv: $(VENV)/.installed ## environment and install

$(VENV)/.installed: pyproject.toml constraints.txt
	@python=""; for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c '$(FITS)' >/dev/null 2>&1; then python="$$candidate"; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "hipgonio needs Python 3.11, 3.12 or 3.13 with venv, and found none of $(CANDIDATES) that fits: install one (Debian: apt install python3-venv) and run make again." >&2; exit 1; fi; \
	[ -x "$(BIN)/python" ] && "$(BIN)/python" -c '$(FITS)' >/dev/null 2>&1 || "$$python" -m venv --clear "$(VENV)"
	@echo "installing hipgonio into $(VENV) (once) ..." >&2
	@PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 "$(BIN)/python" -m pip install --quiet --editable '.[dev,virtual,web,pdf]'
	@touch "$@"

demo: .venv ## the main job with no hardware: a guided test on a virtual radio, stored and scored
	@"$(BIN)/hipgonio" demo

test: .venv ## the tests
	@"$(BIN)/python" -m pytest

check: .venv ## format, lint, types, import contracts, what is in the wheel
	"$(BIN)/ruff" format --check .
	"$(BIN)/ruff" check .
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"
	"$(BIN)/python" -m pytest -q tests/house/test_wheel.py

format: .venv ## put every file into the house's format
	"$(BIN)/ruff" format .
	"$(BIN)/ruff" check --fix .

bench: .venv ## speed, size and accuracy as ratios
	@"$(BIN)/hipgonio" bench

screens: .venv ## pictures of every step of the screen, into docs/screens
	@"$(BIN)/python" tests/browser/screens.py

clean: ## remove the environment and what tools leave behind
	rm -rf "$(VENV)" build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
