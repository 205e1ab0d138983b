//! Certificates on their way in and out of the vault.

use berth_domain::certificate::CertificateFacts;
use berth_domain::spec::{PairRef, Recipe};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A passphrase on its way in. It is neither shown nor sent back.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Passphrase(SecretString);

impl Passphrase {
    /// The passphrase itself, for whoever opens something with it.
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl From<SecretString> for Passphrase {
    fn from(secret: SecretString) -> Self {
        Self(secret)
    }
}

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

/// Certificate files to take in. Paths only: what is in them never enters the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CertificateFiles {
    /// Paths of all files, in any order.
    pub paths: Vec<String>,
    /// Name callers use, to check the certificate against.
    pub cname: String,
    /// Opens what has a passphrase: an encrypted key, a PKCS#12 file.
    #[serde(default, skip_serializing)]
    #[ts(optional, type = "string")]
    pub passphrase: Option<Passphrase>,
}

model! {
    /// A certificate to make.
    CertificateOrder {
        /// Name callers use.
        cname: String,
        /// How.
        recipe: Recipe,
    }
}

model! {
    /// A certificate in the vault, with everything checked.
    CertificateReport {
        /// Where it is kept.
        pair: PairRef,
        /// What it is.
        facts: CertificateFacts,
    }
}

model! {
    /// A stored certificate to look at again (the name may have changed).
    CertificateQuestion {
        /// Where it is kept.
        pair: PairRef,
        /// Name callers use.
        cname: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_comes_in_and_stays() {
        let text = r#"{"paths":["a.pfx"],"cname":"a.b","passphrase":"open sesame"}"#;
        let files: CertificateFiles = serde_json::from_str(text).unwrap();
        let passphrase = files.passphrase.as_ref().unwrap();
        assert_eq!(passphrase.secret().expose_secret(), "open sesame");
        let told = format!("{files:?} {}", serde_json::to_string(&files).unwrap());
        assert!(!told.contains("sesame"), "{told}");
        let without: CertificateFiles = serde_json::from_str(r#"{"paths":[],"cname":""}"#).unwrap();
        assert!(without.passphrase.is_none());
    }
}
