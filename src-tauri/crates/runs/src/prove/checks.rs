//! Judges observations: from facts to checks.

use super::sentence::Sentence;
use berth_arm::resources::networks::FrontEndAddress;
use berth_certs::probe::{Handshake, HttpAnswer, ProbeError};
use berth_contract::run::{ProofCheck, ProofCheckState};
use berth_domain::causes::chain;
use berth_domain::dns::{DnsKind, DnsRecord};
use berth_domain::facts::Presented;
use jiff::Timestamp;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// No name was chosen: TLS is off and callers use the address.
pub(super) fn no_name(address: IpAddr) -> ProofCheck {
    let address = address.to_string();
    Sentence::NoName { address }.check(ProofCheckState::NotAsked)
}

/// The certificate is managed by Microsoft, and the compute does not state its name.
pub(super) fn unknown_name() -> ProofCheck {
    Sentence::NameUnknown {}.check(ProofCheckState::Fails)
}

/// The name has changed although it should have stayed.
pub(super) fn changed_name(former: &str, name: &str) -> ProofCheck {
    let (former, name) = (former.to_owned(), name.to_owned());
    Sentence::NameChanged { name, former }.check(ProofCheckState::Fails)
}

/// Whether a name resolves to the address, and the DNS record to make where it does not.
pub(super) fn name(
    name: &str,
    address: IpAddr,
    of_azure: bool,
    found: &[IpAddr],
) -> (ProofCheck, Option<DnsRecord>) {
    let is_there = found.contains(&address);
    let found = found.iter().map(ToString::to_string).collect::<Vec<_>>();
    let kind = if address.is_ipv4() {
        DnsKind::A
    } else {
        DnsKind::Aaaa
    };
    let (name, address) = (name.to_owned(), address.to_string());
    if is_there {
        return (
            Sentence::NameResolves { name, address }.check(ProofCheckState::Holds),
            None,
        );
    }
    if of_azure {
        return (
            Sentence::NameOfAzure { name, address }.check(ProofCheckState::NotFromHere),
            None,
        );
    }
    let record = DnsRecord {
        name: name.clone(),
        kind,
        value: address.clone(),
    };
    let sentence = if found.is_empty() {
        Sentence::NameMissing { name, address }
    } else {
        let found = found.join(", ");
        Sentence::NameElsewhere { name, address, found }
    };
    (sentence.check(ProofCheckState::ToDo), Some(record))
}

/// Whether the address is public or internal as chosen, by Azure's list of load balancer addresses and by the annotation
/// of the front end's service.
pub(super) fn address(
    address: IpAddr,
    chosen_internal: bool,
    annotated_internal: bool,
    front_ends: Result<Vec<FrontEndAddress>, String>,
) -> ProofCheck {
    let found = front_ends.map(|all| {
        let mut all = all.into_iter();
        all.find(|front_end| front_end.address.parse() == Ok(address))
    });
    let address = address.to_string();
    let Ok(found) = found else {
        return Sentence::AddressUnconfirmed { address }.check(ProofCheckState::NotFromHere);
    };
    let Some(FrontEndAddress { public, subnet, .. }) = found else {
        return Sentence::AddressUnknown { address }.check(ProofCheckState::Fails);
    };
    let sentence = match (chosen_internal, public, annotated_internal, subnet) {
        (true, false, true, Some(subnet)) => Sentence::InSubnet { address, subnet },
        (true, false, true, None) => Sentence::Internal { address },
        (true, _, _, _) => return Sentence::NotInternal { address }.check(ProofCheckState::Fails),
        (false, true, false, _) => Sentence::Public { address },
        (false, _, _, _) => return Sentence::NotPublic { address }.check(ProofCheckState::Fails),
    };
    sentence.check(ProofCheckState::Holds)
}

pub(super) fn no_port(tls: bool) -> Vec<ProofCheck> {
    let scheme = if tls { "https" } else { "http" }.to_owned();
    not_reached(Sentence::NoPort { scheme }.check(ProofCheckState::Fails), tls)
}

pub(super) fn connects(at: SocketAddr, took: Duration) -> ProofCheck {
    let (at, ms) = (at.to_string(), took.as_millis().to_string());
    Sentence::Connects { at, ms }.check(ProofCheckState::Holds)
}

/// An internal address, seen from outside its network.
pub(super) fn not_from_here(at: SocketAddr, tls: bool) -> Vec<ProofCheck> {
    let at = at.to_string();
    let hidden = |sentence: Sentence| sentence.check(ProofCheckState::NotFromHere);
    let handshake = if tls {
        hidden(Sentence::TlsNotFromHere {})
    } else {
        no_tls()
    };
    vec![
        hidden(Sentence::NotFromHere { at }),
        handshake,
        hidden(Sentence::AnswerNotFromHere {}),
    ]
}

pub(super) fn no_connection(at: SocketAddr, error: &ProbeError, tls: bool) -> Vec<ProofCheck> {
    let (at, why) = (at.to_string(), chain(error));
    let sentence = match error {
        ProbeError::Refused { .. } => Sentence::ConnectionRefused { at, why },
        ProbeError::TimedOut { .. } => Sentence::Silent { at, why },
        _ => Sentence::Unreachable { at, why },
    };
    not_reached(sentence.check(ProofCheckState::Fails), tls)
}

/// A failed connection, and the checks above it.
fn not_reached(connection: ProofCheck, tls: bool) -> Vec<ProofCheck> {
    let fails = |sentence: Sentence| sentence.check(ProofCheckState::Fails);
    let handshake = if tls {
        fails(Sentence::TlsNotReached {})
    } else {
        no_tls()
    };
    vec![connection, handshake, fails(Sentence::AnswerNotReached {})]
}

