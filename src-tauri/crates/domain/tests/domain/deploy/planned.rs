//! Plans of versions: their steps, order and requests.

use super::*;
use crate::good;
use berth_domain::change::Goal;
use berth_domain::facts::{Fact, Facts, LocalFiles};
use berth_domain::plan::{Plan, PlanError, PlanStep, plan};
use serde_json::{Value, json};

const HASH: &str = "a2bc";

fn files(location: &str) -> Fact<Result<LocalFiles, String>> {
    Fact::Known(Ok(LocalFiles {
        hash: text(HASH),
        location: text(location),
        outside: Vec::new(),
    }))
}

pub(super) fn facts() -> Facts {
    let mut facts = Facts {
        workspace: Fact::Known(Some(good::workspace())),
        ..Facts::default()
    };
    facts.deploy.code = files("src");
    facts.deploy.model_files = files("LocalUpload/a2bc/m.pkl");
    facts.deploy.next_model = Fact::Known(text("3"));
    facts.deploy.same_code = Fact::Known(None);
    facts.change.endpoint = Fact::Known(None);
    facts
}

pub(super) fn planned(spec: &DeploySpec, facts: &Facts) -> Result<Plan, PlanError> {
    let goal = Goal::Deploy {
        spec: Box::new(spec.clone()),
    };
    plan(&goal, facts, "p-1")
}

/// A version that exists, with other settings than the specification's and a variable that may be a secret.
pub(super) fn blue(replicas: u32) -> Value {
    let id = format!("{WORKSPACE}/onlineEndpoints/churn/deployments/blue");
    json!({ "id": id, "name": "blue", "location": "westeurope", "tags": { "team": "a" },
        "sku": { "name": "Default", "capacity": replicas },
        "properties": { "endpointComputeType": "Kubernetes", "provisioningState": "Succeeded",
            "model": "/models/old/versions/1", "environmentVariables": { "TOKEN": "s3cr3t" },
            "scaleSettings": { "scaleType": "Default" } } })
}

/// The facts of an endpoint with the version [`blue`], which has most of the traffic.
fn with_blue() -> Facts {
    let mut facts = facts();
    let compute = format!("{WORKSPACE}/computes/k8s-compute");
    facts.change.endpoint = Fact::Known(Some(
        json!({ "properties": { "compute": compute, "traffic": { "blue": 90, "green": 10 } } }),
    ));
    facts.deploy.version = Fact::Known(Some(blue(2)));
    facts
}

fn updating(traffic: Option<u8>) -> DeploySpec {
    DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        traffic,
        ..extension()
    }
}

/// Plans for each kind of step that a version can need.
pub(crate) fn plans() -> Vec<Plan> {
    let image = EnvironmentSource::Image {
        image: text("img:1"),
        routes: None,
    };
    let spec = DeploySpec {
        models: vec![cases::local(ModelFormat::Custom, None)],
        sample: text("sample.json"),
        ..extension()
    };
    let contained = DeploySpec {
        serving: Serving::Container {
            environment: Some(image),
        },
        ..spec.clone()
    };
    let classic = DeploySpec {
        route: Route::Classic,
        ..spec.clone()
    };
    let mut single = classic.clone();
    if let EndpointChoice::New { single, .. } = &mut single.endpoint {
        *single = true;
    }
    let again = DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        ..classic.clone()
    };
    let mut there = facts();
    there.change.endpoint = Fact::Known(Some(json!({ "name": "churn", "computeType": "AKS" })));
    let mut plans: Vec<Plan> = [spec, contained, classic, single]
        .iter()
        .map(|spec| planned(spec, &facts()).expect("a plan"))
        .collect();
    plans.push(planned(&again, &there).expect("a plan"));
    plans.push(planned(&updating(None), &with_blue()).expect("a plan"));
    plans
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

fn step<'a>(plan: &'a Plan, id: &str) -> &'a PlanStep {
    plan.steps.iter().find(|step| step.id == id).expect(id)
}

fn request(plan: &Plan, id: &str) -> (String, Value) {
    let request = step(plan, id).request.as_ref().expect("a request");
    let path = request.path.split('?').next().unwrap_or_default();
    let body = request.body.clone().unwrap_or_default();
    (
        format!("{} {}", request.method, path.trim_start_matches(WORKSPACE)),
        body,
    )
}

