//! Diagnoses a cluster: turns symptoms into causes.
//!
//! One table lists every cause, with a link to its documentation. A specific cause absorbs the general ones that follow
//! from it: it keeps their evidence, and they are not reported again. What could not be read is neither a cause nor an
//! all-clear:
//! [`unread`] lists it.

mod answering;
mod certificates;
mod clusters;
mod computes;
mod extensions;
mod front_ends;
mod inside;
mod pods;
mod reported;
mod states;
mod symptoms;
mod table;

pub use inside::{
    ContainerFacts, EndpointFacts, EventFacts, InsideFacts, LogFacts, NodeFacts, PodFacts, ServiceFacts,
};
pub use symptoms::{
    AnsweringState, ComputeState, Connection, ExtensionState, FRONT_END, FrontEndState, ReportedError,
    Symptoms, unread,
};

use crate::finding::Severity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use table::{CAUSES, Check, Entry, Found};
use ts_rs::TS;

/// Remedy for anything still in progress.
const WAIT: &str = "wait";

/// Most lines of evidence per cause.
const MOST_EVIDENCE: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    pub verdict: Verdict,
    /// Worst first.
    pub causes: Vec<Cause>,
}

/// The result of a diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verdict {
    /// Everything was read, nothing is in progress, and nothing prevents serving now or will soon.
    Healthy,
    /// Something prevents models from being served, or soon will.
    Wrong,
    /// Nothing wrong was found, but something could not be read, or Azure reports an unknown state.
    Partly,
    /// Nothing wrong was found, but something is still in progress.
    Unfinished,
}

impl Verdict {
    /// The verdict once more items are known to be unread.
    #[must_use]
    pub fn with_unread(self, unread: &[Unread]) -> Self {
        match self {
            Self::Healthy | Self::Unfinished if !unread.is_empty() => Self::Partly,
            other => other,
        }
    }
}

/// A reason why the cluster serves badly, or soon will.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Cause {
    /// Key in the catalogue `diagnosis`: Azure's own code if there is one (`E40002`).
    pub code: String,
    /// `Blocking` if it prevents models from being served.
    pub severity: Severity,
    /// Values for the text.
    pub params: BTreeMap<String, String>,
    /// Lines from Azure and the cluster that show it.
    pub evidence: Vec<String>,
    /// Key of the remedy's text.
    pub remedy: String,
    /// Link to the documentation.
    pub source: String,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Unread {
    /// What it is, as a key in the catalogue `diagnosis`.
    pub what: String,
    /// Error from Azure or the cluster.
    pub why: String,
}

/// Finds the causes.
pub fn diagnose(symptoms: &Symptoms) -> Diagnosis {
    let mut found: Vec<(&Entry, Found)> = Vec::new();
    for entry in CAUSES {
        let matches = match entry.check {
            Check::Reported => reported::of_code(symptoms, entry.code),
            Check::Seen(check) => check(symptoms),
        };
        found.extend(matches.into_iter().map(|one| (entry, one)));
    }
    let mut causes = settle(&found, symptoms);
    // The sort is stable: causes of equal severity keep the order of the table.
    causes.sort_by_key(|cause| cause.severity);
    let serious = |cause: &Cause| matches!(cause.severity, Severity::Blocking | Severity::Warning);
    let verdict = if causes.iter().any(serious) {
        Verdict::Wrong
    } else if causes.iter().any(|cause| cause.remedy == WAIT) {
        Verdict::Unfinished
    } else {
        Verdict::Healthy
    };
    Diagnosis {
        verdict: verdict.with_unread(&unread(symptoms)),
        causes,
    }
}

pub fn codes() -> impl Iterator<Item = &'static str> {
    CAUSES.iter().map(|entry| entry.code)
}

pub fn remedies() -> std::collections::BTreeSet<&'static str> {
    CAUSES.iter().map(|entry| entry.remedy).collect()
}

/// Drops causes that follow from a more specific one, and moves their evidence to it.
fn settle(found: &[(&Entry, Found)], symptoms: &Symptoms) -> Vec<Cause> {
    let explains = |by: usize, code: &str| {
        let (entry, one) = &found[by];
        entry.explains.contains(&code) || one.also_explains.contains(&code)
    };
    let explainer = |of: usize| (0..found.len()).find(|&by| by != of && explains(by, found[of].0.code));
    let mut evidence: Vec<Vec<String>> = found.iter().map(|(_, one)| one.evidence.clone()).collect();
    let mut roots = Vec::new();
    for at in 0..found.len() {
        let Some(mut by) = explainer(at) else {
            roots.push(at);
            continue;
        };
        // Follow the chain to its root. The number of steps is bounded in case of a cycle.
        for _ in 0..found.len() {
            let Some(next) = explainer(by) else { break };
            by = next;
        }
        let moved = std::mem::take(&mut evidence[at]);
        evidence[by].extend(moved);
    }
    roots
        .into_iter()
        .map(|at| {
            cause(
                found[at].0,
                &found[at].1,
                std::mem::take(&mut evidence[at]),
                symptoms,
            )
        })
        .collect()
}

fn cause(entry: &Entry, found: &Found, evidence: Vec<String>, symptoms: &Symptoms) -> Cause {
    let mut lines: Vec<String> = Vec::new();
    for line in evidence {
        if lines.len() < MOST_EVIDENCE && !lines.contains(&line) {
            lines.push(line);
        }
    }
    let mut params = found.params.clone();
    params
        .entry("cluster".to_owned())
        .or_insert_with(|| symptoms.cluster_name().to_owned());
    Cause {
        code: entry.code.to_owned(),
        severity: found.severity.unwrap_or(entry.severity),
        params,
        evidence: lines,
        remedy: entry.remedy.to_owned(),
        source: entry.source.to_owned(),
    }
}

#[cfg(test)]
mod tests;
