//! The rules, one entry each in one table: id, where it is documented, where it is mended, and a check that says what it
//! found. A rule that needs a fact that could not be read says so; it never passes in silence.
//!
//! No sentence is here: a verdict carries values, the catalogue `findings` has the words of each code. Rules that no
//! specification can break are in [`by_construction`].

mod addresses;
mod attach;
pub mod by_construction;
mod capacity;
mod case;
mod certificate;
mod change;
mod completeness;
mod extension;
mod load_balancer;
mod names;
mod network;
mod network_room;
mod on_change;
mod pair_problem;
mod quota;
mod read;
mod rights;
mod size;
mod standing;
mod tls_classic;
mod tls_extension;
mod users;
mod verdict;
mod version;

pub use case::Case;
pub use verdict::Verdict;

use crate::change::Change;
use crate::finding::{Finding, Severity, WizardStep, is_waived};
use read::Read;

/// The field of the existing cluster.
const CLUSTER_ID: &str = "cluster.resourceId";

/// What a rule has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing but the specification, to say something while typing.
    Local,
    /// Facts from Azure.
    Azure,
}

/// One documented rule.
#[derive(Debug)]
pub struct Rule {
    /// Id (`CPU-01`).
    pub id: &'static str,
    /// Where it is documented.
    pub source: &'static str,
    /// Where it is mended.
    pub step: WizardStep,
    /// What it has to know.
    pub needs: Needs,
    /// Whether a person may go on all the same.
    pub waivable: bool,
    /// The codes it can say, where they are more than its id.
    codes: Option<&'static [&'static str]>,
    /// Facts without which its silence means nothing, and the cases in which that counts.
    reads: (&'static [Read], fn(&Case<'_>) -> bool),
    /// Which changes it speaks of too, where it is one for setting up.
    on_change: fn(&Change) -> bool,
    /// What it found; nothing when all is well.
    pub check: fn(&Case<'_>) -> Vec<Verdict>,
}

impl Rule {
    /// A rule on the specification alone.
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
            check,
        }
    }

    /// A rule that needs facts.
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

    const fn says(self, codes: &'static [&'static str]) -> Self {
        Self {
            codes: Some(codes),
            ..self
        }
    }

    /// Its silence means nothing where one of these facts could not be read.
    const fn reading(self, facts: &'static [Read], applies: fn(&Case<'_>) -> bool) -> Self {
        Self {
            reads: (facts, applies),
            ..self
        }
    }

    /// It speaks of these changes too, judged by the specification that would describe what is there afterwards.
    const fn on_change(self, applies: fn(&Change) -> bool) -> Self {
        Self {
            on_change: applies,
            ..self
        }
    }

    const fn waivable(self) -> Self {
        Self {
            waivable: true,
            ..self
        }
    }

    /// The codes its findings can carry, without those for facts that could not be read.
    pub fn codes(&'static self) -> &'static [&'static str] {
        self.codes.unwrap_or(std::slice::from_ref(&self.id))
    }

    /// Applies it to a case.
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
        let (step, field) = self.mended_at(verdict.field, case);
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

    /// Where it is mended: what an existing cluster has by itself is mended by choosing another one, and what Azure ML
    /// decides by not letting it.
    fn mended_at(&self, field: Option<&'static str>, case: &Case<'_>) -> (WizardStep, Option<&'static str>) {
        let of_cluster = |path: &str| path.starts_with("size.") || path.starts_with("version.");
        match field {
            Some(CLUSTER_ID) => (WizardStep::Place, field),
            Some(path) if case.uses_existing() && (of_cluster(path) || path == "network.plugin") => {
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

/// All rules, by area.
pub fn table() -> impl Iterator<Item = &'static Rule> {
    [
        addresses::RULES,
        completeness::RULES,
        names::RULES,
        standing::RULES,
        rights::RULES,
        attach::RULES,
        version::RULES,
        size::RULES,
        quota::RULES,
        network::RULES,
        network_room::RULES,
        load_balancer::RULES,
        tls_classic::RULES,
        tls_extension::RULES,
        certificate::RULES,
        extension::RULES,
        users::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The rules that speak of a change: its own, and those for setting up that concern it too.
pub fn table_of_change(change: &Change) -> impl Iterator<Item = &'static Rule> {
    change::table().chain(table().filter(|rule| (rule.on_change)(change)))
}

/// Id of the rule on values that become part of an address.
pub(crate) use addresses::ID as ADDRESSES;
/// Id of the rule on who uses a cluster.
pub(crate) use users::ID as USERS;

/// Every code a finding can carry: each has words in every language.
pub fn all_codes() -> Vec<&'static str> {
    table()
        .chain(change::table())
        .flat_map(Rule::codes)
        .chain(verdict::UNREAD_CODES)
        .chain(crate::plan::resuming::CODES)
        .copied()
        .collect()
}
