//! What answers through a compute: services of the classic route (the model management plane of package azureml-core 1.61,
//! `webservice/webservice.py`) and online endpoints of the extension route (machinelearningservices, mfe.json).

use super::{optional, text};
use crate::{Arm, ArmError};
use berth_domain::facts::{ComputeFacts, Dependent};
use berth_domain::resource_id::same_resource;
use serde_json::Value;

/// What answers through a compute.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_dependents(arm: &Arm, compute: &ComputeFacts) -> Result<Vec<Dependent>, ArmError> {
    let at = compute.id.to_ascii_lowercase().rfind("/computes/");
    let Some(workspace) = at.and_then(|at| compute.id.get(..at)) else {
        return Err(ArmError::NoAddress {
            path: compute.id.clone(),
            what: "its workspace",
        });
    };
    if compute.compute_type.eq_ignore_ascii_case("AKS") {
        services(arm, workspace, compute).await
    } else {
        endpoints(arm, workspace, compute).await
    }
}

async fn services(arm: &Arm, workspace: &str, compute: &ComputeFacts) -> Result<Vec<Dependent>, ArmError> {
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
    let all: Vec<Value> = arm.plane(&management, &discovery)?.list(&path).await?;
    let here = all
        .iter()
        .filter(|service| text(service, "/computeName").eq_ignore_ascii_case(&compute.name));
    Ok(here
        .map(|service| Dependent {
            name: text(service, "/name"),
            compute: compute.name.clone(),
            compute_id: compute.id.clone(),
            url: optional(service, "/scoringUri"),
            state: text(service, "/state"),
        })
        .collect())
}

async fn endpoints(arm: &Arm, workspace: &str, compute: &ComputeFacts) -> Result<Vec<Dependent>, ArmError> {
    let path = arm.path(&format!("{workspace}/onlineEndpoints"));
    let all: Vec<Value> = arm.list(&format!("{path}&computeType=Kubernetes")).await?;
    let here = all
        .iter()
        .filter(|endpoint| same_resource(&text(endpoint, "/properties/compute"), &compute.id));
    Ok(here
        .map(|endpoint| Dependent {
            name: text(endpoint, "/name"),
            compute: compute.name.clone(),
            compute_id: compute.id.clone(),
            url: optional(endpoint, "/properties/scoringUri"),
            state: text(endpoint, "/properties/provisioningState"),
        })
        .collect())
}
