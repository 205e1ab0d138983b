//! Runs every rule and collects all findings; it never stops at the first.

use crate::change::{Change, Goal, after};
use crate::deployment_spec::DeploySpec;
use crate::facts::{Fact, Facts};
use crate::finding::{Finding, Severity, is_waived};
use crate::rules::{self, Case, Needs, Rule};
use crate::spec::Spec;

/// Checks a goal against all rules before anything is sent.
///
/// Returns the findings without duplicates, sorted by severity and then by wizard step. An empty result means that no
/// rule objects; [`blocks`](crate::finding::blocks) tells whether a finding forbids the run. A fact that could not be
/// read is a finding of its own, which lists the rules that need it. Facts that nobody has asked for
/// ([`Fact::NotAsked`](crate::facts::Fact)) are not reported.
///
/// ```
/// use berth_domain::change::Goal;
/// use berth_domain::facts::Facts;
/// use berth_domain::finding::blocks;
/// use berth_domain::preflight::preflight;
/// use berth_domain::spec::Spec;
///
/// let spec = Spec::default(); // nothing chosen yet
/// let goal = Goal::SetUp { spec: Box::new(spec) };
///
/// let findings = preflight(&goal, &Facts::default());
///
/// assert!(blocks(&findings));
/// let no_subscription = findings.iter().find(|finding| finding.rule == "SET-01");
/// assert!(no_subscription.is_some_and(|finding| finding.field.as_deref() == Some("place.subscriptionId")));
/// ```
pub fn preflight(goal: &Goal, facts: &Facts) -> Vec<Finding> {
    let mut findings = merge_unread(apply_rules(goal, facts, |_| true));
    if let Goal::Change { change, waived } = goal {
        for finding in &mut findings {
            require_consent(finding, change, waived);
        }
    }
    findings.iter_mut().for_each(Finding::note_sign_in);
    sort(findings)
}

/// Checks the values that become part of a request's address. If one would direct the request to another resource,
/// returns it, and for a set-up or a version all other findings that need no facts too. Returns nothing if requests may be sent.
pub fn address_findings(goal: &Goal) -> Vec<Finding> {
    let findings = match goal {
        Goal::SetUp { spec } => local_findings(spec),
        Goal::Deploy { spec } => local_deploy_findings(spec),
        Goal::Change { .. } => sort(apply_rules(goal, &Facts::default(), |rule| {
            rule.id == rules::ADDRESSES
        })),
    };
    let unsafe_address = findings
        .iter()
        .any(|finding| [rules::ADDRESSES, rules::DEPLOY_ADDRESSES].contains(&finding.rule.as_str()));
    if unsafe_address { findings } else { Vec::new() }
}

/// Findings that need no facts from Azure, shown while the person types.
pub fn local_findings(spec: &Spec) -> Vec<Finding> {
    let facts = Facts::default();
    let case = Case {
        spec,
        facts: &facts,
        change: None,
        deploy: None,
    };
    let local = rules::table().filter(|rule| rule.needs == Needs::Local);
    sort(local.flat_map(|rule| rule.apply(&case)).collect())
}

/// The same for a version to deploy.
pub fn local_deploy_findings(spec: &DeploySpec) -> Vec<Finding> {
    let goal = Goal::Deploy {
        spec: Box::new(spec.clone()),
    };
    let is_local = |rule: &Rule| rule.needs == Needs::Local;
    sort(apply_rules(&goal, &Facts::default(), is_local))
}

/// Blocking findings about unread facts that tell who uses the subject of a change, except those in `consents`.
pub(crate) fn unread_users(change: &Change, facts: &Facts, consents: &[String]) -> Vec<Finding> {
    let goal = Goal::Change {
        change: Box::new(change.clone()),
        waived: consents.to_vec(),
    };
    let mut findings = preflight(&goal, facts);
    findings.retain(|finding| {
        let is_about_users = finding.rule == rules::USERS
            || ["unread.extensions", "unread.leftovers"].contains(&finding.code.as_str());
        is_about_users && finding.severity == Severity::Blocking
    });
    findings
}

