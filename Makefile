# What people do with a clone of mxsmith. `make` alone lists it. The work itself stands in CMakeLists.txt and scripts/.

PREFIX ?= /usr/local
JOBS ?= $(shell scripts/jobs.sh)
MXSMITH = build/release/mxsmith

.DEFAULT_GOAL := help
.PHONY: help demo build test test-live fuzz bench lint format install clean ci packages-build packages-test packages-live \
        packages-clang packages-bench packages-lint

help: ## List what make can do here
	@echo "mxsmith: DNS-as-code for mail. Start with 'make demo'."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "All but format, install and clean first install by apt what they lack, as root or through sudo."

demo: build ## Build, then plan, apply and roll back a move of mail on a zone file in a temporary folder
	@scripts/demo.sh $(MXSMITH)

build: packages-build ## Build the program as build/release/mxsmith
	@echo "Building mxsmith with $(JOBS) job(s); the first time takes a few minutes."
	@cmake --preset release $(CMAKE_QUIET)
	@cmake --build --preset release --parallel $(JOBS)

test: packages-test ## Build with tests and run all of them
	@echo "Building mxsmith and its tests with $(JOBS) job(s); the first time takes some minutes."
	@cmake --preset dev $(CMAKE_QUIET)
	@cmake --build --preset dev --parallel $(JOBS)
	@ctest --preset dev --parallel $(JOBS)

test-live: packages-live build ## As root: compare with SPF, DKIM and DMARC tools of others, over a real name server
	@tests/live/run.py $(MXSMITH) $(LIVE)

fuzz: packages-clang ## Fuzz every reader of records with clang's libFuzzer (FUZZ_SECONDS=600 each)
	@scripts/fuzz.sh build/fuzz

bench: packages-bench ## Measure speed and memory, each beside its limit
	@cmake --preset bench $(CMAKE_QUIET)
	@cmake --build --preset bench --parallel $(JOBS)
	@tests/bench/run.py build/bench

lint: packages-test packages-lint ## Check the format of all files, and what changed with clang-tidy (ALL=1: everything)
	@scripts/format.sh --check
	@cmake --preset dev $(CMAKE_QUIET)
	@scripts/lint.sh build/dev $(if $(ALL),--all)

format: packages-lint ## Format all C++ files in place
	@scripts/format.sh

install: build ## Install the program under PREFIX (/usr/local)
	@cmake --install build/release --prefix "$(PREFIX)"

clean: ## Delete everything that was built
	@rm -rf build

ci: ## Run what continuous integration runs: tests, tests under sanitizers, format, lint
	@.ci/run

CMAKE_QUIET = --log-level=WARNING

packages-build:
	@scripts/install-packages.sh build
packages-test:
	@scripts/install-packages.sh build test
packages-live:
	@scripts/install-packages.sh build live
packages-clang:
	@scripts/install-packages.sh build clang
packages-bench:
	@scripts/install-packages.sh build bench
packages-lint:
	@scripts/install-packages.sh lint
