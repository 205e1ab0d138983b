"""azure-ai-ml (version 2): workspace, computes, an online endpoint with a deployment."""

import os

import world
from world import BASE, CLIENT, SECRET, SUBSCRIPTION, TENANT, WORKSPACE, WORKSPACE_GROUP

import requests
from azure.ai.ml import MLClient
from azure.ai.ml.entities import KubernetesCompute, KubernetesOnlineDeployment, KubernetesOnlineEndpoint
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import ClientSecretCredential

os.environ["AZUREML_DEV_URL_MFE"] = BASE
CREDENTIAL = ClientSecretCredential(TENANT, CLIENT, SECRET, authority=BASE, disable_instance_discovery=True)
client = MLClient(CREDENTIAL, SUBSCRIPTION, WORKSPACE_GROUP, WORKSPACE, enable_telemetry=False, base_url=BASE)


def read_workspace(own):
    workspace = client.workspaces.get(WORKSPACE)
    assert workspace.location == "westeurope", workspace.location


def install_extension(own):
    """Uses plain REST, because this package does not support extensions."""
    settings = {"enableTraining": "False", "enableInference": "True", "inferenceRouterServiceType": "LoadBalancer", "allowInsecureConnections": "True"}
    properties = {"extensionType": "Microsoft.AzureML.Kubernetes", "scope": {"cluster": {"releaseNamespace": "azureml"}}, "configurationSettings": settings}
    own.put(own.extension, {"identity": {"type": "SystemAssigned"}, "properties": properties})


def attach(own):
    compute = KubernetesCompute(name=own.compute_name, resource_id=own.cluster, namespace="default")
    made = client.compute.begin_create_or_update(compute).result()
    assert made.provisioning_state == "Succeeded", made.provisioning_state
    assert own.compute_name in [found.name for found in client.compute.list()]


def serve(own):
    endpoint = KubernetesOnlineEndpoint(name=own.endpoint_name, compute=own.compute_name, auth_mode="key")
    endpoint = client.online_endpoints.begin_create_or_update(endpoint).result()
    assert endpoint.scoring_uri.endswith(f"/api/v1/endpoint/{own.endpoint_name}/score"), endpoint.scoring_uri
    model = f"{own.workspace}/models/linear/versions/1"
    own.put(model, {"properties": {"modelType": "mlflow_model", "modelUri": "azureml://x"}})
    deployment = KubernetesOnlineDeployment(name="blue", endpoint_name=own.endpoint_name, model=model, instance_type="defaultinstancetype")
    client.online_deployments.begin_create_or_update(deployment).result()
    endpoint.traffic = {"blue": 100}
    client.online_endpoints.begin_create_or_update(endpoint).result()
    key = client.online_endpoints.get_keys(own.endpoint_name).primary_key
    answer = requests.post(endpoint.scoring_uri, json={"data": [[1, 2]]}, headers={"Authorization": f"Bearer {key}"}, timeout=30)
    assert answer.json() == {"predictions": [5.5]}, answer.text


def delete(own):
    client.online_endpoints.begin_delete(own.endpoint_name).result()
    client.compute.begin_delete(own.compute_name, action="Detach").result()
    try:
        client.compute.get(own.compute_name)
    except ResourceNotFoundError:
        return
    raise AssertionError("detached but still listed")


world.client("ml", world.World.make_cluster, read_workspace, install_extension, attach, serve, delete)
