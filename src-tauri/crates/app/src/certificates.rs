//! Certificates on their way into the vault: taken from files, made here, looked at again.

use crate::given;
use crate::home::Home;
use crate::kept;
use crate::pair_files;
use berth_certs::{MAX_FILE_BYTES, Material, Pair};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{AuthorityRoot, CertificateOrder, CertificateQuestion, CertificateReport};
use berth_domain::certificate::{CertificateFacts, PairProblem};
use berth_domain::change::Goal;
use berth_domain::facts::{Fact, Facts};
use berth_domain::finding::{Finding, WizardStep};
use berth_domain::inventory::Origin;
use berth_domain::preflight;
use berth_domain::spec::{PairRef, Spec, Tls};
use berth_runs::input_file::{self, InputFileError, NamedBy};
use berth_runs::pair;
use berth_vault::Vault;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Serialize;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Longest life of a certificate made here, in days.
const LONGEST_DAYS: u32 = 3652;

/// Files or pasted text, each under the name people know it by.
pub type Contents = Vec<(String, Zeroizing<Vec<u8>>)>;

/// A pair of files with everything found, for the command line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileCheck {
    /// What it is.
    pub facts: CertificateFacts,
    /// What the rules say.
    pub findings: Vec<Finding>,
}

/// The pair in files, pasted text, or the secret of a Key Vault.
pub(crate) async fn open(contents: Contents, passphrase: Option<&SecretString>) -> Result<Pair, Failure> {
    let passphrase = passphrase.cloned();
    // A passphrase takes its rounds: off the async workers.
    let opened = tokio::task::spawn_blocking(move || Pair::from_files_with(&contents, passphrase.as_ref()));
    opened
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error))?
        .map_err(|problem| berth_failures::from_pair(&problem))
}

/// Makes a pair into the vault.
pub(crate) async fn make(
    home: &Home,
    vault: &Vault,
    order: &CertificateOrder,
) -> Result<CertificateReport, Failure> {
    let id = uuid::Uuid::new_v4().to_string();
    let made = pair::make(vault, &id, &order.cname, &order.recipe).await?;
    noted(home, id, &made, &order.cname, Origin::Made)
}

/// Makes a pair into the vault, and into files beside it. Answers the paths, chain first; below the authority of this
/// machine its chain ends with the root.
pub(crate) async fn make_files(
    home: &Home,
    vault: &Vault,
    order: &CertificateOrder,
    folder: &Path,
) -> Result<(CertificateReport, Vec<PathBuf>), Failure> {
    let report = make(home, vault, order).await?;
    let pair = pair::load(vault, &report.pair).await?;
    Ok((report, pair_files::write(folder, &order.cname, &pair)?))
}

/// Makes a pair that signs itself into files alone.
pub(crate) async fn make_files_alone(
    order: &CertificateOrder,
    folder: &Path,
) -> Result<(CertificateReport, Vec<PathBuf>), Failure> {
    let pair = pair::generate_pair(None, std::slice::from_ref(&order.cname), &order.recipe).await?;
    let written = pair_files::write(folder, &order.cname, &pair)?;
    let shown = |at: usize| {
        written
            .get(at)
            .map(|path| path.display().to_string())
            .unwrap_or_default()
    };
    let place = PairRef::Files {
        certificate: shown(0),
        key: shown(1),
    };
    Ok((report_of(place, &pair, &order.cname), written))
}

/// The root of the authority of this machine, made at its first use.
pub(crate) async fn root(vault: &Vault) -> Result<AuthorityRoot, Failure> {
    let authority = pair::local_authority(vault).await?;
    let facts = authority.inspect(None, Timestamp::now());
    Ok(AuthorityRoot {
        subject: facts.subject,
        not_after: facts.not_after,
        sha256: facts.sha256,
        pem: authority.chain_pem(),
    })
}

/// Checks a stored pair again.
pub(crate) async fn check(
    vault: &Vault,
    question: &CertificateQuestion,
) -> Result<CertificateReport, Failure> {
    let pair = pair::load(vault, &question.pair).await?;
    Ok(report_of(question.pair.clone(), &pair, &question.cname))
}

/// What preflight gets to know about the certificate of a specification.
pub(crate) async fn facts_of(
    vault: &Vault,
    tls: Option<&Tls>,
) -> Fact<Result<CertificateFacts, PairProblem>> {
    let Some(tls) = tls else {
        return Fact::NotAsked;
    };
    let cname = tls.cname().and_then(name);
    match tls.pair() {
        None => Fact::NotAsked,
        Some(PairRef::Files { certificate, key }) => {
            let paths = [Path::new(certificate), Path::new(key)];
            let contents = contents_of(&paths, NamedBy::Document).await;
            let material = contents
                .map_err(|fault| fault.to_pair_problem())
                .and_then(|contents| Material::from_files(&contents));
            Fact::Known(material.map(|material| material.inspect(cname, Timestamp::now())))
        }
        Some(stored) => match pair::load(vault, stored).await {
            Ok(pair) => Fact::Known(Ok(pair.inspect(cname, Timestamp::now()))),
            Err(failure) => Fact::Unknown(failure.detail),
        },
    }
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
    // The rules look at the facts; the place stands for "a pair was given".
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

/// Keeps a pair in the vault, under an id of its own.
pub(crate) async fn keep(
    home: &Home,
    vault: &Vault,
    pair: &Pair,
    cname: &str,
    origin: Origin,
) -> Result<CertificateReport, Failure> {
    let id = uuid::Uuid::new_v4().to_string();
    pair::store(vault, &id, pair).await?;
    noted(home, id, pair, cname, origin)
}

/// Notes a pair that is in the vault, and reports on it.
pub(crate) fn noted(
    home: &Home,
    id: String,
    pair: &Pair,
    cname: &str,
    origin: Origin,
) -> Result<CertificateReport, Failure> {
    let report = report_of(PairRef::Vault { id: id.clone() }, pair, cname);
    kept::note(home, &id, origin, &report.facts)?;
    Ok(report)
}

/// A pair with everything found.
fn report_of(place: PairRef, pair: &Pair, cname: &str) -> CertificateReport {
    CertificateReport {
        pair: place,
        facts: pair.inspect(name(cname), Timestamp::now()),
    }
}

/// Refuses what cannot be made.
pub(crate) fn check_order(order: &CertificateOrder) -> Result<(), Failure> {
    given::cname(&order.cname)?;
    if order.recipe.days == 0 || order.recipe.days > LONGEST_DAYS {
        return Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "days")
            .with("why", "not between 1 and 3652"));
    }
    Ok(())
}

/// Files that the person names, with their contents, under the names people know them by.
pub(crate) async fn read(paths: &[&Path]) -> Result<Contents, Failure> {
    let contents = contents_of(paths, NamedBy::Person).await;
    contents.map_err(InputFileError::into_certificate_failure)
}

async fn contents_of(paths: &[&Path], named_by: NamedBy) -> Result<Contents, InputFileError> {
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
