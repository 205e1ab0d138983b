//! Kinds of cluster that Azure ML or AKS does not support.

use super::read::CLUSTER;
use super::verdict::{block, on, warn};
use super::{Case, Rule, Verdict, on_change};
use crate::facts::PoolFacts;
use crate::finding::WizardStep::Place;

const AUTOMATIC: &str = "learn.microsoft.com/azure/aks/intro-aks-automatic";
const SETS: &str = "learn.microsoft.com/azure/aks/availability-sets-on-aks";
const FIELD: &str = "cluster.resourceId";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("ATT-33", Place, AUTOMATIC, automatic)
        .on_change(on_change::moves)
        .reading(&[CLUSTER], |case| case.uses_existing()),
    Rule::azure("ATT-34", Place, SETS, availability_sets)
        .on_change(on_change::nodes_or_moves)
        .reading(&[CLUSTER], |case| case.uses_existing() && case.change.is_none()),
];

/// The extension is not supported on AKS Automatic, and the classic route needs the local accounts that it turns off.
fn automatic(case: &Case<'_>) -> Vec<Verdict> {
    let found = case.existing().filter(|cluster| cluster.is_automatic());
    on(found, |cluster| block(FIELD).with("name", &cluster.name))
}

fn availability_sets(case: &Case<'_>) -> Vec<Verdict> {
    let pools = case
        .existing()
        .map(|cluster| cluster.pools.as_slice())
        .unwrap_or_default();
    let sets = pools.iter().filter(|pool| pool.is_availability_set());
    let names: Vec<&str> = sets.map(|pool: &PoolFacts| pool.name.as_str()).collect();
    on((!names.is_empty()).then_some(names), |names| {
        warn(FIELD).with("pools", names.join(", "))
    })
}
