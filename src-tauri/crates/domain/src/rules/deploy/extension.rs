//! Deployments on the extension route.

use super::classic::below_request;
use super::complete::is_open;
use super::on_extension;
use crate::deployment_spec::{DeploySpec, ModelFormat, ModelSource, Serving};
use crate::finding::WizardStep::Review as Step;
use crate::rules::verdict::{block, warn, when};
use crate::rules::{Rule, Verdict};

const AUTH: &str = "learn.microsoft.com/azure/machine-learning/how-to-authenticate-online-endpoint";
const QUOTAS: &str = "learn.microsoft.com/azure/machine-learning/how-to-manage-quotas";
const TYPES: &str = "learn.microsoft.com/azure/machine-learning/how-to-manage-kubernetes-instance-types";
const SPEC: &str = "specification machinelearningservices 2025-12-01, CodeConfiguration";
const PROBES: &str = "github.com/Azure/azure-sdk-for-python/issues/33660";
const NO_CODE: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-deploy-mlflow-models-online-endpoints";
/// Longest time to answer, in milliseconds.
const LONGEST_TIMEOUT: u32 = 300_000;
/// Longest timeout that is known to be accepted, in milliseconds.
const KNOWN_TIMEOUT: u32 = 150_000;

pub(super) const RULES: &[Rule] = &[
    Rule::local("EPT-01", Step, AUTH, |case| on_extension(case, auth)),
    Rule::local("EPT-08", Step, TYPES, |case| on_extension(case, limits)),
    Rule::local("EPT-09", Step, QUOTAS, |case| on_extension(case, timeout)),
    Rule::local("EPT-12", Step, SPEC, |case| on_extension(case, script)),
    Rule::local("DEP-11", Step, PROBES, |case| on_extension(case, long_timeout)),
    Rule::local("DEP-12", Step, NO_CODE, |case| on_extension(case, no_code)),
];

fn auth(spec: &DeploySpec) -> Vec<Verdict> {
    when(is_open(spec), || block("endpoint.auth"))
}

fn limits(spec: &DeploySpec) -> Vec<Verdict> {
    let below = below_request(spec).into_iter();
    below
        .map(|(field, limit, request)| block(field).with("limit", limit).with("request", request))
        .collect()
}

fn timeout(spec: &DeploySpec) -> Vec<Verdict> {
    let timeout = spec.timeout_ms();
    when(timeout > LONGEST_TIMEOUT, || {
        block("requests.timeoutMs").with("milliseconds", timeout)
    })
}

/// The service derives a probe from the timeout and has refused long ones.
fn long_timeout(spec: &DeploySpec) -> Vec<Verdict> {
    let timeout = spec.timeout_ms();
    when((KNOWN_TIMEOUT + 1..=LONGEST_TIMEOUT).contains(&timeout), || {
        warn("requests.timeoutMs").with("milliseconds", timeout)
    })
}

fn script(spec: &DeploySpec) -> Vec<Verdict> {
    let Serving::Script { script, .. } = &spec.serving else {
        return Vec::new();
    };
    let fits = script
        .chars()
        .any(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    when(!script.is_empty() && !fits, || {
        block("serving.script").with("script", script)
    })
}

/// Only models in the formats of MLflow and Triton can be served without code. The format of a registered model is a
/// fact of the workspace.
fn no_code(spec: &DeploySpec) -> Vec<Verdict> {
    let custom = |model: &ModelSource| {
        matches!(
            model,
            ModelSource::Local {
                format: ModelFormat::Custom,
                ..
            }
        )
    };
    when(
        spec.serving == Serving::NoCode && spec.models.iter().any(custom),
        || block("models"),
    )
}
