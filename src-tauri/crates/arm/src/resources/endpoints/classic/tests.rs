use super::*;
use berth_domain::diagnosis::ReportedError;
use serde_json::json;

const WORKSPACE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ml";

fn plain() -> Value {
    json!({
        "name": "churn", "computeType": "AKS", "computeName": "myaks", "state": "Healthy",
        "scoringUri": "http://20.1.2.3:80/api/v1/service/churn/score",
        "authEnabled": true, "aadAuthEnabled": false,
        "numReplicas": null, "autoScaler": { "autoscaleEnabled": true, "minReplicas": 1, "maxReplicas": 10, "targetUtilization": 70 },
        "environmentImageRequest": { "modelIds": ["churn:2"], "environment": { "name": "AzureML-sklearn", "version": "1" } },
        "models": [{ "id": "churn:2", "name": "churn", "version": 2 }],
        "createdTime": "2021-03-01T10:00:00.123456Z", "updatedTime": "2021-03-02T10:00:00Z", "error": null,
    })
}

fn experiment() -> Value {
    let version = |traffic: Value| {
        json!({ "state": "Healthy", "trafficPercentile": traffic, "numReplicas": 2,
        "autoScaler": { "autoscaleEnabled": false }, "scoringUri": "http://20.1.2.3/api/v1/service/v/score" })
    };
    let mut value = json!({
        "name": "churn", "computeType": "AKSENDPOINT", "computeName": "myaks", "state": "Healthy",
        "authEnabled": false, "aadAuthEnabled": true,
        "versions": { "b": version(json!(20)), "a": version(json!(60)), "c": version(json!(0)) },
    });
    value["versions"]["a"]["isDefault"] = json!(true);
    value["versions"]["a"]["type"] = json!("Control");
    value["versions"]["b"]["type"] = json!("Treatment");
    value["versions"]["b"]["isDefault"] = json!(false);
    value
}

fn of(value: &Value) -> Endpoint {
    service(WORKSPACE, &text(value, "/name"), value).endpoint
}

#[test]
fn a_plain_service_has_one_version_with_all_the_traffic() {
    let found = of(&plain());
    let only = EndpointVersion {
        name: "churn".to_owned(),
        traffic: Some(100),
        state: "Healthy".to_owned(),
        model: Some("churn:2".to_owned()),
        environment: Some("AzureML-sklearn:1".to_owned()),
        instance_type: None,
        scale: Some(VersionScale::Auto {
            min: 1,
            max: 10,
            target: 70,
        }),
        url: None,
        role: None,
        errors: Vec::new(),
    };
    assert_eq!(
        found,
        Endpoint {
            id: format!("{WORKSPACE}/services/churn"),
            name: "churn".to_owned(),
            route: Route::Classic,
            workspace_id: WORKSPACE.to_owned(),
            compute_id: Some(format!("{WORKSPACE}/computes/myaks")),
            compute_name: Some("myaks".to_owned()),
            cluster_id: None,
            url: Some("http://20.1.2.3:80/api/v1/service/churn/score".to_owned()),
            auth: EndpointAuth::Key,
            state: "Healthy".to_owned(),
            versions: vec![only],
            versions_unread: None,
            unassigned: None,
            errors: Vec::new(),
            created_at: Some("2021-03-01T10:00:00.123456Z".to_owned()),
            changed_at: Some("2021-03-02T10:00:00Z".to_owned()),
        }
    );
}

#[test]
fn an_endpoint_with_versions_has_roles_and_a_default() {
    let found = of(&experiment());
    let seen: Vec<_> = found
        .versions
        .iter()
        .map(|version| (version.name.as_str(), version.traffic, version.role))
        .collect();
    assert_eq!(
        seen,
        [
            ("a", Some(60), Some(VersionRole::Control)),
            ("b", Some(20), Some(VersionRole::Treatment)),
            ("c", Some(0), None),
        ]
    );
    assert_eq!(found.unassigned.as_deref(), Some("a"));
    assert_eq!(
        (found.auth, found.versions_unread.as_deref()),
        (EndpointAuth::Token, None)
    );
    let own = "http://20.1.2.3/api/v1/service/v/score";
    assert!(
        found
            .versions
            .iter()
            .all(|version| version.url.as_deref() == Some(own))
    );
    assert_eq!(found.versions[0].scale, Some(VersionScale::Fixed { replicas: 2 }));
    assert_eq!(found.share(&found.versions[0]), Some(80));
    let mut without_type = experiment();
    without_type["versions"]["a"]["type"] = Value::Null;
    assert_eq!(of(&without_type).versions[0].role, Some(VersionRole::Default));
    let mut two_defaults = experiment();
    two_defaults["versions"]["b"]["isDefault"] = json!(true);
    assert_eq!(of(&two_defaults).unassigned, None);
}

