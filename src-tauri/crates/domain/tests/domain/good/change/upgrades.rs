//! Upgrades, and changes of tier and support plan.

use super::super::cluster;
use berth_domain::change::{Change, Support};
use berth_domain::facts::UpgradeTarget;
use berth_domain::spec::Tier;

pub(crate) fn target(version: &str, is_preview: bool) -> UpgradeTarget {
    UpgradeTarget {
        version: version.into(),
        is_preview,
    }
}

pub(crate) fn upgrade(version: &str, nodes: bool) -> Change {
    Change::Upgrade {
        cluster_id: cluster().id,
        version: version.into(),
        nodes,
        support: None,
    }
}

/// An upgrade that sets tier and support plan too.
pub(crate) fn upgrade_with(version: &str, support: Support) -> Change {
    Change::Upgrade {
        cluster_id: cluster().id,
        version: version.into(),
        nodes: true,
        support: Some(support),
    }
}

pub(crate) fn supported(support: Support) -> Change {
    Change::Support {
        cluster_id: cluster().id,
        support,
    }
}

pub(crate) const LONG_TERM: Support = Support {
    long_term_support: true,
    tier: Tier::Premium,
    patch_upgrades: true,
};

pub(crate) const COMMUNITY: Support = Support {
    long_term_support: false,
    tier: Tier::Standard,
    patch_upgrades: false,
};
