//! Facts for a change to an endpoint on either route: the endpoint as Azure returns it, its versions, and the person's
//! rights on its workspace.

use super::endpoints::EndpointReader;
use super::walk::RequestLimiter;
use super::{Fact, fact_of, sample};
use berth_arm::Arm;
use berth_arm::resources::endpoints::{online, service_versions};
use berth_arm::resources::{endpoints, permissions};
use berth_domain::canary::{LARGEST_SAMPLE, SampleProblem, check_sample};
use berth_domain::endpoint::EndpointVersion;
use berth_domain::facts::{ChangeFacts, Facts, is_service};
use berth_domain::resource_id::{ResourceId, parent};
use serde_json::Value;

/// Reads the facts. Sends nothing for an id that is not an endpoint's; a rule reports that.
pub(super) async fn read(arm: &Arm, endpoint_id: &str, today: &str) -> Facts {
    let is_endpoint = ResourceId::parse(endpoint_id).is_some_and(|id| id.is_endpoint());
    let id = Some(endpoint_id).filter(|_| is_endpoint);
    let endpoint_and_versions = async {
        let endpoint = fact_of(id, |id| endpoints::resource(arm, id)).await;
        let versions = versions(arm, &endpoint).await;
        (endpoint, versions)
    };
    let ((endpoint, endpoint_versions), workspace_rights) = tokio::join!(
        Box::pin(endpoint_and_versions),
        fact_of(id.and_then(parent), |id| permissions::list_rights(arm, id)),
    );
    Facts {
        today: today.to_owned(),
        cloud: arm.cloud().name.clone(),
        workspace_rights,
        change: ChangeFacts {
            endpoint,
            endpoint_versions,
            ..ChangeFacts::default()
        },
        api_versions: arm.api_versions(),
        ..Facts::default()
    }
}

/// Whether the sample of a canary can be read and sent.
pub(super) async fn read_sample(path: &str) -> Result<(), SampleProblem> {
    if path.is_empty() {
        return Err(SampleProblem::NotGiven);
    }
    let read = sample::read(path, LARGEST_SAMPLE).await;
    check_sample(&read.map_err(|why| SampleProblem::NotRead { why })?)
}

/// The versions of an endpoint. One that does not exist has none; those of one that could not be read are unknown.
async fn versions(arm: &Arm, endpoint: &Fact<Option<Value>>) -> Fact<Vec<EndpointVersion>> {
    let found = match endpoint {
        Fact::Known(Some(found)) => found,
        Fact::Known(None) => return Fact::Known(Vec::new()),
        Fact::Unknown(why) => return Fact::Unknown(why.clone()),
        Fact::NotAsked => return Fact::NotAsked,
    };
    if is_service(found) {
        let (versions, unread) = service_versions(found);
        return unread.map_or(Fact::Known(versions), Fact::Unknown);
    }
    let limiter = RequestLimiter::default();
    match EndpointReader::new(arm, &limiter)
        .with_versions(online(found))
        .await
    {
        Some(endpoint) => endpoint
            .versions_unread
            .map_or(Fact::Known(endpoint.versions), Fact::Unknown),
        None => Fact::Known(Vec::new()),
    }
}
