//! The kinds of step, one module each: how the state of a resource is judged. Judging is pure; the engine reads, sends and
//! waits.

pub(crate) mod abort;
pub(crate) mod assign_role;
pub(crate) mod change_resource;
mod classic;
mod conflict;
mod deploy_service;
mod effect;
pub(crate) mod ensure_namespace;
pub(crate) mod ensure_resource_group;
pub(crate) mod install_extension;
pub(crate) mod make_certificate;
pub(crate) mod regenerate_key;
pub(crate) mod register_provider;
pub(crate) mod remove_resource;
pub(crate) mod set_power;
mod update_version;

pub(crate) use classic::{classic_workspace, is_classic};
pub(crate) use conflict::name_taken;
pub(crate) use effect::{fingerprint, fingerprint_of_failed, has_arrived};

use crate::record::Intent;
use berth_arm::resources::endpoints::{model_management, plane_of_service, service_resource};
use berth_arm::{Arm, ArmError};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::azure_fault::AzureFault;
use berth_domain::bodies::web_service::service_path;
use berth_domain::facts::ProvisioningState;
use berth_domain::plan::{PlanStep, PlannedRequest, StepKind, Target};
use berth_domain::resource_id::is_service_id;
use berth_domain::secrets::PLAN_TAG;
use effect::has_failed;
use serde_json::Value;

/// The state in which a step found its resource.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// Not there: the request has to be sent.
    Absent,
    /// Ours, and an operation is in progress.
    InFlight,
    /// As it should be.
    Done,
    /// There, and to be changed: the request has to be sent.
    Outdated,
    /// Ours, and its operation failed: the request has to be sent again.
    Broken(Box<AzureFault>),
    /// Being deleted: inspect again later.
    Leaving,
    /// Not ours, so the step must not touch it.
    Conflict(Box<Failure>),
}

/// What judging needs besides the resource.
pub(crate) struct Context<'a> {
    /// The tag value of resources that this run makes.
    pub(crate) plan_id: &'a str,
    pub(crate) step: &'a PlanStep,
    /// The last request that was sent, or may have been.
    pub(crate) intent: Option<&'a Intent>,
    /// The resource as it was when the plan was made, where it existed.
    pub(crate) target: Option<&'a Target>,
}

impl Context<'_> {
    /// Judges a resource of the same name that has taken the place of the planned one. It is never removed, and it is changed
    /// only if a request was sent before.
    fn judge_replaced(&self, found: Option<&Value>) -> Option<Found> {
        let protects = match self.step.kind {
            StepKind::RemoveResource { .. } => true,
            StepKind::ChangeResource { .. }
            | StepKind::UpdateVersion { .. }
            | StepKind::SetPower { .. }
            | StepKind::RegenerateKey { .. } => self.intent.is_none(),
            _ => false,
        };
        let target = self.target.filter(|_| protects)?;
        let failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan)
            .with("resource", &target.resource_id)
            .with("reason", "replaced")
            .with("names", "");
        let replaced = found.is_some_and(|found| target.is_replaced_by(found));
        replaced.then(|| Found::Conflict(Box::new(failure)))
    }
}

/// Reads the resource of a step over its [`connection`]. `None` when it is not there, or when this kind of step has no
/// resource in Azure.
///
/// # Errors
/// See [`ArmError`].
pub(crate) async fn read(connection: &Arm, step: &PlanStep) -> Result<Option<Value>, ArmError> {
    if let Some(id) = service_id(step) {
        return service_resource(connection, id).await;
    }
    if is_classic(step) {
        return classic::read_model(connection, step).await;
    }
    match resource_path(step) {
        Some(path) => connection.resource(&path).await,
        None => Ok(None),
    }
}

/// Id of the service on the classic route that a step changes.
fn service_id(step: &PlanStep) -> Option<&str> {
    step.kind.resource_id().filter(|id| is_service_id(id))
}

