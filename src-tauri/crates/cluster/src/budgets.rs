//! Lists pod disruption budgets, which may keep nodes from being drained.

use crate::look::is_name;
use crate::scrub::line;
use crate::{ClusterClient, ClusterError};
use berth_domain::facts::BudgetFacts;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// Labels of a selector that are shown.
const MOST_LABELS: usize = 3;

impl ClusterClient {
    /// Lists the pod disruption budgets of all namespaces.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub async fn budgets(&self) -> Result<Vec<BudgetFacts>, ClusterError> {
        self.list("reading disruption budgets", None, None, budget).await
    }
}

pub(crate) fn budget(found: &PodDisruptionBudget) -> BudgetFacts {
    let name = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        if is_name(text) {
            text.to_owned()
        } else {
            line(text)
        }
    };
    let spec = found.spec.as_ref();
    // The status counts only if it is of the present specification.
    let status = found.status.as_ref().filter(|status| {
        let seen = status.observed_generation;
        seen.is_none() || found.metadata.generation.is_none() || seen >= found.metadata.generation
    });
    let count = |number: i32| u32::try_from(number).unwrap_or_default();
    let labels = spec.and_then(|spec| spec.selector.as_ref());
    BudgetFacts {
        namespace: name(&found.metadata.namespace),
        name: name(&found.metadata.name),
        selector: labels.map(selector).unwrap_or_default(),
        pods: status.and_then(|status| status.expected_pods).map(count),
        min_available: spec.and_then(|spec| spec.min_available.as_ref()).map(amount),
        max_unavailable: spec.and_then(|spec| spec.max_unavailable.as_ref()).map(amount),
        allowed: status.and_then(|status| status.disruptions_allowed).map(count),
    }
}

fn selector(found: &LabelSelector) -> String {
    let labels = found.match_labels.iter().flatten();
    let labels = labels.map(|(name, value)| format!("{name}={value}"));
    let expressions = found.match_expressions.iter().flatten();
    let expressions = expressions.map(|one| format!("{} {}", one.key, one.operator));
    let shown: Vec<String> = labels.chain(expressions).take(MOST_LABELS).collect();
    line(&shown.join(","))
}

fn amount(found: &IntOrString) -> String {
    match found {
        IntOrString::Int(number) => number.to_string(),
        IntOrString::String(text) => line(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(value: Value) -> BudgetFacts {
        budget(&serde_json::from_value(value).unwrap())
    }

    #[test]
    fn a_budget_is_read_with_its_pods_and_what_it_allows() {
        let whole = json!({
            "metadata": { "name": "fe", "namespace": "azureml", "generation": 2 },
            "spec": { "minAvailable": "50%", "maxUnavailable": 1, "selector": { "matchLabels": { "app": "fe" } } },
            "status": { "observedGeneration": 2, "currentHealthy": 3, "desiredHealthy": 2, "disruptionsAllowed": 1, "expectedPods": 3 },
        });
        let found = read(whole.clone());
        assert_eq!(found.to_string(), "azureml/fe (3 × app=fe)");
        assert_eq!(found.min_available.as_deref(), Some("50%"));
        assert_eq!(found.max_unavailable.as_deref(), Some("1"));
        assert_eq!(found.allowed, Some(1));
        let mut changed = whole;
        changed["metadata"]["generation"] = json!(3);
        assert_eq!(
            read(changed).allowed,
            None,
            "the status is of an earlier specification"
        );
    }

    #[test]
    fn what_is_missing_or_hostile_does_no_harm() {
        let bare = read(json!({ "metadata": {} }));
        assert_eq!(bare, BudgetFacts::default());
        let hostile = read(json!({
            "metadata": { "name": "a\u{1b}[2J\nb", "namespace": "n".repeat(5000) },
            "spec": { "selector": { "matchExpressions": [{ "key": "k", "operator": "Exists" }] } },
            "status": { "currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": -5, "expectedPods": -1 },
        }));
        assert!(!hostile.name.contains(['\u{1b}', '\n']) && hostile.namespace.len() < 500);
        assert_eq!((hostile.allowed, hostile.pods), (Some(0), Some(0)));
        assert_eq!(hostile.selector, "k Exists");
    }
}
