//! Tells whether a connection failed because the server's certificate is not trusted. Retrying does not help then.

use rustls::CertificateError;
use std::error::Error;
use std::io;

/// Why a server is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// The certificate is expired or not yet valid; the clock of this computer may be wrong.
    Dates,
    /// Anything else: unknown issuer, wrong name, revoked, no certificate.
    Certificate,
}

/// Finds a refused certificate among the causes of an error.
pub fn distrust(error: &(dyn Error + 'static)) -> Option<Distrust> {
    std::iter::successors(Some(error), |link| (*link).source()).find_map(of_link)
}

fn of_link(link: &(dyn Error + 'static)) -> Option<Distrust> {
    if let Some(io) = link.downcast_ref::<io::Error>() {
        // Its `source` skips the error that it wraps.
        return io.get_ref().and_then(|inner| distrust(inner));
    }
    match link.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => Some(Distrust::Dates),
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            Some(Distrust::Certificate)
        }
        _ => None,
    }
}
