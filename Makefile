# Every target works on a fresh clone: the first one creates .venv with what constraints.txt pins.
PYTHON ?= python3
SUBMISSION ?= lessons
ARGS ?=
GRADES ?= build/grades.json
# Each process does half of the files; the one that ends first takes what is left of the other's half.
PARALLEL ?= -p xdist --numprocesses 2 --dist worksteal
PART ?=
PARTS := $(sort $(patsubst tests/%/,%,$(dir $(wildcard tests/*/test_*.py))) $(patsubst tests/test_%.py,%,$(wildcard tests/test_*.py)))
# For these a second process saves more than it takes to start.
LONG := attacks batch checks command_line lessons mathematics samples self_check student
# What testmon cannot see: it watches the lines of Python that a test runs in its own process. So a change of what only
# runs in a worker (grader/worker, lessons/kit, solutions), of data, templates, catalogues and notebooks, or of a constant
# in a module of which a test runs no line, touches no test for it. The tests named here read the code or run the
# worker's, and are always run.
UNSEEN := tests/worker tests/test_structure.py tests/language/test_messages.py
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help check grade test quick test-all test-lowest test-newest grades structure lint format lessons messages notebook lock calibrate proof protocols bench bench-peers clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This project needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V 2>&1`. Try: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --upgrade "pip>=25.1"
	$(BIN)/python -m pip install -qq --constraint constraints.txt --editable . --group dev
	@# Without bytecode, importing TensorFlow takes twice as long; PYTHONDONTWRITEBYTECODE would leave it so.
	-@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1
	@touch $@

check: .venv/installed ## Self-check of lessons/, or of SUBMISSION=path (ARGS="--lesson 108 --lang en")
	@$(BIN)/pytest grader --submission="$(SUBMISSION)" $(ARGS) || test $$? -eq 1

grade: .venv/installed ## Grade the bundled sample class (ARGS="--jobs 1 --fresh")
	@$(BIN)/python -m grader batch data/sample_class --out build/sample_class $(ARGS)

test: .venv/installed ## All tests but the slow evidence, or one room's: PART=submission
ifeq ($(PART),)
	$(BIN)/python -m pytest tests -m "not slow and not versions" $(PARALLEL) $(ARGS)
else ifneq ($(filter $(PART),$(PARTS)),)
	$(BIN)/python -m pytest $(wildcard tests/$(PART) tests/test_$(PART).py) -m "not slow and not versions" \
	  $(if $(filter $(PART),$(LONG)),$(PARALLEL)) $(ARGS)
else
	@echo "There are no tests of a part named $(PART). Parts: $(PARTS)."; exit 2
endif

quick: .venv/installed ## The tests that a change of Python code touches; not all that run in a worker (the first time: all)
	$(BIN)/python -m pytest tests -m "not slow and not versions" -p pytest-testmon --testmon --testmon-forceselect \
	  $(if $(wildcard .testmondata),,$(PARALLEL)) $(ARGS)
	$(BIN)/python -m pytest $(UNSEEN) -m "not slow and not versions" $(ARGS)

test-lowest test-newest: test-%: build/%/installed ## What must hold with the lowest and the newest allowed libraries
	@# Old libraries warn of each other; what they compute is looked at here.
	build/$*/bin/python -m pytest tests/kit tests/versions -W default $(ARGS)

build/%/installed: pyproject.toml benchmarks/versions.py
	$(PYTHON) -m venv build/$*
	$(PYTHON) -m benchmarks.versions $* > build/$*/constraints.txt
	build/$*/bin/python -m pip install -qq --upgrade "pip>=25.1"
	build/$*/bin/python -m pip install -qq --constraint build/$*/constraints.txt --editable . --group versions
	-@build/$*/bin/python -m compileall -q -j 0 build/$*/lib >/dev/null 2>&1
	@touch $@

test-all: .venv/installed ## All tests, the slow evidence included
	$(BIN)/python -m pytest tests $(ARGS)

grades: .venv/installed ## Write every grade of the sample class and the sample submissions to GRADES=file
	$(BIN)/python -m tests.support.grades $(GRADES)

structure: .venv/installed ## Print the structure's figures: rooms, floors, import chains, crossings
	@$(BIN)/python -m benchmarks.structure

lint: .venv/installed ## ruff (rules and format) and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/installed ## Let ruff put the code in its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lessons: .venv/installed ## Regenerate the students' notebooks from solutions/
	$(BIN)/python -m solutions.generate

messages: .venv/installed ## Update the message catalogues in grader/language/locale/
	$(BIN)/python -m grader.language.catalogues

notebook: .venv/installed ## Open the lessons in JupyterLab
	$(BIN)/python -m pip install -qq --constraint constraints.txt --group notebook
	cd lessons && ../$(BIN)/jupyter lab

lock: .venv/installed ## Write what is installed now to constraints.txt
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

calibrate: .venv/installed ## Measure how right work scatters; writes docs/calibration-*.md (three quarters of an hour)
	$(BIN)/python -m benchmarks.calibrate_107
	$(BIN)/python -m benchmarks.calibrate_108 $(ARGS)
	$(BIN)/python -m benchmarks.calibrate_109

proof: .venv/installed ## Measure what the homework's proof finds and costs; writes docs/proof.md (ten minutes)
	$(BIN)/python -m benchmarks.homework.proof $(ARGS)

protocols: .venv/installed ## Measure He's lead under other protocols; writes docs/protocols.md (an hour)
	$(BIN)/python -m benchmarks.homework.protocols $(ARGS)

bench: .venv/installed ## Measure throughput, memory and overhead; writes its part of docs/benchmarks.md
	$(BIN)/python -m benchmarks.throughput $(ARGS)

bench-peers: .venv/installed ## Compare with otter-grader and nbgrader in an environment of their own
	$(BIN)/python -m benchmarks.peers $(ARGS)

clean: ## Remove the environment and what can be made again
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .testmondata* *.egg-info data/fashion-mnist/cache
