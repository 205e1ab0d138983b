//! Traffic on the classic route: each version has its own share, and the default version gets what is left to 100.

use super::{ALL, Traffic, TrafficProblem};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

/// Traffic of an `AksEndpoint` as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassicTraffic {
    /// The share that each version has itself.
    pub own: Traffic,
    /// The version that gets the rest.
    pub default: Option<String>,
    /// The version of type `Control`, if there is one.
    pub control: Option<String>,
}

/// The traffic of one version, in two parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClassicShare {
    pub version: String,
    /// Its own share.
    pub own: u8,
    /// What it gets because it is the default.
    pub rest: u8,
}

/// The traffic and types that a person wants on the classic route.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ClassicTrafficGoal {
    pub traffic: Traffic,
    /// The version to make the default; `None` leaves it as it is.
    pub default: Option<String>,
    /// The version to make `Control`, and all others `Treatment`; `None` leaves the types as they are.
    pub control: Option<String>,
}

impl ClassicTraffic {
    /// Reads `versions` of an `AksEndpoint`. A version without a share has none of its own (package azureml-core 1.61,
    /// core/webservice/aks.py, sends `null` for it).
    ///
    /// # Errors
    /// [`TrafficProblem`] if there are no versions, a share is not a whole percent, or two versions are the default.
    pub fn read(endpoint: &Value) -> Result<Self, TrafficProblem> {
        let versions = endpoint["versions"].as_object().ok_or(TrafficProblem::Unread)?;
        let mut found = Self::default();
        for (name, version) in versions {
            let own = match &version["trafficPercentile"] {
                Value::Null => &json!(0),
                own => own,
            };
            found.own.add(name.clone(), own)?;
            if version["isDefault"] == true {
                found.be_default(name)?;
            }
            if version["type"]
                .as_str()
                .is_some_and(|kind| kind.eq_ignore_ascii_case("Control"))
            {
                found.control = Some(name.clone());
            }
        }
        Ok(found)
    }

    fn be_default(&mut self, name: &str) -> Result<(), TrafficProblem> {
        if let Some(first) = self.default.clone() {
            return Err(TrafficProblem::TwoDefaults {
                first,
                second: name.to_owned(),
            });
        }
        self.default = Some(name.to_owned());
        Ok(())
    }

    /// What each version gets: its own share and, for the default, the rest.
    ///
    /// # Errors
    /// [`TrafficProblem`] if the shares exceed 100, or a rest has nowhere to go.
    pub fn shares(&self) -> Result<Vec<ClassicShare>, TrafficProblem> {
        let sum = self.own.sum();
        let rest = u32::from(ALL)
            .checked_sub(sum)
            .ok_or(TrafficProblem::Sum { sum })? as u8;
        let is_default = |version: &str| {
            self.default
                .as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case(version))
        };
        if rest > 0 && !self.own.shares().any(|(version, _)| is_default(version)) {
            return Err(TrafficProblem::NoDefault { rest });
        }
        let share = |(version, own): (&str, u8)| ClassicShare {
            version: version.to_owned(),
            own,
            rest: if is_default(version) { rest } else { 0 },
        };
        Ok(self.own.shares().map(share).collect())
    }

    /// The traffic that each version gets in all.
    ///
    /// # Errors
    /// As [`ClassicTraffic::shares`].
    pub fn effective(&self) -> Result<Traffic, TrafficProblem> {
        Traffic::of(
            self.shares()?
                .into_iter()
                .map(|share| (share.version, share.own + share.rest)),
        )
    }

    /// Whether the endpoint already is as wanted.
    pub fn is(&self, goal: &ClassicTrafficGoal) -> bool {
        let same = |wanted: &Option<String>, now: &Option<String>| match (wanted, now) {
            (None, _) => true,
            (Some(wanted), now) => now.as_ref().is_some_and(|now| now.eq_ignore_ascii_case(wanted)),
        };
        // The own shares, because Berth always writes shares that add up to 100.
        self.own == goal.traffic && same(&goal.default, &self.default) && same(&goal.control, &self.control)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn endpoint() -> Value {
        json!({ "name": "e", "versions": {
            "v1": { "trafficPercentile": 30, "isDefault": true, "type": "Control", "state": "Healthy" },
            "v2": { "trafficPercentile": 20.0, "isDefault": false, "type": "Treatment" },
            "v3": { "trafficPercentile": null },
        } })
    }

    #[test]
    fn the_default_version_gets_the_rest() {
        let read = ClassicTraffic::read(&endpoint()).expect("versions");
        let shares: Vec<_> = read
            .shares()
            .expect("shares")
            .into_iter()
            .map(|one| (one.version, one.own, one.rest))
            .collect();
        assert_eq!(
            shares,
            [("v1".into(), 30, 50), ("v2".into(), 20, 0), ("v3".into(), 0, 0)]
        );
        assert_eq!(read.effective().expect("a map").to_string(), "v1 80 % · v2 20 %");
        assert_eq!(read.control.as_deref(), Some("v1"));
    }

    #[test]
    fn odd_answers_are_problems_and_never_zeros() {
        let mut two = endpoint();
        two["versions"]["v2"]["isDefault"] = json!(true);
        let mut half = endpoint();
        half["versions"]["v2"]["trafficPercentile"] = json!(33.3);
        for (answer, code) in [
            (json!(null), "unread"),
            (json!({ "versions": null }), "unread"),
            (json!({ "versions": ["v1"] }), "unread"),
            (two, "two_defaults"),
            (half, "not_a_percent"),
        ] {
            assert_eq!(
                ClassicTraffic::read(&answer).map_err(|problem| problem.code()),
                Err(code)
            );
        }
        let shares = |value: Value| {
            ClassicTraffic::read(&value)
                .expect("versions")
                .shares()
                .map_err(|problem| problem.code())
        };
        assert_eq!(
            shares(json!({ "versions": { "v1": { "trafficPercentile": 99 } } })),
            Err("no_default")
        );
        let over = json!({ "versions": { "v1": { "trafficPercentile": 99, "isDefault": true }, "v2": { "trafficPercentile": 2 } } });
        assert_eq!(shares(over), Err("sum"));
    }

    #[test]
    fn a_goal_is_compared_with_the_own_shares_and_the_named_types() {
        let mut read = ClassicTraffic::read(&endpoint()).expect("versions");
        let mut goal = ClassicTrafficGoal {
            traffic: read.effective().expect("a map"),
            ..ClassicTrafficGoal::default()
        };
        assert!(!read.is(&goal), "the rest is not written yet");
        read.own = goal.traffic.clone();
        assert!(read.is(&goal));
        goal.default = Some("V1".to_owned());
        goal.control = Some("v2".to_owned());
        assert!(!read.is(&goal));
        read.control = Some("v2".to_owned());
        assert!(read.is(&goal));
    }

    proptest! {
        #[test]
        fn all_traffic_goes_somewhere(own in prop::collection::vec(0u8..=30, 1..6), default in 0usize..6) {
            let default = default % own.len();
            let versions: serde_json::Map<String, Value> = own.iter().enumerate()
                .map(|(at, own)| (format!("v{at}"), json!({ "trafficPercentile": own, "isDefault": at == default })))
                .collect();
            let read = ClassicTraffic::read(&json!({ "versions": versions })).expect("versions");
            match read.effective() {
                Ok(traffic) => prop_assert_eq!(traffic.sum(), 100),
                Err(problem) => prop_assert_eq!(problem.code(), "sum"),
            }
        }
    }
}
