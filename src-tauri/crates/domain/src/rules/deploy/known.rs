//! Rules that compare a version to deploy with its workspace and with the files on this computer.

use super::of_route;
use crate::deployment_spec::{
    DeploySpec, EndpointChoice, EnvironmentSource, ModelSource, RoleChoice, Serving,
};
use crate::endpoint::EndpointVersion;
use crate::facts::{ComputeFacts, Fact, LocalFiles, ProvisioningState, is_plain_service, is_service};
use crate::finding::WizardStep::Review as Step;
use crate::resource_id::{last_segment, same_resource};
use crate::rules::verdict::{block, on, unknown, warn, when};
use crate::rules::{Case, Rule, Verdict};
use crate::spec::Route;
use crate::traffic::{ALL, Traffic};
use serde_json::Value;

const YAML: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online";
const ENDPOINT: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-endpoint-online";
const TYPES: &str = "learn.microsoft.com/azure/machine-learning/how-to-manage-kubernetes-instance-types";
const QUOTAS: &str = "learn.microsoft.com/azure/machine-learning/how-to-manage-quotas";
const ROLLOUT: &str = "learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints";
const BLOBS: &str =
    "learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata";
/// Most versions of an endpoint.
const MOST_VERSIONS: usize = 20;
/// Most versions of an endpoint on the classic route
/// (learn.microsoft.com/python/api/azureml-core/azureml.core.webservice.aks.aksendpoint).
const MOST_CLASSIC_VERSIONS: usize = 6;

pub(super) const RULES: &[Rule] = &[
    Rule::azure("DEP-13", Step, BLOBS, files).says(&["DEP-13.code", "DEP-13.model", "DEP-13.sample"]),
    Rule::azure("DEP-14", Step, YAML, compute).says(&[
        "DEP-14.missing",
        "DEP-14.route",
        "DEP-14.state",
        "DEP-14.unread",
    ]),
    Rule::azure("DEP-15", Step, ENDPOINT, endpoint).says(&[
        "DEP-15.taken",
        "DEP-15.missing",
        "DEP-15.compute",
        "DEP-15.unread",
    ]),
    Rule::azure("DEP-16", Step, YAML, version).says(&[
        "DEP-16",
        "DEP-16.replaced",
        "DEP-16.single",
        "DEP-16.unread",
    ]),
    Rule::azure("DEP-17", Step, YAML, assets).says(&["DEP-17.model", "DEP-17.environment", "DEP-17.unread"]),
    Rule::azure("DEP-18", Step, ROLLOUT, traffic).says(&["DEP-18.unread", "DEP-18.alone"]),
    Rule::azure("DEP-20", Step, YAML, workspace).says(&["DEP-20.missing", "DEP-20.unread"]),
    Rule::azure("EPT-07", Step, TYPES, instance_type),
    Rule::azure("EPT-10", Step, QUOTAS, many_versions).says(&["EPT-10", "EPT-10.classic"]),
];

fn files(case: &Case<'_>) -> Vec<Verdict> {
    let facts = &case.facts.deploy;
    let why = |fact: &Fact<Result<LocalFiles, String>>| match fact {
        Fact::Known(Err(why)) => Some(why.clone()),
        _ => None,
    };
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Serving::Script { folder, .. } = &spec.serving {
        found.extend(on(why(&facts.code), |why| {
            block("serving.folder")
                .variant("code")
                .with("path", folder)
                .with("why", why)
        }));
    }
    if let Some(ModelSource::Local { path, .. }) = spec.models.first() {
        found.extend(on(why(&facts.model_files), |why| {
            block("models")
                .variant("model")
                .with("path", path)
                .with("why", why)
        }));
    }
    if let Fact::Known(Err(why)) = &facts.sample {
        let verdict = block("sample").variant("sample");
        found.push(verdict.with("path", &spec.sample).with("why", why));
    }
    found
}

fn chosen_compute<'a>(case: &Case<'a>) -> Option<&'a ComputeFacts> {
    let spec = case.deploy?;
    let computes = case.facts.computes.known()?;
    let mut computes = computes.iter();
    computes.find(|compute| compute.name.eq_ignore_ascii_case(&spec.compute))
}

fn compute(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy.filter(|spec| !spec.compute.is_empty()) else {
        return Vec::new();
    };
    match (&case.facts.computes, chosen_compute(case)) {
        (Fact::Unknown(why), _) => vec![unknown("compute", why).variant("unread")],
        (Fact::NotAsked, _) => Vec::new(),
        (Fact::Known(_), None) => vec![block("compute").variant("missing").with("name", &spec.compute)],
        (Fact::Known(_), Some(compute)) => on_compute(spec, compute),
    }
}

