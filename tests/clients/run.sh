#!/usr/bin/env bash
# Runs real Azure clients against berth-sandbox. Installs them from PyPI and Debian into target/clients on first use.
# Usage: tests/clients/run.sh [az|kubectl|management|ml|v1 …]; all of them without an argument.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$PWD/target/clients
scripts=$PWD/tests/clients
mkdir -p "$folder"

# Each set of packages in an environment of its own: the Azure CLI pins what the others need newer.
environment() {
  local name=$1; shift
  local stamp="$folder/$name/.installed"
  if [ "$(cat "$stamp" 2>/dev/null)" != "$*" ]; then
    echo "Installing $*"
    python3 -m venv "$folder/$name"
    "$folder/$name/bin/pip" install --quiet --disable-pip-version-check "$@"
    echo "$*" > "$stamp"
  fi
}
kubectl_of_debian() {
  command -v kubectl >/dev/null && return
  local as_root=(); [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends kubernetes-client >/dev/null
}

wanted=${*:-az kubectl management ml v1}
for client in $wanted; do
  case $client in
    az) environment az azure-cli==2.91.0 ;;
    kubectl) kubectl_of_debian ;;
    management) environment management azure-identity azure-mgmt-containerservice azure-mgmt-compute azure-mgmt-network azure-mgmt-resource \
      azure-mgmt-resource-subscriptions azure-mgmt-kubernetesconfiguration-extensions azure-mgmt-machinelearningservices ;;
    ml) environment ml azure-ai-ml azure-identity ;;
    v1) environment v1 azureml-core==1.61.0.post4 ;;
    *) echo "no such client: $client" >&2; exit 2 ;;
  esac
done

cargo build --quiet -p berth-sandbox --bin berth-sandbox
work=$(mktemp -d)
export READY=$work/ready.json
target/debug/berth-sandbox --listen 127.0.0.1:0 --ready-file "$READY" --time-scale 1200 2>"$work/log" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null || true; rm -rf "$work"' EXIT
until [ -s "$READY" ]; do kill -0 $sandbox || { cat "$work/log"; exit 1; }; sleep 0.1; done
field() { python3 -c "import json,os;print(json.load(open(os.environ['READY']))['$1'])"; }
export BASE=$(field arm) CA=$(field ca_file) TENANT=$(field tenant_id) CLIENT=$(field client_id) SECRET=$(field client_secret)
export SUBSCRIPTION=$(python3 -c "import json,os;print(json.load(open(os.environ['READY']))['subscription_ids'][0])")
export GROUP=$(field resource_group) WORKSPACE=$(field workspace) CLUSTER=$(field cluster) WORK=$work
export REQUESTS_CA_BUNDLE=$CA SSL_CERT_FILE=$CA HOME=$work/home NO_PROXY=localhost,127.0.0.1
unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy AZURE_CONFIG_DIR CURL_CA_BUNDLE
mkdir -p "$HOME"

for client in $wanted; do
  echo "== $client"
  case $client in
    az) PATH="$folder/az/bin:$PATH" bash "$scripts/az.sh" ;;
    kubectl) PATH="$folder/az/bin:$PATH" bash "$scripts/kubectl.sh" ;;
    management) "$folder/management/bin/python" "$scripts/management.py" ;;
    ml) "$folder/ml/bin/python" "$scripts/ml.py" ;;
    v1) "$folder/v1/bin/python" "$scripts/v1.py" ;;
  esac
done
echo "All clients passed."
