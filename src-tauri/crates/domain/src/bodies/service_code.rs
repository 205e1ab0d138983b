//! The code of a service on the classic route: the program that loads the scoring script, and how a service refers to
//! both (package azureml-core 1.61, `core/model.py`, `InferenceConfig._handle_assets`, and
//! `_model_management/_util.py`, `generate_main`).

use super::web_service::{ServiceAssets, UploadedCode, with_code};
use crate::deployment_spec::{DeploySpec, EnvironmentSource};
use crate::upload::CONTAINER;
use serde_json::{Map, Value, json};

/// The program that loads the script.
pub const DRIVER: &str = "main.py";
/// The archive with the folder of the script.
pub const ARCHIVE: &str = "code.tar.gz";
/// Name of the folder in the archive.
pub const FOLDER: &str = "code";
/// Stands for the id of an uploaded model in the request that registers it.
pub const ASSET: &str = "{asset}";

/// Start of the URL of an artifact.
const ARTIFACT: &str = "aml://artifact/LocalUpload";

/// `environmentImageRequest` for models with a registered environment and the code of the specification. The container of the
/// artifacts is a marker, because each upload gets a fresh one.
pub fn with_script(
    spec: &DeploySpec,
    models: &[String],
    script: &str,
    environment: &EnvironmentSource,
) -> Option<ServiceAssets> {
    let (EnvironmentSource::Registered { name, version } | EnvironmentSource::Curated { name, version }) =
        environment
    else {
        return None;
    };
    let mut variables: Map<String, Value> = spec
        .environment_variables
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    variables.insert("AZUREML_SOURCE_DIRECTORY".to_owned(), json!(FOLDER));
    variables.insert("AZUREML_ENTRY_SCRIPT".to_owned(), json!(entry(script)));
    let environment = json!({ "name": name, "version": version, "environmentVariables": variables });
    let url = |file: &str| format!("{ARTIFACT}/{CONTAINER}/{FOLDER}/{file}");
    let code = UploadedCode {
        driver: &url(DRIVER),
        archive: ARCHIVE,
        archive_url: &url(ARCHIVE),
    };
    Some(with_code(models, &environment, code))
}

/// `POST …/models` for an uploaded model (package azureml-core 1.61, `_restclient/models/model.py`).
pub fn model(name: &str, framework: Option<&str>, plan_id: &str) -> Value {
    json!({
        "name": name,
        "url": format!("aml://asset/{ASSET}"),
        "mimeType": "application/x-python",
        "framework": framework.unwrap_or("Custom"),
        "unpack": false,
        "kvTags": super::tags(plan_id),
    })
}

/// Fills in the container of the uploaded files, or the id of the uploaded model, in the URLs of a body.
pub fn fill(body: &mut Value, marker: &str, with: &str) {
    match body {
        Value::String(text) if text.starts_with("aml://") => *text = text.replacen(marker, with, 1),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, marker, with)),
        Value::Object(members) => members.values_mut().for_each(|member| fill(member, marker, with)),
        _ => {}
    }
}

/// The text of [`DRIVER`] for a script.
pub fn driver(script: &str) -> String {
    let script = entry(script).replace('\\', "\\\\").replace('\'', "\\'");
    format!(
        r"import importlib.util
import inspect
import os
import sys

here = os.path.dirname(os.path.realpath(__file__))
sys.path.append(os.path.join(here, '{FOLDER}'))
script_location = os.path.join(here, '{script}')
spec = importlib.util.spec_from_file_location('service_driver', script_location)
service_driver = importlib.util.module_from_spec(spec)
spec.loader.exec_module(service_driver)


def init():
    global body_name, takes_headers
    names = list(inspect.signature(service_driver.run).parameters)
    takes_headers = 'request_headers' in names
    body_name = next(name for name in names if name != 'request_headers')
    service_driver.init()


def run(http_body, request_headers):
    arguments = {{body_name: http_body}}
    if takes_headers:
        arguments['request_headers'] = request_headers
    return service_driver.run(**arguments)
"
    )
}

/// The path of the script below the folder of the driver.
fn entry(script: &str) -> String {
    format!("{FOLDER}/{}", script.trim_start_matches("./"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_the_text_of_the_program() {
        let driver = driver(r"./it's\score.py");
        assert!(
            driver.contains(r"os.path.join(here, 'code/it\'s\\score.py')"),
            "{driver}"
        );
        assert!(driver.contains("arguments = {body_name: http_body}"));
    }

    #[test]
    fn markers_are_filled_in_in_urls_only() {
        let mut body = json!([{ "value": { "url": "aml://artifact/LocalUpload/{container}/code/main.py", "tag": "{container}" } }]);
        fill(&mut body, CONTAINER, "c1");
        assert_eq!(
            body,
            json!([{ "value": { "url": "aml://artifact/LocalUpload/c1/code/main.py", "tag": "{container}" } }])
        );
    }
}
