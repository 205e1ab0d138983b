//! What operations do when they complete: a closed list in which each variant belongs to one provider module.

use crate::clock::Now;
use crate::operation::{Operation, Outcome};
use crate::world::World;
use serde::{Deserialize, Serialize};

/// What happens when an operation completes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "owner", content = "effect", rename_all = "snake_case")]
pub(crate) enum Effect {
    Groups(crate::resources::groups::GroupEffect),
    Providers(crate::resources::providers::ProviderEffect),
    Network(crate::network::NetworkEffect),
    Aks(crate::aks::AksEffect),
    Ml(crate::ml::MlEffect),
    Extensions(crate::extensions::ExtensionEffect),
}

/// Applies the effect of a completed operation.
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
