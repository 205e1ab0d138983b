//! Kinds of step, and the details that select their titles.

use super::check::Check;
use crate::canary::CanarySteps;
use crate::change::{Edit, Role};
use crate::cluster_object::ClusterObject;
use crate::endpoint::EndpointKey;
use crate::facts::Presented;
use crate::provenance::Provenance;
use crate::spec::{LoadBalancer, Recipe};
use crate::traffic::Traffic;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Kinds of step. The list is closed, so that journals can be read and every `match` is complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum StepKind {
    /// Makes the certificate that the specification describes, and stores it in the vault.
    MakeCertificate {
        /// Host name on the certificate.
        cname: String,
        /// How it is made.
        recipe: Recipe,
    },
    /// Registers a resource provider and waits for completion.
    RegisterProvider {
        /// `Microsoft.KubernetesConfiguration`.
        namespace: String,
        /// Resource id of the provider in the subscription.
        resource_id: String,
    },
    /// Creates the resource group.
    EnsureResourceGroup { resource_id: String },
    /// Creates the AKS cluster.
    CreateCluster { resource_id: String },
    /// Creates the compute's namespace inside the cluster, if it does not exist.
    EnsureNamespace { cluster_id: String, namespace: String },
    /// Installs extension `Microsoft.AzureML.Kubernetes`.
    InstallExtension {
        /// Resource id of the extension.
        resource_id: String,
    },
    /// Attaches the cluster to the workspace.
    AttachCompute {
        /// Resource id of the compute.
        resource_id: String,
        /// `Kubernetes` or `AKS`.
        compute_type: String,
    },
    /// Lets Azure ML create the cluster together with the compute (legacy).
    CreateThroughAml {
        /// Resource id of the compute.
        resource_id: String,
    },
    /// Changes an existing resource: sends the current resource with the edits applied (`PUT`), or only the edits
    /// (`PATCH`).
    ChangeResource {
        resource_id: String,
        /// What is changed; selects the title.
        what: Changed,
        edits: Vec<Edit>,
    },
    /// Gives a version of an endpoint all traffic step by step, or goes back: see [`crate::canary`].
    Canary {
        /// The endpoint.
        resource_id: String,
        /// The version and its steps.
        canary: CanarySteps,
        /// The traffic before the first step.
        before: Traffic,
        /// Path of a file with the JSON that each call sends.
        sample: String,
    },
    /// Removes a resource, or detaches a compute from its workspace.
    RemoveResource {
        resource_id: String,
        /// What is removed; selects the title.
        what: Removed,
        /// Evidence that it is still the same resource, checked right before the request; `None` if its id is enough.
        #[serde(default)]
        only: Option<Provenance>,
    },
    /// Replaces one of the keys of an endpoint.
    RegenerateKey {
        /// The endpoint.
        resource_id: String,
        /// The key.
        key: EndpointKey,
    },
    /// Checks that a key is another one, and calls the endpoint with it. Changes nothing.
    ProveKey {
        /// The endpoint.
        endpoint_id: String,
        /// The key.
        key: EndpointKey,
    },
    /// Starts or stops a cluster.
    SetPower {
        /// The cluster.
        resource_id: String,
        /// True to start, false to stop.
        running: bool,
    },
    AssignRole {
        /// Resource id of the assignment.
        resource_id: String,
        /// Resource id that the role applies to.
        scope: String,
        /// Object id of the principal.
        principal_id: String,
        role: Role,
    },
    /// Backs up the front end's certificate and key from the cluster to the vault, after checking them.
    KeepCertificate {
        cluster_id: String,
        /// Namespace of the Secret.
        namespace: String,
        /// Name of the Secret.
        secret: String,
    },
    /// Removes the leftovers of a former front end inside the cluster.
    RemoveLeftovers {
        cluster_id: String,
        /// The objects to remove.
        #[ts(as = "Vec<String>")]
        objects: Vec<ClusterObject>,
    },
    /// Marks the classic front end as replaceable by the extension (annotation `azureml-fe-enable-upgrade`).
    MarkFrontEnd {
        cluster_id: String,
        /// True to set the mark, false to remove it.
        upgrade: bool,
    },
    /// Sends the same requests to the former and the new front end, and compares the answers.
    CompareAnswers {
        cluster_id: String,
        /// Scoring addresses of the services of the classic compute.
        urls: Vec<String>,
    },
    /// Uploads the code of a version to a container that Azure ML hands out, and registers it.
    UploadCode {
        /// Resource id of the code.
        resource_id: String,
        /// The folder on this computer.
        folder: String,
        /// Hash of its content, as the plan was made for it.
        hash: String,
    },
    /// Uploads a model to the workspace's storage, and registers it.
    UploadModel {
        /// Resource id of the version of the model.
        resource_id: String,
        /// `name:version`.
        model: String,
        /// The file or folder on this computer.
        path: String,
        /// Hash of its content, as the plan was made for it.
        hash: String,
    },
    /// Registers an environment for an image.
    RegisterEnvironment {
        /// Resource id of the version of the environment.
        resource_id: String,
        /// The image.
        image: String,
    },
    /// Creates an endpoint, which has no version yet.
    CreateEndpoint {
        /// Its resource id.
        resource_id: String,
    },
    /// Creates a version of an endpoint.
    CreateVersion {
        /// Its resource id.
        resource_id: String,
    },
    /// Gives a version of an endpoint other settings: sends the version as it is then with the edits applied.
    UpdateVersion {
        /// Its resource id.
        resource_id: String,
        edits: Vec<Edit>,
    },
    /// Uploads the code of a service on the classic route, and creates or updates the service or one of its versions.
    DeployService {
        /// Berth's id of the service.
        resource_id: String,
        /// The version; `None` for a service without versions.
        version: Option<String>,
        /// The code; `None` if the service needs none.
        code: Option<ServiceCode>,
        /// Whether it exists already, and gets other settings.
        replaces: bool,
    },
    /// Calls a version with a sample. Changes nothing.
    ProveVersion {
        /// The endpoint.
        endpoint_id: String,
        /// Name of the version.
        version: String,
        /// File with the request.
        sample: String,
    },
    /// Checks the result in Azure and in the cluster. Reads only.
    Confirm {
        /// The expected results.
        checks: Vec<Check>,
    },
    /// Checks from outside that the scoring address works. Reads only.
    Prove {
        /// The cluster; `None` if Azure ML creates it, so that only the compute knows it.
        cluster_id: Option<String>,
        compute_id: String,
        /// Namespace of the scoring front end's Service: `azureml` (extension) or `default` (classic).
        namespace: String,
        /// Public or internal, as chosen.
        load_balancer: LoadBalancer,
        /// Host name that clients use, if known beforehand.
        cname: Option<String>,
        /// Whether TLS is on.
        tls: bool,
        /// The certificate that it has to present.
        #[serde(default)]
        shows: ToShow,
    },
}

