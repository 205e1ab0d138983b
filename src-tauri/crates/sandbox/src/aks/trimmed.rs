//! Answers as the api-version of the request knows them: what a newer version added is left out.

use crate::call::Call;
use serde_json::{Value, json};

/// Versions before this one are answered as 2024-02-01, whose specification has none of what is cut here.
const KNOWN_FROM: &str = "2025-01-01";
/// OS SKUs of 2024-02-01, by the beginning of the newer ones that they stand for.
const OS_SKUS: [(&str, &str); 3] = [
    ("Ubuntu", "Ubuntu"),
    ("AzureLinux", "AzureLinux"),
    ("Windows", "Windows2022"),
];
const OLD_OS_SKUS: [&str; 5] = ["Ubuntu", "CBLMariner", "AzureLinux", "Windows2019", "Windows2022"];

/// Cuts a cluster in an answer.
pub(super) fn cluster(mut body: Value, call: &Call) -> Value {
    if call.api_version() >= KNOWN_FROM {
        return body;
    }
    if body["sku"]["name"].is_string() {
        body["sku"]["name"] = json!("Base");
    }
    remove(&mut body["properties"], "nodeProvisioningProfile");
    let pools = body["properties"]["agentPoolProfiles"].as_array_mut();
    pools.into_iter().flatten().for_each(cut_pool);
    body
}

/// Cuts the properties of a pool in an answer.
pub(super) fn pool(mut properties: Value, call: &Call) -> Value {
    if call.api_version() < KNOWN_FROM {
        cut_pool(&mut properties);
    }
    properties
}

fn cut_pool(pool: &mut Value) {
    remove(pool, "virtualMachinesProfile");
    remove(pool, "virtualMachineNodesStatus");
    let name = pool["osSKU"].as_str().unwrap_or_default();
    if !name.is_empty() && !OLD_OS_SKUS.contains(&name) {
        let older = OS_SKUS.iter().find(|(begin, _)| name.starts_with(begin));
        pool["osSKU"] = json!(older.map(|(_, older)| older));
    }
}

fn remove(object: &mut Value, member: &str) {
    if let Some(members) = object.as_object_mut() {
        members.remove(member);
    }
}
