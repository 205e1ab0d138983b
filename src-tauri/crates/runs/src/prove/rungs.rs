//! What was seen, judged: from facts to rungs. Codes are keys of the catalogue `proof`, under `ui/src/locales`.

use berth_arm::resources::networks::FrontEndAddress;
use berth_certs::probe::{Handshake, HttpAnswer, ProbeError};
use berth_contract::run::{Rung, RungKind, RungState};
use berth_domain::causes::chain;
use berth_domain::dns::{DnsKind, DnsRecord};
use berth_domain::facts::Presented;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub(super) fn rung<const N: usize>(
    kind: RungKind,
    state: RungState,
    code: &str,
    params: [(&str, String); N],
) -> Rung {
    let params: BTreeMap<String, String> = params
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Rung {
        kind,
        state,
        code: code.to_owned(),
        params,
    }
}

/// No name was chosen: TLS is off and callers use the address.
pub(super) fn no_name(address: IpAddr) -> Rung {
    rung(
        RungKind::Name,
        RungState::NotAsked,
        "name.none",
        [("address", address.to_string())],
    )
}

/// A certificate of Microsoft, and the service does not tell its name.
pub(super) fn untold_name() -> Rung {
    rung(RungKind::Name, RungState::Fails, "name.untold", [])
}

/// The name is another than before, though it was to stay.
pub(super) fn changed_name(former: &str, name: &str) -> Rung {
    let params = [("former", former.to_owned()), ("name", name.to_owned())];
    rung(RungKind::Name, RungState::Fails, "name.changed", params)
}

/// Whether a name answers with the address, and the record that is to be made where it does not.
pub(super) fn name(
    name: &str,
    address: IpAddr,
    of_azure: bool,
    found: &[IpAddr],
) -> (Rung, Option<DnsRecord>) {
    let said = |state, code: &str, found: String| {
        let params = [
            ("name", name.to_owned()),
            ("address", address.to_string()),
            ("found", found),
        ];
        rung(RungKind::Name, state, code, params)
    };
    if found.contains(&address) {
        return (said(RungState::Holds, "name.resolves", String::new()), None);
    }
    if of_azure {
        return (said(RungState::NotFromHere, "name.of_azure", String::new()), None);
    }
    let record = DnsRecord {
        name: name.to_owned(),
        kind: if address.is_ipv4() {
            DnsKind::A
        } else {
            DnsKind::Aaaa
        },
        value: address.to_string(),
    };
    let elsewhere = found
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let code = if found.is_empty() {
        "name.missing"
    } else {
        "name.elsewhere"
    };
    (said(RungState::ToDo, code, elsewhere), Some(record))
}

/// Whether the address is what was chosen, by Azure's own list of the load balancers' addresses and by the annotation of
/// the front end's service.
pub(super) fn address(
    address: IpAddr,
    chosen_internal: bool,
    annotated_internal: bool,
    front_ends: Result<Vec<FrontEndAddress>, String>,
) -> Rung {
    let said = |state, code: &str, subnet: &str| {
        let params = [("address", address.to_string()), ("subnet", subnet.to_owned())];
        rung(RungKind::Address, state, code, params)
    };
    let Ok(front_ends) = front_ends else {
        return said(RungState::NotFromHere, "address.unconfirmed", "");
    };
    let found = front_ends
        .into_iter()
        .find(|front_end| front_end.address.parse() == Ok(address));
    match found {
        None => said(RungState::Fails, "address.unknown", ""),
        Some(front_end) if chosen_internal && (front_end.public || !annotated_internal) => {
            said(RungState::Fails, "address.not_internal", "")
        }
        Some(front_end) if !chosen_internal && (!front_end.public || annotated_internal) => {
            said(RungState::Fails, "address.not_public", "")
        }
        Some(_) if !chosen_internal => said(RungState::Holds, "address.public", ""),
        Some(FrontEndAddress {
            subnet: Some(subnet), ..
        }) => said(RungState::Holds, "address.in_subnet", &subnet),
        Some(_) => said(RungState::Holds, "address.internal", ""),
    }
}

/// The front end has no port for the scheme.
pub(super) fn no_port(tls: bool) -> Vec<Rung> {
    let scheme = if tls { "https" } else { "http" };
    let tcp = rung(
        RungKind::Tcp,
        RungState::Fails,
        "tcp.no_port",
        [("scheme", scheme.to_owned())],
    );
    let mut rungs = vec![tcp];
    rungs.extend(above(RungState::Fails, "not_reached", tls));
    rungs
}

/// TCP connects.
pub(super) fn connects(at: SocketAddr, took: Duration) -> Rung {
    let params = [("at", at.to_string()), ("ms", took.as_millis().to_string())];
    rung(RungKind::Tcp, RungState::Holds, "tcp.connects", params)
}

/// An internal address, seen from outside its network.
pub(super) fn not_from_here(at: SocketAddr, tls: bool) -> Vec<Rung> {
    let params = [("at", at.to_string())];
    let mut rungs = vec![rung(
        RungKind::Tcp,
        RungState::NotFromHere,
        "tcp.not_from_here",
        params,
    )];
    rungs.extend(above(RungState::NotFromHere, "not_from_here", tls));
    rungs
}

