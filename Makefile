# gangway's chores. `make` alone lists them. Nothing here needs more than Go,
# except what the lines say.

# One recipe line, one shell that stops at the first failure, pipes included.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# How often the kill stories end a process; a story reads it itself.
export GANGWAY_KILLS ?= 10
# How long each fuzz function runs under `make fuzz`: a time, or a number of inputs
# as in 200x.
FUZZTIME ?= 5m
# Tests run without the vet that `go test` adds: `make check` runs all of vet, and
# over the embedded server's packages each pass costs a minute or two when cold.
GOTEST := go test -vet=off
# Flags of `make bench`; -h lists them.
BENCH ?=
# The checkers are built from the versions pinned in .ci/tools.
TOOLS := $(CURDIR)/bin/tools

# The commit that is built, for `gangway version` and what the worker leaves in histories.
# The linker is told: go build finds none in a linked working tree.
COMMIT := $(shell git rev-parse HEAD 2>/dev/null)
STAMP := -ldflags="-X gangway/internal/proof.commit=$(COMMIT)"

.PHONY: help test check race replay fuzz history history-record docs demo kill bench build \
	fmt vet lint determinism standalone tidy current house tools

help: ## lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Stories wait more than they work (for timers, for Slack's pace, for servers that
# start), so four of a package run at once also where there are two processors.
test: ## runs every test of both modules (first build: minutes; set GANGWAY_REQUIRE=1 to fail where a browser, PostgreSQL or a Temporal server is missing, CONTRIBUTING.md)
	$(GOTEST) -timeout 30m -parallel 4 ./... ./local/...

check: fmt vet lint determinism standalone tidy current house ## runs every check that is not a test

# SQLite, translated from C, works on memory of its own, in which the detector finds
# nothing of ours: watched, it takes two thirds of the time of a test that opens a
# database. All of ours is watched, and database/sql; the Go driver of SQLite is not.
race: ## runs the product's tests under the race detector (the embedded server stays out; needs a C compiler)
	GOWORK=off $(GOTEST) -race -gcflags='modernc.org/...=-race=false' -timeout 20m ./...

replay: ## replays the recorded histories through today's workflow code
	$(GOTEST) ./workflows -run Replay -count=1

history: ## prints each recorded history's events and bytes against its budget
	$(GOTEST) ./workflows -run Histor -v -count=1

history-record: ## records the histories anew (never for a released version: CONTRIBUTING.md)
	GANGWAY_RECORD=1 $(GOTEST) ./local/stories -run Golden -v -count=1

fuzz: ## runs each fuzz function for FUZZTIME (5m)
	@grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sort | while IFS=: read -r file line decl; do \
		name=$${decl#func }; dir=$$(dirname "$$file"); \
		echo "== $$dir $$name"; \
		$(GOTEST) "$$dir" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x </dev/null || exit 1; \
	done

docs: ## writes the generated pages anew: docs/commands.md docs/configuration.md docs/coverage.md
	GANGWAY_UPDATE=1 $(GOTEST) ./... -run 'Docs|Generated' -count=1

demo: ## plays a vendor's whole life, from the request to the dossier of its exit
	go run ./local -demo

kill: export GANGWAY_KILLS = 100
kill: ## kills engine, worker and web at 100 random points in each story
	$(GOTEST) ./local/stories -run Kill -v -count=1 -timeout 30m

bench: ## sets gangway beside the bare engine, and fails on a number that misses its limit (a quarter of an hour; a quiet machine; BENCH="-parts counts" for some)
	[ -n "$${GANGWAY_TEMPORAL:-}" ] || GOWORK=off go build -C .ci/temporal -o $(CURDIR)/bin/servers/ tool
	go run ./local/bench $(BENCH)

build: ## builds bin/gangway (the command line) and bin/gangway-worker
	go build -trimpath $(STAMP) -o bin/gangway ./starter
	go build -trimpath $(STAMP) -o bin/gangway-worker ./worker

# The steps of `make check`, each callable alone.

fmt: ## check: gofmt would change nothing
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "gofmt would change:"; echo "$$unformatted"; exit 1; }

vet: ## check: go vet, both modules
	go vet ./... ./local/...

lint: tools ## check: staticcheck and errcheck, both modules
	GOWORK=off $(TOOLS)/staticcheck ./...
	GOWORK=off $(TOOLS)/errcheck -ignoretests -exclude .ci/errcheck.exclude ./...
	cd local && GOWORK=off $(TOOLS)/staticcheck ./...
	cd local && GOWORK=off $(TOOLS)/errcheck -ignoretests -exclude ../.ci/errcheck.exclude ./...

determinism: tools ## check: workflowcheck finds nothing that replay cannot repeat
	GOWORK=off $(TOOLS)/workflowcheck ./workflows

standalone: ## check: each module builds without the workspace
	GOWORK=off go build ./...
	cd local && GOWORK=off go build ./...

tidy: ## check: go mod tidy would change nothing, both modules, the tools and the servers
	GOWORK=off go mod tidy -diff
	cd local && GOWORK=off go mod tidy -diff
	cd .ci/tools && GOWORK=off go mod tidy -diff
	cd .ci/temporal && GOWORK=off go mod tidy -diff

current: ## check: the generated pages are what the code says
	$(GOTEST) ./... -run 'Docs|Generated' -count=1

house: ## check: the rules of the house (imports, documentation, numbers)
	$(GOTEST) ./internal/house -count=1 -v -run NumbersOfToday
	$(GOTEST) ./internal/house -count=1

tools: ## builds the pinned checkers into bin/tools
	@GOWORK=off go build -C .ci/tools -o $(TOOLS)/ tool
