//! What preflight has to say: codes and values, no sentences.

use crate::resource_id::same_resource;
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
    /// Whether the person may go on all the same by naming it in `waived`: see [`Finding::waiver`].
    pub waivable: bool,
    /// Resource id of what could not be read and has to be named to go on without knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resource: Option<String>,
}

impl Finding {
    /// What in `waived` lets it pass: its rule, and `RULE:RESOURCE` for something that could not be read.
    pub fn waiver(&self) -> String {
        let rule = &self.rule;
        let resource = self.resource.as_ref();
        resource.map_or_else(|| rule.clone(), |resource| format!("{rule}:{resource}"))
    }
}

impl Finding {
    /// The other rules that lack the same fact, joined by commas, where there are any.
    pub fn others_unchecked(&self) -> Option<String> {
        let rules = self.params.get("rules")?.split(", ");
        let others: Vec<&str> = rules.filter(|rule| *rule != self.rule).collect();
        (!others.is_empty()).then(|| others.join(", "))
    }
}

/// Whether a person has agreed to a rule's finding: to the rule as a whole, or to one unread resource by its id.
pub(crate) fn is_waived(waived: &[String], rule: &str, resource: Option<&str>) -> bool {
    let named = |entry: &String| match (entry.trim().split_once(':'), resource) {
        (Some((of, id)), Some(resource)) => {
            !id.is_empty() && of.eq_ignore_ascii_case(rule) && same_resource(id, resource)
        }
        (None, None) => entry.trim().eq_ignore_ascii_case(rule),
        _ => false,
    };
    waived.iter().any(named)
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

/// The findings that forbid sending and that the person has not agreed to, by consents as [`Finding::waiver`] writes them.
pub fn unagreed(findings: &[Finding], consents: &[String]) -> Vec<Finding> {
    let open = |finding: &&Finding| {
        finding.severity == Severity::Blocking
            && !(finding.waivable && is_waived(consents, &finding.rule, finding.resource.as_deref()))
    };
    findings.iter().filter(open).cloned().collect()
}

/// Consents that are to none of the findings: mistyped, out of date, or to something that nobody may wave through.
pub fn idle_consents<'a>(findings: &[Finding], consents: &'a [String]) -> Vec<&'a str> {
    let idle = |consent: &&String| {
        let one = std::slice::from_ref(*consent);
        let agrees = |finding: &Finding| {
            finding.waivable && is_waived(one, &finding.rule, finding.resource.as_deref())
        };
        !findings.iter().any(agrees)
    };
    consents.iter().filter(idle).map(String::as_str).collect()
}
