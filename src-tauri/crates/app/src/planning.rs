//! Plans from facts, and why there is none.

use crate::given;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::change::Goal;
use berth_domain::facts::Facts;
use berth_domain::finding::{Finding, Severity};
use berth_domain::plan::{self, Plan};
use berth_domain::preflight;
use jiff::Timestamp;

pub(crate) fn plan_of(goal: &Goal, facts: &Facts) -> Result<Plan, Failure> {
    let id = uuid::Uuid::new_v4().to_string();
    plan::plan(goal, facts, &id).map_err(|error| {
        Failure::new(FailureCode::BadInput, Remedy::ChangePlan)
            .with("what", "specification")
            .with("why", &error)
            .because(&error)
    })
}

/// Refuses a goal with a value that would lead a request somewhere else.
pub(crate) fn addressable(goal: &Goal) -> Result<(), Failure> {
    let blocking = preflight::unaddressable(goal)
        .into_iter()
        .find(|finding| finding.params.contains_key("member"));
    blocking.map_or(Ok(()), |finding| Err(given::of_finding(&finding)))
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

/// Today in UTC, `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}
