//! Reviewing a goal, and starting what was reviewed.

use super::Berth;
use crate::facts;
use crate::inside::ThroughArm;
use crate::planning::{blocked, today};
use crate::reviews::{Kept, agreed, changed, check_consents, check_typed, gone, judged, reviewed};
use berth_arm::Arm;
use berth_contract::failure::Failure;
use berth_contract::model::GoalOn;
use berth_contract::review::{PlanFile, Review, SignedIn, StartRun, Started};
use berth_contract::run::RunSummary;
use berth_domain::change::Goal;
use berth_domain::facts::Facts;
use berth_domain::finding::{Finding, blocks, without_consent};
use berth_domain::plan::Plan;
use berth_domain::preflight;
use berth_runs::Owner;
use std::time::Instant;

/// What is being started: a reviewed plan on its account, and what the person agreed to.
struct Approved<'a> {
    account: &'a str,
    signed_in: Option<&'a SignedIn>,
    plan: &'a Plan,
    consents: &'a [String],
    /// Those of them that nobody has compared with findings yet.
    new: &'a [String],
}

impl Berth {
    /// Reads everything a goal depends on, side by side and once, and answers what was found and the plan.
    ///
    /// # Errors
    /// Sign-in failures; `BadInput` while the goal is too incomplete to plan. What cannot be read is a finding.
    pub async fn review(&self, args: &GoalOn) -> Result<Review, Failure> {
        let begun = Instant::now();
        let findings = preflight::address_findings(&args.goal);
        if !findings.is_empty() {
            let review = reviewed(findings, None, 0, begun);
            self.keep(&args.account, None, &review);
            return Ok(review);
        }
        let (session, arm) = self.reading(&args.account).await?;
        let before = session.arm.requests_sent();
        let facts = self.facts(&arm, &args.goal).await;
        let requests = session.arm.requests_sent().saturating_sub(before);
        let (findings, plan) = judged(&args.goal, &facts)?;
        let review = reviewed(findings, plan, requests, begun);
        self.keep(&args.account, Some(session.signed_in().await?), &review);
        Ok(review)
    }

    /// Starts the plan of a review. Everything the plan depends on is read again: where the plan is not the same any more,
    /// nothing is sent.
    ///
    /// # Errors
    /// `NotFound` for a review that was started before or is too old, `BlockedByPreflight` with the rules that nobody agreed
    /// to, sign-in failures, `FileProblem`.
    pub async fn start(&self, args: &StartRun) -> Result<Started, Failure> {
        let kept = self.reviews.take(&args.review);
        let kept = kept.ok_or_else(|| gone(&args.review))?;
        let answer = self.start_kept(&kept, args).await;
        if answer.is_err() {
            // Nothing was sent: the person may try the same again.
            self.reviews.keep(kept);
        }
        answer
    }

    /// Which Azure an account leads to, and as whom.
    ///
    /// # Errors
    /// Sign-in failures.
    pub async fn signed_in(&self, account: &str) -> Result<SignedIn, Failure> {
        self.session(account).await?.signed_in().await
    }

    async fn start_kept(&self, kept: &Kept, args: &StartRun) -> Result<Started, Failure> {
        let consents = &args.consents;
        check_consents(&kept.review.findings, consents)?;
        let open = without_consent(&kept.review.findings, consents);
        let plan = kept.review.plan.as_ref().filter(|_| open.is_empty());
        let plan = plan.ok_or_else(|| blocked(&open))?;
        check_typed(&plan.goal, args.typed.as_deref())?;
        let account = &kept.account;
        self.start_approved(&Approved {
            account,
            signed_in: kept.signed_in.as_ref(),
            plan,
            consents,
            new: &[],
        })
        .await
    }

    /// Starts the plan in a file, as [`Berth::start`] does.
    ///
    /// # Errors
    /// As [`Berth::start`].
    pub async fn start_planned(&self, file: &PlanFile, new: &[String]) -> Result<Started, Failure> {
        let consents: Vec<String> = file.consents.iter().chain(new).cloned().collect();
        let refused = preflight::address_findings(&file.plan.goal);
        if !refused.is_empty() {
            return Err(blocked(&refused));
        }
        let approved = Approved {
            account: &file.account,
            signed_in: Some(&file.signed_in),
            plan: &file.plan,
            consents: &consents,
            new,
        };
        self.start_approved(&approved).await
    }

