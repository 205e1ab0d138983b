//! Requests that change traffic, on both routes.
//!
//! Online endpoint: a `PUT` of the whole endpoint as it was read ([`super::written_back`]), with other traffic
//! ([`Edit::Traffic`](crate::change::Edit)), because a `PATCH` takes only tags and identity (machinelearningservices
//! 2025-12-01, PartialMinimalTrackedResourceWithIdentity).
//! `AksEndpoint`: one JSON Patch (RFC 6902). The SDK patches version by version, so that the shares do not add up to
//! 100 in between (package azureml-core 1.61, core/webservice/aks.py, `update_version`).

use super::json_patch::{path, replace};
use super::web_service::remove_version;
use crate::change::Edit;
use crate::traffic::ClassicTrafficGoal;
use serde_json::{Value, json};

/// The JSON Patch that gives the versions of an `AksEndpoint` this traffic. It writes every version, zeros too, so that
/// it can be sent again.
pub fn classic_traffic(versions: &[&str], goal: &ClassicTrafficGoal) -> Vec<Value> {
    let default = goal
        .default
        .iter()
        .flat_map(|one| roles(versions, one, "isDefault", [json!(false), json!(true)]));
    let control = goal
        .control
        .iter()
        .flat_map(|one| roles(versions, one, "type", [json!("Treatment"), json!("Control")]));
    let shares = versions.iter().map(|version| {
        replace(
            &path(&["versions", version, "trafficPercentile"]),
            goal.traffic.share(version),
        )
    });
    default.chain(control).chain(shares).collect()
}

/// The JSON Patch that makes these edits of a service as it is now.
pub fn service_patch(seen: &Value, edits: &[Edit]) -> Value {
    let names: Vec<&str> = seen["versions"]
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys().map(String::as_str))
        .collect();
    let operations = edits.iter().flat_map(|edit| match edit {
        Edit::ClassicTraffic { after, .. } => classic_traffic(&names, after),
        Edit::Replace { at, value } => vec![replace(at, value.clone())],
        Edit::RemoveVersion { version } => {
            // A version that is gone already would make the patch invalid.
            let spelled = names.iter().find(|name| name.eq_ignore_ascii_case(version));
            spelled.map_or_else(Vec::new, |name| remove_version(name))
        }
        _ => Vec::new(),
    });
    Value::Array(operations.collect())
}

/// One version gets the second value and all others the first; the others come first, as the SDK does it.
fn roles(versions: &[&str], chosen: &str, member: &str, values: [Value; 2]) -> Vec<Value> {
    let [others, one] = values;
    let is_chosen = |version: &&&str| version.eq_ignore_ascii_case(chosen);
    let set = |version: &&str, value: &Value| replace(&path(&["versions", version, member]), value.clone());
    let rest = versions
        .iter()
        .filter(|version| !is_chosen(version))
        .map(|version| set(version, &others));
    rest.chain(
        versions
            .iter()
            .filter(is_chosen)
            .map(|version| set(version, &one)),
    )
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bodies::written_back::written_back;
    use crate::traffic::Traffic;

    const ID: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e";

    fn seen() -> Value {
        json!({
            "id": ID, "name": "e", "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
            "location": "westus", "kind": "K8S", "tags": { "team": "a" },
            "systemData": { "lastModifiedAt": "2026-01-01T00:00:00Z" },
            "identity": { "type": "SystemAssigned", "principalId": "p", "tenantId": "t" },
            "properties": {
                "authMode": "Key", "compute": "/c", "description": null, "publicNetworkAccess": "Enabled",
                "properties": { "azureml.onlineendpointid": "/e", "AzureAsyncOperationUri": "https://x/oe:1" }, "keys": { "primaryKey": "x" },
                "provisioningState": "Succeeded", "scoringUri": "http://1.2.3.4/score", "swaggerUri": "http://1.2.3.4/swagger.json",
                "traffic": { "blue": 100 }, "mirrorTraffic": {}, "newMember": 1
            }
        })
    }

    fn endpoint_with_traffic(after: Traffic) -> Value {
        let before = Traffic::of_endpoint(&seen()).expect("a map");
        written_back(ID, &seen(), &[Edit::Traffic { before, after }])
    }

    #[test]
    fn an_endpoint_is_sent_whole_with_other_traffic() {
        let wanted = Traffic::read(&json!({ "blue": 90, "green": 10, "red": 0 })).expect("a map");
        let body = endpoint_with_traffic(wanted);
        assert_eq!(
            body,
            json!({
                "location": "westus", "kind": "K8S", "tags": { "team": "a" }, "identity": { "type": "SystemAssigned" },
                "properties": {
                    "authMode": "Key", "compute": "/c", "publicNetworkAccess": "Enabled",
                    "properties": { "azureml.onlineendpointid": "/e" },
                    "traffic": { "blue": 90, "green": 10 }, "mirrorTraffic": {}, "newMember": 1
                }
            })
        );
    }

    #[test]
    fn versions_that_lose_all_traffic_are_left_out() {
        let wanted = Traffic::read(&json!({ "green": 100 })).expect("a map");
        let body = endpoint_with_traffic(wanted);
        assert_eq!(body["properties"]["traffic"], json!({ "green": 100 }));
        let none = endpoint_with_traffic(Traffic::default());
        assert_eq!(none["properties"]["traffic"], json!({}));
    }

    #[test]
    fn versions_get_traffic_default_and_types_in_one_patch() {
        let goal = ClassicTrafficGoal {
            traffic: Traffic::read(&json!({ "v1": 80, "v2": 20 })).expect("a map"),
            default: Some("V2".to_owned()),
            control: Some("v1".to_owned()),
        };
        assert_eq!(
            classic_traffic(&["v1", "v2", "v3"], &goal),
            [
                json!({ "op": "replace", "path": "/versions/v1/isDefault", "value": false }),
                json!({ "op": "replace", "path": "/versions/v3/isDefault", "value": false }),
                json!({ "op": "replace", "path": "/versions/v2/isDefault", "value": true }),
                json!({ "op": "replace", "path": "/versions/v2/type", "value": "Treatment" }),
                json!({ "op": "replace", "path": "/versions/v3/type", "value": "Treatment" }),
                json!({ "op": "replace", "path": "/versions/v1/type", "value": "Control" }),
                json!({ "op": "replace", "path": "/versions/v1/trafficPercentile", "value": 80 }),
                json!({ "op": "replace", "path": "/versions/v2/trafficPercentile", "value": 20 }),
                json!({ "op": "replace", "path": "/versions/v3/trafficPercentile", "value": 0 }),
            ]
        );
        let only = ClassicTrafficGoal {
            default: None,
            control: None,
            ..goal
        };
        assert_eq!(classic_traffic(&["v1", "v2"], &only).len(), 2);
    }
}
