//! Calling endpoints: the right version answers, and the key goes nowhere but to the front end of its cluster.

use super::*;
use berth_contract::failure::Failure;
use berth_contract::model::{CallAnswer, CallEnd, CallOutcome, CalledWith, EndpointCall};
use berth_domain::scoring::REQUEST_BYTES;
use berth_runs::clock::SystemClock;
use berth_runs::scoring::{Caller, PATIENT};
use futures::{StreamExt as _, TryStreamExt as _, stream};

const ROWS: &str = r#"{"data": [[1, 2]]}"#;
/// What the linear model of the sandbox computes from them.
const COMPUTED: &str = r#"{"predictions":[5.5]}"#;
const ECHOED: &str = r#"{"echo":{"data":[[1,2]]}}"#;
/// Chi-squared with one degree of freedom at p = 0.001.
const CRITICAL: f64 = 10.828;

impl Serving {
    /// An online endpoint `calc` with the versions blue, which computes and gets 80 %, and green, which echoes.
    pub(super) async fn add_calculating(&self, auth: &str) -> String {
        let id = self.online("calc");
        let endpoint = |traffic: Value| {
            json!({ "location": ONLINE.0, "identity": { "type": "SystemAssigned" },
                "properties": { "authMode": auth, "compute": self.fleet.compute(ONLINE.0, ONLINE.1), "traffic": traffic } })
        };
        self.other_user.make(&id, VERSION, endpoint(json!({}))).await;
        for (version, model) in [("blue", "azureml:linear:1"), ("green", "azureml:scores:1")] {
            let body = json!({ "location": ONLINE.0, "sku": { "name": "Default", "capacity": 1 }, "properties": {
                "endpointComputeType": "Kubernetes", "model": model, "environmentId": "azureml:sklearn:12",
                "scaleSettings": { "scaleType": "Default" } } });
            let version = format!("{id}/deployments/{version}");
            self.other_user.make(&version, VERSION, body).await;
        }
        let split = endpoint(json!({ "blue": 80, "green": 20 }));
        self.other_user.make(&id, VERSION, split).await;
        id
    }

    /// A classic endpoint `sums` with the versions one, which computes and is the default, and two, which echoes.
    pub(super) async fn add_sums(&self) -> String {
        let version = |model: &str, traffic: u32, is_default: bool| {
            let request = json!({ "modelIds": [model] });
            json!({ "numReplicas": 1, "environmentImageRequest": request, "trafficPercentile": traffic,
                "isDefault": is_default })
        };
        let body = json!({ "name": "sums", "computeType": "AKSENDPOINT", "computeName": CLASSIC.1,
            "authEnabled": true, "aadAuthEnabled": false,
            "versions": { "one": version("linear:1", 70, true), "two": version("churn:3", 20, false) } });
        let services = format!(
            "/modelmanagement/v1.0{}/services",
            self.fleet.workspace(CLASSIC.0)
        );
        let request = outgoing(Method::POST, services.clone(), Some(body));
        self.arm.send(&request).await.unwrap();
        let path = format!("{services}/sums");
        while self.arm.get::<Value>(&path).await.unwrap()["state"] != "Healthy" {}
        self.service("sums")
    }

    async fn call(&self, id: &str, version: Option<&str>, request: &str) -> Result<CallOutcome, Failure> {
        let berth = &self.world().berth;
        berth
            .call_endpoint(&call_of(id, version), request.into(), 1 << 20)
            .await
    }

    async fn answer(&self, id: &str, version: Option<&str>, request: &str) -> CallAnswer {
        let outcome = self.call(id, version, request).await.unwrap();
        let answer = outcome.answer.clone();
        answer.unwrap_or_else(|| panic!("{outcome:#?}"))
    }

    async fn caller(&self, id: &str) -> Caller {
        let endpoint = self.details(id).await.endpoint;
        Caller::new(self.arm.clone(), &SystemClock::new(), endpoint, Vec::new(), None).await
    }

    async fn instead(&self, path: &str, body: Value, times: u32) {
        let fault =
            json!({ "match": { "method": "POST", "path": path }, "do": { "body": body }, "times": times });
        self.world().fault(fault).await;
    }

