//! Describes the rules for people: severity of each finding, source, and facts. What a rule's function does not declare is in
//! `reference.json`, which a test derives from the cases of the rules (`tests/domain/rules/reference.rs`).

use super::{Rule, change, table, table_for_deploy};
use crate::finding::Severity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule as a person reads it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleInfo {
    /// Id (`CPU-01`).
    pub rule: &'static str,
    /// The severities of its findings by code, worst first. Some depend on the case.
    pub findings: BTreeMap<&'static str, Vec<Severity>>,
    /// Whether the person may accept a blocking finding.
    pub waivable: bool,
    /// Where it is documented.
    pub source: &'static str,
    /// The day on which the source was read, `YYYY-MM-DD`: of several pages, the earliest.
    pub read: &'static str,
    /// The facts that it reads; none if the specification alone decides.
    pub facts: Vec<&'static str>,
}

/// What is derived from the cases.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference<'a> {
    /// The day on which each page of a source was read.
    #[serde(borrow)]
    pub sources: BTreeMap<&'a str, &'a str>,
    /// Severities of each code, worst first.
    pub severities: BTreeMap<&'a str, Vec<Severity>>,
    /// The facts that each rule reads.
    pub facts: BTreeMap<&'a str, Vec<&'a str>>,
}

/// The embedded text of the reference.
pub const TEXT: &str = include_str!("reference.json");

/// All rules, in the order of their ids.
pub fn rules() -> Vec<RuleInfo> {
    let reference: Reference<'static> = serde_json::from_str(TEXT).unwrap_or_default();
    let mut all: Vec<RuleInfo> = every_rule().map(|rule| describe(rule, &reference)).collect();
    all.sort_by_key(|info| info.rule);
    all
}

/// Every rule of every table.
pub fn every_rule() -> impl Iterator<Item = &'static Rule> {
    table().chain(change::table()).chain(table_for_deploy())
}

/// The pages that a source names, without what it adds about each in parentheses.
pub fn pages(source: &str) -> impl Iterator<Item = &str> {
    let page = |part| str::split_once(part, " (").map_or(part, |(page, _)| page);
    source.split("; ").map(page)
}

fn describe(rule: &'static Rule, reference: &Reference<'static>) -> RuleInfo {
    let severity = |code: &&'static str| Some((*code, reference.severities.get(*code)?.clone()));
    RuleInfo {
        rule: rule.id,
        findings: rule.codes().iter().filter_map(severity).collect(),
        waivable: rule.waivable,
        source: rule.source,
        read: pages(rule.source)
            .map(|page| reference.sources.get(page).copied().unwrap_or_default())
            .min()
            .unwrap_or_default(),
        facts: reference.facts.get(rule.id).cloned().unwrap_or_default(),
    }
}
