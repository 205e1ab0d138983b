//! What the cluster tests share: paths, bodies, access to a cluster.

use crate::common::{Az, Seen, read};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::KeyPair;
use reqwest::{Certificate, Client, Identity};
use serde_json::{Value, json};

pub(crate) const AKS: &str = "api-version=2026-05-01";
pub(crate) const ML: &str = "api-version=2025-12-01";
pub(crate) const EXT: &str = "api-version=2025-03-01";

pub(crate) fn main_group(az: &Az) -> String {
    format!("{}/resourceGroups/rg-ml-prod", az.prod())
}

pub(crate) fn cluster_id(az: &Az, name: &str) -> String {
    format!(
        "{}/providers/Microsoft.ContainerService/managedClusters/{name}",
        main_group(az)
    )
}

pub(crate) fn compute_id(az: &Az, name: &str) -> String {
    format!(
        "{}/providers/Microsoft.MachineLearningServices/workspaces/ml-prod/computes/{name}",
        main_group(az)
    )
}

pub(crate) fn extension_id(az: &Az, cluster: &str) -> String {
    format!(
        "{}/providers/Microsoft.KubernetesConfiguration/extensions/azureml",
        cluster_id(az, cluster)
    )
}

pub(crate) fn cluster_body(size: &str, count: u64) -> Value {
    json!({
        "location": "westeurope", "identity": { "type": "SystemAssigned" }, "sku": { "name": "Base", "tier": "Standard" },
        "properties": { "kubernetesVersion": "1.35", "dnsPrefix": "x",
            "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": count, "vmSize": size, "osType": "Linux" }] },
    })
}

pub(crate) fn classic_body(cluster: &str, properties: Value) -> Value {
    json!({ "location": "westeurope", "properties": { "computeType": "AKS", "resourceId": cluster, "properties": properties } })
}

pub(crate) fn extension_body(settings: Value, protected: Value) -> Value {
    let mut all = json!({ "enableTraining": "False", "enableInference": "True", "inferenceRouterServiceType": "LoadBalancer" });
    all.as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    json!({ "identity": { "type": "SystemAssigned" }, "properties": {
        "extensionType": "Microsoft.AzureML.Kubernetes", "autoUpgradeMinorVersion": true, "releaseTrain": "stable",
        "scope": { "cluster": { "releaseNamespace": "azureml" } },
        "configurationSettings": all, "configurationProtectedSettings": protected } })
}

pub(crate) fn pair(name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec![name.to_string()]).unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

pub(crate) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// Access to a cluster, from its administrator's kubeconfig.
pub(crate) struct Way {
    http: Client,
    server: String,
}

impl Way {
    pub(crate) async fn into(az: &Az, cluster: &str) -> Self {
        let seen = az
            .post(
                &format!("{}/listClusterAdminCredential?{AKS}", cluster_id(az, cluster)),
                Value::Null,
            )
            .await
            .expect(200);
        let text = STANDARD
            .decode(seen.body["kubeconfigs"][0]["value"].as_str().unwrap())
            .unwrap();
        let text = String::from_utf8(text).unwrap();
        let value = |name: &str| {
            text.lines()
                .find_map(|line| line.trim().strip_prefix(name))
                .unwrap()
                .trim()
                .to_string()
        };
        let pem = |name: &str| STANDARD.decode(value(name)).unwrap();
        let identity = [pem("client-certificate-data:"), pem("client-key-data:")].concat();
        let http = Client::builder()
            .tls_certs_only([Certificate::from_pem(&pem("certificate-authority-data:")).unwrap()])
            .identity(Identity::from_pem(&identity).unwrap())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            server: value("server:"),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Seen {
        read(
            self.http
                .get(format!("{}{path}", self.server))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Seen {
        read(
            self.http
                .delete(format!("{}{path}", self.server))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Seen {
        read(
            self.http
                .post(format!("{}{path}", self.server))
                .json(body)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// The server's URL, and a client that trusts its CA but has no client certificate.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// The front end's Service, once it has an address.
    pub(crate) async fn front_end(&self, namespace: &str) -> Value {
        let begun = std::time::Instant::now();
        loop {
            let seen = self
                .get(&format!("/api/v1/namespaces/{namespace}/services/azureml-fe"))
                .await;
            if seen.body["status"]["loadBalancer"]["ingress"][0]["ip"].is_string() {
                return seen.body;
            }
            assert!(begun.elapsed().as_secs() < 30, "no address: {}", seen.body);
            tokio::task::yield_now().await;
        }
    }
}

/// The answer of a Service's front end on `/`; with TLS, only the expected certificate is trusted.
pub(crate) async fn ask(
    service: &Value,
    name: &str,
    certificate: Option<&str>,
) -> reqwest::Result<(u16, String)> {
    let address = service["status"]["loadBalancer"]["ingress"][0]["ip"]
        .as_str()
        .unwrap();
    let port = service["spec"]["ports"][0]["port"].as_u64().unwrap();
    let mut builder = Client::builder()
        .no_proxy()
        .resolve(name, format!("{address}:{port}").parse().unwrap());
    let scheme = if certificate.is_some() { "https" } else { "http" };
    if let Some(pem) = certificate {
        builder = builder.tls_certs_only([Certificate::from_pem(pem.as_bytes()).unwrap()]);
    }
    let answer = builder
        .build()
        .unwrap()
        .get(format!("{scheme}://{name}:{port}/"))
        .send()
        .await?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await?))
}
