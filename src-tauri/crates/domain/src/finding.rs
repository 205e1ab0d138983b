//! Preflight results as codes and values; the sentences are in the UI catalogues.

use crate::resource_id::same_resource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The value of a finding that could not be checked because the sign-in has ended. It selects the remedy.
pub const SIGN_IN: &str = "signIn";

/// Codes with which Azure refuses a token, and how a credential that gives none is reported.
const SIGN_IN_ENDED: [&str; 4] = [
    "InvalidAuthenticationToken",
    "ExpiredAuthenticationToken",
    "AuthenticationFailed",
    "no token for ",
];

/// One problem or note reported by preflight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Finding {
    /// Id of the rule (`CPU-01`).
    pub rule: String,
    /// Key into the catalogue `findings`: the rule id, or the id and a variant (`CPU-14.small`).
    pub code: String,
    pub severity: Severity,
    /// The wizard step where it can be fixed.
    pub step: WizardStep,
    /// Path of the affected field in the specification (`size.nodes`), if there is one.
    pub field: Option<String>,
    /// Values for the placeholders of the message.
    pub params: BTreeMap<String, String>,
    /// Where the rule is documented.
    pub source: String,
    /// Whether the person may accept it by adding [`Finding::waiver`] to `waived`.
    pub waivable: bool,
    /// Id of the resource that could not be read; accepting the finding requires naming it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resource: Option<String>,
}

impl Finding {
    /// The entry in `waived` that accepts this finding: the rule id, or `RULE:RESOURCE` for a resource that could not be
    /// read.
    pub fn waiver(&self) -> String {
        let rule = &self.rule;
        let resource = self.resource.as_ref();
        resource.map_or_else(|| rule.clone(), |resource| format!("{rule}:{resource}"))
    }

    /// Notes whether the reason is that the sign-in has ended.
    pub(crate) fn note_sign_in(&mut self) {
        let why = self.params.get("why").map_or("", String::as_str);
        if SIGN_IN_ENDED.iter().any(|code| why.contains(code)) {
            self.params.insert(SIGN_IN.to_owned(), true.to_string());
        }
    }

    /// Ids of the other rules that could not be checked because the same fact is missing, separated by commas; `None` if
    /// there are no others.
    pub fn others_unchecked(&self) -> Option<String> {
        let rules = self.params.get("rules")?.split(", ");
        let others: Vec<&str> = rules.filter(|rule| *rule != self.rule).collect();
        (!others.is_empty()).then(|| others.join(", "))
    }
}

/// Whether the person has accepted a rule's finding: either the whole rule, or one unread resource by its id.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Severity {
    /// The run would fail or destroy something; it cannot start.
    Blocking,
    /// May cause problems; the person decides.
    Warning,
    /// Could not be checked; the reason is in `params.why`.
    Unknown,
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
    Version,
    /// VM size and nodes.
    Size,
    /// Plugin, network, load balancer.
    Network,
    Tls,
    Review,
}

/// Whether any finding blocks the run.
pub fn blocks(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Blocking)
}

/// Blocking findings that the person has not accepted. Consents have the form of [`Finding::waiver`].
pub fn without_consent(findings: &[Finding], consents: &[String]) -> Vec<Finding> {
    let open = |finding: &&Finding| {
        finding.severity == Severity::Blocking
            && !(finding.waivable && is_waived(consents, &finding.rule, finding.resource.as_deref()))
    };
    findings.iter().filter(open).cloned().collect()
}

/// Consents that accept none of the findings because they are mistyped, out of date, or refer to a finding that cannot be
/// waived.
pub fn unused_consents<'a>(findings: &[Finding], consents: &'a [String]) -> Vec<&'a str> {
    let unused = |consent: &&String| {
        let one = std::slice::from_ref(*consent);
        let accepts = |finding: &Finding| {
            finding.waivable && is_waived(one, &finding.rule, finding.resource.as_deref())
        };
        !findings.iter().any(accepts)
    };
    consents.iter().filter(unused).map(String::as_str).collect()
}
