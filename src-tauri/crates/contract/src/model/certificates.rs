//! Arguments and replies of the certificate commands.

use crate::failure::Failure;
use crate::run::RunSummary;
use berth_domain::certificate::CertificateFacts;
use berth_domain::dns::{DnsRecord, DnsText};
use berth_domain::finding::Finding;
use berth_domain::spec::{KeyKind, PairRef, Recipe};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// A passphrase from the window. `Debug` hides it, and it cannot be serialized.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Passphrase(SecretString);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

impl Passphrase {
    /// The passphrase itself.
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

model! {
    /// A file that the person chose, dropped or typed. The window gets its id and name, never its path.
    ChosenFile {
        /// Id, valid until the window closes.
        id: String,
        /// File name without the folder.
        name: String,
    }
}

model! {
    /// File paths that the person typed.
    TypedPaths {
        /// One path per file.
        paths: Vec<String>,
    }
}

/// Certificate files to import. Neither their paths nor their contents reach the window.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CertificateFiles {
    /// Ids of [`ChosenFile`], in any order.
    pub files: Vec<String>,
    /// Host name that clients use; the certificate must be valid for it.
    pub cname: String,
    /// Passphrase of an encrypted key or PKCS#12 file.
    #[serde(default)]
    #[ts(optional, type = "string")]
    pub passphrase: Option<Passphrase>,
}

model! {
    /// A certificate to create.
    CertificateOrder {
        /// Host name that clients use.
        cname: String,
        /// Issuer, kind of key and validity.
        recipe: Recipe,
    }
}

model! {
    /// A checked certificate.
    CertificateReport {
        /// Where certificate and key are stored.
        pair: PairRef,
        /// What the certificate says.
        facts: CertificateFacts,
    }
}

model! {
    /// A stored certificate to check, for example because the host name has changed.
    CertificateQuestion {
        /// Where certificate and key are stored.
        pair: PairRef,
        /// Host name that clients use.
        cname: String,
    }
}

model! {
    /// A certificate signing request to create. Its key stays in the vault.
    CertificateRequestOrder {
        /// Host names for the certificate; clients use the first.
        names: Vec<String>,
        /// Kind of key.
        key: KeyKind,
    }
}

model! {
    /// An open certificate request, whose key is in the vault.
    WaitingRequest {
        /// Id of the request, and later of the certificate.
        id: String,
        /// Host names in the request.
        names: Vec<String>,
        /// Kind of key.
        key: KeyKind,
        /// When it was created, RFC 3339.
        made_at: String,
        /// SHA-256 of the public key's numbers, to match the issued certificate to the request.
        public_key: String,
        /// The request (PKCS#10, PEM). It holds no secret.
        request_pem: String,
    }
}

model! {
    /// Root certificate of the local authority, to distribute to clients.
    AuthorityRoot {
        /// Distinguished name.
        subject: String,
        /// Expiry, RFC 3339.
        not_after: String,
        /// SHA-256 fingerprint of the DER, lower-case hexadecimal.
        sha256: String,
        /// The certificate, PEM.
        pem: String,
    }
}

model! {
    /// The file that the local authority's root was or will be saved to.
    RootFile {
        /// Path or name of the file.
        path: String,
    }
}

model! {
    /// An ACME authority.
    AuthorityQuestion {
        /// URL of its directory.
        directory: String,
        /// Path of a PEM file with additional CA certificates to trust for the connection.
        extra_roots: Option<String>,
    }
}

model! {
    /// Terms of service of an ACME authority.
    AuthorityTerms {
        /// Host of the authority.
        host: String,
        /// URL of the terms, always `https`; `None` if there are none or `hidden` is set.
        terms: Option<String>,
        /// True if the URL of the terms is not `https` and therefore not shown.
        hidden: bool,
    }
}

model! {
    /// A certificate to order from an ACME authority.
    AcmeOrderArgs {
        /// URL of the authority's directory.
        directory: String,
        /// Path of a PEM file with additional CA certificates to trust for the connection, for an authority inside a company.
        extra_roots: Option<String>,
        /// Contact email address for the authority.
        mail: Option<String>,
        /// True if the person agrees to the authority's terms.
        agreed: bool,
        /// Host names for the certificate; clients use the first.
        names: Vec<String>,
        /// Kind of key.
        key: KeyKind,
    }
}

model! {
    /// A DNS TXT record that proves control of a host name.
    AcmeRecord {
        /// The host name that it proves.
        for_name: String,
        /// Name of the record.
        name: String,
        /// Value of the record.
        value: String,
        /// True if the authority has validated it.
        proven: bool,
    }
}

