//! Bodies of the requests that change something, exactly as they are sent. Secrets are represented by markers
//! ([`crate::secrets::SecretPart`]).

pub mod assets;
pub mod compute_aks;
pub mod compute_kubernetes;
pub mod compute_through_aml;
pub mod deployment_update;
pub mod extension;
pub(crate) mod extension_update;
pub(crate) mod json_patch;
pub mod managed_cluster;
pub mod online_deployment;
pub mod online_endpoint;
pub mod service_code;
pub mod traffic;
pub mod web_service;
pub mod written_back;

use crate::secrets::PLAN_TAG;
use serde_json::{Value, json};

/// Tags that mark a resource as created by a plan.
pub(crate) fn tags(plan_id: &str) -> Value {
    json!({ PLAN_TAG: plan_id })
}
