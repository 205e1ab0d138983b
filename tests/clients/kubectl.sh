#!/usr/bin/env bash
# kubectl with the kubeconfig that the sandbox hands out.
set -euo pipefail
trap 'echo "kubectl: line $LINENO failed" >&2' ERR
fail() { echo "kubectl: $*" >&2; exit 1; }
expect() { [[ "$1" == *"$2"* ]] || fail "expected '$2' in: $1"; }
api() { curl -sS --fail-with-body --cacert "$CA" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"; }
token=$(curl -sS --cacert "$CA" "$BASE/$TENANT/oauth2/v2.0/token" -d grant_type=client_credentials -d "client_id=$CLIENT" \
  --data-urlencode "client_secret=$SECRET" -d scope=https://management.azure.com/.default | python3 -c 'import json,sys;print(json.load(sys.stdin)["access_token"])')
cluster=/subscriptions/$SUBSCRIPTION/resourceGroups/$GROUP/providers/Microsoft.ContainerService/managedClusters/$CLUSTER
workspace=/subscriptions/$SUBSCRIPTION/resourceGroups/$GROUP/providers/Microsoft.MachineLearningServices/workspaces/$WORKSPACE
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=k.contoso.com -addext subjectAltName=DNS:k.contoso.com \
  -keyout "$WORK/k.key" -out "$WORK/k.pem" 2>/dev/null
body=$(CLUSTER_ID=$cluster python3 -c 'import json,os
w=os.environ["WORK"]
ssl={"status":"Enabled","cname":"k.contoso.com","cert":open(w+"/k.pem").read(),"key":open(w+"/k.key").read()}
print(json.dumps({"location":"westeurope","properties":{"computeType":"AKS","resourceId":os.environ["CLUSTER_ID"],"properties":{"clusterPurpose":"FastProd","sslConfiguration":ssl}}}))')
compute="$BASE$workspace/computes/by-kubectl?api-version=2025-12-01"
api -X PUT "$compute" -d "$body" >/dev/null
state() { api "$compute" | python3 -c 'import json,sys;print(json.load(sys.stdin)["properties"]["provisioningState"])'; }
until [ "$(state)" != Creating ]; do :; done
expect "$(state)" Succeeded
api -X POST "$BASE$cluster/listClusterAdminCredential?api-version=2026-05-01" -d '' |
  python3 -c 'import base64,json,sys;print(base64.b64decode(json.load(sys.stdin)["kubeconfigs"][0]["value"]).decode())' > "$WORK/kubeconfig"
export KUBECONFIG=$WORK/kubeconfig
expect "$(kubectl get nodes)" vmss000002
expect "$(kubectl get pods -A)" azureml-fe
shown=$(kubectl get secret azuremlfessl -o 'jsonpath={.data.cert\.pem}' | base64 -d)
[ "$shown" = "$(cat "$WORK/k.pem")" ] || fail "the secret holds another certificate"
pod=$(kubectl get pods -l app=azureml-fe -o 'jsonpath={.items[0].metadata.name}')
expect "$(kubectl logs "$pod")" ready
# From files: what kubectl makes up itself it sends as protobuf, which the sandbox refuses in words.
kubectl create --validate=false -f - <<'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: models }
YAML
kubectl create --validate=false -f - <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: models }
data: { a: b }
YAML
expect "$(kubectl get configmap settings -n models -o 'jsonpath={.data.a}')" b
kubectl delete namespace models
kubectl delete sa,svc,deploy azureml-fe
kubectl delete secret azuremlfessl
if kubectl get secret azuremlfessl 2>"$WORK/said"; then fail "deleted, and still there"; fi
expect "$(cat "$WORK/said")" NotFound
echo "kubectl passed"
