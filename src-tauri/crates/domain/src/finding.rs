//! What preflight has to say: codes and values, no sentences.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// One thing preflight noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Finding {
    /// Id of the rule (`CPU-01`).
    pub rule: String,
    /// Key of its words in the catalogue `findings`: the rule id, or the id and a variant (`CPU-14.small`).
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// The wizard step where it is mended.
    pub step: WizardStep,
    /// The field it is about, as a path into the specification (`size.nodes`), where it is about one.
    pub field: Option<String>,
    /// Values for the words, and the evidence.
    pub params: BTreeMap<String, String>,
    /// Where the rule is documented.
    pub source: String,
    /// Whether the person may go on all the same by naming the rule in `waived`.
    pub waivable: bool,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Severity {
    /// It would fail, or destroy something: nothing is sent.
    Blocking,
    /// It may go wrong; the person decides.
    Warning,
    /// It could not be verified, with the reason in `params.why`.
    Unknown,
    /// Good to know.
    Information,
}

/// Steps of the wizard, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WizardStep {
    /// Purpose, cluster choice, route.
    Purpose,
    /// Subscription, workspace, group, location, names.
    Place,
    /// Kubernetes version.
    Version,
    /// VM size and nodes.
    Size,
    /// Plugin, network, load balancer.
    Network,
    /// Certificate.
    Tls,
    /// The whole.
    Review,
}

/// Whether any finding forbids sending.
pub fn blocks(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Blocking)
}
