//! `PUT Microsoft.KubernetesConfiguration/extensions/{name}` for `Microsoft.AzureML.Kubernetes`.
//!
//! The documentation has the setting names of the CLI, which rewrites them before it calls REST. The names here are the
//! rewritten ones (Azure/azure-cli-extensions, k8s-extension, partner_extensions/AzureMLKubernetes.py; vendor's ARM
//! template Azure/AML-Kubernetes files/deployextension.json).

use crate::facts::{ExtensionFacts, OtherSoftware};
use crate::resource_id::ResourceId;
use crate::secrets::SecretPart;
use crate::spec::{LoadBalancer, Spec, Tls};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

pub const EXTENSION_TYPE: &str = "Microsoft.AzureML.Kubernetes";
/// Namespace of the extension in the cluster.
pub const NAMESPACE: &str = "azureml";
/// Name that Berth gives the extension instance.
pub const EXTENSION_NAME: &str = "azureml";
/// Setting that lets the extension run next to a classic front end
/// (Azure/AML-Kubernetes docs/attach-compute-on-aks-v1-cluster.md).
pub(crate) const ENABLE_UPGRADE: &str = "scoringFe.enableUpgrade";
/// Settings that affect serving: changing one interrupts live endpoints or moves their address
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension).
pub(super) const SERVING: [&str; 5] = [
    "enableInference",
    "inferenceRouterServiceType",
    "internalLoadBalancerProvider",
    "allowInsecureConnections",
    "sslCname",
];
/// Setting with the type of the router's Kubernetes service.
pub(crate) const SERVICE_TYPE: &str = "inferenceRouterServiceType";
/// The type that gives the router an address.
pub(crate) const LOAD_BALANCER: &str = "LoadBalancer";
/// Protected settings with certificate and key.
const CERTIFICATE: [&str; 2] = ["scoringFe.sslCert", "scoringFe.sslKey"];
/// Settings that are switched on, and the protected value that each of them needs.
const REQUIRING_PROTECTED: [(&str, &str); 3] = [
    (
        "azure_log_analytics.enabled",
        "azure_log_analytics.connection_string",
    ),
    ("relayserver.enabled", "relayserver.relayConnectionString"),
    ("servicebus.enabled", "servicebus.connectionString"),
];
/// Minimum number of nodes for a highly available front end.
const HIGH_AVAILABILITY_NODES: u32 = 3;

/// The extension for a specification, on a cluster with `nodes` nodes in `location`.
pub fn extension(spec: &Spec, cluster_id: &str, location: &str, nodes: u32) -> Value {
    let mut body = json!({
        "identity": { "type": "SystemAssigned" },
        "properties": {
            "extensionType": EXTENSION_TYPE,
            "autoUpgradeMinorVersion": true,
            "releaseTrain": "stable",
            "scope": { "cluster": { "releaseNamespace": NAMESPACE } },
            "configurationSettings": settings(spec, cluster_id, location, nodes),
        }
    });
    if let Some(Tls::Own { .. } | Tls::Generated { .. }) = &spec.tls {
        body["properties"]["configurationProtectedSettings"] = protected();
    }
    body
}

/// The protected settings with a certificate. Azure replaces them as a set and never returns them.
pub(crate) fn protected() -> Value {
    let [certificate, key] = CERTIFICATE;
    json!({
        certificate: SecretPart::CertificateBase64.marker(),
        key: SecretPart::KeyBase64.marker(),
    })
}

/// Finds the Azure ML extension among the extensions of a cluster. If there are several instances, a healthy one serves;
/// among equals, the one with Berth's name comes first.
pub fn installed(extensions: &[ExtensionFacts]) -> Option<&ExtensionFacts> {
    instances(extensions).min_by_key(|found| {
        let ours = found.name.eq_ignore_ascii_case(EXTENSION_NAME);
        (!found.provisioning_state.is_succeeded(), !ours)
    })
}

