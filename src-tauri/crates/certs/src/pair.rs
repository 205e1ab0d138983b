//! A certificate with its chain and its key, from whatever mix of files a person has.
//!
//! The order of files and of certificates in them does not matter: the key tells the leaf, the signatures tell the rest.
//! What was out of order is kept as a fact, so that it can be said.

use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::check;
use crate::found::Found;
use crate::key::PrivateKey;
use berth_domain::certificate::{CertificateFacts, PairProblem, SourceFile};
use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use secrecy::{ExposeSecret, SecretString};

/// The most certificates that are read at once. A chain has at most a handful; a whole trust store has more.
pub const MAX_CERTIFICATES: usize = 64;

/// The most bytes that certificates and key may have together. Both routes keep them in a secret of Kubernetes, which holds
/// 1 MiB (kubernetes.io/docs/concepts/configuration/secret, "Restrictions on Secret data size").
pub const MAX_PAIR_BYTES: usize = 1024 * 1024;

/// Certificates in order, and the key where one was given. What [`Pair`] is made of; of use by itself for looking at
/// certificates without their key, as those presented by a server.
#[derive(Debug)]
pub struct Material {
    pub(crate) chain: Chain,
    pub(crate) key: Option<KeyFromFile>,
    pub(crate) sources: Vec<SourceFile>,
}

/// A key, and the file it came from.
#[derive(Debug)]
pub(crate) struct KeyFromFile {
    pub(crate) key: PrivateKey,
    pub(crate) file: String,
}

impl Material {
    /// Reads any mix of files without a passphrase; see [`Self::from_files_with`].
    ///
    /// # Errors
    /// As [`Self::from_files_with`].
    pub fn from_files<L: AsRef<str>, B: AsRef<[u8]>>(files: &[(L, B)]) -> Result<Self, PairProblem> {
        Self::from_files_with(files, None)
    }

    /// Reads any mix of files (PEM, DER, PKCS#12), each a label (for messages) and its bytes. One passphrase opens
    /// whatever has one. What it opens may take about a second: then call it off the threads that serve the window.
    ///
    /// # Errors
    /// The first thing found that stands in the way; a key that belongs to another certificate does not
    /// (see [`Self::into_pair`]).
    pub fn from_files_with<L: AsRef<str>, B: AsRef<[u8]>>(
        files: &[(L, B)],
        passphrase: Option<&SecretString>,
    ) -> Result<Self, PairProblem> {
        let mut found = Found::with(passphrase);
        for (label, bytes) in files {
            found.add(label.as_ref(), bytes.as_ref())?;
        }
        found.settle()
    }

