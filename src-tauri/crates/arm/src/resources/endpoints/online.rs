//! Online endpoints and their deployments (machinelearningservices, mfe.json: OnlineEndpoints, OnlineDeployments).

use super::words::{asset, percent, time};
use super::{Listed, id_of, memory_size, reported};
use crate::resources::computes::{Budget, list_within};
use crate::resources::{number, optional, text};
use crate::{Arm, ArmError, Pages};
use berth_domain::endpoint::{Endpoint, EndpointAuth, EndpointVersion, VersionScale};
use berth_domain::resource_id::{ResourceId, last_segment, parent};
use berth_domain::spec::Route;
use serde_json::{Map, Value};

/// Reads a workspace's online endpoints on Kubernetes computes into `pages`. An endpoint whose name is unusable is kept, so
/// that it is not overlooked. After an error, `pages` holds what was read before it.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_online(
    arm: &Arm,
    workspace: &str,
    budget: &Budget,
    pages: &mut Pages<Listed>,
) -> Result<(), ArmError> {
    let path = arm.path(&format!("{workspace}/onlineEndpoints"));
    let path = format!("{path}&computeType=Kubernetes");
    let of = |found: Value| Some(endpoint(workspace, &text(&found, "/name"), &found));
    list_within(arm, &path, budget, pages, of, memory_size).await
}

/// Reads the deployments of an online endpoint into `pages`. After an error, `pages` holds what was read before it.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_deployments(
    arm: &Arm,
    of: &Listed,
    budget: &Budget,
    pages: &mut Pages<EndpointVersion>,
) -> Result<(), ArmError> {
    let path = arm.path(&format!("{}/deployments", of.endpoint.id));
    let traffic = of.traffic.as_ref();
    let version = |found: Value| Some(deployment(traffic, &found));
    list_within(arm, &path, budget, pages, version, memory_size).await
}

/// Reads an online endpoint; `None` if it does not exist.
///
/// # Errors
/// See [`ArmError`].
pub async fn get_online(arm: &Arm, id: &str) -> Result<Option<Listed>, ArmError> {
    Ok(arm.resource(&arm.path(id)).await?.as_ref().map(online))
}

/// Parses an online endpoint as Azure returns it for its own id.
pub fn online(value: &Value) -> Listed {
    // The response has the requested id, perhaps in another case.
    let id = text(value, "/id");
    let id = id.trim_end_matches('/');
    endpoint(parent(id).unwrap_or_default(), last_segment(id), value)
}

fn endpoint(workspace: &str, name: &str, value: &Value) -> Listed {
    let compute_id = optional(value, "/properties/compute");
    let compute_id = compute_id.filter(|id| ResourceId::parse(id).is_some_and(|id| id.is_compute()));
    let compute_name = compute_id
        .as_deref()
        .and_then(|id| Some(ResourceId::parse(id)?.name().to_owned()));
    let endpoint = Endpoint {
        id: id_of(workspace, "onlineEndpoints", name),
        name: name.to_owned(),
        route: Route::Extension,
        workspace_id: workspace.to_owned(),
        compute_id,
        compute_name,
        cluster_id: None,
        url: optional(value, "/properties/scoringUri"),
        auth: EndpointAuth::of_resource(value),
        state: text(value, "/properties/provisioningState"),
        versions: Vec::new(),
        versions_unread: None,
        unassigned: None,
        errors: reported(value),
        created_at: time(value, "/systemData/createdAt"),
        changed_at: time(value, "/systemData/lastModifiedAt"),
    };
    Listed {
        endpoint,
        traffic: value["properties"]["traffic"].as_object().cloned(),
    }
}

fn deployment(traffic: Option<&Map<String, Value>>, value: &Value) -> EndpointVersion {
    let name = text(value, "/name");
    EndpointVersion {
        traffic: traffic.and_then(|traffic| share(traffic, &name)),
        state: text(value, "/properties/provisioningState"),
        model: optional(value, "/properties/model").map(|id| asset(&id)),
        environment: optional(value, "/properties/environmentId").map(|id| asset(&id)),
        instance_type: optional(value, "/properties/instanceType"),
        scale: scale(value),
        url: None,
        role: None,
        errors: reported(value),
        name,
    }
}

/// A deployment's share of the traffic. Clients may change the case of names and omit those without traffic: package
/// azure-ai-ml 1.35 does both. Two entries for one name contradict each other.
fn share(traffic: &Map<String, Value>, name: &str) -> Option<u32> {
    let mut named = traffic.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    match (named.next(), named.next()) {
        (None, _) => Some(0),
        (Some((_, share)), None) => percent(share),
        (Some(_), Some(_)) => None,
    }
}

/// `Default` has a fixed number of replicas, which is the capacity of the SKU.
fn scale(value: &Value) -> Option<VersionScale> {
    let settings = &value["properties"]["scaleSettings"];
    match text(settings, "/scaleType").to_ascii_lowercase().as_str() {
        "default" => Some(VersionScale::Fixed {
            replicas: number(value, "/sku/capacity")?,
        }),
        "targetutilization" => Some(VersionScale::Auto {
            min: number(settings, "/minInstances")?,
            max: number(settings, "/maxInstances")?,
            target: number(settings, "/targetUtilizationPercentage")?,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
