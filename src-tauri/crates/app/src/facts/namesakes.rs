//! Other endpoints on the compute with a version of the same name.

use super::endpoints::EndpointReader;
use super::walk::RequestLimiter;
use berth_arm::Arm;
use berth_domain::deployment_spec::DeploySpec;
use berth_domain::endpoint::Endpoint;
use berth_domain::facts::{Fact, Namesake, Namesakes};

/// Reads the endpoints of the workspace on the version's route. One of which Azure does not say where it runs counts too.
pub(super) async fn read(arm: &Arm, spec: &DeploySpec) -> Fact<Namesakes> {
    let has_name = !spec.version.is_empty() && !spec.endpoint.is_single();
    let Some(workspace) = spec.workspace.resource_id().filter(|_| has_name) else {
        return Fact::NotAsked;
    };
    let limiter = RequestLimiter::default();
    let wanted = |endpoint: &Endpoint| {
        let compute = endpoint.compute_name.as_deref();
        !endpoint.name.eq_ignore_ascii_case(spec.endpoint.name())
            && compute.is_none_or(|name| name.eq_ignore_ascii_case(&spec.compute))
    };
    let (endpoints, failure) = EndpointReader::new(arm, &limiter)
        .of_route(&workspace, spec.route, None, wanted)
        .await;
    // Another rule reports a workspace that is gone.
    let failure = failure.filter(|failure| !failure.gone).map(|failure| failure.why);
    let mut unread = endpoints.iter().filter_map(unread_versions);
    Fact::Known(Namesakes {
        unread: failure.or_else(|| unread.next()),
        found: endpoints
            .iter()
            .filter_map(|one| namesake(one, &spec.version))
            .collect(),
    })
}

fn unread_versions(endpoint: &Endpoint) -> Option<String> {
    let why = endpoint.versions_unread.as_ref()?;
    Some(format!("{}: {why}", endpoint.name))
}

fn namesake(endpoint: &Endpoint, version: &str) -> Option<Namesake> {
    let mut versions = endpoint.own_versions().iter();
    let same = versions.find(|one| one.name.eq_ignore_ascii_case(version))?;
    Some(Namesake {
        endpoint_id: endpoint.id.clone(),
        endpoint: endpoint.name.clone(),
        share: endpoint.share(same),
    })
}
