//! Rules for the prerequisites: cloud, subscription, workspace, providers and location.

use super::read::WORKSPACE;
use super::verdict::{block, info, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::facts::ProvisioningState;
use crate::finding::WizardStep;
use crate::plan::providers;
use crate::rights::allowed;

const SDK_END: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes \
                       (support ended: CLI v1 2025-09-30, SDK v1 2026-06-30)";
const CLOUDS: &str = "Azure/AML-Kubernetes docs/azureml-aks-ta-support.md";
const SUBSCRIPTIONS: &str = "learn.microsoft.com/rest/api/resources/subscriptions/get";
const PROVIDERS: &str = "learn.microsoft.com/azure/aks/deploy-extensions-az-cli";
const WORKSPACES: &str = "learn.microsoft.com/rest/api/azureml/workspaces/get";
const LOCATIONS: &str = "learn.microsoft.com/azure/aks/quotas-skus-regions";

pub(super) const RULES: &[Rule] = &[
    Rule::local("STA-01", WizardStep::Purpose, SDK_END, |case| {
        when(case.classic(), || warn("route"))
    }),
    Rule::azure("STA-02", WizardStep::Place, CLOUDS, |case| {
        let sovereign = matches!(case.facts.cloud.as_str(), "AzureUSGovernment" | "AzureChinaCloud");
        when(sovereign && case.extension(), || {
            info("").with("cloud", &case.facts.cloud)
        })
    })
    .on_change(on_change::moves),
    Rule::azure("STA-03", WizardStep::Place, WORKSPACES, |case| {
        let legacy = case.workspace().is_some_and(|workspace| workspace.v1_legacy_mode);
        when(legacy && case.extension(), || {
            warn("place.workspace").with("name", &case.spec.place.workspace.name)
        })
    })
    .on_change(on_change::moves)
    .reading(&[WORKSPACE], |case| case.extension()),
    Rule::azure("STA-04", WizardStep::Place, SUBSCRIPTIONS, subscription_state)
        .on_change(on_change::of_what_is_there)
        .says(&["STA-04", "STA-04.off"]),
    Rule::azure("WSP-01", WizardStep::Place, WORKSPACES, usable_workspace)
        .on_change(on_change::serves)
        .says(&["WSP-01", "WSP-01.busy", "WSP-01.leaving"]),
    Rule::azure("ATT-23", WizardStep::Review, PROVIDERS, registered)
        .on_change(on_change::moves)
        .says(&["ATT-23", "ATT-23.forbidden"]),
    Rule::azure("ATT-27", WizardStep::Place, WORKSPACES, |case| {
        let kind = case.workspace().map_or("", |workspace| workspace.kind.as_str());
        when(!matches!(kind, "" | "Default"), || {
            warn("place.workspace").with("kind", kind)
        })
    })
    .reading(&[WORKSPACE], |_| true),
    Rule::azure("LOC-01", WizardStep::Place, LOCATIONS, location).says(&["LOC-01", "LOC-01.unknown_name"]),
];

fn subscription_state(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = case.facts.subscription.known() else {
        return unread("subscription", &case.facts.subscription);
    };
    let verdict = match found.state.as_str() {
        "Enabled" => return Vec::new(),
        "Warned" | "PastDue" => warn("place.subscriptionId"),
        _ => block("place.subscriptionId").variant("off"),
    };
    vec![
        verdict
            .with("name", &found.display_name)
            .with("state", &found.state),
    ]
}

fn usable_workspace(case: &Case<'_>) -> Vec<Verdict> {
    match case.facts.workspace.known() {
        None => unread("workspace", &case.facts.workspace),
        Some(None) => {
            let wanted = &case.spec.place.workspace;
            vec![
                block("place.workspace")
                    .with("name", &wanted.name)
                    .with("group", &wanted.resource_group),
            ]
        }
        Some(Some(workspace)) => {
            let state = &workspace.provisioning_state;
            let settled = state.is_succeeded() || *state == ProvisioningState::Unstated;
            when(!settled, || {
                let verdict = if state.is_leaving() {
                    block("place.workspace").variant("leaving")
                } else {
                    warn("place.workspace").variant("busy")
                };
                verdict.with("name", &workspace.name).with("state", state)
            })
        }
    }
}

/// The plan registers missing providers, if the user has the right to. A registration in progress needs no right.
fn registered(case: &Case<'_>) -> Vec<Verdict> {
    let Some(known) = case.facts.providers.known() else {
        return unread("providers", &case.facts.providers);
    };
    let rights = &case.facts.subscription_rights;
    let in_progress = |state: &str| state.eq_ignore_ascii_case("Registering");
    let verdict = |(namespace, state): (&str, &str)| {
        let action = format!("{namespace}/register/action");
        let may = in_progress(state) || rights.known().is_none_or(|rights| allowed(rights, &action));
        let verdict = if may {
            info("")
        } else {
            block("").variant("forbidden")
        };
        verdict
            .with("namespace", namespace)
            .with("state", state)
            .with("action", &action)
    };
    let missing = providers::missing(case.spec, known);
    let registers = missing.iter().any(|(_, state)| !in_progress(state));
    let mut found: Vec<Verdict> = missing.into_iter().map(verdict).collect();
    if registers {
        found.extend(unread("subscription_rights", rights));
    }
    found
}

fn location(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.place.location;
    if case.uses_existing() || wanted.is_empty() {
        return Vec::new();
    }
    let Some(locations) = case.facts.locations.known() else {
        return unread("locations", &case.facts.locations);
    };
    match locations
        .iter()
        .find(|location| location.name.eq_ignore_ascii_case(wanted))
    {
        None => vec![
            block("place.location")
                .variant("unknown_name")
                .with("location", wanted),
        ],
        Some(found) => when(found.offers_aks == Some(false), || {
            block("place.location").with("location", &found.display_name)
        }),
    }
}
