//! The edits that give an existing version on the extension route the settings of a specification. What the
//! specification cannot express stays as it is, and so does what it leaves empty.

use super::online_deployment::{Assets, properties};
use super::written_back::written_back;
use crate::change::Edit;
use crate::deployment_spec::{DeploySpec, Scale, Serving};
use crate::secrets::PLAN_TAG;
use serde_json::{Map, Value, json};

/// Environment variable that differs after each update. Kubernetes replaces pods only if their template changes
/// (kubernetes.io/docs/concepts/workloads/controllers/deployment).
pub const ROLLOUT: &str = "BERTH_ROLLOUT";
/// Stands for the value of an environment variable that stays as it is: it may be a secret.
pub const UNCHANGED: &str = "{unchanged}";
/// Properties whose members are set one by one.
const MERGED: [&str; 6] = [
    "environmentVariables",
    "containerResourceRequirements",
    "requestSettings",
    "livenessProbe",
    "readinessProbe",
    "dataCollector",
];
/// Members that say only how many replicas there are.
const SCALE: [&str; 2] = ["scaleSettings", "sku"];
const VARIABLES: &str = "/properties/environmentVariables";

/// The edits to the deployment as it was read. New pods are enforced unless only the number of replicas changes.
pub fn edits(spec: &DeploySpec, assets: &Assets, id: &str, seen: &Value, plan_id: &str) -> Vec<Edit> {
    let mut edits = settings(spec, assets, seen);
    edits.extend(removals(spec, seen));
    let tags = spec
        .tags
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in tags.chain([(PLAN_TAG, plan_id)]) {
        edits.push(Edit::set(&member("/tags", name), value));
    }
    let changed = changes(&written_back(id, seen, &[]), &written_back(id, seen, &edits));
    let scales = !changed.is_empty() && changed.iter().all(|name| SCALE.contains(&name.as_str()));
    if !scales {
        edits.push(Edit::set(&member(VARIABLES, ROLLOUT), plan_id));
    }
    edits
}

/// What the update takes away, as far as it is there.
fn removals(spec: &DeploySpec, seen: &Value) -> Vec<Edit> {
    let names = |at: &str| {
        let members = seen.pointer(at).and_then(Value::as_object);
        members.into_iter().flat_map(Map::keys)
    };
    let variables = names(VARIABLES).filter(|name| spec.remove.environment_variables.contains(name));
    let tags = names("/tags").filter(|name| spec.remove.has_tag(name));
    let variables = variables.map(|name| Edit::remove(&member(VARIABLES, name)));
    variables
        .chain(tags.map(|name| Edit::remove(&member("/tags", name))))
        .collect()
}

fn settings(spec: &DeploySpec, assets: &Assets, seen: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (name, value) in properties(spec, assets) {
        let at = member("/properties", &name);
        match value {
            Value::Object(members) if MERGED.contains(&name.as_str()) => merge(&at, members, &mut edits),
            value => edits.push(Edit::replace(&at, value)),
        }
    }
    let now = &seen["properties"];
    let mut drop_if_there = |gone: bool, name: &str| {
        if gone && !now[name].is_null() {
            edits.push(Edit::remove(&member("/properties", name)));
        }
    };
    let has_script = matches!(spec.serving, Serving::Script { .. });
    drop_if_there(!has_script, "codeConfiguration");
    drop_if_there(spec.serving == Serving::NoCode, "environmentId");
    if !spec.data_collection {
        let collections = now["dataCollector"]["collections"].as_object();
        for name in collections.into_iter().flat_map(Map::keys) {
            let at = member("/properties/dataCollector/collections", name);
            edits.push(Edit::set(&member(&at, "dataCollectionMode"), "Disabled"));
        }
    }
    if let Scale::Fixed { replicas } = spec.scale {
        if seen["sku"]["name"].is_null() {
            edits.push(Edit::set("/sku/name", "Default"));
        }
        edits.push(Edit::set("/sku/capacity", replicas));
    }
    edits
}

fn merge(at: &str, members: Map<String, Value>, edits: &mut Vec<Edit>) {
    for (name, value) in members {
        let at = member(at, &name);
        match value {
            Value::Object(members) => merge(&at, members, edits),
            value => edits.push(Edit::set(&at, value)),
        }
    }
}

