//! The lines of the calendar file.

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
fn the_calendar_has_both_dates_with_alarms() {
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
        "the same certificate gives the same file"
    );
}

#[test]
fn long_lines_are_folded_between_characters() {
    let text = of(&"å".repeat(120));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
    }
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains(&format!("SUMMARY:Renew {}\r\n", "å".repeat(120))));
}

#[test]
fn an_unknown_certificate_has_no_events() {
    let mut one = endpoint(run_for(0));
    one.places.clear();
    assert!(!file(one).contains("VEVENT"));
}

#[test]
fn names_cannot_inject_lines() {
    for bad in [
        "a\r\nBEGIN:VALARM",
        "a\rX-EVIL:1",
        "a\nX-EVIL:1",
        "a\u{b}b",
        "a\u{85}X-EVIL:1",
        "a\u{2028}X-EVIL:1",
        "a\u{1b}]0;x\u{7}",
        "a\u{0}b",
        "a\u{202e}b",
        "a;b,c\\n",
    ] {
        let mut one = endpoint(run_for(0));
        one.name = Some(bad.to_owned());
        one.compute_id = format!("/subscriptions/s/{bad}/computes/{bad}");
        let text = file(one);
        let lines: Vec<&str> = text.split("\r\n").collect();
        let known = [
            " ",
            "BEGIN:V",
            "END:V",
            "VERSION:2.0",
            "PRODID:",
            "CALSCALE:",
            "METHOD:",
            "UID:",
            "DTSTAMP:",
            "DTSTART:",
            "DTEND:",
            "SUMMARY:",
            "DESCRIPTION:",
            "TRANSP:",
            "ACTION:",
            "TRIGGER:",
        ];
        for line in &lines {
            assert!(
                line.is_empty() || known.iter().any(|start| line.starts_with(start)),
                "{bad:?}: {line:?}"
            );
            assert!(!line.chars().any(char::is_control), "{bad:?}: {line:?}");
            assert!(!line.contains(['\u{202e}', '\u{2028}']), "{bad:?}: {line:?}");
        }
        let count = |wanted: &str| lines.iter().filter(|line| line.starts_with(wanted)).count();
        assert_eq!(
            (count("BEGIN:VALARM"), count("UID:"), count("BEGIN:VEVENT")),
            (3, 2, 2),
            "{bad:?}"
        );
    }
}
