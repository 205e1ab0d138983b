//! Kubernetes versions as lanes on a support time line.
//!
//! What is offered comes from Azure (`locations/{l}/kubernetesVersions`). The dates do not: they are published as a
//! page, and stand here as a dated table. A minor version that is not in the table gets no dates, never invented ones.

use crate::facts::OfferedVersion;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The day the calendar was taken from learn.microsoft.com/azure/aks/supported-kubernetes-versions.
pub const CALENDAR_AS_OF: &str = "2026-08-05";

/// Days before the end of support from which a version counts as ending.
pub const ENDING_DAYS: i32 = 60;

/// Minor version, general availability, end of community support, end of long-term support. Where the page gives a
/// month, the first day of it for the beginning and the last day for the ends.
const CALENDAR: &[(&str, &str, &str, &str)] = &[
    ("1.31", "2024-11-01", "2025-11-01", "2026-11-30"),
    ("1.32", "2025-04-01", "2026-03-31", "2027-03-31"),
    ("1.33", "2025-06-01", "2026-07-31", "2027-07-31"),
    ("1.34", "2025-11-01", "2026-11-30", "2027-11-30"),
    ("1.35", "2026-03-01", "2027-03-31", "2028-03-31"),
    ("1.36", "2026-06-01", "2027-06-30", "2028-06-30"),
    ("1.37", "2026-10-01", "2027-10-31", "2028-10-31"),
];

/// One minor version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Lane {
    /// `1.36`.
    pub minor: String,
    /// First day of general availability, `YYYY-MM-DD` (month start where only the month is published).
    pub available: Option<String>,
    /// Last day of community support, `YYYY-MM-DD` (month end where only the month is published).
    pub community_end: Option<String>,
    /// Last day of long-term support.
    pub lts_end: Option<String>,
    /// Standing today.
    pub standing: Standing,
    /// Days until the support that counts today ends (community, else long-term).
    pub days_left: Option<i32>,
    /// Chosen by Azure when none is named.
    pub is_default: bool,
    /// Whether long-term support is offered.
    pub offers_lts: bool,
    /// Within the window that Azure ML supports (newest general minor N down to N-2).
    pub in_aml_window: bool,
    /// Whether it can be chosen without long-term support.
    pub selectable: bool,
    /// Whether it can be chosen with long-term support.
    pub selectable_with_lts: bool,
    /// Why it cannot be chosen, or only so: key of the catalogue `version` (`lts_only`, `not_offered`, `ended`).
    pub reason: Option<String>,
    /// Patch versions, newest first.
    pub patches: Vec<LanePatch>,
}

/// One patch version inside a lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LanePatch {
    /// `1.36.2`.
    pub version: String,
    /// Versions it can go to.
    pub upgrades: Vec<String>,
    /// The newest of its lane.
    pub newest: bool,
}

/// Where a minor version stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// Not generally available yet.
    Preview,
    /// Community support.
    Supported,
    /// Community support, ending within 60 days.
    Ending,
    /// Only long-term support is left.
    LtsOnly,
    /// No support.
    Ended,
}

/// Lanes of what a location offers, newest first, with the calendar's recent minors that it no longer offers.
/// `today` is `YYYY-MM-DD`; an unreadable one gives lanes without days.
pub fn lanes(offered: &[OfferedVersion], today: &str) -> Vec<Lane> {
    let today: Option<Date> = today.parse().ok();
    let newest = newest_general(offered);
    let mut lanes: Vec<Lane> = offered
        .iter()
        .map(|version| offered_lane(version, today, newest))
        .collect();
    let absent = CALENDAR
        .iter()
        .filter(|entry| !offered.iter().any(|version| version.minor == entry.0));
    lanes.extend(absent.filter_map(|entry| faded_lane(entry.0, today)));
    lanes.sort_by_key(|lane| std::cmp::Reverse(minor_number(&lane.minor)));
    lanes
}

/// Whether a minor version is within the window Azure ML supports: the newest generally available one and the two
/// before it (learn.microsoft.com/azure/machine-learning/reference-kubernetes).
pub fn in_aml_window(minor: &str, offered: &[OfferedVersion]) -> Option<bool> {
    let newest = newest_general(offered)?;
    let (major, number) = minor_number(minor)?;
    Some(major == newest.0 && number <= newest.1 && number + 2 >= newest.1)
}

