use super::*;
use berth_domain::diagnosis::ReportedError;
use serde_json::json;

const WORKSPACE: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/ml";

/// As recorded from Azure, shortened.
fn recorded() -> Value {
    json!({
        "id": format!("{WORKSPACE}/onlineEndpoints/fraud"), "name": "fraud", "location": "eastus",
        "properties": {
            "authMode": "Key", "compute": format!("{WORKSPACE}/computes/k8s"), "provisioningState": "Succeeded",
            "scoringUri": "http://20.1.2.3/api/v1/endpoint/fraud/score", "traffic": { "blue": 90, "green": 10 },
        },
        "systemData": { "createdAt": "2022-01-05T22:03:33.1234567+00:00", "lastModifiedAt": "2022-01-06T08:00:00Z" },
    })
}

fn of(value: &Value) -> Endpoint {
    endpoint(WORKSPACE, &text(value, "/name"), value).endpoint
}

fn with(pointer: &str, to: Value) -> Value {
    let mut value = recorded();
    *value.pointer_mut(pointer).unwrap() = to;
    value
}

#[test]
fn an_online_endpoint_is_converted() {
    let found = of(&recorded());
    assert_eq!(
        found,
        Endpoint {
            id: format!("{WORKSPACE}/onlineEndpoints/fraud"),
            name: "fraud".to_owned(),
            route: Route::Extension,
            workspace_id: WORKSPACE.to_owned(),
            compute_id: Some(format!("{WORKSPACE}/computes/k8s")),
            compute_name: Some("k8s".to_owned()),
            cluster_id: None,
            url: Some("http://20.1.2.3/api/v1/endpoint/fraud/score".to_owned()),
            auth: EndpointAuth::Key,
            state: "Succeeded".to_owned(),
            versions: Vec::new(),
            versions_unread: None,
            unassigned: None,
            errors: Vec::new(),
            created_at: Some("2022-01-05T22:03:33.1234567+00:00".to_owned()),
            changed_at: Some("2022-01-06T08:00:00Z".to_owned()),
        }
    );
}

#[test]
fn an_id_is_never_taken_from_the_list() {
    let other = of(&with("/id", json!("/subscriptions/x/onlineEndpoints/other")));
    assert_eq!(other.id, format!("{WORKSPACE}/onlineEndpoints/fraud"));
}

#[test]
fn odd_members_are_unknown() {
    for odd in [
        Value::Null,
        json!(7),
        json!({}),
        json!([]),
        json!("aks"),
        json!("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks"),
        json!(format!("{WORKSPACE}/computes/../k8s")),
    ] {
        let found = of(&with("/properties/compute", odd.clone()));
        assert_eq!((found.compute_id, found.compute_name), (None, None), "{odd}");
    }
    for (mode, auth) in [
        (json!("key"), EndpointAuth::Key),
        (json!("AMLToken"), EndpointAuth::Token),
        (json!("AADToken"), EndpointAuth::Unknown),
        (json!(""), EndpointAuth::Unknown),
        (Value::Null, EndpointAuth::Unknown),
        (json!(true), EndpointAuth::Unknown),
    ] {
        assert_eq!(
            of(&with("/properties/authMode", mode.clone())).auth,
            auth,
            "{mode}"
        );
    }
    for nothing in [
        json!(null),
        json!(1),
        json!("x"),
        json!([]),
        json!({}),
        json!({ "properties": null }),
    ] {
        let found = of(&nothing);
        assert_eq!(
            (found.url, found.state.as_str(), found.auth),
            (None, "", EndpointAuth::Unknown),
            "{nothing}"
        );
        assert_eq!((found.created_at, found.changed_at), (None, None), "{nothing}");
        let version = deployment(None, &nothing);
        assert_eq!(
            (version.traffic, version.scale, version.model),
            (None, None, None),
            "{nothing}"
        );
        assert_eq!(
            (version.state.as_str(), version.name.as_str()),
            ("", ""),
            "{nothing}"
        );
    }
}

