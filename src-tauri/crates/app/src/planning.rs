//! Plans from facts, and the failures when there is none.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::change::Goal;
use berth_domain::facts::Facts;
use berth_domain::finding::{Finding, Severity};
use berth_domain::plan::{self, Plan};
use jiff::Timestamp;

pub(crate) fn plan_of(goal: &Goal, facts: &Facts, id: &str) -> Result<Plan, Failure> {
    plan::plan(goal, facts, id).map_err(|error| {
        Failure::new(FailureCode::BadInput, Remedy::ChangePlan)
            .with("what", "specification")
            .with("why", &error)
            .because(&error)
    })
}

pub(crate) fn blocked(findings: &[Finding]) -> Failure {
    let blocking = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking);
    let rules = blocking
        .map(|finding| finding.rule.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    Failure::new(FailureCode::BlockedByPreflight, Remedy::ChangePlan).with("rules", rules)
}

/// Returns today's date in UTC as `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}
