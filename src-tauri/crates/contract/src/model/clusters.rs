//! The page of a cluster, and what an attachment needs of others' rights.

use berth_domain::change::Role;
use berth_domain::facts::{ClusterFacts, ComputeFacts, Dependent, ExtensionFacts, UpgradeTarget};
use berth_domain::spec::{LoadBalancer, Route};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

model! {
    /// A cluster or compute to look at.
    ResourceOn {
        /// Account.
        account: String,
        /// Resource id.
        resource_id: String,
    }
}

model! {
    /// Everything the page of a cluster shows, read side by side. What could not be read is named in `problems`.
    ClusterDetails {
        /// The cluster.
        cluster: ClusterFacts,
        /// Computes of every workspace the person can list that point at it.
        computes: Vec<ComputeDetails>,
        /// Extensions on it.
        extensions: Vec<ExtensionFacts>,
        /// Versions it can go to in one step.
        upgrades: Vec<UpgradeTarget>,
        /// Objects of a former classic front end, as `kind namespace/name`; those of a live one are not among them.
        leftovers: Vec<String>,
        /// Services and endpoints that answer through its computes.
        dependents: Vec<Dependent>,
        /// Subnets of the network its nodes are in, by name.
        subnets: Vec<String>,
        /// vCPU of a node, by VM size.
        vcpus: std::collections::BTreeMap<String, u32>,
        /// What could not be read, and why.
        problems: Vec<String>,
    }
}

model! {
    /// A compute and how it serves.
    ComputeDetails {
        /// The compute.
        compute: ComputeFacts,
        /// Who reaches its scoring address.
        load_balancer: LoadBalancer,
        /// `off`, `microsoft` or `own`.
        tls: String,
        /// Name it is called by, or the label.
        name: Option<String>,
    }
}

model! {
    /// What somebody lacks for a cluster to be attached to a workspace.
    AccessReport {
        /// Who is looked at, and what they lack.
        lacks: Vec<LackingRole>,
        /// Whether the person may grant roles there.
        may_grant: bool,
        /// What could not be read, and why.
        problems: Vec<String>,
    }
}

model! {
    /// A role that somebody needs and has not.
    LackingRole {
        /// `workspace` or `cluster`: whose identity.
        who: String,
        /// Resource id of the workspace or cluster.
        of: String,
        /// Name of the workspace or cluster.
        name: String,
        /// Object id of the identity.
        principal_id: String,
        /// Which role.
        role: Role,
        /// Its name, as the portal shows it.
        role_name: String,
        /// Where: a resource id.
        scope: String,
        /// The command by which an administrator gives it; none where a value has no safe form in one.
        command: Option<String>,
        /// What it is for: key of the words in the catalogue `clusters`.
        reason: String,
    }
}

model! {
    /// A workspace and the cluster to attach to it.
    AccessQuestion {
        /// Account.
        account: String,
        /// Resource id of the workspace.
        workspace_id: String,
        /// Resource id of the cluster.
        cluster_id: String,
        /// How it is attached.
        route: Route,
    }
}
