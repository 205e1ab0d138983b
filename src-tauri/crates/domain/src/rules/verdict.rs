//! What one rule says about one case.

use crate::facts::Fact;
use crate::finding::Severity;
use std::collections::BTreeMap;
use std::fmt::Display;

/// Codes of facts that could not be read. All rules that lack the same fact say the same, so preflight joins them.
pub(super) const UNREAD_CODES: &[&str] = &[
    "unread.address_policy",
    "unread.certificate",
    "unread.cluster",
    "unread.cluster_policy",
    "unread.compute",
    "unread.computes",
    "unread.extensions",
    "unread.group_rights",
    "unread.kept",
    "unread.leftovers",
    "unread.locations",
    "unread.locks",
    "unread.namespaces",
    "unread.providers",
    "unread.resource_group",
    "unread.scope_rights",
    "unread.subscription",
    "unread.upgrades",
    "unread.usages",
    "unread.versions",
    "unread.vm_sizes",
    "unread.vnet",
    "unread.workspace",
    "unread.workspace_rights",
];

/// What one rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How much it matters.
    pub severity: Severity,
    /// Which words: none for those of the rule's id.
    words: Words,
    /// The field it is about.
    pub field: Option<&'static str>,
    /// Values for the words, and the evidence.
    pub params: BTreeMap<String, String>,
    /// Resource id of what could not be read, where the person may go on without knowing.
    pub(super) resource: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    OfTheRule,
    Variant(&'static str),
    Unread(&'static str),
}

impl Verdict {
    fn new(severity: Severity, field: &'static str) -> Self {
        let field = Some(field).filter(|path| !path.is_empty());
        Self {
            severity,
            words: Words::OfTheRule,
            field,
            params: BTreeMap::new(),
            resource: None,
        }
    }

    /// Adds a value for the words.
    pub(super) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Lets the person go on without knowing, by naming the resource that could not be read.
    pub(super) fn consent(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }

    /// Chooses other words of the same rule.
    pub(super) fn variant(mut self, variant: &'static str) -> Self {
        self.words = Words::Variant(variant);
        self
    }

    /// The catalogue's key for a rule.
    pub(super) fn code(&self, rule: &str) -> String {
        match self.words {
            Words::OfTheRule => rule.to_owned(),
            Words::Variant(variant) => format!("{rule}.{variant}"),
            Words::Unread(fact) => format!("unread.{fact}"),
        }
    }
}

pub(super) fn block(field: &'static str) -> Verdict {
    Verdict::new(Severity::Blocking, field)
}

pub(super) fn warn(field: &'static str) -> Verdict {
    Verdict::new(Severity::Warning, field)
}

pub(super) fn info(field: &'static str) -> Verdict {
    Verdict::new(Severity::Information, field)
}

/// Something that the answer of Azure leaves open, in words of the rule.
pub(super) fn unknown(field: &'static str, why: impl Display) -> Verdict {
    Verdict::new(Severity::Unknown, field).with("why", why)
}

/// The verdict for a fact that was asked for in vain. One that was not asked for gives none: then a choice is missing,
/// which is a finding of its own.
pub(super) fn unread<T>(name: &'static str, fact: &Fact<T>) -> Vec<Verdict> {
    fact.why_unknown()
        .map(|why| unread_because(name, why))
        .into_iter()
        .collect()
}

/// The same, with the reason.
pub(super) fn unread_because(name: &'static str, why: &str) -> Verdict {
    Verdict {
        words: Words::Unread(name),
        ..Verdict::new(Severity::Unknown, "").with("why", why)
    }
}

/// One verdict where a condition holds.
pub(super) fn when(holds: bool, verdict: impl FnOnce() -> Verdict) -> Vec<Verdict> {
    if holds { vec![verdict()] } else { Vec::new() }
}

/// A verdict for what was found, where something was.
pub(super) fn on<T>(found: Option<T>, verdict: impl FnOnce(T) -> Verdict) -> Vec<Verdict> {
    found.map(verdict).into_iter().collect()
}
