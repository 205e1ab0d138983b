//! The specification: checks, plan, draft.

use berth_app::Berth;
use berth_contract::failure::Failure;
use berth_contract::model::{Draft, DraftToKeep, LocalFindings, Nothing, SpecOnly};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn check_spec(args: SpecOnly) -> Result<LocalFindings, Failure> {
    Ok(LocalFindings {
        findings: berth_domain::preflight::local_findings(&args.spec),
    })
}

#[tauri::command]
pub(crate) async fn read_draft(
    berth: State<'_, Arc<Berth>>,
    args: Nothing,
) -> Result<Option<Draft>, Failure> {
    let Nothing {} = args;
    berth.draft()
}

#[tauri::command]
pub(crate) async fn write_draft(berth: State<'_, Arc<Berth>>, args: DraftToKeep) -> Result<Nothing, Failure> {
    berth.keep_draft(args).map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn drop_draft(berth: State<'_, Arc<Berth>>, args: Nothing) -> Result<Nothing, Failure> {
    let Nothing {} = args;
    berth.drop_draft().map(|()| Nothing {})
}
