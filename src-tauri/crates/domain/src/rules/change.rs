//! Rules for changes of what is there. A rule for setting up that also speaks of a change says so in its own entry.

mod clearing;
mod granting;
mod leaving;
mod moving;
mod nodes;
mod serving;
mod versions;

use super::verdict::{block, info, unread, unread_because, warn, when};
use super::{Case, Rule, Verdict};
use crate::change::interruption::{interrupted, listed, others, unread_of_cluster};
use crate::change::serving::{Serving, TlsNow};
use crate::change::{Change, Goal};
use crate::facts::ProvisioningState;
use crate::facts::{ClusterFacts, Dependent};
use crate::finding::WizardStep::Review;
use crate::plan::{PlanStep, StepKind};
use crate::spec::{LoadBalancer, Tls};
use serde_json::Value;

const COMPUTES: &str = "learn.microsoft.com/rest/api/azureml/compute/create-or-update";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";

const COMMON: &[Rule] = &[
    Rule::azure("CHG-01", Review, COMPUTES, target_there).says(&[
        "CHG-01",
        "CHG-01.cluster",
        "CHG-01.compute",
    ]),
    Rule::azure("CHG-02", Review, COMPUTES, nothing_to_do),
    Rule::azure("CHG-03", Review, CLASSIC, interrupts).says(&["CHG-03", "CHG-03.none"]),
    Rule::azure("ATT-24", Review, COMPUTES, busy),
];

/// All rules for changes.
pub(super) fn table() -> impl Iterator<Item = &'static Rule> {
    [
        COMMON,
        nodes::RULES,
        versions::RULES,
        serving::RULES,
        moving::RULES,
        leaving::RULES,
        granting::RULES,
        clearing::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Whether a change deletes something in the resource group of the cluster, which a lock would prevent.
pub(super) fn deletes_in_group(case: &Case<'_>, change: &Change) -> bool {
    match change {
        Change::MoveBack { .. } | Change::DeleteCluster { .. } | Change::DeleteWithCluster { .. } => true,
        Change::Detach { .. } | Change::Refresh { .. } | Change::MoveFinish { .. } => {
            let place = &case.spec.place;
            place
                .workspace
                .resource_group
                .eq_ignore_ascii_case(&place.resource_group)
        }
        _ => false,
    }
}

impl<'a> Case<'a> {
    /// How the compute of a change serves.
    fn serving(&self) -> Option<Serving> {
        self.change.and_then(|_| Serving::of(self.facts))
    }

    /// The compute of a change as Azure answers it.
    fn compute(&self) -> Option<&'a Value> {
        self.facts.change.compute.known()?.as_ref()
    }

    /// What stops answering while the change is made, or for good.
    fn interrupted(&self) -> Vec<&'a Dependent> {
        self.change
            .map(|change| interrupted(change, self.facts))
            .unwrap_or_default()
    }

    /// Computes that the change takes the ground from, as `compute (workspace)`.
    fn others(&self) -> Option<String> {
        let others = others(self.change?, self.facts);
        (!others.is_empty()).then(|| listed(&others))
    }

    /// The plan of the change, where it can be made.
    pub(super) fn changing_steps(&self) -> Option<Vec<PlanStep>> {
        self.steps_to(&Goal::Change {
            change: Box::new(self.change?.clone()),
            waived: Vec::new(),
        })
    }
}

/// Names of services and endpoints with their deployments, joined by commas.
fn named(dependents: &[&Dependent]) -> String {
    let names = dependents.iter().map(|one| one.told());
    names.collect::<Vec<_>>().join(", ")
}

fn target_there(case: &Case<'_>) -> Vec<Verdict> {
    let Some(change) = case.change else {
        return Vec::new();
    };
    if matches!(change, Change::Grant { .. } | Change::ClearUp { .. }) {
        return Vec::new();
    }
    let cluster_gone = case.facts.cluster == crate::facts::Fact::Known(None);
    let leaves = matches!(change, Change::Detach { .. } | Change::DeleteWithCluster { .. });
    if change.compute_id().is_some() {
        return match &case.facts.change.compute {
            crate::facts::Fact::Known(None) => vec![block("").with("name", change.title())],
            crate::facts::Fact::Known(_) if cluster_gone && !leaves => {
                vec![block("").variant("compute").with("name", change.title())]
            }
            other => unread("compute", other),
        };
    }
    match &case.facts.cluster {
        crate::facts::Fact::Known(None) => vec![block("").variant("cluster").with("name", change.title())],
        other => unread("cluster", other),
    }
}

