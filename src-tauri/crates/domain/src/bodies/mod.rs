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
use std::collections::BTreeMap;

/// A person's tags with the plan's.
pub(crate) fn tagged(own: &BTreeMap<String, String>, plan_id: &str) -> Value {
    let mut all = json!(own);
    if let (Some(all), Value::Object(plan)) = (all.as_object_mut(), tags(plan_id)) {
        all.extend(plan);
    }
    all
}

/// Tags that mark a resource as created by a plan.
pub(crate) fn tags(plan_id: &str) -> Value {
    json!({ PLAN_TAG: plan_id })
}
