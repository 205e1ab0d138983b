//! `berth endpoints export`.

use super::super::{Context, Outcome, exit_code, print, specs};
use crate::arguments::ExportArgs;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::ServiceToExport;
use std::path::{Path, absolute};

/// Writes the files that deploy a service's versions on the extension route.
pub(super) async fn export(context: &Context<'_>, args: &ExportArgs) -> Outcome {
    let folder = whole(&args.out)?;
    let sample = args.sample.as_deref().map(whole).transpose()?;
    let wanted = ServiceToExport {
        account: context.account.clone(),
        service_id: args.id.clone(),
        compute: args.compute.clone(),
        sample: sample.map(|path| path.display().to_string()).unwrap_or_default(),
    };
    let exported = context.berth.export_service(&wanted, &folder).await?;
    if context.json {
        print::json(&exported);
    } else {
        for version in &exported.versions {
            specs::show_findings(&version.findings, &[]);
        }
        let files = exported
            .versions
            .iter()
            .filter_map(|version| version.file.as_ref());
        for file in files {
            print::line(&format!("berth deploy '{file}'"));
        }
    }
    let all = exported.versions.iter().all(|version| version.file.is_some());
    Ok(exit_code(all))
}

fn whole(path: &Path) -> Result<std::path::PathBuf, Failure> {
    absolute(path).map_err(|error| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
            .with("path", path.display())
            .because(&error)
    })
}
