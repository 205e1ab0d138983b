//! What stands in a cluster for a front end (names: learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes
//! for the classic one, how-to-secure-kubernetes-online-endpoint for the extension's).

use super::{CLASSIC, FrontEnd};
use crate::inside::Inside;
use crate::inside::objects as kinds;
use crate::inside::objects::Kind;
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The Service callers reach, on both routes.
pub(super) const SERVICE: &str = "azureml-fe";
/// The classic front end's secret.
const CLASSIC_SECRET: &str = "azuremlfessl";
/// The extension's own secret, where none was named.
const EXTENSION_SECRET: &str = "sslsecret";
/// Version of the front end's image.
const IMAGE: &str = "mcr.microsoft.com/azureml/amlarc/docker/azureml-fe-v2:1.1.92";

/// Writes the objects of a front end.
pub(super) fn apply(world: &mut World, front: &FrontEnd) {
    let inside = world.inside_mut(&front.cluster);
    if front.namespace != CLASSIC {
        inside.put(
            kinds::NAMESPACE,
            "",
            &front.namespace,
            json!({ "status": { "phase": "Active" } }),
        );
    }
    for (kind, namespace, name) in names(front) {
        let object = object(front, kind, name);
        if object.is_null() {
            inside.remove(kind, namespace, name);
        } else {
            inside.put(kind, namespace, name, object);
        }
    }
}

/// Takes the objects of a front end away; the extension's namespace stays, as Helm leaves it.
pub(super) fn withdraw(world: &mut World, front: &FrontEnd) {
    let inside: &mut Inside = world.inside_mut(&front.cluster);
    for (kind, namespace, name) in names(front) {
        inside.remove(kind, namespace, name);
    }
}

fn names(front: &FrontEnd) -> Vec<(&'static Kind, &str, &str)> {
    let namespace = front.namespace.as_str();
    if namespace == CLASSIC {
        return vec![
            (kinds::SERVICE_ACCOUNT, namespace, SERVICE),
            (kinds::SERVICE, namespace, SERVICE),
            (kinds::SERVICE, namespace, "azureml-fe-int-http"),
            (kinds::DEPLOYMENT, namespace, SERVICE),
            (kinds::CLUSTER_ROLE, "", "azureml-fe-role"),
            (kinds::CLUSTER_ROLE_BINDING, "", "azureml-fe-binding"),
            (kinds::CONFIG_MAP, namespace, "azuremlfeconfig"),
            (kinds::SECRET, namespace, CLASSIC_SECRET),
        ];
    }
    vec![
        (kinds::SERVICE, namespace, SERVICE),
        (kinds::SERVICE, namespace, "azureml-ingress-nginx-controller"),
        (kinds::DEPLOYMENT, namespace, "azureml-fe-v2"),
        (kinds::CONFIG_MAP, namespace, "arcml-healthcheck"),
        (kinds::SECRET, namespace, secret_name(front)),
    ]
}

fn secret_name(front: &FrontEnd) -> &str {
    if front.namespace == CLASSIC {
        CLASSIC_SECRET
    } else {
        front.secret.as_deref().unwrap_or(EXTENSION_SECRET)
    }
}

fn object(front: &FrontEnd, kind: &Kind, name: &str) -> Value {
    match (kind.kind, name) {
        ("Service", SERVICE) => service(front),
        ("Service", _) => {
            json!({ "spec": { "type": "ClusterIP", "ports": [{ "name": "http", "port": 80, "protocol": "TCP" }] } })
        }
        ("Deployment", _) => deployment(front),
        ("ClusterRole", _) => {
            json!({ "rules": [{ "apiGroups": ["", "apps"], "resources": ["*"], "verbs": ["get", "list", "watch"] }] })
        }
        ("ClusterRoleBinding", _) => json!({
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "azureml-fe-role" },
            "subjects": [{ "kind": "ServiceAccount", "name": SERVICE, "namespace": CLASSIC }],
        }),
        ("ConfigMap", "arcml-healthcheck") => {
            json!({ "data": { "status-test-success": "0 errors", "reports-test-success": "" } })
        }
        ("ConfigMap", _) => json!({ "data": { "azuremlfe.config": "{}" } }),
        ("Secret", _) => secret(front),
        _ => json!({}),
    }
}

/// The front end itself. Its pods mount the secret.
fn deployment(front: &FrontEnd) -> Value {
    let mut pod = json!({ "containers": [{ "name": SERVICE, "image": IMAGE }] });
    if front.tls.is_some() {
        pod["volumes"] = json!([{ "name": "ssl", "secret": { "secretName": secret_name(front) } }]);
    }
    json!({
        "spec": { "replicas": 3, "selector": { "matchLabels": { "azuremlappname": SERVICE } },
            "template": { "metadata": { "labels": { "azuremlappname": SERVICE } }, "spec": pod } },
        "status": { "replicas": 3, "readyReplicas": 3, "availableReplicas": 3, "observedGeneration": 1 },
    })
}

/// The certificate as the front end reads it; nothing without TLS.
fn secret(front: &FrontEnd) -> Value {
    let Some(pair) = &front.tls else {
        return Value::Null;
    };
    json!({ "type": "Opaque", "data": { "cert.pem": STANDARD.encode(&pair.cert), "key.pem": STANDARD.encode(&pair.key) } })
}

/// The Service: its load balancer has an address once the front end listens.
fn service(front: &FrontEnd) -> Value {
    let mut annotations = json!({});
    if let Some(subnet) = &front.internal {
        annotations["service.beta.kubernetes.io/azure-load-balancer-internal"] = json!("true");
        annotations["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"] =
            json!(crate::resource_id::name_of(subnet));
    }
    let scheme = if front.tls.is_some() { "https" } else { "http" };
    let usual = if front.tls.is_some() { 443 } else { 80 };
    let port = front.port.unwrap_or(usual);
    let balancer = match front.port {
        Some(_) => json!({ "ingress": [{ "ip": front.address.to_string() }] }),
        None => json!({}),
    };
    json!({
        "metadata": { "annotations": annotations, "labels": { "azuremlappname": SERVICE } },
        "spec": { "type": "LoadBalancer", "selector": { "azuremlappname": SERVICE },
            "ports": [{ "name": scheme, "port": port, "protocol": "TCP" }] },
        "status": { "loadBalancer": balancer },
    })
}
