//! What AKS asks of the network of a new cluster.

use crate::common::{Az, Seen};
use crate::near::{AKS, cluster_body, cluster_id};
use serde_json::{Value, json};

const NET: &str = "api-version=2024-01-01";

fn network(az: &Az, kind: &str, name: &str) -> String {
    format!(
        "{}/resourceGroups/rg-network-prod/providers/Microsoft.Network/{kind}/{name}",
        az.prod()
    )
}

async fn make_subnet(az: &Az, prefix: &str, table: Option<&str>) -> String {
    let subnet = format!("{}/subnets/nodes", network(az, "virtualNetworks", "vnet-ml-weu"));
    let mut properties = json!({ "addressPrefix": prefix });
    if let Some(table) = table {
        properties["routeTable"] = json!({ "id": table });
    }
    let seen = az
        .put(&format!("{subnet}?{NET}"), json!({ "properties": properties }))
        .await;
    az.finish(&seen).await;
    subnet
}

async fn make_table(az: &Az, hop: &str) -> String {
    let id = network(az, "routeTables", "rt-hub");
    let route = json!({ "name": "out", "properties": { "addressPrefix": "0.0.0.0/0", "nextHopType": hop } });
    let body = json!({ "location": "westeurope", "properties": { "routes": [route] } });
    let seen = az.put(&format!("{id}?{NET}"), body).await;
    assert!(matches!(seen.status, 200 | 201), "{}", seen.body);
    id
}

async fn make_cluster(az: &Az, name: &str, subnet: &str, profile: Value) -> Seen {
    let mut body = cluster_body("Standard_D4s_v5", 1);
    body["properties"]["agentPoolProfiles"][0]["vnetSubnetID"] = json!(subnet);
    body["properties"]["networkProfile"] = profile;
    az.put(&format!("{}?{AKS}", cluster_id(az, name)), body).await
}

#[tokio::test]
async fn user_defined_routing_needs_a_route_table_that_leads_out() {
    let az = Az::start().await;
    let routed = || json!({ "networkPlugin": "azure", "outboundType": "userDefinedRouting" });
    let bare = make_subnet(&az, "10.40.16.0/24", None).await;
    let refused = make_cluster(&az, "aks-routed", &bare, routed()).await.expect(400);
    assert_eq!(refused.code(), "ExistingRouteTableNotAssociatedWithSubnet");
    let table = make_table(&az, "Internet").await;
    let subnet = make_subnet(&az, "10.40.16.0/24", Some(&table)).await;
    let refused = make_cluster(&az, "aks-routed", &subnet, routed())
        .await
        .expect(400);
    assert_eq!(refused.code(), "RouteTableInvalidNextHop");
    make_table(&az, "VirtualAppliance").await;
    let kubenet = json!({ "networkPlugin": "kubenet", "outboundType": "userDefinedRouting" });
    let refused = make_cluster(&az, "aks-routed", &subnet, kubenet)
        .await
        .expect(400);
    assert_eq!(refused.code(), "CustomRouteTableWithUnsupportedMSIType");
    make_cluster(&az, "aks-routed", &subnet, routed())
        .await
        .expect(201);
}

#[tokio::test]
async fn services_must_not_overlap_a_subnet() {
    let az = Az::start().await;
    let subnet = make_subnet(&az, "10.40.16.0/24", None).await;
    let profile = |range: &str| json!({ "networkPlugin": "azure", "serviceCidr": range });
    let refused = make_cluster(&az, "aks-inside", &subnet, profile("10.40.16.0/20"))
        .await
        .expect(400);
    assert_eq!(refused.code(), "ServiceCidrOverlapExistingSubnetsCidr");
    make_cluster(&az, "aks-inside", &subnet, profile("10.40.128.0/20"))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_pool_does_not_grow_beyond_its_subnet() {
    let az = Az::start().await;
    let subnet = make_subnet(&az, "10.40.16.0/28", None).await;
    let profile =
        json!({ "networkPlugin": "azure", "networkPluginMode": "overlay", "podCidr": "10.244.0.0/16" });
    let made = make_cluster(&az, "aks-tight", &subnet, profile).await.expect(201);
    az.finish(&made).await;
    let path = format!("{}/agentPools/system?{AKS}", cluster_id(&az, "aks-tight"));
    let grow = async |properties: Value| {
        let mut body = az.get(&path).await.expect(200).body;
        for (name, value) in properties.as_object().unwrap() {
            body["properties"][name] = value.clone();
        }
        az.put(&path, body).await
    };
    // 11 addresses, one of them in use.
    let refused = grow(json!({ "count": 12 })).await.expect(400);
    assert_eq!(refused.code(), "InsufficientSubnetSize");
    let scaled = json!({ "enableAutoScaling": true, "minCount": 1, "maxCount": 12 });
    assert_eq!(grow(scaled).await.expect(400).code(), "InsufficientSubnetSize");
    grow(json!({ "count": 11 })).await.expect(200);
}
