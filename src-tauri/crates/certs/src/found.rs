//! Collects what a mix of files contains, and determines what belongs together.

use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::key::{KeyRejected, PrivateKey};
use crate::locked::{LockedKey, Refused};
use crate::pair::{KeyFromFile, MAX_CERTIFICATES, Material};
use crate::pem::{self, Content};
use crate::pkcs12;
use berth_domain::certificate::{PairProblem, SourceFile};
use secrecy::SecretString;

/// The contents of the files, before they are matched.
#[derive(Default)]
pub(crate) struct Found {
    passphrase: Option<SecretString>,
    certificates: Vec<Certificate>,
    keys: Vec<KeyFromFile>,
    sources: Vec<SourceFile>,
    /// Problems to report when there is no key, best first.
    instead_of_key: Vec<PairProblem>,
    /// Problems to report when there is no certificate, best first.
    instead_of_certificate: Vec<PairProblem>,
}

/// Reads the only key of a text that Berth wrote.
pub(crate) fn lone_key(label: &str, bytes: &[u8]) -> Result<PrivateKey, PairProblem> {
    let mut found = Found::default();
    found.add(label, bytes)?;
    match found.keys.pop() {
        Some(only) if found.keys.is_empty() => Ok(only.key),
        _ => Err(PairProblem::NoKey {
            files: vec![label.to_owned()],
        }),
    }
}

impl Found {
    /// Starts empty; the passphrase opens whatever has one.
    pub(crate) fn with(passphrase: Option<&SecretString>) -> Self {
        Self {
            passphrase: passphrase.cloned(),
            ..Self::default()
        }
    }

    /// Reads one file.
    pub(crate) fn add(&mut self, file: &str, bytes: &[u8]) -> Result<(), PairProblem> {
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
            Content::Key(form, der) => self.add_key(file, line, PrivateKey::read(form, der))?,
            Content::LockedKey(locked) => self.add_locked(file, line, &locked),
            Content::Pkcs12(whole) => self.add_pkcs12(file, &whole)?,
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
            Content::Pkcs7(certificates) => {
                if certificates.is_empty() {
                    self.instead_of_certificate
                        .push(PairProblem::IsPkcs7 { file: owned });
                }
                for der in certificates {
                    self.add_block(file, line, Content::Certificate(der))?;
                }
            }
            Content::Unused => {}
        }
        Ok(())
    }

    /// Reads an encrypted key. One that does not open is a problem only when there is no other key.
    fn add_locked(&mut self, file: &str, line: u32, locked: &LockedKey) {
        let owned = file.to_owned();
        let Some(passphrase) = &self.passphrase else {
            let form = locked.encryption();
            self.instead_of_key.insert(
                0,
                PairProblem::EncryptedKey {
                    file: owned,
                    line,
                    form,
                },
            );
            return;
        };
        let opened = locked.open(passphrase);
        let problem = match opened.map(|(form, der)| PrivateKey::read(form, der)) {
            Ok(Ok(key)) => {
                self.keep_key(file, key);
                return;
            }
            Ok(Err(KeyRejected::Unsupported(kind))) => PairProblem::UnsupportedKey {
                file: owned,
                line,
                kind,
            },
            // One wrong passphrase in 256 leaves valid padding without a key behind it.
            Ok(Err(KeyRejected::Unreadable)) | Err(Refused::Wrong) => {
                PairProblem::WrongPassphrase { file: owned }
            }
            Err(Refused::Unsupported(scheme)) => PairProblem::UnsupportedEncryption { file: owned, scheme },
            Err(Refused::Damaged) => PairProblem::UnreadableKey { file: owned, line },
        };
        self.instead_of_key.insert(0, problem);
    }

    fn add_pkcs12(&mut self, file: &str, whole: &[u8]) -> Result<(), PairProblem> {
        let owned = file.to_owned();
        let problem = match pkcs12::open(whole, self.passphrase.as_ref()) {
            Ok(opened) => {
                for der in opened.certificates {
                    self.add_block(file, 1, Content::Certificate(der))?;
                }
                for (form, der) in opened.keys {
                    self.add_key(file, 1, PrivateKey::read(form, der))?;
                }
                return Ok(());
            }
            Err(Refused::Wrong) if self.passphrase.is_none() => PairProblem::EncryptedPkcs12 { file: owned },
            Err(Refused::Wrong) => PairProblem::WrongPassphrase { file: owned },
            Err(Refused::Unsupported(scheme)) => PairProblem::UnsupportedEncryption { file: owned, scheme },
            Err(Refused::Damaged) => PairProblem::UnreadablePkcs12 { file: owned },
        };
        self.instead_of_key.insert(0, problem.clone());
        self.instead_of_certificate.insert(0, problem);
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
            Ok(key) => {
                self.keep_key(&file, key);
                Ok(())
            }
            Err(KeyRejected::Unreadable) => Err(PairProblem::UnreadableKey { file, line }),
            Err(KeyRejected::Unsupported(kind)) => Err(PairProblem::UnsupportedKey { file, line, kind }),
        }
    }

    /// Adds a key unless it is a duplicate.
    fn keep_key(&mut self, file: &str, key: PrivateKey) {
        if !self.keys.iter().any(|known| known.key.public == key.public) {
            let file = file.to_owned();
            self.keys.push(KeyFromFile { key, file });
        }
    }

    /// Determines which key and certificates belong together.
    pub(crate) fn settle(mut self) -> Result<Material, PairProblem> {
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

    /// The key; of several, the only one that matches a certificate.
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
