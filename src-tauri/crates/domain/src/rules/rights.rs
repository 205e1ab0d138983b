//! Whether the person has permission for every action of the plan.

use super::verdict::{block, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::change::Goal;
use crate::facts::{Fact, Rights};
use crate::finding::WizardStep;
use crate::plan::{PlanStep, StepKind};
use crate::resource_id::{ResourceId, is_service_id};
use crate::rights::allowed;
use crate::spec::{ClusterChoice, LoadBalancer, Spec, Tls};

const PERMISSIONS: &str = "learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("ATT-22", WizardStep::Review, PERMISSIONS, missing_rights)
        .on_change(on_change::of_what_is_there),
];

/// The same for a version to deploy.
pub(super) const OF_DEPLOYMENTS: &[Rule] =
    &[
        Rule::azure("DEP-25", WizardStep::Review, PERMISSIONS, missing_to_deploy)
            .says(&["DEP-25", "DEP-25.store"]),
    ];

/// Lets Azure ML issue a signature for the container of models; without it, the person's own rights on the storage are
/// used.
const STORE_SECRETS: &str = "Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action";
const STORE_READ: &str = "Microsoft.MachineLearningServices/workspaces/datastores/read";
const CLUSTER_WRITE: &str = "Microsoft.ContainerService/managedClusters/write";
const CLUSTER_ADMIN: &str = "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action";
const COMPUTE_WRITE: &str = "Microsoft.MachineLearningServices/workspaces/computes/write";
const ENDPOINT_WRITE: &str = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/write";
const KEY_REGENERATE: &str =
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/regenerateKeys/action";
const SERVICE_WRITE: &str = "Microsoft.MachineLearningServices/workspaces/services/aks/write";
const SERVICE_KEYS: &str = "Microsoft.MachineLearningServices/workspaces/services/aks/listkeys/action";
const ENDPOINT_DELETE: &str = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/delete";
const LIST_KEYS: &str = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/listKeys/action";
const VERSION_DELETE: &str =
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/delete";
const START: &str = "Microsoft.ContainerService/managedClusters/start/action";
const STOP: &str = "Microsoft.ContainerService/managedClusters/stop/action";
const SUBNET_JOIN: &str = "Microsoft.Network/virtualNetworks/subnets/join/action";

/// Actions that a step needs on the cluster's resource group and on the workspace
/// (learn.microsoft.com/azure/role-based-access-control/resource-provider-operations).
struct Actions {
    on_group: Vec<&'static str>,
    on_workspace: Vec<&'static str>,
}

