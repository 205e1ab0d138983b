//! Facts are read where a change takes effect: on the cluster itself.

use super::*;
use berth_domain::spec::{ClusterChoice, VnetChoice};
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

/// Locks a scope under the name `keep`.
async fn lock(world: &World, scope: &str, level: &str) {
    let session = world
        .berth
        .session(berth_app::accounts::RUNNING_SANDBOX)
        .await
        .unwrap();
    let sent = crate::harness::outgoing(
        reqwest::Method::PUT,
        format!("{scope}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01"),
        Some(json!({ "properties": { "level": level } })),
    );
    session.arm.send(&sent).await.unwrap();
}

/// A resource group that does not exist yet inherits the locks of its subscription.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_on_the_subscription_protects_a_group_still_to_be_made() {
    let world = World::new("subscription-locked").await;
    let mut spec = world.production_extension();
    spec.place.resource_group = "rg-fresh".to_owned();
    spec.place.new_resource_group = true;
    let whole = format!("/subscriptions/{}", spec.place.subscription_id);
    lock(&world, &whole, "ReadOnly").await;
    let refused = world.run(spec).await.unwrap_err();
    assert_eq!(refused.params["rules"], "ATT-26");
}

/// A policy that requires a tag is met with the tags of the specification.
#[tokio::test(flavor = "multi_thread")]
async fn a_required_tag_is_set_in_the_specification() {
    let world = World::new("required-tag").await;
    let mut spec = world.production_extension();
    let group = format!(
        "/subscriptions/{}/resourceGroups/{}",
        spec.place.subscription_id, spec.place.resource_group
    );
    let session = world
        .berth
        .session(berth_app::accounts::RUNNING_SANDBOX)
        .await
        .unwrap();
    // "Require a tag on resources".
    let policy = "/providers/Microsoft.Authorization/policyDefinitions/871b6d14-10aa-478d-b590-94f262ecfa99";
    let sent = crate::harness::outgoing(
        reqwest::Method::PUT,
        format!(
            "{group}/providers/Microsoft.Authorization/policyAssignments/require-owner?api-version=2024-04-01"
        ),
        Some(json!({ "properties": {
            "policyDefinitionId": policy,
            "parameters": { "tagName": { "value": "owner" } },
        } })),
    );
    session.arm.send(&sent).await.unwrap();
    let refused = world.run(spec.clone()).await.unwrap_err();
    assert_eq!(refused.params["rules"], "POL-02");
    let review = world.berth.review(&world.on(spec.clone())).await.unwrap();
    let denied = review.findings.iter().find(|found| found.rule == "POL-02");
    let denied = denied.unwrap();
    assert_eq!(
        (denied.field.as_deref(), denied.params["tags"].as_str()),
        (Some("place.tags"), "owner")
    );
    spec.place.tags = [("Owner".to_owned(), "platform".to_owned())].into();
    assert_succeeded(&world.run(spec).await.unwrap());
}

/// Permissions that cannot be read where they count.
async fn refuse_permissions(world: &World, scope: &str) {
    let refusing = json!({
        "match": {
            "method": "GET",
            "path": format!("*{scope}/providers/Microsoft.Authorization/permissions*"),
        },
        "do": { "status": 403, "code": "AuthorizationFailed", "message": "not yours" },
        "times": 100,
    });
    world.fault(refusing).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_to_join_a_subnet_is_read_on_the_subnet() {
    let world = World::new("subnet-rights").await;
    let mut spec = world.production_extension();
    spec.network.vnet = Some(VnetChoice {
        resource_group: "rg-network-prod".to_owned(),
        name: "vnet-ml-weu".to_owned(),
        subnet: "routed".to_owned(),
        ..VnetChoice::default()
    });
    let codes = async || -> Vec<String> {
        let review = world.berth.review(&world.on(spec.clone())).await.unwrap();
        let about = |code: &String| code.contains("_rights") || code.starts_with("ATT-22");
        let codes = review.findings.into_iter().map(|found| found.code);
        codes.filter(about).collect()
    };
    assert!(codes().await.is_empty());
    refuse_permissions(&world, "virtualNetworks/vnet-ml-weu/subnets/routed").await;
    assert_eq!(codes().await, ["unread.subnet_rights"]);
}

/// A workspace whose permissions cannot be read is accepted by name.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_not_deleted_while_rights_on_a_workspace_are_unread() {
    let world = World::new("workspace-rights").await;
    let spec = world.attach_existing(Route::Extension);
    assert_succeeded(&world.run(spec.clone()).await.unwrap());
    let id = spec.cluster_id().unwrap();
    let delete = Change::DeleteCluster {
        confirm: id.rsplit('/').next().unwrap().to_owned(),
        cluster_id: id,
    };
    let workspace = spec.place.workspace.resource_id().unwrap();
    refuse_permissions(&world, &format!("workspaces/{}", spec.place.workspace.name)).await;
    let review = world.berth.review(&world.changing(delete.clone())).await.unwrap();
    let found = review.findings.iter();
    let found = found.filter(|found| found.code == "ATT-22.workspace");
    let resources: Vec<Option<String>> = found.map(|found| found.resource.clone()).collect();
    assert_eq!(resources, [Some(workspace)]);
    let refused = world.change(delete).await.unwrap_err();
    assert!(refused.params["rules"].contains("ATT-22"), "{refused:?}");
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
    let nodes = format!("/subscriptions/{subscription}/resourceGroups/{nodes}");
    lock(&world, &nodes, "CanNotDelete").await;
    let stop = Change::Power {
        cluster_id: id.clone(),
        running: false,
    };
    let review = world.berth.review(&world.changing(stop.clone())).await.unwrap();
    let found = review
        .findings
        .iter()
        .find(|found| found.code == "ATT-26.nodes_later")
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
