//! TLS of the scoring address, as a person wants it. Never a key: only where one is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// TLS of the scoring address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum Tls {
    /// No TLS: keys and data travel in clear text.
    None,
    /// A certificate of Microsoft for `<label><6 characters>.<location>.cloudapp.azure.com` (classic route).
    Microsoft {
        /// The label, without the six characters the service adds.
        leaf_domain_label: String,
        /// Take the label over when it has a certificate already.
        #[serde(default)]
        overwrite_existing_domain: bool,
    },
    /// The person's own certificate and key.
    Own {
        /// Name the endpoint is called by.
        cname: String,
        /// Where the pair is; `None` until one was given.
        #[serde(default)]
        pair: Option<PairRef>,
    },
    /// A pair that Berth makes.
    Generated {
        /// Name the endpoint is called by.
        cname: String,
        /// How it is made.
        recipe: Recipe,
        /// Where it is once made; `None` lets the run make it.
        #[serde(default)]
        pair: Option<PairRef>,
    },
}

impl Tls {
    /// The name callers use, where the person states it.
    pub fn cname(&self) -> Option<&str> {
        match self {
            Self::None | Self::Microsoft { .. } => None,
            Self::Own { cname, .. } | Self::Generated { cname, .. } => Some(cname),
        }
    }

    /// Where the certificate and key are, where there are any.
    pub fn pair(&self) -> Option<&PairRef> {
        match self {
            Self::None | Self::Microsoft { .. } => None,
            Self::Own { pair, .. } | Self::Generated { pair, .. } => pair.as_ref(),
        }
    }
}

/// Where a certificate and its key are kept. Never the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[ts(export)]
pub enum PairRef {
    /// In the vault, under this id.
    Vault {
        /// Id of the entry.
        id: String,
    },
    /// In PEM files, read when they are needed (command line). Paths are relative to the specification's folder.
    Files {
        /// Path of the certificate chain.
        certificate: String,
        /// Path of the key.
        key: String,
    },
}

/// How Berth makes a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[ts(export)]
pub struct Recipe {
    /// Who signs it.
    pub issuer: RecipeIssuer,
    /// Kind of key.
    pub key: KeyKind,
    /// Days it is valid.
    pub days: u32,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            issuer: RecipeIssuer::SelfSigned,
            key: KeyKind::EcdsaP256,
            days: 397,
        }
    }
}

/// Who signs a pair that Berth makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RecipeIssuer {
    /// The certificate signs itself; each caller must trust this one certificate.
    SelfSigned,
    /// A small authority on this machine; callers trust its root once.
    LocalCa,
}

/// Kinds of key Berth makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyKind {
    /// ECDSA on P-256.
    EcdsaP256,
    /// ECDSA on P-384.
    EcdsaP384,
    /// RSA, 2048 bits.
    Rsa2048,
    /// RSA, 3072 bits.
    Rsa3072,
    /// RSA, 4096 bits.
    Rsa4096,
}
