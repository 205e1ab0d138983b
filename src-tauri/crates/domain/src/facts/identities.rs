//! Managed identities of workspaces and clusters.

use serde::{Deserialize, Serialize};

/// A workspace or cluster with its identities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnerFacts {
    pub id: String,
    pub identities: Vec<IdentityFacts>,
    /// Ids of related resources, the valid scopes of a grant: itself, its resource groups, network, storage and registry, and
    /// the same for what it is attached to.
    pub scopes: Vec<String>,
}

/// A managed identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityFacts {
    /// Object id in Entra ID.
    pub principal_id: String,
    pub kind: IdentityKind,
}

/// What an identity is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// Created with the workspace or cluster.
    SystemAssigned,
    /// Created separately and assigned to it.
    UserAssigned,
    /// Used by the nodes.
    Kubelet,
    /// Used by an extension on the cluster.
    Extension,
}

impl IdentityKind {
    /// Principal type for role assignments (authorization 2022-04-01, `PrincipalType`): managed identities are service
    /// principals.
    pub const fn principal_type(self) -> &'static str {
        match self {
            Self::SystemAssigned | Self::UserAssigned | Self::Kubelet | Self::Extension => "ServicePrincipal",
        }
    }
}

impl OwnerFacts {
    /// Finds an identity by object id.
    pub fn identity(&self, principal_id: &str) -> Option<&IdentityFacts> {
        let wanted = principal_id.trim();
        self.identities
            .iter()
            .find(|identity| !wanted.is_empty() && identity.principal_id.eq_ignore_ascii_case(wanted))
    }

    /// Finds a scope by id and returns it as Azure writes it.
    pub fn scope(&self, id: &str) -> Option<&str> {
        let mut scopes = self.scopes.iter().map(String::as_str);
        scopes.find(|scope| crate::resource_id::same_resource(scope, id.trim()))
    }
}
