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

/// Days for which a minor version that ended is still shown, faded.
const FADED_DAYS: i32 = 365;

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
    lanes.extend(absent.filter_map(|entry| faded_lane(entry.0, today, newest)));
    lanes.sort_by_key(|lane| std::cmp::Reverse(minor_number(&lane.minor)));
    lanes
}

/// Whether a minor version is within the window Azure ML supports: the newest generally available one and the two
/// before it (learn.microsoft.com/azure/machine-learning/reference-kubernetes).
pub fn in_aml_window(minor: &str, offered: &[OfferedVersion]) -> Option<bool> {
    Some(is_in_window(minor_number(minor)?, newest_general(offered)?))
}

fn is_in_window(own: (u32, u32), newest: (u32, u32)) -> bool {
    own.0 == newest.0 && own.1 <= newest.1 && own.1.saturating_add(2) >= newest.1
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
        .is_some_and(|(newest, own)| is_in_window(own, newest));
    lane.patches = patches(version);
    lane
}

/// A minor version that the calendar knows and the location no longer offers (there is a newer one), and whose last
/// support ended less than a year ago or has not ended yet.
fn faded_lane(minor: &str, today: Option<Date>, newest: Option<(u32, u32)>) -> Option<Lane> {
    if minor_number(minor)? > newest? {
        return None;
    }
    let mut lane = lane_of(minor);
    let left = days_to(lane.lts_end.as_deref(), today)?;
    if left < -FADED_DAYS {
        return None;
    }
    lane.reason = Some(if left < 0 { "ended" } else { "not_offered" }.to_owned());
    if left >= 0 {
        let community = days_to(lane.community_end.as_deref(), today).is_some_and(|days| days >= 0);
        lane.standing = standing(&lane, false, community, true, today);
        lane.days_left = days_left(&lane, community, today);
    }
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

/// The newest generally available minor version, N of Azure ML's window.
pub(crate) fn newest_general(offered: &[OfferedVersion]) -> Option<(u32, u32)> {
    offered
        .iter()
        .filter(|version| !version.is_preview)
        .filter_map(|version| minor_number(&version.minor))
        .max()
}

pub(crate) fn minor_number(minor: &str) -> Option<(u32, u32)> {
    let mut parts = minor.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn patch_numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}
