//! Plans upgrades, and changes of tier and support plan.

use super::{ChangePlanner, Edit};
use crate::change::Support;
use crate::facts::{ClusterFacts, PoolFacts};
use crate::plan::steps::{confirm, note};
use crate::plan::{Changed, Check, Note, PlanError, PlanStep, UsualTime, timing};
use crate::spec::{Tier, support_plan};
use crate::versions::{days_between, minor_of, support_end};
use serde_json::Value;

impl ChangePlanner<'_> {
    /// Upgrades the control plane first, then one pool at a time: nodes must never be newer than the control plane
    /// (learn.microsoft.com/azure/aks/upgrade-aks-cluster). Tier and support plan are set in the request that sets the
    /// version, as `az aks upgrade` does (Azure/azure-cli pull request 29448).
    pub(super) fn upgrade(
        &self,
        version: &str,
        nodes: bool,
        support: Option<Support>,
    ) -> Result<Vec<PlanStep>, PlanError> {
        let cluster = self.cluster()?;
        let mut steps = Vec::new();
        let whole = nodes && cluster.is_out_of_support(&self.context.facts.today);
        if whole {
            steps.push(self.upgrade_whole(version, support)?);
        } else if !same_version(&cluster.kubernetes_version, version) {
            steps.push(self.upgrade_control_plane(version, support)?);
        } else if let Some(support) = support {
            steps.push(self.set_support(support)?);
        }
        let mut checks = vec![Check::Version {
            cluster_id: cluster.id.clone(),
            version: version.to_owned(),
        }];
        checks.extend(support.map(|support| support_check(cluster, support)));
        let behind = cluster.pools.iter();
        let mut behind: Vec<&PoolFacts> = behind
            .filter(|pool| nodes && !same_version(&pool.version, version))
            .collect();
        // System pools first. Azure returns pools in no particular order.
        behind.sort_by_key(|pool| (!pool.mode.eq_ignore_ascii_case("System"), pool.name.as_str()));
        for pool in behind {
            checks.push(Check::Nodes {
                cluster_id: cluster.id.clone(),
                pool: pool.name.clone(),
                at_least: pool.min_count.unwrap_or(pool.count),
                at_most: pool.max_count.unwrap_or(pool.count),
                version: Some(version.to_owned()),
            });
            if !whole {
                steps.push(self.upgrade_pool(pool, version)?);
            }
        }
        steps.push(confirm(checks));
        Ok(steps)
    }

    /// Sets tier and support plan alone.
    pub(super) fn support(&self, support: Support) -> Result<Vec<PlanStep>, PlanError> {
        let check = support_check(self.cluster()?, support);
        Ok(vec![self.set_support(support)?, confirm(vec![check])])
    }

    fn set_support(&self, support: Support) -> Result<PlanStep, PlanError> {
        let (cluster, edits) = (self.cluster()?, support.edits());
        let undo = undo(cluster, &self.context.facts.today);
        let seen = self.seen_cluster()?;
        let mut made =
            self.context
                .put_edited(&cluster.id, Changed::Support, seen, edits, timing::SUPPORT, undo);
        // "You shouldn't experience any downtime" (learn.microsoft.com/azure/aks/free-standard-pricing-tiers).
        made.interrupts.push(note("interrupt.no_services", []));
        made.costs.extend(self.tier_costs(Some(support))?);
        Ok(made)
    }

    fn upgrade_control_plane(&self, version: &str, support: Option<Support>) -> Result<PlanStep, PlanError> {
        let mut edits = vec![Edit::set("/properties/kubernetesVersion", version)];
        edits.extend(support.into_iter().flat_map(Support::edits));
        let mut made = self.context.put_edited(
            &self.cluster()?.id,
            Changed::ControlPlane,
            self.seen_cluster()?,
            edits,
            timing::CONTROL_PLANE,
            note("undo.upgrade", []),
        );
        made.interrupts.push(note("interrupt.control_plane", []));
        made.costs.extend(self.tier_costs(support)?);
        Ok(made)
    }

    fn upgrade_pool(&self, pool: &PoolFacts, version: &str) -> Result<PlanStep, PlanError> {
        let edits = vec![Edit::set("/properties/orchestratorVersion", version)];
        let usual = timing::pool_upgrade(pool.count);
        let undo = note("undo.upgrade", []);
        let mut made = self.pool_step(pool, Changed::PoolVersion, edits, usual, undo)?;
        made.id = format!("{}_{}", made.id, pool.name);
        made.interrupts.extend(self.interrupts());
        Ok(made)
    }

    /// Upgrades the control plane and all pools in one request, as AKS requires of a version that is out of support
    /// (learn.microsoft.com/azure/aks/supported-kubernetes-versions).
    fn upgrade_whole(&self, version: &str, support: Option<Support>) -> Result<PlanStep, PlanError> {
        let (cluster, seen) = (self.cluster()?, self.seen_cluster()?);
        let pools = seen["properties"]["agentPoolProfiles"]
            .as_array()
            .map_or(0, Vec::len);
        let of_pool = |at| format!("/properties/agentPoolProfiles/{at}/orchestratorVersion");
        let mut edits = vec![Edit::set("/properties/kubernetesVersion", version)];
        edits.extend((0..pools).map(|at| Edit::set(&of_pool(at), version)));
        edits.extend(support.into_iter().flat_map(Support::edits));
        let nodes = cluster
            .pools
            .iter()
            .fold(0, |all: u32, pool| all.saturating_add(pool.count));
        let (control_plane, usual) = (timing::CONTROL_PLANE, timing::pool_upgrade(nodes));
        let usual = UsualTime {
            from_seconds: control_plane.from_seconds.saturating_add(usual.from_seconds),
            to_seconds: control_plane.to_seconds.saturating_add(usual.to_seconds),
        };
        let undo = note("undo.upgrade", []);
        let mut made = self
            .context
            .put_edited(&cluster.id, Changed::WholeVersion, seen, edits, usual, undo);
        made.interrupts.push(note("interrupt.control_plane", []));
        made.interrupts.extend(self.interrupts());
        made.costs.extend(self.tier_costs(support)?);
        Ok(made)
    }

    /// What is billed from then on because of another tier; the support plan itself costs nothing.
    fn tier_costs(&self, support: Option<Support>) -> Result<Vec<Note>, PlanError> {
        let cluster = self.cluster()?;
        let other = |tier: &Tier| *tier != Tier::Free && !cluster.tier.eq_ignore_ascii_case(tier.name());
        let tier = support.map(|support| support.tier).filter(other);
        let cost = tier.map(|tier| note("cost.tier", [("tier", tier.name().to_owned())]));
        Ok(cost.into_iter().collect())
    }

    /// The cluster in Azure's JSON.
    fn seen_cluster(&self) -> Result<&Value, PlanError> {
        let seen = self.context.facts.change.cluster.known().and_then(Option::as_ref);
        seen.ok_or(PlanError::Missing("cluster"))
    }
}

fn support_check(cluster: &ClusterFacts, support: Support) -> Check {
    Check::Support {
        cluster_id: cluster.id.clone(),
        tier: support.tier.name().to_owned(),
        plan: support.plan().to_owned(),
    }
}

/// The way back from a change of support. Long-term support of a version whose community support has ended cannot be
/// switched off (learn.microsoft.com/azure/aks/long-term-support).
fn undo(cluster: &ClusterFacts, today: &str) -> Note {
    let community = support_end(minor_of(&cluster.kubernetes_version), false);
    let left = community.and_then(|end| days_between(today, end));
    if !cluster.has_long_term_support() && left.is_some_and(|days| days < 0) {
        return note("undo.support_stays", []);
    }
    let plan = support_plan(cluster.has_long_term_support()).to_owned();
    note("undo.support", [("tier", cluster.tier.clone()), ("plan", plan)])
}

/// Whether a running version (`1.36.2`) matches the wanted one (`1.36` or `1.36.2`).
pub(crate) fn same_version(running: &str, wanted: &str) -> bool {
    running == wanted
        || running
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('.'))
}
