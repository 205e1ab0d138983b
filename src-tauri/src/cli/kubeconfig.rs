//! `berth kubeconfig`.

use super::{Context, Outcome, complain, print};
use crate::arguments::Kubeconfig;
use berth_app::KubeconfigText;
use berth_contract::kubeconfig::{KubeconfigOrder, KubeconfigOutcome, KubeconfigSaved, SignInProgram};
use berth_domain::visible;
use secrecy::ExposeSecret as _;
use std::process::ExitCode;

/// Exit code where a person has to look first.
const LOOK_FIRST: u8 = 2;

pub(super) async fn kubeconfig(context: &Context<'_>, wanted: &Kubeconfig) -> Outcome {
    if wanted.print {
        return shown(context, wanted).await;
    }
    let path = wanted.out.as_ref().map(|path| path.display().to_string());
    let mut order = KubeconfigOrder {
        account: context.account.clone(),
        cluster_id: wanted.cluster_id.clone(),
        admin: wanted.admin,
        path: path.unwrap_or_default(),
        merge: wanted.merge,
        set_current: wanted.set_current,
        allowed_program: None,
    };
    let mut outcome = context.berth.save_kubeconfig(&order).await?;
    if let KubeconfigOutcome::NeedsConfirmation { program } = &outcome {
        tell(program, wanted.allow_exec);
        if wanted.allow_exec {
            order.allowed_program = Some(program.clone());
            outcome = context.berth.save_kubeconfig(&order).await?;
        }
    }
    match outcome {
        KubeconfigOutcome::Saved(saved) => {
            tell_saved(context, &saved);
            Ok(ExitCode::SUCCESS)
        }
        KubeconfigOutcome::NeedsConfirmation { .. } => {
            if wanted.allow_exec {
                complain("Azure named another program meanwhile. Nothing was saved.");
            }
            if context.json {
                print::json(&outcome);
            }
            Ok(ExitCode::from(LOOK_FIRST))
        }
    }
}

async fn shown(context: &Context<'_>, wanted: &Kubeconfig) -> Outcome {
    let (berth, id) = (context.berth, &wanted.cluster_id);
    let mut text = berth.kubeconfig(&context.account, id, wanted.admin, None).await?;
    if let KubeconfigText::NeedsConfirmation(program) = &text {
        tell(program, wanted.allow_exec);
        if wanted.allow_exec {
            text = berth
                .kubeconfig(&context.account, id, wanted.admin, Some(program))
                .await?;
        }
    }
    match text {
        KubeconfigText::Text(text) => {
            print::line(text.expose_secret().trim_end());
            Ok(ExitCode::SUCCESS)
        }
        KubeconfigText::NeedsConfirmation(_) => Ok(ExitCode::from(LOOK_FIRST)),
    }
}

/// Says which program Azure wants kubectl to run.
fn tell(program: &SignInProgram, allowed: bool) {
    complain("With this kubeconfig, kubectl runs a program that Azure named, each time it signs in:");
    complain(&format!("  {}", program.shown));
    if !allowed {
        complain("Nothing was saved. If you trust this program, do it again with --allow-exec.");
    }
}

fn tell_saved(context: &Context<'_>, saved: &KubeconfigSaved) {
    if context.json {
        print::json(saved);
        return;
    }
    // Names of contexts come from Azure and from the file: none may begin a line of its own.
    let said = format!("{}  context {}", saved.path, saved.context);
    print::line(&visible::line(&said));
    if !saved.replaced_contexts.is_empty() {
        let said = format!("Replaced: {}.", saved.replaced_contexts.join(", "));
        complain(&visible::line(&said));
    }
    if let Some(backup) = &saved.backup {
        complain(&format!("The file as it was is kept in {backup}."));
    }
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
}
