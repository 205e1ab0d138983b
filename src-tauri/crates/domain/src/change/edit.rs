//! Changes to a resource as Azure answers it: what is set and what goes. The same edits make the body that a plan shows,
//! the body that is sent (made from the resource as it is at that moment) and the question whether they hold already.

use crate::secrets::SecretPart;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

/// One change to a resource. Places are JSON pointers (RFC 6901).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Edit {
    /// A member gets a value. An object that has more members than the value holds it too.
    Set {
        /// Where.
        at: String,
        /// What.
        #[ts(type = "unknown")]
        value: Value,
    },
    /// A member gets exactly a value.
    Replace {
        /// Where.
        at: String,
        /// What.
        #[ts(type = "unknown")]
        value: Value,
    },
    /// A member goes.
    Remove {
        /// Where.
        at: String,
    },
    /// A member says what the service is to do. It is sent and never answered.
    Ask {
        /// Where.
        at: String,
        /// What.
        #[ts(type = "unknown")]
        value: Value,
    },
}

impl Edit {
    /// A member gets a value.
    pub fn set(at: &str, value: impl Into<Value>) -> Self {
        Self::Set {
            at: at.to_owned(),
            value: value.into(),
        }
    }

    /// A member gets exactly a value.
    pub fn replace(at: &str, value: impl Into<Value>) -> Self {
        Self::Replace {
            at: at.to_owned(),
            value: value.into(),
        }
    }

    /// A member goes.
    pub fn remove(at: &str) -> Self {
        Self::Remove { at: at.to_owned() }
    }

    /// A member says what the service is to do.
    pub fn ask(at: &str, value: impl Into<Value>) -> Self {
        Self::Ask {
            at: at.to_owned(),
            value: value.into(),
        }
    }

    /// Whether a resource is so already. What is write-only (certificate and key) cannot be compared and is passed over.
    fn holds(&self, body: &Value) -> bool {
        match self {
            Self::Set { at, value } => covers(body.pointer(at), value),
            Self::Replace { at, value } => match body.pointer(at).filter(|have| !have.is_null()) {
                Some(have) => have == value,
                None => value.is_null() || *value == json!({}),
            },
            Self::Remove { at } => body.pointer(at).is_none_or(Value::is_null),
            Self::Ask { .. } => true,
        }
    }
}

/// A body with the edits made: for a `PUT` of the whole resource.
pub fn apply(body: &Value, edits: &[Edit]) -> Value {
    let mut body = body.clone();
    for edit in edits {
        match edit {
            Edit::Set { at, value } | Edit::Replace { at, value } | Edit::Ask { at, value } => {
                put(&mut body, at, value.clone())
            }
            Edit::Remove { at } => take(&mut body, at),
        }
    }
    body
}

/// The edits alone: for a `PATCH`.
pub fn patch(edits: &[Edit]) -> Value {
    apply(&json!({}), edits)
}

/// Whether every edit holds already, as far as it can be seen.
pub fn holds(edits: &[Edit], body: &Value) -> bool {
    edits.iter().all(|edit| edit.holds(body))
}

/// Whether what is there has everything of what is wanted. What is wanted empty or off may be absent.
fn covers(have: Option<&Value>, wanted: &Value) -> bool {
    match (have, wanted) {
        (_, Value::String(text)) if SecretPart::ALL.iter().any(|part| part.marker() == text) => true,
        (None, wanted) => wanted.is_null() || wanted == "" || wanted == false,
        (Some(have), Value::Object(members)) => members
            .iter()
            .all(|(name, value)| covers(have.get(name).filter(|have| !have.is_null()), value)),
        (Some(have), wanted) => have == wanted,
    }
}

fn put(body: &mut Value, at: &str, value: Value) {
    let mut place = body;
    for part in parts(at) {
        if let Some(index) = part.parse::<usize>().ok().filter(|_| place.is_array()) {
            let Some(item) = place.get_mut(index) else { return };
            place = item;
            continue;
        }
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[part];
    }
    *place = value;
}

fn take(body: &mut Value, at: &str) {
    let Some((parent, _)) = at.rsplit_once('/') else {
        return;
    };
    let Some(last) = parts(at).pop() else { return };
    if let Some(members) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
        members.remove(&last);
    }
}

fn parts(at: &str) -> Vec<String> {
    at.split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_keeps_what_is_not_edited() {
        let body = json!({ "a": { "keep": 1, "old": 2 }, "list": [{ "n": 1 }, { "n": 2 }] });
        let edits = [
            Edit::set("/a/new", "x"),
            Edit::remove("/a/old"),
            Edit::set("/list/1/n", 5),
            Edit::set("/deep/er", true),
        ];
        assert!(!holds(&edits, &body));
        let edited = apply(&body, &edits);
        assert_eq!(
            edited,
            json!({ "a": { "keep": 1, "new": "x" }, "list": [{ "n": 1 }, { "n": 5 }], "deep": { "er": true } })
        );
        assert!(holds(&edits, &edited));
    }

    #[test]
    fn a_name_with_a_slash_is_one_name() {
        let edits = [Edit::set("/tags/a~1b", "c")];
        assert_eq!(patch(&edits), json!({ "tags": { "a/b": "c" } }));
        assert!(holds(&edits, &json!({ "tags": { "a/b": "c", "more": "d" } })));
    }

    #[test]
    fn exactly_means_nothing_more() {
        let edits = [Edit::replace("/tags", json!({ "a": "b" }))];
        assert!(holds(&edits, &json!({ "tags": { "a": "b" } })));
        assert!(!holds(&edits, &json!({ "tags": { "a": "b", "c": "d" } })));
    }

    #[test]
    fn what_cannot_be_read_back_is_passed_over() {
        let tls =
            json!({ "status": "Enabled", "cname": "ml.contoso.com", "key": SecretPart::KeyPem.marker() });
        let edits = [Edit::set("/tls", tls)];
        let told = json!({ "tls": { "status": "Enabled", "cname": "ml.contoso.com" } });
        assert!(holds(&edits, &told));
        assert!(!holds(&edits, &json!({ "tls": { "status": "Disabled" } })));
    }

    #[test]
    fn an_empty_setting_may_be_absent() {
        let edits = [Edit::set("/s", json!({ "provider": "" }))];
        assert!(holds(&edits, &json!({ "s": {} })));
        assert!(!holds(&edits, &json!({ "s": { "provider": "azure" } })));
    }
}
