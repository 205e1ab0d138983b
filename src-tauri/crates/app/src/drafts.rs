//! The wizard's draft: kept at every change, so that closing never asks anything.

use berth_contract::failure::Failure;
use berth_contract::model::{Draft, DraftToKeep};
use berth_home::Home;
use berth_home::json_file;

/// The draft, where there is one.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub fn read(home: &Home) -> Result<Option<Draft>, Failure> {
    json_file::read(&home.draft())
}

/// Keeps a draft in place of the one before. `saved_at` is RFC 3339.
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

/// Throws the draft away.
///
/// # Errors
/// `FileProblem`.
pub fn drop(home: &Home) -> Result<(), Failure> {
    json_file::remove(&home.draft())
}
