PYTHON ?= python3
PROFILE ?= standard
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/ready

export TF_CPP_MIN_LOG_LEVEL := 3

.DEFAULT_GOAL := help
.PHONY: help reports report list test test-faults lint check render data lock clean

help:  ## print these targets
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## /\t/' | expand -t 13

reports: $(READY)  ## train what is missing and render every page (PROFILE=smoke, standard or paper)
	@$(RUN) -m study run --profile $(PROFILE)

report: $(READY)  ## the same for one finding: make report NAME=xor
	@$(if $(NAME),,$(error expected a finding's name or its beginning: make report NAME=xor))$(RUN) -m study run $(NAME) --profile $(PROFILE)

list: $(READY)  ## list the findings
	@$(RUN) -m study list

test: $(READY)  ## run the tests
	@$(RUN) -m pytest

test-faults: $(READY)  ## run the long fault tests: kills, damage, a full disk
	@$(RUN) -m pytest -m faults tests/faults

lint: $(READY)  ## check style
	@$(RUN) -m ruff check && $(RUN) -m ruff format --check

check: $(READY)  ## say which pages are stale, and why
	@$(RUN) -m study check

render: $(READY)  ## redraw the pages from recorded tables, without training
	@$(RUN) -m study render

data: $(READY)  ## prepare MNIST
	@$(RUN) -m study data

lock: $(READY)  ## pin the dependencies again, after a change of pyproject.toml
	@PYTHON=$(RUN) sh requirements/lock.sh

clean:  ## remove the environment, the data and the results; reports stay
	rm -rf $(VENV) build dist *.egg-info

$(READY): requirements/cpu.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	{ echo "study: expected Python 3.11 to 3.13. Received: $$($(PYTHON) --version 2>&1); name another: make PYTHON=python3.12"; exit 1; }
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	echo "study: no virtual environment could be made; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing the pinned packages into $(VENV), which takes a minute or two."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@
