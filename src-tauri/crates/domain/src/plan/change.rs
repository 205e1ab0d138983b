//! From a change and facts to the ordered steps.

mod back;
mod leaving;
mod moving;
mod nodes;
mod serving;

pub(crate) use leaving::removable;
pub(crate) use nodes::same_version;

use self::back::WayBack;
use super::make::{note, step};
use super::providers::{CONTAINER_SERVICE, KUBERNETES_CONFIGURATION, MACHINE_LEARNING};
use super::{
    Changed, Check, Note, Plan, PlanError, PlanStep, PlannedRequest, StepKind, ToShow, UsualTime, timing,
};
use crate::api_versions::negotiate;
use crate::bodies::written_back::written_back;
use crate::change::interruption::interrupted;
use crate::change::serving::Serving;
use crate::change::{Change, Edit, Goal, confirmed, patch};
use crate::facts::{ClusterFacts, Facts};
use crate::spec::{PairRef, Route, Tls};
use serde_json::Value;

/// The plan of a change. `plan_id` marks what the run will make.
///
/// # Errors
/// [`PlanError::Missing`] while something the requests need is not known, [`PlanError::Contradiction`] where two choices
/// cannot go into one request, [`PlanError::Unconfirmed`] where the name of what is deleted has not been typed.
pub fn plan_change(
    change: &Change,
    waived: &[String],
    facts: &Facts,
    plan_id: &str,
) -> Result<Plan, PlanError> {
    let planner = Planner {
        facts,
        plan_id,
        change,
        serving: Serving::of(facts),
    };
    let mut steps = planner.steps(change)?;
    let deletes =
        |step: &PlanStep| matches!(step.kind, StepKind::RemoveResource { what, .. } if what.needs_name());
    if steps.iter().any(deletes) && !confirmed(change, facts) {
        return Err(PlanError::Unconfirmed);
    }
    let keeps = steps
        .iter()
        .any(|step| matches!(step.kind, StepKind::KeepCertificate { .. }));
    let pair = match change.tls() {
        Some(tls) => tls.pair().cloned(),
        None => keeps.then(|| planner.kept_pair()),
    };
    let way_back = match change {
        Change::Tls { .. } => planner.way_back()?,
        _ => WayBack::default(),
    };
    steps.splice(..0, way_back.keep);
    Ok(Plan {
        id: plan_id.to_owned(),
        goal: Goal::Change {
            change: Box::new(change.clone()),
            waived: waived.to_vec(),
        },
        title: change.title().to_owned(),
        steps,
        pair,
        former: way_back.former,
        back: way_back.steps,
    })
}

struct Planner<'a> {
    facts: &'a Facts,
    plan_id: &'a str,
    change: &'a Change,
    serving: Option<Serving>,
}

impl<'a> Planner<'a> {
    fn steps(&self, change: &Change) -> Result<Vec<PlanStep>, PlanError> {
        match change {
            Change::Scale { pool, nodes, .. } => self.scale(pool, *nodes),
            Change::Autoscale { pool, bounds, .. } => self.autoscale(pool, *bounds),
            Change::Upgrade { version, nodes, .. } => self.upgrade(version, *nodes),
            Change::Power { running, .. } => self.power(*running),
            Change::Tags { resource_id, tags } => self.tags(resource_id, tags),
            Change::LoadBalancer { load_balancer, .. } => self.load_balancer(load_balancer),
            Change::Tls { tls, .. } => self.tls(tls),
            Change::RenewLabel { .. } => self.renew_label(),
            Change::Refresh { .. } => self.refresh(),
            Change::Move {
                new_compute,
                namespace,
                ..
            } => self.begin_move(new_compute, namespace),
            Change::MoveBack { .. } => self.move_back(),
            Change::MoveFinish { .. } => self.finish_move(),
            Change::CleanUp { .. } => self.clean_up(),
            Change::Detach { .. } => self.detach(),
            Change::DeleteCluster { .. } => self.delete_cluster(),
            Change::DeleteWithCluster { .. } => self.delete_with_cluster(),
            Change::Grant {
                scope,
                principal_id,
                role,
                ..
            } => self.grant(scope, principal_id, *role),
            Change::ClearUp { resources, .. } => self.clear_up(resources),
        }
    }