fn actions(step: &PlanStep, spec: &Spec) -> Actions {
    let (mut on_group, mut on_workspace) = (Vec::new(), Vec::new());
    match &step.kind {
        // ATT-23 checks registrations; generating a certificate happens locally.
        StepKind::MakeCertificate { .. } | StepKind::RegisterProvider { .. } => {}
        StepKind::EnsureResourceGroup { .. } => {
            on_group.push("Microsoft.Resources/subscriptions/resourceGroups/write");
        }
        StepKind::CreateCluster { .. } => {
            on_group.push(CLUSTER_WRITE);
            let same_group = |group: &str| group.eq_ignore_ascii_case(&spec.place.resource_group);
            // Rights on networks in other resource groups are not read.
            if spec
                .network
                .vnet
                .as_ref()
                .is_some_and(|vnet| same_group(&vnet.resource_group))
            {
                on_group.push(SUBNET_JOIN);
            }
        }
        StepKind::EnsureNamespace { .. } => on_group.push(CLUSTER_ADMIN),
        StepKind::InstallExtension { .. } => {
            on_group.extend([
                "Microsoft.KubernetesConfiguration/extensions/write",
                "Microsoft.KubernetesConfiguration/extensions/read",
            ]);
        }
        StepKind::AttachCompute { compute_type, .. } => {
            on_workspace.push(COMPUTE_WRITE);
            // Azure ML accesses the cluster on the person's behalf.
            if compute_type == "AKS" {
                on_group.push(CLUSTER_WRITE);
            }
            on_group.push(CLUSTER_ADMIN);
        }
        StepKind::CreateThroughAml { .. } => on_workspace.push(COMPUTE_WRITE),
        StepKind::Canary { .. } => on_workspace.extend([ENDPOINT_WRITE, LIST_KEYS]),
        StepKind::ChangeResource { resource_id, .. } => {
            add_change_action(resource_id, &mut on_group, &mut on_workspace)
        }
        StepKind::RemoveResource { resource_id, .. } => {
            add_delete_action(resource_id, &mut on_group, &mut on_workspace)
        }
        StepKind::RegenerateKey { resource_id, .. } if is_service_id(resource_id) => {
            on_workspace.extend([SERVICE_WRITE, SERVICE_KEYS]);
        }
        StepKind::RegenerateKey { .. } => on_workspace.extend([KEY_REGENERATE, LIST_KEYS]),
        StepKind::SetPower { running, .. } => on_group.push(if *running { START } else { STOP }),
        StepKind::UploadCode { .. } => {
            on_workspace.push("Microsoft.MachineLearningServices/workspaces/codes/versions/write")
        }
        StepKind::UploadModel { .. } => on_workspace.extend([
            "Microsoft.MachineLearningServices/workspaces/models/versions/write",
            STORE_READ,
        ]),
        StepKind::RegisterEnvironment { .. } => {
            on_workspace.push("Microsoft.MachineLearningServices/workspaces/environments/versions/write");
        }
        StepKind::CreateEndpoint { .. } => {
            on_workspace.push("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/write")
        }
        StepKind::CreateVersion { .. } | StepKind::UpdateVersion { .. } => {
            on_workspace
                .push("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/write");
        }
        StepKind::DeployService { .. } => {
            on_workspace.push(SERVICE_WRITE);
        }
        StepKind::ProveVersion { endpoint_id, .. } | StepKind::ProveKey { endpoint_id, .. }
            if is_service_id(endpoint_id) =>
        {
            on_workspace.push(SERVICE_KEYS);
        }
        StepKind::ProveVersion { .. } | StepKind::ProveKey { .. } => on_workspace.push(LIST_KEYS),
        // GRT-01 checks the rights on the scope of a role assignment; `Confirm` only reads.
        StepKind::AssignRole { .. } | StepKind::Confirm { .. } => {}
        StepKind::KeepCertificate { .. }
        | StepKind::RemoveLeftovers { .. }
        | StepKind::MarkFrontEnd { .. }
        | StepKind::CompareAnswers { .. } => on_group.push(CLUSTER_ADMIN),
        StepKind::Prove { cluster_id, .. } => {
            if cluster_id.is_some() {
                on_group.push(CLUSTER_ADMIN);
            }
        }
    }
    Actions {
        on_group,
        on_workspace,
    }
}

fn add_change_action(id: &str, on_group: &mut Vec<&'static str>, on_workspace: &mut Vec<&'static str>) {
    match innermost_type(id).as_str() {
        "computes" => on_workspace.push(COMPUTE_WRITE),
        "onlineendpoints" => on_workspace.push(ENDPOINT_WRITE),
        "services" => on_workspace.push(SERVICE_WRITE),
        "extensions" => on_group.push("Microsoft.KubernetesConfiguration/extensions/write"),
        "agentpools" => on_group.push("Microsoft.ContainerService/managedClusters/agentPools/write"),
        _ => on_group.push(CLUSTER_WRITE),
    }
}

fn add_delete_action(id: &str, on_group: &mut Vec<&'static str>, on_workspace: &mut Vec<&'static str>) {
    match innermost_type(id).as_str() {
        "computes" => on_workspace.push("Microsoft.MachineLearningServices/workspaces/computes/delete"),
        "onlineendpoints" => on_workspace.push(ENDPOINT_DELETE),
        "services" => on_workspace.push("Microsoft.MachineLearningServices/workspaces/services/aks/delete"),
        "deployments" => on_workspace.push(VERSION_DELETE),
        "extensions" => on_group.push("Microsoft.KubernetesConfiguration/extensions/delete"),
        "managedclusters" => on_group.push("Microsoft.ContainerService/managedClusters/delete"),
        _ => on_group.push("Microsoft.Resources/subscriptions/resourceGroups/delete"),
    }
}

/// Type of the innermost resource, in lower case.
fn innermost_type(id: &str) -> String {
    let parsed = ResourceId::parse(id);
    let kind = parsed.and_then(|id| id.types.last().map(|(kind, _)| kind.to_lowercase()));
    kind.unwrap_or_default()
}

