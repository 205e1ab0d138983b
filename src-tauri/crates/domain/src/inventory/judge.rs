//! Derives agreement, urgency and kind of renewal from the certificates found.

use super::{Agreement, Due, Inventory, PlaceSeen, Renewal, TlsKind};
use crate::certificate::CertificateFacts;
use jiff::{SignedDuration, Timestamp};

/// A certificate with this many days left or fewer is due soon.
pub const SOON_DAYS: i32 = 14;
/// A certificate with this many days left or fewer is urgent.
pub const URGENT_DAYS: i32 = 3;
/// Seconds in a day.
const DAY: i64 = 86_400;

/// Compares the certificates found in all places.
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

/// The recommended time of renewal: after two thirds of the validity period, as ACME clients and `step` do
/// (smallstep.com/docs/step-ca/certificate-authority-server-production), but at most a year before expiry, because nobody
/// heeds a reminder three years ahead. `None` if a date cannot be read.
pub fn renew_at(certificate: &CertificateFacts) -> Option<Timestamp> {
    let from: Timestamp = certificate.not_before.parse().ok()?;
    let until: Timestamp = certificate.not_after.parse().ok()?;
    let life = until.as_second().checked_sub(from.as_second())?;
    let mark = from.checked_add(SignedDuration::from_secs(life / 3 * 2)).ok()?;
    let year = until.checked_sub(SignedDuration::from_secs(365 * DAY)).ok()?;
    Some(mark.max(year))
}

/// Urgency of renewing a certificate at a given time.
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

/// How to renew the certificate in force. `authority` is the SHA-256 fingerprint of this computer's own root.
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
    let top = certificate.chain.last().map(|check| check.sha256.as_str());
    authority.is_some() && top == authority
}

/// Updates a saved inventory to another time: recomputes days left, expiry and urgency.
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

/// Sorts by expiry, soonest first; entries without a certificate come last.
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
    for check in &mut certificate.chain {
        if let Ok(until) = check.not_after.parse::<Timestamp>() {
            check.days_left = days_between(now, until);
        }
    }
}

/// Whole days between two times, rounded down.
fn days_between(from: Timestamp, to: Timestamp) -> i32 {
    let days = (to.as_second() - from.as_second()).div_euclid(DAY);
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}
