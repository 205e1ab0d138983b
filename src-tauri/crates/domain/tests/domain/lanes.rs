//! Lanes of Kubernetes versions.

use crate::good;
use berth_domain::facts::{OfferedPatch, OfferedVersion};
use berth_domain::versions::{Lane, SupportPhase, days_between, in_aml_window, lanes, minor_of, support_end};
use proptest::prelude::*;

const TODAY: &str = "2026-11-21";

fn lane(offered: &[OfferedVersion], today: &str, minor: &str) -> Lane {
    let all = lanes(offered, today);
    all.into_iter()
        .find(|lane| lane.minor == minor)
        .unwrap_or_else(|| panic!("a lane {minor}"))
}

#[test]
fn lanes_combine_azures_offer_with_the_calendar() {
    let all: Vec<String> = lanes(&good::versions(), TODAY)
        .into_iter()
        .map(|lane| lane.minor)
        .collect();
    assert_eq!(
        all,
        ["1.37", "1.36", "1.35", "1.34", "1.33", "1.32", "1.31"],
        "newest first"
    );
    for (minor, phase, days_left, choices, reason) in [
        ("1.37", SupportPhase::Preview, Some(344), (true, false), None),
        ("1.36", SupportPhase::Supported, Some(221), (true, true), None),
        ("1.35", SupportPhase::Supported, Some(130), (true, true), None),
        ("1.34", SupportPhase::Ending, Some(9), (true, true), None),
        (
            "1.33",
            SupportPhase::LtsOnly,
            Some(252),
            (false, false),
            Some("not_offered"),
        ),
        (
            "1.32",
            SupportPhase::LtsOnly,
            Some(130),
            (false, true),
            Some("lts_only"),
        ),
        (
            "1.31",
            SupportPhase::LtsOnly,
            Some(9),
            (false, false),
            Some("not_offered"),
        ),
    ] {
        let found = lane(&good::versions(), TODAY, minor);
        assert_eq!(found.phase, phase, "{minor}");
        assert_eq!(found.days_left, days_left, "{minor}");
        assert_eq!((found.selectable, found.selectable_with_lts), choices, "{minor}");
        assert_eq!(found.reason.as_deref(), reason, "{minor}");
        assert_eq!(found.is_default, minor == "1.35");
    }
}

#[test]
fn the_azure_ml_window_starts_at_the_newest_general_version() {
    let offered = good::versions();
    let inside = lanes(&offered, TODAY)
        .into_iter()
        .filter(|lane| lane.in_aml_window);
    assert_eq!(
        inside.map(|lane| lane.minor).collect::<Vec<_>>(),
        ["1.36", "1.35", "1.34"]
    );
    assert_eq!(in_aml_window("1.37", &offered), Some(false), "a preview is not N");
    let mut general = offered;
    general[4].is_preview = false;
    assert_eq!(in_aml_window("1.37", &general), Some(true));
    assert_eq!(
        in_aml_window("1.34", &general),
        Some(false),
        "1.34 leaves the window once 1.37 is generally available"
    );
    assert_eq!(in_aml_window("1.36", &[]), None, "unknown if nothing is offered");
}

#[test]
fn an_unknown_minor_gets_no_dates() {
    let mut offered = good::versions();
    offered[3].minor = "1.40".into();
    let found = lane(&offered, TODAY, "1.40");
    let dates = (
        found.available,
        found.community_end,
        found.lts_end,
        found.days_left,
    );
    assert_eq!(dates, (None, None, None, None));
    assert_eq!(
        (found.phase, found.selectable),
        (SupportPhase::Supported, true),
        "Azure offers it, so it can be chosen"
    );
}

#[test]
fn ended_versions_are_shown_for_one_year() {
    let found = lane(&good::versions(), "2027-01-10", "1.31");
    let faded = (
        found.phase,
        found.selectable,
        found.selectable_with_lts,
        found.reason.as_deref(),
    );
    assert_eq!(faded, (SupportPhase::Ended, false, false, Some("ended")));
    let later = lanes(&good::versions(), "2027-12-01");
    assert!(later.iter().all(|lane| lane.minor != "1.31"));
    let none = lanes(&[], TODAY);
    assert!(none.is_empty(), "no lanes from the calendar alone");
    let old = &good::versions()[..3];
    assert!(
        lanes(old, TODAY).iter().all(|lane| lane.minor != "1.37"),
        "a version newer than all offered ones is not shown"
    );
}

#[test]
fn an_invalid_date_gives_lanes_without_days_left() {
    let found = lane(&good::versions(), "", "1.34");
    assert_eq!((found.phase, found.days_left), (SupportPhase::Supported, None));
}

#[test]
fn patches_are_ordered_as_numbers() {
    let mut offered = good::versions();
    offered[2].patches = ["1.35.9", "1.35.10", "1.35.2"]
        .map(|version| OfferedPatch {
            version: version.into(),
            upgrades: vec!["1.36.2".into()],
        })
        .to_vec();
    let found = lane(&offered, TODAY, "1.35");
    let patches: Vec<(&str, bool)> = found
        .patches
        .iter()
        .map(|patch| (patch.version.as_str(), patch.newest))
        .collect();
    assert_eq!(patches, [("1.35.10", true), ("1.35.9", false), ("1.35.2", false)]);
}

#[test]
fn versions_and_dates_are_parsed() {
    assert_eq!(
        (minor_of("1.36.2"), minor_of("1.36"), minor_of("")),
        ("1.36", "1.36", "")
    );
    assert_eq!(days_between(TODAY, "2026-11-30"), Some(9));
    assert_eq!(
        days_between("2024-01-01", "2026-01-01"),
        Some(731),
        "days, not years"
    );
    assert_eq!(days_between("x", "2026-01-01"), None);
    assert_eq!(
        (support_end("1.34", false), support_end("1.34", true)),
        (Some("2026-11-30"), Some("2027-11-30"))
    );
}

proptest! {
    #[test]
    fn lanes_never_panic(minor in "[0-9.a-z]{0,12}", today in "[0-9-]{0,10}", preview: bool) {
        let mut offered = good::versions();
        offered[0].minor = minor;
        offered[0].is_preview = preview;
        let all = lanes(&offered, &today);
        prop_assert!(all.len() >= offered.len());
    }
}
