//! Asks Azure Policy whether it would deny the cluster or a public IP address.

use super::existing::existing_id;
use super::{fact_of, home};
use berth_arm::Arm;
use berth_arm::resources::{clusters, policy};
use berth_domain::bodies::managed_cluster::managed_cluster;
use berth_domain::facts::{Fact, PolicyDenial};
use berth_domain::spec::{ClusterChoice, LoadBalancer, Outbound, Spec};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Denials by Azure Policy.
pub(super) struct Denials {
    pub(super) cluster: Fact<Vec<PolicyDenial>>,
    pub(super) address: Fact<Vec<PolicyDenial>>,
}

/// Reads the denials. Not asked for a resource group that does not exist yet, because the check needs an existing
/// scope.
pub(super) async fn read(arm: &Arm, spec: &Spec, group_id: Option<&str>) -> Denials {
    let creates = spec.cluster == ClusterChoice::Create;
    let egress = creates && spec.network.outbound == Outbound::LoadBalancer;
    let public = spec.network.load_balancer == Some(LoadBalancer::Public);
    let location = home::location(arm, spec).await.unwrap_or_default();
    let tags = tags_of_addresses(arm, spec).await;
    let (cluster, address) = (cluster_resource(spec), address_resource(&tags, &location));
    let (cluster, address) = tokio::join!(
        fact_of(group_id.filter(|_| creates), |id| policy::check(
            arm, id, &cluster
        )),
        fact_of(group_id.filter(|_| egress || public), |id| policy::check(
            arm, id, &address
        )),
    );
    Denials { cluster, address }
}

fn cluster_resource(spec: &Spec) -> Value {
    let mut content = managed_cluster(spec, "preflight");
    content["type"] = json!("Microsoft.ContainerService/managedClusters");
    content["name"] = json!(spec.place.cluster_name);
    content
}

/// AKS gives its addresses the tags of the cluster. Those of an existing one stay as they are.
async fn tags_of_addresses(arm: &Arm, spec: &Spec) -> BTreeMap<String, String> {
    let id = existing_id(spec);
    let found = fact_of(id.as_deref(), |id| clusters::get_cluster(arm, id)).await;
    let cluster = found.known().and_then(Option::as_ref);
    cluster.map_or_else(|| spec.place.tags.clone(), |cluster| cluster.tags.clone())
}

fn address_resource(tags: &BTreeMap<String, String>, location: &str) -> Value {
    json!({
        "tags": tags,
        "type": "Microsoft.Network/publicIPAddresses",
        "location": location,
        "sku": { "name": "Standard" },
        "properties": { "publicIPAllocationMethod": "Static" },
    })
}
