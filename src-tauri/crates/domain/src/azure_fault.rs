//! Azure's errors, unwrapped to the cause. The service nests them: `error.error`, `details[]`, `innererror`, and whole
//! error bodies as JSON text inside a message.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use ts_rs::TS;

/// How deep error bodies are followed.
const DEPTH: usize = 8;

/// The most of a message that is kept.
const MOST_CHARACTERS: usize = 4000;

/// Azure's own error, unwrapped to its innermost cause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AzureFault {
    /// HTTP status, where the fault came as an answer (not inside an operation).
    pub status: Option<u16>,
    /// Innermost error code.
    pub code: String,
    /// Innermost message, as the service wrote it.
    pub message: String,
    /// What it is about, where the service says.
    pub target: Option<String>,
    /// Code of the outermost error, where it differs.
    pub outer_code: Option<String>,
    /// `x-ms-correlation-request-id` (else `x-ms-request-id`), to give to support.
    pub correlation_id: Option<String>,
    /// Name of the policy that refused, where one did. People get it among the values of the words.
    #[serde(skip)]
    pub policy: Option<String>,
}

impl AzureFault {
    /// Reads an error object, or what contains one.
    pub fn of_value(value: &Value) -> Self {
        let mut layers = Vec::new();
        collect(value, &mut layers, DEPTH);
        let outer = layers.first().map(|layer| layer.code.clone()).unwrap_or_default();
        let named = |layer: &&Layer| !layer.code.is_empty() && !is_wrapper(&layer.code);
        let inner = layers.iter().rev().find(named).or(layers.last());
        let mut fault = inner.map_or_else(Self::default, |layer| Self {
            code: layer.code.clone(),
            message: layer.message.clone(),
            target: layer.target.clone(),
            ..Self::default()
        });
        if fault.message.is_empty() {
            fault.message = layers
                .iter()
                .rev()
                .map(|layer| layer.message.clone())
                .find(|text| !text.is_empty())
                .unwrap_or_default();
        }
        fault.message = shortened(fault.message);
        fault.outer_code = (!outer.is_empty() && outer != fault.code).then_some(outer);
        fault.policy = layers.iter().find_map(|layer| layer.policy.clone());
        fault
    }

    /// Why an operation or a resource is in state `Failed`, as far as its body tells: operations in `error`, clusters in
    /// `status`, computes in `provisioningErrors`, extensions in `errorInfo` or among their `statuses`.
    pub fn of_resource(body: &Value) -> Self {
        let properties = &body["properties"];
        let mut statuses = properties["statuses"].as_array().into_iter().flatten();
        let status = statuses.find(|status| {
            let level = status["level"].as_str();
            level.is_some_and(|level| level.eq_ignore_ascii_case("error"))
        });
        let places = [
            Some(&body["error"]),
            Some(&properties["error"]),
            Some(&properties["status"]["provisioningError"]),
            properties["provisioningErrors"].get(0),
            Some(&properties["errorInfo"]),
            status,
        ];
        let faults = places.into_iter().flatten().map(Self::of_value);
        let mut telling = faults.filter(|fault| !fault.code.is_empty() || !fault.message.is_empty());
        telling.next().unwrap_or_default()
    }
}

impl fmt::Display for AzureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.is_empty(), self.message.is_empty()) {
            (false, false) => write!(f, "{}: {}", self.code, self.message),
            (false, true) => f.write_str(&self.code),
            (true, false) => f.write_str(&self.message),
            (true, true) => f.write_str("no explanation"),
        }
    }
}

impl std::error::Error for AzureFault {}

/// What Azure said, cut to a length that can be shown and kept.
pub fn shortened(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(MOST_CHARACTERS) {
        message.truncate(end);
        message.push('…');
    }
    message
}

struct Layer {
    code: String,
    message: String,
    target: Option<String>,
    policy: Option<String>,
}

