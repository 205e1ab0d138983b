"""The azure-mgmt packages: list, get, create and poll, update, delete, and their error classes."""

import world
from world import BASE, CLIENT, SECRET, SUBSCRIPTION, TENANT, WORKSPACE, WORKSPACE_GROUP

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.kubernetesconfiguration.extensions import KubernetesConfigurationExtensionsMgmtClient
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient


def sign_in(secret):
    return ClientSecretCredential(TENANT, CLIENT, secret, authority=BASE, disable_instance_discovery=True)


CREDENTIAL = sign_in(SECRET)
WHERE = {"base_url": BASE, "credential_scopes": ["https://management.azure.com/.default"], "polling_interval": 1}
containers = ContainerServiceClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
resources = ResourceManagementClient(CREDENTIAL, SUBSCRIPTION, **WHERE)


def refused(kind, act):
    try:
        act()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}")


def subscriptions(own):
    client = SubscriptionClient(CREDENTIAL, **WHERE)
    names = [found.display_name for found in client.subscriptions.list()]
    assert names[0] == "ML-Prod", names
    assert any(found.name == "westeurope" for found in client.subscriptions.list_locations(SUBSCRIPTION))
    wrong = SubscriptionClient(sign_in("wrong"), **WHERE)
    error = refused(ClientAuthenticationError, lambda: list(wrong.subscriptions.list()))
    assert "AADSTS7000215" in str(error), error


def groups(own):
    resources.resource_groups.create_or_update(own.group_name, {"location": "westeurope", "tags": {"made": "by-python"}})
    assert resources.resource_groups.get(own.group_name).tags == {"made": "by-python"}
    provider = resources.providers.get("Microsoft.ContainerService")
    assert provider.registration_state == "Registered", provider.registration_state
    refused(ResourceNotFoundError, lambda: resources.resource_groups.get("rg-nowhere"))


def clusters(own):
    cluster = (own.group_name, own.cluster_name)
    body = {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "dnsPrefix": "py",
            "agentPoolProfiles": [{"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D4s_v5", "osType": "Linux"}],
        },
    }
    made = containers.managed_clusters.begin_create_or_update(*cluster, body).result()
    assert made.provisioning_state == "Succeeded", made.provisioning_state
    assert own.cluster_name in [found.name for found in containers.managed_clusters.list()]
    versions = containers.managed_clusters.list_kubernetes_versions("westeurope")
    assert any(version.is_default for version in versions.values_property if version.is_default is not None)
    pool = containers.agent_pools.get(*cluster, "system")
    pool.count = 3
    assert containers.agent_pools.begin_create_or_update(*cluster, "system", pool).result().count == 3
    tagged = containers.managed_clusters.begin_update_tags(*cluster, {"tags": {"a": "b"}}).result()
    assert tagged.tags == {"a": "b"}, tagged.tags
    kubeconfigs = containers.managed_clusters.list_cluster_admin_credentials(*cluster).kubeconfigs
    assert b"client-certificate-data" in kubeconfigs[0].value
    profile = containers.managed_clusters.get_upgrade_profile(*cluster)
    assert profile.control_plane_profile.upgrades
    error = refused(HttpResponseError, lambda: containers.managed_clusters.begin_create_or_update(own.group_name, "aks-old", {**body, "properties": {**body["properties"], "kubernetesVersion": "1.20"}}))
    assert error.error.code == "K8sVersionNotSupported", error
    refused(ResourceNotFoundError, lambda: containers.managed_clusters.get(own.group_name, "aks-nowhere"))


def extensions(own):
    client = KubernetesConfigurationExtensionsMgmtClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    where = (own.group_name, "Microsoft.ContainerService", "managedClusters", own.cluster_name)
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


def computes(own):
    client = MachineLearningServicesMgmtClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    assert client.workspaces.get(WORKSPACE_GROUP, WORKSPACE).location == "westeurope"
    computes = client.machine_learning_compute
    body = {"location": "westeurope", "properties": {"computeType": "AKS", "resourceId": own.cluster}}
    where = (WORKSPACE_GROUP, WORKSPACE, own.compute_name)
    made = computes.begin_create_or_update(*where, body).result()
    assert made.properties.provisioning_state == "Succeeded", made.properties.provisioning_state
    assert own.compute_name in [found.name for found in computes.list_by_workspace(WORKSPACE_GROUP, WORKSPACE)]
    computes.begin_delete(*where, underlying_resource_action="Detach").result()
    refused(ResourceNotFoundError, lambda: computes.get(*where))


def sizes_and_networks(own):
    compute = ComputeManagementClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    skus = list(compute.resource_skus.list(filter="location eq 'westeurope'"))
    assert any(sku.name == "Standard_D4s_v5" for sku in skus)
    usages = {usage.name.value: usage for usage in compute.usage.list("westeurope")}
    assert usages["cores"].limit == 350, usages["cores"].limit
    network = NetworkManagementClient(CREDENTIAL, SUBSCRIPTION, **WHERE)
    made = network.virtual_networks.begin_create_or_update(
        own.group_name, "vnet-py", {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.99.0.0/16"]}}}
    ).result()
    assert made.name == "vnet-py"
    subnet = network.subnets.begin_create_or_update(own.group_name, "vnet-py", "a", {"properties": {"addressPrefix": "10.99.0.0/24"}}).result()
    assert subnet.address_prefix == "10.99.0.0/24"
    error = refused(HttpResponseError, lambda: network.subnets.begin_create_or_update(own.group_name, "vnet-py", "b", {"properties": {"addressPrefix": "10.99.0.0/25"}}).result())
    assert error.status_code in (400, 409), error
    network.virtual_networks.begin_delete(own.group_name, "vnet-py").result()


def delete(own):
    containers.managed_clusters.begin_delete(own.group_name, own.cluster_name).result()
    resources.resource_groups.begin_delete(own.group_name).result()
    refused(ResourceNotFoundError, lambda: resources.resource_groups.get(own.group_name))


world.client("management", subscriptions, groups, clusters, extensions, computes, sizes_and_networks, delete)
