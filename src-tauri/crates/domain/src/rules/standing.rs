//! Whether subscription, providers, workspace and rights let the plan happen at all.

use super::{Case, Rule, Verdict, block, info, unread, warn, when};
use crate::finding::WizardStep;
use crate::rights::allowed;

const SDK_END: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const SUBSCRIPTIONS: &str = "learn.microsoft.com/rest/api/resources/subscriptions/get";
const PROVIDERS: &str =
    "learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types";
const PERMISSIONS: &str = "learn.microsoft.com/rest/api/authorization/permissions";
const WORKSPACES: &str = "learn.microsoft.com/rest/api/azureml/workspaces/get";

pub(super) const RULES: &[Rule] = &[
    rule("STA-01", SDK_END, WizardStep::Purpose, true, |case| {
        when(case.classic(), || warn("route"))
    }),
    rule(
        "STA-02",
        "learn.microsoft.com/azure/azure-government",
        WizardStep::Place,
        false,
        |case| {
            let sovereign = matches!(case.facts.cloud.as_str(), "AzureUSGovernment" | "AzureChinaCloud");
            when(sovereign && case.extension(), || {
                info("").with("cloud", &case.facts.cloud)
            })
        },
    ),
    rule("STA-03", WORKSPACES, WizardStep::Place, false, |case| {
        let legacy = case.workspace().is_some_and(|workspace| workspace.v1_legacy_mode);
        when(legacy && case.extension(), || {
            warn("place.workspace").with("name", &case.spec.place.workspace.name)
        })
    }),
    rule(
        "STA-04",
        SUBSCRIPTIONS,
        WizardStep::Place,
        false,
        subscription_state,
    ),
    rule("STA-05", WORKSPACES, WizardStep::Place, false, workspace_there),
    rule("ATT-23", PROVIDERS, WizardStep::Review, false, providers),
    rule("ATT-22", PERMISSIONS, WizardStep::Review, false, rights),
    rule(
        "ATT-26",
        "learn.microsoft.com/azure/azure-resource-manager/management/lock-resources",
        WizardStep::Place,
        false,
        locks,
    ),
    rule("ATT-27", WORKSPACES, WizardStep::Place, false, |case| {
        let kind = case.workspace().map_or("", |workspace| workspace.kind.as_str());
        when(!matches!(kind, "" | "Default"), || {
            warn("place.workspace").with("kind", kind)
        })
    }),
    rule(
        "LOC-01",
        "learn.microsoft.com/azure/aks/quotas-skus-regions",
        WizardStep::Place,
        false,
        location,
    ),
];

const fn rule(
    id: &'static str,
    source: &'static str,
    step: WizardStep,
    local: bool,
    check: fn(&Case<'_>) -> Vec<Verdict>,
) -> Rule {
    Rule {
        id,
        source,
        step,
        local,
        waivable: false,
        check,
    }
}

fn subscription_state(case: &Case<'_>) -> Vec<Verdict> {
    let Some(found) = case.facts.subscription.known() else {
        return unread(&case.facts.subscription, "place.subscriptionId");
    };
    let say = |verdict: Verdict| {
        vec![
            verdict
                .with("name", &found.display_name)
                .with("state", &found.state),
        ]
    };
    match found.state.as_str() {
        "Enabled" => Vec::new(),
        "Warned" | "PastDue" => say(warn("place.subscriptionId")),
        _ => say(block("place.subscriptionId").variant("off")),
    }
}

fn workspace_there(case: &Case<'_>) -> Vec<Verdict> {
    match case.facts.workspace.known() {
        None => unread(&case.facts.workspace, "place.workspace"),
        Some(None) => vec![block("place.workspace").with("name", &case.spec.place.workspace.name)],
        Some(Some(workspace)) => {
            let settled = workspace.provisioning_state.eq_ignore_ascii_case("Succeeded")
                || workspace.provisioning_state.is_empty();
            when(!settled, || {
                warn("place.workspace")
                    .variant("busy")
                    .with("name", &workspace.name)
                    .with("state", &workspace.provisioning_state)
            })
        }
    }
}

/// Berth registers what is missing as a step of the plan, where the person may.
fn providers(case: &Case<'_>) -> Vec<Verdict> {
    let Some(providers) = case.facts.providers.known() else {
        return unread(&case.facts.providers, "");
    };
    let may = case.facts.group_rights.known();
    let mut needed = vec!["Microsoft.ContainerService", "Microsoft.MachineLearningServices"];
    if case.extension() {
        needed.push("Microsoft.KubernetesConfiguration");
    }
    let state = |namespace: &str| {
        let found = providers
            .iter()
            .find(|provider| provider.namespace.eq_ignore_ascii_case(namespace));
        found.map_or("NotRegistered", |provider| provider.registration_state.as_str())
    };
    needed
        .into_iter()
        .filter(|namespace| !state(namespace).eq_ignore_ascii_case("Registered"))
        .map(|namespace| {
            let action = format!("{namespace}/register/action");
            let allowed = may.is_none_or(|rights| allowed(rights, &action));
            let verdict = if allowed {
                info("")
            } else {
                block("").variant("forbidden").with("action", &action)
            };
            verdict
                .with("namespace", namespace)
                .with("state", state(namespace))
        })
        .collect()
}

/// The action each request of the plan needs, on the group or on the workspace.
fn rights(case: &Case<'_>) -> Vec<Verdict> {
    let mut on_group = Vec::new();
    if case.creates() {
        on_group.push("Microsoft.ContainerService/managedClusters/write");
        if case.spec.place.new_resource_group {
            on_group.push("Microsoft.Resources/subscriptions/resourceGroups/write");
        }
    }
    if !case.through_aml() {
        on_group.push("Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action");
    }
    if case.extension() {
        on_group.push("Microsoft.KubernetesConfiguration/extensions/write");
    }
    let group = format!(
        "{}/{}",
        case.spec.place.subscription_id, case.spec.place.resource_group
    );
    let mut found = lacking(&case.facts.group_rights, &on_group, &group);
    let workspace = &case.spec.place.workspace.name;
    let on_workspace = ["Microsoft.MachineLearningServices/workspaces/computes/write"];
    found.extend(lacking(&case.facts.workspace_rights, &on_workspace, workspace));
    found
}

fn lacking(
    rights: &crate::facts::Fact<Vec<crate::facts::Rights>>,
    actions: &[&str],
    scope: &str,
) -> Vec<Verdict> {
    let Some(rights) = rights.known() else {
        return unread(rights, "");
    };
    let missing = actions.iter().filter(|action| !allowed(rights, action));
    missing
        .map(|action| block("").with("action", action).with("scope", scope))
        .collect()
}

fn locks(case: &Case<'_>) -> Vec<Verdict> {
    let Some(locks) = case.facts.locks.known() else {
        return unread(&case.facts.locks, "place.resourceGroup");
    };
    locks
        .iter()
        .map(|lock| {
            let verdict = if lock.level.eq_ignore_ascii_case("ReadOnly") {
                block("place.resourceGroup").variant("read_only")
            } else {
                warn("place.resourceGroup")
            };
            verdict.with("name", &lock.name).with("level", &lock.level)
        })
        .collect()
}

fn location(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.place.location;
    if case.uses_existing() || wanted.is_empty() {
        return Vec::new();
    }
    let Some(locations) = case.facts.locations.known() else {
        return unread(&case.facts.locations, "place.location");
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
