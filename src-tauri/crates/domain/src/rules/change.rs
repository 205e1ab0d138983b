//! Rules for changes. Set-up rules that also apply to changes declare it with `on_change` in their own entry.

mod budgets;
mod canary;
mod clearing;
mod endpoints;
mod granting;
mod growth;
mod leaving;
mod moving;
mod nodes;
mod pools;
mod serving;
mod support;
mod versions;

use super::verdict::{block, info, on, unread, unread_because, warn, when};
use super::{Case, Rule, Verdict};
use crate::bodies::extension::{has_load_balancer, installed};
use crate::bodies::written_back::lacks;
use crate::change::interruption::{interrupted, listed, others, unread_of_cluster};
use crate::change::serving::{Serving, TlsNow};
use crate::change::{Change, Edit, Goal};
use crate::facts::ProvisioningState;
use crate::facts::{ClusterFacts, Dependent};
use crate::finding::Severity;
use crate::finding::WizardStep::Review;
use crate::plan::{Changed, PlanStep, StepKind};
use crate::spec::{LoadBalancer, Tls};
use serde_json::Value;

const COMPUTES: &str = "learn.microsoft.com/rest/api/azureml/compute/create-or-update";
const CLASSIC: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";

const SDK: &str = "package azureml-core 1.61, core/compute/aks.py";

const COMMON: &[Rule] = &[
    Rule::azure("CHG-01", Review, COMPUTES, target_there).says(&[
        "CHG-01",
        "CHG-01.cluster",
        "CHG-01.compute",
        "CHG-01.endpoint",
        "CHG-01.type",
    ]),
    Rule::azure("CHG-02", Review, COMPUTES, nothing_to_do),
    Rule::azure("CHG-03", Review, CLASSIC, interrupts).says(&["CHG-03", "CHG-03.none"]),
    Rule::azure("CHG-05", Review, SDK, incomplete_answer),
    Rule::azure("ATT-24", Review, COMPUTES, busy),
];

/// All rules for changes.
pub(super) fn table() -> impl Iterator<Item = &'static Rule> {
    [
        COMMON,
        nodes::RULES,
        pools::RULES,
        growth::RULES,
        budgets::RULES,
        versions::RULES,
        support::RULES,
        serving::RULES,
        moving::RULES,
        leaving::RULES,
        endpoints::RULES,
        canary::RULES,
        granting::RULES,
        clearing::RULES,
    ]
    .into_iter()
    .flatten()
}

impl<'a> Case<'a> {
    /// The serving configuration of the compute to change.
    fn serving(&self) -> Option<Serving> {
        self.change.and_then(|_| Serving::of(self.facts))
    }

    /// The compute to change, in Azure's JSON.
    fn compute(&self) -> Option<&'a Value> {
        self.facts.change.compute.known()?.as_ref()
    }

    /// The endpoint to change, in Azure's JSON.
    fn endpoint(&self) -> Option<&'a Value> {
        self.facts.change.endpoint.known()?.as_ref()
    }

    /// What stops answering, during the change or for good.
    fn interrupted(&self) -> Vec<&'a Dependent> {
        self.change
            .map(|change| interrupted(change, self.facts))
            .unwrap_or_default()
    }

    /// Other computes that stop working because of the change, as `compute (workspace)`.
    fn others(&self) -> Option<String> {
        let others = others(self.change?, self.facts);
        (!others.is_empty()).then(|| listed(&others))
    }

    /// The steps of the change's plan, if it can be planned.
    pub(super) fn changing_steps(&self) -> Option<Vec<PlanStep>> {
        self.steps_to(&Goal::Change {
            change: Box::new(self.change?.clone()),
            waived: Vec::new(),
        })
    }
}

/// Names of services and endpoints with their deployments, joined by commas.
fn named(dependents: &[&Dependent]) -> String {
    let names = dependents.iter().map(|one| one.label());
    names.collect::<Vec<_>>().join(", ")
}

