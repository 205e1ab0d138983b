//! The `PUT` body that changes a resource: the resource as Azure returned it, without read-only members, with the edits
//! applied.

use crate::change::{Edit, apply};
use crate::resource_id::ResourceId;
use serde_json::Value;

/// Read-only members of any resource.
const READ_ONLY: [&str; 6] = ["id", "name", "type", "systemData", "eTag", "etag"];
/// Nested read-only members of any resource; `*` is any member or item.
const READ_ONLY_NESTED: [&str; 4] = [
    "identity/principalId",
    "identity/tenantId",
    "identity/userAssignedIdentities/*/principalId",
    "identity/userAssignedIdentities/*/clientId",
];
/// Read-only properties of clusters (containerservice aks 2024-02-01, managedClusters.json, members marked `readOnly`).
const CLUSTER_READ_ONLY: [&str; 10] = [
    "provisioningState",
    "powerState",
    "currentKubernetesVersion",
    "fqdn",
    "fqdnSubdomain",
    "privateFQDN",
    "azurePortalFQDN",
    "maxAgentPools",
    "resourceUID",
    "status",
];
/// Nested read-only properties of clusters.
const CLUSTER_NESTED: [&str; 6] = [
    "addonProfiles/*/identity",
    "ingressProfile/webAppRouting/identity",
    "networkProfile/loadBalancerProfile/effectiveOutboundIPs",
    "networkProfile/natGatewayProfile/effectiveOutboundIPs",
    "oidcIssuerProfile/issuerURL",
    "privateLinkResources/*/privateLinkServiceID",
];
/// Read-only properties of node pools (same specification). `powerState` is not: without it, AKS starts a stopped pool.
const POOL_READ_ONLY: [&str; 5] = [
    "provisioningState",
    "currentOrchestratorVersion",
    "nodeImageVersion",
    "eTag",
    "status",
];
/// Read-only properties of computes (machinelearningservices 2024-04-01, machineLearningServices.json).
const COMPUTE_READ_ONLY: [&str; 5] = [
    "provisioningState",
    "provisioningErrors",
    "createdOn",
    "modifiedOn",
    "isAttachedCompute",
];
/// Properties of AKS computes to omit: read-only ones, and those that trigger a change when sent. Without them, TLS and
/// load balancer stay as they are (package azureml-core 1.61, core/compute/aks.py, `update`).
const AKS_COMPUTE_OMITTED: [&str; 5] = [
    "systemServices",
    "clusterFqdn",
    "sslConfiguration",
    "loadBalancerType",
    "loadBalancerSubnet",
];
/// Properties of extensions that the service reports, and the protected settings, whose values it never returns
/// (kubernetesconfiguration 2023-05-01, extensions.json).
const EXTENSION_OMITTED: [&str; 8] = [
    "provisioningState",
    "currentVersion",
    "customLocationSettings",
    "errorInfo",
    "isSystemExtension",
    "packageUri",
    "statuses",
    "configurationProtectedSettings",
];
/// Nested properties of extensions that the service reports.
const EXTENSION_NESTED: [&str; 2] = ["aksAssignedIdentity/principalId", "aksAssignedIdentity/tenantId"];
/// Properties of online endpoints and deployments to omit: read-only ones, and the keys, which are write-only and never
/// part of a plan (machinelearningservices 2025-12-01, OnlineEndpointProperties, OnlineDeploymentProperties).
const SERVING_OMITTED: [&str; 4] = ["provisioningState", "scoringUri", "swaggerUri", "keys"];

/// Address of the latest operation on an online endpoint or deployment, whoever started it; Azure ML sets it
/// (recorded).
const SERVING_OPERATION: &str = "properties/AzureAsyncOperationUri";

