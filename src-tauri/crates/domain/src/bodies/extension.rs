//! `PUT Microsoft.KubernetesConfiguration/extensions/{name}` for `Microsoft.AzureML.Kubernetes`.
//!
//! The documented setting names are those of the CLI, which rewrites them before it calls REST; what is here are the
//! rewritten names (Azure/azure-cli-extensions, k8s-extension, partner_extensions/AzureMLKubernetes.py; vendor's ARM
//! template Azure/AML-Kubernetes files/deployextension.json).

use crate::facts::ExtensionFacts;
use crate::resource_id::ResourceId;
use crate::secrets::SecretPart;
use crate::spec::{LoadBalancer, Spec, Tls};
use serde_json::{Map, Value, json};

/// Type of the extension.
pub const EXTENSION_TYPE: &str = "Microsoft.AzureML.Kubernetes";
/// Name Berth gives the instance.
pub const EXTENSION_NAME: &str = "azureml";
/// The setting by which the extension takes its place beside a classic front end
/// (Azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md).
pub(crate) const ENABLE_UPGRADE: &str = "scoringFe.enableUpgrade";
/// Settings that decide how it serves: a change of one interrupts live endpoints or moves their address
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
const SERVING: [&str; 5] = [
    "enableInference",
    "inferenceRouterServiceType",
    "internalLoadBalancerProvider",
    "allowInsecureConnections",
    "sslCname",
];
/// Nodes from which the front end runs highly available.
const HIGH_AVAILABILITY_NODES: u32 = 3;

/// The extension a specification describes, on a cluster with so many nodes in a location.
pub fn extension(spec: &Spec, cluster_id: &str, location: &str, nodes: u32) -> Value {
    let mut body = json!({
        "identity": { "type": "SystemAssigned" },
        "properties": {
            "extensionType": EXTENSION_TYPE,
            "autoUpgradeMinorVersion": true,
            "releaseTrain": "stable",
            "scope": { "cluster": { "releaseNamespace": "azureml" } },
            "configurationSettings": settings(spec, cluster_id, location, nodes),
        }
    });
    if let Some(Tls::Own { .. } | Tls::Generated { .. }) = &spec.tls {
        body["properties"]["configurationProtectedSettings"] = protected();
    }
    body
}

/// The protected settings with a certificate; they are replaced as a set, and can never be read back.
pub(crate) fn protected() -> Value {
    json!({
        "scoringFe.sslCert": SecretPart::CertificateBase64.marker(),
        "scoringFe.sslKey": SecretPart::KeyBase64.marker(),
    })
}

/// The extension of Azure ML among those of a cluster.
pub fn installed(extensions: &[ExtensionFacts]) -> Option<&ExtensionFacts> {
    extensions
        .iter()
        .find(|found| found.extension_type.eq_ignore_ascii_case(EXTENSION_TYPE))
}

/// A setting of an installed extension, where it says something. Names are told apart without regard to case.
pub fn setting<'a>(found: &'a ExtensionFacts, name: &str) -> Option<&'a str> {
    let settings = found.settings.iter();
    settings
        .filter(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
        .map(|(_, value)| value.as_str())
        .next()
}

/// Whether an extension was put beside a classic front end, and that move is not finished.
pub fn stands_beside(found: &ExtensionFacts) -> bool {
    setting(found, ENABLE_UPGRADE).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Names of settings in which an installed extension serves differently from what a specification asks for.
pub fn serving_differences(spec: &Spec, found: &ExtensionFacts) -> Vec<&'static str> {
    let wanted = settings(spec, "", "", 0);
    let differs = |key: &&str| {
        let wanted = wanted.get(*key).and_then(Value::as_str).unwrap_or_default();
        let have = found
            .settings
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key));
        // Connections are secure unless the extension was told otherwise.
        let unsaid = if *key == "allowInsecureConnections" {
            "False"
        } else {
            ""
        };
        !wanted.eq_ignore_ascii_case(have.map_or(unsaid, |(_, value)| value))
    };
    SERVING.into_iter().filter(differs).collect()
}

/// Leaves training on where somebody uses it: a PUT replaces the settings, and Berth came for inference alone.
pub(crate) fn keep_training(body: &mut Value, found: &ExtensionFacts) {
    if found
        .settings
        .get("enableTraining")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    {
        body["properties"]["configurationSettings"]["enableTraining"] = json!("True");
    }
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
    set(
        "prometheus.prometheusSpec.externalLabels.cluster_name",
        cluster_id,
    );
    set("cluster_name_friendly", name);
    set("domain", &format!("{location}.cloudapp.azure.com"));
    set("location", &location);
    set("jobSchedulerLocation", &location);
    set("servicebus.enabled", "false");
    set("relayserver.enabled", "false");
    set("nginxIngress.enabled", "true");
    Value::Object(settings)
}