fn target_there(case: &Case<'_>) -> Vec<Verdict> {
    let Some(change) = case.change else {
        return Vec::new();
    };
    if matches!(change, Change::Grant { .. } | Change::ClearUp { .. }) {
        return Vec::new();
    }
    if change.endpoint_id().is_some() {
        return match &case.facts.change.endpoint {
            crate::facts::Fact::Known(None) => {
                vec![block("").variant("endpoint").with("name", change.title())]
            }
            other => unread_target(case, "endpoint", other),
        };
    }
    let cluster_gone = case.facts.cluster == crate::facts::Fact::Known(None);
    let leaves = matches!(change, Change::Detach { .. });
    if change.compute_id().is_some() {
        return match &case.facts.change.compute {
            crate::facts::Fact::Known(None) => vec![block("").with("name", change.title())],
            crate::facts::Fact::Known(_) if cluster_gone && !leaves => {
                vec![block("").variant("compute").with("name", change.title())]
            }
            crate::facts::Fact::Known(Some(found)) => of_other_type(change, found),
            other => unread_target(case, "compute", other),
        };
    }
    match &case.facts.cluster {
        crate::facts::Fact::Known(None) => vec![block("").variant("cluster").with("name", change.title())],
        other => unread_target(case, "cluster", other),
    }
}

/// The target could not be read. Without it, some changes cannot be planned, so consent does not help.
fn unread_target<T>(case: &Case<'_>, name: &'static str, fact: &crate::facts::Fact<T>) -> Vec<Verdict> {
    let mut found = unread(name, fact);
    if case.changing_steps().is_none() {
        for verdict in &mut found {
            verdict.severity = Severity::Blocking;
        }
    }
    found
}

/// A workspace also has computes that are not on a cluster, such as virtual machines.
fn of_other_type(change: &Change, compute: &Value) -> Vec<Verdict> {
    let kind = compute["properties"]["computeType"].as_str().unwrap_or("–");
    let ours = ["AKS", "Kubernetes"]
        .iter()
        .any(|own| kind.eq_ignore_ascii_case(own));
    when(!ours, || {
        let verdict = block("").variant("type");
        verdict.with("name", change.title()).with("type", kind)
    })
}

/// The resource is already as wanted.
fn nothing_to_do(case: &Case<'_>) -> Vec<Verdict> {
    let unchanged = || {
        block("")
            .with("name", case.change.map_or("", Change::title))
            .with("settings", wanted_settings(case))
    };
    match (case.change, case.serving()) {
        // TLS-09 checks whether a renewal is possible.
        (Some(Change::RenewLabel { .. }), _) => return Vec::new(),
        // The key cannot be compared with the one in use.
        (
            Some(Change::Tls {
                tls: Tls::Own { .. } | Tls::Generated { .. },
                ..
            }),
            _,
        ) => return Vec::new(),
        (Some(Change::Tls { tls: Tls::None, .. }), Some(serving)) => {
            return when(serving.tls == TlsNow::Off, unchanged);
        }
        (Some(Change::LoadBalancer { load_balancer, .. }), Some(serving)) => {
            return when(is_balanced(case, &serving, load_balancer), unchanged);
        }
        _ => {}
    }
    let Some(steps) = case.changing_steps() else {
        return Vec::new();
    };
    let holds = |step: &PlanStep| match &step.kind {
        // EPT-13 reports a version that does not exist.
        StepKind::ChangeResource {
            what: Changed::Versions,
            ..
        } => false,
        StepKind::ChangeResource {
            resource_id, edits, ..
        } => current(case, resource_id).is_some_and(|current| crate::change::holds(edits, &current)),
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
    when(changing.iter().all(|step| holds(step)), unchanged)
}

/// What the change would set, as Azure names it.
fn wanted_settings(case: &Case<'_>) -> String {
    let of_step = |step: PlanStep| match step.kind {
        StepKind::ChangeResource { edits, .. } => edits.iter().filter_map(Edit::in_words).collect(),
        StepKind::SetPower { running, .. } => {
            vec![format!(
                "powerState = {}",
                if running { "Running" } else { "Stopped" }
            )]
        }
        _ => Vec::new(),
    };
    let steps = case.changing_steps().unwrap_or_default();
    steps.into_iter().flat_map(of_step).collect::<Vec<_>>().join(", ")
}

/// A compute is written as a whole, so what Azure left out of its answer would be missing in the request.
fn incomplete_answer(case: &Case<'_>) -> Vec<Verdict> {
    let steps = case.changing_steps().unwrap_or_default();
    let lacking = steps.iter().find_map(|step| {
        let StepKind::ChangeResource { resource_id, .. } = &step.kind else {
            return None;
        };
        let request = step.request.as_ref().filter(|request| request.method == "PUT")?;
        lacks(resource_id, request.body.as_ref()?)
    });
    on(lacking, |member| {
        block("")
            .with("name", case.change.map_or("", Change::title))
            .with("member", member)
    })
}

/// Whether the load balancer is already as wanted. If no subnet is named, any will do.
fn is_balanced(case: &Case<'_>, serving: &Serving, wanted: &LoadBalancer) -> bool {
    let now = &serving.load_balancer;
    let internal = matches!(now, LoadBalancer::Internal { .. });
    let same = now == wanted || (internal && matches!(wanted, LoadBalancer::Internal { subnet: None }));
    let installed = case.facts.extensions.known().and_then(|all| installed(all));
    same && (serving.is_classic() || installed.is_none_or(has_load_balancer))
}

/// The current state of a resource, from the facts.
fn current(case: &Case<'_>, id: &str) -> Option<Value> {
    let facts = &case.facts.change;
    if let Some((_, pool)) = id.rsplit_once("/agentPools/") {
        let cluster = facts.cluster.known()?.as_ref()?;
        let pools = cluster["properties"]["agentPoolProfiles"].as_array()?;
        let found = pools.iter().find(|found| found["name"] == pool)?;
        return Some(serde_json::json!({ "properties": found }));
    }
    let lower = id.to_lowercase();
    if lower.contains("/extensions/") {
        let found = installed(case.facts.extensions.known()?)?;
        return Some(serde_json::json!({ "properties": { "configurationSettings": found.settings } }));
    }
    if lower.contains("/onlineendpoints/") || lower.contains("/services/") {
        return facts.endpoint.known()?.clone();
    }
    if lower.contains("/computes/") {
        return facts.compute.known()?.clone();
    }
    facts.cluster.known()?.clone()
}

fn cluster<'a>(case: &Case<'a>) -> Option<&'a ClusterFacts> {
    case.facts.cluster.known().and_then(Option::as_ref)
}

