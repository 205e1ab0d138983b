//! Reviews: findings and plan for a goal, based on one reading of the facts, and the result of starting one.

use crate::failure::{Failure, FailureCode, Remedy};
use crate::run::{CanaryChoice, RunSummary};
use berth_domain::finding::{Finding, Severity};
use berth_domain::plan::Plan;
use berth_domain::plan::difference::Difference;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Schema version of plan files. Files with another version are rejected.
pub const PLAN_SCHEMA: u32 = 2;

/// Findings and plan for a goal, based on one reading of the facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Review {
    /// Id of the review and of its plan.
    pub id: String,
    /// All findings, worst first.
    pub findings: Vec<Finding>,
    /// The plan with its requests in order; `None` if findings prevent making one.
    pub plan: Option<Plan>,
    /// What could not be read. The claim that nobody is interrupted holds only if this is empty.
    pub unread: Vec<UnreadFact>,
    /// Number of requests sent to Azure.
    pub requests: u32,
    /// Duration in milliseconds.
    pub took_ms: u32,
}

/// A fact that a review needed and could not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UnreadFact {
    /// Code of the finding that reports it.
    pub code: String,
    /// Name of the fact or resource.
    pub name: String,
    /// Why it could not be read, in the service's own words.
    pub why: String,
    /// The consent that allows starting without this fact; `None` if it does not block.
    pub consent: Option<String>,
}

impl UnreadFact {
    /// Returns the unread fact that a finding reports; `None` for other findings.
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

/// Asks to start the plan of a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StartRun {
    /// Id of the review.
    pub review: String,
    /// Names of the findings that the person accepted: see [`Finding::waiver`].
    pub consents: Vec<String>,
    /// Name of the cluster or resource group to delete, as the person typed it to confirm; `None` if the goal deletes neither.
    #[serde(default)]
    pub typed: Option<String>,
}

/// Result of starting a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Started {
    /// The reviewed plan is running.
    Running {
        /// The run.
        run: RunSummary,
    },
    /// The plan would now differ from the reviewed one. Nothing was sent.
    Changed {
        /// What differs.
        differences: Vec<Difference>,
        /// A new review of the current state.
        review: Box<Review>,
    },
}

/// Cloud, tenant and principal behind an account. The account's name alone does not identify them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedIn {
    /// Address of Azure Resource Manager, or `Sandbox`, whose address changes at each start.
    pub cloud: String,
    /// Tenant id; each sandbox has its own.
    pub tenant_id: String,
    /// Object id of the user or service principal; empty if the token does not contain it.
    pub principal_id: String,
}

impl SignedIn {
    /// Returns the failure for continuing with another cloud, tenant or principal; `None` if all are the same.
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

/// Asks to resume a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ResumeRun {
    /// Id of the run.
    pub run: String,
    /// Names of further findings that the person accepts: see [`Finding::waiver`].
    #[serde(default)]
    pub consents: Vec<String>,
}

/// A decision about the canary of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CanaryDecision {
    /// Id of the run.
    pub run: String,
    /// What to do.
    pub choice: CanaryChoice,
}

/// Result of resuming a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Resumed {
    /// The run continues.
    Running {},
    /// Nothing was sent: there are findings that did not exist when the run was started, and the person has to accept them first.
    Asks {
        /// The findings to accept.
        findings: Vec<Finding>,
    },
}

/// A reviewed plan in a file, to apply later or by someone else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanFile {
    /// Schema version: [`PLAN_SCHEMA`].
    pub schema: u32,
    /// Id of the account it was reviewed with.
    pub account: String,
    /// Cloud, tenant and principal of that account.
    pub signed_in: SignedIn,
    /// Names of the findings that the reviewer accepted.
    pub consents: Vec<String>,
    /// The plan.
    pub plan: Plan,
    /// SHA-256 of the other members, lower-case hexadecimal, to detect edits.
    pub digest: String,
}
