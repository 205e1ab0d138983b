"""azureml-core (version 1): the classic route, which existing users still have."""

import os

import world
from world import BASE, SUBSCRIPTION, WORKSPACE, WORKSPACE_GROUP

# Read when the package is imported.
os.environ["ARM_CLOUD_METADATA_URL"] = f"{BASE}/metadata/endpoints?api-version=2019-05-01"

import requests
from azureml.core import Workspace
from azureml.core.authentication import ArmTokenAuthentication
from azureml.core.compute import AksCompute, ComputeTarget


def attach_and_detach(own):
    clouds = requests.get(os.environ["ARM_CLOUD_METADATA_URL"], timeout=30).json()
    cloud = next(cloud["name"] for cloud in clouds if cloud["name"] != "AzureCloud")
    sign_in = ArmTokenAuthentication(own.token, cloud=cloud)
    workspace = Workspace(SUBSCRIPTION, WORKSPACE_GROUP, WORKSPACE, auth=sign_in)
    wanted = AksCompute.attach_configuration(resource_id=own.cluster, cluster_purpose=AksCompute.ClusterPurpose.FAST_PROD)
    target = ComputeTarget.attach(workspace, own.compute_name, wanted)
    target.wait_for_completion(show_output=False)
    assert target.provisioning_state == "Succeeded", target.provisioning_state
    assert own.compute_name in workspace.compute_targets
    assert target.get_credentials()["adminKubeConfig"]
    target.detach()


world.client("v1", world.World.make_cluster, attach_and_detach)
