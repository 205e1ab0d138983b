//! Clearing up resources that a run created.

use super::super::verdict::{block, on, warn};
use super::super::{Case, Rule, Verdict};
use super::leaving::name_of;
use crate::change::Change;
use crate::change::clearing::{Obstacle, obstacle};
use crate::facts::{Fact, RunFacts};
use crate::finding::WizardStep::Review;
use crate::provenance::Doubt;

const DELETE_CLUSTER: &str = "learn.microsoft.com/azure/aks/delete-cluster";
const GROUP: &str = "learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("CLU-01", Review, DELETE_CLUSTER, removed).says(&["CLU-01", "CLU-01.goes"]),
    Rule::azure("CLU-02", Review, DELETE_CLUSTER, run_is_known).says(&["CLU-02", "CLU-02.unread"]),
    Rule::azure("CLU-03", Review, DELETE_CLUSTER, |case| {
        for_obstacles(case, not_created_by_run)
    })
    .says(&[
        "CLU-03",
        "CLU-03.uncertain",
        "CLU-03.kind",
        "CLU-03.unread",
        "CLU-03.tag",
        "CLU-03.replaced",
        "CLU-03.unproven",
    ]),
    Rule::azure("CLU-04", Review, GROUP, |case| for_obstacles(case, contains))
        .says(&["CLU-04", "CLU-04.unread"]),
    Rule::azure("CLU-05", Review, DELETE_CLUSTER, used_by_others),
];

/// The run as it was read, its id, and the resources to remove.
type Clearing<'a> = (&'a Fact<Option<RunFacts>>, &'a str, &'a [String]);

/// The run and the resources to remove, if the change is to clear up after a run.
fn clearing<'a>(case: &Case<'a>) -> Option<Clearing<'a>> {
    match case.change {
        Some(Change::ClearUp { run, resources, .. }) => Some((&case.facts.change.run, run, resources)),
        _ => None,
    }
}

fn removed(case: &Case<'_>) -> Vec<Verdict> {
    let Some((Fact::Known(Some(run)), _, resources)) = clearing(case) else {
        return Vec::new();
    };
    let is_gone = |id: &&String| run.made(id).is_some_and(|made| made.now == Fact::Known(None));
    let remaining: Vec<String> = resources
        .iter()
        .filter(|id| !is_gone(id))
        .map(|id| name_of(id))
        .collect();
    if remaining.is_empty() {
        return vec![block("").with("count", resources.len())];
    }
    vec![
        warn("")
            .variant("goes")
            .with("count", remaining.len())
            .with("names", remaining.join(", ")),
    ]
}

fn run_is_known(case: &Case<'_>) -> Vec<Verdict> {
    match clearing(case) {
        None | Some((Fact::Known(Some(_)), ..)) => Vec::new(),
        Some((Fact::Known(None) | Fact::NotAsked, run, _)) => vec![block("").with("run", run)],
        Some((Fact::Unknown(why), run, _)) => {
            vec![block("").variant("unread").with("run", run).with("why", why)]
        }
    }
}

fn for_obstacles(case: &Case<'_>, verdict: fn(&str, Obstacle) -> Option<Verdict>) -> Vec<Verdict> {
    let Some((Fact::Known(Some(run)), _, resources)) = clearing(case) else {
        return Vec::new();
    };
    let all = resources
        .iter()
        .filter_map(|id| obstacle(run, id).map(|found| (id, found)));
    all.filter_map(|(id, found)| verdict(id, found)).collect()
}

/// Computes that the run did not create, on a cluster or extension to be removed.
fn used_by_others(case: &Case<'_>) -> Vec<Verdict> {
    on(case.others().filter(|_| clearing(case).is_some()), |computes| {
        block("").with("computes", computes)
    })
}

fn not_created_by_run(id: &str, found: Obstacle) -> Option<Verdict> {
    let verdict = block("");
    let verdict = match found {
        Obstacle::NotMade => verdict,
        Obstacle::Uncertain => verdict.variant("uncertain"),
        Obstacle::Kind => verdict.variant("kind"),
        Obstacle::Unread(why) => verdict.variant("unread").with("why", why),
        Obstacle::Doubt(Doubt::Tag) => verdict.variant("tag"),
        Obstacle::Doubt(Doubt::Replaced) => verdict.variant("replaced"),
        Obstacle::Doubt(Doubt::Unproven) => verdict.variant("unproven"),
        Obstacle::Contains(_) | Obstacle::ContentsUnread(_) => return None,
    };
    Some(verdict.with("resource", id))
}

fn contains(id: &str, found: Obstacle) -> Option<Verdict> {
    let verdict = block("").with("group", name_of(id));
    match found {
        Obstacle::Contains(ids) => {
            let names: Vec<String> = ids.iter().map(|id| name_of(id)).collect();
            Some(verdict.with("count", ids.len()).with("names", names.join(", ")))
        }
        Obstacle::ContentsUnread(why) => Some(verdict.variant("unread").with("why", why)),
        _ => None,
    }
}
