//! Reminders of certificates that are due: their text in the person's language, and which were already shown.

use crate::{inventory, settings, words};
use berth_contract::failure::Failure;
use berth_domain::calendar::{self, CalendarWords};
use berth_domain::inventory::{Due, Inventory};
use berth_home::Home;
use berth_home::entries::{Entries, id_of_name};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A certificate that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reminder {
    /// Resource id of the compute that uses it.
    pub compute_id: String,
    /// Name clients connect to, or the compute's name if there is none.
    pub name: String,
    /// SHA-256 fingerprint of the certificate, in hex.
    pub sha256: String,
    /// How urgent it is.
    pub due: Due,
    /// Days until it expires; negative once it has expired.
    pub days: i32,
}

/// Lists the due certificates for which no reminder was shown at their current urgency.
pub(crate) fn pending(home: &Home) -> Vec<Reminder> {
    let shown = shown_reminders(home)
        .map(|all| all.readable())
        .unwrap_or_default();
    let known = |due: &Reminder| {
        shown.iter().any(|shown| {
            shown.compute_id == due.compute_id && shown.sha256 == due.sha256 && shown.due >= due.due
        })
    };
    let mut all = due(&last_seen(home));
    all.retain(|due| !known(due));
    all
}

/// Records that reminders were shown. Removes the records of certificates that are no longer due.
pub(crate) fn mark_shown(home: &Home, now: &[Reminder]) -> Result<(), Failure> {
    let all = shown_reminders(home)?;
    for reminder in now {
        all.put(&id_of_name(&reminder.compute_id), reminder)?;
    }
    let still_due = due(&last_seen(home));
    let contains =
        |list: &[Reminder], shown: &Reminder| list.iter().any(|one| one.compute_id == shown.compute_id);
    for outdated in all
        .readable()
        .iter()
        .filter(|shown| !contains(now, shown) && !contains(&still_due, shown))
    {
        all.remove(&id_of_name(&outdated.compute_id))?;
    }
    Ok(())
}

fn shown_reminders(home: &Home) -> Result<Entries<Reminder>, Failure> {
    Entries::migrating(home.reminders(), |one: &Reminder| id_of_name(&one.compute_id))
}

/// Returns the last stored inventories. Logs those that cannot be read; the certificate list reports them too.
fn last_seen(home: &Home) -> Vec<Inventory> {
    let (seen, unread) = inventory::all_last(home);
    for failure in unread {
        tracing::warn!(params = ?failure.params, detail = %failure.detail, "an inventory cannot be read");
    }
    seen
}

fn due(inventories: &[Inventory]) -> Vec<Reminder> {
    let endpoints = inventories.iter().flat_map(|inventory| &inventory.endpoints);
    endpoints
        .filter(|endpoint| endpoint.due >= Due::Renew)
        .filter_map(|endpoint| {
            let certificate = endpoint.in_force()?;
            Some(Reminder {
                compute_id: endpoint.compute_id.clone(),
                name: endpoint
                    .name
                    .clone()
                    .unwrap_or_else(|| endpoint.compute().to_owned()),
                sha256: certificate.sha256.clone(),
                due: endpoint.due,
                days: certificate.days_left,
            })
        })
        .collect()
}

/// Returns the title and text of a notification: the three most urgent certificates, then the number of others.
pub(crate) fn words(home: &Home, due: &[Reminder]) -> (String, String) {
    const SHOWN: usize = 3;
    let language = language(home);
    let say = |key: &str, params: &[(&str, String)]| {
        let params: BTreeMap<String, String> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        words::reminder(&language, key, &params)
    };
    let mut due: Vec<&Reminder> = due.iter().collect();
    due.sort_by_key(|reminder| (reminder.days, reminder.name.clone()));
    let title = match due.as_slice() {
        [one] => say("notice.one", &[("name", one.name.clone())]),
        all => say("notice.many", &[("count", all.len().to_string())]),
    };
    let mut lines: Vec<String> = due
        .iter()
        .take(SHOWN)
        .map(|reminder| {
            let key = match reminder.days {
                ..0 => "notice.ended",
                0 => "notice.today",
                1 => "notice.tomorrow",
                _ => "notice.ends",
            };
            let days = reminder.days.to_string();
            say(key, &[("name", reminder.name.clone()), ("days", days)])
        })
        .collect();
    if due.len() > SHOWN {
        lines.push(say("notice.more", &[("count", (due.len() - SHOWN).to_string())]));
    }
    (title, lines.join("\n"))
}

/// Returns an iCalendar file of a subscription's renewals.
pub(crate) fn calendar(home: &Home, subscription_id: &str) -> Result<String, Failure> {
    let seen = inventory::last(home, subscription_id)?.ok_or_else(inventory::no_inventory)?;
    let language = language(home);
    let say = |key: &str| {
        let names = ["name", "compute"].map(|name| (name.to_owned(), format!("{{{name}}}")));
        words::reminder(&language, key, &BTreeMap::from(names))
    };
    let words = CalendarWords {
        renew: say("calendar.renew"),
        ends: say("calendar.ends"),
        about: say("calendar.about"),
    };
    Ok(calendar::calendar(&seen, &words, Timestamp::now()))
}

