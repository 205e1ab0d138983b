//! Settings of Microsoft.AzureML.Kubernetes as its chart reads them: the names of the REST API, not those of
//! the command line (azure-cli-extensions AzureMLKubernetes.py; azure/AML-Kubernetes
//! files/deployextension.json), and the chart's health check
//! (learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension).

use crate::aks::nodes;
use crate::answer::{ErrorBody, Refusal};
use crate::kubernetes::kinds;
use crate::pki::PemPair;
use crate::resource_id::name_of;
use crate::scoring::{EXTENSION, FrontEndConfig, tls_config};
use crate::world::{Resource, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Nodes that high availability requires.
const HA_NODES: u64 = 3;

/// Checks before anything is installed: every value is a string, and no key is in both maps.
///
/// # Errors
/// 400 for a value that is not a string or a key in both maps.
pub(super) fn check(properties: &Value) -> Result<(), Refusal> {
    let none = serde_json::Map::new();
    let map = |name: &str| properties[name].as_object().unwrap_or(&none).clone();
    let (open, protected) = (
        map("configurationSettings"),
        map("configurationProtectedSettings"),
    );
    for (name, value) in open.iter().chain(&protected) {
        if !value.is_string() {
            return Err(Refusal::bad_request(
                "InvalidRequestContent",
                format!("The value of the setting '{name}' must be a string."),
            ));
        }
    }
    match open.keys().find(|name| protected.contains_key(*name)) {
        Some(name) => {
            let message = format!(
                "The setting '{name}' stands in both configurationSettings and configurationProtectedSettings."
            );
            Err(Refusal::bad_request("BadRequest", message))
        }
        None => Ok(()),
    }
}

/// The settings, parsed.
struct Settings<'a> {
    open: &'a Value,
    protected: &'a Value,
}

impl<'a> Settings<'a> {
    fn of(extension: &'a Resource) -> Self {
        Self {
            open: &extension.body["properties"]["configurationSettings"],
            protected: &extension.secrets,
        }
    }

    fn text(&self, name: &str) -> &str {
        self.open[name].as_str().unwrap_or_default()
    }

    fn is(&self, name: &str, wanted: &str) -> bool {
        self.text(name).eq_ignore_ascii_case(wanted)
    }

    fn pem(&self, name: &str) -> Option<String> {
        let bytes = STANDARD.decode(self.protected[name].as_str()?).ok()?;
        String::from_utf8(bytes).ok()
    }

    fn secret(&self) -> Option<&str> {
        Some(self.text("scoringFe.sslSecret")).filter(|name| !name.is_empty())
    }

    fn wants_tls(&self) -> bool {
        !self.is("allowInsecureConnections", "true")
    }

    /// Certificate and key: from the settings, or from the secret that they name.
    fn pair(&self, world: &World, cluster: &str) -> Option<PemPair> {
        let Some(name) = self.secret() else {
            return Some(PemPair {
                cert: self.pem("scoringFe.sslCert")?,
                key: self.pem("scoringFe.sslKey")?,
            });
        };
        let secret = world.objects(cluster)?.get(kinds::SECRET, EXTENSION, name)?;
        let text = |member: &str| {
            let bytes = STANDARD.decode(secret["data"][member].as_str()?).ok()?;
            String::from_utf8(bytes).ok()
        };
        Some(PemPair {
            cert: text("cert.pem")?,
            key: text("key.pem")?,
        })
    }
}

/// The front end's configuration; `None` without inference, or when the Service is not a load balancer.
pub(super) fn front_end_config(
    world: &World,
    cluster: &Resource,
    extension: &Resource,
) -> Option<FrontEndConfig> {
    let settings = Settings::of(extension);
    if !settings.is("enableInference", "true") || !settings.is("inferenceRouterServiceType", "LoadBalancer") {
        return None;
    }
    let internal = settings.is("scoringFe.serviceType.internalLoadBalancer", "true");
    Some(FrontEndConfig {
        internal: internal.then(|| nodes::subnet(cluster)),
        tls: settings.pair(world, &cluster.id).filter(|_| settings.wants_tls()),
        label: None,
        secret: settings.secret().map(str::to_string),
    })
}

