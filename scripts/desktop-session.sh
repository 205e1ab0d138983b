#!/usr/bin/env bash
# Runs a command in its own desktop session: message bus, unlocked keychain, virtual display, temporary home.
# Usage: scripts/desktop-session.sh COMMAND [ARGUMENT …]
set -euo pipefail
session=$(mktemp -d)
trap 'rm -rf "$session"' EXIT
mkdir -p "$session/home" "$session/run"
chmod 700 "$session/run"
# Toolchains are found through HOME by default, and HOME is about to change.
export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
export HOME="$session/home" XDG_RUNTIME_DIR="$session/run" NO_AT_BRIDGE=1 LC_ALL=C.UTF-8
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME DBUS_SESSION_BUS_ADDRESS
inside='
  set -euo pipefail
  echo -n berth | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &
  keychain=$!
  trap "kill $keychain 2>/dev/null || true" EXIT
  for _ in $(seq 100); do
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
      string:org.freedesktop.secrets 2>/dev/null | grep -q "boolean true" && break
    kill -0 $keychain 2>/dev/null || { echo "the keychain daemon exited" >&2; exit 1; }
    sleep 0.1
  done
  xvfb-run --auto-servernum --server-args="-screen 0 1700x1100x24" "$@"
'
dbus-run-session -- bash -c "$inside" desktop-session "$@"
