//! Validates DNS records. Names come from Azure, from a certificate authority or from a form, and end up in commands that a
//! person copies.

use super::{DnsKind, DnsRecord, plain};
use core::net::{Ipv4Addr, Ipv6Addr};
use std::fmt;

/// Longest name without the final dot (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;
/// Longest text. A TXT record can hold more, but no domain validation needs it.
const LONGEST_TEXT: usize = 2048;

/// Why a record is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadRecord {
    /// The invalid member: `name`, `value` or `zone`.
    pub member: &'static str,
    /// What is wrong with it.
    pub problem: DnsProblem,
}

/// Why a value is not a valid DNS name, address or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DnsProblem {
    /// Not a DNS name: labels of 1 to 63 letters, digits, `-` and `_`, separated by dots, at most 253 characters in all.
    Name,
    /// Not an IPv4 address.
    Ipv4,
    /// Not an IPv6 address.
    Ipv6,
    /// The text is empty, too long, or has a character that is not printable ASCII.
    Text,
}

impl DnsProblem {
    /// Key of its text in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "dns_name",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Text => "dns_text",
        }
    }
}

impl fmt::Display for BadRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.member, self.problem.code())
    }
}

impl std::error::Error for BadRecord {}

/// Whether a text is a DNS name, with or without the final dot: letters, digits, `-` and `_`. The first label may be `*`.
/// Internationalized names must be in their ASCII form (`xn--…`).
pub fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let labels = name.strip_prefix("*.").unwrap_or(name);
    name.len() <= LONGEST_NAME && labels.split('.').all(is_label)
}

/// Whether the last label is a number, as in a mistyped IPv4 address. No top-level domain is one (RFC 3696, section 2).
fn ends_in_number(name: &str) -> bool {
    let last = name.strip_suffix('.').unwrap_or(name).rsplit('.').next();
    last.is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_label(label: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.chars().all(fits)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Checks a record and the zone it is in; the zone may be empty.
pub(super) fn record(record: &DnsRecord, zone: &str) -> Result<(), BadRecord> {
    let bad = |member, problem| Err(BadRecord { member, problem });
    // Surrounding spaces are never intended.
    if !is_name(record.name.trim()) {
        return bad("name", DnsProblem::Name);
    }
    if !zone.is_empty() && (!is_name(zone.trim()) || zone.contains('*')) {
        return bad("zone", DnsProblem::Name);
    }
    let value = plain(&record.value);
    match record.kind {
        DnsKind::A if value.parse::<Ipv4Addr>().is_err() => bad("value", DnsProblem::Ipv4),
        DnsKind::Aaaa if value.parse::<Ipv6Addr>().is_err() => bad("value", DnsProblem::Ipv6),
        DnsKind::Cname if ends_in_number(&value) => bad("value", DnsProblem::Ipv4),
        DnsKind::Cname if !is_name(&value) => bad("value", DnsProblem::Name),
        DnsKind::Txt if !is_text(&record.value) => bad("value", DnsProblem::Text),
        _ => Ok(()),
    }
}

/// Printable ASCII only: DNS carries bytes, and readers disagree on how to decode anything else.
fn is_text(text: &str) -> bool {
    (1..=LONGEST_TEXT).contains(&text.len())
        && text
            .chars()
            .all(|letter| letter == ' ' || letter.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dns_names_are_recognized() {
        let long = format!("{}.com", "a".repeat(64));
        let longest = ["a".repeat(63).as_str(); 5].join(".");
        for (name, expected) in [
            ("ml.contoso.com", true),
            ("ML.Contoso.COM.", true),
            ("_acme-challenge.ml.contoso.com", true),
            ("*.contoso.com", true),
            ("xn--mller-kva.se", true),
            ("localhost", true),
            ("", false),
            (".", false),
            ("*", false),
            ("a.*.com", false),
            ("a*.com", false),
            ("a..com", false),
            (".com", false),
            ("a.com..", false),
            ("-a.com", false),
            ("a-.com", false),
            ("a b.com", false),
            ("a;b.com", false),
            ("x;touch /tmp/a;.contoso.com", false),
            ("$(id).com", false),
            ("a'.com", false),
            ("a\u{1b}[31m.com", false),
            ("a\n.com", false),
            ("\u{202e}moc.com", false),
            ("müller.se", false),
            ("a\u{ff0e}com", false),
            (&long, false),
            (&longest, false),
        ] {
            assert_eq!(is_name(name), expected, "{name:?}");
        }
    }
}
