//! The support plan of a cluster (learn.microsoft.com/azure/aks/long-term-support).

use super::refuse;
use super::versions::{self, Minor};
use crate::answer::Refusal;
use serde_json::Value;

const LONG_TERM: &str = "AKSLongTermSupport";

fn is_long_term(body: &Value) -> bool {
    body["properties"]["supportPlan"].as_str() == Some(LONG_TERM)
}

/// Long-term support needs the Premium tier. The sentence is that of `az aks`; the service's code is not published.
pub(super) fn check_plan(body: &Value) -> Result<(), Refusal> {
    let tier = body["sku"]["tier"].as_str().unwrap_or_default();
    if !is_long_term(body) || tier.eq_ignore_ascii_case("Premium") {
        return Ok(());
    }
    Err(refuse(
        "InvalidParameter",
        "AKS Long Term Support is only available for Premium tier clusters.",
    ))
}

/// A version out of community support runs only with long-term support.
pub(super) fn check_version(body: &Value, minor: &Minor, wanted: &str, name: &str) -> Result<(), Refusal> {
    let offered = if is_long_term(body) {
        !minor.preview
    } else {
        minor.community
    };
    if offered {
        return Ok(());
    }
    Err(only_long_term(name, wanted))
}

/// "Once the community support period has ended, you can't disable LTS for that version."
pub(super) fn check_leaving(body: &Value, old: &Value, name: &str) -> Result<(), Refusal> {
    let runs = old["properties"]["kubernetesVersion"]
        .as_str()
        .unwrap_or_default();
    let supported = versions::find(runs).is_none_or(|minor| minor.community);
    if supported || is_long_term(body) || !is_long_term(old) {
        return Ok(());
    }
    Err(only_long_term(name, runs))
}

/// Reported in canonical/bundle-kubeflow issue 1320.
fn only_long_term(name: &str, version: &str) -> Refusal {
    refuse(
        "K8sVersionNotSupported",
        format!(
            "Managed cluster {name} is on version {version}, which is only available for Long-Term Support (LTS). If you intend to onboard to LTS, please ensure the cluster is in Premium tier and LTS support plan (see https://aka.ms/aks/enable-lts). Otherwise, use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list"
        ),
    )
}
