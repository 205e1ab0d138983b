//! Access to a cluster's API.

use crate::common::{Az, fast, read};
use crate::near::{AKS, Way, cluster_id};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_sandbox::Options;
use serde_json::{Value, json};

#[tokio::test]
async fn only_an_administrator_reads_and_writes() {
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
async fn a_cluster_with_entra_id_takes_tokens_for_clusters_and_no_others() {
    let az = Az::start().await;
    let id = cluster_id(&az, "aks-ml-prod");
    let way = Way::into(&az, "aks-ml-prod").await;
    let url = format!("{}/api/v1/namespaces", way.server());
    let anybody = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .no_proxy()
        .build()
        .unwrap();
    let with = async |token: &str| {
        let answer = anybody.get(&url).bearer_auth(token).send().await.unwrap();
        answer.status().as_u16()
    };
    let token = az
        .ask_token("6dae42f8-4368-4678-94ff-3960e28e3630/.default")
        .await
        .expect(200);
    let token = token.body["access_token"].as_str().unwrap();
    assert_eq!(with(token).await, 401, "there is no Entra ID yet");
    let mut body = az.get(&format!("{id}?{AKS}")).await.expect(200).body;
    body["properties"]["aadProfile"] = json!({ "managed": true, "enableAzureRBAC": true });
    let changed = az.put(&format!("{id}?{AKS}"), body).await.expect(200);
    az.finish(&changed).await;
    assert_eq!(with(token).await, 200);
    assert_eq!(with(&az.token).await, 401, "a token for Azure Resource Manager");
    assert_eq!(with(&format!("{token}x")).await, 401);
    let user = az
        .post(
            &format!("{id}/listClusterUserCredential?{AKS}&format=exec"),
            Value::Null,
        )
        .await
        .expect(200);
    let text = user.body["kubeconfigs"][0]["value"].as_str().unwrap();
    let text = String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
    assert!(
        text.contains("command: kubelogin") && text.contains(way.server()),
        "{text}"
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
async fn cluster_objects_survive_a_restart() {
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
