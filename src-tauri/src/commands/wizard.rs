//! The wizard's checks and draft.

use berth_app::Berth;
use berth_contract::commands::{Args, Reply, command};
use berth_contract::model::{LocalFindings, Nothing};
use std::sync::Arc;
use tauri::State;

#[tauri::command]
pub(crate) async fn check_spec(args: Args<command::check_spec>) -> Reply<command::check_spec> {
    Ok(LocalFindings {
        findings: berth_domain::preflight::local_findings(&args.spec),
    })
}

#[tauri::command]
pub(crate) async fn check_deploy(args: Args<command::check_deploy>) -> Reply<command::check_deploy> {
    Ok(LocalFindings {
        findings: berth_domain::preflight::local_deploy_findings(&args.spec),
    })
}

#[tauri::command]
pub(crate) async fn deploy_defaults(args: Args<command::deploy_defaults>) -> Reply<command::deploy_defaults> {
    Ok(berth_domain::deployment_spec::defaults(args.route))
}

#[tauri::command]
pub(crate) async fn read_draft(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::read_draft>,
) -> Reply<command::read_draft> {
    let Nothing {} = args;
    berth.draft()
}

#[tauri::command]
pub(crate) async fn write_draft(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::write_draft>,
) -> Reply<command::write_draft> {
    berth.keep_draft(args).map(|()| Nothing {})
}

#[tauri::command]
pub(crate) async fn drop_draft(
    berth: State<'_, Arc<Berth>>,
    args: Args<command::drop_draft>,
) -> Reply<command::drop_draft> {
    let Nothing {} = args;
    berth.drop_draft().map(|()| Nothing {})
}
