//! Checks an action against the effective permissions that `…/providers/Microsoft.Authorization/permissions` returns
//! (learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group).

use crate::bodies::managed_cluster::internal_subnet;
use crate::change::Role;
use crate::facts::{ClusterFacts, Rights};
use crate::quote::{Unquotable, posix};
use crate::spec::{LoadBalancer, Route, Spec};

/// Whether an action is allowed: at least one entry lists it in `actions` and not in `not_actions`.
pub fn allowed(rights: &[Rights], action: &str) -> bool {
    rights.iter().any(|entry| {
        entry.actions.iter().any(|pattern| matches(pattern, action))
            && !entry.not_actions.iter().any(|pattern| matches(pattern, action))
    })
}

const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/// The roles that a workspace's user-assigned identity needs on a cluster before it is attached. A system-assigned one
/// gets its rights from Azure ML (learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-to-workspace,
/// "Prerequisites").
pub const IDENTITY_ROLES: [Role; 3] = [
    Role::Reader,
    Role::KubernetesExtensionContributor,
    Role::ClusterAdmin,
];

/// Whether the ids of role definitions include a role, or Contributor or Owner, which include all of [`Role`].
pub fn has_role(have: &[String], role: Role) -> bool {
    let enough = [role.definition(), Role::Contributor.definition(), OWNER];
    have.iter()
        .any(|id| enough.iter().any(|enough| id.eq_ignore_ascii_case(enough)))
}

/// Subnets on which an existing cluster's identity needs a role to get an internal address: the chosen one, or those of the
/// nodes (learn.microsoft.com/azure/aks/internal-lb). Only the classic route has a choice.
pub fn address_subnets(spec: &Spec, cluster: &ClusterFacts) -> Vec<String> {
    let balancer = spec.network.load_balancer.as_ref();
    let Some(balancer @ LoadBalancer::Internal { .. }) = balancer else {
        return Vec::new();
    };
    let of_nodes = cluster.node_subnets();
    let chosen = internal_subnet(balancer).filter(|_| spec.route == Route::Classic);
    let network = of_nodes.first().and_then(|subnet| subnet.rsplit_once('/'));
    match (chosen, network) {
        (Some(name), Some((network, _))) => vec![format!("{network}/{name}")],
        _ => of_nodes.into_iter().map(str::to_owned).collect(),
    }
}

/// The command with which an administrator assigns a role to an Azure identity.
///
/// # Errors
/// [`Unquotable`] if a value cannot be quoted safely.
pub fn grant_command(principal_id: &str, role: Role, scope: &str) -> Result<String, Unquotable> {
    let (principal, scope, role) = (posix(principal_id)?, posix(scope)?, role.display_name());
    // Role names are constants with letters and spaces only, so double quotes are safe in every shell.
    Ok(format!(
        "az role assignment create --assignee-object-id {principal} --assignee-principal-type ServicePrincipal --role \"{role}\" --scope {scope}"
    ))
}

/// Matches an action against a pattern in which `*` matches any text, including slashes. Ignores case.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = action.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(actions: &[&str], not_actions: &[&str]) -> Rights {
        let own = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        Rights {
            actions: own(actions),
            not_actions: own(not_actions),
        }
    }

    #[test]
    fn wildcards_and_not_actions_are_applied() {
        let write = "Microsoft.ContainerService/managedClusters/write";
        for (rights, wanted) in [
            (entry(&["*"], &[]), true),
            (entry(&["microsoft.containerservice/*"], &[]), true),
            (entry(&["*/write"], &[]), true),
            (entry(&["Microsoft.ContainerService/*/write"], &[]), true),
            (entry(&[write], &[]), true),
            (entry(&["*/read"], &[]), false),
            (entry(&["*"], &["*/write"]), false),
            (entry(&["Microsoft.ContainerService/managedClusters"], &[]), false),
        ] {
            assert_eq!(
                allowed(std::slice::from_ref(&rights), write),
                wanted,
                "{rights:?}"
            );
        }
        assert!(
            allowed(&[entry(&["*"], &["*"]), entry(&[write], &[])], write),
            "another entry may allow it"
        );
    }

    proptest! {
        #[test]
        fn an_action_matches_itself_and_any_cut_with_a_star(action in "[a-z]{1,8}(/[a-z]{1,8}){1,3}", at in 0usize..20) {
            prop_assert!(matches(&action, &action));
            let cut = at.min(action.len());
            let starred = format!("{}*", &action[..cut]);
            prop_assert!(matches(&starred, &action));
        }
    }

    #[test]
    fn grant_command_is_a_single_command() {
        let scope = "/subscriptions/s/resourceGroups/g";
        assert_eq!(
            grant_command("00000000-0000", Role::NetworkContributor, scope).as_deref(),
            Ok(
                "az role assignment create --assignee-object-id 00000000-0000 --assignee-principal-type ServicePrincipal --role \"Network Contributor\" --scope /subscriptions/s/resourceGroups/g"
            )
        );
        let hostile = grant_command("p", Role::Reader, "/x\";touch /tmp/y;$(id)'z");
        assert!(hostile.is_ok_and(|command| command.ends_with(r#"--scope '/x";touch /tmp/y;$(id)'\''z'"#)));
        assert!(grant_command("p\nid", Role::Reader, scope).is_err());
    }
}
