use super::*;
use crate::deployment_spec::{EnvironmentSource, ModelSource, Scale, Serving};
use serde_json::json;

const ID: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/services/churn";

fn part() -> Value {
    json!({
        "autoScaler": { "autoscaleEnabled": true, "minReplicas": 1, "maxReplicas": 3, "targetUtilization": 60, "refreshPeriodInSeconds": 2 },
        "containerResourceRequirements": { "cpu": 0.1, "cpuLimit": 1, "memoryInGB": 0.5, "memoryInGBLimit": 2, "gpu": null },
        "scoringTimeoutMs": 60_000, "maxQueueWaitMs": 500, "maxConcurrentRequestsPerContainer": 1,
        "kvTags": { "team": "a", "berth-plan": "p-1" }, "description": "Who leaves",
        "environmentImageRequest": {
            "driverProgram": "main.py", "modelIds": ["churn:3"],
            "assets": [
                { "id": "main.py", "url": "aml://artifact/LocalUpload/c1/main.py" },
                { "id": "src.tar.gz", "url": "aml://artifact/LocalUpload/c2/src.tar.gz", "unpack": true },
            ],
            "environment": { "name": "AzureML-sklearn-1.5", "version": "25", "environmentVariables": {
                "AZUREML_ENTRY_SCRIPT": "src/app/score.py", "AZUREML_SOURCE_DIRECTORY": "src", "MODE": "fast" } },
        },
    })
}

fn plain() -> Value {
    let mut service = part();
    for (member, value) in [
        ("id", json!(ID)),
        ("name", json!("churn")),
        ("computeType", json!("AKS")),
        ("computeName", json!("old")),
        ("authEnabled", json!(true)),
        ("aadAuthEnabled", json!(false)),
        ("appInsightsEnabled", json!(true)),
    ] {
        service[member] = value;
    }
    service
}

/// A plain service with one member changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut service = plain();
    let (above, last) = pointer.rsplit_once('/').unwrap();
    service.pointer_mut(above).unwrap()[last] = value;
    service
}

fn carried(service: &Value) -> Vec<CarriedVersion> {
    carry_over(service, &WorkspaceRef::default(), "new")
}

/// The codes of what is said about all versions.
fn codes(service: &Value) -> Vec<&'static str> {
    let all = carried(service);
    all.iter()
        .flat_map(|version| version.lines("churn"))
        .map(|(code, ..)| code)
        .collect()
}

#[test]
fn a_service_becomes_an_endpoint_with_one_version() {
    let all = carried(&plain());
    let [version] = all.as_slice() else {
        panic!("{all:#?}")
    };
    assert_eq!(codes(&plain()), ["carried"]);
    let spec = version.spec.as_ref().unwrap();
    assert_eq!(
        (spec.endpoint.name(), spec.version.as_str(), spec.compute.as_str()),
        ("churn", "churn-1", "new")
    );
    assert_eq!((spec.endpoint.auth(), spec.share()), (Some(Auth::Key), 100));
    let model = ModelSource::Registered {
        name: "churn".to_owned(),
        version: "3".to_owned(),
    };
    assert_eq!(spec.models, [model]);
    let serving = Serving::Script {
        environment: Some(EnvironmentSource::Curated {
            name: "AzureML-sklearn-1.5".to_owned(),
            version: "25".to_owned(),
        }),
        folder: "churn-churn".to_owned(),
        script: "app/score.py".to_owned(),
    };
    assert_eq!(spec.serving, serving);
    assert_eq!(
        (spec.resources.cpu.as_str(), spec.resources.memory.as_str()),
        ("0.1", "512Mi")
    );
    assert_eq!(spec.resources.memory_limit, "2Gi");
    let scale = Scale::Auto {
        min: 1,
        max: 3,
        target: Some(60),
        seconds: Some(2),
    };
    assert_eq!(spec.scale, scale);
    assert_eq!(spec.requests.timeout_ms, Some(60_000));
    assert!(spec.app_insights);
    assert_eq!(spec.tags, BTreeMap::from([("team".to_owned(), "a".to_owned())]));
    assert_eq!(
        spec.environment_variables,
        BTreeMap::from([("MODE".to_owned(), "fast".to_owned())])
    );
    let archive = CodeAsset {
        artifact: "LocalUpload/c2/src.tar.gz".to_owned(),
        is_archive: true,
        folder: "src".to_owned(),
    };
    assert_eq!(version.code, [archive]);
}

