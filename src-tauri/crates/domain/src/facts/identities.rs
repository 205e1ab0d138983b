//! Managed identities of workspaces and clusters.

use serde::{Deserialize, Serialize};

/// A workspace or cluster with its identities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnerFacts {
    /// Resource id.
    pub id: String,
    /// Its identities.
    pub identities: Vec<IdentityFacts>,
    /// Ids of what it has to do with: itself, its resource groups, its network, its storage and registry, and the same of
    /// what it is attached to.
    pub scopes: Vec<String>,
}

/// A managed identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityFacts {
    /// Object id.
    pub principal_id: String,
    /// What it is for.
    pub kind: IdentityKind,
}

/// What an identity is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// Made with the workspace or cluster.
    SystemAssigned,
    /// Made by somebody and assigned to it.
    UserAssigned,
    /// Of the nodes.
    Kubelet,
    /// Of an extension on the cluster.
    Extension,
}

impl IdentityKind {
    /// The type of its principal in Entra ID, as role assignments call it (authorization 2022-04-01, `PrincipalType`):
    /// managed identities are service principals.
    pub const fn principal_type(self) -> &'static str {
        match self {
            Self::SystemAssigned | Self::UserAssigned | Self::Kubelet | Self::Extension => "ServicePrincipal",
        }
    }
}

impl OwnerFacts {
    /// Its identity with an object id.
    pub fn identity(&self, principal_id: &str) -> Option<&IdentityFacts> {
        let wanted = principal_id.trim();
        self.identities
            .iter()
            .find(|identity| !wanted.is_empty() && identity.principal_id.eq_ignore_ascii_case(wanted))
    }

    /// The one of its scopes that an id names, as Azure writes it.
    pub fn scope(&self, id: &str) -> Option<&str> {
        let mut scopes = self.scopes.iter().map(String::as_str);
        scopes.find(|scope| crate::resource_id::same_resource(scope, id.trim()))
    }
}
