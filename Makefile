# Two main commands: `make run` opens Berth on the sandbox, `make test` runs every test.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run test check system ui lint test-ui test-rust types-fresh test-desktop test-clients contract matrix bench deny audit drive release clean

CARGO ?= cargo
NPM ?= npm --prefix ui --no-fund --no-audit
export CARGO_TERM_COLOR ?= never
TARGET := $(or $(CARGO_TARGET_DIR),target)
SHOTS ?= $(TARGET)/screenshots
# Folder where the acceptance tests record HTTP exchanges.
WIRE := $(TARGET)/wire

# Without a display, drives the real window through the main workflow under Xvfb and takes screenshots.
run: system ui
	if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then $(CARGO) run --bin berth -- --account sandbox; else $(MAKE) drive; fi

test: system lint test-ui test-rust types-fresh test-desktop
	@echo "All tests passed."

# --- system dependencies ---------------------------------------------------------------------------------------------
system:
	scripts/system-packages.sh
	command -v tauri-driver >/dev/null || [ -x "$${CARGO_HOME:-$$HOME/.cargo}/bin/tauri-driver" ] || $(CARGO) install tauri-driver --version "^2" --locked --quiet

ui/node_modules/.package-lock.json: ui/package.json ui/package-lock.json
	$(NPM) ci
	touch $@

ui: ui/node_modules/.package-lock.json
	$(NPM) run build

# --- checks, cheap first ---------------------------------------------------------------------------------------------
lint: ui/node_modules/.package-lock.json
	$(CARGO) fmt --all --check
	$(NPM) run typecheck
	$(NPM) run lint

test-ui: ui
	$(NPM) test

# Every command names the whole workspace: a subset would change the features of some crates and rebuild them.
test-rust: ui
	$(CARGO) test --workspace --test tidy --quiet
	$(CARGO) clippy --workspace --all-targets --quiet -- -D warnings
	$(CARGO) build --workspace --bins
	$(start-recording)
	$(CARGO) test --workspace --exclude berth-e2e
	$(end-recording)

# The committed TypeScript types must match the Rust types.
types-fresh: TYPES = $(abspath $(TARGET))/types
types-fresh:
	rm -rf "$(TYPES)"
	TS_RS_EXPORT_DIR="$(TYPES)" $(CARGO) test --workspace --exclude berth-e2e --quiet --lib export_bindings
	diff -r "$(TYPES)" ui/src/ipc/generated || { echo "ui/src/ipc/generated is stale: run 'cargo test --workspace --exclude berth-e2e --lib export_bindings' and commit"; exit 1; }

# A quick check: everything that needs no web view, display or keychain. Installs no system packages.
HEADLESS := --workspace --exclude berth --exclude berth-e2e --exclude berth-acceptance
check: lint
	$(CARGO) clippy $(HEADLESS) --all-targets --quiet -- -D warnings
	$(CARGO) test $(HEADLESS) --quiet
	$(NPM) test

# --- the real window -------------------------------------------------------------------------------------------------
DESKTOP_TESTS := --test e2e --test certificates

test-desktop: ui
	$(CARGO) build --workspace --bins
	$(CARGO) test --workspace $(DESKTOP_TESTS) --no-run
	scripts/desktop-session.sh $(CARGO) test --workspace $(DESKTOP_TESTS) -- --test-threads=1

drive: ui
	$(CARGO) build --workspace --bins
	mkdir -p "$(SHOTS)"
	scripts/desktop-session.sh "$(TARGET)/debug/berth-drive" --screenshots "$(SHOTS)"
	@echo "Drove Berth through its main workflow; screenshots are in $(abspath $(SHOTS))"

# --- beyond `make test` ----------------------------------------------------------------------------------------------
# Real Azure clients, each against its own sandbox, installed from PyPI, npm and Debian on first use. CLIENTS="az ml" runs only
# those two.
CLIENTS ?=
test-clients:
	tests/clients/run.sh $(CLIENTS)

# Kills every plan around each of its requests, applies each fault to each request, and prints the totals. `make test`
# tries a share of the cases, a different one for each commit; BERTH_MATRIX=<number> repeats the share that failed.
matrix:
	BERTH_MATRIX=full $(CARGO) test --workspace --exclude berth-e2e --test acceptance -- matrix:: --nocapture

# Compares the duration of each review with its longest chain of dependent requests. LATENCY: milliseconds per response.
LATENCY ?= 50
bench:
	$(CARGO) bench --workspace --exclude berth-e2e --bench reviews -- $(LATENCY)

# Checks recorded exchanges, the sandbox and Berth's models against a copy of Azure's descriptions (folders specs and
# schemas). Reuses the recordings of the last `make test` unless a source has changed.
AZURE ?= ../shared/azure
ifneq ($(shell [ -d "$(AZURE)/specs" ] && echo there),)
contract: $(WIRE)/complete
	$(CARGO) build --workspace --bins
	"$(TARGET)/debug/berth-contract-check" --azure "$(AZURE)" --wire "$(WIRE)"
else ifeq ($(origin AZURE),file)
contract:
	@echo "Contract check skipped: no Azure descriptions in $(AZURE). Set their folder with AZURE=folder."
else
contract:
	@echo "AZURE=$(AZURE) does not contain a folder named specs." >&2; exit 1
endif

# The matrices are not recorded. Folders are prerequisites too, because adding or removing a file changes their time.
$(WIRE)/complete: $(shell find Cargo.toml Cargo.lock examples src-tauri tests/acceptance ! -name '*.md') | $(if $(wildcard ui/dist),,ui)
	$(start-recording)
	$(CARGO) build --workspace --bins
	$(CARGO) test --workspace --exclude berth-e2e --test acceptance -- --skip matrix::
	$(end-recording)

# A recording has the time of its start, so that edits made while it runs make it stale.
start-recording = rm -rf "$(WIRE)" && mkdir -p "$(WIRE)" && touch "$(WIRE)/begun"
end-recording = mv "$(WIRE)/begun" "$(WIRE)/complete"

# Licences, bans, sources and advisories of the crates; vulnerabilities of npm packages. Checks whose database is
# unreachable are skipped with a message.
deny:
	scripts/cargo-deny.sh

audit: ui/node_modules/.package-lock.json
	scripts/npm-audit.sh

release: system ui
	$(CARGO) build --release --bin berth --bin berth-sandbox

clean:
	$(CARGO) clean
	rm -rf ui/dist ui/node_modules
