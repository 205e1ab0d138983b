"""Shared by the clients: the sandbox's address, and a separate resource group, cluster and compute for each client.

Names are fixed per client and cleared before use, so that a run which was interrupted does not disturb the next one.
Standard library only: every environment can import it.
"""

import json
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

READY = json.loads(Path(os.environ["READY"]).read_text())
WORK = Path(os.environ["WORK"])
BASE, TENANT, CLIENT, SECRET = READY["arm"], READY["tenant_id"], READY["client_id"], READY["client_secret"]
SUBSCRIPTION, LOCATION = READY["subscription_ids"][0], READY["location"]
WORKSPACE_GROUP, WORKSPACE = READY["resource_group"], READY["workspace"]

# Keeps the machine's own Azure and proxy settings away from the clients.
for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "AZURE_CONFIG_DIR", "CURL_CA_BUNDLE", "KUBECONFIG"):
    os.environ.pop(name, None)
    os.environ.pop(name.lower(), None)
os.environ.update(
    HOME=str(WORK), NO_PROXY="localhost,127.0.0.1", REQUESTS_CA_BUNDLE=READY["ca_file"], SSL_CERT_FILE=READY["ca_file"]
)

# Storage accounts have hosts below .localhost, which is this computer (RFC 6761); not every resolver knows that.
_resolve = socket.getaddrinfo


def resolve(host, *rest, **more):
    local = isinstance(host, str) and host.endswith(".localhost")
    return _resolve("localhost" if local else host, *rest, **more)


socket.getaddrinfo = resolve

# Ends any program that a client has started along with it.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

VERSIONS = {
    "microsoft.containerservice": "2026-05-01",
    "microsoft.kubernetesconfiguration": "2025-03-01",
    "microsoft.machinelearningservices": "2025-12-01",
    "": "2024-03-01",
}
TLS = ssl.create_default_context(cafile=READY["ca_file"])
SCRIPT = "import json\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return json.loads(data)\n"


def until(what, ask, seconds=300):
    """Polls until the result is true, and returns it."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)
    return answer


def run(command, refused=False, given=None):
    """Runs a program and returns its output; with `refused`, the program has to fail."""
    ended = subprocess.run(shlex.split(command), input=given, capture_output=True, text=True)
    said = f"{command}\n{ended.stdout}{ended.stderr}".replace(SECRET, "***")
    assert (ended.returncode != 0) == refused, f"exit code {ended.returncode}: {said}"
    return ended.stderr if refused else ended.stdout


def has(text, expected):
    assert expected in text, f"expected '{expected}' in: {text}"


class World:
    """A client's own resources in the sandbox."""

    def __init__(self, client):
        self.group_name, self.cluster_name, self.compute_name = f"rg-{client}", f"aks-{client}", f"by-{client}"
        self.endpoint_name = f"by-{client}"
        subscription = f"/subscriptions/{SUBSCRIPTION}"
        self.group = f"{subscription}/resourceGroups/{self.group_name}"
        self.cluster = f"{self.group}/providers/Microsoft.ContainerService/managedClusters/{self.cluster_name}"
        self.extension = f"{self.cluster}/providers/Microsoft.KubernetesConfiguration/extensions/azureml"
        self.workspace = (
            f"{subscription}/resourceGroups/{WORKSPACE_GROUP}/providers/Microsoft.MachineLearningServices/workspaces/{WORKSPACE}"
        )
        self.compute = f"{self.workspace}/computes/{self.compute_name}"
        self.endpoint = f"{self.workspace}/onlineEndpoints/{self.endpoint_name}"
        self.token = self._sign_in()

    def _sign_in(self):
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scope": "https://management.azure.com/.default",
        }
        request = urllib.request.Request(f"{BASE}/{TENANT}/oauth2/v2.0/token", urllib.parse.urlencode(form).encode())
        with urllib.request.urlopen(request, timeout=30, context=TLS) as answer:
            return json.load(answer)["access_token"]

    def call(self, method, path, body=None, allowed=()):
        """A request to Azure Resource Manager: status and body. Refusals raise unless their status is allowed."""
        provider = path.lower().rpartition("/providers/")[2].partition("/")[0] if "/providers/" in path else ""
        query = {"api-version": VERSIONS[provider]}
        if method == "DELETE" and path == self.compute:
            query["underlyingResourceAction"] = "Detach"
        request = urllib.request.Request(
            f"{BASE}{path}?{urllib.parse.urlencode(query)}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=30, context=TLS) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            said = error.read()
            assert error.code in allowed, f"{method} {path}: {error.code} {said.decode(errors='replace')}"
            return error.code, json.loads(said or b"null")

    def put(self, path, body):
        """Writes a resource, waits for the operation and returns the resource."""
        self.call("PUT", path, body)

        def settled():
            status, found = self.call("GET", path, allowed=(429,))
            state = status == 200 and found["properties"]["provisioningState"]
            return found if state in ("Succeeded", "Failed", "Canceled") else None

        made = until(f"PUT {path}", settled)
        assert made["properties"]["provisioningState"] == "Succeeded", made
        return made

    def remove(self, path):
        """Deletes a resource, even while an interrupted run is still changing it."""

        def gone():
            status, found = self.call("GET", path, allowed=(404, 429))
            if status == 200 and found["properties"]["provisioningState"] != "Deleting":
                self.call("DELETE", path, allowed=(404, 409, 429))
            return status == 404

        until(f"DELETE {path}", gone)

    def clear(self):
        """Removes this client's resources."""
        for path in (self.endpoint, self.compute, self.group):
            self.remove(path)

    def make_cluster(self):
        """A cluster with room for a production front end: 3 machines, 12 vCPU."""
        self.put(self.group, {"location": LOCATION})
        pool = {"name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5", "osType": "Linux"}
        properties = {"dnsPrefix": self.cluster_name, "agentPoolProfiles": [pool]}
        self.put(self.cluster, {"location": LOCATION, "identity": {"type": "SystemAssigned"}, "properties": properties})


def client(name, *steps):
    """Runs a client's steps in a world of its own and reports which step fails."""
    world = World(name)
    for step in (World.clear, *steps, World.clear):
        try:
            step(world)
        except BaseException:
            print(f"{name}: step {step.__name__} failed", file=sys.stderr)
            raise
