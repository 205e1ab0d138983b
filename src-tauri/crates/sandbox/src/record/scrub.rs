//! Removes secrets from bodies before they are recorded: members whose names say so, and private keys, tokens
//! and kubeconfigs anywhere, base64-encoded or not.

use super::MASK;
use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

/// Suffixes of names whose values are secret, ignoring case and separators.
const SECRET_ENDS: &[&str] = &[
    "secret",
    "token",
    "password",
    "passphrase",
    "pwd",
    "assertion",
    "privatekey",
    "primarykey",
    "secondarykey",
    "storagekey",
    "clientkeydata",
    "keypem",
    "keypemfile",
    "connectionstring",
    "sig",
    "sasuri",
    "contenturi",
];
/// Members that contain only secrets.
const SECRET_GROUPS: &[&str] = &["configurationprotectedsettings", "stringdata"];
/// Members that say that another one beside them is a key.
const KEYS: &[(&str, &str)] = &[("keyName", "value"), ("secretsType", "key")];
/// Substrings that only occur in private keys, kubeconfigs or manifest files.
const TELLTALE: &[&str] = &["PRIVATE KEY", "client-key-data", "client-certificate-data"];
/// Shortest run of characters that is tried as base64.
const MIN_RUN: usize = 40;
/// How many levels of nested base64 are decoded.
const MAX_DEPTH: u8 = 3;

/// Whether the value of a field or member is secret, by its name.
pub(super) fn is_secret(name: &str) -> bool {
    let name = plain(name);
    SECRET_ENDS.iter().any(|end| name.ends_with(end))
}

/// Members that may contain anything, by URL: the zipped files of a command, and Key Vault values.
pub(super) fn opaque_members(url: &str) -> &'static [&'static str] {
    let path = url.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let of_vault =
        path.contains("/keyvault/") || path.contains(".vault.") || path.contains("/microsoft.keyvault/");
    if path.ends_with("/runcommand") {
        &["context"]
    } else if of_vault {
        &["value"]
    } else {
        &[]
    }
}

