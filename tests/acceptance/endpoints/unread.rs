//! What cannot be read is named, and the rest is still listed.

use super::*;
use berth_domain::facts::UnreadKind;

/// The unread places, as kind and name.
fn places(list: &EndpointList) -> Vec<(UnreadKind, &str)> {
    list.unread
        .iter()
        .map(|place| (place.what, place.name.as_str()))
        .collect()
}

/// The path of a list of a workspace.
fn list_of(location: &str, list: &str) -> String {
    format!("*workspaces/ml-{location}/{list}?*")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_list_is_named_and_the_others_are_read() {
    let serving = Serving::new("endpoints-closed").await;
    let (online, classic) = ("ml-germanywestcentral", "ml-westeurope");
    for (path, place, reason, left) in [
        (
            list_of(ONLINE.0, "onlineEndpoints"),
            (UnreadKind::Services, online),
            "onlineEndpoints: AuthorizationFailed",
            &["churn", "trial"][..],
        ),
        (
            list_of(CLASSIC.0, "services"),
            (UnreadKind::Services, classic),
            "services: AuthorizationFailed",
            &["scores"],
        ),
        (
            list_of(CLASSIC.0, "computes"),
            (UnreadKind::Workspace, classic),
            "AuthorizationFailed",
            &["churn", "scores", "trial"],
        ),
    ] {
        serving.fleet.refuse(&path, json!({ "status": 403 })).await;
        let list = serving.read().await;
        assert_eq!(
            (places(&list), names(&list).as_slice()),
            (vec![place], left),
            "{path}: {:#?}",
            list.unread
        );
        assert!(list.unread[0].why.starts_with(reason), "{:#?}", list.unread);
        serving.world().clear_faults().await;
    }
    // Without its computes, the cluster of an endpoint is unknown.
    serving
        .fleet
        .refuse(&list_of(CLASSIC.0, "computes"), json!({ "status": 403 }))
        .await;
    let list = serving.read().await;
    let (churn, scores) = (named(&list, "churn"), named(&list, "scores"));
    assert_eq!(
        (churn.compute_name.as_deref(), &churn.cluster_id),
        (Some(CLASSIC.1), &None)
    );
    assert!(scores.cluster_id.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_or_subscription_that_cannot_be_read_is_told_from_one_that_is_gone() {
    let serving = Serving::new("endpoints-gone").await;
    let everything = format!("*workspaces/ml-{}/*", ONLINE.0);
    let itself = format!("*workspaces/ml-{}?*", ONLINE.0);
    // A 404 for its lists alone does not mean that a workspace is gone.
    serving.fleet.refuse(&everything, json!({ "status": 404 })).await;
    let list = serving.read().await;
    let place = |what| (what, "ml-germanywestcentral");
    assert_eq!(
        places(&list),
        [UnreadKind::Workspace, UnreadKind::Services, UnreadKind::Services].map(place),
        "{list:#?}"
    );
    serving.fleet.refuse(&itself, json!({ "status": 404 })).await;
    let list = serving.read().await;
    assert_eq!(
        (places(&list), names(&list)),
        (Vec::new(), vec!["churn", "trial"])
    );
    serving.world().clear_faults().await;
    let subscription = &serving.world().ready.subscription_ids[0];
    let workspaces = format!("*{subscription}/providers/*/workspaces?*");
    serving.fleet.refuse(&workspaces, json!({ "status": 403 })).await;
    let list = serving.read().await;
    assert_eq!(list.unread.len(), 1, "{list:#?}");
    assert_eq!(
        (list.unread[0].what, names(&list).len()),
        (UnreadKind::Subscription, 0)
    );
    let last = serving.last().await.unwrap();
    assert_eq!(
        names(&last),
        ["churn", "trial"],
        "a list of nothing replaces none"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_that_cannot_be_read_are_not_taken_for_none() {
    let serving = Serving::new("endpoints-versions").await;
    serving.add_online("prices").await;
    let deployments = "*/onlineEndpoints/scores/deployments?*";
    for (status, reason) in [(403, "AuthorizationFailed"), (404, "ResourceNotFound")] {
        serving
            .fleet
            .refuse(deployments, json!({ "status": status }))
            .await;
        let list = serving.read().await;
        assert!(list.unread.is_empty(), "{list:#?}");
        let scores = named(&list, "scores");
        assert!(scores.versions.is_empty(), "{scores:#?}");
        let why = scores.versions_unread.as_deref().unwrap_or_default();
        assert!(why.starts_with(reason), "{why}");
        assert_eq!(named(&list, "prices").versions.len(), 2);
        serving.world().clear_faults().await;
    }
    // An endpoint that is deleted while it is read is gone.
    for path in [deployments, "*/onlineEndpoints/scores?*"] {
        serving
            .fleet
            .refuse(path, json!({ "status": 404, "code": "NotFound" }))
            .await;
    }
    assert_eq!(names(&serving.read().await), ["churn", "prices", "trial"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_is_kept_when_the_second_is_lost() {
    let serving = Serving::new("endpoints-pages").await;
    serving.add_online("prices").await;
    for (location, list) in [(ONLINE.0, "onlineEndpoints"), (CLASSIC.0, "services")] {
        let path = list_of(location, list);
        serving
            .fleet
            .refuse(&path.replace("?*", "?*skip*"), json!({ "status": 500 }))
            .await;
        serving.fleet.refuse(&path, json!({ "page_size": 1 })).await;
        let read = serving.read().await;
        assert_eq!(read.unread.len(), 1, "{read:#?}");
        assert_eq!(
            (read.unread[0].what, read.endpoints.len()),
            (UnreadKind::Services, 3),
            "{read:#?}"
        );
        serving.world().clear_faults().await;
    }
    let deployments = "*/onlineEndpoints/scores/deployments?*";
    serving
        .fleet
        .refuse(&deployments.replace("?*", "?*skip*"), json!({ "status": 404 }))
        .await;
    serving.fleet.refuse(deployments, json!({ "page_size": 1 })).await;
    let list = serving.read().await;
    let scores = named(&list, "scores");
    assert_eq!(traffic(scores), [("blue", Some(90))]);
    assert!(scores.versions_unread.is_some(), "{scores:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_subscription_reading_fails() {
    let serving = Serving::new("endpoints-subscriptions").await;
    serving.read().await;
    serving
        .fleet
        .refuse("/subscriptions?*", json!({ "status": 403 }))
        .await;
    let failure = serving
        .world()
        .berth
        .read_endpoints(RUNNING_SANDBOX)
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::Forbidden, "{failure:?}");
    let last = serving.last().await.unwrap();
    assert_eq!(names(&last), ["churn", "scores", "trial"]);
}
