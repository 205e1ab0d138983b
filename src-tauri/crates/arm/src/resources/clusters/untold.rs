//! What Azure's answer about a cluster lacks although Azure always returns it.

use super::super::{items, number, optional, text};
use serde_json::Value;

/// Members of the cluster itself.
const OF_CLUSTER: [&str; 3] = [
    "sku.name",
    "properties.provisioningState",
    "properties.networkProfile",
];
/// Members of each pool.
const OF_POOL: [&str; 2] = ["mode", "vmSize"];

/// Whether an answer says how many nodes each pool has.
pub(super) fn tells_nodes(cluster: &Value) -> bool {
    let pools = cluster["properties"]["agentPoolProfiles"].as_array();
    let told = |pool: &Value| {
        optional(pool, "/name").is_some() && (is_of_machines(pool) || number(pool, "/count").is_some())
    };
    pools.is_some_and(|pools| pools.iter().all(told))
}

/// The members that are missing, null or empty, by path.
pub(super) fn members(cluster: &Value) -> Vec<String> {
    let own = OF_CLUSTER.into_iter().filter(|member| lacks(cluster, member));
    let own = own.map(str::to_owned);
    let of_pools = items(cluster, "/properties/agentPoolProfiles").flat_map(|pool| {
        let missing = OF_POOL.into_iter().filter(|member| {
            // Such a pool may have nodes of several sizes.
            lacks(pool, member) && !(*member == "vmSize" && is_of_machines(pool))
        });
        let name = text(pool, "/name");
        missing.map(move |member| format!("properties.agentPoolProfiles[{name}].{member}"))
    });
    own.chain(of_pools).collect()
}

fn is_of_machines(pool: &Value) -> bool {
    text(pool, "/type").eq_ignore_ascii_case("VirtualMachines")
}

fn lacks(value: &Value, member: &str) -> bool {
    let found = value.pointer(&format!("/{}", member.replace('.', "/")));
    found.is_none_or(|found| found.is_null() || found == "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cluster(pool: Value) -> Value {
        json!({ "sku": { "name": "Base" }, "properties": {
            "provisioningState": "Succeeded", "networkProfile": {}, "agentPoolProfiles": [pool],
        }})
    }

    #[test]
    fn an_answer_without_numbers_of_nodes_is_told_from_one_with_none() {
        let pool = json!({ "name": "a", "count": 0 });
        assert!(tells_nodes(&cluster(pool)));
        assert!(tells_nodes(&json!({ "properties": { "agentPoolProfiles": [] } })));
        assert!(tells_nodes(&cluster(
            json!({ "name": "a", "type": "VirtualMachines" })
        )));
        for pool in [
            json!(null),
            json!({ "name": "a", "count": null }),
            json!({ "count": 1 }),
        ] {
            assert!(!tells_nodes(&cluster(pool)));
        }
        for answer in [
            json!({}),
            json!({ "properties": null }),
            json!({ "properties": { "agentPoolProfiles": null } }),
        ] {
            assert!(!tells_nodes(&answer), "{answer}");
        }
    }

    #[test]
    fn missing_null_and_empty_members_are_named() {
        let whole = cluster(json!({ "name": "a", "mode": "System", "vmSize": "Standard_D4s_v5" }));
        assert_eq!(members(&whole), Vec::<String>::new());
        let machines = json!({ "name": "a", "mode": "System", "type": "VirtualMachines" });
        assert_eq!(members(&cluster(machines)), Vec::<String>::new());
        for missing in [Value::Null, json!("")] {
            let pool = json!({ "name": "a", "mode": missing, "vmSize": missing });
            let expected = ["mode", "vmSize"].map(|name| format!("properties.agentPoolProfiles[a].{name}"));
            assert_eq!(members(&cluster(pool)), expected);
        }
        assert_eq!(members(&json!({ "properties": null })), OF_CLUSTER);
    }
}
