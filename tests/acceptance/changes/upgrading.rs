//! Upgrades that AKS accepts only in one request.

use super::users::{Fleet, blocking};
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_out_of_support_skips_to_a_supported_version_with_all_its_nodes() {
    let fleet = Fleet::new("upgrade-whole").await;
    let cluster_id = fleet.cluster("francecentral", "aks-claims-prod");
    let upgrade = |nodes| Change::Upgrade {
        cluster_id: cluster_id.clone(),
        version: "1.34.7".to_owned(),
        nodes,
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
