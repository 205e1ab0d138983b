//! Entra ID: the token endpoint, the sign-in pages, the discovery documents and the signing keys.
//!
//! There are no passwords: whoever opens the sign-in page chooses who signs in.

pub(crate) mod discovery;
pub(crate) mod errors;
pub(crate) mod grants;
pub(crate) mod issue;
pub(crate) mod pages;
pub(crate) mod people;
pub(crate) mod routes;
pub(crate) mod verify;

use crate::error::SandboxError;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The key that signs tokens, and its public half.
pub(crate) struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    jwk: Jwk,
    id: String,
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl TokenKey {
    /// Generates an RSA key of 2048 bits, as PKCS#8 PEM.
    pub(crate) fn generate() -> Result<String, SandboxError> {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048);
        let failed = |source| SandboxError::Certificate {
            what: "key that signs tokens",
            source,
        };
        pair.map(|pair| pair.serialize_pem()).map_err(failed)
    }

    /// Parses a key from PEM.
    pub(crate) fn of(pem: &str) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::TokenKey { source };
        let encoding = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(failed)?;
        let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::RS256).map_err(failed)?;
        let decoding = DecodingKey::from_jwk(&jwk).map_err(failed)?;
        let public = serde_json::to_vec(&jwk.algorithm).unwrap_or_default();
        let id: String = Sha256::digest(public)
            .iter()
            .take(20)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        jwk.common.key_id = Some(id.clone());
        Ok(Self {
            encoding,
            decoding,
            jwk,
            id,
        })
    }
}
