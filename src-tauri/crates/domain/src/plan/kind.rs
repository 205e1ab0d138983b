//! Kinds of step, and what the words of some of them turn on.

use crate::change::{Edit, Role};
use crate::cluster_object::ClusterObject;
use crate::facts::Presented;
use crate::provenance::Provenance;
use crate::spec::{LoadBalancer, Recipe};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Kinds of step: a closed list, so that a journal can be read back and a `match` shows them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum StepKind {
    /// Makes the certificate the specification describes, into the vault.
    MakeCertificate {
        /// Name it is for.
        cname: String,
        /// How it is made.
        recipe: Recipe,
    },
    /// Registers a resource provider and waits until it is.
    RegisterProvider {
        /// `Microsoft.KubernetesConfiguration`.
        namespace: String,
        /// Resource id of the provider in the subscription.
        resource_id: String,
    },
    /// Makes the resource group.
    EnsureResourceGroup {
        /// Its resource id.
        resource_id: String,
    },
    /// Makes the AKS cluster.
    CreateCluster {
        /// Its resource id.
        resource_id: String,
    },
    /// Makes the namespace of the compute inside the cluster, where it is not there.
    EnsureNamespace {
        /// The cluster.
        cluster_id: String,
        /// The namespace.
        namespace: String,
    },
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
    /// Lets Azure ML make cluster and compute in one (legacy).
    CreateThroughAml {
        /// Resource id of the compute.
        resource_id: String,
    },
    /// Changes a resource that is there: the resource as it is at that moment with these edits (`PUT`), or the edits alone
    /// (`PATCH`).
    ChangeResource {
        /// Its resource id.
        resource_id: String,
        /// What is changed, for the words.
        what: Changed,
        /// The edits.
        edits: Vec<Edit>,
    },
    /// Removes a resource, or takes a compute out of its workspace.
    RemoveResource {
        /// Its resource id.
        resource_id: String,
        /// What goes, for the words.
        what: Removed,
        /// What it must still be when the request leaves; `None` where its id says enough.
        #[serde(default)]
        only: Option<Provenance>,
    },
    /// Starts or stops a cluster.
    SetPower {
        /// The cluster.
        resource_id: String,
        /// Whether it is to run.
        running: bool,
    },
    /// Gives somebody a role.
    AssignRole {
        /// Resource id of the assignment.
        resource_id: String,
        /// Where.
        scope: String,
        /// Who: an object id.
        principal_id: String,
        /// Which.
        role: Role,
    },
    /// Reads the front end's certificate and key inside the cluster into the vault, checked.
    KeepCertificate {
        /// The cluster.
        cluster_id: String,
        /// Namespace of the secret.
        namespace: String,
        /// Name of the secret.
        secret: String,
    },
    /// Removes the remains of a former front end inside the cluster.
    RemoveLeftovers {
        /// The cluster.
        cluster_id: String,
        /// The objects to remove.
        #[ts(as = "Vec<String>")]
        objects: Vec<ClusterObject>,
    },
    /// Tells the classic front end that the extension may take its place (annotation `azureml-fe-enable-upgrade`).
    MarkFrontEnd {
        /// The cluster.
        cluster_id: String,
        /// Whether it may.
        upgrade: bool,
    },
    /// Asks the former and the new front end the same and compares what they say.
    CompareAnswers {
        /// The cluster.
        cluster_id: String,
        /// Scoring addresses of the services of the classic compute.
        urls: Vec<String>,
    },
    /// Looks whether it is as it should be. Reads only.
    Confirm {
        /// What is looked at.
        checks: Vec<Check>,
    },
    /// Looks from outside whether it works. Reads only.
    Prove {
        /// The cluster; `None` when only the compute will tell it (made by Azure ML).
        cluster_id: Option<String>,
        /// The compute.
        compute_id: String,
        /// Namespace of the scoring front end's service: `azureml` (extension) or `default` (classic).
        namespace: String,
        /// Public or internal, as chosen.
        load_balancer: LoadBalancer,
        /// Name callers use, where it is known beforehand.
        cname: Option<String>,
        /// Whether TLS is on.
        tls: bool,
        /// Which certificate it has to show.
        #[serde(default)]
        shows: ToShow,
    },
}

