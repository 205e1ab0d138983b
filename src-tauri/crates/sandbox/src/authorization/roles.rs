//! The built-in roles that matter here (learn.microsoft.com/azure/role-based-access-control/built-in-roles).

use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct Role {
    /// The GUID, the same in every tenant.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// Allowed actions, with `*` as wildcard.
    pub(crate) actions: &'static [&'static str],
    /// Actions excluded from `actions`.
    pub(crate) not_actions: &'static [&'static str],
    /// Allowed actions on data.
    pub(crate) data_actions: &'static [&'static str],
}

pub(crate) const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
pub(crate) const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
pub(crate) const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
pub(crate) const NETWORK_CONTRIBUTOR: &str = "4d97b98b-1d4f-4787-a291-c67834d212e7";

pub(crate) const ROLES: &[Role] = &[
    Role {
        id: OWNER,
        name: "Owner",
        actions: &["*"],
        not_actions: &[],
        data_actions: &[],
    },
    Role {
        id: CONTRIBUTOR,
        name: "Contributor",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ],
        data_actions: &[],
    },
    Role {
        id: READER,
        name: "Reader",
        actions: &["*/read"],
        not_actions: &[],
        data_actions: &[],
    },
    Role {
        id: NETWORK_CONTRIBUTOR,
        name: "Network Contributor",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Network/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        not_actions: &[],
        data_actions: &[],
    },
    Role {
        id: "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
        name: "Azure Kubernetes Service Cluster Admin Role",
        actions: &[
            "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
            "Microsoft.ContainerService/managedClusters/accessProfiles/listCredential/action",
            "Microsoft.ContainerService/managedClusters/read",
            "Microsoft.ContainerService/managedClusters/runcommand/action",
        ],
        not_actions: &[],
        data_actions: &[],
    },
    Role {
        id: "85cb6faf-e071-4c9b-8136-154b5a04f717",
        name: "Kubernetes Extension Contributor",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.KubernetesConfiguration/extensions/write",
            "Microsoft.KubernetesConfiguration/extensions/read",
            "Microsoft.KubernetesConfiguration/extensions/delete",
            "Microsoft.KubernetesConfiguration/extensions/operations/read",
        ],
        not_actions: &[],
        data_actions: &[],
    },
    Role {
        id: "f6c7c914-8db3-469d-8ca1-694a8f32e121",
        name: "AzureML Data Scientist",
        actions: &[
            "Microsoft.MachineLearningServices/workspaces/*/read",
            "Microsoft.MachineLearningServices/workspaces/*/action",
            "Microsoft.MachineLearningServices/workspaces/*/delete",
            "Microsoft.MachineLearningServices/workspaces/*/write",
        ],
        not_actions: &[
            "Microsoft.MachineLearningServices/workspaces/delete",
            "Microsoft.MachineLearningServices/workspaces/write",
            "Microsoft.MachineLearningServices/workspaces/computes/*/write",
            "Microsoft.MachineLearningServices/workspaces/computes/*/delete",
            "Microsoft.MachineLearningServices/workspaces/computes/listKeys/action",
            "Microsoft.MachineLearningServices/workspaces/listKeys/action",
        ],
        data_actions: &[],
    },
    Role {
        id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        name: "Storage Blob Data Contributor",
        actions: BLOB_ACCOUNT,
        not_actions: &[],
        data_actions: &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
    },
    Role {
        id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        name: "Storage Blob Data Reader",
        actions: BLOB_ACCOUNT,
        not_actions: &[],
        data_actions: &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
    },
];

/// What both data roles may do with the containers themselves.
const BLOB_ACCOUNT: &[&str] = &[
    "Microsoft.Storage/storageAccounts/blobServices/containers/read",
    "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
];

/// Finds a role by its GUID or role definition id.
pub(crate) fn find(id: &str) -> Option<&'static Role> {
    let guid = crate::resource_id::name_of(id);
    ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(guid))
}

/// Matches a pattern with `*` wildcards, ignoring case.
pub(crate) fn matches(pattern: &str, action: &str) -> bool {
    fn inner(pattern: &[u8], action: &[u8]) -> bool {
        match pattern.split_first() {
            None => action.is_empty(),
            Some((b'*', rest)) => (0..=action.len()).any(|cut| inner(rest, &action[cut..])),
            Some((first, rest)) => action.first() == Some(first) && inner(rest, &action[1..]),
        }
    }
    inner(
        pattern.to_ascii_lowercase().as_bytes(),
        action.to_ascii_lowercase().as_bytes(),
    )
}

impl Role {
    pub(crate) fn allows(&self, action: &str) -> bool {
        let any = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, action));
        any(self.actions) && !any(self.not_actions)
    }

    pub(crate) fn allows_data(&self, action: &str) -> bool {
        self.data_actions.iter().any(|pattern| matches(pattern, action))
    }

    pub(crate) fn permission(&self) -> Value {
        json!({ "actions": self.actions, "notActions": self.not_actions, "dataActions": self.data_actions, "notDataActions": [] })
    }

    fn definition(&self, scope: &str) -> Value {
        json!({
            "properties": {
                "roleName": self.name,
                "type": "BuiltInRole",
                "description": self.name,
                "assignableScopes": ["/"],
                "permissions": [self.permission()],
            },
            "id": format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{}", self.id),
            "type": "Microsoft.Authorization/roleDefinitions",
            "name": self.id,
        })
    }
}

/// Handles `{scope}/providers/Microsoft.Authorization/roleDefinitions[/{id}]` (Microsoft.Authorization
/// 2022-04-01; `$filter=roleName eq '...'`).
///
/// # Errors
/// 404 for an unknown role.
pub(crate) fn handle(call: &Call) -> Handled {
    match call.route() {
        ("GET", shape) if shape == "roledefinitions" => {
            let wanted = call
                .query("$filter")
                .and_then(|filter| filter.split_once("roleName eq "));
            let wanted = wanted.map(|(_, name)| name.trim().trim_matches('\'').to_string());
            let named = |role: &&Role| {
                wanted
                    .as_ref()
                    .is_none_or(|name| role.name.eq_ignore_ascii_case(name))
            };
            Ok(Answer::list(
                call,
                ROLES
                    .iter()
                    .filter(named)
                    .map(|role| role.definition(&call.arm.scope))
                    .collect(),
            ))
        }
        ("GET", shape) if shape == "roledefinitions/*" => {
            let role = find(call.name(0)).ok_or_else(|| {
                Refusal::not_found(
                    "RoleDefinitionDoesNotExist",
                    format!(
                        "The specified role definition with ID '{}' does not exist.",
                        call.name(0)
                    ),
                )
            })?;
            Ok(Answer::ok(role.definition(&call.arm.scope)))
        }
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_action_patterns_match() {
        assert!(matches("*/read", "Microsoft.Compute/skus/read"));
        assert!(!matches("*/read", "Microsoft.Compute/skus/write"));
        assert!(matches(
            "Microsoft.Network/*",
            "microsoft.network/virtualnetworks/write"
        ));
        let contributor = find(CONTRIBUTOR).unwrap();
        assert!(contributor.allows("Microsoft.ContainerService/managedClusters/write"));
        assert!(!contributor.allows("Microsoft.Authorization/roleAssignments/write"));
    }
}
