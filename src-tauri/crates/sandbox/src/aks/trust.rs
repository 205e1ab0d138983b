//! Trusted Access: gives a workspace access to a cluster without a local account (containerservice aks
//! 2024-02-01, trustedAccessRoleBindings; learn.microsoft.com/azure/aks/trusted-access-feature).

use super::clusters::find;
use super::refuse;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::collection;
use crate::world::{Resource, World};
use serde_json::json;

const BINDING: &str = "Microsoft.ContainerService/managedClusters/trustedAccessRoleBindings";
/// Maximum bindings per cluster.
const MAX_BINDINGS: usize = 8;
const ROLE: &str = "mlworkload";

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
    collection::get(world, &id, || Refusal::resource_not_found(call))
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
    let existed = world.resource(&id).is_some();
    if !existed && world.list(&cluster, BINDING).count() >= MAX_BINDINGS {
        return Err(refuse(
            "TrustedAccessRoleBindingLimitReached",
            format!("A managed cluster can have at most {MAX_BINDINGS} trusted access role bindings."),
        ));
    }
    let body = json!({ "id": id, "name": call.name(1), "type": BINDING,
        "properties": { "provisioningState": "Succeeded", "sourceResourceId": source, "roles": given["roles"] } });
    world.put(Resource::new(&id, BINDING, body.clone()));
    Ok(Answer::ok_or_created(existed, body))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Handled {
    let id = id_of(world, call)?;
    Ok(if world.remove(&id).is_some() {
        Answer::ok(json!(null))
    } else {
        Answer::no_content()
    })
}
