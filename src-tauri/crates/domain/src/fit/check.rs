//! The fit check.

use super::amounts::Amounts;
use super::growth::{AddedNodes, Growth, Pool, grow};
use super::node::{Node, Reason, shortages};
use super::workload::Workload;
use crate::facts::Fact;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether and where the replicas of a version fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fit {
    pub verdict: FitVerdict,
    /// Replicas that need room at once, the surge included.
    pub needed: u32,
    /// Replicas that have room now, on the nodes that could be read.
    pub room: u32,
    /// Nodes with room for at least one replica.
    pub on: u32,
    /// All nodes.
    pub of: u32,
    /// What one replica takes of its node.
    pub request: Amounts,
    /// The most of each resource that is free on a node that the replicas may use; `None` without such a node.
    pub best: Option<Amounts>,
    pub nodes: Vec<NodeFit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FitVerdict {
    Fits,
    /// The cluster autoscaler must add nodes first, which can take longer than Azure ML waits for a replica.
    FitsAfterScaling {
        added: Vec<AddedNodes>,
    },
    DoesNotFit,
    /// Not enough could be read.
    Unknown {
        why: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NodeFit {
    pub name: String,
    pub pool: Option<String>,
    /// Replicas that have room on it; `None` if unknown.
    pub room: Option<u32>,
    /// What is free on it; `None` if unknown.
    pub free: Option<Amounts>,
    /// Why it has no room, or why that is unknown.
    pub reasons: Vec<Reason>,
}

/// Checks whether all replicas fit, and one more, because an update starts a new replica before it stops an old one.
pub fn check(nodes: &Fact<Vec<Node>>, pools: &[Pool], workload: &Workload) -> Fit {
    let request = workload.request();
    let list = nodes.known().map_or(&[][..], Vec::as_slice);
    let found: Vec<NodeFit> = list
        .iter()
        .map(|node| on_node(node, workload, &request))
        .collect();
    let room = found
        .iter()
        .filter_map(|node| node.room)
        .fold(0, u32::saturating_add);
    let usable = list.iter().filter(|node| node.barred(workload).is_empty());
    let best = usable
        .filter_map(|node| node.free().ok())
        .reduce(|best, free| best.max(&free));
    let needed = workload.needed();
    let verdict = match nodes {
        Fact::Known(_) => verdict(&found, pools, workload, needed.saturating_sub(room)),
        Fact::Unknown(why) => FitVerdict::Unknown { why: why.clone() },
        Fact::NotAsked => FitVerdict::Unknown {
            why: "the nodes were not read".to_owned(),
        },
    };
    Fit {
        verdict,
        needed,
        room,
        on: count(&found, |node| node.room.is_some_and(|room| room > 0)),
        of: count(&found, |_| true),
        request,
        best,
        nodes: found,
    }
}

fn count(nodes: &[NodeFit], counts: impl Fn(&NodeFit) -> bool) -> u32 {
    u32::try_from(nodes.iter().filter(|node| counts(node)).count()).unwrap_or(u32::MAX)
}

fn on_node(node: &Node, workload: &Workload, request: &Amounts) -> NodeFit {
    let free = node.free();
    let mut reasons = node.barred(workload);
    let room = match &free {
        _ if reasons
            .iter()
            .any(|reason| !matches!(reason, Reason::Unread { .. })) =>
        {
            Some(0)
        }
        _ if !reasons.is_empty() => None,
        Ok(free) => Some(free.holds(request)),
        Err(_) => None,
    };
    match &free {
        Ok(free) if reasons.is_empty() => reasons = shortages(free, request),
        Err(unread) if room.is_none() => reasons.push(unread.clone()),
        _ => {}
    }
    NodeFit {
        name: node.name.clone(),
        pool: node.pool.clone(),
        room,
        free: free.ok(),
        reasons,
    }
}

fn verdict(nodes: &[NodeFit], pools: &[Pool], workload: &Workload, missing: u32) -> FitVerdict {
    if missing == 0 {
        return FitVerdict::Fits;
    }
    if let Some(unread) = nodes.iter().find(|node| node.room.is_none()) {
        let why = unread.reasons.iter().find_map(|reason| match reason {
            Reason::Unread { why } => Some(why.as_str()),
            _ => None,
        });
        return FitVerdict::Unknown {
            why: format!("{}: {}", unread.name, why.unwrap_or_default()),
        };
    }
    match grow(pools, workload, missing) {
        Growth::Enough(added) => FitVerdict::FitsAfterScaling { added },
        Growth::TooLittle => FitVerdict::DoesNotFit,
        Growth::Unknown(why) => FitVerdict::Unknown { why },
    }
}
