//! All rules at once: preflight never stops at the first.

use crate::facts::Facts;
use crate::finding::Finding;
use crate::rules::{self, Case};
use crate::spec::Spec;

/// Findings that need no question to Azure: for the moment of typing.
pub fn local_findings(spec: &Spec) -> Vec<Finding> {
    let facts = Facts::default();
    let case = Case { spec, facts: &facts };
    sorted(
        rules::table()
            .filter(|rule| rule.local)
            .flat_map(|rule| rules::apply(rule, &case))
            .collect(),
    )
}

/// All findings, worst first, then in the order of the wizard.
pub fn preflight(spec: &Spec, facts: &Facts) -> Vec<Finding> {
    let case = Case { spec, facts };
    sorted(
        rules::table()
            .flat_map(|rule| rules::apply(rule, &case))
            .collect(),
    )
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| (finding.severity, finding.step));
    findings
}
