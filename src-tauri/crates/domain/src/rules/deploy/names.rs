//! Names of endpoints, versions, models and environments.

use super::{check, of_route, on_classic, on_extension};
use crate::deployment_spec::{DeploySpec, EnvironmentSource, ModelSource};
use crate::facts::is_plain_service;
use crate::finding::WizardStep::Review as Step;
use crate::resource_id::check_part;
use crate::rules::verdict::{block, on, when};
use crate::rules::{Case, Rule, Verdict};
use crate::spec::Route;

const SDK: &str = "package azureml-core 1.61, _model_management/_util.py, webservice_name_validation";
const QUOTAS: &str = "learn.microsoft.com/azure/machine-learning/how-to-manage-quotas";
const SPEC: &str = "specification machinelearningservices 2024-04-01, mfe.json";
const ISSUE: &str = "github.com/MicrosoftDocs/azure-docs/issues/53364";
const NAMES: &str = "learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules";
const REGISTRY: &str = "learn.microsoft.com/azure/machine-learning/how-to-attach-kubernetes-anywhere";
/// Id of the rule on names that become part of a request's address.
pub(crate) const ADDRESSES: &str = "DEP-06";
/// Most characters of endpoint and version together.
const LONGEST_PAIR: usize = 62;

pub(super) const RULES: &[Rule] = &[
    Rule::local("NAM-06", Step, SDK, |case| {
        on_classic(case, |spec| names(spec, is_service_name))
    }),
    Rule::local("NAM-08", Step, QUOTAS, |case| {
        on_extension(case, |spec| names(spec, is_endpoint_name))
    }),
    Rule::local("NAM-09", Step, QUOTAS, |case| on_extension(case, together)),
    Rule::local("NAM-15", Step, SPEC, |case| check(case, assets)).says(&[
        "NAM-15",
        "NAM-15.name",
        "NAM-15.image",
    ]),
    Rule::local("DEP-05", Step, ISSUE, version_like_endpoint),
    Rule::local(ADDRESSES, Step, NAMES, |case| check(case, addresses))
        .says(&["DEP-06.workspace", "DEP-06.compute"]),
    Rule::local("EPT-11", Step, REGISTRY, |case| on_extension(case, from_registry))
        .says(&["EPT-11.model", "EPT-11.environment"]),
];

fn names(spec: &DeploySpec, fits: fn(&str) -> bool) -> Vec<Verdict> {
    let all = [
        ("endpoint.name", spec.endpoint.name()),
        ("version", spec.version.as_str()),
    ];
    let bad = all
        .into_iter()
        .filter(|(_, name)| !name.is_empty() && !fits(name));
    bad.map(|(field, name)| block(field).with("name", name)).collect()
}

/// 3 to 32 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen.
pub(super) fn is_service_name(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    is_name(name, |first| first.is_ascii_lowercase(), plain)
}

/// As [`is_service_name`], with capitals.
pub(super) fn is_endpoint_name(name: &str) -> bool {
    is_name(
        name,
        |first| first.is_ascii_alphabetic(),
        |letter| letter.is_ascii_alphanumeric(),
    )
}

fn is_name(name: &str, first: fn(char) -> bool, plain: fn(char) -> bool) -> bool {
    (3..=32).contains(&name.len())
        && name.starts_with(first)
        && name.ends_with(plain)
        && name.chars().all(|letter| plain(letter) || letter == '-')
}

fn together(spec: &DeploySpec) -> Vec<Verdict> {
    let length = spec.endpoint.name().chars().count() + spec.version.chars().count();
    when(length > LONGEST_PAIR, || block("version").with("length", length))
}

