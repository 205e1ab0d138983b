//! Certificates of Azure Key Vaults (Microsoft.KeyVault; own API,
//! learn.microsoft.com/rest/api/keyvault). A certificate's key is in the secret of the same name, and whoever may read that
//! secret may use the pair elsewhere (learn.microsoft.com/azure/key-vault/certificates/about-certificates).

use super::{optional, text};
use crate::{Arm, ArmError};
use berth_domain::api_versions::KEY_VAULT_DATA;
use secrecy::SecretString;
use serde_json::Value;

/// A vault: its resource id and its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyVault {
    /// Resource id.
    pub id: String,
    /// `https://contoso.vault.azure.net/`.
    pub uri: String,
}

/// A certificate of a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultCertificate {
    /// Name.
    pub name: String,
    /// Identifier of its secret, without a version.
    pub secret: String,
    /// Last moment, seconds since 1970.
    pub expires: Option<i64>,
    /// Whether it is enabled.
    pub enabled: bool,
}

/// What a secret holds.
pub struct VaultSecret {
    /// PEM text, or PKCS#12 without a password in base64.
    pub value: SecretString,
    /// `application/x-pkcs12` or `application/x-pem-file`; `None` for secrets that somebody typed.
    pub content_type: Option<String>,
}

/// Vaults of a subscription.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_key_vaults(arm: &Arm, subscription: &str) -> Result<Vec<KeyVault>, ArmError> {
    let path = arm.path(&format!(
        "/subscriptions/{subscription}/providers/Microsoft.KeyVault/vaults"
    ));
    let all: Vec<Value> = arm.list(&path).await?;
    let vault = |value: &Value| {
        Some(KeyVault {
            id: text(value, "/id"),
            uri: optional(value, "/properties/vaultUri")?,
        })
    };
    Ok(all.iter().filter_map(vault).collect())
}

/// Certificates of a vault.
///
/// # Errors
/// See [`ArmError`].
pub async fn list_certificates(arm: &Arm, uri: &str) -> Result<Vec<VaultCertificate>, ArmError> {
    let base = format!("{}/", uri.trim_end_matches('/'));
    let vault = arm.key_vault(&base)?;
    let all: Vec<Value> = vault
        .list(&format!("{base}certificates?api-version={KEY_VAULT_DATA}"))
        .await?;
    let certificate = |value: &Value| {
        let id = text(value, "/id");
        let (_, name) = id.trim_end_matches('/').rsplit_once('/')?;
        Some(VaultCertificate {
            name: name.to_owned(),
            secret: format!("{base}secrets/{name}"),
            expires: value.pointer("/attributes/exp").and_then(Value::as_i64),
            enabled: value.pointer("/attributes/enabled").and_then(Value::as_bool) != Some(false),
        })
    };
    Ok(all.iter().filter_map(certificate).collect())
}

/// What a secret holds, by its identifier; that of a certificate will do.
///
/// # Errors
/// [`ArmError::BadPath`] for what is no identifier of a vault of this cloud, else see [`ArmError`].
pub async fn get_secret(arm: &Arm, identifier: &str) -> Result<VaultSecret, ArmError> {
    let identifier = of_secret(identifier);
    let vault = arm.key_vault(&identifier)?;
    let mut found: Value = vault
        .get(&format!("{identifier}?api-version={KEY_VAULT_DATA}"))
        .await?;
    let value = match found["value"].take() {
        Value::String(value) => value,
        _ => String::new(),
    };
    Ok(VaultSecret {
        value: SecretString::from(value),
        content_type: optional(&found, "/contentType"),
    })
}

/// The identifier of the secret behind a certificate, or behind a secret itself.
pub fn of_secret(identifier: &str) -> String {
    let plain = identifier.trim().split(['?', '#']).next().unwrap_or_default();
    plain
        .trim_end_matches('/')
        .replacen("/certificates/", "/secrets/", 1)
}

/// An identifier without its version.
pub fn without_version(identifier: &str) -> String {
    let secret = of_secret(identifier);
    match secret.split_once("/secrets/") {
        Some((vault, rest)) => {
            let name = rest.split('/').next().unwrap_or_default();
            format!("{vault}/secrets/{name}")
        }
        None => secret,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_certificates_lead_to_their_secrets() {
        let versioned = "https://kv.vault.azure.net/certificates/ml/0123";
        assert_eq!(of_secret(versioned), "https://kv.vault.azure.net/secrets/ml/0123");
        assert_eq!(
            without_version(versioned),
            "https://kv.vault.azure.net/secrets/ml"
        );
        assert_eq!(
            without_version(" https://kv.vault.azure.net/secrets/ml/ "),
            "https://kv.vault.azure.net/secrets/ml"
        );
    }
}
