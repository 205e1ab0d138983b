//! `berth endpoints logs`.

use super::{front_end_logs, resource, unread_versions};
use crate::arguments::LogArgs;
use crate::cli::diagnose::show_cause;
use crate::cli::{Context, Outcome, complain, print, report_unread};
use berth_app::{Berth, plan_file, words};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{LogQuestion, LogToSave, VersionLog};
use berth_domain::endpoint::Endpoint;
use berth_domain::endpoint_log::{contains, new_lines};
use berth_domain::traffic::may_gain;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// Time between two reads while following.
const PAUSE: Duration = Duration::from_secs(5);

pub(super) async fn logs(context: &Context<'_>, args: &LogArgs) -> Outcome {
    if let Some(path) = &args.save {
        plan_file::check_new(path)?;
    }
    if args.front_end {
        return Box::pin(front_end_logs::front_end(context, args)).await;
    }
    let endpoint = context
        .berth
        .get_endpoint(&resource(context, &args.id))
        .await?
        .endpoint;
    let version = version(&endpoint, args.version.as_deref())?;
    let question = LogQuestion {
        account: context.account.clone(),
        endpoint_id: args.id.clone(),
        version: version.to_owned(),
        container: args.container.into(),
        lines: args.tail,
    };
    let mut log = context.berth.read_log(&question).await?;
    let all = log.lines.clone();
    log.lines.retain(|line| wanted(args, line));
    log.instance.retain(|line| wanted(args, line));
    if context.json {
        print::json(&log);
    } else {
        show(&log);
    }
    let mut shown = log.lines.clone();
    if args.follow {
        follow(context, &question, args, all, &mut shown).await?;
    } else if !context.json {
        explain(context, &endpoint, version).await;
    }
    match &args.save {
        Some(path) => save(path, shown).map(|()| ExitCode::SUCCESS),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// The version that was named, or the only one.
fn version<'a>(endpoint: &'a Endpoint, named: Option<&'a str>) -> Result<&'a str, Failure> {
    let names: Vec<&str> = endpoint
        .versions
        .iter()
        .map(|version| version.name.as_str())
        .collect();
    match (named, names.as_slice()) {
        (Some(named), _) => Ok(named),
        (None, [only]) if endpoint.versions_unread.is_none() => Ok(only),
        (None, names) => Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "--version")
            .with("why", why_unnamed(endpoint, names))),
    }
}

fn why_unnamed(endpoint: &Endpoint, names: &[&str]) -> String {
    match unread_versions(endpoint) {
        Some(why) => why,
        None if names.is_empty() => format!("{} has no version", endpoint.name),
        None => format!("{} has several versions: {}", endpoint.name, names.join(", ")),
    }
}

pub(super) fn wanted(args: &LogArgs, line: &str) -> bool {
    args.search.as_ref().is_none_or(|text| contains(line, text))
}

fn show(log: &VersionLog) {
    for line in &log.instance {
        complain(line);
    }
    if log.of_all_versions {
        complain("Azure does not separate the logs of the versions of this service.");
    }
    if log.cut {
        complain("Earlier lines were left out because the log is too large.");
    }
    log.lines.iter().for_each(|line| print::line(line));
}

/// Prints what is new until Ctrl+C. `before` has all lines that were read, so that a search does not hide where the log
/// continues.
async fn follow(
    context: &Context<'_>,
    question: &LogQuestion,
    args: &LogArgs,
    mut before: Vec<String>,
    shown: &mut Vec<String>,
) -> Result<(), Failure> {
    while pause().await {
        let now = context.berth.read_log(question).await?.lines;
        let new = new_lines(&before, &now);
        if new.gap {
            complain("Some lines may be missing here.");
        }
        for line in new.lines.iter().filter(|line| wanted(args, line)) {
            print::line(line);
            shown.push(line.clone());
        }
        before = now;
    }
    Ok(())
}

/// Waits before the next read; `false` at Ctrl+C.
pub(super) async fn pause() -> bool {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => false,
        () = tokio::time::sleep(PAUSE) => true,
    }
}

/// Explains, below the log, why the version does not serve.
async fn explain(context: &Context<'_>, endpoint: &Endpoint, version: &str) {
    let state = endpoint
        .versions
        .iter()
        .find(|one| one.name.eq_ignore_ascii_case(version));
    if state.is_none_or(|one| may_gain(endpoint.route, &one.state)) {
        return;
    }
    match context.berth.read_pods(&resource(context, &endpoint.id)).await {
        Ok(pods) => {
            let of_version = pods
                .versions
                .iter()
                .find(|one| one.version.eq_ignore_ascii_case(version));
            of_version.iter().flat_map(|one| &one.causes).for_each(show_cause);
            let unread = pods
                .unread
                .iter()
                .map(|one| format!("{}: {}", words::unread(one), one.why));
            report_unread(&unread.collect::<Vec<_>>());
        }
        Err(failure) => complain(&words::failure_sentence(&failure)),
    }
}

pub(super) fn save(path: &Path, lines: Vec<String>) -> Result<(), Failure> {
    let log = LogToSave {
        name: String::new(),
        lines,
    };
    Berth::save_log(&log, path)?;
    complain(&format!("Saved in {}.", path.display()));
    Ok(())
}
