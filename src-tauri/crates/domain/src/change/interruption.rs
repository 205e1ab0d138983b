//! What a change interrupts or destroys, and the facts that must be known first.

use super::Change;
use super::serving::Serving;
use crate::facts::{ComputeFacts, Dependent, Facts};
use crate::resource_id::{ResourceGroupId, ResourceId, same_resource};

impl Change {
    /// Whether the change interrupts or destroys something that others may use. If so, the person must accept each unknown
    /// by name.
    pub fn disrupts(&self) -> bool {
        !matches!(
            self,
            Self::Tags { .. }
                | Self::Scale { .. }
                | Self::Autoscale { .. }
                | Self::Power { running: true, .. }
                | Self::Grant { .. }
        )
    }

    /// Whether the rules for this change depend on a fact, given by its name in finding codes.
    pub fn depends_on(&self, fact: &str) -> bool {
        match fact {
            // They make stopping a cluster take longer, and no worse.
            "budgets" => matches!(self, Self::Upgrade { nodes: true, .. }),
            "cluster" | "compute" => self.disrupts(),
            "endpoint" => self.endpoint_id().is_some(),
            "endpoint_versions" => {
                let needs_none = matches!(self, Self::RegenerateKey { .. } | Self::Auth { .. });
                self.endpoint_id().is_some() && !needs_none
            }
            "extensions" => {
                self.stops_more_than_a_compute()
                    || matches!(
                        self,
                        Self::Move { .. } | Self::CleanUp { .. } | Self::Detach { .. }
                    )
            }
            "kept" => matches!(
                self,
                Self::Refresh { .. } | Self::Move { .. } | Self::MoveFinish { .. }
            ),
            "leftovers" => {
                self.stops_more_than_a_compute() || matches!(self, Self::CleanUp { .. } | Self::Detach { .. })
            }
            // Other computes are detached before the cluster is deleted.
            "locks" | "node_locks" | "cluster_rights" | "workspace_rights" => {
                matches!(self, Self::DeleteCluster { .. } | Self::DeleteWithCluster { .. })
            }
            "namespaces" => matches!(self, Self::Move { .. }),
            _ => false,
        }
    }

    /// Whether a review lists who is interrupted.
    pub(crate) fn lists_who_is_interrupted(&self) -> bool {
        self.stops_more_than_a_compute() || matches!(self, Self::Detach { .. } | Self::ClearUp { .. })
    }

    /// Whether a front end, nodes or a whole cluster stop. The computes alone do not tell who uses those; the extension and
    /// the objects inside the cluster do.
    fn stops_more_than_a_compute(&self) -> bool {
        match self {
            Self::LoadBalancer { .. }
            | Self::Tls { .. }
            | Self::Refresh { .. }
            | Self::MoveBack { .. }
            | Self::MoveFinish { .. }
            | Self::DeleteCluster { .. }
            | Self::DeleteWithCluster { .. }
            | Self::Power { running: false, .. } => true,
            Self::Upgrade { nodes, .. } => *nodes,
            _ => false,
        }
    }

    /// Whether the services of `compute` stop during the change or for good.
    fn interrupts(&self, compute: &ComputeFacts, facts: &Facts) -> bool {
        // All computes on a route share one front end.
        let same_front_end = || Serving::of(facts).is_none_or(|own| own.is_classic() == compute.is_classic());
        match self {
            Self::LoadBalancer { .. } | Self::Tls { .. } => same_front_end(),
            // These affect the classic front end even after its compute is detached.
            Self::Refresh { .. } | Self::MoveFinish { .. } => compute.is_classic(),
            // It removes the extension and the computes on it.
            Self::MoveBack { .. } => !compute.is_classic(),
            Self::DeleteCluster { .. }
            | Self::DeleteWithCluster { .. }
            | Self::Power { running: false, .. } => true,
            Self::Upgrade { nodes, .. } => *nodes,
            Self::Detach { compute_id } => same_resource(compute_id, &compute.id),
            Self::ClearUp { resources, .. } => resources.iter().any(|id| removal_stops(id, compute)),
            _ => false,
        }
    }
}

/// Whether a compute stops serving when a resource is removed.
fn removal_stops(id: &str, compute: &ComputeFacts) -> bool {
    if same_resource(id, &compute.id) || ResourceGroupId::parse(id).is_some() {
        return true;
    }
    ResourceId::parse(id).is_some_and(|id| id.is_cluster() || (id.is_extension() && !compute.is_classic()))
}

/// Services and endpoints on the cluster that stop during a change or for good, in a stable order.
pub(crate) fn interrupted<'a>(change: &Change, facts: &'a Facts) -> Vec<&'a Dependent> {
    let stops: Vec<&ComputeFacts> = facts
        .attachments()
        .iter()
        .filter(|compute| change.interrupts(compute, facts))
        .collect();
    let through = |one: &&Dependent| {
        stops
            .iter()
            .any(|compute| same_resource(&compute.id, &one.compute_id))
    };
    let mut all: Vec<&Dependent> = facts.dependents().iter().filter(through).collect();
    // Azure returns services in no particular order.
    all.sort_by_key(|one| (one.name.as_str(), one.compute_id.as_str()));
    all
}

/// Facts about a cluster, other than its users, that tell who is interrupted but could not be read: the fact's name in
/// finding codes, and the reason. Nothing runs in a cluster that is gone or stopped.
pub(crate) fn unread_of_cluster(facts: &Facts) -> Vec<(&'static str, &str)> {
    let cluster = facts.cluster.known();
    let gone = cluster == Some(&None);
    let stopped = cluster
        .and_then(Option::as_ref)
        .is_some_and(crate::facts::ClusterFacts::is_stopped);
    let all = [
        ("cluster", facts.cluster.why_unknown()),
        ("extensions", facts.extensions.why_unknown().filter(|_| !gone)),
        (
            "leftovers",
            facts.leftovers.why_unknown().filter(|_| !gone && !stopped),
        ),
    ];
    all.into_iter()
        .filter_map(|(name, why)| Some((name, why?)))
        .collect()
}

/// Other computes on the cluster that stop working because of a change.
pub(crate) fn others<'a>(change: &Change, facts: &'a Facts) -> Vec<&'a ComputeFacts> {
    let all = facts.attachments().iter();
    let mut found: Vec<&ComputeFacts> = match change {
        Change::CleanUp { .. } => all.filter(|compute| compute.is_classic()).collect(),
        Change::Refresh { compute_id } | Change::MoveFinish { compute_id } => all
            .filter(|compute| compute.is_classic() && !same_resource(&compute.id, compute_id))
            .collect(),
        Change::DeleteCluster { .. } => all.collect(),
        Change::DeleteWithCluster { compute_id, .. } => all
            .filter(|compute| !same_resource(&compute.id, compute_id))
            .collect(),
        Change::ClearUp { resources, .. } => {
            // Computes that the run created itself are kept on purpose.
            let run = facts.change.run.known().and_then(Option::as_ref);
            let own = |id: &str| run.is_some_and(|run| run.made(id).is_some());
            let loses = |compute: &ComputeFacts| resources.iter().any(|id| removal_stops(id, compute));
            all.filter(|compute| !own(&compute.id) && loses(compute))
                .collect()
        }
        _ => Vec::new(),
    };
    found.sort_by_key(|compute| compute.id.as_str());
    found
}

/// `compute (workspace)`, joined by commas.
pub(crate) fn listed(computes: &[&ComputeFacts]) -> String {
    let names = computes
        .iter()
        .map(|compute| format!("{} ({})", compute.name, compute.workspace));
    names.collect::<Vec<_>>().join(", ")
}