fn steps(case: &Case<'_>, spec: &Spec) -> Option<Vec<PlanStep>> {
    if case.change.is_some() {
        return case.changing_steps();
    }
    case.steps_to(&Goal::SetUp {
        spec: Box::new(spec.clone()),
    })
}

fn missing_rights(case: &Case<'_>) -> Vec<Verdict> {
    let spec = with_placeholders(case.spec);
    let Some(steps) = steps(case, &spec) else {
        return Vec::new();
    };
    let wanted: Vec<Actions> = steps.iter().map(|step| actions(step, &spec)).collect();
    let on_group = wanted.iter().flat_map(|actions| &actions.on_group).copied();
    let on_workspace = wanted.iter().flat_map(|actions| &actions.on_workspace).copied();
    let mut found = missing_on(
        "group_rights",
        &case.facts.group_rights,
        on_group,
        &group_of(case),
    );
    let workspace = &case.spec.place.workspace.name;
    found.extend(missing_on(
        "workspace_rights",
        &case.facts.workspace_rights,
        on_workspace,
        workspace,
    ));
    found
}

/// Rights on the workspace; those on its storage are not read.
fn missing_to_deploy(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let goal = Goal::Deploy {
        spec: Box::new(spec.clone()),
    };
    let steps = case.steps_to(&goal).unwrap_or_default();
    let wanted: Vec<Actions> = steps.iter().map(|step| actions(step, case.spec)).collect();
    let on_workspace = wanted.iter().flat_map(|actions| &actions.on_workspace).copied();
    let rights = &case.facts.workspace_rights;
    let name = &spec.workspace.name;
    let mut found = missing_on("workspace_rights", rights, on_workspace, name);
    let uploads = |step: &PlanStep| matches!(step.kind, StepKind::UploadModel { .. });
    let cannot_list = rights
        .known()
        .is_some_and(|rights| !allowed(rights, STORE_SECRETS));
    found.extend(when(cannot_list && steps.iter().any(uploads), || {
        let verdict = warn("models").variant("store").with("scope", name);
        verdict.with("action", STORE_SECRETS)
    }));
    for verdict in &mut found {
        verdict.field.get_or_insert("workspace");
    }
    found
}

fn missing_on(
    name: &'static str,
    rights: &Fact<Vec<Rights>>,
    actions: impl Iterator<Item = &'static str>,
    scope: &str,
) -> Vec<Verdict> {
    let mut wanted: Vec<&str> = Vec::new();
    for action in actions {
        if !wanted.contains(&action) {
            wanted.push(action);
        }
    }
    let Some(rights) = rights.known().filter(|_| !wanted.is_empty()) else {
        return if wanted.is_empty() {
            Vec::new()
        } else {
            unread(name, rights)
        };
    };
    let missing = wanted.into_iter().filter(|action| !allowed(rights, action));
    missing
        .map(|action| block("").with("action", action).with("scope", scope))
        .collect()
}

fn group_of(case: &Case<'_>) -> String {
    let existing = case.existing().map(|cluster| cluster.resource_group.clone());
    existing.unwrap_or_else(|| case.spec.place.resource_group.clone())
}

/// Fills missing choices with placeholders, so that missing rights are reported before all choices are made. The
/// placeholders do not affect which actions are needed.
fn with_placeholders(spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    let fill = |text: &mut String| {
        if text.is_empty() {
            "open".clone_into(text);
        }
    };
    fill(&mut spec.place.compute_name);
    if spec.cluster == ClusterChoice::Create {
        fill(&mut spec.place.cluster_name);
        fill(&mut spec.place.location);
        fill(&mut spec.size.vm_size);
        fill(&mut spec.version.kubernetes);
    }
    spec.network.load_balancer.get_or_insert(LoadBalancer::Public);
    // A new certificate cannot be compared with the installed one, so the extension is always sent with it.
    let has_certificate = matches!(&spec.tls, Some(Tls::Own { .. } | Tls::Generated { .. }));
    if !has_certificate && !matches!(spec.tls, Some(Tls::Microsoft { .. })) {
        spec.tls = Some(Tls::None);
    }
    if let Some(Tls::Own { cname, pair }) = &mut spec.tls {
        fill(cname);
        pair.get_or_insert(crate::spec::PairRef::Vault { id: String::new() });
    }
    if let Some(Tls::Generated { cname, .. }) = &mut spec.tls {
        fill(cname);
    }
    spec
}
