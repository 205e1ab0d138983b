//! All rules at once: preflight never stops at the first.

use crate::change::{Change, Goal, after};
use crate::facts::Facts;
use crate::finding::{Finding, Severity, is_waived};
use crate::rules::{self, Case, Needs, Rule};
use crate::spec::Spec;

/// All findings about a goal, worst first, then in the order of the wizard. No two say the same.
pub fn preflight(goal: &Goal, facts: &Facts) -> Vec<Finding> {
    let mut findings = joined(found(goal, facts, |_| true));
    if let Goal::Change { change, waived } = goal {
        for finding in &mut findings {
            demand_consent(finding, change, waived);
        }
    }
    sorted(findings)
}

/// What forbids any question to Azure: values that would lead a request somewhere else. The findings of a specification
/// then hold all that can be said without Azure. Nothing where all is well.
pub fn unaddressable(goal: &Goal) -> Vec<Finding> {
    let findings = match goal {
        Goal::SetUp { spec } => local_findings(spec),
        Goal::Change { .. } => sorted(found(goal, &Facts::default(), |rule| rule.id == rules::ADDRESSES)),
    };
    let leads_astray = findings.iter().any(|finding| finding.rule == rules::ADDRESSES);
    if leads_astray { findings } else { Vec::new() }
}

/// Findings that need no question to Azure: for the moment of typing.
pub fn local_findings(spec: &Spec) -> Vec<Finding> {
    let facts = Facts::default();
    let case = Case {
        spec,
        facts: &facts,
        change: None,
    };
    let local = rules::table().filter(|rule| rule.needs == Needs::Local);
    sorted(local.flat_map(|rule| rule.apply(&case)).collect())
}

/// What tells who uses the subject of a change and could not be read, unless it is in `consents`.
pub(crate) fn unread_users(change: &Change, facts: &Facts, consents: &[String]) -> Vec<Finding> {
    let goal = Goal::Change {
        change: Box::new(change.clone()),
        waived: consents.to_vec(),
    };
    let mut findings = preflight(&goal, facts);
    findings.retain(|finding| {
        let tells = finding.rule == rules::USERS
            || ["unread.extensions", "unread.leftovers"].contains(&finding.code.as_str());
        tells && finding.severity == Severity::Blocking
    });
    findings
}

/// What the rules for a goal find, of those that are asked.
fn found(goal: &Goal, facts: &Facts, asked: fn(&Rule) -> bool) -> Vec<Finding> {
    match goal {
        Goal::SetUp { spec } => {
            let case = Case {
                spec,
                facts,
                change: None,
            };
            let rules = rules::table().filter(|rule| asked(rule));
            rules.flat_map(|rule| rule.apply(&case)).collect()
        }
        Goal::Change { change, waived } => {
            let spec = after(change, waived, facts);
            let case = Case {
                spec: &spec,
                facts,
                change: Some(change),
            };
            let rules = rules::table_of_change(change).filter(|rule| asked(rule));
            rules.flat_map(|rule| rule.apply(&case)).collect()
        }
    }
}

/// A fact that a disrupting change depends on and that could not be read blocks it, until the person agrees to go on
/// without knowing it.
fn demand_consent(finding: &mut Finding, change: &Change, waived: &[String]) {
    let fact = finding.code.strip_prefix("unread.");
    if !fact.is_some_and(|fact| change.depends_on(fact)) {
        return;
    }
    let subject = change.subject();
    let rules = finding.params.get("rules").map_or("", String::as_str);
    let agreed = rules
        .split(", ")
        .any(|rule| is_waived(waived, rule, Some(subject)));
    finding.waivable = true;
    finding.resource = Some(subject.to_owned());
    if !agreed {
        finding.severity = Severity::Blocking;
    }
}

/// One finding for each fact that could not be read, with all the rules that lack it, and no finding twice.
fn joined(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for mut finding in findings {
        if finding.severity == Severity::Unknown && finding.code.starts_with("unread.") {
            match kept.iter_mut().find(|other| other.code == finding.code) {
                Some(other) => also(other, &finding.rule),
                None => {
                    finding.params.insert("rules".to_owned(), finding.rule.clone());
                    kept.push(finding);
                }
            }
        } else if !kept.contains(&finding) {
            kept.push(finding);
        }
    }
    kept
}

fn also(finding: &mut Finding, rule: &str) {
    let rules = finding.params.entry("rules".to_owned()).or_default();
    if !rules.split(", ").any(|known| known == rule) {
        rules.push_str(", ");
        rules.push_str(rule);
    }
}

/// Worst first. Of a field whose value cannot stand in an address, nothing else is said.
fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    let said: Vec<String> = findings
        .iter()
        .filter(|finding| finding.rule == rules::ADDRESSES)
        .filter_map(|finding| finding.field.clone())
        .collect();
    findings.retain(|finding| {
        let same = finding.field.as_ref().is_some_and(|field| said.contains(field));
        finding.rule == rules::ADDRESSES || !same
    });
    findings.sort_by_key(|finding| (finding.severity, finding.step));
    findings
}
