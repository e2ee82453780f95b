# Everything a newcomer or a contributor does. `make` alone lists it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     ?= uv
NEEDS  := Python 3.11 or newer with venv. On Debian or Ubuntu: sudo apt-get install python3 python3-venv

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint check bench bench-others fmt migrate docs images lock dev image image-check

help: ## List what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(VENV)/.runtime ## Show the main job on this machine: no account, no network
	@$(BIN)/plainsight demo

demo-reset: ## Forget the demo's state, so that the next one starts over
	rm -rf .demo

test: $(VENV)/.dev ## Run the tests
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/.dev ## Check format, style, types, import contracts and the Dockerfile
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

check: lint test ## Everything that CI runs

fmt: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

migrate: $(VENV)/.runtime ## Bring the configured database to this version
	$(BIN)/plainsight migrate

bench: $(VENV)/.dev ## Time the main job (counts are checked first)
	$(BIN)/python -m tests.bench $(ARGS)

bench-others: $(VENV)/.dev ## Publish the same pages with other tools beside us, and compare
	$(BIN)/python -m tests.bench.side_by_side $(ARGS)

docs: $(VENV)/.dev ## Write the reference pages in docs/ from the code
	$(BIN)/python -m app.reference docs

images: $(VENV)/.dev ## Take the pictures in docs/images anew (needs chromium)
	$(BIN)/python -m tests.company docs/images --docs

image: ## Build the container image, with docker, podman or buildah
	deploy/build-image.sh $(ARGS)

image-check: image ## Build the image, start it, and see that it keeps its promises
	deploy/build-image.sh --check

lock: ## Resolve the dependencies anew (needs uv)
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-build.in -c requirements.txt -o requirements-build.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt

dev: $(VENV)/.dev ## Make the environment with everything for development

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Plainsight needs $(NEEDS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "$(PYTHON) has no venv. Plainsight needs $(NEEDS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt requirements-build.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
