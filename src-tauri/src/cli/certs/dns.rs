//! `berth certs dns`.

use crate::cli::{Context, Outcome, print};
use berth_app::words;
use berth_contract::model::{DnsQuestion, DnsSeen};
use berth_domain::dns::{DnsKind, DnsRecord};
use serde_json::json;
use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Duration;

/// Wait between two looks.
const NEXT_LOOK: Duration = Duration::from_secs(5);

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
        tokio::time::sleep(NEXT_LOOK).await;
        seen = context.berth.look_up_dns(&record).await?;
    }
    if context.json {
        print::json(&json!({ "texts": answer, "seen": seen }));
    } else {
        print::line(&say(&seen));
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

fn say(seen: &DnsSeen) -> String {
    let found = seen.values.join(", ");
    match (&seen.problem, seen.agrees, seen.ttl_seconds) {
        (Some(problem), ..) => format!("The DNS did not answer: {problem}"),
        (None, true, _) => format!("It is there: {found}"),
        (None, false, Some(ttl)) => format!("It says {found}, and others may keep that for {ttl} s."),
        (None, false, None) => "It is not there yet.".to_owned(),
    }
}
