//! TLS settings of the specification. They refer to a private key but never contain one.

use crate::strict::no_members;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// TLS of the scoring endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum Tls {
    /// No TLS: API keys and data are sent in clear text.
    #[serde(deserialize_with = "no_members")]
    None,
    /// A Microsoft-managed certificate for `<label><6 characters>.<location>.cloudapp.azure.com` (classic route).
    Microsoft {
        /// The label, without the six characters the service adds.
        leaf_domain_label: String,
        /// Take over the label even if it already has a certificate.
        #[serde(default)]
        overwrite_existing_domain: bool,
    },
    /// The person's own certificate and key.
    Own {
        /// Host name that clients use.
        cname: String,
        /// Where the certificate and key are stored; `None` until given.
        #[serde(default)]
        pair: Option<PairRef>,
    },
    /// A certificate and key that Berth generates.
    Generated {
        /// Host name that clients use.
        cname: String,
        recipe: Recipe,
        /// Where the certificate and key are stored; `None` lets the run generate them.
        #[serde(default)]
        pair: Option<PairRef>,
    },
}

impl Tls {
    /// The host name, unless Microsoft assigns it.
    pub fn cname(&self) -> Option<&str> {
        match self {
            Self::None | Self::Microsoft { .. } => None,
            Self::Own { cname, .. } | Self::Generated { cname, .. } => Some(cname),
        }
    }

    /// Where the certificate and key are stored, if there are any yet.
    pub fn pair(&self) -> Option<&PairRef> {
        match self {
            Self::None | Self::Microsoft { .. } => None,
            Self::Own { pair, .. } | Self::Generated { pair, .. } => pair.as_ref(),
        }
    }
}

/// Refers to a stored certificate and private key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum PairRef {
    /// An entry in the vault.
    Vault { id: String },
    /// PEM files, read when they are needed (command line). Paths are relative to the specification's folder.
    Files {
        /// Path of the certificate chain.
        certificate: String,
        key: String,
    },
}

/// How Berth generates a certificate and key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Recipe {
    pub issuer: RecipeIssuer,
    pub key: KeyKind,
    /// Validity in days.
    pub days: u32,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            issuer: RecipeIssuer::SelfSigned,
            key: KeyKind::Rsa2048,
            days: 397,
        }
    }
}

/// Issuer of a certificate that Berth generates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RecipeIssuer {
    /// Self-signed: clients must trust this certificate itself.
    SelfSigned,
    /// Signed by the local CA on this machine: clients must trust its root once.
    LocalCa,
}

/// Kinds of key Berth can generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyKind {
    EcdsaP256,
    EcdsaP384,
    Rsa2048,
    Rsa3072,
    Rsa4096,
}

impl KeyKind {
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EcdsaP256 => "ECDSA P-256",
            Self::EcdsaP384 => "ECDSA P-384",
            Self::Rsa2048 => "RSA 2048",
            Self::Rsa3072 => "RSA 3072",
            Self::Rsa4096 => "RSA 4096",
        })
    }
}
