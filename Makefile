# Every target says in one line what it does; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help report reports pdf data check lab brief briefs compare verify bench test test-fast release-check coverage mutants lint strip env lock golden clean

PYTHON ?= python3
PERIOD ?= 6MSP
LOCALE ?= en

# An active conda environment made from environment.yml is used as it is; otherwise the project makes its own.
ifeq ($(CONDA_DEFAULT_ENV),ccm-notebooks)
BIN := $(CONDA_PREFIX)/bin
READY := .cache/conda-ready
else
BIN := .venv/bin
READY := .venv/ready
endif
CCM := $(BIN)/python -m ccmlib

# Options of the command line, from the variables that are set.
RUN := $(if $(JOBS),--jobs $(JOBS)) $(if $(ENGINE),--engine $(ENGINE)) $(if $(RUNNER),--engine $(RUNNER)) \
       $(if $(FORCE),--force) $(if $(CODE),--code) --locale $(LOCALE)
WHEN := $(if $(FROM),--from $(FROM)) $(if $(TO),--to $(TO)) $(if $(FROM),,--period $(PERIOD))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: PERIOD=6MSP | FROM= TO=, SECTION=, STATE=, LOCALE=en|fr|es|ru|ar|zh, JOBS=, ENGINE=warm|plain, RUNNER=dask, FORCE=1, CODE=1"

report: $(READY) ## make the progress report of PERIOD in reports/PERIOD/
	@$(CCM) report $(WHEN) $(if $(SECTION),--section $(SECTION)) $(RUN)

reports: $(READY) ## make the reports of all periods
	@$(CCM) reports $(RUN)

pdf: $(READY) ## print the report of PERIOD as reports/PERIOD.pdf
	@$(CCM) report $(WHEN) $(RUN)
	@$(CCM) pdf reports/$(PERIOD)

data: $(READY) ## clean data/raw/ into the tidy tables of data/processed/
	@$(CCM) data

check: $(READY) ## print every problem of the raw exports at once (FILE=... for one)
	@$(CCM) check $(FILE)

lab: $(READY) ## open JupyterLab with the notebooks
	@$(CCM) data && $(BIN)/jupyter lab --notebook-dir=. --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
	    --LabApp.news_url=None notebooks/explore.ipynb

brief: $(READY) ## make the brief of one State (STATE=LAO)
	@$(CCM) brief $(STATE) $(WHEN) $(RUN)

briefs: $(READY) ## make the briefs of all States that joined
	@$(CCM) briefs $(WHEN) $(RUN)

compare: $(READY) ## what changed between two periods, State by State (A=6MSP B=9MSP)
	@$(CCM) compare $(A) $(B) $(RUN)

verify: $(READY) ## recompute the hashes of a report's manifest and say what differs
	@$(CCM) verify reports/$(PERIOD)

bench: $(READY) ## measure the runner beside running by hand; writes docs/benchmarks.md
	@$(BIN)/python -m benchmarks.run

test: $(READY) ## run all tests
	@tools/system_packages.sh test
	@$(BIN)/python -m ruff check .
	@mkdir -p .cache && $(CCM) data > .cache/data.txt
	@$(BIN)/python -m pytest -n auto --dist loadgroup

test-fast: $(READY) ## run the tests that need no browser and run no whole report
	@mkdir -p .cache && $(CCM) data > .cache/data.txt
	@$(BIN)/python -m ccmlib.language.messages --count
	@$(BIN)/python -m pytest -m "not browser and not slow and not release"

release-check: test ## run all tests, and see that every translation is whole
	@$(BIN)/python -m pytest -m release

coverage: $(READY) ## run all tests and see that they reach 95 % of the library's lines
	@rm -rf .cache/coverage && mkdir -p .cache/coverage && $(CCM) data > .cache/data.txt
	@$(BIN)/python -m coverage run -m pytest -n auto --dist loadgroup
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report

mutants: $(READY) ## change the treaty arithmetic in every small way; fails where no test notices
	@rm -rf mutants && mkdir -p .cache && $(BIN)/python -m mutmut run
	@$(BIN)/python -m mutmut results > .cache/mutants.txt
	@if [ -s .cache/mutants.txt ]; then cat .cache/mutants.txt; exit 1; fi

golden: $(READY) ## accept new golden figures, after showing what changed
	@$(CCM) golden --accept

lint: $(READY) ## check style of library and notebooks
	@$(BIN)/python -m ruff check .

# What JupyterLab saves beside the cells and nobody needs; ids, tags and what the runner reads (metadata.ccm) stay.
NOISE := $(foreach key,version mimetype file_extension codemirror_mode nbconvert_exporter pygments_lexer,metadata.language_info.$(key))
strip: $(READY) ## take outputs and noise out of the notebooks, before a commit
	@$(BIN)/python -m nbstripout --keep-id --extra-keys "$(NOISE)" notebooks/*.ipynb

env: $(READY) ## make the environment only

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --no-annotate --no-header \
	    --no-emit-index-url --no-emit-find-links -o requirements.lock

clean: ## remove everything generated, the environment too
	rm -rf .venv .cache mutants reports data/processed/*.parquet data/processed/*.csv data/processed/*.json

.venv/ready: requirements.lock pyproject.toml
	@echo "making the environment in .venv (once)"
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install -q -r requirements.lock
	@.venv/bin/python -m pip install -q --no-deps -e .
	@tools/system_packages.sh report
	@touch $@

.cache/conda-ready: environment.yml pyproject.toml
	@$(BIN)/python -m pip install -q --no-deps -e .
	@mkdir -p .cache && touch $@
