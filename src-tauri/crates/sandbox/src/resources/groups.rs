//! Resource groups (Microsoft.Resources 2024-03-01).

use super::locations;
use crate::answer::{Answer, Handled, Refusal};
use crate::call::Call;
use crate::clock::Now;
use crate::effect::Effect;
use crate::operation::{Outcome, Start, with_location};
use crate::resource_id::{key, resource_group_id};
use crate::scoring;
use crate::world::{Resource, World};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) const KIND: &str = "Microsoft.Resources/resourceGroups";
const DELETE_SECONDS: u64 = 120;

/// What an operation on a group does when it completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum GroupEffect {
    Delete { id: String },
}

pub(crate) fn find<'a>(world: &'a World, subscription: &str, group: &str) -> Option<&'a Resource> {
    world.resource(&resource_group_id(subscription, group))
}

/// Creates a group if it does not exist, as providers do for what they manage (`managed_by` is then the
/// owner's id).
pub(crate) fn ensure(
    world: &mut World,
    subscription: &str,
    name: &str,
    location: &str,
    managed_by: Option<&str>,
) {
    if find(world, subscription, name).is_none() {
        let mut body = body(subscription, name, location, json!({}));
        if let Some(owner) = managed_by {
            body["managedBy"] = owner.into();
        }
        world.put(Resource::new(resource_group_id(subscription, name), KIND, body));
    }
}

/// Removes a group with its contents and everything that depends on them.
pub(crate) fn remove(world: &mut World, id: &str) {
    world.remove(id);
    world.storage.remove_below(id);
    sweep(world);
}

/// Removes what belongs to resources that no longer exist: managed groups (`managedBy`) and the objects of
/// clusters.
pub(crate) fn sweep(world: &mut World) {
    let owned = |group: &Resource| {
        group.body["managedBy"]
            .as_str()
            .is_some_and(|owner| world.resource(owner).is_none())
    };
    let orphans: Vec<String> = world
        .list("", KIND)
        .filter(|group| owned(group))
        .map(|group| group.id.clone())
        .collect();
    for orphan in orphans {
        world.remove(&orphan);
    }
    scoring::remove_orphans(world);
}

fn body(subscription: &str, name: &str, location: &str, tags: Value) -> Value {
    json!({
        "id": resource_group_id(subscription, name),
        "name": name,
        "type": KIND,
        "location": location,
        "tags": tags,
        "properties": { "provisioningState": "Succeeded" },
    })
}

/// Handles `/subscriptions/{s}/resourceGroups[/{g}]`.
pub(crate) fn handle(world: &mut World, call: &Call, now: Now) -> Handled {
    match (call.method.as_str(), call.arm.group.as_deref()) {
        ("GET", None) => Ok(list(world, call)),
        ("GET", Some(name)) => get(world, call, name).map(|group| Answer::ok(group.body.clone())),
        ("HEAD", Some(name)) => Ok(head(world, call, name)),
        ("PUT", Some(name)) => put(world, call, name),
        ("PATCH", Some(name)) => patch(world, call, name),
        ("DELETE", Some(name)) => delete(world, call, name, now),
        _ => Err(Refusal::method_not_allowed(call)),
    }
}

fn list(world: &World, call: &Call) -> Answer {
    let scope = format!("/subscriptions/{}", call.subscription());
    let wanted = call.query("$filter").map(TagFilter::parse);
    let matches = |group: &&Resource| {
        wanted
            .as_ref()
            .is_none_or(|filter| filter.matches(&group.body["tags"]))
    };
    Answer::bodies(call, world.list(&scope, KIND).filter(matches))
}

/// The list's filter: `tagName eq 'a' and tagValue eq 'b'`.
#[derive(Debug, Default)]
struct TagFilter {
    name: Option<String>,
    value: Option<String>,
}

impl TagFilter {
    fn parse(filter: &str) -> Self {
        let mut parsed = Self::default();
        for term in filter.split(" and ") {
            let Some((left, right)) = term.split_once(" eq ") else {
                continue;
            };
            let right = right.trim().trim_matches('\'').to_string();
            match left.trim().to_ascii_lowercase().as_str() {
                "tagname" => parsed.name = Some(right),
                "tagvalue" => parsed.value = Some(right),
                _ => {}
            }
        }
        parsed
    }

    fn matches(&self, tags: &Value) -> bool {
        let Some(name) = &self.name else { return true };
        let tag = tags
            .as_object()
            .and_then(|tags| tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
        tag.is_some_and(|(_, value)| self.value.as_ref().is_none_or(|wanted| value == wanted))
    }
}

/// 404 in ARM's words for a group that does not exist.
pub(crate) fn not_found(name: &str) -> Refusal {
    Refusal::not_found(
        "ResourceGroupNotFound",
        format!("Resource group '{name}' could not be found."),
    )
}

fn get<'a>(world: &'a World, call: &Call, name: &str) -> Result<&'a Resource, Refusal> {
    find(world, call.subscription(), name).ok_or_else(|| not_found(name))
}

