//! A container of a workspace's storage, as an uploader sees it.

use crate::common::Az;
use crate::near::{ML, main_group};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

pub(crate) fn workspace(az: &Az) -> String {
    format!(
        "{}/providers/Microsoft.MachineLearningServices/workspaces/ml-prod",
        main_group(az)
    )
}

/// What Blob Storage answered.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> &str {
        self.header("x-ms-error-code")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {}", self.code(), self.text());
        self
    }
}

pub(crate) async fn told(request: RequestBuilder) -> Told {
    let response = request.send().await.unwrap();
    Told {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

/// A container with a SAS.
pub(crate) struct Container {
    pub(crate) http: reqwest::Client,
    /// Without query.
    pub(crate) address: String,
    /// Without `?`.
    pub(crate) sas: String,
}

impl Container {
    /// A new container for code, and its `blobUri`.
    pub(crate) async fn for_code(az: &Az) -> Self {
        let path = format!(
            "{}/codes/{}/versions/1/startPendingUpload?{ML}",
            workspace(az),
            uuid(az)
        );
        let body = json!({ "pendingUploadType": "TemporaryBlobReference" });
        let started = az.post(&path, body).await.expect(200).body;
        let reference = &started["blobReferenceForConsumption"];
        let sas = reference["credential"]["sasUri"].as_str().unwrap();
        let (address, sas) = sas.split_once('?').unwrap();
        assert_eq!(reference["blobUri"], address);
        Self {
            http: az.http.clone(),
            address: address.to_owned(),
            sas: sas.to_owned(),
        }
    }

    pub(crate) fn with_sas(&self, sas: &str) -> Self {
        Self {
            http: self.http.clone(),
            address: self.address.clone(),
            sas: sas.to_owned(),
        }
    }

    pub(crate) fn ask(&self, method: Method, blob: &str, query: &str) -> RequestBuilder {
        let url = format!("{}{blob}?{query}{}", self.address, self.sas);
        self.http.request(method, url)
    }

    pub(crate) async fn get(&self, blob: &str) -> Told {
        told(self.ask(Method::GET, blob, "")).await
    }

    pub(crate) async fn head(&self, blob: &str) -> Told {
        told(self.ask(Method::HEAD, blob, "")).await
    }

    pub(crate) fn put(&self, blob: &str, body: impl Into<Vec<u8>>) -> RequestBuilder {
        self.ask(Method::PUT, blob, "")
            .header("x-ms-blob-type", "BlockBlob")
            .header("x-ms-version", "2026-10-06")
            .body(body.into())
    }

    pub(crate) async fn upload(&self, files: &[(&str, &str)]) {
        for (name, text) in files {
            told(self.put(&format!("/{name}"), *text)).await.expect(201);
        }
    }

    pub(crate) async fn put_block(&self, blob: &str, index: usize, body: &[u8]) -> Told {
        let query = format!("comp=block&blockid={}&", escaped(&block_id(index)));
        told(self.ask(Method::PUT, blob, &query).body(body.to_vec())).await
    }

    pub(crate) async fn commit(&self, blob: &str, indices: impl Iterator<Item = usize>) -> Told {
        let blocks: String = indices
            .map(|index| format!("<Latest>{}</Latest>", block_id(index)))
            .collect();
        let list = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{blocks}</BlockList>");
        told(self.ask(Method::PUT, blob, "comp=blocklist&").body(list)).await
    }
}

/// Ids of equal length.
pub(crate) fn block_id(index: usize) -> String {
    STANDARD.encode(format!("{index:08}"))
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// A name that no other asset has.
fn uuid(az: &Az) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let tenant = &az.ready().tenant_id;
    format!("{}{number:04x}", &tenant[..tenant.len() - 4])
}

/// Registers what was uploaded to a folder of a container, and returns the id of the code.
pub(crate) async fn register_code(az: &Az, container: &Container, folder: &str) -> String {
    let id = format!("{}/codes/{}/versions/1", workspace(az), uuid(az));
    let body = json!({ "properties": { "codeUri": format!("{}/{folder}", container.address), "isAnonymous": true } });
    az.put(&format!("{id}?{ML}"), body).await.expect(201);
    id
}

/// Uploads files as code and registers them.
pub(crate) async fn code(az: &Az, files: &[(&str, &str)]) -> String {
    let container = Container::for_code(az).await;
    let files: Vec<(String, &str)> = files
        .iter()
        .map(|(name, text)| (format!("src/{name}"), *text))
        .collect();
    for (name, text) in &files {
        container.upload(&[(name.as_str(), *text)]).await;
    }
    register_code(az, &container, "src").await
}

/// Uploads files to the workspace's blob store, as a model, and registers it.
pub(crate) async fn model(az: &Az, name: &str, kind: &str, files: &[(&str, &str)]) -> String {
    let store = format!("{}/datastores/workspaceblobstore", workspace(az));
    let body = json!({ "expirableSecret": true, "expireAfterHours": 1 });
    let secret = az
        .post(&format!("{store}/listSecrets?{ML}"), body)
        .await
        .expect(200)
        .body;
    let shown: Value = az.get(&format!("{store}?{ML}")).await.expect(200).body["properties"].clone();
    let text = |member: &str| shown[member].as_str().unwrap().to_owned();
    let container = Container {
        http: az.http.clone(),
        address: format!(
            "{}/{}/{}",
            az.ready().arm,
            text("accountName"),
            text("containerName")
        ),
        sas: secret["sasToken"].as_str().unwrap().to_owned(),
    };
    for (file, content) in files {
        container
            .upload(&[(&format!("LocalUpload/{name}/{file}"), *content)])
            .await;
    }
    let id = format!("{}/models/{name}/versions/1", workspace(az));
    let uri = format!(
        "azureml:/{}/datastores/workspaceblobstore/paths/LocalUpload/{name}",
        workspace(az)
    );
    let body = json!({ "properties": { "modelType": kind, "modelUri": uri } });
    az.put(&format!("{id}?{ML}"), body).await.expect(201);
    id
}

/// A deployment with an entry script.
pub(crate) fn with_code(id: &str) -> Value {
    json!({ "model": "azureml:echo:1", "codeConfiguration": { "codeId": id, "scoringScript": "score.py" } })
}