/// A connection that did not come to be.
pub(super) fn no_connection(at: SocketAddr, error: &ProbeError, tls: bool) -> Vec<Rung> {
    let code = match error {
        ProbeError::Refused { .. } => "tcp.refused",
        ProbeError::TimedOut { .. } => "tcp.silent",
        _ => "tcp.unreachable",
    };
    let params = [("at", at.to_string()), ("why", chain(error))];
    let mut rungs = vec![rung(RungKind::Tcp, RungState::Fails, code, params)];
    rungs.extend(above(RungState::Fails, "not_reached", tls));
    rungs
}

/// The rungs above a connection that is not there.
fn above(state: RungState, code: &str, tls: bool) -> [Rung; 2] {
    let handshake = if tls {
        rung(RungKind::Tls, state, &format!("tls.{code}"), [])
    } else {
        no_tls()
    };
    [
        handshake,
        rung(RungKind::Answer, state, &format!("answer.{code}"), []),
    ]
}

/// TLS is off.
pub(super) fn no_tls() -> Rung {
    rung(RungKind::Tls, RungState::NotAsked, "tls.off", [])
}

/// The handshake did not come to an end.
pub(super) fn handshake_failed(error: &ProbeError) -> Rung {
    let code = match error {
        ProbeError::NotTls { .. } => "tls.none",
        ProbeError::Alert { .. } => "tls.refused",
        _ => "tls.failed",
    };
    let params = [("why", chain(error))];
    rung(RungKind::Tls, RungState::Fails, code, params)
}

/// The certificate shown, against the one that was applied.
pub(super) fn applied(shown: &Handshake, applied: &str) -> Rung {
    compared(shown, applied, "tls.same", "tls.other")
}

/// The certificate shown, against the one that was put back.
pub(super) fn former_again(shown: &Handshake, former: &str) -> Rung {
    compared(shown, former, "tls.former_again", "tls.not_former")
}

fn compared(shown: &Handshake, expected: &str, same: &str, other: &str) -> Rung {
    let (state, code) = match shown.leaf_sha256.eq_ignore_ascii_case(expected) {
        true => (RungState::Holds, same),
        false => (RungState::Fails, other),
    };
    let params = [
        ("protocol", shown.protocol.clone()),
        ("cipher", shown.cipher.clone()),
        ("sha256", shown.leaf_sha256.clone()),
        ("applied", expected.to_owned()),
    ];
    rung(RungKind::Tls, state, code, params)
}

/// The certificate shown, against the name callers use: for certificates that Berth has not sent itself.
pub(super) fn covered(shown: &Handshake, name: &str, names: Option<(Vec<String>, bool)>) -> Rung {
    let (names, covers) = names.unwrap_or_default();
    let (state, code) = if covers {
        (RungState::Holds, "tls.covers")
    } else {
        (RungState::Fails, "tls.other_name")
    };
    let params = [
        ("protocol", shown.protocol.clone()),
        ("cipher", shown.cipher.clone()),
        ("sha256", shown.leaf_sha256.clone()),
        ("name", name.to_owned()),
        ("names", names.join(", ")),
    ];
    rung(RungKind::Tls, state, code, params)
}

/// The certificate shown, against the one that was shown before it was to be renewed. `now` is what there is to say about
/// it, where it covers the name.
pub(super) fn renewed(
    shown: &Handshake,
    name: &str,
    now: Option<Presented>,
    former: Option<&Presented>,
) -> Rung {
    let Some(now) = now else {
        return covered(shown, name, None);
    };
    let (state, code) = match former {
        Some(former) if former.sha256 == now.sha256 && !former.is_due() => {
            (RungState::NotAsked, "tls.not_due")
        }
        Some(former) if former.sha256 != now.sha256 && is_later(&now.not_after, &former.not_after) => {
            (RungState::Holds, "tls.renewed")
        }
        // Nobody saw the former one: what is renewed is good for longer than what is due.
        None if !now.is_due() => (RungState::Holds, "tls.renewed"),
        _ => (RungState::Waits, "tls.not_renewed"),
    };
    let params = [
        ("protocol", shown.protocol.clone()),
        ("sha256", now.sha256),
        ("name", name.to_owned()),
        ("until", now.not_after.chars().take(10).collect()),
        ("days", now.days_left.to_string()),
    ];
    rung(RungKind::Tls, state, code, params)
}

fn is_later(now: &str, former: &str) -> bool {
    match (now.parse::<Timestamp>(), former.parse::<Timestamp>()) {
        (Ok(now), Ok(former)) => now > former,
        _ => false,
    }
}

/// What the front end answered. Anything but an error of its own is a sign of life.
pub(super) fn answer(answer: Result<HttpAnswer, ProbeError>) -> Rung {
    match answer {
        Err(error) => {
            let params = [("why", chain(&error))];
            rung(RungKind::Answer, RungState::Fails, "answer.silent", params)
        }
        Ok(answer) => {
            let params = [("status", answer.status.to_string())];
            let (state, code) = if answer.status < 500 {
                (RungState::Holds, "answer.good")
            } else {
                (RungState::Fails, "answer.error")
            };
            rung(RungKind::Answer, state, code, params)
        }
    }
}

/// The address callers use: by name where there is one, with the port where it is not the usual one.
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
