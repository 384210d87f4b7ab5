PYTHON ?= python3
BIN := .venv/bin
OUT ?= out

.PHONY: demo screenshots run test check bench prove audit install lock clean

demo: .venv/runtime ## the whole product without a token: the chat page, or where nobody looks a campaign and its digest
	$(BIN)/otklik demo --out $(OUT)

screenshots: .venv/dev ## renew the pictures in docs/ (needs Chromium)
	$(BIN)/python -m tests.screenshots

run: .venv/runtime ## serve the real Telegram (needs OTKLIK_BOT_TOKEN)
	$(BIN)/otklik run

test: .venv/dev ## every test, the storage's on both engines; with ENGINE=postgresql all on that
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 5 --dist loadscope --no-loadscope-reorder -q

check: .venv/dev ## style, types, catalogs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

N ?= 30
prove: .venv/dev ## delivery, anonymity and rights under every fault and attack; a scorecard (N=300 for a night)
	$(BIN)/python -m tests.prove --n $(N)

audit: .venv/dev ## known flaws of every locked package; one that cannot be looked up is a failure (needs the network)
	$(BIN)/python -m pip install -q pip-audit
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

bench: .venv/dev ## ratios measured in one run
	$(BIN)/python -m tests.bench

install: .venv/runtime ## install into .venv

lock: .venv/dev ## renew both lock files: hashes, no addresses
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --group dev pyproject.toml -o requirements-dev.lock

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

clean: ## forget the environment and the demo's output
	rm -rf .venv $(OUT)
