# One rule sets the environment up; every target needs it and repeats nothing.
.DEFAULT_GOAL := help
.PHONY: help book check test test-binder serve notebooks lab browser worksheets new-chapter lock links bench clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Settings, caches and kernels stay inside the clone.
export JUPYTER_CONFIG_DIR := $(CURDIR)/.venv/var/jupyter
export JUPYTER_DATA_DIR := $(CURDIR)/.venv/var/jupyter/data
export IPYTHONDIR := $(CURDIR)/.venv/var/ipython
export MPLCONFIGDIR := $(CURDIR)/.venv/var/matplotlib

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' Makefile | expand -t 14

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	@mkdir -p .venv/var
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@PATH=$(CURDIR)/$(BIN):$$PATH bash binder/postBuild
	@touch $(READY)

book: $(READY)  ## build the pages, warnings as errors, and say where they are
	$(BIN)/jupyter-book build . -W -n --keep-going --quiet
	@echo "The book: file://$(CURDIR)/_build/html/index.html"

serve: $(READY)  ## build, serve and rebuild on every save
	$(BIN)/jupyter-book config sphinx .
	PYTHONPATH=_ext $(BIN)/sphinx-autobuild . _build/html --watch kllib --ignore "$(CURDIR)/_build/*" --ignore "$(CURDIR)/.venv/*"

check: $(READY)  ## the quick loop, a minute or so and no book: style, types, kllib, sources
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/oxfmt --check $$(git ls-files '*.js')
	$(BIN)/python -m pytest -q -n 2 kllib tests/kllib tests/site/test_chapters.py tests/test_docstrings.py tests/test_repository.py

test: book  ## run every test of the book and the library
	$(BIN)/python -m pytest --nbval exercises/*_solutions.ipynb
	$(BIN)/python -m pytest -n 2

test-binder: book  ## install what Binder installs, open and run every chapter there
	$(BIN)/python -m pytest tests/binder

notebooks: book  ## put the notebooks into notebooks/, keeping those that you have changed
	@$(BIN)/python binder/notebooks.py _build/notebooks notebooks

lab: notebooks  ## open JupyterLab on the notebooks, as Binder does
	$(BIN)/jupyter lab notebooks/index.ipynb

browser: $(READY)  ## install a Chromium for the browser tests
	$(BIN)/playwright install --with-deps chromium

worksheets: $(READY)  ## derive the worksheets from the solutions
	$(BIN)/python exercises/make_worksheets.py

new-chapter: $(READY)  ## begin a chapter: make new-chapter NAME=13_slug
	$(BIN)/python chapters/new_chapter.py $(NAME)

lock: $(READY)  ## write constraints.txt anew from pyproject.toml, keeping the versions that still fit
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra test --no-header --no-annotate --output-file constraints.txt pyproject.toml

links: $(READY)  ## ask every outside link whether it still leads somewhere (needs the network)
	$(BIN)/jupyter-book build . --builder custom --custom-builder linkcheck

bench: $(READY)  ## time kllib against its peers
	$(BIN)/python -m benchmarks

clean:  ## remove everything that was built or installed
	rm -rf .venv _build .pytest_cache .ruff_cache .hypothesis *.egg-info
