//! Creates or updates a service on the classic route, or one of its versions. What the plan deployed has the tag of the plan.

use super::{Context, Found, by_state, judge_missing, name_taken};
use berth_domain::secrets::PLAN_TAG;
use serde_json::{Value, json};

/// Judges the service, or its version.
pub(super) fn judge(
    context: &Context<'_>,
    found: Option<&Value>,
    version: Option<&str>,
    replaces: bool,
) -> Found {
    let creates = context
        .step
        .request
        .as_ref()
        .is_some_and(|request| request.method == "POST");
    let Some(service) = found else {
        return if creates {
            Found::Absent
        } else {
            judge_missing(context)
        };
    };
    let part = match version {
        Some(version) => service["versions"].get(version).filter(|part| part.is_object()),
        None => Some(service),
    };
    match part {
        Some(part) if part["kvTags"][PLAN_TAG] == context.plan_id => by_state(&with_kind(part, service)),
        None if creates => name_taken(service),
        Some(_) if !replaces => name_taken(service),
        None | Some(_) => unless_busy(service),
    }
}

/// A version in the form of a service, whose state and error it has too.
fn with_kind(part: &Value, service: &Value) -> Value {
    let mut part = part.clone();
    part["computeType"] = json!("AKS");
    if part["state"].is_null() {
        part["state"] = service["state"].clone();
        part["error"] = service["error"].clone();
    }
    part
}

/// The request has to be sent, once no other operation changes the service.
fn unless_busy(service: &Value) -> Found {
    match by_state(service) {
        Found::InFlight => Found::InFlight,
        _ => Found::Outdated,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, step};
    use super::*;
    use berth_domain::plan::{PlannedRequest, StepKind};

    fn judged(method: &str, version: Option<&str>, replaces: bool, found: Option<&Value>) -> Found {
        let mut step = step(StepKind::DeployService {
            resource_id: "/s".to_owned(),
            version: version.map(str::to_owned),
            code: None,
            replaces,
        });
        step.request = Some(PlannedRequest {
            method: method.to_owned(),
            path: "/modelmanagement/v1.0/s".to_owned(),
            body: None,
        });
        judge(&context(&step, None), found, version, replaces)
    }

    fn service(state: &str, green: &Value) -> Value {
        let mut service = json!({ "name": "s", "computeType": "AKSENDPOINT", "state": state, "kvTags": {},
            "versions": { "blue": { "state": "Healthy", "kvTags": {} } } });
        if !green.is_null() {
            service["versions"]["green"] = green.clone();
        }
        service
    }

    #[test]
    fn a_version_is_ours_only_with_the_tag_of_the_plan() {
        let green = |tag: &str, state: &str| json!({ "state": state, "kvTags": { "berth-plan": tag } });
        let add = |found: &Value| judged("PATCH", Some("green"), false, Some(found));
        assert_eq!(add(&service("Healthy", &Value::Null)), Found::Outdated);
        assert_eq!(add(&service("Transitioning", &Value::Null)), Found::InFlight);
        assert_eq!(
            add(&service("Transitioning", &green("plan-1", "Transitioning"))),
            Found::InFlight
        );
        assert_eq!(add(&service("Failed", &green("plan-1", "Healthy"))), Found::Done);
        assert!(matches!(
            add(&service("Failed", &green("plan-1", "Failed"))),
            Found::Broken(_)
        ));
        assert!(matches!(
            add(&service("Healthy", &green("other", "Healthy"))),
            Found::Conflict(_)
        ));
        let update = |found: &Value| judged("PATCH", Some("green"), true, Some(found));
        assert_eq!(
            update(&service("Healthy", &green("other", "Healthy"))),
            Found::Outdated
        );
        assert_eq!(
            update(&service("Healthy", &green("plan-1", "Healthy"))),
            Found::Done
        );
    }

    #[test]
    fn another_service_of_the_name_is_left_alone() {
        let plain = json!({ "name": "s", "computeType": "AKS", "state": "Healthy", "kvTags": { "berth-plan": "other" } });
        assert_eq!(judged("POST", None, false, None), Found::Absent);
        assert!(matches!(
            judged("POST", None, false, Some(&plain)),
            Found::Conflict(_)
        ));
        assert!(matches!(
            judged(
                "POST",
                Some("green"),
                false,
                Some(&service("Healthy", &Value::Null))
            ),
            Found::Conflict(_)
        ));
        assert!(matches!(judged("PATCH", None, true, None), Found::Conflict(_)));
    }
}
