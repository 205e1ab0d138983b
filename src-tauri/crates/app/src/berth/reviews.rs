//! Reviewing a goal and starting the reviewed plan.

use super::Berth;
use crate::cluster_reader::ClusterReader;
use crate::facts;
use crate::planning::{blocked, today};
use crate::reviews::{
    PendingReview, check_consents, check_typed_name, differences_from, findings_and_plan, new_review,
    review_not_found, with_consents,
};
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

/// A reviewed plan, its account, and what the person consented to.
struct Approved<'a> {
    account: &'a str,
    signed_in: Option<&'a SignedIn>,
    plan: &'a Plan,
    consents: &'a [String],
    /// The consents not yet checked against findings.
    unchecked_consents: &'a [String],
}

impl Berth {
    /// Reads everything a goal depends on, concurrently and once, and returns the findings and the plan. Sends nothing
    /// that changes Azure. The review is kept until [`Berth::start`] starts its plan; a fact that cannot be read is a
    /// finding.
    ///
    /// ```
    /// use berth_app::{Berth, Home, Options};
    /// use berth_contract::model::{GoalOn, SubscriptionRef};
    /// use berth_domain::change::{Change, Goal};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), berth_contract::failure::Failure> {
    /// let folder = tempfile::tempdir().unwrap();
    /// let berth = Berth::open(Options {
    ///     memory_only: true,
    ///     ..Options::new(Home::at(folder.path()))
    /// })?;
    /// let account = "sandbox".to_owned();
    /// let session = berth.sign_in(&account).await?;
    /// let subscription_id = session.subscriptions[0].subscription_id.clone();
    /// let place = berth
    ///     .place(&SubscriptionRef {
    ///         account: account.clone(),
    ///         subscription_id,
    ///     })
    ///     .await?;
    /// let cluster = &place.clusters[0];
    /// let scale = Change::Scale {
    ///     cluster_id: cluster.id.clone(),
    ///     pool: cluster.pools[0].name.clone(),
    ///     nodes: cluster.pools[0].count + 1,
    /// };
    /// let goal = Goal::Change {
    ///     change: Box::new(scale),
    ///     waived: Vec::new(),
    /// };
    /// let review = berth.review(&GoalOn { account, goal }).await?;
    /// let plan = review.plan.expect("a plan");
    /// assert!(!plan.steps.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Sign-in failures; `BadInput` while the goal is too incomplete to plan.
    pub async fn review(&self, args: &GoalOn) -> Result<Review, Failure> {
        let begun = Instant::now();
        let findings = preflight::address_findings(&args.goal);
        if !findings.is_empty() {
            let review = new_review(findings, None, 0, begun);
            self.keep(&args.account, None, &review);
            return Ok(review);
        }
        let (session, arm) = Box::pin(self.reading(&args.account)).await?;
        let before = session.arm.requests_sent();
        let facts = Box::pin(self.facts(&arm, &args.goal)).await;
        let requests = session.arm.requests_sent().saturating_sub(before);
        let (findings, plan) = findings_and_plan(&args.goal, &facts)?;
        let review = new_review(findings, plan, requests, begun);
        self.keep(&args.account, Some(session.signed_in().await?), &review);
        Ok(review)
    }

    /// Starts the plan of a review. Reads everything the plan depends on again first; if the plan would now differ,
    /// sends nothing and returns a new review.
    ///
    /// # Errors
    /// `NotFound` if the review was already started or is too old, `BlockedByPreflight` with the rules that still need
    /// consent, sign-in failures, `FileProblem`.
    pub async fn start(&self, args: &StartRun) -> Result<Started, Failure> {
        let pending = self.reviews.take(&args.review);
        let pending = pending.ok_or_else(|| review_not_found(&args.review))?;
        let answer = Box::pin(self.start_review(&pending, args)).await;
        if answer.is_err() {
            // Nothing was sent, so the person may try again.
            self.reviews.keep(pending);
        }
        answer
    }

    /// Returns the cloud, tenant and principal an account signs in to.
    ///
    /// # Errors
    /// Sign-in failures.
    pub async fn signed_in(&self, account: &str) -> Result<SignedIn, Failure> {
        self.session(account).await?.signed_in().await
    }