/// Masks these members wherever they occur.
pub(super) fn members(value: &mut Value, names: &[&str]) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| members(one, names)),
        Value::Object(all) => {
            for (name, member) in all {
                match member {
                    Value::String(text) if names.contains(&name.as_str()) && !text.is_empty() => {
                        MASK.clone_into(text);
                    }
                    other => members(other, names),
                }
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Removes secrets from a JSON body.
pub(super) fn value(value: &mut Value) {
    match value {
        Value::String(text) => *text = self::text(text),
        Value::Array(all) => all.iter_mut().for_each(self::value),
        Value::Object(members) => {
            let of_secrets = members
                .get("kind")
                .and_then(Value::as_str)
                .is_some_and(|kind| kind == "Secret" || kind == "SecretList");
            // Keys of storage accounts and data stores.
            let key = KEYS
                .iter()
                .find_map(|(beside, key)| members.contains_key(*beside).then_some(*key));
            for (name, member) in members {
                let group = SECRET_GROUPS.contains(&plain(name).as_str());
                if group || (of_secrets && (name == "data" || name == "items")) {
                    mask_all(member, name == "items");
                } else if (is_secret(name) || key == Some(name)) && member.is_string() {
                    *member = MASK.into();
                } else {
                    self::value(member);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Masks every string; in a list of Kubernetes Secrets, only their data.
fn mask_all(value: &mut Value, of_items: bool) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|one| mask_all(one, of_items)),
        Value::Object(members) if of_items => {
            for (name, member) in members {
                if name == "data" || name == "stringData" {
                    mask_all(member, false);
                } else {
                    self::value(member);
                }
            }
        }
        Value::Object(members) => members.values_mut().for_each(|one| mask_all(one, false)),
        Value::String(text) => *text = MASK.to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Removes private keys, tokens and kubeconfigs from a text.
pub(super) fn text(text: &str) -> String {
    if holds_secret(text) {
        return MASK.to_owned();
    }
    // The signatures of addresses of blobs.
    let mut parts = text.split("sig=");
    let mut kept = without_encoded(parts.next().unwrap_or_default());
    for part in parts {
        let end = part
            .find(|letter: char| letter == '&' || letter == '"' || letter.is_whitespace())
            .unwrap_or(part.len());
        kept.push_str("sig=");
        kept.push_str(MASK);
        kept.push_str(&without_encoded(&part[end..]));
    }
    kept
}

/// Removes tokens, and base64 that contains a secret.
fn without_encoded(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for run in text.split_inclusive(|letter: char| !is_of_base64(letter)) {
        let letters = run.trim_end_matches(|letter: char| letter == '.' || !is_of_base64(letter));
        if is_jwt(letters) || encodes_secret(letters, MAX_DEPTH) {
            kept.push_str(MASK);
            kept.push_str(&run[letters.len()..]);
        } else {
            kept.push_str(run);
        }
    }
    kept
}

fn holds_secret(text: &str) -> bool {
    TELLTALE.iter().any(|sign| text.contains(sign))
}

/// Whether base64 contains a secret: a telltale text, a PKCS#12 file or a private key in DER.
fn encodes_secret(letters: &str, depth: u8) -> bool {
    if letters.len() < MIN_RUN || depth == 0 {
        return false;
    }
    if letters.contains('.') {
        return letters.split('.').any(|part| encodes_secret(part, depth));
    }
    let Some(bytes) = decoded(letters) else {
        return false;
    };
    if is_private_der(&bytes) {
        return true;
    }
    let text = String::from_utf8_lossy(&bytes);
    holds_secret(&text)
        || text
            .split(|letter: char| !is_of_base64(letter))
            .any(|run| is_jwt(run) || encodes_secret(run, depth - 1))
}

/// A sequence that starts with a small version number: PKCS#12 (3), PKCS#8 and PKCS#1 (0), SEC 1 (1). A
/// certificate starts with a sequence.
fn is_private_der(bytes: &[u8]) -> bool {
    let skipped = match bytes {
        [0x30, length, ..] if *length < 0x80 => 2,
        [0x30, length, ..] if *length <= 0x84 => 2 + usize::from(*length - 0x80),
        _ => return false,
    };
    matches!(bytes.get(skipped..), Some([0x02, 0x01, 0 | 1 | 3, ..]))
}

fn decoded(letters: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let standard = letters.replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&base64::alphabet::STANDARD, config)
        .decode(standard)
        .ok()
}

/// A JWT: three parts, the first a JSON header.
fn is_jwt(letters: &str) -> bool {
    letters.starts_with("eyJ") && letters.split('.').count() == 3
}

fn is_of_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=' | '-' | '_' | '.')
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;
    use serde_json::json;

    #[test]
    fn many_signatures_in_one_text_are_removed() {
        let hostile = "sig=MARKER ".repeat(200_000);
        assert_eq!(text(&hostile), "sig=*** ".repeat(200_000));
        assert_eq!(text("sig=sig=MARKER&b"), "sig=***sig=***&b");
    }

    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMARKER\n-----END PRIVATE KEY-----\n";

    #[test]
    fn private_keys_tokens_and_kubeconfigs_are_removed() {
        let in_base64 = BASE64_STANDARD.encode(KEY);
        let der = BASE64_STANDARD.encode([&[0x30, 0x82, 1, 0, 2, 1, 3][..], &[7; 60]].concat());
        let config = format!("users:\n- user:\n    client-key-data: {in_base64}\n");
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.MARKER";
        let mut body = json!({
            "properties": { "sslConfiguration": { "cert": "public", "key": KEY } },
            "configurationProtectedSettings": { "anything": "MARKER" },
            "kubeconfigs": [{ "name": "a", "value": BASE64_STANDARD.encode(&config) }],
            "vault": { "value": der },
            "secret": { "kind": "Secret", "metadata": { "name": "a" }, "data": { "x": "MARKER" } },
            "account": { "keyName": "key1", "value": "MARKER" },
            "store": { "secretsType": "AccountKey", "key": "MARKER" },
            "operationLog": "see https://a/b?sp=r&sig=MARKER&x=1 and https://a/c?sig=MARKER",
            "blob": { "sasUri": "https://a/b?sig=MARKER", "contentUri": "https://a/b?sig=MARKER" },
            "list": { "kind": "SecretList", "items": [{ "metadata": { "name": "a" }, "data": { "x": "MARKER" } }] },
            "logs": format!("a line {in_base64} and {jwt}."),
            "Access-Token": "MARKER",
            "primaryKey": "MARKER",
            "clientSecret": "MARKER",
            "id": "/subscriptions/1",
        });
        value(&mut body);
        let text = body.to_string();
        for secret in ["MARKER", &in_base64, &der, &BASE64_STANDARD.encode(&config)] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert_eq!(body["properties"]["sslConfiguration"]["cert"], "public");
        assert_eq!(body["secret"]["metadata"]["name"], "a");
        assert_eq!(body["list"]["items"][0]["metadata"]["name"], "a");
        assert_eq!(body["id"], "/subscriptions/1");
        let logs = body["logs"].as_str().unwrap();
        assert!(logs.starts_with("a line *** and ***"), "{logs}");
    }
}
