//! What operations do at their end: a closed list, each variant owned by one provider module.

use crate::clock::Now;
use crate::operation::{Operation, Outcome};
use crate::world::World;
use serde::{Deserialize, Serialize};

/// What happens at the end of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "owner", content = "effect", rename_all = "snake_case")]
pub(crate) enum Effect {
    /// Resource groups.
    Groups(crate::resources::groups::GroupEffect),
    /// Registration of providers.
    Providers(crate::resources::providers::ProviderEffect),
    /// Networks.
    Network(crate::network::NetworkEffect),
    /// Clusters.
    Aks(crate::aks::AksEffect),
    /// Workspaces and what is attached to them.
    Ml(crate::ml::MlEffect),
    /// Extensions of clusters.
    Extensions(crate::extensions::ExtensionEffect),
}

/// Lets the owner of an ended operation do its part.
pub(crate) fn apply(world: &mut World, operation: &Operation, outcome: &Outcome, now: Now) {
    match &operation.effect {
        Effect::Groups(effect) => crate::resources::groups::finish(world, effect, outcome),
        Effect::Providers(effect) => crate::resources::providers::finish(world, effect, outcome),
        Effect::Network(effect) => crate::network::finish(world, operation, effect, outcome, now),
        Effect::Aks(effect) => crate::aks::finish(world, operation, effect, outcome),
        Effect::Ml(effect) => crate::ml::finish(world, operation, effect, outcome, now),
        Effect::Extensions(effect) => crate::extensions::finish(world, operation, effect, outcome, now),
    }
}