fn head(world: &World, call: &Call, name: &str) -> Answer {
    match get(world, call, name) {
        Ok(_) => Answer::no_content(),
        Err(_) => Answer::empty(http::StatusCode::NOT_FOUND),
    }
}

/// Group names: 1 to 90 letters, digits, `_`, `-`, `.`, `(`, `)`, no dot at the end
/// (learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
fn valid_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "_-.()".contains(c);
    (1..=90).contains(&name.chars().count()) && name.chars().all(allowed) && !name.ends_with('.')
}

fn put(world: &mut World, call: &Call, name: &str) -> Handled {
    if !valid_name(name) {
        let message = format!(
            "The provided resource group name '{name}' has these invalid characters or ends with a period. The name can only be a letter, digit, '-', '.', '(', ')' or '_', at most 90 long, and cannot end with a period."
        );
        return Err(Refusal::bad_request("InvalidResourceGroup", message));
    }
    let written = call.body["location"].as_str().unwrap_or_default();
    if written.is_empty() {
        return Err(Refusal::bad_request(
            "LocationRequired",
            "The location property is required for this definition.",
        ));
    }
    let Some(location) = locations::find(written) else {
        let known: Vec<&str> = locations::LOCATIONS
            .iter()
            .map(|location| location.name)
            .collect();
        let message = format!(
            "The provided location '{written}' is not available for resource group. List of available regions is '{}'.",
            known.join(",")
        );
        return Err(Refusal::bad_request(
            "LocationNotAvailableForResourceGroup",
            message,
        ));
    };
    let tags = call
        .body
        .get("tags")
        .filter(|tags| tags.is_object())
        .cloned()
        .unwrap_or_else(|| json!({}));
    let Some(existing) = find(world, call.subscription(), name) else {
        let body = body(call.subscription(), name, location.name, tags);
        world.put(Resource::new(
            resource_group_id(call.subscription(), name),
            KIND,
            body.clone(),
        ));
        return Ok(Answer::created(body));
    };
    if existing.location() != location.name {
        let message = format!(
            "Invalid resource group location '{written}'. The Resource group already exists in location '{}'.",
            existing.location()
        );
        return Err(Refusal::conflict("InvalidResourceGroupLocation", message));
    }
    if existing.provisioning_state() == "Deleting" {
        return Err(being_deleted(name));
    }
    let id = existing.id.clone();
    set_tags(world, &id, tags)
}

fn patch(world: &mut World, call: &Call, name: &str) -> Handled {
    let id = get(world, call, name)?.id.clone();
    match call.body.get("tags").filter(|tags| tags.is_object()) {
        Some(tags) => set_tags(world, &id, tags.clone()),
        None => get(world, call, name).map(|group| Answer::ok(group.body.clone())),
    }
}

fn set_tags(world: &mut World, id: &str, tags: Value) -> Handled {
    let group = world.resource_mut(id).ok_or_else(|| not_found(id))?;
    group.body["tags"] = tags;
    Ok(Answer::ok(group.body.clone()))
}

fn being_deleted(name: &str) -> Refusal {
    Refusal::conflict(
        "ResourceGroupBeingDeleted",
        format!("The resource group '{name}' is in deprovisioning state and cannot perform this operation."),
    )
}

fn delete(world: &mut World, call: &Call, name: &str, now: Now) -> Handled {
    let id = get(world, call, name)?.id.clone();
    let running = world.running_on(&id).map(|operation| operation.id.clone());
    let operation = running.unwrap_or_else(|| {
        let effect = Effect::Groups(GroupEffect::Delete { id: key(&id) });
        world.start(Start::new(&id, DELETE_SECONDS, effect), now)
    });
    if let Some(group) = world.resource_mut(&id) {
        group.body["properties"]["provisioningState"] = "Deleting".into();
    }
    let path = format!(
        "/subscriptions/{}/operationresults/{operation}?api-version={}",
        call.subscription(),
        call.api_version()
    );
    Ok(with_location(Answer::accepted(), call, &path).header("Retry-After", now.retry_after(15).to_string()))
}

pub(crate) fn finish(world: &mut World, effect: &GroupEffect, outcome: &Outcome) {
    let GroupEffect::Delete { id } = effect;
    match outcome {
        Outcome::Succeeded => remove(world, id),
        Outcome::Failed(_) | Outcome::Canceled => {
            if let Some(group) = world.resource_mut(id) {
                group.body["properties"]["provisioningState"] = "Succeeded".into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_as_documented() {
        for (name, valid) in [
            ("rg-ml_1.(x)", true),
            ("", false),
            ("a.", false),
            ("a b", false),
            ("a/b", false),
        ] {
            assert_eq!(valid_name(name), valid, "{name}");
        }
        assert!(!valid_name(&"a".repeat(91)) && valid_name(&"a".repeat(90)));
    }

    #[test]
    fn the_tag_filter_reads_both_terms() {
        let filter = TagFilter::parse("tagName eq 'env' and tagValue eq 'prod'");
        assert!(filter.matches(&json!({"Env": "prod"})));
        assert!(!filter.matches(&json!({"env": "test"})) && !filter.matches(&Value::Null));
    }
}
