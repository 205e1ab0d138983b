//! An online endpoint on the cluster of the seed, and calls to it.

use crate::common::{Az, Seen};
use crate::container::workspace;
use crate::near::{EXT, ML, Way, base64, cluster_id, compute_id, extension_body, extension_id, pair};
use reqwest::Client;
use serde_json::{Value, json};

const HOST: &str = "ml.contoso.com";

/// A cluster with the extension, and a compute on it.
pub(crate) struct Site {
    pub(crate) az: Az,
    pub(crate) compute: String,
    http: Client,
}

/// What a scoring request was answered.
#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) status: u16,
    /// The deployment or version that answered.
    pub(crate) by: String,
    pub(crate) body: Value,
}

pub(crate) async fn scored(request: reqwest::RequestBuilder) -> Scored {
    let answer = request.send().await.unwrap();
    let by = answer.headers().get("azureml-model-deployment");
    Scored {
        status: answer.status().as_u16(),
        by: by
            .map(|name| name.to_str().unwrap().to_owned())
            .unwrap_or_default(),
        body: answer.json().await.unwrap(),
    }
}

/// A client that trusts a certificate and resolves its name to a front end.
pub(crate) fn caller(front: &Value, name: &str, certificate: &str) -> Client {
    let address = front["status"]["loadBalancer"]["ingress"][0]["ip"]
        .as_str()
        .unwrap();
    let port = front["spec"]["ports"][0]["port"].as_u64().unwrap();
    Client::builder()
        .no_proxy()
        .resolve(name, format!("{address}:{port}").parse().unwrap())
        .tls_certs_only([reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap()])
        .build()
        .unwrap()
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::of(Az::start().await).await
    }

    pub(crate) async fn of(az: Az) -> Self {
        let (cert, key) = pair(HOST);
        let protected = json!({ "scoringFe.sslCert": base64(&cert), "scoringFe.sslKey": base64(&key) });
        let body = extension_body(json!({ "sslCname": HOST }), protected);
        let seen = az
            .put(&format!("{}?{EXT}", extension_id(&az, "aks-ml-prod")), body)
            .await;
        az.finish(&seen.expect(201)).await;
        let compute = compute_id(&az, "serving");
        attach(&az, &compute, "default").await;
        let front = Way::into(&az, "aks-ml-prod").await.front_end("azureml").await;
        let http = caller(&front, HOST, &cert);
        Self { az, compute, http }
    }

    pub(crate) fn endpoint(&self, name: &str) -> String {
        format!("{}/onlineEndpoints/{name}", workspace(&self.az))
    }

    pub(crate) fn body(&self, traffic: Value) -> Value {
        json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" }, "tags": {},
            "properties": { "authMode": "Key", "compute": self.compute, "traffic": traffic } })
    }

    /// Writes an endpoint and waits for the end of the operation.
    pub(crate) async fn write(&self, name: &str, traffic: Value) -> Value {
        let path = format!("{}?{ML}", self.endpoint(name));
        let seen = self.az.put(&path, self.body(traffic)).await.expect(201);
        self.az.finish(&seen).await
    }

    pub(crate) async fn put(&self, endpoint: &str, name: &str, properties: Value) -> Seen {
        let path = format!("{}/deployments/{name}?{ML}", self.endpoint(endpoint));
        let mut body = json!({ "location": "westeurope", "properties": properties });
        body["properties"]["endpointComputeType"] = json!("Kubernetes");
        self.az.put(&path, body).await
    }

    /// Deploys and returns how the operation ended.
    pub(crate) async fn deploy(&self, endpoint: &str, name: &str, properties: Value) -> Value {
        let seen = self.put(endpoint, name, properties).await.expect(201);
        self.az.finish(&seen).await
    }

    pub(crate) async fn deployment(&self, endpoint: &str, name: &str) -> Value {
        let path = format!("{}/deployments/{name}?{ML}", self.endpoint(endpoint));
        self.az.get(&path).await.expect(200).body
    }

    pub(crate) async fn logs(&self, endpoint: &str, name: &str) -> String {
        let path = format!("{}/deployments/{name}/getLogs?{ML}", self.endpoint(endpoint));
        let seen = self
            .az
            .post(&path, json!({ "containerType": "InferenceServer", "tail": 500 }))
            .await;
        seen.expect(200).body["content"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn key(&self, endpoint: &str) -> String {
        let path = format!("{}/listKeys?{ML}", self.endpoint(endpoint));
        let keys = self.az.post(&path, Value::Null).await.expect(200).body;
        keys["primaryKey"].as_str().unwrap().to_owned()
    }

    /// Calls an endpoint, or one deployment of it.
    pub(crate) async fn ask(&self, endpoint: &str, key: &str, only: Option<&str>) -> Scored {
        let shown = self
            .az
            .get(&format!("{}?{ML}", self.endpoint(endpoint)))
            .await
            .body;
        let uri = shown["properties"]["scoringUri"].as_str().unwrap().to_owned();
        scored(self.call(&uri, key, only)).await
    }

    pub(crate) fn call(&self, uri: &str, key: &str, only: Option<&str>) -> reqwest::RequestBuilder {
        let request = self
            .http
            .post(uri)
            .bearer_auth(key)
            .json(&json!({ "data": [[1, 2]] }));
        match only {
            Some(only) => request.header("azureml-model-deployment", only),
            None => request,
        }
    }
}

pub(crate) async fn attach(az: &Az, compute: &str, namespace: &str) {
    let body = json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" }, "properties": {
        "computeType": "Kubernetes", "resourceId": cluster_id(az, "aks-ml-prod"), "properties": { "namespace": namespace } } });
    let seen = az.put(&format!("{compute}?{ML}"), body).await.expect(201);
    az.finish(&seen).await;
}
