# demo, test and bench set up what they need in .venv; nothing else has to be installed than python3 with venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# Sizes of the large benchmark, for example: make bench BENCH="--sizes 1000,10000,100000"
BENCH ?=

# What the pages are better with; without Node they do without it.
SCRIPTS := ogx_rdf/web/scripts
BUILT := ogx_rdf/web/static/built

.PHONY: demo serve test bench scripts clean

demo: $(VENV)/.demo scripts
	$(BIN)/ogx-rdf build --out build/graph.nq --store build/store
	$(BIN)/ogx-rdf validate
	$(BIN)/ogx-rdf verify --allow-missing
	$(BIN)/ogx-rdf report --out build/report
	$(BIN)/ogx-rdf audit --format html --out build/report/audit.html
	@echo "The report, to be opened in a browser: $(CURDIR)/build/report/index.html"
	@echo "The audit in full, claim by claim:     $(CURDIR)/build/report/audit.html"
	@echo "The same as pages to search and ask:   make serve"

serve: $(VENV)/.demo scripts
	$(BIN)/ogx-rdf serve

test: $(VENV)/.test scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: $(VENV)/.test
	$(BIN)/python tests/benchmarks/growth.py
	$(BIN)/python tests/benchmarks/quotes.py
	$(BIN)/python tests/benchmarks/bench.py
	$(BIN)/python tests/benchmarks/scale.py $(BENCH)
	$(BIN)/python tests/benchmarks/serve_load.py

scripts:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(BUILT)/page.js; \
	else echo "npm is not installed: the pages are served without scripts"; fi

$(BUILT)/page.js: $(wildcard $(SCRIPTS)/*.js* $(SCRIPTS)/src/*.ts)
	$(PYTHON) $(SCRIPTS)/build.py || echo "npm could not build the scripts: the pages are served without them"

clean:
	rm -rf $(VENV) build dist $(BUILT)

$(VENV)/.demo: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[report,serve]'
	touch $@

$(VENV)/.test: $(VENV)/.demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@
