//! `berth certs order`, `waiting`, `finish` and `forget`.

use super::show_report;
use crate::cli::{Context, Outcome, complain, print};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{AcmeOrder, AcmeOrderArgs, AcmeRecord, AuthorityQuestion, AuthorityTerms};
use berth_domain::dns::{DnsKind, DnsRecord};
use berth_domain::visible;
use serde_json::json;
use std::process::ExitCode;
use std::time::Duration;

/// Interval between two DNS lookups.
const INTERVAL: Duration = Duration::from_secs(5);

pub(super) async fn order(context: &Context<'_>, args: &AcmeOrderArgs, wait: bool) -> Outcome {
    if args.agreed {
        context.berth.certificates().check_acme_order(args).await?;
    }
    show_terms(args).await?;
    let order = context.berth.certificates().order(args).await?;
    if !wait {
        show(context, &order);
        return Ok(ExitCode::SUCCESS);
    }
    // Printed to standard error before the wait, so that with --json standard output holds only the certificate.
    for record in &order.records {
        complain(&line(record));
    }
    complain(&format!(
        "Waiting for the DNS records. To continue later, run `berth certs finish {}`.",
        order.id
    ));
    for record in &order.records {
        wait_for(context, record).await?;
    }
    finish(context, &order.id).await
}

/// Prints the authority's terms before anything is ordered. Fails unless the person agreed to them.
async fn show_terms(args: &AcmeOrderArgs) -> Result<(), Failure> {
    let question = AuthorityQuestion {
        directory: args.directory.clone(),
        extra_roots: args.extra_roots.clone(),
    };
    let AuthorityTerms { host, terms, hidden } = berth_app::authority_terms(&question).await?;
    complain(&match &terms {
        Some(address) => format!("Terms of service of {host}: {address}"),
        None if hidden => format!(
            "The terms of service of {host} are not at an https:// address. Ask the authority for them."
        ),
        None => format!("{host} publishes no terms of service."),
    });
    if args.agreed {
        return Ok(());
    }
    Err(Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", "--agree")
        .with("why", "not_agreed"))
}

async fn wait_for(context: &Context<'_>, record: &AcmeRecord) -> Result<(), Failure> {
    let wanted = DnsRecord {
        name: record.name.clone(),
        kind: DnsKind::Txt,
        value: record.value.clone(),
    };
    while !context.berth.look_up_dns(&wanted).await?.agrees {
        tokio::time::sleep(INTERVAL).await;
    }
    Ok(())
}

pub(super) async fn finish(context: &Context<'_>, id: &str) -> Outcome {
    let report = context.berth.certificates().finish_order(id).await?;
    show_report(context, &report, &[]);
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn waiting(context: &Context<'_>) -> Outcome {
    if let Some(why) = context.berth.keychain_problem().await {
        complain(&format!(
            "Requests and orders are kept in a keychain, and there is none: {}",
            visible::line(&why)
        ));
    }
    let (requests, orders) = (
        context.berth.certificates().requests()?,
        context.berth.certificates().orders()?,
    );
    let accounts = context.berth.certificates().acme_accounts()?;
    if context.json {
        print::json(&json!({ "requests": requests, "orders": orders, "accounts": accounts }));
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = requests
        .iter()
        .map(|one| {
            vec![
                "request".to_owned(),
                one.id.clone(),
                one.names.join(" "),
                print::time(&one.made_at),
            ]
        })
        .chain(orders.iter().map(|one| {
            vec![
                "order".to_owned(),
                one.id.clone(),
                one.names.join(" "),
                print::time(&one.placed_at),
            ]
        }))
        .chain(accounts.iter().map(|one| {
            vec![
                "account".to_owned(),
                one.directory.clone(),
                String::new(),
                print::time(&one.made_at),
            ]
        }))
        .collect();
    print::table(&["KIND", "ID", "NAMES", "CREATED"], &rows);
    Ok(ExitCode::SUCCESS)
}

/// Deletes the order, request, account or certificate with this id.
pub(super) async fn forget(context: &Context<'_>, id: &str) -> Outcome {
    let berth = context.berth;
    if berth.certificates().orders()?.iter().any(|order| order.id == id) {
        berth.certificates().drop_order(id).await?;
    } else if berth
        .certificates()
        .requests()?
        .iter()
        .any(|request| request.id == id)
    {
        berth.certificates().drop_request(id).await?;
    } else if berth
        .certificates()
        .acme_accounts()?
        .iter()
        .any(|account| account.directory == id)
    {
        berth.certificates().remove_acme_account(id).await?;
    } else {
        berth.certificates().delete(id).await?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(context: &Context<'_>, order: &AcmeOrder) {
    if context.json {
        print::json(order);
        return;
    }
    print::line(&order.id);
    for record in &order.records {
        print::line(&line(record));
    }
}

fn line(record: &AcmeRecord) -> String {
    format!("{}. 300 IN TXT \"{}\"", record.name, record.value)
}
