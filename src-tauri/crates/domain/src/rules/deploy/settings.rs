//! Settings that both routes have.

use super::check;
use crate::deployment_spec::{DeploySpec, Probe};
use crate::finding::WizardStep::Review as Step;
use crate::fit::QuantityProblem;
use crate::rules::verdict::{block, info, warn, when};
use crate::rules::{Case, Rule, Verdict};
use crate::spec::Route;
use crate::traffic::ALL;

const QUANTITY: &str = "kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity";
const VARIABLES: &str =
    "kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container";
const SURGE: &str = "github.com/Azure/azure-sdk-for-python/issues/25938";
const YAML: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online";
const SDK: &str = "package azureml-core 1.61, core/webservice/aks.py";
/// Bytes below which an amount of memory is a mistake.
const LEAST_MEMORY: u64 = 1 << 20;
/// Parts of names that suggest a secret value.
const SECRET_PARTS: [&str; 5] = ["SECRET", "PASSWORD", "TOKEN", "APIKEY", "API_KEY"];

pub(super) const RULES: &[Rule] = &[
    Rule::local("DEP-07", Step, QUANTITY, |case| check(case, quantities)),
    Rule::local("DEP-08", Step, VARIABLES, |case| check(case, variables)).says(&["DEP-08", "DEP-08.value"]),
    Rule::local("DEP-09", Step, VARIABLES, |case| check(case, secrets)),
    Rule::local("DEP-10", Step, SURGE, |case| check(case, one_replica)),
    Rule::local("SVC-02", Step, SDK, |case| check(case, probes)).says(&["SVC-02", "SVC-02.once"]),
    Rule::local("SVC-03", Step, SDK, |case| check(case, limits)),
    Rule::local("SVC-04", Step, SDK, |case| check(case, scale)).says(&["SVC-04", "SVC-04.bounds"]),
    Rule::local("SVC-11", Step, YAML, |case| check(case, concurrency)),
    Rule::local("SVC-16", Step, SDK, |case| {
        case.deploy.map_or_else(Vec::new, |spec| traffic(case, spec))
    })
    .says(&["SVC-16", "SVC-16.first", "SVC-16.none", "SVC-16.later"]),
];

fn quantities(spec: &DeploySpec) -> Vec<Verdict> {
    let read = spec
        .resources
        .quantities()
        .into_iter()
        .filter_map(|(field, text, is_cpu)| {
            let problem = match crate::deployment_spec::read_quantity(text, is_cpu)? {
                Ok(amount) => too_little(spec.route, amount, is_cpu)?,
                Err(problem) => problem,
            };
            Some(block(field).with("value", text).with("why", problem))
        });
    read.collect()
}

/// Whether an amount is nothing, or a mistake in its unit such as `512m` of memory. On the classic route, SVC-01 has a
/// minimum of its own.
fn too_little(route: Route, amount: u64, is_cpu: bool) -> Option<QuantityProblem> {
    match amount {
        0 => (route == Route::Extension).then_some(QuantityProblem::Zero),
        bytes if !is_cpu && bytes < LEAST_MEMORY => Some(QuantityProblem::TooLittle),
        _ => None,
    }
}

/// Letters, digits, `_`, `.` and `-`, not starting with a digit.
fn variables(spec: &DeploySpec) -> Vec<Verdict> {
    let fits = |name: &str| {
        let inner = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
        !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) && name.chars().all(inner)
    };
    let bad = spec.environment_variables.keys().filter(|name| !fits(name));
    let named = bad.map(|name| block("environmentVariables").with("name", name));
    // No process can have a variable with such a value.
    let cut = spec
        .environment_variables
        .iter()
        .filter(|(_, value)| value.contains('\0'));
    let cut = cut.map(|(name, _)| block("environmentVariables").variant("value").with("name", name));
    named.chain(cut).collect()
}

/// Azure ML stores and shows the values of environment variables in clear text.
fn secrets(spec: &DeploySpec) -> Vec<Verdict> {
    let is_secret = |name: &&String| {
        let name = name.to_ascii_uppercase();
        SECRET_PARTS.iter().any(|part| name.contains(part))
    };
    let names: Vec<&str> = spec
        .environment_variables
        .keys()
        .filter(is_secret)
        .map(String::as_str)
        .collect();
    when(!names.is_empty(), || {
        warn("environmentVariables").with("names", names.join(", "))
    })
}

/// An update stops one replica while it starts another.
fn one_replica(spec: &DeploySpec) -> Vec<Verdict> {
    when(spec.scale.fewest() == 1, || warn("scale"))
}

fn probes(spec: &DeploySpec) -> Vec<Verdict> {
    let zero = |path: &'static str, probe: Probe| {
        let name = probe
            .fields()
            .into_iter()
            .find(|(_, value)| *value == 0)
            .map(|(name, _)| name);
        name.map(|name| block(path).with("name", name))
    };
    let liveness = zero("liveness", spec.liveness()).or_else(|| {
        // kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes
        let threshold = spec.liveness().success_threshold;
        (threshold > 1).then(|| block("liveness").variant("once").with("threshold", threshold))
    });
    let readiness = (spec.route == Route::Extension)
        .then(|| zero("readiness", spec.readiness()))
        .flatten();
    liveness.into_iter().chain(readiness).collect()
}

fn limits(spec: &DeploySpec) -> Vec<Verdict> {
    let fields = [
        ("requests.concurrency", spec.concurrency()),
        ("requests.maxQueueWaitMs", spec.max_queue_wait_ms()),
        ("requests.timeoutMs", spec.timeout_ms()),
    ];
    let zero = fields.into_iter().filter(|(_, value)| *value == 0);
    zero.map(|(field, _)| block(field)).collect()
}

fn scale(spec: &DeploySpec) -> Vec<Verdict> {
    let Some(auto) = spec.scale.autoscaler() else {
        return when(spec.scale.fewest() == 0, || block("scale.replicas"));
    };
    let mut found = when(auto.min > auto.max, || {
        block("scale")
            .variant("bounds")
            .with("min", auto.min)
            .with("max", auto.max)
    });
    let positive = [
        ("scale.min", auto.min),
        ("scale.max", auto.max),
        ("scale.target", auto.target),
        ("scale.seconds", auto.seconds),
    ];
    let zero = positive.into_iter().find(|(_, value)| *value == 0);
    found.extend(zero.map(|(field, _)| block(field)));
    found
}

fn concurrency(spec: &DeploySpec) -> Vec<Verdict> {
    let concurrency = spec.concurrency();
    when(concurrency > 1, || {
        warn("requests.concurrency").with("requests", concurrency)
    })
}

/// The first version takes all traffic, or none while the endpoint is set up.
fn traffic(case: &Case<'_>, spec: &DeploySpec) -> Vec<Verdict> {
    let Some(percent) = spec.traffic else {
        return when(is_without_traffic(case, spec), || {
            info("traffic").variant("later")
        });
    };
    let verdict = |verdict: Verdict| vec![verdict.with("percent", percent)];
    match percent {
        percent if percent > ALL => verdict(block("traffic")),
        // On the classic route, the only version gets the rest.
        0 if spec.endpoint.is_new() && spec.route == Route::Extension => {
            verdict(info("traffic").variant("none"))
        }
        percent if spec.endpoint.is_new() && percent < ALL => verdict(block("traffic").variant("first")),
        _ => Vec::new(),
    }
}

/// Whether a further version is made without saying which share it gets.
fn is_without_traffic(case: &Case<'_>, spec: &DeploySpec) -> bool {
    !spec.endpoint.is_new() && spec.share() == 0 && case.facts.deploy.existing(&spec.version).is_none()
}
