# Every target says in one line what it does; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help report reports pdf data check lab brief briefs compare verify bench test test-fast release-check pythons coverage mutants \
        lint strip env env-lab env-test lock golden clean

PYTHON ?= python3
# Set, as on many build machines, it lets each process compile anew all that it imports: half of its start.
unexport PYTHONDONTWRITEBYTECODE

# An active conda environment made from environment.yml is used as it is; otherwise the project makes its own, in three
# steps, each on top of the one before: what a report needs, JupyterLab, and what the tests need.
ifeq ($(CONDA_DEFAULT_ENV),ccm-notebooks)
BIN := $(CONDA_PREFIX)/bin
READY := .cache/conda-ready
READY_LAB := $(READY)
READY_TEST := $(READY)
else
BIN := .venv/bin
READY := .venv/ready
READY_LAB := .venv/ready-lab
READY_TEST := .venv/ready-test
endif
CCM := $(BIN)/python -m ccmlib

# A value as one word of the shell, whatever it holds: option NAME=value where the variable is set.
quoted = '$(subst ','\'',$(value $(1)))'
option = $(if $(value $(2)),--$(1)=$(call quoted,$(2)))
WHEN = $(call option,from,FROM) $(call option,to,TO) $(call option,period,PERIOD) $(call option,locale,LOCALE)
HOW = $(call option,jobs,JOBS) $(call option,engine,ENGINE) $(call option,engine,RUNNER) $(if $(FORCE),--force) $(if $(CODE),--code)
LOCALE_AND_HOW = $(call option,locale,LOCALE) $(HOW)

help: ## list the targets, and what they can be given
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "  variables: PERIOD=6MSP | FROM=2017-07-01 TO=2018-06-30, SECTION=, STATE=, LOCALE=en, JOBS=, ENGINE=warm|plain, RUNNER=dask, FORCE=1, CODE=1"
	@echo "  PERIOD  " $$(awk -F, 'NR > 1 {print $$1}' data/raw/periods.csv)
	@echo "  SECTION " $$(cd notebooks && ls | sed -n 's/^\([0-9][0-9]_.*\)\.ipynb$$/\1/p')
	@echo "  LOCALE   en fr es ru ar zh"

report: $(READY) ## make the progress report of PERIOD in reports/PERIOD/
	@$(CCM) report $(WHEN) $(call option,section,SECTION) $(HOW)

reports: $(READY) ## make the reports of all periods
	@$(CCM) reports $(LOCALE_AND_HOW)

pdf: $(READY) ## print the report of PERIOD as reports/PERIOD.pdf
	@$(CCM) report $(WHEN) $(HOW)
	@$(CCM) pdf $(WHEN)

data: $(READY) ## clean data/raw/ into the tidy tables of data/processed/
	@$(CCM) data

check: $(READY) ## print every problem of the raw exports at once (FILE=... for one)
	@$(CCM) check $(if $(value FILE),-- $(call quoted,FILE))

lab: $(READY_LAB) ## open JupyterLab with the notebooks
	@$(CCM) data && $(BIN)/jupyter lab --notebook-dir=. --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
	    --LabApp.news_url=None notebooks/explore.ipynb

brief: $(READY) ## make the brief of one State (STATE=LAO)
	@$(CCM) brief $(WHEN) $(HOW) $(if $(value STATE),-- $(call quoted,STATE))

briefs: $(READY) ## make the briefs of all States that joined
	@$(CCM) briefs $(WHEN) $(HOW)

compare: $(READY) ## what changed between two periods, State by State (A=6MSP B=9MSP)
	@$(CCM) compare $(LOCALE_AND_HOW) -- $(if $(value A),$(call quoted,A)) $(if $(value B),$(call quoted,B))

verify: $(READY) ## recompute the hashes of a report's manifest and say what differs
	@$(CCM) verify $(WHEN)

bench: $(READY_TEST) ## measure the runner beside running by hand; writes docs/benchmarks.md
	@$(BIN)/python -m benchmarks.run

test: $(READY_TEST) ## run all tests but those of release-check
	@tools/system_packages.sh test
	@$(BIN)/python -m ruff check .
	@mkdir -p .cache && $(CCM) data > .cache/data.txt
	@$(BIN)/python -m pytest -n auto -m "not release"

test-fast: $(READY_TEST) ## run the tests that need no browser and run no whole report
	@mkdir -p .cache && $(CCM) data > .cache/data.txt
	@$(BIN)/python -m ccmlib.language.messages --count
	@$(BIN)/python -m pytest -n auto -m "not browser and not slow and not release"

release-check: $(READY_TEST) ## what a release needs besides: all translations, the reports of all periods, and in each language
	@tools/system_packages.sh test
	@mkdir -p .cache && $(CCM) data > .cache/data.txt
	@$(BIN)/python -m pytest -n auto -m release

pythons: ## run the quick tests with each later Python that is at hand
	@tools/pythons.sh

coverage: $(READY_TEST) ## run all tests and see that they reach 95 % of the library's lines
	@tools/system_packages.sh test
	@rm -rf .cache/coverage && mkdir -p .cache/coverage && $(CCM) data > .cache/data.txt
	@$(BIN)/python -m coverage run -m pytest -n auto -m "not release"
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report

mutants: $(READY_TEST) ## change the treaty arithmetic in every small way; fails where no test notices
	@rm -rf mutants && mkdir -p .cache && $(BIN)/python -m mutmut run
	@$(BIN)/python -m mutmut results | tr -d ':' | awk 'NR == FNR {same[$$1]; next} !($$1 in same)' \
	    tests/treaty/equivalent_mutants.txt - > .cache/mutants.txt
	@if [ -s .cache/mutants.txt ]; then cat .cache/mutants.txt; exit 1; fi

golden: $(READY) ## accept new golden figures, after showing what changed
	@$(BIN)/python -m tests.golden_figures --accept

lint: $(READY_TEST) ## check style of library and notebooks
	@$(BIN)/python -m ruff check .

# What JupyterLab saves beside the cells and nobody needs; ids, tags and what the runner reads (metadata.ccm) stay.
NOISE := $(foreach key,version mimetype file_extension codemirror_mode nbconvert_exporter pygments_lexer,metadata.language_info.$(key))
strip: $(READY_TEST) ## take outputs and noise out of the notebooks, before a commit
	@$(BIN)/python -m nbstripout --keep-id --extra-keys "$(NOISE)" notebooks/*.ipynb

env: $(READY) ## make the environment for reports only
env-lab: $(READY_LAB) ## add JupyterLab to it
env-test: $(READY_TEST) ## add what the tests need

lock: ## renew the three locks from pyproject.toml (needs uv)
	@tools/lock.sh

clean: ## remove everything generated, the environment too
	rm -rf .venv .cache mutants reports data/processed/*.parquet data/processed/*.csv data/processed/*.json

.venv/ready: requirements-report.lock pyproject.toml
	@tools/environment.sh $(call quoted,PYTHON) requirements-report.lock
	@tools/system_packages.sh report
	@touch $@

.venv/ready-lab: .venv/ready requirements-lab.lock
	@tools/environment.sh $(call quoted,PYTHON) requirements-lab.lock
	@touch $@

.venv/ready-test: .venv/ready-lab requirements-test.lock
	@tools/environment.sh $(call quoted,PYTHON) requirements-test.lock
	@touch $@

.cache/conda-ready: environment.yml pyproject.toml
	@$(BIN)/python -m pip install -q --no-deps -e .
	@mkdir -p .cache && touch $@

.DEFAULT:
	@$(PYTHON) tools/nearest.py $@
