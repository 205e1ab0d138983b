//! A cluster that Azure ML created together with its compute moves to the extension like any other.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_made_by_azure_ml_is_moved_to_the_green_proof() {
    let (world, cluster_id, compute_id) =
        attached("move-made-by-aml", Route::Classic, Some("ml.contoso.com")).await;
    let sandbox = world.sandbox.as_ref().unwrap();
    let edited = sandbox.edit_resource(&compute_id, |body| {
        body["properties"]["isAttachedCompute"] = false.into();
    });
    assert!(edited.unwrap());
    let end = world
        .change(Change::Move {
            compute_id: compute_id.clone(),
            new_compute: "moved".to_owned(),
            namespace: "models".to_owned(),
        })
        .await
        .unwrap();
    assert_succeeded(&end);
    assert_eq!(world.look(&cluster_id).await.computes.len(), 2);
    let end = world.change(Change::MoveFinish { compute_id }).await.unwrap();
    assert_succeeded(&end);
    // The compute is detached, never deleted: that would delete the cluster.
    let left = world.look(&cluster_id).await;
    assert_eq!(left.computes.len(), 1);
    assert_eq!(left.computes[0].compute.compute_type, "Kubernetes");
}
