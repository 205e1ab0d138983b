//! Members of the cluster that Azure always returns but did not return, so that no rule could check them.

use super::verdict::{block, unknown};
use super::{Case, Rule, Verdict, on_change};
use crate::finding::WizardStep::Place;

const CLUSTERS: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/get";
const FIELD: &str = "cluster.resourceId";

pub(super) const RULES: &[Rule] =
    &[Rule::azure("ATT-36", Place, CLUSTERS, untold).on_change(on_change::of_what_is_there)];

/// A change that interrupts or destroys something needs consent.
fn untold(case: &Case<'_>) -> Vec<Verdict> {
    let Some(cluster) = case.existing().filter(|cluster| !cluster.untold.is_empty()) else {
        return Vec::new();
    };
    let members = cluster.untold.join(", ");
    let verdict = match case.change.filter(|change| change.disrupts()) {
        Some(change) => block(FIELD).with("why", &members).consent(change.subject()),
        None => unknown(FIELD, &members),
    };
    vec![verdict.with("name", &cluster.name).with("members", members)]
}
