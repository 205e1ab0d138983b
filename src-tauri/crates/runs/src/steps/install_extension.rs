//! Extension `Microsoft.AzureML.Kubernetes`. Extensions have no tags: ours is the one with the plan's settings. Protected
//! settings cannot be read back, so the time of the last change tells whether a new certificate has arrived.

use super::{Context, Found, by_state, has_arrived, name_taken};
use crate::secrets::sends_pair;
use berth_arm::{Arm, ArmError};
use berth_domain::bodies::extension::EXTENSION_TYPE;
use berth_domain::facts::ProvisioningState;
use berth_domain::plan::StepKind;
use berth_domain::resource_id::same_resource;
use serde_json::Value;

/// Judges the extension, and whether another instance blocks it: a cluster can have only one.
pub(super) async fn inspect(
    arm: &Arm,
    context: &Context<'_>,
    found: Option<&Value>,
) -> Result<Found, ArmError> {
    if found.is_some() {
        return Ok(judge(context, found, &[]));
    }
    let (StepKind::InstallExtension { resource_id }, Some(request)) =
        (&context.step.kind, &context.step.request)
    else {
        return Ok(Found::Absent);
    };
    let Some((list, _)) = resource_id.rsplit_once('/') else {
        return Ok(Found::Absent);
    };
    let others: Vec<Value> = arm
        .list(&format!("{list}?{}", super::api_version(request)))
        .await?;
    Ok(judge(context, None, &others))
}

fn judge(context: &Context<'_>, found: Option<&Value>, others: &[Value]) -> Found {
    let Some(found) = found else {
        let id = context.step.kind.resource_id().unwrap_or_default();
        let rival = others
            .iter()
            .find(|other| is_aml(other) && !same_resource(other["id"].as_str().unwrap_or_default(), id));
        return rival.map_or(Found::Absent, name_taken);
    };
    if !is_aml(found) {
        return name_taken(found);
    }
    // A plan that changes an existing extension interrupts something.
    let changes_existing = !context.step.interrupts.is_empty();
    let same = same_settings(context, found);
    if !same && !changes_existing && context.intent.is_none() {
        return name_taken(found);
    }
    match (by_state(found), context.intent) {
        (Found::Done, Some(intent)) if has_arrived(intent, found) => Found::Done,
        (Found::Done, Some(_)) => Found::Outdated,
        (Found::Done, None) if same && !sends_pair(context.step) => Found::Done,
        (Found::Done, None) => Found::Outdated,
        (other, _) => other,
    }
}

fn is_aml(extension: &Value) -> bool {
    let kind = extension["properties"]["extensionType"].as_str();
    let deleted = ProvisioningState::of_resource(extension) == ProvisioningState::Deleted;
    !deleted && kind.is_some_and(|kind| kind.eq_ignore_ascii_case(EXTENSION_TYPE))
}

/// Whether the extension has every setting of the plan with the same value. The service adds settings of its own.
fn same_settings(context: &Context<'_>, found: &Value) -> bool {
    let body = context
        .step
        .request
        .as_ref()
        .and_then(|request| request.body.as_ref());
    let wanted = body.and_then(|body| body["properties"]["configurationSettings"].as_object());
    let have = found["properties"]["configurationSettings"].as_object();
    let has = |name: &str, value: &Value| {
        let found = have
            .into_iter()
            .flatten()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.is_some_and(|(_, have)| match (have.as_str(), value.as_str()) {
            (Some(have), Some(value)) => have.eq_ignore_ascii_case(value),
            _ => have == value,
        })
    };
    wanted.into_iter().flatten().all(|(name, value)| has(name, value))
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, intent, step};
    use super::*;
    use berth_domain::plan::{Note, PlanStep, PlannedRequest};
    use berth_domain::secrets::SecretPart;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn install(protected: Option<&str>) -> PlanStep {
        let mut body = json!({ "properties": { "configurationSettings": { "sslCname": "ml.contoso.com" } } });
        if let Some(protected) = protected {
            body["properties"]["configurationProtectedSettings"] = json!({ "scoringFe.sslKey": protected });
        }
        let mut step = step(StepKind::InstallExtension {
            resource_id: "/k/extensions/azureml".to_owned(),
        });
        step.request = Some(PlannedRequest {
            method: "PUT".to_owned(),
            path: "/k?v".to_owned(),
            body: Some(body),
        });
        step
    }

    fn found(cname: &str, state: &str, changed: &str) -> Value {
        json!({
            "id": "/k/extensions/azureml",
            "systemData": { "lastModifiedAt": changed },
            "properties": {
                "extensionType": "microsoft.azureml.kubernetes",
                "provisioningState": state,
                "configurationSettings": { "SSLCname": cname, "added": "by the service" }
            }
        })
    }

    #[test]
    fn an_extension_with_other_settings_is_not_ours() {
        let step = install(None);
        let fresh = context(&step, None);
        assert_eq!(
            judge(&fresh, Some(&found("ml.contoso.com", "Succeeded", "1")), &[]),
            Found::Done
        );
        assert_eq!(
            judge(&fresh, Some(&found("ML.contoso.com", "Creating", "1")), &[]),
            Found::InFlight
        );
        let theirs = found("other.contoso.com", "Succeeded", "1");
        assert!(matches!(judge(&fresh, Some(&theirs), &[]), Found::Conflict(_)));
    }

    #[test]
    fn another_instance_is_a_conflict() {
        let step = install(None);
        let fresh = context(&step, None);
        let mut rival = found("x", "Succeeded", "1");
        rival["id"] = json!("/k/extensions/ml2");
        let unrelated =
            json!({ "id": "/k/extensions/flux", "properties": { "extensionType": "microsoft.flux" } });
        assert_eq!(
            judge(&fresh, None, std::slice::from_ref(&unrelated)),
            Found::Absent
        );
        assert!(matches!(
            judge(&fresh, None, &[unrelated, rival]),
            Found::Conflict(_)
        ));
    }

    #[test]
    fn an_intended_change_is_sent_once() {
        let mut step = install(Some(SecretPart::KeyBase64.marker()));
        step.interrupts.push(Note {
            code: "interrupt.extension".to_owned(),
            params: BTreeMap::new(),
        });
        let before = found("old.contoso.com", "Succeeded", "1");
        assert_eq!(judge(&context(&step, None), Some(&before), &[]), Found::Outdated);
        let sent = intent(Some(super::super::fingerprint(&before)));
        assert_eq!(
            judge(&context(&step, Some(&sent)), Some(&before), &[]),
            Found::Outdated,
            "the request did not arrive"
        );
        let after = found("ml.contoso.com", "Succeeded", "2");
        assert_eq!(
            judge(&context(&step, Some(&sent)), Some(&after), &[]),
            Found::Done
        );
    }

    #[test]
    fn a_certificate_is_always_sent() {
        let step = install(Some(SecretPart::KeyBase64.marker()));
        let same = found("ml.contoso.com", "Succeeded", "1");
        assert_eq!(judge(&context(&step, None), Some(&same), &[]), Found::Outdated);
        let first = intent(None);
        assert_eq!(
            judge(&context(&step, Some(&first)), Some(&same), &[]),
            Found::Done,
            "there was no extension before"
        );
    }
}
