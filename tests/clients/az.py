"""The Azure CLI, with the sandbox registered as a cloud."""

import json
import os

import world
from world import BASE, CLIENT, SECRET, SUBSCRIPTION, TENANT, WORK, has, run

os.environ.update(
    AZURE_CONFIG_DIR=str(WORK / "azure"),
    AZURE_CORE_INSTANCE_DISCOVERY="false",
    AZURE_CORE_COLLECT_TELEMETRY="0",
    AZURE_CORE_NO_COLOR="1",
)


def sign_in(own):
    run(
        f"az cloud register -n Berth --skip-endpoint-discovery --endpoint-resource-manager {BASE} --endpoint-active-directory {BASE}"
        f" --endpoint-active-directory-resource-id https://management.azure.com/ --endpoint-active-directory-graph-resource-id {BASE}/"
    )
    run("az cloud set -n Berth")
    login = f"az login --service-principal -u {CLIENT} --tenant {TENANT} -o none -p"
    has(run(f"{login} wrong", refused=True), "AADSTS7000215")
    run(f"{login} {SECRET}")
    has(run("az account list --query [].name -o tsv"), "ML-Prod")
    run(f"az account set -s {SUBSCRIPTION}")


def make_cluster(own):
    run(f"az group create -n {own.group_name} -l westeurope -o none")
    has(run("az aks get-versions -l westeurope -o table"), "1.35")
    # Without version and size: the service picks both.
    has(run(f"az aks create {named(own)} --node-count 2 --no-ssh-key --query provisioningState -o tsv"), "Succeeded")
    has(run(f"az aks show -g {own.group_name} -n nowhere", refused=True), "ResourceNotFound")


def change_cluster(own):
    pools = f"-g {own.group_name} --cluster-name {own.cluster_name}"
    run(f"az aks nodepool scale {pools} -n nodepool1 --node-count 3 -o none")
    has(run(f"az aks nodepool list {pools} --query [0].count -o tsv"), "3")
    has(run(f"az aks get-upgrades {named(own)} --query controlPlaneProfile.upgrades[].kubernetesVersion -o tsv"), "1.36")
    has(run(f"az aks update {named(own)} --tags owner=ml --query tags.owner -o tsv"), "ml")


def stop_and_start(own):
    run(f"az aks stop {named(own)} -o none")
    has(run(f"az aks show {named(own)} --query powerState.code -o tsv"), "Stopped")
    run(f"az aks start {named(own)} -o none")


def look_inside(own):
    kubeconfig = WORK / "kubeconfig"
    run(f"az aks get-credentials {named(own)} --admin -f {kubeconfig}")
    has(kubeconfig.read_text(), "client-certificate-data")
    has(run(f"az aks command invoke {named(own)} -c 'kubectl get namespaces' --query logs -o tsv"), "kube-system")


def attach(own):
    properties = {"computeType": "AKS", "resourceId": own.cluster, "properties": {"clusterPurpose": "FastProd"}}
    (WORK / "compute.json").write_text(json.dumps({"location": "westeurope", "properties": properties}))
    compute = f"{own.compute}?api-version=2025-12-01"
    rest(f"put --url {compute} -o none --body @{WORK}/compute.json")
    state = f"get --url {compute} --query properties.provisioningState -o tsv"
    state = world.until("the attachment", lambda: (said := rest(state).strip()) != "Creating" and said)
    assert state == "Succeeded", state
    computes = f"{own.workspace}/computes?api-version=2025-12-01"
    has(rest(f"get --url {computes} --query value[].name -o tsv"), own.compute_name)
    extensions = f"{own.cluster}/providers/Microsoft.KubernetesConfiguration/extensions?api-version=2025-03-01"
    assert rest(f"get --url {extensions} --query length(value) -o tsv").strip() == "0"


def upload(own):
    """Blobs, with a SAS from the workspace's data store."""
    store = f"{own.workspace}/datastores/workspaceblobstore"
    version = "api-version=2025-12-01"
    (WORK / "secret.json").write_text(json.dumps({"expirableSecret": True, "expireAfterHours": 1}))
    sas = rest(f"post --url {store}/listSecrets?{version} --query sasToken -o tsv --body @{WORK}/secret.json").strip()
    account, container = rest(f"get --url {store}?{version} --query properties.[accountName,containerName] -o tsv").split()
    where = f"--blob-endpoint {BASE}/{account} --sas-token '{sas}' -c {container}"
    (WORK / "large.bin").write_bytes(bytes(range(256)) * (70 << 12))
    run(f"az storage blob upload {where} -f {WORK}/large.bin -n by-az/large.bin --no-progress -o none")
    has(run(f"az storage blob upload {where} -f {WORK}/large.bin -n by-az/large.bin", refused=True), "BlobAlreadyExists")
    has(run(f"az storage blob list {where} --prefix by-az/ --query [].properties.contentLength -o tsv"), str(70 << 20))
    run(f"az storage blob download {where} -n by-az/large.bin -f {WORK}/back.bin --no-progress -o none")
    assert (WORK / "back.bin").read_bytes() == (WORK / "large.bin").read_bytes()
    run(f"az storage blob list {where.replace('sp=racwdl', 'sp=rl')}", refused=True)


def delete(own):
    run(f"az aks delete {named(own)} -y -o none")
    run(f"az group delete -n {own.group_name} -y")
    assert run(f"az group exists -n {own.group_name}").strip() == "false"


def named(own):
    return f"-g {own.group_name} -n {own.cluster_name}"


def rest(call):
    return run(f"az rest --resource https://management.azure.com --method {call}")


world.client("az", sign_in, make_cluster, change_cluster, stop_and_start, look_inside, attach, upload, delete)
