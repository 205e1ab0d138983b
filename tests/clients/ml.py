"""azure-ai-ml (version 2): workspace, computes, an online endpoint with a deployment."""

import os

from azure.ai.ml import MLClient
from azure.ai.ml.entities import KubernetesCompute, KubernetesOnlineDeployment, KubernetesOnlineEndpoint
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import ClientSecretCredential

BASE = os.environ["BASE"]
os.environ["AZUREML_DEV_URL_MFE"] = BASE
CREDENTIAL = ClientSecretCredential(
    os.environ["TENANT"], os.environ["CLIENT"], os.environ["SECRET"], authority=BASE, disable_instance_discovery=True
)
client = MLClient(
    CREDENTIAL, os.environ["SUBSCRIPTION"], os.environ["GROUP"], os.environ["WORKSPACE"], enable_telemetry=False, base_url=BASE
)

workspace = client.workspaces.get(os.environ["WORKSPACE"])
assert workspace.location == "westeurope", workspace.location
cluster = "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}".format(**os.environ)

# What the extension is for, over plain REST: this package has nothing for it.
import requests

token = CREDENTIAL.get_token("https://management.azure.com/.default").token
settings = {"enableTraining": "False", "enableInference": "True", "inferenceRouterServiceType": "LoadBalancer", "allowInsecureConnections": "True"}
body = {
    "identity": {"type": "SystemAssigned"},
    "properties": {"extensionType": "Microsoft.AzureML.Kubernetes", "scope": {"cluster": {"releaseNamespace": "azureml"}}, "configurationSettings": settings},
}
url = f"{BASE}{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/azureml?api-version=2025-03-01"
headers = {"Authorization": f"Bearer {token}"}
assert requests.put(url, json=body, headers=headers, timeout=30).status_code == 201
while requests.get(url, headers=headers, timeout=30).json()["properties"]["provisioningState"] == "Creating":
    pass

made = client.compute.begin_create_or_update(KubernetesCompute(name="by-v2", resource_id=cluster, namespace="default")).result()
assert made.provisioning_state == "Succeeded", made.provisioning_state
assert "by-v2" in [found.name for found in client.compute.list()]

endpoint = KubernetesOnlineEndpoint(name="by-v2-endpoint", compute="by-v2", auth_mode="key")
endpoint = client.online_endpoints.begin_create_or_update(endpoint).result()
assert endpoint.scoring_uri.endswith("/api/v1/endpoint/by-v2-endpoint/score"), endpoint.scoring_uri
models = "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/{WORKSPACE}/models".format(**os.environ)
requests.put(f"{BASE}{models}/linear/versions/1?api-version=2025-12-01", headers=headers, json={"properties": {"modelType": "mlflow_model", "modelUri": "azureml://x"}}, timeout=30).raise_for_status()
deployment = KubernetesOnlineDeployment(name="blue", endpoint_name="by-v2-endpoint", model=f"{models}/linear/versions/1", instance_type="defaultinstancetype")
client.online_deployments.begin_create_or_update(deployment).result()
endpoint.traffic = {"blue": 100}
client.online_endpoints.begin_create_or_update(endpoint).result()
keys = client.online_endpoints.get_keys("by-v2-endpoint")
answer = requests.post(endpoint.scoring_uri, json={"data": [[1, 2]]}, headers={"Authorization": f"Bearer {keys.primary_key}"}, timeout=30)
assert answer.json() == {"predictions": [5.5]}, answer.text
client.online_endpoints.begin_delete("by-v2-endpoint").result()
client.compute.begin_delete("by-v2", action="Detach").result()
try:
    client.compute.get("by-v2")
    raise AssertionError("detached, and still there")
except ResourceNotFoundError:
    pass
print("ml passed")
