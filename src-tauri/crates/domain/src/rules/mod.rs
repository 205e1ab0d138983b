//! The table of rules. Each entry has an id, its documented source, the wizard step where a violation can be fixed, and a
//! check that returns verdicts. A rule never passes silently while a fact it needs could not be read.
//!
//! Verdicts carry codes and values; the sentences are in the catalogue `findings`. Rules that no specification can break
//! are listed in [`by_construction`].

mod actions;
mod addresses;
mod attach;
pub mod by_construction;
mod capacity;
mod case;
mod certificate;
mod change;
mod cluster_kind;
mod completeness;
mod contradictions;
mod deploy;
mod extension;
mod identity;
mod load_balancer;
mod locks;
mod names;
mod network;
mod on_change;
mod pair_problem;
mod policy;
mod prerequisites;
mod quota;
mod read;
pub mod reference;
mod rights;
mod size;
mod subnets;
mod tags;
mod tls_classic;
mod tls_extension;
mod untold;
mod users;
mod verdict;
mod version;

pub use case::Case;
pub use verdict::Verdict;

use crate::change::Change;
use crate::finding::{Finding, Severity, WizardStep, is_waived};
use read::Read;

/// Path of the existing cluster's id in the specification.
const CLUSTER_ID: &str = "cluster.resourceId";

/// Inputs a rule needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The specification alone, so the rule can run while the person types.
    Local,
    /// Facts read from Azure.
    Azure,
}

/// One documented rule.
#[derive(Debug)]
pub struct Rule {
    /// Id (`CPU-01`).
    pub id: &'static str,
    /// Where it is documented.
    pub source: &'static str,
    /// The wizard step where a violation can be fixed.
    pub step: WizardStep,
    pub needs: Needs,
    /// Whether the person may accept a blocking finding.
    pub waivable: bool,
    /// The codes of its findings; `None` if its id is the only one.
    codes: Option<&'static [&'static str]>,
    /// Facts it depends on, and the cases in which it depends on them. If one could not be read and the check finds
    /// nothing, the rule reports the unread fact.
    reads: (&'static [Read], fn(&Case<'_>) -> bool),
    /// The changes to which a set-up rule also applies.
    on_change: fn(&Change) -> bool,
    /// Whether a set-up rule also applies to a version to deploy.
    on_deploy: bool,
    /// Returns the violations; empty if there are none.
    pub check: fn(&Case<'_>) -> Vec<Verdict>,
}

impl Rule {
    /// A rule that needs only the specification.
    const fn local(
        id: &'static str,
        step: WizardStep,
        source: &'static str,
        check: fn(&Case<'_>) -> Vec<Verdict>,
    ) -> Self {
        Self {
            id,
            source,
            step,
            needs: Needs::Local,
            waivable: false,
            codes: None,
            reads: (&[], |_| false),
            on_change: |_| false,
            on_deploy: false,
            check,
        }
    }

    /// A rule that needs facts from Azure.
    const fn azure(
        id: &'static str,
        step: WizardStep,
        source: &'static str,
        check: fn(&Case<'_>) -> Vec<Verdict>,
    ) -> Self {
        Self {
            needs: Needs::Azure,
            ..Self::local(id, step, source, check)
        }
    }

    /// Declares the codes of the rule's findings.
    const fn says(self, codes: &'static [&'static str]) -> Self {
        Self {
            codes: Some(codes),
            ..self
        }
    }

    /// Declares facts the rule depends on: if one could not be read, finding nothing does not count as passing.
    const fn reading(self, facts: &'static [Read], applies: fn(&Case<'_>) -> bool) -> Self {
        Self {
            reads: (facts, applies),
            ..self
        }
    }

    /// Applies the rule to these changes too, with the specification that would describe the result of the change.
    const fn on_change(self, applies: fn(&Change) -> bool) -> Self {
        Self {
            on_change: applies,
            ..self
        }
    }

    /// Applies the rule to versions to deploy too.
    const fn on_deploy(self) -> Self {
        Self {
            on_deploy: true,
            ..self
        }
    }

    const fn waivable(self) -> Self {
        Self {
            waivable: true,
            ..self
        }
    }

