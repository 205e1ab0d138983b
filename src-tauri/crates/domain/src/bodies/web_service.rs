//! Services and versions on the classic route (package azureml-core 1.61, core/webservice/aks.py). Members that are not
//! set are left out, although the service accepts null.

use super::json_patch::{path, replace};
use super::tagged;
use crate::change::Edit;
use crate::deployment_spec::{Auth, DeploySpec, EndpointChoice, Probe};
use crate::fit::{in_thousandths, in_units};
use crate::secrets::PLAN_TAG;
use crate::traffic::ALL;
use serde_json::{Map, Value, json};

/// Start of the paths of the model management API.
const MODEL_MANAGEMENT: &str = "/modelmanagement/v1.0";

/// What a service is made of, in the workspace: exactly one of the two members that name it.
#[derive(Debug, Clone, PartialEq)]
pub enum ServiceAssets {
    /// `environmentImageRequest`.
    Environment(Value),
    /// Id of an image that Azure ML built.
    Image(String),
}

/// Address of the driver and of the archive with the code, as uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadedCode<'a> {
    /// `aml://artifact/…` of `main.py`.
    pub driver: &'a str,
    /// Name of the archive.
    pub archive: &'a str,
    /// `aml://artifact/…` of the archive.
    pub archive_url: &'a str,
}

/// `environmentImageRequest` for models with a whole environment and code.
pub fn with_code(models: &[String], environment: &Value, code: UploadedCode<'_>) -> ServiceAssets {
    let driver = json!({ "id": "main.py", "url": code.driver, "mimeType": "application/x-python" });
    let archive = json!({
        "id": code.archive, "url": code.archive_url, "mimeType": "application/octet-stream", "unpack": true,
    });
    ServiceAssets::Environment(json!({
        "driverProgram": "main.py",
        "assets": [driver, archive],
        "modelIds": models,
        "environment": environment,
    }))
}

/// `environmentImageRequest` for a model that is served without code.
pub fn without_code(model: &str) -> ServiceAssets {
    ServiceAssets::Environment(json!({ "modelIds": [model] }))
}

/// `POST …/services` for a web service without versions.
pub fn service(spec: &DeploySpec, assets: &ServiceAssets, plan_id: &str) -> Value {
    let mut body = version(spec, spec.endpoint.name(), assets, plan_id);
    body.extend(endpoint_members(spec));
    Value::Object(body)
}

/// `POST …/services` for an `AksEndpoint` with its first version, which gets all traffic.
pub fn aks_endpoint(spec: &DeploySpec, assets: &ServiceAssets, plan_id: &str) -> Value {
    let mut first = version(spec, &spec.version, assets, plan_id);
    first.insert("trafficPercentile".to_owned(), json!(ALL));
    if spec.role.default {
        first.insert("isDefault".to_owned(), json!(true));
    }
    if spec.role.control {
        first.insert("type".to_owned(), json!("Control"));
    }
    let mut body = Map::new();
    body.insert("name".to_owned(), json!(spec.endpoint.name()));
    if let EndpointChoice::New {
        description, tags, ..
    } = &spec.endpoint
    {
        if !description.is_empty() {
            body.insert("description".to_owned(), json!(description));
        }
        body.insert("kvTags".to_owned(), tagged(tags, plan_id));
    }
    body.insert("properties".to_owned(), json!({}));
    body.insert("computeType".to_owned(), json!("AKSENDPOINT"));
    body.insert("computeName".to_owned(), json!(spec.compute));
    body.extend(endpoint_members(spec));
    body.insert("versions".to_owned(), json!({ (spec.version.as_str()): first }));
    Value::Object(body)
}

/// `PATCH …/services/{e}` that adds a version. It gets no traffic before it answers.
pub fn add_version(spec: &DeploySpec, assets: &ServiceAssets, plan_id: &str) -> Vec<Value> {
    let mut added = version(spec, &spec.version, assets, plan_id);
    added.insert("trafficPercentile".to_owned(), json!(0));
    vec![json!({ "op": "add", "path": path(&["versions", &spec.version]), "value": added })]
}

/// `PATCH …/services/{s}` that gives a service, or the named version of an endpoint, all settings of the specification,
/// and the plan's tag besides the tags that it keeps. The description stays as it is if the specification has none.
pub fn update(
    spec: &DeploySpec,
    assets: &ServiceAssets,
    version: Option<&str>,
    tags: &Value,
    plan_id: &str,
) -> Vec<Value> {
    let prefix = version.map(|name| path(&["versions", name])).unwrap_or_default();
    let at = |members: &[&str]| format!("{prefix}{}", path(members));
    let mut patch = Vec::new();
    for (name, value) in settings(spec) {
        match value {
            Value::Object(nested) => {
                patch.extend(
                    nested
                        .into_iter()
                        .map(|(inner, value)| replace(&at(&[&name, &inner]), value)),
                );
            }
            value => patch.push(replace(&at(&[&name]), value)),
        }
    }
    patch.extend(
        asset_members(assets)
            .into_iter()
            .map(|(name, value)| replace(&at(&[&name]), value)),
    );
    if !spec.description.is_empty() {
        patch.push(replace(&at(&["description"]), spec.description.as_str()));
    }
    let mut tags = tags.as_object().cloned().unwrap_or_default();
    tags.retain(|name, _| !spec.remove.has_tag(name));
    tags.extend(spec.tags.iter().map(|(name, value)| (name.clone(), json!(value))));
    tags.insert(PLAN_TAG.to_owned(), json!(plan_id));
    let member = if version.is_some() { "tags" } else { "kvTags" };
    patch.push(replace(&at(&[member]), tags));
    patch
}