pub(super) fn no_tls() -> ProofCheck {
    Sentence::TlsOff {}.check(ProofCheckState::NotAsked)
}

pub(super) fn handshake_failed(error: &ProbeError) -> ProofCheck {
    let why = chain(error);
    let sentence = match error {
        ProbeError::NotTls { .. } => Sentence::NoTls { why },
        ProbeError::Alert { .. } => Sentence::TlsRefused { why },
        _ => Sentence::TlsFailed { why },
    };
    sentence.check(ProofCheckState::Fails)
}

fn connection(shown: &Handshake) -> [String; 3] {
    [&shown.protocol, &shown.cipher, &shown.leaf_sha256].map(String::clone)
}

/// Compares the certificate shown with the one that was applied.
pub(super) fn applied(shown: &Handshake, applied: &str) -> ProofCheck {
    let [protocol, cipher, sha256] = connection(shown);
    if sha256.eq_ignore_ascii_case(applied) {
        return Sentence::Applied {
            protocol,
            cipher,
            sha256,
        }
        .check(ProofCheckState::Holds);
    }
    let applied = applied.to_owned();
    Sentence::OtherThanApplied {
        protocol,
        cipher,
        sha256,
        applied,
    }
    .check(ProofCheckState::Fails)
}

/// Compares the certificate shown with the one that was restored.
pub(super) fn former_again(shown: &Handshake, former: &str) -> ProofCheck {
    let [protocol, cipher, sha256] = connection(shown);
    if sha256.eq_ignore_ascii_case(former) {
        return Sentence::FormerAgain {
            protocol,
            cipher,
            sha256,
        }
        .check(ProofCheckState::Holds);
    }
    let applied = former.to_owned();
    Sentence::OtherThanFormer {
        protocol,
        cipher,
        sha256,
        applied,
    }
    .check(ProofCheckState::Fails)
}

/// Compares the certificate shown with the name that callers use. For certificates that Berth did not send itself.
pub(super) fn covered(shown: &Handshake, name: &str, names: Option<(Vec<String>, bool)>) -> ProofCheck {
    let (names, covers) = names.unwrap_or_default();
    let (name, names) = (name.to_owned(), names.join(", "));
    let [protocol, cipher, sha256] = connection(shown);
    if covers {
        Sentence::Covers {
            protocol,
            cipher,
            sha256,
            name,
            names,
        }
        .check(ProofCheckState::Holds)
    } else {
        Sentence::OtherName {
            protocol,
            cipher,
            sha256,
            name,
            names,
        }
        .check(ProofCheckState::Fails)
    }
}

/// Compares the certificate shown with the one before the renewal. `now` is the certificate shown, if it covers the name.
pub(super) fn renewed(
    shown: &Handshake,
    name: &str,
    now: Option<Presented>,
    former: Option<&Presented>,
) -> ProofCheck {
    let Some(now) = now else {
        return covered(shown, name, None);
    };
    let is_due = now.is_due();
    let name = name.to_owned();
    let protocol = shown.protocol.clone();
    let until = now.not_after.chars().take(10).collect();
    let (sha256, days) = (now.sha256, now.days_left.to_string());
    match former {
        Some(former) if former.sha256 == sha256 && !former.is_due() => Sentence::NotDue {
            protocol,
            sha256,
            name,
            until,
            days,
        }
        .check(ProofCheckState::NotAsked),
        Some(former) if former.sha256 != sha256 && is_later(&now.not_after, &former.not_after) => {
            Sentence::Renewed {
                protocol,
                sha256,
                name,
                until,
                days,
            }
            .check(ProofCheckState::Holds)
        }
        // The former one was never seen: a renewed certificate is not due.
        None if !is_due => Sentence::Renewed {
            protocol,
            sha256,
            name,
            until,
            days,
        }
        .check(ProofCheckState::Holds),
        _ => Sentence::NotRenewed {
            protocol,
            sha256,
            name,
            until,
            days,
        }
        .check(ProofCheckState::Waits),
    }
}

fn is_later(now: &str, former: &str) -> bool {
    match (now.parse::<Timestamp>(), former.parse::<Timestamp>()) {
        (Ok(now), Ok(former)) => now > former,
        _ => false,
    }
}

/// Judges the answer of the front end. Any status but a server error is fine.
pub(super) fn answer(answer: Result<HttpAnswer, ProbeError>) -> ProofCheck {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return Sentence::NoAnswer { why: chain(&error) }.check(ProofCheckState::Fails),
    };
    let status = answer.status.to_string();
    if answer.status < 500 {
        Sentence::GoodAnswer { status }.check(ProofCheckState::Holds)
    } else {
        Sentence::ErrorAnswer { status }.check(ProofCheckState::Fails)
    }
}

/// The URL that callers use: by name where there is one, with the port where it is not the default.
pub(super) fn url(tls: bool, name: Option<&str>, address: IpAddr, port: u16) -> String {
    let (scheme, usual) = if tls { ("https", 443) } else { ("http", 80) };
    let host = match (name, address) {
        (Some(name), _) => name.to_owned(),
        (None, IpAddr::V4(address)) => address.to_string(),
        (None, IpAddr::V6(address)) => format!("[{address}]"),
    };
    if port == usual {
        format!("{scheme}://{host}/")
    } else {
        format!("{scheme}://{host}:{port}/")
    }
}

#[cfg(test)]
mod tests;
