//! Reviews: the findings and the plan for a goal, from one reading of the facts, kept until the plan is started.

use crate::planning::plan_of;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::review::{Review, SignedIn, UnreadFact};
use berth_domain::change::Goal;
use berth_domain::facts::Facts;
use berth_domain::finding::{Finding, Severity, blocks, unused_consents};
use berth_domain::plan::Plan;
use berth_domain::plan::difference::{Difference, differences};
use berth_domain::{preflight, visible};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Most reviews kept; the oldest is dropped. A person reads one at a time, but the window requests one whenever typing
/// pauses.
const MAX_REVIEWS: usize = 8;

/// A review that can be started.
#[derive(Debug, Clone)]
pub(crate) struct PendingReview {
    pub(crate) account: String,
    /// Cloud, tenant and principal of the account; `None` if the review sent no request.
    pub(crate) signed_in: Option<SignedIn>,
    pub(crate) review: Review,
}

/// Reviews not started yet, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Reviews(Mutex<VecDeque<PendingReview>>);

impl Reviews {
    pub(crate) fn keep(&self, review: PendingReview) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == MAX_REVIEWS {
            all.pop_front();
        }
        all.push_back(review);
    }

    /// Removes and returns a review, so that it is started only once.
    pub(crate) fn take(&self, id: &str) -> Option<PendingReview> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|pending| pending.review.id == id)?;
        all.remove(at)
    }
}

/// Returns how the plan would differ from the approved one, and which blocking findings are left.
pub(crate) fn differences_from(
    approved: &Plan,
    goal: &Goal,
    facts: &Facts,
    findings: &[Finding],
) -> Vec<Difference> {
    let mut all = match plan_of(goal, facts, &approved.id) {
        Ok(now) => differences(approved, &now),
        Err(_) => vec![Difference::no_plan()],
    };
    let blocking = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking);
    all.extend(blocking.cloned().map(Difference::finding));
    all
}

/// Returns the findings and the plan for a goal. There may be no plan only if a finding blocks it.
pub(crate) fn findings_and_plan(goal: &Goal, facts: &Facts) -> Result<(Vec<Finding>, Option<Plan>), Failure> {
    let findings = preflight::preflight(goal, facts);
    match plan_of(goal, facts, &new_id()) {
        Ok(plan) => Ok((findings, Some(plan))),
        Err(_) if blocks(&findings) => Ok((findings, None)),
        Err(failure) => Err(failure),
    }
}

/// Builds a review. It shares its plan's id, so that the plan is started only once.
pub(crate) fn new_review(
    findings: Vec<Finding>,
    plan: Option<Plan>,
    requests: u64,
    begun: Instant,
) -> Review {
    Review {
        id: plan.as_ref().map_or_else(new_id, |plan| plan.id.clone()),
        unread: findings.iter().filter_map(UnreadFact::of).collect(),
        findings,
        plan,
        requests: u32::try_from(requests).unwrap_or(u32::MAX),
        took_ms: u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
    }
}

/// Refuses to delete a resource unless the person typed the name in the goal. The rules compare the goal's name with
/// the actual resource.
pub(crate) fn check_typed_name(goal: &Goal, typed: Option<&str>) -> Result<(), Failure> {
    match goal.typed().map(str::trim) {
        Some(name) if !name.is_empty() && typed.map(str::trim) != Some(name) => {
            let failure = Failure::new(FailureCode::BlockedByPreflight, Remedy::ChangePlan);
            Err(failure.with("rules", "ATT-20"))
        }
        _ => Ok(()),
    }
}

/// Refuses consents that match no finding, so that a mistyped consent is not silently ignored.
///
/// # Errors
/// `BadInput` listing them.
pub fn check_consents(findings: &[Finding], consents: &[String]) -> Result<(), Failure> {
    let idle = unused_consents(findings, consents);
    if idle.is_empty() {
        return Ok(());
    }
    let idle: Vec<String> = idle
        .into_iter()
        .map(|consent| format!("“{}”", visible::line(consent)))
        .collect();
    Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "--consent")
        .with("value", idle.join(", "))
        .with("why", "idle_consent"))
}

/// Adds the person's consents to a goal.
pub(crate) fn with_consents(goal: &Goal, consents: &[String]) -> Goal {
    let mut goal = goal.clone();
    let waived = match &mut goal {
        Goal::SetUp { spec } => &mut spec.waived,
        Goal::Change { waived, .. } => waived,
        Goal::Deploy { spec } => &mut spec.waived,
    };
    waived.extend_from_slice(consents);
    goal
}

fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

pub(crate) fn review_not_found(review: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::TryAgain).with("what", format!("review \"{review}\""))
}