/// Builds the body from the resource as read and the edits.
pub fn written_back(resource_id: &str, seen: &Value, edits: &[Edit]) -> Value {
    let mut body = seen.clone();
    drop_members(&mut body, &READ_ONLY);
    drop_nested(&mut body, &READ_ONLY_NESTED);
    let kind =
        ResourceId::parse(resource_id).and_then(|id| id.types.last().map(|(kind, _)| kind.to_lowercase()));
    match kind.as_deref() {
        Some("managedclusters") => {
            drop_members(&mut body["properties"], &CLUSTER_READ_ONLY);
            drop_nested(&mut body["properties"], &CLUSTER_NESTED);
            let pools = body
                .pointer_mut("/properties/agentPoolProfiles")
                .and_then(Value::as_array_mut);
            pools
                .into_iter()
                .flatten()
                .for_each(|pool| drop_members(pool, &POOL_READ_ONLY));
        }
        Some("agentpools") => drop_members(&mut body["properties"], &POOL_READ_ONLY),
        Some("computes") => {
            drop_members(&mut body["properties"], &COMPUTE_READ_ONLY);
            if body["properties"]["computeType"] == "AKS" {
                drop_members(&mut body["properties"]["properties"], &AKS_COMPUTE_OMITTED);
            }
        }
        Some("extensions") => {
            drop_members(&mut body["properties"], &EXTENSION_OMITTED);
            drop_nested(&mut body["properties"], &EXTENSION_NESTED);
        }
        Some("onlineendpoints" | "deployments") => {
            drop_members(&mut body["properties"], &SERVING_OMITTED);
            drop_nested(&mut body["properties"], &[SERVING_OPERATION]);
        }
        _ => {}
    }
    apply(&body, edits)
}

/// A member without which a resource must not be written, if the body lacks it. Azure ML takes a classic compute without
/// `resourceId` for an order to make a cluster (package azureml-core 1.61, core/compute/aks.py, `_build_create_payload`).
pub fn lacks(resource_id: &str, body: &Value) -> Option<&'static str> {
    let is_compute = ResourceId::parse(resource_id).is_some_and(|id| id.is_compute());
    let is_given = |pointer: &str| {
        let text = body.pointer(pointer).and_then(Value::as_str);
        text.is_some_and(|text| !text.is_empty())
    };
    let required = ["/location", "/properties/resourceId"];
    let missing = required
        .into_iter()
        .find(|pointer| is_compute && !is_given(pointer));
    missing.and_then(|pointer| pointer.rsplit('/').next())
}

fn drop_members(body: &mut Value, names: &[&str]) {
    if let Some(members) = body.as_object_mut() {
        members.retain(|name, value| !names.contains(&name.as_str()) && !value.is_null());
    }
}

fn drop_nested(body: &mut Value, paths: &[&str]) {
    for path in paths {
        drop_at(body, path);
    }
}

