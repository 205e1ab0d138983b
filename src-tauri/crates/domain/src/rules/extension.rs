//! Rules for the extension `Microsoft.AzureML.Kubernetes` on an existing cluster.

use super::read::EXTENSIONS;
use super::verdict::{block, info, on, unread, warn, when};
use super::{Case, Rule, Verdict};
use crate::bodies::extension::{EXTENSION_NAME, installed, serving_differences};
use crate::facts::ExtensionFacts;
use crate::facts::ProvisioningState;
use crate::finding::WizardStep::Place;
use crate::spec::Tls;

const DEPLOY: &str = "learn.microsoft.com/azure/machine-learning/how-to-deploy-kubernetes-extension";
const ATTACH: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace";
const HEALTH: &str = "learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-kubernetes-extension";
const ONE_RELEASE: &str = "learn.microsoft.com/rest/api/kubernetesconfiguration/extensions/list";
const FIELD: &str = "cluster.resourceId";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("EXT-05", Place, ONE_RELEASE, another_release),
    Rule::azure("EXT-06", Place, HEALTH, |case| {
        let deleting = |found: &&ExtensionFacts| found.provisioning_state == ProvisioningState::Deleting;
        on(found(case).filter(deleting), |found| {
            warn(FIELD).with("name", &found.name)
        })
    })
    .reading(&[EXTENSIONS], |case| case.uses_existing() && case.extension()),
    Rule::azure("ATT-12", Place, ATTACH, unhealthy)
        .reading(&[EXTENSIONS], |case| case.uses_existing() && case.extension())
        .says(&["ATT-12", "ATT-12.busy"]),
    Rule::azure("TLX-09", Place, DEPLOY, changes)
        .reading(&[EXTENSIONS], |case| case.uses_existing() && case.extension())
        .says(&["TLX-09", "TLX-09.certificate"]),
];

fn found<'a>(case: &Case<'a>) -> Option<&'a ExtensionFacts> {
    installed(
        case.facts
            .extensions
            .known()
            .filter(|_| case.extension() && case.uses_existing())?,
    )
}

fn ours(found: &ExtensionFacts) -> bool {
    found.name.eq_ignore_ascii_case(EXTENSION_NAME)
}

/// Whether the plan sends a certificate to the extension.
fn sends_certificate(case: &Case<'_>) -> bool {
    matches!(case.spec.tls, Some(Tls::Own { .. } | Tls::Generated { .. }))
}

/// A cluster can have only one release of the extension. One with another name is kept if it already serves as
/// specified.
fn another_release(case: &Case<'_>) -> Vec<Verdict> {
    if !case.extension() || !case.uses_existing() {
        return Vec::new();
    }
    if case.facts.extensions.known().is_none() {
        return unread("extensions", &case.facts.extensions);
    }
    let Some(found) = found(case).filter(|found| !ours(found)) else {
        return Vec::new();
    };
    let same = found.provisioning_state.is_succeeded()
        && !sends_certificate(case)
        && serving_differences(case.spec, found).is_empty();
    when(!same, || {
        block(FIELD)
            .with("name", &found.name)
            .with("state", &found.provisioning_state)
    })
}

fn unhealthy(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = found(case).filter(|found| ours(found) && !found.provisioning_state.is_succeeded())
    else {
        return Vec::new();
    };
    if found.provisioning_state == ProvisioningState::Deleting {
        return Vec::new();
    }
    let verdict = if found.provisioning_state.is_failed() {
        info(FIELD).with(
            "error",
            found
                .error
                .as_deref()
                .unwrap_or(found.provisioning_state.as_str()),
        )
    } else {
        block(FIELD).variant("busy")
    };
    vec![
        verdict
            .with("name", &found.name)
            .with("state", &found.provisioning_state),
    ]
}

/// Lists the settings of a healthy extension that would change for the endpoints in use.
fn changes(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = found(case).filter(|found| ours(found) && found.provisioning_state.is_succeeded())
    else {
        return Vec::new();
    };
    let differences = serving_differences(case.spec, found);
    if differences.is_empty() {
        return when(sends_certificate(case), || {
            warn(FIELD).variant("certificate").with("name", &found.name)
        });
    }
    vec![
        warn(FIELD)
            .with("name", &found.name)
            .with("settings", differences.join(", ")),
    ]
}