fn on_compute(spec: &DeploySpec, compute: &ComputeFacts) -> Vec<Verdict> {
    let fits = match spec.route {
        Route::Extension => compute.is_kubernetes(),
        Route::Classic => compute.is_classic(),
    };
    if !fits {
        return vec![block("compute").variant("route").with("name", &compute.name)];
    }
    let ready = compute.provisioning_state == ProvisioningState::Succeeded;
    when(!ready, || {
        let verdict = warn("compute").variant("state").with("name", &compute.name);
        verdict.with("state", &compute.provisioning_state)
    })
}

fn endpoint(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let name = spec.endpoint.name();
    let named = |verdict: Verdict, variant| vec![verdict.variant(variant).with("name", name)];
    let field = "endpoint.name";
    match (&spec.endpoint, &case.facts.change.endpoint) {
        (EndpointChoice::New { .. }, Fact::Unknown(why)) => named(unknown(field, why), "unread"),
        // Without it, nothing can be planned.
        (EndpointChoice::Existing { .. }, Fact::Unknown(why)) => {
            named(block(field).with("why", why), "unread")
        }
        (EndpointChoice::New { .. }, Fact::Known(Some(_))) => named(block(field), "taken"),
        (EndpointChoice::Existing { .. }, Fact::Known(None)) => named(block(field), "missing"),
        (EndpointChoice::Existing { .. }, Fact::Known(Some(found))) => on(other_compute(spec, found), |id| {
            let verdict = block("compute").variant("compute").with("name", name);
            verdict.with("compute", last_segment(id))
        }),
        (_, Fact::NotAsked) | (EndpointChoice::New { .. }, Fact::Known(None)) => Vec::new(),
    }
}

/// The compute of the endpoint, if it is another one than the version's.
fn other_compute<'a>(spec: &DeploySpec, endpoint: &'a Value) -> Option<&'a str> {
    if is_service(endpoint) {
        let name = service_compute(endpoint)?;
        return (!name.eq_ignore_ascii_case(&spec.compute)).then_some(name);
    }
    let id = endpoint["properties"]["compute"].as_str()?;
    let own = spec.compute_id()?;
    (!same_resource(id, &own)).then_some(id)
}

/// The compute of a service, which an endpoint may name only in its versions.
fn service_compute(service: &Value) -> Option<&str> {
    let of_versions = || {
        let versions = service["versions"].as_object()?;
        versions.values().find_map(|one| one["computeName"].as_str())
    };
    service["computeName"].as_str().or_else(of_versions)
}

fn version(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy.filter(|spec| !spec.endpoint.is_new()) else {
        return Vec::new();
    };
    if let Fact::Known(Some(endpoint)) = &case.facts.change.endpoint
        && is_plain_service(endpoint)
    {
        return plain_service(case, spec);
    }
    let facts = &case.facts.deploy;
    if facts.existing(&spec.version).is_some() {
        return Vec::new();
    }
    let unread = facts.version.why_unknown();
    if let Some(why) = unread.or(case.facts.change.endpoint_versions.why_unknown()) {
        return vec![unknown("version", why).variant("unread")];
    }
    match &case.facts.change.endpoint_versions {
        Fact::Unknown(_) | Fact::NotAsked => Vec::new(),
        Fact::Known(versions) => {
            let mut versions = versions.iter();
            let same = versions.find(|version| version.name.eq_ignore_ascii_case(&spec.version));
            on(same, |same| match spec.route {
                Route::Extension => block("version").with("name", &same.name),
                Route::Classic => replaced(case, spec, &same.name),
            })
        }
    }
}

/// On the classic route, what exists gets other settings and restarts. The person consents, unless it has no traffic.
fn replaced(case: &Case<'_>, spec: &DeploySpec, name: &str) -> Verdict {
    let endpoint = case.facts.change.endpoint.known().and_then(Option::as_ref);
    let versions = endpoint.filter(|endpoint| !is_plain_service(endpoint));
    let idle = versions
        .and_then(|endpoint| Traffic::live_of(endpoint).ok())
        .is_some_and(|traffic| traffic.share(name) == 0);
    let verdict = if idle {
        warn("version")
    } else {
        block("version").consent(&spec.endpoint_id().unwrap_or_default())
    };
    verdict.variant("replaced").with("name", name)
}

fn plain_service(case: &Case<'_>, spec: &DeploySpec) -> Vec<Verdict> {
    let name = spec.endpoint.name();
    let is_named = !spec.version.eq_ignore_ascii_case(name);
    let is_shared = spec.traffic.is_some_and(|share| share < ALL) || spec.role != RoleChoice::default();
    vec![if is_named || is_shared {
        block("version").variant("single").with("name", name)
    } else {
        replaced(case, spec, name)
    }]
}

