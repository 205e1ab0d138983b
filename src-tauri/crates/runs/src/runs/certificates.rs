//! Which certificates runs have applied, and which pairs of the vault are theirs.

use super::{Runs, shelf};
use crate::journal::from_journal;
use crate::journal::{self, JournalError};
use crate::record::{Ending, RunRecord};
use berth_contract::failure::Failure;
use berth_domain::plan::StepKind;
use berth_domain::spec::PairRef;
use jiff::Timestamp;

/// The certificate of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateOfRun {
    /// Id of its pair in the vault.
    pub pair: String,
    /// The run made the pair, or read it from a cluster; otherwise it was in the vault before.
    pub made: Option<MadeBy>,
    /// The compute whose front end shows it, once that was proven.
    pub applied_to: Option<String>,
    /// SHA-256 of the leaf, once it was sent.
    pub sha256: Option<String>,
    /// When the run began.
    pub at: Timestamp,
}

/// How a run came by a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeBy {
    /// It made it.
    Recipe,
    /// It read it from a cluster.
    Cluster,
}

impl Runs {
    /// Certificates of all runs, newest first, and why some runs cannot be read.
    ///
    /// # Errors
    /// `FileProblem` when the folder cannot be read.
    pub async fn certificates(&self) -> Result<(Vec<CertificateOfRun>, Vec<Failure>), Failure> {
        let folders = self.0.folders().map_err(|source| {
            let path = self.0.folder.clone();
            from_journal(&JournalError::Read { path, source })
        })?;
        let (mut all, mut unread) = (Vec::new(), Vec::new());
        for (id, folder) in &folders {
            match self.0.seen(id) {
                Some(record) => all.extend(of(&record)),
                None => match journal::read(folder) {
                    Ok(record) => all.extend(of(&record)),
                    Err(error) if shelf::had_not_begun(folder, &error) => {}
                    Err(error) => unread.push(self.0.unread(folder, &error)),
                },
            }
        }
        all.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.pair.cmp(&other.pair)));
        Ok((all, unread))
    }
}

/// The pair that a run applies, and the former one that it kept.
fn of(record: &RunRecord) -> Vec<CertificateOfRun> {
    let vault = |place: Option<&PairRef>| match place {
        Some(PairRef::Vault { id }) => Some(id.clone()),
        Some(PairRef::Files { .. }) | None => None,
    };
    let former = vault(record.plan.former.as_ref());
    let applies = vault(record.pair.as_ref()).map(|pair| CertificateOfRun {
        pair,
        made: made_by(record),
        applied_to: applied_to(record),
        sha256: record.applied_sha256.clone(),
        at: record.started_at,
    });
    let kept = former.map(|pair| CertificateOfRun {
        pair,
        made: Some(MadeBy::Cluster),
        applied_to: None,
        sha256: record.former_sha256.clone(),
        at: record.started_at,
    });
    applies.into_iter().chain(kept).collect()
}

/// How the run came by the pair it applies. What is kept where there is a former pair is that one.
fn made_by(record: &RunRecord) -> Option<MadeBy> {
    let mut kinds = record.plan.steps.iter().map(|step| &step.kind);
    kinds.find_map(|kind| match kind {
        StepKind::MakeCertificate { .. } => Some(MadeBy::Recipe),
        StepKind::KeepCertificate { .. } if record.plan.former.is_none() => Some(MadeBy::Cluster),
        _ => None,
    })
}

/// The compute whose front end was seen to show it.
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
