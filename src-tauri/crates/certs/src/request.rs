//! Makes requests for a certificate (PKCS#10, RFC 2986). The key is made here and stored until the authority answers.

use crate::generate::{self, GenerateError};
use crate::key::{PrivateKey, PublicPart};
use crate::pair::{Material, Pair};
use berth_domain::certificate::PairProblem;
use berth_domain::spec::KeyKind;
use rustls_pki_types::CertificateSigningRequestDer;
use rustls_pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};

/// A key whose certificate is pending. Zeroized on drop; `Debug` shows only its public part.
#[derive(Debug)]
pub struct Waiting {
    key: PrivateKey,
}

/// A request and its key.
#[derive(Debug)]
pub struct Request {
    pub der: Vec<u8>,
    /// The request as PEM, for a person to submit.
    pub pem: String,
    pub waiting: Waiting,
}

/// Makes a key and a request for these names (the first becomes the common name). Slow for RSA of 4096 bits: call it
/// off the UI threads.
///
/// # Errors
/// An invalid name, or an error of the library.
pub fn make(names: &[&str], kind: KeyKind) -> Result<Request, GenerateError> {
    let params = generate::server_params(names, kind)?;
    let key = generate::new_key(kind)?;
    let request = params.serialize_request(&*key).map_err(GenerateError::Sign)?;
    let der = request.der().to_vec();
    Ok(Request {
        pem: crate::key::encode_pem("CERTIFICATE REQUEST", &der),
        der,
        waiting: Waiting {
            key: generate::private(&key)?,
        },
    })
}

/// Decodes a request from PEM; `None` when it is invalid.
pub fn der_of(pem: &str) -> Option<Vec<u8>> {
    let der = CertificateSigningRequestDer::from_pem_slice(pem.as_bytes()).ok()?;
    Some(der.to_vec())
}

impl Waiting {
    /// Reads a key that [`Self::bundle`] wrote.
    ///
    /// # Errors
    /// The problem of the text; `label` is its name in problems.
    pub fn read(label: &str, bundle: &SecretString) -> Result<Self, PairProblem> {
        let key = crate::found::lone_key(label, bundle.expose_secret().as_bytes())?;
        Ok(Self { key })
    }

    /// The key as stored in the vault.
    pub fn bundle(&self) -> SecretString {
        self.key.pem()
    }

    /// Identifies the key: SHA-256 over its public numbers, in lower-case hexadecimal. Equal to the value in
    /// [`Material::public_keys`] of its certificate.
    pub fn public_key(&self) -> String {
        self.key.public.digest()
    }

    /// Combines the key with the certificate that the authority issued. The chain may be in any order and mix of
    /// files.
    ///
    /// # Errors
    /// [`PairProblem::KeyOfAnotherCertificate`] when no certificate matches this key; any problem of the files.
    pub fn answered<L: AsRef<str>, B: AsRef<[u8]>>(&self, files: &[(L, B)]) -> Result<Pair, PairProblem> {
        let key = self.key.pem();
        let mut all: Vec<(&str, &[u8])> = files
            .iter()
            .map(|(label, bytes)| (label.as_ref(), bytes.as_ref()))
            .collect();
        all.push(("vault", key.expose_secret().as_bytes()));
        Material::from_files(&all)?.into_pair()
    }
}

impl Material {
    /// Identifies the keys of the certificates, leaf first; see [`Waiting::public_key`].
    pub fn public_keys(&self) -> Vec<String> {
        let certificates = self.chain.certificates().chain(&self.chain.left_out);
        certificates.map(|one| PublicPart::digest(&one.public)).collect()
    }
}
