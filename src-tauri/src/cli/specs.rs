//! `berth preflight`, `berth plan`, `berth apply` and `berth deploy`.

use super::progress_line::ProgressLine;
use super::{BLOCKED, CHANGED, Context, Outcome, complain, print, runs, spec_file};
use crate::arguments::{ApplyArgs, CanaryArgs, PlanArgs, SpecArgs};
use berth_app::{check_consents, plan_file, words};
use berth_contract::failure::Failure;
use berth_contract::model::GoalOn;
use berth_contract::review::{PlanFile, Review, StartRun, Started};
use berth_domain::change::{Change, Goal};
use berth_domain::finding::{Finding, Severity, without_consent};
use berth_domain::plan::difference::Difference;
use berth_domain::plan::{Plan, PlanStep, PlannedRequest, StepKind};
use std::collections::BTreeMap;
use std::process::ExitCode;

pub(super) async fn preflight(context: &Context<'_>, spec: &SpecArgs) -> Outcome {
    let review = review(context, spec).await?;
    if context.json {
        print::json(&review);
    } else {
        show_review(&review, &spec.consent);
    }
    check_consents(&review.findings, &spec.consent)?;
    Ok(code_of(&review, &spec.consent))
}

pub(super) async fn plan(context: &Context<'_>, wanted: &PlanArgs) -> Outcome {
    let consents = &wanted.spec.consent;
    wanted.out.as_deref().map_or(Ok(()), plan_file::check_new)?;
    let review = review(context, &wanted.spec).await?;
    show_reviewed(context, &review, consents)?;
    if let (Some(path), Some(plan)) = (&wanted.out, &review.plan)
        && without_consent(&review.findings, consents).is_empty()
    {
        let reviewed = plan_file::Reviewed {
            account: &context.account,
            signed_in: context.berth.signed_in(&context.account).await?,
            consents,
            plan,
        };
        plan_file::write(path, reviewed)?;
    }
    Ok(code_of(&review, consents))
}

pub(super) async fn apply(context: &Context<'_>, wanted: &ApplyArgs) -> Outcome {
    if let Some(file) = plan_file::read(&wanted.file).await? {
        return Box::pin(apply_planned(context, &file, &wanted.consent)).await;
    }
    let goal = spec_file::read(&wanted.file).await?;
    Box::pin(apply_goal(context, goal, &wanted.consent)).await
}

pub(super) async fn deploy(context: &Context<'_>, wanted: &ApplyArgs) -> Outcome {
    let goal = spec_file::read_version(&wanted.file).await?;
    Box::pin(apply_goal(context, goal, &wanted.consent)).await
}

/// Reviews a goal and starts its plan, unless a finding blocks it.
pub(super) async fn apply_goal(context: &Context<'_>, goal: Goal, consents: &[String]) -> Outcome {
    let review = review_goal(context, goal).await?;
    check_consents(&review.findings, consents)?;
    if review.plan.is_none() || !without_consent(&review.findings, consents).is_empty() {
        if context.json {
            print::json(&review);
        } else {
            show_review(&review, consents);
        }
        explain_no_plan(&review, consents);
        return Ok(ExitCode::from(BLOCKED));
    }
    if !context.json && !review.findings.is_empty() {
        show_findings(&review.findings, consents);
    }
    let typed = review.plan.as_ref().and_then(|plan| plan.goal.typed());
    let start = StartRun {
        typed: typed.map(str::to_owned),
        review: review.id,
        consents: consents.to_vec(),
    };
    let started = reading(context, Box::pin(context.berth.start(&start))).await?;
    follow(context, started).await
}

/// Reviews a goal, and prints the findings and the plan.
pub(super) async fn plan_goal(context: &Context<'_>, goal: Goal, consents: &[String]) -> Outcome {
    let review = review_goal(context, goal).await?;
    show_reviewed(context, &review, consents)?;
    Ok(code_of(&review, consents))
}

fn show_reviewed(context: &Context<'_>, review: &Review, consents: &[String]) -> Result<(), Failure> {
    if context.json {
        print::json(review);
    } else {
        show_review(review, consents);
        review.plan.iter().for_each(show_plan);
    }
    explain_no_plan(review, consents);
    check_consents(&review.findings, consents)
}

/// Says why nothing runs although every finding was accepted.
fn explain_no_plan(review: &Review, consents: &[String]) {
    if review.plan.is_none() && without_consent(&review.findings, consents).is_empty() {
        complain(
            "Nothing runs: without what could not be read, there is no plan. A consent cannot replace it.",
        );
    }
}

/// Shows the plan of a canary and, if the person said so, runs it.
pub(super) async fn canary(context: &Context<'_>, wanted: &CanaryArgs) -> Outcome {
    let goal = spec_file::read(&wanted.file).await?;
    if !matches!(&goal, Goal::Change { change, .. } if matches!(**change, Change::Canary { .. })) {
        return Err(plan_file::bad(&wanted.file, "not_a_canary"));
    }
    if wanted.start.yes {
        Box::pin(apply_goal(context, goal, &wanted.start.consent)).await
    } else {
        plan_goal(context, goal, &wanted.start.consent).await
    }
}

async fn apply_planned(context: &Context<'_>, file: &PlanFile, consents: &[String]) -> Outcome {
    plan_file::check_account(file, &context.account)?;
    follow(
        context,
        Box::pin(context.berth.start_planned(file, consents)).await?,
    )
    .await
}

