//! Nodes, and why a pod cannot run on one.

use super::amounts::Amounts;
use super::workload::Workload;
use crate::facts::Fact;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use ts_rs::TS;

/// A node of the cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    pub name: String,
    /// Name of its node pool.
    pub pool: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub taints: Vec<Taint>,
    /// Whether it is ready; `None` if it does not say.
    pub ready: Option<bool>,
    /// Whether it takes no new pods (`spec.unschedulable`).
    pub cordoned: bool,
    /// What it can give to pods.
    pub allocatable: Fact<Amounts>,
    /// What its pods request that have not finished, those of daemon sets and of Azure ML included.
    pub requested: Fact<Amounts>,
    /// The part of it that pods of daemon sets request. A new node of the pool has such pods too.
    pub daemon_sets: Fact<Amounts>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Taint {
    pub key: String,
    pub value: String,
    /// `NoSchedule`, `NoExecute` or `PreferNoSchedule`.
    pub effect: String,
}

impl Taint {
    /// Reads `key=value:effect` or `key:effect`, as node pools write them.
    pub fn parse(text: &str) -> Option<Self> {
        let (taint, effect) = text.rsplit_once(':')?;
        let (key, value) = taint.split_once('=').unwrap_or((taint, ""));
        let owned = |text: &str| text.to_owned();
        (!key.is_empty()).then(|| Self {
            key: owned(key),
            value: owned(value),
            effect: owned(effect),
        })
    }

    /// Whether it keeps pods away, rather than only being avoided. An unknown effect does.
    pub fn repels(&self) -> bool {
        self.effect != "PreferNoSchedule"
    }
}

impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_str() {
            "" => write!(f, "{}:{}", self.key, self.effect),
            value => write!(f, "{}={value}:{}", self.key, self.effect),
        }
    }
}

/// Why no replica, or no further one, fits on a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Reason {
    NotReady,
    Cordoned,
    /// A label is missing or has another value.
    Selector {
        label: String,
        wanted: String,
        found: Option<String>,
    },
    Taint {
        taint: String,
    },
    /// Less of a resource is free than a replica requests: thousandths of a core, bytes, or a number.
    Short {
        resource: String,
        free: u64,
        needed: u64,
    },
    /// It could not be read.
    Unread {
        why: String,
    },
}

impl Node {
    /// What is free; the reason if that is unknown.
    pub(super) fn free(&self) -> Result<Amounts, Reason> {
        let allocatable = known("what the node can give", &self.allocatable)?;
        let requested = known("what its pods request", &self.requested)?;
        Ok(allocatable.minus(requested))
    }

    /// Why a workload's pods are kept off this node, whatever is free on it.
    pub(super) fn barred(&self, workload: &Workload) -> Vec<Reason> {
        let mut reasons = Vec::new();
        match self.ready {
            Some(true) => {}
            Some(false) => reasons.push(Reason::NotReady),
            None => reasons.push(Reason::Unread {
                why: "the node does not say whether it is ready".to_owned(),
            }),
        }
        if self.cordoned {
            reasons.push(Reason::Cordoned);
        }
        reasons.extend(repelled(&self.labels, &self.taints, workload));
        reasons
    }
}

/// Labels and taints that keep a workload's pods off.
pub(super) fn repelled(
    labels: &BTreeMap<String, String>,
    taints: &[Taint],
    workload: &Workload,
) -> Vec<Reason> {
    let selectors = workload
        .selector
        .iter()
        .filter(|(label, wanted)| labels.get(*label) != Some(*wanted));
    let selectors = selectors.map(|(label, wanted)| Reason::Selector {
        label: label.clone(),
        wanted: wanted.clone(),
        found: labels.get(label).cloned(),
    });
    let taints = taints
        .iter()
        .filter(|taint| taint.repels() && !workload.tolerates(taint));
    selectors
        .chain(taints.map(|taint| Reason::Taint {
            taint: taint.to_string(),
        }))
        .collect()
}

/// What a request lacks on a node.
pub(super) fn shortages(free: &Amounts, request: &Amounts) -> Vec<Reason> {
    let short = request
        .each()
        .filter(|(resource, needed)| free.of(resource) < *needed);
    let reason = |(resource, needed): (&str, u64)| Reason::Short {
        resource: resource.to_owned(),
        free: free.of(resource),
        needed,
    };
    short.map(reason).collect()
}

fn known<'a, T>(what: &str, fact: &'a Fact<T>) -> Result<&'a T, Reason> {
    fact.known().ok_or_else(|| {
        let why = fact.why_unknown().unwrap_or("it was not read");
        Reason::Unread {
            why: format!("{what}: {why}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taints_of_pools_are_read() {
        for (text, read) in [
            ("sku=gpu:NoSchedule", Some(("sku", "gpu", "NoSchedule"))),
            (
                "CriticalAddonsOnly=true:NoSchedule",
                Some(("CriticalAddonsOnly", "true", "NoSchedule")),
            ),
            (
                "example.com/key:NoExecute",
                Some(("example.com/key", "", "NoExecute")),
            ),
            ("no-effect", None),
            ("=x:NoSchedule", None),
            ("", None),
        ] {
            let taint = Taint::parse(text);
            let parts = taint
                .as_ref()
                .map(|one| (one.key.as_str(), one.value.as_str(), one.effect.as_str()));
            assert_eq!(parts, read, "{text}");
            assert!(taint.is_none_or(|one| one.to_string() == text));
        }
    }
}
