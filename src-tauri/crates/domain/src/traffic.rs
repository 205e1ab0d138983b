//! Traffic of an endpoint: whole percent per version, on both routes.
//!
//! Azure refuses only sums over 100 (package azure-ai-ml 1.35, entities/_endpoint/online_endpoint.py) and leaves the
//! sum to the caller on the classic route (package azureml-core 1.61, core/webservice/aks.py), so Berth checks it here.

mod apportion;
mod check;
mod classic;
mod editor;
mod problem;

pub use apportion::apportion;
pub(crate) use check::named;
pub use check::{TrafficGoal, VersionState, keeps_traffic, may_gain, may_remove, problems};
pub use classic::{ClassicShare, ClassicTraffic, ClassicTrafficGoal};
pub use editor::{Share, set_share};
pub use problem::TrafficProblem;

use crate::facts::{is_plain_service, is_service};
use schemars::JsonSchema;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use ts_rs::TS;

/// All of the traffic, in percent.
pub const ALL: u8 = 100;

/// The share of each version in percent. Names keep their spelling, but two that differ only in case are one version
/// (package azure-ai-ml 1.35 lower-cases them). Two maps are equal if the same versions have the same traffic; a
/// version with 0 % is equal to an absent one.
#[derive(Debug, Clone, Default, Serialize, JsonSchema, TS)]
#[serde(transparent)]
#[schemars(extend("additionalProperties" = {"type": "number", "minimum": 0, "maximum": ALL, "multipleOf": 1}))]
#[ts(as = "BTreeMap<String, u8>")]
pub struct Traffic(BTreeMap<String, u8>);

impl Traffic {
    /// Collects the shares of versions.
    ///
    /// # Errors
    /// [`TrafficProblem`] if a version is named twice or has more than 100 %.
    pub fn of(shares: impl IntoIterator<Item = (String, u8)>) -> Result<Self, TrafficProblem> {
        let mut traffic = Self::default();
        for (version, percent) in shares {
            traffic.add(version, &Value::from(percent))?;
        }
        Ok(traffic)
    }

    /// Reads a map as a service returned it.
    ///
    /// # Errors
    /// [`TrafficProblem`] if it is no map of names to whole percent.
    pub fn read(map: &Value) -> Result<Self, TrafficProblem> {
        let entries = map.as_object().ok_or(TrafficProblem::Unread)?;
        let mut traffic = Self::default();
        for (version, percent) in entries {
            traffic.add(version.clone(), percent)?;
        }
        Ok(traffic)
    }

    /// The traffic that each version gets: of an online endpoint, or of a service on the classic route. A plain service has
    /// no versions besides itself.
    ///
    /// # Errors
    /// [`TrafficProblem`] if it is missing or cannot be understood.
    pub fn live_of(endpoint: &Value) -> Result<Self, TrafficProblem> {
        if !is_service(endpoint) {
            return Self::of_endpoint(endpoint);
        }
        if is_plain_service(endpoint) {
            let name = endpoint["name"].as_str().ok_or(TrafficProblem::Unread)?;
            return Self::of([(name.to_owned(), ALL)]);
        }
        ClassicTraffic::read(endpoint)?.effective()
    }

    /// Reads `properties.traffic` of an online endpoint.
    ///
    /// # Errors
    /// [`TrafficProblem`] if it is missing or no map of names to whole percent.
    pub fn of_endpoint(endpoint: &Value) -> Result<Self, TrafficProblem> {
        Self::read(&endpoint["properties"]["traffic"])
    }

    fn add(&mut self, version: String, percent: &Value) -> Result<(), TrafficProblem> {
        let Some(whole) = whole_percent(percent) else {
            let value = percent.to_string();
            return Err(TrafficProblem::NotAPercent { version, value });
        };
        if self.0.keys().any(|known| known.eq_ignore_ascii_case(&version)) {
            return Err(TrafficProblem::Twice { version });
        }
        self.0.insert(version, whole);
        Ok(())
    }

    /// The share of a version; 0 if it is not in the map.
    pub fn share(&self, version: &str) -> u8 {
        let found = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(version));
        found.map_or(0, |(_, percent)| *percent)
    }

    /// All versions in the map with their shares.
    pub fn shares(&self) -> impl Iterator<Item = (&str, u8)> {
        self.0
            .iter()
            .map(|(version, percent)| (version.as_str(), *percent))
    }

    /// The versions that have traffic.
    pub fn live(&self) -> impl Iterator<Item = (&str, u8)> {
        self.shares().filter(|(_, percent)| *percent > 0)
    }

    /// Whether no version has traffic.
    pub fn is_none(&self) -> bool {
        self.live().next().is_none()
    }

    pub fn sum(&self) -> u32 {
        self.0.values().map(|percent| u32::from(*percent)).sum()
    }

    /// `properties.traffic` as it is sent, without versions that have no traffic.
    pub fn to_body(&self) -> Value {
        let live = self
            .live()
            .map(|(version, percent)| (version.to_owned(), Value::from(percent)));
        Value::Object(live.collect::<Map<_, _>>())
    }

    fn normal(&self) -> BTreeMap<String, u8> {
        self.live()
            .map(|(version, percent)| (version.to_ascii_lowercase(), percent))
            .collect()
    }
}

impl PartialEq for Traffic {
    fn eq(&self, other: &Self) -> bool {
        self.normal() == other.normal()
    }
}

impl Eq for Traffic {}

/// `blue 90 % · green 10 %`, or `0 %` if no version has traffic.
impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("0 %");
        }
        let live: Vec<String> = self
            .live()
            .map(|(version, percent)| format!("{version} {percent} %"))
            .collect();
        f.write_str(&live.join(" · "))
    }
}

/// A whole number from 0 to 100; `None` for anything else. The classic SDK declares shares as `float`, so `20.0` is one
/// too (package azureml-core 1.61, core/webservice/aks.py).
pub fn whole_percent(value: &Value) -> Option<u8> {
    let whole = value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && (0.0..=f64::from(ALL)).contains(&number)).then_some(number as u64)
    })?;
    u8::try_from(whole).ok().filter(|percent| *percent <= ALL)
}

impl<'de> Deserialize<'de> for Traffic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TrafficVisitor)
    }
}

/// Reads entry by entry, because a map would silently keep the last of two entries with one name.
struct TrafficVisitor;

impl<'de> Visitor<'de> for TrafficVisitor {
    type Value = Traffic;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of versions to whole percent, such as {\"blue\": 90, \"green\": 10}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Traffic, A::Error> {
        let mut traffic = Traffic::default();
        while let Some((version, percent)) = entries.next_entry::<String, Value>()? {
            traffic.add(version, &percent).map_err(A::Error::custom)?;
        }
        Ok(traffic)
    }
}

#[cfg(test)]
mod tests;