/// A JSON pointer to a member (RFC 6901).
fn member(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The request as a plan shows it: without the values of variables that the specification does not set.
pub fn shown(body: &Value, spec: &DeploySpec) -> Value {
    let mut body = body.clone();
    let variables = body.pointer_mut(VARIABLES).and_then(Value::as_object_mut);
    for (name, value) in variables.into_iter().flatten() {
        if name != ROLLOUT && !spec.environment_variables.contains_key(name) {
            *value = json!(UNCHANGED);
        }
    }
    body
}

/// Names of the properties that differ, and of other members. Marks of the update itself do not count.
pub fn changes(before: &Value, after: &Value) -> Vec<String> {
    let (before, after) = (unmarked(before), unmarked(after));
    let differing = |before: &Value, after: &Value| -> Vec<String> {
        let members = |body: &Value| body.as_object().cloned().unwrap_or_default();
        let (before, after) = (members(before), members(after));
        let names = after
            .keys()
            .chain(before.keys().filter(|name| !after.contains_key(*name)));
        names
            .filter(|name| after.get(*name) != before.get(*name))
            .cloned()
            .collect()
    };
    let mut found = differing(&before["properties"], &after["properties"]);
    let others = differing(&before, &after).into_iter();
    found.extend(others.filter(|name| name != "properties"));
    found
}

fn unmarked(body: &Value) -> Value {
    let mut body = body.clone();
    for (at, name) in [("/tags", PLAN_TAG), (VARIABLES, ROLLOUT)] {
        if let Some(members) = body.pointer_mut(at).and_then(Value::as_object_mut) {
            members.remove(name);
        }
    }
    for at in ["/tags", VARIABLES] {
        let empty = |value: &mut Value| {
            if value.is_null() {
                *value = json!({});
            }
        };
        match at.strip_prefix("/properties/") {
            Some(name) => empty(&mut body["properties"][name]),
            None => empty(&mut body["tags"]),
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e/deployments/blue";

    fn spec() -> DeploySpec {
        DeploySpec {
            serving: Serving::Script {
                environment: None,
                folder: "src".to_owned(),
                script: "score.py".to_owned(),
            },
            ..DeploySpec::default()
        }
    }

    fn assets() -> Assets {
        Assets {
            model: Some("/models/m/versions/1".to_owned()),
            environment: Some("/environments/e/versions/1".to_owned()),
            code: Some("/codes/c/versions/1".to_owned()),
        }
    }

    /// A deployment with these settings and some that no specification has.
    fn seen() -> Value {
        let mut properties = Value::Object(properties(&spec(), &assets()));
        properties["environmentVariables"] = json!({ "TOKEN": "s3cr3t" });
        properties["startupProbe"] = json!({ "period": "PT1S" });
        properties["provisioningState"] = json!("Succeeded");
        json!({ "id": ID, "name": "blue", "location": "westeurope", "tags": { "team": "a" },
            "sku": { "name": "Default", "capacity": 1 }, "properties": properties })
    }

    fn updated(spec: &DeploySpec, seen: &Value) -> Value {
        written_back(ID, seen, &edits(spec, &assets(), ID, seen, "p-1"))
    }

    fn changed(spec: &DeploySpec, seen: &Value) -> Vec<String> {
        changes(&written_back(ID, seen, &[]), &updated(spec, seen))
    }

    #[test]
    fn what_a_specification_does_not_have_is_kept() {
        let mut spec = spec();
        spec.environment_variables
            .insert("A/B".to_owned(), "1".to_owned());
        spec.app_insights = true;
        let after = updated(&spec, &seen());
        let properties = &after["properties"];
        assert_eq!(
            properties["environmentVariables"],
            json!({ "TOKEN": "s3cr3t", "A/B": "1", "BERTH_ROLLOUT": "p-1" })
        );
        assert_eq!(properties["startupProbe"], json!({ "period": "PT1S" }));
        assert_eq!(after["tags"], json!({ "team": "a", "berth-plan": "p-1" }));
        assert_eq!(
            changed(&spec, &seen()),
            ["appInsightsEnabled", "environmentVariables"]
        );
        let shown = shown(&after, &spec);
        assert_eq!(
            shown["properties"]["environmentVariables"],
            json!({ "TOKEN": UNCHANGED, "A/B": "1", "BERTH_ROLLOUT": "p-1" })
        );
    }

    #[test]
    fn variables_and_tags_are_removed_by_name() {
        let mut spec = spec();
        spec.remove.environment_variables = vec!["TOKEN".to_owned(), "token".to_owned()];
        spec.remove.tags = vec!["Team".to_owned()];
        let after = updated(&spec, &seen());
        assert_eq!(
            after["properties"]["environmentVariables"],
            json!({ "BERTH_ROLLOUT": "p-1" })
        );
        assert_eq!(after["tags"], json!({ "berth-plan": "p-1" }));
        assert_eq!(changed(&spec, &seen()), ["environmentVariables", "tags"]);
    }

    #[test]
    fn pods_are_replaced_unless_only_their_number_changes() {
        let variables =
            |spec: &DeploySpec| updated(spec, &seen())["properties"]["environmentVariables"].clone();
        assert_eq!(changed(&spec(), &seen()), Vec::<String>::new());
        assert_eq!(variables(&spec())[ROLLOUT], "p-1");
        let mut more = spec();
        more.scale = Scale::Fixed { replicas: 3 };
        assert_eq!(changed(&more, &seen()), ["sku"]);
        assert_eq!(variables(&more)[ROLLOUT], Value::Null);
    }

    #[test]
    fn code_and_data_collection_are_switched_off_by_name() {
        let mut seen = seen();
        let on = json!({ "dataCollectionMode": "Enabled", "samplingRate": 1 });
        seen["properties"]["dataCollector"] = json!({ "collections": { "mine": on } });
        let mut spec = spec();
        spec.serving = Serving::Container { environment: None };
        let after = updated(&spec, &seen);
        assert_eq!(after["properties"].get("codeConfiguration"), None);
        assert_eq!(
            after["properties"]["dataCollector"]["collections"]["mine"],
            json!({ "dataCollectionMode": "Disabled", "samplingRate": 1 })
        );
        assert_eq!(after["properties"]["environmentId"], "/environments/e/versions/1");
    }
}
