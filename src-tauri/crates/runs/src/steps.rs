//! The kinds of step, one module each: how a resource that is found, or not, is judged. The judging is pure; the engine
//! does the asking, sending and waiting.

pub(crate) mod assign_role;
pub(crate) mod attach_compute;
pub(crate) mod change_resource;
pub(crate) mod create_cluster;
pub(crate) mod create_through_aml;
pub(crate) mod ensure_namespace;
pub(crate) mod ensure_resource_group;
pub(crate) mod install_extension;
pub(crate) mod make_certificate;
pub(crate) mod register_provider;
pub(crate) mod remove_resource;
pub(crate) mod set_power;

use crate::record::{Intent, Said};
use berth_arm::{Arm, ArmError};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::azure_fault::AzureFault;
use berth_domain::plan::{PlanStep, PlannedRequest, StepKind, Target};
use berth_domain::secrets::PLAN_TAG;
use serde_json::Value;

/// What a step found in Azure.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// Nothing: the request is to be sent.
    Absent,
    /// Ours, and Azure works on it.
    InFlight,
    /// As it should be.
    Done,
    /// There, and the plan means to change it: the request is to be sent.
    Outdated,
    /// Ours, and it ended badly: the request is to be sent again.
    Broken(Box<AzureFault>),
    /// On its way out: look again later.
    Leaving,
    /// Not ours, and in the way.
    Conflict(Box<Failure>),
}

/// What a step knows when it judges.
pub(crate) struct Context<'a> {
    /// Tag of what this run makes.
    pub(crate) plan_id: &'a str,
    /// The step.
    pub(crate) step: &'a PlanStep,
    /// The request that left, or may have.
    pub(crate) intent: Option<&'a Intent>,
    /// What its resource was when the plan was made, where it was there.
    pub(crate) target: Option<&'a Target>,
}

impl Context<'_> {
    /// What was found where nothing has left yet: another resource of the same name is left as it is.
    fn replaced(&self, found: Option<&Value>) -> Option<Found> {
        let changes = matches!(
            self.step.kind,
            StepKind::ChangeResource { .. } | StepKind::RemoveResource { .. } | StepKind::SetPower { .. }
        );
        let target = self.target.filter(|_| changes && self.intent.is_none())?;
        let failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan)
            .with("resource", &target.resource_id)
            .with("reason", "replaced")
            .with("names", "");
        let replaced = found.is_some_and(|found| target.is_replaced_by(found));
        replaced.then(|| Found::Conflict(Box::new(failure)))
    }
}

/// Reads the resource of a step. `None` when it is not there, or when the kind has none in Azure.
///
/// # Errors
/// See [`ArmError`].
pub(crate) async fn read(arm: &Arm, step: &PlanStep) -> Result<Option<Value>, ArmError> {
    match resource_path(step) {
        Some(path) => arm.resource(&path).await,
        None => Ok(None),
    }
}

/// Path and query by which the resource of a step is read.
pub(crate) fn resource_path(step: &PlanStep) -> Option<String> {
    let id = step.kind.resource_id()?;
    let version = api_version(step.request.as_ref()?);
    Some(format!("{id}?{version}"))
}

/// The `api-version=…` of a planned request. The rest of its query is about that request alone.
pub(crate) fn api_version(request: &PlannedRequest) -> &str {
    berth_arm::api_version(&request.path).unwrap_or_default()
}

/// Judges what was read.
///
/// # Errors
/// See [`ArmError`]: some kinds look further.
pub(crate) async fn judge(
    arm: &Arm,
    context: &Context<'_>,
    found: Option<&Value>,
) -> Result<Found, ArmError> {
    if let Some(replaced) = context.replaced(found) {
        return Ok(replaced);
    }
    let judged = judge_by_kind(arm, context, found).await?;
    Ok(match (&judged, context.intent, found) {
        (Found::Broken(_), Some(intent), Some(found)) if !failed_of(intent, found) => Found::Outdated,
        _ => judged,
    })
}

