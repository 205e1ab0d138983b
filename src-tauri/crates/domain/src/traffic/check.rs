//! Which traffic Berth sends: maps that add up to 100, and an endpoint without traffic only if the person said so.

use super::{ALL, Traffic, TrafficProblem};
use crate::spec::Route;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The traffic that a person wants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TrafficGoal {
    /// The share of each version; versions that are not named get none.
    pub traffic: Traffic,
    /// Whether no version shall have traffic, so that the endpoint refuses every call without a version.
    pub none: bool,
}

/// A version of the endpoint as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionState<'a> {
    pub name: &'a str,
    /// Azure's own word.
    pub state: &'a str,
}

/// Whether a version in this state may get more traffic. Azure takes any map, also for a deployment that failed
/// (`Succeeded`: specification machinelearningservices 2025-12-01, DeploymentProvisioningState; `Healthy`:
/// learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-and-where).
pub fn may_gain(route: Route, state: &str) -> bool {
    let ready = match route {
        Route::Extension => "Succeeded",
        Route::Classic => "Healthy",
    };
    state.eq_ignore_ascii_case(ready)
}

/// What is wrong with the traffic a person wants, given the traffic and the versions as they are now.
pub fn problems(
    goal: &TrafficGoal,
    now: &Traffic,
    versions: &[VersionState<'_>],
    route: Route,
) -> Vec<TrafficProblem> {
    let mut found = Vec::new();
    for (name, percent) in goal.traffic.live() {
        found.extend(gain_problem(name, percent, now, versions, route));
    }
    let sum = goal.traffic.sum();
    match (goal.none, sum) {
        (true, 0) => {}
        (true, sum) => found.push(TrafficProblem::NotNone { sum }),
        (false, 0) => found.push(
            keeps_traffic(now, &goal.traffic, false)
                .err()
                .unwrap_or(TrafficProblem::Sum { sum }),
        ),
        (false, sum) if sum == u32::from(ALL) => {}
        (false, sum) => found.push(TrafficProblem::Sum { sum }),
    }
    found
}

fn gain_problem(
    name: &str,
    percent: u8,
    now: &Traffic,
    versions: &[VersionState<'_>],
    route: Route,
) -> Option<TrafficProblem> {
    let found = match named(name, versions) {
        Ok(found) => found,
        Err(unknown) => return Some(unknown),
    };
    let refused = percent > now.share(name) && !may_gain(route, found.state);
    refused.then(|| TrafficProblem::NotReady {
        version: name.to_owned(),
        state: found.state.to_owned(),
    })
}

/// The version of this name, in any case.
///
/// # Errors
/// [`TrafficProblem::UnknownVersion`].
pub(crate) fn named<'a, 'b>(
    name: &str,
    versions: &'b [VersionState<'a>],
) -> Result<&'b VersionState<'a>, TrafficProblem> {
    let found = versions.iter().find(|one| one.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| TrafficProblem::unknown_version(name, versions.iter().map(|one| one.name)))
}

/// Refuses an update that would take all traffic from an endpoint that has some, unless the person said so. Every
/// update of an endpoint on the extension route carries its traffic, and one that leaves it out sets it to zero
/// (github.com/microsoft/genaiops-promptflow-template/issues/182).
///
/// # Errors
/// [`TrafficProblem::LeavesNone`] with the versions that would lose their traffic.
pub fn keeps_traffic(now: &Traffic, next: &Traffic, none: bool) -> Result<(), TrafficProblem> {
    if none || now.is_none() || !next.is_none() {
        return Ok(());
    }
    Err(TrafficProblem::LeavesNone {
        live: now.to_string(),
    })
}

/// Whether a version may be deleted: it exists, has no traffic, and is not the only one. The outcome of deleting a version
/// with traffic is a failed operation much later, or lost calls. `now` includes what a default version gets on the
/// classic route.
///
/// # Errors
/// [`TrafficProblem`] that tells what to do first.
pub fn may_remove(version: &str, now: &Traffic, versions: &[VersionState<'_>]) -> Result<(), TrafficProblem> {
    named(version, versions)?;
    let percent = now.share(version);
    if percent > 0 {
        return Err(TrafficProblem::HasTraffic {
            version: version.to_owned(),
            percent,
        });
    }
    if versions.iter().all(|one| one.name.eq_ignore_ascii_case(version)) {
        return Err(TrafficProblem::OnlyVersion {
            version: version.to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const VERSIONS: [VersionState<'_>; 3] = [
        VersionState {
            name: "blue",
            state: "Succeeded",
        },
        VersionState {
            name: "green",
            state: "Succeeded",
        },
        VersionState {
            name: "red",
            state: "Failed",
        },
    ];

    fn map(value: serde_json::Value) -> Traffic {
        Traffic::read(&value).expect("a map")
    }

    fn codes(traffic: serde_json::Value, none: bool) -> Vec<&'static str> {
        let now = map(json!({ "Blue": 90, "red": 10 }));
        let goal = TrafficGoal {
            traffic: map(traffic),
            none,
        };
        let found = problems(&goal, &now, &VERSIONS, Route::Extension);
        found.iter().map(TrafficProblem::code).collect()
    }

    #[test]
    fn only_sums_of_100_and_a_named_zero_pass() {
        for (traffic, none, expected) in [
            (json!({ "blue": 60, "GREEN": 40 }), false, &[][..]),
            (json!({ "blue": 60, "green": 39 }), false, &["sum"]),
            (json!({ "blue": 60, "green": 41 }), false, &["sum"]),
            (json!({ "blue": 0 }), false, &["leaves_none"]),
            (json!({}), false, &["leaves_none"]),
            (json!({}), true, &[]),
            (json!({ "green": 0 }), true, &[]),
            (json!({ "green": 100 }), true, &["not_none"]),
            (json!({ "black": 100 }), false, &["unknown_version"]),
            // Present traffic of a failed version may stay and shrink.
            (json!({ "blue": 90, "red": 10 }), false, &[]),
            (json!({ "blue": 95, "red": 5 }), false, &[]),
            (json!({ "blue": 89, "red": 11 }), false, &["not_ready"]),
        ] {
            assert_eq!(codes(traffic.clone(), none), expected, "{traffic} {none}");
        }
    }

    #[test]
    fn an_endpoint_that_has_no_traffic_still_needs_100_or_a_named_zero() {
        let goal = |none| TrafficGoal {
            traffic: Traffic::default(),
            none,
        };
        let found = |none| problems(&goal(none), &Traffic::default(), &VERSIONS, Route::Extension);
        assert_eq!(found(false), [TrafficProblem::Sum { sum: 0 }]);
        assert_eq!(found(true), []);
    }

    #[test]
    fn readiness_has_another_name_on_each_route() {
        for (route, state, ready) in [
            (Route::Extension, "succeeded", true),
            (Route::Extension, "Updating", false),
            (Route::Extension, "Healthy", false),
            (Route::Classic, "Healthy", true),
            (Route::Classic, "Unschedulable", false),
            (Route::Classic, "", false),
        ] {
            assert_eq!(may_gain(route, state), ready, "{route:?} {state}");
        }
    }

    #[test]
    fn an_update_never_takes_all_traffic_by_accident() {
        let (some, none) = (map(json!({ "blue": 100 })), Traffic::default());
        let lost = keeps_traffic(&some, &none, false).expect_err("all lost");
        assert_eq!(
            lost.to_string(),
            "no version would have traffic (blue 100 % would lose it); say so if that is meant"
        );
        for (now, next, named) in [
            (&some, &none, true),
            (&none, &none, false),
            (&some, &some, false),
            (&none, &some, false),
        ] {
            assert_eq!(keeps_traffic(now, next, named), Ok(()));
        }
    }

    #[test]
    fn versions_with_traffic_and_only_versions_are_not_removed() {
        let now = map(json!({ "blue": 100 }));
        let code = |version, versions| may_remove(version, &now, versions).map_err(|problem| problem.code());
        assert_eq!(code("BLUE", &VERSIONS), Err("has_traffic"));
        assert_eq!(code("green", &VERSIONS), Ok(()));
        assert_eq!(code("green", &VERSIONS[1..2]), Err("only_version"));
    }
}