#[test]
fn versions_that_azure_does_not_list_are_unread() {
    for odd in [Value::Null, json!([]), json!("a"), json!(2)] {
        let mut value = experiment();
        value["versions"] = odd.clone();
        let found = of(&value);
        assert!(found.versions.is_empty(), "{odd}");
        assert!(
            found.versions_unread.is_some() && found.unassigned.is_none(),
            "{odd}"
        );
    }
    let mut odd = experiment();
    odd["versions"] = json!({ "a": null, "b": 7, "../c": {} });
    let found = of(&odd);
    let seen: Vec<_> = found
        .versions
        .iter()
        .map(|one| (one.name.as_str(), one.traffic, one.state.as_str()))
        .collect();
    assert_eq!(seen, [("a", None, ""), ("b", None, "")]);
    assert_eq!(
        found.versions_unread.as_deref(),
        Some("a version has no usable name")
    );
    // Without its kind, it is unknown whether a service has versions.
    let mut kindless = plain();
    kindless["computeType"] = Value::Null;
    let found = of(&kindless);
    assert!(found.versions.is_empty() && found.versions_unread.is_some());
}

#[test]
fn services_elsewhere_are_left_out_and_those_of_unknown_kind_are_not() {
    for (kind, listed) in [
        (json!("AKS"), true),
        (json!("AksEndpoint"), true),
        (json!("ACI"), false),
        (json!("MIR"), false),
        (Value::Null, true),
        (json!(7), true),
        (json!(""), true),
    ] {
        assert_eq!(is_on_aks(&json!({ "computeType": kind })), listed, "{kind}");
    }
    assert!(is_on_aks(&Value::Null) && is_on_aks(&json!("AKS")));
}

#[test]
fn access_is_open_only_if_azure_says_so() {
    for (keys, tokens, auth) in [
        (json!(true), json!(false), EndpointAuth::Key),
        (json!(false), json!(true), EndpointAuth::Token),
        (json!(true), json!(true), EndpointAuth::KeyAndToken),
        (json!(false), json!(false), EndpointAuth::None),
        (json!(false), Value::Null, EndpointAuth::Unknown),
        (Value::Null, json!(false), EndpointAuth::Unknown),
        (json!("false"), json!(0), EndpointAuth::Unknown),
    ] {
        let found = EndpointAuth::of_resource(
            &json!({ "computeType": "AKS", "authEnabled": keys, "aadAuthEnabled": tokens }),
        );
        assert_eq!(found, auth, "{keys} {tokens}");
    }
}

#[test]
fn odd_members_are_unknown() {
    for nothing in [json!(null), json!(1), json!("x"), json!([]), json!({})] {
        let found = of(&nothing);
        assert_eq!(
            (found.compute_id, found.compute_name, found.url),
            (None, None, None),
            "{nothing}"
        );
        assert_eq!(
            (found.state.as_str(), found.auth),
            ("", EndpointAuth::Unknown),
            "{nothing}"
        );
        let one = version("a", &nothing);
        assert_eq!(
            (one.traffic, one.scale, one.model, one.environment),
            (None, None, None, None),
            "{nothing}"
        );
    }
    for odd in [json!("../myaks"), json!(""), json!(1), json!("a/b")] {
        let mut value = plain();
        value["computeName"] = odd.clone();
        assert_eq!(of(&value).compute_id, None, "{odd}");
    }
    let mut half = plain();
    half["autoScaler"]["maxReplicas"] = Value::Null;
    assert_eq!(of(&half).versions[0].scale, None);
}

#[test]
fn models_and_images_are_named() {
    let of = |value: Value| models(&value);
    assert_eq!(
        of(json!({ "models": [{ "id": "a:1" }, { "name": "b" }] })).as_deref(),
        Some("a:1")
    );
    assert_eq!(of(json!({ "modelIds": ["a:1", 7] })).as_deref(), Some("a:1"));
    let many: Vec<String> = (0..1000).map(|number| format!("m{number}:1")).collect();
    let many = of(json!({ "environmentImageRequest": { "modelIds": many } }));
    assert_eq!(many.as_deref(), Some("m0:1, m1:1, m2:1, +997"));
    assert_eq!(
        environment(&json!({ "imageId": "churn:4" })).as_deref(),
        Some("churn:4")
    );
    let unversioned =
        json!({ "environmentImageRequest": { "environment": { "name": "own", "version": null } } });
    assert_eq!(environment(&unversioned).as_deref(), Some("own"));
}

#[test]
fn an_error_of_a_version_is_its_own_and_one_of_a_plain_service_is_the_services() {
    let crash = json!({ "code": "CrashLoopBackOff", "statusCode": 400, "message": "the container crashed" });
    let reported = vec![ReportedError {
        code: "CrashLoopBackOff".to_owned(),
        message: "the container crashed".to_owned(),
    }];
    let mut service = plain();
    service["error"] = crash.clone();
    let found = of(&service);
    assert_eq!((&found.errors, found.versions[0].errors.len()), (&reported, 0));
    let mut several = experiment();
    several["versions"]["b"]["error"] = crash;
    let found = of(&several);
    assert_eq!((found.errors.len(), &found.versions[1].errors), (0, &reported));
}