#[test]
fn a_first_version_gets_its_traffic_when_it_has_answered() {
    let plans = plans();
    assert_eq!(
        ids(&plans[0]),
        [
            "upload_model",
            "upload_code",
            "create_endpoint",
            "create_version",
            "prove_version",
            "traffic"
        ]
    );
    assert_eq!(ids(&plans[1])[..2], ["upload_model", "register_environment"]);
    let (path, body) = request(&plans[0], "upload_code");
    assert_eq!(path, "PUT /codes/p-1/versions/1");
    assert_eq!(body["properties"]["codeUri"], "{container}/src");
    let (path, body) = request(&plans[0], "upload_model");
    assert_eq!(path, "PUT /models/m/versions/3");
    assert_eq!(body["properties"]["tags"], json!({ "berth-plan": "p-1" }));
    let (_, body) = request(&plans[0], "create_endpoint");
    assert_eq!(body["properties"].get("traffic"), None);
    let (path, body) = request(&plans[0], "create_version");
    assert_eq!(path, "PUT /onlineEndpoints/churn/deployments/blue");
    assert_eq!(
        body["properties"]["model"],
        format!("{WORKSPACE}/models/m/versions/3")
    );
    let (path, body) = request(&plans[0], "traffic");
    assert_eq!(path, "PUT /onlineEndpoints/churn");
    assert_eq!(body["properties"]["traffic"], json!({ "blue": 100 }));
}

#[test]
fn what_the_workspace_has_is_not_sent_again_and_without_a_sample_nothing_is_called() {
    let mut facts = facts();
    let code = format!("{WORKSPACE}/codes/c/versions/1");
    facts.deploy.same_code = Fact::Known(Some(code.clone()));
    let plan = planned(&extension(), &facts).expect("a plan");
    assert_eq!(
        ids(&plan),
        ["create_endpoint", "create_version", "traffic", "confirm"]
    );
    let (_, body) = request(&plan, "create_version");
    assert_eq!(body["properties"]["codeConfiguration"]["codeId"], code);
}

#[test]
fn a_model_with_the_same_files_is_not_registered_again() {
    let mut facts = facts();
    facts.deploy.same_model = Fact::Known(Some(text("2")));
    let spec = DeploySpec {
        models: vec![cases::local(ModelFormat::Custom, None)],
        ..extension()
    };
    let plan = planned(&spec, &facts).expect("a plan");
    assert!(!ids(&plan).contains(&"upload_model"), "{:?}", ids(&plan));
    let (_, body) = request(&plan, "create_version");
    let model = body["properties"]["model"].as_str().expect("a model");
    assert!(model.ends_with("/versions/2"), "{model}");
}

#[test]
fn a_further_version_takes_its_share_from_the_others() {
    let mut facts = facts();
    let endpoint = |traffic: Value| Fact::Known(Some(json!({ "properties": { "traffic": traffic } })));
    let further = |traffic| DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        version: text("green"),
        traffic,
        ..extension()
    };
    for (live, share, wanted) in [
        (
            json!({ "blue": 100 }),
            Some(10),
            Some(json!({ "blue": 90, "green": 10 })),
        ),
        (
            json!({ "blue": 60, "red": 40 }),
            Some(50),
            Some(json!({ "blue": 30, "red": 20, "green": 50 })),
        ),
        (json!({ "blue": 100 }), Some(100), Some(json!({ "green": 100 }))),
        (json!({}), Some(100), Some(json!({ "green": 100 }))),
        (json!({ "blue": 100 }), None, None),
    ] {
        facts.change.endpoint = endpoint(live.clone());
        let plan = planned(&further(share), &facts).expect("a plan");
        let sent = plan.steps.iter().find(|step| step.id == "traffic");
        let sent = sent.and_then(|step| step.request.as_ref()?.body.clone());
        assert_eq!(
            sent.map(|body| body["properties"]["traffic"].clone()),
            wanted,
            "{live} {share:?}"
        );
    }
    facts.change.endpoint = endpoint(json!({}));
    assert!(
        planned(&further(Some(10)), &facts).is_err(),
        "the rest would have no version"
    );
    facts.change.endpoint = endpoint(Value::Null);
    assert!(
        planned(&further(Some(10)), &facts).is_err(),
        "the traffic is not known"
    );
}