/// The edits that change how callers prove who they are. Both ways are written, so that the old one ends with the same
/// request.
pub fn service_auth(auth: Auth) -> Vec<Edit> {
    vec![
        Edit::replace("/authEnabled", auth == Auth::Key),
        Edit::replace("/aadAuthEnabled", auth == Auth::Token),
    ]
}

/// The path of a service of the model management API, from Berth's id of it (package azureml-core 1.61,
/// `_model_management/_util.py`).
pub fn service_path(service_id: &str) -> String {
    format!("{MODEL_MANAGEMENT}{service_id}")
}

/// Whether a path is one of the model management API.
pub fn is_model_management(path: &str) -> bool {
    path.starts_with(MODEL_MANAGEMENT)
}

/// `PATCH …/services/{e}` that removes a version.
pub fn remove_version(name: &str) -> Vec<Value> {
    vec![json!({ "op": "remove", "path": path(&["versions", name]) })]
}

/// `POST …/services/validate`, the dry run of a new service.
pub fn validate_create(name: &str, body: &Value) -> Value {
    json!({ "type": "Create", "serviceName": name, "createRequest": body })
}

/// `POST …/services/validate`, the dry run of a JSON Patch.
pub fn validate_update(name: &str, patch: &[Value]) -> Value {
    json!({ "type": "Update", "serviceName": name, "updateRequest": patch })
}

/// A service or version, without the members that belong to the endpoint.
fn version(spec: &DeploySpec, name: &str, assets: &ServiceAssets, plan_id: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("name".to_owned(), json!(name));
    if !spec.description.is_empty() {
        body.insert("description".to_owned(), json!(spec.description));
    }
    body.insert("kvTags".to_owned(), tagged(&spec.tags, plan_id));
    body.insert("properties".to_owned(), json!({}));
    body.insert("computeType".to_owned(), json!("AKS"));
    body.insert("computeName".to_owned(), json!(spec.compute));
    body.extend(settings(spec));
    body.extend(asset_members(assets));
    body
}

/// Authentication, Application Insights and namespace, which an endpoint has for all its versions.
fn endpoint_members(spec: &DeploySpec) -> Map<String, Value> {
    let mut members = Map::new();
    if let EndpointChoice::New { auth, namespace, .. } = &spec.endpoint {
        members.insert("authEnabled".to_owned(), json!(*auth == Auth::Key));
        members.insert("aadAuthEnabled".to_owned(), json!(*auth == Auth::Token));
        if !namespace.is_empty() {
            members.insert("namespace".to_owned(), json!(namespace));
        }
    }
    members.insert("appInsightsEnabled".to_owned(), json!(spec.app_insights));
    members
}

fn settings(spec: &DeploySpec) -> Map<String, Value> {
    let mut settings = Map::new();
    let mut set = |name: &str, value: Value| drop(settings.insert(name.to_owned(), value));
    match spec.scale.autoscaler() {
        None => {
            set("autoScaler", json!({ "autoscaleEnabled": false }));
            set("numReplicas", json!(spec.scale.fewest()));
        }
        Some(auto) => set(
            "autoScaler",
            json!({
                "autoscaleEnabled": true, "minReplicas": auto.min, "maxReplicas": auto.max,
                "targetUtilization": auto.target, "refreshPeriodInSeconds": auto.seconds,
            }),
        ),
    }
    set("containerResourceRequirements", resources(spec));
    set("livenessProbeRequirements", probe(spec.liveness()));
    set("maxConcurrentRequestsPerContainer", json!(spec.concurrency()));
    set("maxQueueWaitMs", json!(spec.max_queue_wait_ms()));
    set("scoringTimeoutMs", json!(spec.timeout_ms()));
    set(
        "dataCollection",
        json!({ "storageEnabled": spec.data_collection }),
    );
    settings
}

fn asset_members(assets: &ServiceAssets) -> Map<String, Value> {
    let (name, value) = match assets {
        ServiceAssets::Environment(request) => ("environmentImageRequest", request.clone()),
        ServiceAssets::Image(id) => ("imageId", json!(id)),
    };
    Map::from_iter([(name.to_owned(), value)])
}

/// Cores and GB as numbers. A quantity that cannot be read is left out; a rule blocks it.
fn resources(spec: &DeploySpec) -> Value {
    let resources = spec.resources();
    let cores = |text: &str| Some(number(in_thousandths(text).ok()?, 1_000.0));
    let gigabytes = |text: &str| Some(number(in_units(text).ok()?, f64::from(1u32 << 30)));
    let members = [
        ("cpu", cores(&resources.cpu)),
        ("cpuLimit", cores(&resources.cpu_limit)),
        ("memoryInGB", gigabytes(&resources.memory)),
        ("memoryInGBLimit", gigabytes(&resources.memory_limit)),
        ("gpu", (resources.gpu > 0).then(|| json!(resources.gpu))),
    ];
    let set = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(set.collect())
}

/// A whole number if it is one.
fn number(amount: u64, unit: f64) -> Value {
    let value = amount as f64 / unit;
    if value.fract() == 0.0 {
        json!(value as u64)
    } else {
        json!(value)
    }
}

fn probe(probe: Probe) -> Value {
    json!({
        "initialDelaySeconds": probe.initial_delay,
        "periodSeconds": probe.period,
        "failureThreshold": probe.failure_threshold,
        "successThreshold": probe.success_threshold,
        "timeoutSeconds": probe.timeout,
    })
}
