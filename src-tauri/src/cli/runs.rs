//! `berth runs`, and progress output of a run.

use super::progress_line::ProgressLine;
use super::specs::{show_findings, title};
use super::{BLOCKED, Context, Outcome, complain, exit_code, print, report_unread};
use crate::arguments::RunAction;
use berth_app::words;
use berth_contract::failure::FailureCode;
use berth_contract::review::{CanaryDecision, ResumeRun, Resumed};
use berth_contract::run::{CanaryChoice, RunSnapshot, RunState, RunSummary, StepProgress, StepState};
use berth_domain::finding::Finding;
use berth_domain::plan::PlanStep;
use berth_domain::visible;
use std::collections::BTreeMap;
use std::process::ExitCode;
use tokio::sync::broadcast::error::RecvError;

pub(super) async fn runs(context: &Context<'_>, action: &RunAction) -> Outcome {
    match action {
        RunAction::List => list(context).await,
        RunAction::Show { id } => {
            show(context, &context.berth.run(id).await?);
            Ok(ExitCode::SUCCESS)
        }
        RunAction::Resume { id, consent } => resume(context, id, consent).await,
        RunAction::Pause { id } => decide(context, id, CanaryChoice::Pause).await,
        RunAction::Continue { id } => decide(context, id, CanaryChoice::Continue).await,
        RunAction::Back { id } => decide(context, id, CanaryChoice::Back).await,
        RunAction::Cancel { id } => {
            let state = context.berth.run(id).await?.summary.state;
            if is_final(state) || state == RunState::Cancelled {
                return refuse_finished(context, id, "cancel").await;
            }
            context.berth.cancel_run(id).await?;
            let run = context.berth.run(id).await?;
            show(context, &run);
            if run.summary.state == RunState::Running {
                complain(
                    "Cancelling: the run stops when its current request ends. Check with `berth runs show`.",
                );
                return Ok(ExitCode::FAILURE);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Whether a run can no longer be resumed.
fn is_final(state: RunState) -> bool {
    matches!(state, RunState::Succeeded | RunState::TakenBack)
}

/// Says that a run has finished, so that there is nothing to `verb`.
async fn refuse_finished(context: &Context<'_>, id: &str, verb: &str) -> Outcome {
    if context.json {
        print::json(&context.berth.run(id).await?);
    }
    complain(&format!(
        "The run has already finished; there is nothing to {verb}."
    ));
    Ok(ExitCode::FAILURE)
}

async fn resume(context: &Context<'_>, id: &str, consents: &[String]) -> Outcome {
    if is_final(context.berth.run(id).await?.summary.state) {
        return refuse_finished(context, id, "resume").await;
    }
    for (path, has_changed) in context.berth.uploaded_files(id).await? {
        complain(&visible::line(&match has_changed {
            true => format!(
                "{path} has changed since this run uploaded it. The run uses what it uploaded; to deploy the files as they are now, use \
                 berth deploy."
            ),
            false => format!("The run uses {path} as it uploaded it."),
        }));
    }
    let wanted = ResumeRun {
        run: id.to_owned(),
        consents: consents.to_vec(),
    };
    let resumed = context.berth.resume_run(&wanted).await?;
    let Resumed::Asks { findings } = &resumed else {
        return follow(context, id).await;
    };
    asks(context, &resumed, findings, consents)
}

/// Leaves a decision for the program that carries the canary out, or carries it out here. Returns when the run has ended
/// or waits for the person again.
async fn decide(context: &Context<'_>, id: &str, choice: CanaryChoice) -> Outcome {
    let decision = CanaryDecision {
        run: id.to_owned(),
        choice,
    };
    let is_elsewhere = context.berth.run(id).await?.summary.state == RunState::Running;
    let resumed = context.berth.decide_canary(&decision).await?;
    if let Resumed::Asks { findings } = &resumed {
        return asks(context, &resumed, findings, &[]);
    }
    if !is_elsewhere {
        return follow(context, id).await;
    }
    let run = context.berth.wait_for_run(id).await?;
    show(context, &run);
    let wanted = match choice {
        CanaryChoice::Pause => RunState::Paused,
        CanaryChoice::Continue => RunState::Succeeded,
        CanaryChoice::Back => RunState::TakenBack,
    };
    Ok(exit_code(run.summary.state == wanted))
}

/// Prints what the person has to consent to first.
fn asks(context: &Context<'_>, resumed: &Resumed, findings: &[Finding], consents: &[String]) -> Outcome {
    if context.json {
        print::json(resumed);
    } else {
        print::line(&words::run("asks.title", &BTreeMap::new()));
        print::line(&words::run("asks.text", &BTreeMap::new()));
        show_findings(findings, consents);
    }
    Ok(ExitCode::from(BLOCKED))
}

async fn list(context: &Context<'_>) -> Outcome {
    let runs = context.berth.runs().await?;
    if context.json {
        print::json(&runs);
    } else {
        show_list(&runs);
    }
    let unread = runs.iter().filter_map(|run| run.unread.as_ref());
    let unread: Vec<String> = unread.map(words::failure_sentence).collect();
    Ok(exit_code(report_unread(&unread)))
}

fn show_list(runs: &[RunSummary]) {
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            vec![
                run.id.clone(),
                run.title.clone(),
                match run.unread {
                    Some(_) => "unreadable".to_owned(),
                    None => words::code_of(&run.state),
                },
                format!("{}/{}", run.steps_done, run.steps_total),
                run.account.clone(),
                print::time(&run.started_at),
            ]
        })
        .collect();
    print::table(
        &["RUN", "RESOURCE", "STATE", "STEPS", "ACCOUNT", "STARTED"],
        &rows,
    );
}

/// Prints each change of a run to standard error until it ends, then prints the whole run.
pub(super) async fn follow(context: &Context<'_>, id: &str) -> Outcome {
    let mut changes = context.berth.watch_runs();
    let (mut printed, mut bar) = (Vec::new(), ProgressLine::new());
    loop {
        let run = context.berth.run(id).await?;
        print_changes(&run, &mut printed, &mut bar);
        if !matches!(run.summary.state, RunState::Running) {
            let settled = context.berth.wait_for_run(id).await?;
            bar.clear();
            show(context, &settled);
            return Ok(exit_code(ended_well(&settled)));
        }
        if changes.recv().await == Err(RecvError::Closed) {
            bar.clear();
            complain("Cannot follow the run any longer. Check it with `berth runs`.");
            return Ok(ExitCode::FAILURE);
        }
    }
}

/// Whether a run did what the person asked for, which may have been to roll a canary back.
fn ended_well(run: &RunSnapshot) -> bool {
    let stopped = |step: &StepProgress| {
        let failure = step.failure.as_ref();
        failure.is_some_and(|failure| failure.code == FailureCode::CanaryStopped)
    };
    match run.summary.state {
        RunState::Succeeded => true,
        RunState::TakenBack => run.steps.iter().any(stopped),
        _ => false,
    }
}

fn print_changes(run: &RunSnapshot, printed: &mut Vec<String>, bar: &mut ProgressLine) {
    for (step, progress) in steps(run) {
        if progress.state == StepState::Waiting {
            continue;
        }
        let left = hours_left(step, progress)
            .map(|hours| format!(", about {hours} h left"))
            .unwrap_or_default();
        let line = format!(
            "{}: {}{left}",
            title(step),
            words::code_of(&progress.state).replace('_', " ")
        );
        let because = progress.waiting_because.as_ref().map(words::waiting);
        let because = because.map(|why| format!("  {}: {}", title(step), why.replace('\n', "\n    ")));
        let canary = progress.canary.iter().flat_map(words::canary);
        let canary = canary.map(|line| format!("  {line}"));
        for line in [line].into_iter().chain(because).chain(canary) {
            if !printed.contains(&line) {
                bar.clear();
                complain(&line);
                printed.push(line);
            }
        }
        if let Some(percent) = progress.percent.filter(|_| progress.ended_at.is_none()) {
            bar.show(&title(step), percent);
        }
    }
}

/// Hours that a long step usually still takes, rounded up. `None` for steps that usually take less than an hour, and for
/// overdue ones.
fn hours_left(step: &PlanStep, progress: &StepProgress) -> Option<i64> {
    const HOUR: i64 = 3600;
    let usual = i64::from(step.usual.to_seconds);
    let started: jiff::Timestamp = progress.started_at.as_ref()?.parse().ok()?;
    let left = usual - (jiff::Timestamp::now().as_second() - started.as_second());
    (usual >= HOUR && left > 0 && progress.ended_at.is_none()).then(|| (left + HOUR - 1) / HOUR)
}

/// The steps of a run with their progress, followed by the rollback steps if the run is rolling back.
fn steps(run: &RunSnapshot) -> impl Iterator<Item = (&PlanStep, &StepProgress)> {
    let back = run.plan.back.iter().zip(&run.back).filter(|_| run.goes_back);
    run.plan.steps.iter().zip(&run.steps).chain(back)
}

/// Prints a text indented below its step.
fn print_indented(text: &str) {
    const MARGIN: &str = "                ";
    let text = text.trim_end().replace('\n', &format!("\n{MARGIN}"));
    print::line(&format!("{MARGIN}{text}"));
}

fn show(context: &Context<'_>, run: &RunSnapshot) {
    if context.json {
        print::json(run);
        return;
    }
    print::line(&format!(
        "Run {}: {}",
        run.summary.id,
        words::code_of(&run.summary.state).replace('_', " ")
    ));
    for (step, progress) in steps(run) {
        print::line(&format!(
            "  {:<13} {}",
            words::code_of(&progress.state).replace('_', " "),
            title(step)
        ));
        if let Some(failure) = &progress.failure {
            let (text, remedy) = (words::failure_sentence(failure), words::failure_remedy(failure));
            print_indented(&format!("{text} {remedy}"));
            words::failure_details(failure)
                .iter()
                .for_each(|line| print_indented(line));
        }
        if let Some(because) = &progress.waiting_because {
            print_indented(&words::waiting(because));
        }
        let canary = progress.canary.iter().flat_map(words::canary);
        canary.for_each(|line| print_indented(&line));
    }
    for resource in &run.made {
        let certain = if resource.certain { "exists" } else { "may exist" };
        print::line(&format!("  {certain}: {}", resource.resource_id));
    }
    let Some(proof) = &run.proof else { return };
    for check in &proof.checks {
        let words = words::proof(&check.code, &check.params);
        print::line(&format!(
            "  {:<13} {words}",
            words::code_of(&check.state).replace('_', " ")
        ));
    }
    if let Some(record) = &proof.dns_record {
        print::line(&format!(
            "  DNS record to create: {} {} {}",
            record.name,
            record.kind.as_str(),
            record.value
        ));
    }
    if let Some(url) = &proof.url {
        print::line(&format!("  {url}"));
    }
}
