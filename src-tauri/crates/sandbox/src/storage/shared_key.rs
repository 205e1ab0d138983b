//! Shared Key authorization (learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key).

use super::query::Query;
use super::sas;
use crate::server::Received;
use jiff::{SignedDuration, Timestamp};

/// How far the request's date may be from now.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(15);

/// Whether a request is signed with a key of the account.
pub(super) fn is_signed(
    received: &Received,
    query: &Query,
    account: &str,
    keys: [&str; 2],
    given: &str,
    now: Timestamp,
) -> bool {
    let Some((name, signature)) = given.split_once(':') else {
        return false;
    };
    let recent = received
        .header("x-ms-date")
        .or_else(|| received.header("date"))
        .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
        .is_some_and(|date| date.timestamp().duration_since(now).abs() <= CLOCK_SKEW);
    let text = text(received, query, account);
    name == account && recent && keys.iter().any(|key| sas::is_signed(key, &text, signature))
}

fn text(received: &Received, query: &Query, account: &str) -> String {
    let header = |name: &str| received.header(name).unwrap_or_default().to_string();
    let length = header("content-length");
    let mut lines = vec![
        received.method.to_string(),
        header("content-encoding"),
        header("content-language"),
        if length == "0" { String::new() } else { length },
    ];
    lines.extend(
        [
            "content-md5",
            "content-type",
            "date",
            "if-modified-since",
            "if-match",
            "if-none-match",
            "if-unmodified-since",
            "range",
        ]
        .map(header),
    );
    let mut own: Vec<&str> = received
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| name.starts_with("x-ms-"))
        .collect();
    own.sort_unstable();
    lines.extend(
        own.into_iter()
            .map(|name| format!("{name}:{}", header(name).trim())),
    );
    let path = received.target.split('?').next().unwrap_or_default();
    let mut resource = format!("/{account}{path}");
    for (name, value) in query.pairs() {
        resource.push_str(&format!("\n{name}:{value}"));
    }
    lines.push(resource);
    lines.join("\n")
}
