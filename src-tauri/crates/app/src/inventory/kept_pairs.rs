//! Reads the pairs in the vault. A keychain cannot list its entries, so the ids come from the notes, the runs and the
//! draft.

use crate::drafts;
use berth_certstore::{CertificateStore, Note};
use berth_contract::failure::Failure;
use berth_domain::certificate::CertificateFacts;
use berth_domain::inventory::{Due, KeptCertificate, Origin, due_of};
use berth_domain::spec::PairRef;
use berth_home::Home;
use berth_runs::{PairOrigin, RunCertificate};
use futures::StreamExt as _;
use futures::stream;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Concurrent keychain reads. The keychain answers one at a time, and each read has a timeout of seconds.
const AT_ONCE: usize = 8;

/// Reads all pairs. Also returns why notes or the draft could not be read.
pub(super) async fn read(
    home: &Home,
    certificates: &CertificateStore,
    runs: &[RunCertificate],
) -> (Vec<KeptCertificate>, Vec<Failure>) {
    let (notes, mut unread) = certificates.list_notes();
    let notes: BTreeMap<String, Note> = notes.into_iter().map(|note| (note.id.clone(), note)).collect();
    let draft = in_draft(home).unwrap_or_else(|failure| {
        unread.push(failure);
        None
    });
    let mut ids: Vec<&str> = notes
        .keys()
        .map(String::as_str)
        .chain(runs.iter().map(|run| run.pair.as_str()))
        .chain(draft.as_deref())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let reading = Reading {
        certificates,
        runs,
        notes: &notes,
        draft: draft.as_deref(),
        now: Timestamp::now(),
    };
    let reads: Vec<_> = ids.into_iter().map(|id| reading.one(id)).collect();
    let found: Vec<Option<KeptCertificate>> = stream::iter(reads).buffered(AT_ONCE).collect().await;
    (found.into_iter().flatten().collect(), unread)
}

struct Reading<'a> {
    certificates: &'a CertificateStore,
    runs: &'a [RunCertificate],
    notes: &'a BTreeMap<String, Note>,
    draft: Option<&'a str>,
    now: Timestamp,
}

impl Reading<'_> {
    async fn one(&self, id: &str) -> Option<KeptCertificate> {
        let of_id: Vec<&RunCertificate> = self.runs.iter().filter(|run| run.pair == id).collect();
        let note = self.notes.get(id);
        let (certificate, why) = certificate(self.certificates, id, note, self.now).await?;
        let due = certificate.as_ref().map(|found| due_of(found, self.now));
        Some(KeptCertificate {
            id: id.to_owned(),
            origin: origin(note, &of_id),
            kept_at: kept_at(note, &of_id),
            due: due.unwrap_or(Due::Unknown),
            certificate,
            why,
            used_by: used_by(self.runs, id),
            in_draft: self.draft == Some(id),
        })
    }
}

/// The certificate from the vault, or else from its note. `None` if the vault has no such pair: a run never made it, or
/// it was held in memory only and is lost.
async fn certificate(
    certificates: &CertificateStore,
    id: &str,
    note: Option<&Note>,
    now: Timestamp,
) -> Option<(Option<CertificateFacts>, Option<String>)> {
    match certificates.find(id).await {
        Ok(Some(pair)) => Some((Some(pair.inspect(None, now)), None)),
        Ok(None) => None,
        Err(failure) => Some((note.map(|note| note.certificate.clone()), Some(failure.detail))),
    }
}

fn origin(note: Option<&Note>, runs: &[&RunCertificate]) -> Origin {
    let of_run = || {
        runs.iter().find_map(|run| run.origin).map(|origin| match origin {
            PairOrigin::Recipe => Origin::Made,
            PairOrigin::Cluster => Origin::Cluster,
        })
    };
    note.map(|note| note.origin.clone())
        .or_else(of_run)
        .unwrap_or(Origin::Unknown)
}

fn kept_at(note: Option<&Note>, runs: &[&RunCertificate]) -> Option<String> {
    let first = || runs.last().map(|run| run.at.to_string());
    note.map(|note| note.kept_at.clone()).or_else(first)
}

/// Computes on which a pair is the last one applied.
fn used_by(runs: &[RunCertificate], id: &str) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut used = Vec::new();
    for run in runs {
        let Some(compute) = &run.applied_to else { continue };
        let key = compute.to_lowercase();
        if !seen.contains(&key) {
            seen.push(key);
            if run.pair == id {
                used.push(compute.clone());
            }
        }
    }
    used
}

fn in_draft(home: &Home) -> Result<Option<String>, Failure> {
    let draft = drafts::read(home)?;
    let pair = draft.as_ref().and_then(|draft| draft.spec.tls.as_ref()?.pair());
    Ok(match pair {
        Some(PairRef::Vault { id }) => Some(id.clone()),
        Some(PairRef::Files { .. }) | None => None,
    })
}