/// All instances of the Azure ML extension among the extensions of a cluster.
pub(crate) fn instances(extensions: &[ExtensionFacts]) -> impl Iterator<Item = &ExtensionFacts> {
    extensions
        .iter()
        .filter(|found| found.extension_type.eq_ignore_ascii_case(EXTENSION_TYPE))
}

/// A setting of an installed extension, if not empty. Names are compared case-insensitively.
pub fn setting<'a>(found: &'a ExtensionFacts, name: &str) -> Option<&'a str> {
    let settings = found.settings.iter();
    settings
        .filter(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
        .map(|(_, value)| value.as_str())
        .next()
}

/// Whether the router of an extension has a load balancer: its service may also be of the type `nodePort` or `clusterIP`
/// (learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension, `inferenceRouterServiceType`).
pub(crate) fn has_load_balancer(found: &ExtensionFacts) -> bool {
    setting(found, SERVICE_TYPE).is_none_or(|kind| kind.eq_ignore_ascii_case(LOAD_BALANCER))
}

/// Whether an extension runs next to a classic front end because of an unfinished move.
pub fn stands_beside(found: &ExtensionFacts) -> bool {
    setting(found, ENABLE_UPGRADE).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Names of protected values that Berth cannot send again: those that Azure names, and those that the settings require
/// (Azure/azure-cli-extensions, k8s-extension, partner_extensions/AzureMLKubernetes.py, `Update`).
pub(crate) fn foreign_protected(found: &ExtensionFacts) -> BTreeSet<&str> {
    let given = found.whole["properties"]["configurationProtectedSettings"].as_object();
    let given = given.into_iter().flatten().map(|(name, _)| name.as_str());
    let is_on = |name: &str| setting(found, name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let required = REQUIRING_PROTECTED
        .into_iter()
        .filter(|(switch, _)| is_on(switch));
    given
        .filter(|name| !CERTIFICATE.iter().any(|own| own.eq_ignore_ascii_case(name)))
        .chain(required.map(|(_, value)| value))
        .collect()
}

/// Names of serving settings in which an installed extension differs from a specification.
pub fn serving_differences(spec: &Spec, found: &ExtensionFacts) -> Vec<&'static str> {
    let wanted = settings(spec, "", "", 0);
    let differs = |key: &&str| {
        let wanted = wanted.get(*key).and_then(Value::as_str).unwrap_or_default();
        let have = found
            .settings
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key));
        // Connections are secure by default.
        let default = if *key == "allowInsecureConnections" {
            "False"
        } else {
            ""
        };
        !wanted.eq_ignore_ascii_case(have.map_or(default, |(_, value)| value))
    };
    SERVING.into_iter().filter(differs).collect()
}

/// Settings that leave out what the cluster has already: its own Prometheus operator fails the installation (E45002), and so does
/// an ingress-nginx of the same controller
/// (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension, read 2026-11-26).
pub(crate) fn leaving_out(software: Option<&OtherSoftware>) -> Vec<(&'static str, &'static str)> {
    let Some(software) = software else {
        return Vec::new();
    };
    let operator = software.prometheus_operator.as_ref();
    let ingress = software.ingress_nginx.as_ref();
    operator
        .map(|_| ("installPromOp", "False"))
        .into_iter()
        .chain(ingress.map(|_| ("nginxIngress.controller", "k8s.io/amlarc-ingress-nginx")))
        .collect()
}

/// The unprotected settings, which Azure returns. Every value is a string.
pub fn settings(spec: &Spec, cluster_id: &str, location: &str, nodes: u32) -> Value {
    let available = nodes >= HIGH_AVAILABILITY_NODES;
    let location = location.to_lowercase();
    let name = ResourceId::parse(cluster_id).map_or(cluster_id, |id| id.name());
    let mut settings = Map::new();
    let mut set = |key: &str, value: &str| drop(settings.insert(key.to_owned(), json!(value)));
    set("enableTraining", "False");
    set("enableInference", "True");
    set(SERVICE_TYPE, LOAD_BALANCER);
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
