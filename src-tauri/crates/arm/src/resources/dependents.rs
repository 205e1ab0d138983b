//! What answers through a compute: services of the classic route (the model management plane of package azureml-core 1.61,
//! `webservice/webservice.py`), and online endpoints of the extension route with their deployments
//! (machinelearningservices, mfe.json).

use super::computes::{Budget, list_within};
use super::{errors, optional, text};
use crate::{Arm, ArmError, Pages};
use berth_domain::diagnosis::ReportedError;
use berth_domain::facts::{ComputeFacts, Dependent, Deployment};
use berth_domain::resource_id::{ResourceId, check_part, same_resource};
use serde_json::Value;

/// What was found of one compute.
#[derive(Debug, Clone, Default)]
pub struct Answering {
    /// What answers through it. The deployments of endpoints are not read yet.
    pub found: Vec<Answers>,
    /// Names of what may answer through it: they do not say which compute they are on.
    pub unplaced: Vec<String>,
}

/// A service or an endpoint.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The service or endpoint.
    pub dependent: Dependent,
    /// Resource id of an endpoint, which has deployments; `None` for a service.
    pub endpoint_id: Option<String>,
    /// What Azure reports on it.
    pub errors: Vec<ReportedError>,
}

/// What answers through a compute.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_dependents(
    arm: &Arm,
    compute: &ComputeFacts,
    budget: &Budget,
) -> Result<Answering, ArmError> {
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

/// The deployments of an endpoint by name, each with what Azure reports on it.
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

async fn services(
    arm: &Arm,
    workspace: &str,
    compute: &ComputeFacts,
    budget: &Budget,
) -> Result<Answering, ArmError> {
    let found: Value = arm.get(&arm.path(workspace)).await?;
    // Without the address of its services nothing is known about them.
    let unnamed = |what| ArmError::NoAddress {
        path: workspace.to_owned(),
        what,
    };
    let discovery =
        optional(&found, "/properties/discoveryUrl").ok_or_else(|| unnamed("its services (discoveryUrl)"))?;
    let planes: Value = arm.plane(&discovery, workspace)?.get(&discovery).await?;
    let management = optional(&planes, "/modelmanagement").ok_or_else(|| unnamed("its model management"))?;
    let path = format!("/modelmanagement/v1.0{workspace}/services?expand=true");
    let plane = arm.plane(&management, &discovery)?;
    let place = |service: &Value| match optional(service, "/computeName") {
        Some(name) => Place::of(name.eq_ignore_ascii_case(&compute.name)),
        // Services in container instances have no compute.
        None => match optional(service, "/computeType") {
            Some(kind) if !kind.eq_ignore_ascii_case("AKS") => Place::Elsewhere,
            _ => Place::Unsaid,
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
    answering(&plane, &path, budget, place, of).await
}

async fn endpoints(
    arm: &Arm,
    workspace: &str,
    compute: &ComputeFacts,
    budget: &Budget,
) -> Result<Answering, ArmError> {
    let path = arm.path(&format!("{workspace}/onlineEndpoints"));
    let path = format!("{path}&computeType=Kubernetes");
    // The list holds endpoints on Kubernetes computes only, so each names one.
    let place = |endpoint: &Value| {
        let on = endpoint["properties"]["compute"].as_str();
        let on = on.filter(|on| ResourceId::parse(on).is_some());
        on.map_or(Place::Unsaid, |on| Place::of(same_resource(on, &compute.id)))
    };
    let of = |endpoint: &Value| endpoint_on(workspace, compute, endpoint);
    answering(arm, &path, budget, place, of).await
}

/// An endpoint of a workspace as Azure answered it, on a compute.
pub fn endpoint_on(workspace: &str, compute: &ComputeFacts, endpoint: &Value) -> Answers {
    let name = text(endpoint, "/name");
    Answers {
        // Its own id may be anything; its name is a part of the address that is asked.
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

/// Where something answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Here,
    Elsewhere,
    /// It does not say where.
    Unsaid,
}

impl Place {
    fn of(here: bool) -> Self {
        if here { Self::Here } else { Self::Elsewhere }
    }
}

async fn answering(
    arm: &Arm,
    path: &str,
    budget: &Budget,
    place: impl Fn(&Value) -> Place + Send + Sync,
    of: impl Fn(&Value) -> Answers,
) -> Result<Answering, ArmError> {
    let mut pages = Pages::default();
    let may_be_here = |found: &Value| place(found) != Place::Elsewhere;
    list_within(arm, path, budget, &mut pages, may_be_here).await?;
    let named = |found: &&Value| check_part(&text(found, "/name")).is_ok();
    let (here, unplaced): (Vec<&Value>, Vec<&Value>) = pages
        .items
        .iter()
        .partition(|found| place(found) == Place::Here && named(found));
    Ok(Answering {
        found: here.into_iter().map(of).collect(),
        unplaced: unplaced.iter().map(|found| text(found, "/name")).collect(),
    })
}

/// What Azure reports on something, wherever it says it.
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
