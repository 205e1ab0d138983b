//! Plans of Kubernetes upgrades.

use super::*;

#[test]
fn the_control_plane_is_upgraded_before_the_pools() {
    let all = on(&classic(upgrade("1.36", true)), |found| {
        found.pools.push(PoolFacts {
            name: "gpu".into(),
            mode: "User".into(),
            ..good::pool(1)
        });
        found.pools.push(PoolFacts {
            name: "new".into(),
            version: "1.36.0".into(),
            ..good::pool(1)
        });
    });
    assert_eq!(
        ids(&all),
        [
            "change_resource_control_plane",
            "change_resource_pool_version_system",
            "change_resource_pool_version_gpu",
            "confirm",
        ]
    );
    let cluster = good::cluster().id;
    assert_eq!(
        path(&all, "change_resource_control_plane"),
        format!("PUT {cluster}{CLUSTER_API}")
    );
    let sent = body(&all, "change_resource_control_plane");
    assert_eq!(sent["properties"]["kubernetesVersion"], "1.36");
    let pools = &sent["properties"]["agentPoolProfiles"];
    assert_eq!(
        pools[0]["orchestratorVersion"], "1.35.4",
        "nodes are upgraded later"
    );
    assert!(sent["properties"].get("fqdn").is_none() && sent.get("id").is_none());
    let nodes = body(&all, "change_resource_pool_version_system");
    assert_eq!(nodes["properties"]["orchestratorVersion"], "1.36");
    assert!(nodes["properties"].get("currentOrchestratorVersion").is_none());
    let version = Check::Version {
        cluster_id: cluster,
        version: "1.36".into(),
    };
    assert_eq!(checks(&all)[..2], [version, ready(3, 3, Some("1.36"))]);
    let alone = classic(upgrade("1.36", false));
    assert_eq!(ids(&alone), ["change_resource_control_plane", "confirm"]);
    let follow = on(&classic(upgrade("1.35", true)), |found| {
        found.pools[0].version = "1.34.2".into()
    });
    assert_eq!(ids(&follow), ["change_resource_pool_version_system", "confirm"]);
}

#[test]
fn a_version_out_of_support_is_upgraded_as_a_whole() {
    let old = on(&classic(upgrade("1.34", true)), |found| {
        found.kubernetes_version = "1.31.4".into();
        found.pools[0].version = "1.31.4".into();
    });
    assert_eq!(ids(&old), ["change_resource_whole_version", "confirm"]);
    let sent = &body(&old, "change_resource_whole_version")["properties"];
    assert_eq!(sent["kubernetesVersion"], "1.34");
    assert_eq!(sent["agentPoolProfiles"][0]["orchestratorVersion"], "1.34");
    assert_eq!(checks(&old)[1..], [ready(3, 3, Some("1.34"))]);
}
