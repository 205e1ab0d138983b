//! The rules, one entry each in one table: id, where it is documented, where it is mended, and a check that says what it
//! found. A rule that needs a fact that could not be read says so; it never passes in silence.

mod attach;
mod completeness;
mod extension;
mod load_balancer;
mod names;
mod network;
mod size;
mod standing;
mod tls;
mod version;

use crate::facts::{ClusterFacts, Fact, Facts, VmSize, WorkspaceFacts};
use crate::finding::{Finding, Severity, WizardStep};
use crate::spec::{ClusterChoice, LoadBalancer, Purpose, Route, Spec};
use std::collections::BTreeMap;
use std::fmt::Display;

/// What a rule looks at.
pub struct Case<'a> {
    /// What is wanted.
    pub spec: &'a Spec,
    /// What Azure says.
    pub facts: &'a Facts,
}

/// One documented rule.
pub struct Rule {
    /// Id (`CPU-01`).
    pub id: &'static str,
    /// Where it is documented.
    pub source: &'static str,
    /// Where it is mended.
    pub step: WizardStep,
    /// Whether it needs nothing but the specification, and so can be checked while typing.
    pub local: bool,
    /// Whether a person may go on all the same.
    pub waivable: bool,
    /// What it found; nothing when all is well.
    pub check: fn(&Case<'_>) -> Vec<Verdict>,
}

/// What one rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    severity: Severity,
    variant: Option<&'static str>,
    field: Option<&'static str>,
    params: BTreeMap<String, String>,
}

impl Verdict {
    fn new(severity: Severity, field: &'static str) -> Self {
        Self {
            severity,
            variant: None,
            field: Some(field).filter(|path| !path.is_empty()),
            params: BTreeMap::new(),
        }
    }

    /// Adds a value for the words.
    fn with(mut self, name: &str, value: impl Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Chooses other words of the same rule.
    fn variant(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }
}

fn block(field: &'static str) -> Verdict {
    Verdict::new(Severity::Blocking, field)
}

fn warn(field: &'static str) -> Verdict {
    Verdict::new(Severity::Warning, field)
}

fn info(field: &'static str) -> Verdict {
    Verdict::new(Severity::Information, field)
}

/// The verdict for a fact that could not be read, where it could not.
fn unread<T>(fact: &Fact<T>, field: &'static str) -> Vec<Verdict> {
    let unknown = |why: &str| {
        Verdict::new(Severity::Unknown, field)
            .variant("unknown")
            .with("why", why)
    };
    fact.why_unknown().map(unknown).into_iter().collect()
}

/// One verdict where a condition holds.
fn when(holds: bool, verdict: impl FnOnce() -> Verdict) -> Vec<Verdict> {
    if holds { vec![verdict()] } else { Vec::new() }
}

impl Case<'_> {
    fn creates(&self) -> bool {
        self.spec.cluster == ClusterChoice::Create
    }

    fn through_aml(&self) -> bool {
        self.spec.cluster == ClusterChoice::CreateThroughAml
    }

    fn uses_existing(&self) -> bool {
        matches!(self.spec.cluster, ClusterChoice::Existing { .. })
    }

    fn classic(&self) -> bool {
        self.spec.route == Route::Classic
    }

    fn extension(&self) -> bool {
        self.spec.route == Route::Extension
    }

    fn production(&self) -> bool {
        self.spec.purpose == Purpose::Production
    }

    fn internal(&self) -> bool {
        matches!(
            self.spec.network.load_balancer,
            Some(LoadBalancer::Internal { .. })
        )
    }

    fn public(&self) -> bool {
        self.spec.network.load_balancer == Some(LoadBalancer::Public)
    }

    /// The existing cluster, once read.
    fn existing(&self) -> Option<&ClusterFacts> {
        self.facts
            .cluster
            .known()
            .and_then(Option::as_ref)
            .filter(|_| self.uses_existing())
    }

    fn workspace(&self) -> Option<&WorkspaceFacts> {
        self.facts.workspace.known().and_then(Option::as_ref)
    }

    /// The chosen VM size, where the location's list has it.
    fn vm_size(&self) -> Option<&VmSize> {
        let wanted = &self.spec.size.vm_size;
        self.facts
            .vm_sizes
            .known()?
            .iter()
            .find(|size| size.name.eq_ignore_ascii_case(wanted))
    }

    /// Location of the cluster, made or existing.
    fn location(&self) -> &str {
        self.existing()
            .map_or(self.spec.place.location.as_str(), |cluster| &cluster.location)
    }

    /// Nodes and vCPU that count for the purpose: of pools that run, are Linux and take ordinary pods.
    fn capacity(&self) -> Option<Capacity> {
        if !self.uses_existing() {
            let vcpus = self.vm_size().map(|size| size.vcpus * self.spec.size.nodes);
            return Some(Capacity {
                nodes: self.spec.size.nodes,
                vcpus,
                left_out: 0,
            });
        }
        let cluster = self.existing()?;
        let counts = |pool: &&crate::facts::PoolFacts| {
            let taken = pool
                .taints
                .iter()
                .any(|taint| taint.ends_with("NoSchedule") || taint.ends_with("NoExecute"));
            pool.os_type.eq_ignore_ascii_case("Linux")
                && pool.power_state.eq_ignore_ascii_case("Running")
                && !taken
        };
        let usable = cluster.pools.iter().filter(counts);
        let vcpus = |name: &str| {
            let sizes = self.facts.vm_sizes.known()?;
            sizes
                .iter()
                .find(|size| size.name.eq_ignore_ascii_case(name))
                .map(|size| size.vcpus)
        };
        let nodes: u32 = usable.clone().map(|pool| pool.count).sum();
        let total = usable
            .map(|pool| Some(pool.count * vcpus(&pool.vm_size)?))
            .sum::<Option<u32>>();
        let all: u32 = cluster.pools.iter().map(|pool| pool.count).sum();
        Some(Capacity {
            nodes,
            vcpus: total,
            left_out: all - nodes,
        })
    }
}

/// What counts for the purpose.
struct Capacity {
    nodes: u32,
    /// `None` when a size's vCPU is not known.
    vcpus: Option<u32>,
    /// Nodes that do not count: tainted, Windows or stopped.
    left_out: u32,
}

/// All rules, by area.
pub fn table() -> impl Iterator<Item = &'static Rule> {
    [
        completeness::RULES,
        names::RULES,
        standing::RULES,
        attach::RULES,
        version::RULES,
        size::RULES,
        network::RULES,
        load_balancer::RULES,
        tls::RULES,
        extension::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Applies one rule.
pub(crate) fn apply(rule: &Rule, case: &Case<'_>) -> Vec<Finding> {
    let waived = rule.waivable && case.spec.waived.iter().any(|id| id == rule.id);
    (rule.check)(case)
        .into_iter()
        .map(|verdict| {
            let severity = match verdict.severity {
                Severity::Blocking if waived => Severity::Warning,
                other => other,
            };
            Finding {
                rule: rule.id.to_owned(),
                code: match verdict.variant {
                    Some(variant) => format!("{}.{variant}", rule.id),
                    None => rule.id.to_owned(),
                },
                severity,
                step: rule.step,
                field: verdict.field.map(str::to_owned),
                params: verdict.params,
                source: rule.source.to_owned(),
                waivable: rule.waivable && verdict.severity == Severity::Blocking,
            }
        })
        .collect()
}