fn collect(value: &Value, layers: &mut Vec<Layer>, depth: usize) {
    let Some(members) = value.as_object().filter(|_| depth > 0) else {
        return;
    };
    let text = |name: &str| {
        let found = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
    };
    let inside = |name: &str| {
        members
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    let code = text("code").or_else(|| text("statusCode")).unwrap_or_default();
    let message = text("message").unwrap_or_default();
    if let Some(inner) = inside("error") {
        collect(inner, layers, depth - 1);
        if layers.is_empty() && (!code.is_empty() || !message.is_empty()) {
            layers.push(Layer {
                code,
                message,
                target: text("target"),
                policy: None,
            });
        }
        return;
    }
    if !code.is_empty() || !message.is_empty() {
        let policy = policy_of(value);
        layers.push(Layer {
            code,
            message: message.clone(),
            target: text("target"),
            policy,
        });
    }
    if let Some(nested) = json_inside(&message) {
        collect(&nested, layers, depth - 1);
    }
    for list in ["details", "errors"] {
        if let Some(first) = inside(list)
            .and_then(Value::as_array)
            .and_then(|items| items.first())
        {
            collect(first, layers, depth - 1);
        }
    }
    if let Some(inner) = inside("innererror") {
        collect(inner, layers, depth - 1);
    }
}

/// Codes that say nothing but "look further in".
fn is_wrapper(code: &str) -> bool {
    [
        "UserError",
        "SystemError",
        "BadRequest",
        "DeploymentFailed",
        "ResourceDeploymentFailure",
        "OperationFailed",
        "Conflict",
    ]
    .iter()
    .any(|wrapper| code.eq_ignore_ascii_case(wrapper))
}

/// A JSON object inside a message, as several services pack their causes.
fn json_inside(message: &str) -> Option<Value> {
    let start = message.find('{')?;
    let end = message.rfind('}')?;
    serde_json::from_str(message.get(start..=end)?).ok()
}

fn policy_of(value: &Value) -> Option<String> {
    let infos = value.get("additionalInfo")?.as_array()?.iter();
    let mut violations = infos.filter(|info| info["type"] == "PolicyViolation");
    let info = &violations.next()?["info"];
    let name = info["policyAssignmentDisplayName"]
        .as_str()
        .or_else(|| info["policyDefinitionDisplayName"].as_str());
    name.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_innermost_cause_is_found() {
        for (body, code, message, outer) in [
            (json!({"error":{"code":"A","message":"a"}}), "A", "a", None),
            (
                json!({"error":{"error":{"code":"A","message":"a"}}}),
                "A",
                "a",
                None,
            ),
            (
                json!({"code":"Throttled","message":"slow"}),
                "Throttled",
                "slow",
                None,
            ),
            (
                json!({"error":{"code":"BadRequest","message":"outer","details":[{"code":"QuotaExceeded","message":"limit 10, need 12"}]}}),
                "QuotaExceeded",
                "limit 10, need 12",
                Some("BadRequest"),
            ),
            (
                json!({"error":{"code":"UserError","message":"x","innererror":{"code":"BadArgument","innererror":{"code":"ClusterTooSmall","message":"12 cores"}}}}),
                "ClusterTooSmall",
                "12 cores",
                Some("UserError"),
            ),
            (
                json!({"error":{"code":"DeploymentFailed","message":"failed: {\"error\":{\"code\":\"SkuNotAvailable\",\"message\":\"no\"}}"}}),
                "SkuNotAvailable",
                "no",
                Some("DeploymentFailed"),
            ),
            (
                json!({"error":{"code":"Conflict","message":"busy"}}),
                "Conflict",
                "busy",
                None,
            ),
        ] {
            let fault = AzureFault::of_value(&body);
            assert_eq!(
                (fault.code.as_str(), fault.message.as_str()),
                (code, message),
                "{body}"
            );
            assert_eq!(fault.outer_code.as_deref(), outer, "{body}");
        }
    }

    #[test]
    fn a_policy_is_named() {
        let body = json!({"error":{"code":"RequestDisallowedByPolicy","message":"no","additionalInfo":[
            {"type":"PolicyViolation","info":{"policyAssignmentDisplayName":"No public addresses"}}]}});
        assert_eq!(
            AzureFault::of_value(&body).policy.as_deref(),
            Some("No public addresses")
        );
    }

    #[test]
    fn a_resource_tells_where_its_kind_does() {
        let fault = json!({ "code": "InsufficientSubnetSize", "message": "too small" });
        let wrapped = json!({ "error": fault });
        for body in [
            json!({ "status": "Failed", "error": fault }),
            json!({ "properties": { "error": fault } }),
            json!({ "error": {}, "properties": { "provisioningState": "Failed", "status": { "provisioningError": fault } } }),
            json!({ "properties": { "provisioningErrors": [wrapped] } }),
            json!({ "properties": { "errorInfo": fault } }),
            json!({ "properties": { "errorInfo": {}, "statuses": [
                { "level": "Information", "code": "Installed" },
                { "level": "Error", "code": "InsufficientSubnetSize", "message": "too small" },
            ] } }),
        ] {
            let found = AzureFault::of_resource(&body);
            assert_eq!(
                (found.code.as_str(), found.message.as_str()),
                ("InsufficientSubnetSize", "too small"),
                "{body}"
            );
        }
        for body in [
            json!(null),
            json!([]),
            json!({ "properties": { "statuses": "none" } }),
        ] {
            assert_eq!(AzureFault::of_resource(&body), AzureFault::default());
        }
    }
}
