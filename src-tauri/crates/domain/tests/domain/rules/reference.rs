//! The reference of the rules, derived from their cases. To write it anew after a change of a rule, give the day on which
//! its source was read: `UPDATE_REFERENCE=2026-11-28 cargo test … --test domain reference`.

use super::{Severity, rows};
use crate::deploy;
use berth_domain::change::Goal;
use berth_domain::facts::Facts;
use berth_domain::finding::Finding;
use berth_domain::preflight::findings_of;
use berth_domain::rules::Needs;
use berth_domain::rules::reference::{Reference, TEXT, every_rule, pages, rules};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A case that gives a finding.
pub(crate) struct Example {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) goal: Goal,
    pub(crate) facts: Facts,
}

fn examples() -> Vec<Example> {
    let own = rows().into_iter().map(|row| Example {
        code: row.code,
        severity: row.severity,
        goal: row.spoilt.goal(),
        facts: row.spoilt.facts,
    });
    own.chain(deploy::rules::examples()).collect()
}

fn rule_of(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

fn says(rule: &str, goal: &Goal, facts: &Value) -> Vec<Finding> {
    let facts: Facts = serde_json::from_value(facts.clone()).expect("facts");
    findings_of(rule, goal, &facts)
}

/// Pointers to the facts that are known.
fn known_facts(facts: &Value) -> Vec<String> {
    let members = |at: &str| {
        let found = facts.pointer(at).and_then(Value::as_object).into_iter().flatten();
        let at = at.to_owned();
        found.map(move |(name, fact)| (format!("{at}/{name}"), fact))
    };
    ["", "/change", "/deploy"]
        .into_iter()
        .flat_map(members)
        .filter(|(at, fact)| {
            let is_plain = fact.is_string() || fact.is_boolean() || (at == "/users" && !fact.is_null());
            fact["state"] == "known" || (is_plain && at.matches('/').count() == 1)
        })
        .map(|(at, _)| at)
        .collect()
}

/// The facts without which the rule does not say the same.
fn facts_of(example: &Example) -> BTreeSet<String> {
    let rule = rule_of(example.code);
    let facts = serde_json::to_value(&example.facts).expect("facts");
    let before = says(rule, &example.goal, &facts);
    let is_read = |at: &String| {
        let mut less = facts.clone();
        let fact = less.pointer_mut(at).expect("a fact");
        *fact = match &*fact {
            Value::String(_) => json!("2000-01-01"),
            Value::Bool(set) => json!(!*set),
            _ if at == "/users" => Value::Null,
            _ => json!({ "state": "unknown", "value": "unread" }),
        };
        says(rule, &example.goal, &less) != before
    };
    let read = known_facts(&facts).into_iter().filter(is_read);
    read.filter_map(|at| at.rsplit('/').next().map(str::to_owned))
        .collect()
}

fn derived() -> (
    BTreeMap<String, BTreeSet<Severity>>,
    BTreeMap<String, BTreeSet<String>>,
) {
    let mut severities: BTreeMap<String, BTreeSet<Severity>> = BTreeMap::new();
    let mut facts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for example in examples() {
        let known = severities.entry(example.code.to_owned());
        known.or_default().insert(example.severity);
        let id = rule_of(example.code);
        let rule = every_rule().find(|rule| rule.id == id).expect("a rule");
        if rule.needs == Needs::Azure {
            facts.entry(id.to_owned()).or_default().extend(facts_of(&example));
        }
    }
    (severities, facts)
}

#[test]
fn the_reference_agrees_with_the_cases_of_the_rules() {
    let (severities, facts) = derived();
    let known: Reference<'_> = serde_json::from_str(TEXT).expect("the reference");
    let today = std::env::var("UPDATE_REFERENCE");
    let date = |page| match (known.sources.get(page), &today) {
        (Some(date), _) => (*date).to_owned(),
        (None, Ok(today)) => today.clone(),
        (None, Err(_)) => "missing".to_owned(),
    };
    let sources: BTreeMap<&str, String> = every_rule()
        .flat_map(|rule| pages(rule.source))
        .map(|page| (page, date(page)))
        .collect();
    let wanted = json!({ "sources": sources, "severities": severities, "facts": facts });
    if today.is_ok() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules/reference.json");
        let text = serde_json::to_string_pretty(&wanted).expect("JSON");
        std::fs::write(path, format!("{text}\n")).expect("a file");
        return;
    }
    let same = serde_json::to_value(&known).expect("JSON") == wanted;
    assert!(
        same,
        "write the reference anew, as the head of this file says; it should be {wanted:#}"
    );
}

#[test]
fn every_rule_has_a_source_with_a_date_and_a_severity() {
    let all = rules();
    assert!(all.len() > 150, "{}", all.len());
    for info in all {
        let is_date = info.read.len() == 10 && info.read.starts_with("20");
        assert!(is_date, "{}: {:?}", info.rule, info.read);
        assert!(!info.source.is_empty(), "{info:?}");
        // Some rules only report what could not be read.
        let rule = every_rule().find(|rule| rule.id == info.rule).expect("a rule");
        assert_eq!(info.findings.len(), rule.codes().len(), "{info:?}");
    }
}
