//! Certificates in Azure Key Vaults: listed, and imported through their secrets.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use berth_arm::Arm;
use berth_arm::resources::key_vaults::{self, VaultSecret, without_version};
use berth_certstore::Contents;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{KeyVaultCertificate, KeyVaultInfo};
use berth_domain::dns::is_name;
use berth_domain::resource_id::check_part;
use berth_failures::from_arm;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

/// The beginning of each PEM block.
const PEM: &[u8] = b"-----BEGIN";

/// Lists the vaults of a subscription, sorted by address.
pub(crate) async fn list(arm: &Arm, subscription: &str) -> Result<Vec<KeyVaultInfo>, Failure> {
    let found = key_vaults::list_key_vaults(arm, subscription).await;
    let mut all: Vec<KeyVaultInfo> = found
        .map_err(|error| from_arm(&error))?
        .into_iter()
        .map(|vault| KeyVaultInfo {
            id: vault.id,
            uri: vault.uri,
        })
        .collect();
    all.sort_by_key(|vault| vault.uri.to_lowercase());
    Ok(all)
}

/// Lists the certificates of a vault, sorted by name.
pub(crate) async fn certificates(arm: &Arm, uri: &str) -> Result<Vec<KeyVaultCertificate>, Failure> {
    check(arm, uri)?;
    let found = key_vaults::list_certificates(arm, uri).await;
    let mut all: Vec<KeyVaultCertificate> = found
        .map_err(|error| from_arm(&error))?
        .into_iter()
        .map(|one| KeyVaultCertificate {
            name: one.name,
            secret: one.secret,
            expires: one
                .expires
                .and_then(|at| Timestamp::from_second(at).ok())
                .map(|at| at.to_string()),
            enabled: one.enabled,
        })
        .collect();
    all.sort_by_key(|one| one.name.to_lowercase());
    Ok(all)
}

/// Reads a secret as a file of the same name. Also returns its identifier without the version.
pub(crate) async fn contents(arm: &Arm, secret: &str) -> Result<(Contents, String), Failure> {
    check(arm, secret)?;
    let found = key_vaults::get_secret(arm, secret).await;
    let found = found.map_err(|error| {
        if error.is_not_found() {
            return Failure::new(FailureCode::NotFound, Remedy::CorrectInput)
                .with("what", secret)
                .because(&error);
        }
        from_arm(&error)
    })?;
    let identifier = without_version(secret);
    let name = identifier.rsplit('/').next().unwrap_or("secret").to_owned();
    Ok((vec![(name, bytes(&found))], identifier))
}

/// Decodes a secret: Key Vault stores PKCS#12 as base64 and PEM as text. Some tools wrap the base64 they upload.
fn bytes(secret: &VaultSecret) -> Zeroizing<Vec<u8>> {
    let text = secret.value.expose_secret().as_bytes();
    let is_pem = text.windows(PEM.len()).any(|part| part == PEM);
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    plain.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
    let decoded = (!is_pem).then(|| BASE64_STANDARD.decode(&*plain).ok());
    Zeroizing::new(decoded.flatten().unwrap_or_else(|| text.to_vec()))
}

/// Refuses an address that is not in a vault of this cloud, before a token is sent to it.
pub(crate) fn check(arm: &Arm, address: &str) -> Result<(), Failure> {
    let refused = || {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", address)
            .with("why", format!("https://….{}", arm.cloud().key_vaults))
    };
    if !is_vault_address(address.trim()) {
        return Err(refused());
    }
    arm.key_vault(address)
        .map(drop)
        .map_err(|error| refused().because(&error))
}

/// Accepts `https://<host>[/<kind>/<name>[/<version>]]` without characters that a URL parser could interpret
/// differently.
fn is_vault_address(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://") else {
        return false;
    };
    let mut parts = rest.trim_end_matches('/').split('/');
    let host = parts.next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    is_name(name)
        && !name.contains('*')
        && port.parse::<u16>().is_ok()
        && parts.all(|part| check_part(part).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    #[test]
    fn base64_is_decoded_however_it_is_wrapped_and_pem_is_kept() {
        let secret = |text: &str| VaultSecret {
            value: SecretString::from(text),
            content_type: None,
        };
        for wrapped in ["AQIDBAUG", "AQID\nBAUG\n", "AQID\r\n BAUG\r\n", "\tAQ ID\nBAUG"] {
            assert_eq!(*bytes(&secret(wrapped)), [1, 2, 3, 4, 5, 6], "{wrapped:?}");
        }
        for kept in ["-----BEGIN X-----\nAQID\n-----END X-----\n", "no base64!"] {
            assert_eq!(*bytes(&secret(kept)), kept.as_bytes());
        }
    }

    #[test]
    fn ambiguous_vault_addresses_are_refused() {
        for (address, expected) in [
            ("https://kv.vault.azure.net", true),
            ("https://kv.vault.azure.net/", true),
            ("https://kv.vault.azure.net/secrets/ml", true),
            ("https://kv.vault.azure.net/certificates/ml/0123abc/", true),
            ("https://127.0.0.1:8443/certificates/ml", true),
            ("http://kv.vault.azure.net/secrets/ml", false),
            ("https://kv.vault.azure.net/secrets/../keys/ml", false),
            ("https://kv.vault.azure.net/secrets/%2e%2e/keys", false),
            ("https://kv.vault.azure.net/secrets/ml?a=b", false),
            ("https://kv.vault.azure.net/secrets/ml#a", false),
            ("https://kv.vault.azure.net//secrets", false),
            ("https://kv.vault.azure.net\\@evil/secrets/ml", false),
            ("https://me@kv.vault.azure.net/secrets/ml", false),
            ("https://kv.vault.azure.net:x/secrets/ml", false),
            ("https://kv.vault.azure.net\n/secrets/ml", false),
            ("https://kv\u{202e}.vault.azure.net/secrets/ml", false),
            ("https:///secrets/ml", false),
            ("kv.vault.azure.net", false),
        ] {
            assert_eq!(is_vault_address(address), expected, "{address:?}");
        }
    }
}
