//! Another user who works in the same Azure, and requests that the sandbox is told to refuse.

use berth_e2e::sandbox::SandboxProcess;
use berth_e2e::window::{Outcome, SOON};
use reqwest::{Certificate, Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Properties of a pool that only the service sets.
const OF_THE_SERVICE: [&str; 4] = ["provisioningState", "powerState", "nodeImageVersion", "eTag"];

/// A client of the sandbox besides the window.
pub(crate) struct Azure {
    http: Client,
    ready: Value,
    token: String,
}

impl Azure {
    /// Signs in as the service principal of the ready file.
    pub(crate) async fn of(sandbox: &SandboxProcess) -> Outcome<Self> {
        let ready: Value = serde_json::from_slice(&std::fs::read(sandbox.ready_file())?)?;
        let ca = Certificate::from_pem(&std::fs::read(text(&ready, "ca_file"))?)?;
        let http = Client::builder().tls_certs_only([ca]).no_proxy().build()?;
        let url = format!(
            "{}/{}/oauth2/v2.0/token",
            text(&ready, "authority"),
            text(&ready, "tenant_id")
        );
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", text(&ready, "client_id")),
            ("client_secret", text(&ready, "client_secret")),
            ("scope", "https://management.azure.com/.default"),
        ];
        let answer = answered(http.post(url).form(&form)).await?;
        let token = text(&answer, "access_token").to_owned();
        Ok(Self { http, ready, token })
    }

    /// Unregisters a resource provider and waits for the result.
    pub(crate) async fn unregister(&self, subscription: &str, namespace: &str) -> Outcome {
        let provider = format!("/subscriptions/{subscription}/providers/{namespace}");
        let request = self.request(Method::POST, &format!("{provider}/unregister"), "2024-03-01");
        answered(request).await?;
        let gone = |found: &Value| found["registrationState"] == "NotRegistered";
        self.wait(&provider, "2024-03-01", gone).await
    }

    /// Sets a label on the nodes of a pool and waits for the result.
    pub(crate) async fn label(&self, pool: &str, name: &str, value: &str) -> Outcome {
        let version = "2026-05-01";
        let mut found = answered(self.request(Method::GET, pool, version)).await?;
        found["properties"]["nodeLabels"] = json!({ name: value });
        if let Some(properties) = found["properties"].as_object_mut() {
            properties.retain(|name, _| !OF_THE_SERVICE.contains(&name.as_str()));
        }
        let body = json!({ "properties": found["properties"] });
        answered(self.request(Method::PUT, pool, version).json(&body)).await?;
        let settled = |found: &Value| found["properties"]["provisioningState"] == "Succeeded";
        self.wait(pool, version, settled).await
    }

    /// The primary and the secondary key of an online endpoint.
    pub(crate) async fn keys(&self, endpoint: &str) -> Outcome<(String, String)> {
        let request = self.request(Method::POST, &format!("{endpoint}/listKeys"), "2025-12-01");
        let keys = answered(request).await?;
        Ok((
            text(&keys, "primaryKey").to_owned(),
            text(&keys, "secondaryKey").to_owned(),
        ))
    }

    /// Makes the sandbox refuse requests to a path, whoever sends them.
    pub(crate) async fn refuse(&self, path: &str) -> Outcome {
        let url = format!("{}/_sandbox/faults", text(&self.ready, "arm"));
        let fault =
            json!({ "match": { "method": "GET", "path": path }, "do": { "status": 403 }, "times": 99999 });
        let request = self
            .http
            .put(url)
            .bearer_auth(text(&self.ready, "control_token"))
            .json(&fault);
        answered(request).await?;
        Ok(())
    }

    fn request(&self, method: Method, id: &str, version: &str) -> RequestBuilder {
        let url = format!("{}{id}?api-version={version}", text(&self.ready, "arm"));
        self.http.request(method, url).bearer_auth(&self.token)
    }

    async fn wait(&self, id: &str, version: &str, holds: impl Fn(&Value) -> bool) -> Outcome {
        let until = Instant::now() + SOON;
        loop {
            let found = answered(self.request(Method::GET, id, version)).await?;
            if holds(&found) {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(format!("{id} stayed at {found}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Sends a request that must succeed.
async fn answered(request: RequestBuilder) -> Outcome<Value> {
    let answer = request.send().await?;
    let (status, url) = (answer.status(), answer.url().path().to_owned());
    let text = answer.text().await?;
    if status.is_success() {
        return Ok(serde_json::from_str(&text).unwrap_or_default());
    }
    Err(format!("{url} answered {status}: {text}").into())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
