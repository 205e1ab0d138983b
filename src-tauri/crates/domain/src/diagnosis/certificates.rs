//! The certificate of a front end: the one in its secret, and the one it shows.

use super::front_ends::each;
use super::symptoms::{Connection, FrontEndState, Symptoms};
use super::table::{Found, found};
use crate::certificate::CertificateFacts;

/// Days before its end from which a certificate is due.
const SOON: i32 = 30;

fn shown(front_end: &FrontEndState) -> Option<&CertificateFacts> {
    match front_end.connection.known()? {
        Connection::Tls(facts) => Some(facts),
        Connection::Plain | Connection::Silent(_) | Connection::NoTls(_) => None,
    }
}

fn kept(front_end: &FrontEndState) -> Option<&CertificateFacts> {
    front_end.secret.known()?.as_ref()
}

/// The certificate callers meet: the one shown, else the one in the secret.
fn met(front_end: &FrontEndState) -> Option<&CertificateFacts> {
    shown(front_end).or_else(|| kept(front_end))
}

/// The day of an instant.
fn day(instant: &str) -> &str {
    instant.split('T').next().unwrap_or(instant)
}

fn said(facts: &CertificateFacts) -> Found {
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

/// It has expired.
pub(super) fn expired(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        met(front_end).filter(|facts| facts.expired).map(said)
    })
}

/// It does not hold yet.
pub(super) fn not_yet_valid(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        met(front_end).filter(|facts| facts.not_yet_valid).map(said)
    })
}

/// It ends soon.
pub(super) fn ends_soon(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let due = |facts: &&CertificateFacts| !facts.expired && facts.days_left <= SOON;
        met(front_end).filter(due).map(said)
    })
}

/// It is for other names than the one callers use.
pub(super) fn other_name(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let facts = met(front_end).filter(|facts| facts.covers == Some(false))?;
        let names = facts.names.join(", ");
        let name = facts.cname.clone().or_else(|| front_end.name.clone());
        Some(
            found(vec![format!("{}: {names}", facts.subject)])
                .with("name", name.unwrap_or_default())
                .with("names", names),
        )
    })
}

/// The one in the secret is another than the one shown.
pub(super) fn not_applied(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let (kept, shown) = (kept(front_end)?, shown(front_end)?);
        let other = !kept.sha256.eq_ignore_ascii_case(&shown.sha256);
        other.then(|| {
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

/// TLS is on, and its secret is not there.
pub(super) fn missing(symptoms: &Symptoms) -> Vec<Found> {
    each(symptoms, |front_end| {
        let missing = front_end.tls && front_end.installed && front_end.secret.known() == Some(&None);
        missing.then(|| found(Vec::new()))
    })
}
