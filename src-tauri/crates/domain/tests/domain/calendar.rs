//! The calendar file, line by line.

use crate::inventory::{endpoint, now, run_for};
use berth_domain::calendar::{CalendarWords, calendar};
use berth_domain::inventory::{EndpointCertificates, Inventory};

fn of(name: &str) -> String {
    let mut one = endpoint(run_for(0));
    one.name = Some(name.to_owned());
    file(one)
}

fn file(one: EndpointCertificates) -> String {
    let inventory = Inventory {
        read_at: String::new(),
        subscription_id: String::new(),
        endpoints: vec![one],
        kept: vec![],
        problems: vec![],
    };
    let words = CalendarWords {
        renew: "Renew {name}".to_owned(),
        ends: "{name} ends".to_owned(),
        about: "Endpoint {name}, compute {compute}; see Berth".to_owned(),
    };
    calendar(&inventory, &words, now())
}

#[test]
fn both_dates_with_their_alarms() {
    let text = of("ml.contoso.com");
    for line in [
        "BEGIN:VCALENDAR",
        "DTSTART:20270609T120000Z",
        "SUMMARY:Renew ml.contoso.com",
        "DTSTART:20270917T120000Z",
        "SUMMARY:ml.contoso.com ends",
        "TRIGGER:-P14D",
        "TRIGGER:-P3D",
        "END:VCALENDAR",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line} is not in {text}");
    }
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
    assert!(text.contains("compute churn\\; see Berth"), "{text}");
    assert_eq!(
        text,
        of("ml.contoso.com"),
        "the same again takes the place of the first"
    );
}

#[test]
fn long_lines_are_folded_between_letters() {
    let text = of(&"å".repeat(120));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
    }
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains(&format!("SUMMARY:Renew {}\r\n", "å".repeat(120))));
}

#[test]
fn what_is_not_known_has_no_date() {
    let mut one = endpoint(run_for(0));
    one.places.clear();
    assert!(!file(one).contains("VEVENT"));
}
