"""The azure-mgmt packages: list, get, create with a poller to its end, update, delete, and their error classes."""

import os

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.kubernetesconfiguration.extensions import KubernetesConfigurationExtensionsMgmtClient
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

BASE, SUBSCRIPTION = os.environ["BASE"], os.environ["SUBSCRIPTION"]
GROUP, CLUSTER = os.environ["GROUP"], os.environ["CLUSTER"]


def sign_in(secret):
    return ClientSecretCredential(
        os.environ["TENANT"], os.environ["CLIENT"], secret, authority=BASE, disable_instance_discovery=True
    )


CREDENTIAL = sign_in(os.environ["SECRET"])
WHERE = {"base_url": BASE, "credential_scopes": ["https://management.azure.com/.default"], "polling_interval": 1}


def refused(kind, act):
    try:
        act()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}")


def subscriptions():
    client = SubscriptionClient(CREDENTIAL, **WHERE)
    names = [found.display_name for found in client.subscriptions.list()]
    assert names[0] == "ML-Prod", names
    assert any(found.name == "westeurope" for found in client.subscriptions.list_locations(SUBSCRIPTION))
    wrong = SubscriptionClient(sign_in("wrong"), **WHERE)
    error = refused(ClientAuthenticationError, lambda: list(wrong.subscriptions.list()))
    assert "AADSTS7000215" in str(error), error


def groups():
    client = ResourceManagementClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    client.resource_groups.create_or_update("rg-py", {"location": "westeurope", "tags": {"made": "by-python"}})
    assert client.resource_groups.get("rg-py").tags == {"made": "by-python"}
    provider = client.providers.get("Microsoft.ContainerService")
    assert provider.registration_state == "Registered", provider.registration_state
    refused(ResourceNotFoundError, lambda: client.resource_groups.get("rg-nowhere"))
    return client


def clusters():
    client = ContainerServiceClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    body = {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "dnsPrefix": "py",
            "agentPoolProfiles": [{"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D4s_v5", "osType": "Linux"}],
        },
    }
    made = client.managed_clusters.begin_create_or_update("rg-py", "aks-py", body).result()
    assert made.provisioning_state == "Succeeded", made.provisioning_state
    assert CLUSTER in [found.name for found in client.managed_clusters.list()]
    versions = client.managed_clusters.list_kubernetes_versions("westeurope")
    assert any(version.is_default for version in versions.values_property if version.is_default is not None)
    pool = client.agent_pools.get("rg-py", "aks-py", "system")
    pool.count = 2
    assert client.agent_pools.begin_create_or_update("rg-py", "aks-py", "system", pool).result().count == 2
    tagged = client.managed_clusters.begin_update_tags("rg-py", "aks-py", {"tags": {"a": "b"}}).result()
    assert tagged.tags == {"a": "b"}, tagged.tags
    kubeconfigs = client.managed_clusters.list_cluster_admin_credentials("rg-py", "aks-py").kubeconfigs
    assert b"client-certificate-data" in kubeconfigs[0].value
    profile = client.managed_clusters.get_upgrade_profile("rg-py", "aks-py")
    assert profile.control_plane_profile.upgrades
    error = refused(HttpResponseError, lambda: client.managed_clusters.begin_create_or_update("rg-py", "aks-old", {**body, "properties": {**body["properties"], "kubernetesVersion": "1.20"}}))
    assert error.error.code == "K8sVersionNotSupported", error
    refused(ResourceNotFoundError, lambda: client.managed_clusters.get("rg-py", "aks-nowhere"))
    return client


def extensions():
    client = KubernetesConfigurationExtensionsMgmtClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    where = (GROUP, "Microsoft.ContainerService", "managedClusters", CLUSTER)
    body = {
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "extensionType": "Microsoft.AzureML.Kubernetes",
            "autoUpgradeMinorVersion": True,
            "scope": {"cluster": {"releaseNamespace": "azureml"}},
            "configurationSettings": {"enableTraining": "False", "enableInference": "True", "inferenceRouterServiceType": "LoadBalancer", "allowInsecureConnections": "True"},
        },
    }
    made = client.extensions.begin_create(*where, "azureml", body).result()
    assert made.provisioning_state == "Succeeded", made.provisioning_state
    changed = client.extensions.begin_update(*where, "azureml", {"properties": {"configurationSettings": {"nodeSelector.a": "b"}}}).result()
    assert changed.configuration_settings["nodeSelector.a"] == "b"
    assert [found.name for found in client.extensions.list(*where)] == ["azureml"]
    client.extensions.begin_delete(*where, "azureml").result()
    refused(ResourceNotFoundError, lambda: client.extensions.get(*where, "azureml"))


def computes():
    client = MachineLearningServicesMgmtClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    workspace = os.environ["WORKSPACE"]
    assert client.workspaces.get(GROUP, workspace).location == "westeurope"
    cluster = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}"
    body = {"location": "westeurope", "properties": {"computeType": "AKS", "resourceId": cluster}}
    where = (GROUP, workspace, "by-management")
    made = client.machine_learning_compute.begin_create_or_update(*where, body).result()
    assert made.properties.provisioning_state == "Succeeded", made.properties.provisioning_state
    assert "by-management" in [found.name for found in client.machine_learning_compute.list_by_workspace(GROUP, workspace)]
    client.machine_learning_compute.begin_delete(*where, underlying_resource_action="Detach").result()
    refused(ResourceNotFoundError, lambda: client.machine_learning_compute.get(*where))


def sizes_and_networks():
    compute = ComputeManagementClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    skus = list(compute.resource_skus.list(filter="location eq 'westeurope'"))
    assert any(sku.name == "Standard_D4s_v5" for sku in skus)
    usages = {usage.name.value: usage for usage in compute.usage.list("westeurope")}
    assert usages["cores"].limit == 350, usages["cores"].limit
    network = NetworkManagementClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    made = network.virtual_networks.begin_create_or_update(
        "rg-py", "vnet-py", {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.99.0.0/16"]}}}
    ).result()
    assert made.name == "vnet-py"
    subnet = network.subnets.begin_create_or_update("rg-py", "vnet-py", "a", {"properties": {"addressPrefix": "10.99.0.0/24"}}).result()
    assert subnet.address_prefix == "10.99.0.0/24"
    error = refused(HttpResponseError, lambda: network.subnets.begin_create_or_update("rg-py", "vnet-py", "b", {"properties": {"addressPrefix": "10.99.0.0/25"}}).result())
    assert error.status_code in (400, 409), error
    network.virtual_networks.begin_delete("rg-py", "vnet-py").result()


subscriptions()
resources = groups()
containers = clusters()
extensions()
computes()
sizes_and_networks()
containers.managed_clusters.begin_delete("rg-py", "aks-py").result()
resources.resource_groups.begin_delete("rg-py").result()
print("management passed")
