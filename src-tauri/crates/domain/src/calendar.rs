//! Reminders as a calendar file (iCalendar, RFC 5545), so that a calendar can remind people even if Berth is not running.

use crate::certificate::CertificateFacts;
use crate::inventory::{Inventory, SOON_DAYS, renew_at};
use crate::visible;
use jiff::{SignedDuration, Timestamp};

/// Longest line in bytes (RFC 5545, section 3.1).
const LINE: usize = 75;

/// Texts of the events, in the user's language, with the placeholders `{name}` and `{compute}`.
#[derive(Debug, Clone)]
pub struct CalendarWords {
    /// Title of the renewal event.
    pub renew: String,
    /// Title of the expiry event.
    pub ends: String,
    /// Description of both events.
    pub about: String,
}

/// Builds the calendar: for each certificate in force, a renewal event with an alarm, and an expiry event with alarms 14 and
/// 3 days before. Event ids depend only on the compute and the kind of event, so importing a later file updates the events.
pub fn calendar(inventory: &Inventory, words: &CalendarWords, now: Timestamp) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Berth//Certificates//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
    ];
    for endpoint in &inventory.endpoints {
        let Some(certificate) = endpoint.in_force() else {
            continue;
        };
        let name = endpoint.name.as_deref().unwrap_or_else(|| endpoint.compute());
        let fill = |text: &str| {
            text.replace("{name}", name)
                .replace("{compute}", endpoint.compute())
        };
        let about = fill(&words.about);
        if let Some(at) = renew_at(certificate) {
            lines.extend(event(
                &uid(&endpoint.compute_id, "renew"),
                at,
                &fill(&words.renew),
                &about,
                now,
                &["PT0S"],
            ));
        }
        if let Some(at) = end_of(certificate) {
            let before = format!("-P{SOON_DAYS}D");
            lines.extend(event(
                &uid(&endpoint.compute_id, "ends"),
                at,
                &fill(&words.ends),
                &about,
                now,
                &[&before, "-P3D"],
            ));
        }
    }
    lines.push("END:VCALENDAR".to_owned());
    lines
        .iter()
        .flat_map(|line| folded(line))
        .fold(String::new(), |text, line| text + &line + "\r\n")
}

fn end_of(certificate: &CertificateFacts) -> Option<Timestamp> {
    certificate.not_after.parse().ok()
}

fn event(uid: &str, at: Timestamp, title: &str, about: &str, now: Timestamp, alarms: &[&str]) -> Vec<String> {
    let half_an_hour = SignedDuration::from_mins(30);
    let until = at.checked_add(half_an_hour).unwrap_or(at);
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}"),
        format!("DTSTAMP:{}", moment(now)),
        format!("DTSTART:{}", moment(at)),
        format!("DTEND:{}", moment(until)),
        format!("SUMMARY:{}", escaped(title)),
        format!("DESCRIPTION:{}", escaped(about)),
        "TRANSP:TRANSPARENT".to_owned(),
    ];
    for alarm in alarms {
        lines.extend([
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".to_owned(),
            format!("DESCRIPTION:{}", escaped(title)),
            format!("TRIGGER:{alarm}"),
            "END:VALARM".to_owned(),
        ]);
    }
    lines.push("END:VEVENT".to_owned());
    lines
}

/// Event id. Replaces every character that does not belong in a resource id: a line break would end the property.
fn uid(compute_id: &str, what: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '(' | ')');
    let id = compute_id.trim_matches('/').to_lowercase();
    let id: String = id
        .chars()
        .map(|letter| if plain(letter) { letter } else { '.' })
        .collect();
    format!("{what}.{id}@berth")
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Escapes a text (RFC 5545, section 3.3.11). Control characters are not allowed and are made visible by [`visible`].
fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    visible::lines(&text)
        .replace('\t', " ")
        .replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace('\n', "\\n")
}

/// Folds a line to at most 75 bytes per line. Continuation lines begin with a space; characters are never split.
fn folded(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for letter in line.chars() {
        let full = lines
            .last()
            .is_some_and(|last| last.len() + letter.len_utf8() > LINE);
        if full {
            lines.push(" ".to_owned());
        }
        if let Some(last) = lines.last_mut() {
            last.push(letter);
        }
    }
    lines
}
