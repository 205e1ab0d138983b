"""azureml-core (version 1): the classic route, as its users still have it."""

import os

BASE = os.environ["BASE"]
os.environ["ARM_CLOUD_METADATA_URL"] = f"{BASE}/metadata/endpoints?api-version=2019-05-01"

import requests

names = [cloud["name"] for cloud in requests.get(os.environ["ARM_CLOUD_METADATA_URL"], timeout=30).json()]

from azureml.core import Workspace
from azureml.core.authentication import ArmTokenAuthentication
from azureml.core.compute import AksCompute, ComputeTarget

form = {
    "grant_type": "client_credentials",
    "client_id": os.environ["CLIENT"],
    "client_secret": os.environ["SECRET"],
    "scope": "https://management.azure.com/.default",
}
token = requests.post(f"{BASE}/{os.environ['TENANT']}/oauth2/v2.0/token", data=form, timeout=30).json()["access_token"]
cloud = next(name for name in names if name != "AzureCloud")
workspace = Workspace(os.environ["SUBSCRIPTION"], os.environ["GROUP"], os.environ["WORKSPACE"], auth=ArmTokenAuthentication(token, cloud=cloud))
cluster = "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}".format(**os.environ)
attaching = AksCompute.attach_configuration(resource_id=cluster, cluster_purpose=AksCompute.ClusterPurpose.FAST_PROD)
target = ComputeTarget.attach(workspace, "by-v1", attaching)
target.wait_for_completion(show_output=False)
assert target.provisioning_state == "Succeeded", target.provisioning_state
assert "by-v1" in workspace.compute_targets
assert target.get_credentials()["adminKubeConfig"]
target.detach()
print("v1 passed")
