//! Services of the classic route (the model management plane of package azureml-core 1.61, `webservice/webservice.py` and
//! `webservice/aks.py`): web services, and endpoints with several versions (`AksEndpoint`).

use super::words::{asset, percent, time};
use super::{Listed, by_name, id_of, memory_size, reported};
use crate::error::BadJson;
use crate::resources::computes::{Budget, list_within};
use crate::resources::workspaces::discovery as discovery_of;
use crate::resources::{items, number, optional, text, texts};
use crate::{Arm, ArmError, Pages};
use berth_domain::bodies::web_service::service_path;
use berth_domain::endpoint::{Endpoint, EndpointAuth, EndpointVersion, VersionRole, VersionScale};
use berth_domain::resource_id::{check_part, is_service_id, last_segment, parent};
use berth_domain::spec::Route;
use http::Method;
use serde_json::{Value, json};

/// Models shown per version; a service may have a thousand.
const MOST_MODELS: usize = 3;

/// Connects to the API that lists a workspace's services (azureml-core 1.61, `_model_management/_util.py`). Reads the
/// workspace if `discovery`, the address of its discovery document, is not known.
///
/// # Errors
/// [`ArmError::NoAddress`] if the workspace names no such API, and the errors of [`Arm::plane`].
pub async fn model_management(arm: &Arm, workspace: &str, discovery: Option<&str>) -> Result<Arm, ArmError> {
    discovered(
        arm,
        workspace,
        discovery,
        "/modelmanagement",
        "its model management",
    )
    .await
}

/// Connects to an API by its name in a workspace's discovery document.
pub(crate) async fn discovered(
    arm: &Arm,
    workspace: &str,
    discovery: Option<&str>,
    name: &str,
    what: &'static str,
) -> Result<Arm, ArmError> {
    let no_url = |what| ArmError::NoAddress {
        path: workspace.to_owned(),
        what,
    };
    let discovery = match discovery {
        Some(known) => Some(known.to_owned()),
        None => discovery_of(&arm.get(&arm.path(workspace)).await?),
    };
    let discovery = discovery.ok_or_else(|| no_url("its services (discoveryUrl)"))?;
    let planes: Value = arm.plane(&discovery, workspace)?.get(&discovery).await?;
    let address = optional(&planes, name).ok_or_else(|| no_url(what))?;
    arm.plane(&address, &discovery)
}

/// Reads a workspace's services on AKS computes into `pages`, with all versions. A service whose name is unusable is kept, so
/// that it is not overlooked. After an error, `pages` holds what was read before it.
///
/// # Errors
/// Those of [`model_management`], and see [`ArmError`].
pub async fn list_services(
    arm: &Arm,
    workspace: &str,
    discovery: Option<&str>,
    budget: &Budget,
    pages: &mut Pages<Listed>,
) -> Result<(), ArmError> {
    let plane = model_management(arm, workspace, discovery).await?;
    let path = services(workspace);
    let of = |found: Value| is_on_aks(&found).then(|| service(workspace, &text(&found, "/name"), &found));
    list_within(
        &plane,
        &format!("{path}?expand=true"),
        budget,
        pages,
        of,
        memory_size,
    )
    .await
}

/// Reads a service of a workspace; `None` if it does not exist on an AKS compute.
///
/// # Errors
/// Those of [`model_management`]; [`ArmError::BadAnswer`] if the response is about another service.
pub async fn get_service(
    arm: &Arm,
    workspace: &str,
    discovery: Option<&str>,
    name: &str,
) -> Result<Option<Listed>, ArmError> {
    let plane = model_management(arm, workspace, discovery).await?;
    let found = read_service(&plane, workspace, name).await?;
    Ok(found.map(|found| service(workspace, &text(&found, "/name"), &found)))
}

async fn read_service(plane: &Arm, workspace: &str, name: &str) -> Result<Option<Value>, ArmError> {
    let path = format!("{}/{name}", services(workspace));
    let found: Value = match plane.get(&format!("{path}?expand=true")).await {
        Ok(found) => found,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    if !text(&found, "/name").eq_ignore_ascii_case(name) {
        return Err(ArmError::BadAnswer {
            method: Method::GET.to_string(),
            path,
            source: BadJson::other_resource(),
        });
    }
    Ok(is_on_aks(&found).then_some(found))
}

/// Reads a service in Azure's JSON, with Berth's id of it, over the connection of [`plane_of_service`]; `None` if it does
/// not exist on an AKS compute.
///
/// # Errors
/// [`ArmError::BadPath`] if the id is not a service's, and as [`get_service`].
pub async fn service_resource(plane: &Arm, service_id: &str) -> Result<Option<Value>, ArmError> {
    let workspace = workspace_of(plane, service_id)?;
    let found = read_service(plane, workspace, last_segment(service_id)).await?;
    Ok(found.map(|mut found| {
        found["id"] = json!(service_id);
        found
    }))
}

/// Lists the services of a workspace on AKS computes in Azure's JSON, with Berth's ids of them.
///
/// # Errors
/// As [`list_services`].
pub async fn service_resources(arm: &Arm, workspace: &str) -> Result<Vec<Value>, ArmError> {
    let plane = model_management(arm, workspace, None).await?;
    let path = services(workspace);
    let budget = Budget::default();
    let mut pages = Pages::default();
    let of = |mut found: Value| {
        found["id"] = json!(id_of(workspace, "services", &text(&found, "/name")));
        is_on_aks(&found).then_some(found)
    };
    list_within(
        &plane,
        &format!("{path}?expand=true"),
        &budget,
        &mut pages,
        of,
        memory_size,
    )
    .await?;
    Ok(pages.items)
}

/// The versions of a service in Azure's JSON, and why some are missing.
pub fn service_versions(found: &Value) -> (Vec<EndpointVersion>, Option<String>) {
    versions(&text(found, "/name"), found)
}

/// Connects to the API that has a service.
///
/// # Errors
/// [`ArmError::BadPath`] if the id is not a service's, and as [`model_management`].
pub async fn plane_of_service(arm: &Arm, service_id: &str) -> Result<Arm, ArmError> {
    model_management(arm, workspace_of(arm, service_id)?, None).await
}

fn workspace_of<'a>(arm: &Arm, service_id: &'a str) -> Result<&'a str, ArmError> {
    let workspace = parent(service_id).filter(|_| is_service_id(service_id));
    workspace.ok_or_else(|| arm.bad_path(service_id))
}

