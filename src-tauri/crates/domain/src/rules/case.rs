//! The input of a rule, with queries shared by many rules.

use crate::bodies::compute_through_aml::DEFAULT_SIZE;
use crate::change::{Change, Goal};
use crate::deployment_spec::DeploySpec;
use crate::facts::{ClusterFacts, Facts, VmSize, VnetFacts, WorkspaceFacts};
use crate::plan::{PlanStep, plan};
use crate::spec::{ClusterChoice, LoadBalancer, Purpose, Route, Spec, VnetChoice};

/// The input of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub spec: &'a Spec,
    pub facts: &'a Facts,
    /// The requested change, unless the goal is a set-up. `spec` then describes the result of the change.
    pub change: Option<&'a Change>,
    /// The version to deploy, if that is the goal. `spec` then has its route and consents only.
    pub deploy: Option<&'a DeploySpec>,
}

impl<'a> Case<'a> {
    /// The steps of a plan for a goal, or `None` if no plan can be made.
    pub(super) fn steps_to(&self, goal: &Goal) -> Option<Vec<PlanStep>> {
        plan(goal, self.facts, "preflight").ok().map(|plan| plan.steps)
    }

    pub(super) fn creates(&self) -> bool {
        self.spec.cluster == ClusterChoice::Create
    }

    pub(super) fn through_aml(&self) -> bool {
        self.spec.cluster == ClusterChoice::CreateThroughAml
    }

    pub(super) fn uses_existing(&self) -> bool {
        matches!(self.spec.cluster, ClusterChoice::Existing { .. })
    }

    pub(super) fn classic(&self) -> bool {
        self.spec.route == Route::Classic
    }

    pub(super) fn extension(&self) -> bool {
        self.spec.route == Route::Extension
    }

    pub(super) fn production(&self) -> bool {
        self.spec.purpose == Purpose::Production
    }

    pub(super) fn internal(&self) -> bool {
        matches!(
            self.spec.network.load_balancer,
            Some(LoadBalancer::Internal { .. })
        )
    }

    pub(super) fn public(&self) -> bool {
        self.spec.network.load_balancer == Some(LoadBalancer::Public)
    }

    /// The existing cluster, if it was read.
    pub(super) fn existing(&self) -> Option<&'a ClusterFacts> {
        self.facts
            .cluster
            .known()
            .and_then(Option::as_ref)
            .filter(|_| self.uses_existing())
    }

    pub(super) fn workspace(&self) -> Option<&'a WorkspaceFacts> {
        self.facts.workspace.known().and_then(Option::as_ref)
    }

    /// VM size of new nodes. For clusters that Azure ML creates, the service's default if none is chosen.
    pub(super) fn vm_size_name(&self) -> &'a str {
        let chosen = self.spec.size.vm_size.as_str();
        if chosen.is_empty() && self.through_aml() {
            DEFAULT_SIZE
        } else {
            chosen
        }
    }

    /// VM size of new nodes, if the location's list contains it.
    pub(super) fn vm_size(&self) -> Option<&'a VmSize> {
        (!self.uses_existing()).then(|| self.size_named(self.vm_size_name()))?
    }

    pub(super) fn size_named(&self, name: &str) -> Option<&'a VmSize> {
        self.facts
            .vm_sizes
            .known()?
            .iter()
            .find(|size| size.name.eq_ignore_ascii_case(name))
    }

    /// Location of the new or existing cluster.
    pub(super) fn location(&self) -> &'a str {
        let chosen = self.spec.place.location.as_str();
        match (self.existing(), self.workspace()) {
            (Some(cluster), _) => &cluster.location,
            // Azure ML then creates the cluster where the workspace is.
            (None, Some(workspace)) if self.through_aml() && chosen.is_empty() => &workspace.location,
            _ => chosen,
        }
    }

    /// Whether this is the location of the new or existing cluster.
    pub(super) fn is_located_in(&self, location: &str) -> bool {
        same_location(location, self.location())
    }

    /// The number of nodes to which a new cluster can grow.
    pub(super) fn max_nodes(&self) -> u32 {
        let size = &self.spec.size;
        size.autoscale
            .map_or(size.nodes, |bounds| bounds.max.max(size.nodes))
    }

    /// The existing virtual network chosen for a new cluster.
    pub(super) fn own_network(&self) -> Option<&'a VnetChoice> {
        self.spec.network.vnet.as_ref().filter(|_| !self.uses_existing())
    }

    /// Resource id of the existing subnet chosen for a new cluster.
    pub(super) fn chosen_subnet_id(&self) -> Option<String> {
        self.spec.chosen_subnet_id()
    }

    /// The virtual network of the new or existing cluster, if it was read.
    pub(super) fn vnet(&self) -> Option<&'a VnetFacts> {
        self.facts.vnet.known().and_then(Option::as_ref)
    }
}

/// Whether two names are of the same location: `West Europe` is the display name of `westeurope`.
fn same_location(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        let name = name.chars().filter(|letter| !letter.is_whitespace());
        name.collect::<String>().to_lowercase()
    };
    letters(one) == letters(other)
}
