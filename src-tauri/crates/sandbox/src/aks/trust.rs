//! Trusted Access: what lets a workspace into a cluster without an account of the cluster's own
//! (containerservice aks 2024-02-01, trustedAccessRoleBindings; learn.microsoft.com/azure/aks/trusted-access-feature).

use super::clusters::find;
use super::refuse;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::world::{Resource, World};
use serde_json::json;

/// Type of a binding.
const BINDING: &str = "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings";
/// Bindings a cluster may have.
const MOST: usize = 8;
/// The role of machine learning.
const ROLE: &str = "mlworkload";

/// Roles that can be given.
pub(super) fn roles(call: &Call) -> Answer {
    let rule = json!({ "verbs": ["get", "list", "watch", "create", "update", "patch", "delete"], "apiGroups": ["", "apps", "amlarc.azureml.com"], "resources": ["*"], "resourceNames": [], "nonResourceURLs": [] });
    Answer::list(
        call,
        vec![
            json!({ "sourceResourceType": "Microsoft.MachineLearningServices/workspaces", "name": ROLE, "rules": [rule] }),
        ],
    )
}

pub(super) fn list(world: &World, call: &Call) -> Handled {
    let cluster = find(world, call)?;
    Ok(Answer::bodies(call, world.list(&cluster.id, BINDING)))
}

fn id_of(world: &World, call: &Call) -> Result<String, Refusal> {
    Ok(format!(
        "{}/trustedAccessRoleBindings/{}",
        find(world, call)?.id,
        call.name(1)
    ))
}

pub(super) fn get(world: &World, call: &Call) -> Handled {
    let id = id_of(world, call)?;
    world
        .resource(&id)
        .map(|found| Answer::ok(found.body.clone()))
        .ok_or_else(|| Refusal::resource_not_found(call))
}

pub(super) fn put(world: &mut World, call: &Call) -> Handled {
    let id = id_of(world, call)?;
    let cluster = find(world, call)?.id.clone();
    let given = &call.body["properties"];
    let source = given["sourceResourceId"].as_str().unwrap_or_default();
    if world.resource(source).is_none() {
        return Err(refuse(
            "InvalidParameter",
            format!("The source resource '{source}' could not be found."),
        ));
    }
    let known = given["roles"].as_array().is_some_and(|roles| {
        !roles.is_empty()
            && roles.iter().all(|role| {
                role.as_str()
                    .is_some_and(|role| role.ends_with(&format!("/{ROLE}")))
            })
    });
    if !known {
        return Err(refuse(
            "InvalidParameter",
            "The roles of a trusted access role binding must be roles of its source resource.",
        ));
    }
    let fresh = world.resource(&id).is_none();
    if fresh && world.list(&cluster, BINDING).count() >= MOST {
        return Err(refuse(
            "TrustedAccessRoleBindingLimitReached",
            format!("A managed cluster can have at most {MOST} trusted access role bindings."),
        ));
    }
    let body = json!({ "id": id, "name": call.name(1), "type": BINDING,
        "properties": { "provisioningState": "Succeeded", "sourceResourceId": source, "roles": given["roles"] } });
    world.put(Resource::new(&id, BINDING, body.clone()));
    Ok(if fresh {
        Answer::created(body)
    } else {
        Answer::ok(body)
    })
}

pub(super) fn delete(world: &mut World, call: &Call) -> Handled {
    let id = id_of(world, call)?;
    Ok(if world.remove(&id).is_some() {
        Answer::ok(json!(null))
    } else {
        Answer::no_content()
    })
}
