//! Reads the cluster with the chosen id, its extensions and contents, and its present or future network.

use super::fact_of;
use crate::cluster_reader::ClusterReader;
use berth_arm::Arm;
use berth_arm::resources::{clusters, extensions, networks};
use berth_domain::cluster_object::ClusterObject;
use berth_domain::facts::{ClusterFacts, ExtensionFacts, Fact, OtherSoftware, RouteTableFacts, VnetFacts};
use berth_domain::resource_id::{ResourceId, resource_id};
use berth_domain::spec::{ClusterChoice, Outbound, Route, Spec, VnetChoice};
use futures::future::OptionFuture;
use serde_json::Value;

#[derive(Default)]
pub(super) struct Existing {
    pub(super) cluster: Fact<Option<ClusterFacts>>,
    /// The cluster in Azure's JSON.
    pub(super) whole: Fact<Option<Value>>,
    pub(super) vnet: Fact<Option<VnetFacts>>,
    pub(super) route_table: Fact<Option<RouteTableFacts>>,
    pub(super) extensions: Fact<Vec<ExtensionFacts>>,
    pub(super) namespaces: Fact<Vec<String>>,
    pub(super) software: Fact<OtherSoftware>,
    pub(super) leftovers: Fact<Vec<ClusterObject>>,
}

/// For a cluster still to be created, only checks whether the name is taken and reads the network.
pub(super) async fn read(arm: &Arm, spec: &Spec, inside: &ClusterReader) -> Existing {
    let id = cluster_id(spec);
    match (&spec.cluster, id.as_deref()) {
        (ClusterChoice::Existing { .. }, Some(id)) => of_existing(arm, spec, id, inside).await,
        (_, id) => {
            let vnet_id = spec
                .network
                .vnet
                .as_ref()
                .and_then(|choice| vnet_id(spec, choice));
            let (cluster, (vnet, route_table)) = tokio::join!(
                fact_of(id, |id| clusters::get_cluster(arm, id)),
                network_and_routes(arm, spec, vnet_id.as_deref()),
            );
            Existing {
                cluster,
                vnet,
                route_table,
                ..Existing::default()
            }
        }
    }
}

/// Reads the chosen network, and the route table of the chosen subnet if outbound traffic goes through it.
async fn network_and_routes(
    arm: &Arm,
    spec: &Spec,
    vnet_id: Option<&str>,
) -> (Fact<Option<VnetFacts>>, Fact<Option<RouteTableFacts>>) {
    let vnet = fact_of(vnet_id, |id| networks::get_vnet(arm, id)).await;
    let routed = spec.network.outbound == Outbound::UserDefinedRouting;
    let choice = spec.network.vnet.as_ref().filter(|_| routed);
    let chosen = choice.and_then(|choice| vnet.known()?.as_ref()?.subnet(&choice.subnet));
    let table = chosen.and_then(|subnet| subnet.route_table_id.clone());
    let table = fact_of(table.as_deref(), |id| networks::get_route_table(arm, id)).await;
    (vnet, table)
}

/// The cluster's id, if the specification uses an existing cluster.
pub(super) fn existing_id(spec: &Spec) -> Option<String> {
    let exists = matches!(spec.cluster, ClusterChoice::Existing { .. });
    cluster_id(spec).filter(|_| exists)
}

fn cluster_id(spec: &Spec) -> Option<String> {
    let id = spec.cluster_id()?;
    ResourceId::parse(&id)
        .is_some_and(|id| id.is_cluster())
        .then_some(id)
}

async fn of_existing(arm: &Arm, spec: &Spec, id: &str, inside: &ClusterReader) -> Existing {
    let extension = spec.route == Route::Extension;
    // Only what installs the extension can collide.
    let may_install = extension && spec.network.load_balancer.is_some();
    let software = OptionFuture::from(may_install.then(|| inside.other_software(id)));
    let ((cluster, whole, vnet), extensions, namespaces, leftovers, software) = tokio::join!(
        Box::pin(cluster_and_network(arm, id)),
        fact_of(Some(id), |id| extensions::list_extensions(arm, id)),
        Box::pin(inside.namespaces(id)),
        Box::pin(inside.leftovers(id)),
        Box::pin(software),
    );
    Existing {
        cluster,
        whole,
        vnet,
        route_table: Fact::NotAsked,
        extensions,
        namespaces: namespaces.map_or_else(Fact::Unknown, Fact::Known),
        software: software.map_or(Fact::NotAsked, |found| {
            found.map_or_else(Fact::Unknown, Fact::Known)
        }),
        leftovers: leftovers.map_or_else(Fact::Unknown, Fact::Known),
    }
}

/// Reads the cluster first, because it names the subnet.
async fn cluster_and_network(
    arm: &Arm,
    id: &str,
) -> (
    Fact<Option<ClusterFacts>>,
    Fact<Option<Value>>,
    Fact<Option<VnetFacts>>,
) {
    let (cluster, whole) = cluster(arm, Some(id)).await;
    let pools = cluster
        .known()
        .and_then(Option::as_ref)
        .map(|found| found.pools.as_slice())
        .unwrap_or_default();
    let subnet = pools.iter().find_map(|pool| pool.subnet_id.clone());
    let vnet = subnet
        .as_deref()
        .and_then(|subnet| subnet.rsplit_once("/subnets/"))
        .map(|(vnet, _)| vnet.to_owned());
    let vnet = fact_of(vnet.as_deref(), |vnet| networks::get_vnet(arm, vnet)).await;
    (cluster, whole, vnet)
}

/// A cluster, parsed and in Azure's JSON.
pub(super) async fn cluster(
    arm: &Arm,
    id: Option<&str>,
) -> (Fact<Option<ClusterFacts>>, Fact<Option<Value>>) {
    match fact_of(id, |id| clusters::get_cluster_whole(arm, id)).await {
        Fact::Known(found) => {
            let (cluster, whole) = found.unzip();
            (Fact::Known(cluster), Fact::Known(whole))
        }
        Fact::Unknown(why) => (Fact::Unknown(why.clone()), Fact::Unknown(why)),
        Fact::NotAsked => (Fact::NotAsked, Fact::NotAsked),
    }
}

fn vnet_id(spec: &Spec, choice: &VnetChoice) -> Option<String> {
    let kind = "Microsoft.Network/virtualNetworks";
    resource_id(
        spec.network_subscription(),
        &choice.resource_group,
        kind,
        &choice.name,
    )
}
