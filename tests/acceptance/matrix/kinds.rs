//! Every kind of change has a plan in both matrices.

use super::order::Order;
use super::{faulted, killed};
use berth_domain::change::{Change, Goal};

/// Lists the plans of each kind of change. Does not compile if a kind is missing or a plan is not in [`plans!`].
macro_rules! kinds {
    ($($kind:ident: $($plan:ident)+;)*) => {
        fn plans_of(change: &Change) -> &'static [&'static str] {
            match change {
                $(Change::$kind { .. } => &[$(stringify!($plan)),+],)*
            }
        }

        $($(
            const _: [fn(); 2] = [killed::$plan, faulted::$plan];
        )+)*
    };
}

kinds! {
    Scale: scale;
    Autoscale: autoscale;
    Upgrade: upgrade upgrade_whole upgrade_long_term;
    Support: support;
    Power: stop;
    Tags: tags;
    LoadBalancer: internal_classic internal_extension;
    Tls: tls_classic tls_extension tls_off;
    RenewLabel: renew_label;
    Refresh: refresh;
    Move: begin_move;
    MoveBack: move_back;
    MoveFinish: move_finish;
    CleanUp: clean_up;
    Detach: detach;
    DeleteCluster: delete_cluster;
    DeleteWithCluster: delete_with_cluster;
    Traffic: traffic traffic_classic;
    DeleteVersion: delete_version delete_version_classic;
    DeleteEndpoint: delete_endpoint delete_service;
    RegenerateKey: regenerate_key regenerate_key_classic;
    Auth: auth auth_classic;
    Canary: canary;
    Grant: grant;
    ClearUp: clear_up;
}

/// Panics if a plan orders another kind of change than it is listed for.
pub fn check(plan: &str, order: &Order) {
    let Order::Start(goal) = order else {
        return;
    };
    if let Goal::Change { change, .. } = &goal.goal {
        let listed = plans_of(change).contains(&plan);
        assert!(listed, "{plan} is not listed for {}", change.as_str());
    }
}
