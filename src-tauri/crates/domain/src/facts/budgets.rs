//! Pod disruption budgets of a cluster.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A pod disruption budget (kubernetes.io/docs/concepts/workloads/pods/disruptions).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BudgetFacts {
    pub namespace: String,
    pub name: String,
    /// Labels of the pods that it protects, as `app=web`; empty for all pods of the namespace.
    pub selector: String,
    /// How many pods it protects; `None` if the cluster has not counted them yet.
    pub pods: Option<u32>,
    /// Pods that must stay available, as `2` or `50%`.
    pub min_available: Option<String>,
    /// Pods that may be unavailable, as `1` or `25%`.
    pub max_unavailable: Option<String>,
    /// How many of its pods may be evicted now; `None` if the cluster has not computed it yet.
    pub allowed: Option<u32>,
}

impl BudgetFacts {
    /// Whether its terms never let a pod be evicted. AKS then refuses to upgrade nodes
    /// (learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/unsatisfiablepdb-error).
    pub fn forbids(&self) -> bool {
        if let Some(most) = &self.max_unavailable {
            return matches!(most.trim_end_matches('%').parse(), Ok(0_u32));
        }
        let Some(least) = &self.min_available else {
            return false;
        };
        let pods = self.pods.unwrap_or_default();
        match least.strip_suffix('%').map(str::parse::<u32>) {
            Some(Ok(percent)) if percent >= 100 => true,
            // Kubernetes rounds up.
            Some(Ok(percent)) => pods > 0 && pods.saturating_mul(percent).div_ceil(100) >= pods,
            Some(Err(_)) => false,
            None => pods > 0 && least.parse::<u32>().is_ok_and(|least| least >= pods),
        }
    }

    /// Whether none of its pods may be evicted now. One without pods hinders nobody.
    pub fn is_exhausted(&self) -> bool {
        self.allowed == Some(0) && self.pods != Some(0)
    }
}

/// `namespace/name (3 × app=web)`.
impl fmt::Display for BudgetFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pods = self.pods.map_or_else(|| "?".to_owned(), |pods| pods.to_string());
        let selector = if self.selector.is_empty() {
            "*"
        } else {
            &self.selector
        };
        write!(f, "{}/{} ({pods} × {selector})", self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(min: Option<&str>, max: Option<&str>, pods: u32) -> BudgetFacts {
        BudgetFacts {
            min_available: min.map(str::to_owned),
            max_unavailable: max.map(str::to_owned),
            pods: Some(pods),
            ..BudgetFacts::default()
        }
    }

    #[test]
    fn terms_that_never_let_a_pod_go_are_told_from_those_that_do() {
        for (min, max, pods) in [
            (Some("3"), None, 3),
            (Some("4"), None, 3),
            (Some("100%"), None, 3),
            (Some("100%"), None, 0),
            (Some("67%"), None, 3),
            (None, Some("0"), 3),
            (None, Some("0%"), 0),
        ] {
            assert!(budget(min, max, pods).forbids(), "{min:?} {max:?} {pods}");
        }
        for (min, max, pods) in [
            (Some("2"), None, 3),
            (Some("1"), None, 0),
            (Some("66%"), None, 3),
            (Some("0%"), None, 3),
            (Some("-%"), None, 3),
            (Some("many"), None, 3),
            (None, Some("1"), 3),
            (None, Some("1%"), 3),
            (None, Some("-0"), 3),
            (None, None, 3),
        ] {
            assert!(!budget(min, max, pods).forbids(), "{min:?} {max:?} {pods}");
        }
    }

    #[test]
    fn a_budget_is_shown_with_its_pods() {
        let mut shown = budget(None, None, 3);
        (shown.namespace, shown.name) = ("azureml".to_owned(), "fe".to_owned());
        assert_eq!(shown.to_string(), "azureml/fe (3 × *)");
        (shown.selector, shown.pods) = ("app=fe".to_owned(), None);
        assert_eq!(shown.to_string(), "azureml/fe (? × app=fe)");
    }
}
