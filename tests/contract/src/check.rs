//! Checks one exchange against the description of its operation.

use crate::exceptions::Exception;
use crate::operations::{Operation, Operations};
use crate::report::Finding;
use crate::schema::Schemas;
use crate::strict::Strict;
use crate::template::without_names;
use serde_json::Value;
use url::Url;

#[derive(Debug)]
pub(crate) struct Checker {
    pub(crate) operations: Operations,
    pub(crate) schemas: Schemas,
    pub(crate) strict: Strict,
    pub(crate) exceptions: &'static [Exception],
}

/// The operation of an exchange, and what does not match its description.
#[derive(Debug, PartialEq)]
pub(crate) struct Checked {
    /// Id of the operation; method and path if it is not described.
    pub(crate) operation: String,
    pub(crate) findings: Vec<Finding>,
}

impl Checker {
    pub(crate) fn exchange(&self, exchange: &Value) -> Checked {
        let method = exchange["method"].as_str().unwrap_or_default();
        let Ok(url) = Url::parse(exchange["url"].as_str().unwrap_or_default()) else {
            return wrong("unreadable", format!("no URL: {}", exchange["url"]));
        };
        let path = percent_encoding::percent_decode_str(url.path())
            .decode_utf8_lossy()
            .into_owned();
        let Some(operation) = self.operations.find(method, &path) else {
            return self.undescribed(method, &path, exchange);
        };
        let mut found = query(operation, &url);
        found.extend(self.request(operation, &exchange["request_body"]));
        found.extend(self.strict.request(method, &path, &exchange["request_body"]));
        found.extend(self.response(operation, exchange));
        let findings = found.into_iter().map(|what| self.judge(&operation.id, what));
        Checked {
            findings: findings.collect(),
            operation: operation.id.clone(),
        }
    }

    fn undescribed(&self, method: &str, path: &str, exchange: &Value) -> Checked {
        let known = self
            .exceptions
            .iter()
            .find_map(|exception| Some((exception.undescribed_operation(method, path)?, exception)));
        let Some((operation, exception)) = known else {
            let operation = format!("{method} {}", without_names(path));
            return wrong(
                &operation,
                "not described and not covered by an exception".to_owned(),
            );
        };
        let mut wrongs = Vec::new();
        // Whatever the operation is, Azure Resource Manager refuses it in the common form.
        if path.starts_with("/subscriptions/") {
            wrongs.extend(common_error(exchange));
        }
        if let Some(schema) = exception.answer().filter(|_| exchange["status"] == 200) {
            let schema = self.operations.definition(schema);
            wrongs.extend(
                self.schemas
                    .validate(&schema, &exchange["response_body"], "response"),
            );
        }
        let mut findings = vec![Finding::Excepted(exception)];
        findings.extend(wrongs.into_iter().map(Finding::Wrong));
        Checked { operation, findings }
    }

    fn judge(&self, operation: &str, what: String) -> Finding {
        let known = self
            .exceptions
            .iter()
            .find(|exception| exception.covers_finding(operation, &what));
        known.map_or(Finding::Wrong(what), Finding::Excepted)
    }

    fn request(&self, operation: &Operation, body: &Value) -> Vec<String> {
        let is_absent = body.is_null() || body == "";
        let Some(parameter) = operation.parameters("body").next() else {
            let is_empty = is_absent || *body == serde_json::json!({});
            let wrong = (!is_empty).then(|| "a body was sent but none is described".to_owned());
            return wrong.into_iter().collect();
        };
        if is_absent {
            let wrong = (parameter["required"] == true).then(|| "the body is missing".to_owned());
            return wrong.into_iter().collect();
        }
        self.schemas.validate(&parameter["schema"], body, "request")
    }

    fn response(&self, operation: &Operation, exchange: &Value) -> Vec<String> {
        let status = exchange["status"].as_u64().unwrap_or_default();
        let responses = &operation.body["responses"];
        let described = &responses[status.to_string()];
        let body = &exchange["response_body"];
        if described.is_null() {
            let fallback = &responses["default"];
            return match status {
                400.. if !fallback.is_null() => self.schemas.validate(&fallback["schema"], body, "error"),
                400.. => common_error(exchange).into_iter().collect(),
                _ => vec![format!("status {status} is not described")],
            };
        }
        let is_long = operation.body["x-ms-long-running-operation"] == true && [201, 202].contains(&status);
        let has = |name: &str| {
            let headers = exchange["response_headers"].as_object();
            headers.is_some_and(|all| all.keys().any(|key| key.eq_ignore_ascii_case(name)))
        };
        let mut wrongs = Vec::new();
        if is_long && !has("azure-asyncoperation") && !has("location") {
            wrongs.push("a long-running operation without a header to poll".to_owned());
        }
        wrongs.extend(self.schemas.validate(&described["schema"], body, "response"));
        wrongs
    }
}

fn wrong(operation: &str, what: String) -> Checked {
    Checked {
        operation: operation.to_owned(),
        findings: vec![Finding::Wrong(what)],
    }
}

fn query(operation: &Operation, url: &Url) -> Vec<String> {
    let known: Vec<&Value> = operation.parameters("query").collect();
    let sent: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    let missing = known
        .iter()
        .filter(|parameter| parameter["required"] == true)
        .filter(|parameter| !sent.iter().any(|sent| parameter["name"] == sent.as_str()))
        .map(|parameter| format!("the query lacks {}", parameter["name"]));
    let unknown = sent
        .iter()
        // A page's own URL, as the service returned it.
        .filter(|sent| *sent != "$skiptoken")
        .filter(|sent| !known.iter().any(|parameter| parameter["name"] == sent.as_str()))
        .map(|sent| format!("the query has {sent}, which is not described"));
    missing.chain(unknown).collect()
}

/// Checks a refusal: any operation can be refused, in the common form
/// (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors).
fn common_error(exchange: &Value) -> Option<String> {
    let status = exchange["status"].as_u64().unwrap_or_default();
    let has_code = exchange["response_body"]["error"]["code"].is_string();
    (status >= 400 && !has_code).then(|| format!("{status} without an error"))
}
