//! Choices that are missing, or that the route does not have.

use super::{check, on_classic, on_extension};
use crate::deployment_spec::{
    Auth, DeploySpec, EndpointChoice, EnvironmentSource, ModelSource, RoleChoice, Serving,
};
use crate::finding::WizardStep::Review as Step;
use crate::rules::verdict::{block, when};
use crate::rules::{Rule, Verdict};

const YAML: &str = "learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-kubernetes-online";
const SDK: &str = "package azureml-core 1.61, core/webservice/aks.py";

pub(super) const RULES: &[Rule] = &[
    Rule::local("DEP-01", Step, YAML, |case| check(case, missing)).says(&[
        "DEP-01.workspace",
        "DEP-01.compute",
        "DEP-01.endpoint",
        "DEP-01.version",
        "DEP-01.model",
        "DEP-01.model_path",
        "DEP-01.environment",
        "DEP-01.image",
        "DEP-01.folder",
        "DEP-01.script",
    ]),
    Rule::local("DEP-02", Step, YAML, |case| on_extension(case, one_model)),
    Rule::local("DEP-03", Step, YAML, |case| on_extension(case, not_on_extension)).says(&[
        "DEP-03.namespace",
        "DEP-03.single",
        "DEP-03.role",
    ]),
    Rule::local("DEP-04", Step, SDK, |case| on_classic(case, not_on_classic)).says(&[
        "DEP-04.instance_type",
        "DEP-04.readiness",
        "DEP-04.container",
        "DEP-04.variables",
        "DEP-04.single",
        "DEP-04.role",
        "DEP-04.app_insights",
    ]),
];

fn missing(spec: &DeploySpec) -> Vec<Verdict> {
    let mut found = Vec::new();
    let mut need = |there: bool, field: &'static str, variant: &'static str| {
        found.extend(when(!there, || block(field).variant(variant)));
    };
    let workspace = &spec.workspace;
    let has_workspace = [
        &workspace.subscription_id,
        &workspace.resource_group,
        &workspace.name,
    ];
    need(
        has_workspace.iter().all(|part| !part.is_empty()),
        "workspace",
        "workspace",
    );
    need(!spec.compute.is_empty(), "compute", "compute");
    need(!spec.endpoint.name().is_empty(), "endpoint.name", "endpoint");
    need(
        !spec.version.is_empty() || spec.endpoint.is_single(),
        "version",
        "version",
    );
    let in_image = matches!(spec.serving, Serving::Container { .. });
    need(!spec.models.is_empty() || in_image, "models", "model");
    for model in &spec.models {
        match model {
            ModelSource::Registered { name, version } => {
                need(!name.is_empty() && !version.is_empty(), "models", "model")
            }
            ModelSource::Local { path, name, .. } => {
                need(!name.is_empty(), "models", "model");
                need(!path.is_empty(), "models", "model_path");
            }
        }
    }
    if let Serving::Script { folder, script, .. } = &spec.serving {
        need(!folder.is_empty(), "serving.folder", "folder");
        need(!script.is_empty(), "serving.script", "script");
    }
    match (&spec.serving, spec.serving.environment()) {
        (Serving::NoCode, _) => {}
        (_, None) => need(false, "serving.environment", "environment"),
        (_, Some(EnvironmentSource::Image { image, .. })) => {
            need(!image.is_empty(), "serving.environment", "image")
        }
        (
            _,
            Some(
                EnvironmentSource::Registered { name, version }
                | EnvironmentSource::Curated { name, version },
            ),
        ) => {
            need(
                !name.is_empty() && !version.is_empty(),
                "serving.environment",
                "environment",
            );
        }
    }
    found
}

/// A deployment has one model; only the classic route loads several.
fn one_model(spec: &DeploySpec) -> Vec<Verdict> {
    let models = spec.models.len();
    when(models > 1, || block("models").with("models", models))
}

fn not_on_extension(spec: &DeploySpec) -> Vec<Verdict> {
    let mut found = Vec::new();
    if let EndpointChoice::New {
        namespace, single, ..
    } = &spec.endpoint
    {
        found.extend(when(!namespace.is_empty(), || {
            block("endpoint.namespace").variant("namespace")
        }));
        found.extend(when(*single, || block("endpoint.single").variant("single")));
    }
    found.extend(when(spec.role != RoleChoice::default(), || {
        block("role").variant("role")
    }));
    found
}

fn not_on_classic(spec: &DeploySpec) -> Vec<Verdict> {
    let image = matches!(spec.serving.environment(), Some(EnvironmentSource::Image { .. }));
    let mut found = Vec::new();
    let mut refuse = |is: bool, field: &'static str, variant: &'static str| {
        found.extend(when(is, || block(field).variant(variant)));
    };
    refuse(!spec.instance_type.is_empty(), "instanceType", "instance_type");
    refuse(spec.readiness.is_some(), "readiness", "readiness");
    // An image that Azure ML built has its script inside.
    refuse(
        matches!(spec.serving, Serving::Container { .. }) && !image,
        "serving",
        "container",
    );
    let no_environment = image || spec.serving == Serving::NoCode;
    refuse(
        no_environment && !spec.environment_variables.is_empty(),
        "environmentVariables",
        "variables",
    );
    let named = spec.endpoint.is_single() && !spec.version.is_empty();
    refuse(named && spec.version != spec.endpoint.name(), "version", "single");
    let has_role = spec.role != RoleChoice::default();
    refuse(spec.endpoint.is_single() && has_role, "role", "role");
    // It belongs to the endpoint, which a version does not change.
    refuse(
        spec.app_insights && !spec.endpoint.is_new(),
        "appInsights",
        "app_insights",
    );
    found
}

/// Whether anybody who reaches the address may call a new endpoint.
pub(super) fn is_open(spec: &DeploySpec) -> bool {
    spec.endpoint.auth() == Some(Auth::None)
}
