//! Resuming runs. Time has passed since the person consented, so the facts that the remaining steps depend on are read
//! again first.

use super::Berth;
use crate::cluster_reader::ClusterReader;
use crate::facts;
use crate::planning::today;
use crate::reviews::check_consents;
use crate::session::Session;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::review::{CanaryDecision, ResumeRun, Resumed};
use berth_contract::run::{CanaryChoice, RunState, StepState};
use berth_domain::change::{Change, Goal};
use berth_domain::facts::{Fact, Facts};
use berth_domain::finding::{Finding, without_consent};
use berth_domain::plan::resuming::{disrupting, unforeseen};
use berth_domain::plan::{StepKind, Target};
use berth_domain::resource_id::same_resource;
use berth_runs::Rest;
use berth_upload::{Kind, Listing};
use serde_json::Value;
use std::path::Path;

impl Berth {
    /// Resumes a run that failed, was cancelled or was interrupted. Sends nothing if the remaining steps would
    /// interrupt or delete something the person did not consent to, or if that cannot be determined.
    ///
    /// # Errors
    /// `NotFound`, `AlreadyRunning`, `OtherAccount`, `NotTheSame` if the cluster or compute was re-created, `BadInput`
    /// for a consent that matches no finding, sign-in failures.
    pub async fn resume_run(&self, args: &ResumeRun) -> Result<Resumed, Failure> {
        let rest = self.runs.rest(&args.run)?;
        let session = self.session_of(&rest).await?;
        let all = self.unforeseen(&rest, &session).await?;
        check_consents(&all, &args.consents)?;
        let findings = without_consent(&all, &args.consents);
        if !findings.is_empty() {
            return Ok(Resumed::Asks { findings });
        }
        self.runs.resume(&args.run, session.arm, &args.consents).await?;
        Ok(Resumed::Running {})
    }

    /// The folders and files that a run has uploaded, each with whether it has changed since. A run that resumes uses what
    /// it has uploaded.
    ///
    /// # Errors
    /// `NotFound`, `FileProblem`, `CorruptState`.
    pub async fn uploaded_files(&self, id: &str) -> Result<Vec<(String, bool)>, Failure> {
        let run = self.runs.get(id).await?;
        let steps = run.plan.steps.iter().zip(&run.steps);
        let done = steps.filter(|(_, progress)| progress.state == StepState::Done);
        let mut files = Vec::new();
        for (path, hash, kind) in done.filter_map(|(step, _)| uploaded(&step.kind)) {
            files.push((path.to_owned(), Box::pin(has_changed(path, kind, hash)).await));
        }
        Ok(files)
    }

    /// Pauses the canary of a run, continues it or rolls it back. Resumes the run if no program carries it out.
    ///
    /// # Errors
    /// `BadInput` if the run has no canary, or none that this could be decided about; otherwise as
    /// [`Berth::resume_run`].
    pub async fn decide_canary(&self, args: &CanaryDecision) -> Result<Resumed, Failure> {
        let run = self.runs.get(&args.run).await?;
        let is_canary = |kind: &StepKind| matches!(kind, StepKind::Canary { .. });
        let has_canary = run.plan.steps.iter().any(|step| is_canary(&step.kind));
        match run.summary.state {
            _ if !has_canary => Err(not_decided(&args.run, "no_canary")),
            RunState::Succeeded | RunState::TakenBack => Err(not_decided(&args.run, "canary_over")),
            RunState::Running => {
                self.runs.choose(&args.run, args.choice)?;
                Ok(Resumed::Running {})
            }
            _ if args.choice == CanaryChoice::Pause => Err(not_decided(&args.run, "canary_idle")),
            _ => {
                self.runs.choose(&args.run, args.choice)?;
                let resumed = ResumeRun {
                    run: args.run.clone(),
                    consents: Vec::new(),
                };
                self.resume_run(&resumed).await
            }
        }
    }

    /// Repeats the proof of a finished run. Resumes a run that has not reached its proof.
    ///
    /// # Errors
    /// As [`Berth::resume_run`], and `BlockedByPreflight` if resuming needs a further consent.
    pub async fn prove_again(&self, id: &str) -> Result<(), Failure> {
        let rest = self.runs.rest(id)?;
        let session = self.session_of(&rest).await?;
        let findings = self.unforeseen(&rest, &session).await?;
        if !findings.is_empty() {
            return Err(needs_consent(&findings));
        }
        self.runs.prove_again(id, session.arm).await
    }

    /// Resumes every interrupted run with its own account. Returns the runs that could not be resumed and why; a run
    /// that needs a further consent waits for the person.
    pub async fn resume_interrupted(&self) -> Vec<(String, Failure)> {
        let runs = self.runs().await.unwrap_or_default();
        let mut stuck = Vec::new();
        for run in runs.into_iter().filter(|run| run.state == RunState::Interrupted) {
            let args = ResumeRun {
                run: run.id.clone(),
                consents: Vec::new(),
            };
            match self.resume_run(&args).await {
                Ok(Resumed::Running {}) => {}
                Ok(Resumed::Asks { findings }) => stuck.push((run.id, needs_consent(&findings))),
                Err(failure) => stuck.push((run.id, failure)),
            }
        }
        stuck
    }

    /// Returns the session of a run's account, if it still signs in to the same cloud, tenant and principal.
    async fn session_of(&self, rest: &Rest) -> Result<Session, Failure> {
        let session = self.session(&rest.owner.account).await?;
        if let Some(then) = &rest.owner.signed_in {
            session.check_same(then).await?;
        }
        Ok(session)
    }

    /// Returns the findings the run has no consent for.
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
        let (inside, today) = (ClusterReader::new(arm.clone()), today());
        let reading = facts::resuming::read(&arm, &rest.plan, change, run, &inside, &today);
        Box::pin(reading).await
    }
}

/// Returns a failure if a cluster or compute was re-created under the same name by somebody else. Those that the run
/// itself creates do not count.
fn replaced(rest: &Rest, facts: &Facts) -> Option<Failure> {
    let created_by_run = |target: &Target| {
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
        (target.is_replaced_by(now) && !created_by_run(target)).then_some(target)
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

/// What a step uploads, with its hash.
fn uploaded(kind: &StepKind) -> Option<(&str, &str, Kind)> {
    match kind {
        StepKind::UploadCode { folder, hash, .. } => Some((folder, hash, Kind::Code)),
        StepKind::UploadModel { path, hash, .. } => Some((path, hash, Kind::Model)),
        _ => None,
    }
}

/// Whether files are not those with this hash, or cannot be read.
async fn has_changed(path: &str, kind: Kind, hash: &str) -> bool {
    let Ok(listing) = Listing::of(Path::new(path), kind).await else {
        return true;
    };
    let read = listing.hashed(&|_| {}).await;
    read.map_or(true, |content| content.hash() != hash)
}

fn not_decided(run: &str, why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", run)
        .with("why", why)
}

fn needs_consent(findings: &[Finding]) -> Failure {
    let rules: Vec<String> = findings.iter().map(Finding::waiver).collect();
    Failure::new(FailureCode::BlockedByPreflight, Remedy::ChangePlan).with("rules", rules.join(", "))
}
