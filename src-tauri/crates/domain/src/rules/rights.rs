//! Whether the person has permission for every action of the plan.

use super::verdict::{block, on, unread, warn, when};
use super::{Case, Rule, Verdict, on_change};
use crate::change::Goal;
use crate::facts::{Fact, Rights};
use crate::finding::WizardStep;
use crate::plan::{PlanStep, StepKind};
use crate::resource_id::{ResourceId, is_service_id, last_segment};
use crate::rights::allowed;
use crate::spec::{ClusterChoice, LoadBalancer, Spec, Tls};

const PERMISSIONS: &str = "learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("ATT-22", WizardStep::Review, PERMISSIONS, missing_rights)
        .on_change(on_change::of_what_is_there)
        .says(&["ATT-22", "ATT-22.look"]),
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
const CLUSTER_USER: &str = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
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

/// Actions that a step needs, by where
/// (learn.microsoft.com/azure/role-based-access-control/resource-provider-operations).
#[derive(Default)]
struct Actions {
    /// On the cluster; on its resource group if it does not exist yet.
    cluster: Vec<&'static str>,
    group: Vec<&'static str>,
    subscription: Vec<&'static str>,
    workspace: Vec<&'static str>,
    /// On the cluster, for a step that only looks inside and succeeds without.
    look: Vec<&'static str>,
}

impl Actions {
    fn add(&mut self, step: &PlanStep, case: &Case<'_>) {
        match &step.kind {
            // ATT-23 checks registrations; generating a certificate happens locally.
            StepKind::MakeCertificate { .. } | StepKind::RegisterProvider { .. } => {}
            // GRT-01 checks the rights on the scope of a role assignment; `Confirm` only reads.
            StepKind::AssignRole { .. } | StepKind::Confirm { .. } => {}
            StepKind::EnsureResourceGroup { .. } => self
                .subscription
                .push("Microsoft.Resources/subscriptions/resourceGroups/write"),
            StepKind::CreateCluster { .. } => self.create_cluster(case.spec),
            StepKind::InstallExtension { .. } => self.cluster.extend([
                "Microsoft.KubernetesConfiguration/extensions/write",
                "Microsoft.KubernetesConfiguration/extensions/read",
            ]),
            StepKind::AttachCompute { compute_type, .. } => {
                self.workspace.push(COMPUTE_WRITE);
                // Azure ML accesses the cluster on the person's behalf.
                if compute_type == "AKS" {
                    self.cluster.push(CLUSTER_WRITE);
                }
                self.cluster.push(credential(case));
            }
            StepKind::CreateThroughAml { .. } => self.workspace.push(COMPUTE_WRITE),
            StepKind::ChangeResource { resource_id, .. } => self.change(resource_id),
            StepKind::RemoveResource { resource_id, .. } => self.remove(resource_id),
            StepKind::SetPower { running, .. } => self.cluster.push(if *running { START } else { STOP }),
            StepKind::EnsureNamespace { .. }
            | StepKind::KeepCertificate { .. }
            | StepKind::RemoveLeftovers { .. }
            | StepKind::MarkFrontEnd { .. }
            | StepKind::CompareAnswers { .. } => self.cluster.push(credential(case)),
            StepKind::Prove { cluster_id, .. } => {
                let looks = cluster_id.is_some();
                self.look.extend(looks.then(|| credential(case)));
            }
            kind => self.serve(kind),
        }
    }

    fn create_cluster(&mut self, spec: &Spec) {
        self.group.push(CLUSTER_WRITE);
        let same_group = |group: &str| group.eq_ignore_ascii_case(&spec.place.resource_group);
        let vnet = spec.network.vnet.as_ref();
        // Rights on networks in other resource groups are not read.
        if vnet.is_some_and(|vnet| same_group(&vnet.resource_group)) {
            self.group.push(SUBNET_JOIN);
        }
    }

    /// Actions of steps on endpoints, services and their versions.
    fn serve(&mut self, kind: &StepKind) {
        let actions: &[&str] = match kind {
            StepKind::Canary { .. } => &[ENDPOINT_WRITE, LIST_KEYS],
            StepKind::RegenerateKey { resource_id, .. } if is_service_id(resource_id) => {
                &[SERVICE_WRITE, SERVICE_KEYS]
            }
            StepKind::RegenerateKey { .. } => &[KEY_REGENERATE, LIST_KEYS],
            StepKind::UploadCode { .. } => {
                &["Microsoft.MachineLearningServices/workspaces/codes/versions/write"]
            }
            StepKind::UploadModel { .. } => &[
                "Microsoft.MachineLearningServices/workspaces/models/versions/write",
                STORE_READ,
            ],
            StepKind::RegisterEnvironment { .. } => {
                &["Microsoft.MachineLearningServices/workspaces/environments/versions/write"]
            }
            StepKind::CreateEndpoint { .. } => &[ENDPOINT_WRITE],
            StepKind::CreateVersion { .. } | StepKind::UpdateVersion { .. } => {
                &["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/write"]
            }
            StepKind::DeployService { .. } => &[SERVICE_WRITE],
            StepKind::ProveVersion { endpoint_id, .. } | StepKind::ProveKey { endpoint_id, .. }
                if is_service_id(endpoint_id) =>
            {
                &[SERVICE_KEYS]
            }
            StepKind::ProveVersion { .. } | StepKind::ProveKey { .. } => &[LIST_KEYS],
            _ => &[],
        };
        self.workspace.extend(actions);
    }

