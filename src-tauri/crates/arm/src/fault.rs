//! Azure's errors, unwrapped to the cause. The service nests them: `error.error`, `details[]`, `innererror`, and whole
//! error bodies as JSON text inside a message.

use crate::json;
use serde_json::Value;

/// How deep error bodies are followed.
const DEPTH: usize = 8;

/// The most of a message that is kept.
const MOST_CHARACTERS: usize = 4000;

/// What Azure said, at its innermost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AzureFault {
    /// HTTP status, where the fault came as an answer.
    pub status: Option<u16>,
    /// Innermost code.
    pub code: String,
    /// Innermost message.
    pub message: String,
    /// What it is about.
    pub target: Option<String>,
    /// Outermost code, where it differs.
    pub outer_code: Option<String>,
    /// `x-ms-correlation-request-id`, else `x-ms-request-id`.
    pub correlation_id: Option<String>,
    /// Name of the policy that refused, where one did.
    pub policy: Option<String>,
}

impl std::fmt::Display for AzureFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.code.is_empty(), self.message.is_empty()) {
            (false, false) => write!(f, "{}: {}", self.code, self.message),
            (false, true) => f.write_str(&self.code),
            (true, false) => f.write_str(&self.message),
            (true, true) => f.write_str("no explanation"),
        }
    }
}

impl std::error::Error for AzureFault {}

/// Reads the body of a refused request.
pub fn of_answer(status: u16, body: &[u8]) -> AzureFault {
    let mut fault = match json::read_small::<Value>(body) {
        Ok(value) => of_value(&value),
        Err(_) => AzureFault {
            message: plain_text(body),
            ..AzureFault::default()
        },
    };
    fault.status = Some(status);
    if fault.code.is_empty() {
        fault.code = format!("Http{status}");
    }
    fault
}

/// Reads an error object, or what contains one.
pub fn of_value(value: &Value) -> AzureFault {
    let mut layers = Vec::new();
    collect(value, &mut layers, DEPTH);
    let outer = layers.first().map(|layer| layer.code.clone()).unwrap_or_default();
    let named = |layer: &&Layer| !layer.code.is_empty() && !is_wrapper(&layer.code);
    let inner = layers.iter().rev().find(named).or(layers.last());
    let mut fault = inner.map_or_else(AzureFault::default, |layer| AzureFault {
        code: layer.code.clone(),
        message: layer.message.clone(),
        target: layer.target.clone(),
        ..AzureFault::default()
    });
    if fault.message.is_empty() {
        fault.message = layers
            .iter()
            .rev()
            .map(|layer| layer.message.clone())
            .find(|text| !text.is_empty())
            .unwrap_or_default();
    }
    shorten(&mut fault.message);
    fault.outer_code = (!outer.is_empty() && outer != fault.code).then_some(outer);
    fault.policy = layers.iter().find_map(|layer| layer.policy.clone());
    fault
}

/// Cuts what Azure said to a length that can be shown and kept.
pub(crate) fn shorten(message: &mut String) {
    if let Some((end, _)) = message.char_indices().nth(MOST_CHARACTERS) {
        message.truncate(end);
        message.push('…');
    }
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

fn plain_text(body: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(body).chars().take(300).collect();
    if text.trim_start().starts_with('<') {
        String::new()
    } else {
        text.trim().to_owned()
    }
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
            let fault = of_value(&body);
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
        assert_eq!(of_value(&body).policy.as_deref(), Some("No public addresses"));
    }

    #[test]
    fn what_is_no_json_is_kept_as_text_and_pages_are_not() {
        assert_eq!(of_answer(502, b"upstream gone").message, "upstream gone");
        assert_eq!(of_answer(502, b"<html>x</html>").message, "");
        assert_eq!(of_answer(500, b"{\"error\":{\"code\":\"Int").code, "Http500");
        assert_eq!(of_answer(500, &[0xff, 0xfe]).code, "Http500");
    }
}
