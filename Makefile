PYTHON ?= python3
PROFILE ?= standard
DEVICE ?= cpu
# Its peer on a GPU is PyTorch, and TensorFlow may lack there.
BACKEND ?= $(if $(filter benchmark-gpu,$(MAKECMDGOALS)-$(DEVICE)),jax,tensorflow)
LOCK := $(if $(CLUSTER),cluster,)$(if $(filter jax,$(BACKEND)),jax,)$(if $(filter gpu,$(DEVICE)),gpu,)
VENV := $(if $(LOCK),build/envs/$(LOCK),.venv)
RUN := $(VENV)/bin/python
READY := $(VENV)/ready
OTHER := $(if $(DATA),--data "$(DATA)")
FAULTS ?= 1
MNIST := $(or $(STUDY_DATA),build/data)
# A driver of NVIDIA's, in Linux and in Windows's.
GPU := $(wildcard /dev/nvidiactl /dev/dxg)
# All of the tests but those of the lab, which trains on TensorFlow.
LAB := study/lab study/theory study/__main__.py tests/lab tests/theory tests/experiments \
	tests/reports tests/faults tests/benchmarks tests/cluster tests/notebooks tests/peers \
	website tests/website \
	tests/test_architecture.py tests/test_makefile.py tests/test_readme.py tests/test_release.py \
	tests/test_safety.py

# Files begin on both cores, and a core that is done takes over tests of the other's. Each
# has one thread there, for two would wait for those of the other.
SPREAD := -n 2 --dist worksteal
TESTED := test test-slow test-all test-jax test-torch test-keras test-peers test-faults
$(TESTED): export OMP_NUM_THREADS := 1
$(TESTED): export OPENBLAS_NUM_THREADS := 1
$(TESTED): export TF_NUM_INTRAOP_THREADS := 1
$(TESTED): export TF_NUM_INTEROP_THREADS := 1

MARKED = not faults and not slow
# In tests XLA compiles hundreds of tiny programs, and JAX thousands, each of which is run
# once: in haste, but as it is for who trains in the engine's slow tests of bits. JAX's
# are kept for both cores and the next time; its XLA writes a program of one operation in
# half the time without its fusion emitters, TensorFlow's gains nothing.
HASTY := --xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true
HASTY_JAX := $(HASTY) --xla_cpu_use_fusion_emitters=false
test: export XLA_FLAGS := $(HASTY)
test-jax: export JAX_COMPILATION_CACHE_DIR := $(CURDIR)/build/jax-programs
test-jax: export JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS := 0

export TF_CPP_MIN_LOG_LEVEL := 3
# To compile TensorFlow's sources at every start takes longer than to import it.
unexport PYTHONDONTWRITEBYTECODE
# What must be seen at once is flushed, wherever this is set and where not.
unexport PYTHONUNBUFFERED
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/bytecode
export KERAS_BACKEND := $(BACKEND)
export STUDY_DEVICE := $(DEVICE)
export STUDY_FAULTS := $(FAULTS)

ifeq ($(filter report,$(MAKECMDGOALS)):$(NAME),report:)
$(error study: expected a finding, a claim or a technique: make report NAME=xor. Received: no NAME)
endif

ifeq ($(filter benchmark-gpu,$(MAKECMDGOALS)-$(DEVICE)):$(GPU),benchmark-gpu:)
$(error study: DEVICE: no GPU is seen here, so that nothing can be timed on one. Received: DEVICE=gpu)
endif

ifneq ($(CLUSTER),)
ifneq ($(LOCK),cluster)
$(error study: CLUSTER: expected TensorFlow on CPUs, for which there is a lock. Received: BACKEND=$(BACKEND) DEVICE=$(DEVICE); install the extras lab and cluster with that backend and run `python -m study run --cluster $(CLUSTER)`)
endif
endif

.DEFAULT_GOAL := help
.PHONY: help reports report list test test-slow test-all test-backends test-jax test-torch \
	test-keras test-peers test-faults test-cluster test-notebooks benchmark benchmark-render \
	benchmark-thresholds benchmark-minutes benchmark-cluster lint check verify elsewhere prune render \
	notebooks tensorboard data site wheelhouse release types lock clean

help:  ## print these targets
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## /\t/' | expand -t 22

reports: $(READY)  ## train what is missing and render every page (PROFILE=smoke, standard or paper; MINUTES=10 stops after ten, the next call goes on; FRESH=1 trains anew; DATA=digits on another data set; BACKEND=jax; DEVICE=gpu; CLUSTER=local or host:port; ARGS='--minutes 9' or other options of `python -m study run`)
	@$(RUN) -m study run --profile $(PROFILE) $(CLUSTER:%=--cluster %) $(MINUTES:%=--minutes %) $(if $(FRESH),--fresh) $(OTHER) $(ARGS)

