//! The specification that describes the result of a change, so that the set-up rules can be run on it.

use super::Change;
use super::serving::Serving;
use crate::facts::{ComputeFacts, Facts};
use crate::resource_id::ResourceId;
use crate::spec::{ClusterChoice, LoadBalancer, PairRef, Place, Purpose, Route, Spec};

/// Builds the specification from the change and the facts read so far.
pub fn after(change: &Change, waived: &[String], facts: &Facts) -> Spec {
    let mut spec = match Serving::of(facts) {
        Some(serving) => serving.spec(Some(backup_pair())),
        None => cluster_spec(change, facts),
    };
    spec.waived = waived.to_vec();
    if let Some(cluster) = facts.cluster.known().and_then(Option::as_ref) {
        spec.place.location.clone_from(&cluster.location);
    }
    match change {
        Change::Tls { tls, .. } => spec.tls = Some(tls.clone()),
        Change::LoadBalancer { load_balancer, .. } => {
            spec.network.load_balancer = Some(load_balancer.clone())
        }
        Change::Move {
            new_compute,
            namespace,
            ..
        } => {
            spec.route = Route::Extension;
            spec.place.compute_name.clone_from(new_compute);
            spec.place.namespace.clone_from(namespace);
            if let Some(LoadBalancer::Internal { subnet }) = &mut spec.network.load_balancer {
                *subnet = None;
            }
        }
        _ => {}
    }
    spec
}

fn cluster_spec(change: &Change, facts: &Facts) -> Spec {
    let id = change.cluster_id().unwrap_or_default();
    let parsed = ResourceId::parse(id);
    let attached = facts.attachments();
    let classic = attached.iter().any(ComputeFacts::is_classic);
    let dev_test = |purpose: &str| purpose.eq_ignore_ascii_case("DevTest");
    let extension = facts
        .extensions
        .known()
        .and_then(|all| crate::bodies::extension::installed(all))
        .and_then(|found| found.settings.get("clusterPurpose").cloned());
    let purposes: Vec<String> = attached
        .iter()
        .filter_map(|compute| compute.purpose.clone())
        .chain(extension)
        .collect();
    // A front end without a stated purpose is for production.
    let production = purposes.is_empty() || purposes.iter().any(|purpose| !dev_test(purpose));
    Spec {
        route: if classic { Route::Classic } else { Route::Extension },
        purpose: if production {
            Purpose::Production
        } else {
            Purpose::DevTest
        },
        cluster: ClusterChoice::Existing {
            resource_id: id.to_owned(),
        },
        place: Place {
            subscription_id: parsed.as_ref().map_or("", |id| id.subscription).to_owned(),
            resource_group: parsed
                .as_ref()
                .and_then(|id| id.resource_group)
                .unwrap_or_default()
                .to_owned(),
            cluster_name: parsed.as_ref().map_or("", ResourceId::name).to_owned(),
            ..Place::default()
        },
        ..Spec::default()
    }
}

/// Placeholder for the certificate that the run will back up from the cluster.
fn backup_pair() -> PairRef {
    PairRef::Vault {
        id: "kept".to_owned(),
    }
}