#[test]
fn nothing_is_planned_while_something_is_missing() {
    let unread = |spoil: fn(&mut Facts)| {
        let mut facts = facts();
        spoil(&mut facts);
        planned(&extension(), &facts).is_err()
    };
    assert!(unread(|facts| facts.workspace = Fact::Known(None)));
    assert!(unread(|facts| facts.deploy.code = Fact::Known(Err(text("gone")))));
    assert!(planned(&DeploySpec::default(), &facts()).is_err());
}

#[test]
fn a_service_names_its_model_and_the_place_of_its_code() {
    let plan = &plans()[2];
    assert_eq!(ids(plan), ["upload_model", "deploy_service", "prove_version"]);
    let (path, body) = request(plan, "upload_model");
    let path = path.replace("/modelmanagement/v1.0", "").replace(WORKSPACE, "");
    assert_eq!(
        (path.as_str(), &body["url"], &body["framework"]),
        ("POST /models", &json!("aml://asset/{asset}"), &json!("Custom"))
    );
    let (path, body) = request(plan, "deploy_service");
    assert!(
        path.starts_with("POST /modelmanagement/v1.0/") && path.ends_with("/services"),
        "{path}"
    );
    let made = &body["versions"]["blue"]["environmentImageRequest"];
    assert_eq!(made["modelIds"], json!(["m:3"]));
    assert_eq!(
        made["environment"]["environmentVariables"]["AZUREML_ENTRY_SCRIPT"],
        json!("code/score.py")
    );
    assert_eq!(
        made["assets"][1]["url"],
        json!("aml://artifact/LocalUpload/{container}/code/code.tar.gz")
    );
}

fn on_classic(versions: Value, version: &str, traffic: Option<u8>) -> Vec<String> {
    let mut facts = facts();
    facts.change.endpoint = Fact::Known(Some(
        json!({ "name": "churn", "computeType": "AKSENDPOINT", "kvTags": {}, "versions": versions }),
    ));
    let spec = DeploySpec {
        endpoint: EndpointChoice::Existing { name: text("churn") },
        version: text(version),
        traffic,
        ..classic()
    };
    let plan = planned(&spec, &facts).expect("a plan");
    let requests = plan.steps.iter().filter_map(|step| step.request.as_ref());
    requests
        .map(|request| request.body.clone().unwrap_or_default().to_string())
        .collect()
}

#[test]
fn a_version_is_added_or_updated_and_its_traffic_comes_last() {
    let versions =
        || json!({ "blue": { "trafficPercentile": 100, "isDefault": true, "kvTags": { "team": "a" } } });
    let added = on_classic(versions(), "green", Some(10));
    assert_eq!(added.len(), 2);
    assert!(added[0].contains(r#""path":"/versions/green""#), "{}", added[0]);
    assert!(
        added[1].contains(r#""path":"/versions/blue/trafficPercentile","value":90"#),
        "{}",
        added[1]
    );
    assert!(
        added[1].contains(r#""path":"/versions/green/trafficPercentile","value":10"#),
        "{}",
        added[1]
    );
    let updated = on_classic(versions(), "blue", None);
    assert_eq!(updated.len(), 1);
    assert!(
        updated[0].contains(r#""path":"/versions/blue/tags","value":{"team":"a","berth-plan":"p-1"}"#),
        "{}",
        updated[0]
    );
}

#[test]
fn a_version_that_exists_is_updated_and_keeps_its_share() {
    let plan = planned(&updating(None), &with_blue()).expect("a plan");
    assert_eq!(ids(&plan), ["upload_code", "update_version", "confirm"]);
    let (path, body) = request(&plan, "update_version");
    assert_eq!(path, "PUT /onlineEndpoints/churn/deployments/blue");
    assert_eq!(body["tags"], json!({ "team": "a", "berth-plan": "p-1" }));
    let variables = &body["properties"]["environmentVariables"];
    assert_eq!(variables["TOKEN"], "{unchanged}");
    assert_eq!(variables["BERTH_ROLLOUT"], "p-1");
    let written = serde_json::to_string(&plan).expect("JSON");
    assert!(!written.contains("s3cr3t"), "{written}");
    let interrupts = &step(&plan, "update_version").interrupts;
    assert_eq!(interrupts[0].code, "interrupt.restart");

    let shared = planned(&updating(Some(50)), &with_blue()).expect("a plan");
    let (_, body) = request(&shared, "traffic");
    assert_eq!(body["properties"]["traffic"], json!({ "blue": 50, "green": 50 }));
    let same = planned(&updating(Some(90)), &with_blue()).expect("a plan");
    assert_eq!(ids(&same), ids(&plan));
}
