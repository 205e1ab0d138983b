//! DNS lookups without a cache, so that a new record is seen as soon as it exists.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{DnsAnswer, DnsQuestion, DnsSeen};
use berth_domain::dns::{self, BadRecord, DnsKind, DnsRecord};
use hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};
use jiff::Timestamp;
use std::net::SocketAddr;
use std::time::Duration;

/// Longest time to wait for one server.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Formats a record for each tool people create records with.
pub(crate) fn texts(question: &DnsQuestion) -> Result<DnsAnswer, Failure> {
    let DnsQuestion { record, zone } = question;
    let given = zone.as_deref().map(dns::plain).filter(|zone| !zone.is_empty());
    let zone = given.unwrap_or_else(|| dns::likely_zone(&record.name));
    let texts = dns::texts(record, &zone).map_err(|bad| refused(record, &zone, bad))?;
    Ok(DnsAnswer {
        host: dns::host_in(&record.name, &zone),
        texts,
        zone,
    })
}

fn refused(record: &DnsRecord, zone: &str, bad: BadRecord) -> Failure {
    let value = match bad.member {
        "name" => &record.name,
        "value" => &record.value,
        _ => zone,
    };
    Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
        .with("what", bad.member)
        .with("value", value)
        .with("why", bad.problem.code())
}

/// Looks up a record with the system's DNS servers, or with the given one.
///
/// # Errors
/// `BadInput` for an invalid record.
pub(crate) async fn look_up(record: &DnsRecord, server: Option<SocketAddr>) -> Result<DnsSeen, Failure> {
    dns::texts(record, "").map_err(|bad| refused(record, "", bad))?;
    let plain = format!("{}.", dns::plain(&record.name));
    let name = Name::from_utf8(&plain).map_err(|error| {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", &record.name)
            .with("why", &error)
            .because(&error)
    })?;
    let looked_at = Timestamp::now().to_string();
    Ok(match query(name, record.kind, server).await {
        Ok((values, ttl_seconds)) => DnsSeen {
            agrees: values.iter().any(|value| same(record.kind, value, &record.value)),
            values,
            ttl_seconds,
            problem: None,
            looked_at,
        },
        Err(problem) => DnsSeen {
            agrees: false,
            values: Vec::new(),
            ttl_seconds: None,
            problem: Some(problem),
            looked_at,
        },
    })
}

/// Returns the values and their TTL in seconds. A name that does not exist has no values.
async fn query(
    name: Name,
    kind: DnsKind,
    server: Option<SocketAddr>,
) -> Result<(Vec<String>, Option<u32>), String> {
    let resolver = resolver(server)?;
    let wanted = match kind {
        DnsKind::A => RecordType::A,
        DnsKind::Aaaa => RecordType::AAAA,
        DnsKind::Cname => RecordType::CNAME,
        DnsKind::Txt => RecordType::TXT,
    };
    let found = match resolver.lookup(name, wanted).await {
        Ok(found) => found,
        Err(error) if error.is_no_records_found() => return Ok((Vec::new(), None)),
        Err(error) => return Err(error.to_string()),
    };
    let records = found.answers().iter();
    let of_kind: Vec<_> = records.filter(|record| record.record_type() == wanted).collect();
    let ttl = of_kind.iter().map(|record| record.ttl).min();
    Ok((of_kind.iter().map(|record| value(&record.data)).collect(), ttl))
}

fn resolver(server: Option<SocketAddr>) -> Result<TokioResolver, String> {
    let provider = TokioRuntimeProvider::default();
    let builder = match server {
        Some(address) => {
            let mut config = NameServerConfig::udp_and_tcp(address.ip());
            for connection in &mut config.connections {
                connection.port = address.port();
            }
            let config = ResolverConfig::from_parts(None, Vec::new(), vec![config]);
            Resolver::builder_with_config(config, provider)
        }
        None => Resolver::builder(provider).map_err(|error| error.to_string())?,
    };
    let mut options = ResolverOpts::default();
    // No cache: a cached negative answer would hide a record that has just been created.
    options.cache_size = 0;
    options.timeout = TIMEOUT;
    options.attempts = 1;
    builder
        .with_options(options)
        .build()
        .map_err(|error| error.to_string())
}

fn value(data: &RData) -> String {
    match data {
        RData::TXT(text) => text
            .txt_data
            .iter()
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect(),
        RData::CNAME(name) => dns::plain(&name.0.to_string()),
        other => other.to_string(),
    }
}

fn same(kind: DnsKind, found: &str, wanted: &str) -> bool {
    match kind {
        DnsKind::Txt => found == wanted,
        DnsKind::Cname => dns::plain(found) == dns::plain(wanted),
        DnsKind::A | DnsKind::Aaaa => {
            let address = |text: &str| text.trim().parse::<std::net::IpAddr>().ok();
            address(found).is_some() && address(found) == address(wanted)
        }
    }
}
