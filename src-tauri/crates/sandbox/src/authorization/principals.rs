//! The principals to which a role can be assigned: those of the directory, and the managed identities of resources.

use crate::answer::Refusal;
use crate::world::World;
use serde_json::Value;

const SERVICE: &str = "ServicePrincipal";

/// The type of a principal; `None` if the tenant has none with that object id.
fn type_of(world: &World, object_id: &str) -> Option<&'static str> {
    let is = |found: &str| found.eq_ignore_ascii_case(object_id);
    if world.directory.people.iter().any(|person| is(&person.object_id)) {
        return Some("User");
    }
    let client = world.directory.clients.iter().any(|client| is(&client.object_id));
    let managed = || {
        world
            .resources()
            .any(|resource| has_identity(&resource.body, &is))
    };
    (client || managed()).then_some(SERVICE)
}

/// Whether a managed identity of a resource fits: its own, one assigned to it, or one of AKS.
fn has_identity(body: &Value, fits: &impl Fn(&str) -> bool) -> bool {
    let named = |of: &Value, member: &str| of[member].as_str().is_some_and(fits);
    let identity = &body["identity"];
    let assigned = identity["userAssignedIdentities"].as_object();
    let profile = body["properties"]["identityProfile"].as_object();
    named(identity, "principalId")
        || named(&body["properties"], "principalId")
        || named(&body["properties"]["aksAssignedIdentity"], "principalId")
        || assigned.is_some_and(|all| all.values().any(|one| named(one, "principalId")))
        || profile.is_some_and(|all| all.values().any(|one| named(one, "objectId")))
}

/// Refuses a principal that the tenant does not have, or that has another type than the request says.
pub(super) fn check(world: &World, object_id: &str, given_type: Option<&str>) -> Result<(), Refusal> {
    let plain = object_id.replace('-', "");
    let Some(found) = type_of(world, object_id) else {
        return Err(Refusal::bad_request(
            "PrincipalNotFound",
            format!(
                "Principal {plain} does not exist in the directory {}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
                world.directory.tenant_id
            ),
        ));
    };
    match given_type.filter(|given| !given.eq_ignore_ascii_case(found)) {
        // "PrinciaplType" is Azure's spelling.
        Some(given) => Err(Refusal::bad_request(
            "UnmatchedPrincipalType",
            format!(
                "The PrincipalId '{plain}' has type '{found}' , which is different from specified PrinciaplType '{given}'."
            ),
        )),
        None => Ok(()),
    }
}