/// What one rule finds, including facts that it could not read.
pub fn findings_of(rule: &str, goal: &Goal, facts: &Facts) -> Vec<Finding> {
    apply_rules(goal, facts, |other| other.id == rule)
}

fn apply_rules(goal: &Goal, facts: &Facts, include: impl Fn(&Rule) -> bool) -> Vec<Finding> {
    match goal {
        Goal::SetUp { spec } => {
            let case = Case {
                spec,
                facts,
                change: None,
                deploy: None,
            };
            let rules = rules::table().filter(|rule| include(rule));
            rules.flat_map(|rule| rule.apply(&case)).collect()
        }
        Goal::Change { change, waived } => {
            let spec = after(change, waived, facts);
            let case = Case {
                spec: &spec,
                facts,
                change: Some(change),
                deploy: None,
            };
            let rules = rules::table_for_change(change).filter(|rule| include(rule));
            rules.flat_map(|rule| rule.apply(&case)).collect()
        }
        Goal::Deploy { spec: deploy } => {
            let spec = Spec {
                route: deploy.route,
                waived: deploy.waived.clone(),
                ..Spec::default()
            };
            let case = Case {
                spec: &spec,
                facts,
                change: None,
                deploy: Some(deploy),
            };
            // Nothing that is read in a workspace that does not exist tells more than that.
            let is_there = !matches!(facts.workspace, Fact::Known(None));
            let stands =
                |rule: &Rule| rule.needs == Needs::Local || rules::WITHOUT_WORKSPACE.contains(&rule.id);
            let rules = rules::all_for_deploy().filter(|rule| include(rule) && (is_there || stands(rule)));
            rules.flat_map(|rule| rule.apply(&case)).collect()
        }
    }
}

/// Blocks a disruptive change while a fact it depends on could not be read, until the person agrees to continue without
/// that fact.
fn require_consent(finding: &mut Finding, change: &Change, waived: &[String]) {
    let fact = finding.code.strip_prefix("unread.");
    // Without its target, the change cannot be planned.
    if finding.severity == Severity::Blocking || !fact.is_some_and(|fact| change.depends_on(fact)) {
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

/// Merges the findings about one unread fact into a single finding that lists every rule needing the fact, and drops
/// duplicates.
fn merge_unread(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for mut finding in findings {
        if finding.code.starts_with("unread.") {
            match merged.iter_mut().find(|other| other.code == finding.code) {
                Some(other) => {
                    other.severity = other.severity.min(finding.severity);
                    add_rule(other, &finding.rule);
                }
                None => {
                    finding.params.insert("rules".to_owned(), finding.rule.clone());
                    merged.push(finding);
                }
            }
        } else if !merged.contains(&finding) {
            merged.push(finding);
        }
    }
    merged
}

fn add_rule(finding: &mut Finding, rule: &str) {
    let rules = finding.params.entry("rules".to_owned()).or_default();
    if !rules.split(", ").any(|known| known == rule) {
        rules.push_str(", ");
        rules.push_str(rule);
    }
}

/// Sorts by severity, then by wizard step. If a field's value cannot be used in an address, drops the other findings on
/// that field.
fn sort(mut findings: Vec<Finding>) -> Vec<Finding> {
    let unusable: Vec<String> = findings
        .iter()
        .filter(|finding| finding.rule == rules::ADDRESSES)
        .filter_map(|finding| finding.field.clone())
        .collect();
    findings.retain(|finding| {
        let redundant = finding
            .field
            .as_ref()
            .is_some_and(|field| unusable.contains(field));
        finding.rule == rules::ADDRESSES || !redundant
    });
    findings.sort_by_key(|finding| (finding.severity, finding.step));
    findings
}
