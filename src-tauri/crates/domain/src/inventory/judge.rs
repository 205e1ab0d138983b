//! What follows from certificates that were seen.

use super::{Agreement, Due, Inventory, PlaceSeen, Renewal, TlsKind};
use crate::certificate::CertificateFacts;
use jiff::{SignedDuration, Timestamp};

/// From so many days on it is soon.
pub const SOON_DAYS: i32 = 14;
/// From so many days on it is urgent.
pub const URGENT_DAYS: i32 = 3;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// Whether the places show the same.
pub fn agreement_of(places: &[PlaceSeen]) -> Agreement {
    let mut seen = places.iter().filter_map(|place| place.certificate.as_ref());
    let Some(first) = seen.next() else {
        return Agreement::None;
    };
    let rest: Vec<_> = seen.collect();
    if rest.is_empty() {
        Agreement::Alone
    } else if rest.iter().all(|other| other.sha256 == first.sha256) {
        Agreement::Agree
    } else {
        Agreement::Differ
    }
}

/// When two thirds of its life are over, the time at which ACME clients and `step` renew
/// (smallstep.com/docs/step-ca/certificate-authority-server-production), but never more than a year before its end: nobody
/// heeds a reminder of what ends in three years.
pub fn renew_at(certificate: &CertificateFacts) -> Option<Timestamp> {
    let from: Timestamp = certificate.not_before.parse().ok()?;
    let until: Timestamp = certificate.not_after.parse().ok()?;
    let life = until.as_second().checked_sub(from.as_second())?;
    let mark = from.checked_add(SignedDuration::from_secs(life / 3 * 2)).ok()?;
    let year = until.checked_sub(SignedDuration::from_secs(365 * DAY)).ok()?;
    Some(mark.max(year))
}

/// How urgent a certificate is at a moment.
pub fn due_of(certificate: &CertificateFacts, now: Timestamp) -> Due {
    let Ok(until) = certificate.not_after.parse::<Timestamp>() else {
        return Due::Unknown;
    };
    let days = days_between(now, until);
    if now > until {
        Due::Expired
    } else if days <= URGENT_DAYS {
        Due::Urgent
    } else if days <= SOON_DAYS {
        Due::Soon
    } else if renew_at(certificate).is_some_and(|mark| now >= mark) {
        Due::Renew
    } else {
        Due::Fine
    }
}

/// How the certificate in force can be renewed. `authority` is the fingerprint of this machine's own root.
pub fn renewal_of(tls: TlsKind, in_force: Option<&CertificateFacts>, authority: Option<&str>) -> Renewal {
    match (tls, in_force) {
        (TlsKind::Off, _) => Renewal::Nothing,
        (TlsKind::Microsoft, _) => Renewal::Microsoft,
        (TlsKind::Own, Some(found)) if found.self_signed => Renewal::SelfSigned,
        (TlsKind::Own, Some(found)) if has_root(found, authority) => Renewal::LocalAuthority,
        (TlsKind::Own, _) => Renewal::Bring,
    }
}

fn has_root(certificate: &CertificateFacts, authority: Option<&str>) -> bool {
    let top = certificate.chain.last().map(|rung| rung.sha256.as_str());
    authority.is_some() && top == authority
}

/// An inventory that was kept, as it is at another moment: what time alone changes is worked out again.
pub fn aged(mut kept: Inventory, now: Timestamp) -> Inventory {
    for endpoint in &mut kept.endpoints {
        for place in &mut endpoint.places {
            if let Some(certificate) = &mut place.certificate {
                age(certificate, now);
            }
        }
        endpoint.due = endpoint
            .in_force()
            .map_or(Due::Unknown, |found| due_of(found, now));
    }
    for pair in &mut kept.kept {
        if let Some(certificate) = &mut pair.certificate {
            age(certificate, now);
            pair.due = due_of(certificate, now);
        }
    }
    sort(&mut kept);
    kept
}

/// Soonest end first; what has no certificate comes last.
pub fn sort(inventory: &mut Inventory) {
    let end = |found: Option<&CertificateFacts>| {
        let end = found.and_then(|found| found.not_after.parse::<Timestamp>().ok());
        end.unwrap_or(Timestamp::MAX)
    };
    inventory
        .endpoints
        .sort_by_cached_key(|endpoint| (end(endpoint.in_force()), endpoint.compute_id.to_lowercase()));
    inventory
        .kept
        .sort_by_cached_key(|pair| (end(pair.certificate.as_ref()), pair.id.clone()));
}

fn age(certificate: &mut CertificateFacts, now: Timestamp) {
    if let Ok(until) = certificate.not_after.parse::<Timestamp>() {
        certificate.days_left = days_between(now, until);
        certificate.expired = now > until;
    }
    if let Ok(from) = certificate.not_before.parse::<Timestamp>() {
        certificate.not_yet_valid = now < from;
    }
    for rung in &mut certificate.chain {
        if let Ok(until) = rung.not_after.parse::<Timestamp>() {
            rung.days_left = days_between(now, until);
        }
    }
}

/// Whole days from one moment to another, rounded down.
fn days_between(from: Timestamp, to: Timestamp) -> i32 {
    let days = (to.as_second() - from.as_second()).div_euclid(DAY);
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}
