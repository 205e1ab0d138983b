//! Names and a location that contradict the id of the existing cluster beside them.

use super::verdict::{block, when};
use super::{Case, Rule, Verdict};
use crate::finding::WizardStep::Place;
use crate::resource_id::ResourceId;
use crate::spec::ClusterChoice;

const CLUSTERS: &str = "learn.microsoft.com/rest/api/aks/managed-clusters/get";

pub(super) const RULES: &[Rule] = &[
    Rule::local("ATT-32", Place, CLUSTERS, names),
    Rule::azure("ATT-35", Place, CLUSTERS, location),
];

/// Nothing depends on these names, so a wrong one means that another cluster is wanted.
fn names(case: &Case<'_>) -> Vec<Verdict> {
    let ClusterChoice::Existing { resource_id } = &case.spec.cluster else {
        return Vec::new();
    };
    let Some(id) = ResourceId::parse(resource_id).filter(|id| id.is_cluster()) else {
        return Vec::new();
    };
    let place = &case.spec.place;
    let group = id.resource_group.unwrap_or_default();
    let differs = |value: &str, part: &str| !value.is_empty() && !value.eq_ignore_ascii_case(part);
    [
        (
            "place.subscriptionId",
            place.subscription_id.as_str(),
            id.subscription,
        ),
        ("place.resourceGroup", place.resource_group.as_str(), group),
        ("place.clusterName", place.cluster_name.as_str(), id.name()),
    ]
    .into_iter()
    .filter(|(_, value, part)| differs(value, part))
    .map(|(member, value, part)| {
        let verdict = block(member).with("member", member);
        verdict.with("value", value).with("part", part)
    })
    .collect()
}

fn location(case: &Case<'_>) -> Vec<Verdict> {
    let wanted = &case.spec.place.location;
    let differs = case.existing().is_some() && !wanted.is_empty() && !case.is_located_in(wanted);
    when(differs, || {
        block("place.location")
            .with("value", wanted)
            .with("location", case.location())
    })
}
