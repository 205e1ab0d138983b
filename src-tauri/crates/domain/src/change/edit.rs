//! Edits to a resource body: members to set and to remove. The plan previews them applied to the resource as last read; at
//! send time they are applied to the resource as it is then. The same edits tell whether a change is already in place.

use crate::secrets::SecretPart;
use crate::traffic::{ClassicTraffic, ClassicTrafficGoal, Traffic};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use ts_rs::TS;

/// One edit to a resource body. `at` is a JSON pointer (RFC 6901).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Edit {
    /// Sets a member. Already satisfied if the existing object contains at least these members.
    Set {
        at: String,
        #[ts(type = "unknown")]
        value: Value,
    },
    /// Sets a member. Already satisfied only if the existing value is equal.
    Replace {
        at: String,
        #[ts(type = "unknown")]
        value: Value,
    },
    /// Sets the traffic of an online endpoint. Already satisfied if every version has the wanted share. Not sent if the
    /// traffic is neither as it was nor as wanted: then somebody else has changed it.
    Traffic { before: Traffic, after: Traffic },
    /// Sets traffic, default version and types of a classic endpoint. Not sent if each version gets neither what it got
    /// before nor what is wanted: then somebody else has changed it.
    ClassicTraffic {
        before: Traffic,
        after: ClassicTrafficGoal,
    },
    /// Removes a version of a classic endpoint. Not sent if the version gets traffic.
    RemoveVersion { version: String },
    /// Removes a member.
    Remove { at: String },
    /// Sets a write-only member that tells the service to do something. Reads never return it.
    Ask {
        at: String,
        #[ts(type = "unknown")]
        value: Value,
    },
}

impl Edit {
    pub fn set(at: &str, value: impl Into<Value>) -> Self {
        Self::Set {
            at: at.to_owned(),
            value: value.into(),
        }
    }

    pub fn replace(at: &str, value: impl Into<Value>) -> Self {
        Self::Replace {
            at: at.to_owned(),
            value: value.into(),
        }
    }

    pub fn remove(at: &str) -> Self {
        Self::Remove { at: at.to_owned() }
    }

    pub fn ask(at: &str, value: impl Into<Value>) -> Self {
        Self::Ask {
            at: at.to_owned(),
            value: value.into(),
        }
    }

    /// The member and the value that it gets. Nothing that is removed, write-only or secret.
    pub fn in_words(&self) -> Option<String> {
        let (at, value) = match self {
            Self::Set { at, value } | Self::Replace { at, value } => (at, value.clone()),
            Self::Traffic { after, .. } => return Some(format!("traffic = {}", after.to_body())),
            _ => return None,
        };
        let name = at.rsplit('/').next().unwrap_or(at);
        let is_secret = SecretPart::ALL
            .iter()
            .any(|part| value.to_string().contains(part.marker()));
        let shown = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        (!is_secret).then(|| format!("{name} = {shown}"))
    }

    /// Whether the member has a value that neither the plan nor the edit accounts for.
    pub fn is_overtaken(&self, body: &Value) -> bool {
        match self {
            Self::Traffic { before, after } => {
                Traffic::of_endpoint(body).map_or(true, |now| now != *before && now != *after)
            }
            Self::ClassicTraffic { before, after } => {
                Traffic::live_of(body).map_or(true, |now| now != *before && now != after.traffic)
            }
            Self::RemoveVersion { version } => {
                Traffic::live_of(body).map_or(true, |now| now.share(version) > 0)
            }
            _ => false,
        }
    }

    /// Whether a resource already satisfies this edit. Ignores write-only members (certificate and key).
    fn holds(&self, body: &Value) -> bool {
        match self {
            Self::Set { at, value } => covers(body.pointer(at), value),
            Self::Replace { at, value } => match body.pointer(at).filter(|have| !have.is_null()) {
                Some(have) => have == value,
                None => value.is_null() || *value == json!({}),
            },
            Self::Traffic { after, .. } => Traffic::of_endpoint(body).is_ok_and(|now| now == *after),
            Self::ClassicTraffic { after, .. } => ClassicTraffic::read(body).is_ok_and(|now| now.is(after)),
            Self::RemoveVersion { version } => {
                let versions = body["versions"].as_object();
                versions.is_some_and(|all| !all.keys().any(|name| name.eq_ignore_ascii_case(version)))
            }
            Self::Remove { at } => body.pointer(at).is_none_or(Value::is_null),
            Self::Ask { .. } => true,
        }
    }
}

/// Applies the edits to a whole resource, for a `PUT`.
pub fn apply(body: &Value, edits: &[Edit]) -> Value {
    let mut body = body.clone();
    for edit in edits {
        match edit {
            Edit::Set { at, value } | Edit::Replace { at, value } | Edit::Ask { at, value } => {
                put(&mut body, at, value.clone())
            }
            Edit::Traffic { after, .. } => put(&mut body, "/properties/traffic", after.to_body()),
            Edit::Remove { at } => take(&mut body, at),
            // These are only sent as a JSON Patch.
            Edit::ClassicTraffic { .. } | Edit::RemoveVersion { .. } => {}
        }
    }
    body
}

/// Builds a body of only the edits, for a `PATCH`.
pub fn patch(edits: &[Edit]) -> Value {
    apply(&json!({}), edits)
}

/// Whether a resource already satisfies every edit, as far as it can be read back.
pub fn holds(edits: &[Edit], body: &Value) -> bool {
    edits.iter().all(|edit| edit.holds(body))
}

/// Whether the existing value contains everything wanted. Members wanted empty or off may be absent.
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
    fn members_without_an_edit_are_kept() {
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
    fn a_member_name_may_contain_a_slash() {
        let edits = [Edit::set("/tags/a~1b", "c")];
        assert_eq!(patch(&edits), json!({ "tags": { "a/b": "c" } }));
        assert!(holds(&edits, &json!({ "tags": { "a/b": "c", "more": "d" } })));
    }

    #[test]
    fn replace_does_not_accept_extra_members() {
        let edits = [Edit::replace("/tags", json!({ "a": "b" }))];
        assert!(holds(&edits, &json!({ "tags": { "a": "b" } })));
        assert!(!holds(&edits, &json!({ "tags": { "a": "b", "c": "d" } })));
    }

    #[test]
    fn write_only_members_are_ignored() {
        let tls =
            json!({ "status": "Enabled", "cname": "ml.contoso.com", "key": SecretPart::KeyPem.marker() });
        let edits = [Edit::set("/tls", tls)];
        let returned = json!({ "tls": { "status": "Enabled", "cname": "ml.contoso.com" } });
        assert!(holds(&edits, &returned));
        assert!(!holds(&edits, &json!({ "tls": { "status": "Disabled" } })));
    }

    #[test]
    fn an_empty_setting_may_be_absent() {
        let edits = [Edit::set("/s", json!({ "provider": "" }))];
        assert!(holds(&edits, &json!({ "s": {} })));
        assert!(!holds(&edits, &json!({ "s": { "provider": "azure" } })));
    }
}
