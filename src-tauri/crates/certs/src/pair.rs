//! Reads a certificate with its chain and key from any mix of files.
//!
//! The order of files and certificates does not matter: the key determines the leaf, and the signatures the rest. A
//! wrong order is recorded as a fact.

use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::check;
use crate::found::Found;
use crate::key::PrivateKey;
use berth_domain::certificate::{CertificateFacts, PairProblem, SourceFile};
use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use secrecy::{ExposeSecret, SecretString};

/// Maximum number of certificates to read. A chain has a handful; a trust store has more.
pub const MAX_CERTIFICATES: usize = 64;

/// Maximum size of certificates and key in bytes. Both routes store them in a Secret of Kubernetes, which is limited
/// to 1 MiB (kubernetes.io/docs/concepts/configuration/secret, "Restrictions on Secret data size").
pub const MAX_PAIR_BYTES: usize = 1024 * 1024;

/// A chain, and its key if given. The intermediate form of [`Pair`]; also used for certificates without a key, such as
/// those that a server presents.
#[derive(Debug)]
pub struct Material {
    pub(crate) chain: Chain,
    pub(crate) key: Option<KeyFromFile>,
    pub(crate) sources: Vec<SourceFile>,
}

/// A key and the label of its file.
#[derive(Debug)]
pub(crate) struct KeyFromFile {
    pub(crate) key: PrivateKey,
    pub(crate) file: String,
}

impl Material {
    /// Reads any mix of files without a passphrase; see [`Self::from_files_with`].
    ///
    /// # Errors
    /// The errors of [`Self::from_files_with`].
    pub fn from_files<L: AsRef<str>, B: AsRef<[u8]>>(files: &[(L, B)]) -> Result<Self, PairProblem> {
        Self::from_files_with(files, None)
    }

    /// Reads any mix of files (PEM, DER, PKCS#12), each with a label for messages. One passphrase opens whatever has
    /// one. Decryption may take about a second: call it off the UI threads.
    ///
    /// # Errors
    /// The first problem found. A key of another certificate is no error here (see [`Self::into_pair`]).
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

    /// Reads the certificates that a server presented.
    ///
    /// # Errors
    /// [`PairProblem::NoCertificate`] or [`PairProblem::UnreadableCertificate`], which name `server` as the label and
    /// the position in the list as the line.
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

    /// Determines all facts. `cname` is the name that callers use, `today` the time for judging dates. Pure, and fast
    /// enough to run on each keystroke.
    pub fn inspect(&self, cname: Option<&str>, today: Timestamp) -> CertificateFacts {
        let key = self.key.as_ref().map(|found| &found.key.public);
        check::facts(&self.chain, key, &self.sources, cname, today)
    }

    /// Returns the pair if there is a key and it matches the leaf.
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

/// A clean chain, leaf first, and its unencrypted key. The key is zeroized on drop, and `Debug` does not show it.
#[derive(Debug)]
pub struct Pair {
    chain: Chain,
    key: PrivateKey,
    sources: Vec<SourceFile>,
}

impl Pair {
    /// Reads a pair from any mix of files without a passphrase, each with a label for messages.
    ///
    /// # Errors
    /// The first problem found.
    pub fn from_files<L: AsRef<str>, B: AsRef<[u8]>>(files: &[(L, B)]) -> Result<Self, PairProblem> {
        Material::from_files(files)?.into_pair()
    }

    /// Reads a pair from any mix of files with a passphrase; see [`Material::from_files_with`].
    ///
    /// # Errors
    /// The first problem found.
    pub fn from_files_with<L: AsRef<str>, B: AsRef<[u8]>>(
        files: &[(L, B)],
        passphrase: Option<&SecretString>,
    ) -> Result<Self, PairProblem> {
        Material::from_files_with(files, passphrase)?.into_pair()
    }

    /// Determines all facts; see [`Material::inspect`].
    pub fn inspect(&self, cname: Option<&str>, today: Timestamp) -> CertificateFacts {
        check::facts(&self.chain, Some(&self.key.public), &self.sources, cname, today)
    }

    /// The chain as PEM, leaf first, with nothing else. The value of `sslConfiguration.cert` of a classic compute and,
    /// in base64, of `scoringFe.sslCert` of the extension.
    pub fn chain_pem(&self) -> String {
        self.chain.certificates().map(Certificate::pem).collect()
    }

    /// The key as PEM, PKCS#8, without a passphrase.
    pub fn key_pem(&self) -> SecretString {
        self.key.pem()
    }

    /// Chain and key in one PEM text, as stored in the vault. [`Self::from_files`] reads it.
    pub fn bundle(&self) -> SecretString {
        let (chain, key) = (self.chain_pem(), self.key_pem());
        let mut text = String::with_capacity(chain.len() + key.expose_secret().len());
        text.push_str(&chain);
        text.push_str(key.expose_secret());
        SecretString::from(text)
    }

    pub fn chain_der(&self) -> Vec<CertificateDer<'static>> {
        self.chain.certificates().map(|one| one.der.clone()).collect()
    }

    /// SHA-256 of the leaf's DER in lower-case hexadecimal, for comparison with a handshake.
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
        self.chain.certificates()
    }

    pub(crate) fn key(&self) -> &PrivateKey {
        &self.key
    }
}
