//! Services and versions on the classic route.

use super::complete::is_open;
use super::{of_route, on_classic};
use crate::deployment_spec::{
    Auth, DeploySpec, EndpointChoice, EnvironmentSource, ModelSource, Scale, Serving, read_quantity,
};
use crate::finding::WizardStep::Review as Step;
use crate::rules::names::{is_namespace, is_system_namespace};
use crate::rules::verdict::{block, info, on, warn, when};
use crate::rules::{Case, Rule, Verdict};
use crate::spec::Route;

const SDK: &str = "package azureml-core 1.61, core/webservice/aks.py";
const MODEL: &str = "package azureml-core 1.61, core/model.py";
const AKS: &str = "learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-azure-kubernetes-service";
/// Most models of a service.
const MOST_MODELS: usize = 1_000;

pub(super) const RULES: &[Rule] = &[
    Rule::local("SVC-01", Step, SDK, |case| on_classic(case, resources)).says(&[
        "SVC-01",
        "SVC-01.cpu_limit",
        "SVC-01.memory_limit",
    ]),
    Rule::local("SVC-07", Step, SDK, |case| on_classic(case, open_access)),
    Rule::azure("SVC-08", Step, AKS, token).says(&["SVC-08", "SVC-08.regions"]),
    Rule::local("SVC-09", Step, MODEL, |case| on_classic(case, no_code))
        .says(&["SVC-09", "SVC-09.framework"]),
    Rule::local("SVC-12", Step, AKS, |case| on_classic(case, many_models)),
    Rule::local("SVC-20", Step, AKS, |case| on_classic(case, namespace)).says(&["SVC-20", "SVC-20.system"]),
    Rule::local("SVC-21", Step, AKS, |case| on_classic(case, autoscaler)),
    Rule::azure("SVC-22", Step, AKS, dev_test),
    Rule::local("DEP-19", Step, SDK, |case| on_classic(case, not_deployed))
        .says(&["DEP-19.image", "DEP-19.models"]),
];

fn resources(spec: &DeploySpec) -> Vec<Verdict> {
    let resources = spec.resources();
    let amount = |text: &str, is_cpu| read_quantity(text, is_cpu).and_then(Result::ok);
    let zero = [
        ("resources.cpu", &resources.cpu, true),
        ("resources.memory", &resources.memory, false),
    ];
    let zero = zero
        .into_iter()
        .filter(|(_, text, is_cpu)| amount(text, *is_cpu) == Some(0));
    let mut found: Vec<Verdict> = zero.map(|(field, ..)| block(field)).collect();
    found.extend(below_request(spec).into_iter().map(|(field, limit, request)| {
        let variant = if field == "resources.cpuLimit" {
            "cpu_limit"
        } else {
            "memory_limit"
        };
        block(field)
            .variant(variant)
            .with("limit", limit)
            .with("request", request)
    }));
    found
}

/// Limits below the request: path, limit and request.
pub(super) fn below_request(spec: &DeploySpec) -> Vec<(&'static str, String, String)> {
    let resources = spec.resources();
    let amount = |text: &str, is_cpu| read_quantity(text, is_cpu).and_then(Result::ok);
    let pairs = [
        ("resources.cpuLimit", resources.cpu_limit, resources.cpu, true),
        (
            "resources.memoryLimit",
            resources.memory_limit,
            resources.memory,
            false,
        ),
    ];
    let below = pairs.into_iter().filter(|(_, limit, request, is_cpu)| {
        amount(limit, *is_cpu)
            .zip(amount(request, *is_cpu))
            .is_some_and(|(limit, request)| limit < request)
    });
    below
        .map(|(field, limit, request, _)| (field, limit, request))
        .collect()
}

/// Tokens come from the workspace's region.
fn token(case: &Case<'_>) -> Vec<Verdict> {
    let spec = of_route(case, Route::Classic).filter(|spec| spec.endpoint.auth() == Some(Auth::Token));
    let cluster = case.facts.deploy.cluster.known().and_then(Option::as_ref);
    let location = cluster.and_then(|cluster| cluster["location"].as_str());
    let workspace = case.facts.workspace.known().and_then(Option::as_ref);
    on(spec, |_| match (workspace, location) {
        (Some(workspace), Some(location)) if !same_region(&workspace.location, location) => {
            warn("endpoint.auth")
                .variant("regions")
                .with("workspace", &workspace.location)
                .with("cluster", location)
        }
        _ => info("endpoint.auth"),
    })
}

/// Azure writes regions as `westeurope` and `West Europe`.
fn same_region(left: &str, right: &str) -> bool {
    let plain = |name: &str| name.replace(' ', "").to_ascii_lowercase();
    plain(left) == plain(right)
}

fn open_access(spec: &DeploySpec) -> Vec<Verdict> {
    when(is_open(spec), || warn("endpoint.auth"))
}

fn no_code(spec: &DeploySpec) -> Vec<Verdict> {
    if spec.serving != Serving::NoCode {
        return Vec::new();
    }
    match spec.models.as_slice() {
        [ModelSource::Local { framework: None, .. }] => vec![block("models").variant("framework")],
        // The framework of a registered model is a fact of the workspace.
        [] | [_] => Vec::new(),
        models => vec![block("models").with("models", models.len())],
    }
}

fn many_models(spec: &DeploySpec) -> Vec<Verdict> {
    let models = spec.models.len();
    when(models > MOST_MODELS, || block("models").with("models", models))
}

fn namespace(spec: &DeploySpec) -> Vec<Verdict> {
    let EndpointChoice::New { namespace, .. } = &spec.endpoint else {
        return Vec::new();
    };
    let verdict = || block("endpoint.namespace").with("name", namespace);
    if is_system_namespace(namespace) {
        return vec![verdict().variant("system")];
    }
    when(!namespace.is_empty() && !is_namespace(namespace), verdict)
}

/// An image that Azure ML built has its script inside, and only the first model can be on this computer.
fn not_deployed(spec: &DeploySpec) -> Vec<Verdict> {
    let image = matches!(
        spec.serving,
        Serving::Script {
            environment: Some(EnvironmentSource::Image { .. }),
            ..
        }
    );
    let is_local = |model: &ModelSource| matches!(model, ModelSource::Local { .. });
    let later = spec.models.iter().skip(1).any(is_local);
    let mut found = when(image, || block("serving.environment").variant("image"));
    found.extend(when(later, || block("models").variant("models")));
    found
}

fn autoscaler(spec: &DeploySpec) -> Vec<Verdict> {
    when(matches!(spec.scale, Scale::Auto { .. }), || info("scale"))
}

fn dev_test(case: &Case<'_>) -> Vec<Verdict> {
    let compute = of_route(case, Route::Classic).and_then(|spec| {
        let computes = case.facts.computes.known()?;
        computes
            .iter()
            .find(|compute| compute.name.eq_ignore_ascii_case(&spec.compute))
    });
    let is_dev_test = |purpose: &str| purpose.eq_ignore_ascii_case("DevTest");
    let compute = compute.filter(|compute| compute.purpose.as_deref().is_some_and(is_dev_test));
    on(compute, |compute| info("compute").with("name", &compute.name))
}