/// Last day of the support that counts for a minor version: community, or long-term where that is chosen.
pub fn support_end(minor: &str, long_term: bool) -> Option<&'static str> {
    let entry = CALENDAR.iter().find(|entry| entry.0 == minor)?;
    Some(if long_term { entry.3 } else { entry.2 })
}

/// `1.36` of `1.36.2`.
pub fn minor_of(version: &str) -> &str {
    let end = version
        .match_indices('.')
        .nth(1)
        .map_or(version.len(), |(at, _)| at);
    &version[..end]
}

/// Whole days from one day to another, both `YYYY-MM-DD`.
pub fn days_between(from: &str, to: &str) -> Option<i32> {
    let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
    from.until(to).ok().map(|span| span.get_days())
}

fn offered_lane(version: &OfferedVersion, today: Option<Date>, newest: Option<(u32, u32)>) -> Lane {
    let plan = |name: &str| {
        version
            .support_plans
            .iter()
            .any(|plan| plan.eq_ignore_ascii_case(name))
    };
    let offers_lts = plan("AKSLongTermSupport");
    let community = plan("KubernetesOfficial");
    let mut lane = lane_of(&version.minor);
    lane.standing = standing(&lane, version.is_preview, community, offers_lts, today);
    lane.days_left = days_left(&lane, community, today);
    lane.is_default = version.is_default;
    lane.offers_lts = offers_lts;
    lane.selectable = community;
    lane.selectable_with_lts = offers_lts;
    lane.reason = (!community).then(|| if offers_lts { "lts_only" } else { "not_offered" }.to_owned());
    lane.in_aml_window = newest
        .zip(minor_number(&version.minor))
        .is_some_and(|(newest, own)| own.0 == newest.0 && own.1 <= newest.1 && own.1 + 2 >= newest.1);
    lane.patches = patches(version);
    lane
}

/// A minor version that the calendar knows, the location no longer offers, and whose end is less than a year ago.
fn faded_lane(minor: &str, today: Option<Date>) -> Option<Lane> {
    let mut lane = lane_of(minor);
    let ended: Date = lane.lts_end.as_deref()?.parse().ok()?;
    let days = ended.until(today?).ok()?.get_days();
    if !(0..=365).contains(&days) {
        return None;
    }
    lane.reason = Some("ended".to_owned());
    Some(lane)
}