    fn cluster(&self) -> Result<&'a ClusterFacts, PlanError> {
        let known = self.facts.cluster.known().and_then(Option::as_ref);
        known.ok_or(PlanError::Missing("cluster"))
    }

    fn serving(&self) -> Result<&Serving, PlanError> {
        self.serving.as_ref().ok_or(PlanError::Missing("compute"))
    }

    /// How the compute serves, where it is of the classic route.
    fn classic(&self) -> Result<&Serving, PlanError> {
        let serving = self.serving()?;
        match serving.route {
            Route::Classic => Ok(serving),
            Route::Extension => Err(PlanError::Contradiction("compute", "route")),
        }
    }

    fn compute(&self) -> Result<&'a Value, PlanError> {
        let known = self.facts.change.compute.known().and_then(Option::as_ref);
        known.ok_or(PlanError::Missing("compute"))
    }

    /// Where a certificate that is read from the cluster is kept: the run has the plan's id.
    fn kept_pair(&self) -> PairRef {
        PairRef::Vault {
            id: format!("run-{}", self.plan_id),
        }
    }

    fn api(&self, namespace: &str, kind: &str) -> &'static str {
        negotiate(self.facts.providers.known().map(Vec::as_slice), namespace, kind)
    }

    /// Path and query of a resource, by what kind of resource its id names.
    fn path(&self, id: &str) -> String {
        let lower = id.to_lowercase();
        let version = if lower.contains("/providers/microsoft.kubernetesconfiguration/") {
            self.api(KUBERNETES_CONFIGURATION, "extensions")
        } else if lower.contains("/computes/") {
            self.api(MACHINE_LEARNING, "workspaces/computes")
        } else if lower.contains("/managedclusters/") {
            self.api(CONTAINER_SERVICE, "managedClusters")
        } else {
            self.api("Microsoft.Resources", "resourceGroups")
        };
        format!("{id}?api-version={version}")
    }

    /// A step that writes a resource back with edits.
    fn put(
        &self,
        id: &str,
        what: Changed,
        seen: &Value,
        edits: Vec<Edit>,
        usual: UsualTime,
        undo: Note,
    ) -> PlanStep {
        let request = PlannedRequest {
            method: "PUT".to_owned(),
            path: self.path(id),
            body: Some(written_back(id, seen, &edits)),
        };
        self.changing(id, what, request, edits, usual, undo)
    }

    /// A step that sends edits alone.
    fn patch(&self, id: &str, what: Changed, edits: Vec<Edit>, usual: UsualTime, undo: Note) -> PlanStep {
        let request = PlannedRequest {
            method: "PATCH".to_owned(),
            path: self.path(id),
            body: Some(patch(&edits)),
        };
        self.changing(id, what, request, edits, usual, undo)
    }

    fn changing(
        &self,
        id: &str,
        what: Changed,
        request: PlannedRequest,
        edits: Vec<Edit>,
        usual: UsualTime,
        undo: Note,
    ) -> PlanStep {
        let kind = StepKind::ChangeResource {
            resource_id: id.to_owned(),
            what,
            edits,
        };
        let name = kind.title().trim_start_matches("step.").replace('.', "_");
        step(&name, kind, Some(request), usual, undo)
    }

    fn confirm(&self, checks: Vec<Check>) -> PlanStep {
        // A release leaves the cluster minutes after its resource.
        let releases = checks.iter().any(|check| matches!(check, Check::Released { .. }));
        let usual = if releases {
            timing::REMOVE_EXTENSION
        } else {
            timing::PROOF
        };
        let kind = StepKind::Confirm { checks };
        step("confirm", kind, None, usual, note("undo.nothing", []))
    }

    /// Looks from outside, as after a set-up.
    fn prove(&self, serving: &Serving, tls: &Tls) -> PlanStep {
        self.prove_shows(serving, tls, ToShow::Applied, timing::PROOF)
    }

    /// Looks from outside which certificate it shows.
    fn prove_shows(&self, serving: &Serving, tls: &Tls, shows: ToShow, usual: UsualTime) -> PlanStep {
        let kind = StepKind::Prove {
            cluster_id: Some(serving.cluster_id.clone()),
            compute_id: serving.compute_id.clone(),
            namespace: serving.front_namespace().to_owned(),
            load_balancer: serving.load_balancer.clone(),
            cname: tls.cname().map(str::to_owned),
            tls: *tls != Tls::None,
            shows,
        };
        let name = kind.title().trim_start_matches("step.").to_owned();
        step(&name, kind, None, usual, note("undo.nothing", []))
    }

    /// What answers through the compute or cluster stops while it is changed.
    fn interrupts(&self) -> Vec<Note> {
        let joined = |names: Vec<&str>| names.join(", ");
        let all = interrupted(self.change, self.facts);
        let unread = self.facts.unread_users();
        let mut notes = Vec::new();
        if !all.is_empty() {
            let names = joined(all.iter().map(|one| one.name.as_str()).collect());
            let count = all.len().to_string();
            notes.push(note("interrupt.services", [("count", count), ("names", names)]));
        }
        if !unread.is_empty() {
            let names = joined(unread.iter().map(|place| place.name.as_str()).collect());
            notes.push(note("interrupt.unknown_services", [("names", names)]));
        }
        if notes.is_empty() {
            notes.push(note("interrupt.no_services", []));
        }
        notes
    }
}
