//! Replaces one of the keys of an online endpoint (machinelearningservices, mfe.json: OnlineEndpoints_RegenerateKeys) or of a
//! service (package azureml-core 1.61, `webservice/webservice.py`, `regen_key`). Nothing on either tells that it happened, so the
//! key itself is compared with the one before, by a mark that does not give it away.

use super::{Context, Found, by_state, judge_missing};
use berth_arm::resources::endpoints::list_keys;
use berth_arm::{Arm, ArmError};
use berth_domain::endpoint::{EndpointKey, key_mark};
use berth_domain::plan::StepKind;
use secrecy::ExposeSecret as _;
use serde_json::Value;

/// The mark of a key as it is now.
///
/// # Errors
/// See [`ArmError`].
pub(crate) async fn mark(
    arm: &Arm,
    plan_id: &str,
    endpoint_id: &str,
    key: EndpointKey,
) -> Result<String, ArmError> {
    let value = list_keys(arm, endpoint_id).await?.into_key(key);
    Ok(key_mark(plan_id, value.expose_secret()))
}

/// Judges the endpoint, and after a request its key.
pub(super) async fn inspect(
    arm: &Arm,
    context: &Context<'_>,
    found: Option<&Value>,
) -> Result<Found, ArmError> {
    let (Some(found), StepKind::RegenerateKey { resource_id, key }) = (found, &context.step.kind) else {
        return Ok(judge_missing(context));
    };
    let before = context.intent.and_then(|intent| intent.before.as_ref());
    if let Some(before) = before
        && *before != mark(arm, context.plan_id, resource_id, *key).await?
    {
        return Ok(Found::Done);
    }
    Ok(match by_state(found) {
        // An endpoint that failed to change still has keys.
        Found::Done | Found::Broken(_) => Found::Outdated,
        other => other,
    })
}
