//! Proves that a resource is the one a run created, and not another one with the same name.
//!
//! | kind | proof |
//! | --- | --- |
//! | resource group | tag `berth-plan` |
//! | cluster | tag `berth-plan`, and `properties.resourceUID` if the journal has it |
//! | compute | tag `berth-plan`, and `properties.createdOn` if the journal has it |
//! | extension | `systemData.createdAt`, which the journal must have; extensions have no tags |
//!
//! The rules check this on the facts, and the run checks it again on a fresh read right before the `DELETE`.

use crate::resource_id::{ResourceId, same_resource};
use crate::secrets::PLAN_TAG;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// What must hold for a resource before it is removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Provenance {
    /// Required value of tag `berth-plan`; `None` if the tag is not checked.
    pub plan: Option<String>,
    /// Required identity, see [`identity`]; `None` if it is not known.
    pub identity: Option<String>,
    /// For a resource group: ids of the resources it may contain. Each must have the plan's tag.
    pub contents: Option<Vec<String>>,
}

/// The members of a resource that identify it, as Azure returns them now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Marks {
    pub id: String,
    /// Value of tag `berth-plan`.
    pub plan: Option<String>,
    /// See [`identity`].
    pub identity: Option<String>,
}

impl Marks {
    /// Reads the marks from a resource body.
    pub fn of(resource: &Value) -> Self {
        let tags = resource["tags"].as_object().into_iter().flatten();
        // Azure keeps the case in which a tag's name was first written.
        let mut plans = tags.filter(|(name, _)| name.eq_ignore_ascii_case(PLAN_TAG));
        Self {
            id: resource["id"].as_str().unwrap_or_default().to_owned(),
            plan: plans
                .next()
                .and_then(|(_, value)| value.as_str())
                .map(str::to_owned),
            identity: identity(resource),
        }
    }
}

/// Why a resource may not be the one the run created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It has no tag, or the tag names another plan.
    Tag,
    /// It was deleted and recreated under the same name.
    Replaced,
    /// Only its name matches.
    Unproven,
}

impl Provenance {
    /// Requirements for a resource that a plan created with the given identity.
    pub fn of(plan: &str, resource_id: &str, identity: Option<String>) -> Self {
        Self {
            plan: carries_tags(resource_id).then(|| plan.to_owned()),
            identity,
            contents: None,
        }
    }

    /// Why a resource does not meet the requirements; `None` if it does.
    pub fn doubt(&self, now: &Marks) -> Option<Doubt> {
        if self.plan.is_none() && self.identity.is_none() {
            return Some(Doubt::Unproven);
        }
        if self.plan.is_some() && self.plan != now.plan {
            return Some(Doubt::Tag);
        }
        match (&self.identity, &now.identity) {
            (Some(then), Some(now)) if !same_identity(then, now) => Some(Doubt::Replaced),
            (Some(_), None) if self.plan.is_none() => Some(Doubt::Unproven),
            _ => None,
        }
    }

    /// Ids of resources in a group that it may not contain.
    pub fn foreign<'a>(&self, contents: &'a [Marks]) -> Vec<&'a str> {
        let may = self.contents.as_deref().unwrap_or_default();
        let own = |marks: &Marks| {
            marks.plan.is_some()
                && marks.plan == self.plan
                && may.iter().any(|id| same_resource(id, &marks.id))
        };
        let foreign = contents.iter().filter(|marks| !own(marks));
        foreign.map(|marks| marks.id.as_str()).collect()
    }
}

/// A value that stays the same for the lifetime of a resource and changes when it is recreated: `properties.resourceUID`
/// (clusters), `properties.createdOn` (computes), otherwise `systemData.createdAt` (extensions) or
/// `createdTime` (services). `None` if Azure returns none.
pub fn identity(resource: &Value) -> Option<String> {
    let candidates = [
        &resource["properties"]["resourceUID"],
        &resource["properties"]["createdOn"],
        &resource["systemData"]["createdAt"],
        &resource["createdTime"],
    ];
    let texts = candidates.into_iter().filter_map(Value::as_str);
    texts.map(str::to_owned).find(|text| !text.is_empty())
}

