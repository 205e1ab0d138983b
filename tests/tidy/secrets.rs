//! Types that hold secrets cannot be serialized, and their `Debug` shows none.

use super::tree::{files_below, read};

/// Names of fields that hold a secret.
const SECRET_NAMES: [&str; 6] = [
    "secret",
    "passphrase",
    "password",
    "token",
    "private_key",
    "key_pem",
];
/// Types whose `Debug` does not reveal their content.
const SAFE_TYPES: [&str; 5] = [
    "SecretString",
    "SecretBox",
    "Passphrase",
    "Zeroizing",
    "AccessToken",
];
/// Fields with such a name that hold no secret, and what they hold.
const NO_SECRETS: [(&str, &str); 5] = [
    // The name of a Kubernetes Secret.
    ("plan/kind.rs", "secret"),
    ("change/serving.rs", "secret"),
    // The identifier of a Key Vault secret.
    ("resources/key_vaults.rs", "secret"),
    ("domain/src/inventory.rs", "secret"),
    ("model/certificates.rs", "secret"),
];

struct Field {
    name: String,
    of: String,
    /// The derives of its struct.
    derived: String,
}

/// The fields of the structs in a file, except in tests. Fields of the `model!` macro derive what the macro does.
fn fields(text: &str) -> Vec<Field> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut derived = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(list) = line.strip_prefix("#[derive(") {
            derived = list.to_owned();
        } else if line.starts_with("model! {") {
            derived = "Debug, Serialize".to_owned();
        } else if line == "}" || line.starts_with("fn ") || line.starts_with("impl ") {
            derived.clear();
        } else if let Some((name, of)) = line.strip_suffix(',').and_then(|line| line.split_once(": ")) {
            let name = name.rsplit(' ').next().unwrap_or_default();
            found.push(Field {
                name: name.to_owned(),
                of: of.to_owned(),
                derived: derived.clone(),
            });
        }
    }
    found
}

#[test]
fn types_that_hold_secrets_neither_show_nor_serialize_them() {
    let mut checked = 0;
    for file in files_below("src-tauri", &["rs"]) {
        let path = file.display().to_string();
        // The sandbox writes its ready file, and its own state encrypted.
        if path.contains("crates/sandbox") || path.contains("/tests") {
            continue;
        }
        for field in fields(&read(&file)) {
            let safe = SAFE_TYPES.iter().any(|safe| field.of.contains(safe));
            checked += usize::from(safe);
            assert!(
                !(safe
                    && field
                        .derived
                        .split([',', ' ', ')'])
                        .any(|derived| derived == "Serialize")),
                "{path}: {} can be written out",
                field.name
            );
            let ends = |name: &str| field.name == name || field.name.ends_with(&format!("_{name}"));
            let plain = ["String", "Vec<u8>", "Value"]
                .iter()
                .any(|plain| field.of.contains(plain));
            let named = SECRET_NAMES.iter().any(|name| ends(name));
            let known = NO_SECRETS
                .iter()
                .any(|(at, name)| path.ends_with(at) && field.name == *name);
            let derives = field.derived.contains("Debug") || field.derived.contains("Serialize");
            assert!(
                safe || !plain || !named || !derives || known,
                "{path}: {}: {} holds a secret in the clear",
                field.name,
                field.of
            );
        }
    }
    assert!(checked > 5, "too few fields checked: {checked}");
}