/// Names everything that will stop answering, during the change or for good.
fn interrupts(case: &Case<'_>) -> Vec<Verdict> {
    let Some(change) = case.change.filter(|change| change.lists_who_is_interrupted()) else {
        return Vec::new();
    };
    let gone = case.facts.cluster.known() == Some(&None);
    let Some(users) = case.facts.users.as_ref().filter(|_| !gone) else {
        return Vec::new();
    };
    let all = case.interrupted();
    let unread = unread_of_cluster(case.facts);
    // USE-01 to USE-03 report users that could not be read.
    let complete = users.unread.is_empty() && unread.is_empty();
    let mut verdicts: Vec<Verdict> = unread
        .iter()
        .filter(|(fact, _)| *fact == "cluster")
        .map(|(fact, why)| unread_because(fact, why))
        .collect();
    if all.is_empty() {
        verdicts.extend(when(complete, || info("").variant("none")));
    } else if !matches!(change, Change::Detach { .. }) {
        // For detaching, ATT-17 reports this.
        verdicts.push(warn("").with("count", all.len()).with("names", named(&all)));
    }
    verdicts
}

/// Another operation on the resource is in progress. `Failed` is not in progress.
fn busy(case: &Case<'_>) -> Vec<Verdict> {
    let subject = case.compute().or_else(|| case.endpoint()).map(|found| {
        let title = case.change.map_or("", Change::title);
        (title.to_owned(), ProvisioningState::of_resource(found))
    });
    // For changes that attach a compute, ATT-07 reports this.
    let to_check = cluster(case).filter(|_| !case.change.is_some_and(super::on_change::attaches));
    let cluster = to_check.map(|found| (found.name.clone(), found.provisioning_state.clone()));
    let pool = nodes::pool(case).map(|pool| (pool.name.clone(), pool.provisioning_state.clone()));
    let working = subject
        .into_iter()
        .chain(cluster)
        .chain(pool)
        .filter(|(_, state)| !state.is_settled());
    working
        .map(|(name, state)| block("").with("name", name).with("state", state))
        .collect()
}
