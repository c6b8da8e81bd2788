# `make audit` runs the audit; `make test` runs the tests. Both set everything up first.
PYTHON ?= python3
VENV   ?= .venv
LOCK   ?= requirements/lock.txt
BIN    := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP    := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python
READY  := $(VENV)/.ready
FRESH  := $(VENV)/.fresh
PEERS  := .venv-peers

.PHONY: help audit test lint format bench docs proofs sample screenshot validate-peers lock clean
help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

audit: $(READY) $(FRESH)  ## audit the paper's claims, the zoo and three Gymnasium games
	$(BIN)/drmg-check audit $(ARGS)

test: $(READY) $(FRESH)  ## run the test suite
	$(BIN)/python -m pytest $(ARGS)

lint: $(READY)  ## everything CI checks besides the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## let ruff fix what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) $(FRESH)  ## measure kernels, stage games, episodes, certificates and threads
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(READY)  ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

proofs:  ## let Coq check every theorem of properties/proofs
	$(MAKE) --no-print-directory -C properties/proofs $(ARGS)

sample: $(READY) $(FRESH)  ## rebuild reports/sample, the audit as a report
	$(BIN)/python reports/make_sample.py $(ARGS)
	$(BIN)/python docs/draw_badges.py

screenshot:  ## rebuild docs/images/report.png from the sample (needs Chromium)
	$(PYTHON) docs/take_screenshot.py

validate-peers: $(PEERS)/.ready  ## validate optora, dro, rsome and stormpy, in an environment of their own
	$(PEERS)/bin/python examples/adapters/validate_peers.py

# A peer that cannot be installed here is skipped, so each is installed on its own.
$(PEERS)/.ready: pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --editable .
	$(PEERS)/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["peers"], sep="\n")' \
	  | while read -r peer; do $(PEERS)/bin/python -m pip install --quiet "$$peer" || echo "$$peer cannot be installed here"; done
	@touch $@

# A compiled function is cached by its own file's date; it does not notice that one it calls was edited.
$(FRESH): $(wildcard drmg_check/kernels/*.py drmg_check/enclosures/*.py drmg_check/equilibria/*.py drmg_check/planner/*.py) | $(READY)
	@find drmg_check oracles properties -name '*.nb[ci]' -delete
	@touch $@

$(READY): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit("drmg-check needs Python 3.11 or newer, this is %d.%d; try: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PIP) install --quiet --require-hashes --requirement $(LOCK)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock:  ## refresh the pins (needs uv); the output names no index
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --output-file $(LOCK)

clean:  ## remove the environment
	rm -rf $(VENV) $(PEERS)