model! {
    /// An open ACME order.
    AcmeOrder {
        /// Id of the order.
        id: String,
        /// URL of the authority's directory.
        directory: String,
        /// Host names in the order.
        names: Vec<String>,
        /// When it was placed, RFC 3339.
        placed_at: String,
        /// DNS records to create.
        records: Vec<AcmeRecord>,
        /// True if the order failed at the authority; a new order is needed.
        failed: bool,
    }
}

/// Asks the program to import a certificate from the clipboard, whose text never reaches the window.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ClipboardCertificate {
    /// Host name that clients use; the certificate must be valid for it.
    pub cname: String,
    /// Passphrase of an encrypted key.
    #[serde(default)]
    #[ts(optional, type = "string")]
    pub passphrase: Option<Passphrase>,
}

model! {
    /// A certificate, request or order in the vault.
    StoredId {
        /// Id of the certificate, request or order.
        id: String,
    }
}

model! {
    /// A completed certificate request.
    AnsweredRequest {
        /// The request, which is no longer open.
        request: WaitingRequest,
        /// The imported certificate.
        report: CertificateReport,
    }
}

model! {
    /// An Azure Key Vault.
    KeyVaultInfo {
        /// Resource id.
        id: String,
        /// URL, such as `https://contoso.vault.azure.net/`.
        uri: String,
    }
}

model! {
    /// A Key Vault to list the certificates of.
    KeyVaultPlace {
        /// Id of the account.
        account: String,
        /// URL of the vault.
        uri: String,
    }
}

model! {
    /// A certificate in a Key Vault.
    KeyVaultCertificate {
        /// Name of the certificate.
        name: String,
        /// Identifier of its secret, without a version.
        secret: String,
        /// Expiry, RFC 3339; `None` if the vault does not say.
        expires: Option<String>,
        /// Whether it is enabled.
        enabled: bool,
    }
}

model! {
    /// A Key Vault certificate to import through its secret.
    KeyVaultOrder {
        /// Id of the account.
        account: String,
        /// Identifier of the secret or certificate, with or without a version.
        secret: String,
        /// Host name that clients use; the certificate must be valid for it.
        cname: String,
    }
}

model! {
    /// Endpoints whose certificates to renew. Berth must be able to issue them itself.
    RenewOrder {
        /// Id of the account.
        account: String,
        /// Resource ids of the computes.
        compute_ids: Vec<String>,
    }
}

model! {
    /// Result of renewing one endpoint: a started run, blocking findings, or a failure.
    Renewed {
        /// Resource id of the compute.
        compute_id: String,
        /// The run, if one was started.
        run: Option<RunSummary>,
        /// Findings that block the renewal.
        findings: Vec<Finding>,
        /// Why the renewal was not attempted.
        failure: Option<Failure>,
    }
}

model! {
    /// A DNS record to format for the consoles of common providers.
    DnsQuestion {
        /// The record.
        record: DnsRecord,
        /// The DNS zone; defaults to the last two labels of the name.
        zone: Option<String>,
    }
}

model! {
    /// A DNS record, formatted for the consoles of common providers.
    DnsAnswer {
        /// The DNS zone.
        zone: String,
        /// Name of the record relative to the zone.
        host: String,
        /// One text per provider.
        texts: Vec<DnsText>,
    }
}

model! {
    /// Result of looking a DNS record up.
    DnsSeen {
        /// Whether the DNS has the expected value.
        agrees: bool,
        /// The values found.
        values: Vec<String>,
        /// How long resolvers may cache the values, in seconds.
        ttl_seconds: Option<u32>,
        /// Why the lookup failed; `None` if it succeeded. A name that does not exist gives no values and no problem.
        problem: Option<String>,
        /// When the lookup was made, RFC 3339.
        looked_at: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_read_and_never_shown() {
        let text = r#"{"files":["f1"],"cname":"a.b","passphrase":"open sesame"}"#;
        let files: CertificateFiles = serde_json::from_str(text).unwrap();
        let passphrase = files.passphrase.as_ref().unwrap();
        assert_eq!(passphrase.secret().expose_secret(), "open sesame");
        let debug = format!("{files:?}");
        assert!(!debug.contains("sesame"), "{debug}");
        let without: CertificateFiles = serde_json::from_str(r#"{"files":[],"cname":""}"#).unwrap();
        assert!(without.passphrase.is_none());
    }
}