/// Compares identities. Timestamps are compared as times, because Azure formats them in different ways.
pub(crate) fn same_identity(one: &str, other: &str) -> bool {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    one == other || time(one).is_some_and(|at| time(other) == Some(at))
}

/// Whether resources of this kind have tags. Of those Berth creates, only extensions do not.
fn carries_tags(resource_id: &str) -> bool {
    !ResourceId::parse(resource_id).is_some_and(|id| id.is_extension())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SUBSCRIPTION: &str = "/subscriptions/s/resourceGroups/g";

    fn cluster_id() -> String {
        format!("{SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters/k")
    }

    fn extension_id() -> String {
        format!(
            "{}/providers/Microsoft.KubernetesConfiguration/extensions/azureml",
            cluster_id()
        )
    }

    fn cluster(tags: Value, uid: &str) -> Marks {
        Marks::of(&json!({ "id": cluster_id(), "tags": tags, "properties": { "resourceUID": uid } }))
    }

    #[test]
    fn a_cluster_is_identified_by_its_tag_and_uid() {
        let made = Provenance::of("p-1", &cluster_id(), Some("u-1".to_owned()));
        let tagged = json!({ "berth-plan": "p-1" });
        assert_eq!(made.doubt(&cluster(tagged.clone(), "u-1")), None);
        assert_eq!(made.doubt(&cluster(json!({ "Berth-Plan": "p-1" }), "u-1")), None);
        assert_eq!(made.doubt(&cluster(tagged.clone(), "u-2")), Some(Doubt::Replaced));
        for other in [
            json!({}),
            Value::Null,
            json!({ "berth-plan": "P-1" }),
            json!({ "berth-plan": "p-2" }),
            json!({ "berth-plan": 1 }),
        ] {
            assert_eq!(
                made.doubt(&cluster(other.clone(), "u-1")),
                Some(Doubt::Tag),
                "{other}"
            );
        }
        let unrecorded = Provenance::of("p-1", &cluster_id(), None);
        assert_eq!(unrecorded.doubt(&cluster(tagged, "u-9")), None);
    }

    #[test]
    fn an_extension_is_identified_by_its_creation_time() {
        let now = |at: Value| Marks::of(&json!({ "id": extension_id(), "systemData": { "createdAt": at } }));
        let made = Provenance::of("p-1", &extension_id(), Some("2026-01-01T00:00:00Z".to_owned()));
        assert_eq!(made.doubt(&now(json!("2026-01-01T00:00:00Z"))), None);
        assert_eq!(made.doubt(&now(json!("2026-01-01T00:00:00.0000000+00:00"))), None);
        assert_eq!(
            made.doubt(&now(json!("2026-01-01T00:00:01Z"))),
            Some(Doubt::Replaced)
        );
        assert_eq!(made.doubt(&now(Value::Null)), Some(Doubt::Unproven));
        let unrecorded = Provenance::of("p-1", &extension_id(), None);
        assert_eq!(
            unrecorded.doubt(&now(json!("2026-01-01T00:00:00Z"))),
            Some(Doubt::Unproven)
        );
    }

    #[test]
    fn contents_of_a_group_must_have_the_tag_too() {
        let group = Provenance {
            contents: Some(vec![cluster_id()]),
            ..Provenance::of("p-1", SUBSCRIPTION, None)
        };
        let upper = Marks {
            id: cluster_id().to_uppercase(),
            ..cluster(json!({ "berth-plan": "p-1" }), "u")
        };
        assert_eq!(group.foreign(&[upper]), Vec::<&str>::new());
        let vnet = Marks {
            id: "/vnet".to_owned(),
            plan: Some("p-1".to_owned()),
            ..Marks::default()
        };
        let again = cluster(json!({}), "u");
        assert_eq!(group.foreign(&[vnet, again]), ["/vnet", &cluster_id()]);
    }
}
