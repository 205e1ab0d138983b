//! Upgrades that AKS accepts only in one request.

use super::users::{Fleet, blocking};
use super::*;
use berth_domain::change::Support;
use berth_domain::spec::Tier;

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_out_of_support_skips_to_a_supported_version_with_all_its_nodes() {
    let fleet = Fleet::new("upgrade-whole").await;
    let cluster_id = fleet.cluster("francecentral", "aks-claims-prod");
    let upgrade = |nodes| Change::Upgrade {
        cluster_id: cluster_id.clone(),
        version: "1.34.7".to_owned(),
        nodes,
        support: None,
    };
    let review = fleet.review(&upgrade(false), &[]).await;
    assert_eq!(blocking(&review.findings), ["VER-14"], "{:#?}", review.findings);
    let end = fleet.0.change(upgrade(true)).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
    let cluster = fleet.0.look(&cluster_id).await.cluster;
    assert_eq!(cluster.kubernetes_version, "1.34.7");
    assert!(cluster.pools.iter().all(|pool| pool.version == "1.34.7"));
    let puts = fleet.0.exchanges("PUT", "/aks-claims-prod");
    assert_eq!(puts.len(), 1, "{puts:#?}");
}

const LONG_TERM: Support = Support {
    long_term_support: true,
    tier: Tier::Premium,
    patch_upgrades: true,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_version_with_long_term_support_only_gets_it_in_the_same_request() {
    let fleet = Fleet::new("upgrade-long-term").await;
    let cluster_id = fleet.cluster("francecentral", "aks-claims-prod");
    let upgrade = |support| Change::Upgrade {
        cluster_id: cluster_id.clone(),
        version: "1.32.11".to_owned(),
        nodes: true,
        support,
    };
    let review = fleet.review(&upgrade(None), &[]).await;
    assert_eq!(blocking(&review.findings), ["VER-15"], "{:#?}", review.findings);
    let end = fleet.0.change(upgrade(Some(LONG_TERM))).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(codes(&end)[..2], ["version.holds", "support.holds"]);
    let cluster = fleet.0.look(&cluster_id).await.cluster;
    assert_eq!(cluster.kubernetes_version, "1.32.11");
    assert_eq!(
        (cluster.tier.as_str(), cluster.support_plan.as_str()),
        ("Premium", "AKSLongTermSupport")
    );
    let puts = fleet.0.exchanges("PUT", "/aks-claims-prod");
    assert_eq!(puts.len(), 1, "{puts:#?}");
    // Its community support has ended, so only an upgrade can leave long-term support.
    let back = |support| Change::Support {
        cluster_id: cluster_id.clone(),
        support,
    };
    let community = Support {
        long_term_support: false,
        tier: Tier::Standard,
        patch_upgrades: false,
    };
    let review = fleet.review(&back(community), &[]).await;
    assert_eq!(
        blocking(&review.findings),
        ["VER-15.stays"],
        "{:#?}",
        review.findings
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tier_and_support_plan_change_there_and_back() {
    let (world, cluster_id, _) = attached("change-support", Route::Extension, None).await;
    let before = world.look(&cluster_id).await.cluster;
    let to = |support| Change::Support {
        cluster_id: cluster_id.clone(),
        support,
    };
    assert_succeeded(&world.change(to(LONG_TERM)).await.unwrap());
    let now = world.look(&cluster_id).await.cluster;
    assert_eq!(
        (now.tier.as_str(), now.support_plan.as_str()),
        ("Premium", "AKSLongTermSupport")
    );
    assert_eq!(now.kubernetes_version, before.kubernetes_version);
    let community = Support {
        long_term_support: false,
        tier: Tier::Free,
        patch_upgrades: false,
    };
    let end = world.change(to(community)).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(codes(&end), ["support.holds"]);
    let now = world.look(&cluster_id).await.cluster;
    assert_eq!(
        (now.tier.as_str(), now.support_plan.as_str()),
        ("Free", "KubernetesOfficial")
    );
}
