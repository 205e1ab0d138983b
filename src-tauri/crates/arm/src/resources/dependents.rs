//! Services and endpoints that run on a compute: services of the classic route (the model management plane of package azureml-core 1.61,
//! `webservice/webservice.py`), and online endpoints of the extension route with their deployments
//! (machinelearningservices, mfe.json).

use super::computes::{Budget, list_within};
use super::{errors, optional, text};
use crate::{Arm, ArmError, Pages};
use berth_domain::diagnosis::ReportedError;
use berth_domain::facts::{ComputeFacts, Dependent, Deployment};
use berth_domain::resource_id::{ResourceId, check_part, same_resource};
use serde_json::Value;

/// The services and endpoints of one compute.
#[derive(Debug, Clone, Default)]
pub struct Dependents {
    /// Services or endpoints on the compute. The deployments of endpoints are not read yet.
    pub found: Vec<Answers>,
    /// Names of services or endpoints that may be on the compute: Azure does not say which compute they use.
    pub unplaced: Vec<String>,
}

/// A service or an endpoint.
#[derive(Debug, Clone)]
pub struct Answers {
    /// Its facts, as the domain uses them.
    pub dependent: Dependent,
    /// Resource id of an endpoint, to list its deployments; `None` for a service, which has none.
    pub endpoint_id: Option<String>,
    /// Errors that Azure reports for it.
    pub errors: Vec<ReportedError>,
}

/// Lists the services or endpoints on a compute.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_dependents(
    arm: &Arm,
    compute: &ComputeFacts,
    budget: &Budget,
) -> Result<Dependents, ArmError> {
    let at = compute.id.to_ascii_lowercase().rfind("/computes/");
    let Some(workspace) = at.and_then(|at| compute.id.get(..at)) else {
        return Err(ArmError::NoAddress {
            path: compute.id.clone(),
            what: "its workspace",
        });
    };
    if compute.compute_type.eq_ignore_ascii_case("AKS") {
        services(arm, workspace, compute, budget).await
    } else {
        endpoints(arm, workspace, compute, budget).await
    }
}

/// Lists the deployments of an endpoint, sorted by name, each with the errors that Azure reports for it.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_deployments(
    arm: &Arm,
    endpoint_id: &str,
    budget: &Budget,
) -> Result<Vec<(Deployment, Vec<ReportedError>)>, ArmError> {
    let mut pages = Pages::default();
    let path = arm.path(&format!("{endpoint_id}/deployments"));
    list_within(arm, &path, budget, &mut pages, |_| true).await?;
    let mut all: Vec<_> = pages.items.iter().map(deployment).collect();
    all.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    Ok(all)
}

fn deployment(value: &Value) -> (Deployment, Vec<ReportedError>) {
    let deployment = Deployment {
        name: text(value, "/name"),
        state: text(value, "/properties/provisioningState"),
    };
    (deployment, reported(value))
}

/// Connects to the API that lists a workspace's services (azureml-core 1.61, `_model_management/_util.py`). The
/// workspace names its discovery document, which names the API.
///
/// # Errors
/// [`ArmError::NoAddress`] if either does not name it, and the errors of [`Arm::plane`].
pub async fn model_management(arm: &Arm, workspace: &str) -> Result<Arm, ArmError> {
    let found: Value = arm.get(&arm.path(workspace)).await?;
    let no_url = |what| ArmError::NoAddress {
        path: workspace.to_owned(),
        what,
    };
    let discovery =
        optional(&found, "/properties/discoveryUrl").ok_or_else(|| no_url("its services (discoveryUrl)"))?;
    let planes: Value = arm.plane(&discovery, workspace)?.get(&discovery).await?;
    let management = optional(&planes, "/modelmanagement").ok_or_else(|| no_url("its model management"))?;
    arm.plane(&management, &discovery)
}

