//! An error body, taken apart: every error in it, and which of them is the cause.

use super::{AzureFault, AzureWords, MOST_DETAILS, cut, shortened};
use serde_json::Value;

/// How deep error bodies are followed.
const DEPTH: usize = 8;

/// The most of a code or target that is kept, and of the message of an entry.
const MOST_OF_A_NAME: usize = 300;
const MOST_OF_AN_ENTRY: usize = 1000;

/// Where an error stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outermost,
    Detail,
    Inner,
}

struct Layer {
    words: AzureWords,
    place: Place,
    /// On the way to the cause, which leads through the first entry of each list.
    leads_in: bool,
    policy: Option<String>,
}

#[derive(Default)]
struct Layers {
    found: Vec<Layer>,
    beside: usize,
    left_off: usize,
}

/// Reads an error object, or what contains one.
pub(super) fn fault(value: &Value) -> AzureFault {
    let mut layers = Layers::default();
    layers.collect(value, Place::Outermost, true, DEPTH);
    layers.fault()
}

impl Layers {
    fn fault(mut self) -> AzureFault {
        let leading = || self.found.iter().enumerate().filter(|(_, layer)| layer.leads_in);
        let named = |(_, layer): &(usize, &Layer)| {
            let code = layer.words.code.as_str();
            !code.is_empty() && !is_wrapper(code)
        };
        let last = leading().rfind(named).or_else(|| leading().next_back());
        let Some((cause_at, cause)) = last else {
            return AzureFault::default();
        };
        let mut cause = cause.words.clone();
        if cause.message.is_empty() {
            let mut messages = leading().map(|(_, layer)| &layer.words.message);
            let said = messages.rfind(|message| !message.is_empty());
            cause.message = said.cloned().unwrap_or_default();
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
            message: cut(layer.words.message.clone(), MOST_OF_AN_ENTRY),
            target: layer.words.target.as_deref().map(name),
        };
        let mut entries: Vec<AzureWords> = of_place.take(MOST_DETAILS + DEPTH).map(entry).collect();
        if place == Place::Detail && self.left_off > 0 {
            entries.push(AzureWords {
                message: format!("… +{}", self.left_off),
                ..AzureWords::default()
            });
        }
        entries
    }

    fn push(&mut self, layer: Layer) {
        if layer.words.code.is_empty() && layer.words.message.is_empty() {
            return;
        }
        if !layer.leads_in {
            if self.beside == MOST_DETAILS {
                self.left_off += 1;
                return;
            }
            self.beside += 1;
        }
        self.found.push(layer);
    }

    fn collect(&mut self, value: &Value, place: Place, leads_in: bool, depth: usize) {
        if depth == 0 {
            return;
        }
        let layer = |words: AzureWords| Layer {
            words,
            place,
            leads_in,
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
            self.collect(error, place, leads_in, depth - 1);
            match self.found.get_mut(first) {
                None => self.push(layer(words)),
                // What stands beside `error` is around it, where it says more than a status.
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
        // What is inside an entry that leads nowhere is an entry like it.
        let deeper = if leads_in { Place::Inner } else { place };
        if let Some(nested) = nested {
            self.collect(&nested, deeper, leads_in, depth - 1);
        }
        for list in ["details", "errors"] {
            let entries = match inside(list) {
                Some(Value::Array(entries)) => entries.as_slice(),
                Some(entry) => std::slice::from_ref(entry),
                None => &[],
            };
            for (nth, entry) in entries.iter().enumerate() {
                self.collect(entry, Place::Detail, leads_in && nth == 0, depth - 1);
            }
        }
        if let Some(inner) = inside("innererror") {
            self.collect(inner, deeper, leads_in, depth - 1);
        }
    }
}

/// A text, or a number in its place. Some services wrap messages with their language: `{"lang": "en", "value": "…"}`.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(wrapped) => wrapped.get("value").and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

fn name(text: &str) -> String {
    cut(text.to_owned(), MOST_OF_A_NAME)
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
