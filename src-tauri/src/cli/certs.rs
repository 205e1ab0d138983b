//! `berth certs`: dispatch, and the commands check, make, request, answer, take, root and save. The others are in submodules.

mod dns;
mod inventory;
mod orders;

use super::{Context, Outcome, print, specs, warn_without_keychain};
use crate::arguments::CertAction;
use berth_app::words;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{
    AcmeOrderArgs, CertificateOrder, CertificateReport, CertificateRequestOrder, KeyVaultOrder,
};
use berth_domain::certificate::CertificateFacts;
use berth_domain::finding::blocks;
use berth_domain::spec::{PairRef, Recipe};
use berth_domain::trust::{self, TrustCommand};
use secrecy::SecretString;
use serde_json::json;
use std::collections::BTreeMap;
use std::env::VarError;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) async fn certs(context: &Context<'_>, action: &CertAction) -> Outcome {
    match action {
        CertAction::Check {
            files,
            cname,
            passphrase_env,
        } => check(context, files, cname, passphrase_env.as_deref()).await,
        CertAction::Make {
            cname,
            issuer,
            key,
            days,
            out,
        } => {
            let order = CertificateOrder {
                cname: cname.clone(),
                recipe: Recipe {
                    issuer: (*issuer).into(),
                    key: (*key).into(),
                    days: *days,
                },
            };
            make(context, &order, out).await
        }
        CertAction::Request { cname, key, out } => {
            let order = CertificateRequestOrder {
                names: cname.clone(),
                key: (*key).into(),
            };
            request(context, &order, out).await
        }
        CertAction::Answer { files, out } => answer(context, files, out.as_deref()).await,
        CertAction::Root { out } => root(context, out).await,
        CertAction::Take {
            files,
            key_vault,
            cname,
            passphrase_env,
        } => {
            take(
                context,
                files,
                key_vault.as_deref(),
                cname,
                passphrase_env.as_deref(),
            )
            .await
        }
        CertAction::Save { id, out } => {
            let written = context.berth.certificates().export_kept(id, out).await?;
            show_files(context, &written);
            Ok(ExitCode::SUCCESS)
        }
        CertAction::Forget { id } => orders::forget(context, id).await,
        CertAction::List { subscription, last } => {
            inventory::list(context, subscription.as_deref(), *last).await
        }
        CertAction::Renew {
            ids,
            due,
            subscription,
        } => inventory::renew(context, ids, *due, subscription.as_deref()).await,
        CertAction::Calendar { subscription, out } => {
            inventory::calendar(context, subscription.as_deref(), out).await
        }
        CertAction::Order {
            cname,
            directory,
            roots,
            mail,
            agree,
            key,
            no_wait,
        } => {
            let args = AcmeOrderArgs {
                directory: directory.clone(),
                extra_roots: roots.as_ref().map(|path| path.display().to_string()),
                mail: mail.clone(),
                agreed: *agree,
                names: cname.clone(),
                key: (*key).into(),
            };
            orders::order(context, &args, !no_wait).await
        }
        CertAction::Waiting => orders::waiting(context).await,
        CertAction::Finish { id } => orders::finish(context, id).await,
        CertAction::Dns {
            name,
            value,
            zone,
            txt,
            wait,
        } => dns::record(context, name, value, zone.clone(), *txt, *wait).await,
    }
}

