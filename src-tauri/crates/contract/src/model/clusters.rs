//! Models of the cluster page, and of the roles that an attachment needs.

use berth_domain::change::Role;
use berth_domain::facts::{ClusterFacts, ComputeFacts, Dependent, ExtensionFacts, UpgradeTarget};
use berth_domain::spec::{LoadBalancer, Route};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

model! {
    /// A cluster, compute or endpoint.
    ResourceOn {
        /// Id of the account.
        account: String,
        /// Resource id.
        resource_id: String,
    }
}

model! {
    /// Everything that the cluster page shows. `problems` names what could not be read.
    ClusterDetails {
        /// The cluster.
        cluster: ClusterFacts,
        /// Computes attached to the cluster, in every workspace that the account can list.
        computes: Vec<ComputeDetails>,
        /// Extensions on the cluster.
        extensions: Vec<ExtensionFacts>,
        /// Kubernetes versions it can be upgraded to in one step.
        upgrades: Vec<UpgradeTarget>,
        /// Objects left over from a former classic front end, as `kind namespace/name`. Objects of a front end in use are not
        /// listed.
        leftovers: Vec<String>,
        /// Services and endpoints on its computes.
        dependents: Vec<Dependent>,
        /// Names of the subnets in the nodes' virtual network.
        subnets: Vec<String>,
        /// vCPUs per node, by VM size.
        vcpus: std::collections::BTreeMap<String, u32>,
        /// What could not be read, and why.
        problems: Vec<String>,
    }
}

model! {
    /// A compute and how clients reach it.
    ComputeDetails {
        /// The compute.
        compute: ComputeFacts,
        /// Whether its scoring address is public or internal.
        load_balancer: LoadBalancer,
        /// `off`, `microsoft` or `own`.
        tls: String,
        /// Host name that clients use, or the DNS label.
        name: Option<String>,
    }
}

model! {
    /// Roles that are missing for attaching a cluster to a workspace.
    AccessReport {
        /// The missing roles.
        lacks: Vec<LackingRole>,
        /// Whether the account may grant these roles.
        may_grant: bool,
        /// What could not be read, and why.
        problems: Vec<String>,
    }
}

model! {
    /// A role that an identity needs and lacks.
    LackingRole {
        /// Owner of the identity: `workspace` or `cluster`.
        who: String,
        /// Resource id of the owner.
        of: String,
        /// Name of the owner.
        name: String,
        /// Object id of the identity.
        principal_id: String,
        /// The missing role.
        role: Role,
        /// Name of the role as in the Azure portal.
        role_name: String,
        /// Resource id of the scope that the role is needed on.
        scope: String,
        /// The command with which an administrator grants the role; `None` if a value cannot be quoted safely.
        command: Option<String>,
        /// Why the role is needed: a key of the catalogue `clusters`.
        reason: String,
    }
}

model! {
    /// A workspace and the cluster to attach to it.
    AccessQuestion {
        /// Id of the account.
        account: String,
        /// Resource id of the workspace.
        workspace_id: String,
        /// Resource id of the cluster.
        cluster_id: String,
        /// Route of the attachment.
        route: Route,
    }
}
