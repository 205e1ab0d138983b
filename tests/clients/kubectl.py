"""kubectl with a kubeconfig from the sandbox."""

import base64
import os

import world
from world import WORK, has, run


def attach(own):
    run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=k.contoso.com"
        f" -addext subjectAltName=DNS:k.contoso.com -keyout {WORK}/k.key -out {WORK}/k.pem"
    )
    pair = {"cert": (WORK / "k.pem").read_text(), "key": (WORK / "k.key").read_text()}
    tls = {"status": "Enabled", "cname": "k.contoso.com", **pair}
    properties = {"clusterPurpose": "FastProd", "sslConfiguration": tls}
    body = {"computeType": "AKS", "resourceId": own.cluster, "properties": properties}
    own.put(own.compute, {"location": "westeurope", "properties": body})


def enter(own):
    _, answer = own.call("POST", f"{own.cluster}/listClusterAdminCredential")
    kubeconfig = WORK / "kubeconfig"
    kubeconfig.write_bytes(base64.b64decode(answer["kubeconfigs"][0]["value"]))
    os.environ["KUBECONFIG"] = str(kubeconfig)
    has(run("kubectl get nodes"), "vmss000002")


def read_front_end(own):
    has(run("kubectl get pods -A"), "azureml-fe")
    shown = base64.b64decode(run("kubectl get secret azuremlfessl -o 'jsonpath={.data.cert\\.pem}'"))
    assert shown == (WORK / "k.pem").read_bytes(), "the Secret contains another certificate"
    pod = run("kubectl get pods -l app=azureml-fe -o 'jsonpath={.items[0].metadata.name}'")
    has(run(f"kubectl logs {pod}"), "ready")


# From files: objects that kubectl builds itself are sent as protobuf, which the sandbox refuses.
NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata: { name: models }
"""
SETTINGS = """
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: models }
data: { a: b }
"""


def write_objects(own):
    for text in (NAMESPACE, SETTINGS):
        run("kubectl create --validate=false -f -", given=text)
    assert run("kubectl get configmap settings -n models -o 'jsonpath={.data.a}'") == "b"


def delete_objects(own):
    run("kubectl delete namespace models")
    run("kubectl delete sa,svc,deploy azureml-fe")
    run("kubectl delete secret azuremlfessl")
    has(run("kubectl get secret azuremlfessl", refused=True), "NotFound")


world.client("kubectl", world.World.make_cluster, attach, enter, read_front_end, write_objects, delete_objects)
