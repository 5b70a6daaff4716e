# Two commands matter: `make run` and `make test`. The rest is what they are made of.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export PYTHONPATH := $(CURDIR)

.PHONY: run test install check bench share slow clean

run: install
	$(PY) app.py

test: install $(VENV)/.tools
	$(PY) -m pytest tests -m "not slow"

slow: install $(VENV)/.tools
	$(PY) -m pytest tests -m slow

install: $(VENV)/.packages
	$(PY) -m shared.models install

check: $(VENV)/.packages $(VENV)/.tools
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

bench: install $(VENV)/.tools
	$(PY) -m tests.bench

share: export HUB_SHARE := 1
share: install
	@test -n "$(HUB_AUTH)" || { echo 'Sharing needs a login: make share HUB_AUTH=user:password'; exit 1; }
	$(PY) app.py

# The stamps are written last, so their existence means that the step was completed.
$(VENV)/.packages: requirements.txt
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.tools: $(VENV)/.packages tests/requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