    /// The codes of its findings, except those for unread facts.
    pub fn codes(&'static self) -> &'static [&'static str] {
        self.codes.unwrap_or(std::slice::from_ref(&self.id))
    }

    /// Runs the check and converts its verdicts to findings.
    pub fn apply(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut found = (self.check)(case);
        let (reads, applies) = self.reads;
        if found.is_empty() && applies(case) {
            let unread = reads
                .iter()
                .filter_map(|read| Some((read.name, (read.why)(case)?)));
            found.extend(unread.map(|(name, why)| verdict::unread_because(name, why)));
        }
        found
            .into_iter()
            .map(|verdict| self.finding(verdict, case))
            .collect()
    }

    fn finding(&self, verdict: Verdict, case: &Case<'_>) -> Finding {
        let resource = verdict.resource.clone();
        let waivable = (self.waivable || resource.is_some()) && verdict.severity == Severity::Blocking;
        let waived = waivable && is_waived(&case.spec.waived, self.id, resource.as_deref());
        let mut code = verdict.code(self.id);
        if waived && resource.is_none() {
            code.push_str(".waived");
        }
        let (step, field) = self.step_and_field(verdict.field, case);
        Finding {
            rule: self.id.to_owned(),
            code,
            severity: match (waived, &resource) {
                (false, _) => verdict.severity,
                (true, None) => Severity::Warning,
                (true, Some(_)) => Severity::Unknown,
            },
            step,
            field: field.map(str::to_owned),
            params: verdict.params,
            source: self.source.to_owned(),
            waivable,
            resource,
        }
    }

    /// The wizard step and field where the finding can be fixed. Properties of an existing cluster can only be fixed by
    /// choosing another cluster, and what Azure ML decides only by choosing another way to get a cluster.
    fn step_and_field(
        &self,
        field: Option<&'static str>,
        case: &Case<'_>,
    ) -> (WizardStep, Option<&'static str>) {
        let cluster_property = |path: &str| path.starts_with("size.") || path.starts_with("version.");
        match field {
            Some(CLUSTER_ID) => (WizardStep::Place, field),
            Some(path) if case.uses_existing() && (cluster_property(path) || path == "network.plugin") => {
                (WizardStep::Place, Some(CLUSTER_ID))
            }
            Some(path) if path.starts_with("network.") && self.id == addresses::ID => {
                (WizardStep::Network, field)
            }
            _ if case.through_aml() && self.step == WizardStep::Version => (WizardStep::Purpose, field),
            _ => (self.step, field),
        }
    }
}

/// All set-up rules, by area.
pub fn table() -> impl Iterator<Item = &'static Rule> {
    [
        addresses::RULES,
        completeness::RULES,
        names::RULES,
        prerequisites::RULES,
        locks::RULES,
        rights::RULES,
        attach::RULES,
        untold::RULES,
        cluster_kind::RULES,
        contradictions::RULES,
        identity::RULES,
        version::RULES,
        size::RULES,
        quota::RULES,
        network::RULES,
        subnets::RULES,
        load_balancer::RULES,
        policy::RULES,
        tls_classic::RULES,
        tls_extension::RULES,
        certificate::RULES,
        extension::RULES,
        users::RULES,
        tags::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The rules for a change: those written for changes, and the set-up rules that also apply to it.
pub fn table_for_change(change: &Change) -> impl Iterator<Item = &'static Rule> {
    change::table().chain(table().filter(|rule| (rule.on_change)(change)))
}

/// The rules that only versions to deploy have.
pub fn table_for_deploy() -> impl Iterator<Item = &'static Rule> {
    deploy::table()
}

/// The rules for a version to deploy: those written for it, and the set-up rules that also apply to it.
pub(crate) fn all_for_deploy() -> impl Iterator<Item = &'static Rule> {
    table_for_deploy().chain(table().filter(|rule| rule.on_deploy))
}

/// Id of the rule on values that become part of a request's address.
pub(crate) use addresses::ID as ADDRESSES;
/// Id of the rule on names of a version to deploy that become part of a request's address.
pub(crate) use deploy::ADDRESSES as DEPLOY_ADDRESSES;
/// Ids of the rules for a version to deploy that need facts, but none from its workspace.
pub(crate) use deploy::WITHOUT_WORKSPACE;
/// Id of the rule on users of a cluster that could not be read.
pub(crate) use users::ID as USERS;

/// Every code a finding can have. Each has a message in every language.
pub fn all_codes() -> Vec<&'static str> {
    table()
        .chain(change::table())
        .chain(table_for_deploy())
        .flat_map(Rule::codes)
        .chain(verdict::UNREAD_CODES)
        .chain(crate::plan::resuming::CODES)
        .chain([&crate::carry_over::UNREAD_CODE])
        .copied()
        .collect()
}
