"""azure-ai-ml (version 2): workspace, computes, uploads, an online endpoint with two deployments."""

import os

import world
from world import BASE, CLIENT, SCRIPT, SECRET, SUBSCRIPTION, TENANT, WORK, WORKSPACE, WORKSPACE_GROUP

# Read when the package is imported: tells where storage accounts are.
os.environ["ARM_CLOUD_METADATA_URL"] = f"{BASE}/metadata/endpoints?api-version=2019-05-01"

import requests
from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
    CodeConfiguration,
    Environment,
    KubernetesCompute,
    KubernetesOnlineDeployment,
    KubernetesOnlineEndpoint,
    Model,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
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


def register(own):
    """A model, code and an environment, uploaded from files."""
    (WORK / "model").mkdir()
    (WORK / "model/line.json").write_text('{"a": [2, 1], "b": 0.5}')
    model = client.models.create_or_update(Model(name="line", path=WORK / "model", type="custom_model"))
    assert (model.version, "workspaceblobstore" in model.path) == ("1", True), model
    again = client.models.create_or_update(Model(name="line", path=WORK / "model", type="custom_model"))
    assert again.version == "2", again.version
    (WORK / "code").mkdir()
    (WORK / "code/score.py").write_text(SCRIPT)
    (WORK / "code/large.bin").write_bytes(bytes(9 << 20))
    environment = Environment(name="serving", image="mcr.microsoft.com/azureml/minimal-py312-inference:1", conda_file={"dependencies": ["python=3.12"]})
    client.environments.create_or_update(environment)
    assert client.environments.get("AzureML-sklearn-1.5", version="25").image
    assert client.datastores.get_default().name == "workspaceblobstore"


def deployment(own, name, **settings):
    return KubernetesOnlineDeployment(
        name=name,
        endpoint_name=own.endpoint_name,
        model="azureml:line:1",
        environment="azureml:serving:1",
        code_configuration=CodeConfiguration(code=str(WORK / "code"), scoring_script="score.py"),
        instance_type="defaultinstancetype",
        **settings,
    )


def serve(own):
    endpoint = KubernetesOnlineEndpoint(name=own.endpoint_name, compute=own.compute_name, auth_mode="key")
    endpoint = client.online_endpoints.begin_create_or_update(endpoint).result()
    assert endpoint.scoring_uri.endswith(f"/api/v1/endpoint/{own.endpoint_name}/score"), endpoint.scoring_uri
    client.online_deployments.begin_create_or_update(deployment(own, "blue")).result()
    endpoint.traffic = {"blue": 100}
    client.online_endpoints.begin_create_or_update(endpoint).result()
    key = client.online_endpoints.get_keys(own.endpoint_name).primary_key
    answer = requests.post(endpoint.scoring_uri, json={"data": [[1, 2]]}, headers={"Authorization": f"Bearer {key}"}, timeout=30)
    assert answer.json() == {"predictions": [4.5]}, answer.text
    assert "UserContainerStart: Succeeded" in client.online_deployments.get_logs("blue", own.endpoint_name, 100)


def split(own):
    """A second version, called by its name, then with a share of the calls."""
    client.online_deployments.begin_create_or_update(deployment(own, "green")).result()
    called = client.online_endpoints.invoke(own.endpoint_name, deployment_name="green", request_file=str(request()))
    assert "predictions" in called, called
    endpoint = client.online_endpoints.get(own.endpoint_name)
    endpoint.traffic = {"blue": 90, "green": 10}
    client.online_endpoints.begin_create_or_update(endpoint).result()
    assert client.online_endpoints.get(own.endpoint_name).traffic == {"blue": 90, "green": 10}
    old = client.online_endpoints.get_keys(own.endpoint_name).primary_key
    client.online_endpoints.begin_regenerate_keys(own.endpoint_name, key_type="primary").result()
    assert client.online_endpoints.get_keys(own.endpoint_name).primary_key != old


def request():
    (WORK / "request.json").write_text('{"data": [[1, 2]]}')
    return WORK / "request.json"


def fail(own):
    """A script without run(): the operation tells why."""
    (WORK / "code/score.py").write_text("def init():\n    pass\n")
    try:
        client.online_deployments.begin_create_or_update(deployment(own, "red")).result()
    except HttpResponseError as error:
        assert "UserScriptFunctionNotFound" in str(error), error
        return
    raise AssertionError("a deployment without run() succeeded")


def delete(own):
    client.online_endpoints.begin_delete(own.endpoint_name).result()
    client.compute.begin_delete(own.compute_name, action="Detach").result()
    try:
        client.compute.get(own.compute_name)
    except ResourceNotFoundError:
        return
    raise AssertionError("detached but still listed")


world.client("ml", world.World.make_cluster, read_workspace, install_extension, attach, register, serve, split, fail, delete)
