//! Facts for a change to an online endpoint: the endpoint as Azure returns it, its versions, and the person's rights on its
//! workspace.

use super::endpoints::EndpointReader;
use super::walk::RequestLimiter;
use super::{Fact, fact_of};
use berth_arm::resources::endpoints::get_online;
use berth_arm::resources::permissions;
use berth_arm::{Arm, ArmError};
use berth_domain::endpoint::EndpointVersion;
use berth_domain::facts::{ChangeFacts, Facts};
use berth_domain::resource_id::{ResourceId, parent};
use serde_json::Value;

/// Reads the facts. Sends nothing for an id that is not an online endpoint's; a rule reports that.
pub(super) async fn read(arm: &Arm, endpoint_id: &str, today: &str) -> Facts {
    let id = endpoint_id.trim_end_matches('/');
    let is_endpoint = ResourceId::parse(id).is_some_and(|id| id.is_online_endpoint());
    let id = Some(id).filter(|_| is_endpoint);
    let (endpoint, endpoint_versions, workspace_rights) = tokio::join!(
        fact_of(id, |id| endpoint(arm, id)),
        Box::pin(fact_of(id, |id| versions(arm, id))),
        fact_of(id.and_then(parent), |id| permissions::list_rights(arm, id)),
    );
    Facts {
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        workspace_rights,
        change: ChangeFacts {
            endpoint,
            endpoint_versions: flatten(endpoint_versions),
            ..ChangeFacts::default()
        },
        api_versions: arm.api_versions(),
        ..Facts::default()
    }
}

async fn endpoint(arm: &Arm, id: &str) -> Result<Option<Value>, ArmError> {
    arm.resource(&arm.path(id)).await
}

/// The versions, or why they cannot be read. An endpoint that does not exist has none. The connection asks for the endpoint
/// once.
async fn versions(arm: &Arm, id: &str) -> Result<Result<Vec<EndpointVersion>, String>, ArmError> {
    let Some(listed) = get_online(arm, id).await? else {
        return Ok(Ok(Vec::new()));
    };
    let limiter = RequestLimiter::default();
    let endpoint = EndpointReader::new(arm, &limiter).with_versions(listed).await;
    Ok(match endpoint {
        Some(endpoint) => endpoint.versions_unread.map_or(Ok(endpoint.versions), Err),
        None => Ok(Vec::new()),
    })
}

fn flatten<T>(fact: Fact<Result<T, String>>) -> Fact<T> {
    match fact {
        Fact::Known(Ok(value)) => Fact::Known(value),
        Fact::Known(Err(why)) | Fact::Unknown(why) => Fact::Unknown(why),
        Fact::NotAsked => Fact::NotAsked,
    }
}