    fn set_address(&self, id: &str, url: &str) {
        let sandbox = self.world().sandbox.as_ref().unwrap();
        let edited = sandbox.edit_resource(id, |body| body["properties"]["scoringUri"] = json!(url));
        assert!(edited.unwrap());
    }
}

pub(super) fn call_of(id: &str, version: Option<&str>) -> EndpointCall {
    EndpointCall {
        account: RUNNING_SANDBOX.to_owned(),
        endpoint_id: id.to_owned(),
        version: version.map(str::to_owned),
        trusted_host: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_asked_version_answers_with_its_own_model() {
    let serving = Serving::new("invoke-versions").await;
    let online = serving.add_calculating("Key").await;
    let classic = serving.add_sums().await;
    for (id, version, expected) in [
        (&online, "blue", COMPUTED),
        (&online, "GREEN", ECHOED),
        (&classic, "one", COMPUTED),
        (&classic, "two", ECHOED),
    ] {
        let answer = serving.answer(id, Some(version), ROWS).await;
        assert_eq!(
            (answer.status, answer.body.as_deref(), answer.with),
            (200, Some(expected), CalledWith::Key),
            "{id} {version}"
        );
    }
    let answer = serving.answer(&online, Some("green"), ROWS).await;
    assert_eq!(answer.version.as_deref(), Some("green"));
    // The front end chooses, and a plain service is its own only version.
    assert_eq!(serving.answer(&online, None, ROWS).await.status, 200);
    let open = serving
        .answer(&serving.service("churn"), Some("churn"), ROWS)
        .await;
    assert_eq!(
        (open.body.as_deref(), open.with),
        (Some(ECHOED), CalledWith::Nothing)
    );

    let failure = serving.call(&online, Some("red"), ROWS).await.unwrap_err();
    let param = |name: &str| failure.params[name].as_str();
    assert_eq!(
        (failure.code, param("why"), param("known")),
        (FailureCode::BadInput, "no_version", "blue, green")
    );
    let invalid = serving
        .answer(&online, Some("blue"), "{\"data\": [[1, \"x\"]]}")
        .await;
    assert_eq!(invalid.status, 400, "{invalid:#?}");
    let berth = &serving.world().berth;
    let huge = vec![b' '; REQUEST_BYTES + 1];
    let failure = berth
        .call_endpoint(&call_of(&online, None), huge, 1)
        .await
        .unwrap_err();
    assert_eq!(
        (failure.code, failure.params["why"].as_str()),
        (FailureCode::BadInput, "too_big")
    );
    let short = berth
        .call_endpoint(&call_of(&online, Some("blue")), ROWS.into(), 5)
        .await;
    let short = short.unwrap().answer.unwrap();
    assert_eq!(
        (short.body.as_deref(), short.is_complete),
        (Some("{\"pre"), false)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_goes_only_to_the_front_end_of_its_cluster() {
    let serving = Serving::new("invoke-elsewhere").await;
    let id = serving.add_calculating("Key").await;
    let good = serving.details(&id).await.endpoint.url.unwrap();
    let plain = good.replacen("https://", "http://", 1);
    assert_ne!(plain, good, "TLS is on");
    for (url, reason) in [
        (
            "https://evil.example/api/v1/endpoint/calc/score",
            "address_elsewhere",
        ),
        (
            "https://127.0.0.1/api/v1/endpoint/calc/score",
            "address_elsewhere",
        ),
        (plain.as_str(), "address_plain"),
        ("ftp://evil.example/", "bad_url"),
        ("https://user@evil.example/", "bad_url"),
    ] {
        serving.set_address(&id, url);
        let failure = serving.call(&id, None, ROWS).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.params["reason"].as_str()),
            (FailureCode::NotCalled, reason),
            "{url}"
        );
    }
    assert!(serving.world().exchanges("POST", "/listKeys").is_empty());
    // What cannot be confirmed can be trusted by name.
    serving.set_address(&id, &good);
    let computes = format!("*/computes/{}?*", ONLINE.1);
    serving.fleet.refuse(&computes, json!({ "status": 403 })).await;
    let failure = serving.call(&id, None, ROWS).await.unwrap_err();
    assert_eq!(failure.params["reason"], "address_unconfirmed");
    assert!(serving.world().exchanges("POST", "/listKeys").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_credential_is_fetched_once_more() {
    let serving = Serving::new("invoke-rejected").await;
    let id = serving.add_calculating("AMLToken").await;
    let far = 4_000_000_000_i64;
    let expired = json!({ "accessToken": "expired", "tokenType": "Bearer", "expiryTimeUtc": far, "refreshAfterTimeUtc": far });
    serving.instead("*/calc/token?*", expired.clone(), 1).await;
    let answer = serving.answer(&id, Some("blue"), ROWS).await;
    assert_eq!(
        (answer.status, answer.with),
        (200, CalledWith::Token),
        "{answer:#?}"
    );
    assert_eq!(serving.world().exchanges("POST", "/calc/token").len(), 2);
    // One that Azure keeps handing out stays rejected.
    serving.instead("*/calc/token?*", expired, 99).await;
    assert_eq!(serving.answer(&id, Some("blue"), ROWS).await.status, 401);
    serving.world().clear_faults().await;

    let wrong = json!({ "primaryKey": "wrong", "secondaryKey": "wrong" });
    serving.instead("*/scores/listKeys?*", wrong, 99).await;
    let answer = serving
        .answer(&serving.online("scores"), Some("blue"), ROWS)
        .await;
    assert_eq!((answer.status, answer.with), (401, CalledWith::Key));
    // Without a usable key nothing is sent.
    serving.world().clear_faults().await;
    serving
        .instead("*/scores/listKeys?*", json!({ "primaryKey": null }), 99)
        .await;
    let failure = serving
        .call(&serving.online("scores"), None, ROWS)
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::ServiceFailed, "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_end_with_another_certificate_gets_no_key() {
    let serving = Serving::new("invoke-untrusted").await;
    let id = serving.add_calculating("Key").await;
    assert_eq!(
        serving.call(&id, None, ROWS).await.unwrap().end,
        CallEnd::Answered
    );
    // The cluster cannot be asked which certificate is its own, and nobody else vouches for it.
    let fault = json!({ "match": { "method": "GET", "path": "*/secrets/*" }, "do": { "status": 403 }, "times": 99999 });
    serving.world().fault(fault).await;
    let outcome = serving.call(&id, None, ROWS).await.unwrap();
    assert_eq!((outcome.end, outcome.answer), (CallEnd::Untrusted, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_split_as_configured() {
    let serving = Serving::new("invoke-split").await;
    let online = serving.add_calculating("Key").await;
    let classic = serving.add_sums().await;
    // The default version of a classic endpoint also gets what no version is assigned.
    for id in [online, classic] {
        let computed = computed_of_2000(&serving.caller(&id).await).await;
        let chi_squared = [(computed, 1600.0), (2000.0 - computed, 400.0)]
            .map(|(seen, expected): (f64, f64)| (seen - expected).powi(2) / expected)
            .iter()
            .sum::<f64>();
        assert!(
            chi_squared < CRITICAL,
            "{id}: {computed} of 2000, chi-squared {chi_squared}"
        );
    }
}

/// How many of 2,000 calls the computing version answers.
async fn computed_of_2000(caller: &Caller) -> f64 {
    let target = caller.target(None).unwrap();
    let calls = stream::iter(0..2000).map(|_| caller.call(&target, ROWS.into(), PATIENT));
    let bodies: Vec<Vec<u8>> = calls
        .buffer_unordered(16)
        .map_ok(|called| called.body)
        .try_collect()
        .await
        .unwrap();
    let computed = bodies.iter().filter(|body| *body == COMPUTED.as_bytes()).count();
    let echoed = bodies.iter().filter(|body| *body == ECHOED.as_bytes()).count();
    assert_eq!(computed + echoed, 2000);
    f64::from(u32::try_from(computed).unwrap())
}
