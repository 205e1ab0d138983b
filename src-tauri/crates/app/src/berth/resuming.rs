//! Going on with runs. Time has passed since they were agreed to, so what their remaining steps depend on is read again first.

use super::Berth;
use crate::facts;
use crate::inside::ThroughArm;
use crate::planning::today;
use crate::reviews::check_consents;
use crate::session::Session;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::review::{ResumeRun, Resumed};
use berth_contract::run::RunState;
use berth_domain::change::{Change, Goal};
use berth_domain::facts::{Fact, Facts};
use berth_domain::finding::{Finding, without_consent};
use berth_domain::plan::resuming::{disrupting, unforeseen};
use berth_domain::plan::{StepKind, Target};
use berth_domain::resource_id::same_resource;
use berth_runs::Rest;
use serde_json::Value;

impl Berth {
    /// Goes on with a run that failed, was cancelled or was interrupted. Where its remaining steps interrupt or destroy what
    /// nobody agreed to, or where that cannot be read, nothing is sent.
    ///
    /// # Errors
    /// `NotFound`, `AlreadyRunning`, `OtherAccount`, `NotTheSame` for a cluster or compute made anew, `BadInput` for a consent to
    /// nothing, sign-in failures.
    pub async fn resume_run(&self, wanted: &ResumeRun) -> Result<Resumed, Failure> {
        let rest = self.runs.rest(&wanted.run)?;
        let session = self.session_of(&rest).await?;
        let all = self.unforeseen(&rest, &session).await?;
        check_consents(&all, &wanted.consents)?;
        let findings = without_consent(&all, &wanted.consents);
        if !findings.is_empty() {
            return Ok(Resumed::Asks { findings });
        }
        self.runs
            .resume(&wanted.run, session.arm, &wanted.consents)
            .await?;
        Ok(Resumed::Running {})
    }

    /// Looks again from outside. A run that has not come that far goes on.
    ///
    /// # Errors
    /// As [`Berth::resume_run`], and `BlockedByPreflight` where it would go on and something has to be agreed to.
    pub async fn prove_again(&self, id: &str) -> Result<(), Failure> {
        let rest = self.runs.rest(id)?;
        let session = self.session_of(&rest).await?;
        let findings = self.unforeseen(&rest, &session).await?;
        if !findings.is_empty() {
            return Err(asks(&findings));
        }
        self.runs.prove_again(id, session.arm).await
    }

    /// Goes on with every run that was interrupted, each with its own account. Answers those that could not, with why: one that
    /// needs another consent waits for the person.
    pub async fn resume_interrupted(&self) -> Vec<(String, Failure)> {
        let runs = self.runs().await.unwrap_or_default();
        let mut stuck = Vec::new();
        for run in runs.into_iter().filter(|run| run.state == RunState::Interrupted) {
            let wanted = ResumeRun {
                run: run.id.clone(),
                consents: Vec::new(),
            };
            match self.resume_run(&wanted).await {
                Ok(Resumed::Running {}) => {}
                Ok(Resumed::Asks { findings }) => stuck.push((run.id, asks(&findings))),
                Err(failure) => stuck.push((run.id, failure)),
            }
        }
        stuck
    }

    /// The session of a run's account, where it leads to the same Azure as the same person.
    async fn session_of(&self, rest: &Rest) -> Result<Session, Failure> {
        let session = self.session(&rest.owner.account).await?;
        if let Some(then) = &rest.owner.signed_in {
            session.check_same(then).await?;
        }
        Ok(session)
    }

    /// What the run does not hold consent for.
    async fn unforeseen(&self, rest: &Rest, session: &Session) -> Result<Vec<Finding>, Failure> {
        let steps: Vec<_> = rest.steps.iter().collect();
        let Some(change) = disrupting(&rest.plan, &steps) else {
            return Ok(Vec::new());
        };
        let facts = self.facts_of_rest(rest, change, session).await;
        if let Some(replaced) = replaced(rest, &facts) {
            return Err(replaced);
        }
        let Goal::Change { waived, .. } = &rest.plan.goal else {
            return Ok(Vec::new());
        };
        let consents: Vec<String> = rest.owner.consents.iter().chain(waived).cloned().collect();
        Ok(unforeseen(&rest.plan, change, &facts, &consents))
    }

    async fn facts_of_rest(&self, rest: &Rest, change: &Change, session: &Session) -> Facts {
        let run = facts::run_to_clear_up(&self.runs, change);
        let arm = session.arm.with_cache();
        let (inside, today) = (ThroughArm::new(arm.clone()), today());
        let reading = facts::resuming::read(&arm, &rest.plan, change, run, &inside, &today);
        Box::pin(reading).await
    }
}

/// A cluster or compute that was made anew under the same name. One that the run itself is about to make, or has, is its own.
fn replaced(rest: &Rest, facts: &Facts) -> Option<Failure> {
    let makes = |target: &Target| {
        rest.steps.iter().any(|step| {
            matches!(
                step.kind,
                StepKind::AttachCompute { .. } | StepKind::CreateThroughAml { .. }
            ) && step
                .kind
                .resource_id()
                .is_some_and(|id| same_resource(id, &target.resource_id))
        })
    };
    let read: [&Fact<Option<Value>>; 2] = [&facts.change.cluster, &facts.change.compute];
    let now = read.into_iter().filter_map(|fact| fact.known()?.as_ref());
    let mut other = now.filter_map(|now| {
        let target = rest.plan.bound.target(now["id"].as_str()?)?;
        (target.is_replaced_by(now) && !makes(target)).then_some(target)
    });
    let target = other.next()?;
    let failure = Failure::new(FailureCode::NotTheSame, Remedy::ChangePlan);
    Some(
        failure
            .with("resource", &target.resource_id)
            .with("reason", "replaced")
            .with("names", ""),
    )
}

fn asks(findings: &[Finding]) -> Failure {
    let rules: Vec<String> = findings.iter().map(Finding::waiver).collect();
    Failure::new(FailureCode::BlockedByPreflight, Remedy::ChangePlan).with("rules", rules.join(", "))
}
