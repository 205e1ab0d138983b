//! Reviews: what was found about a goal and the plan for it, from one reading of the facts, kept until it is started.

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

/// Reviews that are kept at most; the oldest makes room. A person reads one at a time, and the window asks for one each
/// time that typing settles.
const KEPT: usize = 8;

/// A review that can be started.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) account: String,
    /// Which Azure that is, and as whom; `None` where nothing was asked.
    pub(crate) signed_in: Option<SignedIn>,
    pub(crate) review: Review,
}

/// The reviews of this program that were not started yet, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Reviews(Mutex<VecDeque<Kept>>);

impl Reviews {
    pub(crate) fn keep(&self, kept: Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == KEPT {
            all.pop_front();
        }
        all.push_back(kept);
    }

    /// Takes a review out: it is started once.
    pub(crate) fn take(&self, id: &str) -> Option<Kept> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|kept| kept.review.id == id)?;
        all.remove(at)
    }
}

/// What is not as it was when the plan was shown: differences of the plan, and findings that nobody agreed to.
pub(crate) fn changed(shown: &Plan, goal: &Goal, facts: &Facts, findings: &[Finding]) -> Vec<Difference> {
    let mut all = match plan_of(goal, facts, &shown.id) {
        Ok(now) => differences(shown, &now),
        Err(_) => vec![Difference::no_plan()],
    };
    let blocking = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking);
    all.extend(blocking.cloned().map(Difference::finding));
    all
}

/// Findings and plan from the same facts. Without a plan something has to stand in the way.
pub(crate) fn judged(goal: &Goal, facts: &Facts) -> Result<(Vec<Finding>, Option<Plan>), Failure> {
    let findings = preflight::preflight(goal, facts);
    match plan_of(goal, facts, &new_id()) {
        Ok(plan) => Ok((findings, Some(plan))),
        Err(_) if blocks(&findings) => Ok((findings, None)),
        Err(failure) => Err(failure),
    }
}

/// The review and its plan have the same id: a plan is started once.
pub(crate) fn reviewed(findings: Vec<Finding>, plan: Option<Plan>, requests: u64, begun: Instant) -> Review {
    Review {
        id: plan.as_ref().map_or_else(new_id, |plan| plan.id.clone()),
        unread: findings.iter().filter_map(UnreadFact::of).collect(),
        findings,
        plan,
        requests: u32::try_from(requests).unwrap_or(u32::MAX),
        took_ms: u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
    }
}

/// Refuses a start that destroys what the person has not typed the name of. The goal's own name was compared with what is
/// there by its rules.
pub(crate) fn check_typed(goal: &Goal, typed: Option<&str>) -> Result<(), Failure> {
    match goal.typed().map(str::trim) {
        Some(name) if !name.is_empty() && typed.map(str::trim) != Some(name) => {
            let refused = Failure::new(FailureCode::BlockedByPreflight, Remedy::ChangePlan);
            Err(refused.with("rules", "ATT-20"))
        }
        _ => Ok(()),
    }
}

/// Refuses consents that are to no finding: who mistypes one has agreed to nothing.
///
/// # Errors
/// `BadInput` with each of them.
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

/// The goal with what the person agreed to besides.
pub(crate) fn agreed(goal: &Goal, consents: &[String]) -> Goal {
    let mut goal = goal.clone();
    let waived = match &mut goal {
        Goal::SetUp { spec } => &mut spec.waived,
        Goal::Change { waived, .. } => waived,
    };
    waived.extend_from_slice(consents);
    goal
}

fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

pub(crate) fn gone(review: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::TryAgain).with("what", format!("review \"{review}\""))
}
