#!/usr/bin/env bash
# The Azure CLI, on the sandbox as a cloud of its own.
set -euo pipefail
export AZURE_CONFIG_DIR=$WORK/azure AZURE_CORE_INSTANCE_DISCOVERY=false AZURE_CORE_COLLECT_TELEMETRY=0 AZURE_CORE_NO_COLOR=1
fail() { echo "az: $*" >&2; exit 1; }
expect() { [[ "$1" == *"$2"* ]] || fail "expected '$2' in: $1"; }

az cloud register -n Berth --skip-endpoint-discovery --endpoint-resource-manager "$BASE" --endpoint-active-directory "$BASE" \
  --endpoint-active-directory-resource-id https://management.azure.com/ --endpoint-active-directory-graph-resource-id "$BASE/" 2>/dev/null
az cloud set -n Berth 2>/dev/null
if said=$(AZURE_CONFIG_DIR=$WORK/wrong bash -c 'az cloud register -n Berth --skip-endpoint-discovery --endpoint-resource-manager $BASE --endpoint-active-directory $BASE \
  --endpoint-active-directory-resource-id https://management.azure.com/ --endpoint-active-directory-graph-resource-id $BASE/ && az cloud set -n Berth && az login --service-principal -u $CLIENT -p wrong --tenant $TENANT' 2>&1); then fail "a wrong secret signs in"; fi
expect "$said" AADSTS7000215
az login --service-principal -u "$CLIENT" -p "$SECRET" --tenant "$TENANT" -o none
expect "$(az account list --query '[].name' -o tsv)" ML-Prod
az account set -s "$SUBSCRIPTION"

az group create -n rg-cli -l westeurope -o none
expect "$(az aks get-versions -l westeurope -o table)" 1.35
# Without version and size: the service picks both.
az aks create -g rg-cli -n aks-cli --node-count 2 --no-ssh-key -o none
expect "$(az aks show -g rg-cli -n aks-cli --query provisioningState -o tsv)" Succeeded
if said=$(az aks show -g rg-cli -n nowhere 2>&1); then fail "what is not there is shown"; fi
expect "$said" ResourceNotFound
az aks nodepool scale -g rg-cli --cluster-name aks-cli -n nodepool1 --node-count 3 -o none
expect "$(az aks nodepool list -g rg-cli --cluster-name aks-cli --query '[0].count' -o tsv)" 3
expect "$(az aks get-upgrades -g rg-cli -n aks-cli --query controlPlaneProfile.upgrades[].kubernetesVersion -o tsv)" 1.36
az aks get-credentials -g rg-cli -n aks-cli --admin -f "$WORK/cli.kubeconfig" 2>/dev/null
expect "$(cat "$WORK/cli.kubeconfig")" client-certificate-data
az aks update -g rg-cli -n aks-cli --tags owner=ml -o none
expect "$(az aks show -g rg-cli -n aks-cli --query tags.owner -o tsv)" ml
az aks stop -g rg-cli -n aks-cli -o none
expect "$(az aks show -g rg-cli -n aks-cli --query powerState.code -o tsv)" Stopped
az aks start -g rg-cli -n aks-cli -o none
expect "$(az aks command invoke -g rg-cli -n aks-cli -c 'kubectl get namespaces' --query logs -o tsv)" kube-system

cluster=/subscriptions/$SUBSCRIPTION/resourceGroups/$GROUP/providers/Microsoft.ContainerService/managedClusters/$CLUSTER
workspace=/subscriptions/$SUBSCRIPTION/resourceGroups/$GROUP/providers/Microsoft.MachineLearningServices/workspaces/$WORKSPACE
rest() { az rest --resource https://management.azure.com "$@"; }
rest --method put --url "$workspace/computes/by-cli?api-version=2025-12-01" -o none \
  --body "{\"location\":\"westeurope\",\"properties\":{\"computeType\":\"AKS\",\"resourceId\":\"$cluster\",\"properties\":{\"clusterPurpose\":\"FastProd\"}}}"
until [ "$(rest --method get --url "$workspace/computes/by-cli?api-version=2025-12-01" --query properties.provisioningState -o tsv)" != Creating ]; do :; done
expect "$(rest --method get --url "$workspace/computes?api-version=2025-12-01" --query 'value[].name' -o tsv)" by-cli
expect "$(rest --method get --url "$cluster/providers/Microsoft.KubernetesConfiguration/extensions?api-version=2025-03-01" --query 'length(value)' -o tsv)" 0
az aks delete -g rg-cli -n aks-cli -y -o none
az group delete -n rg-cli -y
echo "az passed"