    fn change(&mut self, id: &str) {
        match innermost_type(id).as_str() {
            "computes" => self.workspace.push(COMPUTE_WRITE),
            "onlineendpoints" => self.workspace.push(ENDPOINT_WRITE),
            "services" => self.workspace.push(SERVICE_WRITE),
            "extensions" => self
                .cluster
                .push("Microsoft.KubernetesConfiguration/extensions/write"),
            "agentpools" => self
                .cluster
                .push("Microsoft.ContainerService/managedClusters/agentPools/write"),
            _ => self.cluster.push(CLUSTER_WRITE),
        }
    }

    fn remove(&mut self, id: &str) {
        match innermost_type(id).as_str() {
            "computes" => self
                .workspace
                .push("Microsoft.MachineLearningServices/workspaces/computes/delete"),
            "onlineendpoints" => self.workspace.push(ENDPOINT_DELETE),
            "services" => self
                .workspace
                .push("Microsoft.MachineLearningServices/workspaces/services/aks/delete"),
            "deployments" => self.workspace.push(VERSION_DELETE),
            "extensions" => self
                .cluster
                .push("Microsoft.KubernetesConfiguration/extensions/delete"),
            "managedclusters" => self
                .cluster
                .push("Microsoft.ContainerService/managedClusters/delete"),
            _ => self
                .group
                .push("Microsoft.Resources/subscriptions/resourceGroups/delete"),
        }
    }
}

/// All actions of some steps.
fn actions(steps: &[PlanStep], case: &Case<'_>) -> Actions {
    let mut actions = Actions::default();
    for step in steps {
        actions.add(step, case);
    }
    actions
}

/// The action that gives access to the inside of the cluster. Without local accounts, the person's own token is used
/// (learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad).
fn credential(case: &Case<'_>) -> &'static str {
    let own_token = case
        .existing()
        .is_some_and(|cluster| cluster.local_accounts_disabled);
    if own_token { CLUSTER_USER } else { CLUSTER_ADMIN }
}

/// Type of the innermost resource, in lower case.
fn innermost_type(id: &str) -> String {
    let parsed = ResourceId::parse(id);
    let kind = parsed.and_then(|id| id.types.last().map(|(kind, _)| kind.to_lowercase()));
    kind.unwrap_or_default()
}

/// The steps of the plan, if it can be made. Open choices of a set-up do not matter.
pub(super) fn planned_steps(case: &Case<'_>) -> Option<Vec<PlanStep>> {
    if case.change.is_some() {
        return case.changing_steps();
    }
    case.steps_to(&Goal::SetUp {
        spec: Box::new(with_placeholders(case.spec)),
    })
}

fn missing_rights(case: &Case<'_>) -> Vec<Verdict> {
    let Some(steps) = planned_steps(case) else {
        return Vec::new();
    };
    let facts = case.facts;
    let place = &case.spec.place;
    let mut wanted = actions(&steps, case);
    if !case.uses_existing() {
        wanted.group.append(&mut wanted.cluster);
    }
    let existing = case.existing().map(|cluster| cluster.subscription_id.as_str());
    let subscription = existing.unwrap_or(&place.subscription_id);
    let name = case.spec.cluster_id();
    let name = name.as_deref().map_or("", last_segment);
    let mut found = Vec::new();
    for (fact, rights, actions, scope) in [
        (
            "subscription_rights",
            &facts.subscription_rights,
            &wanted.subscription,
            subscription,
        ),
        (
            "group_rights",
            &facts.group_rights,
            &wanted.group,
            place.resource_group.as_str(),
        ),
        ("cluster_rights", &facts.cluster_rights, &wanted.cluster, name),
        (
            "workspace_rights",
            &facts.workspace_rights,
            &wanted.workspace,
            place.workspace.name.as_str(),
        ),
    ] {
        found.extend(missing_on(fact, rights, actions, scope));
    }
    found.extend(cannot_look(case, &wanted, name));
    found
}

/// The proof goes on without a look inside the cluster.
fn cannot_look(case: &Case<'_>, wanted: &Actions, cluster: &str) -> Vec<Verdict> {
    let (fact, rights) = if case.uses_existing() {
        ("cluster_rights", &case.facts.cluster_rights)
    } else {
        ("group_rights", &case.facts.group_rights)
    };
    let needed = [&wanted.cluster, &wanted.group];
    let only_looks = |action: &&&str| !needed.iter().any(|needed| needed.contains(action));
    let looks: Vec<&str> = wanted.look.iter().filter(only_looks).copied().collect();
    let needs_none = needed.iter().all(|needed| needed.is_empty());
    let Some(known) = rights.known() else {
        return if needs_none && !looks.is_empty() {
            unread(fact, rights)
        } else {
            Vec::new()
        };
    };
    let missing = looks.into_iter().find(|action| !allowed(known, action));
    on(missing, |action| {
        let verdict = warn("").variant("look");
        verdict.with("action", action).with("scope", cluster)
    })
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
    let wanted = actions(&steps, case).workspace;
    let rights = &case.facts.workspace_rights;
    let name = &spec.workspace.name;
    let mut found = missing_on("workspace_rights", rights, &wanted, name);
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
    actions: &[&'static str],
    scope: &str,
) -> Vec<Verdict> {
    let mut wanted: Vec<&str> = Vec::new();
    for action in actions {
        if !wanted.contains(action) {
            wanted.push(action);
        }
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let Some(rights) = rights.known() else {
        return unread(name, rights);
    };
    let missing = wanted.into_iter().filter(|action| !allowed(rights, action));
    missing
        .map(|action| block("").with("action", action).with("scope", scope))
        .collect()
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
