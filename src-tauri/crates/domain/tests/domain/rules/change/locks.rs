//! Locks on every scope, at both levels, against every kind of change.

use super::super::{Blocking, Row, Severity, Warning};
use super::{codes, facing, told};
use crate::good::change::*;
use crate::good::{self, Good};
use berth_domain::change::Change;
use berth_domain::facts::*;
use berth_domain::preflight;
use berth_domain::spec::LoadBalancer;

pub(super) fn rows() -> Vec<Row> {
    let (more, fewer, leaves) = (classic(scale(5)), classic(scale(2)), classic(delete("aks-there")));
    let mut rows: Vec<Row> = [delete("aks-there"), detach(), refresh(), finish(), back()]
        .into_iter()
        .map(moving)
        .map(|good| {
            told(
                "ATT-26.delete",
                Blocking,
                good.clone(),
                on_group(&good, "CanNotDelete"),
            )
        })
        .collect();
    rows.extend([
        told(
            "ATT-26",
            Warning,
            on_group(&more, "CanNotDelete"),
            on_group(&classic(begin()), "CanNotDelete"),
        ),
        told(
            "ATT-26.nodes",
            Blocking,
            on_nodes(&more, "CanNotDelete", ""),
            on_nodes(&fewer, "CanNotDelete", ""),
        ),
        told(
            "ATT-26.nodes",
            Blocking,
            more.clone(),
            on_nodes(&more, "ReadOnly", ""),
        ),
        told(
            "ATT-26.nodes",
            Blocking,
            leaves.clone(),
            on_nodes(&leaves, "CanNotDelete", ""),
        ),
        told(
            "ATT-26.nodes_later",
            Warning,
            on_nodes(&classic(upgrade("1.36", false)), "CanNotDelete", ""),
            on_nodes(&classic(upgrade("1.36", true)), "CanNotDelete", ""),
        ),
        told(
            "ATT-26.address",
            Warning,
            on_nodes(&more, "CanNotDelete", ""),
            on_nodes(&classic(detach()), "CanNotDelete", ""),
        ),
    ]);
    rows
}

/// A lock on the cluster's resource group.
fn on_group(good: &Good, level: &str) -> Good {
    facing(good, |facts| {
        facts.locks = Fact::Known(vec![good::lock(level, "")])
    })
}

/// A lock in the resource group of the nodes; on the whole group without a scope.
fn on_nodes(good: &Good, level: &str, scope: &str) -> Good {
    facing(good, |facts| {
        facts.node_locks = Fact::Known(vec![good::lock(level, scope)])
    })
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    Subscription,
    Group,
    Cluster,
    /// Another resource in the cluster's group.
    Other,
    NodeGroup,
    /// A scale set in the group of the nodes.
    Nodes,
    /// An address in the group of the nodes.
    Address,
}

impl Scope {
    const ALL: [Self; 7] = [
        Self::Subscription,
        Self::Group,
        Self::Cluster,
        Self::Other,
        Self::NodeGroup,
        Self::Nodes,
        Self::Address,
    ];

    fn id(self) -> String {
        let subscription = format!("/subscriptions/{}", good::SUBSCRIPTION.to_uppercase());
        let group = format!("{subscription}/resourceGroups/RG-ML");
        let nodes = format!(
            "{subscription}/resourcegroups/{}",
            good::cluster().node_resource_group
        );
        match self {
            Self::Subscription => subscription,
            Self::Group => group,
            Self::Cluster => good::cluster().id,
            Self::Other => format!("{group}/providers/Microsoft.Storage/storageAccounts/data"),
            Self::NodeGroup => nodes,
            Self::Nodes => format!("{nodes}/providers/Microsoft.Compute/virtualMachineScaleSets/system"),
            Self::Address => format!("{nodes}/providers/Microsoft.Network/publicIPAddresses/front"),
        }
    }

    /// Azure lists a lock with the groups below and above it.
    fn lock(self, good: &Good, level: &str) -> Good {
        facing(good, |facts| {
            let lock = vec![good::lock(level, &self.id())];
            let of_nodes = matches!(self, Self::NodeGroup | Self::Nodes | Self::Address);
            if of_nodes || self == Self::Subscription {
                facts.node_locks = Fact::Known(lock.clone());
            }
            if !of_nodes {
                facts.locks = Fact::Known(lock);
            }
        })
    }
}

fn worst(good: &Good) -> Option<Severity> {
    let found = preflight::findings_of("ATT-26", &good.goal(), &good.facts);
    found.into_iter().map(|finding| finding.severity).min()
}

/// Per change: the worst finding about a lock on each scope, first against deletion, then read-only. `B` blocks, `w` warns.
/// The workspace is in the cluster's group.
#[test]
fn every_scope_and_level_against_every_kind_of_change() {
    let table: [(Change, &str, &str); 14] = [
        //                                   S G C O N n a    S G C O N n a
        (scale(5), ".......", "BBB.BB."),
        (scale(2), "B...BBB", "BBB.BBB"),
        (autoscale(3, 5), "w...www", "BBB.BB."),
        (autoscale(1, 2), "B...BBB", "BBB.BBB"),
        (upgrade("1.36", false), ".......", "BBB...."),
        (upgrade("1.36", true), "w...www", "BBB.BB."),
        (power(false), "w...www", "BBB.BB."),
        (tags(good::cluster().id, &[("a", "b")]), ".......", "BBB...."),
        (balance(classic_id(), LoadBalancer::Public), "w...w.w", "BB..BBw"),
        (detach(), "BB..w.w", "BB..w.w"),
        (delete("aks-there"), "BBB.BBB", "BBB.BBB"),
        (refresh(), "BB..w.w", "BBB.BBw"),
        (grant("o-1"), ".......", "......."),
        (begin(), "www....", "BBB.BB."),
    ];
    for (change, deletion, read_only) in table {
        let good = classic(change.clone());
        for (level, expected) in [("CanNotDelete", deletion), ("ReadOnly", read_only)] {
            for (scope, expected) in Scope::ALL.into_iter().zip(expected.chars()) {
                let found = match worst(&scope.lock(&good, level)) {
                    Some(Blocking) => 'B',
                    Some(Warning) => 'w',
                    None => '.',
                    Some(other) => panic!("{change:?}: {other:?}"),
                };
                assert_eq!(found, expected, "{level} on {scope:?}: {change:?}");
            }
        }
    }
}

#[test]
fn a_lock_against_deletion_matters_only_if_something_is_deleted() {
    let more = classic(scale(5));
    let quiet = on_group(&more, "CanNotDelete");
    assert!(!codes(&quiet).iter().any(|code| code.starts_with("ATT-26")));
    assert!(codes(&on_group(&more, "ReadOnly")).contains("ATT-26.read_only"));
}

/// Azure lists the locks of every resource in a group.
#[test]
fn a_lock_matters_only_where_a_step_writes() {
    let more = classic(scale(5));
    let code = "ATT-26.read_only";
    let locked = |scope: &str| {
        facing(&more, |facts| {
            facts.locks = Fact::Known(vec![good::lock("ReadOnly", scope)])
        })
    };
    for other in [
        format!("{}-2", good::cluster().id),
        format!("{}-2", Scope::Group.id()),
        Scope::Other.id(),
    ] {
        assert!(!codes(&locked(&other)).contains(code), "{other}");
    }
}
