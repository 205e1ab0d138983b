//! `berth endpoints logs --front-end`.

use super::logs;
use crate::arguments::LogArgs;
use crate::cli::{Context, Outcome, complain, exit_code, print, report_unread};
use berth_contract::failure::Failure;
use berth_contract::model::{FrontEndLogQuestion, FrontEndLogs};
use berth_domain::endpoint_log::new_lines;
use std::collections::BTreeMap;

/// The lines of each container as last read.
type Before = BTreeMap<String, Vec<String>>;

/// Prints the logs, each line after the names of its pod and container.
pub(super) async fn front_end(context: &Context<'_>, args: &LogArgs) -> Outcome {
    let question = FrontEndLogQuestion {
        account: context.account.clone(),
        endpoint_id: args.id.clone(),
        lines: args.tail,
    };
    let mut found = context.berth.read_front_end_logs(&question).await?;
    let mut before = Before::new();
    let mut shown = print_new(args, &found, &mut before, context.json);
    if context.json {
        for log in &mut found.logs {
            log.lines.retain(|line| logs::wanted(args, line));
        }
        print::json(&found);
    }
    let complete = report_unread(&unread(&found));
    if args.follow {
        follow(context, &question, args, &mut before, &mut shown).await?;
    }
    if let Some(path) = &args.save {
        logs::save(path, shown)?;
    }
    Ok(exit_code(complete))
}

/// Prints what is new until Ctrl+C.
async fn follow(
    context: &Context<'_>,
    question: &FrontEndLogQuestion,
    args: &LogArgs,
    before: &mut Before,
    shown: &mut Vec<String>,
) -> Result<(), Failure> {
    while logs::pause().await {
        let found = context.berth.read_front_end_logs(question).await?;
        report_unread(&unread(&found));
        shown.extend(print_new(args, &found, before, false));
    }
    Ok(())
}

/// Prints the lines that are wanted and were not there before, unless quiet, and returns them.
fn print_new(args: &LogArgs, found: &FrontEndLogs, before: &mut Before, quiet: bool) -> Vec<String> {
    let mut shown = Vec::new();
    for log in found.logs.iter().filter(|log| log.unread.is_none()) {
        let place = format!("{} {}", log.pod, log.container);
        let former = before.insert(place.clone(), log.lines.clone());
        let new = new_lines(former.as_deref().unwrap_or_default(), &log.lines);
        if new.gap {
            complain(&format!("Some lines of {place} may be missing here."));
        }
        let wanted = new.lines.iter().filter(|line| logs::wanted(args, line));
        shown.extend(wanted.map(|line| format!("{place}: {line}")));
    }
    if !quiet {
        shown.iter().for_each(|line| print::line(line));
    }
    shown
}

/// What could not be read: one line per place.
fn unread(found: &FrontEndLogs) -> Vec<String> {
    let whole = found.unread.iter().map(|why| format!("front end: {why}"));
    let logs = found.logs.iter().filter_map(|log| {
        let why = log.unread.as_ref()?;
        Some(format!("{} {}: {why}", log.pod, log.container))
    });
    let left_out = (found.left_out > 0).then(|| format!("{} further logs of the front end", found.left_out));
    whole.chain(logs).chain(left_out).collect()
}
