//! Parses an error body: finds every error in it and picks the cause.

use super::{AzureFault, AzureWords, MOST_DETAILS, cut, shortened};
use serde_json::Value;

/// Deepest nesting that is followed.
const DEPTH: usize = 8;

/// Longest code or target that is kept, in characters.
const LONGEST_NAME: usize = 300;
/// Longest message of a nested entry that is kept, in characters.
const LONGEST_ENTRY: usize = 1000;

/// Position of an error in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outermost,
    Detail,
    Inner,
}

struct Layer {
    words: AzureWords,
    place: Place,
    /// Whether it is on the path to the cause, which follows the first entry of each list.
    on_cause_path: bool,
    policy: Option<String>,
}

#[derive(Default)]
struct Layers {
    found: Vec<Layer>,
    /// Number of entries kept that are not on the path to the cause.
    off_path: usize,
    /// Number of such entries dropped.
    dropped: usize,
}

/// Reads an error object, or a body that contains one.
pub(super) fn fault(value: &Value) -> AzureFault {
    let mut layers = Layers::default();
    layers.collect(value, Place::Outermost, true, DEPTH);
    layers.fault()
}

impl Layers {
    fn fault(mut self) -> AzureFault {
        let on_path = || {
            self.found
                .iter()
                .enumerate()
                .filter(|(_, layer)| layer.on_cause_path)
        };
        let named = |(_, layer): &(usize, &Layer)| {
            let code = layer.words.code.as_str();
            !code.is_empty() && !is_wrapper(code)
        };
        let last = on_path().rfind(named).or_else(|| on_path().next_back());
        let Some((cause_at, cause)) = last else {
            return AzureFault::default();
        };
        let mut cause = cause.words.clone();
        if cause.message.is_empty() {
            let mut messages = on_path().map(|(_, layer)| &layer.words.message);
            let innermost = messages.rfind(|message| !message.is_empty());
            cause.message = innermost.cloned().unwrap_or_default();
        }
        let outermost = self.found[0].words.clone();
        let same = (&outermost.code, &outermost.message) == (&cause.code, &cause.message);
        let wrapped = cause_at > 0 && !same;
        if !wrapped && cause.target.is_none() {
            cause.target.clone_from(&outermost.target);
        }
        AzureFault {
            status: None,
            outer_code: Some(name(&outermost.code))
                .filter(|code| wrapped && !code.is_empty() && *code != cause.code),
            outer_message: Some(shortened(outermost.message))
                .filter(|message| wrapped && !message.is_empty()),
            outer_target: outermost.target.filter(|_| wrapped).map(|target| name(&target)),
            details: self.entries(Place::Detail),
            inner: self.entries(Place::Inner),
            correlation_id: None,
            policy: self.found.iter_mut().find_map(|layer| layer.policy.take()),
            code: name(&cause.code),
            message: shortened(cause.message),
            target: cause.target.map(|target| name(&target)),
        }
    }

    fn entries(&self, place: Place) -> Vec<AzureWords> {
        let of_place = self.found.iter().filter(|layer| layer.place == place);
        let entry = |layer: &Layer| AzureWords {
            code: name(&layer.words.code),
            message: cut(layer.words.message.clone(), LONGEST_ENTRY),
            target: layer.words.target.as_deref().map(name),
        };
        let mut entries: Vec<AzureWords> = of_place.take(MOST_DETAILS + DEPTH).map(entry).collect();
        if place == Place::Detail && self.dropped > 0 {
            entries.push(AzureWords {
                message: format!("… +{}", self.dropped),
                ..AzureWords::default()
            });
        }
        entries
    }

    fn push(&mut self, layer: Layer) {
        if layer.words.code.is_empty() && layer.words.message.is_empty() {
            return;
        }
        if !layer.on_cause_path {
            if self.off_path == MOST_DETAILS {
                self.dropped += 1;
                return;
            }
            self.off_path += 1;
        }
        self.found.push(layer);
    }

    fn collect(&mut self, value: &Value, place: Place, on_cause_path: bool, depth: usize) {
        if depth == 0 {
            return;
        }
        let layer = |words: AzureWords| Layer {
            words,
            place,
            on_cause_path,
            policy: policy_of(value),
        };
        if let Some(text) = value.as_str() {
            let message = text.to_owned();
            return self.push(layer(AzureWords {
                message,
                ..AzureWords::default()
            }));
        }
        let inside = |name: &str| {
            let members = value.as_object().into_iter().flatten();
            members
                .filter(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
                .next()
        };
        let text = |name: &str| inside(name).and_then(text);
        let code = text("code");
        let words = AzureWords {
            code: code.clone().or_else(|| text("statusCode")).unwrap_or_default(),
            message: text("message").unwrap_or_default(),
            target: text("target"),
        };
        if let Some(error) = inside("error").filter(|error| !error.is_null()) {
            let first = self.found.len();
            self.collect(error, place, on_cause_path, depth - 1);
            match self.found.get_mut(first) {
                None => self.push(layer(words)),
                // Members next to `error` are the outer error if they say more than a status.
                Some(within) if code.is_some() && !words.message.is_empty() && within.words != words => {
                    if place == Place::Outermost {
                        within.place = Place::Inner;
                    }
                    self.found.insert(first, layer(words));
                }
                Some(_) => {}
            }
            return;
        }
        let nested = json_inside(&words.message);
        self.push(layer(words));
        // Errors inside an entry off the path to the cause are kept as entries of the same list.
        let deeper = if on_cause_path { Place::Inner } else { place };
        if let Some(nested) = nested {
            self.collect(&nested, deeper, on_cause_path, depth - 1);
        }
        for list in ["details", "errors"] {
            let entries = match inside(list) {
                Some(Value::Array(entries)) => entries.as_slice(),
                Some(entry) => std::slice::from_ref(entry),
                None => &[],
            };
            for (nth, entry) in entries.iter().enumerate() {
                self.collect(entry, Place::Detail, on_cause_path && nth == 0, depth - 1);
            }
        }
        if let Some(inner) = inside("innererror") {
            self.collect(inner, deeper, on_cause_path, depth - 1);
        }
    }
}

/// A string, or a number as a string. Some services wrap messages with a language: `{"lang": "en", "value": "…"}`.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(wrapped) => wrapped.get("value").and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

fn name(text: &str) -> String {
    cut(text.to_owned(), LONGEST_NAME)
}

/// Whether a code is generic and only points to a nested error.
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

/// Extracts a JSON object from a message: several services embed the cause this way.
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
