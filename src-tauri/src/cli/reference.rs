//! `berth schema` and `berth rules`.

use super::{Outcome, print, specs};
use crate::arguments::SchemaKind;
use berth_app::words;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::rules::reference::{RuleInfo, rules as all_rules};
use berth_domain::schema::FileKind;
use serde_json::json;
use std::process::ExitCode;

pub(super) fn schema(kind: SchemaKind) -> Outcome {
    let kind = match kind {
        SchemaKind::Spec => FileKind::Spec,
        SchemaKind::Change => FileKind::Change,
        SchemaKind::Deploy => FileKind::Deploy,
    };
    print::json(&kind.schema());
    Ok(ExitCode::SUCCESS)
}

/// Prints the rules whose id begins with `prefix`.
pub(super) fn rules(prefix: &str, as_json: bool) -> Outcome {
    let mut wanted = all_rules();
    // A code of a finding names its rule.
    let has_code = |info: &RuleInfo| info.findings.keys().any(|code| code.eq_ignore_ascii_case(prefix));
    let start = prefix.to_ascii_uppercase();
    wanted.retain(|info| info.rule.starts_with(&start) || has_code(info));
    if wanted.is_empty() {
        return Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", prefix)
            .with("why", "no_rule"));
    }
    if as_json {
        print::json(&wanted.iter().map(in_json).collect::<Vec<_>>());
    } else {
        wanted.iter().for_each(show);
    }
    Ok(ExitCode::SUCCESS)
}

fn in_json(info: &RuleInfo) -> serde_json::Value {
    let findings = info.findings.iter().map(|(code, severities)| {
        let (message, remedy) = words::finding_of_rule(code);
        json!({ "code": code, "severities": severities, "message": message, "remedy": remedy })
    });
    json!({
        "rule": info.rule,
        "findings": findings.collect::<Vec<_>>(),
        "waivable": info.waivable,
        "source": info.source,
        "read": info.read,
        "facts": info.facts,
    })
}

fn show(info: &RuleInfo) {
    if info.findings.is_empty() {
        let text = "Reports only what could not be read.";
        print::line(&format!("unknown     {:<20} {text}", info.rule));
    }
    for (code, severities) in &info.findings {
        let (message, remedy) = words::finding_of_rule(code);
        let severities: Vec<String> = severities.iter().map(|one| specs::severity(*one)).collect();
        print::entry(&format!("{:<11} {code:<20} ", severities.join(" or ")), &message);
        if !remedy.is_empty() {
            print::entry(&format!("{:<33}", ""), &remedy);
        }
    }
    print::line(&format!("{:<33}Source: {} (read {})", "", info.source, info.read));
    if !info.facts.is_empty() {
        print::line(&format!("{:<33}Facts: {}", "", info.facts.join(", ")));
    }
}
