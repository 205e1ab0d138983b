//! From what was read of a cluster that serves badly to what is wrong with it: symptoms in, causes out.
//!
//! Every cause is one entry of one table, each with where it is documented. The most specific cause takes in the general
//! ones that follow from it: their evidence stays, they are not said a second time. What could not be read is no cause
//! and no all-clear: [`unread`] lists it.

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

/// What to do about what is in progress.
const WAIT: &str = "wait";

/// Lines of evidence that one cause keeps at most.
const MOST_EVIDENCE: usize = 16;

/// What is wrong, worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What it comes to, as far as things were read.
    pub verdict: Verdict,
    /// The causes.
    pub causes: Vec<Cause>,
}

/// What a diagnosis comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verdict {
    /// Everything was read and is settled, and nothing keeps models from being served, now or soon.
    Healthy,
    /// Something keeps models from being served, or soon will.
    Wrong,
    /// Nothing wrong was found, but not everything could be read, or Azure reports a state that is not known.
    Partly,
    /// Nothing wrong was found, but something is still in progress.
    Unfinished,
}

impl Verdict {
    /// The same, where more could not be read.
    #[must_use]
    pub fn with_unread(self, unread: &[Unread]) -> Self {
        match self {
            Self::Healthy | Self::Unfinished if !unread.is_empty() => Self::Partly,
            other => other,
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Cause {
    /// Key of its words in the catalogue `diagnosis`: Azure's own code where it has one (`E40002`).
    pub code: String,
    /// How much it matters: what blocks keeps models from being served.
    pub severity: Severity,
    /// Values for the words.
    pub params: BTreeMap<String, String>,
    /// What says so: lines as Azure and the cluster wrote them.
    pub evidence: Vec<String>,
    /// Key of the words for what to do.
    pub remedy: String,
    /// Where it is documented.
    pub source: String,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Unread {
    /// What, as a key of the catalogue `diagnosis`.
    pub what: String,
    /// Why, in the words of Azure or of the cluster.
    pub why: String,
}

/// Says what is wrong.
pub fn diagnose(symptoms: &Symptoms) -> Diagnosis {
    let mut found: Vec<(&Entry, Found)> = Vec::new();
    for entry in CAUSES {
        let seen = match entry.check {
            Check::Reported => reported::of_code(symptoms, entry.code),
            Check::Seen(check) => check(symptoms),
        };
        found.extend(seen.into_iter().map(|one| (entry, one)));
    }
    let mut causes = settle(&found, symptoms);
    // Stable: the order of the table holds among equals.
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

/// Codes of all causes.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CAUSES.iter().map(|entry| entry.code)
}

/// Codes of all remedies, each once.
pub fn remedies() -> std::collections::BTreeSet<&'static str> {
    CAUSES.iter().map(|entry| entry.remedy).collect()
}

/// Drops what follows from something more specific, whose evidence it becomes.
fn settle(found: &[(&Entry, Found)], symptoms: &Symptoms) -> Vec<Cause> {
    let explains = |by: usize, code: &str| {
        let (entry, one) = &found[by];
        entry.explains.contains(&code) || one.also_explains.contains(&code)
    };
    let explainer = |of: usize| (0..found.len()).find(|&by| by != of && explains(by, found[of].0.code));
    let mut evidence: Vec<Vec<String>> = found.iter().map(|(_, one)| one.evidence.clone()).collect();
    let mut kept = Vec::new();
    for at in 0..found.len() {
        let Some(mut by) = explainer(at) else {
            kept.push(at);
            continue;
        };
        // Up to the one that nothing explains; as many steps as there are causes, so that a circle ends.
        for _ in 0..found.len() {
            let Some(next) = explainer(by) else { break };
            by = next;
        }
        let moved = std::mem::take(&mut evidence[at]);
        evidence[by].extend(moved);
    }
    kept.into_iter()
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
