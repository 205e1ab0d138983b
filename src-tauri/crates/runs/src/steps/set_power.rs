//! Starts or stops a cluster (managedClusters `start` and `stop`, `powerState`).

use super::{Context, Found, by_state, judge_missing};
use berth_domain::plan::StepKind;
use serde_json::Value;

/// Judges by `powerState.code`.
pub(super) fn judge(context: &Context<'_>, found: Option<&Value>) -> Found {
    let (Some(found), StepKind::SetPower { running, .. }) = (found, &context.step.kind) else {
        return judge_missing(context);
    };
    let code = found["properties"]["powerState"]["code"]
        .as_str()
        .unwrap_or("Running");
    let wanted = if *running { "Running" } else { "Stopped" };
    match by_state(found) {
        Found::Done if code.eq_ignore_ascii_case(wanted) => Found::Done,
        Found::Done => Found::Outdated,
        Found::Broken(_) if context.intent.is_none() => Found::Outdated,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{context, step};
    use super::*;
    use serde_json::json;

    #[test]
    fn judged_by_power_state_and_provisioning_state() {
        let step = step(StepKind::SetPower {
            resource_id: "/k".to_owned(),
            running: false,
        });
        let context = context(&step, None);
        let is = |code: &str, state: &str| {
            judge(
                &context,
                Some(
                    &json!({ "properties": { "powerState": { "code": code }, "provisioningState": state } }),
                ),
            )
        };
        assert_eq!(is("Stopped", "Succeeded"), Found::Done);
        assert_eq!(is("Running", "Succeeded"), Found::Outdated);
        assert_eq!(is("Running", "Stopping"), Found::InFlight);
        assert_eq!(is("Running", "Failed"), Found::Outdated);
    }
}
