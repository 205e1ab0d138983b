//! Azure Resource Manager's own part: subscriptions, locations, resource groups, providers, the list of
//! everything.

pub mod groups;
pub mod locations;
pub mod metadata;
pub mod namespaces;
pub mod providers;
pub mod subscriptions;