pub(super) fn services(workspace: &str) -> String {
    service_path(&format!("{workspace}/services"))
}

/// Whether a service is on an AKS compute, as far as is known. Others run in container instances, for example.
fn is_on_aks(value: &Value) -> bool {
    optional(value, "/computeType").is_none_or(|kind| {
        ["AKS", "AKSENDPOINT"]
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known))
    })
}

fn service(workspace: &str, name: &str, value: &Value) -> Listed {
    let compute_name = optional(value, "/computeName").filter(|name| check_part(name).is_ok());
    let (versions, versions_unread) = versions(name, value);
    let endpoint = Endpoint {
        id: id_of(workspace, "services", name),
        name: name.to_owned(),
        route: Route::Classic,
        workspace_id: workspace.to_owned(),
        compute_id: compute_name
            .as_ref()
            .map(|name| id_of(workspace, "computes", name)),
        compute_name,
        cluster_id: None,
        url: optional(value, "/scoringUri"),
        auth: EndpointAuth::of_resource(value),
        state: text(value, "/state"),
        unassigned: default_version(value),
        versions,
        versions_unread,
        errors: reported(value),
        created_at: time(value, "/createdTime"),
        changed_at: time(value, "/updatedTime"),
    };
    Listed {
        endpoint,
        traffic: None,
    }
}

/// The versions of a service, and why some are missing. A plain web service is its own only version, with all the traffic.
fn versions(name: &str, value: &Value) -> (Vec<EndpointVersion>, Option<String>) {
    if text(value, "/computeType").eq_ignore_ascii_case("AKS") {
        let only = EndpointVersion {
            traffic: Some(100),
            url: None,
            role: None,
            errors: Vec::new(),
            ..version(name, value)
        };
        return (vec![only], None);
    }
    match value["versions"].as_object() {
        Some(all) => by_name(all.iter().map(|(name, value)| version(name, value)).collect()),
        None => (Vec::new(), Some("Azure does not list its versions".to_owned())),
    }
}

fn version(name: &str, value: &Value) -> EndpointVersion {
    EndpointVersion {
        name: name.to_owned(),
        traffic: percent(&value["trafficPercentile"]),
        state: text(value, "/state"),
        model: models(value),
        environment: environment(value),
        instance_type: None,
        scale: scale(value),
        url: optional(value, "/scoringUri"),
        role: role(value),
        errors: reported(value),
    }
}

/// The version that also gets the unassigned traffic. More than one contradict each other.
fn default_version(value: &Value) -> Option<String> {
    let mut defaults = value["versions"]
        .as_object()?
        .iter()
        .filter(|(_, version)| is_default(version));
    match (defaults.next(), defaults.next()) {
        (Some((name, _)), None) => Some(name.clone()),
        _ => None,
    }
}

fn is_default(version: &Value) -> bool {
    version["isDefault"] == true
}

fn role(version: &Value) -> Option<VersionRole> {
    match text(version, "/type").to_ascii_lowercase().as_str() {
        "control" => Some(VersionRole::Control),
        "treatment" => Some(VersionRole::Treatment),
        _ => is_default(version).then_some(VersionRole::Default),
    }
}

fn models(value: &Value) -> Option<String> {
    let described = items(value, "/models").filter_map(|model| optional(model, "/id"));
    let mut all: Vec<String> = described.collect();
    for place in ["/environmentImageRequest/modelIds", "/modelIds"] {
        if all.is_empty() {
            all = texts(value, place);
        }
    }
    let more = all.len().saturating_sub(MOST_MODELS);
    let mut shown: Vec<String> = all.iter().take(MOST_MODELS).map(|id| asset(id)).collect();
    shown.extend((more > 0).then(|| format!("+{more}")));
    (!shown.is_empty()).then(|| shown.join(", "))
}

/// The environment, or the image that a service was built from.
fn environment(value: &Value) -> Option<String> {
    let found = "/environmentImageRequest/environment";
    let name = optional(value, &format!("{found}/name"));
    let version = optional(value, &format!("{found}/version"));
    match (name, version) {
        (Some(name), Some(version)) => Some(format!("{name}:{version}")),
        (Some(name), None) => Some(name),
        (None, _) => optional(value, "/imageId"),
    }
}

fn scale(value: &Value) -> Option<VersionScale> {
    if value["autoScaler"]["autoscaleEnabled"] == true {
        return Some(VersionScale::Auto {
            min: number(value, "/autoScaler/minReplicas")?,
            max: number(value, "/autoScaler/maxReplicas")?,
            target: number(value, "/autoScaler/targetUtilization")?,
        });
    }
    Some(VersionScale::Fixed {
        replicas: number(value, "/numReplicas")?,
    })
}

#[cfg(test)]
mod tests;