fn assets(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let facts = &case.facts.deploy;
    let models = spec.models.iter().filter_map(|source| match source {
        ModelSource::Registered { name, version } => {
            let fact = facts.models.get(&format!("{name}:{version}"))?;
            asset(fact, "models", "model", name, version)
        }
        // Without its next version, a model cannot be registered.
        ModelSource::Local { name, .. } => facts.next_model.why_unknown().map(|why| {
            let verdict = block("models").variant("unread").with("name", name);
            verdict.with("why", why)
        }),
    });
    let mut found: Vec<Verdict> = models.collect();
    match spec.serving.environment() {
        Some(
            EnvironmentSource::Registered { name, version } | EnvironmentSource::Curated { name, version },
        ) => found.extend(asset(
            &facts.environment,
            "serving.environment",
            "environment",
            name,
            version,
        )),
        Some(EnvironmentSource::Image { .. }) | None => {}
    }
    found
}

fn asset(
    fact: &Fact<bool>,
    field: &'static str,
    variant: &'static str,
    name: &str,
    version: &str,
) -> Option<Verdict> {
    match fact {
        Fact::Known(true) | Fact::NotAsked => None,
        Fact::Known(false) => {
            let verdict = block(field).variant(variant).with("name", name);
            Some(verdict.with("version", version))
        }
        Fact::Unknown(why) => Some(unknown(field, why).variant("unread").with("name", name)),
    }
}

/// A version of an existing endpoint can only take its traffic from others, or leave it to them.
fn traffic(case: &Case<'_>) -> Vec<Verdict> {
    let asks = |spec: &&DeploySpec| {
        let updates = case.facts.deploy.existing(&spec.version).is_some();
        spec.share() > 0 || (updates && spec.traffic.is_some())
    };
    let Some(spec) = case.deploy.filter(|spec| !spec.endpoint.is_new()).filter(asks) else {
        return Vec::new();
    };
    let live = match &case.facts.change.endpoint {
        Fact::Known(Some(endpoint)) => Traffic::live_of(endpoint).ok(),
        Fact::Known(None) | Fact::NotAsked => return Vec::new(),
        Fact::Unknown(_) => None,
    };
    let verdict = |variant| vec![block("traffic").variant(variant).with("percent", spec.share())];
    match live {
        None => verdict("unread"),
        Some(live) if spec.share() < ALL && nobody_else(&live, spec) => verdict("alone"),
        Some(_) => Vec::new(),
    }
}

/// Whether the version's share changes, and no other version has traffic.
fn nobody_else(live: &Traffic, spec: &DeploySpec) -> bool {
    let mut others = live
        .live()
        .filter(|(name, _)| !name.eq_ignore_ascii_case(&spec.version));
    live.share(&spec.version) != spec.share() && others.next().is_none()
}

fn workspace(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy else {
        return Vec::new();
    };
    let verdict = block("workspace");
    match &case.facts.workspace {
        Fact::Known(None) => vec![verdict.variant("missing").with("name", &spec.workspace.name)],
        Fact::Unknown(why) => vec![verdict.variant("unread").with("why", why)],
        Fact::Known(Some(_)) | Fact::NotAsked => Vec::new(),
    }
}

fn instance_type(case: &Case<'_>) -> Vec<Verdict> {
    let spec = of_route(case, Route::Extension).filter(|spec| !spec.instance_type.is_empty());
    let types = case.facts.deploy.instance_types.known().and_then(Option::as_ref);
    let Some((spec, types)) = spec.zip(types) else {
        return Vec::new();
    };
    let known: Vec<&str> = types.iter().map(|one| one.name.as_str()).collect();
    when(!known.contains(&spec.instance_type.as_str()), || {
        let verdict = block("instanceType").with("name", &spec.instance_type);
        verdict.with("known", known.join(", "))
    })
}

fn many_versions(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = case.deploy.filter(|spec| !spec.endpoint.is_new()) else {
        return Vec::new();
    };
    let Some(versions) = case.facts.change.endpoint_versions.known() else {
        return Vec::new();
    };
    let is_same = |one: &EndpointVersion| one.name.eq_ignore_ascii_case(&spec.version);
    let verdict = match spec.route {
        Route::Extension if versions.len() >= MOST_VERSIONS && !versions.iter().any(is_same) => {
            block("version")
        }
        Route::Classic if versions.len() >= MOST_CLASSIC_VERSIONS && !versions.iter().any(is_same) => {
            block("version").variant("classic")
        }
        Route::Extension | Route::Classic => return Vec::new(),
    };
    vec![verdict.with("versions", versions.len())]
}
