//! Roles that Berth grants.

use crate::resource_id::{ResourceGroupId, ResourceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Roles that a workspace's or cluster's identity needs (learn.microsoft.com/azure/machine-learning/
/// how-to-attach-kubernetes-to-workspace; ids: learn.microsoft.com/azure/role-based-access-control/built-in-roles).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    Reader,
    Contributor,
    NetworkContributor,
    KubernetesExtensionContributor,
    /// "Azure Kubernetes Service Cluster Admin Role".
    ClusterAdmin,
}

impl Role {
    /// GUID of the role definition; built-in roles have the same one in every tenant.
    pub const fn definition(self) -> &'static str {
        match self {
            Self::Reader => "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            Self::Contributor => "b24988ac-6180-42a0-ab88-20f7382dd24c",
            Self::NetworkContributor => "4d97b98b-1d4f-4787-a291-c67834d212e7",
            Self::KubernetesExtensionContributor => "85cb6faf-e071-4c9b-8136-154b5a04f717",
            Self::ClusterAdmin => "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
        }
    }

    /// Name shown in the Azure portal.
    pub const fn display_name(self) -> &'static str {
        match self {
            Self::Reader => "Reader",
            Self::Contributor => "Contributor",
            Self::NetworkContributor => "Network Contributor",
            Self::KubernetesExtensionContributor => "Kubernetes Extension Contributor",
            Self::ClusterAdmin => "Azure Kubernetes Service Cluster Admin Role",
        }
    }
}

/// Whether a scope is a resource group or a resource in one. Berth grants no role on anything wider.
pub fn is_narrow(scope: &str) -> bool {
    let scope = scope.trim().trim_end_matches('/');
    ResourceGroupId::parse(scope).is_some()
        || ResourceId::parse(scope).is_some_and(|id| id.resource_group.is_some())
}
