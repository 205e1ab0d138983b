//! A classic compute, and what is done with it.

use crate::common::{Az, Seen};
use crate::container::{Told, told, workspace};
use crate::endpoint::{Scored, caller, scored};
use crate::near::{ML, Way, classic_body, cluster_id, compute_id, pair};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::io::Write as _;

const HOST: &str = "old.contoso.com";
/// A classic compute on the cluster of the seed.
pub(crate) struct Site {
    pub(crate) az: Az,
    /// Address of the model management API, for the workspace.
    pub(crate) mms: String,
    http: Client,
}

/// A gzipped tar file with one file.
fn packed(name: &str, content: &str) -> Vec<u8> {
    let mut head = [0_u8; 512];
    head[..name.len()].copy_from_slice(name.as_bytes());
    head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    head[156] = b'0';
    let mut all = head.to_vec();
    all.extend_from_slice(content.as_bytes());
    all.resize(all.len().div_ceil(512) * 512 + 1024, 0);
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(&all).unwrap();
    packer.finish().unwrap()
}

impl Site {
    pub(crate) async fn new() -> Self {
        let az = Az::start().await;
        let (cert, key) = pair(HOST);
        let ssl = json!({ "status": "Enabled", "cname": HOST, "cert": cert, "key": key });
        let body = classic_body(
            &cluster_id(&az, "aks-ml-prod"),
            json!({ "sslConfiguration": ssl }),
        );
        let seen = az
            .put(&format!("{}?{ML}", compute_id(&az, "classic")), body)
            .await
            .expect(201);
        az.finish(&seen).await;
        let front = Way::into(&az, "aks-ml-prod").await.front_end("default").await;
        let http = caller(&front, HOST, &cert);
        let planes = az.get("/discovery").await.expect(200).body;
        let host = planes["modelmanagement"].as_str().unwrap();
        let mms = format!("{host}/modelmanagement/v1.0{}", workspace(&az));
        Self { az, mms, http }
    }

    /// Uploads a file as an artifact; returns its address `aml://artifact/…`.
    pub(crate) async fn artifact(&self, path: &str, content: Vec<u8>) -> String {
        let id = format!("c{}", content.len());
        let batch = format!(
            "/artifact/v2.0{}/artifacts/batch/metadata/LocalUpload/{id}",
            workspace(&self.az)
        );
        let made = self
            .az
            .post(&batch, json!({ "paths": [{ "path": path }] }))
            .await
            .expect(200)
            .body;
        let uri = made["artifactContentInformation"][path]["contentUri"]
            .as_str()
            .unwrap();
        let written = self.blob(Method::PUT, uri, content).await.expect(201);
        assert!(!written.header("etag").is_empty());
        self.blob(Method::HEAD, uri, Vec::new()).await.expect(200);
        format!(
            "aml://artifact/{}",
            made["artifacts"][path]["artifactId"].as_str().unwrap()
        )
    }

    /// A request to an address with a host of its own, which not every resolver knows.
    pub(crate) async fn blob(&self, method: Method, uri: &str, content: Vec<u8>) -> Told {
        let host = uri.split("://").nth(1).unwrap().split(':').next().unwrap();
        let port = self.az.ready().arm.rsplit_once(':').unwrap().1;
        let ca = std::fs::read(&self.az.ready().ca_file).unwrap();
        let http = Client::builder()
            .no_proxy()
            .tls_certs_only([reqwest::Certificate::from_pem(&ca).unwrap()])
            .resolve(host, format!("127.0.0.1:{port}").parse().unwrap())
            .build()
            .unwrap();
        told(
            http.request(method, uri)
                .header("x-ms-blob-type", "BlockBlob")
                .body(content),
        )
        .await
    }

    pub(crate) async fn model(&self, name: &str, content: &str) -> String {
        let url = self
            .artifact(&format!("{name}.json"), content.as_bytes().to_vec())
            .await;
        let prefix = url.trim_start_matches("aml://artifact/");
        let asset = json!({ "name": name, "artifacts": [{ "prefix": prefix }] });
        let asset = self
            .az
            .post(&format!("{}/assets", self.mms), asset)
            .await
            .expect(200)
            .body;
        let url = format!("aml://asset/{}", asset["id"].as_str().unwrap());
        let model = self
            .az
            .post(
                &format!("{}/models", self.mms),
                json!({ "name": name, "url": url }),
            )
            .await;
        model.expect(200).body["id"].as_str().unwrap().to_owned()
    }

    /// What a service is made of.
    pub(crate) async fn image(&self, script: &str, model: &str) -> Value {
        let url = self.artifact("x.tar.gz", packed("src/score.py", script)).await;
        json!({ "driverProgram": "main.py", "modelIds": [model],
            "assets": [{ "id": "x.tar.gz", "url": url, "mimeType": "application/octet-stream", "unpack": true }],
            "environment": { "name": "mine", "environmentVariables": { "AZUREML_ENTRY_SCRIPT": "src/score.py" } } })
    }

    pub(crate) async fn create(&self, body: Value) -> Value {
        let seen = self
            .az
            .post(&format!("{}/services", self.mms), body)
            .await
            .expect(202);
        self.finish(&seen).await
    }

    pub(crate) async fn patch(&self, name: &str, patch: Value) -> Value {
        let seen = self
            .az
            .patch(&format!("{}/services/{name}", self.mms), patch)
            .await
            .expect(202);
        self.finish(&seen).await
    }

    pub(crate) async fn finish(&self, started: &Seen) -> Value {
        let url = started.header("operation-location");
        self.az
            .wait(url, |seen| seen.body["state"] != "Running")
            .await
            .body
    }

    pub(crate) async fn service(&self, name: &str) -> Value {
        let path = format!("{}/services/{name}?expand=true", self.mms);
        self.az.get(&path).await.expect(200).body
    }

    pub(crate) async fn key(&self, name: &str) -> String {
        let keys = self
            .az
            .post(&format!("{}/services/{name}/listkeys", self.mms), Value::Null)
            .await;
        keys.expect(200).body["primaryKey"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn score(&self, uri: &Value, key: &str) -> Scored {
        let request = self.http.post(uri.as_str().unwrap()).bearer_auth(key);
        scored(request.json(&json!({ "data": [[2]] }))).await
    }
}

pub(crate) fn service(name: &str, image: &Value) -> Value {
    json!({ "name": name, "computeType": "AKS", "computeName": "classic", "environmentImageRequest": image })
}
