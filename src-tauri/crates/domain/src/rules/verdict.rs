//! The result of a rule's check.

use crate::facts::Fact;
use crate::finding::Severity;
use std::collections::BTreeMap;
use std::fmt::Display;

/// Codes for facts that could not be read. All rules that need the same fact use the same code, so preflight merges them.
pub(super) const UNREAD_CODES: &[&str] = &[
    "unread.address_policy",
    "unread.budgets",
    "unread.certificate",
    "unread.cluster",
    "unread.cluster_policy",
    "unread.cluster_rights",
    "unread.compute",
    "unread.computes",
    "unread.endpoint",
    "unread.endpoint_versions",
    "unread.extensions",
    "unread.group_rights",
    "unread.identity_roles",
    "unread.kept",
    "unread.leftovers",
    "unread.locations",
    "unread.locks",
    "unread.namespaces",
    "unread.node_locks",
    "unread.providers",
    "unread.resource_group",
    "unread.route_table",
    "unread.scope_rights",
    "unread.software",
    "unread.subnet_rights",
    "unread.subscription",
    "unread.subscription_rights",
    "unread.upgrades",
    "unread.usages",
    "unread.versions",
    "unread.vm_sizes",
    "unread.vnet",
    "unread.workspace",
    "unread.workspace_rights",
];

/// One violation found by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub severity: Severity,
    message: Message,
    /// Path of the affected field in the specification.
    pub field: Option<&'static str>,
    /// Values for the placeholders of the message.
    pub params: BTreeMap<String, String>,
    /// Id of the resource that could not be read, if the person may continue without it.
    pub(super) resource: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Message {
    /// The message under the rule's id.
    Default,
    /// The message under the rule's id and this variant.
    Variant(&'static str),
    /// The shared message for this unread fact.
    Unread(&'static str),
}

impl Verdict {
    fn new(severity: Severity, field: &'static str) -> Self {
        let field = Some(field).filter(|path| !path.is_empty());
        Self {
            severity,
            message: Message::Default,
            field,
            params: BTreeMap::new(),
            resource: None,
        }
    }

    /// Adds a value for a placeholder of the message.
    pub(super) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Lets the person accept the finding by naming the resource that could not be read.
    pub(super) fn consent(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }

    /// Selects another message of the same rule.
    pub(super) fn variant(mut self, variant: &'static str) -> Self {
        self.message = Message::Variant(variant);
        self
    }

    /// The key of the message in the catalogue `findings`.
    pub(super) fn code(&self, rule: &str) -> String {
        match self.message {
            Message::Default => rule.to_owned(),
            Message::Variant(variant) => format!("{rule}.{variant}"),
            Message::Unread(fact) => format!("unread.{fact}"),
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

/// Something that Azure's answer does not tell, with the rule's own message.
pub(super) fn unknown(field: &'static str, why: impl Display) -> Verdict {
    Verdict::new(Severity::Unknown, field).with("why", why)
}

/// A verdict for a fact that could not be read. A fact that was not requested gives none: a choice is missing then, which
/// is a finding of its own.
pub(super) fn unread<T>(name: &'static str, fact: &Fact<T>) -> Vec<Verdict> {
    fact.why_unknown()
        .map(|why| unread_because(name, why))
        .into_iter()
        .collect()
}

/// A verdict for a fact that could not be read for the given reason.
pub(super) fn unread_because(name: &'static str, why: &str) -> Verdict {
    Verdict {
        message: Message::Unread(name),
        ..Verdict::new(Severity::Unknown, "").with("why", why)
    }
}

/// One verdict if the condition holds.
pub(super) fn when(holds: bool, verdict: impl FnOnce() -> Verdict) -> Vec<Verdict> {
    if holds { vec![verdict()] } else { Vec::new() }
}

/// One verdict if something was found.
pub(super) fn on<T>(found: Option<T>, verdict: impl FnOnce(T) -> Verdict) -> Vec<Verdict> {
    found.map(verdict).into_iter().collect()
}
