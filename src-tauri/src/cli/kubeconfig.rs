//! `berth kubeconfig`.

use super::{Context, Outcome, complain, print};
use crate::arguments::KubeconfigArgs;
use berth_app::KubeconfigText;
use berth_contract::kubeconfig::{KubeconfigOrder, KubeconfigOutcome, KubeconfigSaved, SignInProgram};
use berth_domain::visible;
use secrecy::ExposeSecret as _;
use std::process::ExitCode;

/// Exit code if the person has to confirm the sign-in program first.
const NEEDS_CONFIRMATION: u8 = 2;

pub(super) async fn kubeconfig(context: &Context<'_>, wanted: &KubeconfigArgs) -> Outcome {
    if wanted.print {
        return print_kubeconfig(context, wanted).await;
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
        show_program(program, wanted.allow_exec);
        if wanted.allow_exec {
            order.allowed_program = Some(program.clone());
            outcome = context.berth.save_kubeconfig(&order).await?;
        }
    }
    match outcome {
        KubeconfigOutcome::Saved(saved) => {
            show_saved(context, &saved);
            Ok(ExitCode::SUCCESS)
        }
        KubeconfigOutcome::NeedsConfirmation { .. } => {
            if wanted.allow_exec {
                complain("Azure now names a different program. Nothing was saved.");
            }
            if context.json {
                print::json(&outcome);
            }
            Ok(ExitCode::from(NEEDS_CONFIRMATION))
        }
    }
}

async fn print_kubeconfig(context: &Context<'_>, wanted: &KubeconfigArgs) -> Outcome {
    let (berth, id) = (context.berth, &wanted.cluster_id);
    let mut text = berth.kubeconfig(&context.account, id, wanted.admin, None).await?;
    if let KubeconfigText::NeedsConfirmation(program) = &text {
        show_program(program, wanted.allow_exec);
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
        KubeconfigText::NeedsConfirmation(_) => Ok(ExitCode::from(NEEDS_CONFIRMATION)),
    }
}

/// Prints the sign-in program that Azure wants kubectl to run.
fn show_program(program: &SignInProgram, allowed: bool) {
    complain("To sign in with this kubeconfig, kubectl runs a program that Azure names:");
    complain(&format!("  {}", program.shown));
    if !allowed {
        complain("Nothing was saved. If you trust this program, repeat the command with --allow-exec.");
    }
}

fn show_saved(context: &Context<'_>, saved: &KubeconfigSaved) {
    if context.json {
        print::json(saved);
        return;
    }
    // Context names come from Azure and from the file: print them on one line, so that none can forge another.
    let summary = format!("{}  context {}", saved.path, saved.context);
    print::line(&visible::line(&summary));
    if !saved.replaced_contexts.is_empty() {
        let replaced = format!("Replaced contexts: {}.", saved.replaced_contexts.join(", "));
        complain(&visible::line(&replaced));
    }
    if let Some(backup) = &saved.backup {
        complain(&format!("The previous file was saved as {backup}."));
    }
    if saved.tightened {
        complain(&format!(
            "Other users had access to {}; now only you have.",
            saved.path
        ));
    }
    if let Some(command) = &saved.exec_command {
        complain(&format!(
            "kubectl signs in with {command}, which must be installed."
        ));
    }
}
