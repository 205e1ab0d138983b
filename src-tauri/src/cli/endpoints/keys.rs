//! `berth endpoints keys`.

use super::super::{Context, Outcome, print};
use super::{or_unknown, resource};
use crate::arguments::KeysArgs;
use berth_contract::model::{CredentialInfo, CredentialRef};
use secrecy::ExposeSecret as _;
use std::process::ExitCode;

/// Fetches a key or token. It goes to standard output or a file only if the person says so.
pub(super) async fn keys(context: &Context<'_>, args: &KeysArgs) -> Outcome {
    let wanted = CredentialRef {
        endpoint: resource(context, &args.id),
        which: args.which.into(),
    };
    let credential = context.berth.endpoint_credential(&wanted).await?;
    if args.print {
        print::line(credential.value.expose_secret());
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(path) = &args.out {
        context.berth.save_credential(&credential, path)?;
    }
    show(context, args, &credential.info);
    Ok(ExitCode::SUCCESS)
}

fn show(context: &Context<'_>, args: &KeysArgs, info: &CredentialInfo) {
    if context.json {
        print::json(info);
        return;
    }
    if let Some(path) = &args.out {
        print::line(&format!("Saved in {}. Only you can read it.", path.display()));
    } else {
        print::line("There is one. Use --print to see it or --out FILE to save it.");
    }
    if info.expires_at.is_some() || info.refresh_after.is_some() {
        print::entry("refresh after  ", &or_unknown(info.refresh_after.as_deref()));
        print::entry("expires        ", &or_unknown(info.expires_at.as_deref()));
    }
}
