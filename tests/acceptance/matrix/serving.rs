//! An endpoint with two versions on each route, for the plans that change endpoints.

use super::attached;
use super::order::Order;
use crate::harness::{World, outgoing};
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Arm;
use berth_contract::run::RunState;
use berth_domain::canary::CanarySteps;
use berth_domain::change::{Change, Goal};
use berth_domain::deployment_spec::{
    Auth, DeploySpec, EndpointChoice, EnvironmentSource, ModelFormat, ModelSource, RoleChoice, Serving,
};
use berth_domain::spec::Route;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const ENDPOINT: &str = "scores";

/// Creates the endpoint on the attached cluster: version blue has all traffic, version green none.
pub async fn endpoint(world: &World) -> String {
    endpoint_of(world, ["scores", "scores"]).await
}

/// The same with the models of blue and green. Models named `linear` compute and refuse other input; all others echo.
pub async fn endpoint_of(world: &World, models: [&str; 2]) -> String {
    let (_, compute_id) = attached(world, Route::Extension).await;
    let workspace = compute_id.rsplit_once("/computes/").unwrap().0;
    let id = format!("{workspace}/onlineEndpoints/{ENDPOINT}");
    let arm = world.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
    let endpoint = |traffic: Value| {
        json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" },
            "properties": { "authMode": "Key", "compute": compute_id, "traffic": traffic } })
    };
    put(world, &arm, &id, endpoint(json!({}))).await;
    for (version, model) in ["blue", "green"].into_iter().zip(models) {
        let body = json!({ "location": "westeurope",
            "properties": { "endpointComputeType": "Kubernetes", "model": format!("azureml:{model}:1") } });
        put(world, &arm, &format!("{id}/deployments/{version}"), body).await;
    }
    put(world, &arm, &id, endpoint(json!({ "blue": 100 }))).await;
    id
}

/// A first version, from files on this computer.
pub async fn first_version(world: &World) -> Order {
    let (_, compute_id) = attached(world, Route::Extension).await;
    Order::deploy(from_files(world, &compute_id))
}

/// A service without versions, from files on this computer.
pub async fn service(world: &World) -> Order {
    let (_, compute_id) = attached(world, Route::Classic).await;
    Order::deploy(DeploySpec {
        route: Route::Classic,
        endpoint: new_endpoint(true),
        version: String::new(),
        ..from_files(world, &compute_id)
    })
}

/// A further version of the classic endpoint, with a share of the traffic.
pub async fn further_version(world: &World) -> Order {
    let endpoint_id = classic(world).await;
    let workspace = endpoint_id.rsplit_once("/services/").unwrap().0;
    let compute_id = format!(
        "{workspace}/computes/{}",
        world.attach_existing(Route::Classic).place.compute_name
    );
    Order::deploy(DeploySpec {
        route: Route::Classic,
        endpoint: EndpointChoice::Existing {
            name: ENDPOINT.to_owned(),
        },
        version: "red".to_owned(),
        traffic: Some(10),
        role: RoleChoice {
            default: false,
            control: true,
        },
        ..from_files(world, &compute_id)
    })
}

fn new_endpoint(single: bool) -> EndpointChoice {
    EndpointChoice::New {
        name: ENDPOINT.to_owned(),
        description: String::new(),
        auth: Auth::Key,
        tags: BTreeMap::new(),
        namespace: String::new(),
        single,
    }
}

