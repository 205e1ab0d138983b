//! The pricing tier and the support plan of a cluster.

use super::Edit;
use crate::spec::{Tier, support_plan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A tier with a support plan, as a change sets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(export)]
pub struct Support {
    /// Support plan `AKSLongTermSupport`, which requires the Premium tier; otherwise `KubernetesOfficial`.
    pub long_term_support: bool,
    pub tier: Tier,
    /// Whether to let AKS install new patch versions by itself; otherwise that stays as it is.
    #[serde(default)]
    pub patch_upgrades: bool,
}

impl Support {
    /// Name of the support plan in Azure.
    pub const fn plan(self) -> &'static str {
        support_plan(self.long_term_support)
    }

    /// The edits of the cluster. Tier and plan change in one request, since neither is allowed with the other's former
    /// value (learn.microsoft.com/azure/aks/free-standard-pricing-tiers).
    pub fn edits(self) -> Vec<Edit> {
        let mut edits = vec![
            Edit::set("/sku/tier", self.tier.name()),
            Edit::set("/properties/supportPlan", self.plan()),
        ];
        if self.patch_upgrades {
            edits.push(Edit::set(
                "/properties/autoUpgradeProfile/upgradeChannel",
                "patch",
            ));
        }
        edits
    }
}
