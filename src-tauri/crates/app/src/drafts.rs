//! The drafts of the wizards, saved on every change so that closing the window needs no confirmation.

use berth_contract::failure::Failure;
use berth_contract::model::{DeployDraft, DeployDraftToKeep, Draft, DraftToKeep};
use berth_home::Home;
use berth_home::json_file;

/// Reads the draft of a set-up, if there is one.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub fn read(home: &Home) -> Result<Option<Draft>, Failure> {
    json_file::read(&home.draft())
}

/// Stores a draft of a set-up, replacing the previous one. `saved_at` is RFC 3339.
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

/// Deletes the draft of a set-up.
///
/// # Errors
/// `FileProblem`.
pub fn drop(home: &Home) -> Result<(), Failure> {
    json_file::remove(&home.draft())
}

/// Reads the draft of a version to deploy, if there is one.
///
/// # Errors
/// `FileProblem`, `CorruptState`.
pub fn read_deploy(home: &Home) -> Result<Option<DeployDraft>, Failure> {
    json_file::read(&home.deploy_draft())
}

/// Stores a draft of a version to deploy, replacing the previous one. `saved_at` is RFC 3339.
///
/// # Errors
/// `FileProblem`.
pub fn write_deploy(home: &Home, draft: DeployDraftToKeep, saved_at: String) -> Result<(), Failure> {
    let DeployDraftToKeep { spec, account, step } = draft;
    json_file::write(
        &home.deploy_draft(),
        &DeployDraft {
            spec,
            account,
            step,
            saved_at,
        },
    )
}

/// Deletes the draft of a version to deploy.
///
/// # Errors
/// `FileProblem`.
pub fn drop_deploy(home: &Home) -> Result<(), Failure> {
    json_file::remove(&home.deploy_draft())
}
