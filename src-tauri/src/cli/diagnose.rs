//! `berth diagnose`.

use super::{Context, Outcome, print, specs};
use berth_app::words;
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use berth_domain::diagnosis::{Cause, Verdict};
use berth_domain::resource_id::last_segment;
use std::collections::BTreeMap;
use std::process::ExitCode;

pub(super) async fn diagnose(context: &Context<'_>, resource_id: &str) -> Outcome {
    let question = DiagnoseQuestion {
        account: context.account.clone(),
        resource_id: resource_id.to_owned(),
    };
    let report = context.berth.diagnose(&question).await?;
    if context.json {
        print::json(&report);
    } else {
        show(&report);
    }
    Ok(if report.healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn show(report: &DiagnosisReport) {
    let none = BTreeMap::new();
    let rows: Vec<Vec<String>> = report.causes.iter().map(row).collect();
    show_headline(report);
    if !rows.is_empty() {
        print::table(&["SEVERITY", "CODE", "CAUSE"], &rows);
    }
    report.causes.iter().for_each(show_cause);
    if !report.unread.is_empty() {
        print::line("");
        let title = words::diagnosis("unread", &none);
        let text = words::diagnosis("unreadText", &none);
        print::line(&format!("{title}: {text}"));
    }
    for unread in &report.unread {
        print::line(&format!("  {}: {}", words::unread(unread), unread.why));
    }
    print::line("");
    if let Some(via) = report.via {
        let key = format!("via_{}", words::code_of(&via));
        print::line(&words::diagnosis(&key, &none));
    }
    let seconds = format!("{:.1}", f64::from(report.took_ms) / 1000.0);
    let took = [("count", report.requests.to_string()), ("seconds", seconds)];
    let took = took.map(|(name, value)| (name.to_owned(), value)).into();
    print::line(&words::diagnosis("took", &took));
}

/// Prints the overall result. If something is wrong, the causes say so; then only what could not be read is printed.
fn show_headline(report: &DiagnosisReport) {
    let mut unread: Vec<String> = Vec::new();
    for what in report.unread.iter().map(words::unread) {
        if !unread.contains(&what) {
            unread.push(what);
        }
    }
    let id = report.cluster_id.as_ref().unwrap_or(&report.resource_id);
    let cluster = last_segment(id).to_owned();
    let unread = unread.join(", ");
    let params = [("cluster", cluster), ("what", unread.clone())];
    let params = params.map(|(name, value)| (name.to_owned(), value)).into();
    let text = |key: &str| words::diagnosis(key, &params);
    let line = match report.verdict {
        Verdict::Healthy => text("healthyTitle"),
        Verdict::Partly => format!("{}. {}", text("partlyTitle"), text("partlyText")),
        Verdict::Unfinished => format!("{}. {}", text("unfinishedTitle"), text("unfinishedText")),
        Verdict::Wrong if !unread.is_empty() => format!("{}: {unread}.", text("partlyTitle")),
        Verdict::Wrong => return,
    };
    print::line(&line);
}

fn row(cause: &Cause) -> Vec<String> {
    let (title, _, _) = words::cause(cause);
    vec![specs::severity(cause.severity), cause.code.clone(), title]
}

pub(super) fn show_cause(cause: &Cause) {
    let (title, explanation, remedy) = words::cause(cause);
    print::line("");
    print::line(&format!("{title} ({})", cause.code));
    print::line(&format!("  {explanation}"));
    print::line(&format!("  {remedy}"));
    for line in &cause.evidence {
        print::line(&format!("    | {line}"));
    }
}