async fn check(
    context: &Context<'_>,
    files: &[PathBuf],
    cname: &str,
    passphrase_env: Option<&str>,
) -> Outcome {
    let passphrase = passphrase_env.map(passphrase_of).transpose()?;
    let check = berth_app::check_files(&paths(files), cname, passphrase.as_ref()).await?;
    if context.json {
        print::json(&check);
    } else {
        show_certificate(&check.facts);
        specs::show_findings(&check.findings, &[]);
    }
    Ok(if blocks(&check.findings) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn take(
    context: &Context<'_>,
    files: &[PathBuf],
    key_vault: Option<&str>,
    cname: &str,
    passphrase_env: Option<&str>,
) -> Outcome {
    let report = match key_vault {
        Some(secret) => {
            let order = KeyVaultOrder {
                account: context.account.clone(),
                secret: secret.to_owned(),
                cname: cname.to_owned(),
            };
            context.berth.take_key_vault_certificate(&order).await?
        }
        None => {
            let passphrase = passphrase_env.map(passphrase_of).transpose()?;
            let files = paths(files);
            context
                .berth
                .certificates()
                .import_files(&files, passphrase.as_ref(), cname)
                .await?
        }
    };
    show_report(context, &report, &[]);
    Ok(ExitCode::SUCCESS)
}

async fn make(context: &Context<'_>, order: &CertificateOrder, out: &Path) -> Outcome {
    let (report, written) = context.berth.certificates().make_files(order, out).await?;
    if matches!(report.pair, PairRef::Files { .. }) {
        warn_without_keychain(context, "keychain.files").await;
    }
    show_report(context, &report, &written);
    Ok(ExitCode::SUCCESS)
}

async fn request(context: &Context<'_>, order: &CertificateRequestOrder, out: &Path) -> Outcome {
    let waiting = context.berth.certificates().request(order).await?;
    if let Err(failure) = context.berth.certificates().write_request(&waiting, out) {
        // Without its file the request is useless.
        context.berth.certificates().drop_request(&waiting.id).await?;
        return Err(failure);
    }
    if context.json {
        print::json(&waiting);
    } else {
        let values = [("id", waiting.id.as_str()), ("file", &out.display().to_string())];
        print::line(&text("request.waits", &values));
    }
    Ok(ExitCode::SUCCESS)
}

async fn answer(context: &Context<'_>, files: &[PathBuf], out: Option<&Path>) -> Outcome {
    let (request, report) = context
        .berth
        .certificates()
        .answer_request_files(&paths(files))
        .await?;
    let name = request.names.first().map(String::as_str).unwrap_or_default();
    let written = match out {
        Some(folder) => {
            let berth = context.berth;
            berth.certificates().export(&report.pair, name, folder).await?
        }
        None => Vec::new(),
    };
    if !context.json {
        let names = request.names.join(", ");
        print::line(&text(
            "request.answered",
            &[("names", &names), ("id", &request.id)],
        ));
    }
    show_report(context, &report, &written);
    Ok(ExitCode::SUCCESS)
}

async fn root(context: &Context<'_>, out: &Path) -> Outcome {
    let root = context.berth.certificates().write_authority_root(out).await?;
    if context.json {
        print::json(&root);
        return Ok(ExitCode::SUCCESS);
    }
    let file = out.display().to_string();
    print::line(&text("trust.intro", &[("file", &file), ("sha256", &root.sha256)]));
    for TrustCommand { place, command } in trust::commands(&file) {
        print::line(&format!("{}: {command}", words::trust(&place)));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show_report(context: &Context<'_>, report: &CertificateReport, written: &[PathBuf]) {
    let files: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    if context.json {
        print::json(&json!({ "pair": report.pair, "facts": report.facts, "files": files }));
        return;
    }
    show_certificate(&report.facts);
    if let PairRef::Vault { id } = &report.pair {
        print::line(&format!("vault {id}"));
    }
    for file in files {
        print::line(&file);
    }
}

fn show_files(context: &Context<'_>, written: &[PathBuf]) {
    let files: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    if context.json {
        print::json(&files);
    } else {
        files.iter().for_each(|file| print::line(file));
    }
}

fn show_certificate(facts: &CertificateFacts) {
    print::line(&format!("{} for {}", facts.subject, facts.names.join(", ")));
    print::line(&format!(
        "{}, {} bits, valid until {} ({} days left)",
        facts.key_type, facts.key_bits, facts.not_after, facts.days_left
    ));
    for check in &facts.chain {
        print::line(&format!("  {:<12} {}", check.role, check.subject));
    }
}

fn paths(files: &[PathBuf]) -> Vec<&Path> {
    files.iter().map(PathBuf::as_path).collect()
}

/// Reads a passphrase from an environment variable. Errors quote neither its value (`VarError` would quote one that is not
/// UTF-8) nor the variable's name, because a person may have typed the passphrase itself there.
fn passphrase_of(variable: &str) -> Result<SecretString, Failure> {
    let value = std::env::var(variable).map_err(|error| match error {
        VarError::NotPresent => "not_set",
        VarError::NotUnicode(_) => "not_utf8",
    });
    value.map(SecretString::from).map_err(|why| {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "--passphrase-env")
            .with("why", why)
    })
}

/// A text of the catalogue `tls` with its placeholders filled in.
fn text(key: &str, values: &[(&str, &str)]) -> String {
    let params: BTreeMap<String, String> = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    words::tls(key, &params)
}
