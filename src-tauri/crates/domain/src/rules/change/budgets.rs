//! Pod disruption budgets that keep nodes from being drained.

use super::super::verdict::{Verdict, block, unknown, unread, warn, when};
use super::super::{Case, Rule};
use super::cluster;
use super::nodes::{pool, wanted};
use crate::change::Change;
use crate::facts::BudgetFacts;
use crate::finding::WizardStep::Review;
use crate::plan::same_version;

const REFUSED: &str = "learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/unsatisfiablepdb-error; \
                       learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-code-poddrainfailure";
const DRAINS: &str =
    "learn.microsoft.com/azure/aks/scale-cluster; learn.microsoft.com/azure/aks/start-stop-cluster";
/// How many budgets a finding names.
const NAMED: usize = 10;

pub(super) const RULES: &[Rule] = &[
    Rule::azure("UPG-06", Review, REFUSED, upgrade)
        .says(&["UPG-06", "UPG-06.waived", "UPG-06.now", "UPG-06.untold"])
        .waivable(),
    Rule::azure("SCL-11", Review, DRAINS, fewer_nodes).says(&["SCL-11", "SCL-11.stop", "SCL-11.untold"]),
];

/// What the budgets of the cluster say about an eviction.
struct Budgets<'a> {
    forbid: Vec<&'a BudgetFacts>,
    exhausted: Vec<&'a BudgetFacts>,
    untold: Vec<&'a BudgetFacts>,
}

impl<'a> Budgets<'a> {
    fn of(all: &'a [BudgetFacts]) -> Self {
        let (forbid, rest): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.forbids());
        let (exhausted, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|one| one.is_exhausted());
        Self {
            forbid,
            exhausted,
            untold: rest.into_iter().filter(|one| one.allowed.is_none()).collect(),
        }
    }
}

/// The budgets by name, with how many others there are.
fn listed(budgets: &[&BudgetFacts]) -> String {
    let mut names: Vec<String> = budgets.iter().map(ToString::to_string).collect();
    names.sort();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = names.join(", ");
    if more > 0 {
        format!("{names}, … (+{more})")
    } else {
        names
    }
}

fn about(budgets: &[&BudgetFacts], verdict: impl FnOnce() -> Verdict) -> Vec<Verdict> {
    when(!budgets.is_empty(), || verdict().with("budgets", listed(budgets)))
}

fn untold(budgets: &[&BudgetFacts]) -> Vec<Verdict> {
    about(budgets, || unknown("", "status").variant("untold"))
}

fn upgrade(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Upgrade {
        nodes: true, version, ..
    }) = case.change
    else {
        return Vec::new();
    };
    let drains = cluster(case).is_none_or(|found| {
        let mut pools = found.pools.iter();
        pools.any(|pool| !same_version(&pool.version, version))
    });
    if !drains {
        return Vec::new();
    }
    let Some(budgets) = case.facts.change.budgets.known() else {
        return unread("budgets", &case.facts.change.budgets);
    };
    let budgets = Budgets::of(budgets);
    [
        about(&budgets.forbid, || block("")),
        about(&budgets.exhausted, || warn("").variant("now")),
        untold(&budgets.untold),
    ]
    .concat()
}

/// Nodes are drained before AKS removes them, and when the cluster is stopped.
fn fewer_nodes(case: &Case<'_>) -> Vec<Verdict> {
    let stops = matches!(case.change, Some(Change::Power { running: false, .. }));
    let shrinks = match (wanted(case), pool(case)) {
        (Some((_, _, max)), Some(pool)) => max < pool.count,
        _ => false,
    };
    if !stops && !shrinks {
        return Vec::new();
    }
    let Some(budgets) = case.facts.change.budgets.known() else {
        return unread("budgets", &case.facts.change.budgets);
    };
    let Budgets {
        mut forbid,
        exhausted,
        untold: no_status,
    } = Budgets::of(budgets);
    forbid.extend(exhausted);
    let hindered = about(&forbid, || {
        if stops {
            warn("").variant("stop")
        } else {
            warn("").with("pool", pool(case).map_or("", |pool| pool.name.as_str()))
        }
    });
    [hindered, untold(&no_status)].concat()
}
