//! What a classic service, or a version of a classic endpoint, is made of, and what becomes of it.

use super::artifacts::blob_of;
use super::conda::Conda;
use super::datastores::{self, ARTIFACTS};
use super::deployed::Inner;
use super::rollout::{Probe, Rollout, Stage, Workload};
use super::sources::{Code, Environment, Model, modules_of};
use super::{archive, curated, mms};
use crate::answer::ErrorBody;
use crate::kubernetes::room::{Amount, NodeRoom};
use crate::resource_id::name_of;
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const GIB: f64 = 1_073_741_824.0;

/// What becomes of a version on these nodes; its error is in the words of the classic service.
pub(super) fn plan(world: &World, workspace: &str, body: &Value, nodes: &mut [NodeRoom]) -> (Rollout, Inner) {
    let request = &body["environmentImageRequest"];
    let environment = environment(&request["environment"]);
    let code = code(world, workspace, request);
    let model = model(world, workspace, request);
    let amount = amount(&body["containerResourceRequirements"]);
    let replicas = body["numReplicas"]
        .as_u64()
        .or(body["autoScaler"]["minReplicas"].as_u64())
        .unwrap_or(1);
    let probe = &body["livenessProbeRequirements"];
    let number = |name: &str, fallback: f64| probe[name].as_f64().unwrap_or(fallback);
    let workload = Workload {
        code: code.as_ref(),
        environment: Some(&environment),
        model: &model,
        replicas,
        request: amount,
        memory_limit: body["containerResourceRequirements"]["memoryInGBLimit"]
            .as_f64()
            .map(|gigabytes| (gigabytes * GIB) as u64),
        liveness: Probe {
            initial_delay: number("initialDelaySeconds", 310.0),
            period: number("periodSeconds", 10.0),
            failures: number("failureThreshold", 3.0),
        },
        timeout: body["scoringTimeoutMs"].as_f64().unwrap_or(60_000.0) / 1000.0,
        is_built: false,
    };
    let mut rollout = Rollout::of(&workload, nodes);
    rollout.fails = rollout.fails.take().map(|error| classic(rollout.stage, &error));
    let inner = Inner::new(&rollout, &environment.image, replicas, amount);
    (rollout, inner)
}

/// An error in the words of the classic service (Azure/MachineLearningNotebooks issues 487, 1767;
/// learn.microsoft.com/azure/machine-learning/v1/how-to-troubleshoot-deployment).
fn classic(stage: Stage, error: &ErrorBody) -> ErrorBody {
    let of = |code: &str, message: &str, detail: &str, said: String| {
        let mut outer = ErrorBody::new(code, message);
        outer.details = vec![ErrorBody::new(detail, said)];
        outer
    };
    let failed = "Kubernetes Deployment failed";
    match (stage, error.code.as_str()) {
        (_, "DeploymentTimedOut") => error.clone(),
        (Stage::Build, _) => ErrorBody::new("EnvironmentBuildFailed", error.message.clone()),
        (Stage::Schedule, _) => {
            let said = error
                .message
                .trim_start_matches("Kubernetes unschedulable. Details:");
            of(
                "KubernetesDeploymentFailed",
                "KubernetesError",
                "Unschedulable",
                said.to_string(),
            )
        }
        (Stage::Pull, _) => of(
            "KubernetesDeploymentFailed",
            failed,
            "ImagePullBackOff",
            error.message.clone(),
        ),
        (Stage::Download, _) => of(
            "KubernetesDeploymentFailed",
            failed,
            "ModelDownloadFailed",
            error.message.clone(),
        ),
        _ => of(
            "KubernetesDeploymentFailed",
            failed,
            "CrashLoopBackOff",
            format!(
                "Your container application crashed. This may be caused by errors in your scoring file's init() function. {}",
                error.message
            ),
        ),
    }
}

fn amount(requirements: &Value) -> Amount {
    let number = |name: &str, fallback: f64| requirements[name].as_f64().unwrap_or(fallback);
    Amount {
        cpu: (number("cpu", 0.1) * 1000.0) as u64,
        memory: (number("memoryInGB", 0.5) * GIB) as u64,
        gpus: requirements["gpu"].as_u64().unwrap_or_default(),
    }
}

fn model(world: &World, workspace: &str, request: &Value) -> Model {
    let Some(id) = request["modelIds"][0].as_str() else {
        return Model::default();
    };
    let known = mms::id_of(workspace, id).filter(|full| world.resource(full).is_some());
    match known {
        Some(full) => Model::of(world, workspace, &full),
        None => Model {
            name: id.split(':').next().unwrap_or(id).to_string(),
            ..Model::default()
        },
    }
}