/// Returns the language set in the settings, else the system's if Berth supports it, else English.
fn language(home: &Home) -> String {
    let chosen = settings::read(home).language;
    let wanted = if chosen == "system" {
        sys_locale::get_locale().unwrap_or_default()
    } else {
        chosen
    };
    words::supported_language(&wanted).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_certs::generate;
    use berth_domain::inventory::{
        Agreement, EndpointCertificates, PlaceKind, PlaceSeen, Renewal, TlsKind, aged,
    };
    use berth_domain::spec::{KeyKind, Route};
    use berth_home::json_file;
    use jiff::SignedDuration;

    /// A folder with an inventory of one certificate valid for 90 days.
    fn home(folder: &std::path::Path) -> Home {
        let home = Home::at(folder);
        let pair = generate::self_signed(&["ml.contoso.com"], KeyKind::EcdsaP256, 90, Timestamp::now());
        let facts = pair.unwrap().inspect(None, Timestamp::now());
        let endpoint = EndpointCertificates {
            compute_id: "/w/computes/churn".to_owned(),
            also: vec![],
            cluster_id: "/c".to_owned(),
            route: Route::Classic,
            tls: TlsKind::Own,
            name: Some("ml.contoso.com".to_owned()),
            label: None,
            address: None,
            places: vec![PlaceSeen {
                place: PlaceKind::Wire,
                certificate: Some(facts),
                why: None,
            }],
            agreement: Agreement::Alone,
            due: Due::Fine,
            renew_at: None,
            renewal: Renewal::SelfSigned,
        };
        let seen = Inventory {
            read_at: Timestamp::now().to_string(),
            subscription_id: "s".to_owned(),
            endpoints: vec![endpoint],
            kept: vec![],
            problems: vec![],
        };
        json_file::write(&home.inventory("s"), &seen).unwrap();
        home
    }

    /// Lists what is due after a number of days.
    fn after(home: &Home, days: i64) -> Vec<Reminder> {
        let seen = inventory::last(home, "s").unwrap().unwrap();
        due(&[aged(
            seen,
            Timestamp::now() + SignedDuration::from_hours(24 * days),
        )])
    }

    #[test]
    fn each_stage_is_reminded_of_once() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(folder.path());
        assert!(pending(&home).is_empty() && after(&home, 59).is_empty());
        let stages: Vec<Due> = [61, 77, 88, 91].map(|days| after(&home, days)[0].due).to_vec();
        assert_eq!(stages, [Due::Renew, Due::Soon, Due::Urgent, Due::Expired]);
        let renew = after(&home, 61);
        mark_shown(&home, &renew).unwrap();
        assert_eq!(shown_reminders(&home).unwrap().all().unwrap(), renew);
        mark_shown(&home, &[]).unwrap();
        assert_eq!(
            shown_reminders(&home).unwrap().all().unwrap(),
            [],
            "nothing is due today"
        );
    }

    #[test]
    fn a_notification_lists_the_most_urgent_first() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(folder.path());
        let settings = |language: &str| berth_contract::model::Settings {
            language: language.to_owned(),
            theme: "system".to_owned(),
            reminders: true,
        };
        settings::write(&home, &settings("en")).unwrap();
        let one = after(&home, 78);
        let (title, body) = words(&home, &one);
        assert_eq!(title, "Certificate of ml.contoso.com");
        assert!(body.starts_with("ml.contoso.com expires in 1"), "{body}");
        let many: Vec<Reminder> = (0..5)
            .map(|days| Reminder {
                days: 3 - days,
                name: format!("{days}.contoso.com"),
                ..one[0].clone()
            })
            .collect();
        let (title, body) = words(&home, &many);
        assert_eq!(title, "5 certificates need renewal");
        assert_eq!(
            body,
            "4.contoso.com has expired.\n3.contoso.com expires today.\n2.contoso.com expires tomorrow.\nAnd 2 more."
        );
        settings::write(&home, &settings("sv")).unwrap();
        assert_eq!(words(&home, &many).0, "5 certifikat behöver förnyas");
        let calendar = calendar(&home, "s").unwrap();
        assert!(
            calendar.contains("SUMMARY:Förnya certifikatet för ml.contoso.com"),
            "{calendar}"
        );
    }

    #[test]
    fn a_shown_reminder_is_not_pending_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(folder.path());
        let mut seen: Inventory = json_file::read(&home.inventory("s")).unwrap().unwrap();
        let facts = seen.endpoints[0].places[0].certificate.as_mut().unwrap();
        let ends = Timestamp::now() + SignedDuration::from_hours(24 * 10);
        facts.not_after = ends.to_string();
        json_file::write(&home.inventory("s"), &seen).unwrap();
        let due = pending(&home);
        assert_eq!((due.len(), due[0].due), (1, Due::Soon));
        mark_shown(&home, &due).unwrap();
        assert!(pending(&home).is_empty());
        // A reminder is pending again once it becomes more urgent.
        let facts = seen.endpoints[0].places[0].certificate.as_mut().unwrap();
        facts.not_after = (Timestamp::now() + SignedDuration::from_hours(30)).to_string();
        json_file::write(&home.inventory("s"), &seen).unwrap();
        assert_eq!(pending(&home)[0].due, Due::Urgent);
    }
}