#[test]
fn traffic_is_zero_only_if_azure_says_so() {
    let share_of = |traffic: Value, name: &str| {
        let listed = endpoint(WORKSPACE, "fraud", &with("/properties/traffic", traffic));
        deployment(listed.traffic.as_ref(), &json!({ "name": name })).traffic
    };
    for (traffic, blue, green) in [
        (json!({ "blue": 90, "green": 10 }), Some(90), Some(10)),
        // Azure omits zeros, and clients change the case.
        (json!({ "Blue": 100 }), Some(100), Some(0)),
        (json!({}), Some(0), Some(0)),
        (Value::Null, None, None),
        (json!([90, 10]), None, None),
        (json!("blue"), None, None),
        (json!({ "blue": null, "green": "10" }), None, None),
        (json!({ "blue": 900, "green": -1 }), None, None),
        (json!({ "blue": 50, "BLUE": 40, "green": 10 }), None, Some(10)),
    ] {
        assert_eq!(share_of(traffic.clone(), "blue"), blue, "{traffic}");
        assert_eq!(share_of(traffic.clone(), "green"), green, "{traffic}");
    }
}

#[test]
fn a_deployment_is_converted() {
    let value = json!({
        "name": "blue", "sku": { "name": "Default", "capacity": 3 },
        "properties": {
            "model": format!("{WORKSPACE}/models/fraud/versions/3"), "environmentId": "azureml:sklearn:12",
            "instanceType": "gpu", "provisioningState": "Failed",
            "scaleSettings": { "scaleType": "TargetUtilization", "minInstances": 1, "maxInstances": 4, "targetUtilizationPercentage": 70 },
            "error": { "code": "ResourceNotReady", "message": "the container crashed" },
        },
    });
    let found = deployment(Some(&Map::new()), &value);
    assert_eq!(
        found,
        EndpointVersion {
            name: "blue".to_owned(),
            traffic: Some(0),
            state: "Failed".to_owned(),
            model: Some("fraud:3".to_owned()),
            environment: Some("sklearn:12".to_owned()),
            instance_type: Some("gpu".to_owned()),
            scale: Some(VersionScale::Auto {
                min: 1,
                max: 4,
                target: 70
            }),
            url: None,
            role: None,
            errors: vec![ReportedError {
                code: "ResourceNotReady".to_owned(),
                message: "the container crashed".to_owned(),
            }],
        }
    );
}

#[test]
fn replicas_are_known_only_if_everything_about_them_is() {
    let of = |settings: Value, capacity: Value| {
        scale(&json!({ "sku": { "capacity": capacity }, "properties": { "scaleSettings": settings } }))
    };
    let fixed = json!({ "scaleType": "Default" });
    assert_eq!(
        of(fixed.clone(), json!(2)),
        Some(VersionScale::Fixed { replicas: 2 })
    );
    for capacity in [Value::Null, json!(-1), json!("2"), json!(2.5)] {
        assert_eq!(of(fixed.clone(), capacity.clone()), None, "{capacity}");
    }
    for settings in [
        Value::Null,
        json!({}),
        json!({ "scaleType": "BrandNew" }),
        json!({ "scaleType": "TargetUtilization" }),
        json!({ "scaleType": "TargetUtilization", "minInstances": 1, "maxInstances": 2 }),
        json!({ "scaleType": "TargetUtilization", "minInstances": "1", "maxInstances": 2, "targetUtilizationPercentage": 70 }),
    ] {
        assert_eq!(of(settings.clone(), json!(2)), None, "{settings}");
    }
}

#[test]
fn versions_are_sorted_and_a_nameless_one_is_reported_as_unread() {
    let listed = || endpoint(WORKSPACE, "fraud", &recorded());
    let version = |name: &str| deployment(None, &json!({ "name": name }));
    let found = listed().with_versions(vec![version("green"), version("blue"), version("green")], None);
    let names: Vec<&str> = found
        .versions
        .iter()
        .map(|version| version.name.as_str())
        .collect();
    assert_eq!((names, found.versions_unread), (vec!["blue", "green"], None));
    let found = listed().with_versions(vec![version("../x"), version("blue")], None);
    assert_eq!(found.versions.len(), 1);
    assert_eq!(
        found.versions_unread.as_deref(),
        Some("a version has no usable name")
    );
    let found = listed().with_versions(vec![version("")], Some("403".to_owned()));
    assert_eq!(
        (found.versions.len(), found.versions_unread.as_deref()),
        (0, Some("403"))
    );
}
