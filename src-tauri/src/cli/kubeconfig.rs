//! `berth kubeconfig`.

use super::{Context, Outcome, complain, print};
use crate::arguments::Kubeconfig;
use berth_contract::kubeconfig::KubeconfigOrder;
use secrecy::ExposeSecret as _;
use std::process::ExitCode;

pub(super) async fn kubeconfig(context: &Context<'_>, wanted: &Kubeconfig) -> Outcome {
    if wanted.print {
        let given = context
            .berth
            .kubeconfig(&context.account, &wanted.cluster_id, wanted.admin)
            .await?;
        print::line(given.expose_secret().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let path = wanted.out.as_ref().map(|path| path.display().to_string());
    let saved = context
        .berth
        .save_kubeconfig(&KubeconfigOrder {
            account: context.account.clone(),
            cluster_id: wanted.cluster_id.clone(),
            admin: wanted.admin,
            // kubectl's own file is never written over.
            merge: wanted.merge || path.is_none(),
            path: path.unwrap_or_default(),
            set_current: wanted.set_current,
        })
        .await?;
    if context.json {
        print::json(&saved);
        return Ok(ExitCode::SUCCESS);
    }
    print::line(&format!("{}  context {}", saved.path, saved.context));
    if saved.tightened {
        complain(&format!(
            "Others could read {}; now its owner alone can.",
            saved.path
        ));
    }
    if let Some(command) = &saved.exec_command {
        complain(&format!(
            "kubectl signs in by running {command}, which must be installed."
        ));
    }
    Ok(ExitCode::SUCCESS)
}
