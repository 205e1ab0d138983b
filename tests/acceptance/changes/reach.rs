//! Facts are read where a change takes effect: on the cluster itself.

use super::*;
use serde_json::json;

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
