//! `berth diagnose`.

use super::{Context, Outcome, print};
use berth_app::words;
use berth_contract::diagnosis::{DiagnoseQuestion, DiagnosisReport};
use berth_domain::diagnosis::Cause;
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
    if rows.is_empty() {
        print::line(&words::around_diagnosis("healthyTitle", &none));
    } else {
        print::table(&["SEVERITY", "CODE", "CAUSE"], &rows);
    }
    report.causes.iter().for_each(show_cause);
    if !report.unread.is_empty() {
        print::line("");
        let title = words::around_diagnosis("unread", &none);
        let text = words::around_diagnosis("unreadText", &none);
        print::line(&format!("{title}: {text}"));
    }
    for unread in &report.unread {
        print::line(&format!("  {}: {}", words::unread(unread), unread.why));
    }
    print::line("");
    if let Some(via) = report.via {
        let key = format!("via_{}", words::code_of(&via));
        print::line(&words::around_diagnosis(&key, &none));
    }
    let seconds = format!("{:.1}", f64::from(report.took_ms) / 1000.0);
    let took = [("requests", report.requests.to_string()), ("seconds", seconds)];
    let took = took.map(|(name, value)| (name.to_owned(), value)).into();
    print::line(&words::around_diagnosis("took", &took));
}

fn row(cause: &Cause) -> Vec<String> {
    let (title, _, _) = words::cause(cause);
    vec![words::code_of(&cause.severity), cause.code.clone(), title]
}

fn show_cause(cause: &Cause) {
    let (title, explanation, remedy) = words::cause(cause);
    print::line("");
    print::line(&format!("{title} ({})", cause.code));
    print::line(&format!("  {explanation}"));
    print::line(&format!("  {remedy}"));
    for line in &cause.evidence {
        print::line(&format!("    | {line}"));
    }
}
