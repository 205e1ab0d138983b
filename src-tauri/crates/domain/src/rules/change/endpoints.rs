//! Traffic and keys of endpoints, and removing versions and endpoints.

use super::super::verdict::{block, info, unread, warn};
use super::super::{Case, Rule, Verdict};
use crate::canary::{CanaryTag, TAG};
use crate::change::Change;
use crate::deployment_spec::Auth;
use crate::endpoint::EndpointAuth;
use crate::facts::is_service;
use crate::finding::WizardStep::Review;
use crate::spec::Route;
use crate::traffic::{Traffic, TrafficGoal, TrafficProblem, VersionState, may_remove, named, problems};

/// `OnlineEndpointProperties.traffic` and package azure-ai-ml 1.35, entities/_endpoint/online_endpoint.py.
const TRAFFIC: &str = "machinelearningservices 2025-12-01, OnlineEndpointProperties";
const SAFE_ROLLOUT: &str =
    "learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints";

const KEYS: &str = "learn.microsoft.com/azure/machine-learning/how-to-authenticate-online-endpoint";

pub(super) const RULES: &[Rule] = &[
    Rule::azure("EPT-03", Review, TRAFFIC, traffic).says(&[
        "EPT-03.leaves_none",
        "EPT-03.not_a_percent",
        "EPT-03.not_none",
        "EPT-03.not_ready",
        "EPT-03.sum",
        "EPT-03.twice",
        "EPT-03.unknown_version",
        "EPT-03.unread",
        "EPT-03.none",
        "EPT-03.default_gets_rest",
        "EPT-03.roles",
        "EPT-03.no_default",
        "EPT-03.two_defaults",
        "EPT-03.canary",
    ]),
    Rule::azure("EPT-13", Review, SAFE_ROLLOUT, removal).says(&[
        "EPT-13.has_traffic",
        "EPT-13.only_version",
        "EPT-13.unknown_version",
        "EPT-13.unread",
        "EPT-13.endpoint",
        "EPT-13.canary",
    ]),
    Rule::azure("SVC-18", Review, KEYS, regeneration).says(&[
        "SVC-18.primary",
        "SVC-18.secondary",
        "SVC-18.no_keys",
        "SVC-18.open",
        "SVC-18.unknown",
    ]),
    Rule::azure("EPT-18", Review, KEYS, auth).says(&[
        "EPT-18.key",
        "EPT-18.token",
        "EPT-18.none",
        "EPT-18.not_without",
        "EPT-18.may_stay",
    ]),
];

/// The traffic of the endpoint as it was read; `None` if the endpoint was not read.
pub(super) fn live(case: &Case<'_>) -> Option<Result<Traffic, TrafficProblem>> {
    case.endpoint().map(Traffic::live_of)
}

pub(super) fn route(case: &Case<'_>) -> Route {
    match case.endpoint().is_some_and(is_service) {
        true => Route::Classic,
        false => Route::Extension,
    }
}

pub(super) fn versions<'a>(case: &Case<'a>) -> Option<Vec<VersionState<'a>>> {
    let all = case.facts.change.endpoint_versions.known()?;
    Some(
        all.iter()
            .map(|version| VersionState {
                name: &version.name,
                state: &version.state,
            })
            .collect(),
    )
}

fn blocked(problem: &TrafficProblem) -> Verdict {
    let verdict = block("traffic").variant(problem.code());
    problem
        .params()
        .into_iter()
        .fold(verdict, |verdict, (name, value)| verdict.with(name, value))
}

fn traffic(case: &Case<'_>) -> Vec<Verdict> {
    let Some(Change::Traffic {
        traffic,
        none,
        default_version,
        control_version,
        ..
    }) = case.change
    else {
        return Vec::new();
    };
    let Some(now) = live(case) else {
        return Vec::new();
    };
    let roles: Vec<&str> = [default_version, control_version]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let route = route(case);
    let now = match now {
        Ok(now) => now,
        Err(problem) => return vec![blocked(&problem)],
    };
    let Some(versions) = versions(case) else {
        return unread("endpoint_versions", &case.facts.change.endpoint_versions);
    };
    let goal = TrafficGoal {
        traffic: traffic.clone(),
        none: *none,
    };
    let mut verdicts: Vec<Verdict> = problems(&goal, &now, &versions, route)
        .iter()
        .map(blocked)
        .collect();
    verdicts.extend(of_roles(route, &roles, &versions));
    if *none && route == Route::Classic {
        verdicts.push(block("traffic").variant("default_gets_rest"));
    }
    if *none && verdicts.is_empty() && !now.is_none() {
        verdicts.push(warn("").variant("none").with("live", now));
    }
    verdicts.extend(during_canary(case));
    verdicts
}

