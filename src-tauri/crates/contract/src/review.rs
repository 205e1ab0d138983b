//! A review of a goal: what was found and the plan, from one reading of the facts; and what becomes of it when it is
//! started.

use crate::failure::{Failure, FailureCode, Remedy};
use crate::run::RunSummary;
use berth_domain::finding::{Finding, Severity};
use berth_domain::plan::Plan;
use berth_domain::plan::difference::Difference;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Version of the format of plan files. A file with another number is refused.
pub const PLAN_SCHEMA: u32 = 2;

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
        review: Box<Review>,
    },
}

/// Which Azure an account leads to, and as whom: the name of an account says neither.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedIn {
    /// The cloud: the address of Azure Resource Manager, or `Sandbox`, whose address is new at each start.
    pub cloud: String,
    /// The tenant; each sandbox has its own.
    pub tenant_id: String,
    /// Object id of the person or service principal; empty where the sign-in does not tell it.
    pub principal_id: String,
}

impl SignedIn {
    /// The failure of carrying on as somebody else what was agreed to as this one; none where it is the same.
    pub fn mismatch(&self, now: &Self) -> Option<Failure> {
        let parts = [
            ("other_cloud", &self.cloud, &now.cloud),
            ("other_tenant", &self.tenant_id, &now.tenant_id),
            ("other_principal", &self.principal_id, &now.principal_id),
        ];
        let differs = |(_, then, now): &(&str, &String, &String)| !then.eq_ignore_ascii_case(now);
        let (reason, then, now) = parts.into_iter().find(differs)?;
        let failure = Failure::new(FailureCode::OtherAccount, Remedy::CorrectInput);
        Some(failure.with("reason", reason).with("then", then).with("now", now))
    }
}

/// What is to go on: a run, with what the person agrees to besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ResumeRun {
    /// The run.
    pub run: String,
    /// What the person agrees to, each by name: see [`Finding::waiver`].
    #[serde(default)]
    pub consents: Vec<String>,
}

/// What became of going on with a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Resumed {
    /// It goes on.
    Running {},
    /// Nothing was sent: this has to be agreed to first, for it was not so when the run was started.
    Asks {
        /// Each with its consent.
        findings: Vec<Finding>,
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
    /// Which Azure that is, and as whom.
    pub signed_in: SignedIn,
    /// What the person who reviewed it agreed to.
    pub consents: Vec<String>,
    /// The plan.
    pub plan: Plan,
    /// SHA-256 over all the rest, lower-case hexadecimal: an edit of the file is noticed.
    pub digest: String,
}
