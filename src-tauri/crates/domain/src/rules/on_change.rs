//! Predicates that select the changes to which a set-up rule also applies.

use crate::change::Change;
use crate::spec::LoadBalancer;

pub(super) fn any(_: &Change) -> bool {
    true
}

pub(super) fn all_but_grants(change: &Change) -> bool {
    !matches!(change, Change::Grant { .. })
}

/// Changes of a cluster or a compute: everything but role assignments and clearing up after a run.
pub(super) fn of_what_is_there(change: &Change) -> bool {
    !matches!(change, Change::Grant { .. } | Change::ClearUp { .. })
}

/// Changes whose affected users can only be determined from the extensions and objects of the cluster.
pub(super) fn interrupts(change: &Change) -> bool {
    of_what_is_there(change)
        && (change.lists_who_is_interrupted() || matches!(change, Change::CleanUp { .. }))
}

/// Changes of how a compute serves endpoints, which involve Azure ML.
pub(super) fn serves(change: &Change) -> bool {
    matches!(
        change,
        Change::LoadBalancer { .. }
            | Change::Tls { .. }
            | Change::RenewLabel { .. }
            | Change::Refresh { .. }
            | Change::Move { .. }
    )
}

/// Changes that attach a compute, which requires a healthy cluster.
pub(super) fn attaches(change: &Change) -> bool {
    matches!(change, Change::Refresh { .. } | Change::Move { .. })
}

/// Changes of the nodes, and those that attach the cluster elsewhere.
pub(super) fn nodes_or_moves(change: &Change) -> bool {
    moves(change)
        || matches!(
            change,
            Change::Scale { .. } | Change::Autoscale { .. } | Change::Upgrade { .. }
        )
}

pub(super) fn moves(change: &Change) -> bool {
    matches!(change, Change::Move { .. })
}

pub(super) fn tags(change: &Change) -> bool {
    matches!(change, Change::Tags { .. })
}

pub(super) fn tls(change: &Change) -> bool {
    matches!(change, Change::Tls { .. })
}

pub(super) fn tls_or_moves(change: &Change) -> bool {
    tls(change) || moves(change)
}

pub(super) fn tls_or_balancer(change: &Change) -> bool {
    tls(change) || load_balancer(change)
}

pub(super) fn load_balancer(change: &Change) -> bool {
    matches!(change, Change::LoadBalancer { .. })
}

/// EXS-02 covers an internal load balancer with a subnet on the extension route.
pub(super) fn load_balancer_without_subnet(change: &Change) -> bool {
    match change {
        Change::LoadBalancer {
            load_balancer: LoadBalancer::Internal { subnet },
            ..
        } => subnet.as_deref().unwrap_or_default().is_empty(),
        Change::LoadBalancer { .. } => true,
        _ => false,
    }
}

/// Changes that may write to the extension.
pub(super) fn writes_extension(change: &Change) -> bool {
    matches!(
        change,
        Change::LoadBalancer { .. } | Change::Tls { .. } | Change::MoveFinish { .. }
    )
}
