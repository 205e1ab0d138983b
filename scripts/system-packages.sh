#!/usr/bin/env bash
# Installs what a bare Debian 12 lacks: the web view, its driver, a virtual display and a keychain. Does nothing if all
# packages are installed.
set -euo pipefail
packages=(build-essential pkg-config libwebkit2gtk-4.1-dev librsvg2-dev libxdo-dev libssl-dev libayatana-appindicator3-dev
  webkit2gtk-driver xvfb xauth dbus dbus-x11 gnome-keyring fonts-noto-core
  # used by tests: an ACME server with its DNS, and openssl
  pebble openssl)
command -v dpkg-query >/dev/null || { echo "Not a Debian system: install the equivalents of: ${packages[*]}" >&2; exit 0; }
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
