//! Plans: ordered steps with the exact requests they send. Secrets appear as markers, which are replaced in memory
//! right before sending and displayed as dots.

mod bound;
mod change;
mod check;
mod deploy;
mod deploy_service;
pub mod describe;
pub mod difference;
mod inside;
mod kind;
pub(crate) mod providers;
pub mod resuming;
mod same;
mod set_up;
mod steps;
mod timing;
mod title;

pub use bound::{Affected, Bound, GivenCertificate, Target};
pub(crate) use change::{removable, same_version};
pub use check::Check;
pub use kind::{Changed, Removed, ServiceCode, StepKind, ToShow};

use crate::change::Goal;
use crate::facts::Facts;
use crate::spec::PairRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use steps::PlanContext;
use ts_rs::TS;

/// Makes the plan for a goal: the ordered steps, each with the exact request it will send.
///
/// A pure function: it reads nothing from Azure and sends nothing. The rules decide whether a goal is sensible; this function
/// only fails if a request cannot be built. `plan_id` is the id of the later run and tags the resources that it creates.
///
/// ```
/// use berth_domain::change::Goal;
/// use berth_domain::facts::Facts;
/// use berth_domain::plan::plan;
/// use berth_domain::spec::{ClusterChoice, LoadBalancer, Spec, Tls};
///
/// let cluster = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks";
/// let mut spec = Spec {
///     cluster: ClusterChoice::Existing { resource_id: cluster.to_owned() },
///     tls: Some(Tls::None),
///     ..Spec::default()
/// };
/// spec.place.workspace.subscription_id = "s".to_owned();
/// spec.place.workspace.resource_group = "g".to_owned();
/// spec.place.workspace.name = "ml".to_owned();
/// spec.place.compute_name = "scoring".to_owned();
/// spec.network.load_balancer = Some(LoadBalancer::Public);
///
/// let goal = Goal::SetUp { spec: Box::new(spec) };
/// let made = plan(&goal, &Facts::default(), "plan-1")?;
/// let ids: Vec<&str> = made.steps.iter().map(|step| step.id.as_str()).collect();
/// assert_eq!(ids, ["install_extension", "attach_compute", "prove"]);
/// # Ok::<(), berth_domain::plan::PlanError>(())
/// ```
///
/// # Errors
/// [`PlanError::Missing`] if a value that a request needs has not been chosen or is unknown,
/// [`PlanError::Contradiction`] if two choices exclude each other, [`PlanError::Unconfirmed`] if the name of a resource
/// to delete has not been typed.
pub fn plan(goal: &Goal, facts: &Facts, plan_id: &str) -> Result<Plan, PlanError> {
    let context = PlanContext { facts, plan_id };
    match goal {
        Goal::SetUp { spec } => set_up::plan(spec, context),
        Goal::Change { change, waived } => change::plan(change, waived, context),
        Goal::Deploy { spec } => deploy::plan(spec, context),
    }
}

/// An ordered list of steps that reaches a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Plan {
    /// Fixed when the plan is made. The names and tags of resources that the run makes contain it.
    pub id: String,
    /// The goal that it was made from.
    #[serde(alias = "wish")]
    pub goal: Goal,
    /// Display name of the cluster or compute.
    pub title: String,
    /// The steps, in order.
    pub steps: Vec<PlanStep>,
    /// The certificate that the run applies; `None` if it applies none.
    pub pair: Option<PairRef>,
    /// Backup of the certificate that the run replaces; `None` if there is none to back up.
    #[serde(default)]
    pub former: Option<PairRef>,
    /// The certificate and resources that the plan was made for, and who is affected.
    #[serde(default)]
    pub bound: Bound,
    /// The rollback, used if the change does not take effect; empty if it is impossible or unnecessary.
    #[serde(default)]
    pub back: Vec<PlanStep>,
}

impl Plan {
    /// A step by its index, which counts the steps first and then those of the rollback.
    pub fn step(&self, at: usize) -> Option<&PlanStep> {
        self.steps.iter().chain(&self.back).nth(at)
    }
}

/// One resumable part of a plan, with at most one request to Azure that changes something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlanStep {
    /// Id within the plan (`create_cluster`).
    pub id: String,
    /// What it does.
    pub kind: StepKind,
    /// The request to Azure that changes something, if there is one.
    pub request: Option<PlannedRequest>,
    /// Requests to the cluster's own API that change something in it. Objects that no longer exist are skipped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<PlannedRequest>>", optional)]
    pub inside: Vec<PlannedRequest>,
    /// The requests that a canary sends one after the other, and its way back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<PlannedStage>>", optional)]
    pub stages: Vec<PlannedStage>,
    /// How long it usually takes.
    pub usual: UsualTime,
    /// What costs money from this step on.
    pub costs: Vec<Note>,
    /// What it interrupts.
    pub interrupts: Vec<Note>,
    /// How it is undone.
    pub undo: Note,
}

impl PlanStep {
    /// Its requests to Azure that change something.
    pub fn requests(&self) -> impl Iterator<Item = &PlannedRequest> {
        let stages = self.stages.iter().map(|stage| &stage.request);
        self.request.iter().chain(stages)
    }
}

/// A request that a canary sends once it gets so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlannedStage {
    /// When it is sent.
    pub note: Note,
    pub request: PlannedRequest,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A value that a request needs has not been chosen or is unknown; its path.
    #[error("{0} has not been chosen or is unknown")]
    Missing(&'static str),
    /// Two choices that exclude each other; their paths.
    #[error("{0} and {1} cannot be combined")]
    Contradiction(&'static str, &'static str),
    /// The name of a cluster or resource group to delete has not been typed.
    #[error("type the name of the resource to delete in `confirm`")]
    Unconfirmed,
}

/// A request as it will be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlannedRequest {
    /// `PUT`, `POST`, …
    pub method: String,
    /// Path and query with api-version, relative to the cloud's ARM endpoint. For a cluster's own API: the path.
    pub path: String,
    /// Body; secrets are markers (see [`SecretPart`](crate::secrets::SecretPart)).
    #[ts(type = "unknown")]
    pub body: Option<serde_json::Value>,
}

/// How long something usually takes, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UsualTime {
    /// Lower bound.
    pub from_seconds: u32,
    /// Upper bound. After it, the run reports "slower than usual", not a failure.
    pub to_seconds: u32,
}

/// A catalogue text with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Note {
    /// Key in the catalogue `plan`.
    pub code: String,
    /// Values for the text.
    pub params: BTreeMap<String, String>,
}