/// A version whose model, code and sample are files on this computer.
fn from_files(world: &World, compute_id: &str) -> DeploySpec {
    let folder = world.folder.path().join("deploy");
    let write = |path: &str, text: &str| {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("model/weights.json", r#"{"a": [2, 1], "b": 0.5}"#);
    write(
        "src/score.py",
        "def init():\n    pass\n\ndef run(raw):\n    return raw\n",
    );
    write("sample.json", r#"{"data": [[1, 2]]}"#);
    let path = |path: &str| folder.join(path).display().to_string();
    DeploySpec {
        workspace: world.workspace(),
        compute: compute_id.rsplit('/').next().unwrap().to_owned(),
        endpoint: new_endpoint(false),
        version: "blue".to_owned(),
        models: vec![ModelSource::Local {
            path: path("model"),
            name: "linear".to_owned(),
            format: ModelFormat::Custom,
            framework: None,
        }],
        serving: Serving::Script {
            environment: Some(EnvironmentSource::Curated {
                name: "AzureML-sklearn-1.5".to_owned(),
                version: "25".to_owned(),
            }),
            folder: path("src"),
            script: "score.py".to_owned(),
        },
        sample: path("sample.json"),
        ..DeploySpec::default()
    }
}

/// Runs an endpoint whose version blue has all traffic and whose version green has the script and none. Returns its id.
pub async fn with_script(world: &World, script: &str) -> String {
    let (_, compute_id) = attached(world, Route::Extension).await;
    let first = from_files(world, &compute_id);
    deployed(world, &first).await;
    let file = world.folder.path().join("deploy/src/score.py");
    std::fs::write(file, script).unwrap();
    let second = DeploySpec {
        endpoint: EndpointChoice::Existing {
            name: ENDPOINT.to_owned(),
        },
        version: "green".to_owned(),
        traffic: Some(0),
        ..first
    };
    deployed(world, &second).await;
    second.endpoint_id().unwrap()
}

async fn deployed(world: &World, spec: &DeploySpec) {
    let run = Order::deploy(spec.clone()).give(&world.berth).await.unwrap();
    let end = world.berth.wait_for_run(&run).await.unwrap();
    assert_eq!(end.summary.state, RunState::Succeeded, "{end:#?}");
}

/// An update of the first version, which has all traffic.
pub async fn updated_version(world: &World) -> Order {
    let first = first_version(world).await;
    let run = first.give(&world.berth).await.unwrap();
    world.berth.wait_for_run(&run).await.unwrap();
    let Order::Start(goal) = first else {
        panic!("a run that resumes");
    };
    let Goal::Deploy { spec } = goal.goal else {
        panic!("not a version");
    };
    let mut spec = *spec;
    spec.endpoint = EndpointChoice::Existing {
        name: ENDPOINT.to_owned(),
    };
    spec.waived = vec![format!("DEP-26:{}", spec.version_id().unwrap())];
    Order::deploy(spec)
}

/// Creates a classic endpoint on the attached cluster: version blue is the default and has all traffic, version green none.
pub async fn classic(world: &World) -> String {
    let (_, compute_id) = attached(world, Route::Classic).await;
    let (workspace, compute) = compute_id.rsplit_once("/computes/").unwrap();
    let arm = world.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
    let version = |traffic: u32, default: bool| json!({ "numReplicas": 1, "modelIds": ["scores:1"], "trafficPercentile": traffic, "isDefault": default });
    let body = json!({ "name": ENDPOINT, "computeType": "AKSENDPOINT", "computeName": compute, "authEnabled": true,
        "aadAuthEnabled": false, "versions": { "blue": version(100, true), "green": version(0, false) } });
    let path = format!("/modelmanagement/v1.0{workspace}/services");
    arm.send(&outgoing(Method::POST, path, Some(body))).await.unwrap();
    world.pass(600).await;
    format!("{workspace}/services/{ENDPOINT}")
}

/// What each call of a canary sends.
pub const SAMPLE: &str = r#"{ "rows": ["sample-of-a-caller"] }"#;

/// A canary of version green, with one minute at each step.
pub fn canary(world: &World, endpoint_id: String, steps: &[u8]) -> Change {
    let sample = world.folder.path().join("sample.json");
    std::fs::write(&sample, SAMPLE).unwrap();
    Change::Canary {
        endpoint_id,
        canary: CanarySteps {
            version: "green".to_owned(),
            steps: steps.to_vec(),
            minutes: 1,
        },
        sample: sample.display().to_string(),
    }
}

/// Writes a resource, and lets the time pass that Azure takes for it.
async fn put(world: &World, arm: &Arm, id: &str, body: Value) {
    let path = format!("{id}?api-version=2025-12-01");
    let request = outgoing(Method::PUT, path, Some(body));
    arm.send(&request).await.unwrap();
    world.pass(600).await;
}
