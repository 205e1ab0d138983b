//! Azure Resource Manager's own resources: subscriptions, locations, resource groups, providers, lists of all
//! resources.

pub(crate) mod groups;
pub(crate) mod locations;
pub(crate) mod metadata;
pub(crate) mod namespaces;
pub(crate) mod providers;
pub(crate) mod subscriptions;
pub(crate) mod tags;