async fn services(
    arm: &Arm,
    workspace: &str,
    compute: &ComputeFacts,
    budget: &Budget,
) -> Result<Dependents, ArmError> {
    let plane = model_management(arm, workspace).await?;
    let path = format!("/modelmanagement/v1.0{workspace}/services?expand=true");
    let place = |service: &Value| match optional(service, "/computeName") {
        Some(name) => Placement::from_match(name.eq_ignore_ascii_case(&compute.name)),
        // Services in container instances have no compute.
        None => match optional(service, "/computeType") {
            Some(kind) if !kind.eq_ignore_ascii_case("AKS") => Placement::Other,
            _ => Placement::Unknown,
        },
    };
    let of = |service: &Value| Answers {
        dependent: Dependent {
            name: text(service, "/name"),
            compute: compute.name.clone(),
            compute_id: compute.id.clone(),
            url: optional(service, "/scoringUri"),
            state: text(service, "/state"),
            deployments: Vec::new(),
        },
        endpoint_id: None,
        errors: reported(service),
    };
    list_placed(&plane, &path, budget, place, of).await
}

async fn endpoints(
    arm: &Arm,
    workspace: &str,
    compute: &ComputeFacts,
    budget: &Budget,
) -> Result<Dependents, ArmError> {
    let path = arm.path(&format!("{workspace}/onlineEndpoints"));
    let path = format!("{path}&computeType=Kubernetes");
    // The list holds endpoints on Kubernetes computes only, so each names one.
    let place = |endpoint: &Value| {
        let on = endpoint["properties"]["compute"].as_str();
        let on = on.filter(|on| ResourceId::parse(on).is_some());
        on.map_or(Placement::Unknown, |on| {
            Placement::from_match(same_resource(on, &compute.id))
        })
    };
    let of = |endpoint: &Value| endpoint_on(workspace, compute, endpoint);
    list_placed(arm, &path, budget, place, of).await
}

/// Converts Azure's representation of an endpoint on a compute.
pub fn endpoint_on(workspace: &str, compute: &ComputeFacts, endpoint: &Value) -> Answers {
    let name = text(endpoint, "/name");
    Answers {
        // Built from the name, because the id in the response may be anything.
        endpoint_id: Some(format!("{workspace}/onlineEndpoints/{name}")),
        dependent: Dependent {
            name,
            compute: compute.name.clone(),
            compute_id: compute.id.clone(),
            url: optional(endpoint, "/properties/scoringUri"),
            state: text(endpoint, "/properties/provisioningState"),
            deployments: Vec::new(),
        },
        errors: reported(endpoint),
    }
}

/// Whether a service or endpoint is on the compute in question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Placement {
    Here,
    Other,
    /// The response does not tell.
    Unknown,
}

impl Placement {
    fn from_match(here: bool) -> Self {
        if here { Self::Here } else { Self::Other }
    }
}

async fn list_placed(
    arm: &Arm,
    path: &str,
    budget: &Budget,
    place: impl Fn(&Value) -> Placement + Send + Sync,
    of: impl Fn(&Value) -> Answers,
) -> Result<Dependents, ArmError> {
    let mut pages = Pages::default();
    let may_be_here = |found: &Value| place(found) != Placement::Other;
    list_within(arm, path, budget, &mut pages, may_be_here).await?;
    let named = |found: &&Value| check_part(&text(found, "/name")).is_ok();
    let (here, unplaced): (Vec<&Value>, Vec<&Value>) = pages
        .items
        .iter()
        .partition(|found| place(found) == Placement::Here && named(found));
    Ok(Dependents {
        found: here.into_iter().map(of).collect(),
        unplaced: unplaced.iter().map(|found| text(found, "/name")).collect(),
    })
}

/// Collects the errors that Azure reports in any of the usual places.
fn reported(value: &Value) -> Vec<ReportedError> {
    let places = ["/properties/provisioningErrors", "/properties/error", "/error"];
    let mut all: Vec<ReportedError> = Vec::new();
    for error in places.into_iter().flat_map(|place| errors(value, place)) {
        if !all.contains(&error) {
            all.push(error);
        }
    }
    all
}
