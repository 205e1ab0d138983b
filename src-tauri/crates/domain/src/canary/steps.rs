//! The steps of a canary, and what must hold before it starts.

use crate::canary::tag::CanaryTag;
use crate::spec::Route;
use crate::traffic::{ALL, Traffic, VersionState, may_gain};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Shortest time at each step, in minutes: at two calls a second, both versions get the 60 calls that a comparison of
/// their latency needs.
const SHORTEST_MINUTES: u32 = 1;
/// Longest time at each step, in minutes; 8 hours, as for Amazon SageMaker
/// (docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html).
const LONGEST_MINUTES: u32 = 480;

/// A canary as a person describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CanarySteps {
    /// The version that gets the traffic.
    pub version: String,
    /// Its share after each step, in percent. The last one is 100.
    pub steps: Vec<u8>,
    /// Minutes at each step.
    pub minutes: u32,
}

impl Default for CanarySteps {
    fn default() -> Self {
        Self {
            version: String::new(),
            steps: vec![5, 25, 50, ALL],
            minutes: 5,
        }
    }
}

/// Why a canary cannot start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanaryProblem {
    #[error("there are no steps; give some, such as 5, 25, 50, 100")]
    NoSteps,
    #[error("step {step} is {percent} %; each step must be more than the one before, and at most 100")]
    NotRising { step: usize, percent: u8 },
    #[error("the last step is {percent} %; it must be 100")]
    NotToTheEnd { percent: u8 },
    #[error("each step takes {minutes} minutes; choose 1 to 480")]
    Minutes { minutes: u32 },
    #[error("the endpoint has no version {version}")]
    UnknownVersion { version: String },
    #[error("{version} already has all traffic")]
    HasAll { version: String },
    #[error("no version has traffic, so there is nothing to compare with; set the traffic instead")]
    NothingToCompare,
    #[error("{version} is {state}; a canary needs all its versions ready, so that it can go back")]
    NotReady { version: String, state: String },
    #[error("the traffic adds up to {sum}; set it to 100 first, so that the canary can go back to it")]
    Sum { sum: u32 },
    #[error(
        "the present traffic does not fit into a tag, because {versions} versions have some; give it to fewer first"
    )]
    TooManyVersions { versions: usize },
}

impl CanaryProblem {
    /// Key of its text.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSteps => "no_steps",
            Self::NotRising { .. } => "not_rising",
            Self::NotToTheEnd { .. } => "not_to_the_end",
            Self::Minutes { .. } => "minutes",
            Self::UnknownVersion { .. } => "unknown_version",
            Self::HasAll { .. } => "has_all",
            Self::NothingToCompare => "nothing_to_compare",
            Self::NotReady { .. } => "not_ready",
            Self::Sum { .. } => "sum",
            Self::TooManyVersions { .. } => "too_many_versions",
        }
    }
}

impl CanaryProblem {
    /// Values for the placeholders of its text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoSteps | Self::NothingToCompare => Vec::new(),
            Self::NotRising { step, percent } => {
                vec![("step", step.to_string()), ("percent", percent.to_string())]
            }
            Self::NotToTheEnd { percent } => vec![("percent", percent.to_string())],
            Self::Minutes { minutes } => vec![("minutes", minutes.to_string())],
            Self::UnknownVersion { version } | Self::HasAll { version } => vec![("version", version.clone())],
            Self::NotReady { version, state } => vec![("version", version.clone()), ("state", state.clone())],
            Self::Sum { sum } => vec![("sum", sum.to_string())],
            Self::TooManyVersions { versions } => vec![("versions", versions.to_string())],
        }
    }
}

impl CanarySteps {
    /// Checks what the person chose.
    pub fn problems(&self) -> Vec<CanaryProblem> {
        let mut found = Vec::new();
        let mut last = 0;
        for (at, &percent) in self.steps.iter().enumerate() {
            if percent <= last || percent > ALL {
                found.push(CanaryProblem::NotRising {
                    step: at + 1,
                    percent,
                });
                break;
            }
            last = percent;
        }
        match last {
            0 if self.steps.is_empty() => found.push(CanaryProblem::NoSteps),
            ALL => {}
            percent if found.is_empty() => found.push(CanaryProblem::NotToTheEnd { percent }),
            _ => {}
        }
        if !(SHORTEST_MINUTES..=LONGEST_MINUTES).contains(&self.minutes) {
            found.push(CanaryProblem::Minutes {
                minutes: self.minutes,
            });
        }
        found
    }

