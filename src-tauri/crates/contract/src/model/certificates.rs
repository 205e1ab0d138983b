//! Certificates on their way in and out of the vault.

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

/// A passphrase on its way in. It is neither shown nor sent back.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Passphrase(SecretString);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

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

model! {
    /// A file a person chose, dropped or named. Its path stays in the program; the page knows it by its id.
    ChosenFile {
        /// Its id, good until the window closes.
        id: String,
        /// Its name without the folder.
        name: String,
    }
}

model! {
    /// Paths typed by a person.
    TypedPaths {
        /// One a file.
        paths: Vec<String>,
    }
}

/// Certificate files to take in. Neither their paths nor what is in them enters the page.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CertificateFiles {
    /// Ids of [`ChosenFile`], in any order.
    pub files: Vec<String>,
    /// Name callers use, to check the certificate against.
    pub cname: String,
    /// Opens what has a passphrase: an encrypted key, a PKCS#12 file.
    #[serde(default)]
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

model! {
    /// A request to make: the key stays in the vault and waits.
    CertificateRequestOrder {
        /// Names, the first of which callers use.
        names: Vec<String>,
        /// Kind of key.
        key: KeyKind,
    }
}

model! {
    /// A request whose key waits in the vault for its certificate.
    WaitingRequest {
        /// Its id, and later that of the pair.
        id: String,
        /// Names asked for.
        names: Vec<String>,
        /// Kind of key.
        key: KeyKind,
        /// When it was made, RFC 3339.
        made_at: String,
        /// SHA-256 over the numbers of its public key: what the certificate is told by when it comes back.
        public_key: String,
        /// The request itself (PKCS#10, PEM). Nothing in it is secret.
        request_pem: String,
    }
}

model! {
    /// The root of the small authority of this machine, to give to those who call.
    AuthorityRoot {
        /// Its name.
        subject: String,
        /// Its last moment, RFC 3339.
        not_after: String,
        /// SHA-256 of its DER, lower-case hexadecimal, to compare by.
        sha256: String,
        /// The certificate (PEM).
        pem: String,
    }
}

model! {
    /// Where the root of this computer's authority was saved, or the name it will have.
    RootFile {
        /// Path of the file.
        path: String,
    }
}

model! {
    /// An authority that speaks ACME.
    AuthorityQuestion {
        /// Address of its directory.
        directory: String,
        /// File with certificates (PEM) that the connection to it trusts too.
        extra_roots: Option<String>,
    }
}

model! {
    /// What one agrees to before ordering from an authority.
    AuthorityTerms {
        /// Host of the authority.
        host: String,
        /// Address of its terms, `https` always; none where it has none, or none that is shown.
        terms: Option<String>,
        /// It has terms at an address that is not `https`, which is not shown.
        hidden: bool,
    }
}

model! {
    /// A certificate to order from an authority that speaks ACME.
    AcmeWish {
        /// Address of the authority's directory.
        directory: String,
        /// File with certificates (PEM) that the connection to it trusts too, for an authority inside a company.
        extra_roots: Option<String>,
        /// Address for mail of the authority's.
        mail: Option<String>,
        /// The person agrees to the authority's terms.
        agreed: bool,
        /// Names, the first of which callers use.
        names: Vec<String>,
        /// Kind of key.
        key: KeyKind,
    }
}

model! {
    /// A DNS record of type TXT that proves a name.
    AcmeRecord {
        /// The name that is proven.
        for_name: String,
        /// Name of the record.
        name: String,
        /// Its value.
        value: String,
        /// The authority has seen it.
        proven: bool,
    }
}

model! {
    /// An order that waits for its records, or for the person to go on.
    AcmeOrder {
        /// Its id.
        id: String,
        /// Address of the authority's directory.
        directory: String,
        /// Names ordered.
        names: Vec<String>,
        /// When it was placed, RFC 3339.
        placed_at: String,
        /// The records to make.
        records: Vec<AcmeRecord>,
        /// It failed at the authority; a new order is needed.
        failed: bool,
    }
}

/// Certificate text on the clipboard, read by the program itself: it never enters the window.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ClipboardCertificate {
    /// Name callers use, to check the certificate against.
    pub cname: String,
    /// Opens an encrypted key.
    #[serde(default)]
    #[ts(optional, type = "string")]
    pub passphrase: Option<Passphrase>,
}

model! {
    /// A pair, a request or an order, by its id.
    KeptRef {
        /// Its id.
        id: String,
    }
}

model! {
    /// A request that was answered, and what came of it.
    AnsweredRequest {
        /// The request, which waits no more.
        request: WaitingRequest,
        /// The pair.
        report: CertificateReport,
    }
}

model! {
    /// An Azure Key Vault.
    KeyVaultInfo {
        /// Resource id.
        id: String,
        /// Its address, `https://contoso.vault.azure.net/`.
        uri: String,
    }
}

model! {
    /// A Key Vault to look into.
    KeyVaultPlace {
        /// Account.
        account: String,
        /// Address of the vault.
        uri: String,
    }
}

model! {
    /// A certificate in a Key Vault.
    KeyVaultCertificate {
        /// Its name.
        name: String,
        /// Identifier of its secret, without a version.
        secret: String,
        /// When it ends, RFC 3339.
        expires: Option<String>,
        /// Whether it is enabled.
        enabled: bool,
    }
}

model! {
    /// A certificate of a Key Vault to take into Berth's vault, through its secret.
    KeyVaultOrder {
        /// Account.
        account: String,
        /// Identifier of the secret or of the certificate, with a version or without.
        secret: String,
        /// Name callers use, to check the certificate against.
        cname: String,
    }
}

model! {
    /// Certificates to renew by themselves: those that Berth can make anew.
    RenewOrder {
        /// Account.
        account: String,
        /// Resource ids of the computes.
        compute_ids: Vec<String>,
    }
}

model! {
    /// What became of the renewal of one endpoint: a run that has begun, findings that block it, or a failure.
    Renewed {
        /// Resource id of the compute.
        compute_id: String,
        /// The run.
        run: Option<RunSummary>,
        /// What blocks it.
        findings: Vec<Finding>,
        /// Why it was not even tried.
        failure: Option<Failure>,
    }
}

model! {
    /// A record to put into words.
    DnsQuestion {
        /// The record.
        record: DnsRecord,
        /// The zone it is in, where the person knows better than the last two labels.
        zone: Option<String>,
    }
}

model! {
    /// A record in the words of the places where people make one.
    DnsAnswer {
        /// The zone.
        zone: String,
        /// Name within the zone.
        host: String,
        /// In the words of each place.
        texts: Vec<DnsText>,
    }
}

model! {
    /// What the DNS says about a record at one moment.
    DnsSeen {
        /// Whether it says what it should.
        agrees: bool,
        /// The values it gave.
        values: Vec<String>,
        /// How long they may be kept by those who asked, in seconds.
        ttl_seconds: Option<u32>,
        /// Why there was no answer at all; a name that does not exist is an answer without values.
        problem: Option<String>,
        /// When, RFC 3339.
        looked_at: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_comes_in_and_stays() {
        let text = r#"{"files":["f1"],"cname":"a.b","passphrase":"open sesame"}"#;
        let files: CertificateFiles = serde_json::from_str(text).unwrap();
        let passphrase = files.passphrase.as_ref().unwrap();
        assert_eq!(passphrase.secret().expose_secret(), "open sesame");
        let told = format!("{files:?}");
        assert!(!told.contains("sesame"), "{told}");
        let without: CertificateFiles = serde_json::from_str(r#"{"files":[],"cname":""}"#).unwrap();
        assert!(without.passphrase.is_none());
    }
}
