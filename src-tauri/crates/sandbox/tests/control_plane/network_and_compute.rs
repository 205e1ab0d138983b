use crate::common::Az;
use reqwest::Method;
use serde_json::{Value, json};

const N: &str = "api-version=2024-01-01";

fn vnet(az: &Az, name: &str) -> String {
    format!(
        "{}/resourceGroups/rg-ml-prod/providers/Microsoft.Network/virtualNetworks/{name}",
        az.prod()
    )
}

fn shared(az: &Az) -> String {
    format!(
        "{}/resourceGroups/rg-network-prod/providers/Microsoft.Network/virtualNetworks/vnet-ml-weu",
        az.prod()
    )
}

fn body(space: &str, subnets: &[(&str, &str)]) -> Value {
    let subnets: Vec<Value> = subnets
        .iter()
        .map(|(name, prefix)| json!({"name": name, "properties": {"addressPrefix": prefix}}))
        .collect();
    json!({"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": [space]}, "subnets": subnets}})
}

#[tokio::test]
async fn the_seed_has_networks_with_every_kind_of_subnet() {
    let az = Az::start().await;
    let all = az
        .get(&format!(
            "{}/providers/Microsoft.Network/virtualNetworks?{N}",
            az.prod()
        ))
        .await
        .expect(200);
    assert!(all.names().contains(&"vnet-ml-weu"), "{:?}", all.names());
    let subnets = az.get(&format!("{}/subnets?{N}", shared(&az))).await.expect(200);
    assert_eq!(
        subnets.names(),
        [
            "snet-aks",
            "snet-ilb",
            "snet-legacy",
            "snet-endpoints",
            "snet-postgres"
        ]
    );
    let delegated = az
        .get(&format!("{}/subnets/snet-postgres?{N}", shared(&az)))
        .await
        .expect(200);
    let service = &delegated.body["properties"]["delegations"][0]["properties"]["serviceName"];
    assert_eq!(service, "Microsoft.DBforPostgreSQL/flexibleServers");
    let usages = az.get(&format!("{}/usages?{N}", shared(&az))).await.expect(200);
    let legacy = usages
        .items()
        .iter()
        .find(|usage| usage["id"].as_str().unwrap().ends_with("/snet-legacy"))
        .unwrap();
    assert_eq!(
        (legacy["currentValue"].as_f64(), legacy["limit"].as_f64()),
        (Some(9.0), Some(11.0))
    );
}

#[tokio::test]
async fn address_availability_can_be_checked() {
    let az = Az::start().await;
    let ask = async |address: &str| {
        az.get(&format!(
            "{}/checkIPAddressAvailability?ipAddress={address}&{N}",
            shared(&az)
        ))
        .await
    };
    assert_eq!(ask("10.40.4.20").await.expect(200).body["available"], true);
    let taken = ask("10.40.4.70").await.expect(200);
    assert_eq!(taken.body["available"], false);
    assert_eq!(
        taken.body["availableIPAddresses"],
        json!(["10.40.4.77", "10.40.4.78"])
    );
    assert_eq!(
        ask("192.168.0.1").await.expect(400).code(),
        "PrivateIPAddressNotInAnySubnet"
    );
    assert_eq!(ask("here").await.expect(400).code(), "InvalidIPAddressFormat");
}

#[tokio::test]
async fn a_network_and_its_subnets_can_be_created_and_deleted() {
    let az = Az::start().await;
    let path = vnet(&az, "v1");
    let made = az
        .put(
            &format!("{path}?{N}"),
            body("10.8.0.0/16", &[("a", "10.8.0.0/24")]),
        )
        .await
        .expect(201);
    assert_eq!(made.body["properties"]["provisioningState"], "Updating");
    assert_eq!(az.finish(&made).await["status"], "Succeeded");
    let seen = az.get(&format!("{path}?{N}")).await.expect(200);
    assert_eq!(seen.body["properties"]["provisioningState"], "Succeeded");
    let subnet = format!("{path}/subnets/b?{N}");
    let made = az
        .put(&subnet, json!({"properties": {"addressPrefix": "10.8.1.0/24"}}))
        .await
        .expect(201);
    az.finish(&made).await;
    assert_eq!(az.get(&format!("{path}/subnets?{N}")).await.names(), ["a", "b"]);
    let gone = az.delete(&subnet).await.expect(202);
    assert!(!gone.header("location").is_empty());
    az.finish(&gone).await;
    az.get(&subnet).await.expect(404);
    let gone = az.delete(&format!("{path}?{N}")).await.expect(202);
    az.finish(&gone).await;
    az.get(&format!("{path}?{N}")).await.expect(404);
    az.delete(&format!("{path}?{N}")).await.expect(204);
}

#[tokio::test]
async fn a_stale_etag_changes_nothing() {
    let az = Az::start().await;
    let path = format!("{}?{N}", vnet(&az, "v2"));
    let made = az.put(&path, body("10.8.0.0/16", &[])).await.expect(201);
    az.finish(&made).await;
    let etag = az.get(&path).await.header("etag").to_string();
    let write = async |headers: &[(&str, &str)], space: &str| {
        az.send_with(Method::PUT, &path, Some(&body(space, &[])), headers)
            .await
    };
    let stale = write(&[("if-match", "\"old\"")], "10.7.0.0/16").await.expect(412);
    assert_eq!(stale.code(), "PreconditionFailed");
    write(&[("if-none-match", "*")], "10.7.0.0/16").await.expect(412);
    assert_eq!(
        az.get(&path).await.body["properties"]["addressSpace"]["addressPrefixes"],
        json!(["10.8.0.0/16"])
    );
    write(&[("if-match", &etag)], "10.7.0.0/16").await.expect(200);
}