#[test]
fn what_cannot_be_carried_over_is_said() {
    let request = "/environmentImageRequest";
    let built = |image| {
        let mut service = with(request, Value::Null);
        service["imageId"] = image;
        service
    };
    let at = |rest: &str| format!("{request}/{rest}");
    for (service, code) in [
        (with(request, Value::Null), "script"),
        (built(json!("churn:7")), "image"),
        (with(&at("modelIds"), json!([])), "models"),
        (with(&at("modelIds"), json!(["a:1", "b:1"])), "models"),
        (with(&at("modelIds"), json!([7])), "models"),
        (with(&at("driverProgram"), Value::Null), "no_code"),
        (with(&at("environment/version"), Value::Null), "environment"),
        (with(&at("environment/environmentVariables"), json!({})), "script"),
        (with(&at("assets"), json!([])), "code"),
        (
            with(&at("assets/1/url"), json!("https://elsewhere.example/a")),
            "code",
        ),
        (
            with(&at("assets/1/url"), json!("aml://artifact/LocalUpload/../x")),
            "code",
        ),
        (
            json!({ "name": "churn", "id": ID, "computeType": "AKSENDPOINT" }),
            "versions",
        ),
        (
            json!({ "name": "churn", "id": ID, "computeType": "AKSENDPOINT", "versions": { "../v1": part() } }),
            "versions",
        ),
    ] {
        let all = carried(&service);
        assert!(codes(&service).contains(&code), "{code}: {:?}", codes(&service));
        assert!(all.iter().all(|version| version.spec.is_none()), "{code}");
    }
}

#[test]
fn what_stays_behind_is_said() {
    for (service, code) in [
        (with("/authEnabled", json!(false)), "open"),
        (with("/aadAuthEnabled", json!(true)), "two_ways"),
        (with("/authEnabled", Value::Null), "auth_unknown"),
        (with("/autoScaler", Value::Null), "scale"),
        (with("/scoringTimeoutMs", json!(600_000)), "timeout"),
        (
            with("/dataCollection", json!({ "storageEnabled": true })),
            "collection",
        ),
    ] {
        assert_eq!(codes(&service), ["carried", code]);
    }
    let token = with("/aadAuthEnabled", json!(true));
    let token = carried(&{
        let mut token = token;
        token["authEnabled"] = json!(false);
        token
    });
    let spec = token[0].spec.as_ref().unwrap();
    assert_eq!(spec.endpoint.auth(), Some(Auth::Token));
}

#[test]
fn versions_keep_their_traffic() {
    let version = |percent: u8, kind: &str| {
        let mut version = part();
        version["trafficPercentile"] = json!(percent);
        version["isDefault"] = json!(kind == "Control");
        version["type"] = json!(kind);
        version
    };
    let mut service = json!({
        "name": "churn", "id": ID, "computeType": "AKSENDPOINT", "authEnabled": true, "aadAuthEnabled": false,
        "versions": { "blue": version(20, "Treatment"), "green": version(50, "Control"), "teal": version(20, "Treatment") },
    });
    let shares = |service: &Value| -> Vec<(String, bool, Option<u8>)> {
        let all = carried(service).into_iter();
        all.filter_map(|version| {
            let spec = version.spec?;
            Some((version.name, spec.endpoint.is_new(), spec.traffic))
        })
        .collect()
    };
    let blue = |share| ("blue".to_owned(), false, Some(share));
    // The default version also has the rest.
    assert_eq!(
        shares(&service),
        [
            ("green".to_owned(), true, None),
            blue(25),
            ("teal".to_owned(), false, Some(20))
        ]
    );
    assert_eq!(codes(&service), ["carried", "role", "carried", "carried"]);
    service["versions"]["green"]["environmentImageRequest"] = Value::Null;
    assert_eq!(
        shares(&service),
        [
            ("blue".to_owned(), true, None),
            ("teal".to_owned(), false, Some(50))
        ]
    );
    service["versions"]["teal"]["trafficPercentile"] = json!("odd");
    assert!(codes(&service).contains(&"traffic"));
}

#[test]
fn a_version_whose_code_cannot_be_read_is_not_carried_over() {
    let mut version = carried(&plain()).remove(0);
    version.without_code("403 Forbidden".to_owned());
    let found = version.findings("churn");
    assert_eq!((version.spec, found.len()), (None, 1));
    assert_eq!(found[0].code, UNREAD_CODE);
    assert_eq!(
        (found[0].params["name"].as_str(), found[0].params["why"].as_str()),
        ("churn", "403 Forbidden")
    );
}

#[test]
fn names_fit_next_to_each_other() {
    let long = "a234567890123456789012345678-012";
    let mut service = plain();
    service["name"] = json!(long);
    let all = carried(&service);
    let spec = all[0].spec.as_ref().unwrap();
    assert_eq!(spec.version, "a234567890123456789012345678-1");
    assert_eq!(spec.endpoint.name().len() + spec.version.len(), 62);
}
