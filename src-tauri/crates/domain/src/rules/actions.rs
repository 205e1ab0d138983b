//! The actions that the steps of a plan need, and where.

use super::Case;
use crate::plan::{PlanStep, StepKind};
use crate::resource_id::{ResourceId, is_service_id, parent, same_resource};
use crate::spec::Spec;

const STORE_READ: &str = "Microsoft.MachineLearningServices/workspaces/datastores/read";
const CLUSTER_WRITE: &str = "Microsoft.ContainerService/managedClusters/write";
const CLUSTER_ADMIN: &str = "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action";
const CLUSTER_USER: &str = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
const COMPUTE_WRITE: &str = "Microsoft.MachineLearningServices/workspaces/computes/write";
const COMPUTE_DELETE: &str = "Microsoft.MachineLearningServices/workspaces/computes/delete";
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
pub(super) struct Actions {
    /// On the cluster; on its resource group if it does not exist yet.
    pub(super) cluster: Vec<&'static str>,
    pub(super) group: Vec<&'static str>,
    pub(super) subscription: Vec<&'static str>,
    pub(super) workspace: Vec<&'static str>,
    /// On the chosen subnet of a new cluster.
    pub(super) subnet: Vec<&'static str>,
    /// On other workspaces, by id.
    pub(super) other_workspaces: Vec<(String, &'static str)>,
    /// On the cluster, for a step that only looks inside and succeeds without.
    pub(super) look: Vec<&'static str>,
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
            StepKind::CreateThroughAml { .. } => {
                self.workspace.push(COMPUTE_WRITE);
                self.join_subnet(case.spec);
            }
            StepKind::ChangeResource { resource_id, .. } => self.change(resource_id),
            StepKind::RemoveResource { resource_id, .. } => self.remove(resource_id, case.spec),
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
        self.join_subnet(spec);
    }

    /// Nodes in an existing subnet join it on the person's behalf, wherever it is.
    fn join_subnet(&mut self, spec: &Spec) {
        let joins = spec.network.vnet.is_some();
        self.subnet.extend(joins.then_some(SUBNET_JOIN));
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

    fn remove(&mut self, id: &str, spec: &Spec) {
        match innermost_type(id).as_str() {
            "computes" => {
                let workspace = parent(id).unwrap_or_default();
                let own = spec.place.workspace.resource_id();
                if own.is_some_and(|own| same_resource(&own, workspace)) {
                    self.workspace.push(COMPUTE_DELETE);
                } else {
                    self.other_workspaces.push((workspace.to_owned(), COMPUTE_DELETE));
                }
            }
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
pub(super) fn actions(steps: &[PlanStep], case: &Case<'_>) -> Actions {
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
