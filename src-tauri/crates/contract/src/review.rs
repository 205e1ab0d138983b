//! A review of a goal: what was found and the plan, from one reading of the facts; and what becomes of it when it is
//! started.

use crate::run::RunSummary;
use berth_domain::finding::{Finding, Severity};
use berth_domain::plan::Plan;
use berth_domain::plan::difference::Difference;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Version of the format of plan files. A file with another number is refused.
pub const PLAN_SCHEMA: u32 = 1;

/// What one reading of the facts says about a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Review {
    /// Id, to start it by; its plan has the same.
    pub id: String,
    /// All findings, worst first.
    pub findings: Vec<Finding>,
    /// The ordered plan with each request; none while something stands in the way of making one.
    pub plan: Option<Plan>,
    /// What could not be read. "Nobody is interrupted" is said only where this is empty.
    pub unread: Vec<UnreadFact>,
    /// Requests that were sent for it.
    pub requests: u32,
    /// Milliseconds it took.
    pub took_ms: u32,
}

/// Something that a review needed to know and that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UnreadFact {
    /// Code of the finding that says so.
    pub code: String,
    /// What it is: the name of a place, or of a fact.
    pub name: String,
    /// Why, in the service's words.
    pub why: String,
    /// The consent that lets the plan start without knowing it; none where it does not block.
    pub consent: Option<String>,
}

impl UnreadFact {
    /// What a finding says could not be read; none for other findings.
    pub fn of(finding: &Finding) -> Option<Self> {
        let why = finding.params.get("why")?;
        let fact = finding.code.strip_prefix("unread.");
        let name = finding.params.get("name").map(String::as_str).or(fact);
        let consents = finding.severity == Severity::Blocking && finding.waivable;
        let unread = fact.is_some() || finding.severity == Severity::Unknown || finding.resource.is_some();
        unread.then(|| Self {
            code: finding.code.clone(),
            name: name.unwrap_or(&finding.rule).to_owned(),
            why: why.clone(),
            consent: consents.then(|| finding.waiver()),
        })
    }
}

/// A review to start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StartRun {
    /// Id of the review.
    pub review: String,
    /// What the person agreed to, each by name: see [`Finding::waiver`].
    pub consents: Vec<String>,
    /// The name of what goes for good, as the person typed it, where the goal deletes a cluster or a resource group.
    #[serde(default)]
    pub typed: Option<String>,
}

/// What became of a start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Started {
    /// The reviewed plan runs.
    Running {
        /// Its run.
        run: RunSummary,
    },
    /// The plan would not be the reviewed one any more. Nothing was sent.
    Changed {
        /// What is different.
        differences: Vec<Difference>,
        /// The review of how things are now.
        review: Review,
    },
}

/// A reviewed plan in a file, to be applied later or by somebody else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanFile {
    /// Version of the format: [`PLAN_SCHEMA`].
    pub schema: u32,
    /// Account it was reviewed on.
    pub account: String,
    /// What the person who reviewed it agreed to.
    pub consents: Vec<String>,
    /// The plan.
    pub plan: Plan,
}
