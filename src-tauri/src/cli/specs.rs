//! `berth preflight`, `berth plan` and `berth apply`.

use super::{BLOCKED, Context, Outcome, print, runs, spec_file};
use crate::arguments::SpecFile;
use berth_app::words;
use berth_contract::model::{GoalOn, PreflightReport};
use berth_domain::change::Goal;
use berth_domain::finding::{Finding, Severity, blocks};
use berth_domain::plan::{Plan, PlanStep, StepKind};
use std::process::ExitCode;

pub(super) async fn preflight(context: &Context<'_>, spec: &SpecFile) -> Outcome {
    let report = context.berth.preflight(&goal_on(context, spec).await?).await?;
    if context.json {
        print::json(&report);
    } else {
        show_report(&report);
    }
    Ok(if blocks(&report.findings) {
        ExitCode::from(BLOCKED)
    } else {
        ExitCode::SUCCESS
    })
}

pub(super) async fn plan(context: &Context<'_>, spec: &SpecFile) -> Outcome {
    let plan = context.berth.plan(&goal_on(context, spec).await?).await?;
    if context.json {
        print::json(&plan);
    } else {
        show_plan(&plan);
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn apply(context: &Context<'_>, spec: &SpecFile) -> Outcome {
    let goal = goal_on(context, spec).await?;
    let report = context.berth.preflight(&goal).await?;
    if blocks(&report.findings) {
        if context.json {
            print::json(&report);
        } else {
            show_report(&report);
        }
        return Ok(ExitCode::from(BLOCKED));
    }
    let run = context.berth.start_run(&goal).await?;
    let plan = context.berth.run(&run.id).await?.plan;
    let keeps = |step: &PlanStep| {
        matches!(
            step.kind,
            StepKind::MakeCertificate { .. } | StepKind::KeepCertificate { .. }
        )
    };
    if plan.steps.iter().any(keeps) {
        super::say_without_keychain(context, "keychain.run").await;
    }
    runs::follow(context, &run.id).await
}

async fn goal_on(context: &Context<'_>, spec: &SpecFile) -> Result<GoalOn, berth_contract::failure::Failure> {
    Ok(GoalOn {
        account: context.account.clone(),
        goal: agreed(spec_file::read(&spec.file).await?, &spec.consent),
    })
}

/// Adds what the person agrees to on the command line to what the file says.
fn agreed(mut goal: Goal, consents: &[String]) -> Goal {
    let waived = match &mut goal {
        Goal::SetUp { spec } => &mut spec.waived,
        Goal::Change { waived, .. } => waived,
    };
    waived.extend_from_slice(consents);
    goal
}

fn show_report(report: &PreflightReport) {
    show_findings(&report.findings);
    print::line(&format!("{} requests, {} ms.", report.requests, report.took_ms));
}

/// Prints findings, worst first, each with what to do.
pub(super) fn show_findings(findings: &[Finding]) {
    if findings.is_empty() {
        print::line("Nothing stands in the way.");
    }
    for finding in findings {
        let (message, remedy) = words::finding(finding);
        print::line(&format!(
            "{:<11} {:<7} {message}",
            words::code_of(&finding.severity),
            finding.rule
        ));
        if !remedy.is_empty() {
            print::line(&format!("{:<19} {remedy}", ""));
        }
        if finding.severity == Severity::Blocking && finding.resource.is_some() {
            print::line(&format!(
                "{:<19} To continue without knowing: --consent '{}'",
                "",
                finding.waiver()
            ));
        }
    }
}

fn show_plan(plan: &Plan) {
    show_steps(&plan.steps);
    if !plan.back.is_empty() {
        print::line("Should it not show, Berth puts back what was there before, by itself:");
        show_steps(&plan.back);
    }
}

fn show_steps(steps: &[PlanStep]) {
    for (number, step) in steps.iter().enumerate() {
        print::line(&format!("{}. {}  ({})", number + 1, title(step), usual(step)));
        if let Some(request) = &step.request {
            print::line(&format!("   {} {}", request.method, request.path));
            if let Some(body) = &request.body {
                let masked = berth_domain::plan::describe::masked(body);
                let text = serde_json::to_string_pretty(&masked).unwrap_or_default();
                text.lines()
                    .for_each(|body_line| print::line(&format!("   {body_line}")));
            }
        }
    }
}

/// What a step does, in words.
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
