//! Endpoints of all workspaces, on both routes: read once, complete or known to be incomplete, saved, and printed.

mod front_end_logs;
mod invoke;
mod keys;
mod logs;
mod odd;
mod printed;
mod unread;

use crate::changes::other_user::OtherUser;
use crate::changes::users::Fleet;
use crate::harness::{World, options, outgoing};
use berth_app::Berth;
use berth_app::accounts::RUNNING_SANDBOX;
use berth_arm::Arm;
use berth_contract::failure::FailureCode;
use berth_contract::model::{EndpointDetails, EndpointList, ResourceOn};
use berth_domain::endpoint::{Endpoint, EndpointAuth, EndpointVersion, VersionRole, VersionScale};
use berth_domain::spec::Route;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const VERSION: &str = "2024-04-01";
/// Workspace and compute of the extension route.
const ONLINE: (&str, &str) = ("germanywestcentral", "hub-prod");
/// Workspace and compute of the classic route.
const CLASSIC: (&str, &str) = ("westeurope", "churn-prod");

/// The seeded fleet with an online endpoint `scores`, a web service `churn` and a classic endpoint `trial` with two versions.
struct Serving {
    fleet: Fleet,
    other_user: OtherUser,
    arm: Arm,
}

impl Serving {
    async fn new(name: &str) -> Self {
        Box::pin(Self::prepare(name)).await
    }

    async fn prepare(name: &str) -> Self {
        let fleet = Fleet::new(name).await;
        let other_user = OtherUser::of(&fleet.0).await;
        let arm = fleet.0.berth.session(RUNNING_SANDBOX).await.unwrap().arm;
        let serving = Self {
            fleet,
            other_user,
            arm,
        };
        serving.add_online("scores").await;
        serving.add_services().await;
        serving
    }

    fn world(&self) -> &World {
        &self.fleet.0
    }

    fn online(&self, name: &str) -> String {
        format!("{}/onlineEndpoints/{name}", self.fleet.workspace(ONLINE.0))
    }

    fn service(&self, name: &str) -> String {
        format!("{}/services/{name}", self.fleet.workspace(CLASSIC.0))
    }

    /// Creates an endpoint without deployments.
    async fn add_endpoint(&self, name: &str, traffic: Value) {
        let compute = self.fleet.compute(ONLINE.0, ONLINE.1);
        let body = json!({ "location": ONLINE.0, "identity": { "type": "SystemAssigned" },
            "properties": { "authMode": "Key", "compute": compute, "traffic": traffic } });
        self.other_user.make(&self.online(name), VERSION, body).await;
    }

    /// Creates an endpoint with the deployments `blue`, which gets most of the traffic, and `green`.
    async fn add_online(&self, name: &str) {
        self.add_endpoint(name, json!({})).await;
        for deployment in ["green", "blue"] {
            let id = format!("{}/deployments/{deployment}", self.online(name));
            let body = json!({ "location": ONLINE.0, "sku": { "name": "Default", "capacity": 2 }, "properties": {
                "endpointComputeType": "Kubernetes", "model": "azureml:scores:1", "environmentId": "azureml:sklearn:12",
                "scaleSettings": { "scaleType": "Default" } } });
            self.other_user.make(&id, VERSION, body).await;
        }
        self.add_endpoint(name, json!({ "blue": 90, "green": 10 })).await;
    }

    async fn add_services(&self) {
        let version =
            |traffic: u32| json!({ "numReplicas": 2, "modelIds": ["churn:3"], "trafficPercentile": traffic });
        let mut default = version(60);
        default["isDefault"] = json!(true);
        default["type"] = json!("Control");
        let mut services = [
            json!({ "name": "churn", "computeType": "AKS", "numReplicas": 3, "modelIds": ["churn:2"],
                "authEnabled": false, "aadAuthEnabled": false }),
            json!({ "name": "trial", "computeType": "AKSENDPOINT", "authEnabled": true, "aadAuthEnabled": false,
                "versions": { "two": version(10), "one": default } }),
        ];
        let path = |rest: &str| {
            let workspace = self.fleet.workspace(CLASSIC.0);
            format!("/modelmanagement/v1.0{workspace}/services{rest}")
        };
        for body in &mut services {
            body["computeName"] = json!(CLASSIC.1);
            let outgoing = outgoing(Method::POST, path(""), Some(body.clone()));
            self.arm.send(&outgoing).await.unwrap();
            let name = body["name"].as_str().unwrap();
            let state =
                async || self.arm.get::<Value>(&path(&format!("/{name}"))).await.unwrap()["state"].clone();
            while state().await != "Healthy" {}
        }
    }

