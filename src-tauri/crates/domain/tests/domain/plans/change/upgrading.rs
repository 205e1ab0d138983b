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

#[test]
fn tier_and_support_plan_are_set_with_the_version_in_one_request() {
    let old = on(&classic(upgrade_with("1.32", LONG_TERM)), |found| {
        found.kubernetes_version = "1.31.4".into();
        found.pools[0].version = "1.31.4".into();
    });
    let is_long_term = |sent: &Value| {
        assert_eq!(sent["sku"]["tier"], "Premium");
        assert_eq!(sent["properties"]["supportPlan"], "AKSLongTermSupport");
        assert_eq!(
            sent["properties"]["autoUpgradeProfile"]["upgradeChannel"],
            "patch"
        );
    };
    assert_eq!(ids(&old), ["change_resource_whole_version", "confirm"]);
    is_long_term(&body(&old, "change_resource_whole_version"));
    let tier = Check::Support {
        cluster_id: good::cluster().id,
        tier: "Premium".into(),
        plan: "AKSLongTermSupport".into(),
    };
    assert_eq!(checks(&old)[1], tier);
    let costs = step(&old, "change_resource_whole_version").costs;
    assert_eq!(costs[0].code, "cost.tier");
    let supported = classic(upgrade_with("1.36", LONG_TERM));
    is_long_term(&body(&supported, "change_resource_control_plane"));
    let nodes_only = on(&classic(upgrade_with("1.35", LONG_TERM)), |found| {
        found.pools[0].version = "1.34.2".into()
    });
    assert_eq!(
        ids(&nodes_only),
        [
            "change_resource_support",
            "change_resource_pool_version_system",
            "confirm"
        ]
    );
}

#[test]
fn tier_and_support_plan_change_alone_and_back() {
    let gain = classic(supported(LONG_TERM));
    assert_eq!(ids(&gain), ["change_resource_support", "confirm"]);
    let sent = body(&gain, "change_resource_support");
    assert_eq!(sent["properties"]["kubernetesVersion"], "1.35.4");
    assert_eq!(sent["sku"]["tier"], "Premium");
    let undo = |good: &Good| step(good, "change_resource_support").undo;
    assert_eq!(undo(&gain).code, "undo.support");
    assert_eq!(undo(&gain).params["plan"], "KubernetesOfficial");
    let ended = on(&gain, |found| found.kubernetes_version = "1.33.8".into());
    assert_eq!(undo(&ended).code, "undo.support_stays");
    let lose = body(&classic(supported(COMMUNITY)), "change_resource_support");
    assert_eq!(lose["sku"]["tier"], "Standard");
    assert_eq!(lose["properties"]["supportPlan"], "KubernetesOfficial");
    assert!(lose["properties"].get("autoUpgradeProfile").is_none());
    assert!(
        step(&classic(supported(COMMUNITY)), "change_resource_support")
            .costs
            .is_empty()
    );
}
