//! Which changes a rule for setting up also speaks of.

use crate::change::Change;
use crate::spec::LoadBalancer;

pub(super) fn any(_: &Change) -> bool {
    true
}

pub(super) fn all_but_grants(change: &Change) -> bool {
    !matches!(change, Change::Grant { .. })
}

/// Changes of a cluster or a compute: neither a role alone, nor the remains of a run.
pub(super) fn of_what_is_there(change: &Change) -> bool {
    !matches!(change, Change::Grant { .. } | Change::ClearUp { .. })
}

/// Changes of which extension and inside of the cluster tell whom they interrupt.
pub(super) fn interrupts(change: &Change) -> bool {
    of_what_is_there(change) && (change.says_who_is_interrupted() || matches!(change, Change::CleanUp { .. }))
}

/// Changes that Azure ML carries out or has to know of.
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

/// Changes that attach a compute, for which the cluster has to be well.
pub(super) fn attaches(change: &Change) -> bool {
    matches!(change, Change::Refresh { .. } | Change::Move { .. })
}

pub(super) fn moves(change: &Change) -> bool {
    matches!(change, Change::Move { .. })
}

pub(super) fn tls(change: &Change) -> bool {
    matches!(change, Change::Tls { .. })
}

pub(super) fn tls_or_moves(change: &Change) -> bool {
    tls(change) || moves(change)
}

pub(super) fn load_balancer(change: &Change) -> bool {
    matches!(change, Change::LoadBalancer { .. })
}

/// A subnet named for the extension is a matter of EXS-02.
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
