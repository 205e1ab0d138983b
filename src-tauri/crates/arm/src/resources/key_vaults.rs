//! Certificates in Azure Key Vaults (Microsoft.KeyVault; data plane:
//! learn.microsoft.com/rest/api/keyvault). A certificate's private key is in the secret of the same name; whoever can read
//! that secret can use certificate and key elsewhere (learn.microsoft.com/azure/key-vault/certificates/about-certificates).

use super::{optional, text};
use crate::{Arm, ArmError};
use berth_domain::api_versions::KEY_VAULT_DATA;
use secrecy::SecretString;
use serde_json::Value;

/// A Key Vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyVault {
    /// Resource id.
    pub id: String,
    /// Base URL, such as `https://contoso.vault.azure.net/`.
    pub uri: String,
}

/// A certificate in a Key Vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultCertificate {
    /// Name of the certificate, and of its secret.
    pub name: String,
    /// Identifier (URL) of its secret, without a version.
    pub secret: String,
    /// Expiry in seconds since 1970; `None` if the vault does not say.
    pub expires: Option<i64>,
    /// Whether the certificate is enabled; a disabled one cannot be read.
    pub enabled: bool,
}

/// The content of a secret.
pub struct VaultSecret {
    /// PEM, or base64 of a PKCS#12 file without a password.
    pub value: SecretString,
    /// `application/x-pkcs12` or `application/x-pem-file`; `None` for secrets created by hand.
    pub content_type: Option<String>,
}

/// Lists the Key Vaults of a subscription.
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

/// Lists the certificates in the Key Vault with this base URL.
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

/// Reads a secret by its identifier, or by the identifier of its certificate.
///
/// # Errors
/// [`ArmError::BadPath`] if it is not an identifier in a Key Vault of this cloud, otherwise see [`ArmError`].
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

/// Returns the secret identifier for a certificate or secret identifier.
pub fn of_secret(identifier: &str) -> String {
    let plain = identifier.trim().split(['?', '#']).next().unwrap_or_default();
    plain
        .trim_end_matches('/')
        .replacen("/certificates/", "/secrets/", 1)
}

/// Returns the secret identifier without its version.
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
    fn a_certificate_identifier_gives_its_secret_identifier() {
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