report: $(READY)  ## the same for some: make report NAME=xor, or a claim's id or a technique (OPEN=1 shows the page; MINUTES=10)
	@$(RUN) -m study run $(NAME) --profile $(PROFILE) $(CLUSTER:%=--cluster %) $(MINUTES:%=--minutes %) $(if $(FRESH),--fresh) $(OTHER) $(if $(OPEN),--open) $(ARGS)

list: $(READY)  ## list the findings
	@$(RUN) -m study list

test: $(READY)  ## run the tests
	$(PREPARE)
	@$(RUN) -m pytest $(SPREAD)

test-slow: $(READY)  ## run the tests that are marked slow, and no others
	$(PREPARE)
	@XLA_FLAGS="$(HASTY)" $(RUN) -m pytest $(SPREAD) -m "slow and not optimized and not faults" tests
	$(OPTIMIZED)

test-all: $(READY)  ## run the tests and those marked slow, in one go
	$(PREPARE)
	@XLA_FLAGS="$(HASTY)" $(RUN) -m pytest $(SPREAD) -m "not optimized and not faults"
	$(OPTIMIZED)

test-backends test-keras: MARKED = not faults
test-backends: test-jax test-torch  ## run the components' tests on JAX and PyTorch, those marked slow too

test-jax: LAB := $(filter-out tests/benchmarks,$(LAB)) \
	$(filter-out %/test_gpu.py,$(wildcard tests/benchmarks/*.py))
# Where Keras finds TensorFlow beside JAX it imports it as soon as seeds are set, which
# takes ten seconds in each process, and longer the first time.
test-jax: build/envs/jax/ready  ## run the components' tests on JAX, and the lab's where there is no TensorFlow
	@XLA_FLAGS="$(HASTY_JAX)" HIDDEN="tensorflow tensorflow_datasets" PYTHONPATH=tests/hidden \
	$(COMPONENTS) --ignore=tests/test_exported.py study tests
	$(if $(filter test-backends,$(MAKECMDGOALS)),@XLA_FLAGS="$(HASTY_JAX)" $(COMPONENTS) tests/test_exported.py)

test-torch: build/envs/torch/ready  ## run the components' tests on PyTorch
	@$(COMPONENTS)
	@KERAS_BACKEND=torch build/envs/torch/bin/python -m pytest -m "" tests/benchmarks/test_gpu.py -k pytorch

test-keras: build/envs/keras/ready  ## run the components' tests on the newest Keras, with TensorFlow
	@PYTHON=$(PYTHON) sh requirements/newest.sh build/envs/keras requirements/cpu.txt || { [ $$? = 3 ] && exit; exit 1; }; \
	$(COMPONENTS)

test-peers: $(READY)  ## run Keras's own tests with our components in place of its own, as test-slow does
	@$(RUN) -m pytest -m slow tests/peers

test-faults: $(READY)  ## run the long fault tests: kills, damage, a full disk (FAULTS=0.1: a tenth of them)
	@$(RUN) -m pytest $(SPREAD) -m faults tests/faults

test-cluster: build/envs/cluster/ready  ## run the tests of the cluster: two nodes on this machine, lost and found
	@build/envs/cluster/bin/python -m pytest -m "not faults" tests/cluster

test-notebooks: build/envs/notebooks/ready  ## run the notebooks, at a small size
	@build/envs/notebooks/bin/python -m pytest tests/notebooks

ifeq ($(DEVICE),gpu)
benchmark: $(READY)
	@$(RUN) -m benchmarks gpu $(WHAT)
else
benchmark: $(READY) build/envs/torch/ready  ## time the engine against its peers, on a quiet machine (DEVICE=gpu: on a GPU, WHAT="A C" for some works)
	@build/envs/torch/bin/python -m pytest tests/benchmarks/test_peers.py -k torch
	@$(RUN) -m benchmarks run --torch build/envs/torch/bin/python
endif

benchmark-render: $(READY)  ## write the benchmark's table again from what was timed
	@$(RUN) -m benchmarks render

benchmark-thresholds: $(READY)  ## measure how many runs to stack, on a quiet machine
	@$(RUN) -m benchmarks thresholds

benchmark-minutes: $(READY)  ## time what people wait for, beside an earlier commit (WHAT="help list", ROUNDS=3)
	@$(RUN) -m benchmarks minutes $(WHAT) $(if $(ROUNDS),--rounds $(ROUNDS))

benchmark-cluster: build/envs/cluster/ready  ## measure the cluster: WHAT=waiting, its driver; WHAT=race, with workers, on a quiet machine
	@build/envs/cluster/bin/python -m benchmarks cluster $(or $(WHAT),waiting)

lint: $(READY)  ## check style
	@$(RUN) -m ruff check && $(RUN) -m ruff format --check

check: $(READY)  ## say which pages are stale, and why
	@$(RUN) -m study check --profile $(PROFILE)

verify: $(READY)  ## make some runs of every page again and compare (SHARE=0.05, SEED=0, NAME=, LONG=1)
	@$(RUN) -m study verify $(NAME) --profile $(PROFILE) $(if $(SHARE),--share $(SHARE)) \
	$(if $(SEED),--seed $(SEED)) $(if $(LONG),--long)

elsewhere: $(READY)  ## train some findings on scikit-learn's digits, and say which verdicts hold there too
	@$(RUN) -m study elsewhere

prune: $(READY)  ## drop finished runs that no definition reaches
	@$(RUN) -m study prune

render: $(READY)  ## redraw all pages from recorded tables, without training
	@$(RUN) -m study render --profile $(PROFILE)

notebooks: $(READY) build/envs/notebooks/ready  ## write the notebooks of reports/notebooks, and make an environment to run them in
	@$(RUN) -m study notebooks

tensorboard: $(READY)  ## train a small network and show it live in TensorBoard, until Ctrl-C
	@$(RUN) -m study tensorboard

data: $(READY)  ## prepare MNIST
	@$(RUN) -m study data

site: $(READY) build/envs/site/ready  ## write all pages as a static site into build/site, with API reference and search, and check its links (SITE=https://… for a sitemap)
	@PYTHONPATH=$$(echo build/envs/site/lib/python*/site-packages) $(RUN) -m website $(SITE:%=--address %)

wheelhouse: $(READY)  ## collect in build/wheelhouse what a machine with JAX on CUDA lacks to train, without a network
	@PYTHON=$(PYTHON) sh requirements/wheelhouse.sh $(VENV) build/wheelhouse

release: types  ## build wheel and sdist in dist, and check what they hold and tell
	@rm -rf dist
	@$(VENV)/bin/uv build --quiet --no-build-isolation --python $(VENV) --out-dir dist .
	@build/envs/release/bin/python -m twine check --strict dist/*
	@STUDY_RELEASE=dist $(RUN) -m pytest -m "" tests/test_release.py

types: $(READY) build/envs/release/ready  ## check a strict user's program against our types, by mypy and pyright
	@build/envs/release/bin/python -m mypy --strict --follow-imports=silent --ignore-missing-imports \
	--python-executable $(RUN) tests/typed/strict_user.py
	@build/envs/release/bin/python -m pyright --pythonpath $(RUN) tests/typed/strict_user.py

lock: $(READY)  ## pin the dependencies again, after a change of pyproject.toml
	@PYTHON=$(RUN) sh requirements/lock.sh

clean:  ## remove the environment, the data and the results; reports stay
	rm -rf $(VENV) build dist *.egg-info

.venv/ready: requirements/cpu.txt
	$(INSTALL)

build/envs/keras/ready: requirements/cpu.txt
	$(INSTALL)

build/envs/%/ready: requirements/%.txt
	$(INSTALL)

# Tests never fetch MNIST themselves; those that need it are skipped without it.
define PREPARE
@{ test -e $(MNIST)/mnist/3.0.1/manifest.json && test -e $(MNIST)/mnist_arrays/manifest.json; } || \
$(RUN) -m study data || echo "study: MNIST could not be prepared; the tests that need it are skipped"
endef

define OPTIMIZED
@$(RUN) -m pytest $(SPREAD) -m optimized tests/lab/train tests/lab/execute
endef

define COMPONENTS
KERAS_BACKEND=$(patsubst keras,tensorflow,$(@:test-%=%)) build/envs/$(@:test-%=%)/bin/python -m pytest $(SPREAD) \
-m "$(MARKED)" $(LAB:%=--ignore=%)
endef

define INSTALL
@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || \
{ echo "study: expected Python 3.11 to 3.13. Received: $$($(PYTHON) --version 2>&1); name another: make PYTHON=python3.12"; exit 1; }
@test -x $(@D)/bin/python || $(PYTHON) -m venv --without-pip $(@D) || { rm -rf $(@D); \
echo "study: no virtual environment could be made; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
@echo "Installing the pinned packages into $(@D), which takes half a minute."
@PYTHON=$(PYTHON) sh requirements/install.sh $(@D) $<
@touch $@
endef