    async fn start_review(&self, pending: &PendingReview, args: &StartRun) -> Result<Started, Failure> {
        let consents = &args.consents;
        check_consents(&pending.review.findings, consents)?;
        let open = without_consent(&pending.review.findings, consents);
        let plan = pending.review.plan.as_ref().filter(|_| open.is_empty());
        let plan = plan.ok_or_else(|| blocked(&open))?;
        check_typed_name(&plan.goal, args.typed.as_deref())?;
        let account = &pending.account;
        let approved = Approved {
            account,
            signed_in: pending.signed_in.as_ref(),
            plan,
            consents,
            unchecked_consents: &[],
        };
        Box::pin(self.start_approved(&approved)).await
    }

    /// Starts the plan in a file, as [`Berth::start`] does. `new_consents` are given in addition to those in the file.
    ///
    /// # Errors
    /// As [`Berth::start`].
    pub async fn start_planned(&self, file: &PlanFile, new_consents: &[String]) -> Result<Started, Failure> {
        let consents: Vec<String> = file.consents.iter().chain(new_consents).cloned().collect();
        let findings = preflight::address_findings(&file.plan.goal);
        if !findings.is_empty() {
            return Err(blocked(&findings));
        }
        let approved = Approved {
            account: &file.account,
            signed_in: Some(&file.signed_in),
            plan: &file.plan,
            consents: &consents,
            unchecked_consents: new_consents,
        };
        Box::pin(self.start_approved(&approved)).await
    }

    async fn start_approved(&self, approved: &Approved<'_>) -> Result<Started, Failure> {
        let (account, plan) = (approved.account, approved.plan);
        let goal = &plan.goal;
        let begun = Instant::now();
        let (session, arm) = self.reading(account).await?;
        let signed_in = session.signed_in().await?;
        if let Some(mismatch) = approved.signed_in.and_then(|then| then.mismatch(&signed_in)) {
            return Err(mismatch);
        }
        let before = session.arm.requests_sent();
        let facts = Box::pin(self.facts(&arm, goal)).await;
        let requests = session.arm.requests_sent().saturating_sub(before);
        check_consents(&preflight::preflight(goal, &facts), approved.unchecked_consents)?;
        let findings = preflight::preflight(&with_consents(goal, approved.consents), &facts);
        let differences = differences_from(plan, goal, &facts, &findings);
        if differences.is_empty() {
            let owner = Owner {
                account: account.to_owned(),
                signed_in: Some(signed_in),
                consents: approved.consents.to_vec(),
            };
            let run = self.runs.start(owner, session.arm, plan.clone()).await?;
            return Ok(Started::Running { run });
        }
        // The plan the person approved is not the one that would run now, so they must approve a new review.
        let (findings, plan) = findings_and_plan(goal, &facts)?;
        let review = new_review(findings, plan, requests, begun);
        self.keep(account, Some(signed_in), &review);
        Ok(Started::Changed {
            differences,
            review: Box::new(review),
        })
    }

    /// Plans and starts a goal without a review, for renewals. Returns the findings if they block it.
    ///
    /// # Errors
    /// Sign-in failures, `FileProblem`, `BadInput`.
    pub(crate) async fn start_unreviewed(
        &self,
        args: &GoalOn,
    ) -> Result<Result<RunSummary, Vec<Finding>>, Failure> {
        let findings = preflight::address_findings(&args.goal);
        if !findings.is_empty() {
            return Ok(Err(findings));
        }
        let (session, arm) = self.reading(&args.account).await?;
        let facts = Box::pin(self.facts(&arm, &args.goal)).await;
        let (findings, plan) = findings_and_plan(&args.goal, &facts)?;
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
        self.reviews.keep(PendingReview {
            account: account.to_owned(),
            signed_in,
            review: review.clone(),
        });
    }

    /// Reads all facts with one set of api-versions. If Azure rejects a version midway, reads everything again with the
    /// versions it accepts.
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
        let inside = ClusterReader::new(arm.clone());
        // Boxed because the future holds one future per request and is large.
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
            Goal::Deploy { spec } => {
                Box::pin(facts::deploy::read(arm, spec, &inside, &today, &self.reading)).await
            }
        }
    }
}
