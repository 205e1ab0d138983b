//! Kubernetes versions as lanes on a support timeline.
//!
//! Azure lists the versions it offers (`locations/{l}/kubernetesVersions`), but not their support dates. Those are only
//! published on a web page, copied here as a dated table. A minor version missing from the table gets no dates.

use crate::facts::OfferedVersion;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The day the calendar was copied from learn.microsoft.com/azure/aks/supported-kubernetes-versions.
pub const CALENDAR_AS_OF: &str = "2026-08-05";

/// A version counts as ending when its support ends within this many days.
pub const ENDING_DAYS: i32 = 60;

/// A minor version is still shown, faded, for this many days after its support ended.
const FADED_DAYS: i32 = 365;

/// Minor version, general availability, end of community support, end of long-term support. If the page gives only a
/// month, this is its first day for availability and its last day for ends. That of 1.37 is the announced one: the newest
/// release notes that were read, of September 2026, do not list it yet.
const CALENDAR: &[(&str, &str, &str, &str)] = &[
    ("1.31", "2024-11-01", "2025-11-01", "2026-11-30"),
    ("1.32", "2025-04-01", "2026-03-31", "2027-03-31"),
    ("1.33", "2025-06-01", "2026-07-31", "2027-07-31"),
    ("1.34", "2025-11-01", "2026-11-30", "2027-11-30"),
    ("1.35", "2026-03-01", "2027-03-31", "2028-03-31"),
    ("1.36", "2026-06-01", "2027-06-30", "2028-06-30"),
    ("1.37", "2026-10-01", "2027-10-31", "2028-10-31"),
];

/// Node images that AKS has removed or will remove, by OS SKU: the newest minor version of Kubernetes they run, if they
/// still run newer ones, and the day (learn.microsoft.com/azure/aks/upgrade-os-version and the retirement notices of
/// github.com/Azure/AKS, read 2026-11-26).
pub(crate) const REMOVED_IMAGES: [(&str, Option<u32>, &str); 4] = [
    ("AzureLinux", Some(31), "2026-03-31"),
    ("Flatcar", None, "2026-09-08"),
    ("Ubuntu2004", None, "2027-03-17"),
    ("Windows2019", None, "2027-04-01"),
];
/// Support timeline of one minor version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Lane {
    /// `1.36`.
    pub minor: String,
    /// First day of general availability, `YYYY-MM-DD` (start of the month if only that is published).
    pub available: Option<String>,
    /// Last day of community support, `YYYY-MM-DD` (end of the month if only that is published).
    pub community_end: Option<String>,
    /// Last day of long-term support, `YYYY-MM-DD`.
    pub lts_end: Option<String>,
    pub phase: SupportPhase,
    /// Days until support ends: community support if it is still offered, otherwise long-term support.
    pub days_left: Option<i32>,
    /// Whether Azure uses this version if none is specified.
    pub is_default: bool,
    pub offers_lts: bool,
    /// Whether Azure ML supports it (the newest generally available minor version N, N-1 and N-2).
    pub in_aml_window: bool,
    /// Whether it can be chosen without long-term support.
    pub selectable: bool,
    /// Whether it can be chosen with long-term support.
    pub selectable_with_lts: bool,
    /// Why the choice is restricted: key into the catalogue `version` (`lts_only`, `not_offered`, `ended`).
    pub reason: Option<String>,
    /// Patch versions, newest first.
    pub patches: Vec<LanePatch>,
}

/// One patch version of a lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LanePatch {
    /// `1.36.2`.
    pub version: String,
    /// Versions it can be upgraded to.
    pub upgrades: Vec<String>,
    /// Whether it is the newest patch of its lane.
    pub newest: bool,
}

/// Support phase of a minor version today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SupportPhase {
    /// Not generally available yet.
    Preview,
    /// In community support.
    Supported,
    /// In community support, which ends within 60 days.
    Ending,
    /// Only long-term support is left.
    LtsOnly,
    Ended,
}

/// Returns the lanes of the versions a location offers, and of recent minor versions it no longer offers, newest first.
/// `today` is `YYYY-MM-DD`; if it cannot be parsed, the lanes have no `days_left`.
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

/// Whether Azure ML supports a minor version: the newest generally available one or one of the two before it
/// (learn.microsoft.com/azure/machine-learning/reference-kubernetes). `None` if that cannot be determined.
pub fn in_aml_window(minor: &str, offered: &[OfferedVersion]) -> Option<bool> {
    Some(is_in_window(minor_number(minor)?, newest_general(offered)?))
}

fn is_in_window(own: (u32, u32), newest: (u32, u32)) -> bool {
    own.0 == newest.0 && own.1 <= newest.1 && own.1.saturating_add(2) >= newest.1
}

/// Last day of community support, or of long-term support if `long_term` is set.
pub fn support_end(minor: &str, long_term: bool) -> Option<&'static str> {
    let entry = CALENDAR.iter().find(|entry| entry.0 == minor)?;
    Some(if long_term { entry.3 } else { entry.2 })
}

/// The oldest minor version in the calendar.
pub(crate) fn oldest_listed() -> &'static str {
    CALENDAR.first().map_or("", |entry| entry.0)
}

/// Whether a minor version is older than everything in the calendar, so that AKS no longer supports it under any plan.
pub(crate) fn is_before_calendar(minor: &str) -> bool {
    minor_number(minor)
        .zip(minor_number(oldest_listed()))
        .is_some_and(|(own, oldest)| own < oldest)
}

/// The minor version of a version: `1.36` for `1.36.2`.
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
    lane.phase = support_phase(&lane, version.is_preview, community, offers_lts, today);
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

/// The lane of a minor version that the location no longer offers, unless its long-term support ended more than
/// [`FADED_DAYS`] ago. Returns `None` for versions newer than everything the location offers.
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
        lane.phase = support_phase(&lane, false, community, true, today);
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
        phase: SupportPhase::Ended,
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

/// Determines the phase from Azure's offer; the calendar only tells how close the end is.
fn support_phase(
    lane: &Lane,
    preview: bool,
    community: bool,
    lts: bool,
    today: Option<Date>,
) -> SupportPhase {
    if preview {
        return SupportPhase::Preview;
    }
    if !community {
        return if lts {
            SupportPhase::LtsOnly
        } else {
            SupportPhase::Ended
        };
    }
    match days_to(lane.community_end.as_deref(), today) {
        Some(days) if days <= ENDING_DAYS => SupportPhase::Ending,
        _ => SupportPhase::Supported,
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
        .map(|(index, patch)| LanePatch {
            version: patch.version,
            upgrades: patch.upgrades,
            newest: index == 0,
        })
        .collect()
}

/// The newest generally available minor version, which is N in Azure ML's support window.
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
