//! What will be done, as data: ordered steps, each with the very request it sends. Secrets appear as markers that are
//! replaced in memory, right before sending, and shown to people as dots.

mod bound;
mod change;
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
pub use kind::{Changed, Check, Removed, StepKind, ToShow};

use crate::change::Goal;
use crate::facts::Facts;
use crate::spec::PairRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use steps::Basis;
use ts_rs::TS;

/// The plan that makes a goal true. `plan_id` marks what the run will make.
///
/// # Errors
/// [`PlanError::Missing`] while something the requests need has not been chosen or is not known,
/// [`PlanError::Contradiction`] where two choices cannot go into one request, [`PlanError::Unconfirmed`] where the name of
/// what is deleted has not been typed.
pub fn plan(goal: &Goal, facts: &Facts, plan_id: &str) -> Result<Plan, PlanError> {
    let basis = Basis { facts, plan_id };
    match goal {
        Goal::SetUp { spec } => set_up::plan(spec, basis),
        Goal::Change { change, waived } => change::plan(change, waived, basis),
    }
}

/// An ordered list of steps that makes a goal true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Plan {
    /// Id, fixed when the plan is made; names and tags of what the run makes carry it.
    pub id: String,
    /// What it was made from.
    #[serde(alias = "wish")]
    pub goal: Goal,
    /// The cluster or compute it is about, for people.
    pub title: String,
    /// The steps, in order.
    pub steps: Vec<PlanStep>,
    /// The certificate the run applies, where it applies one.
    pub pair: Option<PairRef>,
    /// Where the certificate of before is kept while another takes its place; `None` where there is none to keep.
    #[serde(default)]
    pub former: Option<PairRef>,
    /// The very certificate and resources it was made for, and who is affected.
    #[serde(default)]
    pub bound: Bound,
    /// What puts back what was there, should the change not show; empty where there is no way back, or none is needed.
    #[serde(default)]
    pub back: Vec<PlanStep>,
}

impl Plan {
    /// Its steps by one number: first those that make the change, then those of the way back.
    pub fn step(&self, at: usize) -> Option<&PlanStep> {
        self.steps.iter().chain(&self.back).nth(at)
    }
}

/// One resumable part of a plan: at most one request that changes something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlanStep {
    /// Id within the plan (`create_cluster`).
    pub id: String,
    /// What it does.
    pub kind: StepKind,
    /// The request that changes something, where there is one.
    pub request: Option<PlannedRequest>,
    /// Requests to the cluster's own API that change something in it; one that is not there any more is passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<PlannedRequest>>", optional)]
    pub inside: Vec<PlannedRequest>,
    /// How long it usually takes.
    pub usual: UsualTime,
    /// What costs money from then on.
    pub costs: Vec<Note>,
    /// What it interrupts.
    pub interrupts: Vec<Note>,
    /// How it is undone.
    pub undo: Note,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A choice that a request needs has not been made; the path names it.
    #[error("{0} has not been chosen")]
    Missing(&'static str),
    /// Two choices that no request can carry together; the paths name them.
    #[error("{0} and {1} cannot go together")]
    Contradiction(&'static str, &'static str),
    /// A cluster or resource group would be deleted whose name has not been typed.
    #[error("the name of what is deleted has not been typed in `confirm`")]
    Unconfirmed,
}

/// A request as it will be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlannedRequest {
    /// `PUT`, `POST`, …
    pub method: String,
    /// Path and query from the cloud's ARM address on, api-version included. For requests to a cluster's own API: its path.
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
    /// Rather quick.
    pub from_seconds: u32,
    /// Rather slow; beyond it the run says "slower than usual", not "failed".
    pub to_seconds: u32,
}

/// A catalogue key with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Note {
    /// Key of the words in the catalogue `plan`.
    pub code: String,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
}
