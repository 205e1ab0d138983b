//! Reads everything that the page of an endpoint shows.

use super::on_cluster;
use crate::facts::endpoints::EndpointReader;
use crate::facts::walk::RequestLimiter;
use crate::facts::{fact, fact_of};
use berth_arm::resources::endpoints::{Listed, get_online, get_service};
use berth_arm::resources::{computes, workspaces};
use berth_arm::{Arm, ArmError};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::EndpointDetails;
use berth_domain::facts::Fact;
use berth_domain::resource_id::{ResourceId, parent};

/// Reads an endpoint or a service, its compute and its workspace.
///
/// # Errors
/// `NotFound`, and Azure's failures, if the endpoint itself cannot be read.
pub(crate) async fn read(arm: &Arm, id: &str) -> Result<EndpointDetails, Failure> {
    let limiter = RequestLimiter::default();
    let reader = EndpointReader::new(arm, &limiter);
    let workspace = parent(id).unwrap_or(id);
    // The connection asks for the workspace once.
    let (listed, location) = tokio::join!(
        find(arm, workspace, id),
        workspaces::get_workspace(arm, workspace)
    );
    let listed = listed
        .map_err(|error| berth_failures::from_arm(&error))?
        .ok_or_else(|| not_there(id))?;
    let compute_id = listed.endpoint.compute_id.clone();
    let (endpoint, compute) = tokio::join!(
        reader.with_versions(listed),
        fact_of(compute_id.as_deref(), |id| computes::get_compute(arm, id)),
    );
    let endpoint = endpoint.ok_or_else(|| not_there(id))?;
    let mut problems = Vec::new();
    let location = known(fact(location), &mut problems).map(|workspace| workspace.location);
    let compute = known(compute, &mut problems).map(|compute| computes::compute(&compute));
    Ok(EndpointDetails {
        endpoint: on_cluster(endpoint, compute.as_slice()),
        compute,
        workspace_location: location.filter(|location| !location.is_empty()),
        problems,
    })
}

async fn find(arm: &Arm, workspace: &str, id: &str) -> Result<Option<Listed>, ArmError> {
    match ResourceId::parse(id).filter(ResourceId::is_service) {
        Some(service) => get_service(arm, workspace, None, service.name()).await,
        None => get_online(arm, id).await,
    }
}

/// What was read; adds the reason if it could not be.
fn known<T>(fact: Fact<Option<T>>, problems: &mut Vec<String>) -> Option<T> {
    match fact {
        Fact::Known(found) => found,
        Fact::Unknown(why) => {
            problems.push(why);
            None
        }
        Fact::NotAsked => None,
    }
}

pub(super) fn not_there(id: &str) -> Failure {
    Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", id)
}
