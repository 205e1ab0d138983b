//! Requests for a certificate (PKCS#10, RFC 2986): the key is made here and waits for what an authority answers.

use crate::generate::{self, GenerateError};
use crate::key::{PrivateKey, PublicPart};
use crate::pair::{Material, Pair};
use berth_domain::certificate::PairProblem;
use berth_domain::spec::KeyKind;
use rustls_pki_types::CertificateSigningRequestDer;
use rustls_pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};

/// A key that waits for its certificate. Wiped when dropped; `Debug` shows its public side only.
#[derive(Debug)]
pub struct Waiting {
    key: PrivateKey,
}

/// A request that was made, and the key that waits.
#[derive(Debug)]
pub struct Request {
    /// The request as DER, for a protocol.
    pub der: Vec<u8>,
    /// The request as PEM, for a person to hand in.
    pub pem: String,
    /// The key.
    pub waiting: Waiting,
}

/// Makes a key and the request for its certificate, for these names (the first becomes the common name). RSA of 4096 bits
/// takes seconds: call it off the threads that serve the window.
///
/// # Errors
/// A name that cannot be, or a failing library.
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

/// The DER of a request in PEM; `None` when it is none.
pub fn der_of(pem: &str) -> Option<Vec<u8>> {
    let der = CertificateSigningRequestDer::from_pem_slice(pem.as_bytes()).ok()?;
    Some(der.to_vec())
}

impl Waiting {
    /// Reads a key as [`Self::bundle`] wrote it.
    ///
    /// # Errors
    /// What is wrong with the text; `label` is the name that problems use for it.
    pub fn read(label: &str, bundle: &SecretString) -> Result<Self, PairProblem> {
        let key = crate::found::lone_key(label, bundle.expose_secret().as_bytes())?;
        Ok(Self { key })
    }

    /// The key as it is kept in the vault.
    pub fn bundle(&self) -> SecretString {
        self.key.pem()
    }

    /// What it is known by: SHA-256 over its public numbers, lower-case hexadecimal. The same as
    /// [`Material::public_keys`] has for its certificate.
    pub fn public_key(&self) -> String {
        self.key.public.digest()
    }

    /// Joins the certificate that came back with the key. The chain may be in any order, in any mix of files.
    ///
    /// # Errors
    /// [`PairProblem::KeyOfAnotherCertificate`] when none of the certificates is for this key; anything that is wrong
    /// with the files.
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
    /// What the keys of its certificates are known by, leaf first; see [`Waiting::public_key`].
    pub fn public_keys(&self) -> Vec<String> {
        let rungs = self.chain.rungs().chain(&self.chain.left_out);
        rungs.map(|one| PublicPart::digest(&one.public)).collect()
    }
}
