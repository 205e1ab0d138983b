//! Reminders of certificates that are due: what to tell, in the person's language, and what was told already.

use crate::{inventory, settings, words};
use berth_contract::failure::{Failure, FailureCode, Remedy};
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
    /// Resource id of the compute it is in force at.
    pub compute_id: String,
    /// Name callers use, else that of the compute.
    pub name: String,
    /// Which certificate.
    pub sha256: String,
    /// How urgent it is.
    pub due: Due,
    /// Days left; negative once it has ended.
    pub days: i32,
}

/// What is due and was not told of since it became as urgent as it is.
pub(crate) fn untold(home: &Home) -> Vec<Reminder> {
    let told = told_before(home).map(|all| all.readable()).unwrap_or_default();
    let known = |due: &Reminder| {
        told.iter()
            .any(|told| told.compute_id == due.compute_id && told.sha256 == due.sha256 && told.due >= due.due)
    };
    let mut all = due(&last_seen(home));
    all.retain(|due| !known(due));
    all
}

/// Notes that they were told of; what is not due any more is forgotten.
pub(crate) fn told(home: &Home, now: &[Reminder]) -> Result<(), Failure> {
    let all = told_before(home)?;
    for reminder in now {
        all.put(&id_of_name(&reminder.compute_id), reminder)?;
    }
    let still = due(&last_seen(home));
    let concerns = |told: &Reminder, of: &[Reminder]| of.iter().any(|one| one.compute_id == told.compute_id);
    for over in all
        .readable()
        .iter()
        .filter(|told| !concerns(told, now) && !concerns(told, &still))
    {
        all.remove(&id_of_name(&over.compute_id))?;
    }
    Ok(())
}

fn told_before(home: &Home) -> Result<Entries<Reminder>, Failure> {
    Entries::taking_over(home.reminders(), |one: &Reminder| id_of_name(&one.compute_id))
}

/// What was seen last; what cannot be read is named in the log and by the list of certificates.
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

/// Title and text of a notification. The most urgent come first; more than three are counted.
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

/// The calendar file of a subscription.
pub(crate) fn calendar(home: &Home, subscription_id: &str) -> Result<String, Failure> {
    let seen = inventory::last(home, subscription_id)?
        .ok_or_else(|| Failure::new(FailureCode::NotFound, Remedy::TryAgain).with("what", "inventory"))?;
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

/// The language of the settings, or of the system where Berth speaks it, else English.
fn language(home: &Home) -> String {
    let chosen = settings::read(home).language;
    let wanted = if chosen == "system" {
        sys_locale::get_locale().unwrap_or_default()
    } else {
        chosen
    };
    words::spoken(&wanted).to_owned()
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

    /// A home that has seen one certificate of 90 days.
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

    /// What is due once so many days have gone by.
    fn after(home: &Home, days: i64) -> Vec<Reminder> {
        let seen = inventory::last(home, "s").unwrap().unwrap();
        due(&[aged(
            seen,
            Timestamp::now() + SignedDuration::from_hours(24 * days),
        )])
    }

    #[test]
    fn each_stage_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(folder.path());
        assert!(untold(&home).is_empty() && after(&home, 59).is_empty());
        let stages: Vec<Due> = [61, 77, 88, 91].map(|days| after(&home, days)[0].due).to_vec();
        assert_eq!(stages, [Due::Renew, Due::Soon, Due::Urgent, Due::Expired]);
        let renew = after(&home, 61);
        told(&home, &renew).unwrap();
        assert_eq!(told_before(&home).unwrap().all().unwrap(), renew);
        told(&home, &[]).unwrap();
        assert_eq!(
            told_before(&home).unwrap().all().unwrap(),
            [],
            "nothing is due today"
        );
    }

    #[test]
    fn words_name_the_most_urgent_first() {
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
        assert!(body.starts_with("ml.contoso.com ends in 1"), "{body}");
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
    fn what_was_told_is_not_told_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(folder.path());
        let mut seen: Inventory = json_file::read(&home.inventory("s")).unwrap().unwrap();
        let facts = seen.endpoints[0].places[0].certificate.as_mut().unwrap();
        let ends = Timestamp::now() + SignedDuration::from_hours(24 * 10);
        facts.not_after = ends.to_string();
        json_file::write(&home.inventory("s"), &seen).unwrap();
        let due = untold(&home);
        assert_eq!((due.len(), due[0].due), (1, Due::Soon));
        told(&home, &due).unwrap();
        assert!(untold(&home).is_empty());
        // More urgent, or another certificate: that is news.
        let facts = seen.endpoints[0].places[0].certificate.as_mut().unwrap();
        facts.not_after = (Timestamp::now() + SignedDuration::from_hours(30)).to_string();
        json_file::write(&home.inventory("s"), &seen).unwrap();
        assert_eq!(untold(&home)[0].due, Due::Urgent);
    }
}