async fn judge_by_kind(arm: &Arm, context: &Context<'_>, found: Option<&Value>) -> Result<Found, ArmError> {
    Ok(match &context.step.kind {
        StepKind::RegisterProvider { .. } => register_provider::judge(found),
        StepKind::EnsureResourceGroup { .. } => ensure_resource_group::judge(found),
        StepKind::CreateCluster { .. } => create_cluster::judge(context, found),
        StepKind::InstallExtension { .. } => return install_extension::inspect(arm, context, found).await,
        StepKind::AttachCompute { .. } => attach_compute::judge(context, found),
        StepKind::CreateThroughAml { .. } => create_through_aml::judge(context, found),
        StepKind::ChangeResource { .. } => change_resource::judge(context, found),
        StepKind::RemoveResource { .. } => return remove_resource::inspect(arm, context, found).await,
        StepKind::SetPower { .. } => set_power::judge(context, found),
        StepKind::AssignRole { .. } => return assign_role::inspect(arm, context, found).await,
        // These ask nothing of Azure's resources.
        StepKind::MakeCertificate { .. }
        | StepKind::EnsureNamespace { .. }
        | StepKind::KeepCertificate { .. }
        | StepKind::RemoveLeftovers { .. }
        | StepKind::MarkFrontEnd { .. }
        | StepKind::CompareAnswers { .. }
        | StepKind::Confirm { .. }
        | StepKind::Prove { .. } => Found::Done,
    })
}

/// Judges a resource that carries tags: ours when it carries our plan's.
pub(crate) fn judge_tagged(context: &Context<'_>, found: Option<&Value>) -> Found {
    let Some(found) = found else { return Found::Absent };
    if found["tags"][PLAN_TAG] == context.plan_id {
        by_state(found)
    } else {
        taken(found)
    }
}

/// Judges by `provisioningState`. States that are not known are taken for work in progress: new ones appear.
pub(crate) fn by_state(found: &Value) -> Found {
    match state(found).as_str() {
        "" | "succeeded" | "ready" => Found::Done,
        "failed" | "canceled" | "cancelled" => Found::Broken(Box::new(AzureFault::of_resource(found))),
        "deleting" => Found::Leaving,
        _ => Found::InFlight,
    }
}

/// `properties.provisioningState`, in lower case.
pub(crate) fn state(found: &Value) -> String {
    let state = found["properties"]["provisioningState"].as_str();
    state.unwrap_or_default().to_lowercase()
}

/// What was to be changed is not there: gone, unless Azure has accepted the change, so that a read may lag behind.
pub(crate) fn gone(context: &Context<'_>) -> Found {
    if context.intent.is_some_and(|intent| intent.said.is_acceptance()) {
        return Found::Absent;
    }
    let id = context.step.kind.resource_id().unwrap_or_default();
    let failure = Failure::new(FailureCode::ResourceGone, Remedy::ChangePlan).with("resource", id);
    Found::Conflict(Box::new(failure))
}

/// Whether a request has arrived: there was nothing before, or what there is has changed since, or Azure says that its
/// operation succeeded. Of a resource without any mark of its last write, Azure's word that it accepted is all there is.
pub(crate) fn arrived(intent: &Intent, found: &Value) -> bool {
    let Some(before) = &intent.before else { return true };
    let now = fingerprint(found);
    let unmarked = before.is_empty() && now.is_empty();
    match intent.said {
        Said::Succeeded => true,
        Said::Accepted if unmarked => true,
        Said::Accepted | Said::Refused | Said::Nothing => *before != now,
    }
}

/// Whether a resource in state Failed is in it because of the request: it was not refused, and the resource was in order
/// when it left or has been written since. Of a resource without any mark of its last write, Azure's word that it accepted
/// is all there is.
fn failed_of(intent: &Intent, found: &Value) -> bool {
    let Some(before) = &intent.failed_before else {
        return intent.said != Said::Refused;
    };
    let now = fingerprint(found);
    match intent.said {
        Said::Refused => false,
        Said::Succeeded => true,
        Said::Accepted if before.is_empty() && now.is_empty() => true,
        Said::Accepted | Said::Nothing => *before != now,
    }
}

/// The mark of a resource in state Failed; `None` for one in order.
pub(crate) fn mark_of_failed(found: &Value) -> Option<String> {
    matches!(by_state(found), Found::Broken(_)).then(|| fingerprint(found))
}

/// Something of that name is there and not ours.
pub(crate) fn taken(found: &Value) -> Found {
    let id = found["id"].as_str().unwrap_or_default();
    let failure = Failure::new(FailureCode::NameTaken, Remedy::ChangePlan)
        .with("resource", id)
        .with("step", "place");
    Found::Conflict(Box::new(failure))
}

/// Whether a refusal says that what the step makes is there already, although no look shows it yet.
pub(crate) fn says_it_is_there(step: &PlanStep, failure: &Failure) -> bool {
    let code = failure.azure.as_ref().map(|azure| azure.code.as_str());
    matches!(step.kind, StepKind::AssignRole { .. })
        && code.is_some_and(|code| code.eq_ignore_ascii_case("RoleAssignmentExists"))
}

