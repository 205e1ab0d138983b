//! The way into a cluster, for those who have it and those who do not.

use crate::common::{Az, fast, read};
use crate::near::{AKS, Way, cluster_id};
use berth_sandbox::Options;
use serde_json::{Value, json};

#[tokio::test]
async fn an_administrator_reads_and_writes_and_nobody_else() {
    let az = Az::start().await;
    let way = Way::into(&az, "aks-ml-prod").await;
    assert_eq!(
        way.get("/version").await.expect(200).body["gitVersion"],
        "v1.35.4"
    );
    way.post("/api/v1/namespaces", &json!({ "metadata": { "name": "models" } }))
        .await
        .expect(201);
    let other = Way::into(&az, "aks-ml-small").await;
    let names = other.get("/api/v1/namespaces").await.expect(200);
    assert!(
        !names.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["metadata"]["name"] == "models")
    );
    let crossed = way.server().rsplit('/').next().unwrap().to_string();
    let crossed = other.get(&format!("/../{crossed}/api/v1/namespaces")).await;
    assert_eq!(
        crossed.status, 401,
        "a certificate opens its own cluster: {}",
        crossed.body
    );
    let nobody = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .no_proxy()
        .build()
        .unwrap();
    let refused = read(
        nobody
            .get(format!("{}/api/v1/namespaces", way.server()))
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(
        (refused.status, refused.body["reason"].as_str()),
        (401, Some("Unauthorized"))
    );
}

#[tokio::test]
async fn a_stopped_cluster_does_not_answer() {
    let az = Az::start().await;
    let id = cluster_id(&az, "aks-ml-prod");
    let way = Way::into(&az, "aks-ml-prod").await;
    let stopped = az
        .post(&format!("{id}/stop?{AKS}"), Value::Null)
        .await
        .expect(202);
    az.finish(&stopped).await;
    let refused = az
        .post(&format!("{id}/listClusterAdminCredential?{AKS}"), Value::Null)
        .await
        .expect(400);
    assert_eq!(refused.code(), "OperationNotAllowed");
    let url = format!("{}/version", way.server());
    let nobody = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .no_proxy()
        .build()
        .unwrap();
    assert!(nobody.get(url).send().await.is_err());
}

#[tokio::test]
async fn what_is_inside_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        state_dir: Some(folder.path().to_path_buf()),
        ..fast()
    };
    let az = Az::with(options()).await;
    let way = Way::into(&az, "aks-ml-prod").await;
    way.post("/api/v1/namespaces", &json!({ "metadata": { "name": "models" } }))
        .await
        .expect(201);
    az.sandbox.stop().await;
    let again = Az::with(options()).await;
    let same = way.get("/api/v1/namespaces/models").await;
    assert_eq!(
        same.status, 200,
        "the same kubeconfig leads to the same cluster: {}",
        same.body
    );
    drop(again);
}
