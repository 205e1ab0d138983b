//! Secrets of a saved state: moved out of it and sealed, so that no file contains one in clear text. Only the
//! holder of the key can restore them.

use crate::state_key::StateKey;
use serde_json::{Map, Value, json};

/// Member with the sealed secrets.
const SEALED: &str = "sealed";
/// "PRIVATE KEY" in clear text, and in base64 at each of its three alignments.
const KEY_MARKS: [&str; 4] = [
    "PRIVATE KEY",
    "UFJJVkFURSBLRV",
    "BSSVZBVEUgS0VZ",
    "QUklWQVRFIEtFW",
];

/// Members of `secrets` of a workspace's resources that Azure does not return but that are no secrets.
const HIDDEN: [&str; 12] = [
    "built",
    "framework",
    "frameworkVersion",
    "image",
    "inner",
    "next",
    "replicas",
    "request",
    "serving",
    "stage",
    "unpack",
    "url",
];

/// Whether the secrets of a state could be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrets {
    Kept,
    /// Another key sealed them.
    Lost,
}

/// Moves the secrets out of a state and adds them sealed, bound to a name. `None` if the cipher fails.
pub(crate) fn seal(mut state: Value, name: &str, key: &StateKey) -> Option<Value> {
    let mut taken = Map::new();
    extract(&mut state, &mut Vec::new(), &mut taken);
    let taken = serde_json::to_vec(&Value::Object(taken)).ok()?;
    state[SEALED] = json!(key.seal(name, taken)?);
    Some(state)
}

/// Restores the secrets. A state of an earlier version contains none.
pub(crate) fn open(state: &mut Value, name: &str, key: &StateKey) -> Secrets {
    let Some(sealed) = state.as_object_mut().and_then(|members| members.remove(SEALED)) else {
        return Secrets::Kept;
    };
    let opened = sealed.as_str().and_then(|sealed| key.open(name, sealed));
    let Some(Value::Object(taken)) = opened.and_then(|opened| serde_json::from_slice(&opened).ok()) else {
        return Secrets::Lost;
    };
    for (place, secret) in taken {
        if let Some(there) = state.pointer_mut(&place) {
            *there = secret;
        }
    }
    Secrets::Kept
}

fn extract(value: &mut Value, path: &mut Vec<String>, taken: &mut Map<String, Value>) {
    match value {
        Value::Object(members) => {
            let secret = SecretMembers::of(members);
            for (name, member) in members.iter_mut() {
                path.push(name.clone());
                if secret.is(path, member) {
                    move_out(member, path, taken);
                } else {
                    extract(member, path, taken);
                }
                path.pop();
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                path.push(at.to_string());
                extract(item, path, taken);
                path.pop();
            }
        }
        Value::String(text) if KEY_MARKS.iter().any(|mark| text.contains(mark)) => {
            move_out(value, path, taken)
        }
        _ => {}
    }
}

/// Which members of an object are secret as a whole.
struct SecretMembers {
    pair: bool,
    kubernetes_secret: bool,
}

impl SecretMembers {
    fn of(members: &Map<String, Value>) -> Self {
        let text = |name: &str| members.get(name).is_some_and(Value::is_string);
        Self {
            pair: text("cert") && text("key"),
            kubernetes_secret: members.get("kind").is_some_and(|kind| kind == "Secret"),
        }
    }

    fn is(&self, path: &[String], member: &Value) -> bool {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let by_place = match path.as_slice() {
            ["token_key" | "control_token"] | ["world", "grants"] => true,
            ["world", "resources", id, "secrets", name] => {
                !(id.contains("/workspaces/") && HIDDEN.contains(name))
            }
            ["world", "resources", _, "secrets", "inner", _, "log"] => true,
            ["world", "directory", "clients", _, "secret"] => true,
            ["world", "storage", "accounts", _, "key1" | "key2"] => true,
            [.., "key"] => self.pair,
            [.., "data" | "stringData"] => self.kubernetes_secret,
            _ => false,
        };
        by_place && !member.is_null()
    }
}

/// Moves a value out and leaves an empty one of its type.
fn move_out(value: &mut Value, path: &[String], taken: &mut Map<String, Value>) {
    let empty = match value {
        Value::Object(_) => json!({}),
        Value::String(_) => json!(""),
        _ => Value::Null,
    };
    let escaped = path.iter().map(|part| part.replace('~', "~0").replace('/', "~1"));
    let place: String = escaped.map(|part| format!("/{part}")).collect();
    taken.insert(place, std::mem::replace(value, empty));
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMIG~canary\n-----END PRIVATE KEY-----\n";

    fn state() -> Value {
        let shifted = |bytes: usize| STANDARD.encode(format!("{}{PEM}", "x".repeat(bytes)));
        json!({
            "anchor": 1,
            "token_key": "canary",
            "control_token": "canary",
            "world": {
                "grants": { "canary": { "kind": "code" } },
                "directory": { "clients": [{ "client_id": "a", "secret": "canary" }] },
                "resources": {
                    "/a/b~c": { "secrets": { "primaryKey": "canary" }, "body": { "logs": format!("x {PEM}") } },
                    "/workspaces/w/onlineEndpoints/e/deployments/d": { "secrets": { "stage": "a-stage", "log": "canary" } },
                    "/workspaces/w/services/s": { "secrets": { "inner": { "v": { "stage": "a-stage", "log": "canary" } } } },
                    "/vaults/v": { "secrets": { "image": "canary" } },
                    "/d": { "secrets": null, "body": { "permissions": { "secrets": ["get"] } } },
                },
                "storage": { "accounts": { "sta": { "id": "an-id", "key1": "canary", "key2": "canary" } } },
                "front_ends": { "f": { "tls": { "cert": "public", "key": "canary" }, "secret": "a-name" } },
                "cluster_objects": { "c": { "objects": {
                    "s": { "kind": "Secret", "data": { "key.pem": "canary" } },
                    "m": { "kind": "ConfigMap", "data": { "a": "b" } },
                } } },
                "texts": [shifted(0), shifted(1), shifted(2)],
            },
        })
    }

    #[test]
    fn sealing_removes_every_secret_and_opening_restores_it() {
        let key = StateKey::generate();
        let mut sealed = seal(state(), "world", &key).unwrap();
        let text = sealed.to_string();
        assert!(
            !text.contains("canary") && !text.contains("PRIVATE KEY"),
            "{text}"
        );
        for part in [0, 1, 2] {
            assert_eq!(sealed["world"]["texts"][part], "");
        }
        for kept in [
            "public",
            "a-name",
            "a-stage",
            "ConfigMap",
            "\"a\":\"b\"",
            "[\"get\"]",
        ] {
            assert!(text.contains(kept), "{kept} is no secret: {text}");
        }
        let mut other = sealed.clone();
        assert_eq!(open(&mut sealed, "world", &key), Secrets::Kept);
        assert_eq!(sealed, state());
        assert_eq!(open(&mut other, "world", &StateKey::generate()), Secrets::Lost);
        assert_eq!(other["world"]["front_ends"]["f"]["tls"]["key"], "");
    }

    #[test]
    fn a_state_without_sealed_secrets_is_accepted() {
        let mut earlier = state();
        assert_eq!(open(&mut earlier, "world", &StateKey::generate()), Secrets::Kept);
        assert_eq!(earlier, state());
    }
}
