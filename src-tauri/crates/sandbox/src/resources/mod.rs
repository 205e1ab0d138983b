//! Azure Resource Manager's own part: subscriptions, locations, resource groups, providers, the list of
//! everything.

pub(crate) mod groups;
pub(crate) mod locations;
pub(crate) mod metadata;
pub(crate) mod namespaces;
pub(crate) mod providers;
pub(crate) mod subscriptions;
