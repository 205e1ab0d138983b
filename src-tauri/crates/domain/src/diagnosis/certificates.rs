//! Problems with a front end's certificate: the one in its secret, and the one it presents.

use super::front_ends::each;
use super::symptoms::{Connection, FrontEndState, Symptoms};
use super::table::{Found, found};
use crate::certificate::CertificateFacts;

/// A certificate with this many days left or fewer expires soon.
const SOON: i32 = 30;

fn presented(front_end: &FrontEndState) -> Option<&CertificateFacts> {
    match front_end.connection.known()? {
        Connection::Tls(facts) => Some(facts),
        Connection::Plain | Connection::Silent(_) | Connection::NoTls(_) => None,
    }
}

fn in_secret(front_end: &FrontEndState) -> Option<&CertificateFacts> {
    front_end.secret.known()?.as_ref()
}

/// The certificate that clients see: the one presented, otherwise the one in the secret.
fn effective(front_end: &FrontEndState) -> Option<&CertificateFacts> {
    presented(front_end).or_else(|| in_secret(front_end))
}

/// The date part of a timestamp.
fn day(instant: &str) -> &str {
    instant.split('T').next().unwrap_or(instant)
}

fn with_validity(facts: &CertificateFacts) -> Found {
    let line = format!(
        "{} ({}): {} – {}",
        facts.subject, facts.sha256, facts.not_before, facts.not_after
    );
    found(vec![line])
        .with("subject", &facts.subject)
        .with("notBefore", day(&facts.not_before))
        .with("notAfter", day(&facts.not_after))
        .with("days", facts.days_left.max(0))
}

/// The certificate has expired.
pub(super) fn expired(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        effective(front_end)
            .filter(|facts| facts.expired)
            .map(with_validity)
    })
}

/// The certificate is not valid yet.
pub(super) fn not_yet_valid(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        effective(front_end)
            .filter(|facts| facts.not_yet_valid)
            .map(with_validity)
    })
}

/// The certificate expires soon.
pub(super) fn ends_soon(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let due = |facts: &&CertificateFacts| !facts.expired && facts.days_left <= SOON;
        effective(front_end).filter(due).map(with_validity)
    })
}

/// The certificate does not cover the name that clients use.
pub(super) fn other_name(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let facts = effective(front_end).filter(|facts| facts.covers == Some(false))?;
        let names = facts.names.join(", ");
        let name = facts.cname.clone().or_else(|| front_end.name.clone());
        Some(
            found(vec![format!("{}: {names}", facts.subject)])
                .with("name", name.unwrap_or_default())
                .with("names", names),
        )
    })
}

/// The certificate presented is not the one in the secret.
pub(super) fn not_applied(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let (kept, shown) = (in_secret(front_end)?, presented(front_end)?);
        let differs = !kept.sha256.eq_ignore_ascii_case(&shown.sha256);
        differs.then(|| {
            let line = |place: &str, facts: &CertificateFacts| {
                format!(
                    "{place}: {} ({}), {}",
                    facts.subject, facts.sha256, facts.not_after
                )
            };
            found(vec![line("secret", kept), line("shown", shown)])
                .with("kept", day(&kept.not_after))
                .with("shown", day(&shown.not_after))
        })
    })
}

/// TLS is on but the secret is missing.
pub(super) fn missing(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let missing = front_end.tls && front_end.installed && front_end.secret.known() == Some(&None);
        missing.then(|| found(Vec::new()))
    })
}