#[tokio::test]
async fn invalid_networks_are_refused() {
    let az = Az::start().await;
    let cases = [
        (
            body("10.8.0.0/16", &[("a", "10.9.0.0/24")]),
            "NetcfgSubnetRangeOutsideVnet",
        ),
        (
            body("10.8.0.0/16", &[("a", "10.8.0.0/24"), ("b", "10.8.0.128/25")]),
            "NetcfgSubnetRangesOverlap",
        ),
        (
            body("10.8.0.0/16", &[("a", "10.8.0.1/24")]),
            "InvalidAddressPrefixFormat",
        ),
        (body("ten", &[]), "InvalidAddressPrefixFormat"),
        (
            json!({"location": "westeurope", "properties": {}}),
            "MissingAddressPrefix",
        ),
        (
            json!({"location": "atlantis", "properties": {}}),
            "LocationNotAvailableForResourceType",
        ),
    ];
    for (body, code) in cases {
        let seen = az.put(&format!("{}?{N}", vnet(&az, "v")), body).await.expect(400);
        assert_eq!(seen.code(), code, "{}", seen.body);
    }
    az.get(&format!("{}?{N}", vnet(&az, "v"))).await.expect(404);
    let used = format!("{}/subnets/snet-endpoints?{N}", shared(&az));
    let lock = format!(
        "{}/resourceGroups/rg-network-prod/providers/Microsoft.Authorization/locks/keep-network?api-version=2020-05-01",
        az.prod()
    );
    az.delete(&lock).await.expect(200);
    assert_eq!(
        az.delete(&used).await.expect(400).code(),
        "InUseSubnetCannotBeDeleted"
    );
}

#[tokio::test]
async fn sizes_are_listed_for_a_location_with_what_restricts_them() {
    let az = Az::start().await;
    let path = format!(
        "{}/providers/Microsoft.Compute/skus?api-version=2021-07-01",
        az.prod()
    );
    let seen = az
        .get(&format!("{path}&$filter=location eq 'westeurope'"))
        .await
        .expect(200);
    let machines: Vec<&Value> = seen
        .items()
        .iter()
        .filter(|sku| sku["resourceType"] == "virtualMachines")
        .collect();
    assert!(
        machines.len() >= 40 && seen.items().len() > machines.len(),
        "other types must be there to be left out"
    );
    let named = |name: &str| *machines.iter().find(|sku| sku["name"] == name).unwrap();
    let capability = |sku: &Value, name: &str| {
        let all = sku["capabilities"].as_array().unwrap();
        all.iter()
            .find(|found| found["name"] == name)
            .map(|found| found["value"].as_str().unwrap().to_string())
    };
    let d4 = named("Standard_D4s_v5");
    assert_eq!(capability(d4, "vCPUs").as_deref(), Some("4"));
    assert_eq!(capability(d4, "MemoryGB").as_deref(), Some("16"));
    assert_eq!(d4["restrictions"], json!([]));
    assert_eq!(
        capability(named("Standard_E8-4s_v5"), "vCPUsAvailable").as_deref(),
        Some("4")
    );
    assert_eq!(
        capability(named("Standard_D4ps_v5"), "CpuArchitectureType").as_deref(),
        Some("Arm64")
    );
    assert_eq!(
        capability(named("Standard_NC4as_T4_v3"), "GPUs").as_deref(),
        Some("1")
    );
    assert_eq!(named("Standard_NC6s_v3")["restrictions"][0]["type"], "Location");
    assert_eq!(
        named("Standard_F8s_v2")["restrictions"][0]["restrictionInfo"]["zones"],
        json!(["2"])
    );
}

#[tokio::test]
async fn a_list_of_all_locations_comes_in_pages() {
    let az = Az::start().await;
    let mut url = format!(
        "{}/providers/Microsoft.Compute/skus?api-version=2021-07-01",
        az.prod()
    );
    let (mut count, mut pages) = (0, 0);
    loop {
        let seen = az.get(&url).await.expect(200);
        count += seen.items().len();
        pages += 1;
        match seen.body["nextLink"].as_str() {
            Some(next) => url = next.to_string(),
            None => break,
        }
    }
    assert!(pages > 3 && count > 1000, "{count} in {pages} pages");
}

#[tokio::test]
async fn quota_shows_what_is_left() {
    let az = Az::start().await;
    let path = |location: &str| {
        format!(
            "{}/providers/Microsoft.Compute/locations/{location}/usages?api-version=2024-03-01",
            az.prod()
        )
    };
    let seen = az.get(&path("northeurope")).await.expect(200);
    let of = |name: &str| {
        let usage = seen
            .items()
            .iter()
            .find(|usage| usage["name"]["value"] == name)
            .unwrap();
        (
            usage["currentValue"].as_u64().unwrap(),
            usage["limit"].as_u64().unwrap(),
        )
    };
    assert_eq!(of("standardDSv5Family"), (29, 40));
    assert_eq!(of("cores"), (45, 100));
    assert_eq!(of("StandardNCADSA100v4Family").1, 0);
    assert_eq!(
        az.get(&path("atlantis")).await.expect(400).code(),
        "NoRegisteredProviderFound"
    );
    let plain = format!(
        "{}/providers/Microsoft.Compute/locations/westeurope/vmSizes?api-version=2024-03-01",
        az.prod()
    );
    let sizes = az.get(&plain).await.expect(200);
    assert!(
        sizes
            .items()
            .iter()
            .any(|size| size["name"] == "Standard_D4s_v5" && size["numberOfCores"] == 4)
    );
}
