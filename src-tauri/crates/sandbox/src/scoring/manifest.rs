//! A front end's Kubernetes objects (names:
//! learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes for the classic one,
//! how-to-secure-kubernetes-online-endpoint for the extension's).

use super::{CLASSIC, FrontEnd};
use crate::kubernetes::ClusterObjects;
use crate::kubernetes::kinds;
use crate::kubernetes::kinds::Kind;
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The Service that callers reach, on both routes.
pub(super) const SERVICE: &str = "azureml-fe";
/// The classic front end's secret.
const CLASSIC_SECRET: &str = "azuremlfessl";
/// The extension's secret, unless the settings name one.
const EXTENSION_SECRET: &str = "sslsecret";
const IMAGE: &str = "mcr.microsoft.com/azureml/amlarc/docker/azureml-fe-v2:1.1.92";

/// Writes the objects of a front end.
pub(super) fn apply(world: &mut World, front_end: &FrontEnd) {
    let objects = world.objects_mut(&front_end.cluster);
    if front_end.namespace != CLASSIC {
        objects.put(
            kinds::NAMESPACE,
            "",
            &front_end.namespace,
            json!({ "status": { "phase": "Active" } }),
        );
    }
    for (kind, namespace, name) in names(front_end) {
        let object = object(front_end, kind, name);
        if object.is_null() {
            objects.remove(kind, namespace, name);
        } else {
            objects.put(kind, namespace, name, object);
        }
    }
}

/// Deletes the objects of a front end; the extension's namespace stays, as Helm leaves it.
pub(super) fn delete(world: &mut World, front_end: &FrontEnd) {
    let objects: &mut ClusterObjects = world.objects_mut(&front_end.cluster);
    for (kind, namespace, name) in names(front_end) {
        objects.remove(kind, namespace, name);
    }
}

fn names(front_end: &FrontEnd) -> Vec<(&'static Kind, &str, &str)> {
    let namespace = front_end.namespace.as_str();
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
        (kinds::SECRET, namespace, secret_name(front_end)),
    ]
}

fn secret_name(front_end: &FrontEnd) -> &str {
    if front_end.namespace == CLASSIC {
        CLASSIC_SECRET
    } else {
        front_end.secret.as_deref().unwrap_or(EXTENSION_SECRET)
    }
}

fn object(front_end: &FrontEnd, kind: &Kind, name: &str) -> Value {
    match (kind.kind, name) {
        ("Service", SERVICE) => service(front_end),
        ("Service", _) => {
            json!({ "spec": { "type": "ClusterIP", "ports": [{ "name": "http", "port": 80, "protocol": "TCP" }] } })
        }
        ("Deployment", _) => deployment(front_end),
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
        ("Secret", _) => secret(front_end),
        _ => json!({}),
    }
}

/// The front end's deployment, whose pods mount the secret.
fn deployment(front_end: &FrontEnd) -> Value {
    let mut pod = json!({ "containers": [{ "name": SERVICE, "image": IMAGE }] });
    if front_end.tls.is_some() {
        pod["volumes"] = json!([{ "name": "ssl", "secret": { "secretName": secret_name(front_end) } }]);
    }
    json!({
        "spec": { "replicas": 3, "selector": { "matchLabels": { "azuremlappname": SERVICE } },
            "template": { "metadata": { "labels": { "azuremlappname": SERVICE } }, "spec": pod } },
        "status": { "replicas": 3, "readyReplicas": 3, "availableReplicas": 3, "observedGeneration": 1 },
    })
}

/// The secret with the certificate; `Null` without TLS.
fn secret(front_end: &FrontEnd) -> Value {
    let Some(pair) = &front_end.tls else {
        return Value::Null;
    };
    json!({ "type": "Opaque", "data": { "cert.pem": STANDARD.encode(&pair.cert), "key.pem": STANDARD.encode(&pair.key) } })
}

/// The Service, whose load balancer has an address once the front end listens.
fn service(front_end: &FrontEnd) -> Value {
    let mut annotations = json!({});
    if let Some(subnet) = &front_end.internal {
        annotations["service.beta.kubernetes.io/azure-load-balancer-internal"] = json!("true");
        annotations["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"] =
            json!(crate::resource_id::name_of(subnet));
    }
    let scheme = if front_end.tls.is_some() { "https" } else { "http" };
    let usual = if front_end.tls.is_some() { 443 } else { 80 };
    let port = front_end.port.unwrap_or(usual);
    let balancer = match front_end.port {
        Some(_) => json!({ "ingress": [{ "ip": front_end.address.to_string() }] }),
        None => json!({}),
    };
    json!({
        "metadata": { "annotations": annotations, "labels": { "azuremlappname": SERVICE } },
        "spec": { "type": "LoadBalancer", "selector": { "azuremlappname": SERVICE },
            "ports": [{ "name": scheme, "port": port, "protocol": "TCP" }] },
        "status": { "loadBalancer": balancer },
    })
}