/// Follows the started run, or prints how the plan has changed.
async fn follow(context: &Context<'_>, started: Started) -> Outcome {
    let run = match &started {
        Started::Running { run } => run,
        Started::Changed { differences, review } => {
            if context.json {
                print::json(&started);
            } else {
                show_differences(differences);
                show_review(review, &[]);
            }
            return Ok(ExitCode::from(CHANGED));
        }
    };
    let plan = context.berth.run(&run.id).await?.plan;
    let stores_certificate = |step: &PlanStep| {
        matches!(
            step.kind,
            StepKind::MakeCertificate { .. } | StepKind::KeepCertificate { .. }
        )
    };
    if plan.steps.iter().any(stores_certificate) {
        super::warn_without_keychain(context, "keychain.run").await;
    }
    runs::follow(context, &run.id).await
}

async fn review(context: &Context<'_>, spec: &SpecArgs) -> Result<Review, Failure> {
    review_goal(context, spec_file::read(&spec.file).await?).await
}

async fn review_goal(context: &Context<'_>, goal: Goal) -> Result<Review, Failure> {
    let goal = GoalOn {
        account: context.account.clone(),
        goal,
    };
    reading(context, Box::pin(context.berth.review(&goal))).await
}

/// Waits for a review and shows how far it has read the files of this computer.
async fn reading<T>(context: &Context<'_>, mut review: impl Future<Output = T> + Unpin) -> T {
    let (mut read, mut bar) = (context.berth.watch_reading(), ProgressLine::new());
    loop {
        tokio::select! {
            biased;
            done = &mut review => {
                bar.clear();
                return done;
            }
            Ok(()) = read.changed() => bar.show("Reading files", *read.borrow_and_update()),
        }
    }
}

fn code_of(review: &Review, consents: &[String]) -> ExitCode {
    if without_consent(&review.findings, consents).is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(BLOCKED)
    }
}

fn show_review(review: &Review, consents: &[String]) {
    show_findings(&review.findings, consents);
    print::line(&format!("{} requests in {} ms.", review.requests, review.took_ms));
}

fn show_differences(differences: &[Difference]) {
    let none = BTreeMap::new();
    print::line(&words::review("changed.title", &none));
    for difference in differences {
        print::entry("  ", &words::difference(difference));
    }
    print::line(&words::review("changed.text", &none));
}

/// Prints findings, worst first, each with its remedy. Marks those that the person accepted.
pub(super) fn show_findings(findings: &[Finding], consents: &[String]) {
    if findings.is_empty() {
        print::line("No problems found.");
    }
    for finding in findings {
        let (message, remedy) = words::finding(finding);
        let blocks = finding.severity == Severity::Blocking;
        let accepted = blocks && without_consent(std::slice::from_ref(finding), consents).is_empty();
        let status = if accepted {
            "accepted".to_owned()
        } else {
            severity(finding.severity)
        };
        print::entry(&format!("{status:<11} {:<7} ", finding.rule), &message);
        if accepted {
            continue;
        }
        if !remedy.is_empty() {
            print::entry(&format!("{:<20}", ""), &remedy);
        }
        if blocks && finding.waivable {
            let what = if finding.params.contains_key("why") {
                "To continue without this fact"
            } else {
                "To accept this and continue"
            };
            print::line(&format!("{:<19} {what}: --consent '{}'", "", finding.waiver()));
        }
    }
}

/// A severity in the window's words.
pub(super) fn severity(severity: Severity) -> String {
    match severity {
        Severity::Information => "note".to_owned(),
        other => words::code_of(&other),
    }
}

fn show_plan(plan: &Plan) {
    if let Some(given) = &plan.bound.certificate {
        let params = [("sha256", &given.sha256), ("notAfter", &given.not_after)];
        let params = params.map(|(name, value)| (name.to_owned(), value.clone()));
        print::line(&words::review("plan.certificate", &params.into()));
    }
    show_steps(&plan.steps);
    if !plan.back.is_empty() {
        print::line("If the change does not take effect, Berth rolls back automatically:");
        show_steps(&plan.back);
    }
}

fn show_steps(steps: &[PlanStep]) {
    for (number, step) in steps.iter().enumerate() {
        print::line(&format!("{}. {}  ({})", number + 1, title(step), usual(step)));
        step.request.iter().for_each(show_request);
        if !step.inside.is_empty() {
            print::line("   In the cluster:");
        }
        step.inside.iter().for_each(show_request);
        for stage in &step.stages {
            print::line(&format!(
                "   {}",
                words::plan(&stage.note.code, &stage.note.params)
            ));
            show_request(&stage.request);
        }
    }
}

fn show_request(request: &PlannedRequest) {
    print::line(&format!("   {} {}", request.method, request.path));
    if let Some(body) = &request.body {
        let masked = berth_domain::plan::describe::masked(body);
        let text = serde_json::to_string_pretty(&masked).unwrap_or_default();
        text.lines()
            .for_each(|body_line| print::line(&format!("   {body_line}")));
    }
}

/// What a step does, as text.
pub(super) fn title(step: &PlanStep) -> String {
    words::plan(&step.kind.title(), &step.kind.params())
}

fn usual(step: &PlanStep) -> String {
    let (from, to) = (step.usual.from_seconds, step.usual.to_seconds);
    if to < 120 {
        format!("{from} to {to} s")
    } else {
        format!("{} to {} min", from / 60, to.div_ceil(60))
    }
}

#[cfg(test)]
mod tests {
    use super::severity;
    use berth_domain::finding::Severity;

    #[test]
    fn a_severity_has_the_name_that_the_window_shows() {
        assert_eq!(severity(Severity::Information), "note");
        assert_eq!(severity(Severity::Warning), "warning");
    }
}
