# make          check, then test          make demo     a morning at an LPSE, on embedded servers
# make test     fast tests (a minute), whole lives of an office, then real servers
# make check    style, types, nothing of this machine in the files
# make long     what takes minutes: each step killed, each call failed in turn
# make format   let ruff do it            make bench    what is measured, one script a figure
# make sim SEED=7   one simulated life    make reliability   what docs/reliability.md prints
# make measure  how well mails are understood and judged, beside public libraries
# make fuzz     odd mails until one is read wrongly; MAILS=100000 SEED=1

# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/installed
# Registries' addresses and paths of one machine; the brackets keep this line from finding itself.
FOREIGN := https?://[a-z0-9.-]*(pypi|pythonhosted|debian|npmjs)\.[a-z]+|index-ur[l]|/(work|farm|root)/[a-z.]

# The other scripts in bench/ are their arms.
BENCHES := $(filter-out bench/bare.py bench/mails.py bench/once.py bench/sink.py,$(wildcard bench/*.py))

.PHONY: all check test long demo format bench measure fuzz sim reliability

all: check test

$(STAMP): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "maild needs Python 3.11 or newer (apt-get install python3 python3-venv)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock \
		|| { echo "The lock does not fit this machine; installing without it."; \
		     $(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'; }
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@! git grep -nIE '$(FOREIGN)' -- . ':!*.eml' || { echo "These do not belong into the files."; exit 1; }

# Tests that touch a store run on SQLite and again on PostgreSQL.
# Without root or apt the server tests say why they are skipped; MAILD_REQUIRE_SERVERS=1 forbids it.
test: $(STAMP)
	@test ! -f tests/servers/install.sh || bash tests/servers/install.sh \
		|| test -z "$$MAILD_REQUIRE_SERVERS"
	$(BIN)/pytest -m "not servers and not life" -n auto --dist worksteal
	$(BIN)/pytest -m "life and not servers" -n auto --dist worksteal
	MAILD_TEST_DATABASE=postgresql $(BIN)/pytest -m "database and not long" -n auto --dist worksteal -rs
	$(BIN)/python -m tests.fuzz --mails 5000
	$(BIN)/maild-sim --count 100 --days 1 --jobs $$(nproc)
	@test -z "$(wildcard tests/servers/test_*.py)" || \
		$(BIN)/pytest -m "servers and not long" -n auto --dist worksteal -rs

# Every step killed, every call failed in turn, a month of escalations: minutes, not seconds.
long: $(STAMP)
	$(BIN)/pytest -m long -rs

demo: $(STAMP)
	@$(BIN)/maild demo

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One seed is one life, and the same every time; COUNT plays that many from there on, JOBS at a time.
SEED ?= 0
COUNT ?= 1
JOBS ?= 1
sim: $(STAMP)
	@$(BIN)/maild-sim --seed $(SEED) --count $(COUNT) --jobs $(JOBS)

# A line a proof; what has been shown of this version is kept and not shown again. ONLY=crash plays
# those with this word in their name.
reliability: $(STAMP)
	@PYTHONPATH=tests $(BIN)/python -m tests.reliability --only '$(ONLY)'

bench: $(STAMP)
	@for script in $(BENCHES); do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

measure: $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[measure]' \
		|| echo "Without the libraries of the extra [measure]: maild stands alone in the tables."
	@for script in measure/score_*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

fuzz: $(STAMP)
	$(BIN)/python -m tests.fuzz --mails $(or $(MAILS),100000) $(if $(SEED),--seed $(SEED))