/// Why the installation will fail, in the words of the chart's health check.
pub(super) fn refusal(world: &World, cluster: &Resource, extension: &Resource) -> Option<ErrorBody> {
    if !super::is_ours(&extension.body) {
        return None;
    }
    let settings = Settings::of(extension);
    if extension.body["identity"]["type"] != "SystemAssigned" {
        return Some(ErrorBody::new(
            "RefreshExtensionIdentityNotSet",
            "The identity of the extension is not set. The extension needs an identity of type SystemAssigned.",
        ));
    }
    let inference = settings.is("enableInference", "true");
    if !inference && !settings.is("enableTraining", "true") {
        return Some(failed(
            "Please create Microsoft.AzureML.Kubernetes extension instance with enableTraining or enableInference set to True.",
        ));
    }
    if !inference {
        return None;
    }
    if settings.text("inferenceRouterServiceType").is_empty() {
        return Some(failed(
            "inferenceRouterServiceType is required for inference: nodePort, loadBalancer or clusterIP.",
        ));
    }
    let (machines, _) = nodes::untainted_capacity(cluster);
    let available =
        !settings.is("inferenceRouterHA", "false") && !settings.is("inferenceLoadBalancerHA", "false");
    if available && machines < HA_NODES {
        return Some(health(
            "E40002",
            "INSUFFICIENT_NODE",
            &format!(
                "There are not enough ready nodes: inferenceRouterHA needs at least {HA_NODES}, the cluster '{}' has {machines}.",
                name_of(&cluster.id)
            ),
        ));
    }
    conflict(world, cluster, &settings)
        .or_else(|| collision(world, cluster, &settings))
        .or_else(|| ssl(world, cluster, &settings))
}

fn ssl(world: &World, cluster: &Resource, settings: &Settings<'_>) -> Option<ErrorBody> {
    if !settings.wants_tls() {
        return None;
    }
    let invalid = |why: &str| Some(health("E40007", "INVALID_SSL_SETTING", why));
    if settings.text("sslCname").is_empty() {
        return invalid("sslCname is required when allowInsecureConnections is False.");
    }
    let Some(pair) = settings.pair(world, &cluster.id) else {
        return invalid(
            "The SSL key or certificate is not valid: neither scoringFe.sslCert and scoringFe.sslKey nor a secret with cert.pem and key.pem was given.",
        );
    };
    let why = tls_config(&pair).err()?;
    invalid(&format!("The SSL key or certificate is not valid: {why}"))
}

/// The classic front end blocks the extension, unless the settings allow to take it over.
fn conflict(world: &World, cluster: &Resource, settings: &Settings<'_>) -> Option<ErrorBody> {
    if settings.is("scoringFe.enableUpgrade", "true") {
        return None;
    }
    let objects = world.objects(&cluster.id)?;
    if objects.get(kinds::CLUSTER_ROLE, "", "azureml-fe-role").is_some() {
        return Some(health(
            "E45004",
            "AZUREML_FE_ROLE_CONFLICT",
            "The cluster role azureml-fe-role of a former front end exists in the cluster.",
        ));
    }
    let deployment = objects.get(kinds::DEPLOYMENT, "default", "azureml-fe")?;
    deployment.is_object().then(|| {
        health(
            "E45005",
            "AZUREML_FE_DEPLOYMENT_CONFLICT",
            "The deployment azureml-fe of a former front end exists in the cluster.",
        )
    })
}

/// The extension brings a Prometheus operator and ingress-nginx, and tolerates no other ones.
fn collision(world: &World, cluster: &Resource, settings: &Settings<'_>) -> Option<ErrorBody> {
    let objects = world.objects(&cluster.id)?;
    let runs_operator = |deployment: &Value| {
        let containers = deployment["spec"]["template"]["spec"]["containers"].as_array();
        let mut images = containers
            .into_iter()
            .flatten()
            .map(|container| &container["image"]);
        images.any(|image| {
            image
                .as_str()
                .is_some_and(|image| image.contains("/prometheus-operator:"))
        })
    };
    let operator = objects.list(kinds::DEPLOYMENT, "").any(runs_operator);
    if operator && !settings.is("installPromOp", "false") {
        return Some(health(
            "E45002",
            "PROMETHEUS_CONFLICT",
            "A Prometheus operator exists in the cluster. Set installPromOp to False.",
        ));
    }
    let own = settings.text("nginxIngress.controller");
    let own = if own.is_empty() {
        "k8s.io/ingress-nginx"
    } else {
        own
    };
    let taken = objects
        .list(kinds::INGRESS_CLASS, "")
        .any(|class| class["spec"]["controller"] == own);
    let enabled = settings.is("nginxIngress.enabled", "true");
    (taken && enabled).then(|| {
        failed(&format!(
            "An ingress class with the controller {own} exists already."
        ))
    })
}

fn health(code: &str, name: &str, why: &str) -> ErrorBody {
    failed(&format!("Pre-install health check failed: {code}: {name}: {why}"))
}

fn failed(why: &str) -> ErrorBody {
    let message = format!(
        "The extension operation failed with the following error: Error: [ InnerError: [Helm installation failed : {why}]] occurred while doing the operation : [Create] on the config."
    );
    ErrorBody::new("ExtensionOperationFailed", message)
}
