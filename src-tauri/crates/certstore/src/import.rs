//! Importing and making certificates, and checking them.

use crate::pairs::generate_pair;
use crate::{CertificateStore, files, names};
use berth_certs::{MAX_FILE_BYTES, Material, Pair};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{AuthorityRoot, CertificateOrder, CertificateQuestion, CertificateReport};
use berth_domain::certificate::{CertificateFacts, PairProblem};
use berth_domain::change::Goal;
use berth_domain::facts::{Fact, Facts};
use berth_domain::finding::{Finding, WizardStep};
use berth_domain::inventory::Origin;
use berth_domain::preflight;
use berth_domain::spec::{PairRef, RecipeIssuer, Spec, Tls};
use berth_home::input_file::{self, InputFileError, NamedBy};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Serialize;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Longest validity of a certificate made here, in days.
const LONGEST_DAYS: u32 = 3652;

/// Contents of files or pasted text, each with a name to show to people.
pub type Contents = Vec<(String, Zeroizing<Vec<u8>>)>;

/// What was found in certificate files, for the command line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileCheck {
    /// The certificate and its chain.
    pub facts: CertificateFacts,
    /// What the TLS rules say about it.
    pub findings: Vec<Finding>,
}

impl CertificateStore {
    /// Imports certificate files and checks them.
    ///
    /// # Errors
    /// `FileProblem`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn import_files(
        &self,
        paths: &[&Path],
        passphrase: Option<&SecretString>,
        cname: &str,
    ) -> Result<CertificateReport, Failure> {
        if !cname.trim().is_empty() {
            names::check(cname)?;
        }
        let contents = read(paths).await?;
        self.import(contents, passphrase, cname, Origin::Taken).await
    }

    /// Imports pasted text, or what a Key Vault returned, and checks it.
    ///
    /// # Errors
    /// `CertificateProblem`, `VaultUnavailable`.
    pub async fn import(
        &self,
        contents: Contents,
        passphrase: Option<&SecretString>,
        cname: &str,
        origin: Origin,
    ) -> Result<CertificateReport, Failure> {
        let pair = open_contents(contents, passphrase).await?;
        self.secrets.require_persistence().await?;
        let id = uuid::Uuid::new_v4().to_string();
        self.put(&id, &pair).await?;
        self.note(id, &pair, cname, origin)
    }

    /// Makes a certificate and stores it with its key.
    ///
    /// # Errors
    /// `BadInput`, `VaultUnavailable`.
    pub async fn make(&self, order: &CertificateOrder) -> Result<CertificateReport, Failure> {
        check_order(order)?;
        self.secrets.require_persistence().await?;
        let id = uuid::Uuid::new_v4().to_string();
        let made = self
            .make_as(&id, std::slice::from_ref(&order.cname), &order.recipe)
            .await?;
        self.note(id, &made, &order.cname, Origin::Made)
    }

    /// Makes a certificate and also writes it to files in a folder, the key readable only by its owner. Returns the
    /// paths, chain first. A self-signed certificate that cannot be kept, for want of a keychain, exists only in the
    /// files, and the report names them.
    ///
    /// # Errors
    /// As [`Self::make`]; `FileProblem`, also when a file exists already.
    pub async fn make_files(
        &self,
        order: &CertificateOrder,
        folder: &Path,
    ) -> Result<(CertificateReport, Vec<PathBuf>), Failure> {
        check_order(order)?;
        let self_signed = order.recipe.issuer == RecipeIssuer::SelfSigned;
        if self_signed && self.secrets.require_persistence().await.is_err() {
            return make_only_files(order, folder).await;
        }
        let report = self.make(order).await?;
        let pair = self.load(&report.pair).await?;
        Ok((report, files::write(folder, &order.cname, &pair)?))
    }

    /// Writes a certificate and its key to files in a folder. Returns the paths, chain first.
    ///
    /// # Errors
    /// `NotFound`, `VaultUnavailable`; `FileProblem`, also when a file exists already.
    pub async fn export(&self, place: &PairRef, name: &str, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
        let pair = self.load(place).await?;
        files::write(folder, name, &pair)
    }

    /// Exports a pair from the keychain. The files are named after the first name in its certificate.
    ///
    /// # Errors
    /// As [`Self::export`].
    pub async fn export_kept(&self, id: &str, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
        self.secrets.require_persistence().await?;
        let pair = self.load(&PairRef::Vault { id: id.to_owned() }).await?;
        let facts = pair.inspect(None, Timestamp::now());
        let name = facts.names.first().map_or("certificate", String::as_str);
        files::write(folder, name, &pair)
    }

    /// Returns the root of the local authority, made on first use.
    ///
    /// # Errors
    /// `VaultUnavailable`.
    pub async fn authority_root(&self) -> Result<AuthorityRoot, Failure> {
        self.secrets.require_persistence().await?;
        let authority = self.local_authority().await?;
        let facts = authority.inspect(None, Timestamp::now());
        Ok(AuthorityRoot {
            subject: facts.subject,
            not_after: facts.not_after,
            sha256: facts.sha256,
            pem: authority.chain_pem(),
        })
    }

    /// Writes the local authority's root to a new file.
    ///
    /// # Errors
    /// `VaultUnavailable`; `FileProblem`, also when the file exists already.
    pub async fn write_authority_root(&self, path: &Path) -> Result<AuthorityRoot, Failure> {
        let root = self.authority_root().await?;
        files::write_public(path, &root.pem)?;
        Ok(root)
    }

    /// Writes the local authority's root to a file chosen in a dialog, replacing it.
    ///
    /// # Errors
    /// `VaultUnavailable`, `FileProblem`.
    pub async fn replace_authority_root(&self, path: &Path) -> Result<AuthorityRoot, Failure> {
        let root = self.authority_root().await?;
        files::replace_public_file(path, &root.pem)?;
        Ok(root)
    }

    /// Checks a stored certificate again.
    ///
    /// # Errors
    /// `NotFound`, `CertificateProblem`, `VaultUnavailable`.
    pub async fn check(&self, question: &CertificateQuestion) -> Result<CertificateReport, Failure> {
        let pair = self.load(&question.pair).await?;
        Ok(report_of(question.pair.clone(), &pair, &question.cname))
    }

    /// Reads what a review needs to know about the certificate of a specification.
    pub async fn facts_of(&self, tls: Option<&Tls>) -> Fact<Result<CertificateFacts, PairProblem>> {
        let Some(tls) = tls else {
            return Fact::NotAsked;
        };
        let cname = tls.cname().and_then(name);
        match tls.pair() {
            None => Fact::NotAsked,
            Some(PairRef::Files { certificate, key }) => {
                let paths = [Path::new(certificate), Path::new(key)];
                let contents = read_files(&paths, NamedBy::Document).await;
                let material = contents
                    .map_err(|fault| fault.to_pair_problem())
                    .and_then(|contents| Material::from_files(&contents));
                Fact::Known(material.map(|material| material.inspect(cname, Timestamp::now())))
            }
            Some(PairRef::Vault { id }) => match self.find(id).await {
                Ok(Some(pair)) => Fact::Known(Ok(pair.inspect(cname, Timestamp::now()))),
                Ok(None) => Fact::Known(Err(PairProblem::NotStored { id: id.clone() })),
                Err(failure) => Fact::Unknown(failure.detail),
            },
        }
    }

    /// Writes the note of a stored pair and reports on it.
    ///
    /// # Errors
    /// `FileProblem`.
    pub fn note(
        &self,
        id: String,
        pair: &Pair,
        cname: &str,
        origin: Origin,
    ) -> Result<CertificateReport, Failure> {
        let report = report_of(PairRef::Vault { id: id.clone() }, pair, cname);
        self.write_note(&id, origin, &report.facts)?;
        Ok(report)
    }
}

