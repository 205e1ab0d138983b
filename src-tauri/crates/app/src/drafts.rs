//! The wizard's draft, saved on every change so that closing the window needs no confirmation.

use berth_contract::failure::Failure;
use berth_contract::model::{Draft, DraftToKeep};
use berth_home::Home;
use berth_home::json_file;

/// Reads the draft, if there is one.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub fn read(home: &Home) -> Result<Option<Draft>, Failure> {
    json_file::read(&home.draft())
}

/// Stores a draft, replacing the previous one. `saved_at` is RFC 3339.
///
/// # Errors
/// `FileProblem`.
pub fn write(home: &Home, draft: DraftToKeep, saved_at: String) -> Result<(), Failure> {
    let DraftToKeep { spec, account, step } = draft;
    json_file::write(
        &home.draft(),
        &Draft {
            spec,
            account,
            step,
            saved_at,
        },
    )
}

/// Deletes the draft.
///
/// # Errors
/// `FileProblem`.
pub fn drop(home: &Home) -> Result<(), Failure> {
    json_file::remove(&home.draft())
}
