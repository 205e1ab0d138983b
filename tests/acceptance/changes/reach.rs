//! Facts are read where a change takes effect: on the cluster itself.

use super::*;
use berth_domain::spec::ClusterChoice;
use serde_json::json;

/// Names and a location beside the id do not matter: without them, the same facts are read.
#[tokio::test(flavor = "multi_thread")]
async fn facts_come_from_the_cluster_itself() {
    let world = World::new("facts-of-cluster").await;
    for route in [Route::Classic, Route::Extension] {
        let spec = world.attach_existing(route);
        let mut bare = spec.clone();
        bare.place.resource_group.clear();
        bare.place.cluster_name.clear();
        bare.place.location.clear();
        let id = spec.cluster_id().unwrap();
        let small = format!("{}/aks-ml-small", id.rsplit_once('/').unwrap().0);
        bare.cluster = ClusterChoice::Existing { resource_id: small };
        let review = world.berth.review(&world.on(bare)).await.unwrap();
        let codes: Vec<&str> = review.findings.iter().map(|found| found.code.as_str()).collect();
        let wanted = match route {
            Route::Classic => "CPU-01",
            Route::Extension => "CPU-23",
        };
        assert!(codes.contains(&wanted), "{codes:?}");
        assert!(!codes.iter().any(|code| code.starts_with("unread.")), "{codes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_location_that_is_not_the_clusters_is_refused() {
    let world = World::new("wrong-location").await;
    let mut spec = world.attach_existing(Route::Classic);
    spec.place.location = "northeurope".to_owned();
    spec.place.cluster_name = "another".to_owned();
    let refused = world.run(spec).await.unwrap_err();
    assert_eq!(refused.params["rules"], "ATT-32, ATT-35");
}

/// A lock where the nodes are holds AKS up, as a review says in advance.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_on_the_nodes_group_holds_a_cluster_up() {
    let world = World::new("nodes-locked").await;
    let spec = world.attach_existing(Route::Extension);
    let id = spec.cluster_id().unwrap();
    let user = other_user::OtherUser::of(&world).await;
    let cluster = user.find(&id, "2024-02-01").await.unwrap();
    let nodes = cluster["properties"]["nodeResourceGroup"].as_str().unwrap();
    let subscription = &spec.place.subscription_id;
    let lock = format!(
        "/subscriptions/{subscription}/resourceGroups/{nodes}/providers/Microsoft.Authorization/locks/keep"
    );
    let session = world
        .berth
        .session(berth_app::accounts::RUNNING_SANDBOX)
        .await
        .unwrap();
    let sent = crate::harness::outgoing(
        reqwest::Method::PUT,
        format!("{lock}?api-version=2020-05-01"),
        Some(json!({ "properties": { "level": "CanNotDelete" } })),
    );
    session.arm.send(&sent).await.unwrap();
    let stop = Change::Power {
        cluster_id: id.clone(),
        running: false,
    };
    let review = world.berth.review(&world.changing(stop.clone())).await.unwrap();
    let found = review
        .findings
        .iter()
        .find(|found| found.code == "ATT-26.nodes")
        .unwrap();
    assert_eq!(found.params["name"], "keep");
    let end = world.change(stop).await.unwrap();
    assert_eq!(end.summary.state, RunState::Failed);
    let delete = Change::DeleteCluster {
        confirm: id.rsplit('/').next().unwrap().to_owned(),
        cluster_id: id,
    };
    let refused = world.change(delete).await.unwrap_err();
    assert_eq!(refused.params["rules"], "ATT-26");
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_on_a_cluster_do_not_need_its_group() {
    let world = World::new("rights-on-cluster").await;
    let spec = world.attach_existing(Route::Extension);
    let group = &spec.place.resource_group;
    let refusing = json!({
        "match": {
            "method": "GET",
            "path": format!("*/resourceGroups/{group}/providers/Microsoft.Authorization/permissions*"),
        },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not yours" },
        "times": 100,
    });
    world.fault(refusing).await;
    let review = world.berth.review(&world.on(spec.clone())).await.unwrap();
    let about_rights = |code: &str| code.starts_with("ATT-22") || code.ends_with("_rights");
    assert!(
        review.findings.iter().all(|found| !about_rights(&found.code)),
        "{:#?}",
        review.findings
    );
    assert_succeeded(&world.run(spec).await.unwrap());
}