/// The connection for the requests of a step. The classic route has an API of its own.
///
/// # Errors
/// See [`ArmError`].
pub(crate) async fn connection(arm: &Arm, step: &PlanStep) -> Result<Arm, ArmError> {
    match service_id(step) {
        Some(id) => plane_of_service(arm, id).await,
        None if is_classic(step) => model_management(arm, classic_workspace(step), None).await,
        None => Ok(arm.clone()),
    }
}

/// Path and query for reading the resource of a step.
pub(crate) fn resource_path(step: &PlanStep) -> Option<String> {
    let id = step.kind.resource_id()?;
    if service_id(step).is_some() {
        return Some(format!("{}?expand=true", service_path(id)));
    }
    let version = api_version(step.request.as_ref()?);
    Some(format!("{id}?{version}"))
}

/// The `api-version=…` of a planned request, without the rest of its query.
pub(crate) fn api_version(request: &PlannedRequest) -> &str {
    berth_arm::api_version(&request.path).unwrap_or_default()
}

/// Judges the resource of a step.
///
/// # Errors
/// [`ArmError`]: some kinds read more than the resource itself.
pub(crate) async fn judge(
    arm: &Arm,
    context: &Context<'_>,
    found: Option<&Value>,
) -> Result<Found, ArmError> {
    if let Some(replaced) = context.judge_replaced(found) {
        return Ok(replaced);
    }
    let judged = judge_by_kind(arm, context, found).await?;
    Ok(match (&judged, context.intent, found) {
        (Found::Broken(_), Some(intent), Some(found)) if !has_failed(intent, found) => Found::Outdated,
        _ => judged,
    })
}

async fn judge_by_kind(arm: &Arm, context: &Context<'_>, found: Option<&Value>) -> Result<Found, ArmError> {
    Ok(match &context.step.kind {
        StepKind::RegisterProvider { .. } => register_provider::judge(found),
        StepKind::EnsureResourceGroup { .. } => ensure_resource_group::judge(found),
        StepKind::CreateCluster { .. }
        | StepKind::AttachCompute { .. }
        | StepKind::CreateEndpoint { .. }
        | StepKind::CreateVersion { .. }
        | StepKind::CreateThroughAml { .. } => judge_tagged(context, found),
        StepKind::UpdateVersion { .. } => update_version::judge(context, found),
        StepKind::UploadModel { .. } => judge_model(context, found),
        StepKind::DeployService {
            version, replaces, ..
        } => deploy_service::judge(context, found, version.as_deref(), *replaces),
        // Their names contain the plan's id.
        StepKind::UploadCode { .. } | StepKind::RegisterEnvironment { .. } => {
            found.map_or(Found::Absent, by_state)
        }
        StepKind::InstallExtension { .. } => return install_extension::inspect(arm, context, found).await,
        StepKind::ChangeResource { .. } => change_resource::judge(context, found),
        StepKind::RemoveResource { .. } => return remove_resource::inspect(arm, context, found).await,
        StepKind::RegenerateKey { .. } => return regenerate_key::inspect(arm, context, found).await,
        StepKind::SetPower { .. } => set_power::judge(context, found),
        StepKind::AssignRole { .. } => return assign_role::inspect(arm, context, found).await,
        // These have no resource in Azure, or are not inspected like this.
        StepKind::MakeCertificate { .. }
        | StepKind::Canary { .. }
        | StepKind::EnsureNamespace { .. }
        | StepKind::KeepCertificate { .. }
        | StepKind::RemoveLeftovers { .. }
        | StepKind::MarkFrontEnd { .. }
        | StepKind::CompareAnswers { .. }
        | StepKind::Confirm { .. }
        | StepKind::ProveVersion { .. }
        | StepKind::ProveKey { .. }
        | StepKind::Prove { .. } => Found::Done,
    })
}

/// Judges a resource that carries tags. It is ours when it has the tag of our plan; any other of that name is left alone,
/// because a PUT would overwrite it without warning. Azure ML also refuses a second PUT of a cluster that it made
/// (learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes).
pub(crate) fn judge_tagged(context: &Context<'_>, found: Option<&Value>) -> Found {
    let Some(found) = found else { return Found::Absent };
    if found["tags"][PLAN_TAG] == context.plan_id {
        by_state(found)
    } else {
        name_taken(found)
    }
}

