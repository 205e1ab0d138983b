//! A certificate with its chain and its key, from whatever mix of files a person has.
//!
//! The order of files and of certificates in them does not matter: the key tells the leaf, the signatures tell the rest.
//! What was out of order is kept as a fact, so that it can be said.

use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::check;
use crate::key::{KeyForm, KeyRejected, PrivateKey};
use crate::pem::{self, Content};
use berth_domain::certificate::{CertificateFacts, PairProblem, SourceFile};
use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use secrecy::{ExposeSecret, SecretString};

/// The most certificates that are read at once. A chain has at most a handful; a whole trust store has more.
pub const MAX_CERTIFICATES: usize = 64;

/// Certificates in order, and the key where one was given. What [`Pair`] is made of; of use by itself for looking at
/// certificates without their key, as those presented by a server.
#[derive(Debug)]
pub struct Material {
    chain: Chain,
    key: Option<KeyFromFile>,
    sources: Vec<SourceFile>,
}

#[derive(Debug)]
struct KeyFromFile {
    key: PrivateKey,
    file: String,
}

impl Material {
    /// Reads any mix of PEM files, each a label (for messages) and its bytes.
    ///
    /// # Errors
    /// The first thing found that stands in the way; a key that belongs to another certificate does not
    /// (see [`Self::into_pair`]).
    pub fn from_files<L: AsRef<str>, B: AsRef<[u8]>>(files: &[(L, B)]) -> Result<Self, PairProblem> {
        let mut found = Found::default();
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
    /// [`PairProblem::NoKey`] or [`PairProblem::KeyOfAnotherCertificate`].
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
        Ok(Pair {
            chain: self.chain,
            key,
            sources: self.sources,
        })
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
    /// Reads a pair from any mix of PEM files, each a label (for messages) and its bytes.
    ///
    /// # Errors
    /// The first thing found that stands in the way.
    pub fn from_files<L: AsRef<str>, B: AsRef<[u8]>>(files: &[(L, B)]) -> Result<Self, PairProblem> {
        Material::from_files(files)?.into_pair()
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

/// What the files held, before it is settled what belongs together.
#[derive(Default)]
struct Found {
    certificates: Vec<Certificate>,
    keys: Vec<KeyFromFile>,
    sources: Vec<SourceFile>,
    /// What is to be said when there is no key, best first.
    instead_of_key: Vec<PairProblem>,
    /// What is to be said when there is no certificate, best first.
    instead_of_certificate: Vec<PairProblem>,
}

impl Found {
    fn add(&mut self, file: &str, bytes: &[u8]) -> Result<(), PairProblem> {
        let read = pem::read(file, bytes)?;
        let (certificates, keys) = (self.certificates.len(), self.keys.len());
        for block in read.blocks {
            self.add_block(file, block.line, block.content)?;
        }
        let counted = |now: usize, before: usize| u32::try_from(now - before).unwrap_or(u32::MAX);
        self.sources.push(SourceFile {
            file: file.to_owned(),
            certificates: counted(self.certificates.len(), certificates),
            keys: counted(self.keys.len(), keys),
            other_text: read.other_text,
        });
        Ok(())
    }

    fn add_block(&mut self, file: &str, line: u32, content: Content) -> Result<(), PairProblem> {
        let owned = file.to_owned();
        match content {
            Content::Certificate(der) => {
                let certificate =
                    Certificate::read(der).ok_or(PairProblem::UnreadableCertificate { file: owned, line })?;
                self.certificates.push(certificate);
            }
            Content::Pkcs8(der) => self.add_key(file, line, PrivateKey::read(KeyForm::Pkcs8, der))?,
            Content::Pkcs1(der) => self.add_key(file, line, PrivateKey::read(KeyForm::Pkcs1, der))?,
            Content::Sec1(der) => self.add_key(file, line, PrivateKey::read(KeyForm::Sec1, der))?,
            Content::EncryptedKey(form) => {
                self.instead_of_key.insert(
                    0,
                    PairProblem::EncryptedKey {
                        file: owned,
                        line,
                        form,
                    },
                );
            }
            Content::ForeignKey(kind) => {
                self.instead_of_key.push(PairProblem::UnsupportedKey {
                    file: owned,
                    line,
                    kind,
                });
            }
            Content::PublicKey => self.instead_of_key.push(PairProblem::IsPublicKey { file: owned }),
            Content::Csr => self
                .instead_of_certificate
                .push(PairProblem::IsCsr { file: owned }),
            Content::Pkcs7 => self
                .instead_of_certificate
                .push(PairProblem::IsPkcs7 { file: owned }),
            Content::Unused => {}
        }
        Ok(())
    }

    fn add_key(
        &mut self,
        file: &str,
        line: u32,
        read: Result<PrivateKey, KeyRejected>,
    ) -> Result<(), PairProblem> {
        let file = file.to_owned();
        match read {
            // The same key twice is one key.
            Ok(key) if self.keys.iter().any(|known| known.key.public == key.public) => Ok(()),
            Ok(key) => {
                self.keys.push(KeyFromFile { key, file });
                Ok(())
            }
            Err(KeyRejected::Unreadable) => Err(PairProblem::UnreadableKey { file, line }),
            Err(KeyRejected::Unsupported(kind)) => Err(PairProblem::UnsupportedKey { file, line, kind }),
        }
    }

    fn settle(mut self) -> Result<Material, PairProblem> {
        if self.certificates.len() > MAX_CERTIFICATES {
            return Err(PairProblem::TooManyCertificates {
                count: u32::try_from(self.certificates.len()).unwrap_or(u32::MAX),
                limit: MAX_CERTIFICATES as u32,
            });
        }
        let key = self.one_key()?;
        let chain = Chain::arrange(self.certificates, key.as_ref().map(|found| &found.key.public));
        match chain {
            Some(chain) => Ok(Material {
                chain,
                key,
                sources: self.sources,
            }),
            None => Err(
                first(self.instead_of_certificate).unwrap_or_else(|| PairProblem::NoCertificate {
                    files: self.sources.into_iter().map(|source| source.file).collect(),
                }),
            ),
        }
    }

    /// The key; of several, the only one that belongs to one of the certificates.
    fn one_key(&mut self) -> Result<Option<KeyFromFile>, PairProblem> {
        let files = || self.keys.iter().map(|found| found.file.clone()).collect();
        let fits = |found: &KeyFromFile| self.certificates.iter().any(|one| one.public == found.key.public);
        let at = match (
            self.keys.len(),
            self.keys.iter().filter(|found| fits(found)).count(),
        ) {
            (0, _) => {
                return match first(std::mem::take(&mut self.instead_of_key)) {
                    Some(problem) => Err(problem),
                    None => Ok(None),
                };
            }
            (1, _) => 0,
            (_, 1) => self.keys.iter().position(fits).unwrap_or_default(),
            _ => return Err(PairProblem::SeveralKeys { files: files() }),
        };
        Ok(Some(self.keys.swap_remove(at)))
    }
}

fn first(problems: Vec<PairProblem>) -> Option<PairProblem> {
    problems.into_iter().next()
}
