//! What is noted about each pair in the vault: a file each, so that two programs never lose one another's. Nothing in it is
//! secret. The vault itself cannot tell what is in it.

use crate::home::Home;
use crate::json_file;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_domain::certificate::CertificateFacts;
use berth_domain::inventory::Origin;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

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
    json_file::write(&file(home, id)?, &note)
}

/// All notes. One that cannot be read is passed over: its pair is found by the run or the draft that uses it, or not at all.
pub(crate) fn list(home: &Home) -> Vec<Note> {
    let Ok(entries) = std::fs::read_dir(home.kept_certificates()) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .filter_map(|path| match json_file::read(&path) {
            Ok(note) => note,
            Err(failure) => {
                tracing::warn!(path = %path.display(), detail = %failure.detail, "a note about a certificate cannot be read");
                None
            }
        })
        .collect()
}

/// Forgets a note; one that is not there is fine.
///
/// # Errors
/// `FileProblem`.
pub(crate) fn forget(home: &Home, id: &str) -> Result<(), Failure> {
    json_file::remove(&file(home, id)?)
}

/// The file of a note. Ids may come from outside: one that could leave the folder is refused.
fn file(home: &Home, id: &str) -> Result<PathBuf, Failure> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if id.is_empty() || id.len() > 80 || !id.chars().all(plain) {
        return Err(Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", "certificate"));
    }
    Ok(home.kept_certificates().join(format!("{id}.json")))
}