fn drop_at(body: &mut Value, path: &str) {
    match (path.split_once('/'), body) {
        (None, Value::Object(members)) => {
            members.remove(path);
        }
        (Some(("*", rest)), Value::Object(members)) => {
            members.values_mut().for_each(|member| drop_at(member, rest));
        }
        (Some(("*", rest)), Value::Array(items)) => items.iter_mut().for_each(|item| drop_at(item, rest)),
        (Some((name, rest)), Value::Object(members)) => {
            if let Some(member) = members.get_mut(name) {
                drop_at(member, rest);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn members_that_trigger_a_change_are_omitted_for_computes() {
        let seen = json!({
            "id": "/x", "name": "c", "location": "westeurope", "tags": { "a": "b" },
            "properties": {
                "computeType": "AKS", "resourceId": "/k", "provisioningState": "Succeeded", "createdOn": "then",
                "properties": { "clusterPurpose": "FastProd", "loadBalancerType": "PublicIp",
                    "sslConfiguration": { "status": "Enabled", "cname": "a" }, "systemServices": [], "newMember": 1 }
            }
        });
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c";
        let body = written_back(id, &seen, &[Edit::set("/tags/a", "c")]);
        let wanted = json!({
            "location": "westeurope", "tags": { "a": "c" },
            "properties": { "computeType": "AKS", "resourceId": "/k",
                "properties": { "clusterPurpose": "FastProd", "newMember": 1 } }
        });
        assert_eq!(body, wanted);
    }

    #[test]
    fn pools_keep_their_power_state() {
        let seen = json!({ "properties": { "kubernetesVersion": "1.35", "fqdn": "x",
            "agentPoolProfiles": [{ "name": "system", "count": 3, "powerState": { "code": "Running" } }] } });
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k";
        let body = written_back(id, &seen, &[Edit::set("/properties/kubernetesVersion", "1.36")]);
        assert_eq!(
            body,
            json!({ "properties": { "kubernetesVersion": "1.36",
                "agentPoolProfiles": [{ "name": "system", "count": 3, "powerState": { "code": "Running" } }] } })
        );
    }

    #[test]
    fn nested_read_only_members_are_omitted() {
        let seen = json!({
            "identity": { "type": "UserAssigned", "principalId": "p", "tenantId": "t",
                "userAssignedIdentities": { "/i": { "principalId": "p", "clientId": "c" } } },
            "properties": {
                "addonProfiles": { "azurepolicy": { "enabled": true, "identity": { "clientId": "c" } } },
                "networkProfile": { "networkPlugin": "azure", "loadBalancerProfile": {
                    "managedOutboundIPs": { "count": 1 }, "effectiveOutboundIPs": [{ "id": "/ip" }] } },
                "oidcIssuerProfile": { "enabled": true, "issuerURL": "https://x" },
                "privateLinkResources": [{ "name": "management", "privateLinkServiceID": "/p" }],
            }
        });
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k";
        let wanted = json!({
            "identity": { "type": "UserAssigned", "userAssignedIdentities": { "/i": {} } },
            "properties": {
                "addonProfiles": { "azurepolicy": { "enabled": true } },
                "networkProfile": { "networkPlugin": "azure", "loadBalancerProfile": {
                    "managedOutboundIPs": { "count": 1 } } },
                "oidcIssuerProfile": { "enabled": true },
                "privateLinkResources": [{ "name": "management" }],
            }
        });
        assert_eq!(written_back(id, &seen, &[]), wanted);
    }

    /// An id of each kind of resource that Berth writes back.
    const IDS: [&str; 6] = [
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k/agentPools/p",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e/deployments/d",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/k/providers/Microsoft.KubernetesConfiguration/extensions/x",
    ];

    fn members() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from)
        ];
        let tree = leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a-e]", inner, 0..4).prop_map(|members| json!(members)),
            ]
        });
        prop::collection::btree_map("[a-e]", tree, 0..5).prop_map(|members| json!(members))
    }

    fn with(mut body: Value, names: &[&str]) -> Value {
        for name in names {
            body[*name] = json!("read-only");
        }
        body
    }

    proptest! {
        #[test]
        fn nothing_but_read_only_members_is_omitted(
            kind in 0..IDS.len(), top in members(), properties in members(), inner in members(), pool in members(),
        ) {
            let mut wanted = top;
            wanted["properties"] = properties;
            wanted["properties"]["properties"] = inner;
            wanted["properties"]["agentPoolProfiles"] = json!([pool]);
            let own: &[&str] = match kind {
                0 => &CLUSTER_READ_ONLY,
                1 => &POOL_READ_ONLY,
                2 => &COMPUTE_READ_ONLY,
                3 | 4 => &SERVING_OMITTED,
                _ => &EXTENSION_OMITTED,
            };
            let mut seen = with(wanted.clone(), &READ_ONLY);
            seen["properties"] = with(wanted["properties"].clone(), own);
            prop_assert_eq!(written_back(IDS[kind], &seen, &[]), wanted);
        }
    }

    #[test]
    fn a_compute_is_not_written_without_its_cluster_or_location() {
        let whole = json!({ "location": "westeurope", "properties": { "resourceId": "/k" } });
        assert_eq!(lacks(IDS[2], &whole), None);
        assert_eq!(lacks(IDS[0], &json!({})), None);
        for (pointer, member) in [
            ("/location", "location"),
            ("/properties/resourceId", "resourceId"),
        ] {
            for value in [json!(null), json!(""), json!(3)] {
                let mut body = whole.clone();
                *body.pointer_mut(pointer).unwrap() = value;
                assert_eq!(lacks(IDS[2], &body), Some(member));
            }
        }
    }
}