    /// Checks the canary against the endpoint: the new version and all versions with traffic are ready. They must stay
    /// so, because the canary may go back to them.
    pub fn start_problems(
        &self,
        run: &str,
        before: &Traffic,
        versions: &[VersionState<'_>],
        route: Route,
    ) -> Vec<CanaryProblem> {
        let mut found = self.problems();
        if before.is_none() {
            found.push(CanaryProblem::NothingToCompare);
        } else if before.sum() != u32::from(ALL) {
            found.push(CanaryProblem::Sum { sum: before.sum() });
        } else if before.share(&self.version) == ALL {
            found.push(CanaryProblem::HasAll {
                version: self.version.clone(),
            });
        }
        let old = before.live().map(|(version, _)| version);
        let old = old.filter(|version| !version.eq_ignore_ascii_case(&self.version));
        // Its name becomes part of the traffic, so it is written as the endpoint spells it.
        let is_spelled = versions.iter().any(|version| version.name == self.version);
        found.extend((!is_spelled).then(|| CanaryProblem::UnknownVersion {
            version: self.version.clone(),
        }));
        let new = is_spelled.then_some(self.version.as_str());
        let involved = new.into_iter().chain(old);
        found.extend(involved.filter_map(|version| not_ready(version, versions, route)));
        let tag = CanaryTag {
            run: run.to_owned(),
            step: self.steps.len(),
            before: before.clone(),
        };
        if !tag.fits() {
            found.push(CanaryProblem::TooManyVersions {
                versions: before.live().count(),
            });
        }
        found
    }

    /// The traffic after each step that gives the version more than it has. The old versions keep their proportions.
    pub fn maps(&self, before: &Traffic) -> Vec<Traffic> {
        let more = self
            .steps
            .iter()
            .filter(|percent| **percent > before.share(&self.version));
        more.filter_map(|percent| before.with_share(&self.version, *percent).ok())
            .collect()
    }
}

fn not_ready(version: &str, versions: &[VersionState<'_>], route: Route) -> Option<CanaryProblem> {
    let version = version.to_owned();
    let mut versions = versions.iter();
    match versions.find(|one| one.name.eq_ignore_ascii_case(&version)) {
        None => Some(CanaryProblem::UnknownVersion { version }),
        Some(one) if may_gain(route, one.state) => None,
        Some(one) => Some(CanaryProblem::NotReady {
            version,
            state: one.state.to_owned(),
        }),
    }
}

/// The traffic to go back to if some versions of the old map are gone or broken: the healthy ones share everything.
/// `None` if none is healthy, because an endpoint is never left without traffic.
pub fn fallback(before: &Traffic, healthy: &[&str]) -> Option<Traffic> {
    let is_healthy = |version: &str| healthy.iter().any(|one| one.eq_ignore_ascii_case(version));
    let left: Vec<(&str, u8)> = before.live().filter(|(version, _)| is_healthy(version)).collect();
    let weights: Vec<u32> = left.iter().map(|(_, percent)| u32::from(*percent)).collect();
    let parts = crate::traffic::apportion(u32::from(ALL), &weights);
    let shares = left
        .iter()
        .zip(parts)
        .map(|((version, _), part)| ((*version).to_owned(), part as u8));
    Traffic::of(shares).ok().filter(|traffic| !traffic.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn traffic(shares: &[(&str, u8)]) -> Traffic {
        Traffic::of(
            shares
                .iter()
                .map(|(version, percent)| ((*version).to_owned(), *percent)),
        )
        .expect("a map")
    }

    fn steps(steps: &[u8]) -> CanarySteps {
        CanarySteps {
            version: "green".to_owned(),
            steps: steps.to_vec(),
            ..CanarySteps::default()
        }
    }

    #[test]
    fn steps_must_rise_to_100() {
        for (list, minutes, codes) in [
            (&[5, 25, 50, 100][..], 5, &[][..]),
            (&[100], 1, &[]),
            (&[], 5, &["no_steps"]),
            (&[5, 25], 5, &["not_to_the_end"]),
            (&[5, 5, 100], 5, &["not_rising"]),
            (&[0, 100], 5, &["not_rising"]),
            (&[50, 25, 100], 5, &["not_rising"]),
            (&[50, 150], 5, &["not_rising"]),
            (&[5, 100], 0, &["minutes"]),
            (&[5, 100], 481, &["minutes"]),
        ] {
            let canary = CanarySteps {
                minutes,
                ..steps(list)
            };
            let found: Vec<_> = canary.problems().iter().map(CanaryProblem::code).collect();
            assert_eq!(found, codes, "{list:?} {minutes}");
        }
        let default = CanarySteps::default();
        assert_eq!(
            (default.problems(), &default.steps[..], default.minutes),
            (vec![], &[5, 25, 50, 100][..], 5)
        );
        assert!(serde_json::from_str::<CanarySteps>(r#"{"version": "green", "step": 5}"#).is_err());
    }

    #[test]
    fn a_canary_starts_only_if_it_can_go_back() {
        let ready = |name| VersionState {
            name,
            state: "Succeeded",
        };
        let failed = VersionState {
            name: "blue",
            state: "Failed",
        };
        let (blue, green) = (ready("blue"), ready("green"));
        for (before, versions, codes) in [
            (&[("Blue", 100)][..], &[blue, green][..], &[][..]),
            (&[("blue", 90), ("green", 10)], &[blue, green], &[]),
            (&[("blue", 100)], &[blue], &["unknown_version"]),
            (&[("blue", 100)], &[failed, green], &["not_ready"]),
            (&[], &[blue, green], &["nothing_to_compare"]),
            (&[("blue", 90)], &[blue, green], &["sum"]),
            (&[("green", 100)], &[blue, green], &["has_all"]),
        ] {
            let found = steps(&[5, 100]).start_problems("r", &traffic(before), versions, Route::Extension);
            let found: Vec<_> = found.iter().map(CanaryProblem::code).collect();
            assert_eq!(found, codes, "{before:?}");
        }
        let many: Vec<String> = (0..10).map(|at| format!("{at:0>32}")).collect();
        let before = Traffic::of(many.iter().map(|name| (name.clone(), 10))).expect("a map");
        let mut versions: Vec<_> = many.iter().map(|name| ready(name)).collect();
        versions.push(green);
        let found = steps(&[100]).start_problems("r", &before, &versions, Route::Extension);
        assert_eq!(found, [CanaryProblem::TooManyVersions { versions: 10 }]);
    }

    #[test]
    fn each_step_keeps_the_proportions_of_the_old_versions() {
        let before = traffic(&[("blue", 60), ("red", 30), ("green", 10)]);
        let maps: Vec<String> = steps(&[5, 10, 25, 100])
            .maps(&before)
            .iter()
            .map(Traffic::to_string)
            .collect();
        assert_eq!(maps, ["blue 50 % · green 25 % · red 25 %", "green 100 %"]);
    }

    #[test]
    fn the_healthy_versions_share_everything() {
        let before = traffic(&[("blue", 60), ("red", 30), ("grey", 10)]);
        assert_eq!(
            fallback(&before, &["RED", "grey", "green"]),
            Some(traffic(&[("red", 75), ("grey", 25)]))
        );
        assert_eq!(fallback(&before, &["green"]), None);
        assert_eq!(fallback(&Traffic::default(), &["green"]), None);
    }

    proptest! {
        #[test]
        fn every_map_sums_to_100(first in 1u8..100, share in 1u8..=100) {
            let before = traffic(&[("blue", first), ("red", 100 - first)]);
            for map in steps(&[share, 100]).maps(&before) {
                prop_assert_eq!(map.sum(), 100);
                prop_assert!(map.share("green") == share || map.share("green") == 100);
            }
        }
    }
}
