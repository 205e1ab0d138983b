//! `berth certs dns`.

use crate::cli::{Context, Outcome, print};
use berth_app::words;
use berth_contract::model::{DnsQuestion, DnsSeen};
use berth_domain::dns::{DnsKind, DnsRecord};
use serde_json::json;
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Duration;

/// Interval between two lookups.
const INTERVAL: Duration = Duration::from_secs(5);

pub(super) async fn record(
    context: &Context<'_>,
    name: &str,
    value: &str,
    zone: Option<String>,
    txt: bool,
    wait: bool,
) -> Outcome {
    let record = DnsRecord {
        name: name.to_owned(),
        kind: kind(value, txt),
        value: value.to_owned(),
    };
    let answer = context.berth.dns_texts(&DnsQuestion {
        record: record.clone(),
        zone,
    })?;
    if !context.json {
        for text in &answer.texts {
            print::line(&words::code_of(&text.provider).replace('_', " "));
            text.text
                .lines()
                .for_each(|line| print::line(&format!("  {line}")));
        }
    }
    let mut seen = context.berth.look_up_dns(&record).await?;
    while wait && !seen.agrees {
        tokio::time::sleep(INTERVAL).await;
        seen = context.berth.look_up_dns(&record).await?;
    }
    if context.json {
        print::json(&json!({ "texts": answer, "seen": seen }));
    } else {
        print::line(&summary(&seen));
    }
    Ok(if seen.agrees {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn kind(value: &str, txt: bool) -> DnsKind {
    match value.parse() {
        _ if txt => DnsKind::Txt,
        Ok(IpAddr::V4(_)) => DnsKind::A,
        Ok(IpAddr::V6(_)) => DnsKind::Aaaa,
        Err(_) => DnsKind::Cname,
    }
}

fn summary(seen: &DnsSeen) -> String {
    let found = seen.values.join(", ");
    match (&seen.problem, seen.agrees, seen.ttl_seconds) {
        (Some(problem), ..) => format!("The DNS lookup failed: {problem}"),
        (None, true, _) => format!("The record exists: {found}"),
        (None, false, Some(ttl)) => {
            format!("DNS still returns {found}; resolvers may cache this for {ttl} s.")
        }
        (None, false, None) => "The record does not exist yet.".to_owned(),
    }
}