/// Judges a version of a model, whose tags are among its properties, or have a name of their own on the classic route.
/// Somebody else may have registered the same version.
fn judge_model(context: &Context<'_>, found: Option<&Value>) -> Found {
    let Some(found) = found else { return Found::Absent };
    let is_ours = |tags: &Value| tags[PLAN_TAG] == context.plan_id;
    if is_ours(&found["properties"]["tags"]) || is_ours(&found["kvTags"]) {
        by_state(found)
    } else {
        name_taken(found)
    }
}

/// Judges by `provisioningState`. Unknown states count as in progress, because Azure adds new ones.
pub(crate) fn by_state(found: &Value) -> Found {
    match ProvisioningState::of_resource(found) {
        ProvisioningState::Unstated | ProvisioningState::Succeeded | ProvisioningState::Ready => Found::Done,
        ProvisioningState::Failed | ProvisioningState::Canceled => {
            Found::Broken(Box::new(AzureFault::of_resource(found)))
        }
        ProvisioningState::Deleting => Found::Leaving,
        ProvisioningState::Creating
        | ProvisioningState::Updating
        | ProvisioningState::Deleted
        | ProvisioningState::SoftDeleted
        | ProvisioningState::Other(_) => Found::InFlight,
    }
}

/// Judges a resource that was to be changed and is not there. It is gone, unless Azure has accepted the change: then the
/// read may lag behind.
pub(crate) fn judge_missing(context: &Context<'_>) -> Found {
    if context.intent.is_some_and(|intent| intent.reply.is_acceptance()) {
        return Found::Absent;
    }
    let id = context.step.kind.resource_id().unwrap_or_default();
    let failure = Failure::new(FailureCode::ResourceGone, Remedy::ChangePlan).with("resource", id);
    Found::Conflict(Box::new(failure))
}

/// Whether a refusal says that the resource already exists, although reads do not show it yet.
pub(crate) fn reports_existing(step: &PlanStep, failure: &Failure) -> bool {
    let code = failure.azure.as_ref().map(|azure| azure.code.as_str());
    matches!(step.kind, StepKind::AssignRole { .. })
        && code.is_some_and(|code| code.eq_ignore_ascii_case("RoleAssignmentExists"))
}

#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;
    use crate::record::AzureReply;
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
            stages: Vec::new(),
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
            reply: AzureReply::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_domain::plan::Removed;
    use serde_json::json;

    #[test]
    fn a_read_keeps_only_the_api_version_of_the_query() {
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

    #[test]
    fn a_replaced_resource_is_not_changed() {
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
            context.judge_replaced(Some(&found)).is_some()
        };
        assert!(judged("u-2", None));
        assert!(!judged("u-1", None) && !judged("u-2", Some(&sent)));
    }

    #[test]
    fn a_tagged_resource_is_ours_only_with_the_tag_of_the_plan() {
        let step = tests_support::step(StepKind::CreateCluster {
            resource_id: "/c".to_owned(),
        });
        let context = tests_support::context(&step, None);
        let cluster = |tag: &str, state: &str| json!({ "id": "/c", "tags": { "berth-plan": tag }, "properties": { "provisioningState": state } });
        let judged = |found: &Value| judge_tagged(&context, Some(found));
        assert_eq!(judge_tagged(&context, None), Found::Absent);
        assert_eq!(judged(&cluster("plan-1", "Creating")), Found::InFlight);
        assert_eq!(judged(&cluster("plan-1", "Succeeded")), Found::Done);
        assert!(matches!(judged(&cluster("plan-1", "Canceled")), Found::Broken(_)));
        for foreign in [cluster("plan-2", "Succeeded"), json!({ "id": "/c" })] {
            let Found::Conflict(failure) = judged(&foreign) else {
                panic!("{foreign} is not ours");
            };
            assert_eq!(failure.params["resource"], "/c");
        }
    }

    #[test]
    fn states_are_matched_in_any_case() {
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