/// Which certificate a scoring address has to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "which", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum ToShow {
    /// The one that the run has sent; where it has sent none, one for the name.
    #[default]
    Applied,
    /// The one of before the run.
    Former {
        /// SHA-256 of its leaf; `None` where any for the name will do, as of one that Microsoft makes anew.
        sha256: Option<String>,
    },
    /// A newer one than before, under the same name.
    Renewed {
        /// The one of before, as it was seen from outside; `None` where nobody could see it.
        former: Option<Presented>,
        /// The name of before, which stays.
        name: Option<String>,
    },
}

impl StepKind {
    /// The Azure resource the step makes or changes, where it is one.
    pub fn resource_id(&self) -> Option<&str> {
        match self {
            Self::RegisterProvider { resource_id, .. }
            | Self::EnsureResourceGroup { resource_id }
            | Self::CreateCluster { resource_id }
            | Self::InstallExtension { resource_id }
            | Self::AttachCompute { resource_id, .. }
            | Self::CreateThroughAml { resource_id }
            | Self::ChangeResource { resource_id, .. }
            | Self::RemoveResource { resource_id, .. }
            | Self::SetPower { resource_id, .. }
            | Self::AssignRole { resource_id, .. } => Some(resource_id),
            Self::MakeCertificate { .. }
            | Self::EnsureNamespace { .. }
            | Self::KeepCertificate { .. }
            | Self::RemoveLeftovers { .. }
            | Self::MarkFrontEnd { .. }
            | Self::CompareAnswers { .. }
            | Self::Confirm { .. }
            | Self::Prove { .. } => None,
        }
    }
}

/// What a change of a resource is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Changed {
    /// Nodes of a pool.
    Nodes,
    /// The autoscaler of a pool.
    Autoscaler,
    /// The control plane's version.
    ControlPlane,
    /// The version of a pool's nodes.
    PoolVersion,
    /// Tags.
    Tags,
    /// The load balancer of the scoring address.
    LoadBalancer,
    /// TLS of the scoring address.
    Tls,
    /// TLS of the scoring address, put back to what it was.
    FormerTls,
    /// Microsoft's certificate of the scoring address, renewed under the same name.
    RenewLabel,
    /// The extension is told that it stands alone again.
    StandAlone,
}

/// What is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Removed {
    /// A compute leaves its workspace; the cluster stays.
    Attachment,
    /// A compute and the cluster Azure ML made for it.
    ComputeAndCluster,
    /// A cluster.
    Cluster,
    /// An extension.
    Extension,
    /// A resource group.
    ResourceGroup,
}

impl Removed {
    /// Whether it takes a cluster or a resource group with it, which needs its typed name.
    pub const fn needs_name(self) -> bool {
        matches!(
            self,
            Self::Cluster | Self::ComputeAndCluster | Self::ResourceGroup
        )
    }
}

/// What is looked at afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "look", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Check {
    /// So many nodes of a pool are ready, of a version where one is named.
    Nodes {
        /// The cluster.
        cluster_id: String,
        /// The pool.
        pool: String,
        /// At least so many.
        at_least: u32,
        /// At most so many.
        at_most: u32,
        /// `1.36` or `1.36.2`.
        version: Option<String>,
    },
    /// The control plane has a version.
    Version {
        /// The cluster.
        cluster_id: String,
        /// `1.36` or `1.36.2`.
        version: String,
    },
    /// A cluster runs, or is stopped.
    Power {
        /// The cluster.
        cluster_id: String,
        /// Whether it is to run.
        running: bool,
    },
    /// A resource is there and settled.
    There {
        /// Its resource id.
        resource_id: String,
    },
    /// A resource is not there any more.
    Gone {
        /// Its resource id.
        resource_id: String,
    },
    /// Nothing of a former front end is left in a cluster.
    Clean {
        /// The cluster.
        cluster_id: String,
    },
    /// The extension's front end has left the cluster: its resource goes minutes before its release does.
    Released {
        /// The cluster.
        cluster_id: String,
    },
}
