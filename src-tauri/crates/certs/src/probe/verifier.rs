//! Accepts any certificate, provided that the server has its key.

use crate::certificate::Certificate;
use crate::signing::{Hash, Scheme, Verified};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// The module of the probe explains why accepting is safe there. Our own code verifies the signature of the handshake,
/// because the library refuses certificates of X.509 version 1, which old recipes for self-signed ones still make.
#[derive(Debug)]
pub(super) struct AcceptAndCheckPossession {
    schemes: Vec<SignatureScheme>,
}

impl AcceptAndCheckPossession {
    pub(super) fn new(provider: &CryptoProvider) -> Self {
        Self {
            schemes: provider.signature_verification_algorithms.supported_schemes(),
        }
    }
}

impl ServerCertVerifier for AcceptAndCheckPossession {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let leaf = Certificate::read(cert.clone().into_owned())
            .ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
        let scheme =
            scheme_of(dss.scheme).ok_or_else(|| Error::General(format!("signed by {:?}", dss.scheme)))?;
        match scheme.verify(&leaf.public, message, dss.signature()) {
            Verified::Yes => Ok(HandshakeSignatureValid::assertion()),
            Verified::No => Err(Error::InvalidCertificate(CertificateError::BadSignature)),
            Verified::Unchecked => Err(Error::General(format!(
                "signed by {:?} with a key of {}",
                dss.scheme,
                leaf.public.name()
            ))),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verify_tls12_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

/// In TLS 1.2 the scheme names only the hash; the certificate determines the curve (RFC 5246, section 7.4.1.4.1).
fn scheme_of(scheme: SignatureScheme) -> Option<Scheme> {
    Some(match scheme {
        SignatureScheme::RSA_PKCS1_SHA256 => Scheme::RsaPkcs1(Hash::Sha256),
        SignatureScheme::RSA_PKCS1_SHA384 => Scheme::RsaPkcs1(Hash::Sha384),
        SignatureScheme::RSA_PKCS1_SHA512 => Scheme::RsaPkcs1(Hash::Sha512),
        SignatureScheme::RSA_PSS_SHA256 => Scheme::RsaPss(Hash::Sha256),
        SignatureScheme::RSA_PSS_SHA384 => Scheme::RsaPss(Hash::Sha384),
        SignatureScheme::RSA_PSS_SHA512 => Scheme::RsaPss(Hash::Sha512),
        SignatureScheme::ECDSA_NISTP256_SHA256 => Scheme::Ecdsa(Hash::Sha256),
        SignatureScheme::ECDSA_NISTP384_SHA384 => Scheme::Ecdsa(Hash::Sha384),
        SignatureScheme::ECDSA_NISTP521_SHA512 => Scheme::Ecdsa(Hash::Sha512),
        SignatureScheme::ED25519 => Scheme::Ed25519,
        _ => return None,
    })
}