/// Opens the certificate and key in files, pasted text, or the secret of a Key Vault.
///
/// # Errors
/// `CertificateProblem`.
pub async fn open_contents(contents: Contents, passphrase: Option<&SecretString>) -> Result<Pair, Failure> {
    let passphrase = passphrase.cloned();
    // Deriving a key from a passphrase takes a while: not on the async workers.
    let opened = tokio::task::spawn_blocking(move || Pair::from_files_with(&contents, passphrase.as_ref()));
    opened
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error))?
        .map_err(|problem| berth_failures::from_pair(&problem))
}

/// Makes a self-signed pair that exists only in files.
async fn make_only_files(
    order: &CertificateOrder,
    folder: &Path,
) -> Result<(CertificateReport, Vec<PathBuf>), Failure> {
    let pair = generate_pair(None, std::slice::from_ref(&order.cname), &order.recipe).await?;
    let written = files::write(folder, &order.cname, &pair)?;
    let path = |at: usize| written.get(at).map(|path| path.display().to_string());
    let place = PairRef::Files {
        certificate: path(0).unwrap_or_default(),
        key: path(1).unwrap_or_default(),
    };
    Ok((report_of(place, &pair, &order.cname), written))
}

/// Checks a certificate and its key in any mix of files, without an account and without the vault.
///
/// # Errors
/// `FileProblem`, `CertificateProblem`.
pub async fn check_files(
    paths: &[&Path],
    cname: &str,
    passphrase: Option<&SecretString>,
) -> Result<FileCheck, Failure> {
    let contents = read(paths).await?;
    let material = Material::from_files_with(&contents, passphrase)
        .map_err(|problem| berth_failures::from_pair(&problem))?;
    let now = Timestamp::now();
    let facts = material.inspect(name(cname), now);
    // The rules use only the facts; the paths just say that a pair was given.
    let place = PairRef::Files {
        certificate: paths
            .first()
            .map(|path| path.display().to_string())
            .unwrap_or_default(),
        key: paths
            .last()
            .map(|path| path.display().to_string())
            .unwrap_or_default(),
    };
    let spec = Spec {
        tls: Some(Tls::Own {
            cname: cname.to_owned(),
            pair: Some(place),
        }),
        ..Spec::default()
    };
    let known = Facts {
        today: now.strftime("%Y-%m-%d").to_string(),
        certificate: Fact::Known(Ok(facts.clone())),
        ..Facts::default()
    };
    let goal = Goal::SetUp { spec: Box::new(spec) };
    let mut findings = preflight::preflight(&goal, &known);
    findings.retain(|finding| finding.step == WizardStep::Tls);
    Ok(FileCheck { facts, findings })
}

fn report_of(place: PairRef, pair: &Pair, cname: &str) -> CertificateReport {
    CertificateReport {
        pair: place,
        facts: pair.inspect(name(cname), Timestamp::now()),
    }
}

fn check_order(order: &CertificateOrder) -> Result<(), Failure> {
    names::check(&order.cname)?;
    if order.recipe.days == 0 || order.recipe.days > LONGEST_DAYS {
        return Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "days")
            .with("why", "not between 1 and 3652"));
    }
    Ok(())
}

/// Reads files a person named.
pub(crate) async fn read(paths: &[&Path]) -> Result<Contents, Failure> {
    let contents = read_files(paths, NamedBy::Person).await;
    contents.map_err(InputFileError::into_certificate_failure)
}

pub(crate) async fn read_files(paths: &[&Path], named_by: NamedBy) -> Result<Contents, InputFileError> {
    let mut contents = Vec::new();
    for path in paths {
        let content = input_file::read(path, named_by, MAX_FILE_BYTES as u64).await?;
        contents.push((input_file::label(path), content));
    }
    Ok(contents)
}

fn name(cname: &str) -> Option<&str> {
    Some(cname.trim()).filter(|cname| !cname.is_empty())
}