/// A canary is under way on the endpoint.
fn during_canary(case: &Case<'_>) -> Option<Verdict> {
    let other = CanaryTag::parse(case.endpoint()?["tags"][TAG].as_str()?)?;
    let verdict = warn("").variant("canary").with("run", other.run);
    Some(verdict.with("traffic", other.before))
}

/// Default and types exist on the classic route only, and for versions that exist.
fn of_roles(route: Route, roles: &[&str], versions: &[VersionState<'_>]) -> Vec<Verdict> {
    if route == Route::Extension && !roles.is_empty() {
        return vec![
            block("traffic")
                .variant("roles")
                .with("versions", roles.join(", ")),
        ];
    }
    let unknown = roles.iter().filter_map(|role| named(role, versions).err());
    unknown.map(|problem| blocked(&problem)).collect()
}

/// Says who breaks, and whether the endpoint has keys at all.
fn regeneration(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(change @ Change::RegenerateKey { key, .. }), Some(endpoint)) = (case.change, case.endpoint())
    else {
        return Vec::new();
    };
    let verdict = match EndpointAuth::of_resource(endpoint) {
        EndpointAuth::Key | EndpointAuth::KeyAndToken => warn("").variant(key.as_str()),
        EndpointAuth::Token => block("").variant("no_keys"),
        EndpointAuth::None => block("").variant("open"),
        EndpointAuth::Unknown => block("").variant("unknown"),
    };
    vec![verdict.with("name", change.title())]
}

/// Says whose calls are refused from then on. The person consents to that.
fn auth(case: &Case<'_>) -> Vec<Verdict> {
    let (Some(change @ Change::Auth { auth, endpoint_id }), Some(endpoint)) = (case.change, case.endpoint())
    else {
        return Vec::new();
    };
    let is_online = route(case) == Route::Extension;
    let name = |verdict: Verdict| verdict.with("name", change.title());
    // CHG-02 reports that nothing changes.
    if EndpointAuth::of_resource(endpoint).is(*auth) {
        return Vec::new();
    }
    if is_online && *auth == Auth::None {
        return vec![name(block("").variant("not_without"))];
    }
    let variant = match auth {
        Auth::Key => "key",
        Auth::Token => "token",
        Auth::None => "none",
    };
    let mut found = vec![name(block("").variant(variant).consent(endpoint_id))];
    // Microsoft documents the change for online endpoints, without a word on Kubernetes.
    if is_online {
        found.push(name(info("").variant("may_stay")));
    }
    found
}

fn removal(case: &Case<'_>) -> Vec<Verdict> {
    let Some(now) = live(case) else {
        return Vec::new();
    };
    match (case.change, now) {
        (Some(Change::DeleteVersion { .. } | Change::DeleteEndpoint { .. }), Err(problem)) => {
            // The other problems of a map as it was read are those of EPT-03.
            vec![block("").variant("unread").with("why", problem)]
        }
        (Some(Change::DeleteVersion { version, .. }), Ok(now)) => {
            let found = removal_of_version(case, version, &now);
            found.into_iter().chain(during_canary(case)).collect()
        }
        (Some(Change::DeleteEndpoint { .. }), Ok(now)) => {
            let found = removal_of_endpoint(case, &now);
            found.into_iter().chain(during_canary(case)).collect()
        }
        _ => Vec::new(),
    }
}

fn removal_of_version(case: &Case<'_>, version: &str, now: &Traffic) -> Vec<Verdict> {
    let problem = match versions(case) {
        Some(versions) => may_remove(version, now, &versions).err(),
        // The endpoint itself says which versions get traffic.
        None => match now.share(version) {
            0 => return unread("endpoint_versions", &case.facts.change.endpoint_versions),
            percent => Some(TrafficProblem::HasTraffic {
                version: version.to_owned(),
                percent,
            }),
        },
    };
    problem.iter().map(blocked).collect()
}

/// Lists what is deleted with the endpoint.
fn removal_of_endpoint(case: &Case<'_>, now: &Traffic) -> Vec<Verdict> {
    let fact = &case.facts.change.endpoint_versions;
    let Some(versions) = fact.known() else {
        return unread("endpoint_versions", fact);
    };
    let names: Vec<&str> = versions.iter().map(|version| version.name.as_str()).collect();
    let verdict = warn("")
        .variant("endpoint")
        .with("count", names.len())
        .with("names", names.join(", "))
        .with("traffic", now);
    vec![verdict]
}
