//! Judges whether clients would trust what a server presents. Does not affect the connection.

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, Error, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Limit on the system's verification.
const LIMIT: Duration = Duration::from_secs(15);

/// The roots to verify with.
#[derive(Debug, Clone)]
pub enum Roots {
    /// The roots of this computer.
    Platform,
    /// The roots of this computer, and these.
    PlatformAnd(Vec<CertificateDer<'static>>),
    /// These roots only.
    Only(Vec<CertificateDer<'static>>),
}

/// Whether the presented chain is trusted for the name now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    Trusted,
    Untrusted {
        /// The reason, as a code for the catalogue.
        why: Distrust,
        /// The error of the library.
        detail: String,
    },
}

/// Why a chain is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    Expired,
    NotYetValid,
    /// It leads to no known root.
    UnknownIssuer,
    /// It is for other names.
    OtherName,
    Revoked,
    /// Not for servers, or an authority used as a server.
    OtherPurpose,
    /// Anything else; see the detail.
    Other,
}

/// Runs off the async workers: reading the system's roots uses the disk, and some systems use the network.
pub(super) async fn judge(
    roots: Roots,
    chain: Vec<CertificateDer<'static>>,
    name: ServerName<'static>,
    provider: Arc<CryptoProvider>,
) -> Trust {
    let judged = tokio::task::spawn_blocking(move || {
        let verifier = verifier(roots, provider)?;
        let Some((leaf, above)) = chain.split_first() else {
            return Err(Error::NoCertificatesPresented);
        };
        verifier.verify_server_cert(leaf, above, &name, &[], UnixTime::now())
    });
    let unknown = |detail: String| Trust::Untrusted {
        why: Distrust::Other,
        detail,
    };
    match timeout(LIMIT, judged).await {
        Ok(Ok(Ok(_))) => Trust::Trusted,
        Ok(Ok(Err(error))) => Trust::Untrusted {
            why: Distrust::of(&error),
            detail: error.to_string(),
        },
        Ok(Err(stopped)) => unknown(stopped.to_string()),
        Err(_) => unknown(format!("the system gave no answer within {LIMIT:?}")),
    }
}

fn verifier(roots: Roots, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let given = match roots {
        Roots::Platform => return Ok(Arc::new(Verifier::new(provider)?)),
        Roots::PlatformAnd(more) => return Ok(Arc::new(Verifier::new_with_extra_roots(more, provider)?)),
        Roots::Only(given) => given,
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(given);
    if store.is_empty() {
        return Err(Error::InvalidCertificate(CertificateError::UnknownIssuer));
    }
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build();
    built
        .map(|verifier| verifier as Arc<dyn ServerCertVerifier>)
        .map_err(|error| Error::General(error.to_string()))
}

impl Distrust {
    fn of(error: &Error) -> Self {
        let Error::InvalidCertificate(error) = error else {
            return Self::Other;
        };
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::OtherName
            }
            CertificateError::Revoked => Self::Revoked,
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                Self::OtherPurpose
            }
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                Self::OtherPurpose
            }
            _ => Self::Other,
        }
    }
}
