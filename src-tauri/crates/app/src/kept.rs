//! What is noted about each pair in the vault, which itself cannot tell what is in it. Nothing in a note is secret.

use crate::entries::Entries;
use crate::home::Home;
use berth_contract::failure::Failure;
use berth_domain::certificate::CertificateFacts;
use berth_domain::inventory::Origin;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Note {
    /// Id of the pair in the vault.
    pub(crate) id: String,
    /// How it came there.
    pub(crate) origin: Origin,
    /// When, RFC 3339.
    pub(crate) kept_at: String,
    /// The certificate as it was then.
    pub(crate) certificate: CertificateFacts,
}

/// Notes a pair.
///
/// # Errors
/// `FileProblem`.
pub(crate) fn note(
    home: &Home,
    id: &str,
    origin: Origin,
    certificate: &CertificateFacts,
) -> Result<(), Failure> {
    let note = Note {
        id: id.to_owned(),
        origin,
        kept_at: Timestamp::now().to_string(),
        certificate: certificate.clone(),
    };
    notes(home).put(id, &note)
}

/// All notes, and why some cannot be read: the pair of such a one is found by the run or the draft that uses it, or not at all.
pub(crate) fn list(home: &Home) -> (Vec<Note>, Vec<Failure>) {
    notes(home).each()
}

/// Forgets a note; one that is not there is fine.
///
/// # Errors
/// `FileProblem`.
pub(crate) fn forget(home: &Home, id: &str) -> Result<(), Failure> {
    notes(home).remove(id)
}

fn notes(home: &Home) -> Entries<Note> {
    Entries::of(home.kept_certificates())
}