fn assets(spec: &DeploySpec) -> Vec<Verdict> {
    let models = spec.models.iter().map(|model| match model {
        ModelSource::Registered { name, version } => ("models", name.as_str(), version.as_str()),
        ModelSource::Local { name, .. } => ("models", name.as_str(), ""),
    });
    let environment = spec
        .serving
        .environment()
        .and_then(|environment| match environment {
            EnvironmentSource::Registered { name, version }
            | EnvironmentSource::Curated { name, version } => {
                Some(("serving.environment", name.as_str(), version.as_str()))
            }
            EnvironmentSource::Image { .. } => None,
        });
    let bad = models.chain(environment).filter(|(_, name, version)| {
        !is_registry(name)
            && ((!name.is_empty() && !is_asset_name(name))
                || (!version.is_empty() && !is_asset_version(version)))
    });
    let bad = bad.map(|(field, name, version)| match version {
        "" => block(field).variant("name").with("name", name),
        version => block(field).with("name", name).with("version", version),
    });
    let image = match spec.serving.environment() {
        Some(EnvironmentSource::Image { image, .. }) if !image.is_empty() && !is_image(image) => Some(image),
        _ => None,
    };
    let image = image.map(|image| block("serving.environment").variant("image").with("image", image));
    bad.chain(image).collect()
}

/// A reference to an image, as far as its letters tell (github.com/distribution/reference).
fn is_image(image: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-/:@".contains(letter);
    image.len() <= 512
        && image.starts_with(|first: char| first.is_ascii_alphanumeric())
        && image.chars().all(fits)
}

/// 1 to 255 letters, digits, `_` or `-`, starting with a letter or digit. Names of curated environments have dots too.
fn is_asset_name(name: &str) -> bool {
    let inner = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (1..=255).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(inner)
        && check_part(name).is_ok()
}

fn is_asset_version(version: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    version.chars().all(fits) && check_part(version).is_ok()
}

/// Azure ML takes a version named like its endpoint and then cannot tell them apart.
fn version_like_endpoint(case: &Case<'_>) -> Vec<Verdict> {
    let Some(spec) = of_route(case, Route::Classic) else {
        return Vec::new();
    };
    let name = spec.endpoint.name();
    let found = case.facts.change.endpoint.known().and_then(Option::as_ref);
    // A service without versions is updated under its own name.
    let is_single = spec.endpoint.is_single() || found.is_some_and(is_plain_service);
    let same = !is_single && !name.is_empty() && spec.version == name;
    when(same, || block("version").with("name", name))
}

/// Names that become part of a request's address.
fn addresses(spec: &DeploySpec) -> Vec<Verdict> {
    let parts = [
        ("workspace", "workspace", spec.workspace.subscription_id.as_str()),
        ("workspace", "workspace", &spec.workspace.name),
        ("compute", "compute", &spec.compute),
    ];
    let bad = parts
        .into_iter()
        .filter(|(.., name)| !name.is_empty() && check_part(name).is_err());
    let group = &spec.workspace.resource_group;
    let group = (!group.is_empty() && crate::resource_id::group_id("s", group).is_none()).then_some((
        "workspace",
        "workspace",
        group.as_str(),
    ));
    bad.chain(group)
        .map(|(field, variant, name)| block(field).variant(variant).with("name", name))
        .collect()
}

fn from_registry(spec: &DeploySpec) -> Vec<Verdict> {
    let model = spec.models.iter().find_map(|model| match model {
        ModelSource::Registered { name, .. } => Some(name.as_str()).filter(|name| is_registry(name)),
        ModelSource::Local { .. } => None,
    });
    let environment = spec
        .serving
        .environment()
        .and_then(|environment| match environment {
            EnvironmentSource::Registered { name, .. } | EnvironmentSource::Curated { name, .. } => {
                Some(name.as_str()).filter(|name| is_registry(name))
            }
            EnvironmentSource::Image { .. } => None,
        });
    let mut found = on(model, |name| block("models").variant("model").with("name", name));
    found.extend(on(environment, |name| {
        block("serving.environment")
            .variant("environment")
            .with("name", name)
    }));
    found
}

/// Whether a name is the address of an asset in a registry (`azureml://registries/…`).
fn is_registry(name: &str) -> bool {
    name.to_ascii_lowercase().contains("registries/")
}
