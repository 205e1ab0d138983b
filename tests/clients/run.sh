#!/usr/bin/env bash
# Runs real Azure clients against berth-sandbox, all at once, each against a sandbox of its own, and Berth's uploader against
# Azurite.
# Usage: tests/clients/run.sh [--shared] [az|azurite|kubectl|management|ml|v1 …]; runs all by default
#   --shared  one after another in the given order, against one sandbox
# Installs the clients from PyPI, npm and Debian into cargo's target folder on first use, and again when their pins change.
# To renew the pins, run the command at the top of each .txt file of Python in tests/clients/requirements.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/tests/clients
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
installed=$target/clients
sandbox=$target/debug/berth-sandbox
fail() { echo "$*" >&2; exit 1; }
# The Azure CLI starts 30 times: let it cache its compiled modules.
unset PYTHONDONTWRITEBYTECODE

shared=
[ "${1:-}" != --shared ] || { shared=1; shift; }
[ $# -gt 0 ] || set -- az azurite kubectl management ml v1
declare -A environment_of=([az]=az [azurite]=sdk [kubectl]='' [management]=sdk [ml]=sdk [v1]=v1) environments=()
for client in "$@"; do
  [ -n "${environment_of[$client]+known}" ] || fail "no such client: $client (az, azurite, kubectl, management, ml, v1)"
  environment=${environment_of[$client]}
  [ -z "$environment" ] || environments[$environment]=1
done

work=$(mktemp -d)
declare -A running=()
stop_all() {
  for pid in "${!running[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- install -------------------------------------------------------------------------------------------------------
debian_packages() {
  local missing=() as_root=()
  [[ " $* " != *" kubectl "* ]] || command -v kubectl >/dev/null || missing+=(kubernetes-client)
  command -v openssl >/dev/null || missing+=(openssl)
  python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing ${missing[*]}"
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || fail "installing ${missing[*]} failed"
}
environment() {
  local folder=$installed/$1 pins=$scripts/requirements/$1.txt stamp
  stamp=$(python3 --version; sha256sum <"$pins")
  [ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ] || return 0
  echo "Installing $1"
  rm -rf "$folder"
  if [ "$1" = uv ]; then
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins"
  else
    python3 -m venv --without-pip "$folder"
    "$installed/uv/bin/uv" pip install --quiet --python "$folder" --requirement "$pins"
  fi
  echo "$stamp" >"$folder/stamp"
}

azurite_package() {
  local folder=$installed/azurite pin
  pin=$(<"$scripts/requirements/azurite.txt")
  [ "$(cat "$folder/stamp" 2>/dev/null)" != "$pin" ] || return 0
  echo "Installing $pin"
  rm -rf "$folder" && mkdir -p "$folder"
  npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$folder" "$pin"
  echo "$pin" >"$folder/stamp"
}

debian_packages "$@"
mkdir -p "$installed"
if [ ${#environments[@]} -gt 0 ]; then
  [ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}
  environment uv & wait $! || fail "installing uv failed"
fi
declare -A installing=()
for environment in "${!environments[@]}"; do
  environment "$environment" &
  installing[$environment]=$! running[$!]=1
done
if [[ " $* " == *" azurite "* ]]; then
  azurite_package &
  installing[azurite]=$! running[$!]=1
fi
# Build features are resolved for the whole workspace, as everywhere; this program needs no web page.
cargo build --quiet --workspace --bin berth-sandbox --example upload || fail "building berth-sandbox failed"
for environment in "${!installing[@]}"; do
  wait "${installing[$environment]}" || fail "installing $environment failed"
  unset "running[${installing[$environment]}]"
done

# --- run -----------------------------------------------------------------------------------------------------------
declare -A client_of=() folder_of=() world_of=() begun=()
failed=()
# From 600 on the sandbox sends "Retry-After: 0", which azure-core ignores: it then polls every 30 s.
time_scale=500
start_sandbox() {
  local folder=$1 pid
  mkdir -p "$folder"
  "$sandbox" --ready-file "$folder/ready.json" --time-scale $time_scale >"$folder/log" 2>&1 &
  pid=$!
  running[$pid]=1
  until [ -s "$folder/ready.json" ]; do
    kill -0 "$pid" 2>/dev/null || { cat "$folder/log" >&2; fail "berth-sandbox does not start"; }
    sleep 0.05
  done
}
start_client() {
  local client=$1 folder=$2 world=$3 environment=${environment_of[$1]} path=$PATH
  [ -z "$environment" ] || path=$installed/$environment/bin:$PATH
  mkdir -p "$folder"
  PATH=$path READY=$world/ready.json WORK=$folder AZURITE=$installed/azurite/node_modules/.bin/azurite-blob \
    UPLOAD=$target/debug/examples/upload python3 "$scripts/$client.py" >"$folder/output" 2>&1 &
  running[$!]=1 client_of[$!]=$client folder_of[$!]=$folder world_of[$!]=$world begun[$!]=$SECONDS
}
wait_for_client() {
  local pid code=0
  wait -n -p pid "${!client_of[@]}" || code=$?
  local client=${client_of[$pid]} folder=${folder_of[$pid]}
  unset "running[$pid]" "client_of[$pid]"
  if [ $code -eq 0 ]; then
    echo "$client passed in $((SECONDS - begun[$pid])) s"
    grep -h 'MB/s' "$folder/output" || true
    return
  fi
  failed+=("$client")
  echo "--- $client failed; the end of its output:"
  tail -n 40 "$folder/output"
  echo "--- the end of its sandbox's log:"
  tail -n 40 "${world_of[$pid]}/log"
}

[ -z "$shared" ] || start_sandbox "$work/shared"
number=0
for client in "$@"; do
  number=$((number + 1))
  folder=$work/$number-$client
  if [ -n "$shared" ]; then
    start_client "$client" "$folder" "$work/shared"
    wait_for_client
  else
    start_sandbox "$folder/sandbox"
    start_client "$client" "$folder" "$folder/sandbox"
  fi
done
while [ ${#client_of[@]} -gt 0 ]; do wait_for_client; done
[ ${#failed[@]} -eq 0 ] || fail "Failed: ${failed[*]}"
echo "All clients passed."
