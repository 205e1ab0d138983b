//! `berth endpoints keys`.

use super::super::{Context, Outcome, print};
use super::{or_unknown, resource};
use crate::arguments::KeysArgs;
use crate::commands::secret_clipboard::CommandClipboard;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{CredentialInfo, CredentialRef};
use secrecy::ExposeSecret as _;
use serde_json::json;
use std::process::ExitCode;

/// Fetches a key or token. It goes to the clipboard, standard output or a file only if the person says so.
pub(super) async fn keys(context: &Context<'_>, args: &KeysArgs) -> Outcome {
    let clipboard = args.copy.map(|_| open_clipboard()).transpose()?;
    let wanted = CredentialRef {
        endpoint: resource(context, &args.id),
        which: args.copy.unwrap_or(args.which).into(),
    };
    let credential = context.berth.endpoint_credential(&wanted).await?;
    if let Some(clipboard) = clipboard {
        clipboard
            .put(credential.value)
            .map_err(|error| no_clipboard(&error))?;
        show(context, args, &credential.info);
        clipboard.remove_in_time().await;
        return Ok(ExitCode::SUCCESS);
    }
    if args.print {
        let value = credential.value.expose_secret();
        if context.json {
            print::json(&json!({ "value": value, "info": credential.info }));
        } else {
            print::line(value);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(path) = &args.out {
        context.berth.save_credential(&credential, path)?;
    }
    show(context, args, &credential.info);
    Ok(ExitCode::SUCCESS)
}

/// Opens the clipboard before a key is fetched for it.
fn open_clipboard() -> Result<CommandClipboard, Failure> {
    CommandClipboard::open().map_err(|error| no_clipboard(&error))
}

fn no_clipboard(error: &arboard::Error) -> Failure {
    let why = "Nothing was copied: this session has no clipboard that Berth can use. Use --out FILE to save the key, or --print to \
               see it.";
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "--copy")
        .with("why", why)
        .because(error)
}

fn show(context: &Context<'_>, args: &KeysArgs, info: &CredentialInfo) {
    if context.json {
        print::json(info);
        return;
    }
    if args.copy.is_some() {
        print::line("On the clipboard. Berth removes it after a minute, or at once with Ctrl+C.");
    } else if let Some(path) = &args.out {
        print::line(&format!("Saved in {}. Only you can read it.", path.display()));
    } else {
        print::line("There is one. Use --copy WHICH to copy it, --print to see it or --out FILE to save it.");
    }
    if info.expires_at.is_some() || info.refresh_after.is_some() {
        print::entry(
            "refresh after  ",
            &print::time(&or_unknown(info.refresh_after.as_deref())),
        );
        print::entry(
            "expires        ",
            &print::time(&or_unknown(info.expires_at.as_deref())),
        );
    }
}