/// A change that is made already has nothing to send.
fn nothing_to_do(case: &Case<'_>) -> Vec<Verdict> {
    let told = || block("").with("name", case.change.map_or("", Change::title));
    match (case.change, case.serving()) {
        // Whether there is something to renew is a matter of TLS-09.
        (Some(Change::RenewLabel { .. }), _) => return Vec::new(),
        // A certificate cannot be compared with one that is there.
        (
            Some(Change::Tls {
                tls: Tls::Own { .. } | Tls::Generated { .. },
                ..
            }),
            _,
        ) => return Vec::new(),
        (Some(Change::Tls { tls: Tls::None, .. }), Some(serving)) => {
            return when(serving.tls == TlsNow::Off, told);
        }
        (Some(Change::LoadBalancer { load_balancer, .. }), Some(serving)) => {
            return when(same_balancer(&serving.load_balancer, load_balancer), told);
        }
        _ => {}
    }
    let Some(steps) = case.changing_steps() else {
        return Vec::new();
    };
    let holds = |step: &PlanStep| match &step.kind {
        StepKind::ChangeResource {
            resource_id, edits, ..
        } => seen(case, resource_id).is_some_and(|seen| crate::change::holds(edits, &seen)),
        StepKind::SetPower { running, .. } => {
            let wanted = if *running { "Running" } else { "Stopped" };
            cluster(case).is_some_and(|cluster| cluster.power_state.eq_ignore_ascii_case(wanted))
        }
        _ => false,
    };
    let changing: Vec<&PlanStep> = steps
        .iter()
        .filter(|step| {
            !matches!(
                step.kind,
                StepKind::Confirm { .. } | StepKind::Prove { .. } | StepKind::KeepCertificate { .. }
            )
        })
        .collect();
    when(changing.iter().all(|step| holds(step)), told)
}

/// Whether a load balancer is already as it is wanted. Where no subnet is named, any will do.
fn same_balancer(now: &LoadBalancer, wanted: &LoadBalancer) -> bool {
    let internal = matches!(now, LoadBalancer::Internal { .. });
    now == wanted || (internal && matches!(wanted, LoadBalancer::Internal { subnet: None }))
}

/// A resource as the facts have it.
fn seen(case: &Case<'_>, id: &str) -> Option<Value> {
    let facts = &case.facts.change;
    if let Some((_, pool)) = id.rsplit_once("/agentPools/") {
        let cluster = facts.cluster.known()?.as_ref()?;
        let pools = cluster["properties"]["agentPoolProfiles"].as_array()?;
        let found = pools.iter().find(|found| found["name"] == pool)?;
        return Some(serde_json::json!({ "properties": found }));
    }
    if id.to_lowercase().contains("/extensions/") {
        let found = crate::bodies::extension::installed(case.facts.extensions.known()?)?;
        return Some(serde_json::json!({ "properties": { "configurationSettings": found.settings } }));
    }
    if id.to_lowercase().contains("/computes/") {
        return facts.compute.known()?.clone();
    }
    facts.cluster.known()?.clone()
}

fn cluster<'a>(case: &Case<'a>) -> Option<&'a ClusterFacts> {
    case.facts.cluster.known().and_then(Option::as_ref)
}

/// What answers through it stops for a while, or for good: said before, by name.
fn interrupts(case: &Case<'_>) -> Vec<Verdict> {
    let Some(change) = case.change.filter(|change| change.says_who_is_interrupted()) else {
        return Vec::new();
    };
    let gone = case.facts.cluster.known() == Some(&None);
    let Some(users) = case.facts.users.as_ref().filter(|_| !gone) else {
        return Vec::new();
    };
    let all = case.interrupted();
    let unread = unread_of_cluster(case.facts);
    // What could not be read of them is told by USE-01 to USE-03.
    let complete = users.unread.is_empty() && unread.is_empty();
    let mut said: Vec<Verdict> = unread
        .iter()
        .filter(|(fact, _)| *fact == "cluster")
        .map(|(fact, why)| unread_because(fact, why))
        .collect();
    if all.is_empty() {
        said.extend(when(complete, || info("").variant("none")));
    } else if !matches!(change, Change::Detach { .. }) {
        // ATT-17 says it of a compute that is detached.
        said.push(warn("").with("count", all.len()).with("names", named(&all)));
    }
    said
}

/// Whether something else is at work on it. A state `Failed` is no work.
fn busy(case: &Case<'_>) -> Vec<Verdict> {
    let compute = case.compute().map(|compute| {
        let title = case.change.map_or("", Change::title);
        (title.to_owned(), ProvisioningState::of_resource(compute))
    });
    // Where something is attached, ATT-07 says it.
    let asked = cluster(case).filter(|_| !case.change.is_some_and(super::on_change::attaches));
    let cluster = asked.map(|found| (found.name.clone(), found.provisioning_state.clone()));
    let working = compute
        .into_iter()
        .chain(cluster)
        .filter(|(_, state)| !state.is_settled());
    working
        .map(|(name, state)| block("").with("name", name).with("state", state))
        .collect()
}
