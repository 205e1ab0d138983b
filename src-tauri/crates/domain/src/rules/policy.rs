//! What Azure Policy denies.

use super::verdict::{block, unread};
use super::{Case, Rule, Verdict};
use crate::facts::{Fact, PolicyDenial};
use crate::finding::WizardStep::{Place, Review};

const POLICY: &str =
    "learn.microsoft.com/rest/api/policyinsights/policy-restrictions/check-at-resource-group-scope";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("POL-01", Review, POLICY, |case| {
        of_cluster(case, |denial| denial.tags.is_empty(), "")
    }),
    Rule::azure("POL-02", Place, POLICY, |case| {
        of_cluster(case, |denial| !denial.tags.is_empty(), "place.tags")
    }),
];

/// Denials of the cluster to create.
fn of_cluster(case: &Case<'_>, about: fn(&PolicyDenial) -> bool, field: &'static str) -> Vec<Verdict> {
    if !case.creates() {
        return Vec::new();
    }
    denials("cluster_policy", &case.facts.cluster_policy, about, field)
}

/// Denials of public addresses. What denies the cluster for the same reason, such as a missing tag, is not about addresses;
/// the rules on the cluster report it.
pub(super) fn of_addresses(case: &Case<'_>, field: &'static str) -> Vec<Verdict> {
    let of_cluster = case.facts.cluster_policy.known();
    let of_cluster = of_cluster.map_or(&[][..], Vec::as_slice);
    match &case.facts.address_policy {
        Fact::Known(all) => {
            let own = all.iter().filter(|denial| !of_cluster.contains(denial));
            denials(
                "address_policy",
                &Fact::Known(own.cloned().collect()),
                |_| true,
                field,
            )
        }
        unread => denials("address_policy", unread, |_| true, field),
    }
}

/// Requests that Azure Policy would deny.
fn denials(
    name: &'static str,
    fact: &Fact<Vec<PolicyDenial>>,
    about: fn(&PolicyDenial) -> bool,
    field: &'static str,
) -> Vec<Verdict> {
    let Some(known) = fact.known() else {
        return unread(name, fact);
    };
    let denied = known
        .iter()
        .filter(|denial| denial.effect.eq_ignore_ascii_case("Deny") && about(denial));
    let verdict = |denial: &PolicyDenial| {
        let verdict = block(field)
            .with("policy", &denial.policy)
            .with("reason", &denial.reason);
        if denial.tags.is_empty() {
            verdict
        } else {
            verdict.with("tags", denial.tags.join(", "))
        }
    };
    denied.map(verdict).collect()
}
