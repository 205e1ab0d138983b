//! `berth certs list`, `renew` and `calendar`.

use crate::cli::{
    Context, Outcome, exit_code, lists, print, report_unread, runs, specs, warn_without_keychain,
};
use berth_app::{accounts, no_inventory, words};
use berth_contract::failure::Failure;
use berth_contract::model::{RenewOrder, Renewed, SubscriptionRef};
use berth_domain::inventory::{
    Agreement, Due, EndpointCertificates, Inventory, KeptCertificate, PlaceKind, TlsKind,
};
use berth_domain::resource_id::last_segment;
use std::path::Path;
use std::process::ExitCode;

pub(super) async fn list(context: &Context<'_>, subscription: Option<&str>, last: bool) -> Outcome {
    let inventory = if last {
        let seen = match subscription {
            Some(id) => context.berth.last_inventory(id)?,
            None => context.berth.newest_inventory()?,
        };
        seen.ok_or_else(no_inventory)?
    } else {
        let place = place(context, subscription).await?;
        context.berth.read_inventory(&place).await?
    };
    // Keys of the built-in sandbox are in the keychain too.
    let depends_on_keychain = !inventory.kept.is_empty() || context.account == accounts::SANDBOX;
    if depends_on_keychain && !last {
        warn_without_keychain(context, "keychain.list").await;
    }
    if context.json {
        print::json(&inventory);
    } else {
        show(&inventory);
    }
    report_unread(&unread(&inventory));
    // A place that cannot be reached from here, such as an internal front end, is fine as long as another shows the certificate.
    let unknown = |one: &EndpointCertificates| one.tls != TlsKind::Off && one.in_force().is_none();
    let complete = inventory.problems.is_empty() && !inventory.endpoints.iter().any(unknown);
    let needs_attention = |one: &EndpointCertificates| {
        one.due >= Due::Renew || one.agreement == Agreement::Differ || one.has_wrong_name()
    };
    Ok(exit_code(
        complete && !inventory.endpoints.iter().any(needs_attention),
    ))
}

/// What the inventory could not read, and why: one line per place.
fn unread(inventory: &Inventory) -> Vec<String> {
    let whole = inventory.problems.iter().cloned();
    let places = inventory.endpoints.iter().flat_map(|one| {
        // The applied certificate is one of the kept ones, which follow.
        let places = one.places.iter().filter(|seen| seen.place != PlaceKind::Applied);
        places.filter_map(|seen| {
            let why = seen.why.as_ref()?;
            Some(format!(
                "{} ({}): {why}",
                one.compute(),
                words::code_of(&seen.place)
            ))
        })
    });
    let kept = inventory.kept.iter().filter_map(|kept| {
        let why = kept.why.as_ref()?;
        Some(format!("{}: {why}", kept.id))
    });
    whole.chain(places).chain(kept).collect()
}

fn show(inventory: &Inventory) {
    let rows: Vec<Vec<String>> = inventory.endpoints.iter().map(endpoint_row).collect();
    print::table(
        &[
            "NAME", "COMPUTE", "STATE", "DAYS", "EXPIRES", "ISSUER", "KEY", "PLACES", "RENEWAL",
        ],
        &rows,
    );
    if !inventory.kept.is_empty() {
        let rows: Vec<Vec<String>> = inventory.kept.iter().map(kept_row).collect();
        print::line("");
        print::table(&["ID", "NAMES", "STATE", "DAYS", "ORIGIN", "USED BY"], &rows);
    }
    print::line(&format!("Read at {}.", inventory.read_at));
}

fn endpoint_row(one: &EndpointCertificates) -> Vec<String> {
    let now = one.in_force();
    let of =
        |what: fn(&berth_domain::certificate::CertificateFacts) -> String| now.map(what).unwrap_or_default();
    vec![
        one.name.clone().or_else(|| one.label.clone()).unwrap_or_default(),
        one.compute().to_owned(),
        state_of(one),
        of(|facts| facts.days_left.to_string()),
        of(|facts| facts.not_after.clone()),
        of(|facts| facts.issuer.clone()),
        of(|facts| facts.key_type.clone()),
        words::code_of(&one.agreement),
        words::code_of(&one.renewal).replace('_', " "),
    ]
}

