//! Removes a resource. Where the plan says so, each inspection checks that it is still the same resource: its tag, its
//! identity and, for a resource group, its contents.

use super::{Context, Found};
use berth_arm::resources::groups;
use berth_arm::{Arm, ArmError};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::facts::ProvisioningState;
use berth_domain::plan::{Removed, StepKind};
use berth_domain::provenance::{Doubt, Marks, Provenance};
use serde_json::Value;

/// Judges the resource and, for a resource group, its contents.
pub(super) async fn inspect(
    arm: &Arm,
    context: &Context<'_>,
    found: Option<&Value>,
) -> Result<Found, ArmError> {
    let StepKind::RemoveResource {
        resource_id,
        what,
        only,
    } = &context.step.kind
    else {
        return Ok(judge(found, None));
    };
    let judged = judge(found, only.as_ref());
    match only {
        Some(only) if judged == Found::Outdated && *what == Removed::ResourceGroup => {
            let contents = groups::list_contents(arm, resource_id).await?;
            Ok(contains_only_its_own(resource_id, only, &contents).unwrap_or(judged))
        }
        _ => Ok(judged),
    }
}

fn judge(found: Option<&Value>, only: Option<&Provenance>) -> Found {
    let Some(found) = found else { return Found::Done };
    if ProvisioningState::of_resource(found) == ProvisioningState::Deleting {
        return Found::Leaving;
    }
    let marks = Marks::of(found);
    match only.and_then(|only| only.doubt(&marks)) {
        Some(doubt) => not_the_same(&marks.id, reason(doubt), ""),
        None => Found::Outdated,
    }
}

fn contains_only_its_own(group: &str, only: &Provenance, contents: &[Marks]) -> Option<Found> {
    let foreign = only.foreign(contents);
    (!foreign.is_empty()).then(|| not_the_same(group, "contains", &foreign.join(", ")))
}

fn reason(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Tag => "tag",
        Doubt::Replaced => "replaced",
        Doubt::Unproven => "unproven",
    }
}

fn not_the_same(id: &str, reason: &str, names: &str) -> Found {
    let mut failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan)
        .with("resource", id)
        .with("reason", reason)
        .with("names", names);
    failure.detail = format!("{id}: {reason} {names}").trim_end().to_owned();
    Found::Conflict(Box::new(failure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn made() -> Provenance {
        Provenance {
            plan: Some("p-1".to_owned()),
            identity: Some("u-1".to_owned()),
            contents: Some(vec!["/k".to_owned()]),
        }
    }

    fn cluster(plan: &str, uid: &str, state: &str) -> Value {
        json!({
            "id": "/k",
            "tags": { "berth-plan": plan },
            "properties": { "resourceUID": uid, "provisioningState": state },
        })
    }

    fn why(found: &Found) -> &str {
        match found {
            Found::Conflict(failure) => &failure.params["reason"],
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_resource_is_gone_being_deleted_or_there() {
        assert_eq!(judge(None, None), Found::Done);
        let is = |state: &str| {
            judge(
                Some(&json!({ "properties": { "provisioningState": state } })),
                None,
            )
        };
        assert_eq!(is("Deleting"), Found::Leaving);
        assert_eq!(is("Succeeded"), Found::Outdated);
        assert_eq!(is("Failed"), Found::Outdated);
    }

    #[test]
    fn another_resource_of_the_same_name_is_left_alone() {
        let only = made();
        let judged = |cluster: &Value| judge(Some(cluster), Some(&only));
        assert_eq!(judged(&cluster("p-1", "u-1", "Failed")), Found::Outdated);
        assert_eq!(judge(None, Some(&only)), Found::Done);
        assert_eq!(why(&judged(&cluster("p-2", "u-1", "Succeeded"))), "tag");
        assert_eq!(why(&judged(&json!({ "id": "/k" }))), "tag");
        assert_eq!(why(&judged(&cluster("p-1", "u-2", "Succeeded"))), "replaced");
    }

    #[test]
    fn a_group_with_foreign_contents_is_left_alone() {
        let own = Marks::of(&cluster("p-1", "u-1", "Succeeded"));
        let other = Marks {
            id: "/theirs".to_owned(),
            ..Marks::default()
        };
        assert_eq!(
            contains_only_its_own("/g", &made(), std::slice::from_ref(&own)),
            None
        );
        let found = contains_only_its_own("/g", &made(), &[own, other]).expect("a conflict");
        assert_eq!(why(&found), "contains");
    }
}
