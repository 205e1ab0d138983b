//! Sends the official examples to a sandbox: each must name an existing route and get a described status or a refusal
//! in Azure's form.

use crate::operations::{Operation, Operations};
use crate::report::{Finding, Report};
use berth_sandbox::{Options, Sandbox};
use reqwest::{Client, Method};
use serde_json::Value;

/// Sends every example.
pub(crate) async fn answer(operations: &Operations) -> Result<Report, String> {
    let sandbox = Sandbox::start(Options {
        time_scale: 1200.0,
        ..Options::default()
    })
    .await
    .map_err(|error| error.to_string())?;
    let caller = Caller::of(&sandbox).await?;
    let mut report = Report::default();
    for operation in operations.iter() {
        for (name, example) in operation.examples()? {
            let wrong = caller.send(operation, &example["parameters"]).await.err();
            report.add(
                &operation.id,
                name,
                wrong.map(Finding::Wrong).into_iter().collect(),
            );
        }
    }
    sandbox.stop().await;
    Ok(report)
}

struct Caller {
    http: Client,
    base: String,
    token: String,
    subscription: String,
}

impl Caller {
    async fn of(sandbox: &Sandbox) -> Result<Self, String> {
        let ready = sandbox.ready();
        let describe = |error: &dyn std::fmt::Display| error.to_string();
        let pem = std::fs::read(&ready.ca_file).map_err(|error| describe(&error))?;
        let ca = reqwest::Certificate::from_pem(&pem).map_err(|error| describe(&error))?;
        let http = Client::builder()
            .tls_certs_only([ca])
            .no_proxy()
            .build()
            .map_err(|error| describe(&error))?;
        let form = [
            ("client_id", ready.client_id.as_str()),
            ("client_secret", ready.client_secret.as_str()),
            ("grant_type", "client_credentials"),
            ("scope", "https://management.azure.com/.default"),
        ];
        let url = format!("{}/{}/oauth2/v2.0/token", ready.authority, ready.tenant_id);
        let answer = http
            .post(url)
            .form(&form)
            .send()
            .await
            .map_err(|error| describe(&error))?;
        let body: Value = answer.json().await.map_err(|error| describe(&error))?;
        Ok(Self {
            http,
            base: ready.arm.clone(),
            token: body["access_token"].as_str().unwrap_or_default().to_string(),
            subscription: ready.subscription_ids.first().cloned().unwrap_or_default(),
        })
    }

    /// Sends one example; fails if the response does not match.
    async fn send(&self, operation: &Operation, given: &Value) -> Result<(), String> {
        let method = operation.method.parse::<Method>();
        let (path, query, body) = self.request(operation, given);
        let mut request = self
            .http
            .request(
                method.map_err(|error| error.to_string())?,
                format!("{}{path}", self.base),
            )
            .query(&query)
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap_or_default();
        let is_described = !operation.body["responses"][status.to_string()].is_null();
        let is_refused = (400..500).contains(&status) && body["error"]["code"].is_string();
        if is_described || is_refused {
            Ok(())
        } else {
            Err(format!("answered with {status} {body}"))
        }
    }

    /// The path, query and body of an example, for the sandbox's own subscription.
    fn request(
        &self,
        operation: &Operation,
        given: &Value,
    ) -> (String, Vec<(String, String)>, Option<Value>) {
        let mut path = operation.path.as_str().to_owned();
        let (mut query, mut body) = (Vec::new(), None);
        for parameter in &operation.parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let value = &given[name];
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
            let text = if name == "subscriptionId" {
                self.subscription.clone()
            } else {
                text
            };
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), text.trim_start_matches('/')),
                Some("query") if !value.is_null() => query.push((name.to_string(), text)),
                Some("body") if !value.is_null() => body = Some(value.clone()),
                _ => {}
            }
        }
        (path, query, body)
    }
}