    async fn start_approved(&self, approved: &Approved<'_>) -> Result<Started, Failure> {
        let (account, shown) = (approved.account, approved.plan);
        let goal = &shown.goal;
        let begun = Instant::now();
        let (session, arm) = self.reading(account).await?;
        let signed_in = session.signed_in().await?;
        if let Some(other) = approved.signed_in.and_then(|then| then.mismatch(&signed_in)) {
            return Err(other);
        }
        let before = session.arm.requests_sent();
        let facts = self.facts(&arm, goal).await;
        let requests = session.arm.requests_sent().saturating_sub(before);
        check_consents(&preflight::preflight(goal, &facts), approved.new)?;
        let findings = preflight::preflight(&agreed(goal, approved.consents), &facts);
        let found = changed(shown, goal, &facts, &findings);
        if found.is_empty() {
            let owner = Owner {
                account: account.to_owned(),
                signed_in: Some(signed_in),
                consents: approved.consents.to_vec(),
            };
            let run = self.runs.start(owner, session.arm, shown.clone()).await?;
            return Ok(Started::Running { run });
        }
        // What the person approved is not what would run: that takes another review, with an id of its own.
        let (findings, plan) = judged(goal, &facts)?;
        let review = reviewed(findings, plan, requests, begun);
        self.keep(account, Some(signed_in), &review);
        Ok(Started::Changed {
            differences: found,
            review: Box::new(review),
        })
    }

    /// Plans and starts a goal that nobody reviews, because Berth itself has set it: a renewal that is due. Answers what was
    /// found where that is in the way.
    ///
    /// # Errors
    /// Sign-in failures, `FileProblem`, `BadInput`.
    pub(crate) async fn start_own(&self, args: &GoalOn) -> Result<Result<RunSummary, Vec<Finding>>, Failure> {
        let refused = preflight::address_findings(&args.goal);
        if !refused.is_empty() {
            return Ok(Err(refused));
        }
        let (session, arm) = self.reading(&args.account).await?;
        let facts = self.facts(&arm, &args.goal).await;
        let (findings, plan) = judged(&args.goal, &facts)?;
        match plan {
            Some(plan) if !blocks(&findings) => {
                let owner = Owner {
                    account: args.account.clone(),
                    signed_in: Some(session.signed_in().await?),
                    consents: Vec::new(),
                };
                self.runs.start(owner, session.arm, plan).await.map(Ok)
            }
            _ => Ok(Err(findings)),
        }
    }

    fn keep(&self, account: &str, signed_in: Option<SignedIn>, review: &Review) {
        self.reviews.keep(Kept {
            account: account.to_owned(),
            signed_in,
            review: review.clone(),
        });
    }

    /// Everything of one set of api-versions: what was read before Azure told which ones it takes is read again.
    async fn facts(&self, arm: &Arm, goal: &Goal) -> Facts {
        loop {
            let api_versions = arm.api_versions();
            let facts = self.read(arm, goal).await;
            if arm.api_versions() == api_versions {
                return Facts {
                    api_versions,
                    ..facts
                };
            }
        }
    }

    async fn read(&self, arm: &Arm, goal: &Goal) -> Facts {
        let today = today();
        let inside = ThroughArm::new(arm.clone());
        // Boxed: everything is asked for at once, and each question is a future of its own.
        match goal {
            Goal::SetUp { spec } => {
                let certificate = self.certificates.facts_of(spec.tls.as_ref()).await;
                Box::pin(facts::read_facts(arm, spec, certificate, &inside, &today)).await
            }
            Goal::Change { change, .. } => {
                let certificate = self.certificates.facts_of(change.tls()).await;
                let run = facts::run_to_clear_up(&self.runs, change);
                let reading = facts::change::read_change(arm, change, certificate, &inside, run, &today);
                Box::pin(reading).await
            }
        }
    }
}
