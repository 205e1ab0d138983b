//! `PUT Microsoft.KubernetesConfiguration/extensions/{name}` for `Microsoft.AzureML.Kubernetes`.
//!
//! The documented setting names are those of the CLI, which rewrites them before it calls REST; what is here are the
//! rewritten names (Azure/azure-cli-extensions, k8s-extension, partner_extensions/AzureMLKubernetes.py; vendor's ARM
//! template Azure/AML-Kubernetes files/deployextension.json).

use crate::plan::SecretPart;
use crate::resource_id::ResourceId;
use crate::spec::{LoadBalancer, Spec, Tls};
use serde_json::{Map, Value, json};

/// Type of the extension.
pub const EXTENSION_TYPE: &str = "Microsoft.AzureML.Kubernetes";
/// Name Berth gives the instance.
pub const EXTENSION_NAME: &str = "azureml";
/// Nodes from which the front end runs highly available.
const HIGH_AVAILABILITY_NODES: u32 = 3;

/// The extension a specification describes, on a cluster with so many nodes in a location.
pub fn extension(spec: &Spec, cluster_id: &str, location: &str, nodes: u32) -> Value {
    let mut protected = Map::new();
    if let Some(Tls::Own { .. } | Tls::Generated { .. }) = &spec.tls {
        protected.insert("scoringFe.sslCert".to_owned(), json!(SecretPart::CertificateBase64.marker()));
        protected.insert("scoringFe.sslKey".to_owned(), json!(SecretPart::KeyBase64.marker()));
    }
    json!({
        "identity": { "type": "SystemAssigned" },
        "properties": {
            "extensionType": EXTENSION_TYPE,
            "autoUpgradeMinorVersion": true,
            "releaseTrain": "stable",
            "scope": { "cluster": { "releaseNamespace": "azureml" } },
            "configurationSettings": settings(spec, cluster_id, location, nodes),
            "configurationProtectedSettings": protected,
        }
    })
}

/// Settings that can be read back; every value is a string.
pub fn settings(spec: &Spec, cluster_id: &str, location: &str, nodes: u32) -> Value {
    let available = nodes >= HIGH_AVAILABILITY_NODES;
    let location = location.to_lowercase();
    let name = ResourceId::parse(cluster_id).map_or(cluster_id, |id| id.name());
    let mut settings = Map::new();
    let mut set = |key: &str, value: &str| drop(settings.insert(key.to_owned(), json!(value)));
    set("enableTraining", "False");
    set("enableInference", "True");
    set("inferenceRouterServiceType", "LoadBalancer");
    if matches!(spec.network.load_balancer, Some(LoadBalancer::Internal { .. })) {
        set("internalLoadBalancerProvider", "azure");
        set("scoringFe.serviceType.internalLoadBalancer", "True");
    }
    match spec.tls.as_ref().and_then(Tls::cname) {
        Some(cname) => {
            set("allowInsecureConnections", "False");
            set("sslCname", cname);
        }
        None => set("allowInsecureConnections", "True"),
    }
    set("inferenceRouterHA", if available { "True" } else { "False" });
    set("clusterPurpose", if available { "FastProd" } else { "DevTest" });
    set("cluster_name", cluster_id);
    set("clusterId", cluster_id);
    set("prometheus.prometheusSpec.externalLabels.cluster_name", cluster_id);
    set("cluster_name_friendly", name);
    set("domain", &format!("{location}.cloudapp.azure.com"));
    set("location", &location);
    set("jobSchedulerLocation", &location);
    set("servicebus.enabled", "false");
    set("relayserver.enabled", "false");
    set("nginxIngress.enabled", "true");
    Value::Object(settings)
}