fn lane_of(minor: &str) -> Lane {
    let entry = CALENDAR.iter().find(|entry| entry.0 == minor);
    let date = |pick: fn(&(&str, &'static str, &'static str, &'static str)) -> &'static str| {
        entry.map(|entry| pick(entry).to_owned())
    };
    Lane {
        minor: minor.to_owned(),
        available: date(|entry| entry.1),
        community_end: date(|entry| entry.2),
        lts_end: date(|entry| entry.3),
        standing: Standing::Ended,
        days_left: None,
        is_default: false,
        offers_lts: false,
        in_aml_window: false,
        selectable: false,
        selectable_with_lts: false,
        reason: None,
        patches: Vec::new(),
    }
}

/// What Azure offers decides; the calendar only tells how near the end is.
fn standing(lane: &Lane, preview: bool, community: bool, lts: bool, today: Option<Date>) -> Standing {
    if preview {
        return Standing::Preview;
    }
    if !community {
        return if lts { Standing::LtsOnly } else { Standing::Ended };
    }
    match days_to(lane.community_end.as_deref(), today) {
        Some(days) if days <= ENDING_DAYS => Standing::Ending,
        _ => Standing::Supported,
    }
}

fn days_left(lane: &Lane, community: bool, today: Option<Date>) -> Option<i32> {
    let end = if community {
        lane.community_end.as_deref()
    } else {
        lane.lts_end.as_deref()
    };
    days_to(end, today)
}

fn days_to(end: Option<&str>, today: Option<Date>) -> Option<i32> {
    let end: Date = end?.parse().ok()?;
    today?.until(end).ok().map(|span| span.get_days())
}

fn patches(version: &OfferedVersion) -> Vec<LanePatch> {
    let mut sorted = version.patches.clone();
    sorted.sort_by_key(|patch| std::cmp::Reverse(patch_numbers(&patch.version)));
    sorted
        .into_iter()
        .enumerate()
        .map(|(place, patch)| LanePatch {
            version: patch.version,
            upgrades: patch.upgrades,
            newest: place == 0,
        })
        .collect()
}

fn newest_general(offered: &[OfferedVersion]) -> Option<(u32, u32)> {
    offered
        .iter()
        .filter(|version| !version.is_preview)
        .filter_map(|version| minor_number(&version.minor))
        .max()
}

fn minor_number(minor: &str) -> Option<(u32, u32)> {
    let mut parts = minor.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn patch_numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::OfferedPatch;

    pub(crate) fn offered(minor: &str, plans: &[&str], preview: bool) -> OfferedVersion {
        let patch = |number: u32| OfferedPatch {
            version: format!("{minor}.{number}"),
            upgrades: vec![],
        };
        OfferedVersion {
            minor: minor.to_owned(),
            is_default: minor == "1.35",
            is_preview: preview,
            support_plans: plans.iter().map(|&plan| plan.to_owned()).collect(),
            patches: vec![patch(2), patch(10), patch(9)],
        }
    }

    fn all() -> Vec<OfferedVersion> {
        let (community, long_term) = ("KubernetesOfficial", "AKSLongTermSupport");
        vec![
            offered("1.32", &[long_term], false),
            offered("1.34", &[community, long_term], false),
            offered("1.35", &[community, long_term], false),
            offered("1.36", &[community, long_term], false),
            offered("1.37", &[community], true),
        ]
    }

    #[test]
    fn lanes_stand_where_azure_and_the_calendar_put_them() {
        let lanes = lanes(&all(), "2026-11-21");
        let lane = |minor: &str| lanes.iter().find(|lane| lane.minor == minor).expect("a lane");
        assert_eq!(
            lanes.first().map(|lane| lane.minor.as_str()),
            Some("1.37"),
            "newest on top"
        );
        assert_eq!(lane("1.37").standing, Standing::Preview);
        assert_eq!(
            (lane("1.34").standing, lane("1.34").days_left),
            (Standing::Ending, Some(9))
        );
        assert_eq!(lane("1.35").standing, Standing::Supported);
        assert_eq!(
            (lane("1.32").standing, lane("1.32").reason.as_deref()),
            (Standing::LtsOnly, Some("lts_only"))
        );
        assert!(!lane("1.32").selectable && lane("1.32").selectable_with_lts);
        assert_eq!(
            lane("1.36").patches.first().map(|patch| patch.version.as_str()),
            Some("1.36.10"),
            "10 is after 9"
        );
    }

    #[test]
    fn the_window_of_azure_ml_counts_from_the_newest_general_version() {
        let offered = all();
        let inside: Vec<_> = lanes(&offered, "2026-11-21")
            .into_iter()
            .filter(|lane| lane.in_aml_window)
            .map(|lane| lane.minor)
            .collect();
        assert_eq!(inside, ["1.36", "1.35", "1.34"]);
        assert_eq!(in_aml_window("1.37", &offered), Some(false), "a preview is not N");
    }

    #[test]
    fn an_unknown_minor_gets_no_dates() {
        let lanes = lanes(&[offered("1.40", &["KubernetesOfficial"], false)], "2026-11-21");
        let lane = lanes.iter().find(|lane| lane.minor == "1.40").expect("a lane");
        assert_eq!(
            (
                lane.available.as_ref(),
                lane.community_end.as_ref(),
                lane.days_left
            ),
            (None, None, None)
        );
    }

    #[test]
    fn what_ended_within_a_year_is_still_shown_faded() {
        let lanes = lanes(&all(), "2027-01-10");
        let faded = lanes
            .iter()
            .find(|lane| lane.minor == "1.31")
            .expect("a faded lane");
        assert_eq!(
            (faded.standing, faded.selectable, faded.reason.as_deref()),
            (Standing::Ended, false, Some("ended"))
        );
    }

    #[test]
    fn parts_of_versions() {
        assert_eq!(minor_of("1.36.2"), "1.36");
        assert_eq!(minor_of("1.36"), "1.36");
        assert_eq!(days_between("2026-11-21", "2026-11-30"), Some(9));
    }
}
