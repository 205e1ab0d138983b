//! Pod disruption budgets: their status, as the disruption controller computes it from the pods
//! (kubernetes.io/docs/tasks/run-application/configure-pdb).

use super::kinds::{POD, POD_DISRUPTION_BUDGET};
use super::{ClusterObjects, derived};
use crate::world::Resource;
use serde_json::{Value, json};

/// Sets the status of the budgets in a response: one budget, or a list of them.
pub(super) fn complete(objects: &ClusterObjects, cluster: &Resource, body: &mut Value) {
    let pods = derived::list(objects, cluster, POD, "");
    match body["items"].as_array_mut() {
        Some(items) => items
            .iter_mut()
            .for_each(|one| one["status"] = status(one, &pods)),
        None => body["status"] = status(body, &pods),
    }
}

/// Budgets with their status, and the pods of each.
pub(crate) fn with_pods(objects: &ClusterObjects, cluster: &Resource) -> Vec<(Value, Vec<Value>)> {
    let pods = derived::list(objects, cluster, POD, "");
    let budgets = objects.list(POD_DISRUPTION_BUDGET, "");
    budgets
        .map(|budget| {
            let mut budget = budget.clone();
            budget["status"] = status(&budget, &pods);
            let own = pods
                .iter()
                .filter(|pod| protects(&budget, pod))
                .cloned()
                .collect();
            (budget, own)
        })
        .collect()
}

fn protects(budget: &Value, pod: &Value) -> bool {
    let labels = budget["spec"]["selector"]["matchLabels"].as_object();
    budget["metadata"]["namespace"] == pod["metadata"]["namespace"]
        && budget["spec"]["selector"].is_object()
        && labels
            .into_iter()
            .flatten()
            .all(|(name, value)| pod["metadata"]["labels"][name] == *value)
}

fn status(budget: &Value, pods: &[Value]) -> Value {
    let own: Vec<&Value> = pods.iter().filter(|pod| protects(budget, pod)).collect();
    let expected = own.len() as u64;
    let ready = |pod: &&&Value| pod["status"]["containerStatuses"][0]["ready"] == json!(true);
    let healthy = own.iter().filter(ready).count() as u64;
    let spec = &budget["spec"];
    let desired = match amount(&spec["maxUnavailable"], expected) {
        Some(most) => expected.saturating_sub(most),
        None => amount(&spec["minAvailable"], expected).unwrap_or(1),
    };
    let allowed = if expected == 0 {
        0
    } else {
        healthy.saturating_sub(desired)
    };
    json!({ "expectedPods": expected, "currentHealthy": healthy, "desiredHealthy": desired, "disruptionsAllowed": allowed })
}

/// A number or a share of the pods, rounded up.
fn amount(value: &Value, pods: u64) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => {
            let percent: u64 = text.strip_suffix('%')?.parse().ok()?;
            Some((pods * percent).div_ceil(100))
        }
        _ => None,
    }
}