/// Whether the certificate of an endpoint has the right name, and if so, how urgent its renewal is.
fn state_of(one: &EndpointCertificates) -> String {
    if one.has_wrong_name() && one.due != Due::Expired {
        "wrong name".to_owned()
    } else {
        urgency(one.due)
    }
}

/// How urgent a renewal is, in the window's words.
fn urgency(due: Due) -> String {
    match due {
        Due::Fine => "ok".to_owned(),
        other => words::code_of(&other),
    }
}

fn kept_row(one: &KeptCertificate) -> Vec<String> {
    let facts = one.certificate.as_ref();
    let computes: Vec<&str> = one.used_by.iter().map(|id| last_segment(id)).collect();
    vec![
        one.id.clone(),
        facts.map(|facts| facts.names.join(" ")).unwrap_or_default(),
        urgency(one.due),
        facts.map(|facts| facts.days_left.to_string()).unwrap_or_default(),
        words::code_of(&one.origin).replace('_', " "),
        computes.join(" "),
    ]
}

/// Renews certificates. The runs execute in parallel; this follows them to their end one after the other.
pub(super) async fn renew(
    context: &Context<'_>,
    ids: &[String],
    due: bool,
    subscription: Option<&str>,
) -> Outcome {
    let mut succeeded = true;
    let compute_ids = if due {
        let inventory = context
            .berth
            .read_inventory(&place(context, subscription).await?)
            .await?;
        // A compute that could not be read may be due.
        succeeded = report_unread(&inventory.problems);
        let wanted = |one: &&EndpointCertificates| one.due >= Due::Renew && one.renewal.by_itself();
        let wanted = inventory.endpoints.iter().filter(wanted);
        wanted.map(|one| one.compute_id.clone()).collect()
    } else {
        ids.to_vec()
    };
    let order = RenewOrder {
        account: context.account.clone(),
        compute_ids,
    };
    if !order.compute_ids.is_empty() {
        warn_without_keychain(context, "keychain.run").await;
    }
    let renewed = context.berth.renew_certificates(&order).await?;
    if renewed.is_empty() && !context.json {
        print::line("No certificate is due that Berth can renew itself.");
    }
    for one in &renewed {
        succeeded &= follow(context, one).await?;
    }
    if context.json {
        print::json(&renewed);
    }
    Ok(exit_code(succeeded))
}

/// Follows the run of one renewal, or prints why there is none. Returns whether the renewal succeeded.
async fn follow(context: &Context<'_>, one: &Renewed) -> Result<bool, Failure> {
    if let Some(run) = &one.run {
        if context.json {
            let ended = context.berth.wait_for_run(&run.id).await?;
            return Ok(ended.summary.state == berth_contract::run::RunState::Succeeded);
        }
        return Ok(runs::follow(context, &run.id).await? == ExitCode::SUCCESS);
    }
    if !context.json {
        print::line(&one.compute_id);
        if let Some(failure) = &one.failure {
            print::line(&format!("  {}", words::failure_sentence(failure)));
            for line in words::failure_details(failure) {
                print::line(&format!("    {}", line.replace('\n', "\n    ")));
            }
        }
        if !one.findings.is_empty() {
            specs::show_findings(&one.findings, &[]);
        }
    }
    Ok(false)
}

pub(super) async fn calendar(context: &Context<'_>, subscription: Option<&str>, out: &Path) -> Outcome {
    let place = place(context, subscription).await?;
    let inventory = match context.berth.last_inventory(&place.subscription_id)? {
        Some(seen) => seen,
        None => context.berth.read_inventory(&place).await?,
    };
    context.berth.write_calendar(&place.subscription_id, out)?;
    if !context.json {
        print::line(&out.display().to_string());
    }
    // The calendar lacks the dates of what could not be read.
    Ok(exit_code(report_unread(&inventory.problems)))
}

async fn place(context: &Context<'_>, subscription: Option<&str>) -> Result<SubscriptionRef, Failure> {
    Ok(SubscriptionRef {
        account: context.account.clone(),
        subscription_id: lists::subscription(context, subscription).await?,
    })
}
