//! Reads the pods of an endpoint's versions from its cluster.

use super::details;
use crate::diagnosing;
use crate::facts::fact_of;
use berth_arm::Arm;
use berth_arm::resources::clusters;
use berth_cluster::LookScope;
use berth_contract::failure::Failure;
use berth_contract::model::{EndpointDetails, EndpointPods};
use berth_domain::diagnosis::{InsideFacts, Unread};
use berth_domain::endpoint_pods::VersionPods;
use berth_domain::facts::{ClusterFacts, Fact};
use berth_domain::resource_id::last_segment;
use berth_domain::spec::classic_namespace;
use jiff::Timestamp;

/// Reads an endpoint and, as far as possible, its pods.
///
/// # Errors
/// `NotFound`, and Azure's failures, if the endpoint itself cannot be read. The result names what else could not be read.
pub(crate) async fn read(arm: &Arm, id: &str) -> Result<EndpointPods, Failure> {
    let details = Box::pin(details(arm, id)).await?;
    let (inside, unread) = match Box::pin(look(arm, &details)).await {
        Ok(inside) => {
            let unread = unread(&inside, &details);
            (inside, unread)
        }
        Err(why) => (InsideFacts::default(), vec![one("inside", &why)]),
    };
    let endpoint = &details.endpoint;
    let versions = endpoint.versions.iter();
    Ok(EndpointPods {
        read_at: Timestamp::now().to_string(),
        versions: versions
            .map(|version| VersionPods::of(endpoint, version, &inside))
            .collect(),
        unread,
    })
}

fn one(what: &str, why: &str) -> Unread {
    Unread {
        what: what.to_owned(),
        why: why.to_owned(),
    }
}

fn unread(inside: &InsideFacts, details: &EndpointDetails) -> Vec<Unread> {
    let facts = [
        ("pods", inside.pods.why_unknown()),
        ("events", inside.events.why_unknown()),
        ("logs", inside.logs.why_unknown()),
        ("answering", details.endpoint.versions_unread.as_deref()),
    ];
    facts
        .into_iter()
        .filter_map(|(what, why)| Some(one(what, why?)))
        .collect()
}

/// Looks into the cluster. The error says why that is not possible.
async fn look(arm: &Arm, details: &EndpointDetails) -> Result<InsideFacts, String> {
    let id = details.endpoint.cluster_id.as_deref();
    let id = id.ok_or("Azure does not say which cluster it runs on")?;
    let cluster: ClusterFacts = match fact_of(Some(id), |id| clusters::get_cluster(arm, id)).await {
        Fact::Known(Some(cluster)) => cluster,
        Fact::Known(None) => return Err(format!("{} no longer exists", last_segment(id))),
        Fact::Unknown(why) => return Err(why),
        Fact::NotAsked => return Err("not read".to_owned()),
    };
    if !diagnosing::is_up(&cluster) {
        return Err(format!(
            "{} is not running: {}",
            cluster.name, cluster.power_state
        ));
    }
    let scope = LookScope {
        namespaces: namespaces(details),
        secrets: Vec::new(),
    };
    let (look, _) = diagnosing::look(arm, &cluster, &scope.valid()).await?;
    Ok(look.inside)
}

/// Where its pods can be: the namespace of the compute, or those of the classic route.
fn namespaces(details: &EndpointDetails) -> Vec<String> {
    let compute = details.compute.as_ref();
    match compute.and_then(|compute| compute.namespace.clone()) {
        Some(namespace) => vec![namespace],
        None => {
            let workspace = last_segment(&details.endpoint.workspace_id);
            vec![classic_namespace(workspace), "default".to_owned()]
        }
    }
}