/// A blob that `aml://artifact/{id}` names.
fn artifact(world: &World, workspace: &str, url: &str) -> Option<bytes::Bytes> {
    let id = url.strip_prefix("aml://artifact/")?;
    let (account, _) = datastores::account(world, workspace)?;
    let container = world.storage.container(&account, ARTIFACTS)?;
    container.blob(&blob_of(id)).map(crate::storage::Blob::bytes)
}

/// The entry script among the assets: in an archive, or a file of its own.
fn code(world: &World, workspace: &str, request: &Value) -> Option<Code> {
    let assets = request["assets"].as_array().filter(|assets| !assets.is_empty())?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut driver = String::new();
    for asset in assets {
        let text = |member: &str| asset[member].as_str().unwrap_or_default();
        let Some(bytes) = artifact(world, workspace, text("url")) else {
            continue;
        };
        if asset["unpack"] == json!(true) {
            files.extend(archive::files(&bytes));
        } else if request["driverProgram"] == asset["id"] {
            driver = String::from_utf8_lossy(&bytes).into_owned();
        } else {
            files.insert(name_of(text("id")).to_string(), bytes.to_vec());
        }
    }
    let variables = &request["environment"]["environmentVariables"];
    let entry = variables["AZUREML_ENTRY_SCRIPT"]
        .as_str()
        .map(str::to_string)
        .or_else(|| named_in(&driver))?;
    // The program that the SDK generates names the script relative to the folder that was packed.
    let found = files
        .keys()
        .find(|name| **name == entry || name.ends_with(&format!("/{entry}")))
        .cloned();
    let folder = found
        .as_ref()
        .and_then(|found| found.strip_suffix(name_of(&entry)))
        .unwrap_or_default();
    let beside = files.keys().filter_map(|name| name.strip_prefix(folder));
    let siblings = modules_of(beside);
    let text = found
        .as_ref()
        .and_then(|found| files.get(found))
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    Some(Code::new(&entry, text, siblings))
}

/// The script that a generated program loads.
fn named_in(driver: &str) -> Option<String> {
    let (_, rest) = driver.split_once("script_location = ")?;
    let line = rest.lines().next()?;
    let name = line
        .trim_end_matches(')')
        .trim_end_matches('\'')
        .rsplit('\'')
        .next()?;
    (!name.is_empty()).then(|| name.to_string())
}

/// An environment as SDK version 1 writes it.
fn environment(given: &Value) -> Environment {
    let image = given["docker"]["baseImage"]
        .as_str()
        .unwrap_or_default()
        .to_string();
    let name = given["name"].as_str().unwrap_or_default();
    if let Some(packages) = curated::packages(name) {
        return Environment {
            id: None,
            image,
            modules: Some(packages.iter().map(ToString::to_string).collect()),
            build: None,
        };
    }
    let python = &given["python"];
    let managed = python["userManagedDependencies"] == json!(true);
    let conda = (python["condaDependencies"].is_object() && !managed)
        .then(|| Conda::parse(&conda_text(&python["condaDependencies"])));
    Environment {
        image,
        ..Environment::built(conda)
    }
}

/// A conda file from its JSON.
fn conda_text(given: &Value) -> String {
    let mut lines = Vec::new();
    for section in ["channels", "dependencies"] {
        let items = given[section].as_array().into_iter().flatten();
        lines.push(format!("{section}:"));
        for item in items {
            match item {
                Value::String(text) => lines.push(format!("  - {text}")),
                other => {
                    let nested = other["pip"].as_array().into_iter().flatten();
                    lines.push("  - pip:".to_string());
                    lines.extend(
                        nested
                            .filter_map(Value::as_str)
                            .map(|text| format!("    - {text}")),
                    );
                }
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_a_generated_program_is_found() {
        let driver = "import os\nscript_location = os.path.join(os.path.dirname(os.path.realpath(__file__)), 'src/score.py')\nx = 1\n";
        assert_eq!(named_in(driver).as_deref(), Some("src/score.py"));
        assert_eq!(named_in("import os\n"), None);
    }

    #[test]
    fn an_environment_of_the_old_sdk_is_read() {
        let dependencies = json!({ "channels": ["conda-forge"], "dependencies": ["python=3.8", { "pip": ["scikit-learn"] }] });
        let found = environment(
            &json!({ "name": "mine", "docker": { "baseImage": "mcr.microsoft.com/x" }, "python": { "condaDependencies": dependencies } }),
        );
        assert!(found.modules.unwrap().contains("sklearn"));
        assert!(matches!(found.build, Some(Ok(_))));
        assert!(
            environment(&json!({ "name": "AzureML-sklearn-1.5" }))
                .build
                .is_none()
        );
    }
}
