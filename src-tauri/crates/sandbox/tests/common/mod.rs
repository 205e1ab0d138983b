//! A client for the sandbox's own tests: real HTTPS, trusting only the sandbox's CA, with a real token.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "shared by test binaries that each use a part of it"
)]

use berth_sandbox::{Options, Ready, Sandbox};
use reqwest::header::HeaderMap;
use reqwest::{Certificate, Client, Method};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Longest wait for a state.
const DEADLINE: Duration = Duration::from_secs(30);

/// An answer that was read.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub fn items(&self) -> &Vec<Value> {
        self.body["value"].as_array().expect("a list")
    }

    pub fn names(&self) -> Vec<&str> {
        self.items()
            .iter()
            .map(|item| item["name"].as_str().unwrap_or_default())
            .collect()
    }
}

/// A sandbox and a signed-in client.
pub struct Az {
    pub sandbox: Sandbox,
    pub http: Client,
    pub token: String,
}

/// Fast enough that no test waits, slow enough that intermediate states can be seen.
pub const FAST: f64 = 1200.0;

pub fn fast() -> Options {
    Options {
        time_scale: FAST,
        ..Options::default()
    }
}

pub fn client(ready: &Ready) -> Client {
    let ca = Certificate::from_pem(&std::fs::read(&ready.ca_file).unwrap()).unwrap();
    Client::builder()
        .tls_certs_only([ca])
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

impl Az {
    pub async fn start() -> Self {
        Self::with(fast()).await
    }

    pub async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let http = client(sandbox.ready());
        let mut az = Self {
            sandbox,
            http,
            token: String::new(),
        };
        az.sign_in().await;
        az
    }

    pub fn ready(&self) -> &Ready {
        self.sandbox.ready()
    }

    pub fn prod(&self) -> String {
        format!("/subscriptions/{}", self.ready().subscription_ids[0])
    }

    pub fn lab(&self) -> String {
        format!("/subscriptions/{}", self.ready().subscription_ids[1])
    }

    pub async fn sign_in(&mut self) {
        let seen = self
            .ask_token("https://management.azure.com/.default")
            .await
            .expect(200);
        self.token = seen.body["access_token"].as_str().unwrap().to_string();
    }

    pub async fn ask_token(&self, scope: &str) -> Seen {
        let ready = self.ready();
        let form = [
            ("client_id", ready.client_id.as_str()),
            ("client_secret", ready.client_secret.as_str()),
            ("grant_type", "client_credentials"),
            ("scope", scope),
        ];
        self.token_form(&ready.tenant_id, &form).await
    }

    pub async fn token_form(&self, tenant: &str, form: &[(&str, &str)]) -> Seen {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", self.ready().authority);
        read(self.http.post(url).form(form).send().await.unwrap()).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Seen {
        self.send_with(method, path, body, &[]).await
    }

    pub async fn send_with(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Seen {
        let url = if path.starts_with("https://") {
            path.to_string()
        } else {
            format!("{}{path}", self.ready().arm)
        };
        let token = if path.starts_with("/_sandbox/") {
            &self.ready().control_token
        } else {
            &self.token
        };
        let mut request = self.http.request(method, url).bearer_auth(token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Seen {
        self.send(Method::GET, path, None).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Seen {
        self.send(Method::PUT, path, Some(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Seen {
        self.send(Method::PATCH, path, Some(&body)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Seen {
        self.send(Method::POST, path, Some(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Seen {
        self.send(Method::DELETE, path, None).await
    }

    /// Polls `Azure-AsyncOperation` until the operation ends; returns the last status body.
    pub async fn finish(&self, started: &Seen) -> Value {
        let url = started.header("azure-asyncoperation").to_string();
        assert!(
            !url.is_empty(),
            "no Azure-AsyncOperation: {} {}",
            started.status,
            started.body
        );
        // Polls without a pause are throttled too, as AKS does; such an answer does not describe the
        // operation.
        let over = |seen: &Seen| seen.status == 200 && seen.body["status"] != "InProgress";
        let seen = self.wait(&url, over).await;
        seen.body
    }

    /// Repeats a GET until the answer is as wanted.
    pub async fn wait(&self, path: &str, wanted: impl Fn(&Seen) -> bool) -> Seen {
        let begun = Instant::now();
        loop {
            let seen = self.get(path).await;
            if wanted(&seen) {
                return seen;
            }
            assert!(
                begun.elapsed() < DEADLINE,
                "{path} is still {} {}",
                seen.status,
                seen.body
            );
            tokio::task::yield_now().await;
        }
    }

    pub async fn fault(&self, fault: Value) {
        self.put("/_sandbox/faults", fault).await.expect(200);
    }
}

pub async fn read(response: reqwest::Response) -> Seen {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let bytes = response.bytes().await.unwrap();
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes).unwrap()
    };
    Seen {
        status,
        headers,
        body,
    }
}
