# Needs Python 3.11 and make; everything else is installed by the targets. See README.md.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export NO_MKDOCS_2_WARNING := 1
export DISABLE_MKDOCS_2_WARNING := true

.PHONY: site serve test check quotes ledger audit sbom release bench bench-peers clean
.DEFAULT_GOAL := site

# One stamp a set of requirements: installed again only when the file changes.
$(VENV)/site.stamp: requirements/site.txt pyproject.toml
	@echo "Installing the build tools ..."
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/site.txt
	@touch $@

$(VENV)/test.stamp: $(VENV)/site.stamp requirements/test.txt
	@echo "Installing the test tools ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

# Pango draws the text of PDFs and pictures, Chromium runs the browser tests: Debian packages, not Python's.
$(VENV)/pango.stamp: $(VENV)/site.stamp
	@sh requirements/debian.sh pango
	@touch $@

$(VENV)/chromium.stamp: $(VENV)/test.stamp
	@sh requirements/debian.sh chromium
	@touch $@

$(VENV)/servers.stamp: $(VENV)/test.stamp
	@sh requirements/debian.sh servers
	@touch $@

# Where a system has them not, their tests are skipped.
$(VENV)/engines.stamp: $(VENV)/test.stamp
	@sh requirements/debian.sh engines || true
	@touch $@

$(VENV)/supply.stamp: $(VENV)/site.stamp requirements/supply.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/supply.txt
	@touch $@

site: $(VENV)/site.stamp $(VENV)/pango.stamp  ## the site in site/, workbooks and starter slides in site/downloads/
	@$(PY) -m guidebook site

serve: $(VENV)/site.stamp  ## live preview at http://127.0.0.1:8000, without PDFs
	@$(PY) -m mkdocs serve --watch evidence --watch overrides

check: $(VENV)/site.stamp  ## content and code checks alone, for writers
	@$(PY) -m guidebook check
	@if [ -x $(VENV)/bin/ruff ]; then $(VENV)/bin/ruff check --quiet guidebook tests; fi  # brought by `make test`

test: $(VENV)/test.stamp $(VENV)/pango.stamp $(VENV)/chromium.stamp $(VENV)/servers.stamp $(VENV)/engines.stamp  ## everything
	@$(PY) -m ruff check guidebook tests
	@$(PY) -m guidebook site --out .cache/test-site
	@GUIDEBOOK_SITE="$(CURDIR)/.cache/test-site" $(PY) -m pytest -n 2 --dist loadfile

release: site sbom  ## dist/: PDFs, slides, the site as a zip, the bill of materials, checksums
	@$(PY) -m guidebook release

quotes: $(VENV)/site.stamp  ## “ ” ‘ ’ for the straight quotes and apostrophes in pages, drawings and the register
	@$(PY) -m guidebook quotes

ledger: $(VENV)/site.stamp  ## add new codes to addresses.yml
	@$(PY) -m guidebook ledger

audit: $(VENV)/supply.stamp  ## known faults of what is pinned in requirements/, asked of the advisory database on the network
	@$(PY) -m pip_audit --disable-pip --require-hashes $(foreach file,$(wildcard requirements/*.txt),-r $(file))

SBOM := sbom.cdx.json
sbom: $(VENV)/supply.stamp  ## the bill of materials of what builds the site, for a release
	@$(PY) -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --output-format JSON \
		--output-file $(SBOM) requirements/site.txt

bench: $(VENV)/test.stamp $(VENV)/pango.stamp $(VENV)/chromium.stamp  ## measure, print a table
	@PYTHONPATH=. $(PY) tests/bench.py $(ONLY)

bench-peers: $(VENV)/test.stamp $(VENV)/chromium.stamp  ## ours beside six other builders, with Lighthouse; needs npm, takes a quarter of an hour
	@PYTHONPATH=. $(PY) tests/bench_peers.py

clean:
	rm -rf site site-server preview preview-server sbom.cdx.json .site.* dist .cache $(VENV)
