//! The certificates that runs applied or backed up.

use super::{Runs, folders};
use crate::journal;
use crate::record::{Ending, RunRecord};
use berth_contract::failure::Failure;
use berth_domain::plan::StepKind;
use berth_domain::spec::PairRef;
use jiff::Timestamp;

/// A certificate that a run applied or backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunCertificate {
    /// Id of its key pair in the vault.
    pub pair: String,
    /// Where the run got the pair from; `None` when it was in the vault before.
    pub origin: Option<PairOrigin>,
    /// Id of the compute whose front end was proven to show it.
    pub applied_to: Option<String>,
    /// SHA-256 of the leaf, once it was sent or backed up.
    pub sha256: Option<String>,
    /// When the run began.
    pub at: Timestamp,
}

/// How a run obtained a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairOrigin {
    /// Made by a recipe.
    Recipe,
    /// Read from a cluster.
    Cluster,
}

impl Runs {
    /// Lists the certificates of all runs, newest first, and the failures of runs that cannot be read.
    ///
    /// # Errors
    /// `FileProblem` when the folder cannot be read.
    pub async fn certificates(&self) -> Result<(Vec<RunCertificate>, Vec<Failure>), Failure> {
        let folders = self.0.folders()?;
        let (mut all, mut unread) = (Vec::new(), Vec::new());
        for (id, folder) in &folders {
            match self.0.live_record(id) {
                Some(record) => all.extend(certificates_of(&record)),
                None => match journal::read(folder) {
                    Ok(record) => all.extend(certificates_of(&record)),
                    Err(error) if folders::never_started(folder, &error) => {}
                    Err(error) => unread.push(self.0.read_failure(folder, &error)),
                },
            }
        }
        all.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.pair.cmp(&other.pair)));
        Ok((all, unread))
    }
}

/// The certificate that a run applies, and the former one that it backed up.
fn certificates_of(record: &RunRecord) -> Vec<RunCertificate> {
    let in_vault = |pair: Option<&PairRef>| match pair {
        Some(PairRef::Vault { id }) => Some(id.clone()),
        Some(PairRef::Files { .. }) | None => None,
    };
    let former = in_vault(record.plan.former.as_ref());
    let applies = in_vault(record.pair.as_ref()).map(|pair| RunCertificate {
        pair,
        origin: origin(record),
        applied_to: applied_to(record),
        sha256: record.applied_sha256.clone(),
        at: record.started_at,
    });
    let backup = former.map(|pair| RunCertificate {
        pair,
        origin: Some(PairOrigin::Cluster),
        applied_to: None,
        sha256: record.former_sha256.clone(),
        at: record.started_at,
    });
    applies.into_iter().chain(backup).collect()
}

/// How the run obtained the pair that it applies. A run with a former pair keeps that one, not the pair it applies.
fn origin(record: &RunRecord) -> Option<PairOrigin> {
    let mut kinds = record.plan.steps.iter().map(|step| &step.kind);
    kinds.find_map(|kind| match kind {
        StepKind::MakeCertificate { .. } => Some(PairOrigin::Recipe),
        StepKind::KeepCertificate { .. } if record.plan.former.is_none() => Some(PairOrigin::Cluster),
        _ => None,
    })
}

/// The compute whose front end was proven to show the certificate.
fn applied_to(record: &RunRecord) -> Option<String> {
    let succeeded = record.ended.is_some_and(|ended| ended.how == Ending::Succeeded);
    if !succeeded || record.applied_sha256.is_none() {
        return None;
    }
    let mut kinds = record.plan.steps.iter().map(|step| &step.kind);
    kinds.find_map(|kind| match kind {
        StepKind::Prove {
            compute_id,
            tls: true,
            ..
        } => Some(compute_id.clone()),
        _ => None,
    })
}
