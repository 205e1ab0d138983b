# Two commands do everything: `make run` opens Berth on the sandbox, `make test` passes every test.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run test check system ui lint test-ui test-rust types-fresh test-desktop test-clients contract matrix bench deny audit drive release clean

CARGO ?= cargo
NPM ?= npm --prefix ui --no-fund --no-audit
export CARGO_TERM_COLOR ?= never
TARGET := $(or $(CARGO_TARGET_DIR),target)
SHOTS ?= $(TARGET)/screenshots
# Where the acceptance tests record what crosses the wire.
WIRE := $(TARGET)/wire

# Without a display the real window is driven through the main job under Xvfb, with screenshots.
run: system ui
	if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then $(CARGO) run --bin berth -- --account sandbox; else $(MAKE) drive; fi

test: system lint test-ui test-rust types-fresh test-desktop
	@echo "All tests passed."

# --- what a bare machine lacks ---------------------------------------------------------------------------------------
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

# Every command names the whole workspace: with fewer packages crates get other features and are built once more.
test-rust: ui
	$(CARGO) test --workspace --test tidy --quiet
	$(CARGO) clippy --workspace --all-targets --quiet -- -D warnings
	$(CARGO) build --workspace --bins
	$(start-recording)
	$(CARGO) test --workspace --exclude berth-e2e
	$(end-recording)

# The TypeScript in the tree must be what the Rust types say.
types-fresh: TYPES = $(abspath $(TARGET))/types
types-fresh:
	rm -rf "$(TYPES)"
	TS_RS_EXPORT_DIR="$(TYPES)" $(CARGO) test --workspace --exclude berth-e2e --quiet --lib export_bindings
	diff -r "$(TYPES)" ui/src/ipc/generated || { echo "ui/src/ipc/generated is stale: run 'cargo test -p berth-domain -p berth-contract export_bindings' and commit"; exit 1; }

# For a first look: whatever needs neither a web view nor a display nor a keychain. No package of the system is installed.
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
	@echo "Berth was driven through its main job; screenshots are in $(abspath $(SHOTS))"

# --- beyond `make test` ----------------------------------------------------------------------------------------------
# Real Azure clients, each against a sandbox of its own; installed from PyPI and Debian on first use. CLIENTS="az ml" runs only those.
CLIENTS ?=
test-clients:
	tests/clients/run.sh $(CLIENTS)

# Every plan, killed around each of its requests and under each fault at each of them, with figures. `make test` tries a
# share of the cases, another one for each commit; BERTH_MATRIX=<number> repeats the share a failure names.
matrix:
	BERTH_MATRIX=full $(CARGO) test --workspace --exclude berth-e2e --test acceptance -- matrix:: --nocapture

# How long a review takes beside its longest chain of dependent requests, as ratios. LATENCY: milliseconds of each answer.
LATENCY ?= 50
bench:
	$(CARGO) bench --workspace --exclude berth-e2e --bench reviews -- $(LATENCY)

# Recorded exchanges, the sandbox and Berth's models against a copy of Azure's descriptions (folders specs and schemas).
# What the last `make test` recorded is used again as long as no source has changed.
AZURE ?= ../shared/azure
ifneq ($(shell [ -d "$(AZURE)/specs" ] && echo there),)
contract: $(WIRE)/complete
	$(CARGO) build --workspace --bins
	"$(TARGET)/debug/berth-contract-check" --azure "$(AZURE)" --wire "$(WIRE)"
else ifeq ($(origin AZURE),file)
contract:
	@echo "Contract check skipped: no descriptions of Azure in $(AZURE). Name their folder with AZURE=folder."
else
contract:
	@echo "AZURE=$(AZURE) has no folder specs." >&2; exit 1
endif

# The matrices record nothing. Folders count as sources too: theirs is the time at which a file was added or removed.
$(WIRE)/complete: $(shell find Cargo.toml Cargo.lock examples src-tauri tests/acceptance ! -name '*.md') | $(if $(wildcard ui/dist),,ui)
	$(start-recording)
	$(CARGO) build --workspace --bins
	$(CARGO) test --workspace --exclude berth-e2e --test acceptance -- --skip matrix::
	$(end-recording)

# A recording counts from its start, so that what is edited meanwhile makes it stale.
start-recording = rm -rf "$(WIRE)" && mkdir -p "$(WIRE)" && touch "$(WIRE)/begun"
end-recording = mv "$(WIRE)/begun" "$(WIRE)/complete"

# Licences, bans, sources and advisories of the crates; weaknesses of the packages of the page. What needs a database that
# cannot be reached is left out with a message.
deny:
	scripts/cargo-deny.sh

audit: ui/node_modules/.package-lock.json
	scripts/npm-audit.sh

release: system ui
	$(CARGO) build --release --bin berth --bin berth-sandbox

clean:
	$(CARGO) clean
	rm -rf ui/dist ui/node_modules