/// By what one tells whether a resource has changed: when it was last written, else its etag.
pub(crate) fn fingerprint(found: &Value) -> String {
    let texts = [
        &found["systemData"]["lastModifiedAt"],
        &found["properties"]["modifiedOn"],
        &found["eTag"],
        &found["etag"],
    ];
    texts
        .into_iter()
        .find_map(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;
    use berth_domain::plan::{Note, UsualTime};
    use jiff::Timestamp;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    pub(crate) fn step(kind: StepKind) -> PlanStep {
        PlanStep {
            id: "step".to_owned(),
            kind,
            request: None,
            inside: Vec::new(),
            usual: UsualTime {
                from_seconds: 1,
                to_seconds: 60,
            },
            costs: Vec::new(),
            interrupts: Vec::new(),
            undo: Note {
                code: "undo.nothing".to_owned(),
                params: BTreeMap::new(),
            },
        }
    }

    pub(crate) fn context<'a>(step: &'a PlanStep, intent: Option<&'a Intent>) -> Context<'a> {
        Context {
            plan_id: "plan-1",
            step,
            intent,
            target: None,
        }
    }

    pub(crate) fn intent(before: Option<String>) -> Intent {
        Intent {
            client_request_id: Uuid::nil(),
            resource_id: "/r".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            before,
            failed_before: None,
            said: Said::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_domain::plan::Removed;
    use serde_json::json;

    #[test]
    fn a_resource_is_read_without_what_was_asked_of_its_write() {
        let step = PlanStep {
            request: Some(PlannedRequest {
                method: "DELETE".to_owned(),
                path: "/computes/c?api-version=1&underlyingResourceAction=Detach".to_owned(),
                body: None,
            }),
            ..tests_support::step(StepKind::RemoveResource {
                resource_id: "/computes/c".to_owned(),
                what: Removed::Attachment,
                only: None,
            })
        };
        assert_eq!(resource_path(&step).as_deref(), Some("/computes/c?api-version=1"));
    }

    /// How a pool in state Failed is judged after a request that found it in order or already failed.
    #[test]
    fn an_earlier_failure_is_no_failure_of_the_request() {
        let failed = |mark: &str| json!({ "eTag": mark, "properties": { "provisioningState": "Failed" } });
        let sent = |failed_before: Option<&str>, said: Said| Intent {
            failed_before: failed_before.map(str::to_owned),
            said,
            ..tests_support::intent(Some("1".to_owned()))
        };
        for said in [Said::Nothing, Said::Accepted, Said::Succeeded] {
            assert!(
                failed_of(&sent(None, said), &failed("1")),
                "in order before, {said:?}"
            );
            assert!(
                failed_of(&sent(Some("1"), said), &failed("2")),
                "written since, {said:?}"
            );
        }
        assert!(!failed_of(&sent(Some("1"), Said::Nothing), &failed("1")));
        assert!(!failed_of(&sent(Some("1"), Said::Accepted), &failed("1")));
        assert!(failed_of(&sent(Some(""), Said::Accepted), &failed("")));
        for before in [None, Some("1"), Some("")] {
            assert!(
                !failed_of(&sent(before, Said::Refused), &failed("2")),
                "{before:?}"
            );
        }
        assert_eq!(mark_of_failed(&failed("1")).as_deref(), Some("1"));
        assert_eq!(
            mark_of_failed(&json!({ "properties": { "provisioningState": "Succeeded" } })),
            None
        );
    }

    #[test]
    fn a_resource_made_anew_is_not_changed() {
        let step = tests_support::step(StepKind::SetPower {
            resource_id: "/k".to_owned(),
            running: false,
        });
        let target = Target {
            resource_id: "/k".to_owned(),
            identity: Some("u-1".to_owned()),
        };
        let sent = tests_support::intent(None);
        let judged = |uid: &str, intent| {
            let context = Context {
                target: Some(&target),
                ..tests_support::context(&step, intent)
            };
            let found = json!({ "id": "/k", "properties": { "resourceUID": uid } });
            context.replaced(Some(&found)).is_some()
        };
        assert!(judged("u-2", None));
        assert!(!judged("u-1", None) && !judged("u-2", Some(&sent)));
    }

    #[test]
    fn states_in_all_their_spellings() {
        let is = |state: &str| by_state(&json!({ "properties": { "provisioningState": state } }));
        for state in ["Succeeded", "SUCCEEDED", ""] {
            assert_eq!(is(state), Found::Done, "{state}");
        }
        for state in ["Creating", "Updating", "Upgrading", "BrandNewState"] {
            assert_eq!(is(state), Found::InFlight, "{state}");
        }
        assert_eq!(is("Deleting"), Found::Leaving);
        for state in ["Failed", "Canceled", "Cancelled"] {
            assert!(matches!(is(state), Found::Broken(_)), "{state}");
        }
    }
}