    async fn read(&self) -> EndpointList {
        self.world().berth.read_endpoints(RUNNING_SANDBOX).await.unwrap()
    }

    /// The saved list.
    async fn last(&self) -> Option<EndpointList> {
        self.world().berth.last_endpoints(RUNNING_SANDBOX).await.unwrap()
    }

    async fn details(&self, id: &str) -> EndpointDetails {
        self.world().berth.get_endpoint(&on(id)).await.unwrap()
    }
}

fn on(id: &str) -> ResourceOn {
    ResourceOn {
        account: RUNNING_SANDBOX.to_owned(),
        resource_id: id.to_owned(),
    }
}

#[track_caller]
fn named<'a>(list: &'a EndpointList, name: &str) -> &'a Endpoint {
    let found = list.endpoints.iter().find(|endpoint| endpoint.name == name);
    found.unwrap_or_else(|| panic!("{name} is not in {list:#?}"))
}

fn names(list: &EndpointList) -> Vec<&str> {
    list.endpoints
        .iter()
        .map(|endpoint| endpoint.name.as_str())
        .collect()
}

/// Name and traffic of each version.
fn traffic(endpoint: &Endpoint) -> Vec<(&str, Option<u32>)> {
    let versions = endpoint.versions.iter();
    versions
        .map(|version| (version.name.as_str(), version.traffic))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_of_both_routes_are_listed_with_their_versions() {
    let serving = Serving::new("endpoints-both").await;
    let list = serving.read().await;
    assert!(list.unread.is_empty(), "{:#?}", list.unread);
    assert_eq!(names(&list), ["churn", "scores", "trial"]);

    let scores = named(&list, "scores");
    assert_eq!(
        (scores.id.as_str(), scores.route),
        (serving.online("scores").as_str(), Route::Extension)
    );
    assert_eq!(
        scores.compute_id.as_deref(),
        Some(serving.fleet.compute(ONLINE.0, ONLINE.1).as_str())
    );
    assert_eq!(
        scores.cluster_id.as_deref(),
        Some(serving.fleet.cluster(ONLINE.0, "aks-hub-prod").as_str())
    );
    assert_eq!(
        (scores.auth, scores.state.as_str()),
        (EndpointAuth::Key, "Succeeded")
    );
    assert_eq!(traffic(scores), [("blue", Some(90)), ("green", Some(10))]);
    let url = scores.url.as_deref().unwrap_or_default();
    assert!(url.ends_with("/api/v1/endpoint/scores/score"), "{url}");
    assert_eq!(
        scores.versions[0],
        EndpointVersion {
            name: "blue".to_owned(),
            traffic: Some(90),
            state: "Succeeded".to_owned(),
            model: Some("scores:1".to_owned()),
            environment: Some("sklearn:12".to_owned()),
            instance_type: Some("defaultinstancetype".to_owned()),
            scale: Some(VersionScale::Fixed { replicas: 2 }),
            url: None,
            role: None,
            errors: Vec::new(),
        }
    );

    let churn = named(&list, "churn");
    assert_eq!(
        (churn.id.as_str(), churn.route),
        (serving.service("churn").as_str(), Route::Classic)
    );
    assert_eq!(
        churn.cluster_id.as_deref(),
        Some(serving.fleet.cluster(CLASSIC.0, "aks-churn-prod").as_str())
    );
    assert_eq!(
        (churn.auth, churn.state.as_str()),
        (EndpointAuth::None, "Healthy")
    );
    assert_eq!(traffic(churn), [("churn", Some(100))]);
    assert_eq!(churn.versions[0].model.as_deref(), Some("churn:2"));
    assert!(churn.created_at.is_some() && churn.changed_at.is_some());

    let trial = named(&list, "trial");
    assert_eq!(traffic(trial), [("one", Some(60)), ("two", Some(10))]);
    assert_eq!(trial.versions[0].role, Some(VersionRole::Control));
    assert_eq!(trial.unassigned.as_deref(), Some("one"));
    assert_eq!(trial.share(&trial.versions[0]), Some(90));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_resource_is_requested_once() {
    let serving = Serving::new("endpoints-once").await;
    let before = serving.world().recorded().len();
    let list = serving.read().await;
    assert!(list.unread.is_empty(), "{:#?}", list.unread);
    let recorded = serving.world().recorded();
    let sent: Vec<&str> = recorded[before..]
        .iter()
        .filter_map(|exchange| exchange["url"].as_str())
        .collect();
    let once: BTreeSet<&str> = sent.iter().copied().collect();
    assert_eq!(sent.len(), once.len(), "sent twice: {sent:#?}");
    let count = |part: &str| sent.iter().filter(|url| url.contains(part)).count();
    let (subscriptions, workspaces) = (count("/workspaces?"), count("/computes?"));
    assert!(subscriptions > 1 && workspaces > 2, "{sent:#?}");
    // The list of subscriptions and the discovery document; per workspace its computes, endpoints and services; deployments.
    assert_eq!(sent.len(), 2 + subscriptions + 3 * workspaces + 1, "{sent:#?}");
    for (list, times) in [
        ("/subscriptions?", 1),
        ("/discovery", 1),
        ("/onlineEndpoints?", workspaces),
        ("/services?expand=true", workspaces),
        ("/deployments?", 1),
    ] {
        assert_eq!(count(list), times, "{list}: {sent:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_endpoint_is_read_afresh_on_both_routes() {
    let serving = Serving::new("endpoints-details").await;
    let scores = serving.details(&serving.online("scores")).await;
    assert_eq!(
        traffic(&scores.endpoint),
        [("blue", Some(90)), ("green", Some(10))]
    );
    assert_eq!(
        scores.compute.map(|compute| compute.name).as_deref(),
        Some(ONLINE.1)
    );
    assert_eq!(scores.workspace_location.as_deref(), Some(ONLINE.0));
    assert!(scores.endpoint.cluster_id.is_some() && scores.problems.is_empty());
    let trial = serving.details(&serving.service("TRIAL")).await;
    assert_eq!(
        (trial.endpoint.id.as_str(), trial.endpoint.versions.len()),
        (serving.service("trial").as_str(), 2)
    );
    assert_eq!(
        trial.compute.map(|compute| compute.name).as_deref(),
        Some(CLASSIC.1)
    );

    let ask = async |id: String| serving.world().berth.get_endpoint(&on(&id)).await.unwrap_err();
    for missing in [serving.online("nothing"), serving.service("nothing")] {
        let failure = ask(missing.clone()).await;
        assert_eq!(failure.code, FailureCode::NotFound, "{missing}: {failure:?}");
    }
    for (wrong, why) in [
        (serving.fleet.workspace(ONLINE.0), "not_an_endpoint"),
        (
            format!("{}/deployments/blue", serving.online("scores")),
            "not_an_endpoint",
        ),
        (serving.online("../scores"), "dots"),
        ("scores".to_owned(), "not_an_id"),
    ] {
        let failure = ask(wrong.clone()).await;
        assert_eq!(
            (failure.code, failure.params["why"].as_str()),
            (FailureCode::BadInput, why),
            "{wrong}"
        );
    }
    // Beside the endpoint, what cannot be read is a problem.
    serving
        .fleet
        .refuse(&format!("*/computes/{}?*", ONLINE.1), json!({ "status": 403 }))
        .await;
    serving
        .fleet
        .refuse("*/workspaces/ml-germanywestcentral?*", json!({ "status": 403 }))
        .await;
    let scores = serving.details(&serving.online("scores")).await;
    assert_eq!(
        (scores.compute, scores.workspace_location, scores.problems.len()),
        (None, None, 2)
    );
    assert_eq!(scores.endpoint.cluster_id, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_list_is_there_when_azure_is_not() {
    let mut serving = Serving::new("endpoints-last").await;
    assert_eq!(serving.last().await, None);
    let list = serving.read().await;
    serving.fleet.0.stop_sandbox().await;
    assert_eq!(serving.last().await.as_ref(), Some(&list));
    let failure = serving
        .world()
        .berth
        .read_endpoints(RUNNING_SANDBOX)
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::Unreachable, "{failure:?}");
    assert_eq!(serving.last().await.as_ref(), Some(&list));
    // Whoever is not signed in may be somebody else by now.
    let other = Berth::open(options(serving.world().folder.path())).unwrap();
    assert_eq!(other.last_endpoints(RUNNING_SANDBOX).await.unwrap(), None);
}
