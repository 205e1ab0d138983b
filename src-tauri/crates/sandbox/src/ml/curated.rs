//! Curated environments, which every workspace has
//! (learn.microsoft.com/azure/machine-learning/resource-curated-environments,
//! concept-prebuilt-docker-images-inference).

use crate::resource_id::name_of;
use serde_json::{Value, json};

/// Name, version, image, and the packages that scripts find in it.
const CURATED: &[(&str, &str, &str, &str)] = &[
    (
        "AzureML-minimal-py312-inference",
        "5",
        "mcr.microsoft.com/azureml/minimal-py312-inference:20250310.v1",
        "azureml_inference_server_http inference_schema",
    ),
    (
        "AzureML-sklearn-1.5",
        "25",
        "mcr.microsoft.com/azureml/curated/sklearn-1.5:25",
        "azureml azureml_inference_server_http inference_schema joblib numpy pandas scipy sklearn mlflow",
    ),
    (
        "AzureML-mlflow-py312-inference",
        "9",
        "mcr.microsoft.com/azureml/mlflow-py312-inference:20250310.v1",
        "azureml azureml_inference_server_http inference_schema mlflow numpy pandas scipy sklearn",
    ),
    (
        "AzureML-onnxruntime-1.19-py312-cpu-inference",
        "3",
        "mcr.microsoft.com/azureml/onnxruntime-1.19-py312-cpu-inference:3",
        "azureml azureml_inference_server_http inference_schema numpy onnxruntime",
    ),
    (
        "AzureML-tensorflow-2.16-cuda12",
        "12",
        "mcr.microsoft.com/azureml/curated/tensorflow-2.16-cuda12:12",
        "azureml azureml_inference_server_http inference_schema keras numpy pandas tensorflow",
    ),
];

type Row = (&'static str, &'static str, &'static str, &'static str);

fn find(name: &str) -> Option<&'static Row> {
    CURATED.iter().find(|row| row.0.eq_ignore_ascii_case(name))
}

/// Whether a name is reserved for curated environments.
pub(super) fn is_curated(name: &str) -> bool {
    name.get(..7)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("AzureML"))
}

fn version_body(row: &Row, container: &str) -> Value {
    let (_, version, image, _) = row;
    let route = |path: &str| json!({ "path": path, "port": 5001 });
    json!({
        "id": format!("{container}/versions/{version}"), "name": version,
        "type": "Microsoft.MachineLearningServices/workspaces/environments/versions",
        "systemData": { "createdAt": "2025-03-10T00:00:00Z", "createdBy": "Microsoft", "createdByType": "User" },
        "properties": {
            "image": image, "environmentType": "Curated", "osType": "Linux", "isAnonymous": false, "isArchived": false,
            "inferenceConfig": { "livenessRoute": route("/"), "readinessRoute": route("/"), "scoringRoute": route("/score") },
            "provisioningState": "Succeeded", "tags": {}, "properties": {},
        },
    })
}

fn container_body(row: &Row, id: &str) -> Value {
    json!({
        "id": id, "name": row.0, "type": "Microsoft.MachineLearningServices/workspaces/environments",
        "systemData": { "createdAt": "2025-03-10T00:00:00Z", "createdBy": "Microsoft", "createdByType": "User" },
        "properties": { "latestVersion": row.1, "isArchived": false, "tags": {}, "properties": {} },
    })
}

pub(super) fn containers(workspace: &str) -> impl Iterator<Item = Value> {
    CURATED
        .iter()
        .map(move |row| container_body(row, &format!("{workspace}/environments/{}", row.0)))
}

pub(super) fn container(id: &str) -> Option<Value> {
    find(name_of(id)).map(|row| container_body(row, id))
}

pub(super) fn versions(container: &str) -> Option<Value> {
    find(name_of(container)).map(|row| version_body(row, container))
}

/// A version by its full id.
pub(super) fn version(id: &str) -> Option<Value> {
    let (container, version) = id.rsplit_once("/versions/")?;
    let row = find(name_of(container)).filter(|row| row.1 == version)?;
    Some(version_body(row, container))
}

/// The packages in the image of a curated environment.
pub(super) fn packages(name: &str) -> Option<Vec<&'static str>> {
    find(name).map(|row| row.3.split_whitespace().collect())
}
