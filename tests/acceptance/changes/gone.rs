//! A cluster that seems to be gone or empty: nothing is deleted or interrupted on the strength of a 404.

use super::disrupting::disrupting;
use super::users::{Fleet, blocking};
use super::*;
use serde_json::json;

/// The codes of a review.
async fn codes(fleet: &Fleet, change: &Change) -> Vec<String> {
    let found = fleet.findings(change, &[]).await;
    found.into_iter().map(|finding| finding.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_reads_as_gone_is_not_deleted_and_only_detached_with_a_warning() {
    let fleet = Fleet::new("gone-cluster").await;
    let legacy = fleet.cluster("northeurope", "aks-legacy-7f3a");
    fleet
        .refuse(&legacy, json!({ "status": 404, "code": "ResourceNotFound" }))
        .await;
    let compute_id = fleet.compute("northeurope", "legacy-7f3a");
    let delete = Change::DeleteWithCluster {
        compute_id: compute_id.clone(),
        confirm: "aks-legacy-7f3a".to_owned(),
    };
    let found = fleet.findings(&delete, &[]).await;
    assert!(blocking(&found).contains(&"CHG-01.compute"), "{found:#?}");
    let found = codes(&fleet, &Change::Detach { compute_id }).await;
    let about = |code: &str| found.iter().any(|one| one == code);
    assert!(about("ATT-18.gone"), "{found:?}");
    assert!(!about("ATT-18") && !about("CHG-03.none"), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compute_whose_cluster_is_gone_is_detached() {
    let fleet = Fleet::new("gone-detach").await;
    let compute_id = fleet.compute("uksouth", "campaign-old");
    let detach = Change::Detach {
        compute_id: compute_id.clone(),
    };
    let review = fleet.review(&detach, &[]).await;
    assert_eq!(blocking(&review.findings), Vec::<&str>::new());
    let plan = review.plan.unwrap();
    assert_eq!(plan.steps[0].undo.code, "undo.never");
    let end = fleet.0.change(detach).await.unwrap();
    assert_succeeded(&end);
    assert_eq!(super::codes(&end), ["gone.holds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kubernetes_api_that_finds_nothing_at_all_is_unread() {
    let fleet = Fleet::new("gone-api").await;
    fleet.refuse("/clusters/*", json!({ "status": 404 })).await;
    let mut reviewed = 0;
    for change in disrupting(&fleet) {
        if !change.depends_on("leftovers") {
            continue;
        }
        let found = fleet.findings(&change, &[]).await;
        assert!(!blocking(&found).is_empty(), "{change:?}: {found:#?}");
        let nobody = found.iter().any(|finding| finding.code == "CHG-03.none");
        let empty = found.iter().any(|finding| finding.code == "CLN-02");
        assert!(!nobody && !empty, "{change:?}: {found:#?}");
        reviewed += 1;
    }
    assert!(reviewed >= 9, "{reviewed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unread_about_a_detached_or_deleted_cluster_needs_consent() {
    let fleet = Fleet::new("gone-consent").await;
    let detach = |compute: &str| Change::Detach {
        compute_id: fleet.compute("northeurope", compute),
    };
    let delete = || Change::DeleteWithCluster {
        compute_id: fleet.compute("northeurope", "legacy-7f3a"),
        confirm: "aks-legacy-7f3a".to_owned(),
    };
    let refuse = |method: &str, path: &str| {
        json!({ "match": { "method": method, "path": path }, "do": { "status": 403, "code": "AuthorizationFailed",
            "message": "no" }, "times": 999 })
    };
    for (fault, change, code) in [
        (
            refuse("POST", "*/listCluster*"),
            detach("speech-test"),
            "unread.leftovers",
        ),
        (
            refuse("GET", "*/extensions?*"),
            detach("speech-test"),
            "unread.extensions",
        ),
        (refuse("GET", "*Authorization/locks*"), delete(), "unread.locks"),
    ] {
        fleet.0.fault(fault).await;
        let found = fleet.findings(&change, &[]).await;
        let asks: Vec<_> = found.iter().filter(|finding| finding.code == code).collect();
        assert!(blocking(&found).contains(&code), "{code}: {found:#?}");
        let consents: Vec<String> = asks.iter().map(|finding| finding.waiver()).collect();
        let agreed = fleet.findings(&change, &consents).await;
        assert_eq!(blocking(&agreed), [""; 0], "{code}: {agreed:#?}");
        fleet.0.clear_faults().await;
    }
}
