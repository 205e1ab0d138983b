"""azureml-core (version 1): the classic route, which existing users still have."""

import os
from pathlib import Path

import world
from world import BASE, SCRIPT, SUBSCRIPTION, WORK, WORKSPACE, WORKSPACE_GROUP

# Read when the package is imported.
os.environ["ARM_CLOUD_METADATA_URL"] = f"{BASE}/metadata/endpoints?api-version=2019-05-01"

import requests
from azureml.core import Environment, Workspace
from azureml.core.authentication import ArmTokenAuthentication
from azureml.core.compute import AksCompute, ComputeTarget
from azureml.core.model import InferenceConfig, Model
from azureml.core.webservice import AksEndpoint, AksWebservice

SAMPLE = '{"data": [[3]]}'


def attach(own):
    clouds = requests.get(os.environ["ARM_CLOUD_METADATA_URL"], timeout=30).json()
    cloud = next(cloud["name"] for cloud in clouds if cloud["name"] != "AzureCloud")
    sign_in = ArmTokenAuthentication(own.token, cloud=cloud)
    own.v1 = Workspace(SUBSCRIPTION, WORKSPACE_GROUP, WORKSPACE, auth=sign_in)
    wanted = AksCompute.attach_configuration(resource_id=own.cluster, cluster_purpose=AksCompute.ClusterPurpose.FAST_PROD)
    own.target = ComputeTarget.attach(own.v1, own.compute_name, wanted)
    own.target.wait_for_completion(show_output=False)
    assert own.target.provisioning_state == "Succeeded", own.target.provisioning_state
    assert own.compute_name in own.v1.compute_targets
    assert own.target.get_credentials()["adminKubeConfig"]


def register(own):
    """Two models and a script, as files in the current folder: the package uploads nothing from elsewhere."""
    os.chdir(WORK)
    for name, factor in (("double", 2), ("triple", 3)):
        Path(f"{name}.json").write_text(f'{{"a": {factor}, "b": 0}}')
    own.models = [Model.register(own.v1, f"{name}.json", name) for name in ("double", "triple")]
    assert own.models[0].id == "double:1", own.models[0].id
    assert Model(own.v1, name="triple").version == 1
    Path("source").mkdir()
    Path("source/score.py").write_text(SCRIPT)
    own.inference = InferenceConfig(entry_script="score.py", source_directory="source", environment=Environment("serving"))


def serve(own):
    wanted = AksWebservice.deploy_configuration(cpu_cores=0.5, memory_gb=1, auth_enabled=True)
    service = Model.deploy(own.v1, "single", own.models[:1], own.inference, wanted, own.target)
    service.wait_for_deployment(show_output=True)
    assert service.state == "Healthy", service.state
    assert service.run(SAMPLE) == {"predictions": [6.0]}
    primary, _ = service.get_keys()
    service.regen_key("Primary")
    assert service.get_keys()[0] != primary
    assert "Listening" in service.get_logs()
    service.update(auth_enabled=False, token_auth_enabled=True)
    service.wait_for_deployment()
    assert service.get_token()[0]
    service.delete()


def share(own):
    """An endpoint with two versions."""
    wanted = AksEndpoint.deploy_configuration(cpu_cores=0.5, memory_gb=1, version_name="one", traffic_percentile=50)
    endpoint = Model.deploy(own.v1, "shared", own.models[:1], own.inference, wanted, own.target)
    endpoint.wait_for_deployment()
    # Without cores and memory, which create_version cannot check (AksEndpoint lacks the attribute that it reads).
    endpoint.create_version("two", models=own.models[1:], inference_config=own.inference, traffic_percentile=10)
    endpoint.wait_for_deployment()
    versions = AksEndpoint(own.v1, "shared").versions
    assert (versions["one"].is_default, versions["two"].traffic_percentile) == (True, 10), versions
    key = endpoint.get_keys()[0]
    for name, predicted in (("one", 6.0), ("two", 9.0)):
        answer = requests.post(versions[name].scoring_uri, SAMPLE, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        assert answer.json() == {"predictions": [predicted]}, answer.text
    endpoint.update_version("one", traffic_percentile=0)
    endpoint.wait_for_deployment()
    endpoint.update_version("two", traffic_percentile=100, is_default=True)
    endpoint.wait_for_deployment()
    assert endpoint.run(SAMPLE) == {"predictions": [9.0]}
    endpoint.delete_version("one")
    endpoint.wait_for_deployment()
    assert list(AksEndpoint(own.v1, "shared").versions) == ["two"]
    endpoint.delete()


def detach(own):
    own.target.detach()


world.client("v1", world.World.make_cluster, attach, register, serve, share, detach)
