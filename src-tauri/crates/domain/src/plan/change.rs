//! Plans a change: turns it and the facts into ordered steps.

mod back;
mod canary;
mod endpoints;
mod leaving;
mod moving;
mod nodes;
mod serving;
mod versions;

pub(crate) use leaving::removable;
pub(crate) use versions::same_version;

use self::back::WayBack;
use super::steps::{PlanContext, ScoringAddress, note, prove};
use super::{Bound, Note, Plan, PlanError, PlanStep, StepKind, ToShow, UsualTime, timing};
use crate::change::interruption::{interrupted, unread_of_cluster};
use crate::change::serving::Serving;
use crate::change::{Change, Edit, Goal, confirmed};
use crate::facts::ClusterFacts;
use crate::spec::{PairRef, Route, Tls};
use crate::traffic::ClassicTrafficGoal;
use serde_json::Value;

pub(super) fn plan(change: &Change, waived: &[String], context: PlanContext<'_>) -> Result<Plan, PlanError> {
    let planner = ChangePlanner {
        context,
        change,
        serving: Serving::of(context.facts),
    };
    let mut steps = planner.steps(change)?;
    let deletes =
        |step: &PlanStep| matches!(step.kind, StepKind::RemoveResource { what, .. } if what.needs_name());
    if steps.iter().any(deletes) && !confirmed(change, context.facts) {
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
    let bound = Bound::of(Some(change), change.tls(), context.facts, &steps);
    Ok(Plan {
        id: context.plan_id.to_owned(),
        goal: Goal::Change {
            change: Box::new(change.clone()),
            waived: waived.to_vec(),
        },
        title: change.title().to_owned(),
        steps,
        pair,
        former: way_back.former,
        bound,
        back: way_back.steps,
    })
}

struct ChangePlanner<'a> {
    context: PlanContext<'a>,
    change: &'a Change,
    serving: Option<Serving>,
}

impl<'a> ChangePlanner<'a> {
    fn steps(&self, change: &Change) -> Result<Vec<PlanStep>, PlanError> {
        match change {
            Change::Scale { pool, nodes, .. } => self.scale(pool, *nodes),
            Change::Autoscale { pool, bounds, .. } => self.autoscale(pool, *bounds),
            Change::Upgrade {
                version,
                nodes,
                support,
                ..
            } => self.upgrade(version, *nodes, *support),
            Change::Support { support, .. } => self.support(*support),
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
            Change::Traffic {
                endpoint_id,
                traffic,
                default_version,
                control_version,
                ..
            } => {
                let goal = ClassicTrafficGoal {
                    traffic: traffic.clone(),
                    default: default_version.clone(),
                    control: control_version.clone(),
                };
                self.traffic(endpoint_id, goal)
            }
            Change::Canary {
                endpoint_id,
                canary,
                sample,
            } => self.canary(endpoint_id, canary, sample),
            Change::DeleteVersion { endpoint_id, version } => self.delete_version(endpoint_id, version),
            Change::DeleteEndpoint { endpoint_id, .. } => self.delete_endpoint(endpoint_id),
            Change::RegenerateKey { endpoint_id, key } => self.regenerate_key(endpoint_id, *key),
            Change::Auth { endpoint_id, auth } => self.auth(endpoint_id, *auth),
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
        self.context.cluster().ok_or(PlanError::Missing("cluster"))
    }

    fn serving(&self) -> Result<&Serving, PlanError> {
        self.serving.as_ref().ok_or(PlanError::Missing("compute"))
    }

    /// The serving settings of a compute on the classic route.
    fn classic(&self) -> Result<&Serving, PlanError> {
        let serving = self.serving()?;
        match serving.route {
            Route::Classic => Ok(serving),
            Route::Extension => Err(PlanError::Contradiction("compute", "route")),
        }
    }

    fn compute(&self) -> Result<&'a Value, PlanError> {
        let known = self.context.facts.change.compute.known().and_then(Option::as_ref);
        known.ok_or(PlanError::Missing("compute"))
    }

    /// Vault entry for a certificate read from the cluster. A run has the same id as its plan.
    fn kept_pair(&self) -> PairRef {
        PairRef::Vault {
            id: format!("run-{}", self.context.plan_id),
        }
    }

    /// Verifies the scoring address from outside, as after a set-up.
    fn prove(&self, serving: &Serving, tls: &Tls) -> PlanStep {
        self.prove_shows(serving, tls, ToShow::Applied, timing::PROOF)
    }

    /// Verifies from outside that the scoring address presents the expected certificate.
    fn prove_shows(&self, serving: &Serving, tls: &Tls, shows: ToShow, usual: UsualTime) -> PlanStep {
        let address = ScoringAddress {
            cluster_id: Some(&serving.cluster_id),
            compute_id: &serving.compute_id,
            route: serving.route,
            load_balancer: &serving.load_balancer,
            tls,
        };
        prove(&address, shows, usual)
    }

    /// Notes on the services that stop answering while the compute or cluster changes.
    fn interrupts(&self) -> Vec<Note> {
        let facts = self.context.facts;
        let all = interrupted(self.change, facts);
        let mut unread: Vec<&str> = facts
            .unread_users()
            .iter()
            .map(|place| place.name.as_str())
            .collect();
        if !unread_of_cluster(facts).is_empty() {
            unread.push(self.change.title());
        }
        let mut notes = Vec::new();
        if !all.is_empty() {
            let names: Vec<String> = all.iter().map(|one| one.label()).collect();
            let count = all.len().to_string();
            let names = names.join(", ");
            notes.push(note("interrupt.services", [("count", count), ("names", names)]));
        }
        if !unread.is_empty() {
            unread.sort_unstable();
            let names = unread.join(", ");
            notes.push(note("interrupt.unknown_services", [("names", names)]));
        }
        if notes.is_empty() {
            notes.push(note("interrupt.no_services", []));
        }
        notes
    }
}