/// The code of a service on the classic route, on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ServiceCode {
    pub folder: String,
    /// Path of the scoring script in the folder.
    pub script: String,
    /// Hash of the folder's content, as the plan was made for it.
    pub hash: String,
}

/// The certificate that a scoring address has to present.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "which", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum ToShow {
    /// The one that the run sent, or any valid for the name if it sent none.
    #[default]
    Applied,
    /// The certificate in use before the run.
    Former {
        /// SHA-256 of its leaf; `None` if any certificate valid for the name will do: Microsoft reissues its own.
        sha256: Option<String>,
    },
    /// A newer certificate for the same name.
    Renewed {
        /// The previous certificate as seen from outside; `None` if it could not be seen.
        former: Option<Presented>,
        /// The name, which does not change.
        name: Option<String>,
    },
}

impl StepKind {
    /// The Azure resource that the step makes, changes or removes; `None` for other steps.
    pub fn resource_id(&self) -> Option<&str> {
        match self {
            Self::RegisterProvider { resource_id, .. }
            | Self::EnsureResourceGroup { resource_id }
            | Self::CreateCluster { resource_id }
            | Self::InstallExtension { resource_id }
            | Self::AttachCompute { resource_id, .. }
            | Self::CreateThroughAml { resource_id }
            | Self::ChangeResource { resource_id, .. }
            | Self::Canary { resource_id, .. }
            | Self::RemoveResource { resource_id, .. }
            | Self::RegenerateKey { resource_id, .. }
            | Self::SetPower { resource_id, .. }
            | Self::UploadCode { resource_id, .. }
            | Self::UploadModel { resource_id, .. }
            | Self::RegisterEnvironment { resource_id, .. }
            | Self::CreateEndpoint { resource_id }
            | Self::CreateVersion { resource_id }
            | Self::UpdateVersion { resource_id, .. }
            | Self::DeployService { resource_id, .. }
            | Self::AssignRole { resource_id, .. } => Some(resource_id),
            Self::MakeCertificate { .. }
            | Self::EnsureNamespace { .. }
            | Self::KeepCertificate { .. }
            | Self::RemoveLeftovers { .. }
            | Self::MarkFrontEnd { .. }
            | Self::CompareAnswers { .. }
            | Self::Confirm { .. }
            | Self::ProveVersion { .. }
            | Self::ProveKey { .. }
            | Self::Prove { .. } => None,
        }
    }
}

/// What a step changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Changed {
    /// Number of nodes in a pool.
    Nodes,
    /// The autoscaler of a pool.
    Autoscaler,
    /// The control plane's version.
    ControlPlane,
    /// The version of a pool's nodes.
    PoolVersion,
    /// The version of the control plane and all nodes.
    WholeVersion,
    /// The pricing tier and the support plan of a cluster.
    Support,
    Tags,
    /// The load balancer of the scoring address.
    LoadBalancer,
    /// TLS of the scoring address.
    Tls,
    /// TLS of the scoring address, rolled back.
    FormerTls,
    /// Renewal of Microsoft's certificate for the same name.
    RenewLabel,
    /// Settings of an extension that is installed already.
    Extension,
    /// The extension's setting for running beside a classic front end, switched off.
    StandAlone,
    /// The traffic of an endpoint's versions.
    Traffic,
    /// The versions of a classic endpoint.
    Versions,
    /// How callers of an endpoint prove who they are.
    Auth,
}

/// What is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Removed {
    /// A compute, detached from its workspace; the cluster stays.
    Attachment,
    /// A compute and the cluster that Azure ML created for it.
    ComputeAndCluster,
    Cluster,
    Extension,
    ResourceGroup,
    /// A version of an endpoint.
    Version,
    /// An endpoint with all its versions.
    Endpoint,
}

impl Removed {
    /// Whether a cluster, resource group or endpoint is deleted, so that its name has to be typed.
    pub const fn needs_name(self) -> bool {
        matches!(
            self,
            Self::Cluster | Self::ComputeAndCluster | Self::ResourceGroup | Self::Endpoint
        )
    }
}