    /// Takes the certificates that a server presented.
    ///
    /// # Errors
    /// [`PairProblem::NoCertificate`] or [`PairProblem::UnreadableCertificate`]; `server` is the label they name, the
    /// line is the place in the list.
    pub fn from_wire(server: &str, chain: &[CertificateDer<'static>]) -> Result<Self, PairProblem> {
        let read = |(line, der): (u32, &CertificateDer<'static>)| {
            Certificate::read(der.clone()).ok_or_else(|| PairProblem::UnreadableCertificate {
                file: server.to_owned(),
                line,
            })
        };
        let certificates = (1..).zip(chain).map(read).collect::<Result<Vec<_>, _>>()?;
        let chain = Chain::arrange(certificates, None).ok_or_else(|| PairProblem::NoCertificate {
            files: vec![server.to_owned()],
        })?;
        Ok(Self {
            chain,
            key: None,
            sources: Vec::new(),
        })
    }

    /// All facts at once. `cname` is the name callers use, `today` the moment to judge dates by. Pure, and quick enough to
    /// run on each keystroke in the name's field.
    pub fn inspect(&self, cname: Option<&str>, today: Timestamp) -> CertificateFacts {
        let key = self.key.as_ref().map(|found| &found.key.public);
        check::facts(&self.chain, key, &self.sources, cname, today)
    }

    /// The pair, when the key is there and belongs to the leaf.
    ///
    /// # Errors
    /// [`PairProblem::NoKey`], [`PairProblem::KeyOfAnotherCertificate`], or [`PairProblem::TooBig`].
    pub fn into_pair(self) -> Result<Pair, PairProblem> {
        let Some(KeyFromFile { key, file }) = self.key else {
            return Err(PairProblem::NoKey {
                files: self.sources.into_iter().map(|source| source.file).collect(),
            });
        };
        if key.public != self.chain.leaf.public {
            return Err(PairProblem::KeyOfAnotherCertificate {
                file,
                subject: self.chain.leaf.subject,
            });
        }
        let pair = Pair {
            chain: self.chain,
            key,
            sources: self.sources,
        };
        let bytes = pair.bundle().expose_secret().len();
        if bytes > MAX_PAIR_BYTES {
            let files: Vec<String> = pair.sources.into_iter().map(|source| source.file).collect();
            return Err(PairProblem::TooBig {
                file: files.join(", "),
                bytes: bytes as u64,
                limit: MAX_PAIR_BYTES as u64,
            });
        }
        Ok(pair)
    }
}

/// A clean chain, leaf first, and its unencrypted key. The key is wiped when the pair is dropped, and `Debug` does not
/// show it.
#[derive(Debug)]
pub struct Pair {
    chain: Chain,
    key: PrivateKey,
    sources: Vec<SourceFile>,
}

impl Pair {
    /// Reads a pair from any mix of files without a passphrase, each a label (for messages) and its bytes.
    ///
    /// # Errors
    /// The first thing found that stands in the way.
    pub fn from_files<L: AsRef<str>, B: AsRef<[u8]>>(files: &[(L, B)]) -> Result<Self, PairProblem> {
        Material::from_files(files)?.into_pair()
    }

    /// Reads a pair from any mix of files, with a passphrase for what has one; see [`Material::from_files_with`].
    ///
    /// # Errors
    /// The first thing found that stands in the way.
    pub fn from_files_with<L: AsRef<str>, B: AsRef<[u8]>>(
        files: &[(L, B)],
        passphrase: Option<&SecretString>,
    ) -> Result<Self, PairProblem> {
        Material::from_files_with(files, passphrase)?.into_pair()
    }

    /// All facts at once; see [`Material::inspect`].
    pub fn inspect(&self, cname: Option<&str>, today: Timestamp) -> CertificateFacts {
        check::facts(&self.chain, Some(&self.key.public), &self.sources, cname, today)
    }

    /// The chain as PEM, leaf first, nothing else in it. This is the value of `sslConfiguration.cert` of a classic compute
    /// and, base64 over it, of `scoringFe.sslCert` of the extension.
    pub fn chain_pem(&self) -> String {
        self.chain.rungs().map(Certificate::pem).collect()
    }

    /// The key as PEM, PKCS#8, without a passphrase.
    pub fn key_pem(&self) -> SecretString {
        self.key.pem()
    }

    /// Chain and key in one PEM text, as it is kept in the vault; [`Self::from_files`] reads it again.
    pub fn bundle(&self) -> SecretString {
        let (chain, key) = (self.chain_pem(), self.key_pem());
        let mut text = String::with_capacity(chain.len() + key.expose_secret().len());
        text.push_str(&chain);
        text.push_str(key.expose_secret());
        SecretString::from(text)
    }

    /// The chain as DER, leaf first.
    pub fn chain_der(&self) -> Vec<CertificateDer<'static>> {
        self.chain.rungs().map(|one| one.der.clone()).collect()
    }

    /// SHA-256 of the leaf's DER, lower-case hexadecimal: what a handshake is compared by.
    pub fn leaf_sha256(&self) -> &str {
        &self.chain.leaf.sha256
    }

    pub(crate) fn new(certificates: Vec<Certificate>, key: PrivateKey) -> Option<Self> {
        let chain = Chain::arrange(certificates, Some(&key.public))?;
        (chain.leaf.public == key.public).then_some(Self {
            chain,
            key,
            sources: Vec::new(),
        })
    }

    pub(crate) fn leaf(&self) -> &Certificate {
        &self.chain.leaf
    }

    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.chain.rungs()
    }

    pub(crate) fn key(&self) -> &PrivateKey {
        &self.key
    }
}
