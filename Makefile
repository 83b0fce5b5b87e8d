# What has to pass before a change lands is .ci/run; these are its parts, and
# what takes longer. ARGS are passed on to the program.

GOLANGCI ?= $(CURDIR)/custom-gcl

.PHONY: test lint hygiene coverage race frameworks drivers ci mutation replay fixproof robust bench corpus full

# The tests of the root module.
test:
	go test $(ARGS) ./...

# golangci-lint with idemlint among its linters, on this project. The first
# time it is built, which takes minutes.
lint:
	go -C testdata/golangci build -trimpath -o $(GOLANGCI) .
	$(GOLANGCI) run $(ARGS) ./...

# go.mod files, dead code, benchmarks, builds for other systems, vulnerabilities.
hygiene:
	go run ./testdata/hygiene $(ARGS)

# How much of the analyzer's statements its tests run, package by package.
coverage:
	go run ./testdata/coverage $(ARGS)

# The race detector over the tests, or those of PACKAGES; it needs a C compiler.
race:
	go test -race $(ARGS) $(or $(PACKAGES),./...)

# A small service for each framework, against the real libraries. "make drivers"
# holds the command, go vet and golangci-lint to the same expectations.
frameworks:
	go test -timeout=30m $(ARGS) ./testdata/frameworks

# One corpus through the command, analyzers in process, go vet and golangci-lint:
# they have to say the same, with an index and without.
drivers:
	go test -timeout=30m $(ARGS) ./testdata/drivers

# What teams run in their pipelines: changes, baselines, the action, shards.
ci:
	go test -timeout=30m ./testdata/ci $(ARGS)

# The services under testdata/replay are measured and compared with the linter;
# ARGS are flags of the command, such as -stores=all.
replay:
	cd testdata/replay/oracle && go run ./cmd/replay $(ARGS)

# The guards of the services under testdata/replay are broken in every way that
# the rules name; of those that then act twice, how many does the linter report?
# ARGS are flags of the command, such as -only orders.
mutation:
	cd testdata/replay/oracle && go run ./cmd/mutation $(ARGS)

# Copies of the services are repaired with init and -fix, compiled, linted again
# and replayed; ARGS are flags of the command, such as -store=redis or -stores=all.
fixproof:
	cd testdata/replay/oracle && go run ./cmd/fixproof $(ARGS)

# Code of strangers must not stop the linter. LISTS are files of modules, or
# std for the standard library.
LISTS ?= analyzer/internal/robust/short.txt
robust:
	go run ./analyzer/internal/robust $(ARGS) $(LISTS)

# Time and memory against the floor: loading and type-checking alone. ARGS are
# folders of modules to measure, instead of the services of the repository, and
# flags before them: -runs 5, -edit FILE, -drivers (go vet and golangci-lint),
# -peers testdata/peers (other linters), -patience 5m (for one of these), and
# -ladder 10,100,1000,5000 (modules that are made).
bench:
	go run ./analyzer/internal/bench $(or $(ARGS),testdata/shop testdata/replay/wallet testdata/replay/orders)

# Real services whose endpoints were labelled by hand: CHECKOUTS is a folder with
# OWNER+NAME for each service of testdata/corpus/services.json, at its commit.
corpus:
	go run ./testdata/corpus -checkouts "$(CHECKOUTS)" $(ARGS)

# Everything, whatever it takes: a line for each part. Parts that passed on this
# commit are not run again; ARGS are flags of the program, such as -only fuzz.
full:
	go run ./testdata/full $(ARGS)
